"""What a file holds: records that were read, and records that were not, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Raw:
    """A record as its file writes it.

    Attributes:
        line: where it begins, counted from 1; in a spreadsheet the row. fields: values by the file's own names.
        problem: why it can't be taken, or empty.
    """

    line: int
    fields: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True)
class Decision:
    """One screening decision that came with a record.

    Attributes:
        verdict: `include`, `exclude` or `maybe`. stage: `title-abstract` or `full-text`. who: the reviewer, or empty.
        reason: why, or empty. date: YYYY-MM-DD, or empty.
    """

    verdict: str
    stage: str = "title-abstract"
    who: str = ""
    reason: str = ""
    date: str = ""


@dataclass(frozen=True)
class Record:
    """One record that was read.

    Attributes:
        line: where it begins, counted from 1; in a spreadsheet the row. values: by the keys of a `Record` document.
        decisions: what reviewers decided about it.
    """

    line: int
    values: dict[str, Any]
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Rejected:
    """One record that was not read.

    Attributes:
        line: where it begins, counted from 1. reason: why, and how to mend it.
    """

    line: int
    reason: str


@dataclass(frozen=True)
class Batch:
    """What one file holds: `present == len(records) + len(rejected)`, always.

    Attributes:
        path: the file. format: the recipe's name. encoding: of a text, or empty. digest: its SHA-256, hexadecimal.
        present: how many records it holds. records, rejected: those that were read, and those that were not.
        notes: what else a person should know, such as text between records.
        studies: study documents, where the file holds our own. flow: the steps of a review's flow, where the file is
        a flow diagram; `present` then counts its rows.
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
