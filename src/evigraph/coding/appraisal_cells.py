"""Appraisals as the sheets of a workbook, one for each tool: a row for what is judged, and three cells a domain."""

from __future__ import annotations

import re

from evigraph.coding.changed_cells import RefusedError
from evigraph.coding.record_cells import STUDY, plain, with_value
from evigraph.coding.value_columns import Record
from evigraph.coding.workbook_cells import STATES, Shown
from evigraph.coding.workbook_form import Cell, Choice, Column
from evigraph.ingest.extraction import folded


class AppraisalSheet:
    """What is judged with one tool: a row an appraisal, and for each domain the judgement, its support and place."""

    kept, stem = "appraisals", "appraisal/"

    def __init__(self, shown: Shown, tool: str) -> None:
        """Show the appraisals with the tool of that key."""
        self.name = tool
        self._shown, self._tool = shown, f"codebook/{tool}"
        codes = shown.book.codes("domains")
        self._domains = {each["attribute"]: each for each in codes if each.get("inScheme") == self._tool}

    def columns(self) -> list[Column]:
        """The outcome and time, then three for each domain."""
        made = [STUDY, Column("id", "id", 22, fixed=True), Column("outcome", "outcome", 22, "outcome")]
        made.append(Column("time", "time", 16))
        for attribute, domain in self._domains.items():
            label, scale = str(domain["label"]), str(domain["scale"])
            made.append(Column(attribute, label, 18, f"scale {scale.removeprefix('codebook/')}"))
            made += [
                Column(f"{attribute}|note", f"{label}: support", 32),
                Column(f"{attribute}|place", f"{label}: place"),
            ]
        return made

    def has(self, record: Record) -> bool:
        """An appraisal with this tool."""
        return record.get("tool") == self._tool

    def cell(self, content: Record, record: Record, key: str) -> Cell:
        """What is judged, a judgement, its support or its place."""
        if key == "outcome":
            return self._shown.name(record["concept"]) if "concept" in record else ""
        if key == "time":
            return plain(record.get("time", ""))
        attribute, _, part = key.partition("|")
        held = self._judgement(record, attribute)
        if part == "note":
            return str(held.get("note", ""))
        if part == "place":
            return self._shown.name(held["locatedAt"]) if "locatedAt" in held else ""
        if not held or held["state"] in STATES:
            return STATES.get(held.get("state", ""), "")
        name = self._codes(attribute).get(held.get("concept", ""), str(held.get("text", "")))
        return f"{name} (inferred: {held.get('basis', '')})" if held["state"] == "inferred" else name

    def _judgement(self, record: Record, attribute: str) -> Record:
        return next((each for each in record.get("characteristics", []) if each["attribute"] == attribute), {})

    def _codes(self, attribute: str) -> dict[str, str]:
        """The names of the codes of a domain's scale, by id."""
        scale = self._domains[attribute]["scale"]
        codes = self._shown.book.codes("attributeValues")
        return {each["id"]: str(each["label"]) for each in codes if each.get("inScheme") == scale}

    def set(self, content: Record, record: Record, key: str, text: str) -> Record:
        """The appraisal with that cell; an empty judgement is taken away, with its support."""
        if key == "outcome":
            code = self._shown.code("outcome", text) if text else ""
            if code is None:
                raise RefusedError(f"`{text}` is no outcome of the codebook; choose one from the list, or add it there")
            return with_value(record, "concept", code)
        if key == "time":
            return with_value(record, "time", text)
        attribute, _, part = key.partition("|")
        held = self._judgement(record, attribute)
        if part and not held:
            raise RefusedError("there is no judgement that it supports; judge the domain too")
        if part == "note":
            return _judged(record, with_value(held, "note", text), attribute)
        if part == "place":
            place = (
                self._shown.book.place(str(content["id"]).removeprefix("study/"), text, of_review=True) if text else ""
            )
            return _judged(record, with_value(held, "locatedAt", place), attribute)
        made = self._value(attribute, text) if text else {}
        kept: Record = {name: value for name, value in held.items() if name in ("id", "note", "locatedAt")}
        return _judged(record, {**kept, "attribute": attribute, **made} if made else {}, attribute)

    def _value(self, attribute: str, text: str) -> Record:
        for state, words in STATES.items():
            if folded(text) in (words, state):
                return {"state": state}
        known: Record = {"state": "stated"}
        if found := re.fullmatch(r"(.+?)\s*\(inferred:?\s*(.*)\)", text, re.DOTALL):
            text, basis = found.groups()
            if not basis:
                raise RefusedError("write from what it is inferred: `(inferred: …)`")
            known = {"state": "inferred", "basis": basis}
        names = {folded(name): identity for identity, name in self._codes(attribute).items()}
        if folded(text) not in names:
            raise RefusedError(f"`{text}` is none of {', '.join(self._codes(attribute).values())}")
        return {**known, "concept": names[folded(text)]}

    def lacks(self, record: Record) -> str:
        """A judgement."""
        return "" if record.get("characteristics") else "a judgement"

    def choices(self) -> dict[str, list[Choice]]:
        """The codes of each scale, and the states."""
        made: dict[str, list[Choice]] = {}
        for domain in self._domains.values():
            scale = str(domain["scale"])
            codes = [e for e in self._shown.book.codes("attributeValues") if e.get("inScheme") == scale]
            listed = [Choice(str(e["label"]), str(e["label"]), str(e.get("definition", ""))) for e in codes]
            states = [Choice(text, text) for text in STATES.values()]
            made[f"scale {scale.removeprefix('codebook/')}"] = [*listed, *states]
        return made


def _judged(record: Record, judgement: Record, attribute: str) -> Record:
    """The appraisal with that judgement in its place, behind the others, or without one."""
    held = record.get("characteristics", [])
    if not judgement:
        return {**record, "characteristics": [each for each in held if each["attribute"] != attribute]}
    if any(each["attribute"] == attribute for each in held):
        made = [judgement | {"type": "Characteristic"} if each["attribute"] == attribute else each for each in held]
        return {**record, "characteristics": made}
    return {**record, "characteristics": [*held, {**judgement, "type": "Characteristic"}]}
