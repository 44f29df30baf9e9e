"""Which records are one publication, which are to be decided, and which stay apart.

All pairs are judged before any is joined, so that the order of records and files plays no part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from evigraph.matching.pairs import Item, pairs
from evigraph.matching.publications import Bridge, Publications
from evigraph.matching.traits import Traits
from evigraph.matching.verdicts import Verdict, verdicts

ASKED = 3
"""As many publications at most are asked about one record, the most alike first."""


_HELD = {"duplicateOf", "identifies"}
"""The keys of a record that doesn't stand for its publication itself."""


@dataclass(frozen=True)
class Match:
    """Two records that are one publication, or may be.

    Attributes:
        record: the later one. other: the first of the publication, which it duplicates, or may. basis: why. score: from
        0 to 1, how sure that is. compared: the record or report that it was found to be like; it may be another
        duplicate.
    """

    record: str
    other: str
    basis: str
    score: float
    compared: str = ""


@dataclass
class Resolution:
    """What new records come to.

    Attributes:
        matches: each new record that duplicates another, in their order. doubts: what a person has to decide; the
        record is new. bridges: new records that are like two publications,
        which are among the doubts as well. merged: known records or reports that a new
        record shows to be of one publication with another.
    """

    matches: list[Match] = field(default_factory=list)
    doubts: list[Match] = field(default_factory=list)
    bridges: list[Bridge] = field(default_factory=list)
    merged: list[Match] = field(default_factory=list)


def matches(new: list[Item], known: list[Item]) -> list[Match]:
    """For each new record the known or earlier one that it duplicates, if any, in the order of the new ones."""
    return resolved(new, known).matches


def resolved(
    new: list[Item],
    known: list[Item],
    blocks: Mapping[str, list[str]] | None = None,
    loose: Collection[str] = (),
) -> Resolution:
    """What new records come to, beside the known ones.

    `blocks` tells the `blocks_of` known ones by id, where they were worked out before. Known ones that are `loose` may
    become duplicates of others, if a new record shows it.
    """
    traits = {item["id"]: Traits(item) for item in [*known, *new]}
    found = sorted(verdicts(pairs(new, known, traits, blocks or {})), key=lambda verdict: verdict.weight)
    sure = [verdict for verdict in found if verdict.same]
    groups = Publications(known, traits, loose)
    bridges = [bridge for verdict in sure if (bridge := groups.join(verdict))]
    best: dict[str, Verdict] = {}
    for verdict in sure:
        one, other = verdict.first.item["id"], verdict.second.item["id"]
        if groups.root(one) == groups.root(other):
            best.setdefault(one, verdict)
            best.setdefault(other, verdict)
    free, held = set(loose), {item["id"] for item in known}
    ordered = sorted(
        [*known, *new], key=lambda item: (bool(_HELD & set(item)), item["id"] not in held, item["id"] in free)
    )
    first = {groups.root(item["id"]): item["id"] for item in reversed(ordered)}
    made = Resolution(bridges=bridges)
    place = {item["id"]: i for i, item in enumerate(new)}
    for identity in [*(item["id"] for item in known if item["id"] in free), *place]:
        other = first[groups.root(identity)]
        if other != identity:
            verdict = next(each for each in _of(identity, known, best) if each)
            match = Match(identity, other, verdict.basis, verdict.score, _beside(verdict, identity))
            (made.matches if identity in place else made.merged).append(match)
    told = {(e.record, e.second): e.verdict for e in reversed(bridges)}  # of several, the surest
    made.doubts = [
        *(Match(record, second, e.basis, e.score, second) for (record, second), e in told.items()),
        *_doubts(found, groups, first, place),
    ]
    return made


def _of(identity: str, known: list[Item], best: Mapping[str, Verdict]) -> Iterator[Verdict | None]:
    """The best verdict on a record, or on those that identify or duplicate it already."""
    yield best.get(identity)
    yield from (best.get(item["id"]) for item in known if identity in (item.get("identifies"), item.get("duplicateOf")))


def _beside(verdict: Verdict, identity: str) -> str:
    one, other = str(verdict.first.item["id"]), str(verdict.second.item["id"])
    return other if one == identity else one


def _doubts(found: list[Verdict], groups: Publications, first: dict[str, str], place: dict[str, int]) -> list[Match]:
    """What is to be decided: of two publications it is asked once, at the later record that stands for one of them."""
    made: list[Match] = []
    asked: Counter[str] = Counter()
    for verdict in found:
        if verdict.same or not groups.open(verdict):
            continue
        ids = [str(each.item["id"]) for each in (verdict.first, verdict.second)]
        leaders = [first[groups.root(each)] for each in ids]
        new = [each for each in leaders if each in place] or [each for each in ids if each in place]
        record = max(new, key=place.__getitem__)
        at = leaders.index(record) if record in leaders else ids.index(record)
        if max(asked[each] for each in leaders) < ASKED:
            asked.update(leaders)
            made.append(Match(record, leaders[1 - at], verdict.basis, verdict.score, leaders[1 - at]))
    return sorted(made, key=lambda match: (place[match.record], match.other))
