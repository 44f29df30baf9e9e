"""The evidence and gap map: two sides, one square a study, and what there is none of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from evigraph.figures import gap_map_blocks, gap_map_grid
from evigraph.figures.canvas import Canvas
from evigraph.figures.cells import NO_STUDY, NOT_ASKED, NOT_CODED, Cell, Map, Side, read
from evigraph.figures.frame import About, Figure
from evigraph.figures.marks import (
    EFFECT_WORDS,
    STANCE_WORDS,
    Drawn,
    key,
    sample_asked,
    sample_gap,
    sample_hatch,
    sample_of,
)
from evigraph.figures.refusals import refuse
from evigraph.figures.words import counted
from evigraph.queries import Table

NAME = "gap-map"
MOST_COLUMNS, MOST_CELLS = 6, 3000
DEFAULTS = {"rows": "question", "columns": "concerns"}


@dataclass(frozen=True)
class Whole:
    """What a map is out of: how many studies are included and coded; whether certainty was assessed."""

    included: int
    not_coded: int = 0
    certainty: bool = False


def draw(pairs: Table, questions: Table, scope: Table | None, whole: Whole, about: About) -> Figure:
    """The figure of the rows of `gap-map`.

    `questions` are the rows of the query of that name, for the words of questions; `scope`, if there is one, says which
    cells weren't asked about, as `row, column, state`.

    Raises:
        FigureError: no study is coded with both sides, or the map would be too large to read.
    """
    arguments = {**DEFAULTS, **about.arguments}
    sides = (arguments["rows"], arguments["columns"])
    kind = "stance" if {"question", "stance"} & {*sides} else "effect"
    found = read(pairs, kind, arguments.get("within-study", "any"))
    if not found.cells:
        mend = "choose others with -p rows=… -p columns=…"
        raise refuse(f"no included study is coded with both {sides[0]} and {sides[1]}; {mend}")
    _name_questions(found, sides, questions)
    if len(found.rows) * len(found.columns) > MOST_CELLS:
        size = f"{len(found.rows)} by {len(found.columns)}"
        raise refuse(f"{size} cells can't be read; take the topmost codes with -p roll-up=top, or other sides")
    if len(found.columns) > MOST_COLUMNS >= len(found.rows):
        found, sides = found.turned(), (sides[1], sides[0])
    _say_why_empty(found, whole, scope)
    canvas = about.canvas()
    y = _band(canvas, whole)
    y = _legend(canvas, y, found) + 4
    layout = gap_map_grid if about.wide and len(found.columns) <= MOST_COLUMNS else gap_map_blocks
    layout.draw(canvas, y, found, whole.included, about)
    return Figure(
        NAME, _heading(sides, found.kind), _sentence(found, whole), _description(found), canvas, _table(found),
        about.source(NAME), tuple(_notes(found, whole, arguments)), about.wide,
    )  # fmt: skip


def _name_questions(found: Map, sides: tuple[str, str], questions: Table) -> None:
    """Give questions their words, and those that no study answers their row."""
    words = {str(notation): str(label) for notation, label in questions.rows}
    for side, name in ((found.rows, sides[0]), (found.columns, sides[1])):
        if name == "question":
            known = {each.label: each for each in side}
            side[:] = [
                replace(known.get(notation, Side(notation, notation)), label=label, short=notation)
                for notation, label in words.items()
            ]


def _say_why_empty(found: Map, whole: Whole, scope: Table | None) -> None:
    asked = {(str(row), str(column)): str(state) for row, column, state in (scope.rows if scope else [])}
    for row in found.rows:
        for column in found.columns:
            if (row.key, column.key) not in found.cells:
                named = {row.key, row.label, row.short}, {column.key, column.label, column.short}
                out = any(asked.get((a, b), "").replace("-", " ") == NOT_ASKED for a in named[0] for b in named[1])
                state = NOT_ASKED if out else NOT_CODED if whole.not_coded else NO_STUDY
                found.cells[row.key, column.key] = Cell(state=state)


def _heading(sides: tuple[str, str], kind: str) -> str:
    if set(sides) == {"question", "concerns"}:
        way = ", and which way it points" if kind else ""
        return f"Which questions have evidence, {'' if kind else 'and '}for whom{way}"
    names = [_SIDES.get(side, side.replace("-", " ").replace("_", " ")) for side in sides]
    return f"Where there is evidence: {names[0]} by {names[1]}"


_SIDES = {"question": "questions", "concerns": "whom it concerns", "informant": "who was asked"}


def _sentence(found: Map, whole: Whole) -> str:
    here = len(found.studies)
    of = f"{here:,} of the {counted(whole.included, 'included study', 'included studies')}"
    unit = "Bars count studies" if found.scale() else "Each square is one study"
    return f"{unit}; {of} are here. A study counts once in a cell, and may be in several cells."


def _band(canvas: Canvas, whole: Whole) -> float:
    """A band over a map of which much isn't coded yet."""
    if whole.not_coded * 5 <= whole.included:
        return 8.0
    canvas.rect(0, 0, canvas.wide, 28, "band", 3)
    canvas.text(10, 19, f"{whole.included - whole.not_coded:,} of {whole.included:,} studies coded", bold=True)
    return 44.0


def _legend(canvas: Canvas, y: float, found: Map) -> float:
    words = STANCE_WORDS if found.kind == "stance" else EFFECT_WORDS
    entries: list[tuple[Drawn, str]] = [
        (sample_of(canvas, kind), words.get(kind, kind)) for kind in found.classes() if kind != "study"
    ]
    samples = {NO_STUDY: sample_gap, NOT_ASKED: sample_asked, NOT_CODED: sample_hatch}
    said = {
        NO_STUDY: "no included study",
        NOT_ASKED: "not asked: the question isn't about them",
        NOT_CODED: "not coded: studies aren't all coded yet",
    }
    entries += [(samples[state](canvas), said[state]) for state in found.states()]
    return key(canvas, y, entries) if entries else y


def _notes(found: Map, whole: Whole, arguments: dict[str, str]) -> list[str]:
    notes = []
    if found.kind == "stance":
        notes.append(
            "Signs are stances: what a study says to the question; where that asks what, one that supports answers it."
        )
    elif found.kind == "effect":
        notes.append("Signs are effects: which way it goes for whom it concerns.")
    if found.kind and arguments.get("within-study", "any") == "any":
        notes.append(
            "A study whose findings in a cell point both ways says both there, whichever way most of them point."
        )
    elif found.kind:
        share = float(arguments["within-study"].partition(":")[2])
        notes.append(f"A study goes one way in a cell if {share:.0%} of its findings that point do; else it says both.")
    if 0 < whole.not_coded * 5 <= whole.included:
        notes.append(f"{counted(whole.not_coded, 'included study is', 'included studies are')} not coded yet.")
    strength = "" if whole.certainty else " Certainty: not assessed."
    return [*notes, f"More studies are not stronger evidence.{strength} Rows and columns in the review's order."]


def _description(found: Map) -> str:
    """The fullest cell, and how many are empty."""
    filled = [(found.cell(r, c), r, c) for r in found.rows for c in found.columns if found.cell(r, c).total]
    cells = len(found.rows) * len(found.columns)
    most, row, column = max(filled, key=lambda each: each[0].total)
    said = f"Most studies: {row.name}, {column.name}, with {counted(most.total, 'study', 'studies')}."
    empty = [state for r in found.rows for c in found.columns if (state := found.cell(r, c).state)]
    gaps = [f"{empty.count(state)} {state}" for state in (NO_STUDY, NOT_ASKED, NOT_CODED) if state in empty]
    return f"{said} {len(empty)} of {cells} cells are empty{': ' if gaps else ''}{', '.join(gaps)}."


def _table(found: Map) -> Table:
    """The map as rows: a cell a row, with how many studies of each class."""
    kinds = found.classes()
    rows: list[tuple[str | int, ...]] = []
    for row in found.rows:
        for column in found.columns:
            cell = found.cell(row, column)
            counts = dict(cell.counts())
            rows.append((row.name, column.name, cell.total, *(counts.get(kind, 0) for kind in kinds), cell.state))
    return Table(NAME, ("row", "column", "studies", *kinds, "state"), [*rows])
