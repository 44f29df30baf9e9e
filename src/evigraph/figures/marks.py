"""The signs of figures, one for each class, and the keys that explain them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from evigraph.figures.canvas import Canvas, number
from evigraph.figures.words import SLACK, plain, width

STANCES = {
    "supports": "positive",
    "conditional": "mixed",
    "mixed": "mixed",
    "against": "negative",
    "context": "describes",
    "not-addressed": "not-addressed",
}
"""The class of a stance."""
EFFECTS = {
    "positive": "positive",
    "mixed": "mixed",
    "negative": "negative",
    "none": "no-effect",
    "unclear": "unclear",
    "": "describes",
}
"""The class of an effect; a finding without one describes."""

STANCE_WORDS = {
    "positive": "supports",
    "mixed": "under a condition, or says both",
    "negative": "against",
    "describes": "context only",
    "not-addressed": "not addressed",
    "unclear": "stance not coded",
}
EFFECT_WORDS = {
    "positive": "positive effect",
    "mixed": "both, or a mixed effect",
    "negative": "negative effect",
    "no-effect": "no effect found",
    "describes": "no effect reported",
    "unclear": "unclear",
}


def polygon(*points: tuple[float, float]) -> str:
    """The steps of a closed path."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"


def sign(canvas: Canvas, kind: str, x: float, y: float, r: float = 5) -> None:
    """The sign of a class around a point, as large for each."""
    data = {"glyph": kind}
    if kind == "positive":
        canvas.path(polygon((x, y - r), (x + r, y + r * 0.85), (x - r, y + r * 0.85)), kind, **data)
    elif kind == "negative":
        canvas.path(polygon((x, y + r), (x + r, y - r * 0.85), (x - r, y - r * 0.85)), kind, **data)
    elif kind == "mixed":
        canvas.path(polygon((x, y - r), (x + r, y), (x, y + r), (x - r, y)), kind, **data)
    elif kind == "no-effect":
        canvas.path(_bar(x, y - r * 0.5, r) + _bar(x, y + r * 0.5, r), kind, **data)
    elif kind == "not-addressed":
        canvas.circle(x, y, r * 0.5, kind, **data)
    elif kind == "unclear":
        canvas.circle(x, y, r * 0.95, kind, **data)
        canvas.text(x, y + 3.6, "?", "soft", 10, anchor="middle")
    else:
        canvas.circle(x, y, r * 0.85, "describes", **data)


def _bar(x: float, y: float, r: float) -> str:
    h = r * 0.28
    return polygon((x - r * 0.9, y - h), (x + r * 0.9, y - h), (x + r * 0.9, y + h), (x - r * 0.9, y + h))


Drawn = Callable[[float, float], None]


def key(
    canvas: Canvas, y: float, entries: Iterable[tuple[Drawn, str]], size: float = 12.5, sample: float = 14
) -> float:
    """Signs with their words, in as many lines as they take; where the last line ends.

    An entry draws its sample with its left edge and middle at the point that it is given.
    """
    x, step = 0.0, 20.0
    for draw, words in entries:
        room = sample + 6 + width(plain(words), size) * SLACK
        if x and x + room > canvas.wide:
            x, y = 0.0, y + step
        draw(x, y)
        canvas.text(x + sample + 6, y + size * 0.36, words, "soft", size)
        x += room + 16
    canvas.down_to(y + step / 2)
    return y + step


def sample_of(canvas: Canvas, kind: str) -> Drawn:
    """The sample of a class in a key."""
    return lambda x, y: sign(canvas, kind, x + 7, y, 5.5)


def sample_gap(canvas: Canvas) -> Drawn:
    """The sample of an empty cell in a key."""
    return lambda x, y: canvas.rect(x, y - 6, 14, 12, "gap", 2)


def sample_hatch(canvas: Canvas) -> Drawn:
    """The sample of what is not coded in a key."""
    return lambda x, y: canvas.hatched(x, y - 6, 14, 12)


def sample_asked(canvas: Canvas) -> Drawn:
    """The sample of what was not asked in a key."""
    return lambda x, y: canvas.rect(x, y - 6, 14, 12, "asked", 2)
