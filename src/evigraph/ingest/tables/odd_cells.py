"""Cells that a spreadsheet changed by itself: `6-12`, and it made a date of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from evigraph.ingest.tables.sheets import HEADING_ROWS, Row

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+)?")
_OF_DATES = re.compile(
    r"(?i)date|year|month|\bday|time|published|issued|created|modified|updated|accessed|\bon\b|datum|jahr|fecha|period|"
    r"deadline|start|begin|\bend|until|since|screened|added|retrieved|received|accepted"
)


def dates(book: Mapping[str, list[Row]]) -> list[str]:
    """A note on each column that has dates in some of its cells, and whose heading asks for none."""
    notes = []
    for rows in book.values():
        headings = _headings(rows)
        for column, heading in enumerate(headings):
            cells = [(number, row[column]) for number, row in rows if column < len(row) and row[column]]
            found = [(number, cell) for number, cell in cells if _DATE.fullmatch(cell)]
            if found and heading and not _OF_DATES.search(heading):
                first, cell = found[0]
                several = f"{len(found)} cells are dates" if len(found) > 1 else "a cell is a date"
                notes.append(
                    f"column `{heading[:60]}`: {several}, first row {first}, {cell[:10]}; spreadsheets make dates of"
                    " ranges such as 6-12, so look at it"
                )
    return notes


def _headings(rows: list[Row]) -> list[str]:
    """The first row that has as many cells as the widest ones."""
    widest = max((sum(map(bool, row)) for _, row in rows[:HEADING_ROWS]), default=0)
    return next((row for _, row in rows if sum(map(bool, row)) >= max(2, widest - 1)), [])
