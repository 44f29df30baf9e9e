"""How files are linked, and what linking them would change."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evigraph.ingest import Batch
from evigraph.matching.duplicates import Match

SOURCES = ("database", "register", "website", "organisation", "citation")
"""Where records come from, as PRISMA 2020 tells them apart."""


@dataclass
class Plan:
    """What linking would change.

    Attributes:
        contents: new and changed documents by name; None removes one. batches: what was read, in order. matches: each
        duplicate with what it duplicates, by the record's id. doubts: new records, each with what it may duplicate, for
        a person to decide. ids: the records' ids, a list for each batch. studies:
        the new studies' labels by document name. notes: what else a person should know. cells: what each coder of an
        extraction sheet coded, by coder. again: what is said of a file of
        which nothing is new, by its number. files: other files of the review as they become.
    """

    contents: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    matches: dict[str, Match] = field(default_factory=dict)
    doubts: list[Match] = field(default_factory=list)
    ids: list[list[str]] = field(default_factory=list)
    studies: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    cells: dict[str, list[tuple[str, str, str, str]]] = field(default_factory=dict)
    again: dict[int, str] = field(default_factory=dict)
    files: dict[Path, bytes | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """How files are linked.

    Attributes:
        who: who links them, or empty. label: what the search is called; the file's name if empty. screen: records
        wait until a decision on their full text includes them, instead of becoming studies. source: one of `SOURCES`;
        a database if empty. update: what a sheet codes otherwise than the review goes before it. by: a recipe for the
        sheets. encoding: of the files, where they are texts; empty to find it out. date: YYYY-MM-DD, of the linking.
        searched: YYYY-MM-DD, of the search itself, or empty. string: the search strategy as it was run, or empty.
    """

    who: str = ""
    label: str = ""
    screen: bool = False
    source: str = ""
    update: bool = False
    by: Path | None = None
    encoding: str = ""
    date: str = field(default_factory=lambda: datetime.datetime.now(datetime.UTC).date().isoformat())
    searched: str = ""
    string: str = ""
