"""What the paper states in figures, each bound to a canned query and to what is expected of its rows."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from evigraph.errors import DataError
from evigraph.files import yaml_text
from evigraph.queries import Cell, Table
from evigraph.reports import table_formats


def same(found: float, stated: float, tolerance: float = 0) -> bool:
    """Whether two numbers are the same but for the tolerance, and for what a computer's fractions lose."""
    return math.isclose(found, stated, rel_tol=1e-9, abs_tol=tolerance + 1e-12)


EXPECTATIONS: dict[str, Callable[[float, float], bool]] = {
    "equals": same,
    "about": lambda found, stated: abs(found - stated) <= 0.005 * abs(stated),
    "at least": operator.ge,
    "at most": operator.le,
    "more than": operator.gt,
    "less than": operator.lt,
}
"""How the regenerated value is compared with the stated one; `about` allows half a percent, for printed fractions."""

MEASURES = ("rows", "distinct", "cell", "sum", "first")
"""How rows become one number: how many, how many different cells of a column, the one cell, their sum, the first."""

BASES = ("counted", "derived", "transcribed")
"""How a figure is got: by counting records, by computing from what is recorded, or typed in and only handed back."""


@dataclass(frozen=True)
class Claim:
    """One figure of the text.

    Attributes:
        locator: where it stands. claim: what is stated, in our words. printed: the figure as printed. kind: its kind.
        query, params, where: the rows that answer it; `where` holds patterns (`*`, `?`, `[ab]`) by column.
        measure: one of `MEASURES` and, but for `rows`, a column. expectation: one of `EXPECTATIONS`.
        value: the stated number. against: rows of the same query whose measure is the stated number instead.
        tolerance: by how much `equals` may miss. basis: how the figure is got, where a person says it; one of `BASES`.
        discrepancy: the id of the discrepancy that records a difference. untouched_by: ids (computed ones: kinds) of
        discrepancies at this place that are about something else; the file's own list holds for every claim. missing:
        why it can't be regenerated.
        number: its place in the file, counted from 1.
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
    tolerance: float = 0
    basis: str = ""
    discrepancy: str = ""
    untouched_by: list[str] = field(default_factory=list)
    missing: str = ""
    number: int = 0

    def holds(self, found: float, stated: float) -> bool:
        """Whether the regenerated number is as the claim expects it of the stated one."""
        if self.expectation == "equals":
            return same(found, stated, self.tolerance)
        return EXPECTATIONS[self.expectation](found, stated)


def read(path: Path) -> list[Claim]:
    """The claims of a file; none if there is no such file.

    Raises:
        DataError: it isn't YAML in UTF-8, or a claim has an unknown key, expectation, measure, basis or kind of value.
    """
    content = _content(path)
    entries, beside = content.get("claims") or [], content.get("untouched_by") or []
    if not isinstance(entries, list) or not isinstance(beside, list):
        raise DataError(path, 0, "`claims` or `untouched_by` is no list; begin each claim with `- locator:`")
    claims = [_claim(path, number, entry) for number, entry in enumerate(entries, 1)]
    return [replace(claim, untouched_by=[*claim.untouched_by, *beside]) for claim in claims]


def tolerances(path: Path) -> dict[str, dict[str, float]]:
    """By how much the cells of a printed table may miss, by query and column, as the file's `tolerances` say.

    Raises:
        DataError: it isn't YAML in UTF-8, or the tolerances are no numbers by query and column.
    """
    found = _content(path).get("tolerances") or {}
    if not isinstance(found, dict) or not all(
        isinstance(columns, dict) and all(map(_is_tolerance, columns.values())) for columns in found.values()
    ):
        raise DataError(path, 0, "write `tolerances` as numbers by query and column: `{shares: {share: 0.005}}`")
    return found


def _content(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        content = yaml_text.load(path.read_text("utf-8")) or {}
    except (yaml_text.YAMLError, UnicodeDecodeError) as error:
        raise DataError(path, 0, f"not YAML in UTF-8 with a list `claims`: {error}; mend the syntax") from None
    if not isinstance(content, dict):
        raise DataError(path, 0, "not YAML in UTF-8 with a list `claims`; begin the file with `claims:`")
    return content


def _is_tolerance(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


_KEYS = tuple(each.name for each in fields(Claim) if each.name != "number")


def _claim(path: Path, number: int, entry: Any) -> Claim:
    try:
        unknown = [key for key in entry if key not in _KEYS] if isinstance(entry, dict) else [str(entry)]
        if unknown:
            raise TypeError(f"unknown key `{unknown[0]}`; there are {', '.join(_KEYS)}")
        claim = replace(Claim(**entry), number=number)
    except TypeError as error:
        raise DataError(path, 0, f"claim {number}: {error}; mend the keys") from None
    if wrong := _wrong(claim):
        raise DataError(path, 0, f"claim {number}: {wrong}")
    return claim


def _wrong(claim: Claim) -> str:
    """What can't be judged of a claim, and the mend; empty if it can."""
    held = vars(claim)  # as written, which may be of any kind
    if not isinstance(held["untouched_by"], list):
        return "`untouched_by` is no list; write `[discrepancy/…]`"
    if claim.missing:
        return ""
    if claim.expectation not in EXPECTATIONS or claim.measure.split(" ")[0] not in MEASURES:
        known = f"{', '.join(EXPECTATIONS)} and {', '.join(MEASURES)}"
        return f"no expectation `{claim.expectation}` or measure `{claim.measure}`; there are {known}"
    if claim.measure in MEASURES[1:]:
        return f"the measure `{claim.measure}` needs a column; write `{claim.measure} COLUMN`"
    if claim.value is None and not claim.against:
        return "give the stated `value`, or rows to compare with as `against`"
    if isinstance(held["value"], bool) or not isinstance(held["value"], int | float | None):
        return f"the `value` `{claim.value}` is no number; write it without quotes, commas and units"
    for name in ("params", "where", "against"):
        if not isinstance(held[name], dict):
            return f"`{name}` is no mapping; write a line `column: pattern` for each"
    if not _is_tolerance(claim.tolerance) or (claim.tolerance and claim.expectation != "equals"):
        return "a `tolerance` is a number of 0 or more, and goes with `equals` only"
    if claim.basis and claim.basis not in BASES:
        return f"no basis `{claim.basis}`; there are {', '.join(BASES)}"
    return ""


def matching(table: Table, where: dict[str, str]) -> list[tuple[Cell, ...]]:
    """The rows whose cells match the patterns.

    Raises:
        KeyError: the table has no such column; its name is the key.
    """
    place = {name: i for i, name in enumerate(table.columns)}
    patterns = [(place[column], str(pattern)) for column, pattern in where.items()]
    return [row for row in table.rows if all(fnmatchcase(table_formats.text(row[i]), p) for i, p in patterns)]


def measured(table: Table, where: dict[str, str], measure: str) -> float | None:
    """One number from the rows whose cells match `where`; None where there is no one such number.

    Raises:
        KeyError: the table has no such column; its name is the key.
    """
    rows = matching(table, where)
    how, _, column = measure.partition(" ")
    if how == "rows":
        return len(rows)
    at = {name: i for i, name in enumerate(table.columns)}[column]
    cells = [row[at] for row in rows]
    if how == "distinct":
        return len(set(cells))
    numbers = [float(cell) for cell in cells if isinstance(cell, (int, float)) and not isinstance(cell, bool)]
    if how == "sum":
        return sum(numbers)
    if how == "first":
        return numbers[0] if numbers else None
    return numbers[0] if len(set(numbers)) == 1 else None
