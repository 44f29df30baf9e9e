"""Keys that stand on a record of a class that hasn't got them, and values that hold nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evigraph import data, ontology
from evigraph.data import Document

Row = tuple[str, str, str]
"""A record's IRI, a key, and what is wrong."""


def violations(documents: list[Document]) -> Iterator[Row]:
    """Every key of another class, and every text that is empty or blank."""
    base = data.base(documents)
    for document in documents:
        for _, node in data.nodes(document.content):
            kind = str(node["type"])
            for key, value in node.items():
                if key not in ("id", "type"):
                    if not ontology.may_have(kind, key):
                        yield base + node["id"], key, _misplaced(key, kind)
                    if _is_blank(value):
                        yield base + node["id"], key, f"`{key}` is empty; fill it in, or leave the line out"


def _misplaced(key: str, kind: str) -> str:
    holders = sorted(ontology.holders(key))
    whose = f"one of {', '.join(holders)}" if len(holders) > 1 else f"a {holders[0]}"
    return f"`{key}` is a key of {whose}, and this is a {kind}; move it to where it belongs, or take it away"


def _is_blank(value: Any) -> bool:
    if isinstance(value, list):
        return any(isinstance(each, str) and not each.strip() for each in value)
    return isinstance(value, str) and not value.strip()
