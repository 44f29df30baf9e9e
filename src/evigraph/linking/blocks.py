"""The blocks of the records and reports that a review holds, worked out once for each document."""

from __future__ import annotations

import json

from evigraph.data import Document
from evigraph.files import cache
from evigraph.matching.pairs import blocks_of
from evigraph.matching.traits import Traits
from evigraph.paths import Workspace


def blocks(workspace: Workspace, documents: list[Document]) -> dict[str, list[str]]:
    """The names of the blocks of every record and report by its id."""
    digests = [document.digest for document in documents if document.digest]
    kept = cache.values(workspace, "blocks-3", digests)
    found: dict[str, list[str]] = {}
    made = {}
    for document in documents:
        one = _read(kept.get(document.digest, ""))
        if one is None:
            items = [*document.content.get("reports", ()), *document.content.get("records", ())]
            one = {item["id"]: blocks_of(Traits(item)) for item in items}
            if document.digest:
                made[document.digest] = json.dumps(one)
        found |= one
    cache.remember(workspace, "blocks-3", made, digests)
    return found


def _read(text: str) -> dict[str, list[str]] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
