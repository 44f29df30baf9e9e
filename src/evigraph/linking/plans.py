"""New studies into a review: what linking files would change, and the documents that do it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evigraph.data import Document, quads
from evigraph.errors import DataError
from evigraph.ingest import Batch, Decision, Record
from evigraph.linking import flow, notices, screening, study_drafts
from evigraph.linking.revisions import Revision
from evigraph.matching import duplicates
from evigraph.matching.duplicates import Match

SOURCES = ("database", "register", "website", "organisation", "citation")
"""Where records come from, as PRISMA 2020 tells them apart."""


@dataclass
class Plan:
    """What linking would change.

    Attributes:
        contents: new and changed documents by name; None removes one. batches: what was read, in order. matches: each
        duplicate with what it duplicates, by the record's id. ids: the records' ids, a list for each batch. studies:
        the new studies' labels by document name. notes: what else a person should know. cells: what each coder of an
        extraction sheet coded, by coder. files: other files of the review as they become.
    """

    contents: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    matches: dict[str, Match] = field(default_factory=dict)
    ids: list[list[str]] = field(default_factory=list)
    studies: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    cells: dict[str, list[tuple[str, str, str, str]]] = field(default_factory=dict)
    files: dict[Path, bytes | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """How files are linked.

    Attributes:
        who: who links them, or empty. label: what the search is called; the file's name if empty. screen: records
        wait until a decision on their full text includes them, instead of becoming studies. source: one of `SOURCES`;
        a database if empty. update: what a sheet codes otherwise than the review goes before it. by: a recipe for the
        sheets. encoding: of the files, where they are texts; empty to find it out. date: YYYY-MM-DD, of the linking.
    """

    who: str = ""
    label: str = ""
    screen: bool = False
    source: str = ""
    update: bool = False
    by: Path | None = None
    encoding: str = ""
    date: str = field(default_factory=lambda: datetime.datetime.now(datetime.UTC).date().isoformat())


def plan(
    documents: list[Document],
    batches: list[Batch],
    options: Options,
    blocks: Mapping[str, list[str]] | None = None,
) -> Plan:
    """What linking the batches to the documents changes; nothing is written. `blocks`: see `pairing.resolved`.

    Raises:
        DataError: a study document of a batch has an id that another content has already.
    """
    made = Plan(batches=[notices.marked(batch) for batch in batches])
    revision = Revision(documents)
    taken = {document.name for document in documents}
    known = [*revision.reports(), *revision.records()]
    new: list[dict[str, Any]] = []
    searches: list[tuple[str, Batch]] = []
    for batch in made.batches:
        made.ids.append([])
        if batch.studies:
            _own_studies(made, batch, documents)
            continue
        if batch.flow:
            _flow(made, batch, documents)
            continue
        if batch.tables or (batch.extracts and not batch.records):
            continue  # what is coded there is taken when the studies are known, see `extracting` and `recoding`
        slug = study_drafts.free(f"{options.date}-{study_drafts.slugged(batch.path.stem)[:40]}", "records/", taken)
        searches.append((slug, batch))
        for position, record in enumerate(batch.records, 1):
            made.ids[-1].append(f"record/{slug}/{position}")
            new.append({**record.values, "id": made.ids[-1][-1]})
    found, bridges = duplicates.resolved(new, known, blocks)
    made.matches = {match.record: match for match in found}
    made.notes += [
        f"{b.record} is like {b.second} too; if it is one: evigraph same {b.record} {b.second}" for b in bridges
    ]
    held = {item["id"] for item in known}
    for slug, batch in searches:
        revision.contents[f"records/{slug}"] = _search(made, slug, batch, options, held)
        made.notes += _screened_already(made, slug, batch, held)
    _studies(made, revision, searches, options)
    made.contents |= revision.contents
    made.studies |= revision.studies
    made.notes += revision.notes
    return made


def _flow(made: Plan, batch: Batch, documents: list[Document]) -> None:
    """The flow that a diagram states, as a document of the review, unless the review states it already."""
    made_before = [Document(batch.path, name, content) for name, content in made.contents.items() if content]
    content = flow.document(batch, [*documents, *made_before])
    if content is None:
        made.notes.append(f"{batch.path.name}: the review states these numbers already")
        return
    made.contents[flow.DOCUMENT] = content
    if any(document.name.startswith("records/") for document in documents):
        made.notes.append(f"{batch.path.name}: searches are linked, so that `prisma-2020` counts their records instead")


def _screened_already(made: Plan, slug: str, batch: Batch, held: set[str]) -> list[str]:
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


def _studies(made: Plan, revision: Revision, searches: list[tuple[str, Batch]], options: Options) -> None:
    """A study for every included publication that is in no study yet; decisions about a duplicate go to its first.

    Notices come last, for what they are about may be in the same file.
    """
    pending: list[tuple[str, str]] = []
    for slug, batch in searches:
        for position, record in enumerate(batch.records, 1):
            identity = f"record/{slug}/{position}"
            first = made.matches[identity].other if identity in made.matches else identity
            if first.startswith("report/"):
                continue
            if first != identity and record.decisions:
                screening.decide(revision, first, record.decisions)
            row = revision.record(first)
            if "identifies" in row:
                continue
            basis = _included(row, record, first == identity, options)
            if notices.told(row)[0]:
                pending.append((first, basis))
            elif basis:
                revision.add_study(row, basis)
    reports = notices.Reports(revision) if pending else None
    for first, basis in pending:
        row = revision.record(first)
        if reports and "identifies" not in row and not reports.attach(revision, row, options.who) and basis:
            revision.add_study(row, basis)
    for slug, batch in searches:
        made.notes += notices.retracted(revision, batch, slug, made.matches)


def _included(row: dict[str, Any], record: Record, first: bool, options: Options) -> str:
    """What the inclusion of a record rests on, or nothing if it isn't included."""
    decided = screening.decisions_of(row)
    linked = not record.decisions and not options.screen
    if linked and (first or not decided):
        return f"Linked as a study{f' by {options.who}' if options.who else ''}."
    last = any(each.stage == "full-text" for each in decided) or not options.screen
    return screening.basis_of(decided) if decided and last and screening.verdict_of(decided) == "include" else ""


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


def _search(made: Plan, slug: str, batch: Batch, options: Options, held: set[str]) -> dict[str, Any]:
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
        linked = Decision("include", "full-text", options.who, "Linked as a study.", options.date)
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


def _own_studies(made: Plan, batch: Batch, documents: list[Document]) -> None:
    """Study documents of ours: a new one is taken, the same one again is passed over, another one is an error."""
    held: dict[str, Any] = {document.name: document.content for document in documents} | made.contents
    for place, content in enumerate(batch.studies, 1):
        name = f"studies/{str(content.get('id', '')).removeprefix('study/')}"
        if not re.fullmatch(r"studies/[a-z0-9][a-z0-9-]*", name) or not isinstance(content.get("label"), str):
            message = f"study {place}: the id is `study/` and small letters, digits and hyphens, and a label is needed"
            raise DataError(batch.path, 0, message)
        if name in held and quads.arranged(content) != quads.arranged(held[name]):
            message = f"{content['id']} is in the review already, and differs; rename it, or edit {name}.yaml"
            raise DataError(batch.path, 0, message)
        if name in held:
            made.notes.append(f"{content['id']} is in the review already, the same")
        else:
            made.contents[name] = quads.arranged(content)
            made.studies[name] = content["label"]
