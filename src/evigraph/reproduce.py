"""Does the graph give the paper's own tables: the one module that reads `data/*/printed/`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from evigraph import queries, rendering
from evigraph.errors import DataError
from evigraph.paths import Workspace
from evigraph.queries import Table
from evigraph.store import Store


@dataclass(frozen=True)
class Difference:
    """One cell that the graph gives otherwise than the paper.

    Attributes:
        row: counted from 1. column: its name. printed, regenerated: the two texts.
    """

    row: int
    column: str
    printed: str
    regenerated: str


@dataclass(frozen=True)
class Comparison:
    """One printed table against the graph.

    Attributes:
        name: the query. title: what it reproduces. cells: how many were compared. differences: those that differ.
    """

    name: str
    title: str
    cells: int
    differences: tuple[Difference, ...]


def compare_tables(workspace: Workspace, store: Store) -> list[Comparison]:
    """Every table under `printed/` against the rows of the query of the same name.

    Raises:
        DataError: a printed table can't be read, or has other columns than its query.
    """
    return [_compare(workspace, store, path) for path in sorted((workspace.review / "printed").glob("*.csv"))]


def _compare(workspace: Workspace, store: Store, path: Path) -> Comparison:
    query = queries.load(workspace, path.stem)
    printed, regenerated = read_printed(path), queries.run(store, query)
    if printed.columns != query.columns:
        raise DataError(path, 1, f"the columns are {', '.join(printed.columns)}; name them {', '.join(query.columns)}")
    empty = ("",) * len(query.columns)
    differences = tuple(
        Difference(number, column, rendering.text(before), rendering.text(after))
        for number, rows in enumerate(zip_longest(printed.rows, regenerated.rows, fillvalue=empty), 1)
        for column, before, after in zip(query.columns, *rows, strict=True)
        if rendering.text(before) != rendering.text(after)
    )
    longest = max(len(printed.rows), len(regenerated.rows))
    return Comparison(query.name, query.reproduces or query.name, longest * len(query.columns), differences)


def read_printed(path: Path) -> Table:
    """A printed table, cell by cell as the paper has it.

    Raises:
        DataError: the file isn't UTF-8, or a row is longer or shorter than the header.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
    except (UnicodeDecodeError, ValueError, csv.Error) as error:
        raise DataError(path, 0, f"not a CSV file in UTF-8 with a header row: {error}; save it again as one") from None
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise DataError(path, number, f"{len(row)} cells under {len(header)} columns; mend the commas or quotes")
    return Table(path.stem, tuple(header), [tuple(row) for row in rows])
