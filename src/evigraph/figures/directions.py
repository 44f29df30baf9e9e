"""Which way the studies point, question by question: a harvest plot, one bar a study."""

from __future__ import annotations

from evigraph.figures.cells import Side, read
from evigraph.figures.direction_zones import (
    LABEL,
    Plot,
    cell_of,
    head_of,
    legend,
    one_by_one,
    side_by_side,
    studies_of,
    zones_of,
)
from evigraph.figures.frame import About, Figure
from evigraph.figures.refusals import refuse
from evigraph.figures.words import plain
from evigraph.queries import Table

NAME = "directions"
MOST_BARS = 200
"""So many studies of a row can be looked up by the numbers under their bars."""


def draw(pairs: Table, questions: Table, designs: Table | None, included: int, about: About) -> Figure:
    """The figure of the rows of `gap-map` in which both sides are the same; `designs` those of `characteristics`.

    Raises:
        FigureError: no study says anything on such a row, or too many do on one.
    """
    side = about.arguments.get("rows") or "question"
    kind = "stance" if side in {"question", "stance"} else "effect"
    at = pairs.columns.index("row"), pairs.columns.index("column")
    same = Table(pairs.name, pairs.columns, [row for row in pairs.rows if row[at[0]] == row[at[1]]])
    found = read(same, kind)
    if not found.cells or not found.kind:
        raise refuse(f"no {kind} of a study is coded on any {side}")
    if side == "question":
        known = {each.label: each for each in found.rows}
        named = [(str(notation), str(label)) for notation, label in questions.rows]
        found.rows = [Side(known[n].key if n in known else n, label, n) for n, label in named]
    labels = {study: label for cell in found.cells.values() for study, label in cell.labels.items()}
    most = max(len(cell.labels) for cell in found.cells.values())
    if most > MOST_BARS:
        raise refuse(f"{most:,} studies of one {side} can't be told apart as bars; gap-map counts them")
    ordered = sorted(labels, key=lambda study: (labels[study].casefold(), study))
    wanted = about.arguments.get("tall", "")
    told = _designs(designs, wanted) if designs is not None else None
    plot = Plot(found, {study: i for i, study in enumerate(ordered, 1)}, labels, told, wanted)
    canvas = about.canvas()
    y = legend(canvas, plot)
    zones = zones_of(plot, canvas.wide - LABEL)
    fits = about.wide and sum(zones.values()) + 8 * len(zones) <= canvas.wide - LABEL
    y = (side_by_side if fits else one_by_one)(canvas, y, plot, zones, about)
    studies_of(canvas, y + 14, plot, ordered)
    rows = [
        (
            row.name,
            kind,
            len(plot.bars(cell_of(plot, row), kind)),
            "; ".join(labels[s] for s in plot.bars(cell_of(plot, row), kind)),
        )
        for row in found.rows
        for kind in plot.zones()
    ]
    heading = "Which way the studies point" + (", question by question" if side == "question" else f": {side}")
    sentence = f"Each bar is one study; {len(labels):,} of the {included:,} included studies are here."
    table = Table(NAME, ("row", "direction", "studies", "names"), [*rows])
    return Figure(
        NAME, heading, sentence, _description(plot), canvas, table,
        about.source("gap-map", *(["characteristics"] if designs is not None else [])), tuple(_notes(plot)), about.wide,
    )  # fmt: skip


def _designs(designs: Table, wanted: str) -> dict[str, str]:
    """Whether each study has one of the wanted values, by its label; values are parted by semicolons."""
    tall = {value.strip().casefold() for value in wanted.split(";")}
    told: dict[str, str] = {}
    names = {name: i for i, name in enumerate(designs.columns)}
    for row in designs.rows:
        study, value = plain(row[names["study"]]), plain(row[names["value"]] or "")
        if value:
            told[study] = "yes" if value.casefold() in tall or told.get(study) == "yes" else "no"
    return told


def _description(plot: Plot) -> str:
    said = []
    for row in plot.map.rows:
        counts = [
            f"{len(studies)} {head_of(plot, zone)}"
            for zone in plot.zones()
            if (studies := plot.bars(cell_of(plot, row), zone))
        ]
        said.append(f"{row.name}: {', '.join(counts) or 'no study'}")
    return "; ".join(said) + "."


def _notes(plot: Plot) -> list[str]:
    kind = "stances: what a study says to the question; where that asks what, one that supports gives an answer"
    if plot.map.kind == "effect":
        kind = "effects: which way it goes for whom it concerns"
    notes = [f"Zones are {kind}.", "A study that says both counts as both, whichever way most of its findings point."]
    order = "those of that design first, then " if plot.designs is not None else ""
    return [*notes, f"Bars stand {order}by study. Counting studies doesn't say how strong the evidence is."]
