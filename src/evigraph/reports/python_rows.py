"""The rows of an answer for people who program: named tuples, a table in a notebook, a data frame."""

from __future__ import annotations

import contextlib
import datetime
from collections import namedtuple
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from evigraph.errors import MissingPartError
from evigraph.files import write_whole
from evigraph.queries import Cell, Listed, Table
from evigraph.reports import answer_sheet as asking
from evigraph.reports import table_formats

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


class Rows(Sequence[Any]):
    """The rows of an answer: named tuples in their order, which show as a table in a notebook.

    Attributes:
        name: the query. columns: the names of the columns, as the query gives them.
    """

    def __init__(self, table: Table) -> None:
        """Keep a table."""
        self._table = table
        self.name = table.name
        self.columns = table.columns
        # A column that is no Python name, or stands twice, is `_0`, `_1` … by its place.
        self._row: Any = namedtuple("Row", table.columns, rename=True)  # type: ignore[misc]

    def __len__(self) -> int:
        return len(self._table.rows)

    @overload
    def __getitem__(self, index: int) -> Any: ...

    @overload
    def __getitem__(self, index: slice) -> Rows: ...

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return Rows(Table(self.name, self.columns, self._table.rows[index]))
        return self._row(*self._table.rows[index])

    def __iter__(self) -> Iterator[Any]:
        return (self._row(*row) for row in self._table.rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and self._table == other._table

    def __hash__(self) -> int:
        return hash((self.name, self.columns, len(self)))

    def __repr__(self) -> str:
        return table_formats.as_table(self._table).rstrip()

    def _repr_html_(self) -> str:
        """What Jupyter shows."""
        return table_formats.as_html(self._table)

    def to_dicts(self) -> list[dict[str, Cell]]:
        """One dictionary a row, by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self._table.rows]

    def typed(self) -> list[Any]:
        """The rows as named tuples with a list where a cell lists several texts, and a `datetime.date` for a day.

        Numbers and truths are what they are in every row. A column is of days if each cell of it is one, or empty.
        """
        columns = list(zip(*self._table.rows, strict=True))
        days = [any(column) and all(not cell or _day(cell) for cell in column) for column in columns]
        return [
            self._row(*(_typed(cell, day) for cell, day in zip(row, days, strict=True))) for row in self._table.rows
        ]

    def to_csv(self, path: str | Path | None = None) -> str:
        """Comma-separated values with a header row, also written whole to `path` if that is given.

        Raises:
            EvigraphError: the file can't be written.
        """
        return self._written(table_formats.as_csv(self._table), path)

    def to_markdown(self, path: str | Path | None = None) -> str:
        """A GitHub-flavoured Markdown table, also written whole to `path` if that is given.

        Raises:
            EvigraphError: the file can't be written.
        """
        return self._written(table_formats.as_markdown(self._table), path)

    @staticmethod
    def _written(text: str, path: str | Path | None) -> str:
        if path is not None:
            write_whole(Path(path), text.encode())
        return text

    def _columnar(self) -> dict[str, list[Cell]]:
        """The cells by column; a column with texts among its numbers is text as a whole, as Arrow wants it."""
        found = {}
        for place, column in enumerate(self.columns):
            cells = [row[place] for row in self._table.rows]
            if any(isinstance(cell, str) for cell in cells):
                cells = [None if cell is None else table_formats.text(cell) for cell in cells]
            elif any(isinstance(cell, float) for cell in cells):
                cells = [None if cell is None else float(cell) for cell in cells]
            found[column] = cells
        return found

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame.

        Raises:
            MissingPartError: pandas isn't installed.
        """
        made: pandas.DataFrame = _part("pandas").DataFrame(self._columnar(), columns=list(self.columns))
        return made

    def to_polars(self) -> polars.DataFrame:
        """A polars data frame.

        Raises:
            MissingPartError: polars isn't installed.
        """
        made: polars.DataFrame = _part("polars").DataFrame(self._columnar(), strict=True)
        return made

    def to_arrow(self) -> pyarrow.Table:
        """An Arrow table.

        Raises:
            MissingPartError: pyarrow isn't installed.
        """
        return _part("pyarrow").table(self._columnar())


class Sheet:
    """An answer sheet, which shows as a page in a notebook.

    Attributes:
        notation: such as `RQ1`. question: its text. parts: the rows of each part by its title.
    """

    def __init__(self, sheet: asking.Sheet) -> None:
        """Keep a sheet."""
        self._sheet = sheet
        self.notation = sheet.notation
        self.question = sheet.question
        self.parts = {title: Rows(table) for title, table in sheet.parts.items()}

    def __repr__(self) -> str:
        return asking.as_text(self._sheet).rstrip()

    def _repr_html_(self) -> str:
        """What Jupyter shows."""
        return asking.as_html(self._sheet)

    def to_markdown(self) -> str:
        """For a manuscript."""
        return asking.as_markdown(self._sheet)


def _day(cell: Cell) -> datetime.date | None:
    """The day of the calendar that a cell is, as YYYY-MM-DD."""
    with contextlib.suppress(ValueError):
        return datetime.date.fromisoformat(cell) if isinstance(cell, str) and len(cell) == 10 else None
    return None


def _typed(cell: Cell, day: bool) -> Any:
    if isinstance(cell, Listed):
        return list(cell.parts)
    return _day(cell) if day else cell


def _part(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise MissingPartError(f"{name} isn't installed; `pip install {name}` adds it", name) from None
