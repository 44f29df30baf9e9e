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
ORDER = ("title-abstract", "retrieval", "full-text")
KEYS = {"decision": "decision", "reason": "reason", "date": "decidedOn", "name": "decidedBy"}
_CHOICE = re.compile(r"\((?:y|yes|n|no|[01]|include|exclude|maybe)(?:\s*[/,|]\s*\w+)+\)", re.IGNORECASE)
"""What a heading says of its cells: `Include (Y/N)`."""
SIGNED = {"-1": "exclude", "0": "maybe", "1": "include", "o": "", "x": ""}
"""How Abstrackr writes verdicts; the letters stand for none yet, and for a conflict."""
SAMPLE = 400
"""By so many different cells a column is judged; one of texts has as many as there are rows."""
Values = dict[str, str]


@dataclass(frozen=True)
class Column:
    """A column that tells of decisions.

    Attributes:
        at: its index. kind: one of `KINDS` or `stage`. stage, who: of which decisions, or empty for all. named: it has
        a word that says that it tells of decisions; without one, its cells alone do. sure: that word leaves no doubt,
        whatever stands in its cells. read: the recipe reads it.
    """

    at: int
    kind: str
    stage: str = ""
    who: str = ""
    named: bool = True
    read: bool = False
    sure: bool = False


def read(
    headings: list[str], rows: list[list[str]], generic: dict[str, str], taken: set[str]
) -> list[tuple[Values, ...]] | None:
    """What each row decides, as values for `decisions.found_in`; None where the recipe's one column tells it all.

    `generic` names the key of squeezed headings that the recipe has for decisions, `taken` are its other headings.
    """
    columns = [each for at, heading in enumerate(headings) if (each := _column(at, heading, generic, taken))]
    cells = {each.at: [row[each.at].strip() for row in rows if each.at < len(row)] for each in columns}
    told = [each for each in columns if each.kind == "decision"]
    staged = len({each.stage for each in told if each.stage}) > 1
    signed = _signed(told, cells)
    columns = [_judged(each, _filled(cells[each.at], each.at in signed), staged, each.at in signed) for each in columns]
    deciding = [each for each in columns if each.kind == "decision"]
    if all(each.read for each in deciding):
        logs = [each for each in columns if each.kind == "reason" and _excludes(headings[each.at])]
        logs = [] if any("rayyan" in each.casefold() for each in headings) else logs  # its notes tell the verdicts
        return None if deciding or not logs else [tuple(_logged(columns, logs, row)) for row in rows]
    values = [[cell for at, text in enumerate(row) for cell in _filled([text], at in signed)] for row in rows]
    return [tuple(_decided(columns, row)) for row in values]


def _column(at: int, heading: str, generic: dict[str, str], taken: set[str]) -> Column | None:
    bare = _CHOICE.sub("", heading)
    squeezed, whole = (re.sub(r"[\W_]+", "", each.casefold()) for each in (bare, heading))
    heading = bare
    words = re.findall(r"[^\W\d_]+|\d+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading))
    if not words or len(words) > 8:
        return None
    if squeezed in taken:  # `AB` is an abstract, or somebody's initials; its cells tell
        return Column(at, "decision", "", " ".join(words), False) if len(squeezed) < 4 else None
    consensus = " ".join(words).casefold() in decisions.words("consensus")
    if squeezed in generic and not consensus and "final" not in map(str.casefold, words):
        return Column(at, generic[squeezed], read=whole == squeezed)
    rules: dict[str, Any] = decisions.rules()["columns"]
    kind = next((name for name in KINDS if _cut(words, rules[name])), "")
    rest = words
    while kind and (less := _cut(rest, rules[kind])) and rest != [""]:
        rest = less
    stage, rest = _stage(rest)
    rest = [each for each in rest if each and decisions.folded(each) not in rules["fillers"]]
    name = re.sub(r"\b([^\W\d_]) (?=\d)", r"\1", " ".join(rest))
    who = decisions.person(f"Reviewer {name}" if name.isdigit() else name)
    if consensus or decisions.CONSENSUS in {decisions.person(each) for each in (*rest, who)}:
        who = decisions.CONSENSUS
    if len(rest) > 3:
        return None
    sure = bool({decisions.folded(each) for each in words} & set(rules["sure"]))
    named = _reviewer(who) or (bool(kind) and not who and (bool(stage) or sure or kind != "decision"))
    named = named or who == decisions.CONSENSUS
    surest = not set(rules["surest"]).isdisjoint(map(decisions.folded, words))
    return Column(at, kind or "decision", stage, who, named, sure=kind == "decision" and (surest or (sure and named)))


def _reviewer(who: str) -> bool:
    return decisions.folded(who.split(" ")[0]) in decisions.rules()["columns"]["reviewer"]


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


def _judged(column: Column, cells: list[str], staged: bool, signed: bool) -> Column:
    """The column as its cells show it: of decisions, or of who decided, or of neither.

    `staged`: there are columns of several stages; `signed`: it has numbers as Abstrackr writes them.
    """
    filled = sorted({each for each in cells if each})[:SAMPLE]
    if column.kind != "decision" or column.read:
        return column
    weak = {decisions.folded(each) for each in decisions.rules()["columns"]["weak"]}
    said = [each for each in filled if decisions.told(each)]
    free = column.named or signed or (staged and bool(column.stage))
    plain = all(decisions.told(each) or decisions.undecided(each) for each in filled)
    strong = plain and not all(decisions.folded(each) in weak for each in filled)
    if said and (strong or column.sure or (free and 2 * len(said) >= len(filled))):
        return column  # words that aren't known are named
    return Column(column.at, "name" if _reviewer(column.who) and not said else "", column.stage, column.who)


def _excludes(heading: str) -> bool:
    return "exclu" in heading.casefold()


def _signed(columns: list[Column], cells: dict[int, list[str]]) -> set[int]:
    """The columns in the numbers of Abstrackr, which has one a reviewer beside that of the consensus."""
    numbers = [each for each in columns if {cell for cell in cells[each.at] if cell} <= {*SIGNED}]
    settled = any(each.who == decisions.CONSENSUS for each in numbers)
    return {each.at for each in numbers} if settled and any("-1" in cells[each.at] for each in numbers) else set()


def _filled(cells: list[str], signed: bool) -> list[str]:
    """Cells without blanks around them, and in words where they are `signed`."""
    words = SIGNED if signed else {}
    return [words.get(cell.strip(), cell.strip()) for cell in cells]


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
            stages = {other["stage"] for _, other in made if other["stage"] in ORDER}
            if last and signed:  # what the columns of reviewers came to, at the last of their stages
                values |= {
                    "decidedBy": decisions.CONSENSUS,
                    "stage": values["stage"] or (max(stages, key=ORDER.index) if stages else ""),
                }
            made.append((each, values))
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
