"""Formats of one tag a line (RIS, MEDLINE, Web of Science, Refer), made regular first and parsed by rispy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

import rispy

from evigraph.errors import counted
from evigraph.ingest.model import Raw


class _Any(dict[str, str]):
    """rispy's mapping of tags to names: every tag is its own name."""

    def __missing__(self, tag: str) -> str:
        return tag


class _Tags(list[str]):
    """rispy's list of tags that repeat: all of them."""

    def __contains__(self, tag: object) -> bool:
        return True


class _Parser(rispy.RisParser):  # type: ignore[misc]
    """RIS with tags of two to four characters, each of which may repeat."""

    START_TAG = "TY"
    DEFAULT_MAPPING = _Any()
    DEFAULT_LIST_TAGS = _Tags()
    DEFAULT_DELIMITER_MAPPING: ClassVar[dict[str, str]] = {}

    def parse_line(self, line: str) -> tuple[str, str] | tuple[None, str]:
        tag, dash, value = line.partition("  - ")
        return (tag, value.strip()) if dash else (None, line.strip())


@dataclass(frozen=True)
class Syntax:
    """How a format writes a line.

    Attributes:
        line: what begins a field, with the groups `tag` and `value`. starts: the tags that begin a record, of which
        the first that the file has counts. Without any, a tag after an empty line does. end: the tag that ends one,
        or empty. header: tags of the file itself. several: tags whose further lines are further values.
        separator: a line that parts records, or empty.
    """

    line: str
    starts: tuple[str, ...]
    end: str = ""
    header: frozenset[str] = frozenset()
    several: frozenset[str] = frozenset()
    separator: str = ""


_STRAYS = frozenset({"NL", "XL", "UP"})
MOST_WORDS = 4
"""How many words a type of reference in RIS may have; what begins with its tag and has more is a sentence."""
_WOS_LISTS = frozenset({"AU", "AF", "BA", "BF", "CA", "GP", "BE", "ED"})
_RIS_TAGS = "TY|TI|T[1-3]|A[U1-4]|PY|Y1|DO|DA|J[OFA12]|AB|N[12]|UR|L[1-4]|VL|IS|SP|EP|KW|SN|ID|AN|DB|PB|M[1-3]|ER"
SYNTAXES = {
    "ris": Syntax(
        rf"[ \t]{{0,3}}(?P<tag>(?:[%s][%s0-9])(?=(?:%s)[-\u2013])|(?:{_RIS_TAGS})(?=[ \t]-[ \t]))[ \t]*[-\u2013]"
        r"(?P<value>.*)$",
        ("TY",),
        "ER",
    ),
    "medline": Syntax(
        r"(?P<tag>[A-Z][A-Z0-9]{1,3}) {0,3}- ?(?P<value>.*)$", ("PMID", "UI", "OWN"), separator=r"<\d+\.? ?>\s*$"
    ),
    "wos": Syntax(
        r"(?P<tag>[A-Z][A-Z0-9])(?: (?P<value>.*)|\s*)$", ("PT",), "ER", frozenset({"FN", "VR", "EF"}), _WOS_LISTS
    ),
    "refworks": Syntax(r"(?P<tag>[A-Z][A-Z0-9]) (?P<value>.*)$", ("RT",)),
    "refer": Syntax(r"%(?P<tag>[^\s\w]|\w)(?:\s(?P<value>.*)|)$", ("0",)),
    "ovid": Syntax(
        r"(?P<tag>[A-Z][A-Za-z-]+(?: [A-Za-z-]+){0,8}) *(?P<value>)$",
        ("SCORE", "ACCESSION NUMBER"),
        separator=r"<\d+>\s*$",
    ),
}


def read(text: str, name: str) -> tuple[list[Raw], list[str]]:
    """The records of a text in one of `SYNTAXES`, and notes on lines that belong to none."""
    syntax = SYNTAXES[name]
    cut = _Cut(syntax)
    cut.lines(text.split("\n"), re.compile(_styled(text) if name == "ris" else syntax.line))
    notes = [f"{counted(cut.outside, 'line')} outside of any record passed over"] if cut.outside else []
    return _parsed(_with_strays(cut.chunks) if syntax.starts == ("TY",) else cut.chunks), notes


def _with_strays(chunks: list[Chunk]) -> list[Chunk]:
    """The records, with what Ovid writes after the end of one (`NL  - …`) in it, instead of as one of its own."""
    found: list[Chunk] = []
    typed = any(tag == "TY" for _, fields in chunks for tag, _ in fields)
    for line, fields in chunks:
        if typed and found and {tag for tag, _ in fields} <= _STRAYS:
            found[-1] = found[-1][0], [*found[-1][1], *fields]
        else:
            found.append((line, fields))
    return found


def _styled(text: str) -> str:
    """RIS's line, held to the spacing and case that the file's own start tags have, so that no prose looks like it."""
    starts = re.findall(r"(?mi)^[ \t]{0,3}(ty)([ \t]{0,4})[-\u2013]", text)
    letters = "A-Za-z" if any(tag != tag.upper() for tag, _ in starts) else "A-Z"
    gaps = "|".join(sorted({gap for _, gap in starts} | {"  "}))
    return SYNTAXES["ris"].line % (letters, letters, gaps)


Chunk = tuple[int, list[tuple[str, str]]]
"""The line where a record begins, and its tags and values."""


class _Cut:
    """The lines of a text cut into records.

    Attributes:
        chunks: the records. outside: how many lines belong to none.
    """

    def __init__(self, syntax: Syntax) -> None:
        self.syntax = syntax
        self.chunks: list[Chunk] = []
        self.outside = 0
        self._open = False
        self._gap = False
        self._by_gaps = False
        self._start: str | None = None
        self._bare = False

    def lines(self, lines: list[str], pattern: re.Pattern[str]) -> None:
        """Cut all lines of a text."""
        matches = [pattern.match(line) for line in lines]
        parts = re.compile(self.syntax.separator or r"(?!)")
        separated = any(parts.match(line) for line in lines)
        tags = [found["tag"].upper() for found in matches if found]
        self._bare = any(
            found["tag"].upper() == self.syntax.end and not (found["value"] or "").strip() for found in matches if found
        )
        self._start = None if separated else self._starting(tags)
        self._by_gaps = not separated and not self._start and self.syntax.end not in tags
        for number, (line, found) in enumerate(zip(lines, matches, strict=True), 1):
            if separated and parts.match(line):
                self._begin(number)
            elif found and not self._prose(found["tag"].upper(), (found["value"] or "").strip()):
                self._tag(number, found["tag"].upper(), (found["value"] or "").strip())
            else:
                self._text(line.strip(), separated)

    def _starting(self, tags: list[str]) -> str | None:
        """The tag that begins each record; none where other tags stand before it, and empty lines part the records."""
        if self.syntax.end:
            return next((each for each in self.syntax.starts if each in tags), None)
        return next((tag for tag in tags[:1] if tag in self.syntax.starts), None)

    def _begin(self, number: int, *fields: tuple[str, str]) -> None:
        self.chunks.append((number, list(fields)))
        self._open, self._gap = True, False

    def _tag(self, number: int, tag: str, value: str) -> None:
        if tag in self.syntax.header and (not self._open or tag == "EF"):
            return
        if tag == self.syntax.end:
            self._open = False
        elif not self._open or (tag == self._start and not self._headless()) or (self._gap and self._by_gaps):
            self._begin(number, (tag, value))
        else:
            self.chunks[-1][1].append((tag, value))
            self._gap = False

    def _prose(self, tag: str, value: str) -> bool:
        """Whether a line of an abstract only begins as a record begins or ends: `ER - the receptor - was measured`."""
        if not self._open:
            return False
        return bool(value) and self._bare if tag == self.syntax.end else tag == "TY" and len(value.split()) > MOST_WORDS

    def _headless(self) -> bool:
        """Whether the open record has nothing but what some tools write before the tag that begins one."""
        return self._start == "TY" and {tag for tag, _ in self.chunks[-1][1]} <= {"ID", "DB", "DP", "AN", "UR"}

    def _text(self, value: str, separated: bool) -> None:
        """A line without a tag belongs to the field above it."""
        if not value:
            self._gap = True
        elif not self._open:
            self.outside += 1
        elif fields := self.chunks[-1][1]:
            tag, before = fields[-1]
            if tag in self.syntax.several:
                fields.append((tag, value))
            else:
                fields[-1] = tag, f"{before} {value}".strip()
        elif not separated:
            self.outside += 1


def _parsed(chunks: list[Chunk]) -> list[Raw]:
    """The records by rispy, from lines that are regular by now; one by one if it sees another number of them."""
    found = _loaded(chunks)
    if len(found) != len(chunks):
        each = [(chunk, _loaded([chunk])) for chunk in chunks]
        problem = "it can't be parsed; look for a stray end tag in it"
        return [_raw(chunk, one[0]) if len(one) == 1 else Raw(chunk[0], problem=problem) for chunk, one in each]
    return [_raw(chunk, record) for chunk, record in zip(chunks, found, strict=True)]


def _loaded(chunks: list[Chunk]) -> list[dict[str, list[str]]]:
    lines: list[str] = []
    for _, fields in chunks:
        lines += ["TY  - ", *(f"{tag}  - {value}" for tag, value in fields if tag != "TY"), "ER  - "]
    loaded: list[dict[str, list[str]]] = rispy.loads("\n".join(lines), implementation=_Parser)
    return loaded


def _raw(chunk: Chunk, record: dict[str, list[str]]) -> Raw:
    line, fields = chunk
    kinds = [value for tag, value in fields if tag == "TY" and value]
    return Raw(line, {**{tag: values for tag, values in record.items() if tag != "TY"}, "TY": kinds})
