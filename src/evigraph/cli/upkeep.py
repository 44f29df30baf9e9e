"""The commands that compare and write: export, reproduce, build, init."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from evigraph.cli.base import (
    EXPORT_FORMATS,
    ROW_FORMATS,
    emit,
    format_option,
    main,
    output_option,
    progress,
    raw_option,
    rendered,
    store_option,
    workspace_of,
)
from evigraph.cli.completion import REVIEW
from evigraph.cli.kinds import Kind, asked_kind
from evigraph.cli.manners import table_width
from evigraph.errors import CheckFailedError, UsageError, counted
from evigraph.paths import Workspace, reviews


@main.command()
@format_option(EXPORT_FORMATS, "turtle")
@click.option("--included/--all", "included", default=True, help="Publications of included, or of all studies.")
@click.option("--to-screen", is_flag=True, help="Records that wait for a decision, with their abstracts.")
@click.option("--bare", is_flag=True, help="Leave out of a graph what says what it is.")
@click.option("--verify", "dump", metavar="FILE", help="See whether a dump's records have the hash that it states.")
@output_option
@raw_option
@click.pass_context
def export(
    context: click.Context,
    syntax: str,
    included: bool,
    to_screen: bool,
    bare: bool,
    dump: str | None,
    output: str | None,
    raw: bool,
) -> None:
    """Write the review in a format that others read.

    turtle, trig, nquads, ntriples, rdfxml and jsonld hold the whole graph: the
    records and, in graphs of their own, a description of the data set with a
    hash, the ontology, and the canned queries. csv has a row for each finding,
    with its study. xlsx is a workbook with a sheet for studies, findings,
    records, codes and the rest. ris, bibtex and csljson hold the publications,
    for Zotero and other reference managers; with --to-screen they hold the
    records that wait for a decision instead, for ASReview, Rayyan and the like.
    prisma is the flow diagram's CSV, for the R package PRISMA2020.

    \b
    Examples: evigraph export --format jsonld -o review.jsonld
              evigraph export --format xlsx -o review.xlsx
              evigraph export --format ris -o included.ris
              evigraph export --to-screen -o to-screen.ris
              evigraph export --verify review.jsonld
    """
    from evigraph import data
    from evigraph.export import export as exported
    from evigraph.export import to_screen as waiting
    from evigraph.export import verified

    if dump is not None:
        return emit(verified(Path(dump)), output)
    workspace = workspace_of(context)
    if to_screen:
        return emit(waiting(data.read_documents(workspace), syntax), output)
    return emit(exported(data.read_documents(workspace), syntax, not included, raw, workspace, bare), output)


@main.command()
@click.option("--details", is_flag=True, help="Show the verdict on every figure, not only on those that differ.")
@click.option("--printed-round", is_flag=True, help="Leave out the studies that were linked since.")
@store_option
@format_option(ROW_FORMATS, "table")
@output_option
@raw_option
@click.pass_context
def reproduce(
    context: click.Context, details: bool, printed_round: bool, url: str, syntax: str, output: str | None, raw: bool
) -> None:
    """Make every printed table and figure again from the graph, and compare.

    Each figure that the text states is reproduced, differs, or cannot be
    reproduced. Exit code 1 if something differs that no discrepancy records.
    A review that has grown differs from its paper where it should; with
    --printed-round it is compared as it was before.

    \b
    Examples: evigraph reproduce
              evigraph reproduce --format csv
    """
    from evigraph.queries import build
    from evigraph.reports import reproduction

    workspace = workspace_of(context)
    if printed_round and url:
        raise UsageError("--printed-round compares the files; leave --store out", url)
    only = reproduction.printed_round if printed_round else None
    store = build.open_store(workspace, url, only)
    tables, figures = reproduction.compare_tables(workspace, store), reproduction.stated_figures(workspace, store)
    if syntax != "table" or details or raw:
        emit(rendered(reproduction.report(tables, figures), syntax, raw), output)
    else:
        emit(reproduction.overview(tables, figures, table_width()), output)
    failed = reproduction.failures(tables, figures)
    for line in failed:
        click.echo(line, err=True)
    if failed:
        raise CheckFailedError(f"{len(failed)} differ from the paper, and no discrepancy records it")


@main.command()
@store_option
@click.option("--store-update", "update", metavar="URL", default="", help="Where the store takes updates.")
@click.option("--store-data", "data", metavar="URL", default="", help="Where the store takes graphs; - for nowhere.")
@click.pass_context
def build(context: click.Context, url: str, update: str, data: str) -> None:
    """Make the graph and keep it, so that the next command starts at once.

    It is kept in the cache of this machine or, with --store, at a SPARQL
    endpoint: only documents that differ are sent, each is swapped in whole, and
    what else the endpoint holds stays as it is. The ontology, a description of
    the data set and the canned queries go there too, in graphs of their own.

    \b
    Example: evigraph build
    """
    from evigraph.queries import build as builder

    workspace = workspace_of(context)
    count = builder.nquads(workspace).count(b"\n")
    if not url:
        click.echo(f"{count} quads from {workspace.review}, kept by content: {builder.fingerprint(workspace)[:12]}")
        return
    store = builder.remote_store(workspace, url, update, data)
    done = builder.publish(workspace, store, progress("Documents"), _front_matter(workspace))
    counts = f"{counted(done.loaded, 'document')} loaded, {done.same} as they were, {done.removed} removed"
    click.echo(f"{count} quads from {workspace.review}: {counts}")


def _front_matter(workspace: Workspace) -> str:
    """What says what the workspace's graph is, as N-Quads."""
    from evigraph import data, export
    from evigraph.queries import build as builder

    review = next(each.content for each in data.read_documents(workspace) if each.name == "review")
    return export.front_matter(review, builder.records(workspace), workspace)


@main.command()
@click.argument("folder")
@click.option("--title", default="A review", show_default=True, help="The review's title.")
@click.option("--base", help="The IRI that the review's own IRIs begin with; it ends in / or #.")
@click.option("--question", "questions", multiple=True, metavar="TEXT", help="A research question; repeat it.")
@click.option("--goal", "goals", multiple=True, metavar="TEXT", help="A goal; repeat it.")
@click.option("--stakeholder", "stakeholders", multiple=True, metavar="LABEL", help="Whom findings are about; repeat.")
@click.option("--benefit", "benefits", multiple=True, metavar="LABEL", help="A benefit, or `Student: benefit`; repeat.")
@click.option("--drawback", "drawbacks", multiple=True, metavar="LABEL", help="A drawback, the same way; repeat.")
@click.option("--who", default="", help="Who codes, by name.")
@click.option(
    "--kind",
    type=Kind(),
    help="What kind of review; its codebook begins with what such a review codes. Asked on a terminal, else narrative.",
)
@click.pass_context
def init(
    context: click.Context,
    /,
    folder: str,
    title: str,
    base: str | None,
    who: str,
    kind: str | None,
    **given: tuple[str, ...],
) -> None:
    """Make a new review to fill in; it passes check at once.

    FOLDER becomes its workspace. One that holds a review already gets another,
    which --review names. It has a query for each question and, for a narrative
    review or where some are given, tables of benefits and drawbacks, as files
    of its own to be changed.

    \b
    Examples: evigraph init my-review --title "What we know" \\
                --question "Does it work?" --stakeholder Student
              evigraph init my-review --review its-update
    """
    from evigraph.updating.new_review import Outline, create

    root = Path(folder).resolve()
    kind = kind or (asked_kind() if sys.stdin.isatty() else "narrative")
    lists = {name: values for name, values in given.items() if values} | ({"who": who} if who else {})
    slug = context.meta.get(REVIEW) or root.name
    outline = Outline(title, base or f"https://example.org/{slug}/", kind=kind, **lists)  # type: ignore[arg-type]
    create(root, slug, outline)
    chosen = f" --review {slug}" if len(reviews(root)) > 1 else ""
    click.echo(f"{folder} is ready. Next: cd {folder}, look through data/{slug}/*.yaml, and evigraph check{chosen}")
