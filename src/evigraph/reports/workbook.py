"""Rows as a workbook (XLSX): the one package that writes with openpyxl. `forms` are workbooks to be filled in."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any

from evigraph.errors import UsageError
from evigraph.queries import Cell, Table

CELL_LIMIT = 32_767
"""How many UTF-16 units a cell of a workbook takes."""
ROW_LIMIT = 1_048_576
COLUMN_LIMIT = 16_384
NAME_LIMIT = 31
EXACT_DIGITS = 15
"""A workbook's numbers are binary floats, so that a longer whole number would be another one."""
WIDEST = 60
SAMPLED = 500
"""How many rows of a table tell how wide its columns are."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_WHEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def from_table(table: Table) -> bytes:
    """One table as a workbook with one sheet; see `write`."""
    return write([table])


def write(tables: Iterable[Table]) -> bytes:
    """Tables as a workbook, one sheet each, under headings that stay in sight.

    A number is a number, and a text is a text whatever it begins with: nothing becomes a formula, an error or a date.
    A text that is too long for one cell goes on in further columns, `name (2)` and so on. What XML can't hold is
    written as U+FFFD. The same tables give the same bytes.

    Raises:
        UsageError: a table has more rows or columns than a sheet takes.
    """
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    book.properties.creator = "evigraph"
    taken: set[str] = set()
    for table in tables:
        _add(book.create_sheet(sheet_name(table.name, taken)), _widened(table))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        ExcelWriter(book, archive).save()
    return _timeless(packed)


def sheet_name(name: str, taken: set[str]) -> str:
    """A name that a sheet may have, and that no other has; it is taken then."""
    plain = _NO_NAME.sub("-", name).strip("' ")[:NAME_LIMIT].rstrip("' ") or "rows"
    if plain.casefold() == "history":  # Excel keeps that one for itself
        plain += "-"
    found, number = plain, 2
    while found.casefold() in taken:
        ending = f" ({number})"
        found, number = plain[: NAME_LIMIT - len(ending)] + ending, number + 1
    taken.add(found.casefold())
    return found


def _widened(table: Table) -> Table:
    """The table with a column more for each part of a text that one cell can't hold."""
    needed = [1] * len(table.columns)
    for row in table.rows:
        for i, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) > CELL_LIMIT // 2:
                needed[i] = max(needed[i], len(parts(cell)))
    if max(needed, default=1) > 1:
        columns = tuple(
            name if part == 1 else f"{name} ({part})"
            for name, count in zip(table.columns, needed, strict=True)
            for part in range(1, count + 1)
        )
        table = Table(table.name, columns, [tuple(_spread(row, needed)) for row in table.rows])
    if len(table.rows) >= ROW_LIMIT or len(table.columns) > COLUMN_LIMIT:
        size = f"{len(table.rows)} rows and {len(table.columns)} columns"
        raise UsageError(f"{table.name} has {size}, more than a sheet of a workbook takes; write csv", size)
    return table


def _spread(row: tuple[Cell, ...], needed: list[int]) -> Iterator[Cell]:
    for cell, count in zip(row, needed, strict=True):
        found: list[Cell] = [*parts(cell)] if isinstance(cell, str) and count > 1 else [cell]
        yield from (*found, *[None] * (count - len(found)))


def parts(text: str) -> list[str]:
    """A text in parts that a cell holds each: cut in no character, nor at a blank, which a reader might take off."""
    step = CELL_LIMIT if max(text, default="") <= "\uffff" else CELL_LIMIT // 2
    if len(text) <= step or len(text.encode("utf-16-le", "surrogatepass")) <= 2 * CELL_LIMIT:
        return [text]
    found, start = [], 0
    while start < len(text):
        end = min(start + step, len(text))
        inside = (at for at in range(end, end - 1000, -1) if at < len(text) and not text[at - 1 : at + 1].count(" "))
        cut = end if end == len(text) else next(inside, end)
        found.append(text[start:cut])
        start = cut
    return found


def _add(sheet: Any, table: Table) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for i, width in enumerate(_widths(table), 1):
        sheet.column_dimensions[get_column_letter(i)].width = width
    plain, heading = WriteOnlyCell(sheet), WriteOnlyCell(sheet)
    plain.alignment = heading.alignment = Alignment(vertical="top", wrap_text=True)
    heading.font = Font(bold=True)

    def made(cell: Cell, like: Any = plain) -> Any:
        value = _value(cell)
        if not isinstance(value, str):
            return value
        found: Any = WriteOnlyCell(sheet)
        found._value, found.data_type = value, "s"  # its setter would make a formula of `=1` and an error of `#N/A`
        found._style = copy(like._style)  # setting a style anew for each cell takes four times as long
        if value[0] in "=+-@":
            found.quotePrefix = True  # a person who edits the cell makes no formula of it either
        return found

    sheet.append([made(name, heading) for name in table.columns])
    for row in table.rows:
        sheet.append([made(cell) for cell in row])


def _value(cell: Cell) -> Cell:
    """A cell as a workbook takes it: a number that stays what it is, or clean text."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return clean(cell)
    exact = math.isfinite(cell) and (isinstance(cell, float) or len(str(abs(cell))) <= EXACT_DIGITS)
    return cell if exact else str(cell)


def clean(text: str) -> str:
    """A text as a workbook takes it: no signs that XML can't hold, line feeds alone, and no escape of the format."""
    plain = _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _ESCAPE.sub("_x005F_", plain)  # Excel reads _x0041_ as the letter A


def _widths(table: Table) -> list[int]:
    """Widths that show most cells whole, and none wider than `WIDEST`."""
    sample = table.rows[:SAMPLED]
    longest = (
        max(len(line) for text in (name, *(str(row[i]) for row in sample)) for line in (text.split("\n") or [""]))
        for i, name in enumerate(table.columns)
    )
    return [min(max(each, 6) + 2, WIDEST) for each in longest]


def _timeless(packed: io.BytesIO) -> bytes:
    """The archive without the time at which it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _WHEN.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
