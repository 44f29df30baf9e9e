"""Which records a person has to judge: what speaks for one publication, and what against it, are both strong."""

from __future__ import annotations

from evigraph.matching import likeness
from evigraph.matching.traits import Traits
from evigraph.matching.values import NEAR, authors, first_author, journal, listed, place, spans
from evigraph.matching.wording import other_words, spelling, turned

SETTLED = (
    *("one is a notice about the other", "one is a protocol", "one is a preprint", "their years differ"),
    *("each has a DOI of its own", "each has a PMID of its own", "one is the registration of a trial"),
)
"""Reasons that leave no doubt that two records are two publications."""


def about_identifier(first: Traits, second: Traits) -> str:
    """Why records that share an identifier are none the less not surely one; nothing where they are surely two."""
    if likeness.apart(first, second) in SETTLED:
        return ""
    pages, who = spans(first, second), first_author(first, second)
    if likeness.likeness(first, second) >= likeness.RELATED:
        return "their titles are alike, and their pages or authors differ"
    if first.page and first.page == second.page:
        return "they begin on one page, and their titles and first authors differ"
    return "their first author is the same, and their titles differ" if who and pages is not False else ""


def about_likeness(first: Traits, second: Traits) -> str:
    """Why records without a common identifier may be one; nothing where they are surely two."""
    if likeness.apart(first, second) in SETTLED or not (first.title and second.title):
        return ""
    if first.registrations and second.registrations:
        return "two registrations of one title" if likeness.likeness(first, second) >= NEAR else ""
    if first.generic or second.generic:
        return _about_common_title(first, second)
    if not likeness.likeness(first, second) >= NEAR or any(other_words(first, second)):
        return _about_another_title(first, second)
    return _about_one_title(first, second)


def _about_common_title(first: Traits, second: Traits) -> str:
    """A title that others have too: the same author, year and container, and nothing that parts the two."""
    volume, issue, page = place(first, second)
    parted = False in (journal(first, second), volume, issue, page, spans(first, second))
    if parted or spelling(first, second) < NEAR or first.year != second.year or authors(first, second) is False:
        return ""
    known = first_author(first, second) or journal(first, second)
    return f"a title that others have too, {'the same author' if first.author else 'the same place'}" if known else ""


def _about_one_title(first: Traits, second: Traits) -> str:
    """One title: who, when or where it was published is told in two ways."""
    who, where, (volume, _, page) = authors(first, second), journal(first, second), place(first, second)
    if first.numbers != second.numbers:
        parted = False in (where, volume, page, spans(first, second)) or first.year != second.year
        return "" if parted or not who else "the same authors, year and place, and titles with other numbers"
    if who:
        return "one title and the same authors, in places that differ"
    placed = where and volume and page is not False and first.year == second.year
    return "one title in one place, and authors that differ" if placed else ""


def _about_another_title(first: Traits, second: Traits) -> str:
    """Titles that differ by a word or a language: the same authors, and nothing that parts the two."""
    where, (volume, issue, page) = journal(first, second), place(first, second)
    pages = spans(first, second)
    if False in (where, volume, page, pages) or first.year != second.year or not first_author(first, second):
        return ""
    if turned(first, second):
        told = " and ".join(f"“{' '.join(words)}”" for words in other_words(first, second) if words)
        return f"the same authors, and titles that differ by {told}"
    if volume and page and listed(first, second) and issue is not False:
        return "the same authors on one page, under two titles"
    return ""
