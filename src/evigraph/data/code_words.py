"""The words that mean a code, and the codes that other codes were replaced by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any


def word(text: object) -> str:
    """A word as codes are compared: small letters, with hyphens as blanks; `C` and `C++` stay apart."""
    plain = re.sub(r"[-_\u2010-\u2015]+", " ", unicodedata.normalize("NFKC", str(text)).casefold())
    return " ".join(plain.split()).rstrip(".,:; ")


def words(items: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Every word that means a code, with the code's id; a label goes before another code's other labels.

    A word of a deprecated code means the one that replaced it. A split one means itself still; a check tells.
    """
    listed = sorted(items, key=is_deprecated)
    known = {each["id"]: each for each in listed}
    found: dict[str, str] = {}
    for names in (_labels, _others):
        for each in listed:
            for name in names(each):
                found.setdefault(word(name), replaced(each["id"], known))
    found.pop("", None)
    return found


def is_deprecated(item: dict[str, Any]) -> bool:
    """Whether a code is kept as a tombstone alone."""
    return item.get("deprecated") == "true"


def replaced(identity: str, known: dict[str, dict[str, Any]]) -> str:
    """The code that stands for a code by now, over however many merges; itself where it wasn't replaced by one."""
    seen: set[str] = set()
    while identity not in seen:
        seen.add(identity)
        successors = known[identity].get("replacedBy", []) if is_deprecated(known[identity]) else []
        if len(successors) != 1 or successors[0] not in known:
            break
        identity = successors[0]
    return identity


def _labels(item: dict[str, Any]) -> Iterator[str]:
    yield from (str(item.get("label", "")), str(item.get("notation", "")), str(item["id"]))


def _others(item: dict[str, Any]) -> Iterator[str]:
    yield str(item["id"]).rpartition("/")[2]
    yield from item.get("altLabels", [])
    yield from item.get("labelIn", {}).values()
    yield from (text for texts in item.get("altLabelsIn", {}).values() for text in texts)


def scale_words(codes: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Every word for a code of a scale; labels go before other labels."""
    listed = list(codes)
    found: dict[str, str] = {}
    for each in listed:
        found.setdefault(_plain(each["label"]), each["id"])
    for each in listed:
        for name in (*each.get("altLabels", []), each.get("notation", ""), each["id"].rpartition("/")[2]):
            found.setdefault(_plain(name), each["id"])
    found.pop("", None)
    return found


def code_of(words: dict[str, str], text: str) -> tuple[str | None, str]:
    """The code that a cell means, and what it says after a colon or in parentheses as the support."""
    plain = _plain(text)
    for each in (plain, re.sub(r" (?:risk of bias|risk|concerns?)$", "", plain)):
        if each in words:
            return words[each], ""
    for pattern in (r"(?s)(.+?)\s*:\s+(.+)", r"(?s)(.+?)\s*\((.+)\)"):
        found = re.fullmatch(pattern, text.strip())
        code = code_of(words, found.group(1))[0] if found else None
        if found and code:
            return code, found.group(2).strip() if re.search(r"\w", found.group(2)) else ""
    return None, ""


def _plain(text: object) -> str:
    return word(str(text).replace("\u2019", "'"))
