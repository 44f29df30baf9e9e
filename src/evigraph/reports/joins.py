"""What a crosswalk joins: things of several reviews that are one, and those that are narrower than others."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from evigraph.data.crosswalks import BROAD, EXACT, NARROW, Mapping
from evigraph.errors import DataError


class Joins:
    """Things by their ids, in groups that are one each.

    Attributes:
        told: for each id what was joined to it by what, in words.
    """

    def __init__(self, mappings: list[Mapping], names: dict[str, str], roll_up: bool) -> None:
        """Join what is an exact match; with `roll_up`, remember what is broader. `names` are labels by id.

        Raises:
            DataError: something is broader than itself.
        """
        self._parent: dict[str, str] = {}
        self.told: dict[str, list[str]] = defaultdict(list)
        self._broader: dict[str, dict[str, Mapping]] = defaultdict(dict)
        for mapping in mappings:
            if mapping.predicate == EXACT:
                self.join(mapping.subject, mapping.object)
                self._tell(mapping, names, "=", (mapping.subject, mapping.object))
        for mapping in mappings if roll_up else ():
            if mapping.predicate in (BROAD, NARROW):
                below, above = (mapping.subject, mapping.object)[:: 1 if mapping.predicate == BROAD else -1]
                self._broader[self.root(below)][self.root(above)] = mapping
                self._tell(mapping, names, "<" if mapping.predicate == BROAD else ">", (below,))
        for start in list(self._broader):
            self._require_end(start, start, set())

    def _tell(self, mapping: Mapping, names: dict[str, str], sign: str, about: tuple[str, ...]) -> None:
        ends = (mapping.subject, mapping.object)
        first, second = (
            names.get(end) or label or name
            for end, label, name in zip(ends, mapping.labels, mapping.names, strict=True)
        )
        for each in about:
            self.told[each].append(f"{first} {sign} {second} ({mapping.how})")

    def _require_end(self, start: str, here: str, seen: set[str]) -> None:
        for above, mapping in self._broader.get(here, {}).items():
            if above == start:
                raise DataError(mapping.path, mapping.line, f"`{mapping.names[0]}` comes to be broader than itself")
            if above not in seen:
                seen.add(above)
                self._require_end(start, above, seen)

    def root(self, identity: str) -> str:
        """The id that stands for the group."""
        while self._parent.get(identity, identity) != identity:
            identity = self._parent[identity]
        return identity

    def join(self, first: str, second: str) -> None:
        """Make two groups one; that of the second stands for both."""
        a, b = self.root(first), self.root(second)
        if a != b:
            self._parent[a] = b

    @cached_property
    def _above(self) -> dict[str, dict[str, None]]:
        """The groups that are broader than each; once everything is joined."""
        return {self.root(below): {self.root(each): None for each in every} for below, every in self._broader.items()}

    def tops(self, identity: str) -> list[str]:
        """The broadest groups that a thing is in; its own where nothing is broader. Nothing may be joined after it."""
        found, seen = [], set()
        waiting = [self.root(identity)]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                waiting += self._above.get(here, {})
                found += [here] if here not in self._above else []
        return sorted(found) or [self.root(identity)]
