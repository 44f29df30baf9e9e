"""The verdict on two records: of one publication, to be decided by a person, or nothing that says they are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evigraph.matching import bib_dedupe, doubts, identifiers, likeness
from evigraph.matching.traits import Traits, folded
from evigraph.matching.values import first_author

LOOKS = "alike in title, authors and place"
SURE, UNSURE = 1.0, 0.95
"""The score of one identifier, with a title or a first author that is like the other's, and without."""
EQUAL = 0.99


@dataclass(frozen=True)
class Verdict:
    """What was found about two records.

    Attributes:
        first, second: the records. same: whether they are one publication; else a person decides. basis: why.
        score: from 0 to 1, how much of the two agrees.
    """

    first: Traits
    second: Traits
    same: bool
    basis: str
    score: float

    @property
    def weight(self) -> tuple[object, ...]:
        """What comes first where verdicts are sorted: the surest, in an order that only the records' content tells."""
        alike = likeness.score(self.first, self.second)
        return -self.score, -alike, self.first.content, self.second.content


def verdicts(pairs: Iterable[tuple[Traits, Traits]]) -> Iterator[Verdict]:
    """What is found about each pair of which there is anything to say.

    Sources: Wagner (2024), BibDedupe, doi:10.21105/joss.06318: where it is installed, what its rules call a duplicate
    and ours leave open is asked as well.
    """
    left = []
    for first, second in pairs:
        if verdict := judged(first, second):
            yield verdict
        elif likeness.near(first, second) and not likeness.apart(first, second):
            left.append((first, second))
    for first, second in bib_dedupe.duplicates(left):
        score = likeness.score(first, second)
        yield Verdict(first, second, False, "bib-dedupe calls them one, and likeness alone doesn't", score)


def judged(first: Traits, second: Traits) -> Verdict | None:
    """What identifiers and likeness say of two records; nothing where they leave them apart."""
    if number := next(iter(sorted(first.registrations & second.registrations)), ""):
        return _identified(first, second, f"the same registration, {number.upper()}")
    common = next(iter(sorted(set(identifiers.of(first.item)) & set(identifiers.of(second.item)))), None)
    if common and likeness.related(first, second):
        return _identified(first, second, f"the same {common[0]}, {common[1]}")
    if common:
        score = likeness.score(first, second)
        reason = doubts.about_identifier(first, second)
        return Verdict(first, second, False, f"the same {common[0]}, {common[1]}; {reason}", score) if reason else None
    if folded(first.content[1]) == folded(second.content[1]):  # capitals and points are how a tool writes it
        return Verdict(first, second, True, "the same in every value", EQUAL)
    near = likeness.near(first, second)
    if not near and not (first.page and first.page == second.page):
        return None
    if near and not likeness.apart(first, second) and likeness.same(first, second):
        return Verdict(first, second, True, LOOKS, likeness.score(first, second))
    reason = doubts.about_likeness(first, second)
    return Verdict(first, second, False, reason, likeness.score(first, second)) if reason else None


def _identified(first: Traits, second: Traits, basis: str) -> Verdict:
    like = likeness.likeness(first, second) >= likeness.RELATED or first_author(first, second)
    return Verdict(first, second, True, basis, SURE if like else UNSURE)
