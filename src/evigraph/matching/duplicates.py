"""Which records are one publication: identifiers, then likeness, then bib-dedupe for the rest where it is installed.

All pairs are judged before any is joined, so that the order of records and files plays no part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evigraph.matching import bib_dedupe, likeness
from evigraph.matching.traits import Traits, identifiers

BLOCK_LIMIT = 400
"""A block of more records than this tells nothing, be it a title or an identifier; other blocks do."""
LOOKS = "alike in title, authors and place"


@dataclass(frozen=True)
class Match:
    """Two records that are one publication.

    Attributes:
        record: the later one. other: the first of the publication, which it duplicates. basis: why. score: from 0 to 1,
        how sure that is. compared: the record or report that it was found to be like; it may be another duplicate.
    """

    record: str
    other: str
    basis: str
    score: float
    compared: str = ""


@dataclass(frozen=True)
class Bridge:
    """A record that is like two publications which the review keeps apart.

    Attributes:
        record: the new one. first: the one that it was joined to. second: the one that it is like as well.
    """

    record: str
    first: str
    second: str


Item = dict[str, Any]
"""A record or report by its keys, with its `id`; what it duplicates or identifies is in its `duplicateOf` and
`identifies`, and what it was found to be distinct from in its `matches`."""


@dataclass(frozen=True)
class Edge:
    """Two records that were found to be of one publication, on their own.

    Attributes:
        first, second: ids. basis: why. score: from 0 to 1. weight: what is joined first, highest first.
    """

    first: str
    second: str
    basis: str
    score: float
    weight: tuple[Any, ...]


def matches(new: list[Item], known: list[Item]) -> list[Match]:
    """For each new record the known or earlier one that it duplicates, if any, in the order of the new ones.

    Sources: Wagner (2024), BibDedupe, doi:10.21105/joss.06318, for the records that its rules decide.
    """
    return resolved(new, known)[0]


def resolved(
    new: list[Item], known: list[Item], blocks: Mapping[str, list[str]] | None = None
) -> tuple[list[Match], list[Bridge]]:
    """The matches, and the new records that are like two known publications.

    `blocks` tells the `blocks_of` known ones by id, where they were worked out before.
    """
    traits = {item["id"]: Traits(item) for item in [*known, *new]}
    edges = sorted(_edges(new, known, traits, blocks or {}), key=lambda edge: edge.weight)
    groups = _Groups(known, traits)
    bridges = [bridge for edge in edges if (bridge := groups.join(edge))]
    ordered = sorted([*known, *new], key=lambda item: "duplicateOf" in item)
    best: dict[str, Edge] = {}
    for edge in edges:
        if groups.root(edge.first) == groups.root(edge.second):
            for each in (edge.first, edge.second):
                best.setdefault(each, edge)
    first = {groups.root(item["id"]): item["id"] for item in reversed(ordered)}
    found = []
    for item in new:
        identity, other = item["id"], first[groups.root(item["id"])]
        if other != identity:
            edge = best[identity]
            compared = edge.second if edge.first == identity else edge.first
            found.append(Match(identity, other, edge.basis, edge.score, compared))
    return found, bridges


class _Groups:
    """Records that are joined into publications; two that are known to be apart never are."""

    def __init__(self, known: list[Item], traits: dict[str, Traits]) -> None:
        """Begin with what the review holds as one already."""
        self._parent = {identity: identity for identity in traits}
        self._members = {identity: [identity] for identity in traits}
        self._traits = traits
        self._held = {item["id"] for item in known}
        self._distinct = set(_distinct(known))
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

    def join(self, edge: Edge) -> Bridge | None:
        """Join the two groups of an edge, unless they can't be one; a bridge between two known ones is told."""
        a, b = (self._members[self.root(each)] for each in (edge.first, edge.second))
        if a is b:
            return None
        held = [next((each for each in members if each in self._held), "") for members in (a, b)]
        pairs = [(x, y) for x in a for y in b]
        if any(frozenset(pair) in self._distinct for pair in pairs):
            return None
        if all(held):
            new = edge.first if edge.first not in self._held else edge.second
            return Bridge(new, held[0 if new in a else 1], held[1 if new in a else 0])
        if any(likeness.apart(self._traits[x], self._traits[y]) for x, y in pairs if x != y):
            return None
        self._unite(edge.first, edge.second)
        return None


def _distinct(items: Iterable[Item]) -> Iterator[frozenset[str]]:
    for item in items:
        for match in item.get("matches", ()):
            if match["sameness"] == "distinct":
                yield frozenset((item["id"], match["comparedWith"]))


def _keys(traits: Traits) -> Iterator[tuple[Any, ...]]:
    """The blocks of a record: only records of one block are compared."""
    title, year = traits.title.replace(" ", ""), traits.year
    if title:
        yield "title", title[:20]
        yield "end", title[-20:]
        for n in {0, 1} if year else ():
            yield "rare", (year or 0) + n, *sorted(traits.words, key=lambda word: (-len(word), word))[:2]
    if traits.author:
        yield "author", traits.author[:6], year
        yield "start", traits.author[:6], *traits.words[:1]
    if traits.page:
        yield "pages", traits.page, year, traits.volume
        yield "journal", "".join(word[0] for word in traits.container), traits.volume, traits.page
    for identifier in identifiers(traits.item):
        yield "same", *identifier


def blocks_of(traits: Traits) -> list[str]:
    """The names of a record's blocks."""
    return ["\x1f".join(map(str, key)) for key in _keys(traits)]


def _pairs(
    new: list[Item], known: list[Item], traits: dict[str, Traits], held: Mapping[str, list[str]]
) -> Iterator[tuple[Traits, Traits]]:
    """Every pair of one block of which one record is new, once, in an order that only its content tells."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for item in new:
        for key in blocks_of(traits[item["id"]]):
            blocks[key].append(item["id"])
    fresh = {item["id"] for item in new}
    for item in known:
        for key in held[item["id"]] if item["id"] in held else blocks_of(traits[item["id"]]):
            if key in blocks:
                blocks[key].append(item["id"])
    seen = set()
    for members in blocks.values():
        if len(members) > BLOCK_LIMIT:
            continue
        for i, a in enumerate(members):
            for b in members[i + 1 :] if a in fresh else ():
                if a != b and frozenset((a, b)) not in seen:
                    seen.add(frozenset((a, b)))
                    yield tuple(sorted((traits[a], traits[b]), key=_content))  # type: ignore[misc]


def _content(traits: Traits) -> tuple[str, ...]:
    told = {key: value for key, value in traits.item.items() if isinstance(value, str | int) and key not in _OWN}
    return traits.title, repr(sorted(told.items()))


_OWN = {"id", "type", "position", "line", "duplicateOf", "identifies"}


def _edges(
    new: list[Item], known: list[Item], traits: dict[str, Traits], blocks: Mapping[str, list[str]]
) -> Iterator[Edge]:
    open_ones = []
    for first, second in _pairs(new, known, traits, blocks):
        shared = next(iter(sorted(set(identifiers(first.item)) & set(identifiers(second.item)))), None)
        if shared and likeness.related(first, second):
            yield _edge(first, second, f"the same {shared[0]}, {shared[1]}", 1.0)
        elif not shared and _content(first) == _content(second):
            yield _edge(first, second, "the same in every value", 0.99)
        elif likeness.near(first, second) and not likeness.apart(first, second):
            if likeness.same(first, second):
                yield _edge(first, second, LOOKS, likeness.score(first, second))
            else:
                open_ones.append((first, second))
    for first, second in bib_dedupe.duplicates(open_ones):
        yield _edge(first, second, f"{LOOKS} (bib-dedupe)", likeness.score(first, second))


def _edge(first: Traits, second: Traits, basis: str, score: float) -> Edge:
    weight = (-score, -likeness.score(first, second), _content(first), _content(second))
    return Edge(first.item["id"], second.item["id"], basis, score, weight)
