"""Cells of a workbook that hold a formula and no value: whoever reads values alone would take them for empty."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

SHEET_LIMIT = 64 * 2**20
"""A sheet that unpacks to more bytes than this isn't looked through."""


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


def _cells(xml: str) -> list[str]:
    cells = []
    for part in xml.split("<c ")[1:]:
        cell = part.partition("</c>")[0]
        place = re.match(r'[^>]*?\br="([A-Z]{1,3}\d{1,7})"', cell)
        if place and re.search(r"<f[ />]", cell) and not re.search(r"<v>[^<]", cell):
            cells.append(place.group(1))
    return cells
