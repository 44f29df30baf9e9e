"""The command that checks a review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from evigraph.cli.base import main, store_option, workspace_of
from evigraph.errors import CheckFailedError, EvigraphError, StoreError
from evigraph.paths import Workspace

if TYPE_CHECKING:
    from evigraph.checks import Violation


@main.command()
@store_option
@click.pass_context
def check(context: click.Context, url: str) -> None:
    """Check every document against the shapes and the check queries.

    With --store, what the server holds is checked, and held against the files.
    Possible duplicates that wait for a person are counted, and are no violation.

    Exit code 0 if all holds, 1 with one line for each violation. An included
    study that was retracted is a warning, on stderr.

    \b
    Example: evigraph check
    """
    from evigraph import data

    with data.file_digests.one_look():
        found = _checked(workspace_of(context), url)
    if found:
        raise CheckFailedError(f"{len(found)} violation{'s' if len(found) > 1 else ''}; each line says how to mend it")
    click.echo("Every document holds to its shapes and checks.")


def _checked(workspace: Workspace, url: str) -> list[Violation]:
    """Print what doesn't hold, and what else a person should know; returns the first."""
    from evigraph import checks
    from evigraph.queries import retracted
    from evigraph.queries.build import answer, remote_store
    from evigraph.reports import possible_duplicates

    try:
        found = checks.check(workspace, remote_store(workspace, url) if url else None)
    except StoreError:
        raise
    except EvigraphError as error:
        raise CheckFailedError(str(error)) from None
    for violation in found:
        click.echo(str(violation))
    for study, why in retracted.included(answer(workspace, "retracted", {}, url).rows).items():
        click.echo(f"warning: {study} is included, and {why}; {retracted.ADVICE}", err=True)
    if waiting := 0 if url else len(answer(workspace, possible_duplicates.QUERY, {}).rows):
        click.echo(f"{possible_duplicates.waiting(waiting)}: evigraph duplicates")
    return found
