"""The commands that check, compare and write: check, export, reproduce, reason, build."""

from __future__ import annotations

from pathlib import Path

import click

from evigraph.cli.base import (
    EXPORT_FORMATS,
    ROW_FORMATS,
    emit,
    format_option,
    main,
    progress,
    rendered,
    store_option,
    workspace_of,
)
from evigraph.errors import CheckFailedError, EvigraphError, StoreError


@main.command()
@store_option
@click.pass_context
def check(context: click.Context, url: str) -> None:
    """Check every document against the shapes and the check queries.

    With --store, what the server holds is checked, and held against the files.

    Exit code 0 if all holds, 1 with one line for each violation.

    \b
    Example: evigraph check
    """
    from evigraph import checks
    from evigraph.build import remote_store

    workspace = workspace_of(context)
    try:
        found = checks.check(workspace, remote_store(workspace, url) if url else None)
    except StoreError:
        raise
    except EvigraphError as error:
        raise CheckFailedError(str(error)) from None
    for violation in found:
        click.echo(str(violation))
    if found:
        raise CheckFailedError(f"{len(found)} violation{'s' if len(found) > 1 else ''}; each line says how to mend it")
    click.echo("Every document holds to its shapes and checks.")


@main.command()
@format_option(EXPORT_FORMATS, "turtle")
@click.option("-o", "--output", metavar="FILE", help="Write there instead of stdout.")
@click.pass_context
def export(context: click.Context, syntax: str, output: str | None) -> None:
    """Write the whole graph in a format that others read.

    \b
    Example: evigraph export --format jsonld -o review.jsonld
    """
    from evigraph import data
    from evigraph.export import export as exported

    emit(exported(data.read_documents(workspace_of(context)), syntax), output)


@main.command()
@click.option("--details", is_flag=True, help="Show the verdict on every figure, not only on those that differ.")
@store_option
@format_option(ROW_FORMATS, "table")
@click.pass_context
def reproduce(context: click.Context, details: bool, url: str, syntax: str) -> None:
    """Make every printed table and figure again from the graph, and compare.

    Each figure that the text states is reproduced, differs, or cannot be
    reproduced. Exit code 1 if something differs that no discrepancy records.

    \b
    Examples: evigraph reproduce
              evigraph reproduce --format csv
    """
    from evigraph import reproduce as reproduction
    from evigraph.build import open_store

    workspace = workspace_of(context)
    store = open_store(workspace, url)
    tables, figures = reproduction.compare_tables(workspace, store), reproduction.stated_figures(workspace, store)
    if syntax != "table" or details:
        emit(rendered(reproduction.report(tables, figures), syntax))
    else:
        emit(reproduction.overview(tables, figures))
    failed = reproduction.failures(tables, figures)
    for line in failed:
        click.echo(line, err=True)
    if failed:
        raise CheckFailedError(f"{len(failed)} differ from the paper, and no discrepancy records it")


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

    verdict = reasoned(nquads(workspace_of(context)).decode() if with_data else "")
    for name in verdict.unsatisfiable:
        click.echo(f"{name} can have no member; mend its axioms")
    if verdict.unsatisfiable:
        raise CheckFailedError(f"{len(verdict.unsatisfiable)} unsatisfiable classes")
    click.echo(f"Consistent, says HermiT of {verdict.triples} triples.")


@main.command()
@store_option
@click.option("--store-update", "update", metavar="URL", default="", help="Where the store takes updates.")
@click.option("--store-data", "data", metavar="URL", default="", help="Where the store takes graphs; - for nowhere.")
@click.pass_context
def build(context: click.Context, url: str, update: str, data: str) -> None:
    """Make the graph and keep it, so that the next command starts at once.

    It is kept in the cache of this machine or, with --store, at a SPARQL
    endpoint: only documents that differ are sent, each is swapped in whole, and
    what else the endpoint holds stays as it is.

    \b
    Example: evigraph build
    """
    from evigraph import build as builder

    workspace = workspace_of(context)
    count = builder.nquads(workspace).count(b"\n")
    if not url:
        click.echo(f"{count} quads from {workspace.review}, kept by content: {builder.fingerprint(workspace)[:12]}")
        return
    done = builder.publish(workspace, builder.remote_store(workspace, url, update, data), progress("Documents"))
    counts = f"{done.loaded} documents loaded, {done.same} as they were, {done.removed} removed"
    click.echo(f"{count} quads from {workspace.review}: {counts}")


@main.command()
@click.argument("first")
@click.argument("second", required=False)
@format_option(("text", "json", "summary"), "text")
@click.pass_context
def diff(context: click.Context, first: str, second: str | None, syntax: str) -> None:
    """Show what differs between two versions of a review, and which answers follow.

    A version is a workspace's folder, a file that export wrote as nquads or
    jsonld, or a git revision. Without SECOND it is the workspace as it stands.

    \b
    Examples: evigraph diff HEAD~1
              evigraph diff old.nq new-workspace --format json
    """
    from evigraph import changes, data, graph, versions
    from evigraph.store import EmbeddedStore

    workspace = workspace_of(context)
    found = [versions.version(workspace, name) for name in (first, second or str(workspace.root))]
    stores = []
    for documents in found:
        store = EmbeddedStore()
        store.load(graph.canonical(graph.to_quads(documents, data.base(documents))))
        stores.append(store)
    differences = changes.diff(changes.records(found[0]), changes.records(found[1]))
    rows = changes.answers(workspace, *stores) if differences else []
    if syntax == "summary":
        return emit(rendered(changes.summary(differences, rows), "table"))
    return emit((changes.as_json if syntax == "json" else changes.as_text)(differences, rows))


@main.command()
@click.argument("folder")
@click.option("--title", default="A review", show_default=True, help="The review's title.")
@click.option("--base", help="The IRI that the review's own IRIs begin with; it ends in / or #.")
def init(folder: str, title: str, base: str | None) -> None:
    """Make a new workspace with a review to fill in; it passes check at once.

    \b
    Example: evigraph init my-review --title "What we know"
    """
    from evigraph.starting import create

    root = Path(folder).resolve()
    review = create(root, root.name, title, base or f"https://example.org/{root.name}/")
    click.echo(f"{review} is ready; next: cd {folder}, edit data/{root.name}/review.yaml, and evigraph check")
