"""Rows of an extraction sheet to what they say about studies, by the `columns` of a recipe."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from evigraph.ingest.extraction.headings import Cells, Table
from evigraph.ingest.extraction.identity import TELLING
from evigraph.ingest.extraction.mapping import Attribute, Columns, Source, folded, key
from evigraph.ingest.extraction.row import Reader
from evigraph.ingest.model import Extract, Rejected
from evigraph.ingest.recipes import Recipe
from evigraph.ingest.records import unreadable


@dataclass
class Extraction:
    """What a sheet says: `extracts` and `rejected` are its rows, `notes` what else a person should know.

    `columns` are those of the recipe, with what became of the columns that it doesn't name.
    """

    columns: Columns
    extracts: list[Extract] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(recipe: Recipe, columns: Columns, found: Table) -> Extraction:
    """What every row of a table says; a row that names no study is rejected, a column left out is named."""
    made = Extraction(_with_rest(recipe, columns, found))
    reader = Reader(recipe, made.columns)
    above: Cells = {}
    for number, cells in found.rows:
        cells, above = _carried(recipe, columns, cells, above)
        try:
            result = reader.row(number, cells)
        except Exception as error:
            result = Rejected(number, unreadable(error))
        if isinstance(result, Extract):
            made.extracts.append(result)
        else:
            made.rejected.append(result)
    made.notes += [*_left_out(recipe, made.columns, found), *reader.notes(), *_errors(found)]
    return made


def _errors(found: Table) -> Iterator[str]:
    """A note on cells that a spreadsheet could not calculate."""
    if found.errors:
        number, heading, sign = found.errors[0]
        several = f"{len(found.errors)} cells hold errors" if len(found.errors) > 1 else "a cell holds an error"
        yield f"{several} of a spreadsheet, first row {number}, `{heading}`: {sign}; taken for empty, so mend it"


def _identity(recipe: Recipe, columns: Columns) -> list[str]:
    fields = [key(name) for candidates in recipe.fields.values() for name in flat(candidates)]
    return [*(key(each) for each in columns.study), *fields]


def flat(candidates: Iterable[Any]) -> Iterator[str]:
    """Every heading that the candidates of a field name."""
    for each in candidates:
        yield from (part for name in (each if isinstance(each, list) else [each]) for part in name.split("+"))


def _carried(recipe: Recipe, columns: Columns, cells: Cells, above: Cells) -> tuple[Cells, Cells]:
    """A row with what it has from the row above, where cells are merged or left blank: the study, and what is named."""
    tells = _identity(recipe, columns)
    own = [key(each) for each in columns.study] or tells
    named = [key(each) for each in columns.carried]
    same = not any(cells.get(name) for name in own) or all(cells.get(n, above.get(n)) == above.get(n) for n in own)
    titled = [key(name) for field_ in sorted(TELLING) for name in flat(recipe.fields.get(field_, []))]
    same = same and all(cells.get(n, above.get(n)) == above.get(n) for n in titled)  # another title is another study
    if same and cells:
        reviewer = [key(columns.reviewer)] if columns.reviewer else []
        cells = {**{n: above[n] for n in (*tells, *named, *reviewer) if n in above}, **cells}
    return cells, cells


def _with_rest(recipe: Recipe, columns: Columns, found: Table) -> Columns:
    """The columns, with an attribute for each heading that isn't named, where the recipe says so."""
    if columns.rest != "attributes":
        return columns
    names = {each.name for each in columns.attributes}
    rest: list[Attribute] = []
    for heading in dict.fromkeys(_unnamed(recipe, columns, found)):
        slug = re.sub(r"[^a-z0-9]+", "-", folded(heading)).strip("-")[:60].strip("-") or f"column-{len(rest) + 1}"
        while slug in names:
            slug += "-2"
        names.add(slug)
        rest.append(Attribute(slug, Source(columns=(heading,), split=columns.split)))
    return replace(columns, attributes=(*columns.attributes, *rest))


def _unnamed(recipe: Recipe, columns: Columns, found: Table) -> list[str]:
    known = {*(key(each) for each in columns.named()), *_identity(recipe, columns)}
    filled = Counter(name for _, cells in found.rows for name in cells)
    parts = {each: key(f"{each} (1)") for each in found.headings}
    return [each for each in found.headings if filled[key(each)] and not {key(each), parts[each]} & known]


def _left_out(recipe: Recipe, columns: Columns, found: Table) -> Iterator[str]:
    filled = Counter(name for _, cells in found.rows for name in cells)
    if left := [f"{each} ({filled[key(each)]} cells)" for each in dict.fromkeys(_unnamed(recipe, columns, found))]:
        yield f"columns left out: {', '.join(left)}"
    headings = {key(each) for each in found.headings}
    counts = Counter(key(each) for each in found.headings if key(each) and filled[key(each)])
    named = {key(each) for each in columns.named()} | set(_identity(recipe, columns))
    several = [each for each in dict.fromkeys(found.headings) if counts[key(each)] > 1 and key(each) in named]
    if several:
        one = f"name one as `{several[0]} (1)`"
        yield f"headings that stand several times, so that their cells are taken together: {', '.join(several)}; {one}"
    numbered = {key(f"{each} ({n})") for each in found.headings for n in range(1, counts[key(each)] + 1)}
    spared = headings | {key(each) for each in columns.ignore} | numbered
    wanted = {heading: None for heading in columns.named() if key(heading) not in spared}
    if wanted:
        yield f"headings that the recipe names and the sheet lacks: {', '.join(wanted)}"
    nameless = sum(not key(each) for each in found.headings)
    if nameless and any(len(cells) for _, cells in found.rows):
        yield f"{nameless} columns without a heading were left out"
