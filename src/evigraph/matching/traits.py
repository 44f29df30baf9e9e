"""A record as it is compared with others: its title, names and place, freed of how a tool writes them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evigraph.matching.registrations import of_entry

GENERIC = 4
"""A title of fewer words, such as `Editorial`, says little: the place has to agree too."""

_OWN = {"id", "type", "position", "line", "duplicateOf", "identifies"}
_NOTICE = re.compile(
    r"^\W*(?:(?:author|publisher)s?'?s? )?(?:correction|corrigend|errat|addend|retraction|expression of concern|"
    r"comment(?:s|ary)? (?:on|to)|(?:author'?s?'? )?(?:reply|response|rejoinder) (?:to|on|:)|re:|letter to|review of|"
    r"book review|reprint of|notice of|berichtigung|fe de errata)|"
    r"[:.(\[\u2013\u2014-]\W*(?:an? )?(?:erratum|corrigendum|correction|addendum|retraction)\W*$|"
    r"\(vol(?:ume)?\.? \w+,? (?:pg?|pages?)\.? \w+,? \d{4}\)\W*$",
    re.IGNORECASE,
)
_NOTICES = frozenset({"retraction", "expression of concern", "correction"})
_MARK = re.compile(
    r"^\W*(?:retracted|withdrawn)(?: article| paper)?\W+|^\W*(?:editorial|letter|original article|article)\s*:\s+|"
    r"\W+\[?(?:erratum|corrected|retraction|update)\b[^\]]*? in\b.*$|\s*\[(?:review|abstract|letter|editorial)[^\]]*\]|"
    r"\s*\[\d+ refs?\]|\s*\((?:provisional|structured) abstract\)|\s*\[(?:article )?(?:in )?(?:arabic|chinese|croatian|"
    r"czech|danish|dutch|english|french|german|greek|hebrew|hungarian|italian|japanese|korean|norwegian|persian|polish|"
    r"portuguese|romanian|russian|serbian|spanish|swedish|turkish|ukrainian)\]",
    re.IGNORECASE,
)
"""What a publisher or database adds to a title, such as `RETRACTED:`, `[Review] [45 refs]` or `[Spanish]`."""
_APPEARS = re.compile(
    r"\W+\[?(?:published )?(?:erratum|correction|corrected|retraction|comment)\b[^\]]*? in\b.*$", re.I
)
"""What PubMed adds to the title of an article about which a notice appeared."""
_PREPRINT = re.compile(
    r"^10\.(?:48550|1101|31234|31235|31219|20944|21203|2139|26434|36227|35542|55458|33767|51224|64898)/", re.IGNORECASE
)
_SERVER = re.compile(r"\b(?:arxiv|\w+rxiv|ssrn|research square|preprints?|osf)\b", re.IGNORECASE)
_ONES, _ROMAN = "one two three four five six seven eight nine ten", "ii iii iv v vi vii viii ix x xi xii"
_NUMBERS = {word: str(n) for words, start in ((_ONES, 1), (_ROMAN, 2)) for n, word in enumerate(words.split(), start)}
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
_ARTICLES = (
    "a an and at by da das de del der des die do dos du e el et for from fur im in la las le los of on or the to"
)
_SMALL = frozenset(f"{_ARTICLES} un und with y zum zur".split())
_MEETING = re.compile(r"\b(?:conf(?:erence)?|symp(?:osium)?|workshop|congress)\b|\bproceedings\W*$", re.IGNORECASE)
_PROTOCOL = re.compile(r"\bprotocol(?: (?:for|of)\b|\W*$|\s*[:.])", re.IGNORECASE)
_PARTED = (
    "abstract abstracts acknowledgements acknowledgments afterword announcement announcements annual appendix "
    "book books chapter closing comment commentary comments concluding conclusion conclusions contents "
    "contributors cover desk discussion editor editorial editorials editors einfuhrung einleitung epilogue events "
    "foreword forward general guest index inhalt introducao introduccion introducing introduction introductory "
    "issue letter letters message news note notes opening overview panel part postscript preface presentacion "
    "presentation president presidents proceedings program programme prologo prologue recommendations references "
    "remarks report review reviews section session society special summary table thanks thematic theme this title "
    "untitled vorwort welcome words"
)
"""The words of titles that tell a part of a book or an issue, and not what it is about."""
_PARTS = frozenset(_PARTED.split())
_HYPHENS = re.compile("[-\u2010-\u2015\u2212]+")
_RANGE = re.compile(r"\D*0*(\d{1,9})[^\d,;]*?" + _HYPHENS.pattern + r"[^\d,;]*0*(\d{1,9})")
_BREAK = re.compile(r"[:.?!;(\[\u2013\u2014|/]|\s-\s")


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
        short = len(self.words) < GENERIC and (self.title.isascii() or len(self.title) < 2 * GENERIC)
        return short or self.common

    @cached_property
    def common(self) -> bool:
        """Whether the title only says which part of a book or an issue this is, such as `Preface`."""
        own = (word for word in self.words if len(word) > 1 and not word.isdecimal())
        return bool(self.words) and _PARTS.union(self.container).issuperset(own)

    @cached_property
    def numbers(self) -> str:
        """The digits of the title, in order; a single `i` counts at its end or after a word such as `part`."""
        counted = re.sub(r"\b(part|phase|type|study|volume|chapter|report|stage) i\b|\bi$", r"\1 1", self.title)
        return "".join(re.findall(r"\d+", " ".join(_NUMBERS.get(word, word) for word in counted.split())))

    @cached_property
    def notice(self) -> bool:
        """Whether it is about another publication, as a correction, a comment or a review of a book is."""
        title = _APPEARS.sub("", self._text("title"))
        return self._text("kind") in _NOTICES or bool(_NOTICE.search(title))

    @cached_property
    def preprint(self) -> bool:
        """Whether it is on a preprint server."""
        doi, kind, container = (self._text(key) for key in ("doi", "kind", "container"))
        printed = bool(container and self.span[1])  # of which some servers keep copies
        return bool((_PREPRINT.match(doi) and not printed) or "preprint" in kind or _SERVER.search(container))

    @cached_property
    def protocol(self) -> bool:
        """Whether it says what a study will do."""
        return bool(_PROTOCOL.search(self._text("title")))

    @cached_property
    def heads(self) -> frozenset[str]:
        """The title up to each mark that may begin a subtitle."""
        whole = _MARK.sub("", self._text("title"))
        return frozenset(folded(whole[: found.start()]) for found in _BREAK.finditer(whole))

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
    def listed(self) -> tuple[str, ...]:
        """The family names of the first ten authors in their order, without initials behind them."""
        names = (re.sub(r"(?:\s+[^\W\d_a-z]{1,3})+$", "", name) for name in self._text("authors").split("; ")[:10])
        return tuple(folded(name.partition(",")[0]).replace(" ", "") for name in names if name)

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of the names of the first ten authors, initials left out, as tools differ on their order."""
        listed = " ".join(self._text("authors").split("; ")[:10])
        return frozenset(word for word in folded(listed).split() if len(word) > 2)

    @cached_property
    def year(self) -> int | None:
        """The year."""
        year = self._text("year")
        return int(year) if year.isdecimal() else None

    @cached_property
    def container(self) -> list[str]:
        """The journal's or book's words without a place in parentheses and without small words."""
        name = re.sub(r"\(.*?\)|\[.*?\]", " ", self._text("container"))
        words = [word for word in folded(name).split() if word not in _SMALL]
        return words[:-1] if self.cut and len(words) > 1 else words

    @cached_property
    def acronym(self) -> str:
        """What a colon or a point parts from the rest of the container's name, where it is one word."""
        found = re.match(r"\W*(\w{3,})\s*[:.]\s", self._text("container"))
        return folded(found.group(1)) if found else ""

    @cached_property
    def cut(self) -> bool:
        """Whether a tool cut the container's name off."""
        return self._text("container").rstrip().endswith(("…", "..."))

    @cached_property
    def meeting(self) -> bool:
        """Whether the container is of a conference, and no journal such as the Proceedings of an academy."""
        return bool(_MEETING.search(self._text("container")))

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
        start = _HYPHENS.split(self._text("pages").strip(" -"))[0]  # of `t-71` or `Suppl-12` the last page is known
        found = re.search(r"\d{1,9}", start)
        page = found.group().lstrip("0") if found else ""
        return "" if page == "1" or page == str(self.year) else page

    @cached_property
    def span(self) -> tuple[str, str]:
        """The first and the last page as they are told, in full; nothing where one of them isn't known."""
        found = _RANGE.match(self._text("pages"))
        if not found:
            return "", ""
        start, end = found.groups()
        return start, start[: max(len(start) - len(end), 0)] + end

    @cached_property
    def last(self) -> str:
        """The last page, in full where it is shortened as in `121-8`; nothing without a first one."""
        return self.span[1] if self.page else ""

    @cached_property
    def registrations(self) -> frozenset[str]:
        """Its registration numbers, if it is an entry of a register."""
        return of_entry(self.item)

    @cached_property
    def content(self) -> tuple[str, str]:
        """All that it says, but for where it stands in its file."""
        told = {key: value for key, value in self.item.items() if isinstance(value, str | int) and key not in _OWN}
        return self.title, repr(sorted(told.items()))
