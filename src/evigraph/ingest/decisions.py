"""Screening decisions that come with records, in columns or in notes, by the rules of `ingest/decisions.yaml`."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from evigraph.errors import DataError
from evigraph.ingest.model import Decision, Record
from evigraph.paths import SHIPPED

CONSENSUS = "consensus"
"""Who decides where reviewers have settled what they disagreed about."""
FEW = 12
"""So many words may a column of decisions have of which none is known; one of more is of something else."""
USUAL = "title-abstract"
"""The stage of a decision of which nobody tells it."""
_COLUMNS = frozenset({"decision", "reason", "decidedBy", "decidedOn", "stage"})


@cache
def rules() -> dict[str, Any]:
    """How screening tools write decisions: `ingest/decisions.yaml`."""
    from evigraph.files import yaml_text

    loaded: dict[str, Any] = yaml_text.load((SHIPPED / "ingest" / "decisions.yaml").read_text("utf-8"))
    return loaded


def verdict(word: str) -> str | None:
    """`include`, `exclude` or `maybe`, as `ingest/decisions.yaml` reads a word; nothing for another word."""
    return _verdicts().get(folded(word.strip().removesuffix(".0")))


def stage(word: str) -> str | None:
    """`title-abstract`, `retrieval` or `full-text`, in whichever spelling of `ingest/decisions.yaml`; else nothing."""
    return _stages().get("".join(folded(word).split())) or _stages().get(_bare(word))


def person(name: str) -> str:
    """A reviewer's name as it is kept; all words for what reviewers agreed on are `consensus`."""
    plain = " ".join(name.split())
    return CONSENSUS if folded(plain) in words("consensus") else plain


def undecided(word: str) -> bool:
    """Whether a word in a column of decisions says that nothing is decided yet."""
    plain = folded(word)
    return not plain or plain in words("undecided")


def known(kind: str) -> str:
    """The known words of `verdicts` or `stages`, for a person who wrote another one."""
    table: dict[str, list[str]] = rules()[kind]
    return "; ".join(f"{name} ({', '.join(words[:9])} …)" for name, words in table.items())


def told(word: str) -> tuple[str, str, str] | None:
    """What a cell decides: verdict, stage or nothing, and the reason that stands behind it (`Excluded: no data`)."""
    if folded(word) in words("lost"):
        return "exclude", "retrieval", ""
    if said := verdict(word):
        return said, "", ""
    head, _, rest = re.sub(r"\s*[:;(,\u2013\u2014|]\s*|\s+-\s*|\s*-\s+", "\0", word.strip(), count=1).partition("\0")
    said = verdict(head) if rest else None
    return (said, "", rest.strip(" )")) if said else None


def found_in(values: dict[str, Any]) -> Iterator[Decision]:
    """The decisions that the values of a record hold, from a column first and then from its notes.

    A decision of a stage that isn't known is none, and neither is one of an unknown word, see `unknown`.
    """
    said, cell = told(values.get("decision", "")), values.get("stage", "")
    where = (said[1] if said else "") or stage(cell)
    if said and (where or not cell):
        reason = (said[2] or values.get("reason", "")) if said[0] == "exclude" else ""
        who, day = person(values.get("decidedBy", "")), date(values.get("decidedOn", ""))
        yield Decision(said[0], where or USUAL, who, reason, day, assumed=not where)
    for rule, part in _parts_of(values.get("notes", "")):
        yield from _in_note(rule, part, values.get("notes", ""), values)


def taken(
    values: dict[str, Any], several: tuple[dict[str, str], ...] | None, constant: str
) -> tuple[tuple[Decision, ...], dict[str, str]]:
    """The decisions about a record, and the words of them that aren't known, see `unknown`.

    `several` are the values of each, where its table has several columns of decisions; `constant` is the verdict
    where it has none.
    """
    rest = {key: value for key, value in values.items() if key not in _COLUMNS}
    parts = [values] if several is None else [rest, *several]
    said = tuple(each for part in parts for each in found_in(part))
    unheard = next((found for part in parts if (found := unknown(part))), {})
    if not said and constant and not any("decision" in part for part in parts):
        said = tuple(found_in({**values, "decision": constant}))
    if several is None and said:
        unheard.pop("decision", None)  # its notes tell it, and that column is of something else
    noted = dict.fromkeys(word for part in parts for word in _unknown_in_notes(part.get("notes", "")))
    return said, unheard | ({"notes": "`, `".join(noted)} if noted else {})


def unknown(values: dict[str, Any]) -> dict[str, str]:
    """The words of `decision` and `stage` that aren't known; that of a stage only where something is decided."""
    cell, where = values.get("decision", ""), values.get("stage", "")
    said = told(cell)
    found = {"decision": cell} if said is None and not undecided(cell) else {}
    return found | ({"stage": where} if said and not said[1] and where and not stage(where) else {})


def notes_on(path: Path, records: Iterable[Record]) -> list[str]:
    """What a person should know of words that aren't known: a verdict without one is none, so that its record waits.

    Raises:
        DataError: a decision is of a stage that isn't known; it would be taken for one of another.
    """
    listed = list(records)
    for each in listed:
        if word := each.unknown.get("stage"):
            raise DataError(path, each.line, f"the stage `{word}` isn't known; write one of: {known('stages')}", word)
    lines: dict[str, list[int]] = {}
    for each in listed:
        for word in dict.fromkeys(each.unknown[kind][:60] for kind in ("decision", "notes") if kind in each.unknown):
            lines.setdefault(word, []).append(each.line)
    if len(lines) > FEW and not any(each.decisions for each in listed):
        return []  # a column of that name which is of something else
    return [
        f"line {found[0]}{f' and {len(found) - 1} more' if found[1:] else ''}: the decision `{word}` isn't known, and"
        f" nothing is decided by it; write one of: {known('verdicts')}"
        for word, found in lines.items()
    ]


def date(text: str) -> str:
    """The day of a time as tools write it, with the year first or in seconds since 1970; else nothing."""
    if re.fullmatch(r"\d{9,10}(\.\d+)?", text.strip()):
        return datetime.datetime.fromtimestamp(float(text), datetime.UTC).date().isoformat()
    day = re.match(r"\d{4}-\d\d-\d\d", text.strip())
    return day.group() if day else ""


def _parts_of(notes: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The parts of notes in which a tool tells decisions, each with its rule."""
    yield from ((rule, part) for rule in rules()["notes"] for part in re.findall(rule["within"], notes))


def _unknown_in_notes(notes: str) -> Iterator[str]:
    """The words that stand where a tool writes a verdict, and are none that is known."""
    for rule, part in _parts_of(notes):
        for each in re.finditer(rule["each"], part) if "verdict" not in rule else ():
            word = each.groupdict().get("verdict", "")
            if not verdict(word) and not undecided(word):
                yield word


def _in_note(rule: dict[str, Any], part: str, notes: str, values: dict[str, Any]) -> Iterator[Decision]:
    for each in re.finditer(rule["each"], part):
        groups = each.groupdict()
        if said := rule.get("verdict") or verdict(groups.get("verdict", "")):
            why = groups.get("reason") or _beside("reason", rule, notes) or values.get("reason", "")
            who = groups.get("who") or _beside("who", rule, notes)
            where, day = rule.get("stage", ""), date(_beside("date", rule, notes))
            reason = why.strip() if said == "exclude" else ""
            yield Decision(said, where or USUAL, person(who), reason, day, assumed=not where)


def _beside(key: str, rule: dict[str, Any], notes: str) -> str:
    found = re.search(rule[key], notes) if key in rule else None
    return found.group(1).strip() if found else ""


@cache
def _verdicts() -> dict[str, str]:
    return {folded(word): name for name, words in rules()["verdicts"].items() for word in words}


@cache
def _stages() -> dict[str, str]:
    found = {}
    for name, words in rules()["stages"].items():
        for word in (*words, name):
            found["".join(folded(word).split())] = name
            found.setdefault(_bare(word), name)
    found.pop("", None)
    return found


def _bare(word: str) -> str:
    """A stage's words without what may stand around them, and without a number where words are left."""
    parted = folded(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", word)).split()
    left = [each for each in map(_singular, parted) if each not in map(_singular, words("stage-fillers"))]
    return "".join([each for each in left if not each.isdigit()] or left)


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word


@cache
def words(kind: str) -> frozenset[str]:
    """The words of a list of `ingest/decisions.yaml`, as they are compared."""
    return frozenset(map(folded, rules()[kind]))


def folded(word: object) -> str:
    """A word as they are compared: `title_abstract`, `Title/abstract` and `title abstract` are one."""
    plain = unicodedata.normalize("NFKD", str(word).casefold().replace("&", " and "))
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join(re.sub(r"[\s_/:.,()]|-(?!\d)|(?<=\w)-", " ", plain).split())  # -1 is a word of its own
