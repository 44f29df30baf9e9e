"""Whether two records are of one publication, as far as their titles, names and places tell.

Three answers: they are (`same`), they can't be (`apart`), or this module doesn't know. The words are those of
bibliographic exports: a *notice* is about another publication, a *place* is volume, issue and pages.
"""

from __future__ import annotations

import re

from evigraph.matching.traits import GENERIC, Traits
from evigraph.matching.values import (
    NEAR,
    agree,
    authors,
    filled,
    first_author,
    journal,
    listed,
    place,
    spans,
    twins,
    years,
)
from evigraph.matching.wording import continues, likeness, other_words, slips, spelling, turned

__all__ = ["apart", "authors", "journal", "likeness", "near", "related", "same", "score"]

ALIKE = 70.0
"""How alike two titles are, from 0 to 100, before bib-dedupe is asked about them; its rules ask for as much."""
RELATED = 75.0
"""How alike two titles are at least, from 0 to 100, where an identifier is the same."""
_VERSION = re.compile(r"(?<=cd\d{6})\.pub\d+$")
"""The version of a Cochrane review, which has a DOI of its own: within a year it is the same review, published anew."""


def apart(first: Traits, second: Traits) -> str:
    """Why two records can't be one publication however alike they look, or nothing."""
    volume, issue, page = place(first, second)
    counted = issue is False and (first.generic or second.generic)  # each issue has its editorial, often on one page
    placed = bool(volume and page and not counted)
    titled = bool(first.title and second.title)  # without its title nobody knows what a record is of
    if first.registrations or second.registrations:
        return _registered(first, second)
    if titled and first.notice != second.notice:
        return "one is a notice about the other"
    if titled and first.protocol != second.protocol and not placed:
        return "one is a protocol"
    if first.numbers != second.numbers and not continues(first, second) and spelling(first, second) >= RELATED:
        return "their titles have different numbers"
    if agree(*(each.item.get("doi", "").casefold() for each in (first, second))):
        return ""
    if titled and first.preprint != second.preprint:
        return "one is a preprint"
    if (kind := _other_identifier(first, second)) and not placed and not _equal(first, second):
        return f"each has a {kind} of its own"
    if authors(first, second) is False and not slips(first, second):
        return "their authors and their titles differ"
    if years(first, second) is False and not placed:
        return "their years differ"
    if not placed and journal(first, second) is False and agree(first.page, second.page) is False:
        return "they stand in different places"
    return ""


def _registered(first: Traits, second: Traits) -> str:
    """What an entry of a register is not: another entry, or what was published on its trial."""
    a, b = first.registrations, second.registrations
    if a and b:
        return "" if a & b else "each has a registration of its own"
    other = first if b else second
    published = other.volume or other.page or other.container or other.item.get("doi") or other.item.get("pmid")
    return "one is the registration of a trial" if published else ""


def _other_identifier(first: Traits, second: Traits) -> str:
    """The kind of identifier that both have, each its own."""
    for kind in ("doi", "pmid"):
        a, b = (_VERSION.sub("", str(each.item.get(kind, "")).casefold()) for each in (first, second))
        if a and b and a != b:
            return kind.upper()
    return ""


def _equal(first: Traits, second: Traits) -> bool:
    """Whether all that is known agrees: an identifier that differs is then a slip of one database."""
    spots = place(first, second)
    told = (authors(first, second), journal(first, second), first.year == second.year, spelling(first, second) == 100)
    return all(told) and False not in spots and True in spots and not first.generic


def related(first: Traits, second: Traits) -> bool:
    """Whether records with the same identifier are of one publication.

    One identifier may stand for a book and each of its chapters, or for all abstracts of a supplement; and a number of
    one database may stand in the field of another. So what both have must agree.
    """
    if apart(first, second):
        return False
    if not first.title or not second.title:
        return years(first, second) is not False and authors(first, second) is not False
    who, alike = authors(first, second), spans(first, second)
    if alike is False and (first.generic or second.generic or all(other_words(first, second))):
        return False  # another chapter, or another abstract
    if likeness(first, second) >= (RELATED if who else NEAR) and (who or slips(first, second)):
        return True
    if who is None and likeness(first, second) == 100:
        return True
    volume, _, page = place(first, second)
    return bool(page and volume is not False and first_author(first, second))  # a translated title


def near(first: Traits, second: Traits) -> bool:
    """Whether two records are worth a closer look: their titles are alike, or they fill one place."""
    return likeness(first, second) >= ALIKE or bool(first.title and second.title and filled(first, second))


def same(first: Traits, second: Traits) -> bool:
    """Whether titles, authors and places are enough to call two records one publication; `apart` is asked before."""
    one, other = other_words(first, second)
    spots = place(first, second)
    if filled(first, second) and (spots[0] or journal(first, second) or likeness(first, second) >= ALIKE):
        brief = int(first.last) - int(first.page) < 2  # as an abstract is; of these several stand on one page
        return not (brief and turned(first, second))
    who, when, where = authors(first, second), years(first, second), journal(first, second)
    spot = bool(spots[2] and spots[0] is not False)
    firm = spot and first_author(first, second) and (spots[0] or (where and listed(first, second)))
    if likeness(first, second) < NEAR or (one and other) or ((one or other) and not firm):
        return False
    if first.generic or second.generic:
        return _same_of_many(first, second, spots)
    exact = spelling(first, second) == 100
    if exact and twins(first, second):
        return True
    if spot and spots[0]:
        return who is True or (where is not False and who is None) or (where is True and slips(first, second))
    if False in (who, when, spots[0], spots[2]):
        return False
    if first.year != second.year and when and not (where or spot):
        return False
    if spots[1] is False and not spots[2] and len(first.listed) < 2:
        return False  # the column of one author, of which each issue has one
    if where is None and first.meeting and second.meeting and likeness(first, second) < 100:
        return False  # what authors show at two meetings of a year has two titles
    told = [who, when, where, *spots]
    return where is not False and (told.count(True) >= (1 if exact else 2) or told == [None] * 6)


def _same_of_many(first: Traits, second: Traits, spots: list[bool | None]) -> bool:
    """Whether two records of a title that others have too are one: the place has to agree as well."""
    who, when, where = authors(first, second), years(first, second), journal(first, second)
    if spans(first, second) and where and who and first.year == second.year and spots[0] is not False:
        return spots[1] is not False  # one chapter of one book
    if spots[2] and False not in (who, when, where, *spots):
        return True
    if first.year != second.year or where is False or spans(first, second) is False or False in spots:
        return False
    if where and spots[0] and listed(first, second) and (spots[1] or len(first.listed) > 1):
        return True  # an editor alone has one in each issue of a volume
    # A short title that isn't one of many is told by its author, year and journal, if all of them are there.
    told = GENERIC - 2 if where and spelling(first, second) == 100 else GENERIC - 1
    return bool(who) and not first.common and len(first.words) >= told


def score(first: Traits, second: Traits) -> float:
    """How sure it is that two records are one publication, from 0 to 0.99: titles, authors, and what else is known."""
    told = [years(first, second), journal(first, second), *place(first, second)]
    known = [each for each in told if each is not None]
    rest = sum(known) / len(known) if known else 0.5
    names = {True: 1.0, None: 0.5, False: 0.0}[authors(first, second)]
    return round(0.99 * (0.6 * likeness(first, second) / 100 + 0.2 * names + 0.2 * rest), 3)
