"""The groups that a row of an extraction sheet tells of: one of a label, or one for each part of parallel lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from evigraph.ingest.extraction.headings import Cells
from evigraph.ingest.extraction.mapping import Attribute, Columns, Grouping, Source, folded, key
from evigraph.ingest.model import Grouped, Said

Reading = Callable[[Source, Cells, int], Iterable[Said]]
Coded = Callable[[Attribute, Cells, int], tuple[tuple[Said, ...], str, str] | None]
COUNT = "n"


class Groups:
    """Reads groups, and remembers in `notes` what of them can't be taken; `own` are the numbers of their attributes."""

    def __init__(self, columns: Columns, said: Reading, coded: Coded) -> None:
        """Read by a recipe's columns; `said` reads a source and `coded` an attribute of a row."""
        self._rules, self._attributes = columns.groups, columns.attributes
        self._said, self._coded = said, coded
        self._empty = set(columns.states.get("not-coded", ()))
        self.own = frozenset(i for rule in columns.groups for i in rule.attributes)
        self.notes: list[str] = []

    def of(self, cells: Cells, number: int) -> Iterator[Grouped]:
        """The groups of a row."""
        for rule in self._rules:
            if rule.each:
                yield from self._parallel(rule, cells, number)
            elif label := self._label(rule, cells, number):
                yield self._group(rule, label, cells, number)

    def _label(self, rule: Grouping, cells: Cells, number: int) -> str:
        return "; ".join(each.text for each in self._said(rule.label, cells, number) if each.text)

    def _group(self, rule: Grouping, label: str, cells: Cells, number: int) -> Grouped:
        read = {i: self._coded(self._attributes[i], cells, number) for i in rule.attributes}
        values = {
            i: tuple(replace(e, place=e.place or found[2]) for e in found[0]) for i, found in read.items() if found
        }
        count = self._coded(Attribute(COUNT, rule.n, "number"), cells, number)
        n = count[0][0] if count else None
        if n is not None and n.number is None and n.state == "stated":
            self.notes.append(f"row {number}, {n.column}: `{n.text}` is no number; not taken as n")
        return Grouped(label, rule.kind, n.number if n else None, attributes=values, listed=bool(rule.each))

    def _parallel(self, rule: Grouping, cells: Cells, number: int) -> Iterator[Grouped]:
        """A group for each part; one part is for all of them, and lists of other lengths make none."""
        parts: dict[str, list[str]] = {}
        for heading in (self._attributes[i].source.columns[0] for i in rule.each):
            cell = "; ".join(cells.get(key(heading), []))
            if cell and folded(cell) not in self._empty:
                parts[heading] = [each.strip() for each in re.split(rule.separator, cell)]
        longest = max(map(len, parts.values()), default=0)
        if any(len(each) not in (1, longest) for each in parts.values()):
            shown = ", ".join(f"{heading} {len(each)}" for heading, each in parts.items())
            what = "lists that should run in parallel have unequal lengths"
            self.notes.append(f"row {number}: {what}: {shown}; no groups")
            return
        for i in range(longest):
            own = {heading: each[i] if len(each) > 1 else each[0] for heading, each in parts.items()}
            row = {**cells, **{key(heading): [text] if text else [] for heading, text in own.items()}}
            if label := self._label(rule, row, number) or next((text for text in own.values() if text), ""):
                yield self._group(rule, label, row, number)
