"""Names of persons and bodies: told apart where one value holds several, and the family name of the first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evigraph.ingest.fields.suffixes import SUFFIX, suffixed
from evigraph.ingest.fields.values import plain

_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.?[- ]?){1,4}")
_CORPORATE = re.compile(
    r"\b(?:organi[sz]ations?|groups?|committee|universit\w+|institut\w*|associations?|agency|consortium|council|"
    r"minist\w+|department|collaborat\w+|foundation|society|network|commission|cent(?:er|re)s?|team|authority|"
    r"office|board|bureau|college|federation|alliance|observatory|investigators?|trialists|programme|program|"
    r"initiative|task force|working party|academ\w+|bundes\w+|gesellschaft|verband|oecd|unesco|unicef|cedefop|"
    r"contributors|inc|ltd|llc|gmbh)\b",
    re.IGNORECASE,
)
_SMALL_WORD = re.compile(r"\s(?:of|for|on|the|für|pour)\s")
_PARTICLES = frozenset(
    {"van", "von", "de", "der", "den", "da", "di", "del", "della", "dos", "das", "du", "la", "le", "ter", "ten", "zu"}
    | {"zur", "af", "av", "bin", "ibn", "al", "el", "dit", "y", "e"}
)
_GIVEN_PAIRS = frozenset(["mar", "carmen", "pilar", "rosario", "rocío"])
"""What follows `del` or `de` in a Spanish given name, such as María del Mar."""
_NOBODY = re.compile(
    r"\W*(?:et al|others|anonymous|anon|no authors?(?: names?)?(?: (?:available|listed|given))?|n/?a|none|null|nan|"
    r"not available|unknown)?\W*",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\s*(?:\((?:\d{6,}|[0-9X-]{15,}|eds?\.?|editors?)\)|\[(?:[^\[\]]*(?:author|inventor|editor)[^\[\]]*)\])|[*†‡§]",
    re.IGNORECASE,
)
_SUSPECT = re.compile(r"[\d()\[\]*†‡§+;]|^\W*and\s|,\s*$|\bet al\b|[a-z]{4}\.$|\s\s|^\W|[^\w.][\s,]*$", re.IGNORECASE)
_LISTS = (r"\s*;\s*", r"\s*\|\s*", r"\s*//\s*", r",?\s+(?:and|&)\s+(?=[^,]{1,80},)", r",?\s+(?:and|&)\s+")
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?<!\bMc)(?<!\bMac)(?<!\b[DL][aei])(?<!\bVan)(?<!\bFitz)(?=[A-ZÀ-Þ][a-zà-ÿ]+[ .-])")
_LONGEST = 2_000
"""A longer value is no single name; it isn't looked at for how its names might be glued together."""


class Body(str):
    """The name of a body, such as an agency, which stays whole."""

    __slots__ = ()


@dataclass(frozen=True)
class Style:
    """How a file writes names.

    Attributes:
        inverted: most are `family, given`, so that a name without a comma is a body. listed: commas part persons.
        family_first: `family given`, without a comma.
    """

    inverted: bool = False
    listed: bool = False
    family_first: bool = False


def style(values: Iterable[list[object]], order: str = "") -> Style:
    """The style that the author fields of a file have in common; `order` is `family-first` where a recipe knows it."""
    inverted = total = listed = 0
    for found in values:
        for value in found[:20]:
            text = plain(value) if not isinstance(value, Body | dict) else ""
            parts = text[:_LONGEST].split(";") if ";" in text else [text]
            single = [part for part in parts if part.count(",") < 2 and " " in part.strip()]
            inverted += sum("," in part for part in single)
            total += len(single)
            listed += len(parts) == 1 and text.count(",") > 1 and len(_apart_at_commas(text)) > 2
    return Style(not listed and total > 1 and inverted >= 0.8 * total, listed > 0, order == "family-first")


def names(values: list[object], style: Style | None = None) -> list[str]:
    """Persons and bodies, one each; a value that holds several is taken apart."""
    style = style or Style()
    found: list[str] = []
    for value in values:
        if isinstance(value, Body):
            found.append(value)
        else:
            found += _several(plain(value), len(values) == 1, style)
    cleaned = [_cleaned(name) for name in found]
    kept = [name for name in cleaned if not _NOBODY.fullmatch(name)]
    if style.family_first:
        return [_parted(name, style) for name in kept]
    others = sum("," in name for name in kept)
    if style.inverted or (others and others == len(kept) - 1):
        return [name if "," in name or _ends_in_initials(name) or " " not in name else Body(name) for name in kept]
    # What is kept tells the family name by itself, whoever reads it.
    return [family_before(name) for name in kept] if style.family_first else kept


def _parted(name: str, style: Style) -> str:
    """A name whose family stands first without a comma, with one: nobody else knows the order of a file's names."""
    first = family(name, style)
    given = name[len(first) :].strip()
    return name if "," in name or not given or not name.startswith(first) else f"{first}, {given}"


def _cleaned(name: str) -> str:
    if not _SUSPECT.search(name) and not isinstance(name, Body):
        return suffixed(name.strip())
    bare = " ".join(re.sub(r"^\W*and\s+", "", _ROLE.sub("", name)).split())
    # EndNote marks a body by a comma at its end.
    body = isinstance(name, Body) or (bare.endswith(",") and " " in bare)
    bare = re.sub(r"\s0\d{3}$", "", bare)  # dblp tells namesakes apart so
    if "," in bare and not is_body(bare):
        bare = re.sub(r"\s+(?:\d{1,2}|\+)$", "", bare)  # the number of an address
    bare = re.sub(r",? et al\.?$|(?<=[a-z]{4})\.$", "", bare.strip(" ;,")).strip(" ;,")
    return Body(bare) if body else suffixed(bare)


def _several(text: str, alone: bool, style: Style) -> list[str]:
    if re.fullmatch(r"\[\s*['\"].*['\"]\s*\]", text):  # a list as Python writes it
        quoted = re.findall(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", text)
        return [single or double for single, double in quoted]
    text = _ROLE.sub("", text) if "[" in text else text
    if alone:
        return _apart(text, style)
    return [part for part in text.split(";") if part.strip()] if ";" in text else [text]


def person(name: dict[str, Any]) -> str:
    """A name in parts, as CSL, Crossref and their like write it, as `family, given`; a body keeps its name."""
    body = name.get("literal") or name.get("organization") or ("sequence" in name and name.get("name"))
    if body and not name.get("family"):
        return Body(plain(body))
    for key in ("name", "display_name", "full_name", "fullName", "authname", "text", "ce:indexed-name"):
        if name.get(key):
            return plain(name[key])
    if name.get("nameType") == "Organizational" and name.get("name"):
        return Body(plain(name["name"]))
    particle = plain(name.get("non-dropping-particle"))
    last = next((name[k] for k in ("family", "last_name", "lastName", "lastname") if name.get(k)), "")
    first = next((name[k] for k in ("given", "first_name", "firstName", "firstname", "initials") if name.get(k)), "")
    suffix = plain(name.get("suffix")) if last and first else ""
    return ", ".join(part for part in (f"{particle} {plain(last)}".strip(), plain(first), suffix) if part)


def _apart(line: str, style: Style) -> list[str]:
    for separator in _LISTS:
        parts = [part for part in re.split(separator, line) if part.strip(" ,")]
        word = "and" in separator
        if len(parts) > 1 and not (word and corporate(line)):
            return [each for part in parts for each in (_apart_at_commas(part, style) if word else [part])]
    return _apart_at_commas(line, style)


def corporate(line: str) -> bool:
    """Whether a line has a word that only the name of a body has."""
    return bool(_CORPORATE.search(line) or _SMALL_WORD.search(line))


def _apart_at_commas(line: str, style: Style | None = None) -> list[str]:
    bare = line if line.count(".") > 1 else line.rstrip(". ")
    parts = [part.strip() for part in bare.split(",") if part.strip(" .…")]
    if len(parts) < 2:
        return _GLUED.split(line) if len(line) < _LONGEST and not is_body(line) else [line]
    if len(parts) < 6 and corporate(line):
        return [line]
    if all(_INITIALS.fullmatch(part.split()[-1]) and " " in part for part in parts):
        return parts  # Smith J, Doe AB
    if all(re.match(r"(?:[A-Z]\.?[- ]?){1,3} ?\w", part) and " " in part for part in parts):
        return parts  # J Smith, AB Doe
    if len(parts) > 2 and len(parts) % 2 == 0 and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if all(" " in part for part in parts) and (len(parts) > 2 or (style and style.listed)):
        return parts  # Jane Smith, John Doe, Ann Lee
    return [line]


def is_body(name: str) -> bool:
    """Whether a name is that of a body, by what it says."""
    if isinstance(name, Body):
        return True
    words = name.split()
    joined = {"and", "&"} & set(words)
    return corporate(name) or bool(joined) or (len(words) > 2 and words[-1][:1].islower())


def _ends_in_initials(name: str) -> bool:
    words = [word for word in name.split() if not SUFFIX.fullmatch(word)]
    return len(words) > 1 and bool(_INITIALS.fullmatch(words[-1]))


def family(name: str, style: Style | None = None) -> str:
    """The family name of a person, or the whole name of a body."""
    if "," in name and not isinstance(name, Body):
        before = name.partition(",")[0].strip()
        return name if " " in before and is_body(before) else before
    words = name.split()
    if isinstance(name, Body) or len(words) < 2 or is_body(name):
        return name
    words = [word for word in words if not SUFFIX.fullmatch(word)] or words
    if style and style.family_first:
        return " ".join(words[: 1 + next((i for i, word in enumerate(words) if word.lower() not in _PARTICLES), 0)])
    if len(words) > 1 and _INITIALS.fullmatch(words[-1]):
        while len(words) > 1 and _INITIALS.fullmatch(words[-1]):
            words.pop()  # as MEDLINE writes them: Smith JA
        return " ".join(words)
    if len(words) > 5 and not _PARTICLES & set(words):
        return name
    return " ".join(words[_where_family_starts(words) :])


def family_before(name: str) -> str:
    """A person's name that a file writes as `family given`, as `family, given`; a body keeps its name."""
    if "," in name or isinstance(name, Body) or is_body(name):
        return name
    before = family(name, Style(family_first=True))
    given = name.removeprefix(before).strip()
    return f"{before}, {given}" if given and given != name else name


def _where_family_starts(words: list[str]) -> int:
    for index, word in enumerate(words[1:-1], 1):
        if word in _PARTICLES and words[index + 1].casefold() not in _GIVEN_PAIRS:
            return index
    return -1
