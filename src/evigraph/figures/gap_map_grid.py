"""The map as a grid, up to six columns."""

from __future__ import annotations

from evigraph.figures import gap_map_cell as cells
from evigraph.figures.canvas import Canvas
from evigraph.figures.cells import Map, Side
from evigraph.figures.frame import About
from evigraph.figures.words import SLACK, counted, width, wrapped

LABEL, ANY, PAD, LINE = 250.0, 64.0, 14.0, 16.5
"""The room of labels, of the last column, above and below a row's content, and of a line of a label."""


def draw(canvas: Canvas, y: float, found: Map, included: int, about: About) -> None:
    """Draw it from `y` down."""
    keyed = max((width(row.short, 12.5, bold=True) * SLACK + 12 for row in found.rows if row.short), default=0.0)
    left = LABEL if len(found.columns) > 4 else LABEL + 30
    slot = (canvas.wide - left - ANY) / len(found.columns)
    lefts = [left + i * slot for i in range(len(found.columns))]
    y = _heads(canvas, y, found, lefts, slot, included)
    canvas.line(0, y, canvas.wide, y, "axis")
    most = found.scale()
    number = width(f"{found.most():,}", 17, bold=True) * SLACK + 8
    room = slot - number - 14
    for row in found.rows:
        label = wrapped(row.label, left - keyed - 16, 12.5)
        tall = max(len(label) * LINE, *(_tall(found, row, column, room, most) for column in found.columns)) + 2 * PAD
        tall = max(tall, 52.0)
        canvas.text(0, y + PAD + 10, row.short, size=12.5, bold=True)
        canvas.lines(keyed, y + PAD + 10, row.label, left - keyed - 16, size=12.5, step=LINE)
        for column, x in zip(found.columns, lefts, strict=True):
            _cell(canvas, found, row, column, (x, y, slot, tall), number, most, about)
        _any(canvas, found.of(row=row), included, canvas.wide - ANY + 6, y)
        y += tall
        canvas.line(0, y, canvas.wide, y)


def _tall(found: Map, row: Side, column: Side, room: float, most: int) -> float:
    cell = found.cell(row, column)
    below = len(cells.counted_lines(cell, room + 10)) * cells.COUNTS
    return cells.lines_of_squares(cell, room, bool(most)) * cells.STEP + below - 2


def _heads(canvas: Canvas, y: float, found: Map, lefts: list[float], slot: float, included: int) -> float:
    heads = [wrapped(column.name, slot - 14, 13, bold=True) for column in found.columns]
    tall = max(len(lines) for lines in heads)
    base = y + tall * 16.0
    for column, lines, x in zip(found.columns, heads, lefts, strict=True):
        for i, line in enumerate(lines):
            canvas.text(x + 2, base - (len(lines) - 1 - i) * 16.0, line, bold=True)
        canvas.text(x + 2, base + 16, counted(found.of(column=column), "study", "studies"), "soft", 12)
    canvas.text(canvas.wide - ANY + 6, base, "Any", bold=True)
    canvas.text(canvas.wide - ANY + 6, base + 16, f"of {included:,}", "soft", 12)
    return base + 26


def _cell(
    canvas: Canvas,
    found: Map,
    row: Side,
    column: Side,
    box: tuple[float, float, float, float],
    number: float,
    most: int,
    about: About,
) -> None:
    x, y, slot, tall = box
    cell = found.cell(row, column)
    if not cell.total:
        with canvas.group(row=row.name, column=column.name, n=0, state=cell.state):
            cells.empty(canvas, cell.state, x, y + 8, slot - 12, tall - 16)
        return
    words = cells.title(found, row.name, column.name, cell)
    with canvas.link(about.link("gap-map", cell.place), words, row=row.name, column=column.name, n=cell.total):
        canvas.text(x + number - 8, y + PAD + 14, f"{cell.total:,}", size=17, bold=True, anchor="end")
        room = slot - number - 14
        cells.squares(canvas, cell, x + number, y + PAD + 1, room, most)
        below = y + PAD + cells.lines_of_squares(cell, room, bool(most)) * cells.STEP + 14
        cells.counts(canvas, cells.counted_lines(cell, room + 10), x + number, below)


def _any(canvas: Canvas, studies: int, included: int, x: float, y: float) -> None:
    canvas.text(x, y + PAD + 14, f"{studies:,}", size=17, bold=True)
    room = ANY - 6
    canvas.rect(x, y + PAD + 22, room, 5, "track")
    if studies:
        canvas.rect(x, y + PAD + 22, max(1.0, room * studies / max(included, studies)), 5, "share")
