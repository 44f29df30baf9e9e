"""The map as a block a row: for a phone or one column, and for maps of more columns than a grid holds."""

from __future__ import annotations

from dataclasses import dataclass

from evigraph.figures import gap_map_cell as cells
from evigraph.figures.canvas import Canvas
from evigraph.figures.cells import Cell, Map, Side
from evigraph.figures.frame import About
from evigraph.figures.words import SLACK, width, wrapped

LINE, GUTTER = 22.0, 36.0
MANY = 6
"""With more columns than these, the empty cells of a row share one box."""


def draw(canvas: Canvas, y: float, found: Map, included: int, about: About) -> None:
    """Draw it from `y` down, two blocks side by side where there is room."""
    beside = 2 if canvas.wide > 500 else 1
    wide = (canvas.wide - GUTTER * (beside - 1)) / beside
    most = found.scale()
    widest = max(width(line, 12) for column in found.columns for line in wrapped(column.name, wide * 0.34, 12))
    label = min(wide * 0.34, widest * SLACK) + 6
    number = width(f"{found.most():,}", 13, bold=True) * SLACK
    for i in range(0, len(found.rows), beside):
        ends = []
        for j, row in enumerate(found.rows[i : i + beside]):
            block = Block(canvas, found, row, j * (wide + GUTTER), wide, (label, number, most))
            ends.append(block.draw(y, included, about))
        y = max(ends) + 10


@dataclass(frozen=True)
class Block:
    """A row of the map as a block from `left`; `sizes` are the room of names, that of totals, and the scale of bars."""

    canvas: Canvas
    found: Map
    row: Side
    left: float
    wide: float
    sizes: tuple[float, float, int]

    def draw(self, y: float, included: int, about: About) -> float:
        """Draw it from `y` down; where it ends."""
        canvas, right = self.canvas, self.left + self.wide
        canvas.line(self.left, y, right, y, "axis")
        words = f"{self.row.short} {self.row.label}".strip()
        y = canvas.lines(self.left, y + 18, words, self.wide - 80, bold=True)
        studies = f"{self.found.of(row=self.row):,} of {included:,}"
        canvas.text(right, y - 13 * 1.32, studies, "soft", 12, anchor="end")
        y -= 6
        empty: dict[str, list[Side]] = {}
        for column in self.found.columns:
            cell = self.found.cell(self.row, column)
            if cell.total:
                y = self._line(y, column, cell, about)
            elif len(self.found.columns) > MANY:
                empty.setdefault(cell.state, []).append(column)
            else:
                y = self._gap(y, column, cell)
        for state, columns in empty.items():
            y = self._gaps(y, state, columns)
        return y

    def _names(self, y: float, column: Side, role: str) -> float:
        names = wrapped(column.name, self.sizes[0], 12)
        for i, name in enumerate(names):
            self.canvas.text(self.left, y + 15 + i * 15, name, role, 12)
        return max(LINE, len(names) * 15.0 + 7)

    def _line(self, y: float, column: Side, cell: Cell, about: About) -> float:
        label, number, most = self.sizes
        canvas, right = self.canvas, self.left + self.wide
        start = self.left + label + number + 16
        tall = self._names(y, column, "ink")
        beside = cells.counts_wide([each for each in cell.counts() if each[0] != "study"]) <= self.wide * 0.42
        counted = cells.counted_lines(cell, self.wide * 0.42 if beside else right - start)
        taken = max([cells.counts_wide(line) for line in counted] + [self.wide * 0.2]) if beside else 0.0
        room = right - start - taken - 6
        words = cells.title(self.found, self.row.name, column.name, cell)
        data = {"row": self.row.name, "column": column.name, "n": cell.total}
        below = y + cells.lines_of_squares(cell, room, bool(most)) * cells.STEP + 10
        with canvas.link(about.link("gap-map", cell.place), words, **data):
            canvas.text(start - 8, y + 15, f"{cell.total:,}", bold=True, anchor="end")
            cells.squares(canvas, cell, start, y + 6, room, most)
            cells.counts(canvas, counted, start, y + 15 if beside else below + 10, right if beside else 0.0)
        return max(y + tall, below if beside else below + len(counted) * cells.COUNTS + 4)

    def _gap(self, y: float, column: Side, cell: Cell) -> float:
        tall = self._names(y, column, "soft")
        with self.canvas.group(row=self.row.name, column=column.name, n=0, state=cell.state):
            x = self.left + self.sizes[0] + 8
            cells.empty(self.canvas, cell.state, x, y + 2, self.left + self.wide - x, LINE - 5)
        return y + tall

    def _gaps(self, y: float, state: str, columns: list[Side]) -> float:
        """The empty cells of one state in one box, by name."""
        for column in columns:
            with self.canvas.group(row=self.row.name, column=column.name, n=0, state=state):
                pass
        words = f"{state}: {', '.join(column.name for column in columns)}"
        lines = wrapped(words, self.wide - 20, 12)
        tall = len(lines) * 15.0 + 8
        cells.empty(self.canvas, state, self.left, y + 4, self.wide, tall, lines)
        return y + tall + 8
