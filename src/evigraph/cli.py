"""The command line: the one module that knows click."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from evigraph import __version__
from evigraph.errors import CheckFailedError, EvigraphError, UsageError
from evigraph.paths import Workspace, find_workspace

ROW_FORMATS = ("table", "csv", "tsv", "json", "md", "html", "latex")
EXPORT_FORMATS = ("turtle", "trig", "nquads", "ntriples", "rdfxml", "jsonld")


class _Group(click.Group):
    """Commands whose errors are one line."""

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
    "--workspace", metavar="DIR", help="A folder with data/*/review.yaml; else the nearest parent that is one."
)
@click.pass_context
def main(context: click.Context, workspace: str | None) -> None:
    """A systematic review you can query.

    \b
    Example: evigraph run table-3
    """
    context.obj = workspace


def _workspace(context: click.Context) -> Workspace:
    return find_workspace(context.obj)


def _format(formats: tuple[str, ...], default: str) -> Callable[[Any], Any]:
    return click.option("--format", "-f", "syntax", type=click.Choice(formats), default=default, show_default=True)


def _emit(text: str, output: str | None = None) -> None:
    if output is None or output == "-":
        click.echo(text, nl=False)
        return
    from evigraph.build import write_whole

    write_whole(Path(output), text.encode())


def _rendered(table: Any, syntax: str) -> str:
    from evigraph import rendering

    return rendering.FORMATS[syntax](table)


def _arguments(pairs: tuple[str, ...]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise UsageError(f"-p {pair}: write it as name=value", pair)
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


@main.command()
@click.argument("name", required=False)
@click.option("--list", "listing", is_flag=True, help="Show every canned query with its summary.")
@click.option("--param", "-p", "params", multiple=True, metavar="NAME=VALUE", help="Bind a parameter of the query.")
@_format(ROW_FORMATS, "table")
@click.pass_context
def run(context: click.Context, name: str | None, listing: bool, params: tuple[str, ...], syntax: str) -> None:
    """Answer a canned query.

    \b
    Examples: evigraph run table-3 --format csv
              evigraph run stakeholder-counts -p basis=drawbacks
    """
    workspace = _workspace(context)
    if listing:
        return _emit(_rendered(_listed(workspace), syntax))
    if name is None:
        raise UsageError("which query? `evigraph run --list` shows all")
    from evigraph.build import answer

    return _emit(_rendered(answer(workspace, name, _arguments(params)), syntax))


def _listed(workspace: Workspace) -> Any:
    from evigraph import queries

    rows: list[tuple[queries.Cell, ...]] = []
    for query in queries.load_all(workspace):
        takes = ", ".join(f"{param.name}={param.default}" for param in query.params)
        rows.append((query.name, query.folder, query.summary, takes))
    return queries.Table("queries", ("name", "folder", "summary", "parameters"), rows)


@main.command()
@click.argument("sparql")
@_format(ROW_FORMATS, "table")
@click.pass_context
def query(context: click.Context, sparql: str, syntax: str) -> None:
    """Answer any SPARQL 1.1 query: a text, a file, or - for stdin.

    CONSTRUCT and DESCRIBE come out as N-Triples, ASK as true or false.

    \b
    Example: evigraph query 'SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }'
    """
    from evigraph.build import open_store
    from evigraph.queries import Table, cell
    from evigraph.store import Solutions

    answer = open_store(_workspace(context)).query(_text(sparql))
    if isinstance(answer, Solutions):
        rows = [tuple(cell(term) for term in row) for row in answer.rows]
        return _emit(_rendered(Table("query", tuple(answer.variables), rows), syntax))
    return _emit(answer if isinstance(answer, str) else f"{str(answer).lower()}\n")


def _text(argument: str) -> str:
    path = Path(argument)
    try:
        if argument == "-":
            return str(sys.stdin.buffer.read(), "utf-8")
        return path.read_text("utf-8") if len(argument) < 1024 and path.is_file() else argument
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{argument}: can't be read as UTF-8 text; give a query, a file or -", argument) from None


@main.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Check every document against the shapes and the check queries.

    Exit code 0 if all holds, 1 with one line for each violation.

    \b
    Example: evigraph check
    """
    from evigraph import checks

    workspace = _workspace(context)
    try:
        found = checks.check(workspace)
    except EvigraphError as error:
        raise CheckFailedError(str(error)) from None
    for violation in found:
        click.echo(str(violation))
    if found:
        raise CheckFailedError(f"{len(found)} violation{'s' if len(found) > 1 else ''}; each line says how to mend it")
    click.echo("Every document holds to its shapes and checks.")


@main.command()
@_format(EXPORT_FORMATS, "turtle")
@click.option("-o", "--output", metavar="FILE", help="Write there instead of stdout.")
@click.pass_context
def export(context: click.Context, syntax: str, output: str | None) -> None:
    """Write the whole graph in a format that others read.

    \b
    Example: evigraph export --format jsonld -o review.jsonld
    """
    from evigraph import data
    from evigraph.export import export as exported

    _emit(exported(data.read_documents(_workspace(context)), syntax), output)


@main.command()
@click.pass_context
def reproduce(context: click.Context) -> None:
    """Make every printed table again from the graph, and compare cell by cell.

    Exit code 0 if every cell is as printed, 1 if one differs.

    \b
    Example: evigraph reproduce
    """
    from evigraph.build import open_store
    from evigraph.reproduce import compare_tables

    workspace = _workspace(context)
    comparisons = compare_tables(workspace, open_store(workspace))
    for each in comparisons:
        wrong = len(each.differences)
        click.echo(
            f"{each.title:12} {each.cells - wrong:4} of {each.cells:4} cells as printed   evigraph run {each.name}"
        )
        for cell in each.differences:
            click.echo(f"  row {cell.row}, {cell.column}: printed “{cell.printed}”, regenerated “{cell.regenerated}”")
    total = sum(len(each.differences) for each in comparisons)
    if total:
        raise CheckFailedError(
            f"{total} cell{'s' if total > 1 else ''} differ{'' if total > 1 else 's'} from the paper"
        )
    click.echo(f"All {sum(each.cells for each in comparisons)} cells of {len(comparisons)} tables are as printed.")


@main.command()
@click.option("--data/--no-data", "with_data", default=False, help="Reason over the review's data too.")
@click.pass_context
def reason(context: click.Context, with_data: bool) -> None:
    """Ask an OWL reasoner whether the ontology is consistent; needs Java.

    \b
    Example: evigraph reason --data
    """
    from evigraph.build import nquads
    from evigraph.reasoning import reason as reasoned

    verdict = reasoned(nquads(_workspace(context)).decode() if with_data else "")
    for name in verdict.unsatisfiable:
        click.echo(f"{name} can have no member; mend its axioms")
    if verdict.unsatisfiable:
        raise CheckFailedError(f"{len(verdict.unsatisfiable)} unsatisfiable classes")
    click.echo(f"Consistent, says HermiT of {verdict.triples} triples.")


@main.command()
@click.pass_context
def build(context: click.Context) -> None:
    """Make the graph and keep it in the cache, so that the next command starts at once.

    \b
    Example: evigraph build
    """
    from evigraph import build as builder

    workspace = _workspace(context)
    count = builder.nquads(workspace).count(b"\n")
    click.echo(f"{count} quads from {workspace.review}, kept by content: {builder.fingerprint(workspace)[:12]}")
