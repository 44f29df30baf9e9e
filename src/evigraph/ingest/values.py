"""Single values as they are kept: titles, names, years and identifiers, freed of what exporters wrap around them."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import unquote

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>]+")
_TAG = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|p|br|span|inf|scp|jats:[a-z]+|mml:[a-z]+|title|sc)\b[^<>]*>", re.IGNORECASE
)
_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.?[- ]?){1,4}")
_CORPORATE = re.compile(
    r"\b(?:organi[sz]ation|group|committee|universit\w+|institut\w*|association|agency|consortium|council|ministry|"
    r"department|collaborat\w+|foundation|society|network|commission|cent(?:er|re)|team|oecd|unesco|cedefop)\b",
    re.IGNORECASE,
)


def plain(value: object) -> str:
    """A value as plain text on one line: no markup, no character references, no spreadsheet guard (`="…"`)."""
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
    if "%2" in text:
        text = unquote(text)
    found = _DOI.search(text)
    if found is None:
        return None
    name = re.split(
        r"(?:\s|\[doi\]|;jsessionid|[?&](?:utm_|via=|casa_|src=|urlappend)|#|,10\.\d{4}|;10\.\d{4}|;\s*http)",
        found.group(),
    )[0]
    while name and (name[-1] in ".,;:'\"\u201d\u2019>|*" or _unpaired(name)):
        name = name[:-1]
    name = re.sub(r"/(?:abstract|full|pdf|epdf|fulltext|meta|html)$", "", name, flags=re.IGNORECASE)
    return name if "/" in name and not name.endswith("/") else None


def _unpaired(name: str) -> bool:
    return any(name.endswith(end) and name.count(start) < name.count(end) for start, end in ("()", "[]", "{}"))


def year(value: object) -> int | None:
    """The first year from 1400 to 2099 in a value."""
    found = re.search(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)", plain(value)) or re.match(
        r"(1[89]\d\d|20\d\d)(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?$", plain(value)
    )
    return int(found.group(1)) if found else None


def pmid(value: object) -> str | None:
    """A PubMed identifier: up to nine digits."""
    found = re.fullmatch(
        r"(?:.*pubmed[^\d]*|pmid:?\s*|MEDLINE:\s*)?(\d{1,9})(?:\.0|\s.*|/)?", plain(value), re.IGNORECASE
    )
    return str(int(found.group(1))) if found and int(found.group(1)) else None


def eric(value: object) -> str | None:
    """An ERIC accession number: EJ or ED and digits."""
    found = re.search(r"\bE[JD]\d{5,8}\b", plain(value).upper())
    return found.group() if found else None


def openalex(value: object) -> str | None:
    """An OpenAlex work identifier: W and digits."""
    found = re.search(r"(?:openalex\.org/|^)(W\d{3,12})\b", plain(value), re.IGNORECASE)
    return found.group(1).upper() if found else None


def url(value: object) -> str | None:
    """An address of the web; anything else, such as `javascript:`, is none."""
    text = plain(value)
    found = re.search(r"https?://[^\s\"<>{}|\\^`]+", text, re.IGNORECASE)
    return found.group() if found else None


def title(value: object) -> str | None:
    """A title as plain text."""
    return plain(value).strip('"“”') or None if plain(value).strip(". ") else None


def text(value: object) -> str | None:
    """Any other text, or nothing."""
    return plain(value) or None


def names(values: list[object]) -> list[str]:
    """Persons and bodies, one each; a value that holds several is taken apart."""
    found = [plain(value) for value in values]
    if len(found) == 1:
        found = _apart(found[0])
    cleaned = (re.sub(r"\s*\((?:\d{6,}|[0-9X-]{15,})\)|^\W*and\s+|[*†‡§]", "", name).strip(" ;,") for name in found)
    return [
        name for name in cleaned if name and name.casefold() not in {"et al", "et al.", "others", "anonymous", "n/a"}
    ]


def person(name: dict[str, Any]) -> str:
    """A name in parts, as CSL and Crossref write it, as `family, given`; a body keeps its name."""
    for key in ("literal", "name", "display_name"):
        if name.get(key):
            return plain(name[key])
    particle = plain(name.get("non-dropping-particle"))
    surname = f"{particle} {plain(name.get('family'))}".strip()
    return ", ".join(part for part in (surname, plain(name.get("given"))) if part)


def _apart(line: str) -> list[str]:
    for separator in (r"\s*;\s*", r"\s*\|\s*", r"\s*//\s*", r",?\s+(?:and|&)\s+(?=[^,]+,)", r"\s+and\s+"):
        parts = [part for part in re.split(separator, line) if part]
        if len(parts) > 1 and not (separator == r"\s+and\s+" and _CORPORATE.search(line)):
            return [
                each for part in parts for each in (_apart_at_commas(part) if separator.endswith(r"\s+") else [part])
            ]
    return _apart_at_commas(line)


def _apart_at_commas(line: str) -> list[str]:
    parts = [part.strip() for part in line.rstrip(". ").split(",") if part.strip()]
    if len(parts) < 2 or _CORPORATE.search(line):
        return [line]
    if all(_INITIALS.fullmatch(part.split()[-1]) and " " in part for part in parts):
        return parts  # Smith J, Doe AB
    if all(re.match(r"(?:[A-Z]\.?){1,3} \w", part) for part in parts):
        return parts  # J Smith, AB Doe
    if len(parts) > 2 and len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if len(parts) > 2 and all(" " in part for part in parts):
        return parts  # Jane Smith, John Doe, Ann Lee
    return [line]


def family(name: str) -> str:
    """The family name of a person, or the whole name of a body."""
    if "," in name:
        return name.partition(",")[0].strip()
    words = name.split()
    if len(words) < 2 or len(words) > 5 or _CORPORATE.search(name):
        return name
    if _INITIALS.fullmatch(words[-1]):
        return " ".join(words[:-1])  # as MEDLINE writes them: Smith JA
    start = next(
        (i for i, word in enumerate(words[1:-1], 1) if word in {"van", "von", "de", "der", "da", "di", "del"}), -1
    )
    return " ".join(words[start:])
