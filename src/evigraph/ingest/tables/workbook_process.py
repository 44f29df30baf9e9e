"""The process that reads one workbook: rows as JSON Lines on stdout. It imports nothing of evigraph."""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import sys
import zipfile

MEMORY_BYTES = 3 * 2**30
CPU_SECONDS = 90
CELL_LIMIT = 2**20


def main(path: str, most: int, too_many: str) -> None:
    """Write every row that isn't empty as `[sheet, number, cells]`; a sheet begins with a row of no cells.

    A workbook of more than `most` rows ends with the words of `too_many`.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    shares = percents(path)
    count = 0
    for name in book.sheet_names:
        print(json.dumps([name, 0, []]))
        sheet = book.get_sheet_by_name(name)
        first, left = sheet.start or (0, 0)
        shown = shares.get(name, set())
        for number, row in enumerate(sheet.iter_rows(), first + 1):
            cells = [
                f"{cell * 100:.10g}%" if (number, column) in shown and isinstance(cell, float) else text(cell)
                for column, cell in enumerate(row, left + 1)
            ]
            if any(cells):
                count += 1
                if count > most + 1:  # and the headings
                    raise SystemExit(too_many)
                print(json.dumps([name, number, cells]))


def percents(path: str) -> dict[str, set[tuple[int, int]]]:
    """The row and column of each cell that an XLSX shows as a share of a hundred, by sheet."""
    try:
        with zipfile.ZipFile(path) as archive:
            styles = archive.read("xl/styles.xml")
    except (zipfile.BadZipFile, KeyError, OSError):
        return {}  # another kind of workbook
    if not re.search(rb"<xf [^>]*numFmtId=\"(?:9|10)\"|formatCode=\"[^\"]*%", styles):
        return {}  # most have none, and the other library is slow
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True)
        return {
            sheet.title: {
                (cell.row, cell.column)
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None and "%" in str(cell.number_format)
            }
            for sheet in book.worksheets
        }
    except Exception:  # what one library can't read, the other may
        return {}


def text(cell: object) -> str:
    """A cell as text: whole numbers without a fraction, dates as ISO 8601."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (datetime.datetime, datetime.date)):
        return cell.isoformat().removesuffix("T00:00:00")
    found = str(cell).strip()
    if len(found) > CELL_LIMIT:
        raise SystemExit(f"a cell of {len(found)} characters, more than the {CELL_LIMIT} that are read")
    return found


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
