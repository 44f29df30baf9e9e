"""What an SVG of ours shows, read back: its texts with where they stand, and its data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from evigraph.figures.frame import About
from evigraph.figures.words import width
from evigraph.queries import Table

SVG = "{http://www.w3.org/2000/svg}"
REVIEW = "Notes & <pencils>: a review"


def about(wide: bool = True, **arguments: str) -> About:
    """What a figure of an invented review says of itself."""
    given = {name.replace("_", "-"): value for name, value in arguments.items()}
    return About(REVIEW, "1.2", "https://creativecommons.org/licenses/by/4.0/", wide, arguments=given)


def table(columns: str, *rows: tuple[str | int | float | None, ...]) -> Table:
    """Rows of a query."""
    return Table("rows", tuple(columns.split()), list(rows))


@dataclass(frozen=True)
class Text:
    """A text and the box that it fills: left, top, right, bottom."""

    words: str
    size: float
    box: tuple[float, float, float, float]


def parsed(svg: str) -> ElementTree.Element:
    """The tree of an SVG."""
    return ElementTree.fromstring(svg)  # noqa: S314 - our own


def _walk(node: ElementTree.Element, x: float, y: float) -> Iterator[tuple[ElementTree.Element, float, float]]:
    found = re.match(r"translate\(([-\d.]+) ([-\d.]+)\)", node.get("transform", ""))
    if found:
        x, y = x + float(found[1]), y + float(found[2])
    yield node, x, y
    for child in node:
        yield from _walk(child, x, y)


def texts(svg: str) -> list[Text]:
    """Every text that is drawn."""
    found = []
    for node, x, y in _walk(parsed(svg), 0, 0):
        if node.tag != f"{SVG}text":
            continue
        size = float(node.get("font-size", ""))
        wide = width(node.text or "", size, node.get("font-weight") == "bold")
        share = {"start": 0, "middle": 0.5, "end": 1}[node.get("text-anchor", "start")]
        if "rotate" in node.get("transform", ""):
            box = (x - size * 0.72, y - wide * (1 - share), x + size * 0.2, y + wide * share)
        else:
            left, base = x + float(node.get("x", "0")) - wide * share, y + float(node.get("y", "0"))
            box = (left, base - size * 0.72, left + wide, base + size * 0.2)
        found.append(Text(node.text or "", size, box))
    return found


def words(svg: str) -> str:
    """All texts, one after the other, with plain spaces."""
    return " ".join(text.words for text in texts(svg)).replace("\u00a0", " ")


def faults(svg: str) -> list[str]:
    """Texts that stand outside of the SVG or on each other, or are too small."""
    _, _, wide, tall = map(float, parsed(svg).get("viewBox", "").split())
    found = []
    drawn = texts(svg)
    for i, text in enumerate(drawn):
        left, top, right, bottom = text.box
        if left < -0.5 or top < -0.5 or right > wide + 0.5 or bottom > tall + 0.5:
            found.append(f"outside: {text}")
        if text.size < 10:
            found.append(f"small: {text}")
        for other in drawn[i + 1 :]:
            if left < other.box[2] and other.box[0] < right and top < other.box[3] and other.box[1] < bottom:
                found.append(f"{text} on {other}")
    return found


def data(svg: str, name: str) -> list[dict[str, str]]:
    """The data of every element that has `data-NAME`, by its names."""
    found = []
    for node in parsed(svg).iter():
        known = {key.removeprefix("data-"): value for key, value in node.attrib.items() if key.startswith("data-")}
        if name in known:
            found.append(known)
    return found


HOSTILE = (
    '<script>alert("1")</script> & \x07 ]]>',
    "supercalifragilistic" * 15,
    "a very long label that goes on and on " * 8,
    "\u0633\u0624\u0627\u0644 \u0639\u0646 \u0627\u0644\u062a\u0639\u0644\u0645 \u202eevil",
    "\u5b66\u751f\u7684\u5b66\u4e60\u6210\u679c\u4e0e\u5fae\u8bc1\u4e66" * 6,
    "e\u0301\u0301 \U0001f600 \ufeffzero\u200bwidth\n\tline",
)
"""Labels that somebody may give."""
