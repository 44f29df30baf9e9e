"""How a harvest plot is laid out: zones side by side, or a line a zone."""

from __future__ import annotations

from dataclasses import dataclass

from evigraph.figures.canvas import Canvas
from evigraph.figures.cells import Cell, Map, Side
from evigraph.figures.frame import About
from evigraph.figures.marks import EFFECT_WORDS, STANCE_WORDS, key, sign
from evigraph.figures.words import SLACK, counted, width, wrapped

BAR, STEP, TALL, MIDDLE, LOW = 13.0, 17.0, 30.0, 20.0, 12.0
DEEP, LABEL = 48.0, 196.0
"""The room of a line of bars with its numbers, and of what stands before the zones."""
ZONES = ("negative", "mixed", "no-effect", "positive", "describes", "not-addressed", "unclear")
_OWN = {"positive", "mixed", "negative"}


@dataclass(frozen=True)
class Plot:
    """What is drawn: the map of rows by themselves, each study's number and label, and its design where that counts.

    `designs` has `yes`, `no` or nothing for each study's label; None where no design was asked for.
    """

    map: Map
    numbers: dict[str, int]
    labels: dict[str, str]
    designs: dict[str, str] | None
    called: str

    def zones(self) -> list[str]:
        """The classes that there are, in the order of zones."""
        return [kind for kind in ZONES if kind in self.map.classes()]

    def bars(self, cell: Cell, kind: str) -> list[str]:
        """The studies of a class, the tall ones first, then by number."""
        order = ["yes", "", "no"]
        studies = [study for study, of in cell.classes.items() if of == kind]
        return sorted(studies, key=lambda study: (order.index(self.design(study)), self.numbers[study]))

    def design(self, study: str) -> str:
        """Whether a study's design is the one asked for: `yes`, `no`, or nothing where it isn't reported."""
        return "yes" if self.designs is None else self.designs.get(self.labels[study], "")


def cell_of(plot: Plot, row: Side) -> Cell:
    """The cell of a row by itself, empty if no study is in it."""
    return plot.map.cells.get((row.key, row.key)) or Cell()


def _words(plot: Plot) -> dict[str, str]:
    return STANCE_WORDS if plot.map.kind == "stance" else EFFECT_WORDS


_SHORT = {"mixed": "both, or conditional", "unclear": "not coded"}


def head_of(plot: Plot, zone: str) -> str:
    """What a zone is called at its head."""
    return _SHORT.get(zone, _words(plot)[zone]) if plot.map.kind == "stance" else _words(plot)[zone]


def zones_of(plot: Plot, room: float) -> dict[str, float]:
    """How wide each zone is: as wide as its bars side by side, the widest ones less until all have room."""
    least, wide = {}, {}
    for zone in plot.zones():
        longest = max(width(word, 12.5, bold=True) for word in head_of(plot, zone).split(" "))
        least[zone] = max(longest * SLACK + 34, 3 * STEP + 20)
        most = max(len(plot.bars(cell_of(plot, row), zone)) for row in plot.map.rows)
        wide[zone] = max(least[zone], most * STEP + 20)
    while sum(wide.values()) + 8 * len(wide) > room:
        widest = max(wide, key=lambda zone: wide[zone] - least[zone])
        if wide[widest] - STEP < least[widest]:
            break
        wide[widest] -= STEP
    return wide


def legend(canvas: Canvas, plot: Plot) -> float:
    """What the heights mean, if they mean something; where it ends."""
    if plot.designs is None:
        return 0.0
    entries = [
        (lambda x, y: canvas.rect(x, y - 10, 9, 18, "bar"), plot.called.replace(";", ",")),
        (lambda x, y: canvas.rect(x, y - 5, 9, 13, "other-dashed"), "not reported"),
        (lambda x, y: canvas.rect(x, y + 1, 9, 7, "other-hollow"), "another design"),
    ]
    return key(canvas, 10, entries, sample=10) + 6


def _bars(canvas: Canvas, plot: Plot, studies: list[str], zone: str, x: float, floor: float) -> None:
    """Bars on a base line, the numbers of their studies under them."""
    base = zone if zone in _OWN else "other"
    for i, study in enumerate(studies):
        how = plot.design(study)
        tall = {"yes": TALL, "": MIDDLE, "no": LOW}[how]
        role = zone if how == "yes" else f"{base}-{'hollow' if how == 'no' else 'dashed'}"
        with canvas.link("", plot.labels[study]):
            box = (x + i * STEP, floor - tall, BAR, tall)
            canvas.rect(*box, role, 1.5, class_=zone, study=study)
        canvas.text(x + i * STEP + BAR / 2, floor + 12, f"{plot.numbers[study]}", "soft", 10, anchor="middle")


def _data(row: Side, zone: str, studies: list[str]) -> dict[str, object]:
    return {"row": row.name, "column": zone, "n": len(studies)}


def _title(plot: Plot, row: Side, zone: str, studies: list[str]) -> str:
    return f"{counted(len(studies), 'study', 'studies')}: {row.name}, {head_of(plot, zone)}"


def side_by_side(canvas: Canvas, y: float, plot: Plot, rooms: dict[str, float], about: About) -> float:
    """Zones side by side, a row a line of bars or several; where it ends."""
    left = canvas.wide - sum(rooms.values()) - 8 * len(rooms) + 8
    label = left - 16
    keyed = max((width(row.short, 12.5, bold=True) * SLACK + 10 for row in plot.map.rows if row.short), default=0.0)
    places, x = {}, left
    heads = {zone: wrapped(head_of(plot, zone), room - 26, 12.5, bold=True) for zone, room in rooms.items()}
    tall = max(len(lines) for lines in heads.values()) * 16.0 + 10
    for zone, room in rooms.items():
        places[zone] = x
        canvas.rect(x, y, room, tall, f"{zone if zone in _OWN else 'other'}-tint", 4)
        sign(canvas, zone, x + 13, y + tall / 2, 5)
        for i, line in enumerate(heads[zone]):
            canvas.text(x + 24, y + (tall - len(heads[zone]) * 16) / 2 + 12 + i * 16, line, size=12.5, bold=True)
        x += room + 8
    y += tall + 4
    for row in plot.map.rows:
        lines = wrapped(row.label, label - keyed, 12.5)
        lines_of = {zone: int((room - 12) // STEP) for zone, room in rooms.items()}
        deep = max(-(-len(plot.bars(cell_of(plot, row), zone)) // each) for zone, each in lines_of.items())
        high = max(len(lines) * 16.0 + 14, max(1, deep) * DEEP + 10)
        canvas.text(0, y + 18, row.short, size=12.5, bold=True)
        canvas.lines(keyed, y + 18, row.label, label - keyed, size=12.5, step=16)
        for zone, room in rooms.items():
            studies = plot.bars(cell_of(plot, row), zone)
            each = lines_of[zone]
            with canvas.link(_href(plot, row, about), _title(plot, row, zone, studies), **_data(row, zone, studies)):
                for i in range(0, max(1, len(studies)), each):
                    floor = y + high - 20 - (max(1, -(-len(studies) // each)) - 1 - i // each) * DEEP
                    canvas.line(places[zone] + 4, floor, places[zone] + room - 4, floor)
                    some = studies[i : i + each]
                    start = places[zone] + (room - len(some) * STEP + STEP - BAR) / 2
                    _bars(canvas, plot, some, zone, start, floor)
                if not studies:
                    canvas.text(places[zone] + room / 2, y + high - 28, "–", "soft", 12, anchor="middle")
        y += high
        canvas.line(0, y, canvas.wide, y)
    return y


def _href(plot: Plot, row: Side, about: About) -> str:
    place = cell_of(plot, row).place
    return about.link("gap-map", place) if place else ""


def one_by_one(canvas: Canvas, y: float, plot: Plot, _rooms: dict[str, float], about: About) -> float:
    """A line a zone; zones without a study are left out."""
    start = 34.0
    line = max(1, int((canvas.wide - start) // STEP))
    for row in plot.map.rows:
        canvas.line(0, y, canvas.wide, y, "axis")
        y = canvas.lines(0, y + 18, f"{row.short} {row.label}".strip(), canvas.wide, bold=True) - 8
        if not cell_of(plot, row).total:
            with canvas.group(row=row.name, n=0):
                canvas.rect(0, y + 2, canvas.wide, 20, "gap", 3)
                canvas.text(canvas.wide / 2, y + 16, "no study", "soft", 12, anchor="middle")
            y += 30
        for zone in plot.zones():
            studies = plot.bars(cell_of(plot, row), zone)
            if not studies:
                continue
            words = f"{len(studies)} {head_of(plot, zone)}"
            with canvas.link(_href(plot, row, about), _title(plot, row, zone, studies), **_data(row, zone, studies)):
                sign(canvas, zone, 8, y + 11)
                canvas.text(20, y + 15, words, "soft", 12)
                y += 22
                for i in range(0, len(studies), line):
                    floor = y + TALL
                    _bars(canvas, plot, studies[i : i + line], zone, 20, floor)
                    y = floor + 18
        y += 4
    return y


def studies_of(canvas: Canvas, y: float, plot: Plot, ordered: list[str]) -> None:
    """The numbers with their studies, read down the columns."""
    beside = 4 if canvas.wide > 500 else 2
    wide, each = canvas.wide / beside, -(-len(ordered) // beside)
    for start in range(0, len(ordered), each):
        x, at = start // each * wide, y
        for study in ordered[start : start + each]:
            canvas.text(x + 18, at + 12, f"{plot.numbers[study]}", size=11, bold=True, anchor="end")
            at = canvas.lines(x + 24, at + 12, plot.labels[study], wide - 28, size=11, step=14) - 10
