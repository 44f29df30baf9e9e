"""Every figure by name: which queries it shows, and what these may be asked with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from evigraph import data
from evigraph.errors import UsageError
from evigraph.figures import bars, bias, by_year, directions, forest, gap_map, prisma
from evigraph.figures.frame import About, Figure
from evigraph.figures.refusals import refuse
from evigraph.paths import Workspace
from evigraph.queries import Cell, Table

WITHOUT = "without-retracted"
"""The argument that every query takes."""
Asked = Callable[[str, dict[str, str]], Table]
"""Who answers a canned query by its name, given its arguments."""


@dataclass(frozen=True)
class Entry:
    """A figure that can be drawn.

    Attributes:
        summary: what it shows. queries: the canned queries that its numbers are from. draw: makes it of what these
        answer. arguments: what it takes; the same arguments of its first query, if that has them.
    """

    summary: str
    queries: tuple[str, ...]
    draw: Callable[[Asked, About], Figure]
    arguments: tuple[str, ...] = ()


def _whole(ask: Asked) -> dict[str, Cell]:
    """How many studies are included and coded."""
    table = ask("coded-studies", {})
    return dict(zip(table.columns, table.rows[0], strict=True)) if table.rows else {}


def _included(ask: Asked) -> int:
    return int(str(_whole(ask).get("included") or 0))


def _by_year(ask: Asked, about: About) -> Figure:
    searched = str(_whole(ask).get("last_search") or "")
    return by_year.draw(ask("publications-by-year", about.arguments), _included(ask), searched, about)


def _prisma(ask: Asked, about: About) -> Figure:
    return prisma.draw(ask("prisma-2020", {}), ask("prisma-2020-parts", {}), about)


def _gap_map(ask: Asked, about: About) -> Figure:
    given = {"rows": "question", "columns": "concerns", **about.arguments}
    given.pop("within-study", None)
    appraised = [*ask("appraisals", {}).rows]
    known = _whole(ask)
    whole = gap_map.Whole(int(str(known["included"])), int(str(known["not_coded"])), bool(appraised))
    return gap_map.draw(ask("gap-map", given), ask("questions", {}), _scope(ask), whole, about)


def _scope(ask: Asked) -> Table | None:
    """What a review's own query `gap-map-scope` says isn't asked about, if it has one."""
    try:
        return ask("gap-map-scope", {})
    except UsageError:
        return None


def _directions(ask: Asked, about: About) -> Figure:
    side, design = about.arguments.get("rows") or "question", about.arguments.get("design", "")
    designs = ask("characteristics", {"attribute": design}) if design else None
    pairs = ask("gap-map", {"rows": side, "columns": side})
    return directions.draw(pairs, ask("questions", {}), designs, _included(ask), about)


def _counts(ask: Asked, about: About) -> Figure:
    return bars.draw(bars.COUNTS, "by-attribute", ask("by-attribute", about.arguments), _included(ask), about)


def _countries(ask: Asked, about: About) -> Figure:
    query = "publications-by-country"
    return bars.draw(bars.COUNTRIES, query, ask(query, about.arguments), _included(ask), about)


def _two_sided(ask: Asked, about: About) -> Figure:
    bases = ("benefits", "drawbacks", "benefits-and-drawbacks")
    try:
        found = [ask("stakeholder-counts", {"basis": basis}) for basis in bases]
    except UsageError as error:
        raise refuse(f"{error}; this review has no stakeholders") from None
    return bars.two_sided(found[0], found[1], found[2], _included(ask), about)


def _forest(ask: Asked, about: About) -> Figure:
    return forest.draw(ask("effects", about.arguments), about)


def _bias(ask: Asked, about: About) -> Figure:
    return bias.draw(ask("appraisals", about.arguments), about)


FIGURES = {
    gap_map.NAME: Entry(
        "Where there is evidence and which way it points, one square a study.",
        ("gap-map", "questions", "coded-studies", "appraisals"),
        _gap_map,
        ("rows", "columns", "roll-up", "within-study"),
    ),
    directions.NAME: Entry(
        "Which way the studies point, one bar a study (a harvest plot).",
        ("gap-map", "questions", "characteristics", "coded-studies"),
        _directions,
        ("rows", "design", "tall"),
    ),
    prisma.NAME: Entry(
        "How the studies were found, as a PRISMA 2020 flow diagram.", ("prisma-2020", "prisma-2020-parts"), _prisma
    ),
    by_year.NAME: Entry(
        "When the included studies appeared.", ("publications-by-year", "coded-studies"), _by_year, ("year-source",)
    ),
    bars.COUNTS: Entry(
        "How many studies have each value of an attribute.",
        ("by-attribute", "coded-studies"),
        _counts,
        ("attribute", "roll-up"),
    ),
    bars.COUNTRIES: Entry(
        "Where the studies were done, and how many don't say.", ("publications-by-country", "coded-studies"), _countries
    ),
    bars.SIDES: Entry(
        "How many studies state benefits and drawbacks, for whom.", ("stakeholder-counts", "coded-studies"), _two_sided
    ),
    forest.NAME: Entry("Effects on one outcome with their intervals.", ("effects",), _forest, ("outcome",)),
    bias.NAME: Entry("What was judged of each study, a domain a column.", ("appraisals",), _bias, ("tool",)),
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
    known = (*found.arguments, WITHOUT)
    for argument in about.arguments:
        if argument not in known:
            raise UsageError(f"{name} takes no argument `{argument}`; it takes {', '.join(known)}", argument)
    everywhere = {key: value for key, value in about.arguments.items() if key == WITHOUT}
    own = {key: value for key, value in about.arguments.items() if key != WITHOUT}
    drawn = found.draw(lambda query, given: ask(query, given | everywhere), replace(about, arguments=own))
    return (
        replace(drawn, source=f"{drawn.source}, without retracted studies")
        if everywhere.get(WITHOUT) == "yes"
        else drawn
    )


def about(workspace: Workspace, wide: bool = True, arguments: dict[str, str] | None = None) -> About:
    """What a figure of a review says of where it is from.

    Raises:
        DataError: `review.yaml` can't be read.
    """
    review = data.read_document(workspace.review / "review.yaml", "review").content
    said = About(str(review.get("title") or workspace.review.name), arguments=arguments or {})
    return replace(said, version=str(review.get("version", "")), licence=str(review.get("license", "")), wide=wide)


def listing() -> Table:
    """Every figure with what it shows and its arguments."""
    rows = [(name, each.summary, ", ".join(each.arguments)) for name, each in FIGURES.items()]
    return Table("figures", ("name", "summary", "arguments"), [*rows])
