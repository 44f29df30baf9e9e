"""The flow of a review as a PRISMA 2020 diagram: into the R package's CSV, and out of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from evigraph import queries
from evigraph.data import Document
from evigraph.errors import DataError
from evigraph.graph import arranged
from evigraph.ingest import Batch
from evigraph.ingest.prisma import COLUMNS, LISTS, NOTHING, Box, boxes
from evigraph.paths import Workspace
from evigraph.queries import Cell, Table
from evigraph.store import Store

DOCUMENT = "flow"
"""The name of the document that a linked diagram becomes."""


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


def document(batch: Batch, documents: Iterable[Document]) -> dict[str, Any] | None:
    """The document that states a linked diagram's numbers; nothing if the review states them already.

    Raises:
        DataError: the review states other numbers.
    """
    steps = [node for each in documents for node in each.content.get("flow", [])]
    known, new = _totals(steps), _totals(batch.flow)
    for name, count in new.items():
        if steps and count != known.get(name, 0):
            states = known.get(name, "nothing")
            message = f"{name} is {count}, and the review states {states}; mend the file, or the flow of the review"
            raise DataError(batch.path, 0, message)
    return None if steps else arranged({"id": "review", "type": "Review", "flow": list(batch.flow)})


def _totals(steps: Iterable[dict[str, Any]]) -> dict[str, int]:
    """What the steps of a flow come to by the rows of the diagram."""
    by_id = {step["id"]: step for step in steps}

    def count(step: dict[str, Any], depth: int = 0) -> int:
        start = by_id.get(step.get("startsFrom", ""))
        if start is None or depth > len(by_id):
            return int(step.get("count", 0))
        return count(start, depth + 1) - sum(count(by_id[name], depth + 1) for name in step.get("minus", []))

    found: dict[str, int] = {}
    for step in by_id.values():
        if "notation" in step:
            found[step["notation"]] = found.get(step["notation"], 0) + count(step)
    return found
