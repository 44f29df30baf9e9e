"""Rows as a table of two sides."""

from __future__ import annotations

import random

import pytest

from evigraph.errors import UsageError
from evigraph.queries import Cell, Table, pivot
from evigraph.queries.pivots import WIDEST

THREE = ("row", "column", "n")


def test_cells_stand_where_their_sides_meet() -> None:
    """A cell that no row says is unbound, and not 0."""
    table = pivot(Table("t", THREE, [("a", "x", 1), ("a", "y", 2), ("b", "y", 0)]))
    assert table == Table("t", ("row", "x", "y"), [("a", 1, 2), ("b", None, 0)])


def test_several_values_are_joined_once_each() -> None:
    """One is left as it is."""
    table = pivot(Table("t", THREE, [("a", "x", "u"), ("a", "x", "v"), ("a", "x", "u"), ("b", "x", 3)]))
    assert table.rows == [("a", "u; v"), ("b", 3)]


@pytest.mark.parametrize("seed", range(20))
def test_columns_keep_the_order_that_rows_have(seed: int) -> None:
    """Whatever cells are missing; sorted ones come out sorted."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    names: list[Cell] = [f"c{n:02}" for n in range(12)]
    rows: list[tuple[Cell, ...]] = [(r, name, 1) for r in range(6) for name in names if chance.random() < 0.5]
    columns = pivot(Table("t", THREE, rows)).columns[1:]
    assert list(columns) == sorted(columns)
    assert set(columns) == {row[1] for row in rows}


def test_an_order_of_its_own_is_kept() -> None:
    """As the codebook's, where each row has a part of it."""
    rows: list[tuple[Cell, ...]] = [
        ("a", "low", 1),
        ("a", "high", 1),
        ("b", "low", 1),
        ("b", "middle", 1),
        ("b", "high", 1),
    ]
    assert pivot(Table("t", THREE, rows)).columns == ("row", "low", "middle", "high")


def test_numbers_are_ordered_by_size() -> None:
    """Not as texts."""
    assert pivot(Table("t", THREE, [("a", 2, 1), ("a", 10, 1), ("b", 9, 1)])).columns == ("row", "2", "9", "10")


def test_names_of_columns_are_told_apart() -> None:
    """A value that is called like the first column, or is empty, takes no other's place."""
    table = pivot(Table("t", THREE, [("a", "row", 1), ("a", "", 2), ("a", None, 3)]))
    assert len(set(table.columns)) == len(table.columns) == 4
    assert sorted(map(str, table.rows[0][1:])) == ["1", "2", "3"]


def test_no_rows_are_no_columns() -> None:
    """But the first."""
    assert pivot(Table("t", THREE, [])) == Table("t", ("row",), [])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (Table("flow", ("step", "count"), []), "flow can't be pivoted: it has the columns step, count; three are"),
        (
            Table("t", THREE, [(1, n, 1) for n in range(WIDEST + 1)]),
            f"t can't be pivoted: `column` has {WIDEST + 1} values",
        ),
    ],
)
def test_what_has_no_two_sides_is_refused(table: Table, message: str) -> None:
    """In one line."""
    with pytest.raises(UsageError, match=message) as refused:
        pivot(table)
    assert "\n" not in str(refused.value)
