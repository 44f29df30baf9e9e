"""The kit that figures are drawn with: text, boxes, lines and marks as SVG, the same bytes for the same calls."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from xml.sax.saxutils import escape

from evigraph.figures.palette import LOOKS, PREFIX
from evigraph.figures.words import plain, width, wrapped

FAMILY = "Arial, 'Liberation Sans', Helvetica, Arimo, sans-serif"
"""Arial and Liberation Sans have the same widths, so that a figure looks alike on every system."""


def number(value: float) -> str:
    """A length with at most two decimals."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown in {"-0", ""} else shown


def quoted(text: object) -> str:
    """A text as the value of an attribute."""
    return escape(plain(text), {'"': "&quot;"})


class Canvas:
    """What is drawn, one element after the other; `wide` is how many units there are from edge to edge."""

    def __init__(self, wide: float) -> None:
        """Begin with nothing."""
        self.wide, self.tall = wide, 0.0
        self.parts: list[str] = []

    def down_to(self, y: float) -> None:
        """Let the drawing reach at least down to `y`."""
        self.tall = max(self.tall, y)

    def text(
        self,
        x: float,
        y: float,
        words: object,
        role: str = "ink",
        size: float = 13,
        bold: bool = False,
        anchor: str = "start",
        turned: bool = False,
    ) -> float:
        """A line of text on the base line `y`, which goes upwards if it is turned; how wide it is."""
        shown = plain(words)
        if not shown:
            return 0.0
        place = f'x="{number(x)}" y="{number(y)}"'
        if turned:
            place = f'transform="translate({number(x)} {number(y)}) rotate(-90)"'
        look = f'font-size="{number(size)}"' + (' font-weight="bold"' if bold else "")
        aside = f' text-anchor="{anchor}"' if anchor != "start" else ""
        self._add("text", f"{place} {look}{aside}", role, escape(shown))
        self.down_to(y + size * 0.3)
        return width(shown, size, bold)

    def lines(
        self,
        x: float,
        y: float,
        words: object,
        room: float,
        role: str = "ink",
        size: float = 13,
        bold: bool = False,
        step: float = 0,
    ) -> float:
        """A text wrapped to its room, its first base line on `y`; the base line after its last."""
        for line in wrapped(plain(words), room, size, bold):
            self.text(x, y, line, role, size, bold)
            y += step or size * 1.32
        return y

    def rect(self, x: float, y: float, w: float, h: float, role: str, round_: float = 0, **data: object) -> None:
        """A box."""
        corner = f' rx="{number(round_)}"' if round_ else ""
        said = f'x="{number(x)}" y="{number(y)}" width="{number(w)}" height="{number(h)}"{corner}{_data(data)}'
        self._add("rect", said, role)
        self.down_to(y + h)

    def path(self, steps: str, role: str, **data: object) -> None:
        """A path by its steps."""
        self._add("path", f'd="{steps}"{_data(data)}', role)

    def line(self, x1: float, y1: float, x2: float, y2: float, role: str = "rule") -> None:
        """A straight line."""
        self.path(f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}", role)
        self.down_to(max(y1, y2))

    def circle(self, x: float, y: float, radius: float, role: str, **data: object) -> None:
        """A circle."""
        self._add("circle", f'cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"{_data(data)}', role)
        self.down_to(y + radius)

    def hatched(self, x: float, y: float, w: float, h: float) -> None:
        """A dashed box with slanting lines: what nobody knows or coded."""
        steps = []
        for offset in range(6, math.ceil(w + h), 6):
            left, right = max(0.0, offset - h), min(w, float(offset))
            if right - left > 0.5:
                ends = (x + left, y + offset - left, x + right, y + offset - right)
                steps.append("M{} {}L{} {}".format(*map(number, ends)))
        self.path("".join(steps), "hatch")
        self.rect(x, y, w, h, "gap", 3)

    @contextmanager
    def group(self, **data: object) -> Iterator[None]:
        """What is drawn in the `with` block, as one group with its data."""
        self.parts.append(f"<g{_data(data)}>")
        yield
        self.parts.append("</g>\n")

    @contextmanager
    def link(self, href: str, title: str, /, **data: object) -> Iterator[None]:
        """What is drawn in the `with` block, as a link that its title names; without an address, as a titled group."""
        self.parts.append(f'<a href="{quoted(href)}"{_data(data)}>' if href else f"<g{_data(data)}>")
        self.parts.append(f"<title>{escape(plain(title))}</title>")
        yield
        self.parts.append("</a>\n" if href else "</g>\n")

    def _add(self, tag: str, attributes: str, role: str, content: str = "") -> None:
        end = f">{content}</{tag}>\n" if content else "/>\n"
        self.parts.append(f'<{tag} {attributes} class="{PREFIX}{role}" {LOOKS[role].attributes()}{end}')


def _data(data: dict[str, object]) -> str:
    return "".join(f' data-{key.rstrip("_").replace("_", "-")}="{quoted(value)}"' for key, value in data.items())
