"""A second count of what a file holds, made by a plain scan and not by the parser that takes it apart."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from evigraph.ingest.model import Raw

REASON = "a record begins here that the parser took for a part of another; end the one before it, and leave a line free"


def unseen(text: str, begins: str, raws: list[Raw]) -> list[Raw]:
    """Beginnings of records, by a pattern, that the records read don't account for: each record has one of its own."""
    starts = lines(text, begins)
    begun = sorted(raw.line for raw in raws)
    before = bisect_left(starts, begun[0]) if begun else len(starts)
    found = [Raw(start, problem=REASON) for start in starts[:before]]
    for index, line in enumerate(begun):
        first = bisect_left(starts, line)
        last = bisect_right(starts, begun[index + 1] - 1) if index + 1 < len(begun) else len(starts)
        found += [Raw(start, problem=REASON) for start in starts[first + 1 : last]]
    return found


def lines(text: str, begins: str) -> list[int]:
    """The lines where a pattern is found, counted from 1."""
    numbers: list[int] = []
    at = line = 0
    for found in re.finditer(begins, text):
        line += text.count("\n", at, found.start())
        at = found.start()
        numbers.append(line + 1)
    return numbers
