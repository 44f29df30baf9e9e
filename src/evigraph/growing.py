"""A link from its files to its answers: read, planned, shown, and written whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evigraph import changes, codings, data, ingest, journal
from evigraph.changes import RowChange
from evigraph.coding import recoding
from evigraph.data import Document
from evigraph.extraction import extracting
from evigraph.ingest import Batch
from evigraph.linking import blocking, planning, screening, writing
from evigraph.linking.planning import Options, Plan
from evigraph.linking.revising import Revision
from evigraph.linking.screening import Screened
from evigraph.linking.writing import Files
from evigraph.paths import Workspace
from evigraph.states import State
from evigraph.verdicts import Judge

SHOWN = 12
"""How many lines of one query a person is shown."""


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
    title = f"link {' '.join(path.name for path in files)}"

    def planned(documents: list[Document]) -> Plan:
        made = planning.plan(documents, batches, options, blocking.blocks(workspace, documents))
        extracting.link(made, documents, options)
        recoding.link(made, documents, options)
        return made

    return change(workspace, title, planned, dry_run)


def screen(workspace: Workspace, files: list[Path], stage: str, dry_run: bool) -> tuple[Outcome, Screened]:
    """Take the decisions of a screening tool's files to the records that are held; with `dry_run` write nothing.

    Raises:
        DataError: a file can't be read. UsageError: a file holds no decision.
    """
    batches = [ingest.read(path, workspace) for path in files]
    found: list[Screened] = []

    def planned(documents: list[Document]) -> Plan:
        found.append(screening.screen(documents, batches, stage))
        made = of(found[0].revision)
        made.batches, made.ids = batches, [[] for _ in batches]  # no record of theirs becomes one of the review's
        return made

    title = f"link --screening {' '.join(path.name for path in files)}"
    return change(workspace, title, planned, dry_run), found[0]


def of(revision: Revision) -> Plan:
    """A revision as a plan."""
    return Plan(contents=revision.contents, studies=revision.studies, notes=revision.notes)


def change(workspace: Workspace, title: str, plan: Callable[[list[Document]], Plan], dry_run: bool) -> Outcome:
    """Plan a change of the documents, show what follows from it, and write it whole, unless it is only tried.

    Raises:
        EvigraphError: what the plan raises, or a document could not be taken as it would stand; nothing is written.
    """
    if dry_run:
        return _planned(workspace, plan)[0]
    with journal.locked(workspace.root):
        tried, texts, keep = _planned(workspace, plan)
        writes = {writing.file(workspace, name): text for name, text in texts.items()}
        entry = journal.commit(workspace.root, title, {**writes, **codings.cell_files(workspace, tried.plan.cells)})
        keep()
    return Outcome(tried.plan, tried.rows, tried.verdicts, len(entry.files))


def _planned(workspace: Workspace, plan: Callable[[list[Document]], Plan]) -> tuple[Outcome, Files, Callable[[], None]]:
    """The outcome of a change, the files that it writes, and what keeps its answers once they are written."""
    documents = data.read_documents(workspace)
    made = plan(documents)
    texts = writing.files(made)
    after = writing.merged(workspace, documents, made, texts)
    if not made.contents:
        return Outcome(made, [], [], None), texts, lambda: None
    found = effects(workspace, documents, after)
    return Outcome(made, found.rows, found.verdicts, None), texts, found.keep


@dataclass(frozen=True)
class Effects:
    """What differs between two states of a review.

    Attributes:
        rows: of canned queries. verdicts: on printed figures. keep: keeps the answers of the second state,
        once it is written.
    """

    rows: list[RowChange]
    verdicts: list[RowChange]
    keep: Callable[[], None]


def effects(workspace: Workspace, before: list[Document], after: list[Document]) -> Effects:
    """The rows of canned queries, and the verdicts on printed figures, that differ between two states of a review."""
    first, judge = State(workspace, before), Judge(workspace)
    verdicts = judge.verdicts(first)
    second = State(workspace, after, first)
    rows = changes.answers(workspace, first, second)
    later = judge.later(verdicts, first, second)

    def keep() -> None:
        second.keep()
        judge.keep(second, later)

    return Effects(rows, changes.row_changes("reproduce", verdicts.report, later.report), keep)


def as_text(outcome: Outcome, heading: str = "") -> str:
    """What a person reads: each file's count, each rejected record, new studies, duplicates, and what differs."""
    made = outcome.plan
    lines = [heading] if heading else []
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
    lines += changes.row_lines([*outcome.rows, *outcome.verdicts], SHOWN)
    lines += ["", _closing(outcome)]
    return "\n".join(lines) + "\n"


def _unit(batch: Batch) -> str:
    if batch.flow:
        return "numbers"
    return "rows" if batch.tables or (batch.extracts and not batch.records) else "records"


def _closing(outcome: Outcome) -> str:
    made = outcome.plan
    counts = f"{len(made.studies)} new studies, {len(made.matches)} duplicates"
    if outcome.written is None:
        return f"{counts}. Nothing was written; do it again without --dry-run."
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
