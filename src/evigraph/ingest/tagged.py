"""Formats of one tag a line (RIS, MEDLINE, Web of Science, Refer), made regular first and parsed by rispy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

import rispy

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
        the first that the file has counts; without any, an empty line does. end: the tag that ends one, or empty.
        header: tags of the file itself. several: tags whose further lines are further values.
    """

    line: str
    starts: tuple[str, ...]
    end: str = ""
    header: frozenset[str] = frozenset()
    several: frozenset[str] = frozenset()


_WOS_LISTS = frozenset({"AU", "AF", "BA", "BF", "CA", "GP", "BE", "ED"})
SYNTAXES = {
    "ris": Syntax(r"\s{0,3}(?P<tag>[%s][%s0-9])(?:%s)[-\u2013](?P<value>.*)$", ("TY",), "ER"),
    "medline": Syntax(r"(?P<tag>[A-Z][A-Z0-9]{1,3}) {0,3}- ?(?P<value>.*)$", ("PMID", "UI", "OWN")),
    "wos": Syntax(
        r"(?P<tag>[A-Z][A-Z0-9])(?: (?P<value>.*)|\s*)$", ("PT",), "ER", frozenset({"FN", "VR", "EF"}), _WOS_LISTS
    ),
    "refer": Syntax(r"%(?P<tag>[^\s\w]|\w)(?:\s(?P<value>.*)|)$", ("0",)),
}


def read(text: str, name: str) -> tuple[list[Raw], list[str]]:
    """The records of a text in one of `SYNTAXES`, and notes on lines that belong to none."""
    syntax = SYNTAXES[name]
    chunks, outside = _chunks(text.split("\n"), syntax, re.compile(_styled(text) if name == "ris" else syntax.line))
    notes = [f"{outside} lines outside of any record were passed over"] if outside else []
    return [_parsed(line, fields) for line, fields in chunks], notes


def _styled(text: str) -> str:
    """RIS's line, held to the spacing and case that the file's own start tags have, so that no prose looks like it."""
    starts = re.findall(r"(?mi)^\s{0,3}(ty)( {0,4})[-\u2013]", text)
    letters = "A-Za-z" if any(tag != tag.upper() for tag, _ in starts) else "A-Z"
    gaps = "|".join(f" {{{count}}}" for count in sorted({len(gap) for _, gap in starts} | {2}))
    return SYNTAXES["ris"].line % (letters, letters, gaps)


Chunk = tuple[int, list[tuple[str, str]]]


def _chunks(lines: list[str], syntax: Syntax, pattern: re.Pattern[str]) -> tuple[list[Chunk], int]:
    """The lines cut into records, each with its line and its tags and values; and how many belong to none."""
    matches = [pattern.match(line) for line in lines]
    tags = {found["tag"].upper() for found in matches if found}
    start = next((each for each in syntax.starts if each in tags), None)
    chunks: list[Chunk] = []
    current: list[tuple[str, str]] | None = None
    outside = 0
    for number, (line, found) in enumerate(zip(lines, matches, strict=True), 1):
        tag = found["tag"].upper() if found else ""
        value = ((found["value"] or "") if found else line).strip()
        if tag in syntax.header and (current is None or tag == "EF"):
            continue
        if tag and tag == syntax.end:
            current = None
        elif tag and (tag == start or current is None):
            current = [(tag, value)]
            chunks.append((number, current))
        elif tag and current is not None:
            current.append((tag, value))
        elif not value:
            current = current if start else None
        elif current is None:
            outside += 1
        else:
            _continue(current, value, syntax)
    return chunks, outside


def _continue(fields: list[tuple[str, str]], value: str, syntax: Syntax) -> None:
    """A line without a tag belongs to the field above it."""
    tag, before = fields[-1]
    if tag in syntax.several:
        fields.append((tag, value))
    else:
        fields[-1] = tag, f"{before} {value}".strip()


def _parsed(line: int, fields: list[tuple[str, str]]) -> Raw:
    """One record by rispy, from lines that are regular by now."""
    regular = "\n".join(["TY  - ", *(f"{tag}  - {value}" for tag, value in fields if tag != "TY"), "ER  - "])
    found = rispy.loads(regular, implementation=_Parser)
    if len(found) != 1:
        return Raw(line, problem="it can't be parsed; look for a stray end tag in it")
    kinds = [value for tag, value in fields if tag == "TY" and value]
    return Raw(line, {**{tag: values for tag, values in found[0].items() if tag != "TY"}, "TY": kinds})
