"""Files into a review: linked as new studies, or their screening decisions taken to the records that are held."""

from __future__ import annotations

from pathlib import Path

from evigraph import ingest
from evigraph.coding import sheet_in, workbook_in
from evigraph.data import Document
from evigraph.linking import Options, Plan, blocks, plans, screening_files, tied
from evigraph.linking.screening_files import Screened
from evigraph.paths import Workspace
from evigraph.updating.changes import Outcome, change, of, settled


def link(workspace: Workspace, files: list[Path], options: Options, dry_run: bool) -> Outcome:
    """Link files into the workspace; with `dry_run` nothing is written.

    Raises:
        DataError: a file can't be read, or a document could not be taken as it would stand; nothing is written.
    """
    batches = [ingest.read(path, workspace, options.by, encoding=options.encoding) for path in files]
    title = f"link {' '.join(path.name for path in files)}"

    def planned(documents: list[Document]) -> Plan:
        made = plans.plan(documents, batches, options, blocks.blocks(workspace, documents))
        sheet_in.link(made, documents, options)
        workbook_in.link(made, documents, options)
        return settled(made, documents)

    return change(workspace, title, planned, dry_run)


def screen(
    workspace: Workspace,
    files: list[Path],
    stage: str,
    dry_run: bool,
    decision: str = "",
    who: str = "",
    encoding: str = "",
    reason: str = "",
) -> tuple[Outcome, Screened]:
    """Take the decisions of a screening tool's files to the records that are held; with `dry_run` write nothing.

    `decision`, `stage`, `who` and `reason` hold where a file tells no verdict, stage, name and reason; `encoding` is
    that of the files.

    Raises:
        DataError: a file can't be read, or tells another stage. UsageError: a file holds no decision.
    """
    batches = [ingest.read(path, workspace, decision=decision, encoding=encoding) for path in files]
    found: list[Screened] = []
    given = screening_files.Constants(stage, ingest.decisions.person(who), reason)

    def planned(documents: list[Document]) -> Plan:
        found.append(screening_files.screen(documents, batches, given))
        tied.settle(found[0].revision, set(), "")
        made = of(found[0].revision)
        made.batches, made.ids = batches, [[] for _ in batches]  # no record of theirs becomes one of the review's
        return made

    title = f"link --screening {' '.join(path.name for path in files)}"
    return change(workspace, title, planned, dry_run), found[0]
