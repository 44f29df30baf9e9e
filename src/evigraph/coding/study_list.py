"""The studies of a review as a list to code: what is coded of each, and what waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evigraph import data
from evigraph.data import Document
from evigraph.data.code_words import word
from evigraph.data.values import LONG

STATES = {"not-coded": "not coded yet", "waits": "coded in part", "coded": "coded"}
"""How far a study is coded; one that waits lacks an attribute that the codebook requires."""


@dataclass(frozen=True)
class Entry:
    """A study in the list.

    Attributes:
        key: of the study. label, title: of it and of its first report. state: one of `STATES`. included: whether it
        counts. lacking: the labels of required attributes that it has no value of. attributes: those that it has.
        words: all that it is found by.
    """

    key: str
    label: str
    title: str
    state: str
    included: bool
    lacking: tuple[str, ...]
    attributes: frozenset[str]
    words: str


def listed(documents: list[Document]) -> list[Entry]:
    """Every study, by its label."""
    attributes = data.vocabulary(documents).attributes
    required = {
        key: str(rule.record.get("label", key))
        for key, rule in attributes.items()
        if rule.required and "study" in rule.record.get("appliesTo", [])
    }
    found = [_entry(each, required) for each in documents if each.name.startswith("studies/")]
    return sorted(found, key=lambda entry: (entry.label.casefold(), entry.key))


def _entry(document: Document, required: dict[str, str]) -> Entry:
    study = document.content
    reports = study.get("reports", [])
    coded = frozenset(each["attribute"] for each in study.get(LONG, []))
    lacking = tuple(label for key, label in required.items() if key not in coded)
    begun = bool(coded or study.get("findings"))
    told = [str(each.get(key, "")) for each in reports for key in ("title", "authors", "year", "doi")]
    label = str(study.get("label", study["id"]))
    return Entry(
        document.name.removeprefix("studies/"),
        label,
        str(reports[0].get("title", "")) if reports else "",
        "not-coded" if not begun else "waits" if lacking else "coded",
        data.included(study),
        lacking,
        coded,
        word(" ".join([study["id"], label, *told, *study.get("identifiers", [])])),
    )


def sought(entries: Iterable[Entry], text: str = "", state: str = "", attribute: str = "") -> list[Entry]:
    """The entries with all words of a text, in that state, that have no value yet of that attribute."""
    words = word(text).split()
    return [
        each
        for each in entries
        if all(part in each.words for part in words)
        and state in ("", each.state)
        and (not attribute or attribute not in each.attributes)
    ]
