"""What reviewers decided about records: read from their tool's export, or said one at a time.

A decision belongs to the record that stands for its publication. The same decision twice is one; a later one of the
same person at the same stage replaces the earlier. `consensus` as the person settles what others disagree about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evigraph.data import Document
from evigraph.errors import UsageError
from evigraph.ingest import Batch, Decision
from evigraph.linking.revisions import BARE, Revision
from evigraph.matching import duplicates
from evigraph.matching.traits import folded

STAGES = ("title-abstract", "retrieval", "full-text")
"""In order; at `retrieval`, exclude says that the report could not be had."""
CONSENSUS = "consensus"
TOLD = {"year", "doi", "pmid", "eric", "openalex", "firstAuthor"}
"""What must not differ where a title tells which record is meant."""


@dataclass
class Screened:
    """What a screening file came to.

    Attributes:
        revision: the documents with the decisions. found, missing: how many of the records are held, and are not.
        new, known: how many decisions were not held yet, and were.
    """

    revision: Revision
    found: int = 0
    missing: int = 0
    new: int = 0
    known: int = 0


def verdict_of(decisions: Iterable[Decision]) -> str:
    """What decisions come to: that of the last stage, and `maybe` where reviewers differ."""
    listed = list(decisions)
    last = max((STAGES.index(each.stage) for each in listed), default=0)
    said = [each for each in listed if each.stage == STAGES[last]]
    settled = [each for each in said if each.who.casefold() == CONSENSUS] or said
    verdicts = {each.verdict for each in settled}
    return verdicts.pop() if len(verdicts) == 1 else "maybe"


def decisions_of(record: dict[str, Any]) -> list[Decision]:
    """The decisions that a record holds."""
    return [
        Decision(
            each["verdict"],
            each["screeningStage"],
            each.get("decidedBy", ""),
            each.get("basis", ""),
            each.get("date", ""),
        )
        for each in record.get("decisions", [])
    ]


def basis_of(decisions: Iterable[Decision]) -> str:
    """What an inclusion by decisions rests on."""
    listed = list(decisions)
    who = ", ".join(dict.fromkeys(each.who for each in listed if each.who))
    stage = "full text" if any(each.stage == "full-text" for each in listed) else "title and abstract"
    return f"Included on {stage}{f' by {who}' if who else ''}."


def attached(record: dict[str, Any], decisions: Iterable[Decision]) -> tuple[dict[str, Any], int, int]:
    """The record with the decisions that it doesn't hold yet, how many these are, and how many it held."""
    rows = list(record.get("decisions", []))
    new = known = 0
    for each in decisions:
        held = decisions_of({"decisions": rows})
        if any(_says_the_same(each, other) for other in held):
            known += 1
            continue
        place = next((i for i, other in enumerate(held) if (other.stage, other.who) == (each.stage, each.who)), None)
        if place is not None and each.date and held[place].date > each.date:
            known += 1  # an older word of the same person
            continue
        row = _row(each, rows[place]["id"] if place is not None else _identity(record, rows))
        rows = [row if i == place else other for i, other in enumerate(rows)] + ([row] if place is None else [])
        new += 1
    return ({**record, "decisions": rows} if rows else record), new, known


def _says_the_same(one: Decision, other: Decision) -> bool:
    dates = one.date == other.date or not one.date
    return dates and (one.verdict, one.stage, one.who, one.reason) == (
        other.verdict,
        other.stage,
        other.who,
        other.reason,
    )


def _identity(record: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    taken = {row["id"] for row in rows}
    stem, number = record["id"].replace("record/", "decision/", 1), len(rows) + 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def _row(each: Decision, identity: str) -> dict[str, Any]:
    row = {
        **{"id": identity, "type": "ScreeningDecision", "verdict": each.verdict, "screeningStage": each.stage},
        **{"decidedBy": each.who, "basis": each.reason, "date": each.date},
    }
    return {key: value for key, value in row.items() if value}


def rows(record: dict[str, Any], decisions: Iterable[Decision]) -> list[dict[str, Any]]:
    """The decisions of a new record as its document holds them."""
    found: list[dict[str, Any]] = []
    for each in decisions:
        found.append(_row(each, _identity(record, found)))
    return found


def decide(revision: Revision, identity: str, decisions: Iterable[Decision]) -> tuple[int, int]:
    """Let a record, or the one that stands for its publication, hold decisions; a study comes or goes with them.

    Returns how many decisions were new, and how many were held already.

    Raises:
        UsageError: there is no such record.
    """
    record = revision.record(identity)
    while record.get("duplicateOf", "").startswith("record/"):
        record = revision.record(record["duplicateOf"])
    changed, new, known = attached(record, decisions)
    if new:
        revision.put_record(changed)
        _follow(revision, changed)
    return new, known


def _follow(revision: Revision, record: dict[str, Any]) -> None:
    """A record that is included on its full text becomes a study; one that is excluded is a study no more."""
    held = decisions_of(record)
    verdict = verdict_of(held)
    report = record.get("identifies", "")
    if (
        verdict == "include"
        and not report
        and "duplicateOf" not in record
        and any(e.stage == "full-text" for e in held)
    ):
        revision.add_study(record, basis_of(each for each in held if each.stage == "full-text"))
    elif verdict == "exclude" and report:
        name = revision.study_of(report)
        content = revision.content(name) or {}
        if set(content) <= BARE and len(content.get("reports", [])) == 1:
            revision.drop_report(report, record["id"])
            revision.notes.append(f"- {content['label']}: {record['id']} is excluded, and nobody had coded the study")
        else:
            revision.notes.append(f"{record['id']} is excluded, but {content['id']} has been coded; look at it")


class _Titles:
    """Held records by their titles: a list of decisions often has no more than a title and perhaps a year."""

    def __init__(self, records: Iterable[dict[str, Any]]) -> None:
        self._found: dict[str, list[dict[str, Any]]] = {}
        for record in records:
            self._found.setdefault(folded(record.get("title", "")), []).append(record)

    def of(self, item: dict[str, Any]) -> str:
        """The one publication that has this title, and that nothing in the item contradicts; nothing otherwise."""
        held = self._found.get(folded(item.get("title", "")), []) if item.get("title") else []
        alike = [
            each
            for each in held
            if all(str(each.get(key, item[key])).casefold() == str(item[key]).casefold() for key in TOLD & set(item))
        ]
        firsts = {each.get("duplicateOf", each["id"]) for each in alike}
        return firsts.pop() if len(firsts) == 1 else ""


def _shown(values: dict[str, Any]) -> str:
    """What a person knows a record by."""
    named = next((f"{kind.upper()} {values[kind]}" for kind in ("doi", "pmid", "eric") if kind in values), "")
    return str(values.get("title") or named or values.get("url") or "a record without a title")


def screen(documents: list[Document], batches: list[Batch], stage: str = "", who: str = "") -> Screened:
    """The decisions of a screening tool's files, brought to the records that the review holds.

    `stage` replaces the stage that the files state, and `who` decided where they name nobody. Every record that can't
    be found is named.

    Raises:
        UsageError: no record of a file carries a decision.
    """
    made = Screened(Revision(documents))
    known = [*made.revision.reports(), *made.revision.records()]
    identified = {record["identifies"]: record["id"] for record in made.revision.records() if "identifies" in record}
    titles = _Titles(made.revision.records())
    for number, batch in enumerate(batches):
        if not batch.records:
            why = f": {batch.rejected[0].reason}" if batch.rejected else ""
            raise UsageError(f"{batch.path}: none of its {batch.present} records could be read{why}", batch.path)
        if not any(record.decisions for record in batch.records):
            raise UsageError(
                f"{batch.path}: no record carries a decision; say with --decision what was decided about them all, or"
                " leave --screening out to link it",
                batch.path,
            )
        items = [{**record.values, "id": f"row/{number}/{i}"} for i, record in enumerate(batch.records)]
        found = {match.record: match.other for match in duplicates.matches(items, known)}
        for item, record in zip(items, batch.records, strict=True):
            other = found.get(item["id"]) or titles.of(item)
            target = identified.get(other, other if other.startswith("record/") else "")
            where = f"{batch.path.name} line {record.line}"
            if not target:
                made.missing += 1
                why = f"is {other}, which no record identifies" if other.startswith("report/") else "isn't held"
                made.revision.notes.append(
                    f"  {where}: not screened: {_shown(record.values)} {why}; link the search that found it"
                )
                continue
            made.found += 1
            given = [Decision(d.verdict, stage or d.stage, d.who or who, d.reason, d.date) for d in record.decisions]
            new, held = decide(made.revision, target, given)
            made.new, made.known = made.new + new, made.known + held
    return made
