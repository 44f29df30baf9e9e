"""The document that states the numbers of a linked PRISMA 2020 diagram."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evigraph.data import Document
from evigraph.data.quads import arranged
from evigraph.errors import DataError
from evigraph.ingest import Batch

DOCUMENT = "flow"
"""The name of the document that a linked diagram becomes."""


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
