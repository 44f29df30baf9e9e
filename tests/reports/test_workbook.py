"""Rows as a workbook: what spreadsheets and our own reader find in it."""

from __future__ import annotations

import io
import time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evigraph import ingest
from evigraph.errors import UsageError
from evigraph.queries import Cell, Table
from evigraph.reports import workbook


def cells(table: Table) -> list[list[openpyxl.cell.Cell]]:
    """The cells of its sheet, row by row, as openpyxl reads them."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.from_table(table))).worksheets[0]
    return [list(row) for row in sheet.iter_rows()]


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("=1+1", "s", "=1+1"),
        ("+1", "s", "+1"),
        ("-1", "s", "-1"),
        ("@SUM(A1)", "s", "@SUM(A1)"),
        ("\t=1", "s", "\t=1"),
        ("\r=1", "s", "\n=1"),
        ("007", "s", "007"),
        ("12345678901234567890", "s", "12345678901234567890"),
        ("#N/A", "s", "#N/A"),
        ("TRUE", "s", "TRUE"),
        ("2024-01-02", "s", "2024-01-02"),
        (" edge ", "s", " edge "),
        ("bell\x07", "s", "bell\ufffd"),
        (-5, "n", -5),
        (0, "n", 0),
        (1.5, "n", 1.5),
        (10**15 - 1, "n", 10**15 - 1),
        (10**15, "s", "1000000000000000"),
        (float("inf"), "s", "inf"),
        (None, "n", None),
        ("", "n", None),
    ],
)
def test_numbers_are_numbers_and_texts_are_texts(cell: Cell, kind: str, value: Cell) -> None:
    """Nothing becomes a formula, an error or a date, and no digit is lost."""
    found = cells(Table("t", ("a", "b"), [(cell, "x")]))[1][0]
    assert (found.data_type, found.value) == (kind, value)


def test_an_escape_of_the_format_is_a_text() -> None:
    """Spreadsheets read _x0041_ as a letter, unless its first sign is written as one."""
    assert cells(Table("t", ("a",), [("_x0041_",)]))[1][0].value == "_x005F_x0041_"


def test_headings_are_bold_and_stay_in_sight() -> None:
    """And columns are as wide as what they hold, up to a limit."""
    table = Table("t", ("short", "long"), [("x", "word " * 100)])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.from_table(table))).worksheets[0]
    assert [cell.font.bold for cell in sheet[1]] == [True, True]
    assert [cell.font.bold for cell in sheet[2]] == [False, False]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width < sheet.column_dimensions["B"].width == workbook.WIDEST


def test_the_same_rows_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever they are written."""
    table = Table("t", ("a",), [("x",)])
    first = workbook.write([table, table])
    later = time.time() + 100_000
    monkeypatch.setattr(time, "time", lambda: later)
    time.sleep(1.1)  # the properties of a workbook count seconds
    assert workbook.write([table, table]) == first


@given(st.lists(st.text(max_size=60), max_size=8))
def test_every_sheet_has_a_name_it_may_have(names: list[str]) -> None:
    """At most 31 characters, no brackets, slashes, colons or wildcards, and each once, whatever the case."""
    taken: set[str] = set()
    found = [workbook.sheet_name(name, taken) for name in [*names, "History", "x" * 40, "X" * 40]]
    assert len({name.casefold() for name in found}) == len(found)
    for name in found:
        assert 1 <= len(name) <= 31
        assert not set("[]:*?/\\") & set(name)
        assert name.casefold() != "history"


@pytest.mark.parametrize("text", ["x" * 70_000, "\N{GRINNING FACE}" * 20_000, "ab\N{GRINNING FACE}" * 12_000])
def test_a_long_text_goes_on_in_the_next_column(text: str) -> None:
    """Each part fits a cell, and together they are the text."""
    head, row = cells(Table("t", ("a", "b"), [(text, 1)]))
    names = [cell.value for cell in head]
    assert names == ["a", *[f"a ({number})" for number in range(2, len(names))], "b"]
    parts = [str(cell.value) for cell in row[:-1]]
    assert len(parts) > 1
    assert "".join(parts) == text
    assert max(len(part.encode("utf-16-le")) // 2 for part in parts) <= workbook.CELL_LIMIT


def test_a_long_text_is_linked_whole(tmp_path: Path) -> None:
    """7,000 authors in a workbook of ours are 7,000 authors again."""
    authors = "; ".join(f"Family{number}, Given" for number in range(7000))
    path = tmp_path / "long.xlsx"
    path.write_bytes(workbook.from_table(Table("t", ("title", "authors", "year"), [("A title", authors, 2020)])))
    values = ingest.read(path).records[0].values
    assert (values["authors"], values["authorCount"], values["year"]) == (authors, 7000, 2020)


def test_more_rows_than_a_sheet_takes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line with the mend, and nothing is cut off."""
    monkeypatch.setattr(workbook, "ROW_LIMIT", 3)
    with pytest.raises(UsageError, match="3 rows and 1 columns, more than a sheet of a workbook takes; write csv"):
        workbook.from_table(Table("t", ("a",), [("x",)] * 3))


def test_rows_of_formulas_without_values_are_counted(tmp_path: Path) -> None:
    """A row that only such formulas make up is rejected by name; in other rows they are told."""
    book = openpyxl.Workbook()
    for row in (["Title", "Year"], ["A first study of badges", 2020], ["=A2", "=B2"], ["A second study", "=1+1"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    batch = ingest.read(tmp_path / "a.xlsx")
    assert (batch.present, batch.read) == (3, 2)
    assert (batch.rejected[0].line, batch.rejected[0].reason.partition(" holds")[0]) == (3, "Sheet: A3, B3")
    assert "B4 holds a formula without a value" in batch.notes[-1]
