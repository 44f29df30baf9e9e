"""The flow of a review as a PRISMA 2020 diagram, in the CSV of the R package PRISMA2020."""

from __future__ import annotations

import re

from evigraph import queries
from evigraph.ingest.prisma_csv import COLUMNS, LISTS, NOTHING, Box, boxes
from evigraph.paths import Workspace
from evigraph.queries import Cell, Table
from evigraph.store import Store


def diagram(workspace: Workspace, store: Store) -> Table:
    """Every row of the package's CSV, filled with the answers of `prisma-2020` and `prisma-2020-parts`.

    A number that nobody knows is `NA`.
    """
    counts = {row[0]: row[1] for row in queries.run(store, queries.load(workspace, "prisma-2020")).rows}
    parts: dict[Cell, list[tuple[str, Cell]]] = {}
    for row, part, count in queries.run(store, queries.load(workspace, "prisma-2020-parts")).rows:
        parts.setdefault(row, []).append((str(part), count))
    rows = [_row(box, _number(box, counts.get(box.data), parts.get(box.data, []))) for box in boxes()]
    return Table("prisma-2020", COLUMNS, rows)


def _row(box: Box, number: Cell) -> tuple[Cell, ...]:
    # The package shows a tooltip for the first row of each node, and names it by that row.
    tooltip = box.description if box.node else ""
    cells = (box.data, box.node, box.box, box.description, box.text, tooltip, "")
    return (*(cell or NOTHING for cell in cells), NOTHING if number is None else number)


def _number(box: Box, count: Cell, parts: list[tuple[str, Cell]]) -> Cell:
    """The number of a row, or its parts as `reason, 3; other reason, 4` where it has any."""
    if not box.counts or box.data not in LISTS or not parts or _tells_nothing(box, parts):
        return count if box.counts else None
    # The package splits at commas and semicolons, so that a part's name has none.
    named = ((re.sub(r"\s*[,;]\s*", " / ", part), number) for part, number in parts)
    return "; ".join(f"{part}, {number}" for part, number in named)


def _tells_nothing(box: Box, parts: list[tuple[str, Cell]]) -> bool:
    return len(parts) == 1 and parts[0][0] in {box.text, box.description, "not reported"}
