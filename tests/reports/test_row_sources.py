"""What each row of an answer rests on, asked once for all rows: the same as asked row by row."""

from __future__ import annotations

import pytest

from evigraph import queries
from evigraph.errors import UsageError
from evigraph.paths import SHIPPED, find_workspace
from evigraph.queries import build
from evigraph.reports import row_sources


@pytest.mark.parametrize(
    "name", ["table-3", "content-focus", "publications-by-year", "prisma-2020", "coverage", "rq-7"]
)
def test_all_rows_at_once_rest_on_what_each_rests_on(name: str) -> None:
    """A page of a whole table asks once; the traces that people open ask row by row."""
    workspace = find_workspace(SHIPPED)
    store, query = build.open_store(workspace), queries.load(workspace, name)
    table = queries.run(store, query)
    each = row_sources.of_each_row(workspace, store, query, {}, table)
    assert len(each) == len(table.rows)
    assert any(each)
    for number in range(1, len(table.rows) + 1, max(1, len(table.rows) // 12)):
        assert each[number - 1] == row_sources.of_row(workspace, store, query, {}, table, number)


def test_rows_that_rest_on_nothing_have_no_sources() -> None:
    """A query whose rows come from others names no record; asked for one row, that is an error that says so."""
    workspace = find_workspace(SHIPPED)
    store, query = build.open_store(workspace), queries.load(workspace, "discrepancies")
    table = queries.run(store, query)
    assert row_sources.of_each_row(workspace, store, query, {}, table) == [[] for _ in table.rows]
    with pytest.raises(UsageError, match="trace another query"):
        row_sources.of_row(workspace, store, query, {}, table, 1)


def test_every_number_of_a_table_opens() -> None:
    """Each row that counts something rests on records that can be named; as many findings as it says."""
    workspace = find_workspace(SHIPPED)
    store, looked = build.open_store(workspace), set()
    for query in queries.load_all(workspace):
        if query.folder not in {"tables", "figures", "counts"} or any(param.required for param in query.params):
            continue
        table = queries.run(store, query)
        units = [i for i, name in enumerate(table.columns) if name in {"studies", "findings", "reports", "records"}]
        each = row_sources.of_each_row(workspace, store, query, {}, table)
        for row, behind in zip(table.rows, each, strict=True):
            numbers = [row[i] for i in units if isinstance(row[i], int | float)]
            assert behind or not any(numbers), (query.name, row)
        looked |= {query.name} if units else set()
        if query.name in {"directions", "effects-by-outcome"}:
            place = table.columns.index("findings")
            assert [row[place] for row in table.rows] == [len(behind) for behind in each]
    assert {"directions", "effects-by-outcome", "publications-by-year"} <= looked
