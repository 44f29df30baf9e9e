"""How wide a text is, and where its lines break: by the widths of the shipped fonts, which are those of Arial too."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
SLACK = 1.17
"""A reader's font may be that much wider: DejaVu Sans is, where neither Arial nor Liberation Sans is there."""
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u200b\u2028-\u202e\u2066-\u2069\ufeff]+")
"""What XML can't hold, and what would turn the order of a text around."""


def plain(text: object) -> str:
    """A text on one line, without signs that no figure can show; a space that doesn't break stays one."""
    shown = re.sub("[ \t\r\n\x0b\x0c\x85\u2028\u2029]+", " ", str(text))
    return _CONTROLS.sub("", shown).strip(" ")


@cache
def _widths(face: str) -> dict[int, int]:
    known: dict[int, int] = {}
    for line in (FONTS / "widths.txt").read_text("utf-8").splitlines():
        name, first, *numbers = line.split(" ")
        if name == face:
            known.update(enumerate(map(int, numbers), int(first, 16)))
    return known


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a text is; a sign that the fonts lack is taken for a wide one."""
    known = _widths("Bold" if bold else "Regular")
    return sum(known.get(ord(sign)) or _guessed(sign) for sign in text) * size / 1000


def _guessed(sign: str) -> int:
    return 0 if unicodedata.combining(sign) else 1000 if unicodedata.east_asian_width(sign) in "WF" else 700


def lacking(text: str) -> str:
    """The signs of a text that the shipped fonts don't have, each once."""
    known = _widths("Regular")
    return "".join(sorted({sign for sign in text if ord(sign) not in known and not sign.isspace()}))


def wrapped(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """The lines of a text in that much room, slack included: broken at spaces, and in a word that is wider alone.

    Nothing is cut off; a space that doesn't break, as in (n = 4), never does.
    """
    lines: list[str] = []
    line = ""
    for word in plain(text).split(" "):
        joined = f"{line} {word}" if line else word
        if width(joined, size, bold) * SLACK <= room:
            line = joined
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, room, size, bold)
        lines += whole
    return [*lines, line]


def _pieces(word: str, room: float, size: float, bold: bool) -> list[str]:
    """A word in pieces that fit, after its hyphens and slashes where it has some."""
    if width(word, size, bold) * SLACK <= room:
        return [word]
    pieces = [""]
    for part in re.findall("[^-/_\u2010\u2013]*[-/_\u2010\u2013]|[^-/_\u2010\u2013]+", word) or [word]:
        if width(pieces[-1] + part, size, bold) * SLACK <= room:
            pieces[-1] += part
        elif width(part, size, bold) * SLACK <= room:
            pieces.append(part)
        else:
            for sign in part:
                if unicodedata.combining(sign) or width(pieces[-1] + sign, size, bold) * SLACK <= room:
                    pieces[-1] += sign
                else:
                    pieces.append(sign)
    return [piece for piece in pieces if piece]


def counted(number: int, one: str, several: str = "") -> str:
    """A number with its noun: 1 study, 2 studies, 1,482 records."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def listed(names: list[str]) -> str:
    """Names as a sentence has them: a, b and c."""
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), *names[-1:]])
