"""Commands for those who code: the workbook that is handed out, a recipe for a sheet of their own, their agreement."""

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
    workspace_of,
)


@main.command()
@click.argument("studies", nargs=-1, metavar="[STUDY|FILE]...")
@click.option("-o", "--output", required=True, metavar="FILE", help="The workbook to write, such as coding.xlsx.")
@click.pass_context
def sheet(context: click.Context, studies: tuple[str, ...], output: str) -> None:
    """Write an extraction workbook with drop-downs from the codebook.

    It holds the studies of those keys, and the records of a FILE as rows of new
    studies; without either, every study of the review. Give each coder a copy;
    evigraph link reads them back, and says where coders differ.

    \b
    Examples: evigraph sheet -o coding.xlsx
              evigraph sheet new.ris -o coding.xlsx
    """
    from evigraph.coding import workbook_out
    from evigraph.files import write_whole

    write_whole(Path(output), workbook_out.workbook_of(workspace_of(context), studies))


@main.command()
@click.argument("file")
@click.option("-o", "--output", metavar="RECIPE", help="Write there instead of stdout.")
@click.pass_context
def recipe(context: click.Context, file: str, output: str | None) -> None:
    """Draft a recipe for an extraction sheet of your own.

    It is guessed from the headings, the cells and the codebook; its comments say
    what was guessed and what is left out. Edit it, and give it to link.

    \b
    Examples: evigraph recipe extraction.xlsx -o my.yaml
              evigraph link extraction.xlsx --recipe my.yaml --dry-run
    """
    from evigraph.coding import recipe_draft

    emit(recipe_draft.draft(workspace_of(context), Path(file)), output)


@main.command()
@format_option(ROW_FORMATS, "table")
@output_option
@raw_option
@click.pass_context
def agreement(context: click.Context, syntax: str, output: str | None, raw: bool) -> None:
    """Tell how far coders agree: kappa and alpha of every field.

    A row is a field that two coders judged: how many both did, how many alike,
    Cohen's kappa and Krippendorff's alpha; "told" leaves out what either left
    empty or gave as not reported. It reads the codings that the review keeps.

    \b
    Examples: evigraph agreement
              evigraph agreement --format csv -o agreement.csv
    """
    from evigraph.reports import agreement as agreeing

    table = agreeing.table(workspace_of(context))
    if not table.rows:
        click.echo("No two coders judged the same yet; link a sheet that names its coders, or add codings.", err=True)
    emit(rendered(table, syntax, raw), output)
