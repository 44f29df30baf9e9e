"""Answers that add up by study, so that what a changed study adds is asked of that study alone.

What the `adds` of a query's header claims, with S the documents that studies share, and studies x, y, …:

    Q(S, x, y, …) = Q(S) + (Q(S, x) - Q(S)) + (Q(S, y) - Q(S)) + …

where + is that of multisets of solutions (`rows`, of which each names what one study alone has, and `lists`, whose
solutions are folded into rows that several studies have), or that of numbers in rows that are otherwise the same
(`sums`). From this follows Q(now) = Q(before) - Q(S, x before) + Q(S, x now). A test holds every header to the law.
Where a row that has to go isn't there, or where the query's order leaves open which of two rows comes first, there is
no answer here, and the query is asked whole.

>>> order("SELECT ?a ?b WHERE { } ORDER BY ?a DESC(?b)")
(('a', False, False), ('b', True, False))
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import total_ordering
from typing import Any

from evigraph.queries.query_files import Query
from evigraph.queries.rows import Cell, Solved, Table, folded

Order = tuple[tuple[str, bool, bool], ...]
"""Variables by which solutions are ordered; of each, whether from the last on, and whether only if it is bound."""
Row = tuple[Cell, ...]

_CONDITION = re.compile(r"(?i)\s*(?:(DESC|ASC)\s*\(\s*)?(?:(BOUND)\s*\(\s*)?[?$](\w+)((?:\s*\))*)")


def order(text: str) -> Order:
    """How a query's solutions are ordered; nothing where it has no order.

    Raises:
        LookupError: it is ordered by something else than plain variables.
    """
    _, found_any, tail = re.sub(r"(?m)^#.*$", "", text).rpartition("ORDER BY")
    found, at = [], 0
    while match := _CONDITION.match(tail, at):
        found.append((match[3], str(match[1]).upper() == "DESC", match[2] is not None))
        at = match.end()
    if found_any and tail[at:].strip():
        raise LookupError(tail[at:])
    return tuple(found) if found_any else ()


def changed(query: Query, before: Table, old: Solved, new: Solved, shared: Callable[[], Solved]) -> Table | None:
    """The answer now, from the one before and what the changed studies had and have; None where it can't be told.

    `old` and `new` are asked of the changed studies with what all share, and `shared` of that alone.
    """
    solved = before.solved
    if solved is None or before.how is None or not solved.variables == old.variables == new.variables:
        return None
    try:
        key = _key(query, solved.variables)
        if query.sums:
            rows = _summed(query, solved, old, new, shared)
            rows.sort(key=key)
        else:
            rows = _replaced(solved.rows, old.rows, new.rows, key)
        if query.sums and any(key(a) == key(b) for a, b in itertools.pairwise(rows)):
            return None
    except (LookupError, TypeError):
        return None
    made = Solved(solved.variables, rows)
    return replace(before, rows=folded(before.how, made), solved=made, more=0)


def checked(query: Query, table: Table) -> Table:
    """An answer that was asked of the whole; nothing is added to it where its order leaves something open."""
    return table if table.solved is None or _orderly(query, table.solved) else replace(table, solved=None, how=None)


def _orderly(query: Query, solved: Solved) -> bool:
    """Whether the solutions stand in the order of the query, and no two could be exchanged."""
    try:
        key = _key(query, solved.variables)
        pairs = itertools.pairwise((key(row), row) for row in solved.rows)
        return all(a < b or one == other for (a, one), (b, other) in pairs)
    except (LookupError, TypeError):
        return False


def _key(query: Query, variables: tuple[str, ...]) -> Callable[[Row], Any]:
    """What a row is ordered by.

    Raises:
        LookupError: the query isn't ordered by variables that it projects.
    """
    told = order(query.text)
    places = [(variables.index(name) if name in variables else -1, last, bound) for name, last, bound in told]
    if any(place < 0 for place, _, _ in places):
        raise LookupError(query.name)

    def key(row: Row) -> tuple[Any, ...]:
        return tuple(_part(row[place], last, bound) for place, last, bound in places)

    return key


def _part(cell: Cell, last: bool, bound: bool) -> Any:
    if bound:
        cell = int(cell is not None)
    part = (0, 0) if cell is None else (1, cell)
    return _Falling(part) if last else part


@total_ordering
class _Falling:
    """A value that comes before smaller ones."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Falling) and self.value == other.value

    def __lt__(self, other: _Falling) -> bool:
        return bool(other.value < self.value)

    def __hash__(self) -> int:
        return hash(self.value)


def _replaced(rows: list[Row], old: list[Row], new: list[Row], key: Callable[[Row], Any]) -> list[Row]:
    """Rows in their order, without the old ones and with the new.

    Raises:
        LookupError: an old one isn't there, or the place of a new one is open.
    """
    made, had, has = list(rows), Counter(old), Counter(new)
    for row in (had - has).elements():
        at = bisect_left(made, key(row), key=key)
        if at == len(made) or made[at] != row:
            raise LookupError(row)
        del made[at]
    for row in (has - had).elements():
        at = bisect_left(made, key(row), key=key)
        if at < len(made) and made[at] != row and key(made[at]) == key(row):
            raise LookupError(row)
        made.insert(at, row)
    return made


def _summed(query: Query, before: Solved, old: Solved, new: Solved, shared: Callable[[], Solved]) -> list[Row]:
    """Rows with the numbers of the old ones taken off, and those of the new ones added.

    A row without a number goes, unless what the studies share has it.

    Raises:
        LookupError: there is nothing to take a number off.
    """
    places = [before.variables.index(name) for name in query.sums]
    totals = {_rest(row, places): [_number(row[i]) for i in places] for row in before.rows}
    if len(totals) < len(before.rows):
        raise LookupError(query.name)
    for row in old.rows:
        total = totals[_rest(row, places)]
        total[:] = [a - _number(row[i]) for a, i in zip(total, places, strict=True)]
    for row in new.rows:
        total = totals.setdefault(_rest(row, places), [0] * len(places))
        total[:] = [a + _number(row[i]) for a, i in zip(total, places, strict=True)]
    if any(number < 0 for total in totals.values() for number in total):
        raise LookupError(query.name)
    if not all(any(total) for total in totals.values()):
        always = {_rest(row, places) for row in shared().rows}
        totals = {rest: total for rest, total in totals.items() if any(total) or rest in always}
    return [_with(rest, total, places) for rest, total in totals.items()]


def _number(cell: Cell) -> int:
    if not isinstance(cell, int):
        raise TypeError(cell)
    return cell


def _rest(row: Row, places: list[int]) -> Row:
    """A row with nothing in place of its numbers."""
    return tuple(None if i in places else cell for i, cell in enumerate(row))


def _with(rest: Row, total: list[int], places: list[int]) -> Row:
    numbers = dict(zip(places, total, strict=True))
    return tuple(numbers.get(i, cell) for i, cell in enumerate(rest))
