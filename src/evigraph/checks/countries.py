"""Countries that are none: codes and values of attributes whose role is country, held to ISO 3166-1.

`countries.tsv` has the codes of ISO 3166-1 with the names of each country, in English, French and Spanish, of the
Unicode CLDR and the United Nations, from github.com/datasets/country-codes (PDDL), with usual other names and parts
added; the last line has regions. A code that is another area passes with a `closeMatch`, a `note` or a `broader`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from evigraph import data
from evigraph.data import Attribute, Document
from evigraph.data.code_words import is_deprecated, word

Row = tuple[str, str, str]
"""A record's IRI, a key, and what is wrong."""

AUTHORITY = "http://publications.europa.eu/resource/authority/country/"
"""The EU's table of countries, by the three letters of ISO 3166-1."""
FORMER = frozenset({"1A0", "ANT", "CSK", "DDR", "EUR", "SCG", "SUN", "YUG"})
"""What that table has besides: Kosovo by its own code, the European Union, and states that are no more."""
SEVERAL = re.compile(
    r"\b(multi\w*|several|various|many|inter(national)?|cross|global\w*|world\w*|online|any|all|other|un(clear|known)|no[tn]?e?|na"
    r"|\d+)\b"
)
"""Words of values that aren't one country's."""
LANGUAGES = ("", "en", "fr", "es")
"""The languages whose names of countries the table has; a review in another is held to codes alone."""
NEAR = 68
"""How alike a name and a country's have to be, of 100, to be suggested."""


def violations(documents: list[Document]) -> Iterator[Row]:
    """Codes, texts and IRIs of country attributes that name no country: the record's IRI, the key and the mend."""
    rules = {r.key: r for r in data.vocabulary(documents).attributes.values() if r.record.get("role") == "country"}
    if not rules:
        return
    base = data.base(documents)
    language = next(str(each.content.get("language", "")) for each in documents if each.name == "review")
    named = language.lower().partition("-")[0] in LANGUAGES
    codes = {code for rule in rules.values() for code in rule.labels}
    for document in documents:
        for _, node in data.nodes(document.content):
            if named and node["id"] in codes and (fault := _code_fault(node)):
                yield base + node["id"], "label", fault
            if node["type"] == "Characteristic" and node.get("attribute") in rules:
                for key, fault in _value_faults(node, rules[node["attribute"]], named):
                    yield base + node["id"], key, fault


def _code_fault(code: dict[str, Any]) -> str:
    names = [str(code.get("label", "")), *code.get("altLabels", [])]
    vouched = {"closeMatch", "note", "broader"} & set(code)
    return "" if vouched or is_deprecated(code) or any(map(_is_place, names)) else _told(names[0])


def _value_faults(value: dict[str, Any], rule: Attribute, named: bool) -> Iterator[tuple[str, str]]:
    concept, text = str(value.get("concept", "")), value.get("text")
    letters = concept.removeprefix(AUTHORITY)
    if concept.startswith(AUTHORITY) and letters not in FORMER and letters not in _table()[1]:
        yield "concept", f"`{letters}` is no country of ISO 3166-1; write its three letters, such as KEN for Kenya"
    # Where the attribute has codes, `declared_values` names the nearest of these.
    if named and text is not None and not concept and not rule.labels and not _is_place(str(text)):
        yield "text", _told(str(text))


def _told(name: str) -> str:
    from rapidfuzz import fuzz, process

    names = _table()[0]
    near = process.extractOne(_folded(name), names.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
    mend = f"did you mean `{names[near[0]]}`?" if near else "mend it, or say in its `note` what area it is"
    return f"`{name}` is no country of ISO 3166-1; {mend}"


def _is_place(text: str) -> bool:
    """Whether a text names a country or a region, alone or among others, or says that there is not one."""
    names, letters = _table()
    plain = _folded(text)
    parts = [plain, *(part.strip() for part in re.split(r"[;,/&+()|:]| and | y | et ", plain))]
    return any(each in names or each.upper() in letters for each in parts if each) or SEVERAL.search(plain) is not None


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
    return word("".join(c for c in plain if not unicodedata.combining(c))).removeprefix("the ")


@cache
def _table() -> tuple[dict[str, str], frozenset[str]]:
    """Every name of a country or region, as it is compared, with how it is written; and the codes of countries."""
    names: dict[str, str] = {}
    letters: set[str] = set()
    for line in Path(__file__).with_name("countries.tsv").read_text("utf-8").splitlines()[1:]:
        two, three, called = line.split("\t")
        letters |= {two, three} - {""}
        for name in called.split("|"):
            names.setdefault(_folded(name), name)
    return names, frozenset(letters)
