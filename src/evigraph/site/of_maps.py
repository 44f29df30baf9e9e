"""Evidence and gap maps: each pair of sides that a review has, drawn, and for each cell a page of what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from evigraph.errors import EvigraphError
from evigraph.figures import catalogue
from evigraph.paths import Workspace
from evigraph.site.evidence import Evidence
from evigraph.site.of_figures import Drawn, drawn
from evigraph.site.of_tables import Answered, by_kind
from evigraph.site.shelf import Page, Shelf

FIGURE = "gap-map"
OF_FINDINGS = (("question", "concerns"), ("benefit", "concerns"), ("drawback", "concerns"), ("outcome", "concerns"))
"""The sides that findings have, the most telling first."""
FEWEST, MOST = 2, 14
"""So many values an attribute of studies has to be a side of a map."""
MAPS = 4
"""At most so many maps."""
ROLES = ("intervention", "population", "outcome", "setting", "design", "theme", "country")
"""What attributes are for, those first that a map is drawn of most."""


@dataclass(frozen=True)
class Made:
    """A map with its sides, and the pages of its cells."""

    sides: tuple[str, str]
    figure: Drawn
    cells: list[Page]


def sides(evidence: Evidence, attributes: list[Answered]) -> list[tuple[str, str]]:
    """The pairs of sides that are worth a map: of findings where there are any, and of the most telling attributes."""
    found = list(OF_FINDINGS) if evidence.findings else []
    known: list[tuple[int, bool, int, str]] = []
    for each in attributes:
        values = each.known
        if FEWEST <= len(values) <= MOST:
            place = ROLES.index(each.role) if each.role in ROLES else len(ROLES)
            # Of yes and no little can be seen on a map.
            known.append((place, len(values) == FEWEST, -sum(int(row[1] or 0) for row in values), each.attribute))
    best = [name for *_, name in sorted(known)][:3]
    found += [(row, column) for i, row in enumerate(best) for column in best[i + 1 :]]
    if evidence.findings and best:
        found.insert(1, ("question", best[0]))
    return found


def every(workspace: Workspace, ask: catalogue.Asked, shelf: Shelf, attributes: list[Answered]) -> list[Made]:
    """The maps of a review, at most `MAPS`; none where no study is coded with both sides."""
    found: list[Made] = []
    for pair in sides(shelf.evidence, attributes):
        if len(found) < MAPS and (made := _made(workspace, ask, shelf, pair)):
            found.append(made)
    return found


def _made(workspace: Workspace, ask: catalogue.Asked, shelf: Shelf, pair: tuple[str, str]) -> Made | None:
    arguments = dict(zip(("rows", "columns"), pair, strict=True))
    try:
        table = ask(FIGURE, arguments)
    except EvigraphError:
        return None  # a side that this review doesn't have
    place = {name: i for i, name in enumerate(table.columns)}
    firsts: dict[tuple[str, str], int] = {}
    held: dict[int, tuple[str, dict[str, None]]] = {}
    for number, row in enumerate(table.rows, 1):
        labels = str(row[place["row_label"]]), str(row[place["column_label"]])
        first = firsts.setdefault((str(row[place["row"]]), str(row[place["column"]])), number)
        iri = str(row[place["finding"]] or row[place["study"]])
        held.setdefault(first, (" · ".join(labels), {}))[1][iri] = None

    # A cell that rests on one finding leads to that, as a row of a table does.
    alone = {
        row: address
        for row, (_, iris) in held.items()
        if len(iris) == 1 and (address := shelf.addresses.known(next(iter(iris))))
    }

    def link(query: str, row: int) -> str:
        return (alone.get(row) or _address(pair, row)) if query == FIGURE and row in held else ""

    figure = drawn(workspace, ask, FIGURE, link, arguments)
    if figure is None:
        return None
    return Made(pair, figure, [_cell(shelf, figure, pair, first, *held[first]) for first in sorted({*held} - {*alone})])


def _address(pair: tuple[str, str], row: int) -> str:
    return f"evidence/map-{'-'.join(pair)}-{row:03}.html"


def _cell(shelf: Shelf, figure: Drawn, pair: tuple[str, str], row: int, title: str, iris: dict[str, None]) -> Page:
    values = {"what": figure.heading, "table": f"figure-{figure.name}.html", "named": [title]}
    return Page(_address(pair, row), "evidence.html", title, values, later=partial(_held, shelf, iris))


def _held(shelf: Shelf, iris: dict[str, None]) -> dict[str, Any]:
    kinds = by_kind(shelf, list(iris))
    owners = {line["of"]: None for line in kinds.get("finding", []) if line["of"]}
    if owners and "study" not in kinds:
        kinds = by_kind(shelf, [*owners, *iris])
    return {"kinds": kinds}
