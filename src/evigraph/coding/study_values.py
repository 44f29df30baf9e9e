"""The values of one attribute as a person typed them into the form of a study, in the long form of documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from evigraph.coding.study_form import PARTS, STATES, Fields, Form, held
from evigraph.data import forms
from evigraph.data.values import LONG, VALUES

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?([eE][+-]?\d{1,2})?", re.ASCII)
_COPIED = ("note", "basis", "confidence", "text", "concept", "coding", "unit", "state")


class _ValueError(ValueError):
    """What is wrong with one value."""


class Rows:
    """Makes the values of an attribute of the fields of a form; faults are told for what can't be one."""

    def __init__(
        self, form: Form, now: Fields, faults: dict[str, str], coding: str, place: Callable[[str], str]
    ) -> None:
        """`coding` is that of what is typed, where it isn't the document's; `place` is the id of a place."""
        self._form, self._now, self._faults, self._coding, self._place = form, now, faults, coding, place

    def of(self, record: dict[str, Any], name: str, key: str) -> list[dict[str, Any]]:
        """The values of a record, called `name` in the form, of one attribute."""
        start = f"{name}|{key}|"
        told: dict[int, Fields] = {}
        for each, text in self._now.items():
            place, _, part = each.removeprefix(start).partition("|")
            if each.startswith(start) and re.fullmatch(r"[1-9]\d{0,3}", place, re.ASCII):
                told.setdefault(int(place), {})[part] = text
        old, said = held(record, key), []
        usual = [each["id"] for each in self._long(record, key, [self._kept(each) for each in old], start, 0)]
        for number in sorted(told):
            former = old[number - 1] if number <= len(old) else {}
            parts = {*PARTS, *told[number]}
            stood = (self._form.fields.get(f"{start}{number}|{part}", "") for part in parts)
            same = former and all(text == told[number].get(part, "") for part, text in zip(parts, stood, strict=True))
            row = self._kept(former) if same else self._row(key, told[number], former, f"{start}{number}")
            if former and former["id"] != usual[number - 1]:
                row["id"] = former["id"]
            self._long(record, key, [row], start, number)
            said.append(row)
        wrong = any(each.startswith(start) for each in self._faults)
        return old if wrong else self._long(record, key, said, start, 0)

    def _kept(self, value: dict[str, Any]) -> dict[str, Any]:
        """A value that stands there as a document may write it, with every key by its own name."""
        rule = self._form.vocabulary.get(value["attribute"])
        keys = _COPIED if rule is not None and rule.ordered else (*_COPIED, "position")
        found = {key: value[key] for key in keys if key in value}
        found |= {"number": value["value"]} if "value" in value else {}
        return found | {"at": value.get("locatedAt", "none")}

    def _row(self, key: str, told: Fields, former: dict[str, Any], at: str) -> dict[str, Any]:
        """A value as it was typed; what the form doesn't show stays."""
        rule = self._form.vocabulary.get(key)
        row: dict[str, Any] = {k: former[k] for k in ("unit", "confidence") if k in former}
        row |= {part: told[part] for part in ("basis", "note") if part in told}
        value, words, state = (told.get(part, "") for part in ("value", "words", "state"))
        if state and state not in STATES:
            self._faults[f"{at}|state"] = "choose one of the list"
        row["state"] = state or "stated"
        if state in ("not-reported", "not-applicable"):
            if value or words:
                self._faults[f"{at}|state"] = f"it is {state.replace('-', ' ')} and has a value; keep one of them"
            row["value"] = state
        elif not value and not words:
            self._faults[f"{at}|value"] = "a value is missing; choose one, choose `not reported`, or leave the rest out"
        if state == "inferred" and "basis" not in row:
            self._faults[f"{at}|basis"] = "an inferred value needs a basis: what it is concluded from"
        if words:
            row["text"] = words
        if value and rule is not None:
            code = rule.kind == "code" or value == former.get("concept")
            number = rule.kind == "number" and _NUMBER.fullmatch(value)
            row["concept" if code else "value"] = _number(value) if number else value
            if code and value not in (*rule.labels, former.get("concept")):
                self._faults[f"{at}|value"] = "choose one of the list; a new code goes into the codebook first"
        elsewhere = self._form.content["id"] != at.partition("|")[0]  # a value of a finding stands where that does
        if row["state"] == "stated" and "at" not in told and not elsewhere:
            self._faults[f"{at}|at"] = "say where the text states it, as in `p. 4`; `report` is the report as a whole"
        row["at"] = self._place(told["at"]) if "at" in told else "none"
        if self._coding:
            row["coding"] = self._coding
        return row

    def _long(self, record: dict[str, Any], key: str, said: list[dict[str, Any]], start: str, number: int) -> Any:
        """The values in long form, as they would be read from the file; a fault is told at the row of that number."""

        def fault(_trail: object, message: str, _value: object) -> _ValueError:
            return _ValueError(message.partition("; or write {")[0])

        short_form = {"id": record["id"], "type": record["type"], VALUES: {key: said}}
        if record["type"] == "Finding":  # a record in a study, whose report places are in
            short_form = {"id": self._form.content["id"], "type": "Study", "findings": [short_form]}
        try:
            made = forms.lengthened(short_form, self._form.vocabulary, fault)
        except _ValueError as wrong:
            self._faults.setdefault(f"{start}{number or 1}|value", str(wrong))
            return []
        return (made["findings"][0] if record["type"] == "Finding" else made)[LONG]


def _number(text: str) -> int | float:
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
