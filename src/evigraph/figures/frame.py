"""A figure: its drawing, what is said of it, and the SVG of both."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from evigraph.figures.canvas import FAMILY, Canvas, number, quoted
from evigraph.figures.palette import LOOKS, PREFIX
from evigraph.figures.words import plain
from evigraph.queries import Table

WIDE, NARROW = 880.0, 350.0
"""Units across: 180 mm, two columns of a journal, and 90 mm, one."""
MARGIN = 10.0


def no_links(_query: str, _row: int) -> str:
    """No address for anything: a file is read where nothing of ours answers."""
    return ""


@dataclass(frozen=True)
class About:
    """What a figure says of where it is from.

    Attributes:
        review, version, licence: of the review; the last two empty where nobody says. wide: which of the two drawings.
        link: where row n of a canned query, counted from 1, opens; empty where it doesn't. arguments: what the queries
        were asked with.
    """

    review: str
    version: str = ""
    licence: str = ""
    wide: bool = True
    link: Callable[[str, int], str] = no_links
    arguments: dict[str, str] = field(default_factory=dict)

    def canvas(self) -> Canvas:
        """An empty drawing."""
        return Canvas((WIDE if self.wide else NARROW) - 2 * MARGIN)

    def source(self, *queries: str) -> str:
        """The last line of a figure: review, version, licence, and the queries that it shows."""
        version = f"version {self.version}" if self.version else "version not stated"
        named = ", ".join(f"“{name}”" for name in queries)
        asked = ", ".join(f"{name} = {value}" for name, value in sorted(self.arguments.items()) if value)
        word = "query" if len(queries) == 1 else "queries"
        with_arguments = f" with {asked}" if asked else ""
        return f"{self.review}, {version} · {licence_name(self.licence)} · {word} {named}{with_arguments}"


@dataclass(frozen=True)
class Figure:
    """A figure that can be shown.

    Attributes:
        name: its own. heading: what it shows. sentence: its unit, and what it is out of. description: the extremes and
        gaps in words. notes: what to know beside it. source: where it is from. canvas: the drawing. table: the same
        numbers as rows. wide: which of the two drawings it is. faults: where the
        numbers contradict each other, marked in the drawing.
    """

    name: str
    heading: str
    sentence: str
    description: str
    canvas: Canvas
    table: Table
    source: str
    notes: tuple[str, ...] = ()
    wide: bool = True
    faults: tuple[str, ...] = ()


def licence_name(licence: str) -> str:
    """A licence as people write it."""
    found = re.match(r"https?://creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/(\d\.\d)", licence)
    if not found:
        return licence or "licence not stated"
    return f"CC0 {found[3]}" if found[1] == "publicdomain" else f"CC {found[2].upper()} {found[3]}"


def framed(figure: Figure) -> str:
    """The figure as an SVG file of its own: heading, sentence, drawing, notes and source."""
    body = figure.canvas
    whole = Canvas(body.wide)
    y = whole.lines(0, 16, figure.heading, body.wide, size=17 if figure.wide else 15, bold=True)
    y = whole.lines(0, y, figure.sentence, body.wide, "soft") + 2
    top = y
    y += body.tall + 22
    for note in figure.notes:
        y = whole.lines(0, y, note, body.wide, "soft", 12)
    y = whole.lines(0, y + 2, figure.source, body.wide, "soft", 11.5)
    whole.down_to(y - 10)
    drawn = f'<g transform="translate(0 {number(top)})">\n{"".join(body.parts)}</g>\n'
    whole.parts.append(drawn)
    paper = f'<rect width="100%" height="100%" class="{PREFIX}paper" {LOOKS["paper"].attributes()}/>\n'
    inner = f'{paper}<g transform="translate({number(MARGIN)} {number(MARGIN)})">\n{"".join(whole.parts)}</g>\n'
    return _svg(figure, inner, body.wide + 2 * MARGIN, whole.tall + 2 * MARGIN, "")


def inline(figure: Figure) -> str:
    """The drawing alone, for a page whose words stand around it."""
    shape = "wide" if figure.wide else "narrow"
    return _svg(figure, "".join(figure.canvas.parts), figure.canvas.wide, figure.canvas.tall, shape)


def _svg(figure: Figure, inner: str, wide: float, tall: float, shape: str) -> str:
    own = f"{figure.name}-{'wide' if figure.wide else 'narrow'}"
    role = "graphics-document document" if "<a " in inner else "img"
    edge = 1 if shape else 0  # half of an outline on the edge would be cut off
    size = f'viewBox="{-edge} {-edge} {number(wide + 2 * edge)} {number(tall + 2 * edge)}"'
    size += f' class="{shape}"' if shape else f' width="{number(wide)}" height="{number(tall)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="{role}" aria-labelledby="{quoted(own)}-title" '
        f'aria-describedby="{quoted(own)}-desc" font-family="{FAMILY}">\n'
        f'<title id="{quoted(own)}-title">{escape(plain(figure.heading))}</title>\n'
        f'<desc id="{quoted(own)}-desc">{escape(plain(figure.description))}</desc>\n'
        f"{inner}</svg>\n"
    )
