"""Whether two records are of one publication, as far as their titles, names and places tell.

Three answers: they are (`same`), they can't be (`apart`), or this module doesn't know. The words are those of
bibliographic exports: a *notice* is about another publication, a *place* is volume, issue and pages.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from evigraph.matching.traits import GENERIC, Traits, identifiers

__all__ = ["apart", "authors", "identifiers", "journal", "likeness", "related", "same", "score"]

NEAR = 90.0
"""How alike two titles are, from 0 to 100, that differ by a slip or by how a tool writes them."""
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


def journal(first: Traits, second: Traits) -> bool | None:
    """Whether two containers are one, whole or abbreviated; None where one of them isn't known.

    It isn't told of two volumes of proceedings either: their names come as `AMCIS 2017 Proceedings`, as `Americas
    Conference on Information Systems`, and with the motto of the year.
    """
    short, long = sorted((first.container, second.container), key=lambda words: (len(words), sum(map(len, words))))
    if not short:
        return None
    initials = "".join(word[0] for word in long)
    least = 2 if first.cut or second.cut else 3
    if "".join(short) == "".join(long) or (len(short) == 1 and _stands_for(short[0], initials, least)):
        return True
    if all(_abbreviates(a, b) or _abbreviates(b, a) for a, b in zip(short, long, strict=False)):
        return len(short) == len(long) or len(short) > 1 or len(short[0]) > 5  # Lancet, but not Journal
    if fuzz.ratio(" ".join(short), " ".join(long)) >= NEAR:
        return True
    return None if first.cut or second.cut or (first.meeting and second.meeting) else False


def _stands_for(word: str, initials: str, least: int) -> bool:
    """Whether a word is made of initials, as JAMA is; some of them may be missing at the end."""
    return len(word) > 2 and (initials.startswith(word) or (word.startswith(initials) and len(initials) >= least))


def _abbreviates(short: str, long: str) -> bool:
    """Whether a word shortens another: `natl` national, `j` journal, `psychol` psychology."""
    if long.startswith(short):
        return True
    letters = iter(long)
    return len(short) < 6 and short[0] == long[0] and all(letter in letters for letter in short)


def authors(first: Traits, second: Traits) -> bool | None:
    """Whether the first authors are one, or enough names are in both; None where one of them isn't known."""
    if not first.author or not second.author:
        return None
    short, long = sorted((first.author, second.author), key=len)
    if short == long or (len(short) > 3 and (long.startswith(short) or long.endswith(short))):
        return True
    both = first.families & second.families
    if both and 2 * len(both) >= min(len(first.families), len(second.families)):
        return True
    if 2 * len(first.names & second.names) > min(len(first.names), len(second.names)):
        return True
    return len(short) > 4 and fuzz.ratio(short, long) >= 80


def _agree(first: object, second: object) -> bool | None:
    return first == second if first and second else None


def place(first: Traits, second: Traits) -> list[bool | None]:
    """Whether volume, issue and first page are the same, each; None where one of them isn't known."""
    pages = _agree(first.page, second.page)
    if pages is False and (first.page.endswith(second.page) or second.page.endswith(first.page)):
        pages = min(len(first.page), len(second.page)) > 1 or None  # an article number with and without its volume
    return [_agree(first.volume, second.volume), _agree(first.issue, second.issue), pages]


def years(first: Traits, second: Traits) -> bool | None:
    """Whether the years are at most one apart, as online first and in print are; None where one isn't known."""
    return abs(first.year - second.year) <= 1 if first.year and second.year else None


def apart(first: Traits, second: Traits) -> str:
    """Why two records can't be one publication however alike they look, or nothing."""
    volume, _, page = place(first, second)
    placed = bool(volume and page)
    titled = bool(first.title and second.title)  # without its title nobody knows what a record is of
    if titled and first.notice != second.notice:
        return "one is a notice about the other"
    if titled and first.protocol != second.protocol and not placed:
        return "one is a protocol"
    if first.numbers != second.numbers and not _continues(first, second) and spelling(first, second) >= RELATED:
        return "their titles have different numbers"
    if _agree(*(each.item.get("doi", "").casefold() for each in (first, second))):
        return ""
    if titled and first.preprint != second.preprint:
        return "one is a preprint"
    if (kind := _other_identifier(first, second)) and not placed and not _equal(first, second):
        return f"each has a {kind} of its own"
    if authors(first, second) is False and not _slips(first, second):
        return "their authors and their titles differ"
    if years(first, second) is False and not placed:
        return "their years differ"
    if not placed and journal(first, second) is False and _agree(first.page, second.page) is False:
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


def same(first: Traits, second: Traits) -> bool:
    """Whether titles, authors and places are enough to call two records one publication; `apart` is asked before."""
    alike = likeness(first, second)
    if alike < NEAR or not _no_other_word(first, second):
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
        return bool((spot and who is not False and when is not False) or not alone) and where is not False
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
    return bool(a) == bool(b) and fuzz.ratio("".join(a), "".join(b)) >= 75 and not {*a, *b} & _OPPOSITES


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
