"""Whether single values of two records agree: their journals, authors, years and places.

True and False are told only of what both records know; what one of them doesn't know is None.
"""

from __future__ import annotations

from rapidfuzz import fuzz

from evigraph.matching.traits import Traits

__all__ = [
    *("NEAR", "agree", "authors", "filled", "first_author", "journal", "listed", "place", "spans", "twins", "years"),
]

_KINDS = frozenset(("annals", "archives", "european", "international", "journal", "proceedings", "revista"))
"""With these words so many names begin that one cut off behind them says nothing."""
NEAR = 90.0
"""How alike two texts are, from 0 to 100, that differ by a slip or by how a tool writes them."""


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
    if (first.cut or second.cut) and len(short) == 1 and short[0] in _KINDS:
        return None
    if "".join(short) == "".join(long) or (len(short) == 1 and _stands_for(short[0], initials, least)):
        return True
    if all(_abbreviates(a, b) or _abbreviates(b, a) for a, b in zip(short, long, strict=False)):
        return len(short) == len(long) or len(short) > 1 or len(short[0]) > 5  # Lancet, but not Journal
    if fuzz.ratio(" ".join(short), " ".join(long)) >= NEAR or _begins(first, second) or _begins(second, first):
        return True
    return None if first.cut or second.cut or (first.meeting and second.meeting) else False


def _stands_for(word: str, initials: str, least: int) -> bool:
    """Whether a word is made of initials, as JAMA is; some of them may be missing at the end."""
    return len(word) > 2 and (initials.startswith(word) or (word.startswith(initials) and len(initials) >= least))


def _begins(first: Traits, second: Traits) -> bool:
    """Whether a name begins with the initials of the other, as in `ICIS: Bridging the Internet of People`."""
    return bool(first.acronym) and _stands_for(first.acronym, "".join(word[0] for word in second.container), 3)


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


def listed(first: Traits, second: Traits) -> bool:
    """Whether both name the same authors in the same order, but for slips."""
    a, b = first.listed, second.listed
    return bool(a) and len(a) == len(b) and fuzz.ratio(" ".join(a), " ".join(b)) >= NEAR


def agree(first: object, second: object) -> bool | None:
    """Whether two values are the same; None where one of them isn't known."""
    return first == second if first and second else None


def place(first: Traits, second: Traits) -> list[bool | None]:
    """Whether volume, issue and first page are the same, each; None where one of them isn't known."""
    pages = agree(first.page, second.page)
    if pages is False and (first.page.endswith(second.page) or second.page.endswith(first.page)):
        pages = min(len(first.page), len(second.page)) > 1 or None  # an article number with and without its volume
    if pages is False and agree(first.last, second.last):
        pages = None  # one first page is a slip, and which one isn't known
    issues = agree(first.issue, second.issue)
    if issues is False and max(len(first.issue), len(second.issue)) > 2:
        issues = None  # one isn't counted within its volume, but from the journal's beginning or by a database
    return [agree(first.volume, second.volume), issues, pages]


def years(first: Traits, second: Traits) -> bool | None:
    """Whether the years are at most one apart, as online first and in print are; None where one isn't known."""
    return abs(first.year - second.year) <= 1 if first.year and second.year else None


def first_author(first: Traits, second: Traits) -> bool:
    """Whether both name the same first author, but for slips and particles."""
    short, long = sorted((first.author, second.author), key=len)
    return bool(short) and (
        short == long or (len(short) > 3 and (long.endswith(short) or fuzz.ratio(short, long) >= NEAR))
    )


def spans(first: Traits, second: Traits) -> bool | None:
    """Whether first and last page are the same; None where one isn't known, or a slip may have changed one of them."""
    (start, end), (other_start, other_end) = first.span, second.span
    if not (end and other_end):
        return None
    return True if first.span == second.span else None if start == other_start or end == other_end else False


def filled(first: Traits, second: Traits) -> bool:
    """Whether the same authors fill the same pages in one place, more than one page: no two papers do.

    The title says nothing here: a database cuts it, translates it, or puts the name of a section before it; and so it
    is with the journal's, where several authors have the same year and volume. But some journals count the pages of
    each issue anew.
    """
    if not (agree(first.page, second.page) and agree(first.last, second.last)) or first.page == first.last:
        return False
    (volume, issue, _), where = place(first, second), journal(first, second)
    if False in (volume, issue, years(first, second)) or not listed(first, second):
        return False
    if where:
        return bool(volume or first.year == second.year)
    return bool((volume or where is None) and first.year == second.year and len(first.listed) > 1)


def twins(first: Traits, second: Traits) -> bool:
    """Whether authors, year and volume are the same, and so is the journal, or the pages don't contradict it.

    With the same title it is one paper: pages get wrong, and a journal has a name in each language. A journal is no
    conference, though; and one author may have a letter in each issue of a volume.
    """
    volume, issue, page = place(first, second)
    where = journal(first, second) or (page is not False and first.meeting == second.meeting)
    told = issue or (issue is None and len(first.listed) > 1 and journal(first, second))
    return bool(volume and told and where and agree(first.year, second.year) and listed(first, second))
