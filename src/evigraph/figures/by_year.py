"""Publications by year: a bar a year, the years without a study among them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from evigraph.figures.canvas import Canvas
from evigraph.figures.frame import About, Figure
from evigraph.figures.refusals import refuse
from evigraph.figures.words import SLACK, counted, width
from evigraph.queries import Cell, Table

NAME = "by-year"
MOST_YEARS = 300
"""From the first to the last; more is a year that somebody mistyped."""


@dataclass(frozen=True)
class Bar:
    """A bar: its year, or the words of what has none; how many; the row of the query that says so, 0 for none."""

    year: str
    studies: int
    row: int


def draw(years: Table, included: int, searched: str, about: About) -> Figure:
    """The figure of the rows of `publications-by-year`.

    `included` is how many studies the review includes; `searched` is the date of the last search, empty if unknown.

    Raises:
        FigureError: no study has a year, or the years can't be.
    """
    bars = _bars(years)
    known = sum(bar.studies for bar in bars)
    # A study that the text cites by two years counts in both.
    per_report = about.arguments.get("year-source") == "printed"
    if not per_report and known < included:
        bars.append(Bar("undated", included - known, 0))
    canvas = about.canvas()
    running = searched[:4] if searched[5:7] not in {"", "12"} and searched[:4] in {bar.year for bar in bars} else ""
    room = canvas.wide / len(bars)
    (_columns if room >= 34 else _rows)(canvas, bars, running, about)
    most = max(bars, key=lambda bar: (bar.studies, bar.year))
    first, last = (bar.year for bar in (bars[0], [bar for bar in bars if bar.year != "undated"][-1]))
    empty = sum(bar.studies == 0 for bar in bars)
    description = f"Most in {most.year}: {counted(most.studies, 'study', 'studies')}. From {first} to {last}"
    description += f", {counted(empty, 'year')} without a study." if empty else ", each year with a study."
    notes = [f"{running}: the last search ended in {searched[:7]}, so the year isn't complete."] if running else []
    if not searched:
        notes.append("The date of the last search isn't known here, so the last year may not be complete.")
    if per_report:
        notes.append("A study that the text cites under two years counts in both.")
    table = Table(NAME, ("year", "studies"), [(bar.year, bar.studies) for bar in bars])
    sentence = f"Included studies by year of publication; {included:,} in all."
    return Figure(
        NAME,
        "When the studies appeared",
        sentence,
        description,
        canvas,
        table,
        about.source("publications-by-year"),
        tuple(notes),
        about.wide,
    )


def _bars(years: Table) -> list[Bar]:
    """A bar for every year from the first to the last."""
    found: dict[int, Bar] = {}
    for place, (year, studies) in enumerate(years.rows, 1):
        found[_whole(year)] = Bar(str(year), _whole(studies), place)
    if not found:
        raise refuse("no included study has a year, so there is no bar to draw; add `year` to the studies' reports")
    first, last = min(found), max(found)
    if last - first > MOST_YEARS:
        raise refuse(f"the years go from {first} to {last}; correct the year that is wrong")
    return [found.get(year, Bar(str(year), 0, 0)) for year in range(first, last + 1)]


def _whole(cell: Cell) -> int:
    try:
        return int(str(cell))
    except ValueError:
        raise refuse(f"`{cell}` is no whole number; correct the year of the report") from None


def _columns(canvas: Canvas, bars: list[Bar], running: str, about: About) -> None:
    """Bars side by side over an axis from 0."""
    top, high = 24.0, 220.0 if about.wide else 170.0
    floor, most = top + high, max(bar.studies for bar in bars)
    step = tick(most)
    scale = high / (-(-most // step) * step)
    left = width(f"{most:,}", 12) * SLACK + 10
    for at in range(0, most + step, step):
        y = floor - at * scale
        canvas.text(left - 8, y + 4, f"{at:,}", "soft", 12, anchor="end")
        canvas.line(left, y, canvas.wide, y, "axis" if at == 0 else "rule")
    slot = (canvas.wide - left) / len(bars)
    thick = min(56.0, slot * 0.7)
    for i, bar in enumerate(bars):
        middle = left + slot * (i + 0.5)
        tall = bar.studies * scale
        with _opened(canvas, bar, about):
            _bar(canvas, bar, (middle - thick / 2, floor - tall, thick, tall), bar.year == running)
            canvas.text(middle, floor - tall - 7, f"{bar.studies:,}", size=13, bold=True, anchor="middle")
        tight = width("undated", 12) * SLACK > slot
        words = "n.d." if bar.year == "undated" and tight else bar.year
        canvas.text(middle, floor + 18, words, "ink", 12, anchor="middle")
    canvas.down_to(floor + 24)


def _rows(canvas: Canvas, bars: list[Bar], running: str, about: About) -> None:
    """Bars one under the other, where there are too many years to stand side by side."""
    most = max(bar.studies for bar in bars)
    left, room = 66.0, canvas.wide - 66 - width(f"{most:,}", 12, bold=True) * SLACK - 10
    for i, bar in enumerate(bars):
        y = i * 20.0
        long = room * bar.studies / most
        canvas.text(left - 8, y + 14, bar.year, "ink", 12, anchor="end")
        with _opened(canvas, bar, about):
            _bar(canvas, bar, (left, y + 3, long, 14), bar.year == running)
            canvas.text(left + long + 6, y + 14, f"{bar.studies:,}", size=12, bold=True)
    canvas.line(left, 0, left, len(bars) * 20.0, "axis")


def _opened(canvas: Canvas, bar: Bar, about: About) -> AbstractContextManager[None]:
    href = about.link("publications-by-year", bar.row) if bar.row else ""
    title = f"{counted(bar.studies, 'study', 'studies')}, {bar.year}"
    return canvas.link(href, title, row=bar.year, n=bar.studies)


def _bar(canvas: Canvas, bar: Bar, box: tuple[float, float, float, float], running: bool) -> None:
    if not bar.studies:
        return
    if bar.year == "undated":
        canvas.hatched(*box)
    else:
        canvas.rect(*box, "hollow" if running else "bar", 2)


def tick(most: int) -> int:
    """The distance between the lines of an axis, so that there are at most six of them: 1, 2, 5, 10 and so on."""
    step = 1
    while most / step > 5:
        digits = str(step)
        step = step * 5 // 2 if digits[0] == "2" else step * 2
    return step
