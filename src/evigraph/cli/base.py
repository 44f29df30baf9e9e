"""What the commands share: the group, its errors, and how rows come out."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from evigraph import __version__
from evigraph.cli import manners
from evigraph.cli.completion import REVIEW, review_names
from evigraph.errors import EvigraphError, UsageError
from evigraph.files import journal
from evigraph.paths import VERIFY, Workspace, find_workspace, find_workspaces, told_apart

ROW_FORMATS = ("table", "csv", "tsv", "json", "md", "html", "latex", "xlsx")
EXPORT_FORMATS = (
    *("turtle", "trig", "nquads", "ntriples", "rdfxml", "jsonld", "csv", "xlsx", "ris", "bibtex", "csljson"),
    "prisma",
)


def _choose(context: click.Context, _: click.Parameter, name: str | None) -> None:
    """Keep the name of the review; it may stand before a command's own name and after it.

    Raises:
        UsageError: two names are given.
    """
    known = context.meta.get(REVIEW)
    if name is not None and known not in (None, name):
        raise UsageError(f"--review {known} and --review {name}: choose one", name)
    context.meta[REVIEW] = known if name is None else name


def _review_option(**more: Any) -> click.Option:
    text = "Which review, where the workspace holds several; it may stand after the command too."
    given: dict[str, Any] = {"metavar": "NAME", "help": text, "expose_value": False, "callback": _choose, **more}
    return click.Option(["--review"], shell_complete=review_names, **given)


class _Command(manners.Command):
    """A command that takes `--review`, which the help of `evigraph` tells once for all of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the option."""
        super().__init__(*args, **kwargs)
        self.params.append(_review_option(hidden=True))


class _Group(click.Group):
    """Commands whose errors are one line."""

    command_class = _Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the option `--review`."""
        super().__init__(*args, **kwargs)
        self.params.append(_review_option())

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; an error of ours is one line on stderr and its exit code."""
        try:
            return super().main(*args, **kwargs)
        except EvigraphError as error:
            click.echo(f"evigraph: {error}", err=True)
            sys.exit(error.exit_code)
        except RecursionError:
            click.echo("evigraph: the input is nested too deeply; flatten it", err=True)
            sys.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="evigraph")
@click.option(
    "--workspace",
    metavar="DIR",
    help="A folder with data/*/review.yaml, before or after the command; else the nearest parent that is one.",
)
@click.option("--verify", is_flag=True, help="Read every file, also where size and times say that nobody wrote it.")
@click.pass_context
def main(context: click.Context, workspace: str | None, verify: bool) -> None:
    """A systematic review you can query.

    \b
    Example: evigraph run findings
    """
    context.obj = workspace
    if verify:
        os.environ[VERIFY] = "1"


def workspace_of(context: click.Context) -> Workspace:
    """The workspace that the command works on, with any change that a crash cut off carried out."""
    workspace = _found(context)
    if not _meant(context, workspace):
        name = f"the review that comes with evigraph, {workspace.review.name}"
        click.echo(f"No review here, so {name}, answers; go into a workspace, or give --workspace DIR.", err=True)
    return workspace


def _found(context: click.Context) -> Workspace:
    workspace = find_workspace(context.obj, review=context.meta.get(REVIEW))
    journal.recover(workspace.root)
    return workspace


def _meant(context: click.Context, workspace: Workspace) -> bool:
    """Whether the workspace was named, or is one that the command stands in."""
    return context.obj is not None or Path.cwd().resolve().is_relative_to(workspace.root)


def workspaces_of(context: click.Context, folders: tuple[str, ...]) -> dict[str, Workspace]:
    """Two reviews or more by name: those of the folders, else all of the workspace.

    Raises:
        UsageError: there is only one, or one of them was chosen.
    """
    if chosen := context.meta.get(REVIEW):
        raise UsageError(f"--review {chosen}: this is about several reviews; leave it out, or give folders", chosen)
    found = [each for folder in folders or [context.obj] for each in find_workspaces(folder)]
    for root in {workspace.root for workspace in found}:
        journal.recover(root)
    named = told_apart(found)
    if len(named) < 2:
        raise UsageError(f"only one review, {found[0].review}; give the folders of others too", named)
    return named


def own_workspace(context: click.Context) -> Workspace:
    """The workspace that the command changes: never the review that is part of the installation.

    Raises:
        UsageError: there is no other.
    """
    workspace = _found(context)
    if not _meant(context, workspace):
        raise UsageError("no review here; make one with `evigraph init NAME`, go into it, or give --workspace DIR")
    return workspace


def format_option(formats: tuple[str, ...], default: str) -> Callable[[Any], Any]:
    """The option `--format`; a long list of formats stands in the help, where it wraps."""
    several: dict[str, Any] = {}
    if len(formats) > 8:
        several = {"metavar": "FORMAT", "help": f"One of {', '.join(formats)}."}
    choice = click.Choice(formats)
    return click.option("--format", "-f", "syntax", type=choice, default=default, show_default=True, **several)


def output_option(command: Any) -> Any:
    """The option `--output`."""
    return click.option("-o", "--output", metavar="FILE", help="Write there instead of stdout.")(command)


def raw_option(command: Any) -> Any:
    """The option `--raw`."""
    described = "Write CSV and TSV without the apostrophe that keeps spreadsheets from running a text as a formula."
    return click.option("--raw", is_flag=True, help=described)(command)


def store_option(command: Any) -> Any:
    """The option `--store`."""
    text = "Ask the SPARQL endpoint there instead of the files; credentials come from the environment."
    return click.option("--store", "url", metavar="URL", default="", envvar="EVIGRAPH_STORE", help=text)(command)


def emit(content: str | bytes, output: str | None = None) -> None:
    """Write a text or a file's bytes to stdout, or whole to a file.

    Raises:
        UsageError: bytes would go to a terminal. EvigraphError: the file can't be written.
    """
    if output is None or output == "-":
        if isinstance(content, bytes) and sys.stdout.isatty():
            raise UsageError("a workbook is no text for a terminal; give -o FILE, or a pipe")
        # RIS ends its lines itself, and a stream of text would on Windows end them twice.
        click.echo(content.encode() if isinstance(content, str) and "\r\n" in content else content, nl=False)
        return
    from evigraph.files import write_whole

    write_whole(Path(output), content.encode() if isinstance(content, str) else content)


def progress(what: str) -> Callable[[int, int], None]:
    """Tell how far work is that takes more than two seconds, on stderr, if that is a terminal."""
    start = shown = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if sys.stderr.isatty() and now - start > 2 and (done == of or now - shown > 0.1):
            shown = now
            bar = "#" * (30 * done // max(of, 1))
            click.echo(f"\r{what} [{bar:.<30}] {done:,} of {of:,}", err=True, nl=done == of)

    return tell


def rendered(table: Any, syntax: str, raw: bool = False) -> str | bytes:
    """Rows in one of the formats."""
    from evigraph.reports import table_formats

    if not raw and syntax == "table":
        return table_formats.as_table(table, manners.table_width())
    if not raw and syntax == "html":
        return table_formats.as_page(table)
    return table_formats.rendered(table, syntax, raw)


def arguments_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """The values of `-p name=value` by name."""
    for pair in pairs:
        if "=" not in pair:
            raise UsageError(f"-p {pair}: write it as name=value", pair)
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}
