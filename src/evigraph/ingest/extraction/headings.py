"""Where a sheet's headings are, and its rows by them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from evigraph.ingest.extraction.mapping import Columns, key
from evigraph.ingest.fields import values
from evigraph.ingest.fields.values import plain
from evigraph.ingest.tables.sheets import Row

HEADING_ROWS = 40
"""How far down a table its headings are looked for."""

Cells = dict[str, list[str]]
"""The filled cells of a row by heading, as headings are compared."""


@dataclass
class Table:
    """The headings of a table and its rows.

    Attributes:
        headings: as they are written, one a column. rows: each with its number and its filled cells. depth: how many
        rows the headings are. errors: cells that a spreadsheet couldn't calculate, by row and heading; they are empty.
    """

    headings: list[str]
    rows: list[tuple[int, Cells]] = field(default_factory=list)
    depth: int = 1
    errors: list[tuple[int, str, str]] = field(default_factory=list)


def fits(columns: Columns, rows: list[Row]) -> bool:
    """The headings that tell such a sheet are all in one row."""
    needed = {key(each) for each in columns.needs}
    return bool(needed) and any(needed <= {key(cell) for cell in cells} for _, cells in rows[:HEADING_ROWS])


def table(rows: list[Row], known: Iterable[str], depth: int = 1) -> Table | None:
    """The rows below the row of headings that has most of the known ones; nothing where no row has any."""
    wanted = {key(each) for each in known}
    best: tuple[int, int, list[str]] = (0, 0, [])
    for at in range(min(len(rows), HEADING_ROWS)):
        names = headings([cells for _, cells in rows[at : at + depth]])
        score = len(wanted & {key(each) for each in names})
        if score > best[0]:
            best = score, at, names
    score, at, names = best
    if not score:
        return None
    found = Table(names, depth=depth)
    keys = [key(each) for each in names]
    again = _again(names)
    for number, cells in rows[at + depth :]:
        if [key(cell) for cell in cells] == keys:
            continue  # the headings again, where files were put together
        filled: Cells = {}
        for name, heading, cell in zip(keys, names, cells, strict=False):
            if values.is_error(cell):
                found.errors.append((number, heading, cell.strip()))
            elif name and (text := plain(cell)):
                filled.setdefault(name, []).append(text)
        for i, name in again.items():
            if i < len(cells) and not values.is_error(cells[i]) and (text := plain(cells[i])):
                filled[name] = [text]
        if any(plain(cell) for cell in cells):
            found.rows.append((number, filled))
    return found


def _again(names: list[str]) -> dict[int, str]:
    """What a recipe may call a column whose heading stands several times: `Model (1)`, `Model (2)`, from the left."""
    keys = [key(each) for each in names]
    counts = Counter(each for each in keys if each)
    seen: Counter[str] = Counter()
    found = {}
    for i, each in enumerate(keys):
        seen[each] += 1
        if counts[each] > 1 and (own := key(f"{names[i]} ({seen[each]})")) not in counts:
            found[i] = own
    return found


def headings(rows: list[list[str]]) -> list[str]:
    """One heading a column; the upper ones of several rows reach to the right until the next."""
    width = max((len(cells) for cells in rows), default=0)
    made = [""] * width
    for depth, cells in enumerate(rows):
        above = ""
        for i in range(width):
            cell = plain(cells[i]) if i < len(cells) else ""
            if depth < len(rows) - 1:
                above = cell or above
                cell = above
            made[i] = f"{made[i]} | {cell}".strip(" |") if cell and cell != made[i] else made[i]
    return made
