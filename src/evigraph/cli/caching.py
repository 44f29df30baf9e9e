"""The command that shows and clears the cache."""

from __future__ import annotations

import datetime

import click

from evigraph.cli.base import ROW_FORMATS, emit, format_option, main, rendered


@main.command()
@click.option("--prune", is_flag=True, help="Remove what is kept of reviews that are no longer there.")
@click.option("--clear", is_flag=True, help="Remove all that is kept.")
@format_option(ROW_FORMATS, "table")
def cache(prune: bool, clear: bool, syntax: str) -> None:
    """Show what is kept on this machine to save time, or remove it.

    Of each review its last graph is kept, and answers of its last states; nothing
    is lost when that goes. All together stay below 4,096 MB, or as many as
    EVIGRAPH_CACHE_MB says: what was used longest ago goes first.

    \b
    Example: evigraph cache --prune
    """
    from evigraph.files import cache_use
    from evigraph.paths import cache_folder
    from evigraph.queries import Table

    if prune or clear:
        freed = cache_use.prune(everything=clear)
        click.echo(f"{freed / 1e6:,.1f} MB removed from {cache_folder()}")
        return
    rows: list[tuple[str | float | None, ...]] = [
        (each.review or "of no review", round(each.size / 1e6, 1), _day(each.used), "" if each.is_there else "gone")
        for each in cache_use.uses()
    ]
    emit(rendered(Table("cache", ("review", "mb", "last_written", "review_is"), list(rows)), syntax))
    whole = sum(each.size for each in cache_use.uses())
    click.echo(f"{whole / 1e6:,.1f} of {cache_use.bound() / 1e6:,.0f} MB in {cache_folder()}", err=True)


def _day(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds).astimezone().date().isoformat()
