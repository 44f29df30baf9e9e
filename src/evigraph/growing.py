"""A link from its files to its answers: read, planned, shown, and written whole."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evigraph import changes, codings, data, extracting, graph, ingest, journal, linking, recoding, reproduce
from evigraph.changes import RowChange
from evigraph.data import Document
from evigraph.ingest import Batch
from evigraph.linking import Options, Plan
from evigraph.paths import Workspace
from evigraph.queries import Table
from evigraph.store import EmbeddedStore

SHOWN = 12
"""How many rows of one query a person is shown."""


@dataclass(frozen=True)
class Outcome:
    """What a link did, or would do.

    Attributes:
        plan: what was read and what it comes to. rows: the rows of canned queries that differ. verdicts: the printed
        cells and figures whose verdict differs. written: the number of files written, or None if it was only tried.
    """

    plan: Plan
    rows: list[RowChange]
    verdicts: list[RowChange]
    written: int | None


def link(workspace: Workspace, files: list[Path], options: Options, dry_run: bool) -> Outcome:
    """Link files into the workspace; with `dry_run` nothing is written.

    Raises:
        DataError: a file can't be read, or a document could not be taken as it would stand; nothing is written.
    """
    batches = [ingest.read(path, workspace, options.by) for path in files]
    if dry_run:
        return _planned(workspace, batches, options)[0]
    with journal.locked(workspace.root):
        outcome, made = _planned(workspace, batches, options)
        title = f"link {' '.join(path.name for path in files)}"
        writes = {**linking.writes(workspace, made), **codings.cell_files(workspace, made.cells)}
        entry = journal.commit(workspace.root, title, writes)
    return Outcome(made, outcome.rows, outcome.verdicts, len(entry.files))


def _planned(workspace: Workspace, batches: list[Batch], options: Options) -> tuple[Outcome, Plan]:
    documents = data.read_documents(workspace)
    made = linking.plan(documents, batches, options)
    extracting.link(made, documents, options)
    recoding.link(made, documents, options)
    after = linking.merged(workspace, documents, made)
    rows, verdicts = effects(workspace, documents, after) if made.contents else ([], [])
    return Outcome(made, rows, verdicts, None), made


def effects(
    workspace: Workspace, before: list[Document], after: list[Document]
) -> tuple[list[RowChange], list[RowChange]]:
    """The rows of canned queries, and the verdicts on printed figures, that differ between two states of a review."""
    stores = []
    for documents in (before, after):
        store = EmbeddedStore()
        store.load(graph.canonical(graph.to_quads(documents, data.base(documents))))
        stores.append(store)
    rows = changes.answers(workspace, *stores)
    tables = [_verdicts(workspace, store) for store in stores]
    return rows, changes.row_changes("reproduce", *tables)


def _verdicts(workspace: Workspace, store: EmbeddedStore) -> Table:
    if not (workspace.review / "printed").is_dir():
        return Table("reproduce", (), [])
    return reproduce.report(reproduce.compare_tables(workspace, store), reproduce.stated_figures(workspace, store))


def as_text(outcome: Outcome) -> str:
    """What a person reads: each file's count, each rejected record, new studies, duplicates, and what differs."""
    made = outcome.plan
    lines = []
    for batch in made.batches:
        encoding = f", {batch.encoding}" if batch.encoding else ""
        lines.append(f"{batch.path.name}: {batch.format}{encoding}: {batch.present} {_unit(batch)}, {batch.read} read")
        lines += [f"  line {each.line}: not read: {each.reason}" for each in batch.rejected]
        lines += [f"  {note}" for note in batch.notes]
    lines += [f"+ {label}" for label in made.studies.values()]
    lines += [f"= {each.record} duplicates {each.other}: {each.basis}" for each in made.matches.values()]
    lines += made.notes
    if outcome.rows or outcome.verdicts:
        lines += ["", "Answers that differ:"]
    lines += _shown([*outcome.rows, *outcome.verdicts])
    lines += ["", _closing(outcome)]
    return "\n".join(lines) + "\n"


def _unit(batch: Batch) -> str:
    return "rows" if batch.tables or (batch.extracts and not batch.records) else "records"


def _shown(rows: list[RowChange]) -> list[str]:
    """The rows of each query, up to `SHOWN` of them."""
    lines = []
    for query, group in itertools.groupby(rows, key=lambda each: each.query):
        listed = list(group)
        lines += [changes.row_text(each) for each in listed[:SHOWN]]
        if len(listed) > SHOWN:
            lines.append(f"  {query}: {len(listed) - SHOWN} rows more; --format json shows them all")
    return lines


def _closing(outcome: Outcome) -> str:
    made = outcome.plan
    counts = f"{len(made.studies)} new studies, {len(made.matches)} duplicates"
    if outcome.written is None:
        return f"{counts}. Nothing was written; link again without --dry-run."
    if not outcome.written:
        return f"{counts}. Nothing to write."
    return f"{counts}. {outcome.written} files written; evigraph undo takes them back."


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The same for a program."""
    made = outcome.plan
    return {
        "files": [_file(made, batch, ids) for batch, ids in zip(made.batches, made.ids, strict=True)],
        "studies": [{"document": name, "label": label} for name, label in made.studies.items()],
        "notes": made.notes,
        "answers": [{"query": e.query, "sign": e.sign, "row": e.row} for e in [*outcome.rows, *outcome.verdicts]],
        "written": outcome.written,
    }


def _file(made: Plan, batch: Batch, ids: list[str]) -> dict[str, Any]:
    return {
        **{"file": batch.path.name, "format": batch.format, "encoding": batch.encoding, "present": batch.present},
        "parsed": batch.read,
        "rejected": [{"line": each.line, "reason": each.reason} for each in batch.rejected],
        "notes": list(batch.notes),
        "records": [
            {"id": identity, "line": record.line, **record.values, **_duplicate(made, identity)}
            for identity, record in zip(ids, batch.records, strict=False)
        ],
    }


def _duplicate(made: Plan, identity: str) -> dict[str, Any]:
    match = made.matches.get(identity)
    return {"duplicateOf": match.other, "basis": match.basis, "score": match.score} if match else {}
