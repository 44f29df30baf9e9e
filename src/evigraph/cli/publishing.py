"""Commands that show a review to people who have no evigraph: site, report."""

from __future__ import annotations

import re
from pathlib import Path

import click

from evigraph.cli.base import emit, main, output_option, progress, workspace_of
from evigraph.cli.serving import require_extra
from evigraph.errors import UsageError
from evigraph.paths import Workspace

GONE = 10
"""At most so many pages that are no longer there are named."""


@main.command()
@click.argument("folder", metavar="OUT")
@click.option("--zip", "packed", is_flag=True, help="Pack it into OUT.zip too, to be sent.")
@click.option("--single", is_flag=True, help="Write one HTML file to mail instead: OUT, which ends in .html.")
@click.option("--base-url", default="", metavar="URL", help="Where it will be published; adds a sitemap and addresses.")
@click.option("--since", default="", metavar="VERSION", help="Tell what is new since a folder, export or git revision.")
@click.pass_context
def site(context: click.Context, folder: str, packed: bool, single: bool, base_url: str, since: str) -> None:
    """Write the review as a website into the folder OUT.

    It opens from a double click on index.html, works below any path of a web
    server, and asks no other host for anything. Every number leads to what it
    counts. Written again, only what changed is written.

    \b
    Examples: evigraph site public --zip
              evigraph site review.html --single
    """
    require_extra("web", "jinja2")
    from evigraph.site import folder as made
    from evigraph.site import vendor

    if base_url and not re.fullmatch(r"https?://[^\s<>\"?#]+", base_url):
        raise UsageError(f"--base-url {base_url}: give an address such as https://example.org/review/", base_url)
    target = Path(folder)
    if single:
        _single(workspace_of(context), target, packed or bool(base_url), since)
        return
    address = base_url.rstrip("/") + "/" if base_url else ""
    done = made.build(workspace_of(context), target, address, since, progress("Pages written"))
    changed = "nothing had changed" if not done.written else f"{done.written:,} written since they changed"
    click.echo(f"{done.pages:,} pages in {done.files:,} files, {done.size / 1e6:.1f} MB; {changed}.")
    if done.gone:
        told = ", ".join(done.gone[:GONE]) + (f" and {len(done.gone) - GONE:,} more" if len(done.gone) > GONE else "")
        click.echo(f"No longer there, so that old links to them break: {told}.")
    if packed:
        archive = target.with_name(target.resolve().name + ".zip")
        size = made.packed(target, archive)
        click.echo(f"Packed into {archive}, {size / 1e6:.1f} MB.")
    if not vendor.built():
        click.echo(
            "Without search and SPARQL in the pages: what they take from npm isn\u2019t built here (`make assets`)."
        )
    click.echo(f"Open {target / 'index.html'} in a browser.")


def _single(workspace: Workspace, target: Path, more: bool, since: str) -> None:
    """Write the site as one file."""
    from evigraph.site import single

    if more:
        raise UsageError("--single writes one file; leave out --zip and --base-url, which are for a folder")
    size = single.build(workspace, target, since)
    click.echo(f"{target}, {size / 1e6:.1f} MB in one file. Open it in a browser.")


REPORTS = ("html", "docx", "pdf")


@main.command()
@click.option("--format", "-f", "syntax", type=click.Choice(REPORTS), help="The format, if FILE's name doesn't tell.")
@click.option("--since", default="", metavar="VERSION", help="Tell what is new since a folder, export or git revision.")
@output_option
@click.pass_context
def report(context: click.Context, syntax: str | None, since: str, output: str | None) -> None:
    """Write a report to hand on: answers, tables, figures and changes.

    As DOCX for the manuscript or the commissioner, as PDF, or as one HTML file.
    DOCX and PDF need the extra `report`.

    \b
    Examples: evigraph report -o review.docx
              evigraph report --since v1.0 -o news.pdf
    """
    require_extra("web", "jinja2")
    from evigraph.site import report as made

    suffix = Path(output).suffix.lower().lstrip(".") if output and output != "-" else ""
    if suffix in REPORTS and syntax not in (None, suffix):
        raise UsageError(f"--format {syntax} and the file {output}: let them agree", output)
    if suffix and suffix not in REPORTS and syntax is None:
        raise UsageError(f"{output}: a report comes as .docx, .pdf or .html; name the file so, or add --format", output)
    chosen = made.setter(syntax or suffix or "html")
    emit(chosen(made.report(workspace_of(context), since)), output)
