"""The commands that answer: run, query, trace, ask."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evigraph.cli.base import (
    ROW_FORMATS,
    arguments_of,
    emit,
    format_option,
    main,
    output_option,
    raw_option,
    rendered,
    store_option,
    workspace_of,
)
from evigraph.cli.completion import query_names, query_params
from evigraph.cli.manners import table_width
from evigraph.errors import UsageError
from evigraph.paths import Workspace

if TYPE_CHECKING:
    from evigraph.store import Store


def _inferred_option(command: Any) -> Any:
    """The option `--inferred`."""
    text = "Ask what a reasoner infers too; needs Java (see `evigraph reason --inferred`)."
    return click.option("--inferred", is_flag=True, help=text)(command)


def _store(workspace: Workspace, url: str, inferred: bool) -> Store:
    """The store that is asked; with what follows from the graph in a graph of its own, if that is wanted."""
    from evigraph.queries.build import open_store

    if inferred and url:
        raise UsageError("--inferred is worked out from the files; leave --store out", url)
    store = open_store(workspace, url)
    if inferred:
        from evigraph.checks.reasoning import inferences

        store.load(inferences.of_workspace(workspace))
    return store


param_option = click.option(
    *("--param", "-p", "params"),
    multiple=True,
    metavar="NAME=VALUE",
    help="Bind a parameter of the query.",
    shell_complete=query_params,
)
"""The option `--param`, of commands that take a query's name."""


@main.command()
@click.argument("name", required=False, shell_complete=query_names)
@click.option("--list", "listing", is_flag=True, help="Show every canned query with its summary.")
@param_option
@click.option("--pivot", is_flag=True, help="Rows, columns and cells as a table of two sides.")
@click.option(
    "--seconds", default=10.0, type=click.FloatRange(0.01), help="Time of a query of one's own; 10 if not given."
)
@_inferred_option
@store_option
@format_option(ROW_FORMATS, "table")
@output_option
@raw_option
@click.pass_context
def run(
    context: click.Context,
    name: str | None,
    listing: bool,
    params: tuple[str, ...],
    pivot: bool,
    seconds: float,
    inferred: bool,
    url: str,
    syntax: str,
    output: str | None,
    raw: bool,
) -> None:
    """Answer a canned query.

    \b
    Examples: evigraph run findings --format xlsx -o findings.xlsx
              evigraph run by-attribute -p attribute=country
              evigraph run crosstab -p rows=country -p columns=design --pivot
              evigraph run findings -p without-retracted=yes
    """
    workspace = workspace_of(context)
    if listing:
        from evigraph.queries import build

        if syntax != "table" or raw:
            return emit(rendered(build.listing(workspace), syntax, raw), output)
        groups = [(name.upper(), str(rendered(table, syntax))) for name, table in build.listings(workspace).items()]
        return emit("\n".join(f"{title}\n{text}" for title, text in groups), output)
    if name is None:
        raise UsageError("which query? `evigraph run --list` shows all")
    from evigraph import queries
    from evigraph.queries.build import answer

    if inferred:
        store, query = _store(workspace, url, True), queries.load(workspace, name)
        queries.require_given(query, arguments_of(params), lambda: queries.attributes(store))
        table = queries.run(store, query, arguments_of(params), seconds=seconds)
    else:
        table = answer(workspace, name, arguments_of(params), url, seconds)
    if pivot:  # reading a query's header takes longer than a cached answer
        table = queries.pivot(table, queries.load(workspace, name))
    return emit(rendered(table, syntax, raw), output)


@main.command()
@click.argument("sparql")
@_inferred_option
@store_option
@format_option(ROW_FORMATS, "table")
@output_option
@raw_option
@click.pass_context
def query(
    context: click.Context, sparql: str, inferred: bool, url: str, syntax: str, output: str | None, raw: bool
) -> None:
    """Answer any SPARQL 1.1 query: a text, a file, or - for stdin.

    CONSTRUCT and DESCRIBE come out as N-Triples, ASK as true or false. The
    prefixes of the vocabulary (evi:, skos: and the others) are known.

    \b
    Example: evigraph query 'SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }'
    """
    from evigraph.queries import Table, cell, with_prefixes
    from evigraph.store import Solutions

    answer = _store(workspace_of(context), url, inferred).query(with_prefixes(_text(sparql)))
    if isinstance(answer, Solutions):
        rows = [tuple(cell(term) for term in row) for row in answer.rows]
        return emit(rendered(Table("query", tuple(answer.variables), rows), syntax, raw), output)
    if syntax not in {"table", "json"} or (syntax == "json" and isinstance(answer, str)):
        mend = "a graph comes out as N-Triples, a truth as true or false; leave --format out"
        raise UsageError(f"only the rows of a SELECT come out as {syntax}; {mend}", syntax)
    return emit(answer if isinstance(answer, str) else f"{str(answer).lower()}\n", output)


def _text(argument: str) -> str:
    path = Path(argument)
    try:
        if argument == "-":
            return str(sys.stdin.buffer.read(), "utf-8")
        return path.read_text("utf-8") if len(argument) < 1024 and path.is_file() else argument
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{argument}: can't be read as UTF-8 text; give a query, a file or -", argument) from None


@main.command()
@click.argument("name", shell_complete=query_names)
@click.argument("row", type=int, required=False)
@click.argument("column", required=False, default="")
@param_option
@_inferred_option
@store_option
@format_option(ROW_FORMATS, "table")
@output_option
@raw_option
@click.pass_context
def trace(
    context: click.Context,
    name: str,
    row: int | None,
    column: str,
    params: tuple[str, ...],
    inferred: bool,
    url: str,
    syntax: str,
    output: str | None,
    raw: bool,
) -> None:
    """Show the findings behind a row, a cell, a study or a place.

    NAME is a canned query (with ROW, counted from 1, and perhaps COLUMN), a
    study, a place of the text, or the key or IRI of any record.

    \b
    Examples: evigraph trace directions 3
              evigraph trace doe-2023
              evigraph trace "Results P1 S4"
    """
    from evigraph import queries
    from evigraph.reports import trace as tracing

    workspace = workspace_of(context)
    store = _store(workspace, url, inferred)
    if name in queries.query_files(workspace):
        found = tracing.trace(workspace, store, name, row or 1, column, arguments_of(params))
    else:
        found = tracing.resting_on(workspace, store, name)
    emit(rendered(found, syntax, raw), output)


@main.command()
@click.argument("question")
@click.option("--without-retracted", "apart", is_flag=True, help="Leave out studies that were retracted.")
@_inferred_option
@store_option
@format_option(("table", "md", "html", "json"), "table")
@click.pass_context
def ask(context: click.Context, question: str, apart: bool, inferred: bool, url: str, syntax: str) -> None:
    """Print the answer sheet of a question or goal: who says what, and where.

    It holds what the graph holds and synthesises nothing. A retracted study
    among those with something to say is named.

    \b
    Example: evigraph ask RQ1
    """
    from evigraph.queries import build, retracted
    from evigraph.reports import answer_sheet as asking

    workspace = workspace_of(context)
    if url or inferred or apart:
        store = _store(workspace, url, inferred)
        made = asking.sheet(workspace, retracted.without(store) if apart else store, question)
    else:
        made = asking.of(lambda name: build.answer(workspace, name, {}), question)
    emit(asking.as_text(made, table_width()) if syntax == "table" else asking.FORMATS[syntax](made))
