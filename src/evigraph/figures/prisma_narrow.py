"""The flow diagram in one column, for a phone or a column of a journal."""

from __future__ import annotations

from evigraph.figures import prisma_boxes as boxes
from evigraph.figures.canvas import Canvas
from evigraph.figures.frame import About
from evigraph.figures.prisma_boxes import Box, Flow
from evigraph.figures.prisma_wide import BETWEEN, PAD, Grid, arrow, fault, write

ASIDE = 34.0
"""How far what leaves the flow stands to the right."""
SIZE = 13.0


def draw(canvas: Canvas, of: Flow, wrong: set[str], about: About) -> None:
    """Draw it; `wrong` are the rows that the numbers above don't lead to."""
    y = 0.0
    new = "new " if of.updated else ""
    if of.updated:
        y = _head(canvas, y, "grey-head", "Previous studies")
        y = _column(canvas, y, [(boxes.previous(of), False)], (of, wrong, about)) + BETWEEN
    y = _head(canvas, y, "main-head", f"Identification of {new}studies via databases and registers")
    first = [(boxes.identified(of), False), (boxes.removed(of), True), (boxes.waiting(of, "records_waiting"), True)]
    first.append((boxes.one(of, "records_screened", "Records screened"), False))
    first.append((boxes.one(of, "records_excluded", "Records excluded"), True))
    y = _column(canvas, y, [*first, *_retrieval(of, "dbr", "box")], (of, wrong, about)) + BETWEEN
    if of.others:
        y = _head(canvas, y, "grey-head", f"Identification of {new}studies via other methods")
        others = [(boxes.by_other_methods(of), False), *_retrieval(of, "other", "grey-box")]
        y = _column(canvas, y, others, (of, wrong, about)) + BETWEEN
    y = _head(canvas, y, "phase", "Included")
    last: list[tuple[Box | None, bool]] = [
        (boxes.included(of), False),
        *([(boxes.total(of), False)] if of.updated else []),
    ]
    _column(canvas, y, last, (of, wrong, about))


def _retrieval(of: Flow, side: str, look: str) -> list[tuple[Box | None, bool]]:
    return [
        (boxes.one(of, f"{side}_sought_reports", "Reports sought for retrieval", look), False),
        (boxes.one(of, f"{side}_notretrieved_reports", "Reports not retrieved", look), True),
        (boxes.waiting(of, f"{side}_waiting"), True),
        (boxes.one(of, f"{side}_assessed", "Reports assessed for eligibility", look), False),
        (boxes.excluded(of, side, look), True),
    ]


def _head(canvas: Canvas, y: float, role: str, words: str) -> float:
    grid = Grid([0.0], canvas.wide, SIZE)
    box = Box((boxes.Item(words),))
    lines = len(grid.lines(box)) + 1
    canvas.rect(0, y, canvas.wide, lines * 17 - 5, role, 4)
    canvas.lines(PAD, y + 19, words, canvas.wide - 2 * PAD, size=SIZE, bold=True, step=17)
    return y + lines * 17 + 5


def _column(
    canvas: Canvas, y: float, column: list[tuple[Box | None, bool]], context: tuple[Flow, set[str], About]
) -> float:
    """Boxes one under the other, what leaves the flow to the right; where the last one ends."""
    of, wrong, about = context
    spine, below, spread = 14.0, 0.0, 10.0
    for box, leaves in column:
        if box is None:
            continue
        x = ASIDE if leaves else 0.0
        grid = Grid([x], canvas.wide - x, SIZE)
        tall = grid.tall(box) - 4
        if below:
            y += spread if leaves else BETWEEN
        if below and leaves:
            arrow(canvas, (spine, below), (spine, y + tall / 2), (x, y + tall / 2))
        elif below:
            arrow(canvas, (spine, below), (spine, y))
            if wrong & {item.row for item in box.items}:
                fault(canvas, spine, (y + y - BETWEEN) / 2)
        elif wrong & {item.row for item in box.items}:
            fault(canvas, spine + 8, y)
        canvas.rect(x, y, canvas.wide - x, tall, "dashed-box" if box.gap else box.look, 3)
        write(canvas, grid.lines(box), x + PAD, y + PAD + SIZE * 0.85, SIZE, about, of)
        y += tall
        below = below if leaves else y
    return y
