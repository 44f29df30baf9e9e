"""Whether two records are of one publication, as far as their titles, names and places tell.

Three answers: they are (`same`), they can't be (`apart`), or this module doesn't know. The words are those of
bibliographic exports: a *notice* is about another publication, a *place* is volume, issue and pages.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from evigraph.matching.traits import GENERIC, Traits, identifiers
from evigraph.matching.values import NEAR, agree, authors, filled, journal, listed, place, twins, years

__all__ = ["apart", "authors", "identifiers", "journal", "likeness", "near", "related", "same", "score"]

ALIKE = 70.0
"""How alike two titles are, from 0 to 100, before bib-dedupe is asked about them; its rules ask for as much."""
RELATED = 75.0
"""How alike two titles are at least, from 0 to 100, where an identifier is the same."""
_VERSION = re.compile(r"(?<=cd\d{6})\.pub\d+$")
"""The version of a Cochrane review, which has a DOI of its own: within a year it is the same review, published anew."""
_OPPOSITES = frozenset(
    ("men", "women", "male", "female", "boys", "girls", "vivo", "vitro", "short", "long", "pre", "post")
)


def likeness(first: Traits, second: Traits) -> float:
    """How alike two titles are, from 0 to 100; one that continues the other, as with a subtitle, is fully alike."""
    if first.title and second.title and _continues(first, second):
        return 100.0
    return 95.0 if _cut(first, second) else spelling(first, second)


def spelling(first: Traits, second: Traits) -> float:
    """How alike two titles are, from 0 to 100, letter by letter or word by word."""
    if not first.title or not second.title:
        return 0.0
    if first.title.replace(" ", "") == second.title.replace(" ", ""):
        return 100.0
    a, b = " ".join(first.words), " ".join(second.words)
    return max(fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b))


def _continues(first: Traits, second: Traits) -> bool:
    """Whether one title is the other without its subtitle; a part's number isn't one."""
    short, long = sorted((first, second), key=lambda traits: len(traits.title))
    rest = long.title[len(short.title) :].split()
    if len(short.words) < GENERIC - 1 or not rest or not long.title.startswith(short.title + " "):
        return False
    if long.numbers != short.numbers and len(rest) < GENERIC:
        return False
    return short.title in long.heads or authors(first, second) is True


def _cut(first: Traits, second: Traits) -> bool:
    """Whether one title is the other without its subtitle, but for a slip."""
    short, long = sorted((first, second), key=lambda traits: len(traits.title))
    heads = (head for head in long.heads if len(head.split()) > GENERIC)
    return short.numbers == long.numbers and any(fuzz.ratio(short.title, head) >= 95 for head in heads)


def apart(first: Traits, second: Traits) -> str:
    """Why two records can't be one publication however alike they look, or nothing."""
    volume, issue, page = place(first, second)
    counted = issue is False and (first.generic or second.generic)  # each issue has its editorial, often on one page
    placed = bool(volume and page and not counted)
    titled = bool(first.title and second.title)  # without its title nobody knows what a record is of
    if titled and first.notice != second.notice:
        return "one is a notice about the other"
    if titled and first.protocol != second.protocol and not placed:
        return "one is a protocol"
    if first.numbers != second.numbers and not _continues(first, second) and spelling(first, second) >= RELATED:
        return "their titles have different numbers"
    if agree(*(each.item.get("doi", "").casefold() for each in (first, second))):
        return ""
    if titled and first.preprint != second.preprint:
        return "one is a preprint"
    if (kind := _other_identifier(first, second)) and not placed and not _equal(first, second):
        return f"each has a {kind} of its own"
    if authors(first, second) is False and not _slips(first, second):
        return "their authors and their titles differ"
    if years(first, second) is False and not placed:
        return "their years differ"
    if not placed and journal(first, second) is False and agree(first.page, second.page) is False:
        return "they stand in different places"
    return ""


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
    who = authors(first, second)
    if likeness(first, second) >= (RELATED if who else NEAR) and (who or _slips(first, second)):
        return True
    if who is None and likeness(first, second) == 100:
        return True
    volume, _, page = place(first, second)
    return bool(page and volume is not False and who)  # a translated title


def near(first: Traits, second: Traits) -> bool:
    """Whether two records are worth a closer look: their titles are alike, or they fill one place."""
    titled = first.title and second.title
    return likeness(first, second) >= ALIKE or bool(titled and journal(first, second) and filled(first, second))


def same(first: Traits, second: Traits) -> bool:
    """Whether titles, authors and places are enough to call two records one publication; `apart` is asked before."""
    if filled(first, second):
        return True
    if likeness(first, second) < NEAR or not _no_other_word(first, second):
        return False
    who, when, where, spots = (
        authors(first, second),
        years(first, second),
        journal(first, second),
        place(first, second),
    )
    told = [who, when, where, *spots]
    spot = bool(spots[2] and spots[0] is not False)
    if first.generic or second.generic:
        alone = len(first.words) < GENERIC - 1 or not who or first.year != second.year or False in spots
        if where and spots[0] and listed(first, second) and (spots[1] or len(first.listed) > 1):
            alone = first.year != second.year or False in spots  # an editor alone has one in each issue of a volume
        spot = spot and False not in (who, when, where, spots[1])
        return spot or (not alone and where is not False)
    if spelling(first, second) == 100 and twins(first, second):
        return True
    if spot and spots[0]:
        return who is True or (where is not False and who is None) or (where is True and _slips(first, second))
    if False in (who, when, spots[0], spots[2]):
        return False
    if first.year != second.year and when and not (where or spot):
        return False
    wanted = 1 if spelling(first, second) == 100 else 2
    return where is not False and (told.count(True) >= wanted or told == [None] * 6)


def _slips(first: Traits, second: Traits) -> bool:
    """Whether titles differ by slips only, not by a word that one of them has more."""
    a, b = (sorted(set(x.words) - set(y.words)) for x, y in ((first, second), (second, first)))
    if first.title.replace(" ", "") == second.title.replace(" ", ""):
        return True
    if bool(a) != bool(b) or (_OPPOSITES.intersection(a) and _OPPOSITES.intersection(b)):
        return False
    one, other = "".join(a), "".join(b)
    return fuzz.ratio(one, other) >= 75 or Indel.distance(one, other) == 1  # a letter more or less


def _no_other_word(first: Traits, second: Traits) -> bool:
    """Whether titles have no different words: mice and rats, or men and women, are two studies."""
    a, b = ({*x.words} - {*y.words} for x, y in ((first, second), (second, first)))
    return not a or not b or likeness(first, second) == 100 or _cut(first, second) or _slips(first, second)


def score(first: Traits, second: Traits) -> float:
    """How sure it is that two records are one publication, from 0 to 0.99: titles, authors, and what else is known."""
    told = [years(first, second), journal(first, second), *place(first, second)]
    known = [each for each in told if each is not None]
    rest = sum(known) / len(known) if known else 0.5
    names = {True: 1.0, None: 0.5, False: 0.0}[authors(first, second)]
    return round(0.99 * (0.6 * likeness(first, second) / 100 + 0.2 * names + 0.2 * rest), 3)
