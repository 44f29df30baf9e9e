"""The rows of a sheet by study: those of one id are of one, unless their titles say that they are of two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from evigraph.coding.study_names import alike
from evigraph.ingest import Extract
from evigraph.matching import identifiers
from evigraph.matching.traits import folded

COMPARED = ("title", "year", *identifiers.KINDS)
"""The keys of a publication that two rows have to agree on."""


@dataclass
class Study:
    """The rows of one study.

    Attributes:
        rows: all of them, in order. publications: what they tell of each of its publications, the first one first.
        notes: where they contradict each other.
    """

    rows: list[Extract]
    publications: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)


def studies(extracts: Iterable[Extract], several: bool) -> Iterator[Study]:
    """The studies of a sheet; with `several`, rows of one id and two titles are two reports of one."""
    grouped: dict[str, list[Extract]] = {}
    for extract in extracts:
        grouped.setdefault(folded(extract.study), []).append(extract)
    for rows in grouped.values():
        yield from _apart(rows, several)


def _apart(rows: list[Extract], several: bool) -> Iterator[Study]:
    parts = _publications(rows)
    if several or len(parts) == 1:
        yield Study(rows, [_values(part) for part in parts], [note for part in parts for note in _differ(part)])
    elif any(row.reviewer or row.consensus for row in rows):  # two coders, who typed a title each
        yield Study(rows, [_values(rows)], list(_differ(rows)))
    else:
        first = parts[0][0]
        for part in parts:
            notes = list(_differ(part))
            if part is not parts[0]:
                notes.append(two_titles(f"row {part[0].line}", first, f"{_title(parts[0])}", _values(part), first.line))
            yield Study(part, [_values(part)], notes)


def two_titles(place: str, row: Extract, title: str, values: dict[str, Any], line: int = 0) -> str:
    """What a person is told of an id that has one title in a row or the review, and another one in a row."""
    where = f"on row {line}" if line else "in the review"
    here = values.get("title", "without a title")
    return (
        f"{place}: `{row.study}` is “{title}” {where}, and here “{here}”; taken for two studies. Where both are"
        " reports of one, write `reports: several` below `columns` of the recipe, or join them: evigraph join"
    )


def _publications(rows: list[Extract]) -> list[list[Extract]]:
    """The rows by publication; one without a title or an identifier is of the first."""
    parts: list[list[Extract]] = []
    for row in rows:
        same = next((part for part in parts if any(_same(row.values, each.values) for each in part)), None)
        if same is None and "title" not in row.values and parts:
            same = parts[0]
        if same is None:
            parts.append([row])
        else:
            same.append(row)
    return parts


def _same(one: dict[str, Any], two: dict[str, Any]) -> bool:
    if set(identifiers.of(one)) & set(identifiers.of(two)):
        return True
    return "title" in one and "title" in two and alike(one["title"], two["title"])


def _values(rows: list[Extract]) -> dict[str, Any]:
    return {key: value for row in reversed(rows) for key, value in row.values.items()}


def _title(rows: list[Extract]) -> str:
    return str(next((row.values["title"] for row in rows if "title" in row.values), "without a title"))


def _differ(rows: list[Extract]) -> Iterator[str]:
    """What rows of one publication tell otherwise than the first of them that tells it."""
    for key in COMPARED:
        told = [row for row in rows if key in row.values]
        for row in told[1:]:
            one, other = told[0].values[key], row.values[key]
            if folded(one) != folded(other):
                yield (
                    f"row {row.line}: the {key} of `{row.study}` is `{other}` here and `{one}` on row {told[0].line};"
                    " the first is taken, so mend the wrong one"
                )
                break
