"""Tables with several columns of screening decisions: one a reviewer, one a stage, or both.

A heading is taken apart into words by `ingest/decisions.yaml`: `Reviewer 1 decision`, `full_text_exclude_reasons`,
`Ann`. What is left over is who decided, so that a bare name is one where all of its cells are plain verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evigraph.ingest import decisions

KINDS = ("reason", "date", "name", "decision")
KEYS = {"decision": "decision", "reason": "reason", "date": "decidedOn", "name": "decidedBy"}
SAMPLE = 400
"""By so many different cells a column is judged; one of texts has as many as there are rows."""
Values = dict[str, str]


@dataclass(frozen=True)
class Column:
    """A column that tells of decisions.

    Attributes:
        at: its index. kind: one of `KINDS` or `stage`. stage, who: of which decisions, or empty for all. named: it has
        a word that says that it tells of decisions; without one, its cells alone do.
    """

    at: int
    kind: str
    stage: str = ""
    who: str = ""
    named: bool = True


def read(
    headings: list[str], rows: list[list[str]], generic: dict[str, str], taken: set[str]
) -> list[tuple[Values, ...]] | None:
    """What each row decides, as values for `decisions.found_in`; None where the recipe's one column tells it all.

    `generic` names the key of squeezed headings that the recipe has for decisions, `taken` are its other headings.
    """
    columns = [each for at, heading in enumerate(headings) if (each := _column(at, heading, generic, taken))]
    cells = {each.at: [row[each.at].strip() for row in rows if each.at < len(row)] for each in columns}
    staged = {each.stage for each in columns if each.kind == "decision" and each.stage}
    columns = [_judged(each, cells[each.at], len(staged) > 1) for each in columns]
    deciding = [each for each in columns if each.kind == "decision"]
    if not any(each.stage or each.who for each in deciding):
        logs = [each for each in columns if each.kind == "reason" and _excludes(headings[each.at])]
        logs = [] if any("rayyan" in each.casefold() for each in headings) else logs  # its notes tell the verdicts
        return None if deciding or not logs else [tuple(_logged(columns, logs, row)) for row in rows]
    signed = {each.at for each in deciding if "-1" in cells[each.at]}
    return [tuple(_decided(columns, _filled(row, signed))) for row in rows]


def _column(at: int, heading: str, generic: dict[str, str], taken: set[str]) -> Column | None:
    squeezed = re.sub(r"[\W_]+", "", heading.casefold())
    words = re.findall(r"[^\W\d_]+|\d+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading))
    consensus = " ".join(words).casefold() in decisions.words("consensus")
    if squeezed in taken or not words or len(words) > 8:
        return None
    if squeezed in generic and not consensus and "final" not in map(str.casefold, words):
        return Column(at, generic[squeezed])
    rules: dict[str, Any] = decisions.rules()["columns"]
    kind = next((name for name in KINDS if _cut(words, rules[name])), "")
    rest = words
    while kind and (less := _cut(rest, rules[kind])) and rest != [""]:
        rest = less
    stage, rest = _stage(rest)
    rest = [each for each in rest if each.casefold() not in rules["fillers"]]
    who = decisions.person(" ".join(rest))
    if consensus or decisions.CONSENSUS in {decisions.person(each) for each in (*rest, who)}:
        who = decisions.CONSENSUS
    reviewer = bool(rest) and decisions.folded(rest[0]) in rules["reviewer"]
    if not kind and not stage and not reviewer and who != decisions.CONSENSUS and len(rest) > 3:
        return None
    return Column(at, kind or "decision", stage, who, bool(kind and not (rest and not reviewer)) or reviewer)


def _cut(words: list[str], phrases: Iterable[str]) -> list[str]:
    """The words without the longest of the phrases that they have; nothing where they have none."""
    plain = [decisions.folded(each) for each in words]
    for phrase in sorted((each.split() for each in phrases), key=len, reverse=True):
        for start in range(len(words) - len(phrase) + 1):
            if all(_same(a, b) for a, b in zip(plain[start:], phrase, strict=False)):
                return words[:start] + words[start + len(phrase) :] or [""]
    return []


def _same(word: str, other: str) -> bool:
    return word == other or (len(other) > 3 and word == f"{other}s")


def _stage(words: list[str]) -> tuple[str, list[str]]:
    """The stage that words of a heading tell, and the other words; a number alone is that of a reviewer."""
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size + 1):
            part = words[start : start + size]
            leads = start and words[start - 1].casefold() in ("stage", "phase", "level", "round")
            plain = decisions.folded(" ".join(part))
            if size > 1 and (part[0].isdigit() or part[-1].isdigit()):
                continue
            if (leads or not re.fullmatch(r"\d+|first|second|one|two|final|primary|secondary|initial", plain)) and (
                found := decisions.stage(" ".join(part))
            ):
                return found, words[: start - 1 if leads else start] + words[start + size :]
    return "", words


def _judged(column: Column, cells: list[str], staged: bool) -> Column:
    """The column as its cells show it: of decisions, or of who decided, or of neither."""
    filled = sorted({each for each in cells if each})[:SAMPLE]
    if column.kind != "decision" or not (column.stage or column.who):
        return column
    weak = {decisions.folded(each) for each in decisions.rules()["columns"]["weak"]}
    said = [each for each in filled if decisions.told(each)]
    reviewer = decisions.folded(column.who.split(" ")[0]) in decisions.rules()["columns"]["reviewer"]
    free = (column.named or reviewer or column.who == decisions.CONSENSUS or (staged and not column.who)) and 2 * len(
        said
    ) >= len(filled)
    plain = all(decisions.told(each) or decisions.undecided(each) for each in filled) and not all(
        decisions.folded(each) in weak for each in filled
    )
    if said and (free or plain):
        return column
    return Column(column.at, "name" if reviewer and not said else "", column.stage, column.who)


def _excludes(heading: str) -> bool:
    return "exclu" in heading.casefold()


def _filled(row: list[str], signed: set[int]) -> list[str]:
    """A row's cells; where a column has -1 as well, 0 is between the two, as in Abstrackr."""
    return ["maybe" if at in signed and cell.strip() == "0" else cell.strip() for at, cell in enumerate(row)]


def _logged(columns: list[Column], logs: list[Column], row: list[str]) -> Iterable[Values]:
    """A row of a log of exclusions, which has a reason and no decision."""
    for log in logs:
        reason = row[log.at].strip() if log.at < len(row) else ""
        if not decisions.undecided(reason):
            yield _values(columns, row, Column(log.at, "decision", log.stage, log.who)) | {
                "decision": "exclude",
                "reason": reason,
            }


def _decided(columns: list[Column], row: list[str]) -> Iterable[Values]:
    made: list[tuple[Column, Values]] = []
    deciding = [each for each in columns if each.kind == "decision" and each.at < len(row) and row[each.at]]
    signed = any(each.who and each.who != decisions.CONSENSUS for each in columns if each.kind == "decision")
    for each in sorted(deciding, key=lambda column: not column.stage):
        last = not each.stage and each.who in ("", decisions.CONSENSUS)
        if last and not signed and any(other.stage for other in columns if other.kind == "decision"):
            earlier = [decisions.told(values["decision"]) for _, values in made]
            if any(said and said[0] == "exclude" for said in earlier) or any(c.stage == "full-text" for c, _ in made):
                continue  # it repeats what the stages say
            made.append((each, _values(columns, row, each) | {"stage": "full-text", "decidedBy": ""}))
        else:
            values = _values(columns, row, each)
            made.append((each, values | ({"decidedBy": decisions.CONSENSUS} if last and signed else {})))
    for values in _with_reason(columns, row, made):
        yield {key: text for key, text in values.items() if text}


def _values(columns: list[Column], row: list[str], of: Column) -> Values:
    """The decision of a column, with what the columns beside it tell of it."""
    found: Values = {"decision": row[of.at], "stage": of.stage, "decidedBy": of.who}
    for kind in ("stage", "name", "date"):
        for each in columns:
            apart = each.kind != kind or each.at >= len(row) or not row[each.at].strip()
            if not apart and each.stage in ("", of.stage) and each.who in ("", of.who):
                key = KEYS.get(kind, kind)
                if (kind == "name" and each.who == of.who) or not found.get(key):
                    found[key] = row[each.at].strip()
    if not of.who and not found["decidedBy"]:
        own = {each.who for each in columns if each.kind == "decision"}
        names = [row[e.at] for e in columns if e.kind == "name" and e.who and e.who not in own and e.at < len(row)]
        found["decidedBy"] = "; ".join(dict.fromkeys(filter(None, names)))
    return found


def _with_reason(columns: list[Column], row: list[str], made: list[tuple[Column, Values]]) -> Iterable[Values]:
    """The decisions with their reasons; one that stands for all goes to the last exclusions."""
    reasons = [each for each in columns if each.kind == "reason" and each.at < len(row) and row[each.at]]
    out = [values for _, values in made if (said := decisions.told(values["decision"])) and said[0] == "exclude"]
    final = out[-1].get("stage", "") if out else ""
    for of, values in made:
        ranked = sorted(
            (each for each in reasons if each.stage in ("", of.stage) and each.who in ("", of.who)),
            key=lambda each: (not each.who, not each.stage),
        )
        best = next((each for each in ranked if each.who or each.stage or values.get("stage", "") == final), None)
        yield values | ({"reason": row[best.at]} if best and values in out else {})
