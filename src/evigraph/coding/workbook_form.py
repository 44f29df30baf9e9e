"""The extraction workbook: drop-downs from the codebook, to be filled in and linked back."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evigraph.coding import workbook_guide
from evigraph.ingest.extraction import AS_WRITTEN, MARK
from evigraph.reports.workbook import CELL_LIMIT, clean

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

BLANK_ROWS = 5000
"""How many rows below the last one have drop-downs."""
LINE_HEIGHT, MOST_LINES = 15, 8
"""The height of a line of text in points, and how many lines of a row are seen at once."""
README = "read me"
CODER = "Your name"
Cell = str | int | float


@dataclass(frozen=True)
class Column:
    """One column: its key, its heading, its width in characters, the list of its drop-down, and what a person may do.

    `several` values are separated by semicolons; `fixed` cells are not to be changed.
    """

    key: str
    heading: str
    width: int = 18
    choices: str = ""
    several: bool = False
    fixed: bool = False


@dataclass
class Grid:
    """One sheet: its name, its columns and its rows."""

    name: str
    columns: list[Column]
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass(frozen=True)
class Choice:
    """One value of a drop-down: what is chosen, what it is called at length, and its definition."""

    name: str
    label: str
    definition: str = ""


@dataclass(frozen=True)
class Plan:
    """What a workbook holds.

    Attributes:
        grids: the sheets, as they stand in the review. fresh: rows of new studies. lists: the drop-downs by name.
        head: what the workbook says of itself, such as its title and date.
    """

    grids: Sequence[Grid]
    fresh: Sequence[Sequence[Cell]]
    lists: dict[str, list[Choice]]
    head: dict[str, str]


def written(plan: Plan) -> bytes:
    """The workbook as a file."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    _read_me(book.create_sheet(README), plan)
    keys = [Choice(str(row[0]), str(row[1])) for row in plan.grids[0].rows]
    lists = {**plan.lists, **({"studies": keys} if keys else {})}
    for grid in plan.grids:
        _sheet(book.create_sheet(grid.name), grid, plan.fresh if grid.name == "studies" else (), lists)
    _codes(book, lists)
    for grid in plan.grids:
        hidden = book.create_sheet(grid.name + AS_WRITTEN)
        hidden.sheet_state = "veryHidden"
        _rows(hidden, grid, ())
    mark = book.create_sheet(MARK)
    mark.sheet_state = "veryHidden"
    for number, (name, value) in enumerate(plan.head.items(), 1):
        put(mark, number, 1, name)
        put(mark, number, 2, value)
    book.active = 0
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(sheet: Worksheet, row: int, column: int, value: Cell) -> Any:
    """Write a cell: numbers as numbers, every text as a text, be it one that a spreadsheet would take for a formula."""
    cell: Any = sheet.cell(row, column)
    if isinstance(value, str):
        text = clean(value)
        cell.value = text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - 1] + "…"
        if cell.value:
            cell.data_type = "s"
        if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
            cell.quotePrefix = True
    else:
        cell.value = value
    return cell


def _read_me(sheet: Worksheet, plan: Plan) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection

    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 100
    head = plan.head
    names = {grid.name for grid in plan.grids}
    headings = {column.heading for grid in plan.grids for column in grid.columns}
    put(sheet, 1, 1, head.get("title", "")).font = Font(bold=True, size=14)
    put(sheet, 2, 1, f"Written by evigraph on {head.get('date', '')}")
    put(sheet, 4, 1, CODER).font = Font(bold=True)
    name = put(sheet, 4, 2, "")
    name.fill = PatternFill("solid", fgColor="FFF2CC")
    name.protection = Protection(locked=False)
    for number, (word, text) in enumerate(workbook_guide.texts(names, headings), 6):
        put(sheet, number, 1, word).font = Font(bold=True)
        put(sheet, number, 2, text).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.protection.sheet = True


def _rows(sheet: Worksheet, grid: Grid, fresh: Sequence[Sequence[Cell]]) -> None:
    for number, column in enumerate(grid.columns, 1):
        put(sheet, 1, number, column.heading)
    for row, cells in enumerate([*grid.rows, *fresh], 2):
        for number, value in enumerate(cells, 1):
            if value != "":
                put(sheet, row, number, value)


def _sheet(sheet: Worksheet, grid: Grid, fresh: Sequence[Sequence[Cell]], lists: dict[str, list[Choice]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter

    _rows(sheet, grid, fresh)
    last = 1 + len(grid.rows) + len(fresh)
    wrapped, free = Alignment("left", "top", wrap_text=True), Protection(locked=False)
    for number, column in enumerate(grid.columns, 1):
        letter = get_column_letter(number)
        whole: Any = sheet.column_dimensions[letter]  # its style holds for the cells that aren't there yet
        whole.width = column.width
        head: Any = sheet.cell(1, number)
        head.font, head.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="44546A")
        head.alignment = Alignment(vertical="center", wrap_text=True)
        for styled in (whole, *(sheet.cell(row, number) for row in range(2, last + 1))):
            styled.alignment = wrapped
            if column.fixed:
                styled.fill = PatternFill("solid", fgColor="EDEDED")
            else:
                styled.protection = free
        if column.choices in lists:
            _drop_down(sheet, column, f"{letter}2:{letter}{last + BLANK_ROWS}")
    for row, cells in enumerate([*grid.rows, *fresh], 2):
        lines = (math.ceil(1.1 * len(str(c)) / each.width) for c, each in zip(cells, grid.columns, strict=True))
        sheet.row_dimensions[row].height = LINE_HEIGHT * min(max(1, *lines), MOST_LINES)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(grid.columns))}{last + BLANK_ROWS}"
    guard = sheet.protection
    guard.sheet = True
    guard.formatColumns = guard.formatRows = guard.formatCells = guard.autoFilter = guard.sort = False


def _drop_down(sheet: Worksheet, column: Column, cells: str) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="list", formula1=f"={defined(column.choices)}", allow_blank=True)
    rule.showErrorMessage = not column.several and column.choices not in ("studies", "groups")
    rule.errorTitle, rule.error = "Not in the list", "Choose a word from the list, or leave the cell empty."
    if column.several:
        rule.showInputMessage = True
        rule.promptTitle, rule.prompt = column.heading[:32], "Several values: put a semicolon between them."
    rule.add(cells)
    sheet.add_data_validation(rule)


def defined(name: str) -> str:
    """The name of the range of a list, as workbooks allow it."""
    return "list_" + re.sub(r"[^A-Za-z0-9]", "_", name)


def _codes(book: Workbook, lists: dict[str, list[Choice]]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.workbook.defined_name import DefinedName

    sheet = book.create_sheet("codes")
    for number, heading in enumerate(("list", "write this", "its name", "what it means"), 1):
        put(sheet, 1, number, heading).font = Font(bold=True)
    row = 2
    for name, choices in lists.items():
        range_ = f"codes!$B${row}:$B${row + len(choices) - 1}"
        book.defined_names[defined(name)] = DefinedName(defined(name), attr_text=range_)
        for choice in choices:
            for number, text in enumerate((name, choice.name, choice.label, choice.definition), 1):
                put(sheet, row, number, text).alignment = Alignment(wrap_text=True, vertical="top")
            row += 1
    for letter, width in zip("ABCD", (22, 34, 40, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
