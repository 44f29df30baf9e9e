"""Groups and results as the sheets of a workbook: what each cell shows, and what a changed one means.

Those of appraisals are in `appraisal_cells`.
"""

from __future__ import annotations

import re
from typing import Protocol

from evigraph.coding.changed_cells import RefusedError
from evigraph.coding.record_values import ValueCells
from evigraph.coding.results import Results
from evigraph.coding.value_columns import Record
from evigraph.coding.workbook_cells import STATES, Shown
from evigraph.coding.workbook_form import Cell, Choice, Column
from evigraph.ingest.extraction import folded

STUDY = Column("study", "study", 20, "studies")
NUMBERS = ("n", "mean", "sd", "events", "estimate", "se", "variance", "ciLow", "ciHigh", "value")
"""The numbers of a result."""
TEXTS = ("measure", "time", "metric", "statistic", "unit", "note")
GROUPS = ("group", "versus")
SIGNS = ("=", "<", ">", "~")


class RecordSheet(Protocol):
    """One sheet of records below the studies.

    Attributes:
        name: the sheet's. kept: the key of a study's document that has the records. stem: how their ids begin.
    """

    name: str
    kept: str
    stem: str

    def columns(self) -> list[Column]:
        """Its columns, of which the first is the study and the second the id."""

    def has(self, record: Record) -> bool:
        """Whether a record stands on this sheet."""

    def cell(self, content: Record, record: Record, key: str) -> Cell:
        """What the cell of a record of a study shows."""

    def set(self, content: Record, record: Record, key: str, text: str) -> Record:
        """The record with that cell as its text; the study's document may get a group.

        Raises:
            RefusedError: it can't be.
        """

    def lacks(self, record: Record) -> str:
        """What a record has to have and hasn't, or nothing."""

    def choices(self) -> dict[str, list[Choice]]:
        """The lists of its drop-downs that no other sheet has."""


def number(text: str) -> int | float:
    """The number that a cell has.

    Raises:
        RefusedError: it has none.
    """
    plain = text.replace("\N{MINUS SIGN}", "-").strip()
    if not re.fullmatch(r"[+-]?(?:\d{1,15}(?:\.\d{1,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,2})?", plain):
        raise RefusedError(f"`{text}` is no number; write it as 0.35")
    found = float(plain)
    return int(found) if found.is_integer() else found


class GroupSheet:
    """The groups of studies: arms, controls, sites, samples, subgroups."""

    name, kept, stem = "groups", "groups", "group/"

    def __init__(self, shown: Shown) -> None:
        """Show groups."""
        self._values = ValueCells(shown, self.kept)

    def columns(self) -> list[Column]:
        """A label, a kind such as arm, how many there are, and the values that it has."""
        own = [
            Column("label", "label", 28),
            Column("kind", "kind", 14),
            Column("n", "n", 10),
            Column("note", "note", 30),
        ]
        columns = [STUDY, Column("id", "id", 28, fixed=True), *own]
        return [*columns, *self._values.columns({each.heading for each in columns})]

    def has(self, record: Record) -> bool:
        """Every group."""
        return True

    def cell(self, content: Record, record: Record, key: str) -> Cell:
        """A value as it is."""
        return self._values.cell(study_key(content), record, key) if key.startswith("@") else plain(record.get(key, ""))

    def set(self, content: Record, record: Record, key: str, text: str) -> Record:
        """The group with that cell."""
        if key.startswith("@"):
            return self._values.set(study_key(content), record, key, text)
        if key == "kind" and text and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
            raise RefusedError(f"`{text}` is no kind; write it in small letters with hyphens, such as arm or control")
        if key == "label" and not text:
            raise RefusedError("a group needs a label")
        return with_value(record, key, number(text) if key == "n" and text else text)

    def lacks(self, record: Record) -> str:
        """A label."""
        return "" if record.get("label") else "a label"

    def choices(self) -> dict[str, list[Choice]]:
        """The codes of the attributes of groups."""
        return self._values.choices()


class ResultSheet:
    """The results of studies: numbers of groups, and effects."""

    name, kept, stem = "results", "results", "result/"

    def __init__(self, shown: Shown) -> None:
        """Show results."""
        self._shown, self._values = shown, ValueCells(shown, self.kept)

    def columns(self) -> list[Column]:
        """What a result is on, its numbers, and how it is known."""
        lists = {"outcome": "outcome", "comparator": "signs", "group": "groups", "versus": "groups"}
        keys = ("outcome", "measure", "time", *GROUPS, "metric", "statistic", *NUMBERS, "comparator", "unit", "state")
        widths = {"outcome": 24, "measure": 18, "time": 18, "group": 22, "versus": 22, "state": 20}
        columns = [Column(key, key, widths.get(key, 11), lists.get(key, "")) for key in keys]
        rest = [Column("place", "place", 22), Column("note", "note", 30)]
        whole = [STUDY, Column("id", "id", 24, fixed=True), *columns, *rest]
        return [*whole, *self._values.columns({each.heading for each in whole})]

    def has(self, record: Record) -> bool:
        """Every result."""
        return True

    def cell(self, content: Record, record: Record, key: str) -> Cell:
        """A value; codes, groups and places by their names."""
        if key.startswith("@"):
            return self._values.cell(study_key(content), record, key)
        if key in GROUPS:
            return self._group_names(content).get(record.get(key, ""), "")
        if key == "outcome":
            return self._shown.name(record["concept"]) if "concept" in record else ""
        if key == "place":
            return self._shown.name(record["locatedAt"]) if "locatedAt" in record else ""
        if key == "state":
            return _state(record)
        return plain(record.get(key, ""))

    @staticmethod
    def _group_names(content: Record) -> dict[str, str]:
        groups = content.get("groups", [])
        labels = [each["label"] for each in groups]
        once = {each["id"]: each["label"] for each in groups if labels.count(each["label"]) == 1}
        return {each["id"]: once.get(each["id"], each["id"].removeprefix("group/")) for each in groups}

    def set(self, content: Record, record: Record, key: str, text: str) -> Record:
        """The result with that cell; a group that the study hasn't is made."""
        made = self._changed(content, record, key, text)
        if "metric" in made and "statistic" in made:
            raise RefusedError("a result has a metric, being an effect, or a statistic; make it two")
        if "versus" in made and "group" not in made and key != "versus":
            raise RefusedError("what is versus a group needs its own group too")
        return made

    def _changed(self, content: Record, record: Record, key: str, text: str) -> Record:
        if key.startswith("@"):
            return self._values.set(study_key(content), record, key, text)
        if key == "state":
            return _with_state(record, text)
        if key == "place":
            return with_value(record, "locatedAt", self._shown.book.place(study_key(content), text, of_review=True))
        if not text:
            return with_value(record, "concept" if key == "outcome" else key, "")
        if key == "outcome":
            code = self._shown.code("outcome", text)
            if code is None:
                raise RefusedError(f"`{text}` is no outcome of the codebook; choose one from the list, or add it there")
            return {**record, "concept": code}
        if key in GROUPS:
            return {**record, key: self._group(content, text)}
        if key == "comparator" and text not in SIGNS:
            raise RefusedError(f"`{text}` is none of {' '.join(SIGNS)}")
        return {**record, key: number(text) if key in NUMBERS else text}

    def _group(self, content: Record, text: str) -> str:
        named = next((i for i, name in self._group_names(content).items() if name == text), "")
        if named:
            return named
        study = Results(study_key(content), content)
        made = study.with_groups({"group": text})
        content["groups"] = study.groups
        return str(made["group"])

    def lacks(self, record: Record) -> str:
        """A number, a group that it is versus, or a state that says why there is none."""
        told = any(key in record for key in (*NUMBERS, "versus"))
        if "versus" in record and "group" not in record:
            return "its group, beside the one that it is versus"
        return "" if told or record.get("state") in STATES else "a number, or `not reported` as its state"

    def choices(self) -> dict[str, list[Choice]]:
        """The labels of all groups, signs, and the codes of the attributes of results."""
        labels = {g["label"]: None for content in self._shown.studies.values() for g in content.get("groups", [])}
        own = {"groups": [Choice(each, each) for each in sorted(labels)], "signs": [Choice(e, e) for e in SIGNS]}
        return {**self._values.choices(), **own}


def study_key(content: Record) -> str:
    """The key of a study."""
    return str(content["id"]).removeprefix("study/")


def plain(value: object) -> Cell:
    """A number as it is, and everything else as text."""
    return value if isinstance(value, int | float) else str(value)


def with_value(record: Record, key: str, value: object) -> Record:
    """The record with that value, or without the key where it is empty."""
    rest = {name: each for name, each in record.items() if name != key or value != ""}
    return {**rest, key: value} if value != "" else rest


def _state(record: Record) -> str:
    state = record.get("state", "stated")
    return STATES.get(state) or (f"inferred: {record.get('basis', '')}" if state == "inferred" else "")


def _with_state(record: Record, text: str) -> Record:
    rest = {key: value for key, value in record.items() if key not in ("state", "basis")}
    known = next((state for state, words in STATES.items() if folded(text) in (words, state)), "")
    found = re.fullmatch(r"inferred:\s*(\S.*)", text, re.DOTALL)
    if text and not known and not found:
        raise RefusedError("a state is empty, `not reported`, `not applicable` or `inferred: from what`")
    return {**rest, **({"state": known} if known else {"state": "inferred", "basis": found[1]} if found else {})}
