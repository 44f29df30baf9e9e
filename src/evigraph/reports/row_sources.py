"""The records that the rows of a canned query rest on: findings, studies, or whatever else it counts."""

from __future__ import annotations

import re

from evigraph import queries
from evigraph.errors import UsageError
from evigraph.paths import Workspace
from evigraph.queries import Query, Table
from evigraph.reports import table_formats
from evigraph.reports.outer_pattern import body, flat
from evigraph.store import Store, select

SOURCES = ("finding", "study", "s", "node", "record", "any")
"""The variables of a query that its rows rest on, the best first: a finding, a study, any other record."""


def of_row(
    workspace: Workspace,
    store: Store,
    query: Query,
    arguments: dict[str, str],
    table: Table,
    row: int,
    column: str = "",
) -> list[str]:
    """The IRIs that one row of an answer rests on, or one cell of it.

    The row is counted from 1; an empty column means the whole row.

    Raises:
        UsageError: there is no such row or column, or the query rests on no record that could be named.
    """
    _require(query, table, row, column)
    store = queries.retracted.of_arguments(store, arguments)
    if query.rests:
        return _resting(workspace, store, query).get(table.rows[row - 1][0], [])
    bound, solutions = _solved(store, query, arguments)
    found = []
    for source, cells in solutions:
        if column in bound and cells[column] is None:
            continue
        if _same(query, table.rows[row - 1], cells, bound):
            found.append(source)
    return list(dict.fromkeys(found))


def of_each_row(
    workspace: Workspace, store: Store, query: Query, arguments: dict[str, str], table: Table
) -> list[list[str]]:
    """The IRIs that each row of an answer rests on, as `of_row` gives them for one; the query is asked once.

    A row that rests on no record that could be named has none.
    """
    store = queries.retracted.of_arguments(store, arguments)
    if query.rests:
        named = _resting(workspace, store, query)
        return [named.get(row[0], []) for row in table.rows]
    try:
        bound, solutions = _solved(store, query, arguments)
    except UsageError:
        return [[] for _ in table.rows]
    plain = [name for name in bound if name not in query.fold]
    exact: dict[tuple[queries.Cell, ...], list[tuple[str, dict[str, queries.Cell]]]] = {}
    loose = []
    for solution in solutions:
        key = tuple(solution[1][name] for name in plain)
        if None in key:
            loose.append(solution)  # what a solution doesn't bind, a row may have
        else:
            exact.setdefault(key, []).append(solution)
    place = {name: i for i, name in enumerate(query.columns)}
    found = []
    for row in table.rows:
        near = [*exact.get(tuple(row[place[name]] for name in plain), []), *loose]
        found.append(list(dict.fromkeys(source for source, cells in near if _same(query, row, cells, bound))))
    return found


def _solved(
    store: Store, query: Query, arguments: dict[str, str]
) -> tuple[list[str], list[tuple[str, dict[str, queries.Cell]]]]:
    """The columns that solutions bind, and each solution: what it rests on, and its cells.

    Raises:
        UsageError: the query rests on no record that could be named.
    """
    text = queries.sparql(query, arguments, queries.at_hand(store))
    pattern = body(text)
    # A variable that is a column holds a label, but for `finding` and for the study beside it.
    named = {"finding", "study"} if "finding" in query.columns else {"finding"}
    free = [name for name in SOURCES if name in named or name not in query.columns]
    sources = [name for name in free if re.search(rf"\?{name}\b", flat(pattern))]
    if not sources:
        raise UsageError(f"{query.name} rests on no record that could be named; trace another query")
    bound = [name for name in query.columns if re.search(rf"\?{name}\b", flat(pattern))]
    prologue = text[: re.search(r"(?im)^SELECT\b", text).start()]  # type: ignore[union-attr]
    # A finding that only some rows have leaves the others to what they rest on beside it.
    told = sources[:2] if sources[0] in query.columns else sources[:1]
    variables = " ".join(f"?{name}" for name in dict.fromkeys([*bound, *told]))
    order = " ".join(f"?{name}" for name in told)
    solutions = select(store, f"{prologue}SELECT DISTINCT {variables} WHERE {{{pattern}}} ORDER BY {order}")
    found = []
    for terms in solutions.rows:
        cells = {name: queries.cell(term) for name, term in zip(solutions.variables, terms, strict=True)}
        if (source := next((cells[name] for name in told if cells[name] is not None), None)) is not None:
            found.append((str(source), cells))
    return bound, found


def _require(query: Query, table: Table, row: int, column: str) -> None:
    if not 1 <= row <= len(table.rows):
        raise UsageError(f"{query.name} has rows 1 to {len(table.rows)}, not {row}", row)
    if column and column not in table.columns:
        raise UsageError(f"{query.name} has no column `{column}`; it has {', '.join(table.columns)}", column)


def _resting(workspace: Workspace, store: Store, query: Query) -> dict[queries.Cell, list[str]]:
    """The IRIs that the query which this one `rests` on names, by the first cell of a row."""
    named: dict[queries.Cell, dict[str, None]] = {}
    for name, record, *_ in queries.run(store, queries.load(workspace, query.rests)).rows:
        named.setdefault(name, {})[str(record)] = None
    return {name: list(records) for name, records in named.items()}


def _same(query: Query, row: tuple[queries.Cell, ...], cells: dict[str, queries.Cell], bound: list[str]) -> bool:
    """Whether a solution belongs to a row: single cells are equal, and a list cell holds what the solution adds."""
    for name, cell in zip(query.columns, row, strict=True):
        if name not in bound or cells.get(name) is None:
            continue
        if name in query.fold:
            whole, separator = table_formats.text(cell), query.fold[name]
            if table_formats.text(cells[name]) not in (whole.split(separator) if separator else whole):
                return False
        elif cells[name] != cell:
            return False
    return True
