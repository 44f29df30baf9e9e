"""Single values as they are kept: titles, years and identifiers, freed of what exporters wrap around them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/(?:[^\s\"<>]|<[^\s\"<>/]{1,60}:[^\s\"<>/]{0,60}>)+")
"""A DOI; those of the old SICI kind have angle brackets, with a colon inside."""
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_DATE = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?(?!\d)")
_ERROR = re.compile(
    r"#(?:N/?A|NV|DIV/0!|GETTING_DATA|(?:[¡¿]?(?:REF|NAME|VALUE|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|ERROR|UNKNOWN|"
    r"BEZUG|WERT|ZAHL|NOM|NOMBRE|NOME|VALEUR|VALOR|VALORE|RIF))[!?])|Err:\d{3}"
)
_PMID = re.compile(r"(?:.*pubmed[^\d]*|pmid[:_\s-]*|MEDLINE:\s*)?(\d{1,9})(?:\.0|\s.*|/)?", re.IGNORECASE)
_ISBN = re.compile(r"(?<![\dXx-])(?:97[89][- ]?)?\d(?:[- ]?\d){8}[- ]?[\dXx](?![\dXx])")
_BETWEEN = re.compile(r"-{2,3}|\s?[\u2010-\u2015\u2212]+\s?")
"""What stands between two pages and in no page; a single hyphen may do both."""
_ERIC = re.compile(r"\bE[JD]\d{5,8}\b")
_OPENALEX = re.compile(r"(?:openalex\.org/|^)(W\d{3,12})\b", re.IGNORECASE)
_PMCID = re.compile(r"\bPMC ?(\d{3,9})\b|/pmc/articles/(\d{3,9})\b", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s\"<>{}|\\^`]+", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|p|br|span|inf|scp|jats:[a-z]+|mml:[a-z]+|title|sc)\b[^<>]*>", re.IGNORECASE
)


_WRAPPED = re.compile("[\x00-\x1f\x7f-\xa0\u200b\ufeff&<=]|\\s\\s")
"""What `plain` looks at more closely; most values have none of it, and a record has thirty."""
LONGEST = 400
"""How many characters an identifier may have; what is longer is none, and isn't searched."""

LONGEST_NAME = 100
"""How many characters the name of a database may have; what is longer is a remark."""


def plain(value: object) -> str:
    """A value as plain text on one line: no markup, no character references, no spreadsheet guard (`="…"`)."""
    if isinstance(value, str) and not _WRAPPED.search(value):
        return value.strip()
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if guarded := re.fullmatch(r'\s*="?(.*?)"?\s*', text, re.DOTALL):
        text = guarded.group(1).replace('""', '"') if '"' in text else text
    text = re.sub("[\x00-\x1f\x7f-\x9f\u200b\ufeff]", " ", text)
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub("", text)
    return " ".join(text.split())


def doi(value: object) -> str | None:
    """The DOI in a value: bare, as a URL, or among other words, without what trails it (DOI Handbook §2.2)."""
    text = plain(value)
    if "$" in text or "\\" in text or "{" in text:
        text = _untexed(text)
    if "%2" in text or "%3" in text or "%5" in text:
        text = unquote(text)
    found = _DOI.search(text)
    if found is None:
        return None
    name = re.split(
        r"(?:\s|\[doi\]|;jsessionid|[?&](?:utm_|via=|casa_|src=|urlappend)|#|,10\.\d{4}|;10\.\d{4}|;\s*http)",
        found.group()[:LONGEST],
    )[0]
    while name and (name[-1] in ".,;:'\"\u201d\u2019>|*" or _unpaired(name)):
        name = name[:-1]
    name = re.sub(r"/(?:abstract|full|pdf|epdf|fulltext|meta|html)$", "", name, flags=re.IGNORECASE)
    # What Cochrane's addresses hold is the number of its own record, registered with nobody.
    return name if "/" in name and not name.endswith("/") and not name.startswith("10.1002/central/") else None


_TEX = {r"\textless": "<", r"\textgreater": ">", r"\langle": "<", r"\rangle": ">", r"\lt": "<", r"\gt": ">"}


def _untexed(text: str) -> str:
    r"""A DOI without what TeX needs for it: `$<$`, `\textless{}`, `\_` and `{_}`."""
    text = re.sub(r"\\[a-z]+(?:\{\})?", lambda found: _TEX.get(found[0].removesuffix("{}"), found[0]), text)
    text = re.sub(r"\$\s*([<>_#&])\s*\$", r"\1", text)
    text = re.sub(r"\\([_%&#{}~$<>])", r"\1", text)
    return re.sub(r"\{([^{}\s]{0,3})\}", r"\1", text)


def _unpaired(name: str) -> bool:
    return any(name.endswith(end) and name.count(start) < name.count(end) for start, end in ("()", "[]", "{}"))


def year(value: object) -> int | None:
    """The first year from 1400 to 2099 in a value."""
    found = _YEAR.search(plain(value)) or _DATE.search(plain(value))
    return int(found.group(1)) if found else None


def pmid(value: object) -> str | None:
    """A PubMed identifier: up to nine digits."""
    found = _PMID.fullmatch(plain(value)[:LONGEST])
    return str(int(found.group(1))) if found and int(found.group(1)) else None


def pmcid(value: object) -> str | None:
    """A PubMed Central identifier: PMC and digits."""
    found = _PMCID.search(plain(value)[:LONGEST])
    return f"PMC{int(found[1] or found[2])}" if found else None


def eric(value: object) -> str | None:
    """An ERIC accession number: EJ or ED and digits."""
    found = _ERIC.search(plain(value).upper())
    return found.group() if found else None


def openalex(value: object) -> str | None:
    """An OpenAlex work identifier: W and digits."""
    found = _OPENALEX.search(plain(value))
    return found.group(1).upper() if found else None


def isbn(value: object) -> str | None:
    """An ISBN as it is written, of 10 or 13 digits; an ISSN is none."""
    found = _ISBN.search(plain(value)[:LONGEST])
    return found.group() if found and len(re.sub(r"[^\dXx]", "", found.group())) in (10, 13) else None


def pages(value: object) -> str | None:
    """Pages with one hyphen from the first to the last: `21--30`, `21 \u2013 30` and `S3-1--S3-9` are ranges."""
    text = plain(value)
    start, end = page_range(text)
    return (f"{start}\u2013{end}" if "-" in start + end else f"{start}-{end}") if end else text or None


def page_range(value: object) -> tuple[str, str]:
    """The first and the last page; where only one is told, or no range of two, it is the first."""
    text = plain(value)
    parts = [part.strip() for part in _BETWEEN.split(text)]
    if len(parts) != 2:
        parts = [part.strip() for part in re.split(r"\s-\s", text)]
    if len(parts) != 2:
        parts = [part.strip() for part in text.split("-")]
    if len(parts) == 4 and all(parts):
        parts = ["-".join(parts[:2]), "-".join(parts[2:])]  # S3-1-S3-9
    return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else (text, "")


def url(value: object) -> str | None:
    """An address of the web; anything else, such as `javascript:`, is none."""
    text = plain(value)
    found = _URL.search(text)
    return found.group() if found else None


def is_error(value: object) -> bool:
    """Whether a cell is what a spreadsheet shows instead of a value that it couldn't calculate, such as `#NAME?`."""
    return bool(_ERROR.fullmatch(str(value).strip()))


def title(value: object) -> str | None:
    """A title as plain text; a spreadsheet's error is none."""
    text = "" if is_error(value) else plain(value)
    whole = re.fullmatch(r"\"([^\"]*)\"", text)
    return (whole.group(1).strip() if whole else text) or None if text.strip(". ") else None


def text(value: object) -> str | None:
    """Any other text, or nothing."""
    return plain(value) or None


def database(value: object) -> str | None:
    """The name of a database or register, without the years that it covers; nothing where it only tells a DOI's."""
    text = re.sub(r"\s*<[^<>]*>|\s*\((?:19|20)\d\d\s*(?:-|to\b)[^()]*\)", "", plain(value)).strip(" .;,")
    if not text or len(text) > LONGEST_NAME or re.match(r"(?i)doi\.org\b|https?:|zotero$", text):
        return None
    return text


CLEANERS: dict[str, Callable[[object], Any]] = {
    **{"title": title, "year": year, "doi": doi, "pmid": pmid, "pmcid": pmcid, "eric": eric, "openalex": openalex},
    **{"url": url, "isbn": isbn, "pages": pages, "foundIn": database},
}
"""What frees the values of a key; all others are plain text."""
