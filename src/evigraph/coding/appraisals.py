"""What a sheet judges of a study with a tool of appraisal, and what of that its document lacks or has otherwise.

A word of a sheet is a code of the scale by its label, another label or its key; `risk` or `concerns` may follow it.
Coders without a consensus are held against each other judgement by judgement: what they differ in is not coded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evigraph import ontology
from evigraph.coding import packs
from evigraph.coding.codebook import Book
from evigraph.coding.consensus import Cell
from evigraph.data import code_words
from evigraph.errors import DataError
from evigraph.ingest import Extract, Judged, Said
from evigraph.ingest.extraction import Columns

Slot = tuple[str, str, str]
"""What is judged: the tool's codebook, the outcome's code or nothing, and the time or nothing."""
Judgement = dict[str, Any]
"""A judgement as a characteristic has it, with its place in words as `locatedAt`."""

CONSENSUS = "\0consensus"
NOT_TAKEN = "it isn't taken; mend the cell, or say in `values` what it means"


@dataclass
class Appraised:
    """One appraisal of a study: what is judged, who judged it, and each judgement by its attribute."""

    slot: Slot
    coders: tuple[str, ...] = ()
    judgements: dict[str, Judgement] = field(default_factory=dict)


@dataclass
class Taking:
    """How judgements come into a study: its key, the codings and places that they get, and what a conflict does."""

    study: str
    coding: Callable[[tuple[str, ...]], str]
    place: Callable[[str], str]
    conflict: Callable[[str, object, object], None]
    update: bool


class Judge:
    """Turns the words of a sheet into judgements by the tools of a codebook."""

    def __init__(self, columns: Columns, book: Book, origin: Path, notes: list[str]) -> None:
        """Judge by a recipe's columns; what can't be taken is named in the notes.

        `cells` is what each coder judged, where several did.

        Raises:
            DataError: the codebook lacks a tool of the recipe, or a domain of it.
        """
        self._columns, self._book, self._origin, self._notes = columns, book, origin, notes
        self._domains: dict[str, dict[str, Any]] = {}
        self.cells: dict[str, list[Cell]] = {}
        for rule in columns.appraisals:
            tool = f"codebook/{rule.tool}"
            known = self._known(tool)
            if not known and columns.new_codes == "add" and rule.tool in ontology.packs():
                pack = packs.named(rule.tool)
                book.add_records(packs.records(pack), packs.document(pack))
                notes.append(f"{pack.label}: its domains and scales come into the codebook")
                known = self._known(tool)
            if not known:
                mend = f"`evigraph pack {rule.tool} --add` adds it, `evigraph pack` lists what there is"
                raise DataError(origin, 0, f"the recipe judges with `{rule.tool}`, which the codebook lacks; {mend}")
            if lost := next((name for name in rule.judgements if name not in known), ""):
                raise DataError(origin, 0, f"the recipe has `{lost}`, and {rule.tool} has only {', '.join(known)}")
            self._domains |= known
        self._words = {
            scale: code_words.scale_words(
                each for each in book.codes("attributeValues") if each.get("inScheme") == scale
            )
            for scale in {each["scale"] for each in self._domains.values()}
        }

    def _known(self, tool: str) -> dict[str, dict[str, Any]]:
        return {each["attribute"]: each for each in self._book.codes("domains") if each.get("inScheme") == tool}

    def appraisals(self, study: str, rows: list[Extract]) -> list[Appraised]:
        """What the rows of a study judge: those of the consensus, or what all of their coders say alike."""
        final = any(row.consensus for row in rows)
        named = tuple(sorted({row.reviewer for row in rows if row.reviewer and not row.consensus}))
        found: dict[Slot, dict[str, dict[str, Judgement]]] = {}
        for row in rows:
            for each in row.appraisals:
                slot = self._slot(row, each)
                if slot and (judgements := dict(self._judgements(row, each))):
                    who = CONSENSUS if row.consensus else row.reviewer
                    found.setdefault(slot, {}).setdefault(who, {}).update(judgements)
        if final or len(named) > 1:
            self._keep(study, found, named)
        if final:
            ours = {slot: by[CONSENSUS] for slot, by in found.items() if CONSENSUS in by}
            return [Appraised(slot, named or ("Consensus",), judgements) for slot, judgements in ours.items()]
        return [made for slot, by in found.items() if (made := self._agreed(study, slot, by)).judgements]

    def _keep(self, study: str, found: dict[Slot, dict[str, dict[str, Judgement]]], named: Iterable[str]) -> None:
        for name in named:
            for slot, by in found.items():
                for attribute, each in by.get(name, {}).items():
                    cell = study, self.named(slot), attribute, str(each.get("concept", each["state"]))
                    self.cells.setdefault(name, []).append(cell)

    def _slot(self, row: Extract, judged: Judged) -> Slot | None:
        outcome, tool = "", f"codebook/{self._columns.appraisals[judged.rule].tool}"
        for said in judged.outcome:
            code = self._book.attribute_value("outcome", said.text) if said.text else None
            if code is None and said.text and self._columns.new_codes == "add":
                code = self._book.add_code("attributeValues", said.text, attribute="outcome")
            if code is None:
                where = f"row {row.line}, {said.column or 'outcome'}: `{said.text or said.state}` is no outcome"
                self._notes.append(f"{where} of the codebook; its appraisal isn't taken; add it, or `new-codes: add`")
                return None
            outcome = code
        return tool, outcome, " ".join(judged.time.split())

    def _judgements(self, row: Extract, judged: Judged) -> Iterator[tuple[str, Judgement]]:
        for attribute, (several, support) in judged.judgements.items():
            if len({each.text for each in several}) > 1:
                shown = "; ".join(each.text for each in several)
                self._notes.append(
                    f"row {row.line}, {several[0].column}: `{shown}` are several judgements; {NOT_TAKEN}"
                )
            elif made := self._judgement(row, attribute, several[0]):
                note = "; ".join(filter(None, (made.get("note", ""), support)))
                place = judged.place if made["state"] in ("stated", "inferred") else ""
                own = {**({"note": note} if note else {}), **({"locatedAt": place} if place else {})}
                yield attribute, {"attribute": attribute, **made, **own}

    def _judgement(self, row: Extract, attribute: str, said: Said) -> Judgement | None:
        words = self._words[self._domains[attribute]["scale"]]
        code, note = code_words.code_of(words, said.text)
        if code is None and said.state in ("not-reported", "not-applicable"):
            return {"state": said.state}
        if code is None:
            labels = ", ".join(dict.fromkeys(self._book.label(each) for each in words.values()))
            where = f"row {row.line}, {said.column or attribute}: `{said.text}` is none of {labels}"
            self._notes.append(f"{where}; {NOT_TAKEN}")
            return None
        inferred = said.state == "inferred"
        basis = {"basis": f"{self._origin.name}, row {row.line}: {said.text} (inferred)"} if inferred else {}
        state = "inferred" if inferred else "stated"
        return {"state": state, **basis, "concept": code, **({"note": note} if note else {})}

    def _agreed(self, study: str, slot: Slot, by: dict[str, dict[str, Judgement]]) -> Appraised:
        """What all who judged a domain say alike; different words of support are put one after the other."""
        made = Appraised(slot, tuple(sorted(name for name in by if name)))
        for attribute in dict.fromkeys(name for judgements in by.values() for name in judgements):
            said = {name: each[attribute] for name, each in by.items() if attribute in each}
            if len({_verdict(each) for each in said.values()}) > 1:
                shown = ", ".join(f"{name or 'nobody'} {self.shown(each)}" for name, each in said.items())
                self._notes.append(f"{study}: coders differ: {attribute} of {self.named(slot)}: {shown}; not coded")
                continue
            notes = " / ".join(dict.fromkeys(each["note"] for each in said.values() if "note" in each))
            first = next(iter(said.values()))
            made.judgements[attribute] = {**first, "note": notes} if notes else first
        return made

    def taken(self, held: list[dict[str, Any]], found: list[Appraised], how: Taking) -> list[dict[str, Any]]:
        """The appraisals of a study with what was found: what it lacks is added, and what differs is a conflict."""
        made = list(held)
        for each in found:
            at = next((i for i, old in enumerate(made) if slot_of(old) == each.slot), len(made))
            if at == len(made):
                made.append(begun(how.study, each.slot, how.coding(each.coders), made))
            for attribute, new in each.judgements.items():
                old = next((one for one in made[at]["characteristics"] if one["attribute"] == attribute), None)
                if old is not None and same(old, new):
                    continue
                if old is not None:
                    texts = [f"{self.shown(one)}: {one.get('note', '')}".rstrip(": ") for one in (old, new)]
                    how.conflict(f"{attribute} of {self.named(each.slot)}", texts[0], texts[1])
                if old is None or how.update:
                    where = {"locatedAt": how.place(new["locatedAt"])} if new.get("locatedAt") else {}
                    made[at] = with_judgement(made[at], {**new, **where})
        return made

    def shown(self, judgement: Judgement) -> str:
        """A judgement in words."""
        return self._book.label(judgement["concept"]) if "concept" in judgement else str(judgement["state"])

    def named(self, slot: Slot) -> str:
        """What is judged, in words."""
        about = ", ".join(filter(None, (slot[1] and self._book.label(slot[1]), slot[2])))
        return f"{slot[0].removeprefix('codebook/')} ({about})" if about else slot[0].removeprefix("codebook/")


def slot_of(appraisal: dict[str, Any]) -> Slot:
    """What an appraisal of a document judges."""
    return appraisal.get("tool", ""), appraisal.get("concept", ""), appraisal.get("time", "")


def begun(study: str, slot: Slot, coding: str, held: list[dict[str, Any]]) -> dict[str, Any]:
    """A new appraisal without judgements, with an id of its own."""
    taken = {each["id"] for each in held}
    identity = next(i for n in range(1, len(held) + 2) if (i := f"appraisal/{study}/{n}") not in taken)
    about = {**({"concept": slot[1]} if slot[1] else {}), **({"time": slot[2]} if slot[2] else {})}
    return {"id": identity, "type": "Appraisal", "tool": slot[0], **about, "characteristics": [], "coding": coding}


def with_judgement(appraisal: dict[str, Any], judgement: Judgement) -> dict[str, Any]:
    """An appraisal with a judgement, which takes the place of another of the same domain."""
    attribute = judgement["attribute"]
    stem = appraisal["tool"].removeprefix("codebook/") + "-"
    rest = [each for each in appraisal["characteristics"] if each["attribute"] != attribute]
    identity = f"{appraisal['id']}/{attribute.removeprefix(stem)}"
    return {**appraisal, "characteristics": [*rest, {"id": identity, "type": "Characteristic", **judgement}]}


def same(one: Judgement, other: Judgement) -> bool:
    """Whether two judgements say the same, wherever their support stands."""
    return _verdict(one) == _verdict(other) and one.get("note", "") == other.get("note", "")


def _verdict(judgement: Judgement) -> tuple[str, str]:
    return judgement["state"], judgement.get("concept", "")
