"""Tables that are exports of a known shape, told by their headings: files of RevMan, of Covidence and of ORKG."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable

from evigraph.errors import counted
from evigraph.ingest.extraction import covidence, orkg, revman
from evigraph.ingest.extraction.shape import Shape, Sheet
from evigraph.ingest.fields.values import plain
from evigraph.ingest.model import Rejected
from evigraph.ingest.tables import record_rows
from evigraph.ingest.tables.sheets import Row

BAD_ROW = "not a row of CSV: a quote stays open, or a cell is too long; mend it"
HEAD = 2**16
"""How many characters may hold the row of headings."""
SAMPLE = 100
"""How many rows may tell what a sheet is."""
Reader = Callable[[Shape, Sheet, str], None]
KNOWN: tuple[tuple[Callable[[list[str], str], str], Reader], ...] = (
    (covidence.recognised, covidence.read),
    (revman.recognised, revman.read),
    (orkg.recognised, orkg.read),
)
"""What recognises a shape by its headings and the rows that follow, and what reads it; tried in this order."""


def looks_known(text: str) -> bool:
    """Whether the first row of a text is that of a known export; who says no needn't take it apart."""
    head = text[:HEAD].lstrip("\ufeff\r\n ")
    try:
        return any(_told(next(csv.reader(io.StringIO(head), delimiter=each), []), head) for each in ",;\t")
    except csv.Error:
        return False


def of_text(text: str) -> Shape | None:
    """What a text of CSV says, if it is a known export; a row that is none of CSV is rejected."""
    if not looks_known(text):
        return None
    rows, bad = record_rows.csv_table(text, {})
    made = read({"": rows})
    if made is not None:
        made.rejected += [Rejected(number, BAD_ROW) for number, _ in bad]
    return made


def read(found: dict[str, list[Row]]) -> Shape | None:
    """What the sheets of a file say, if one of them is a known export; the others are named."""
    made, names, other = Shape(""), [], []
    for sheet, rows in found.items():
        table = _sheet(rows)
        sample = "\n".join(" ".join(cells.values()) for _, cells in table.rows[:SAMPLE])
        told = _told(table.headings, sample)
        if told is None:
            other.append(f"sheet `{sheet}` is of no known export; {counted(len(rows), 'row')} passed over")
            continue
        name, reader = told
        names.append(name)
        before = len(made.extracts)
        reader(made, table, name)
        where = f"sheet `{sheet}` " if len(found) > 1 else ""
        made.notes.append(f"{where}recognised as {name} by its headings: {counted(len(made.extracts) - before, 'row')}")
    if not names:
        return None
    made.format = " + ".join(dict.fromkeys(names))
    made.notes += [each for each, rows in zip(other, found.values(), strict=False) if rows]
    return made


def _told(headings: list[str], sample: str) -> tuple[str, Reader] | None:
    for recognised, reader in KNOWN:
        if name := recognised(headings, sample):
            return name, reader
    return None


def _sheet(rows: list[Row]) -> Sheet:
    """A table by its first row; a heading that stands again is numbered, one without words is called by its place."""
    filled = [row for row in rows if any(cell.strip() for cell in row[1])]
    if not filled:
        return Sheet([], [])
    seen: Counter[str] = Counter()
    names = []
    for at, cell in enumerate(filled[0][1], 1):
        name = plain(cell) or f"column {at}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    made = []
    for number, cells in filled[1:]:
        padded = [plain(cell) for cell in cells] + [""] * len(names)
        made.append((number, dict(zip(names, padded, strict=False))))
    return Sheet(names, made)
