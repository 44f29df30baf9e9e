"""Commands about several reviews: overlap, across."""

from __future__ import annotations

import click

from evigraph.cli.base import (
    ROW_FORMATS,
    emit,
    format_option,
    main,
    output_option,
    raw_option,
    rendered,
    workspaces_of,
)


@main.command()
@click.argument("folders", nargs=-1, metavar="[FOLDER]...")
@click.option("--matrix", is_flag=True, help="Show each study with the reviews that include it.")
@format_option(ROW_FORMATS, "table")
@output_option
@raw_option
@click.pass_context
def overlap(
    context: click.Context, folders: tuple[str, ...], matrix: bool, syntax: str, output: str | None, raw: bool
) -> None:
    """Show which included studies reviews share.

    The reviews are all of the workspace, or those of the FOLDERs. A study is
    the same by DOI, PMID or registration number, else by title, authors and
    place; one with several reports counts once. cca is the corrected covered
    area in percent (Pieper et al. 2014): slight up to 5, moderate up to 10,
    high up to 15, else very high.

    \b
    Examples: evigraph overlap
              evigraph overlap ../first ../second --matrix --format csv
    """
    from evigraph import data
    from evigraph.reports import overlap as overlaps
    from evigraph.reports.shared_studies import shared_studies

    reviews = workspaces_of(context, folders)
    shared = shared_studies({name: data.read_documents(each) for name, each in reviews.items()})
    show = overlaps.matrix if matrix else overlaps.table
    emit(rendered(show(shared, list(reviews)), syntax, raw), output)
