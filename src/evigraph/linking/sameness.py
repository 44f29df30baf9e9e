"""What a person decides about records and studies: the same, distinct, reports of one study."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from evigraph import data, ontology
from evigraph.data import Document, quads
from evigraph.errors import UsageError
from evigraph.linking import parting
from evigraph.linking.revisions import BARE, Revision
from evigraph.matching.duplicates import Match


@dataclass(frozen=True)
class Reason:
    """Who decides, why and when.

    Attributes:
        because: why, or empty. who: the person, or empty. date: YYYY-MM-DD.
    """

    because: str = ""
    who: str = ""
    date: str = field(default_factory=lambda: datetime.datetime.now(datetime.UTC).date().isoformat())


def same(documents: list[Document], record: str, other: str, reason: Reason) -> Revision:
    """A record becomes a duplicate of another record or report; what duplicates it follows.

    Raises:
        UsageError: there is no such record, they are one already, or its study has been coded.
    """
    made = Revision(documents)
    held = made.record(record)
    first = made.first(other)
    if first in (record, held.get("duplicateOf"), held.get("identifies")):
        raise UsageError(f"{record} and {other} are one publication already", record)
    _settle(made, record, other)
    _judge(made, made.record(record), other, "same", reason)
    _follow(made, record, first)
    return made


def undetermined(made: Revision) -> set[str]:
    """The publications that may still become duplicates of others: nobody has coded them or decided about them."""
    found, identified = set(), set()
    for record in made.records():
        if "identifies" in record:
            identified.add(record["identifies"])
        elif not {"duplicateOf", "decisions"} & set(record):
            found.add(record["id"])
    for name in made.names("studies/"):
        content = made.content(name) or {}
        if set(content) <= BARE and len(content.get("reports", ())) == 1:
            found |= {report["id"] for report in content["reports"]} & identified
    return found


def absorb(made: Revision, match: Match) -> None:
    """A publication of the review becomes a duplicate of another, since a new record is like both."""
    record = match.record
    if record.startswith("report/"):
        record = next(each["id"] for each in made.records() if each.get("identifies") == record)
    _settle(made, record, match.other)
    held = made.record(record)
    kept = [each for each in held.get("matches", []) if each["comparedWith"] != match.compared]
    judged = {"comparedWith": match.compared, "sameness": "same", "score": match.score, "basis": match.basis}
    row = {"id": _free(held["id"], kept), "type": "Match", **judged}
    made.put_record({**held, "matches": [*kept, row]})
    _follow(made, record, made.first(match.other))


def _follow(made: Revision, record: str, first: str) -> None:
    """A record becomes a duplicate of a publication; what duplicates it follows, and its study goes."""
    if report := made.record(record).get("identifies", ""):
        label = (made.content(made.study_of(report)) or {}).get("label", report)
        made.drop_report(report, record)
        made.notes.append(f"- {label}: its report is {first} now")
    made.put_record({**made.record(record), "duplicateOf": first})
    for each in list(made.records()):
        if each.get("duplicateOf") == record:
            made.put_record({**each, "duplicateOf": first})


def _settle(made: Revision, record: str, other: str) -> None:
    """What is undecided about two publications is so no more, at whichever record it was asked."""
    both = {made.first(record), made.first(other)}
    for each in list(made.records()):
        kept = [
            match
            for match in each.get("matches", [])
            if match["sameness"] != "undecided" or {made.first(each["id"]), made.first(match["comparedWith"])} != both
        ]
        if len(kept) < len(each.get("matches", [])):
            made.put_record(
                {**{k: v for k, v in each.items() if k != "matches"}, **({"matches": kept} if kept else {})}
            )


def distinct(documents: list[Document], record: str, other: str, reason: Reason) -> Revision:
    """Two records or reports are not of one publication, or not of one study; no later link may join the two.

    Of one publication, the record that duplicates goes, with what was found a duplicate by being like it, and with its
    decisions; if it is included, a study is made of it. Of two reports of one study, one gets a study of its own.

    Raises:
        UsageError: there is no such record or report, or both are one and nothing duplicates.
    """
    made = Revision(documents)
    record, other = parting.turned(made, record, other)
    first = made.first(other)
    if other == record:
        raise UsageError(f"{record} can't be parted from itself; name two records", record)
    _settle(made, record, other)
    if keeper := parting.record_of(made, record) or parting.record_of(made, other):
        beside = other if keeper == record or parting.record_of(made, record) else record
        for each in dict.fromkeys((made.first(beside), beside)):
            _judge(made, made.record(keeper), each, "distinct", reason)
    reports = made.first(record), first
    if record.startswith("record/") and "duplicateOf" in made.record(record) and reports[0] == first:
        parting.record(made, record, first)
    elif all(each.startswith("report/") for each in reports) and len({*map(made.study_of, reports)}) == 1:
        parting.report(made, *reports)
    return made


def _judge(made: Revision, held: dict[str, Any], other: str, sameness: str, reason: Reason) -> None:
    """The record gets the judgement about the other one, in the place of an earlier one about it."""
    kept = [each for each in held.get("matches", []) if each["comparedWith"] != other]
    if sameness == "distinct":  # what made it a duplicate of the other's publication holds no more
        gone = {held.get("duplicateOf")} & {made.first(other)}
        kept = [e for e in kept if not (gone and e["sameness"] == "same" and made.first(e["comparedWith"]) in gone)]
    match = {
        **{"id": _free(held["id"], kept), "type": "Match", "comparedWith": other, "sameness": sameness, "score": 1},
        **{"basis": reason.because or "Decided by a person.", "date": reason.date},
        **({"decidedBy": reason.who} if reason.who else {}),
    }
    made.put_record({**held, "matches": [*kept, match]})


def _free(record: str, matches: list[dict[str, Any]]) -> str:
    """An id for one more judgement about a record."""
    stem, taken = record.replace("record/", "match/", 1), {each["id"] for each in matches}
    return next(f"{stem}-{n}" for n in range(1, len(matches) + 2) if f"{stem}-{n}" not in taken)


def join(documents: list[Document], study: str, other: str) -> Revision:
    """The reports and findings of another study become those of a study; their ids stay as they are.

    Raises:
        UsageError: there is no such study, or both are one.
    """
    made = Revision(documents)
    names = [f"studies/{identity.removeprefix('study/')}" for identity in (study, other)]
    for name, identity in zip(names, (study, other), strict=True):
        if made.content(name) is None:
            raise UsageError(f"no study has the id `{identity}`; the files of studies/ show them", identity)
    if names[0] == names[1]:
        raise UsageError(f"{study} can't be joined to itself; name two studies", study)
    into, gone = (dict(made.content(name) or {}) for name in names)
    for key, value in gone.items():
        if key in {"id", "type", "label", "inclusion"}:
            continue
        if isinstance(value, list):
            into[key] = [*into.get(key, []), *(each for each in value if each not in into.get(key, []))]
        elif into.setdefault(key, value) != value:
            made.notes.append(f"{key}: kept `{into[key]}`, not `{value}`")
    made.contents[names[0]] = quads.arranged(into)
    made.contents[names[1]] = None
    _point(made, documents, gone["id"], into["id"])
    made.notes.append(f"{gone['label']} is part of {into['label']} now")
    return made


def _point(made: Revision, documents: list[Document], old: str, new: str) -> None:
    """Every reference to one node names another."""
    for document in documents:
        content = made.content(document.name)
        if content is None:
            continue
        named = {reference for _, reference in data.references(Document(document.path, document.name, content))}
        if old in named:
            made.contents[document.name] = quads.arranged(_renamed(content, old, new))


def _renamed(value: Any, old: str, new: str, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _renamed(each, old, new, name) for name, each in value.items()}
    if isinstance(value, list):
        made = [_renamed(each, old, new, key) for each in value]
        return list(dict.fromkeys(made)) if all(isinstance(each, str) for each in made) else made
    entry = ontology.keys().get(key)
    return new if value == old and entry is not None and entry.kind == "node" else value
