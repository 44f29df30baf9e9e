"""A linked file as a document of the review: the search, and every record that it holds."""

from __future__ import annotations

from typing import Any

from evigraph.data import Document, quads
from evigraph.ingest import Batch, Decision
from evigraph.linking import screening
from evigraph.linking.model import Options, Plan
from evigraph.matching.duplicates import Match


def document(made: Plan, slug: str, batch: Batch, options: Options, held: set[str]) -> dict[str, Any]:
    """A search's document: the file, and every record that it holds."""
    rows = []
    for position, record in enumerate(batch.records, 1):
        identity = f"record/{slug}/{position}"
        row = {"id": identity, "type": "Record", "position": position, "line": record.line, **record.values}
        if not options.screen:
            row.pop("abstract", None)  # it is kept for who screens, and belongs to its publisher
        match = made.matches.get(identity)
        if match:
            row["duplicateOf"] = match.other
            row["matches"] = [_match(slug, position, match)]
        linked = Decision("include", "full-text", options.who, screening.LINKED, options.date)
        given = record.decisions or (() if options.screen or (match and match.other in held) else (linked,))
        if decisions := screening.rows(row, given):
            row["decisions"] = decisions
        rows.append(quads.arranged(row))
    content = {
        **{"id": f"search/{slug}", "type": "Search", "label": options.label or batch.path.name, "date": options.date},
        **{"count": batch.present, "file": batch.path.name, "digest": batch.digest, "format": batch.format},
        **({"kind": options.source} if options.source else {}),
        **({"decidedBy": options.who} if options.who else {}),
        **({"rejected": [f"line {e.line}: {e.reason}" for e in batch.rejected]} if batch.rejected else {}),
    }
    return {**quads.arranged(content), "records": rows}


def _match(slug: str, position: int, match: Match) -> dict[str, Any]:
    return {
        **{"id": f"match/{slug}/{position}", "type": "Match", "comparedWith": match.compared, "sameness": "same"},
        **{"basis": match.basis, "score": match.score if match.score % 1 else int(match.score)},
    }


def screened_already(made: Plan, slug: str, batch: Batch, held: set[str]) -> list[str]:
    """A note on a file that a screening tool wrote about records that the review has."""
    identities = [f"record/{slug}/{position}" for position in range(1, len(batch.records) + 1)]
    again = sum(each in made.matches and made.matches[each].other in held for each in identities)
    decided = sum(bool(record.decisions) for record in batch.records)
    if not decided or 2 * again <= len(identities):
        return []
    name = batch.path.name
    return [
        f"{name}: {again} of {len(identities)} records are held already, and {decided} carry decisions; to take the"
        f" decisions only: evigraph link {name} --screening"
    ]


def identify(made: Plan, documents: list[Document], record: str, report: str) -> None:
    """Let a record that was linked earlier name the report that it has now."""
    name = f"records/{record.split('/')[1]}"
    content = made.contents.get(name) or next(each.content for each in documents if each.name == name)
    rows = [{**each, "identifies": report} if each["id"] == record else each for each in content["records"]]
    made.contents[name] = {**content, "records": rows}


def waiting(contents: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The records, of documents by name, that are no study yet and duplicate none."""
    return [
        record
        for name, content in contents.items()
        if name.startswith("records/")
        for record in content["records"]
        if not {"duplicateOf", "identifies"} & set(record)
    ]
