"""Rows of two sides and what is said of each pair, as a table with one side down and the other across."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from evigraph.errors import UsageError
from evigraph.queries.query_files import Query
from evigraph.queries.rows import Cell, Table

WIDEST = 500
"""More columns are no table that anybody reads, and more than a spreadsheet or a terminal takes well."""


def pivot(table: Table, query: Query | None = None) -> Table:
    """The table with the values of its second side as columns.

    Three columns are row, column and cell; a query's header may say of more columns which are which. Where it says that
    several tell a row, the first stays, and of the others those that don't say the same everywhere. Rows stay in their
    order; columns in that which the rows have, as far as these agree. A cell is what the rows of its pair say: a number
    or text as it is, several joined by `; `, each once, and None where no row is of the pair.

    Raises:
        UsageError: the rows aren't of that form, or there would be more than `WIDEST` columns.
    """
    down, across, inside = _sides(table, query)
    telling = [*down[:1], *(i for i in down[1:] if len({row[i] for row in table.rows}) > 1)]
    cells: dict[tuple[Cell, ...], dict[Cell, list[Cell]]] = {}
    for row in table.rows:
        held = cells.setdefault(tuple(row[i] for i in telling), {}).setdefault(row[across], [])
        said = next((row[i] for i in inside if row[i] is not None), None)
        if said is not None and said not in held:
            held.append(said)
    columns = _order([list(row) for row in cells.values()])
    if len(columns) > WIDEST:
        raise UsageError(
            f"{table.name} can't be pivoted: `{table.columns[across]}` has {len(columns)} values, and no table with "
            f"more than {WIDEST} columns can be read; choose an attribute with fewer values"
        )
    names = _names([table.columns[i] for i in telling], columns)
    rows = [(*told, *(_joined(row.get(column, [])) for column in columns)) for told, row in cells.items()]
    return Table(table.name, names, rows)


def _sides(table: Table, query: Query | None) -> tuple[list[int], int, list[int]]:
    """The places of the columns for rows, columns and cells."""
    said: dict[str, Any] = query.pivot if query else {}
    if said:
        rows = said["row"] if isinstance(said["row"], list) else [said["row"]]
        down, inside = ([table.columns.index(name) for name in names] for names in (rows, said["cell"]))
        return down, table.columns.index(said["column"]), inside
    if len(table.columns) != 3:
        raise UsageError(
            f"{table.name} can't be pivoted: it has the columns {', '.join(table.columns)}; three are needed, for row, "
            "column and cell, as `crosstab` has them"
        )
    return [0], 1, [2]


def _order(sequences: list[list[Cell]]) -> list[Cell]:
    """All columns: sorted if each row has its own sorted, else each before what follows it where it first appears."""
    every = list(dict.fromkeys(cell for sequence in sequences for cell in sequence))
    if all(sequence == sorted(sequence, key=_key) for sequence in sequences):
        return sorted(every, key=_key)
    found: list[Cell] = []
    for sequence in sequences:
        place = len(found)
        for cell in reversed(sequence):
            if cell in found:
                place = found.index(cell)
            else:
                found.insert(place, cell)
    return found


def _key(cell: Cell) -> tuple[bool, bool, float, str]:
    """Numbers by size, then texts as SPARQL orders them, then what is unbound."""
    number = isinstance(cell, int | float)
    return cell is None, not number, float(cell) if isinstance(cell, int | float) else 0.0, str(cell)


def _joined(said: Sequence[Cell]) -> Cell:
    if len(said) < 2:
        return said[0] if said else None
    return "; ".join(str(each) for each in said)


def _names(first: Iterable[str], columns: Iterable[Cell]) -> tuple[str, ...]:
    """Names of columns, each once: a value that is called like one of the first, or an empty one, is told apart."""
    taken: dict[Hashable, None] = dict.fromkeys(first)
    for column in columns:
        name = wanted = "(empty)" if column is None or column == "" else str(column)
        number = 2
        while name in taken:
            name, number = f"{wanted} ({number})", number + 1
        taken[name] = None
    return tuple(str(name) for name in taken)
