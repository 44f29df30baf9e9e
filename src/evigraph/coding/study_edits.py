"""What a person typed into the form of a study, as the study's document: what wasn't touched stays as it is."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import Any

from evigraph import data
from evigraph.coding.places import free
from evigraph.coding.study_form import NEW, PARTS, Fields, Form, cleaned, held
from evigraph.coding.study_values import Rows
from evigraph.data import forms, quads, short
from evigraph.data.forms import NOT_REPORTED
from evigraph.data.values import LONG, PEOPLE

LONGEST = 20_000
"""So many signs may one field have."""
_FIELD = re.compile(
    rf"(new-[1-9]\d{{0,2}}|(?!new-)[^|]+)\|([^|]+|answers\|[^|]+\|(stance|condition)|[^|]+\|[1-9]\d{{0,2}}\|({'|'.join(PARTS)}))",
    re.ASCII,
)
"""The name of a field, as forms have them."""
_UNKNOWN = "nothing of this study is called so; load the form again"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass
class Edited:
    """What came of the fields.

    Attributes:
        contents: the changed documents by name. faults: what is wrong, by the field; nothing is to be written then.
        changed: the fields that differ from what stood there.
    """

    contents: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()


def typed(pairs: list[tuple[str, str]]) -> Fields:
    """The fields that a browser sent: each once, but for several choices of one list."""
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        if "|" in name and cleaned(text):
            found.setdefault(name, []).append(cleaned(text))
    several = {name: " ".join(sorted(set(texts))) for name, texts in found.items() if name.endswith(_SEVERAL)}
    return {name: several.get(name, texts[-1]) for name, texts in found.items()}


_SEVERAL = tuple(f"|{key}" for key in PEOPLE)


def edited(form: Form, now: Fields, who: str, date: str) -> Edited:
    """The documents as they are with these fields, coded by that person on that day."""
    before = form.fields
    changed = tuple(sorted(name for name in {*before, *now} if before.get(name) != now.get(name)))
    made = Edited(changed=changed)
    for name in changed:
        if len(now.get(name, "")) > LONGEST:
            made.faults[name] = f"longer than {LONGEST:,} signs; shorten it"
        elif _CONTROL.search(now.get(name, "")):
            made.faults[name] = "a sign that no text has, such as a control character; remove it"
        elif name in now and not _FIELD.fullmatch(name):
            made.faults[name] = _UNKNOWN
    if changed and not made.faults:
        editing = _Editing(form, now, made.faults, form.book.coding([who], date))
        content = editing.study(changed)
        if not made.faults and content != form.content:
            made.contents = {**form.book.changed, form.document.name: content}
    return made


class _Editing:
    def __init__(self, form: Form, now: Fields, faults: dict[str, str], coding: str) -> None:
        self._form, self._now, self._faults = form, now, faults
        self._content: dict[str, Any] = copy.deepcopy(form.content)
        self._coding = coding
        if not {LONG, "findings", "coding"} & set(self._content):
            self._content["coding"] = coding  # the first who codes a study has coded all of it
        own = "" if self._content.get("coding") == coding else coding
        self._rows = Rows(form, now, faults, own, self._place)

    def study(self, changed: tuple[str, ...]) -> dict[str, Any]:
        """The study's document; faults are told for what can't be."""
        touched: dict[str, set[str]] = {}
        for name in changed:
            record, key = name.split("|", 2)[:2]
            touched.setdefault(record, set()).add(key)
        if keys := touched.pop(self._content["id"], None):
            self._values(self._content, self._content["id"], keys, "study")
        self._findings(touched)
        for name in (name for record, keys in touched.items() for key in keys for name in [f"{record}|{key}"]):
            self._faults.setdefault(name, _UNKNOWN)
        return quads.arranged(self._form.book.with_places(self._content))

    def _findings(self, touched: dict[str, set[str]]) -> None:
        kept = []
        for finding in self._content.get("findings", []):
            keys = touched.pop(finding["id"], set())
            if keys and self._now.get(f"{finding['id']}|remove"):
                continue
            if keys:
                self._finding(finding, finding["id"], keys)
            kept.append(finding)
        taken = {node["id"] for content in [self._form.content] for _, node in data.nodes(content)}
        for name in sorted((each for each in touched if each.startswith(NEW)), key=short.natural):
            keys = touched.pop(name)
            identity = free(f"finding/{self._form.study}-{len(kept) + 1}", taken)
            taken.add(identity)
            made = {"id": identity, "type": "Finding"}
            self._finding(made, name, keys)
            kept.append(made)
        if kept:
            self._content["findings"] = kept
        else:
            self._content.pop("findings", None)

    def _finding(self, finding: dict[str, Any], name: str, keys: set[str]) -> None:
        attributes = {question.key for question in self._form.attributes("finding")}
        if keys - attributes:
            finding["coding"] = self._coding
        for key in sorted(keys - attributes - {"answers", "remove"}):
            self._key(finding, name, key)
        if "answers" in keys:
            self._answers(finding, name)
        if "statement" not in finding:
            self._faults[f"{name}|statement"] = "a finding needs a statement: what the study says, in your words"
        if "benefit" in finding and "drawback" in finding:
            self._faults[f"{name}|drawback"] = "a finding has a benefit or a drawback, not both; leave one out"
        self._values(finding, name, keys & attributes, "finding")

    def _key(self, finding: dict[str, Any], name: str, key: str) -> None:
        text = self._now.get(f"{name}|{key}", "")
        if key in ("statement", "at"):
            target = "locatedAt" if key == "at" else key
            finding.pop(target, None)
            if text:
                finding[target] = self._place(text) if key == "at" else text
            return
        question = next((each for each in self._form.finding_keys() if each.key == key), None)
        if question is None:
            self._faults[f"{name}|{key}"] = _UNKNOWN
            return
        finding.pop(key, None)
        allowed = {each.value for each in question.choices} | set(self._form.fields.get(f"{name}|{key}", "").split())
        told = text.split() if key in PEOPLE else [text] if text else []
        if set(told) - allowed:
            self._faults[f"{name}|{key}"] = "choose one of the list"
        elif key in PEOPLE:
            self._people(finding, key, told)
        elif told:
            finding[key] = text

    def _people(self, finding: dict[str, Any], key: str, told: list[str]) -> None:
        untold = set(finding.pop(forms.TOLD, [])) - {key} | ({key} if NOT_REPORTED in told else set())
        if people := [each for each in told if each != NOT_REPORTED]:
            finding[key] = people
        if untold:
            finding[forms.TOLD] = sorted(untold)

    def _answers(self, finding: dict[str, Any], name: str) -> None:
        said = short.said(finding.get(short.ANSWERS))
        stances = {each.value for each in self._form.stances()}
        for question in (each["id"] for each in self._form.questions):
            at = f"{name}|answers|{question}"
            stance, condition = (self._now.get(f"{at}|{part}", "") for part in ("stance", "condition"))
            held = {key: text for key, text in said.pop(question, {}).items() if key not in ("stance", "condition")}
            if stance and stance not in stances:
                self._faults[f"{at}|stance"] = "choose one of the list"
            elif condition and stance != "conditional":
                self._faults[f"{at}|condition"] = "only a conditional answer has a condition; leave it out"
            elif stance == "conditional" and not condition:
                self._faults[f"{at}|condition"] = "say the condition, in at most 15 words"
            elif stance:
                said[question] = {"stance": stance, **({"condition": condition} if condition else {}), **held}
        finding.pop(short.ANSWERS, None)
        if said:
            finding[short.ANSWERS] = short.shortened(said)

    def _values(self, record: dict[str, Any], name: str, keys: set[str], level: str) -> None:
        """The values of the attributes of a record that were touched."""
        kinds = {question.key: question for question in self._form.attributes(level)}
        for key in sorted(keys):
            if key not in kinds:
                self._faults[f"{name}|{key}"] = "the codebook declares no such attribute any more; load the form again"
                continue
            old, made = len(held(record, key)), self._rows.of(record, name, key)
            whole = record.get(LONG, [])
            first = next((i for i, each in enumerate(whole) if each.get("attribute") == key), len(whole))
            others = [each for each in whole if each.get("attribute") != key]
            before = sum(each.get("attribute") != key for each in whole[:first])
            record[LONG] = [*others[:before], *made, *others[before:]]
            if not record[LONG]:
                del record[LONG]
            if len(made) > max(1, old) and not kinds[key].multiple:
                self._faults[f"{name}|{key}|2|value"] = f"`{key}` takes one value; leave the other out"
            if kinds[key].required and not made and record.get(LONG):
                self._faults[f"{name}|{key}|1|value"] = "this is required; code it, or choose `not reported`"

    def _place(self, text: str) -> str:
        """The id of a place: one that is known by that name, or a new one in the study's report."""
        whole = "" if text.casefold() == "report" else text
        return self._form.book.place(self._form.study, whole[:300], True)
