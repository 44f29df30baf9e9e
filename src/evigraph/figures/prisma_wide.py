"""The flow diagram in columns, as PRISMA prints it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from evigraph.figures import prisma_boxes as boxes
from evigraph.figures.canvas import Canvas, number
from evigraph.figures.frame import About
from evigraph.figures.marks import polygon
from evigraph.figures.prisma_boxes import Box, Flow
from evigraph.figures.words import wrapped

SIDE, GAP, BETWEEN, PAD, INDENT = 36.0, 20.0, 24.0, 10.0, 14.0
"""The width of the phases, the room between columns, between rows and within boxes, and how far parts stand in."""
SHORTEST_PHASE = 104.0


@dataclass
class Grid:
    """Where the columns are, and how large the text is."""

    left: list[float]
    wide: float
    size: float

    def lines(self, box: Box) -> list[tuple[str, float, boxes.Item]]:
        """The lines of a box with how far each stands in."""
        found = []
        for item in box.items:
            indent = INDENT if item.part else 0.0
            for line in wrapped(item.words, self.wide - 2 * PAD - indent, self.size):
                found.append((line, indent, item))
        return found

    def tall(self, box: Box) -> float:
        """How tall a box must be."""
        return len(self.lines(box)) * self.size * 1.36 + 2 * PAD


def draw(canvas: Canvas, of: Flow, wrong: set[str], about: About) -> None:
    """Draw it; `wrong` are the rows that the numbers above don't lead to."""
    columns = 2 + 2 * of.others + of.updated
    wide = (canvas.wide - SIDE - 10 - GAP * (columns - 1)) / columns
    left = [SIDE + 10 + i * (wide + GAP) for i in range(columns)]
    grid = Grid(left, wide, 13.0 if columns < 4 else 12.0)
    main = 1 if of.updated else 0
    rows = _rows(of, main)
    y = _heads(canvas, of, grid, main)
    spans: dict[str, list[float]] = {}
    places: dict[tuple[int, int], tuple[float, float]] = {}
    for i, (phase, row) in enumerate(rows):
        tall = max(grid.tall(box) for box in row.values())
        alone = [other for other, _ in rows].count(phase) == 1
        tall = max(tall, SHORTEST_PHASE) if alone else tall
        for column, box in row.items():
            _box(canvas, grid, box, (left[column], y, tall), about, of)
            places[i, column] = (y, y + tall)
        spans.setdefault(phase, [y, y])[1] = y + tall
        y += tall + BETWEEN
    for phase, (top, bottom) in spans.items():
        canvas.rect(0, top, SIDE - 4, bottom - top, "phase", 4)
        canvas.text((SIDE - 4) / 2 + 5, (top + bottom) / 2, phase, size=13, bold=True, anchor="middle", turned=True)
    _arrows(canvas, of, grid, rows, places, wrong)


Row = tuple[str, dict[int, Box]]


def _rows(of: Flow, main: int) -> list[Row]:
    """The rows of the diagram: phase, and box by column."""
    first = {main: boxes.identified(of), main + 1: boxes.removed(of)}
    screened = {
        main: boxes.one(of, "records_screened", "Records screened"),
        main + 1: boxes.one(of, "records_excluded", "Records excluded"),
    }
    sought, assessed = _retrieval(of, "dbr", main, "box")
    if of.updated:
        first[0] = boxes.previous(of)
    if of.others:
        first[main + 2] = boxes.by_other_methods(of)
        for row, more in zip((sought, assessed), _retrieval(of, "other", main + 2, "grey-box"), strict=True):
            row |= more
    rows: list[Row] = [("Identification", first)]
    if undecided := boxes.waiting(of, "records_waiting"):
        rows.append(("Screening", {main + 1: undecided}))
    rows += [("Screening", screened), ("Screening", sought)]
    late = {main + 1 + 2 * i: boxes.waiting(of, row) for i, row in enumerate(("dbr_waiting", "other_waiting"))}
    if any(late.values()):
        rows.append(("Screening", {column: box for column, box in late.items() if box}))
    rows += [("Screening", assessed), ("Included", {main: boxes.included(of)})]
    return [*rows, *([("Included", {main: boxes.total(of)})] if of.updated else [])]


def _retrieval(of: Flow, side: str, column: int, look: str) -> tuple[dict[int, Box], dict[int, Box]]:
    sought = boxes.one(of, f"{side}_sought_reports", "Reports sought for retrieval", look)
    lost = boxes.one(of, f"{side}_notretrieved_reports", "Reports not retrieved", look)
    assessed = boxes.one(of, f"{side}_assessed", "Reports assessed for eligibility", look)
    return {column: sought, column + 1: lost}, {column: assessed, column + 1: boxes.excluded(of, side, look)}


def _heads(canvas: Canvas, of: Flow, grid: Grid, main: int) -> float:
    """The heads of the columns; where the boxes begin."""
    new = "new " if of.updated else ""
    heads = [(main, 2, "main-head", f"Identification of {new}studies via databases and registers")]
    heads += [(0, 1, "grey-head", "Previous studies")] if of.updated else []
    heads += [(main + 2, 2, "grey-head", f"Identification of {new}studies via other methods")] if of.others else []
    said = {}
    for column, over, role, words in heads:
        wide = over * grid.wide + (over - 1) * GAP
        said[column, wide, role] = wrapped(words, wide - 2 * PAD, grid.size, bold=True)
    tall = max(len(lines) for lines in said.values()) * grid.size * 1.36 + 16
    for (column, wide, role), lines in said.items():
        x = grid.left[column]
        canvas.rect(x, 0, wide, tall, role, 4)
        y = (tall - len(lines) * grid.size * 1.36) / 2 + grid.size
        for i, line in enumerate(lines):
            canvas.text(x + wide / 2, y + i * grid.size * 1.36, line, size=grid.size, bold=True, anchor="middle")
    return tall + 14


def _box(canvas: Canvas, grid: Grid, box: Box, place: tuple[float, float, float], about: About, of: Flow) -> None:
    """A box with its text in the middle of its height."""
    x, y, tall = place
    canvas.rect(x, y, grid.wide, tall, "dashed-box" if box.gap else box.look, 3)
    lines = grid.lines(box)
    step = grid.size * 1.36
    at = y + (tall - len(lines) * step) / 2 + grid.size * 1.02
    write(canvas, lines, x + PAD, at, grid.size, about, of)


def write(
    canvas: Canvas, lines: list[tuple[str, float, boxes.Item]], x: float, y: float, size: float, about: About, of: Flow
) -> None:
    """The lines of a box; those of an item with a number are a link to what it rests on."""
    i = 0
    while i < len(lines):
        item = lines[i][2]
        mine = [line for line in lines[i:] if line[2] is item]
        href = about.link("prisma-2020", of.places[item.row]) if item.row in of.places else ""
        if item.row:
            count = "" if item.part else of.counts.get(item.row, "")
            with canvas.link(href, item.words.replace("\u00a0", " "), row=item.row, n=count):
                _texts(canvas, mine, x, y + i * size * 1.36, size)
        else:
            _texts(canvas, mine, x, y + i * size * 1.36, size)
        i += len(mine)


def _texts(canvas: Canvas, lines: list[tuple[str, float, boxes.Item]], x: float, y: float, size: float) -> None:
    for i, (line, indent, _) in enumerate(lines):
        canvas.text(x + indent, y + i * size * 1.36, line, size=size)


def _arrows(
    canvas: Canvas,
    of: Flow,
    grid: Grid,
    rows: list[Row],
    places: dict[tuple[int, int], tuple[float, float]],
    wrong: set[str],
) -> None:
    """Down each column, from each box to its right neighbour, and into what is included."""
    main = 1 if of.updated else 0
    for (i, column), (top, bottom) in places.items():
        if column in {main + 1, main + 3} and (i, column - 1) in places:
            middle = (top + bottom) / 2
            arrow(canvas, (grid.left[column] - GAP, middle), (grid.left[column], middle))
        elif column in {main + 1, main + 3}:  # waiting: from the line that passes by
            middle = (top + bottom) / 2
            start = grid.left[column - 1] + grid.wide / 2
            arrow(canvas, (start, middle), (grid.left[column], middle))
    for column in (main, *([main + 2] if of.others else [])):
        steps = sorted(i for i, at in places if at == column)
        x = grid.left[column] + grid.wide / 2
        for above, below in pairwise(steps):
            start, end = places[above, column][1], places[below, column][0]
            arrow(canvas, (x, start), (x, end))
            if wrong & {item.row for item in rows[below][1][column].items}:
                fault(canvas, x, (start + end) / 2)
    if wrong & {"database_results", "register_results"}:
        fault(canvas, grid.left[main] + grid.wide / 2, places[0, main][0])
    last = max(i for i, at in places if at == main)
    if of.others:
        target = last - 1 if of.updated else last
        y = sum(places[target, main]) / 2
        x = grid.left[main + 2] + grid.wide / 2
        start = max(places[i, at][1] for i, at in places if at == main + 2)
        arrow(canvas, (x, start), (x, y), (grid.left[main] + grid.wide, y))
    if of.updated:
        y = sum(places[last, main]) / 2
        arrow(
            canvas,
            (grid.left[0] + grid.wide / 2, places[0, 0][1]),
            (grid.left[0] + grid.wide / 2, y),
            (grid.left[main], y),
        )


def arrow(canvas: Canvas, *points: tuple[float, float]) -> None:
    """A line with a head at its last point."""
    canvas.path("M" + "L".join(f"{number(x)} {number(y)}" for x, y in points), "arrow")
    (x0, y0), (x, y) = points[-2:]
    long, half = 7.0, 4.0
    if abs(x - x0) > abs(y - y0):
        back = -long if x > x0 else long
        canvas.path(polygon((x, y), (x + back, y - half), (x + back, y + half)), "ink")
    else:
        back = -long if y > y0 else long
        canvas.path(polygon((x, y), (x - half, y + back), (x + half, y + back)), "ink")


def fault(canvas: Canvas, x: float, y: float) -> None:
    """The sign of a joint at which the numbers don't add up."""
    canvas.circle(x, y, 9, "fault", fault="sum")
    canvas.text(x, y + 5, "≠", "negative-text", 14, bold=True, anchor="middle")
