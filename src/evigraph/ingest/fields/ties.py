"""What a database says of two publications: one retracts, doubts or corrects the other, or is a version of it.

Such a *tie* stays with its record as a line of its `note`, as `retraction of: J Learn. 2019;3(1):11. PMID: 912345`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from evigraph.ingest.fields.values import doi, plain, year

__all__ = ["NOTICES", "RELATIONS", "RETRACTED", "VERSION", "Tie", "kind", "note", "of", "read", "year"]

RETRACTED = "retracted article"
"""The kind of a publication that its database or its title calls retracted."""
NOTICES = ("retraction", "expression of concern", "correction")
"""The kinds of publications that are about another one, gravest first."""
VERSION = "version"
RELATIONS = (*(f"{kind} {way}" for kind in NOTICES for way in ("of", "in")), f"{VERSION} of")
"""How a recipe and a note say it: `retraction of` on the notice, `retraction in` on the article."""
_KINDS = {
    RETRACTED: "retracted publication|retracted article|retracted|withdrawn publication|withdrawn article",
    "retraction": "retraction|retraction of publication|retraction notice|retraction note|notice of retraction",
    "expression of concern": "expression of concern|expression_of_concern|editorial expression of concern",
    "correction": (
        "correction|correction, addition|published erratum|erratum|errata|corrigendum|corrigenda|addendum|"
        "correction notice"
    ),
}
_WORDS = {word: kind for kind, words in _KINDS.items() for word in words.split("|")}
_PART = re.compile(r"\s*[;|]\s*")
_PMID = re.compile(r"\bPMID:?\s*(\d{1,9})\b", re.IGNORECASE)
BETWEEN = " || "
"""What parts the ties in a note."""
MOST = 50
"""So many ties of one record are kept; what has more is a list of a journal's corrections."""
LONGEST = 500
"""So many characters of a source are kept."""


@dataclass(frozen=True)
class Tie:
    """What one publication is to another.

    Attributes:
        kind: one of `NOTICES`, or `VERSION`. way: `of`, where the other is the article; `in`, where it is the notice.
        text: how the other is told. ids: its identifiers as pairs of kind and value, folded.
    """

    kind: str
    way: str
    text: str
    ids: tuple[tuple[str, str], ...]


def kind(told: Iterable[object]) -> str:
    """The kind of a notice or of what was retracted, if any of a record's types of document says so."""
    parts = (part.casefold() for each in told if isinstance(each, str) for part in _PART.split(each[:LONGEST]))
    return next((_WORDS[part] for part in parts if part in _WORDS), "")


def note(relations: dict[str, list[str]], look: Callable[[str], list[Any]]) -> str:
    """The ties of a record as its note; empty where it has none."""
    lines = dict.fromkeys(
        f"{relation}: {text}"
        for relation in RELATIONS
        for name in relations.get(relation, ())
        for value in look(name)
        if (text := _text(value))
    )
    return BETWEEN.join(list(lines)[:MOST])


def of(note: str) -> str:
    """The kind of notice that a record is by what it is about; empty if it is none."""
    return next((tie.kind for tie in read(note) if tie.way == "of" and tie.kind in NOTICES), "")


def _text(value: Any) -> str:
    if isinstance(value, dict):  # of XML: where it stands, and its number
        source, number = (plain(value.get(key)) for key in ("source", "pmid"))
        return f"{source[:LONGEST]} PMID: {number}".strip() if number else source[:LONGEST]
    return "" if isinstance(value, list) else plain(value)[:LONGEST].replace("||", "|")


def read(text: object) -> Iterator[Tie]:
    """The ties in a note; other notes have none."""
    for line in str(text or "").split(BETWEEN):
        relation, colon, told = line.partition(": ")
        if colon and relation in RELATIONS:
            named, number = doi(told), _PMID.search(told)
            ids = [("doi", named.casefold())] if named else []
            ids += [("pmid", str(int(number[1])))] if number else []
            yield Tie(relation.rpartition(" ")[0], relation.rpartition(" ")[2], told, tuple(ids))
