"""Commands by which a review grows: new studies in, and taken back."""

from __future__ import annotations

import json
from pathlib import Path

import click

from evigraph.cli.base import emit, format_option, main, own_workspace, workspace_of


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--to-screen", is_flag=True, help="Records without a decision wait for one, and are no studies yet.")
@click.option("--label", default="", help="What the search is called, such as Scopus.")
@click.option("--who", default="", help="Who links them.")
@format_option(("text", "json"), "text")
@click.pass_context
def link(
    context: click.Context,
    files: tuple[str, ...],
    dry_run: bool,
    to_screen: bool,
    label: str,
    who: str,
    syntax: str,
) -> None:
    """Bring new studies in, and show what changes.

    The format of each FILE is told by its content: RIS, BibTeX, MEDLINE (NBIB),
    Web of Science, ENW, CSV, TSV, XLSX, CSL-JSON, Crossref, OpenAlex and
    EPPI-Reviewer JSON, study documents, and the flow diagram's CSV of the R
    package PRISMA2020. What a file holds and what was read of it is counted.
    Records of a publication that the review has already are kept as its
    duplicates. Everything is written, or nothing; see undo.

    \b
    Examples: evigraph link scopus.ris pubmed.nbib --dry-run
              evigraph link hits.csv --to-screen
    """
    from evigraph import growing, linking

    workspace = workspace_of(context) if dry_run else own_workspace(context)
    options = linking.Options(who, label, to_screen)
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
