"""What the paper states in figures, each bound to a canned query and to what is expected of its rows."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from evigraph.errors import DataError
from evigraph.files import yaml_text
from evigraph.queries import Ask, Query, Table
from evigraph.reports import table_formats

EXPECTATIONS: dict[str, Callable[[float, float], bool]] = {
    "equals": operator.eq,
    "about": lambda found, stated: abs(found - stated) <= 0.005 * abs(stated),
    "at least": operator.ge,
    "at most": operator.le,
    "more than": operator.gt,
    "less than": operator.lt,
}
"""How the regenerated value is compared with the stated one; `about` allows half a percent, for printed fractions."""

MEASURES = ("rows", "distinct", "cell", "sum", "first")
"""How rows become one number: how many, how many different cells of a column, the one cell, their sum, the first."""


@dataclass(frozen=True)
class Claim:
    """One figure of the text.

    Attributes:
        locator: where it stands. claim: what is stated, in our words. printed: the figure as printed. kind: its kind.
        query, params, where: the rows that answer it; `where` holds patterns (`*`, `?`, `[ab]`) by column.
        measure: one of `MEASURES` and, but for `rows`, a column. expectation: one of `EXPECTATIONS`.
        value: the stated number. against: rows of the same query whose measure is the stated number instead.
        discrepancy: the id of the discrepancy that records a difference. missing: why it can't be regenerated.
    """

    locator: str
    claim: str
    printed: str
    kind: str
    query: str = ""
    params: dict[str, str] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    measure: str = ""
    expectation: str = "equals"
    value: float | None = None
    against: dict[str, str] = field(default_factory=dict)
    discrepancy: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Outcome:
    """A claim's verdict: `reproduced`, `differs` or `cannot be reproduced`.

    Attributes:
        regenerated: the value from the graph, or empty. why: what is missing, or the discrepancy that records it.
        recorded: whether a difference is recorded by a discrepancy of the review.
    """

    claim: Claim
    verdict: str
    regenerated: str
    why: str
    recorded: bool = True


def read(path: Path) -> list[Claim]:
    """The claims of a file; none if there is no such file.

    Raises:
        DataError: it isn't YAML in UTF-8, or a claim has an unknown key, expectation or measure.
    """
    if not path.exists():
        return []
    try:
        entries = (yaml_text.load(path.read_text("utf-8")) or {}).get("claims", [])
    except (yaml_text.YAMLError, UnicodeDecodeError, AttributeError) as error:
        raise DataError(path, 0, f"not YAML in UTF-8 with a list `claims`: {error}; mend the syntax") from None
    return [_claim(path, number, entry) for number, entry in enumerate(entries, 1)]


def _claim(path: Path, number: int, entry: Any) -> Claim:
    try:
        claim = Claim(**entry)
    except TypeError as error:
        raise DataError(path, 0, f"claim {number}: {error}; mend the keys") from None
    if claim.missing:
        return claim
    if claim.expectation not in EXPECTATIONS or claim.measure.split(" ")[0] not in MEASURES:
        known = f"{', '.join(EXPECTATIONS)} and {', '.join(MEASURES)}"
        message = (
            f"claim {number}: no expectation `{claim.expectation}` or measure `{claim.measure}`; there are {known}"
        )
        raise DataError(path, 0, message)
    if claim.value is None and not claim.against:
        raise DataError(path, 0, f"claim {number}: give the stated `value`, or rows to compare with as `against`")
    return claim


def judge(load: Callable[[str], Query], ask: Ask, claims: list[Claim]) -> list[Outcome]:
    """The verdict on each claim, in their order; `load` gives a query by its name, and `ask` its answer.

    Raises:
        UsageError: a claim names a query, parameter or column that isn't there.
    """
    answers: dict[str, Table] = {}
    known = {str(row[0]) for row in ask(load("discrepancy-ids"), None).rows}
    return [_judged(load, ask, claim, answers, known) for claim in claims]


def _judged(
    load: Callable[[str], Query], ask: Ask, claim: Claim, answers: dict[str, Table], known: set[str]
) -> Outcome:
    if claim.missing:
        return Outcome(claim, "cannot be reproduced", "", claim.missing)
    asked = f"{claim.query} {sorted(claim.params.items())}"
    if asked not in answers:
        answers[asked] = ask(load(claim.query), claim.params)
    found = measured(answers[asked], claim.where, claim.measure)
    stated = measured(answers[asked], claim.against, claim.measure) if claim.against else claim.value
    if found is None or stated is None:
        return Outcome(claim, "differs", "", f"`{claim.query}` has no one such row", False)
    shown = table_formats.number(found) + (f" against {table_formats.number(stated)}" if claim.against else "")
    if EXPECTATIONS[claim.expectation](found, stated):
        return Outcome(claim, "reproduced", shown, "")
    return Outcome(claim, "differs", shown, claim.discrepancy, claim.discrepancy in known)


def measured(table: Table, where: dict[str, str], measure: str) -> float | None:
    """One number from the rows whose cells match `where`; None where there is no one such number."""
    place = {name: i for i, name in enumerate(table.columns)}
    rows = [
        r for r in table.rows if all(fnmatchcase(table_formats.text(r[place[c]]), str(p)) for c, p in where.items())
    ]
    how, _, column = measure.partition(" ")
    if how == "rows":
        return len(rows)
    cells = [row[place[column]] for row in rows]
    if how == "distinct":
        return len(set(cells))
    numbers = [float(cell) for cell in cells if isinstance(cell, (int, float))]
    if how == "sum":
        return sum(numbers)
    if how == "first":
        return numbers[0] if numbers else None
    return numbers[0] if len(set(numbers)) == 1 else None
