"""What a coder gives back: the rows of a workbook by the keys of their columns, now and as they were written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from evigraph import codebook
from evigraph.ingest import Batch
from evigraph.ingest.mapping import folded
from evigraph.sheeting import Column, Shown
from evigraph.workbook import AS_WRITTEN, CODER, README

Row = dict[str, str]
"""The cells of a row by the key of their column."""


@dataclass
class Given:
    """What one coder gives back.

    Attributes:
        coder: the name. file: the workbook's name. studies, findings: the rows of each sheet with their numbers.
        before: for each sheet the rows as they were written, by key or id.
    """

    coder: str
    file: str
    studies: list[tuple[int, Row]] = field(default_factory=list)
    findings: list[tuple[int, Row]] = field(default_factory=list)
    before: dict[str, dict[str, Row]] = field(default_factory=dict)


def given(batch: Batch, shown: Shown, who: str, notes: list[str]) -> Given:
    """A workbook's rows; the coder is who its own cell names, or `who`. What is odd goes into `notes`."""
    named = next((cells[1] for _, cells in batch.tables.get(README, []) if cells[:1] == [CODER] and len(cells) > 1), "")
    found = Given(named.strip() or who or batch.path.stem, batch.path.name)
    for name, columns in (("studies", shown.study_columns()), ("findings", shown.finding_columns())):
        rows = list(_rows(batch, name, columns, notes))
        tells = "key" if name == "studies" else "id"
        found.before[name] = {
            row[tells]: row for _, row in _rows(batch, name + AS_WRITTEN, columns, []) if tells in row
        }
        setattr(found, name, rows)
        there = {row.get(tells, "") for _, row in rows}
        for gone in sorted(set(found.before[name]) - there):
            notes.append(f"{batch.path.name}: `{gone}` is gone from {name}; it stays in the review")
    return found


def _rows(batch: Batch, name: str, columns: list[Column], notes: list[str]) -> Iterator[tuple[int, Row]]:
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
