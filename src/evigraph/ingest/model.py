"""What a file holds: records that were read, and records that were not, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evigraph.ingest.declared import Scheme, Tool


@dataclass
class Raw:
    """A record as its file writes it.

    Attributes:
        line: where it begins, counted from 1; in a spreadsheet the row. fields: values by the file's own names.
        problem: why it can't be taken, or empty. decided: the values of each of its decisions, where a table has
        several columns of them, see `decision_columns`; else None.
    """

    line: int
    fields: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    decided: tuple[dict[str, str], ...] | None = None


@dataclass(frozen=True)
class Decision:
    """One screening decision that came with a record.

    Attributes:
        verdict: `include`, `exclude` or `maybe`. stage: `title-abstract`, `retrieval` or `full-text`. who: the
        reviewer, or empty. reason: why, or empty. date: YYYY-MM-DD, or empty. assumed: nobody told the stage.
        note: what else was said of it, such as further reasons.
    """

    verdict: str
    stage: str = "title-abstract"
    who: str = ""
    reason: str = ""
    date: str = ""
    assumed: bool = False
    note: str = ""


@dataclass(frozen=True)
class Record:
    """One record that was read.

    Attributes:
        line: where it begins, counted from 1; in a spreadsheet the row. values: by the keys of a `Record` document.
        decisions: what reviewers decided about it. unknown: words that should tell a `decision` or its `stage`, and
        aren't known.
    """

    line: int
    values: dict[str, Any]
    decisions: tuple[Decision, ...] = ()
    unknown: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rejected:
    """One record that was not read.

    Attributes:
        line: where it begins, counted from 1. reason: why, and how to mend it.
    """

    line: int
    reason: str


@dataclass(frozen=True)
class Said:
    """One value as a sheet says it.

    Attributes:
        text: the value, after the recipe's synonyms, or empty where a state says it all. column: its heading.
        state: `stated`, `inferred`, `not-reported` or `not-applicable`. number: the value as a number, if it is one.
        code: the key of a code that the file declares, which is the value. note: what was typed beside it. quote: the
        words of the study that it rests on. place: where they stand.
    """

    text: str
    column: str = ""
    state: str = "stated"
    number: float | None = None
    code: str = ""
    note: str = ""
    quote: str = ""
    place: str = ""


@dataclass(frozen=True)
class Statement:
    """One finding of a row.

    Attributes:
        rule: which finding of the recipe it follows, from 0. keys: the values of each key, see `mapping.FINDING`.
        quantities: kind, value and unit of each.
    """

    rule: int
    keys: dict[str, tuple[Said, ...]]
    quantities: tuple[tuple[str, Said, str], ...] = ()


@dataclass(frozen=True)
class Judged:
    """One appraisal of a row.

    Attributes:
        rule: which appraisal of the recipe it follows, from 0. judgements: what is said of each domain, by its
        attribute, with the support for it. outcome: what it is about, or empty. time, place: in words, or empty.
    """

    rule: int
    judgements: dict[str, tuple[tuple[Said, ...], str]]
    outcome: tuple[Said, ...] = ()
    time: str = ""
    place: str = ""


@dataclass(frozen=True)
class Measured:
    """One result of a row: the values of its words and its numbers, by the keys of `mapping.RESULT` and `NUMBERS`.

    Attributes:
        note: what else is told of it. attributes: its own values, by the attribute's number in the recipe.
    """

    keys: dict[str, tuple[Said, ...]]
    numbers: dict[str, Said]
    note: str = ""
    attributes: dict[int, tuple[Said, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Grouped:
    """A group of a study, as a row tells it.

    Attributes:
        label: what it is called. kind: `arm`, `control` …, or empty. n: how many are in it, if that is told. note: what
        else is told of it. attributes: its values, by the attribute's number in the recipe. listed: it is a part of a
        list, so that other values make it another group. name: its label, with a number where another one has that
        label; given to it among all rows of its study.
    """

    label: str
    kind: str = ""
    n: float | None = None
    note: str = ""
    attributes: dict[int, tuple[Said, ...]] = field(default_factory=dict)
    listed: bool = False
    name: str = ""


@dataclass(frozen=True)
class Extract:
    """What one row of an extraction sheet says about a study.

    Attributes:
        line: the row, counted from 1. study: what tells the study apart. label: what it is called. values: of its
        report, by our keys. reviewer: who coded the row, or empty. consensus: it is what the reviewers agreed on.
        attributes: the values, the basis and the place of each attribute, by the attribute's number in the recipe.
        findings: what it states. appraisals: what it judges. results: what it tells in numbers. groups: of whom.
        identifier: what the team itself calls the study, or empty.
    """

    line: int
    study: str
    label: str
    values: dict[str, Any]
    reviewer: str = ""
    consensus: bool = False
    attributes: dict[int, tuple[tuple[Said, ...], str, str]] = field(default_factory=dict)
    findings: tuple[Statement, ...] = ()
    appraisals: tuple[Judged, ...] = ()
    results: tuple[Measured, ...] = ()
    groups: tuple[Grouped, ...] = ()
    identifier: str = ""


@dataclass(frozen=True)
class Batch:
    """What one file holds: `present == read + len(rejected)`, always.

    Attributes:
        path: the file. format: the recipe's name. encoding: of a text, or empty. digest: its SHA-256, hexadecimal.
        present: how many records it holds. records, rejected: those that were read, and those that were not.
        notes: what else a person should know, such as text between records.
        studies: study documents, where the file holds our own. flow: the steps of a review's flow, where the file is
        a flow diagram; `present` then counts its rows. extracts: the rows of an extraction sheet, with the `columns`
        by which they were read. tables: the rows of a workbook of ours, by sheet. schemes, tools: what its extracts
        are coded and judged with, where the file declares that. decisions: what is decided of rows, by their lines.
        labels: of a graph of ours, what its records are called by their ids, and its `base`.
    """

    path: Path
    format: str
    encoding: str
    digest: str
    present: int
    records: tuple[Record, ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...] = ()
    studies: tuple[dict[str, Any], ...] = ()
    flow: tuple[dict[str, Any], ...] = ()
    extracts: tuple[Extract, ...] = ()
    columns: Any = None
    tables: dict[str, list[tuple[int, list[str]]]] = field(default_factory=dict)
    schemes: tuple[Scheme, ...] = ()
    tools: tuple[Tool, ...] = ()
    decisions: dict[int, list[Decision]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """How many records, documents or rows were read."""
        return len(self.records) + len(self.studies) or len(self.extracts) or self.present - len(self.rejected)
