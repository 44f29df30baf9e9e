"""The process that reads one workbook: rows as JSON Lines on stdout. It imports nothing of evigraph."""

from __future__ import annotations

import contextlib
import datetime
import json
import sys

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
    count = 0
    for name in book.sheet_names:
        print(json.dumps([name, 0, []]))
        sheet = book.get_sheet_by_name(name)
        first = sheet.start[0] if sheet.start else 0
        for number, row in enumerate(sheet.iter_rows(), first + 1):
            cells = [text(cell) for cell in row]
            if any(cells):
                count += 1
                if count > most + 1:  # and the headings
                    raise SystemExit(too_many)
                print(json.dumps([name, number, cells]))


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
