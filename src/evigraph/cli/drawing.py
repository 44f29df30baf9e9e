"""The command that draws: figure."""

from __future__ import annotations

from pathlib import Path

import click

from evigraph.cli.base import arguments_of, emit, main, output_option, rendered, store_option, workspace_of
from evigraph.errors import CheckFailedError, UsageError

FORMATS = ("svg", "png", "pdf")


@main.command()
@click.argument("name", required=False)
@click.option("--list", "listing", is_flag=True, help="Show every figure with what it shows and takes.")
@click.option("--narrow", is_flag=True, help="Draw it 90 mm wide, for one column, instead of 180 mm.")
@click.option(
    *("--param", "-p", "--arg", "params"), multiple=True, metavar="NAME=VALUE", help="An argument of the figure."
)
@click.option("--format", "-f", "syntax", type=click.Choice(FORMATS), help="The format, if FILE's name doesn't tell.")
@store_option
@output_option
@click.pass_context
def figure(
    context: click.Context,
    name: str | None,
    listing: bool,
    narrow: bool,
    params: tuple[str, ...],
    syntax: str | None,
    url: str,
    output: str | None,
) -> None:
    """Draw a figure of the review as SVG, PNG or PDF.

    Its numbers are the rows of canned queries, which it names. Where these
    contradict each other, the figure marks the place, the line on stderr says
    it, and the exit code is 1.

    \b
    Examples: evigraph figure prisma -o flow.svg
              evigraph figure by-year --narrow -o years.pdf
    """
    from evigraph.figures import catalogue, formats, frame
    from evigraph.queries import build

    if name is None or listing:
        return emit(rendered(catalogue.listing(), "table"), output)
    wanted = _format(syntax, output)
    workspace = workspace_of(context)
    about = catalogue.about(workspace, not narrow, arguments_of(params))
    drawn = catalogue.figure(name, lambda query, given: build.answer(workspace, query, given, url), about)
    emit(formats.rendered(frame.framed(drawn), wanted), output)
    if drawn.faults:
        raise CheckFailedError(f"the numbers of {name} don't add up: {'; '.join(drawn.faults)}", name)


def _format(syntax: str | None, output: str | None) -> str:
    """The format that is asked for, by the option or by the suffix of the file.

    Raises:
        UsageError: the suffix is of no format, or of another than the option says.
    """
    suffix = Path(output).suffix.lower().lstrip(".") if output and output != "-" else ""
    if suffix in FORMATS and syntax not in (None, suffix):
        raise UsageError(f"--format {syntax} and the file {output}: let them agree", output)
    if suffix and suffix not in FORMATS and syntax is None:
        raise UsageError(f"{output}: a figure comes as .svg, .png or .pdf; name the file so, or add --format", output)
    return syntax or suffix or "svg"
