"""Findings of version 0.1 that were rows of two tables of one review, as today's: ordinary findings with values."""

from __future__ import annotations

from typing import Any

from evigraph.data import Document, Trail

ATTRIBUTES = {
    "MasteryFinding": {
        "outcomes": "mastery-outcome",
        "measurements": "mastery-measurement",
        "assessment": "assessment",
        "course": "course",
    },
    "MotivationFinding": {
        "increasing": "increasing",
        "decreasing": "decreasing",
        "methodology": "methodology",
        "tools": "measurement-tool",
    },
}
"""The keys that each kind of finding had in 0.1, with the attributes whose values they are today."""


def is_old(finding: dict[str, Any]) -> bool:
    """Whether a finding is of a kind that today's vocabulary doesn't have."""
    return finding.get("type") in ATTRIBUTES


def migrated(document: Document, trail: Trail, finding: dict[str, Any]) -> dict[str, Any]:
    """The finding as one of no special kind, with a value of an attribute for each part of its cells, in their order.

    Raises:
        DataError: a cell can't be read as 0.1 wrote it, or the finding has `characteristics` as well.
    """
    if not is_old(finding):
        return finding
    if "characteristics" in finding:
        message = f"has `characteristics`, and is a {finding['type']} of 0.1; make it a Finding, or take them away"
        raise document.error((*trail, "characteristics"), message, finding["type"])
    attributes = ATTRIBUTES[finding["type"]]
    made = {key: value for key, value in finding.items() if key not in attributes} | {"type": "Finding"}
    identity = "characteristic/" + str(finding.get("id", "")).removeprefix("finding/")
    values = []
    for key, attribute in attributes.items():
        parts = _texts(document, (*trail, key), finding.get(key, []))
        for number, text in enumerate(parts, 1):
            value = {"id": f"{identity}/{attribute}-{number}", "type": "Characteristic", "attribute": attribute}
            place = {"position": number} if len(parts) > 1 else {}
            values.append({**value, "state": "stated", "text": text, **place})
    return {**made, "characteristics": values} if values else made


def _texts(document: Document, trail: Trail, cell: Any) -> list[str]:
    """The parts of a cell in their printed order; a cell of one part is a text."""
    if isinstance(cell, str):
        return [cell]
    if isinstance(cell, list) and all(isinstance(e, dict) and isinstance(e.get("text"), str) for e in cell):
        places = [e.get("position") for e in cell]
        if all(isinstance(place, int) for place in places) and len(set(places)) == len(places):
            return [e["text"] for e in sorted(cell, key=lambda e: int(e["position"]))]
    mend = "each part needs its text, and a position of its own" if isinstance(cell, list) else "write it in quotes"
    raise document.error(trail, f"can't be read as version 0.1 wrote it; {mend}", cell)
