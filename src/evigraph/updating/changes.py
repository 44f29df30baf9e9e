"""A change of a review: planned, its effects on every answer found, and written whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evigraph import data
from evigraph.coding import declared
from evigraph.data import Document, codings
from evigraph.files import journal
from evigraph.linking import Plan, Revision, plan_files, report_values
from evigraph.linking.plan_files import Files
from evigraph.paths import Workspace
from evigraph.queries.answers import State
from evigraph.reports import differences
from evigraph.reports.differences import RowChange
from evigraph.reports.verdicts import Judge

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


def of(revision: Revision) -> Plan:
    """A revision as a plan, with reports that follow their records."""
    report_values.settle(revision)
    return Plan(contents=revision.contents, studies=revision.studies, notes=revision.notes)


def settled(made: Plan, documents: list[Document]) -> Plan:
    """The plan, with reports that follow their records."""
    revision = Revision(documents)
    revision.contents, revision.studies = made.contents, made.studies
    report_values.settle(revision)
    made.notes += revision.notes
    return made


def change(workspace: Workspace, title: str, plan: Callable[[list[Document]], Plan], dry_run: bool) -> Outcome:
    """Plan a change of the documents, show what follows from it, and write it whole, unless it is only tried.

    Raises:
        EvigraphError: what the plan raises, or a document could not be taken as it would stand; nothing is written.
    """
    if dry_run:
        return _planned(workspace, plan)[0]
    with journal.locked(workspace.root):
        tried, texts, keep = _planned(workspace, plan)
        writes = {plan_files.file(workspace, name): text for name, text in texts.items()}
        writes |= {**codings.cell_files(workspace, tried.plan.cells), **tried.plan.files}
        entry = journal.commit(workspace.root, title, writes)
        keep()
    return Outcome(tried.plan, tried.rows, tried.verdicts, len(entry.files))


def _planned(workspace: Workspace, plan: Callable[[list[Document]], Plan]) -> tuple[Outcome, Files, Callable[[], None]]:
    """The outcome of a change, the files that it writes, and what keeps its answers once they are written."""
    documents = data.read_documents(workspace)
    made = plan(documents)
    declared.declare(made, documents)
    texts = plan_files.files(made, documents)
    after = plan_files.merged(workspace, documents, made, texts)
    if not made.contents:
        return Outcome(made, [], [], None), texts, lambda: None
    found = effects(workspace, documents, after)
    made.notes += found.late
    return Outcome(made, found.rows, found.verdicts, None), texts, found.keep


@dataclass(frozen=True)
class Effects:
    """What differs between two states of a review.

    Attributes:
        rows: of canned queries. verdicts: on printed figures. keep: keeps the answers of the second state,
        once it is written. late: a line for each query that gave no answer in time.
    """

    rows: list[RowChange]
    verdicts: list[RowChange]
    keep: Callable[[], None]
    late: tuple[str, ...] = ()


def effects(workspace: Workspace, before: list[Document], after: list[Document]) -> Effects:
    """The rows of canned queries, and the verdicts on printed figures, that differ between two states of a review."""
    first, judge = State(workspace, before), Judge(workspace)
    verdicts = judge.verdicts(first)
    second = State(workspace, after, first)
    late: list[str] = []
    rows = differences.answers(workspace, first, second, late)
    later = judge.later(verdicts, first, second)

    def keep() -> None:
        second.keep()
        judge.keep(second, later)

    return Effects(rows, differences.row_changes("reproduce", verdicts.report, later.report), keep, tuple(late))
