"""Commands that say what a review holds in other terms: those of a newer version, or other codes."""

from __future__ import annotations

import json

import click

from evigraph.cli.base import emit, format_option, main, own_workspace


@main.command()
@click.option("--asks", multiple=True, metavar="QUESTION=KIND", help="What a question asks: whether or what; repeat.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@format_option(("text", "json"), "text")
@click.pass_context
def migrate(context: click.Context, asks: tuple[str, ...], dry_run: bool, syntax: str) -> None:
    """Make a workspace of evigraph 0.1 today's.

    The direction of each finding becomes its effect, and a stance to each
    question of which it is told whether it asks whether or what. Queries of
    your own, and claims on printed figures, say effect instead of direction.
    Everything is written, or nothing; undo takes it back.

    \b
    Examples: evigraph migrate --dry-run
              evigraph migrate --asks RQ1=whether --asks RQ2=what
    """
    from evigraph.updating import migration, migration_text

    made = migration.migrate(own_workspace(context), asks, dry_run)
    if syntax == "json":
        emit(json.dumps(migration_text.as_json(made), ensure_ascii=False, indent=2) + "\n")
    else:
        emit(migration_text.as_text(made))
