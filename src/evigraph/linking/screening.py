"""What reviewers decided about a record, what that comes to, and the study that comes or goes with it.

A decision belongs to the record that stands for its publication. The same decision twice is one; a later one of the
same person at the same stage replaces the earlier, and nobody replaces a decision of anybody else. `consensus` as the
person settles what others disagree about.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evigraph.data import outcomes
from evigraph.ingest import Decision
from evigraph.linking.revisions import BARE, Revision
from evigraph.linking.study_drafts import Included

STAGES = outcomes.STAGES
"""In order; at `retrieval`, exclude says that the report could not be had."""
LINKED = "Linked as a study."
"""The basis of the decision that a link makes for who decided nothing else; any word of a person goes before it."""


def verdict_of(decisions: Iterable[Decision]) -> str:
    """What decisions come to: that of the last stage, as `outcomes` has it, and `maybe` where reviewers differ."""
    rows = [_row(each, "") for each in decisions]
    held = outcomes.prevailing(rows, _last(rows))
    return str(held["verdict"]) if held else "maybe"


def differ(decisions: Iterable[Decision]) -> bool:
    """Whether reviewers differ at the last stage, and nobody has settled it."""
    rows = [_row(each, "") for each in decisions]
    return bool(rows) and outcomes.prevailing(rows, _last(rows)) is None


def _last(rows: list[dict[str, Any]]) -> str:
    """The last stage at which something was decided."""
    return STAGES[max((STAGES.index(each["screeningStage"]) for each in rows), default=0)]


def decisions_of(record: dict[str, Any]) -> list[Decision]:
    """The decisions that a record holds."""
    return [
        Decision(
            each["verdict"],
            each["screeningStage"],
            each.get("decidedBy", ""),
            each.get("basis", ""),
            each.get("date", ""),
            note=each.get("note", ""),
        )
        for each in record.get("decisions", [])
    ]


def inclusion_of(decisions: Iterable[Decision]) -> Included:
    """What an inclusion by decisions rests on, who made them, and when the last of them was made."""
    listed = list(decisions)
    who = ", ".join(dict.fromkeys(each.who for each in listed if each.who))
    stage = "full text" if any(each.stage == "full-text" for each in listed) else "title and abstract"
    when = max((each.date for each in listed), default="")
    return Included(f"Included on {stage}{f' by {who}' if who else ''}.", who, when)


def attached(
    record: dict[str, Any], decisions: Iterable[Decision], alone: bool = False
) -> tuple[dict[str, Any], int, int]:
    """The record with the decisions that it doesn't hold yet, how many these are, and how many it held.

    Decisions of nobody named may be of two people, and both stay; but `alone` one goes before the other.
    """
    rows = list(record.get("decisions", []))
    new = known = 0
    for each in decisions:
        held = decisions_of({"decisions": rows})
        if any(_says_the_same(each, other) for other in held):
            known += 1
            continue
        place = next((i for i, other in enumerate(held) if _replaces(each, other, alone)), None)
        if place is not None and each.date and held[place].date > each.date:
            known += 1  # an older word of the same person
            continue
        row = _row(each, rows[place]["id"] if place is not None else _identity(record, rows))
        rows = [row if i == place else other for i, other in enumerate(rows)] + ([row] if place is None else [])
        new += 1
    return ({**record, "decisions": rows} if rows else record), new, known


def _same_person(one: Decision, other: Decision) -> bool:
    return " ".join(one.who.split()).casefold() == " ".join(other.who.split()).casefold()


def _replaces(new: Decision, held: Decision, alone: bool) -> bool:
    """Whether a decision takes the place of one that is held, of the same stage."""
    if new.stage != held.stage or not _same_person(new, held):
        return new.stage == held.stage and held.reason == LINKED and not held.who
    return bool(new.who) or alone or held.reason == LINKED or (new.verdict == held.verdict and not held.reason)


def _says_the_same(one: Decision, other: Decision) -> bool:
    dates = one.date == other.date or not one.date or not one.who
    alike = (one.verdict, one.stage, one.reason, one.note) == (other.verdict, other.stage, other.reason, other.note)
    return dates and alike and _same_person(one, other)


def _identity(record: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    taken = {row["id"] for row in rows}
    stem, number = record["id"].replace("record/", "decision/", 1), len(rows) + 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def _row(each: Decision, identity: str) -> dict[str, Any]:
    row = {
        **{"id": identity, "type": "ScreeningDecision", "verdict": each.verdict, "screeningStage": each.stage},
        **{"decidedBy": each.who, "basis": each.reason, "date": each.date, "note": each.note},
    }
    return {key: value for key, value in row.items() if value}


def rows(record: dict[str, Any], decisions: Iterable[Decision]) -> list[dict[str, Any]]:
    """The decisions of a new record as its document holds them."""
    found: list[dict[str, Any]] = attached({"id": record["id"]}, decisions)[0].get("decisions", [])
    return found


def decide(revision: Revision, identity: str, decisions: Iterable[Decision], alone: bool = False) -> tuple[int, int]:
    """Let a record, or the one that stands for its publication, hold decisions; a study comes or goes with them.

    Returns how many decisions were new, and how many were held already; for `alone` see `attached`.

    Raises:
        UsageError: there is no such record.
    """
    record = revision.record(identity)
    while record.get("duplicateOf", "").startswith("record/"):
        record = revision.record(record["duplicateOf"])
    if report := record.get("duplicateOf"):  # a report stands for the publication, which some record may identify
        record = next((each for each in revision.records() if each.get("identifies") == report), record)
    changed, new, known = attached(record, decisions, alone)
    if new:
        revision.put_record(changed)
        follow(revision, changed)
    return new, known


def follow(revision: Revision, record: dict[str, Any], undone: bool = False) -> None:
    """A record that is included on its full text becomes a study; one that isn't any more is a study no more.

    With `undone`, that holds where no decision is left, too.
    """
    held = decisions_of(record)
    verdict = verdict_of(held)
    report = record.get("identifies", "")
    full = [each for each in held if each.stage == "full-text"]
    if verdict == "include" and not report and "duplicateOf" not in record and full:
        revision.add_study(record, inclusion_of(full))
    elif report and (verdict == "exclude" or (verdict == "maybe" and full) or (undone and not full)):
        name = revision.study_of(report)
        content = revision.content(name) or {}
        state = "is excluded" if verdict == "exclude" else "waits, for its reviewers differ or doubt"
        if set(content) <= BARE and len(content.get("reports", [])) == 1:
            revision.drop_report(report, record["id"])
            revision.notes.append(f"- {content['label']}: {record['id']} {state}, and nobody had coded the study")
        else:
            revision.notes.append(f"{record['id']} {state}, but {content['id']} has been coded; look at it")
