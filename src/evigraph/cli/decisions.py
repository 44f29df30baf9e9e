"""Commands by which a person decides about records and studies: duplicates, same, distinct, join, screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from evigraph.cli.base import (
    ROW_FORMATS,
    emit,
    format_option,
    main,
    output_option,
    own_workspace,
    raw_option,
    rendered,
    workspace_of,
)
from evigraph.cli.linking import STAGES, show

if TYPE_CHECKING:
    from evigraph.data import Document
    from evigraph.linking import Revision


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--because", metavar="TEXT", default="", help="Why."),
        click.option("--who", metavar="NAME", default="", help="Who decides."),
        click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing."),
        format_option(("text", "json"), "text"),
    ):
        command = option(command)
    return command


def _carried_out(
    context: click.Context, title: str, revise: Callable[[list[Document]], Revision], dry_run: bool, syntax: str
) -> None:
    from evigraph import updating

    workspace = own_workspace(context)
    show(updating.change(workspace, title, lambda found: updating.of(revise(found)), dry_run), syntax)


@main.command()
@click.option("--merged", is_flag=True, help="What is one publication by now, with what parts it again.")
@format_option(("text", *ROW_FORMATS), "text")
@output_option
@raw_option
@click.pass_context
def duplicates(context: click.Context, merged: bool, syntax: str, output: str | None, raw: bool) -> None:
    """List the possible duplicates that wait for a person, side by side.

    Each pair is counted as two publications until you say same or distinct; the
    commands stand below it. No later link asks again, and undo takes a decision
    back. What was decided is in `evigraph run duplicates`.

    \b
    Examples: evigraph duplicates
              evigraph duplicates --merged
    """
    from evigraph.queries.build import answer
    from evigraph.reports import possible_duplicates

    if merged:
        table = possible_duplicates.merged(answer(workspace_of(context), possible_duplicates.DECIDED, {}))
        text = possible_duplicates.merged_as_text(table) if syntax == "text" else rendered(table, syntax, raw)
        return emit(text, output)
    table = answer(workspace_of(context), possible_duplicates.QUERY, {})
    return emit(possible_duplicates.as_text(table) if syntax == "text" else rendered(table, syntax, raw), output)


@main.command()
@click.argument("record")
@click.argument("other")
@_options
@click.pass_context
def same(context: click.Context, record: str, other: str, because: str, who: str, dry_run: bool, syntax: str) -> None:
    """Say that RECORD is of the same publication as OTHER, a record or report.

    RECORD is kept and becomes a duplicate. If a study was made of it that
    nobody has coded, the study goes.

    \b
    Example: evigraph same record/2026-11-25-scopus/3 report/doe-2023
    """
    from evigraph.linking.sameness import Reason
    from evigraph.linking.sameness import same as decided

    reason = Reason(because, who)
    _carried_out(
        context, f"same {record} {other}", lambda found: decided(found, record, other, reason), dry_run, syntax
    )


@main.command()
@click.argument("record")
@click.argument("other")
@_options
@click.pass_context
def distinct(
    context: click.Context, record: str, other: str, because: str, who: str, dry_run: bool, syntax: str
) -> None:
    """Say that RECORD and OTHER are not of one publication, or not of one study.

    Also where the two are one by now: the one that duplicates goes, with its
    decisions, and a study is made of it if it is included; a report that was
    taken for a version of another, or joined to it, gets a study of its own.
    Either may be a record or a report. No later link joins the two again.

    \b
    Example: evigraph distinct record/2026-11-25-scopus/3 report/doe-2023
    """
    from evigraph.linking.sameness import Reason
    from evigraph.linking.sameness import distinct as decided

    reason = Reason(because, who)
    title = f"distinct {record} {other}"
    _carried_out(context, title, lambda found: decided(found, record, other, reason), dry_run, syntax)


@main.command()
@click.argument("study")
@click.argument("other")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@format_option(("text", "json"), "text")
@click.pass_context
def join(context: click.Context, study: str, other: str, dry_run: bool, syntax: str) -> None:
    """Make the reports and findings of study OTHER those of STUDY.

    Their ids stay as they are. A study may have several reports.

    \b
    Example: evigraph join study/doe-2021 study/doe-2023
    """
    from evigraph.linking.sameness import join as joined

    _carried_out(context, f"join {study} {other}", lambda found: joined(found, study, other), dry_run, syntax)


@main.command()
@click.argument("record")
@click.argument("verdict", type=click.Choice(("include", "exclude", "maybe")))
@click.option("--stage", type=click.Choice(STAGES), default="full-text", show_default=True, help="What was read.")
@_options
@click.pass_context
def screen(
    context: click.Context,
    record: str,
    verdict: str,
    stage: str,
    because: str,
    who: str,
    dry_run: bool,
    syntax: str,
) -> None:
    """Decide about one record: include, exclude or maybe.

    At the stage retrieval, exclude says that the report could not be had. A
    later decision of the same person goes before the earlier; the name
    consensus settles what others disagree about.

    \b
    Example: evigraph screen record/2026-11-25-scopus/3 exclude
    """
    from evigraph.ingest import Decision, decisions
    from evigraph.linking import Revision, tied
    from evigraph.linking.sameness import Reason

    decision = Decision(verdict, stage, decisions.person(who), because, Reason().date)

    def revise(documents: list[Document]) -> Revision:
        made = Revision(documents)
        tied.decide(made, record, decision)
        return made

    _carried_out(context, f"screen {record} {verdict}", revise, dry_run, syntax)
