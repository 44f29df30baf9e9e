"""Commands by which a review grows: new studies in, and taken back."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evigraph.cli.base import emit, format_option, main, own_workspace, workspace_of
from evigraph.errors import EvigraphError, UsageError, counted
from evigraph.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from evigraph.linking.screening_files import Screened
    from evigraph.updating import Outcome

VERDICTS = ("include", "exclude", "maybe")
STAGES = ("title-abstract", "retrieval", "full-text")
SOURCES = ("database", "register", "website", "organisation", "citation")


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--to-screen", is_flag=True, help="Records wait for a full-text decision, and are no studies yet.")
@click.option("--screening", is_flag=True, help="Take only the decisions, to records that are linked already.")
@click.option("--stage", type=click.Choice(STAGES), default=None, help="With --screening: where a file has none.")
@click.option("--decision", type=click.Choice(VERDICTS), default=None, help="With --screening: where a file has none.")
@click.option("--reason", default="", metavar="TEXT", help="With --screening: of exclusions that give none.")
@click.option("--source", type=click.Choice(SOURCES), default=None, help="Where the records come from.")
@click.option("--label", default="", help="What the search is called, such as Scopus.")
@click.option("--searched", metavar="YYYY-MM-DD", default="", help="When the source was searched.")
@click.option("--string", default="", metavar="TEXT", help="The search strategy as it was run; @FILE reads it.")
@click.option("--who", default="", help="Who links them; with --screening, who decided where a file has no name.")
@click.option("--recipe", "by", metavar="FILE", help="A recipe for an extraction sheet; see evigraph recipe.")
@click.option("--update", is_flag=True, help="What a sheet codes otherwise goes before what the review has.")
@click.option("--encoding", default="", metavar="NAME", help="Of the files, such as windows-1250; else found out.")
@format_option(("text", "json"), "text")
@click.pass_context
def link(
    context: click.Context,
    files: tuple[str, ...],
    dry_run: bool,
    to_screen: bool,
    screening: bool,
    stage: str | None,
    decision: str | None,
    reason: str,
    source: str | None,
    label: str,
    searched: str,
    string: str,
    who: str,
    by: str | None,
    update: bool,
    encoding: str,
    syntax: str,
) -> None:
    """Bring new studies in, and show what changes.

    The format of each FILE is told by its content: RIS, BibTeX, MEDLINE (NBIB),
    Web of Science, ENW, CSV, TSV, XLSX, CSL-JSON, Crossref, OpenAlex and
    EPPI-Reviewer JSON, PubMed, EndNote and Atom XML, study documents, workbooks
    of evigraph sheet, and the flow diagram's CSV of the R package PRISMA2020;
    with --recipe it is an extraction sheet. What a file holds and what was read
    of it is counted. Records of a publication that the review has already are
    kept as its duplicates. Everything is written, or nothing; see undo.

    With --screening the files come back from a screening tool: their decisions
    go to the records that are linked already, and no record is counted twice.
    --who, --stage, --decision and --reason fill in what a file doesn't say, as
    in a mere list of what was excluded. Nobody replaces anybody's decision.

    \b
    Examples: evigraph link scopus.ris pubmed.nbib --dry-run
              evigraph link hits.csv --to-screen
              evigraph link hits.ris --searched 2026-05-31 --string @query.txt
              evigraph link rayyan.csv --screening
              evigraph link ann.csv --screening --who Ann
              evigraph link excluded.csv --screening --decision exclude
              evigraph link extraction.xlsx --recipe my.yaml
    """
    from evigraph import updating
    from evigraph.linking import Options

    workspace = workspace_of(context) if dry_run else own_workspace(context)
    paths = [Path(name) for name in files]
    if screening:
        shown, found = updating.screen(workspace, paths, stage or "", dry_run, decision or "", who, encoding, reason)
        return show(shown, syntax, _of_decisions(found))
    alone = {"stage": (stage, "what was read"), "decision": (decision, "what was decided"), "reason": (reason, "why")}
    _require_screening(alone)
    told = {"searched": day(searched), "string": strategy(string)}
    options = Options(who, label, to_screen, source or "", update, Path(by) if by else None, encoding, **told)
    return show(updating.link(workspace, paths, options, dry_run), syntax)


def _of_decisions(found: Screened) -> str:
    """What became of the rows of a file of decisions."""
    rows = f"{counted(found.found, 'row is', 'rows are')} of held records, {counted(found.missing, 'is', 'are')} not"
    return f"{rows}; {counted(found.new, 'decision')} new, {found.known} held already"


def _require_screening(given: dict[str, tuple[str | None, str]]) -> None:
    """Refuse options that only decisions have; each has its value, and what a file says in its place.

    Raises:
        UsageError: one of them is given.
    """
    for name, (value, said) in given.items():
        if value:
            raise UsageError(f"--{name} goes with --screening; without it, the file says {said}", value)


def day(text: str) -> str:
    """A date that a person gives, or nothing where none is given.

    Raises:
        UsageError: it is none.
    """
    try:
        return datetime.date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise UsageError(f"`{text}` is no date; write it as 2026-05-31", text) from None


def strategy(text: str) -> str:
    """A search strategy as a person gives it, or what the file after an @ holds.

    Raises:
        UsageError: there is no such file, or it isn't text in UTF-8.
    """
    if not text.startswith("@"):
        return text.strip()
    try:
        return Path(text[1:]).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise UsageError(f"{text[1:]}: {why}; give a text file with the search strategy", text) from None


def show(outcome: Outcome, syntax: str, heading: str = "") -> None:
    """Print what a change did, or would do."""
    from evigraph import updating

    if syntax == "json":
        emit(json.dumps(updating.as_json(outcome), ensure_ascii=False, indent=2) + "\n")
    else:
        emit(_readable(updating.as_text(outcome, heading), lambda: updating.as_text(outcome, heading, SOME)))


SOME = 10
"""So many lines of one kind are shown of what is longer than `LONG`."""
LONG = 100


def _readable(whole: str, brief: Callable[[], str]) -> str:
    """What a change did: all of it, or a summary with the name of a file that has all."""
    from evigraph.files import cache

    if whole.count("\n") <= LONG:
        return whole
    details = cache.path(f"details-{cache.key(whole)[:12]}.txt")
    try:
        details.parent.mkdir(parents=True, exist_ok=True)
        write_whole(details, whole.encode())
    except (OSError, EvigraphError):
        return whole
    return f"{brief()}All {whole.count(chr(10))} lines: {details}\n"


@main.command()
@click.pass_context
def undo(context: click.Context) -> None:
    """Take the last change back: a link, a decision, a migration.

    Of several reviews it is the last change of the one that is chosen.

    \b
    Example: evigraph undo
    """
    from evigraph.files import journal

    workspace = own_workspace(context)
    with journal.locked(workspace.root):
        entry = journal.undo(workspace.root, workspace.others)
    click.echo(f"Taken back: {entry.title} ({counted(len(entry.files), 'file')})")
