"""The numbers of a PRISMA 2020 flow diagram as the R package PRISMA2020 keeps them: its CSV, row by row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from evigraph.errors import DataError
from evigraph.ingest.model import Batch, Rejected
from evigraph.ingest.tables import sheets
from evigraph.paths import SHIPPED

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
SIDES = frozenset({"identification", "screening", "included"})
"""The rows that are labels at the side of the diagram; they and the titles have no number."""
LISTS = frozenset({"database_specific_results", "register_specific_results", "dbr_excluded", "other_excluded"})
"""The rows that may say what their number is made of: `reason, 3; other reason, 4`."""
NOTHING = "NA"

# Marks at the thousands, and the .0 of a program that has no whole numbers; 1.000 could be either, and is refused.
_NUMBER = re.compile(r"(?:\d{1,12}|\d{1,3}(?:[ ,'\u00a0\u202f]\d{3}){1,3})(?:\.0{1,2})?")
_PART = re.compile(rf"(?P<name>.*?),\s*(?P<number>{_NUMBER.pattern})", re.DOTALL)


@dataclass(frozen=True)
class Box:
    """One row of the diagram's CSV.

    Attributes:
        data: what it counts, or empty for a title. node, box: where the package draws it; node may be empty.
        text: the label in the box, as PRISMA 2020 has it. description: the same, unlike every other row's.
    """

    data: str
    node: str
    box: str
    text: str
    description: str

    @property
    def counts(self) -> bool:
        """Whether the row has a number."""
        return bool(self.data) and self.data not in SIDES


@cache
def boxes() -> tuple[Box, ...]:
    """Every row in the package's order: `ingest/prisma-2020.csv`."""
    with (SHIPPED / "ingest" / "prisma-2020.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    named = ("data", "node", "box", "boxtext", "description")
    return tuple(Box(*("" if row[name] == NOTHING else row[name] for name in named)) for row in rows)


def is_diagram(text: str) -> bool:
    """Whether a text is such a CSV, by its first line."""
    first = text.lstrip().partition("\n")[0]
    names = {cell.strip(' "').casefold() for cell in re.split(r"[,;\t]", first)}
    return {"data", "box", "boxtext", "n"} <= names


def read(path: Path, digest: str, encoding: str, text: str) -> Batch:
    """The numbers of a diagram as the steps of a review's flow; a row without one is passed over.

    Raises:
        DataError: no row has a number.
    """
    first = text.lstrip().partition("\n")[0]
    rows, bad = sheets.csv_rows(text, max(",;\t", key=first.count))
    heads = [sheets.heading(cell) for cell in rows[0][1]]
    rejected = [Rejected(number, "not a row of CSV: a quote stays open; close it") for number, _ in bad]
    steps: list[dict[str, Any]] = []
    read: set[str] = set()
    for number, cells in rows[1:]:
        row = {head: cell.strip() for head, cell in zip(heads, cells, strict=False)}
        try:
            found = _steps(row, read)
        except ValueError as error:
            rejected.append(Rejected(number, str(error)))
            continue
        steps += found
        read |= {row["data"]} if found else set()
    if not steps:
        first_line, reason = (rejected[0].line, rejected[0].reason) if rejected else (0, "fill in the column n")
        raise DataError(path, first_line, f"no row of the flow diagram has a number that can be read: {reason}")
    placed = tuple({**step, "position": place} for place, step in enumerate(steps, 1))
    present = len(read) + len(rejected)
    return Batch(path, "prisma-2020", encoding, digest, present, (), tuple(rejected), flow=placed)


def _steps(row: dict[str, str], read: set[str]) -> list[dict[str, Any]]:
    """The steps that a row states: one, one for each of its parts, or none."""
    name, said = row.get("data", ""), row.get("n", "")
    if name in {"", NOTHING} | SIDES or said in {"", NOTHING} or re.search(r"\bxxx\b", said):
        return []
    box = next((each for each in boxes() if each.data == name), None)
    if box is None:
        raise ValueError(f"`{name}` is no row of the PRISMA 2020 flow diagram; see docs/exports.md")
    if name in read:
        raise ValueError(f"`{name}` stands twice; keep one")
    slug = f"flow/{name.replace('_', '-')}"
    common = {"type": "FlowStep", "notation": name}
    if _NUMBER.fullmatch(said):
        step = {"id": slug, **common, "label": box.description, "count": number(said)}
        printed = row.get("boxtext", "")
        return [step | ({"printedLabel": printed} if printed not in {"", NOTHING, box.text} else {})]
    if name not in LISTS:
        raise ValueError(f"{name}: n is `{said[:40]}`; write a whole number, NA or nothing")
    parts = enumerate(_parts(name, said), 1)
    return [{"id": f"{slug}/{i}", **common, "label": part, "count": count} for i, (part, count) in parts]


def _parts(name: str, said: str) -> Iterator[tuple[str, int]]:
    for part in filter(str.strip, said.split(";")):
        found = _PART.fullmatch(part.strip())
        if found is None or not found["name"].strip():
            raise ValueError(f"{name}: n has `{part.strip()[:40]}`; write each part as `reason, 3`")
        yield " ".join(found["name"].split()), number(found["number"])


def number(text: str) -> int:
    """A whole number as people write it, with or without marks at the thousands."""
    return int(re.sub(r"\D", "", text.partition(".")[0]))
