"""What the shell offers after a Tab: names of queries, and their parameters with the values that these may have."""

from __future__ import annotations

import os

import click
from click.shell_completion import CompletionItem

from evigraph.errors import EvigraphError
from evigraph.paths import Workspace, find_workspace, find_workspaces

REVIEW = "evigraph.review"
"""Where a command keeps the name of the review that was chosen, before or after the command's own."""


def _workspace(context: click.Context) -> Workspace:
    return find_workspace(context.find_root().params.get("workspace"), review=context.meta.get(REVIEW))


def review_names(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The reviews of the workspace whose names begin so."""
    try:
        found = [each.review.name for each in find_workspaces(context.find_root().params.get("workspace"))]
    except EvigraphError:
        return []
    return [CompletionItem(name) for name in found if name.startswith(incomplete)]


def query_names(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The canned queries whose names begin so; nothing where there is no review."""
    from evigraph import queries

    try:
        found = sorted(queries.query_files(_workspace(context)))
    except EvigraphError:
        return []
    return [CompletionItem(name) for name in found if name.startswith(incomplete)]


def query_params(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """`name=value` of the query that was typed before: the names first, then the values that a name may have."""
    from evigraph import queries
    from evigraph.queries import build

    name, equals, value = incomplete.partition("=")
    try:
        workspace = _workspace(context)
        known = queries.query_files(workspace)
        # An option that lacks its value ends click's parsing before it comes to the arguments.
        typed = [str(context.params.get("name")), *os.environ.get("COMP_WORDS", "").split()]
        query = queries.load(workspace, next(each for each in typed if each in known))
        if not equals:
            return [
                CompletionItem(f"{each.name}=", help=each.description)
                for each in query.takes
                if each.name.startswith(name)
            ]
        if any(each.of_codebook for each in query.params):
            query = queries.offered(query, build.attributes(workspace))
        allowed = next(each for each in query.takes if each.name == name).enumeration
    except (EvigraphError, StopIteration):
        return []
    return [CompletionItem(f"{name}={each}") for each in allowed if each.startswith(value)]
