"""Every figure by name: which queries it shows, and what these may be asked with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from evigraph import data
from evigraph.errors import UsageError
from evigraph.figures import by_year, prisma
from evigraph.figures.frame import About, Figure
from evigraph.paths import Workspace
from evigraph.queries import Table

Asked = Callable[[str, dict[str, str]], Table]
"""Who answers a canned query by its name, given its arguments."""


@dataclass(frozen=True)
class Entry:
    """A figure that can be drawn.

    Attributes:
        summary: what it shows. queries: the canned queries that its numbers are from; the first takes the `arguments`.
        draw: makes it of their answers.
    """

    summary: str
    queries: tuple[str, ...]
    draw: Callable[[tuple[Table, ...], About], Figure]
    arguments: tuple[str, ...] = ()


def _by_year(tables: tuple[Table, ...], about: About) -> Figure:
    known = dict(zip(tables[1].columns, tables[1].rows[0], strict=True)) if tables[1].rows else {}
    return by_year.draw(tables[0], int(str(known.get("included") or 0)), str(known.get("last_search") or ""), about)


FIGURES = {
    by_year.NAME: Entry(
        "When the included studies appeared.", ("publications-by-year", "coded-studies"), _by_year, ("year-source",)
    ),
    prisma.NAME: Entry(
        "How the studies were found, as a PRISMA 2020 flow diagram.",
        ("prisma-2020", "prisma-2020-parts"),
        lambda tables, about: prisma.draw(tables[0], tables[1], about),
    ),
}
"""Every figure."""


def entry(name: str) -> Entry:
    """A figure by its name.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in FIGURES:
        raise UsageError(f"no figure `{name}`; there are {', '.join(sorted(FIGURES))}", name)
    return FIGURES[name]


def figure(name: str, ask: Asked, about: About) -> Figure:
    """A figure of what `ask` answers.

    Raises:
        UsageError: there is no such figure, or it takes no such argument.
        FigureError: it would mislead, or there is nothing to draw.
    """
    found = entry(name)
    for argument in about.arguments:
        if argument not in found.arguments:
            known = f"it takes {', '.join(found.arguments)}" if found.arguments else "it takes none"
            raise UsageError(f"{name} takes no argument `{argument}`; {known}", argument)
    first, *others = found.queries
    tables = (ask(first, about.arguments), *(ask(query, {}) for query in others))
    return found.draw(tables, about)


def about(workspace: Workspace, wide: bool = True, arguments: dict[str, str] | None = None) -> About:
    """What a figure of a review says of where it is from.

    Raises:
        DataError: `review.yaml` can't be read.
    """
    review = data.read_document(workspace.review / "review.yaml", "review").content
    said = About(str(review.get("title") or workspace.review.name), arguments=arguments or {})
    return replace(said, version=str(review.get("version", "")), licence=str(review.get("license", "")), wide=wide)


def listing() -> Table:
    """Every figure with what it shows, its queries and its arguments."""
    rows = [(name, each.summary, ", ".join(each.queries), ", ".join(each.arguments)) for name, each in FIGURES.items()]
    return Table("figures", ("name", "summary", "queries", "arguments"), [*rows])
