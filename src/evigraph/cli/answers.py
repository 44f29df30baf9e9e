"""The commands that answer: run, query, trace, ask."""

from __future__ import annotations

import sys
from pathlib import Path

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
from evigraph.errors import UsageError

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
    url: str,
    syntax: str,
    output: str | None,
    raw: bool,
) -> None:
    """Answer a canned query.

    \b
    Examples: evigraph run table-3 --format xlsx -o table-3.xlsx
              evigraph run stakeholder-counts -p basis=drawbacks
              evigraph run crosstab -p rows=country -p columns=design --pivot
    """
    workspace = workspace_of(context)
    if listing:
        from evigraph.queries.build import listing as listed

        return emit(rendered(listed(workspace), syntax, raw), output)
    if name is None:
        raise UsageError("which query? `evigraph run --list` shows all")
    from evigraph import queries
    from evigraph.queries.build import answer

    table = answer(workspace, name, arguments_of(params), url)
    return emit(rendered(queries.pivot(table, queries.load(workspace, name)) if pivot else table, syntax, raw), output)


@main.command()
@click.argument("sparql")
@store_option
@format_option(ROW_FORMATS, "table")
@output_option
@raw_option
@click.pass_context
def query(context: click.Context, sparql: str, url: str, syntax: str, output: str | None, raw: bool) -> None:
    """Answer any SPARQL 1.1 query: a text, a file, or - for stdin.

    CONSTRUCT and DESCRIBE come out as N-Triples, ASK as true or false. The
    prefixes of the vocabulary (evi:, skos: and the others) are known.

    \b
    Example: evigraph query 'SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }'
    """
    from evigraph.queries import Table, cell, with_prefixes
    from evigraph.queries.build import open_store
    from evigraph.store import Solutions

    answer = open_store(workspace_of(context), url).query(with_prefixes(_text(sparql)))
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
    url: str,
    syntax: str,
    output: str | None,
    raw: bool,
) -> None:
    """Show the findings behind a row, a cell, a study or a place.

    NAME is a canned query (with ROW, counted from 1, and perhaps COLUMN), a
    study, a place of the text, or the key or IRI of any record.

    \b
    Examples: evigraph trace table-3 3 sources
              evigraph trace reeves-2017
              evigraph trace "RQ8 P1 S4"
    """
    from evigraph import queries
    from evigraph.queries.build import open_store
    from evigraph.reports import trace as tracing

    workspace = workspace_of(context)
    if name in queries.query_files(workspace):
        found = tracing.trace(workspace, open_store(workspace, url), name, row or 1, column, arguments_of(params))
    else:
        found = tracing.resting_on(workspace, open_store(workspace, url), name)
    emit(rendered(found, syntax, raw), output)


@main.command()
@click.argument("question")
@store_option
@format_option(("table", "md", "html", "json"), "table")
@click.pass_context
def ask(context: click.Context, question: str, url: str, syntax: str) -> None:
    """Print the answer sheet of a question or goal: who says what, and where.

    It holds what the graph holds and synthesises nothing.

    \b
    Example: evigraph ask RQ6
    """
    from evigraph.queries.build import open_store
    from evigraph.reports import answer_sheet as asking

    workspace = workspace_of(context)
    emit(asking.FORMATS[syntax](asking.sheet(workspace, open_store(workspace, url), question)))
