"""Commands for those who code: the workbook that is handed out, a recipe for a sheet of their own, their agreement."""

from __future__ import annotations

from pathlib import Path
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
from evigraph.cli.linking import show
from evigraph.errors import UsageError, counted

if TYPE_CHECKING:
    from evigraph.coding.packs import Pack
    from evigraph.queries import Table


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
@click.option("--differences", "which", is_flag=True, help="What they differ in, one row a thing, instead.")
@format_option(ROW_FORMATS, "table")
@output_option
@raw_option
@click.pass_context
def agreement(context: click.Context, which: bool, syntax: str, output: str | None, raw: bool) -> None:
    """Tell how far coders and screeners agree: kappa and alpha.

    A row is a field that two coders judged, or a stage at which two reviewers
    screened: how many both did, how many alike, Cohen's kappa and
    Krippendorff's alpha; "told" leaves out what either left empty or gave as
    not reported. It reads what the review keeps of each of them.

    \b
    Examples: evigraph agreement
              evigraph agreement --format csv -o agreement.csv
              evigraph agreement --differences
    """
    from evigraph.reports import agreement as agreeing

    workspace = workspace_of(context)
    table = agreeing.table(workspace)
    if which and table.rows:
        table = agreeing.differences(workspace)
        click.echo(counted(len(table.rows), "difference"), err=True)
    elif not table.rows:
        click.echo(
            "No two coders judged the same yet, and no two reviewers; link a file that names who coded or decided.",
            err=True,
        )
    emit(rendered(table, syntax, raw), output)


@main.command()
@click.argument("tool", required=False)
@click.option("--add", is_flag=True, help="Add the tool's domains and scales to the codebook.")
@click.option("--dry-run", is_flag=True, help="With --add, show what would change, and write nothing.")
@format_option(ROW_FORMATS, "table")
@click.pass_context
def pack(context: click.Context, tool: str | None, add: bool, dry_run: bool, syntax: str) -> None:
    """List the tools of appraisal, show one, or add one to the codebook.

    TOOL is the key of a pack that comes with evigraph, or a YAML file of your
    own; without it the packs are listed. What the codebook has of it already
    stays as it is, and evigraph undo takes the change back.

    \b
    Examples: evigraph pack
              evigraph pack rob2
              evigraph pack rob2 --add
    """
    from evigraph import updating
    from evigraph.coding import packs

    if not tool:
        if add or dry_run:
            raise UsageError("name the tool to add; `evigraph pack` lists them")
        return emit(rendered(_tools(), syntax))
    found = packs.named(tool)
    if not add:
        if dry_run:
            raise UsageError("--dry-run goes with --add; without both the pack is only shown")
        return emit(rendered(_domains(found), syntax))
    workspace, title = own_workspace(context), f"pack {found.key} --add"
    return show(updating.change(workspace, title, lambda held: updating.of(packs.add(held, found)), dry_run), "text")


def _tools() -> Table:
    """The packs that come with evigraph, one a row."""
    from evigraph.coding import packs
    from evigraph.queries import Table

    rows: list[Any] = [(each.key, each.label, each.unit, each.definition, each.source) for each in packs.every()]
    return Table("packs", ("tool", "label", "unit", "judges", "source"), rows)


def _domains(found: Pack) -> Table:
    """The domains of a pack, one a row, with the codes that judge them."""
    from evigraph.queries import Table

    rows: list[Any] = [
        (
            f"{found.key}-{d['key']}",
            d["label"],
            " / ".join(c["label"] for c in found.scales[d["scale"]]),
            d["definition"],
        )
        for d in found.domains
    ]
    return Table(found.key, ("attribute", "domain", "codes", "definition"), rows)
