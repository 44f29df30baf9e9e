"""Which records are compared: those of one block, such as of titles that begin alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from evigraph.matching import identifiers
from evigraph.matching.traits import Traits

BLOCK_LIMIT = 400
"""A block of more records than this tells nothing, be it a title or an identifier; other blocks do."""

Item = dict[str, Any]
"""A record or report by its keys, with its `id`; what it duplicates or identifies is in its `duplicateOf` and
`identifies`, and what a person found, or has still to decide about it, in its `matches`."""


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
    for identifier in identifiers.of(traits.item):
        yield "same", *identifier
    for number in sorted(traits.registrations):
        yield "registration", number


def blocks_of(traits: Traits) -> list[str]:
    """The names of a record's blocks."""
    return ["\x1f".join(map(str, key)) for key in _keys(traits)]


def pairs(
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
                    yield tuple(sorted((traits[a], traits[b]), key=lambda each: each.content))  # type: ignore[misc]
