"""Which studies several reviews have in common: by identifiers, by registration numbers, else by what matching says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evigraph.data import Document, included
from evigraph.matching import duplicates, identifiers

Key = tuple[str, str]
"""A study of a review: the review's name, and the study's id."""

_REGISTRATION = re.compile(
    r"\b(?:NCT[ -]?\d{8}|ISRCTN[ -]?\d{8}|ACTRN[ -]?\d{14}|ChiCTR[-\w]{6,20}|CTRI/\d{4}/\d{2,3}/\d{6}|DRKS[ -]?\d{8}|"
    r"EUCTR ?\d{4}-\d{6}-\d{2}|IRCT[ -]?\d{8,16}N?\d*|jRCT\w?\d{9,11}|JPRN-\w+|KCT[ -]?\d{7}|LBCTR[ -]?\d{10}|"
    r"(?:NL|NTR ?)\d{4}|PACTR[ -]?\d{15,16}|RBR-\w{6}|RPCEC[ -]?\d{8}|SLCTR/\d{4}/\d{3}|TCTR[ -]?\d{11}|"
    r"UMIN[ -]?\d{9})\b",
    re.IGNORECASE,
)
"""Numbers of the registers of WHO's International Clinical Trials Registry Platform."""
_SAID_OF_OTHERS = {"findings", "results", "appraisals", "inclusion", "statement", "note", "basis", "quote", "abstract"}
"""Keys below which a number may be that of another study."""

BESIDE = 40
"""So many letters beside a registration number, such as an address or the register's name, are no prose yet."""


@dataclass
class SharedStudy:
    """One study, and who has it.

    Attributes:
        label: what the first of the reviews calls it. members: the keys of the review's studies that are this one, by
        the review's name. same_by: what tells that they are one, each reason once.
    """

    label: str
    members: dict[str, list[str]] = field(default_factory=dict)
    same_by: list[str] = field(default_factory=list)


def shared_studies(reviews: dict[str, list[Document]]) -> list[SharedStudy]:
    """Every included study of these reviews, each once, in the order in which the reviews have them.

    Two studies are one if reports of theirs are one publication, or a registration number is the same.
    """
    studies = {
        (review, document.content["id"]): document.content
        for review, documents in reviews.items()
        for document in documents
        if document.name.startswith("studies/") and included(document.content)
    }
    parent = {key: key for key in studies}
    reasons: dict[Key, list[str]] = {key: [] for key in studies}
    for first, second, reason in [*_by_reports(reviews, studies), *_by_registration(studies)]:
        a, b = _root(parent, first), _root(parent, second)
        parent[b] = a
        reasons[second].append(reason)
    found: dict[Key, SharedStudy] = {}
    for (review, identity), content in studies.items():
        root = _root(parent, (review, identity))
        study = found.setdefault(root, SharedStudy(str(content.get("label") or identity)))
        study.members.setdefault(review, []).append(identity.removeprefix("study/"))
        study.same_by += [reason for reason in reasons[review, identity] if reason not in study.same_by]
    return list(found.values())


def _root(parent: dict[Key, Key], key: Key) -> Key:
    while parent[key] != key:
        parent[key] = parent[parent[key]]
        key = parent[key]
    return key


def _by_reports(
    reviews: dict[str, list[Document]], studies: dict[Key, dict[str, Any]]
) -> Iterator[tuple[Key, Key, str]]:
    """Pairs of studies whose reports are one publication; each review is compared with all before it."""
    known: list[dict[str, Any]] = []
    holder: dict[str, Key] = {}
    for review, documents in reviews.items():
        told = _identified(documents)
        new = []
        for key, content in studies.items():
            for report in content.get("reports", []) if key[0] == review else ():
                item = {**told.get(report["id"], {}), **report, "id": f"{review}\x1f{report['id']}"}
                holder[item["id"]] = key
                new.append(item)
        for match in duplicates.matches(new, known):
            first, second = holder[match.other], holder[match.record]
            # What merely looks alike within one review was kept apart by whoever made it.
            identified = match.basis.startswith(tuple(f"the same {kind}, " for kind in identifiers.KINDS))
            if first != second and (first[0] != second[0] or identified):
                sure = "" if match.score == 1 else f" ({match.score:.2f})"
                yield first, second, f"{match.basis}{sure}"
        known += new


def _identified(documents: list[Document]) -> dict[str, dict[str, Any]]:
    """The identifiers that search hits give to the report which they are of."""
    found: dict[str, dict[str, Any]] = {}
    for document in documents:
        for record in document.content.get("records", []) if document.name.startswith("records/") else ():
            for report in {record.get("identifies"), record.get("duplicateOf")} - {None}:
                told = {kind: record[kind] for kind in identifiers.KINDS if kind in record}
                found[report] = {**told, **found.get(report, {})}
    return found


def _by_registration(studies: dict[Key, dict[str, Any]]) -> Iterator[tuple[Key, Key, str]]:
    """Pairs of studies of two reviews with the same number of a register."""
    first: dict[str, Key] = {}
    for key, content in studies.items():
        for number in sorted(set(_registrations(content))):
            other = first.setdefault(number, key)
            if other[0] != key[0]:
                yield other, key, f"the same registration number, {number}"


def _registrations(value: Any, report: bool = False) -> Iterator[str]:
    """The registration numbers that a study, or a report of it, has as its own.

    A longer text that isn't of a report may name the numbers of others.
    """
    if isinstance(value, dict):
        for key, each in value.items():
            if key not in _SAID_OF_OTHERS:
                yield from _registrations(each, report or key == "reports")
    elif isinstance(value, list):
        for each in value:
            yield from _registrations(each, report)
    elif isinstance(value, str) and (report or len(_REGISTRATION.sub("", value)) <= BESIDE):
        for number in _REGISTRATION.findall(value):
            yield re.sub(r"(?<=[A-Z])[ -](?=\d)", "", number.upper())
