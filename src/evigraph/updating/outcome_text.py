"""What a change did, or would do: for a person to read, and for a program."""

from __future__ import annotations

from typing import Any

from evigraph.errors import counted
from evigraph.ingest import Batch
from evigraph.linking import Plan
from evigraph.reports import differences
from evigraph.updating.changes import SHOWN, Outcome


def as_text(outcome: Outcome, heading: str = "", most: int | None = None) -> str:
    """What a person reads: each file's count, each rejected record, new studies, duplicates, and what differs.

    With `most`, no more than that many lines of each of these, and of warnings all.
    """
    made = outcome.plan
    lines = [heading] if heading else []
    for number, batch in enumerate(made.batches):
        if number in made.again:
            lines.append(made.again[number])
            continue
        encoding = f", {batch.encoding}" if batch.encoding else ""
        held = counted(batch.present, _unit(batch))
        lines.append(f"{batch.path.name}: {batch.format}{encoding}: {held}, {batch.read} read")
        lines += _some([f"  line {each.line}: not read: {each.reason}" for each in batch.rejected], most, "not read")
        lines += [f"  {note}" for note in batch.notes]
    if len(made.again) == len(made.batches) > 0 and not made.contents:
        return "\n".join(lines) + "\n"
    lines += _some([f"+ {label}" for label in made.studies.values()], most, "new studies")
    joined = [f"= {each.record} duplicates {each.other}: {each.basis}" for each in made.matches.values()]
    lines += _some(joined, most, "duplicates")
    lines += [f"? {each.record} and {each.other}: {each.basis}" for each in made.doubts[:SHOWN]]
    if made.doubts:
        lines += [f"  … {len(made.doubts) - SHOWN} more"] * (len(made.doubts) > SHOWN) + [_asked(len(made.doubts))]
    lines += [note for note in made.notes if note.startswith("!")]
    lines += _some([note for note in made.notes if not note.startswith("!")], most, "notes")
    if outcome.rows or outcome.verdicts:
        lines += ["", "Answers that differ:"]
    lines += differences.row_lines([*outcome.rows, *outcome.verdicts], min(SHOWN, most or SHOWN))
    lines += ["", _closing(outcome)]
    return "\n".join(lines) + "\n"


def _asked(count: int) -> str:
    what = "1 pair is" if count == 1 else f"{count} pairs are"
    return f"  {what} to be decided, and counted as two until then: evigraph duplicates"


def _some(lines: list[str], most: int | None, what: str) -> list[str]:
    """The first lines, and how many more there are."""
    if most is None or len(lines) <= most:
        return lines
    return [*lines[:most], f"  and {len(lines) - most} more {what}"]


def _unit(batch: Batch) -> str:
    if batch.flow:
        return "number"
    return "row" if batch.tables or (batch.extracts and not batch.records) else "record"


def _closing(outcome: Outcome) -> str:
    made = outcome.plan
    counts = f"{counted(len(made.studies), 'new study', 'new studies')}, {counted(len(made.matches), 'duplicate')}"
    if outcome.written is None:
        return f"{counts}. Nothing was written; do it again without --dry-run."
    if not outcome.written:
        return f"{counts}. Nothing to write."
    back = "takes it back" if outcome.written == 1 else "takes them back"
    return f"{counts}. {counted(outcome.written, 'file')} written; evigraph undo {back}."


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The same for a program."""
    made = outcome.plan
    return {
        "files": [
            _file(made, batch, ids, made.again.get(number, ""))
            for number, (batch, ids) in enumerate(zip(made.batches, made.ids, strict=True))
        ],
        "studies": [{"document": name, "label": label} for name, label in made.studies.items()],
        "toDecide": [
            {"record": each.record, "other": each.other, "basis": each.basis, "score": each.score}
            for each in made.doubts
        ],
        "notes": made.notes,
        "answers": [{"query": e.query, "sign": e.sign, "row": e.row} for e in [*outcome.rows, *outcome.verdicts]],
        "written": outcome.written,
    }


def _file(made: Plan, batch: Batch, ids: list[str], again: str) -> dict[str, Any]:
    return {
        **{"file": batch.path.name, "format": batch.format, "encoding": batch.encoding, "present": batch.present},
        "parsed": batch.read,
        "rejected": [{"line": each.line, "reason": each.reason} for each in batch.rejected],
        "notes": [*batch.notes, *([again] if again else [])],
        "records": [
            {"id": identity, "line": record.line, **record.values, **_duplicate(made, identity)}
            for identity, record in zip(ids, batch.records, strict=False)
        ],
    }


def _duplicate(made: Plan, identity: str) -> dict[str, Any]:
    match = made.matches.get(identity)
    return {"duplicateOf": match.other, "basis": match.basis, "score": match.score} if match else {}
