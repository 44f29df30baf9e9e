"""Commands about several reviews: overlap, across."""

from __future__ import annotations

from pathlib import Path

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


@main.command()
@click.argument("attribute")
@click.argument("folders", nargs=-1, metavar="[FOLDER]...")
@click.option("--crosswalk", metavar="FILE", help="A table in SSSOM; else data/crosswalk.tsv of each workspace.")
@click.option("--same-labels", is_flag=True, help="Join values that are called alike, too.")
@click.option("--roll-up", is_flag=True, help="Count what the crosswalk says is narrower with what is broader.")
@click.option("--pivot", is_flag=True, help="One row a value, one column a review.")
@format_option(ROW_FORMATS, "table")
@output_option
@raw_option
@click.pass_context
def across(
    context: click.Context,
    attribute: str,
    folders: tuple[str, ...],
    crosswalk: str | None,
    same_labels: bool,
    roll_up: bool,
    pivot: bool,
    syntax: str,
    output: str | None,
    raw: bool,
) -> None:
    """Count the values of an attribute in each review.

    The reviews are all of the workspace, or those of the FOLDERs. Values are
    joined where a crosswalk says that they match exactly, which may say that
    attributes do, too. Each row tells what was joined by what.

    \b
    Examples: evigraph across country
              evigraph across country --same-labels --pivot
              evigraph across design ../first ../second --crosswalk my.tsv
    """
    from evigraph import queries
    from evigraph.data import crosswalks
    from evigraph.queries import Table
    from evigraph.reports.across import across as counted

    reviews = workspaces_of(context, folders)
    roots = dict.fromkeys(each.root / crosswalks.FILE for each in reviews.values())
    files = [Path(crosswalk)] if crosswalk else [path for path in roots if path.exists()]
    answer = counted(reviews, attribute, files, same_labels, roll_up)
    for note in answer.notes:
        click.echo(f"evigraph: {note}", err=True)
    table = answer.table
    if pivot:
        table = queries.pivot(Table(table.name, table.columns[:3], [row[:3] for row in table.rows]))
    emit(rendered(table, syntax, raw), output)
