"""A cell of a map: its total, its squares, its counts, or why it is empty."""

from __future__ import annotations

from evigraph.figures.canvas import Canvas
from evigraph.figures.cells import NOT_ASKED, NOT_CODED, Cell, Map
from evigraph.figures.marks import EFFECT_WORDS, STANCE_WORDS, sign
from evigraph.figures.words import SLACK, counted, width

SQUARE, SPACE = 8.0, 2.0
STEP = SQUARE + SPACE


def title(found: Map, row: str, column: str, cell: Cell) -> str:
    """A cell in words, its number first."""
    words = STANCE_WORDS if found.kind == "stance" else EFFECT_WORDS
    said = "; ".join(f"{n} {words.get(kind, kind)}" for kind, n in cell.counts() if kind != "study")
    studies = counted(cell.total, "study", "studies")
    return f"{studies}: {row}, {column}" + (f" ({said})" if said else "")


def lines_of_squares(cell: Cell, room: float, as_bars: bool) -> int:
    """How many lines the squares of a cell take."""
    return 1 if as_bars else max(1, -(-cell.total // per_line(room)))


def per_line(room: float) -> int:
    """How many squares stand in a line."""
    return max(1, int((room + SPACE) // STEP))


def squares(canvas: Canvas, cell: Cell, x: float, y: float, room: float, most: int) -> None:
    """The squares of a cell from its corner, or a bar of them where the map has cells of too many.

    `most` is the largest number of any cell, for the scale of bars; 0 for squares.
    """
    if most:
        for kind, n in cell.counts():
            long = max(1.5, room * n / most)
            canvas.rect(x, y, long, SQUARE + 2, _role(kind), class_=kind, studies=n)
            x += long
        return
    line = per_line(room)
    for i, (kind, study, label) in enumerate(cell.squares()):
        at = (x + i % line * STEP, y + i // line * STEP)
        with canvas.link("", label):
            canvas.rect(*at, SQUARE, SQUARE, _role(kind), 1.5, class_=kind, study=study)


def _role(kind: str) -> str:
    return "bar" if kind == "study" else kind


COUNTS = 16.0
"""The room of a line of counts."""


def counted_lines(cell: Cell, room: float) -> list[list[tuple[str, int]]]:
    """The classes with their numbers, in as many lines as they take."""
    lines: list[list[tuple[str, int]]] = [[]]
    for each in cell.counts():
        if each[0] == "study":
            continue
        if lines[-1] and counts_wide([*lines[-1], each]) > room:
            lines.append([])
        lines[-1].append(each)
    return lines


def counts_wide(line: list[tuple[str, int]]) -> float:
    """How much room the signs of a line take with their numbers."""
    return sum(18 + width(f"{n:,}", 12) * SLACK for _, n in line)


def counts(canvas: Canvas, lines: list[list[tuple[str, int]]], x: float, y: float, right: float = 0.0) -> None:
    """Each class's sign and number, side by side on base lines from `y` down, up to `right` where that is given."""
    for line in lines:
        at = right - counts_wide(line) if right else x
        for kind, n in line:
            sign(canvas, kind, at + 5, y - 4.2)
            at += 18 + canvas.text(at + 13, y, f"{n:,}", size=12) * SLACK
        y += COUNTS


def empty(canvas: Canvas, state: str, x: float, y: float, w: float, h: float, lines: list[str] | None = None) -> None:
    """A box that says why there is nothing, in its middle, or in lines from its left edge."""
    if state == NOT_ASKED:
        canvas.rect(x, y, w, h, "asked", 3)
    elif state == NOT_CODED:
        canvas.hatched(x, y, 14 if lines else w, h)
        if lines:
            canvas.rect(x, y, w, h, "gap", 3)
        else:
            wide = width(state, 12) * SLACK + 10
            canvas.rect(x + (w - wide) / 2, y + 2, wide, h - 4, "paper", 3)
    else:
        canvas.rect(x, y, w, h, "gap", 3)
    if lines is None:
        canvas.text(x + w / 2, y + h / 2 + 4.2, state, "soft", 12, anchor="middle")
    for i, line in enumerate(lines or []):
        canvas.text(x + (22 if state == NOT_CODED else 8), y + 15 + i * 15, line, "soft", 12)
