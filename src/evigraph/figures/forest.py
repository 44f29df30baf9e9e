"""The forest plot: effects with their intervals, side by side and not pooled."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from evigraph.figures.canvas import Canvas
from evigraph.figures.frame import About, Figure
from evigraph.figures.refusals import refuse
from evigraph.figures.words import SLACK, counted, listed, plain, width
from evigraph.queries import Cell, Table

NAME = "forest"
RATIOS = frozenset({"OR", "RR", "HR", "IRR", "ROM", "PETO"})
Z = 1.959964
"""How many standard errors make half of a 95 % interval."""


@dataclass(frozen=True)
class Effect:
    """An effect: whose, of what against what, how many it rests on, its estimate and interval, the query's row."""

    study: str
    groups: str
    n: str
    estimate: float
    low: float
    high: float
    row: int

    @property
    def weight(self) -> float:
        """How much it is known: one over the square of its interval."""
        return 1 / max(self.high - self.low, 1e-9) ** 2


def draw(effects: Table, about: About) -> Figure:
    """The figure of the rows of `effects`, which have to be of one outcome and metric.

    Raises:
        FigureError: they are not, fewer than two have an interval, or one doesn't hold its estimate.
    """
    rows = [dict(zip(effects.columns, row, strict=True)) | {"place": i} for i, row in enumerate(effects.rows, 1)]
    _require_one(rows, "outcome", "choose one with -p outcome=…")
    with_estimate = [row for row in rows if _interval(row)]
    _require_one(with_estimate, "measure", "effects of several metrics have no scale in common")
    found = [_effect(row) for row in with_estimate]
    if len(found) < 2:
        known = counted(len(found), "effect has", "effects have")
        raise refuse(f"{known} an estimate with an interval or a standard error, and a comparison takes two")
    metric = plain(with_estimate[0]["measure"] or "effect")
    ratio = metric.upper() in RATIOS and all(effect.low > 0 for effect in found)
    canvas = about.canvas()
    _draw(canvas, found, metric, ratio, about)
    outcome = plain(with_estimate[0]["outcome"] or "the outcome")
    notes = [_reading(metric, ratio), "The larger a square, the narrower its interval. Nothing is pooled."]
    if len(found) < len(rows):
        lacking = counted(len(rows) - len(found), "effect", "effects")
        notes.append(f"{lacking} without an estimate and its interval: not drawn.")
    if len({effect.study for effect in found}) < len(found):
        notes.append("A study may have several effects here, which then are not independent.")
    shown = [(e.study, e.groups, e.n, e.estimate, e.low, e.high) for e in found]
    table = Table(NAME, ("study", "groups", "n", "estimate", "low", "high"), [*shown])
    over = [e for e in found if e.low > (1 if ratio else 0)]
    under = [e for e in found if e.high < (1 if ratio else 0)]
    description = f"{len(found)} effects from {_shown(min(e.estimate for e in found))} to "
    description += (
        f"{_shown(max(e.estimate for e in found))}; {len(over)} wholly above no difference, {len(under)} below."
    )
    sentence = f"{metric} with 95 % intervals; {counted(len(found), 'effect')} of "
    sentence += f"{counted(len({e.study for e in found}), 'study', 'studies')}."
    return Figure(
        NAME, f"Effects on {outcome}", sentence, description, canvas, table, about.source("effects"), tuple(notes),
        about.wide,
    )  # fmt: skip


def _require_one(rows: list[dict[str, Cell]], column: str, mend: str) -> None:
    several = sorted({plain(row[column] or "") or "not stated" for row in rows})
    if len(several) > 1:
        raise refuse(f"these effects are of {listed(several)}; {mend}")


def _reading(metric: str, ratio: bool) -> str:
    if ratio:
        return f"{metric} are ratios on a logarithmic axis; 1 is no difference."
    logs = " as logarithms" if metric.upper() in RATIOS else ""
    return f"{metric}{logs}; 0 is no difference."


def _interval(row: dict[str, Cell]) -> bool:
    return row["yi"] is not None and (
        (row["ci_lb"] is not None and row["ci_ub"] is not None) or row["sei"] is not None or row["vi"] is not None
    )


def _effect(row: dict[str, Cell]) -> Effect:
    numbers = {name: float(str(row[name])) for name in ("yi", "ci_lb", "ci_ub", "sei", "vi") if row[name] is not None}
    estimate = numbers["yi"]
    if "ci_lb" in numbers and "ci_ub" in numbers:
        low, high = numbers["ci_lb"], numbers["ci_ub"]
    else:
        half = Z * (numbers["sei"] if "sei" in numbers else math.sqrt(max(numbers["vi"], 0)))
        low, high = estimate - half, estimate + half
    study = plain(row["study"])
    if not all(map(math.isfinite, (estimate, low, high))) or not low <= estimate <= high:
        said = f"{_shown(estimate)} is not within {_shown(low)} to {_shown(high)}"
        raise refuse(f"{study}: {said}; correct the estimate or its interval")
    groups = " vs ".join(plain(row[name]) for name in ("group1", "group2") if row[name] is not None)
    of = [plain(row[name]) for name in ("instrument", "time") if row[name] is not None]
    n = str(row["ni"]) if row["ni"] is not None else _sum(row["n1i"], row["n2i"])
    return Effect(
        study, "; ".join([*([groups] if groups else []), *of]), n, estimate, low, high, int(str(row["place"]))
    )


def _sum(one: Cell, other: Cell) -> str:
    return "" if one is None or other is None else str(int(float(str(one)) + float(str(other))))


def _shown(number: float) -> str:
    return f"{number:.2f}".replace("-", "−")


def _draw(canvas: Canvas, effects: list[Effect], metric: str, ratio: bool, about: About) -> None:
    wide = about.wide
    says = [f"{_shown(e.estimate)} [{_shown(e.low)}, {_shown(e.high)}]" for e in effects]
    numbers = max(width(each, 12) for each in says) * SLACK + 8
    label = canvas.wide * 0.3 if wide else canvas.wide * 0.46
    n = max([width(e.n, 12) for e in effects] + [width("n", 12)]) * SLACK + 16
    left, right = (label + n, canvas.wide - numbers - 10) if wide else (0.0, canvas.wide - 4)
    place = math.log if ratio else float
    low, high = min(e.low for e in effects), max(e.high for e in effects)
    none = 1.0 if ratio else 0.0
    low, high = place(min(low, none)), place(max(high, none))
    low, high = low - (high - low) * 0.04, high + (high - low) * 0.04

    def x(value: float) -> float:
        return left + (place(value) - low) / (high - low) * (right - left)

    if wide:
        canvas.text(0, 13, "Study", bold=True, size=12.5)
        canvas.text(label + n - 14, 13, "n", bold=True, size=12.5, anchor="end")
        canvas.text(canvas.wide, 13, f"{metric} [95 %]", bold=True, size=12.5, anchor="end")
    y = 22.0 if wide else 0.0
    top = y
    heaviest = max(e.weight for e in effects)
    marks: list[tuple[Effect, float]] = []
    for effect, said in zip(effects, says, strict=True):
        room = label - 8 if wide else canvas.wide - numbers - 4
        title = f"{said}: {effect.study}" + (f", {effect.groups}" if effect.groups else "")
        with canvas.link(about.link("effects", effect.row), title, study=effect.study, estimate=effect.estimate):
            base = canvas.lines(0, y + 16, effect.study, room, size=12.5, bold=True, step=16)
            base = canvas.lines(0, base, effect.groups, room, "soft", 11.5, step=15) if effect.groups else base
            canvas.text(canvas.wide, y + 16, said, size=12, anchor="end")
            if wide:
                canvas.text(label + n - 14, y + 16, effect.n, size=12, anchor="end")
        marks.append((effect, y + 12 if wide else base))
        y = max(base, y + 20) if wide else base + 16
        if not wide:
            canvas.line(0, y, canvas.wide, y)
    if wide:
        canvas.line(x(none), top, x(none), y, "axis")
    for effect, at in marks:
        if not wide:  # where texts stand between, the line goes past the marks alone
            canvas.line(x(none), at - 9, x(none), at + 12, "axis")
        canvas.line(x(effect.low), at, x(effect.high), at, "interval")
        side = 5 + 7 * math.sqrt(effect.weight / heaviest)
        canvas.rect(x(effect.estimate) - side / 2, at - side / 2, side, side, "bar", class_="estimate")
    _axis(canvas, (math.exp(low), math.exp(high)) if ratio else (low, high), ratio, x, y, (left, right))


def _axis(
    canvas: Canvas,
    ends: tuple[float, float],
    ratio: bool,
    x: Callable[[float], float],
    y: float,
    sides: tuple[float, float],
) -> None:
    """An axis with a few round numbers, as many as have room."""
    canvas.line(sides[0], y, sides[1], y, "axis")
    last = -math.inf
    for value in _ticks(*ends, ratio):
        words = f"{value:g}".replace("-", "−")
        half = width(words, 11.5) * SLACK / 2
        if x(value) - half > last and sides[0] - 1 <= x(value) - half and x(value) + half <= sides[1] + 5:
            canvas.line(x(value), y, x(value), y + 4, "axis")
            canvas.text(x(value), y + 17, words, "soft", 11.5, anchor="middle")
            last = x(value) + half + 4


def _ticks(low: float, high: float, ratio: bool) -> list[float]:
    if ratio:
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        return [m * 10.0**p for p in powers for m in (1, 2, 5) if low <= m * 10.0**p <= high]
    rough = (high - low) / 5
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(m * unit for m in (1, 2, 5, 10) if m * unit >= rough)
    first = math.ceil(low / step)
    return [round((first + i) * step, 10) for i in range(int((high - first * step) / step) + 1)]
