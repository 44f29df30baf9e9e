"""Records joined into publications."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from evigraph.matching import doubts, likeness
from evigraph.matching.pairs import Item
from evigraph.matching.traits import Traits
from evigraph.matching.verdicts import Verdict


@dataclass(frozen=True)
class Bridge:
    """A record that is like two publications which the review keeps apart.

    Attributes:
        record: the new one. first: the one that it was joined to. second: the one that it is like as well. verdict: on
        it and a record of the second.
    """

    record: str
    first: str
    second: str
    verdict: Verdict


class Publications:
    """Records that are joined into publications; two that are known to be apart never are."""

    def __init__(self, known: list[Item], traits: dict[str, Traits], loose: Collection[str]) -> None:
        """Begin with what the review holds as one already; what is `loose` may still become a duplicate."""
        self._parent = {identity: identity for identity in traits}
        self._members = {identity: [identity] for identity in traits}
        self._traits = traits
        self._held = {item["id"] for item in known}
        self._leading = {item["id"] for item in known if not {"duplicateOf", "identifies"} & set(item)}
        self._loose = set(loose)
        self._distinct = {pair for pair, sameness in _judgements(known) if sameness == "distinct"}
        self._asked = {pair for pair, sameness in _judgements(known) if sameness == "undecided"}
        for item in known:
            for key in ("identifies", "duplicateOf"):
                if item.get(key) in traits:
                    self._unite(item[key], item["id"])

    def root(self, identity: str) -> str:
        """The record that stands for the group."""
        while self._parent[identity] != identity:
            self._parent[identity] = self._parent[self._parent[identity]]
            identity = self._parent[identity]
        return identity

    def _unite(self, first: str, second: str) -> None:
        a, b = self.root(first), self.root(second)
        if a != b:
            self._parent[b] = a
            self._members[a] += self._members.pop(b)

    def join(self, verdict: Verdict) -> Bridge | None:
        """Join the publications of two records, unless they can't be one; a bridge between two fixed ones is told."""
        one, other = verdict.first.item["id"], verdict.second.item["id"]
        a, b = (self._members[self.root(each)] for each in (one, other))
        if a is b or not self._may_be_one(a, b):
            return None
        if any(likeness.apart(self._traits[x], self._traits[y]) for x in a for y in b):
            return None
        leads = [[each for each in members if each in self._leading] for members in (a, b)]
        if all(leads) and not self._may_follow(*leads):
            new = one if one not in self._held else other
            at = 0 if new in a else 1
            return Bridge(new, leads[at][0], leads[1 - at][0], verdict)
        self._unite(one, other)
        return None

    def _may_follow(self, a: list[str], b: list[str]) -> bool:
        """Whether one of two publications that the review keeps apart may become a duplicate of the other.

        Where a study was made of one, and something else was decided about the other, a person has to say which holds.
        """
        fixed = [[each for each in leads if each not in self._loose] for leads in (a, b)]
        reports = [any(each.startswith("report/") for each in leads) for leads in (a, b)]
        return not all(fixed) and not any(
            one and not any(each.startswith("report/") for each in one) and other
            for one, other in zip(fixed, reversed(reports), strict=True)
        )

    def _may_be_one(self, a: list[str], b: list[str]) -> bool:
        return not any(frozenset((x, y)) in self._distinct for x in a for y in b)

    def open(self, verdict: Verdict) -> bool:
        """Whether a person has still to be asked about two records: nobody was, and nothing else settles it.

        It is asked once of two publications.
        """
        a, b = (self._members[self.root(each.item["id"])] for each in (verdict.first, verdict.second))
        if a is b or not self._may_be_one(a, b):
            return False
        crossed = [(x, y) for x in a for y in b]
        if any(frozenset(pair) in self._asked for pair in crossed):
            return False
        if any(likeness.apart(self._traits[x], self._traits[y]) in doubts.SETTLED for x, y in crossed):
            return False
        self._asked.add(frozenset((a[0], b[0])))
        return True


def _judgements(items: Iterable[Item]) -> Iterator[tuple[frozenset[str], str]]:
    for item in items:
        for match in item.get("matches", ()):
            yield frozenset((item["id"], match["comparedWith"])), match["sameness"]
