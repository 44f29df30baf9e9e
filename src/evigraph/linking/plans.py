"""New studies into a review: what linking files would change, and the documents that do it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from evigraph import data
from evigraph.data import Document, quads
from evigraph.errors import DataError
from evigraph.ingest import Batch, Record
from evigraph.linking import (
    again,
    flow,
    notices,
    reasons,
    sameness,
    screening,
    searches,
    study_documents,
    study_drafts,
    tied,
)
from evigraph.linking.model import Options, Plan
from evigraph.linking.revisions import Revision
from evigraph.matching import duplicates


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
    made = Plan(batches=[notices.marked(batch) for batch in reasons.parted(batches, documents)])
    revision = Revision(documents)
    known = [*revision.reports(), *revision.records()]
    linked, decided = _linked(made, revision, options, documents)
    new = [
        {**record.values, "id": f"record/{slug}/{position}"}
        for slug, batch in linked
        for position, record in enumerate(batch.records, 1)
    ]
    found = duplicates.resolved(new, known, blocks, sameness.undetermined(revision) if new else ())
    made.matches = {match.record: match for match in found.matches}
    made.doubts = found.doubts
    held = {item["id"] for item in known}
    for slug, batch in linked:
        revision.contents[f"records/{slug}"] = searches.document(made, slug, batch, options, held)
        made.notes += searches.screened_already(made, slug, batch, held, options)
    for match in found.merged:
        sameness.absorb(revision, match)
    for identity, record in decided:
        if not revision.record(identity).get("duplicateOf", "").startswith("report/"):
            screening.decide(revision, identity, record.decisions)
    _studies(made, revision, linked, options)
    made.contents |= revision.contents
    made.studies |= revision.studies
    made.notes += revision.notes
    return made


def _linked(
    made: Plan, revision: Revision, options: Options, documents: list[Document]
) -> tuple[list[tuple[str, Batch]], list[tuple[str, Record]]]:
    """The searches that are new, each by its slug with its new records, and the held records that come with decisions.

    What is no search is taken into the plan at once, or later, when the studies are known: see `sheet_in` and
    `workbook_in`.
    """
    taken = {document.name for document in documents}
    states = again.States(revision)
    linked: list[tuple[str, Batch]] = []
    decided: list[tuple[str, Record]] = []
    for number, batch in enumerate(made.batches):
        made.ids.append([])
        if batch.studies:
            _own_studies(made, batch, documents, options.date)
            continue
        if batch.flow:
            _flow(made, batch, documents)
            continue
        if batch.tables or (batch.extracts and not batch.records):
            continue
        fresh = states.fresh(batch, options)
        if fresh.whole:
            made.again[number] = fresh.note
        elif fresh.note:
            made.notes.append(fresh.note)
        decided += again.decided(batch, fresh.held)
        ids: list[str] = []
        if not fresh.whole:
            slug = study_drafts.free(f"{options.date}-{study_drafts.slugged(batch.path.stem)[:40]}", "records/", taken)
            linked.append((slug, fresh.batch))
            ids = [f"record/{slug}/{position}" for position in range(1, len(fresh.batch.records) + 1)]
            states.add(searches.document(made, slug, fresh.batch, options, set()))
        left = iter(ids)
        made.ids[-1] += [fresh.held.get(i) or next(left) for i in range(len(batch.records))]
    return linked, decided


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


def _studies(made: Plan, revision: Revision, linked: list[tuple[str, Batch]], options: Options) -> None:
    """A study for every included publication that is in no study yet; decisions about a duplicate go to its first.

    Notices come last, for what they are about may be in the same file.
    """
    tied.mark(revision)
    pending: list[tuple[str, study_drafts.Included | None]] = []
    for slug, batch in linked:
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
            included = _included(row, record, first == identity, options)
            if notices.told(best := revision.best(first))[0] or notices.plainly(best):
                pending.append((first, included))
            elif included:
                revision.add_study(row, included)
    fresh = {each for ids in made.ids for each in ids}
    tied.settle(revision, fresh, options.who)
    notices.attach(revision, pending, options.who)
    for slug, batch in linked:
        made.notes += notices.retracted(revision, batch, slug, made.matches)


def _included(row: dict[str, Any], record: Record, first: bool, options: Options) -> study_drafts.Included | None:
    """What the inclusion of a record rests on, or nothing if it isn't included."""
    decided = screening.decisions_of(row)
    linked = not record.decisions and not options.screen
    if linked and (first or not decided):
        basis = f"Linked as a study{f' by {options.who}' if options.who else ''}."
        return study_drafts.Included(basis, options.who, options.date)
    last = any(each.stage == "full-text" for each in decided) or not options.screen
    counts = decided and last and screening.verdict_of(decided) == "include"
    return screening.inclusion_of(decided) if counts else None


def _own_studies(made: Plan, batch: Batch, documents: list[Document], date: str) -> None:
    """Study documents of ours: a new one is taken, the same one again is passed over, another one is an error."""
    held: dict[str, Any] = {document.name: document.content for document in documents} | made.contents
    known = study_documents.known(held, batch)
    coding, coders = study_documents.coding_of(batch, date)
    for place, content in enumerate(batch.studies, 1):
        name = f"studies/{str(content.get('id', '')).removeprefix('study/')}"
        if not re.fullmatch(r"studies/[a-z0-9][a-z0-9-]*", name) or not isinstance(content.get("label"), str):
            message = f"study {place}: the id is `study/` and small letters, digits and hyphens, and a label is needed"
            raise DataError(batch.path, 0, message)
        content, lacking = study_documents.adapted(content, known, coding)
        made.notes += lacking
        if name in held and quads.arranged(content) != quads.arranged(held[name]):
            message = f"{content['id']} is in the review already, and differs; rename it, or edit {name}.yaml"
            raise DataError(batch.path, 0, message)
        if name in held:
            made.notes.append(f"{content['id']} is in the review already, the same")
        else:
            made.contents[name] = quads.arranged(content)
            made.studies[name] = content["label"]
            if any(node.get("coding") == coding for _, node in data.nodes(content)):
                made.contents |= {each: told for each, told in coders.items() if each not in held}
