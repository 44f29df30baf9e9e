"""Commands that say what a review holds in other terms: those of a newer version, other codes, or an older version."""

from __future__ import annotations

import json

import click

from evigraph.cli.base import emit, format_option, main, own_workspace, rendered, workspace_of
from evigraph.cli.linking import show


@main.command()
@click.option("--asks", multiple=True, metavar="QUESTION=KIND", help="What a question asks: whether or what; repeat.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@format_option(("text", "json"), "text")
@click.pass_context
def migrate(context: click.Context, asks: tuple[str, ...], dry_run: bool, syntax: str) -> None:
    """Make a workspace of evigraph 0.1 today's.

    The direction of each finding becomes its effect, and a stance to each
    question of which it is told whether it asks whether or what. Queries of
    your own, and claims on printed figures, say effect instead of direction.
    Everything is written, or nothing; undo takes it back.

    \b
    Examples: evigraph migrate --dry-run
              evigraph migrate --asks RQ1=whether
    """
    from evigraph.updating import migration, migration_text

    made = migration.migrate(own_workspace(context), asks, dry_run)
    if syntax == "json":
        emit(json.dumps(migration_text.as_json(made), ensure_ascii=False, indent=2) + "\n")
    else:
        emit(migration_text.as_text(made))


@main.command()
@click.argument("codes", nargs=-1, required=True, metavar="OLD... NEW...")
@click.option("--merge", "kind", flag_value="merge", help="Put the codes together; the last one stays.")
@click.option("--split", "kind", flag_value="split", help="Split the first code into the others.")
@click.option("--because", metavar="TEXT", default="", help="Why.")
@click.option("--who", metavar="NAME", default="", help="Who decides.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@format_option(("text", "json"), "text")
@click.pass_context
def recode(
    context: click.Context, codes: tuple[str, ...], kind: str | None, because: str, who: str, dry_run: bool, syntax: str
) -> None:
    """Rename, merge or split codes of the codebook, wherever they are used.

    A code is named by its id or its label. Merged and split codes stay in the
    codebook as deprecated, with what replaced them and a note of the change. A
    merged one is followed by later links. What has a split one is listed, gets
    a note, and is named by check until a person has coded it anew.

    An attribute, named by its id, is renamed or merged with its values; lines
    of recipes and queries that name it are listed.

    \b
    Examples: evigraph recode Faculty Instructor --dry-run
              evigraph recode --merge Clinic Ward Hospital --who Ann
              evigraph recode --split Survey "On paper" Online
              evigraph recode attribute/setting "Place of care"
    """
    from evigraph.linking.sameness import Reason
    from evigraph.updating import recoding, recoding_attributes

    if codes[0].startswith(recoding_attributes.PREFIX):
        why = Reason(because, who)
        show(recoding_attributes.recode(own_workspace(context), kind or "rename", codes, why, dry_run), syntax)
        return
    done = recoding.recode(own_workspace(context), kind or "rename", codes, Reason(because, who), dry_run)
    outcome, waiting = done
    heading = "\n".join(["To be coded anew by a person:", *(f"  {each}" for each in waiting)]) if waiting else ""
    show(outcome, syntax, heading)


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
    late: list[str] = []
    rows = differences.answers(workspace, before, State(workspace, new, before), late) if changes else []
    for line in late:
        click.echo(line, err=True)
    if syntax == "summary":
        return emit(rendered(differences.summary(changes, rows), "table"))
    return emit((differences.as_json if syntax == "json" else differences.as_text)(changes, rows))
