"""BibTeX and BibLaTeX, parsed by bibtexparser; every entry is taken or named, whatever its key."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

from bibtexparser.middlewares.names import split_multiple_persons_names
from bibtexparser.model import Entry, ParsingFailedBlock, String
from bibtexparser.splitter import Splitter

from evigraph.ingest.fields.latex import as_unicode
from evigraph.ingest.fields.name_parts import braced
from evigraph.ingest.fields.names import Body
from evigraph.ingest.model import Raw

_NO_ENTRY = r"(?!comment\b|string\b|preamble\b)"
_START = re.compile(rf"(?mi)^[ \t]*@{_NO_ENTRY}\w+[ \t]*[{{(]")
_INLINE = re.compile(rf"(?i)(?<=[}})])[ \t]*(?=@{_NO_ENTRY}[a-z]+[ \t]*\{{[ \t]*[^\s,={{}}]*,)")
_KEYLESS = re.compile(rf"(?mi)^([ \t]*@{_NO_ENTRY}\w+[ \t]*[{{(])(?=\s{{0,20}}[a-z_-]{{2,30}}[ \t]*=)")
_DOI_LINE = re.compile(r"(?mi)^([ \t]*@\w+[ \t]*[{(][^\n={}]{1,200},)[ \t]*\n[ \t]*doi:[^\n={}]{1,200},[ \t]*$")
"""Sage writes `doi:10.…,` on a line of its own behind the key, which is no field; `doi = {…}` follows."""
_PIECE = re.compile(r"\s*+(#?)\s*+(?:([{\"])|([^\s#{}\",=]+))")
_NEXT_FIELD = re.compile(r"\s*+,?\s*+([A-Za-z][\w-]{0,40})\s*=")
LONGEST = 2**17
"""How many characters macros may come to: a few lines that each take the last one twice come to gigabytes."""
_DATES = ("year", "date")
_INHERITED = (*_DATES, "editor", "publisher", "address", "location", "series", "volume", "isbn", "edition")
_LITERAL = {"doi", "url", "file", "eprint", "pmid", "isbn", "issn", "link", "biburl"}


def read(text: str) -> tuple[list[Raw], list[str]]:
    """The entries of a text, and notes on what stands between them."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it can't read comes back as blocks
    text = text.replace("\\\n", "\\ \n")  # the parser doesn't count a line that ends in a backslash
    text = _DOI_LINE.sub(r"\1\n", text)
    text = re.sub(r"(?m)^[ \t]+(?=@)", "", _KEYLESS.sub(r"\1,", _INLINE.sub("\n", text)))
    entries: list[Entry] = []
    failed: list[Raw] = []
    macros: dict[str, str] = {}
    for block in Splitter(text).split().blocks:
        whole = getattr(block, "ignore_error_block", None) if isinstance(block, ParsingFailedBlock) else block
        if isinstance(whole, Entry):
            entries.append(whole)
        elif isinstance(whole, String):
            macros[whole.key.lower()] = _macro(whole, macros)
        elif isinstance(block, ParsingFailedBlock) and _START.match(block.raw or ""):
            failed.append(Raw((block.start_line or 0) + 1, problem=_why(block)))
    taken = [_taken(entry, macros) for entry in entries]
    _inherit(taken)
    return sorted([*taken, *failed, *_unseen(text, entries, failed)], key=lambda raw: raw.line), []


def _why(block: ParsingFailedBlock) -> str:
    reason = str(getattr(block.error, "abort_reason", "") or block.error).partition("\n")[0].strip(" .")
    return f"not BibTeX ({reason or 'an unclosed brace or quote'}); close its braces and quotes"


def _unseen(text: str, entries: list[Entry], failed: list[Raw]) -> list[Raw]:
    """Entries whose beginning stands in the text, and which the parser swallowed into another."""
    seen = {(entry.start_line or 0) + 1 for entry in entries} | {raw.line for raw in failed}
    starts = [text.count("\n", 0, found.start()) + 1 for found in _START.finditer(text)] if _START.search(text) else []
    reason = "it begins inside another entry, whose braces are not closed; close them"
    return [Raw(line, problem=reason) for line in starts if line not in seen]


class _TooLongError(ValueError):
    """Pieces and macros that come to more than `LONGEST` characters."""


def _macro(block: String, macros: dict[str, str]) -> str:
    try:
        return _joined(str(block.value), macros)[0]
    except _TooLongError:
        return " " * (LONGEST + 1)  # whoever uses it is too long as well, and is told


def _taken(entry: Entry, macros: dict[str, str]) -> Raw:
    """An entry as a record; one with a value that can't be read is named."""
    line = (entry.start_line or 0) + 1
    try:
        return _raw(entry, macros)
    except _TooLongError:
        return Raw(line, problem=f"its macros come to more than {LONGEST} characters; write the value out")
    except Exception as error:
        return Raw(line, problem=f"a value that can't be read ({type(error).__name__}); mend it, or export it again")


def _raw(entry: Entry, macros: dict[str, str]) -> Raw:
    fields: dict[str, list[Any]] = {"@type": [entry.entry_type.lower()], "@key": [entry.key]}
    for field in entry.fields:
        for name, value in _fields(field.key.lower(), str(field.value), macros):
            if name in {"author", "editor"}:
                found: list[Any] = [_name(each) for each in split_multiple_persons_names(_flat(value))]
            elif name in _LITERAL:
                found = [re.sub(r"\\([_%&#{}~$])", r"\1", value).strip("{} ")]
            else:
                found = [as_unicode(value)]
            fields.setdefault(name, []).extend(each for each in found if each)
    return Raw((entry.start_line or 0) + 1, fields)


def _inherit(taken: list[Raw]) -> None:
    """Give entries with `crossref` what they lack and their parent has, as BibTeX and dblp mean it."""
    parents = {str(key).casefold(): raw.fields for raw in taken for key in raw.fields.get("@key", []) if key}
    for fields in (raw.fields for raw in taken if raw.fields.get("crossref")):
        parent = parents.get(str(fields["crossref"][0]).casefold())
        if parent is None or parent is fields:
            continue
        whole = "journaltitle" if fields["@type"] == ["article"] else "booktitle"
        given = {whole: parent.get("title", []), **{name: parent.get(name, []) for name in _INHERITED}}
        for name, found in given.items():
            if found and not (fields.get(name) or (name in _DATES and any(map(fields.get, _DATES)))):
                fields[name] = list(found)


def _fields(name: str, written: str, macros: dict[str, str]) -> Iterator[tuple[str, str]]:
    """A field, and those that the parser takes for a part of it because the comma between them is missing."""
    while True:
        value, end = _joined(written, macros)
        yield name, value
        following = _NEXT_FIELD.match(written, end)
        if not following:
            return
        name, written = following.group(1).lower(), written[following.end() :]


def _joined(written: str, macros: dict[str, str]) -> tuple[str, int]:
    """The value that pieces joined by `#` make, without their braces, quotes and macros; and where it ends."""
    made: list[str] = []
    at = 0
    while (found := _PIECE.match(written, at)) and bool(made) == bool(found.group(1)):
        word = found.group(3)
        if word is not None:
            made.append(macros.get(word.lower(), word))
            at = found.end()
            if sum(map(len, made)) > LONGEST:
                raise _TooLongError
        else:
            at = _closed(written, found.end(), "}" if found.group(2) == "{" else '"')
            made.append(written[found.end() : at - 1])
    rest = written[at:].strip()
    if rest and not _NEXT_FIELD.match(written, at):
        return (
            " ".join([*made, rest]) if len(made) == 1 and not re.match(r"\s*[{\"]", written) else written.strip()
        ), len(written)
    return "".join(made), at


def _closed(written: str, start: int, end: str) -> int:
    """Where a piece that is open at `start` is closed: behind its last brace, or its quote outside of braces."""
    depth = 0
    for found in re.finditer(r"\\.|[{}\"]", written[start:], re.DOTALL):
        mark = found.group()
        if mark == end and depth == 0 and (end == "}" or _ends(written, start + found.end())):
            return start + found.end()
        depth += (mark == "{") - (mark == "}")
    return len(written) + 1


def _ends(written: str, at: int) -> bool:
    """Whether a quote stands at the end of a piece, and not in the midst of a title that quotes somebody."""
    return re.match(r"\s*(?:$|#|,?\s*[A-Za-z][\w-]{0,40}\s*=)", written[at : at + 200]) is not None


def _name(written: str) -> str:
    """A name as Unicode; one in braces of its own is a body's."""
    written = written.strip()
    whole = written.startswith("{") and _closed(written, 1, "}") == len(written) and "\\" not in written[:2]
    name = as_unicode(written)
    return Body(name) if whole and braced(name) else name


def _flat(value: str) -> str:
    return " ".join(re.sub(r"\s[Aa][Nn][Dd]\s", " and ", f" {value} ").split())
