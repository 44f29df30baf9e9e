"""The groups that a row of an extraction sheet tells of: one of a label, or one for each part of parallel lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from evigraph.ingest.extraction.headings import Cells
from evigraph.ingest.extraction.mapping import Attribute, Columns, Grouping, Source, folded, key
from evigraph.ingest.model import Grouped, Said

Reading = Callable[[Source, Cells, int], Iterable[Said]]
Coded = Callable[[Attribute, Cells, int], tuple[tuple[Said, ...], str, str] | None]
COUNT = "n"


class Groups:
    """Reads groups; lists that should run in parallel and don't are named in `uneven`."""

    def __init__(self, columns: Columns, said: Reading, coded: Coded) -> None:
        """Read by a recipe's columns; `said` reads a source and `coded` an attribute of a row."""
        self._rules, self._said, self._coded = columns.groups, said, coded
        self._empty = set(columns.states.get("not-coded", ()))
        self.uneven: list[str] = []

    def of(self, cells: Cells, number: int) -> Iterator[Grouped]:
        """The groups of a row."""
        for i, rule in enumerate(self._rules):
            if rule.each:
                yield from self._parallel(i, rule, cells, number)
                continue
            if label := self._label(rule, cells, number):
                read = {j: self._coded(each, cells, number) for j, each in enumerate(rule.attributes)}
                count = self._coded(Attribute(COUNT, rule.n, "number"), cells, number)
                n = count[0][0] if count else None
                yield Grouped(i, label, n, {j: found[0] for j, found in read.items() if found})

    def _label(self, rule: Grouping, cells: Cells, number: int) -> str:
        return "; ".join(each.text for each in self._said(rule.label, cells, number) if each.text)

    def _parallel(self, index: int, rule: Grouping, cells: Cells, number: int) -> Iterator[Grouped]:
        """A group for each part; one part is for all of them, and lists of other lengths make none."""
        parts: dict[str, list[str]] = {}
        for name, heading in rule.each.items():
            cell = "; ".join(cells.get(key(heading), []))
            if cell and folded(cell) not in self._empty:
                parts[name] = [each.strip() for each in re.split(rule.separator, cell)]
        longest = max(map(len, parts.values()), default=0)
        if any(len(each) not in (1, longest) for each in parts.values()):
            shown = ", ".join(f"{rule.each[name]} {len(each)}" for name, each in parts.items())
            what = "lists that should run in parallel have unequal lengths"
            self.uneven.append(f"row {number}: {what}: {shown}; no groups")
            return
        for i in range(longest):
            own = {name: each[i] if len(each) > 1 else each[0] for name, each in parts.items()}
            row = {**cells, **{key(rule.each[name]): [text] if text else [] for name, text in own.items()}}
            said = {name: tuple(self._said(Source(columns=(rule.each[name],)), row, number)) for name in own}
            if label := self._label(rule, row, number) or next((text for text in own.values() if text), ""):
                yield Grouped(index, label, None, {name: each for name, each in said.items() if each})
