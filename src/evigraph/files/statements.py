"""Canonical N-Quads as text: a statement a line, and what it is made of.

>>> (line,) = lines('<b/s> <b/p> "a < b" <b/g> .')
>>> parts(line)
('<b/s>', '<b/p>', '"a < b"')
"""

from __future__ import annotations


def lines(text: str) -> list[str]:
    """The lines of a text that end in a line feed, without it.

    `str.splitlines` won't do: it parts a line at U+0085 and U+2028 too, which stand in literals as they are.
    """
    found = text.split("\n")
    return found if found[-1] else found[:-1]


def parts(line: str) -> tuple[str, str, str]:
    """The subject, predicate and object of a quad, as the line writes them; it names its graph."""
    subject, predicate, rest = line.split(" ", 2)
    return subject, predicate, rest[: rest.rindex(" <")]
