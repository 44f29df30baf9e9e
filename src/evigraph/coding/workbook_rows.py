"""What a coder gives back: the rows of a workbook by the keys of their columns, now and as they were written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from evigraph.coding import codebook
from evigraph.coding.record_cells import RecordSheet
from evigraph.coding.workbook_cells import Shown
from evigraph.coding.workbook_form import CODER, README, Column
from evigraph.ingest import Batch
from evigraph.ingest.extraction import AS_WRITTEN, folded

SHEETS = ("studies", "findings")
Row = dict[str, str]
"""The cells of a row by the key of their column."""


Numbered = tuple[int, Row]
"""A row with its number, counted from 1."""


@dataclass
class Given:
    """What one coder gives back.

    Attributes:
        coder: the name. file: the workbook's name. studies, findings: the rows of each sheet with their numbers.
        others: the rows of every other sheet. before: for each sheet the rows as they were written, by key or id.
    """

    coder: str
    file: str
    studies: list[Numbered] = field(default_factory=list)
    findings: list[Numbered] = field(default_factory=list)
    others: dict[str, list[Numbered]] = field(default_factory=dict)
    before: dict[str, dict[str, Row]] = field(default_factory=dict)

    def sheets(self) -> Iterator[tuple[str, list[Numbered], str]]:
        """Each sheet's name and rows, and the column that tells its rows."""
        yield "studies", self.studies, "key"
        yield "findings", self.findings, "id"
        yield from ((name, rows, "id") for name, rows in self.others.items())


@dataclass(frozen=True)
class Edit:
    """One cell that a coder changed: where it stands, what it was, and what it is."""

    coder: str
    place: str
    old: str
    new: str


def given(batch: Batch, shown: Shown, records: list[RecordSheet], who: str, notes: list[str]) -> Given:
    """A workbook's rows; the coder is who its own cell names, or `who`. What is odd goes into `notes`."""
    named = next((cells[1] for _, cells in batch.tables.get(README, []) if cells[:1] == [CODER] and len(cells) > 1), "")
    found = Given(named.strip() or who or batch.path.stem, batch.path.name)
    sheets = {"studies": shown.study_columns(), "findings": shown.finding_columns()}
    sheets |= {sheet.name: sheet.columns() for sheet in records}
    for gone in [name for name in batch.tables if name + AS_WRITTEN in batch.tables and name not in sheets]:
        notes.append(f"{batch.path.name}: the sheet `{gone}` is about nothing that the review has; it was left out")
    for name, columns in sheets.items():
        tells = "key" if name == "studies" else "id"
        rows = list(_once(batch, name, tells, _rows(batch, name, columns, notes), notes))
        found.before[name] = {
            row[tells]: row for _, row in _rows(batch, name + AS_WRITTEN, columns, []) if tells in row
        }
        if name in SHEETS:
            setattr(found, name, rows)
        else:
            found.others[name] = rows
        there = {row.get(tells, "") for _, row in rows}
        for gone in sorted(set(found.before[name]) - there):
            notes.append(f"{batch.path.name}: `{gone}` is gone from {name}; it stays in the review")
    return found


def _once(batch: Batch, name: str, tells: str, rows: Iterator[Numbered], notes: list[str]) -> Iterator[Numbered]:
    """The rows without those that have the key of a row above: copies, in which nobody can tell what was meant."""
    seen: dict[str, int] = {}
    for number, row in rows:
        identity = row.get(tells, "")
        if identity and identity in seen:
            above = f"`{identity}` stands in row {seen[identity]} already"
            notes.append(f"{batch.path.name}, {name} row {number}: {above}; empty the {tells} of the new one; left out")
            continue
        seen[identity] = number
        yield number, row


def _rows(batch: Batch, name: str, columns: list[Column], notes: list[str]) -> Iterator[Numbered]:
    listed = batch.tables.get(name, [])
    if not listed:
        return
    keys = []
    known = {folded(column.heading): column.key for column in columns}
    for heading in listed[0][1]:
        key = known.get(folded(heading), "")
        if not key and heading.strip() and name == "studies":
            key = "@" + codebook.slug(heading)
            notes.append(f"{batch.path.name}: the column `{heading}` is taken as an attribute, {key[1:]}")
        elif not key and heading.strip() and not name.endswith(AS_WRITTEN):
            notes.append(f"{batch.path.name}: the column `{heading}` of {name} was left out")
        elif not key and heading.strip():
            key = "@" + codebook.slug(heading)
        keys.append(key)
    for number, cells in listed[1:]:
        row = {key: cell.strip() for key, cell in zip(keys, cells, strict=False) if key and cell.strip()}
        if row:
            yield number, row
