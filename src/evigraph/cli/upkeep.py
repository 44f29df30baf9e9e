"""The commands that check, compare and write: check, export, reproduce, build, diff, init."""

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
from evigraph.cli.kinds import Kind, asked_kind
from evigraph.errors import CheckFailedError, EvigraphError, StoreError, UsageError


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
    from evigraph.queries.build import remote_store

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
@click.option("--included/--all", "included", default=True, help="Publications of included, or of all studies.")
@output_option
@raw_option
@click.pass_context
def export(context: click.Context, syntax: str, included: bool, output: str | None, raw: bool) -> None:
    """Write the review in a format that others read.

    turtle, trig, nquads, ntriples, rdfxml and jsonld hold the whole graph.
    csv has a row for each finding, with its study. xlsx is a workbook with a
    sheet for studies, findings, records, codes and the rest. ris, bibtex and
    csljson hold the publications, for Zotero and other reference managers.
    prisma is the flow diagram's CSV, for the R package PRISMA2020.

    \b
    Examples: evigraph export --format jsonld -o review.jsonld
              evigraph export --format xlsx -o review.xlsx
              evigraph export --format ris -o included.ris
    """
    from evigraph import data
    from evigraph.export import export as exported

    workspace = workspace_of(context)
    emit(exported(data.read_documents(workspace), syntax, not included, raw, workspace), output)


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
        emit(reproduction.overview(tables, figures), output)
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
    what else the endpoint holds stays as it is.

    \b
    Example: evigraph build
    """
    from evigraph.queries import build as builder

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
    from evigraph.data import versions
    from evigraph.queries.answers import State
    from evigraph.reports import differences

    workspace = workspace_of(context)
    old, new = (versions.version(workspace, name) for name in (first, second or str(workspace.root)))
    changes = differences.diff(differences.records(old), differences.records(new))
    before = State(workspace, old)
    rows = differences.answers(workspace, before, State(workspace, new, before)) if changes else []
    if syntax == "summary":
        return emit(rendered(differences.summary(changes, rows), "table"))
    return emit((differences.as_json if syntax == "json" else differences.as_text)(changes, rows))


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
def init(folder: str, title: str, base: str | None, who: str, kind: str | None, **given: tuple[str, ...]) -> None:
    """Make a new workspace with a review to fill in; it passes check at once.

    It has a query for each question and, for a narrative review or where some
    are given, tables of benefits and drawbacks, as files of its own to be
    changed.

    \b
    Example: evigraph init my-review --title "What we know" \\
               --question "Does it work?" --stakeholder Student
    """
    from evigraph.updating.new_review import Outline, create

    root = Path(folder).resolve()
    kind = kind or (asked_kind() if sys.stdin.isatty() else "narrative")
    lists = {name: values for name, values in given.items() if values} | ({"who": who} if who else {})
    outline = Outline(title, base or f"https://example.org/{root.name}/", kind=kind, **lists)  # type: ignore[arg-type]
    create(root, root.name, outline)
    click.echo(f"{folder} is ready. Next: cd {folder}, look through data/{root.name}/*.yaml, and evigraph check")
