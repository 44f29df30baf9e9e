"""Cells and rows: what a store's solutions become, and how they fold into a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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
    queries that it gathers come after those.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    solved: Solved | None = field(default=None, repr=False, compare=False)
    how: Folding | None = field(default=None, repr=False, compare=False)


def folding(query: Query) -> Folding:
    """How a query's solutions become rows."""
    return Folding(query.columns, query.group, query.fold)


def folded(how: Folding, found: Solved) -> list[tuple[Cell, ...]]:
    """The rows of a query's solutions."""
    if how.fold:
        return _folded(how, (dict(zip(found.variables, row, strict=True)) for row in found.rows))
    places = [found.variables.index(name) for name in how.columns]
    return [tuple(row[place] for place in places) for row in found.rows]


def _folded(how: Folding, records: Any) -> list[tuple[Cell, ...]]:
    """One row a group, in order of first appearance; a fold column lists what its solutions bind, in order."""
    single = [name for name in how.columns if name not in how.fold]
    group = how.group or tuple(single)
    rows: dict[tuple[Cell, ...], dict[str, Any]] = {}
    for record in records:
        row = rows.setdefault(tuple(record[name] for name in group), {name: [] for name in how.fold})
        for name in single:
            if row.get(name) is None:
                row[name] = record[name]
        for name in how.fold:
            if record[name] is not None:
                row[name].append(str(record[name]))
    for row in rows.values():
        row.update({name: Listed(separator.join(row[name]), row[name]) for name, separator in how.fold.items()})
    return [tuple(row[name] for name in how.columns) for row in rows.values()]


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
