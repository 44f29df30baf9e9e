"""Commands about the rounds of a review: what was searched and screened together."""

from __future__ import annotations

import datetime

import click

from evigraph.cli.base import (
    ROW_FORMATS,
    emit,
    format_option,
    main,
    output_option,
    own_workspace,
    rendered,
    workspace_of,
)
from evigraph.cli.linking import day, show


@main.group()
def round() -> None:
    """Close a round of searches and screening, and list the rounds.

    PRISMA's diagram of an updated review counts the searches of one round; the
    studies of the rounds before it are those of the previous version.

    \b
    Examples: evigraph round close 2026
              evigraph round list
    """


@round.command()
@click.argument("name")
@click.option("--date", metavar="YYYY-MM-DD", default="", help="When it was closed; today, if that isn't said.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@format_option(("text", "json"), "text")
@click.pass_context
def close(context: click.Context, name: str, date: str, dry_run: bool, syntax: str) -> None:
    """Close the open round under NAME, once all its records are decided.

    \b
    Example: evigraph round close 2026
    """
    from evigraph import updating
    from evigraph.linking import Revision, rounds

    on = day(date) or datetime.datetime.now(datetime.UTC).date().isoformat()
    workspace = own_workspace(context)
    outcome = updating.change(
        workspace,
        f"round close {name}",
        lambda found: updating.of(rounds.close(Revision(found), name, on)),
        dry_run,
    )
    show(outcome, syntax)


@round.command("list")
@format_option(ROW_FORMATS, "table")
@output_option
@click.pass_context
def listed(context: click.Context, syntax: str, output: str | None) -> None:
    """Every round, with what its searches found.

    \b
    Example: evigraph round list
    """
    from evigraph.queries.build import answer

    emit(rendered(answer(workspace_of(context), "rounds", {}), syntax), output)
