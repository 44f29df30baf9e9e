"""A name in its parts: family name, given names, suffix; and which names are those of bodies."""

from __future__ import annotations

import re

from evigraph.ingest.fields.names import Body, corporate, family, is_body
from evigraph.ingest.fields.suffixes import SUFFIX, suffixed


def split(name: str) -> tuple[str, str, str]:
    """Family name, given names and suffix of a person; of a body the whole name."""
    if isinstance(name, Body):
        return name, "", ""
    before, comma, given = suffixed(name).partition(",")
    if comma and given.strip():
        if name.count(",") and is_body(name) and (" " in before or _joined(name)):
            return name, "", ""
        parts = [part.strip() for part in given.rpartition(",")]
        if SUFFIX.fullmatch(parts[2]) and parts[0]:
            return before.strip(), parts[0], parts[2]
        words = given.split()
        if len(words) > 1 and SUFFIX.fullmatch(words[-1]):
            return before.strip(), " ".join(words[:-1]), words[-1]
        return before.strip(), given.strip(), ""
    words = name.split()
    suffix = words[-1] if len(words) > 2 and SUFFIX.fullmatch(words[-1]) and not is_body(name) else ""
    name = " ".join(words[:-1]) if suffix else name
    last = family(name)
    return last, (name.removeprefix(last) if name.startswith(last) else name.removesuffix(last)).strip(), suffix


def looks_a_person(name: str) -> bool:
    """Whether the name of a body would be taken for that of a person, if nobody said it."""
    return isinstance(name, Body) and split(str(name))[1] != ""


def braced(name: str) -> bool:
    """Whether what stands in braces of its own is a body: `{Seals, Stamps and Company}`, but not `{Doe, Jane}`."""
    if "," not in name:
        return " " in name
    last = re.split(r"\s(?:and|&)\s", name)[-1]
    return corporate(name) or (last != name and "," not in last)


def _joined(name: str) -> bool:
    return bool({"and", "&"} & set(name.split()))
