"""Exports of evigraph as what can be linked: the study documents of a graph, the reports of a workbook."""

from __future__ import annotations

import re
from pathlib import Path

from evigraph.data import nodes, versions
from evigraph.errors import DataError
from evigraph.ingest.model import Batch
from evigraph.ingest.tables.sheets import Row

CODINGS = "a coding of another review"
"""What codings are called, which have no label: who coded what is told for their own review alone."""


def is_graph(text: str) -> bool:
    """Whether a text is a review as JSON-LD or N-Quads, as `export` writes them."""
    head = text[:4096].lstrip()
    jsonld = head.startswith("{") and '"@context"' in head and "w3id.org/evigraph/ns#" in head
    quads = re.match(r"<https?://[^>\s]+> <[^>\s]+> .* <[^>\s]+> \.$", head.partition("\n")[0])
    return jsonld or bool(quads and "w3id.org/evigraph/ns#" in text)


def from_graph(path: Path, digest: str, encoding: str) -> Batch:
    """The studies of such a text, with what the records that they refer to are called.

    Raises:
        DataError: it can't be read, or holds no study.
    """
    documents = versions.exported(path)
    studies = [each.content for each in documents if each.name.startswith("studies/")]
    if not studies:
        raise DataError(path, 0, "a review without a study; there is nothing to link")
    review = next(each.content for each in documents if each.name == "review")
    told: dict[str, str] = {"base": str(review.get("base", ""))}
    for node in (node for document in documents for _, node in nodes(document.content)):
        told[node["id"]] = str(node.get("label") or (CODINGS if node.get("type") == "Coding" else ""))
    note = f"{len(studies)} studies of the review “{review.get('title', '')}”, {review.get('base', '')}"
    return Batch(path, "study", encoding, digest, len(studies), (), (), (note,), tuple(studies), labels=told)


def reports_of(book: dict[str, list[Row]]) -> tuple[dict[str, list[Row]], list[str]]:
    """The sheet of reports alone, of a workbook that `export` wrote; any other one as it is. And a note on that."""
    firsts = [rows[0][1][:2] if rows else [] for rows in (book.get("studies", []), book.get("reports", []))]
    if not all(cells[:1] == ["id"] for cells in firsts):
        return book, []
    note = (
        "a workbook that `evigraph export` wrote: its reports are taken; an export as jsonld or nquads has"
        " what the studies are coded with, too"
    )
    return {"reports": book["reports"]}, [note]
