"""Files of screening tools: their decisions, brought to the records that the review holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from evigraph.data import Document
from evigraph.errors import DataError, UsageError, counted
from evigraph.ingest import Batch, Decision, Record
from evigraph.ingest.fields import registrations
from evigraph.linking import reasons
from evigraph.linking.held import Held
from evigraph.linking.revisions import Revision
from evigraph.linking.screening import decide, decisions_of, differ
from evigraph.matching import identifiers


@dataclass(frozen=True)
class Constants:
    """What holds of every row of a screening file that doesn't say it itself.

    Attributes:
        stage: one of `screening.STAGES`. who: the reviewer. reason: of exclusions.
    """

    stage: str = ""
    who: str = ""
    reason: str = ""


@dataclass
class Screened:
    """What a screening file came to.

    Attributes:
        revision: the documents with the decisions. found, missing: how many of the rows are of held records, and how
        many are not. new, known: how many decisions were not held yet, and were.
    """

    revision: Revision
    found: int = 0
    missing: int = 0
    new: int = 0
    known: int = 0


def _shown(values: dict[str, Any]) -> str:
    """What a person knows a record by."""
    kinds = (*identifiers.KINDS, "isbn")
    named = next((f"{kind.upper()} {values[kind]}" for kind in kinds if kind in values), "") or registrations.shown(
        values
    )
    return str(values.get("title") or named or values.get("url") or "a record without a title")


def screen(documents: list[Document], batches: list[Batch], given: Constants = Constants()) -> Screened:
    """The decisions of a screening tool's files, brought to the records that the review holds.

    `given` holds where a file says nothing itself. Every record that can't be found is named.

    Raises:
        UsageError: no record of a file carries a decision. DataError: a file tells another stage than `given`.
    """
    made = Screened(Revision(documents))
    held = Held(made.revision)
    decided: dict[str, list[Decision]] = {}
    for batch in reasons.parted(batches, documents):
        _needed(batch)
        made.revision.notes += _assumed(batch, given)
        items = [{**record.values, "id": f"row/{i}"} for i, record in enumerate(batch.records)]
        for record, (target, why) in zip(batch.records, held.find(items), strict=True):
            where = f"{batch.path.name} line {record.line}"
            if not target:
                made.missing += 1
                mend = "; link the search that found it" if why == "isn't held" else ""
                made.revision.notes.append(f"  {where}: not screened: {_shown(record.values)} {why}{mend}")
                continue
            made.found += 1
            decided.setdefault(target, []).extend(_filled(batch, record, each, given) for each in record.decisions)
    for target, decisions in decided.items():
        new, known = decide(made.revision, target, decisions)
        made.new, made.known = made.new + new, made.known + known
    made.revision.notes += _conflicts(made.revision, decided)
    return made


def _filled(batch: Batch, record: Record, each: Decision, given: Constants) -> Decision:
    """A decision with what the caller says of those that don't say it themselves.

    Who reads full texts also finds reports that can't be had: those stay at retrieval.
    """
    lost = given.stage == "full-text" and (each.verdict, each.stage) == ("exclude", "retrieval")
    if given.stage and not lost and not each.assumed and each.stage != given.stage:
        mend = "leave --stage out, and say it of the other rows in a column Stage; or mend the file"
        message = f"decides at {each.stage}, and --stage says {given.stage}; {mend}"
        raise DataError(batch.path, record.line, message, each.stage)
    reason = each.reason or (given.reason if each.verdict == "exclude" else "")
    stage = each.stage if lost else given.stage or each.stage
    return replace(each, stage=stage, who=each.who or given.who, reason=reason)


def _needed(batch: Batch) -> None:
    """Refuse a file without decisions.

    Raises:
        UsageError: it has none.
    """
    name = batch.path
    if not batch.records:
        why = f": {batch.rejected[0].reason}" if batch.rejected else ""
        raise UsageError(f"{name}: none of its {counted(batch.present, 'record')} could be read{why}", name)
    if not any(record.decisions for record in batch.records):
        words = dict.fromkeys(
            word[:40]
            for record in batch.records
            for kind in ("decision", "notes")
            if (word := record.unknown.get(kind))
        )
        column = (
            f" (its column of decisions has {', '.join(list(words)[:4])}, and no word that is known)" if words else ""
        )
        raise UsageError(
            f"{name}: no record carries a decision{column}; say with --decision what was decided about them all, as in"
            f" --decision exclude --stage title-abstract for a list of what was excluded",
            name,
        )


def _assumed(batch: Batch, given: Constants) -> list[str]:
    """A note on a file that doesn't tell the stage of its decisions, where nobody else does."""
    assumed = sum(each.assumed for record in batch.records for each in record.decisions)
    if given.stage or not assumed:
        return []
    return [
        f"{batch.path.name}: {counted(assumed, 'decision names', 'decisions name')} no stage, taken for title and "
        "abstract; else say --stage"
    ]


def _conflicts(revision: Revision, targets: Iterable[str]) -> list[str]:
    """A note on the records that wait since their reviewers differ."""
    waiting = sum(differ(decisions_of(revision.record(target))) for target in targets)
    if not waiting:
        return []
    waits = "waits, for its" if waiting == 1 else "wait, for their"
    return [f"{waiting} of these records {waits} reviewers differ: evigraph run screening-conflicts"]
