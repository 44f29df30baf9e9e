"""Of which study and which publication a row is, as far as its own cells tell."""

from __future__ import annotations

import re
from typing import Any

TELLING = {"title", "doi", "pmid", "pmcid", "eric", "openalex"}
"""The keys of a publication that tell it from another."""
IDENTIFIERS = ("doi", "pmid", "pmcid", "eric", "openalex")
"""Those of them that are made for it, best first."""


def cited(values: dict[str, Any], written: str) -> dict[str, Any]:
    """Authors written as a text cites them, `Smith & Doe` or `Smith et al. (2019)`, as names and a year."""
    text = re.sub(r"[\s,]*\(?((?:19|20)\d\d)[a-z]?\)?$", "", written)
    year = re.search(r"(?:19|20)\d\d", written[len(text) :])
    found = re.fullmatch(r"([^,;]+?),? et al\.?|([^\s,;&]+) (?:&|and|und|y|et) ([^\s,;&]+)", text)
    if found is None and text == written:
        return values
    names = [each for each in found.groups() if each] if found else [text]
    several = found is not None and found.group(1) is not None
    made = {**values, "authors": "; ".join(names) + (" et al." if several else ""), "firstAuthor": names[0]}
    made = {"year": int(year.group()), **made} if year else made
    return {**made, "authorCount": len(names)} if not several else {k: v for k, v in made.items() if k != "authorCount"}


def told_by(values: dict[str, Any]) -> str:
    """What tells a study apart where no column does: an identifier, a title with its year, or an author with one."""
    if found := next((f"{kind} {values[kind]}" for kind in IDENTIFIERS if kind in values), ""):
        return found
    name = values.get("title") or values.get("firstAuthor")
    return f"{name} {values.get('year', '')}".strip() if name else ""


def label_by(values: dict[str, Any]) -> str:
    """What such a study is called, until more is known of it."""
    if "title" in values or "doi" in values:
        return str(values.get("doi") or values["title"])
    found = next((f"{kind.upper()} {values[kind]}" for kind in IDENTIFIERS[1:] if kind in values), "")
    return found or told_by(values)
