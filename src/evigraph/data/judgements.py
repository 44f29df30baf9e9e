"""What two coders judged of the same thing, field by field, in whichever file of `codings/` it was kept."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, zip_longest
from pathlib import Path
from typing import Any

from evigraph.data import coded_fields
from evigraph.data.codings import CELL
from evigraph.data.review_files import read_document
from evigraph.errors import DataError
from evigraph.paths import Workspace, visible

STUDY, FINDING, FREE = "study", "finding", "free finding"
"""What is judged: an attribute of a study, a field of a finding that was there, a finding that a coder found alone."""
NUMBER = "findings at a place"
"""How many findings a coder found at a place: a field of its own, for a place may have none of the other's."""
STATES = ("stated", "inferred", "not-reported", "not-applicable")
WORDS = frozenset({"id", "type", "coding", "label", "title", "statement", "place", "locatedAt", "note"})
"""Keys in the coder's own words, or that only name a record: two coders don't have to agree on them."""
CONCEPT = ("concept", "benefit", "drawback", "outcome")
"""What a finding is about, under the names that files have for it."""

Fields = dict[str, str]
Unit = tuple[str, ...]
Values = dict[str, dict[Unit, str]]
"""The value of each unit, by coder."""
Found = dict[Unit, list[Fields]]
"""The findings that a coder found, by the locator, empty where a sheet has none, and the study."""


@dataclass(frozen=True)
class Pair:
    """A field that two coders judged.

    Attributes:
        what: `STUDY`, `FINDING` or `FREE`. attribute: the field. coders: the two, by the names of their files.
        values: what each gave, a pair a unit; nothing told is empty, and None is a unit that a coder doesn't have.
        units: what was judged, a text for each of the values: an id, or for what has none its study and place.
    """

    what: str
    attribute: str
    coders: tuple[str, str]
    values: list[tuple[str | None, str | None]]
    units: list[str]

    @classmethod
    def of(cls, what: str, attribute: str, coders: tuple[str, str], values: Values) -> Pair:
        """What two coders gave, unit by unit."""
        ours, theirs = (values[coder] for coder in coders)
        units = sorted({*ours, *theirs})
        return cls(what, attribute, coders, [(ours.get(u), theirs.get(u)) for u in units], list(map(told, units)))


def told(unit: Unit) -> str:
    """A unit in words: what has a name by that, a place by its study and locator."""
    return ", ".join(part for part in reversed(unit) if part)


def pairs(workspace: Workspace) -> list[Pair]:
    """Every field that two coders judged of at least one unit in common, for each two of its coders.

    Coders are compared within one kind of file, since each kind has its own spelling of codes.

    Raises:
        DataError: a file of `codings/` isn't CSV in UTF-8 with its columns.
    """
    judged: dict[tuple[str, str, str], Values] = {}
    free: dict[str, dict[str, Found]] = {}
    for kind, coder, what, unit, fields in _judged(workspace):
        for name, value in fields.items():
            judged.setdefault((kind, what, name), {}).setdefault(coder, {})[unit] = value
    for kind, coder, place, finding in _found(workspace):
        free.setdefault(kind, {}).setdefault(coder, {}).setdefault(place, []).append(finding)
    made = [
        Pair.of(what, name, two, values)
        for (_, what, name), values in judged.items()
        for two in combinations(sorted(values), 2)
    ]
    for coders in free.values():
        for two in combinations(sorted(coders), 2):
            made += _free(two, coders)
    return [each for each in made if any(a is not None and b is not None for a, b in each.values)]


def _free(two: tuple[str, str], coders: dict[str, Found]) -> Iterator[Pair]:
    """The findings of two coders, matched within each place."""
    ours, theirs = (coders[each] for each in two)
    places = sorted({*ours, *theirs})
    counts = {who: {place: str(len(found)) for place, found in coders[who].items()} for who in two}
    yield Pair.of(FREE, NUMBER, two, counts)
    found = [(place, pair) for place in places for pair in _matched(ours.get(place, []), theirs.get(place, []))]
    units = [told(place) for place, _ in found]
    for name in dict.fromkeys(key for _, pair in found for each in pair for key in each or ()):
        values = [(a if a is None else a.get(name, ""), b if b is None else b.get(name, "")) for _, (a, b) in found]
        yield Pair(FREE, name, two, values, units)


def _matched(ours: list[Fields], theirs: list[Fields]) -> list[tuple[Fields | None, Fields | None]]:
    """The findings of two coders at one place: the same ones, then those about the same concept, then in order."""
    made: list[tuple[Fields | None, Fields | None]] = []
    left, right = list(ours), list(theirs)
    ways: tuple[Callable[[Fields], Any], ...] = (lambda f: f, lambda f: [f.get(key, "") for key in CONCEPT])
    for way in ways:
        for one in list(left):
            other = next((each for each in right if way(each) == way(one)), None)
            if other is not None:
                made.append((one, other))
                left.remove(one)
                right.remove(other)
    return made + list(zip_longest(left, right))


def _judged(workspace: Workspace) -> Iterator[tuple[str, str, str, Unit, Fields]]:
    """What was judged of things that have a name: the kind of file, the coder, what it is, which one, the fields."""
    for coder, rows in coded_fields.read(workspace).items():
        for key, fields in rows.items():
            yield "findings", coder, FINDING, (key,), fields
    yield from attributes_of_findings(workspace)
    for path in visible(workspace.review, "codings/attributes/*.csv"):
        several: dict[tuple[str, str], list[str]] = {}
        for row in _rows(path, ("study", "attribute", "code")):
            several.setdefault((row["study"], row["attribute"]), []).append(row["code"])
        for (study, attribute), codes in several.items():
            yield "attributes", path.stem, STUDY, (study,), {attribute: "; ".join(sorted(codes))}
    for coder, study, record, values in _cells(workspace):
        if set(values) <= set(STATES):
            codes = sorted(each or state for state, texts in values.items() for each in texts)
            yield "sheet", coder, STUDY, (study,), {record: "; ".join(codes)}
        elif not _found_alone(record):
            what, unit = (STUDY, (study,)) if record == "study" else (FINDING, (record,))
            yield "workbook", coder, what, unit, _said(values)


def attributes_of_findings(workspace: Workspace) -> Iterator[tuple[str, str, str, Unit, Fields]]:
    """What was judged of findings that were there beside their own fields: attributes that the codebook declares."""
    paths = visible(workspace.review, "codings/findings/*.csv")
    book = read_document(workspace.review / "codebook.yaml", "codebook").content if paths else {}
    declared = {str(each.get("id", "")).removeprefix("attribute/") for each in book.get("attributes", [])}
    declared -= set(coded_fields.FIELDS)
    for path in paths:
        for row in _rows(path, ("finding",)):
            several = {name: [each.strip() for each in row[name].split(";")] for name in row if name in declared}
            fields = {name: "; ".join(sorted(each for each in codes if each)) for name, codes in several.items()}
            yield "findings", path.stem, FINDING, (row["finding"],), fields


def _found(workspace: Workspace) -> Iterator[tuple[str, str, Unit, Fields]]:
    """The findings that each coder found: the kind of file, the coder, the place, the fields."""
    place = ("locator", "study")
    for path in visible(workspace.review, "codings/*.csv"):
        for row in _rows(path, (*place, "concept")):
            codes = {key: " ".join(sorted(row[key].split())) for key in row if key not in (*place, "number")}
            yield "coding", path.stem, (row["locator"], row["study"]), codes
    for coder, study, record, values in _cells(workspace):
        if _found_alone(record) and not set(values) <= set(STATES):
            where = "; ".join(values.get("locatedAt", []))
            yield record.partition(" ")[0], coder, (where, study), _said(values)


def _found_alone(record: str) -> bool:
    """Whether a record of a coder's sheet is a finding that only a number names."""
    return bool(re.fullmatch(r"(?:finding|row) \d+", record))


def _said(values: dict[str, list[str]]) -> Fields:
    """Fields as a workbook has them; its words for a state are the state, and a reason is in the coder's own words."""
    made = {key: "; ".join(sorted(texts)) for key, texts in values.items() if key not in WORDS}
    plain = {key: re.sub(r"\s*\(inferred:[^)]*\)", "", text) for key, text in made.items()}
    return {key: text.replace(" ", "-") if text.replace(" ", "-") in STATES else text for key, text in plain.items()}


def _cells(workspace: Workspace) -> Iterator[tuple[str, str, str, dict[str, list[str]]]]:
    """What the coders of sheets coded: the coder, the study, the record in it, the values by key."""
    for path in visible(workspace.review, "codings/cells/*.csv"):
        records: dict[tuple[str, str], dict[str, list[str]]] = {}
        for row in _rows(path, CELL):
            values = records.setdefault((row["study"], row["record"]), {})
            values.setdefault(row["key"], []).append(row["value"])
        for (study, record), values in records.items():
            yield path.stem, study, record, values


def _rows(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a coding.

    Raises:
        DataError: it isn't CSV in UTF-8, lacks a column that is needed, or a row is longer or shorter than its header.
    """
    mend = "its columns are those of docs/documents.md"
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise DataError(path, 1, f"not a coding: no column `{missing[0]}`; {mend}")
            rows = []
            for row in reader:
                if None in row or None in row.values():
                    raise DataError(path, reader.line_num, f"a row of more or fewer cells than the header; {mend}")
                rows.append(row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(path, 0, f"not a coding: {error}; {mend}") from None
    return rows
