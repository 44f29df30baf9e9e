"""References that were coded in EPPI-Reviewer: codes with notes and passages, arms, outcomes, decisions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from evigraph.ingest import decisions
from evigraph.ingest.extraction import eppi_outcomes
from evigraph.ingest.extraction.eppi import listed
from evigraph.ingest.extraction.eppi_outcomes import Told, lowered, number
from evigraph.ingest.extraction.eppi_tree import Place, Tree
from evigraph.ingest.extraction.shape import Shape
from evigraph.ingest.fields.values import plain
from evigraph.ingest.model import Decision, Extract, Grouped, Measured, Rejected, Said

FORMAT = "eppi-reviewer-codes"
STATES = {"D": "deleted", "S": "duplicate"}
"""States of a reference that no column of decisions knows, with what they say."""
CONTROLS = (
    "control",
    "comparison",
    "placebo",
    "usual",
    "waiting",
    "wait list",
    "waitlist",
    "no treatment",
    "business as",
)
PAGE = r"Page (\d+):"
"""How a passage that was marked in a PDF begins."""
MARKS = re.compile(r"\[¬[se]\]\"?|\"?\[¬[se]\]")
"""What stands around the words of a passage."""
Publication = Callable[[int, dict[str, Any]], dict[str, Any]]
"""What a reference at a line says of its report, by our keys."""


def read(root: Any, publication: Publication) -> Shape | None:
    """What the references of a file are coded with; nothing where the JSON has no codes and no outcomes of any."""
    if not isinstance(root, dict) or not isinstance(root.get("References"), list):
        return None
    references = [each if isinstance(each, dict) else {} for each in root["References"]]
    if not any(listed(each.get("Codes")) or listed(each.get("Outcomes")) for each in references):
        return None
    made = Shape(FORMAT)
    reader = _Reader(made, Tree(root, made.attributes), publication)
    for line, reference in enumerate(references, 1):
        reader.reference(line, reference)
    made.schemes = reader.tree.schemes
    made.notes += reader.notes(sum(len(each.codes) for each in made.schemes))
    return made


@dataclass
class _Coded:
    """What one coder says of a reference: values of the study, and of each of its arms."""

    values: dict[int, tuple[Said, ...]]
    arms: dict[str, dict[int, tuple[Said, ...]]]


class _Reader:
    """Takes references apart by the tree of codes, and counts what it can't place."""

    def __init__(self, made: Shape, tree: Tree, publication: Publication) -> None:
        self.tree = tree
        self._publication = publication
        self._made = made
        self._unknown = self._codings = 0

    def notes(self, codes: int) -> Iterator[str]:
        """What a person should know of the file as a whole."""
        yield f"{len(self._made.attributes.rules)} attributes with {codes} codes; {self._codings} codings"
        if self._unknown:
            yield f"{self._unknown} codes stand in no code set of the file; export it with all code sets"

    def reference(self, line: int, reference: dict[str, Any]) -> None:
        """One reference: an extract for each of its coders, and its decisions."""
        study = plain(reference.get("ItemId")) or plain(reference.get("Title"))
        label = plain(reference.get("ShortTitle")) or plain(reference.get("Title"))
        self._made.decisions[line] = list(self._decisions(reference))
        if not study:
            self._made.rejected.append(Rejected(line, "a reference without an ItemId and a title; export it again"))
            return
        arms = self._arms(reference)
        coders = self._coders(reference, arms)
        outcomes, found = self._outcomes(line, reference, arms)
        for label_ in (each for coded in coders.values() for each in coded.arms):
            found.setdefault(label_, {})
        values = self._publication(line, reference)
        if not coders and (outcomes or found):
            coders[""] = _Coded({}, {})
        for who, coded in coders.items():
            groups = tuple(_group(each, _merged(own, coded.arms.get(each, {}))) for each, own in found.items())
            attributes = {at: (said, "", "") for at, said in coded.values.items()}
            extract = Extract(line, study, label or study, values, who, attributes=attributes)
            own = f"eppi:{study}" if plain(reference.get("ItemId")) else ""
            self._made.extracts.append(replace(extract, results=tuple(outcomes), groups=groups, identifier=own))

    def _decisions(self, reference: dict[str, Any]) -> Iterator[Decision]:
        state = plain(reference.get("ItemStatus")).upper()
        if state in STATES:
            yield Decision("exclude", reason=f"{STATES[state]} in EPPI-Reviewer", assumed=True)
        for code in listed(reference.get("Codes")):
            place = self.tree.places.get(plain(code.get("AttributeId")))
            if place and place.verdict:
                reason = plain(code.get("AdditionalText"))
                why = f"{place.label}: {reason}" if reason else place.label
                where, who = place.stage or decisions.USUAL, decisions.person(_who(code))
                reason = why if place.verdict == "exclude" else ""
                yield Decision(place.verdict, where, who, reason, assumed=not place.stage)

    def _coders(self, reference: dict[str, Any], arms: dict[str, str]) -> dict[str, _Coded]:
        made: dict[str, _Coded] = {}
        for code in listed(reference.get("Codes")):
            place = self.tree.places.get(plain(code.get("AttributeId")))
            if place is None:
                self._unknown += 1
                continue
            if place.verdict:
                continue
            self._codings += 1
            coded = made.setdefault(_who(code), _Coded({}, {}))
            arm = plain(code.get("ArmTitle")) or arms.get(plain(code.get("ArmId")), "")
            if not arm and plain(code.get("ArmId")) not in ("", "0"):
                arm = f"Arm {plain(code['ArmId'])}"
            values = coded.arms.setdefault(arm, {}) if arm else coded.values
            values[place.attribute] = (*values.get(place.attribute, ()), _value(place, code))
        return made

    def _arms(self, reference: dict[str, Any]) -> dict[str, str]:
        """The titles of a reference's arms, by their numbers."""
        made = {}
        for name in ("Arms", "ItemArms", "ItemArmList"):
            for each in map(lowered, listed(reference.get(name))):
                title = plain(each.get("title")) or plain(each.get("armtitle"))
                for key in ("itemarmid", "armid", "id"):
                    if title and plain(each.get(key)):
                        made[plain(each[key])] = title
        return made

    def _outcomes(
        self, line: int, reference: dict[str, Any], arms: dict[str, str]
    ) -> tuple[list[Measured], dict[str, dict[int, tuple[Said, ...]]]]:
        """The results of a reference, and its groups with what their interventions are coded as."""
        groups: dict[str, dict[int, tuple[Said, ...]]] = {title: {} for title in arms.values()}
        made: list[Measured] = []
        for outcome in map(lowered, listed(reference.get("Outcomes"))):
            told = self._told(outcome, arms)
            if told.type < 0:
                data = ", ".join(f"Data{n} {told.data(n):g}" for n in range(1, 15) if told.data(n))
                kind = plain(outcome.get("outcometypeid")) or "none"
                self._made.notes.append(f"reference {line}: outcome of the type {kind} isn't known; left out: {data}")
                continue
            several = list(eppi_outcomes.results(told))
            if not several:
                name = plain(outcome.get("title")) or "without a title"
                self._made.notes.append(f"reference {line}: the outcome `{name}` has no number; left out")
            made += several
            for label, name in zip(told.groups, ("itemattributeidintervention", "itemattributeidcontrol"), strict=True):
                place = self.tree.places.get(plain(outcome.get(name)))
                own = groups.setdefault(label, {}) if several else {}
                if place and place.key and several:
                    own[place.attribute] = (Said(place.label, code=place.key),)
        return made, groups

    def _told(self, outcome: dict[str, Any], arms: dict[str, str]) -> Told:
        """An outcome with what it is on: its code names the outcome, else its title does."""
        title, name = plain(outcome.get("title")), plain(outcome.get("outcometext"))
        if place := self.tree.places.get(plain(outcome.get("itemattributeidoutcome"))):
            name = name or place.label
        value, metric = (plain(outcome.get(f"itemtimepoint{each}")) for each in ("value", "metric"))
        time = plain(outcome.get("timepointdisplayvalue")) or f"{value} {metric}".strip()
        words = {"outcome": name or title, "measure": title if name and title != name else "", "time": time}
        about: dict[str, tuple[Said, ...]] = {key: (Said(text, "Outcomes"),) for key, text in words.items() if text}
        groups = self._groups(outcome, arms)
        attributes: dict[int, tuple[Said, ...]] = {}
        codes = outcome.get("outcomecodes")
        codes = lowered(codes).get("outcomeitemattributeslist") if isinstance(codes, dict) else codes
        for each in map(lowered, listed(codes)):
            found = self.tree.places.get(plain(each.get("attributeid")))
            if found is None or not found.key:
                self._unknown += 1
                continue
            said = Said(found.label, code=found.key, note=plain(each.get("additionaltext")))
            attributes[found.attribute] = (*attributes.get(found.attribute, ()), said)
        return Told(outcome, about, groups, plain(outcome.get("outcomedescription")), attributes)

    @staticmethod
    def _groups(outcome: dict[str, Any], arms: dict[str, str]) -> tuple[str, str]:
        made = []
        for at, words in ((1, "interventiontext"), (2, "controltext")):
            arm = plain(outcome.get(f"grp{at}armname"))
            arm = (arm if not arm.isdigit() else "") or arms.get(plain(outcome.get(f"itemarmidgrp{at}")), "")
            made.append(arm or plain(outcome.get(words)) or f"Group {at}")
        return (made[0], made[1] if made[1] != made[0] else f"{made[1]} (2)")


def _who(code: dict[str, Any]) -> str:
    """Who coded, where the file says so."""
    return next((text for name in ("ContactName", "Reviewer") if (text := plain(code.get(name)))), "")


def _value(place: Place, code: dict[str, Any]) -> Said:
    """A code as a value: the text typed with it is its note, the passages that were marked are its quotes."""
    quotes: list[str] = []
    places: list[str] = []
    for passage in map(lowered, listed(code.get("ItemAttributeFullTextDetails"))):
        text = plain(passage.get("text"))
        pages = re.findall(PAGE, text)
        page = number(passage.get("page"))
        quotes.append(" ".join(MARKS.sub(" ", re.sub(PAGE, " ", text)).split()))
        where = [f"p. {each}" for each in pages] or ([f"p. {page:g}"] if page else [])
        places.append(", ".join(filter(None, (plain(passage.get("doctitle")), *where))))
    quote, where_ = (sep.join(dict.fromkeys(filter(None, each))) for sep, each in ((" … ", quotes), ("; ", places)))
    note = plain(code.get("AdditionalText"))
    return Said(place.label, code=place.key, note=note, quote=quote, place=where_)


def _group(label: str, attributes: dict[int, tuple[Said, ...]]) -> Grouped:
    kind = "control" if any(word in label.casefold() for word in CONTROLS) else "arm"
    return Grouped(label, kind, attributes=attributes)


def _merged(one: dict[int, tuple[Said, ...]], other: dict[int, tuple[Said, ...]]) -> dict[int, tuple[Said, ...]]:
    """The values of both, each code once: what was coded itself, with its note, goes before what an outcome names."""
    made = {}
    for at in dict.fromkeys((*one, *other)):
        told = {each.code or each.text: each for each in (*one.get(at, ()), *other.get(at, ()))}
        made[at] = tuple(told.values())
    return made
