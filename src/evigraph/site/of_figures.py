"""The figures of a site: drawn from the rows of named queries, with every number a link to what it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from markupsafe import Markup

from evigraph import queries
from evigraph.errors import EvigraphError
from evigraph.figures import FigureError, catalogue, frame
from evigraph.paths import Workspace
from evigraph.queries import Table
from evigraph.site.addresses import safe
from evigraph.site.of_tables import Answered
from evigraph.site.shelf import Page
from evigraph.store import Store

APART = frozenset({"gap-map"})
"""Figures that come in several kinds; see `of_maps`."""
Link = Callable[[str, int], str]


@dataclass(frozen=True)
class Drawn:
    """A figure as pages show it, wide and narrow, and as a file.

    Attributes:
        name: of its address. heading, sentence, notes, source: its words. wide, narrow: the drawings. table: the same
        numbers as rows. file: the SVG with its words, for whoever takes it along. faults: where its numbers
        contradict each other.
    """

    name: str
    heading: str
    sentence: str
    notes: tuple[str, ...]
    source: str
    wide: Markup
    narrow: Markup
    table: Table
    file: bytes
    faults: tuple[str, ...] = ()

    @property
    def svg(self) -> str:
        """The address of its file."""
        return f"figures/{self.name}.svg"


def asking(workspace: Workspace, store: Store) -> catalogue.Asked:
    """Answers of named queries, each asked once: a figure is drawn three times, and figures share queries."""
    known: dict[tuple[str, tuple[tuple[str, str], ...]], Table] = {}

    def ask(query: str, given: dict[str, str]) -> Table:
        key = query, tuple(sorted(given.items()))
        if key not in known:
            known[key] = queries.run(store, queries.load(workspace, query), given)
        return known[key]

    return ask


def drawn(
    workspace: Workspace, ask: catalogue.Asked, name: str, link: Link, arguments: dict[str, str] | None = None
) -> Drawn | None:
    """One figure, its links as from a page at the top of the site; None where it would mislead or show nothing."""
    about = catalogue.about(workspace, arguments=arguments)
    try:
        wide = catalogue.figure(name, ask, replace(about, link=link))
        narrow = catalogue.figure(name, ask, replace(about, link=link, wide=False))
        alone = frame.framed(catalogue.figure(name, ask, about))
    except FigureError:
        return None
    return Drawn(
        safe("-".join([name, *(arguments or {}).values()])),
        wide.heading,
        wide.sentence,
        wide.notes,
        wide.source,
        Markup(frame.inline(wide)),  # noqa: S704 - drawn by us; every text in it is escaped
        Markup(frame.inline(narrow)),  # noqa: S704 - the same
        wide.table,
        alone.encode(),
        wide.faults,
    )


def every(workspace: Workspace, ask: catalogue.Asked, tables: list[Answered]) -> dict[str, Drawn]:
    """Every figure of the catalogue that this review has the numbers for, with its usual arguments."""
    evidence = {each.query.name: each for each in tables if not each.attribute}

    def link(query: str, row: int) -> str:
        held = evidence.get(query)
        return held.evidence(row - 1) if held and 1 <= row <= len(held.behind) else ""

    found = {}
    for name in catalogue.FIGURES:
        if name in APART:
            continue
        try:
            made = drawn(workspace, ask, name, link)
        except EvigraphError:
            continue  # a figure of what this review can't be asked, such as an argument that it needs
        if made:
            found[name] = made
    return found


def page(each: Drawn) -> Page:
    """The page of a figure."""
    return Page(f"figure-{each.name}.html", "figure.html", each.heading, {"figure": each}, (("SVG", each.svg),))
