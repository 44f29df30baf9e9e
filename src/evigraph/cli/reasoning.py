"""The command that reasons: reason."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import click

from evigraph.cli.base import (
    ROW_FORMATS,
    emit,
    format_option,
    main,
    output_option,
    raw_option,
    rendered,
    store_option,
    workspace_of,
)
from evigraph.errors import CheckFailedError, UsageError, counted


@main.command()
@click.option("--data/--no-data", "with_data", default=False, help="Reason over the review's data too.")
@click.option("--graph", metavar="FILE", default="", help="Reason over a graph in RDF instead: nq, ttl, jsonld …")
@click.option("--inferred", is_flag=True, help="Show who follows to be a member of a defined class.")
@click.option("--most", default=10, show_default=True, metavar="N", help="Explain so many clashes; 0 for none.")
@store_option
@format_option((*ROW_FORMATS, "nquads"), "table")
@output_option
@raw_option
@click.pass_context
def reason(
    context: click.Context,
    with_data: bool,
    graph: str,
    inferred: bool,
    most: int,
    url: str,
    syntax: str,
    output: str | None,
    raw: bool,
) -> None:
    """Ask an OWL reasoner whether the ontology is consistent; needs Java.

    With --data, every statement of the review counts, texts and numbers too.
    With --store, the data is what the server holds. Where statements can't all
    be true, the fewest that clash are shown with their places, the axioms that
    they run against, and the mend.

    With --inferred, the members of the classes that the vocabulary and the
    codebook define come out as rows, or as a graph with --format nquads.

    Exit code 0 if all is consistent, 1 if not.

    \b
    Examples: evigraph reason --data
              evigraph reason --data --inferred --format csv
    """
    from evigraph.checks.reasoning import InconsistentError, explanation
    from evigraph.checks.reasoning import reason as reasoned

    if graph and with_data:
        raise UsageError("--graph instead of --data: leave one of them out", graph)
    if most < 0:
        raise UsageError(f"--most {most}: give a number of clashes, 0 or more", most)
    quads = _nquads(context, with_data or inferred, graph, url)
    if inferred:
        return emit(_members(context, quads, graph, syntax, raw), output)
    try:
        verdict = reasoned(quads)
    except InconsistentError as error:
        for each in explanation(islice(error.clashes, most), workspace_of(context) if with_data else None):
            click.echo(each)
        if most:
            click.echo("There may be more: mend these, and reason again.")
        raise
    for name in verdict.unsatisfiable:
        click.echo(f"{name} can have no member; mend its axioms, or its conditions")
    if verdict.unsatisfiable:
        raise CheckFailedError(f"{counted(len(verdict.unsatisfiable), 'unsatisfiable class', 'unsatisfiable classes')}")
    click.echo(f"Consistent, says HermiT of {verdict.triples} triples, {verdict.given} of which can matter to it.")


def _members(context: click.Context, quads: str, graph: str, syntax: str, raw: bool) -> str | bytes:
    """Who is in the defined classes, as rows or as a graph."""
    from evigraph.checks.reasoning import inferences

    base = "" if graph else inferences.base_of(workspace_of(context))
    if syntax != "nquads":
        return rendered(inferences.table(quads, base), syntax, raw)
    if not base:
        raise UsageError("a graph of a file has no name to be put beside; leave --format nquads out", graph)
    return inferences.graph(quads, base)


def _nquads(context: click.Context, with_data: bool, graph: str, url: str) -> str:
    """What is reasoned over: the review's files, what a server holds, a graph of a file, or nothing."""
    from evigraph.checks.reasoning import foreign
    from evigraph.data import direct, quads
    from evigraph.queries import build

    if graph:
        return foreign.nquads(Path(graph))
    if not with_data:
        return ""
    workspace = workspace_of(context)
    if not url:
        return build.records(workspace)
    store = build.remote_store(workspace, url)
    return direct.records(quads.canonical(store.dump()), store.base)
