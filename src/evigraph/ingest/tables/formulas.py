"""Cells of a workbook that hold a formula and no value: whoever reads values alone would take them for empty."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from evigraph.errors import counted
from evigraph.ingest.model import Rejected
from evigraph.ingest.tables.sheets import Row

SHEET_LIMIT = 64 * 2**20
"""A sheet that unpacks to more bytes than this isn't looked through."""
SHOWN = 4
"""How many cells of a row are named."""


def unsaved(path: Path) -> dict[int, list[str]]:
    """The cells with a formula that was never calculated, such as `C4`, by the sheet's place in the workbook from 1."""
    found: dict[int, list[str]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                name = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry.filename)
                if name and entry.file_size <= SHEET_LIMIT:
                    found[int(name.group(1))] = _cells(archive.read(entry).decode("utf-8", "replace"))
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return {}  # what is no such archive has no such cells
    return {number: cells for number, cells in found.items() if cells}


def lost(path: Path, book: dict[str, list[Row]]) -> tuple[list[Rejected], list[str]]:
    """The rows that nothing but such cells make up, which a reader takes for empty, and notes on rows that have some.

    The first row of a sheet is left out, as are those above it: they aren't records.
    """
    rejected, notes = [], []
    for place, cells in unsaved(path).items():
        name = list(book)[place - 1] if place <= len(book) else ""
        held = {number for number, _ in book.get(name, [])}
        rows: dict[int, list[str]] = {}
        for cell in cells:
            rows.setdefault(row_of(cell), []).append(cell)
        below = {number: found for number, found in sorted(rows.items()) if held and number > min(held)}
        rejected += [Rejected(number, reason(name, found)) for number, found in below.items() if number not in held]
        if some := [cell for number, found in below.items() if number in held for cell in found]:
            notes.append(reason(name, some) + f"; {counted(len(some), 'cell was', 'cells were')} taken for empty")
    return rejected, notes


def reason(name: str, cells: list[str]) -> str:
    """What a person is told about such cells of a sheet."""
    more = ", …" if len(cells) > SHOWN else ""
    shown = ", ".join(cells[:SHOWN]) + more
    return f"{name}: {shown} holds a formula without a value; save it in a spreadsheet, or type it"


def row_of(cell: str) -> int:
    """The number of the row of a cell such as `C4`."""
    return int(re.sub(r"\D", "", cell))


def _cells(xml: str) -> list[str]:
    cells = []
    for part in xml.split("<c ")[1:]:
        cell = part.partition("</c>")[0]
        place = re.match(r'[^>]*?\br="([A-Z]{1,3}\d{1,7})"', cell)
        if place and re.search(r"<f[ />]", cell) and not re.search(r"<v>[^<]", cell):
            cells.append(place.group(1))
    return cells
