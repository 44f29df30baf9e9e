"""Which rows of a table are its headings, guessed from what stands in them and below them."""

from __future__ import annotations

import re
from functools import cache

from evigraph.ingest import decisions, recipes
from evigraph.ingest.extraction.headings import HEADING_ROWS, Table, headings, table
from evigraph.ingest.extraction.mapping import folded, key
from evigraph.ingest.tables.sheets import Row
from evigraph.paths import SHIPPED

DEEPEST = 3
"""So many rows of headings a table may have."""
KINDS = ("study", "reviewer", "place", "statement", "outcome", "answers", "notes")
"""The kinds of headings whose words hardly stand in a cell below one."""
NUMBERS = 0.6
"""The share of numbers below a word that make it a heading."""
_NUMBER = re.compile(r"[<>=~±]?\s*[-+\u2212]?\d[\d.,\s]*%?")


def guessed(rows: list[Row]) -> Table | None:
    """A table by the rows that look most like its headings; nothing where there are no rows."""
    sample = _Sample(rows[:HEADING_ROWS])
    if not sample.rows:
        return None
    at = max(range(len(sample.rows)), key=lambda i: (sample.score(i), -i))
    depth = 1
    while depth < DEEPEST and sample.groups_of(at - 1, at):
        at, depth = at - 1, depth + 1
    if depth == 1 and sample.goes_on(at):
        depth = 2
    known = headings([cells for _, cells in rows[at : at + depth]])
    return table(rows[at:], known, depth)


class _Sample:
    """The first rows of a table."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self._width = max((len(cells) for _, cells in rows), default=0)

    def _cells(self, at: int) -> list[str]:
        cells = [each.strip() for each in self.rows[at][1]]
        return [*cells, *[""] * (self._width - len(cells))]

    def _filled(self, at: int) -> list[str]:
        return [key(cell) for cell in self._cells(at) if key(cell)]

    def _has_numbers(self, at: int) -> bool:
        """Whether it is a row of data: years may be headings, but not beside other numbers."""
        return any(_NUMBER.fullmatch(cell) and not re.fullmatch(r"(?:19|20)\d\d", cell) for cell in self._cells(at))

    def _signs(self, at: int) -> int:
        """How much tells that a row is one of headings: words that people use for them, and words above numbers."""
        cells = self._cells(at)
        below = [self._cells(i) for i in range(at + 1, len(self.rows))]
        signs = sum(key(cell) in _known() for cell in cells)
        for column, cell in enumerate(cells):
            values = [row[column] for row in below if row[column]]
            numbers = sum(bool(_NUMBER.fullmatch(value)) for value in values)
            word = cell and not re.search(r"\d", cell) and folded(cell) not in _states()
            signs += bool(word and numbers >= 2 and numbers >= NUMBERS * len(values))
        return signs

    def score(self, at: int) -> int:
        """How much a row looks like the headings, or the lowest row of them."""
        return len(set(self._filled(at))) + (0 if self._has_numbers(at) else 2 * self._signs(at))

    def groups_of(self, above: int, at: int) -> bool:
        """Whether the row above has the names of groups of headings."""
        if above < 0 or self.rows[above][0] != self.rows[at][0] - 1 or self._has_numbers(above):
            return False
        upper, lower = self._filled(above), self._filled(at)
        if len(set(upper)) < 2:
            return False
        both = [key(each) for each in headings([self._cells(above), self._cells(at)]) if key(each)]
        return len(set(upper)) < len(set(lower)) or len(set(both)) > len(set(lower))

    def goes_on(self, at: int) -> bool:
        """Whether the row below tells the parts of headings that reach over several columns."""
        below = at + 1
        if below >= len(self.rows) or self.rows[below][0] != self.rows[at][0] + 1 or self._has_numbers(below):
            return False
        cells = self._cells(at)
        reaching = any(
            low and (not up or up in cells[:i])
            for i, (up, low) in enumerate(zip(cells, self._cells(below), strict=True))
        )
        return reaching and self._signs(below) > 1


@cache
def _known() -> frozenset[str]:
    fields = recipes.load(SHIPPED / "ingest" / "sheet.yaml").fields
    named = {key(name) for each in fields.values() for one in each if isinstance(one, str) for name in one.split("+")}
    words = {key(word) for kind in KINDS for word in decisions.rules()["headings"][kind]}
    return frozenset(named | words) - {""}


@cache
def _states() -> frozenset[str]:
    return frozenset(folded(word) for words in decisions.rules()["states"].values() for word in words)
