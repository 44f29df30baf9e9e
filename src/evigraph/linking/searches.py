"""A linked file as a document of the review: the search, and every record that it holds."""

from __future__ import annotations

from typing import Any

from evigraph.data import Document, quads
from evigraph.ingest import Batch, Decision
from evigraph.linking import rounds, screening
from evigraph.linking.model import Options, Plan
from evigraph.matching.duplicates import Match


def document(made: Plan, slug: str, batch: Batch, options: Options, held: set[str]) -> dict[str, Any]:
    """A search's document: the file, and every record that it holds."""
    rows = []
    tagged = rounds.names_sources(batch, options.label)
    doubts: dict[str, list[Match]] = {}
    for each in made.doubts:
        doubts.setdefault(each.record, []).append(each)
    for position, record in enumerate(batch.records, 1):
        identity = f"record/{slug}/{position}"
        row = {"id": identity, "type": "Record", "position": position, "line": record.line, **record.values}
        if not options.screen:
            row.pop("abstract", None)  # it is kept for who screens, and belongs to its publisher
        if not tagged:
            row.pop("foundIn", None)
        match = made.matches.get(identity)
        if match:
            row["duplicateOf"] = match.other
        judged = [(match, "same")] if match else []
        judged += [(each, "undecided") for each in doubts.get(identity, [])]
        if judged:
            row["matches"] = [
                _match(f"match/{slug}/{position}{f'-{n}' if n else ''}", each, sameness)
                for n, (each, sameness) in enumerate(judged)
            ]
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
        **({"searchedOn": options.searched} if options.searched else {}),
        **({"searchString": options.string} if options.string else {}),
        **({"rejected": [f"line {e.line}: {e.reason}" for e in batch.rejected]} if batch.rejected else {}),
    }
    return {**quads.arranged(content), "records": rows}


def _match(identity: str, match: Match, sameness: str) -> dict[str, Any]:
    return {
        **{"id": identity, "type": "Match", "comparedWith": match.compared, "sameness": sameness},
        **{"basis": match.basis, "score": match.score if match.score % 1 else int(match.score)},
    }


def screened_already(made: Plan, slug: str, batch: Batch, held: set[str], options: Options) -> list[str]:
    """A note on a file about records that the review has: what it decides of them, or that it makes studies of them."""
    identities = [f"record/{slug}/{position}" for position in range(1, len(batch.records) + 1)]
    others = [made.matches[each].other for each in identities if each in made.matches]
    again = [each for each in others if each in held]
    decided = sum(bool(record.decisions) for record in batch.records)
    name = batch.path.name
    if decided and 2 * len(again) > len(identities):
        return [
            f"{name}: {len(again)} of {len(identities)} records are held already, and {decided} carry decisions; to"
            f" take the decisions only: evigraph link {name} --screening"
        ]
    waiting = sum(each.startswith("record/") for each in again)  # of a study, its report would stand there
    if decided or options.screen or 2 * waiting <= len(identities):
        return []
    return [
        f"{name}: {waiting} of {len(identities)} records are held already, no studies yet, and this link includes them;"
        " if it lists what was excluded, undo, and then:"
        f" evigraph link {name} --screening --decision exclude --stage title-abstract"
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
