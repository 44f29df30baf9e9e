"""BibTeX and BibLaTeX, parsed by bibtexparser; every entry is taken or named, whatever its key."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any

from bibtexparser.library import Library
from bibtexparser.middlewares import RemoveEnclosingMiddleware, ResolveStringReferencesMiddleware
from bibtexparser.middlewares.names import split_multiple_persons_names
from bibtexparser.model import Entry, ParsingFailedBlock, String
from bibtexparser.splitter import Splitter

from evigraph.ingest.model import Raw

_NO_ENTRY = r"(?!comment\b|string\b|preamble\b)"
_START = re.compile(rf"(?mi)^[ \t]*@{_NO_ENTRY}\w+[ \t]*[{{(]")
_INLINE = re.compile(rf"(?i)(?<=[}})])[ \t]*(?=@{_NO_ENTRY}[a-z]+[ \t]*\{{[ \t]*[^\s,={{}}]*,)")
_LITERAL = {"doi", "url", "file", "eprint", "pmid", "isbn", "issn", "link", "biburl"}


def read(text: str) -> tuple[list[Raw], list[str]]:
    """The entries of a text, and notes on what stands between them."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it can't read comes back as blocks
    text = re.sub(r"(?m)^[ \t]+(?=@)", "", _INLINE.sub("\n", text))
    entries: list[Entry] = []
    failed: list[Raw] = []
    strings: list[String] = []
    for block in Splitter(text).split().blocks:
        whole = getattr(block, "ignore_error_block", None) if isinstance(block, ParsingFailedBlock) else block
        if isinstance(whole, Entry):
            entries.append(Entry(whole.entry_type, f"{len(entries)}", whole.fields, whole.start_line, whole.raw))
            entries[-1].parser_metadata["key"] = whole.key
        elif isinstance(whole, String):
            strings.append(whole)
        elif isinstance(block, ParsingFailedBlock) and _START.match(block.raw or ""):
            failed.append(Raw((block.start_line or 0) + 1, problem=_why(block)))
    found = sorted([*_taken(entries, strings), *failed, *_unseen(text, entries, failed)], key=lambda raw: raw.line)
    return found, []


def _why(block: ParsingFailedBlock) -> str:
    reason = str(getattr(block.error, "abort_reason", "") or block.error).partition("\n")[0].strip(" .")
    return f"not BibTeX ({reason or 'an unclosed brace or quote'}); close its braces and quotes"


def _unseen(text: str, entries: list[Entry], failed: list[Raw]) -> list[Raw]:
    """Entries whose beginning stands in the text, and which the parser swallowed into another."""
    seen = {(entry.start_line or 0) + 1 for entry in entries} | {raw.line for raw in failed}
    starts = [text.count("\n", 0, found.start()) + 1 for found in _START.finditer(text)] if _START.search(text) else []
    reason = "it begins inside another entry, whose braces are not closed; close them"
    return [Raw(line, problem=reason) for line in starts if line not in seen]


def _taken(entries: list[Entry], strings: list[String]) -> list[Raw]:
    library = Library([*strings, *entries])
    for middleware in (ResolveStringReferencesMiddleware(True), RemoveEnclosingMiddleware(True)):
        library = middleware.transform(library)
    return [_raw(entry) for entry in library.entries]


def _raw(entry: Entry) -> Raw:
    fields: dict[str, Any] = {"@type": [entry.entry_type.lower()], "@key": [entry.parser_metadata.get("key", "")]}
    for field in entry.fields:
        name, value = field.key.lower(), str(field.value).strip()
        if name in {"author", "editor"}:
            values = [_latex(each) for each in split_multiple_persons_names(_flat(value))]
        elif name in _LITERAL:
            values = [re.sub(r"\\([_%&#{}~$])", r"\1", value).strip("{} ")]
        else:
            values = [_latex(value)]
        fields.setdefault(name, []).extend(each for each in values if each)
    return Raw((entry.start_line or 0) + 1, fields)


def _flat(value: str) -> str:
    return " ".join(value.replace(" AND ", " and ").split())


def _latex(value: str) -> str:
    """LaTeX as Unicode; what isn't LaTeX stays as it is."""
    value = " ".join(value.split())
    if "\\" in value or "$" in value:
        value = re.sub(r"(?<!\\)([%#&])", r"\\\1", value)
        value = str(_decoder().latex_to_text(value))
    return re.sub(r"(?<!\\)[{}]", "", value).replace("~", " ").replace("``", "“").replace("''", "”")


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)
