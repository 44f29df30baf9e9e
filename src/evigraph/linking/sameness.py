"""What a person decides about records and studies: the same, distinct, reports of one study."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from evigraph import data, ontology
from evigraph.data import Document, quads
from evigraph.errors import UsageError
from evigraph.linking.revisions import BARE, Revision
from evigraph.linking.screening import basis_of, decisions_of, verdict_of
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
    """A record duplicates another one no more, and no later link may match the two.

    What was found a duplicate by being like the record follows it. If it is included, a study is made of it.

    Raises:
        UsageError: there is no such record, or it is the same as the other by its study.
    """
    made = Revision(documents)
    held = made.record(record)
    first = made.first(other)
    if held.get("identifies") == first or other == record:
        raise UsageError(f"{record} identifies {first}, so that both are one; nothing to part", record)
    _settle(made, record, other)
    _judge(made, made.record(record), first, "distinct", reason)
    if other != first:
        _judge(made, made.record(record), other, "distinct", reason)
    if held.get("duplicateOf") != first:
        return made
    parted = {key: value for key, value in made.record(record).items() if key != "duplicateOf"}
    made.put_record(parted)
    _take_along(made, record, first)
    decided = decisions_of(parted)
    if verdict_of(decided) == "include" and any(each.stage == "full-text" for each in decided):
        made.add_study(parted, basis_of(decided))
    return made


def _take_along(made: Revision, record: str, first: str) -> None:
    """What was joined to the publication only by being like the record duplicates the record now."""
    leading = {record}
    while True:
        following = [
            each
            for each in made.records()
            if each.get("duplicateOf") == first
            and any(m["comparedWith"] in leading and m["sameness"] == "same" for m in each.get("matches", []))
        ]
        if not following:
            return
        for each in following:
            leading.add(each["id"])
            made.put_record({**each, "duplicateOf": record})


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
