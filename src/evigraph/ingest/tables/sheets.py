"""Tables: CSV with any delimiter, and workbooks by calamine in a process of their own."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from evigraph.errors import DataError

Row = tuple[int, list[str]]
"""A row's number, counted from 1, and its cells."""

CELL_LIMIT = 2**20
ROW_LIMIT = 100_000
"""So many rows are read of one table; comparing more of them with each other takes hours."""
FULL_CELL = 2**14 - 1
"""From so many characters on, a cell of a workbook may be full."""
UNPACKED_LIMIT = 512 * 2**20
WORKER_SECONDS = 120
TOO_MANY = "too many rows"
"""What the process says of a workbook that is too long."""
DELIMITERS = ",;\t|"
HEADING_ROWS = 40
"""How far down a table its headings are looked for."""

_GUARD = re.compile("''*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


class TooManyRowsError(Exception):
    """A table has more than `ROW_LIMIT` rows."""


def csv_rows(text: str, delimiter: str) -> tuple[list[Row], list[Row]]:
    """The rows of a CSV text, and the rows that could not be read: an unclosed quote, or a cell beyond `CELL_LIMIT`.

    Raises:
        TooManyRowsError: there are more than `ROW_LIMIT`.
    """
    csv.field_size_limit(CELL_LIMIT)
    lines = _guarded(text, delimiter).split("\n")
    rows: list[Row] = []
    bad: list[Row] = []
    start = 0
    while start < len(lines):
        start = _read_on(lines, start, delimiter, rows)
        if start < len(lines):
            # One row is at fault: it goes to the bad ones, by its first line, and reading goes on after it.
            again = _lenient(lines[start], delimiter)
            (rows if again else bad).append((start + 1, again or [lines[start][:80]]))
            start += 1
    return [(number, [unguarded(cell) for cell in row]) for number, row in rows if any(map(str.strip, row))], bad


def too_many() -> str:
    """What a person is told of a table that is too long."""
    return f"more than {ROW_LIMIT:,} rows, which is what one table may have; split it into several files"


def unguarded(cell: str) -> str:
    """A cell without the apostrophe that our CSV exports put before what a spreadsheet would run as a formula."""
    return cell[1:] if _GUARD.match(cell) else cell


def rejoined(names: list[str], cells: list[str]) -> list[str]:
    """A row whose texts go on in further columns, `name (2)` and so on, as a workbook's limit for a cell wants it."""
    made = list(cells)
    for i, name in enumerate(names[: len(cells)]):
        found = re.fullmatch(r"(.+) \(([2-9]|\d\d+)\)", name)
        first = i + 1 - int(found[2]) if found else -1
        if found and first >= 0 and names[first] == found[1] and len(cells[i - 1]) >= FULL_CELL:
            made[first], made[i] = made[first] + cells[i], ""
    return made


def _read_on(lines: list[str], start: int, delimiter: str, rows: list[Row]) -> int:
    """Read rows from a line on; the line of the row that is at fault, or the number of lines where none is."""
    following = (f"{lines[index]}\n" for index in range(start, len(lines)))
    reader = csv.reader(following, delimiter=delimiter, strict=True)
    read = 0
    try:
        for row in reader:
            width = max((len(each) for _, each in rows[:HEADING_ROWS]), default=0)
            if reader.line_num > read + 1 and len(row) != width:
                inner = lines[start + read + 1 : start + reader.line_num]
                if width > 1 and any(len(_lenient(line, delimiter) or []) == width for line in inner[:50]):
                    return start + read  # a quote stayed open, and other rows went into its cell
            rows.append((start + read + 1, row))
            if row and len(rows) > ROW_LIMIT + 1:  # and the headings
                raise TooManyRowsError
            read = reader.line_num
    except csv.Error:
        return start + read
    return len(lines)


def counted(text: str, delimiter: str) -> int:
    """How many rows a CSV text has that aren't empty, by a plain scan: a row ends where its quotes are even."""
    count, open_ = 0, False
    for line in text.split("\n"):
        count += not open_ and bool(line.strip(f' \t"{delimiter}'))
        open_ ^= bool(line.count('"') % 2)
    return count


def _lenient(line: str, delimiter: str) -> list[str] | None:
    """A row with a stray quote inside a cell, as spreadsheets read it; or nothing if a quote stays open."""
    if line.count('"') % 2 or len(line) > CELL_LIMIT:
        return None
    try:
        return next(csv.reader([line], delimiter=delimiter), None)
    except csv.Error:
        return None


def _guarded(text: str, delimiter: str) -> str:
    """Cells guarded against a spreadsheet's guesses, `="00123"`, as plain quoted cells."""
    if '="' not in text:
        return text
    edge = re.escape(delimiter)
    return re.sub(rf'(?m)(^|{edge})="((?:[^"\n]|"")*)"(?={edge}|\s*$)', r'\1"\2"', text)


def workbook(path: Path) -> dict[str, list[Row]]:
    """The rows of every sheet of an XLSX, XLS or ODS file, by sheet.

    It is read in a process of its own with a limit of memory and time, for a small file can unpack to anything.

    Raises:
        DataError: it can't be read, or would unpack to more than `UNPACKED_LIMIT` bytes.
    """
    _unpacks_small(path)
    program = Path(__file__).with_name("workbook_process.py")
    command = [sys.executable, "-I", str(program), str(path.resolve()), str(ROW_LIMIT), TOO_MANY]
    try:
        made = subprocess.run(command, capture_output=True, timeout=WORKER_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise DataError(path, 0, f"reading it takes more than {WORKER_SECONDS} s; save it as CSV") from None
    if made.returncode:
        said = made.stderr.decode("utf-8", "replace").strip().splitlines()
        panic = any(line.startswith(("thread ", "memory ")) for line in said)
        lines = said if said and not panic else ["its rows or cells need more memory than they may have"]
        if lines[-1] == TOO_MANY:
            raise DataError(path, 0, too_many())
        raise DataError(path, 0, f"not a workbook that can be read: {lines[-1][:200]}; save it again, or as CSV")
    sheets: dict[str, list[Row]] = {}
    for line in made.stdout.splitlines():
        name, number, cells = json.loads(line)
        sheets.setdefault(name, [])
        if cells:
            sheets[name].append((number, cells))
    return sheets


def _unpacks_small(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return  # an old .xls is no archive
    except (OSError, ValueError, NotImplementedError) as error:
        raise DataError(path, 0, f"a broken archive ({error}); save the workbook again") from None
    if total > UNPACKED_LIMIT:
        raise DataError(path, 0, f"unpacks to {total // 2**20} MB, more than {UNPACKED_LIMIT // 2**20}; refused")
    if not names & {"xl/workbook.xml", "content.xml", "xl/workbook.bin"}:
        raise DataError(path, 0, "an archive, not a workbook; unpack it and give the files inside")


def dialect(text: str, weight: dict[str, int] | None = None) -> str:
    """The delimiter of a CSV text: the one whose rows look most alike, or what a first line `sep=;` says."""
    if found := re.match(r"\s*\"?sep=(.)", text):
        return found.group(1)
    sample = text[:65536]

    def score(delimiter: str) -> tuple[float, int]:
        rows = [row for row in _sample(sample, delimiter) if any(row)][:60]
        widths = [len(row) for row in rows if len(row) > 1]
        known = max((sum(heading(cell) in (weight or {}) for cell in row) for row in rows[:30]), default=0)
        alike = widths.count(max(set(widths), key=widths.count)) / len(rows) if widths else 0
        return known + alike, max(widths, default=0)

    return max(DELIMITERS, key=score)


def _sample(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in text.split("\n")]


def heading(cell: str) -> str:
    """A heading as it is compared: small letters and digits alone."""
    return re.sub(r"[\W_]+", "", cell.casefold())
