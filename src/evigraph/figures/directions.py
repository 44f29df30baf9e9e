"""Which way the studies point, question by question: a harvest plot, one bar a study."""

from __future__ import annotations

from dataclasses import dataclass

from evigraph.figures.canvas import Canvas
from evigraph.figures.cells import Cell, Map, Side, read
from evigraph.figures.frame import About, Figure
from evigraph.figures.marks import EFFECT_WORDS, STANCE_WORDS, key, sign
from evigraph.figures.refusals import refuse
from evigraph.figures.words import SLACK, counted, plain, width, wrapped
from evigraph.queries import Table

NAME = "directions"
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


def draw(pairs: Table, questions: Table, designs: Table | None, included: int, about: About) -> Figure:
    """The figure of the rows of `gap-map` in which both sides are the same; `designs` those of `characteristics`.

    Raises:
        FigureError: no study says anything on such a row.
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
    ordered = sorted(labels, key=lambda study: (labels[study].casefold(), study))
    wanted = about.arguments.get("tall", "")
    told = _designs(designs, wanted) if designs is not None else None
    plot = Plot(found, {study: i for i, study in enumerate(ordered, 1)}, labels, told, wanted)
    canvas = about.canvas()
    y = _legend(canvas, plot)
    zones = _zones(plot, canvas.wide - LABEL)
    fits = about.wide and sum(zones.values()) + 8 * len(zones) <= canvas.wide - LABEL
    y = (_wide if fits else _narrow)(canvas, y, plot, zones, about)
    _studies(canvas, y + 14, plot, ordered)
    rows = [
        (
            row.name,
            kind,
            len(plot.bars(_cell(plot, row), kind)),
            "; ".join(labels[s] for s in plot.bars(_cell(plot, row), kind)),
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


def _cell(plot: Plot, row: Side) -> Cell:
    return plot.map.cells.get((row.key, row.key)) or Cell()


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


def _words(plot: Plot) -> dict[str, str]:
    return STANCE_WORDS if plot.map.kind == "stance" else EFFECT_WORDS


_SHORT = {"mixed": "both, or conditional", "unclear": "not coded"}


def _head(plot: Plot, zone: str) -> str:
    return _SHORT.get(zone, _words(plot)[zone]) if plot.map.kind == "stance" else _words(plot)[zone]


def _zones(plot: Plot, room: float) -> dict[str, float]:
    """How wide each zone is: as wide as its bars side by side, the widest ones less until all have room."""
    least, wide = {}, {}
    for zone in plot.zones():
        longest = max(width(word, 12.5, bold=True) for word in _head(plot, zone).split(" "))
        least[zone] = max(longest * SLACK + 34, 3 * STEP + 20)
        most = max(len(plot.bars(_cell(plot, row), zone)) for row in plot.map.rows)
        wide[zone] = max(least[zone], most * STEP + 20)
    while sum(wide.values()) + 8 * len(wide) > room:
        widest = max(wide, key=lambda zone: wide[zone] - least[zone])
        if wide[widest] - STEP < least[widest]:
            break
        wide[widest] -= STEP
    return wide


def _legend(canvas: Canvas, plot: Plot) -> float:
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
    return f"{counted(len(studies), 'study', 'studies')}: {row.name}, {_head(plot, zone)}"


def _wide(canvas: Canvas, y: float, plot: Plot, wide: dict[str, float], about: About) -> float:
    left = canvas.wide - sum(wide.values()) - 8 * len(wide) + 8
    label = left - 16
    keyed = max((width(row.short, 12.5, bold=True) * SLACK + 10 for row in plot.map.rows if row.short), default=0.0)
    places, x = {}, left
    heads = {zone: wrapped(_head(plot, zone), room - 26, 12.5, bold=True) for zone, room in wide.items()}
    tall = max(len(lines) for lines in heads.values()) * 16.0 + 10
    for zone, room in wide.items():
        places[zone] = x
        canvas.rect(x, y, room, tall, f"{zone if zone in _OWN else 'other'}-tint", 4)
        sign(canvas, zone, x + 13, y + tall / 2, 5)
        for i, line in enumerate(heads[zone]):
            canvas.text(x + 24, y + (tall - len(heads[zone]) * 16) / 2 + 12 + i * 16, line, size=12.5, bold=True)
        x += room + 8
    y += tall + 4
    for row in plot.map.rows:
        lines = wrapped(row.label, label - keyed, 12.5)
        lines_of = {zone: int((room - 12) // STEP) for zone, room in wide.items()}
        deep = max(-(-len(plot.bars(_cell(plot, row), zone)) // each) for zone, each in lines_of.items())
        high = max(len(lines) * 16.0 + 14, max(1, deep) * DEEP + 10)
        canvas.text(0, y + 18, row.short, size=12.5, bold=True)
        canvas.lines(keyed, y + 18, row.label, label - keyed, size=12.5, step=16)
        for zone, room in wide.items():
            studies = plot.bars(_cell(plot, row), zone)
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
    place = _cell(plot, row).place
    return about.link("gap-map", place) if place else ""


def _narrow(canvas: Canvas, y: float, plot: Plot, _wide: dict[str, float], about: About) -> float:
    """A line a zone; zones without a study are left out."""
    start = 34.0
    line = max(1, int((canvas.wide - start) // STEP))
    for row in plot.map.rows:
        canvas.line(0, y, canvas.wide, y, "axis")
        y = canvas.lines(0, y + 18, f"{row.short} {row.label}".strip(), canvas.wide, bold=True) - 8
        if not _cell(plot, row).total:
            with canvas.group(row=row.name, n=0):
                canvas.rect(0, y + 2, canvas.wide, 20, "gap", 3)
                canvas.text(canvas.wide / 2, y + 16, "no study", "soft", 12, anchor="middle")
            y += 30
        for zone in plot.zones():
            studies = plot.bars(_cell(plot, row), zone)
            if not studies:
                continue
            words = f"{len(studies)} {_head(plot, zone)}"
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


def _studies(canvas: Canvas, y: float, plot: Plot, ordered: list[str]) -> None:
    """The numbers with their studies, read down the columns."""
    beside = 4 if canvas.wide > 500 else 2
    wide, each = canvas.wide / beside, -(-len(ordered) // beside)
    for start in range(0, len(ordered), each):
        x, at = start // each * wide, y
        for study in ordered[start : start + each]:
            canvas.text(x + 18, at + 12, f"{plot.numbers[study]}", size=11, bold=True, anchor="end")
            at = canvas.lines(x + 24, at + 12, plot.labels[study], wide - 28, size=11, step=14) - 10


def _description(plot: Plot) -> str:
    said = []
    for row in plot.map.rows:
        counts = [
            f"{len(studies)} {_head(plot, zone)}"
            for zone in plot.zones()
            if (studies := plot.bars(_cell(plot, row), zone))
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
