"""Files that hold coded studies to batches: extraction sheets, EPPI-Reviewer's codes, and workbooks of ours."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from evigraph.errors import DataError, counted
from evigraph.ingest import records
from evigraph.ingest.extraction import eppi, eppi_studies, heading_rows, orkg, sheet
from evigraph.ingest.extraction.columns import columns_of
from evigraph.ingest.extraction.headings import Table, fits, table
from evigraph.ingest.extraction.mapping import Columns, key
from evigraph.ingest.extraction.sheet import Extraction
from evigraph.ingest.fields.values import plain
from evigraph.ingest.model import Batch, Decision, Raw, Record, Rejected
from evigraph.ingest.recipes import Recipe
from evigraph.ingest.tables import formulas, record_rows
from evigraph.ingest.tables.sheets import Row

MARK = "evigraph"
"""The sheet by which a workbook of ours is known."""

SHEETS = ("studies", "findings")
"""Its sheets that people fill in, in every review."""
AS_WRITTEN = " as written"
"""The end of the name of the hidden sheets that tell what was changed; a sheet with one is filled in by people."""

BAD_ROW = "not a row of CSV: a quote stays open, or a cell is too long; mend it"


def told(known: list[Recipe], found: dict[str, list[Row]]) -> Recipe | None:
    """The recipe whose headings tell that a table is one of its kind, if there is one."""
    for recipe in known:
        if recipe.columns.get("needs"):
            columns = columns_of(recipe)
            if any(fits(columns, rows) for rows in found.values()):
                return recipe
    return None


def looks_told(known: list[Recipe], text: str) -> bool:
    """Whether a text may be a table that `told` knows; who says no needn't take it apart."""
    head = key(text[:65536])
    needed = [_listed(recipe.columns["needs"]) for recipe in known if "needs" in recipe.columns]
    return any(all(key(each) in head for each in headings) for headings in needed)


def _listed(found: Any) -> list[str]:
    return [str(each) for each in found] if isinstance(found, list) else [str(found)]


def from_tables(base: Batch, recipe: Recipe, found: dict[str, list[Row]], bad: list[Row]) -> Batch:
    """A batch with what the sheets say by a recipe; `base` tells the file.

    Raises:
        DataError: the recipe can't be followed, or no sheet has any of its headings.
    """
    columns = columns_of(recipe)
    wanted = {name: rows for name, rows in found.items() if columns.sheet in ("", name)}
    known = [*columns.named(), *(name for each in recipe.fields.values() for name in sheet.flat(each))]
    made: list[tuple[str, Extraction]] = []
    notes = []
    for name, rows in wanted.items():
        taken = table(rows, known, columns.headings)
        if taken is not None:
            made.append((name, sheet.read(recipe, columns, taken)))
        elif rows:
            notes.append(f"sheet `{name}` has no heading of the recipe; {counted(len(rows), 'row')} passed over")
    if not made:
        where = f"sheet `{columns.sheet}`" if columns.sheet else "no sheet"
        raise DataError(
            base.path, 0, f"{where} has the headings that {recipe.name} names; mend the recipe, or draft one"
        )
    problems = tuple(Rejected(number, BAD_ROW) for number, _ in bad)
    return _joined(base, recipe, made, notes, problems)


def _joined(
    base: Batch, recipe: Recipe, made: list[tuple[str, Extraction]], notes: list[str], bad: tuple[Rejected, ...]
) -> Batch:
    several = len(made) > 1
    extracts = tuple(each for _, one in made for each in one.extracts)
    rejected = (*(each for _, one in made for each in one.rejected), *bad)
    texts = [f"sheet `{name}`: {note}" if several else note for name, one in made for note in one.notes]
    return replace(
        base,
        format=recipe.name,
        present=len(extracts) + len(rejected),
        rejected=rejected,
        notes=(*notes, *texts),
        extracts=extracts,
        columns=_together(base.path, [one.columns for _, one in made]),
    )


def _together(path: Path, found: list[Columns]) -> Columns:
    """The columns of all sheets; rows refer to attributes by number, so sheets with a rest of their own stay apart."""
    if any(each.attributes != found[0].attributes for each in found[1:]):
        raise DataError(
            path,
            0,
            "the sheets have different columns, and `rest` makes attributes of them; name one `sheet`",
        )
    return found[0]


ALONE = orkg.FORMAT
"""The format of JSON whose coded studies aren't records as well."""


def from_json(base: Batch, root: Any, known: list[Recipe], forced: Recipe | None) -> Batch | None:
    """A batch with what EPPI-Reviewer's codes say, or a comparison of ORKG; nothing where JSON is neither.

    By a recipe, each parent of EPPI-Reviewer's codes is a column; without one, the whole tree of codes comes along.
    """
    if forced is None and (comparison := orkg.from_json(root)):
        return comparison.batch(base)
    recipe = next((each for each in known if each.name == eppi_studies.FORMAT), None)
    if forced is not None:
        found = eppi.table(root)
        if found is None:
            return None
        taken, notes = found
        return _joined(base, forced, [("", sheet.read(forced, columns_of(forced), taken))], notes, ())
    shape = eppi_studies.read(root, partial(_publication, records.reader(recipe))) if recipe else None
    return None if shape is None else replace(shape.batch(base), decisions=shape.decisions)


def _publication(taken: Any, line: int, reference: dict[str, Any]) -> dict[str, Any]:
    """What a reference of EPPI-Reviewer says of its report, as a recipe reads it."""
    cells = {key(name): [text] for name in eppi.FIELDS if (text := plain(reference.get(name)))}
    values: dict[str, Any] = getattr(taken(Raw(line, cells)), "values", {})
    return values


def beside(found: Batch, codes: Batch) -> Batch:
    """The records of a file with what its codes say about them, and decide of them."""
    made = [_decided(each, codes.decisions.get(each.line, [])) for each in found.records]
    notes = (*found.notes, *codes.notes)
    own = {"columns": codes.columns, "schemes": codes.schemes, "tools": codes.tools}
    return replace(found, records=tuple(made), notes=notes, extracts=codes.extracts, **own)


def _decided(record: Record, decisions: list[Decision]) -> Record:
    """A record with decisions by codes, which go before what its state says alike.

    A state that says otherwise than a code on the abstract was decided after it.
    """
    told = {each.verdict for each in decisions}
    early = any(each.stage == "title-abstract" for each in decisions)
    rest = [each for each in record.decisions if each.verdict not in told]
    late = [early and each.verdict == "exclude" for each in rest]
    rest = [replace(e, stage="full-text", assumed=False) if later else e for e, later in zip(rest, late, strict=True)]
    return replace(record, decisions=(*decisions, *rest))


def headings(recipe: Recipe) -> set[str]:
    """Every heading that a recipe names, as headings are compared."""
    return {key(each) for each in columns_of(recipe).named()} | record_rows.names(recipe)


def is_ours(found: dict[str, list[Row]]) -> bool:
    """Whether `evigraph sheet` wrote a workbook."""
    return any(cells[:1] == ["format"] and cells[1].startswith(MARK) for _, cells in found.get(MARK, []) if cells[1:])


def of_ours(base: Batch, found: dict[str, list[Row]]) -> Batch:
    """A workbook that `evigraph sheet` wrote, for who holds it against the documents.

    A row with a formula that has no value is rejected: its cell isn't empty, and what it holds can't be known.

    Raises:
        DataError: a sheet is missing.
    """
    if missing := [name for name in SHEETS if not found.get(name)]:
        raise DataError(
            base.path, 0, f"the sheet `{missing[0]}` is missing; give the workbook back with all its sheets"
        )
    rejected = []
    kept = dict(found)
    filled = [*SHEETS, *(name for name in found if name not in SHEETS and name + AS_WRITTEN in found and found[name])]
    for place, cells in formulas.unsaved(base.path).items():
        name = list(found)[place - 1] if place <= len(found) else ""
        if name not in filled:
            continue
        rows = {
            number: [cell for cell in cells if formulas.row_of(cell) == number]
            for number in map(formulas.row_of, cells)
        }
        first = kept[name][0][0]
        rejected += [Rejected(n, formulas.reason(name, found)) for n, found in sorted(rows.items()) if n > first]
        kept[name] = [row for row in kept[name] if row[0] not in rows]
    present = sum(max(len(kept.get(name, [])) - 1, 0) for name in filled) + len(rejected)
    return replace(base, format="evigraph workbook", present=present, rejected=tuple(rejected), tables=kept)


def view(path: Path, found: dict[str, list[Row]] | None, text: str, root: Any) -> dict[str, Table]:
    """Each sheet of a file as a table, for whoever drafts a recipe; which rows are its headings is a guess."""
    if root is not None:
        eppi_table = eppi.table(root)
        if eppi_table is None:
            raise DataError(path, 1, "JSON without codes of EPPI-Reviewer; a recipe is drafted from a table")
        return {"": eppi_table[0]}
    if found is None:
        found = {"": record_rows.csv_table(text, {})[0]}
    return {
        name: taken for name, rows in found.items() if (taken := heading_rows.guessed(rows)) is not None and taken.rows
    }
