"""Cells and rows: what a store's solutions become, and how they fold into a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from evigraph.queries.parameters import XSD
from evigraph.queries.query_files import Query

if TYPE_CHECKING:
    from evigraph.store import Term


class Listed(str):
    """A cell that lists several texts, as one text.

    Attributes:
        parts: the texts, none of them where there is none.
    """

    def __new__(cls, text: str, parts: Iterable[str]) -> Listed:
        """Keep both."""
        made = super().__new__(cls, text)
        made.parts = tuple(parts)
        return made

    def __reduce__(self) -> tuple[type[Listed], tuple[str, tuple[str, ...]]]:
        """What a copy is made of."""
        return Listed, (str(self), self.parts)

    parts: tuple[str, ...]


Cell = str | int | float | None


@dataclass(frozen=True)
class Solved:
    """The solutions of a query, as cells, in its order: `variables` names them."""

    variables: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


@dataclass(frozen=True)
class Folding:
    """How a query's solutions become rows: `columns`, `group` and `fold` as in its header."""

    columns: tuple[str, ...]
    group: tuple[str, ...]
    fold: dict[str, str]


@dataclass(frozen=True)
class Table:
    """Rows that a query gave: `columns` names them, `rows` holds one tuple of cells a row.

    Of an answer that adds up by study, `solved` are the solutions that were folded into the rows, and `how`; rows of
    queries that it gathers come after those, `more` of them.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    solved: Solved | None = field(default=None, repr=False, compare=False)
    how: Folding | None = field(default=None, repr=False, compare=False)
    more: int = field(default=0, repr=False, compare=False)


def folding(query: Query) -> Folding:
    """How a query's solutions become rows."""
    return Folding(query.columns, query.group, query.fold)


def folded(how: Folding, found: Solved) -> list[tuple[Cell, ...]]:
    """The rows of a query's solutions."""
    places = [found.variables.index(name) for name in how.columns]
    if not how.fold:
        return list(map(_picker(places), found.rows))
    return _folded(how, found, [found.variables.index(name) for name in how.group])


def _folded(how: Folding, found: Solved, group: list[int]) -> list[tuple[Cell, ...]]:
    """One row a group, in order of first appearance; a fold column lists what its solutions bind, in order."""
    single = [found.variables.index(name) for name in how.columns if name not in how.fold]
    lists = [found.variables.index(name) for name in how.fold]
    key, singles = _picker(group or single), _picker(single)
    rows: dict[tuple[Cell, ...], tuple[list[Cell], list[list[str]]]] = {}
    for solution in found.rows:
        of = key(solution)
        row = rows.get(of)
        if row is None:
            row = rows[of] = list(singles(solution)), [[] for _ in lists]
        elif None in row[0]:
            row[0][:] = [cell if cell is not None else solution[i] for cell, i in zip(row[0], single, strict=True)]
        for place, listed in zip(lists, row[1], strict=True):
            if solution[place] is not None:
                listed.append(str(solution[place]))
    names = [*(name for name in how.columns if name not in how.fold), *how.fold]
    ordered = _picker([names.index(name) for name in how.columns])
    separators = list(how.fold.values())
    return [
        ordered((*told, *(Listed(s.join(parts), parts) for s, parts in zip(separators, listed, strict=True))))
        for told, listed in rows.values()
    ]


def _picker(places: list[int]) -> Callable[[tuple[Cell, ...]], tuple[Cell, ...]]:
    """What takes the cells at some places out of a row."""
    if len(places) == 1:
        (only,) = places
        return lambda row: (row[only],)
    return itemgetter(*places) if places else lambda _: ()


_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def cell(term: Term | None) -> Cell:
    """A term as a cell: numbers as numbers, truths as truths, everything else as its text."""
    if term is None or not hasattr(term, "datatype"):  # an IRI; heavy imports are left to the store
        return None if term is None else term.value
    datatype = term.datatype.value.removeprefix(XSD)
    try:
        if datatype == "boolean" and term.value in _TRUTHS:
            return _TRUTHS[term.value]
        if datatype == "integer":
            return int(term.value)
        if datatype in {"decimal", "double", "float"}:
            number = float(term.value)
            return int(number) if number.is_integer() else number
    except ValueError:  # more digits than Python takes, or no number at all: a literal may say so
        return term.value
    return term.value
