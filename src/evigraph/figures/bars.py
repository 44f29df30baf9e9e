"""Counts as bars: the values of an attribute, or what is good and bad for each group of people."""

from __future__ import annotations

from dataclasses import dataclass

from evigraph.figures.canvas import Canvas
from evigraph.figures.frame import About, Figure
from evigraph.figures.refusals import refuse
from evigraph.figures.words import SLACK, counted, plain, width, wrapped
from evigraph.queries import Table

COUNTS, COUNTRIES, SIDES = "counts", "by-country", "benefits-and-drawbacks"
UNKNOWN = ("not reported", "not applicable", "not coded")
"""Rows of studies without a value."""
MOST_BARS = 120


@dataclass(frozen=True)
class Bar:
    """A bar: its words, how many studies, and the row of the query that says so."""

    words: str
    studies: int
    row: int

    @property
    def unknown(self) -> bool:
        """Whether it is of studies without a value."""
        return self.words in UNKNOWN


def draw(name: str, query: str, table: Table, included: int, about: About) -> Figure:
    """The figure of the rows of `by-attribute` or `publications-by-country`: a label and how many studies.

    Raises:
        FigureError: no study has a value, or there are more values than can be read.
    """
    bars = [Bar(plain(row[0]), int(str(row[1])), place) for place, row in enumerate(table.rows, 1)]
    unknown = [bar for bar in bars if bar.unknown and bar.studies]
    known = [bar for bar in bars if not bar.unknown]
    what = "country" if name == COUNTRIES else about.arguments.get("attribute", "").replace("-", " ").replace("_", " ")
    if not known:
        raise refuse(f"no included study has a {what} that is known; code it first")
    if len(known) > MOST_BARS:
        raise refuse(f"{len(known)} values of {what} can't be read; take the topmost codes with -p roll-up=top")
    canvas = about.canvas()
    _draw_bars(canvas, [*unknown, *known], query, included, about)
    lacking = sum(bar.studies for bar in unknown)
    most = max(known, key=lambda bar: bar.studies)
    description = f"Most: {most.words}, {counted(most.studies, 'study', 'studies')} of {included:,}. "
    description += " ".join(f"{bar.words}: {bar.studies:,}." for bar in unknown)
    sentence = f"Included studies by {what}; {included:,} in all."
    sentence += f" {lacking:,} have none that is known." if lacking else ""
    sums = sum(bar.studies for bar in known) + lacking
    notes = ("A study with several values counts for each.",) if sums > included else ()
    heading = "Where the studies were done" if name == COUNTRIES else f"The studies by {what}"
    rows = Table(name, (what.replace(" ", "-"), "studies"), [(bar.words, bar.studies) for bar in [*unknown, *known]])
    return Figure(name, heading, sentence, description, canvas, rows, about.source(query), notes, about.wide)


def _draw_bars(canvas: Canvas, bars: list[Bar], query: str, included: int, about: About) -> None:
    """Bars one under the other, on a scale from 0 to the longest."""
    most = max(max(bar.studies for bar in bars), 1)
    share = 0.3 if about.wide else 0.4
    labels = [wrapped(bar.words, canvas.wide * share, 12.5) for bar in bars]
    left = max(width(line, 12.5) for lines in labels for line in lines) * SLACK + 10
    number = width(f"{included:,} of {included:,}", 12.5, bold=True) * SLACK + 14
    room = canvas.wide - left - number
    y = 0.0
    for bar, lines in zip(bars, labels, strict=True):
        tall = max(24.0, len(lines) * 16.0 + 8)
        for i, line in enumerate(lines):
            at = y + tall / 2 + 4.4 - (len(lines) - 1) * 8 + i * 16
            canvas.text(0, at, line, "soft" if bar.unknown else "ink", 12.5)
        long = room * bar.studies / most
        words = f"{counted(bar.studies, 'study', 'studies')}, {bar.words}"
        with canvas.link(about.link(query, bar.row), words, row=bar.words, n=bar.studies):
            if bar.unknown:
                canvas.hatched(left, y + tall / 2 - 8, max(long, 3), 16)
            elif bar.studies:
                canvas.rect(left, y + tall / 2 - 8, long, 16, "bar", 2)
            said = f"{bar.studies:,} of {included:,}" if bar.unknown else f"{bar.studies:,}"
            canvas.text(left + long + 6, y + tall / 2 + 4.4, said, size=12.5, bold=True)
        y += tall
    canvas.line(left, 0, left, y, "axis")


def two_sided(benefits: Table, drawbacks: Table, either: Table, included: int, about: About) -> Figure:
    """The figure of three answers of `stakeholder-counts`: of benefits, of drawbacks, and of either.

    Raises:
        FigureError: no study states any.
    """
    good, bad, whole = (
        {plain(row[0]): (int(str(row[1])), place) for place, row in enumerate(table.rows, 1)}
        for table in (benefits, drawbacks, either)
    )
    if not whole:
        raise refuse("no study states a benefit or a drawback for anybody; code some first")
    canvas = about.canvas()
    most = max(count for side in (good, bad) for count, _ in side.values() or [(1, 0)])
    _draw_sides(canvas, (good, bad, whole), most, about)
    rows = [(name, good.get(name, (0, 0))[0], bad.get(name, (0, 0))[0], n) for name, (n, _) in whole.items()]
    said = "; ".join(f"{name}: {a} with benefits, {b} with drawbacks, {n} with either" for name, a, b, n in rows)
    return Figure(
        SIDES, "Who gains and who loses, according to the studies",
        f"Of {included:,} included studies, those that state a benefit or a drawback for them. A study may state both.",
        f"{said}.", canvas, Table(SIDES, ("stakeholder", "benefits", "drawbacks", "either"), [*rows]),
        about.source("stakeholder-counts"),
        ("This counts studies; it doesn't say how large a benefit or a drawback is.",),
        about.wide,
    )  # fmt: skip


Side = dict[str, tuple[int, int]]


def _draw_sides(canvas: Canvas, sides: tuple[Side, Side, Side], most: int, about: About) -> None:
    """Bars from a middle line, drawbacks to the left."""
    good, bad, whole = sides
    left = min(canvas.wide * 0.3, max(width(name, 13, bold=True) for name in whole) * SLACK + 12)
    number = width(f"{most:,}", 13, bold=True) * SLACK + 8
    half = (canvas.wide - left - 2 * number) / 2
    middle = left + number + half
    canvas.text(middle - 8, 14, "drawbacks", "negative-text", 13, bold=True, anchor="end")
    canvas.text(middle + 8, 14, "benefits", "positive-text", 13, bold=True)
    y = 26.0
    for name, (studies, _) in whole.items():
        lines = wrapped(name, left - 8, 13, bold=True)
        for i, line in enumerate(lines):
            canvas.text(0, y + 16 + i * 17, line, size=13, bold=True)
        canvas.text(0, y + 16 + len(lines) * 17, counted(studies, "study", "studies"), "soft", 12)
        tall = len(lines) * 17.0 + 34
        for side, kind, way in ((bad, "negative", -1), (good, "positive", 1)):
            count, row = side.get(name, (0, 0))
            long = half * count / most
            words = f"{counted(count, 'study', 'studies')}: {'benefits' if way > 0 else 'drawbacks'}, {name}"
            data = {"row": name, "class": kind, "n": count}
            with canvas.link(about.link("stakeholder-counts", row) if row else "", words, **data):
                if count:
                    canvas.rect(middle if way > 0 else middle - long, y + 6, long, 24, kind)
                end, anchor = middle + way * (long + 7), "start" if way > 0 else "end"
                canvas.text(end, y + 23, f"{count:,}", bold=True, anchor=anchor)
        y += tall
    canvas.line(middle, 20, middle, y - 4, "axis")
    canvas.down_to(y - 4)
