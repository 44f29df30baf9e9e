"""Commands by which a review grows: new studies in, and taken back."""

from __future__ import annotations

import json
from pathlib import Path

import click

from evigraph.cli.base import emit, format_option, main, own_workspace


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--to-screen", is_flag=True, help="Records without a decision wait for one, and are no studies yet.")
@click.option("--label", default="", help="What the search is called, such as Scopus.")
@click.option("--who", default="", help="Who links them.")
@click.option("--recipe", "by", metavar="FILE", help="A recipe for an extraction sheet; see evigraph recipe.")
@click.option("--update", is_flag=True, help="What a sheet codes otherwise goes before what the review has.")
@format_option(("text", "json"), "text")
@click.pass_context
def link(
    context: click.Context,
    files: tuple[str, ...],
    dry_run: bool,
    to_screen: bool,
    label: str,
    who: str,
    by: str | None,
    update: bool,
    syntax: str,
) -> None:
    """Bring new studies in, and show what changes.

    The format of each FILE is told by its content: RIS, BibTeX, MEDLINE (NBIB),
    Web of Science, ENW, CSV, TSV, XLSX, CSL-JSON, Crossref, OpenAlex and
    EPPI-Reviewer JSON, study documents, and workbooks of evigraph sheet; with
    --recipe it is an extraction sheet. What a file holds and what was read
    of it is counted. Records of a publication that the review has already are
    kept as its duplicates. Everything is written, or nothing; see undo.

    \b
    Examples: evigraph link scopus.ris pubmed.nbib --dry-run
              evigraph link hits.csv --to-screen
              evigraph link extraction.xlsx --recipe my.yaml
    """
    from evigraph import growing, linking

    workspace = own_workspace(context)
    options = linking.Options(who, label, to_screen, update, Path(by) if by else None)
    outcome = growing.link(workspace, [Path(name) for name in files], options, dry_run)
    if syntax == "json":
        emit(json.dumps(growing.as_json(outcome), ensure_ascii=False, indent=2) + "\n")
    else:
        emit(growing.as_text(outcome))


@main.command()
@click.pass_context
def undo(context: click.Context) -> None:
    """Take the last link back.

    \b
    Example: evigraph undo
    """
    from evigraph import journal

    workspace = own_workspace(context)
    with journal.locked(workspace.root):
        entry = journal.undo(workspace.root)
    click.echo(f"Taken back: {entry.title} ({len(entry.files)} files)")
