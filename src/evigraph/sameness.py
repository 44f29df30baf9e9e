"""Whether two records are of one publication, as far as their titles, names and places tell.

Three answers: they are (`same`), they can't be (`apart`), or this module doesn't know. The words are those of
bibliographic exports: a *notice* is about another publication, a *place* is volume, issue and pages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz

IDENTIFIERS = ("doi", "pmid", "eric", "openalex")
GENERIC = 4
"""A title of fewer words, such as `Editorial`, says little: the place has to agree too."""
NEAR = 90.0
"""How alike two titles are, from 0 to 100, that differ by a slip or by how a tool writes them."""
RELATED = 75.0
"""How alike two titles are at least, from 0 to 100, where an identifier is the same."""

_NOTICE = re.compile(
    r"^\W*(?:(?:author|publisher)s?'?s? )?(?:correction|corrigend|errat|addend|retraction|expression of concern|"
    r"comment(?:s|ary)? (?:on|to)|(?:author'?s?'? )?(?:reply|response|rejoinder) (?:to|on|:)|re:|letter to|review of|"
    r"book review|reprint of|notice of|berichtigung|fe de errata)|"
    r"[:.(\[–—-]\W*(?:an? )?(?:erratum|corrigendum|correction|addendum|retraction)\W*$|"
    r"\(vol(?:ume)?\.? \w+,? (?:pg?|pages?)\.? \w+,? \d{4}\)\W*$",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"^\W*(?:retracted|withdrawn)(?: article| paper)?\W+|^\W*(?:editorial|letter|original article|article)\s*:\s+|"
    r"\W+\[?(?:erratum|corrected|retraction|update)\b[^\]]*? in\b.*$|\s*\[(?:review|abstract|letter|editorial)[^\]]*\]",
    re.IGNORECASE,
)
_PREPRINT = re.compile(
    r"^10\.(?:48550|1101|31234|31235|31219|20944|21203|2139|26434|36227|35542|55458|33767|51224|64898)/", re.IGNORECASE
)
_SERVER = re.compile(r"\b(?:arxiv|\w+rxiv|ssrn|research square|preprints?|osf)\b", re.IGNORECASE)
_NUMBERS = {
    **{word: str(n) for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)},
    **{word: str(n) for n, word in enumerate("ii iii iv v vi vii viii ix x xi xii".split(), 2)},
}
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_SMALL = frozenset("a an and at by de der des die du et for from in la le of on or the to und with".split())


def folded(text: object) -> str:
    """A text as it is compared: small letters and digits, without accents."""
    plain = unicodedata.normalize("NFKD", str(text).casefold().replace("&", " and ").translate(_LETTERS))
    return " ".join(re.findall(r"\w+", "".join(each for each in plain if not unicodedata.combining(each))))


@dataclass(frozen=True, eq=False)
class Traits:
    """A record as it is compared; what it lacks is empty.

    Attributes:
        item: the record or report by its keys.
    """

    item: dict[str, Any]

    def _text(self, key: str) -> str:
        return str(self.item.get(key) or "")

    @cached_property
    def title(self) -> str:
        """Without marks such as `RETRACTED:` that a publisher or database adds."""
        return folded(_MARK.sub("", self._text("title"))) or folded(self._text("title"))

    @cached_property
    def words(self) -> list[str]:
        """The title's words that carry meaning, with numbers as digits."""
        return [_NUMBERS.get(word, word) for word in self.title.split() if word not in _SMALL]

    @cached_property
    def generic(self) -> bool:
        """Whether the title is so short that others have it too; Chinese and Japanese don't part words."""
        return len(self.words) < GENERIC and (self.title.isascii() or len(self.title) < 2 * GENERIC)

    @cached_property
    def numbers(self) -> str:
        """The digits of the title, in order; a single `i` counts at its end or after a word such as `part`."""
        counted = re.sub(r"\b(part|phase|type|study|volume|chapter|report|stage) i\b|\bi$", r"\1 1", self.title)
        return "".join(re.findall(r"\d+", " ".join(_NUMBERS.get(word, word) for word in counted.split())))

    @cached_property
    def notice(self) -> bool:
        """Whether it is about another publication, as a correction, a comment or a review of a book is."""
        return bool(_NOTICE.search(self._text("title")))

    @cached_property
    def preprint(self) -> bool:
        """Whether it is on a preprint server."""
        doi, kind, container = (self._text(key) for key in ("doi", "kind", "container"))
        return bool(_PREPRINT.match(doi) or "preprint" in kind or _SERVER.search(container))

    @cached_property
    def protocol(self) -> bool:
        """Whether it says what a study will do."""
        return "protocol" in self.words

    @cached_property
    def author(self) -> str:
        """The first author's family name without spaces, as tools differ on particles."""
        name = self._text("firstAuthor") or self._text("authors").partition(";")[0].partition(",")[0]
        return folded(name).replace(" ", "")

    @cached_property
    def families(self) -> frozenset[str]:
        """The family names of the first ten authors."""
        names = self._text("authors").split("; ")[:10]
        return frozenset(folded(name.partition(",")[0]).replace(" ", "") for name in names if name)

    @cached_property
    def year(self) -> int | None:
        """The year."""
        year = self.item.get("year")
        return int(year) if str(year).isdecimal() else None

    @cached_property
    def container(self) -> list[str]:
        """The journal's or book's words without a place in parentheses and without small words."""
        name = re.sub(r"\(.*?\)|\[.*?\]", " ", self._text("container"))
        return [word for word in folded(name).split() if word not in _SMALL]

    @cached_property
    def volume(self) -> str:
        """The volume's first number."""
        found = re.search(r"\d+", self._text("volume"))
        return found.group().lstrip("0") if found else ""

    @cached_property
    def issue(self) -> str:
        """The issue's first number."""
        found = re.search(r"\d+", self._text("issue"))
        return found.group().lstrip("0") if found else ""

    @cached_property
    def page(self) -> str:
        """The first page or article number; not 1, where a journal without pages counts within the article."""
        found = re.search(r"\d{1,9}", self._text("pages"))
        page = found.group().lstrip("0") if found else ""
        return "" if page == "1" or page == str(self.year) else page


def identifiers(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The identifiers of a record, each with its kind, as they are compared."""
    for kind in IDENTIFIERS:
        if value := item.get(kind):
            yield kind, str(value).casefold()


def likeness(first: Traits, second: Traits) -> float:
    """How alike two titles are, from 0 to 100; one that continues the other, as with a subtitle, is fully alike."""
    short, long = sorted((first.title, second.title), key=len)
    if not short:
        return 0.0
    if short.replace(" ", "") == long.replace(" ", "") or (
        len(short.split()) >= GENERIC and long.startswith(short + " ")
    ):
        return 100.0
    a, b = " ".join(first.words), " ".join(second.words)
    return max(fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b))


def journal(first: Traits, second: Traits) -> bool | None:
    """Whether two containers are one, whole or abbreviated; None where one of them isn't known."""
    short, long = sorted((first.container, second.container), key=lambda words: (len(words), sum(map(len, words))))
    if not short:
        return None
    if "".join(short) == "".join(long) or (len(short) == 1 and _stands_for(short[0], "".join(w[0] for w in long))):
        return True
    if all(_abbreviates(a, b) or _abbreviates(b, a) for a, b in zip(short, long, strict=False)):
        return len(short) == len(long) or len(short) > 1 or len(short[0]) > 5  # Lancet, but not Journal
    return fuzz.ratio(" ".join(short), " ".join(long)) >= NEAR


def _stands_for(word: str, initials: str) -> bool:
    return len(word) > 2 and (initials.startswith(word) or word.startswith(initials) and len(initials) > 2)


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
    if first.notice != second.notice:
        return "one is a notice about the other"
    if first.protocol != second.protocol and likeness(first, second) < 100:
        return "one is a protocol"
    if first.numbers != second.numbers and not _continues(first, second):
        return "their titles have different numbers"
    if _agree(*(each.item.get("doi", "").casefold() for each in (first, second))):
        return ""
    if first.preprint != second.preprint:
        return "one is a preprint"
    if (kind := _other_identifier(first, second)) and not placed:
        return f"each has a {kind} of its own"
    if years(first, second) is False and not placed:
        return "their years differ"
    if not placed and journal(first, second) is False and _agree(first.page, second.page) is False:
        return "they stand in different places"
    return ""


def _continues(first: Traits, second: Traits) -> bool:
    """Whether one title is the other without its subtitle."""
    short, long = sorted((first.title, second.title), key=len)
    return len(short.split()) >= GENERIC and long.startswith(short + " ") and not re.match(r"\w+$", long[len(short) :])


def _other_identifier(first: Traits, second: Traits) -> str:
    """The kind of identifier that both have, each its own; DOIs that differ by a slip don't count."""
    for kind in ("doi", "pmid"):
        a, b = (str(each.item.get(kind, "")).casefold() for each in (first, second))
        if a and b and a != b:
            return kind.upper()
    return ""


def related(first: Traits, second: Traits) -> bool:
    """Whether records with the same identifier are of one publication.

    One identifier may stand for a book and each of its chapters, or for all abstracts of a supplement; and a number of
    one database may stand in the field of another. So what both have must agree.
    """
    if apart(first, second):
        return False
    if not first.title or not second.title:
        return years(first, second) is not False and authors(first, second) is not False
    if likeness(first, second) >= RELATED:
        return True
    volume, _, page = place(first, second)
    return bool(page and volume is not False and authors(first, second))  # a translated title


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
        return bool(spot and where is not False and who is not False and when is not False)
    if spot and spots[0]:
        return who is not False or where is True
    if False in (who, when, spots[0], spots[2]):
        return False
    if first.year != second.year and when and not (where or spot):
        return False
    return where is not False and (told.count(True) >= 2 or told == [None] * 6)


def _no_other_word(first: Traits, second: Traits) -> bool:
    """Whether titles differ by slips only: mice and rats, or men and women, are two studies."""
    if likeness(first, second) == 100:
        return True
    a, b = (sorted(set(x.words) - set(y.words)) for x, y in ((first, second), (second, first)))
    return not a or not b or fuzz.ratio("".join(a), "".join(b)) >= 75 and not {*a, *b} & _OPPOSITES


_OPPOSITES = frozenset("men women male female males females boys girls vivo vitro short long high low pre post".split())


def score(first: Traits, second: Traits) -> float:
    """How sure it is that two records are one publication, from 0 to 0.99: titles, authors, and what else is known."""
    told = [years(first, second), journal(first, second), *place(first, second)]
    known = [each for each in told if each is not None]
    rest = sum(known) / len(known) if known else 0.5
    names = {True: 1.0, None: 0.5, False: 0.0}[authors(first, second)]
    return round(0.99 * (0.6 * likeness(first, second) / 100 + 0.2 * names + 0.2 * rest), 3)
