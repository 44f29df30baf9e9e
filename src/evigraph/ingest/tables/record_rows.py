"""Rows of a table to records: which row holds the headings, and which recipe knows them."""

from __future__ import annotations

import re
from pathlib import Path

from evigraph.errors import DataError, counted
from evigraph.ingest.model import Raw
from evigraph.ingest.recipes import Candidate, Recipe
from evigraph.ingest.tables import decision_columns, sheets
from evigraph.ingest.tables.sheets import Row
from evigraph.paths import SHIPPED

Found = tuple[Recipe, list[Raw], list[str]]


def from_csv(path: Path, text: str, known: list[Recipe]) -> Found:
    """The rows of a CSV text as records, the recipe that knows its headings, and notes.

    Raises:
        DataError: no recipe knows its headings.
    """
    weights = {name: 1 for each in known if each.reader == "sheet" for name in names(each)}
    delimiter = sheets.dialect(text, weights)
    rows, bad = csv_table(text, weights)
    plain = sheets.counted(_without_sep(text), delimiter)
    differs = not bad and plain != len(rows)
    read = len(rows)
    if tall := _tall(rows):
        rows = tall
    recipe, raws, notes = _records(path, {"": rows}, known)
    problem = "not a row of CSV: a quote stays open, or a cell is too long; mend it"
    headings = rows[_headings(rows, recipe)[1]][0]
    raws += [Raw(number, problem=problem) for number, _ in bad if number > headings]
    if differs:
        notes.append(f"a plain count by quotes finds {plain} rows and the parser {read}; look at the quotes")
    return recipe, sorted(raws, key=lambda raw: raw.line), notes


def csv_table(text: str, weights: dict[str, int]) -> tuple[list[Row], list[Row]]:
    """The rows of a CSV text, with the delimiter that gives most of the headings in `weights`, and the bad rows."""
    delimiter = sheets.dialect(text, weights)
    return sheets.csv_rows(_without_sep(text), delimiter)


def _without_sep(text: str) -> str:
    """The text without the first line by which Excel tells its delimiter."""
    return re.sub(r'^\s*"?sep=.[^\n]*', "", text)


def from_workbook(path: Path, found: dict[str, list[Row]], known: list[Recipe]) -> Found:
    """The rows of a workbook as records, the recipe that knows its headings, and notes.

    Raises:
        DataError: no recipe knows the headings of any sheet.
    """
    return _records(path, found, known)


def names(recipe: Recipe) -> set[str]:
    """The headings that a recipe knows, as they are compared."""
    found: set[str] = set()
    for candidates in recipe.fields.values():
        for candidate in candidates:
            found |= {sheets.heading(name) for name in _parts(candidate)}
    return found


def _parts(candidate: Candidate) -> list[str]:
    return candidate if isinstance(candidate, list) else candidate.split("+")


def known_headings(line: str) -> int:
    """How many cells of a line are headings of the shipped recipe for tables."""
    from evigraph.ingest.recipes import load

    known = names(load(SHIPPED / "ingest" / "sheet.yaml"))
    return sum(sheets.heading(cell) in known for cell in re.split(r"[,;\t|]", line))


def _records(path: Path, tables: dict[str, list[Row]], known: list[Recipe]) -> Found:
    best: tuple[tuple[bool, int], Recipe] | None = None
    notes, raws = [], []
    for recipe in (each for each in known if each.reader == "sheet" and not each.columns):
        scores = [_headings(rows, recipe) for rows in tables.values()]
        score = max((score for score, _ in scores), default=0)
        fit = _fits(recipe, tables), score
        if score and (best is None or fit > best[0]):
            best = fit, recipe
    if best is None:
        raise DataError(
            path, 0, "no row of headings with a title or an identifier; name the columns, or see `evigraph recipe`"
        )
    for name, rows in tables.items():
        score, at = _headings(rows, best[1])
        if not score:
            notes += (
                [f"sheet `{name}` has no headings that are known; {counted(len(rows), 'row')} passed over"]
                if rows
                else []
            )
            continue
        notes += [f"{counted(at, 'row')} above the headings passed over"] if at else []
        raws += _rows(rows[at], rows[at + 1 :], best[1])
        notes += _too_wide(rows[at], rows[at + 1 :])
    return best[1], raws, notes


def _fits(recipe: Recipe, tables: dict[str, list[Row]]) -> bool:
    """Whether a table has all that a recipe asks for: it is for such tables, however many headings others know."""
    asked = [{sheets.heading(n) for c in found for n in _parts(c)} for found in recipe.fields.values()]
    tops = [
        {sheets.heading(cell) for cell in rows[at][1]}
        for rows in tables.values()
        for score, at in [_headings(rows, recipe)]
        if score
    ]
    return len(asked) > 2 and any(all(each & top for each in asked) for top in tops)


def _headings(rows: list[Row], recipe: Recipe) -> tuple[int, int]:
    """How many headings the best row has that the recipe knows, and its index; 0 where none will do."""
    known = names(recipe)
    telling = ("title", "doi", "pmid", "pmcid", "eric", "openalex", "isbn")
    named = {key: {sheets.heading(n) for c in found for n in _parts(c)} for key, found in recipe.fields.items()}
    needed = {heading for key in telling for heading in named.get(key, ())}
    # A registration number may stand among the authors or in an address, whose headings tell no record.
    others = (headings for key, headings in named.items() if key != "identifiers")
    needed |= named.get("identifiers", set()).difference(*others)
    best = 0, 0
    for index, (_, cells) in enumerate(rows[: sheets.HEADING_ROWS]):
        found = {sheets.heading(cell) for cell in cells if len(cell) < 80}
        score = len(found & known) if found & needed else 0
        if score > best[0]:
            best = score, index
    return best


def _rows(headings: Row, rows: list[Row], recipe: Recipe) -> list[Raw]:
    keys = [sheets.heading(cell) for cell in headings[1]]
    found = []
    decided = _decided(headings[1], [cells for _, cells in rows], recipe)
    for place, (number, cells) in enumerate(rows):
        if [sheets.heading(cell) for cell in cells] == keys:
            continue  # the headings again, where files were put together
        fields: dict[str, list[str]] = {}
        for key, cell in zip(keys, sheets.rejoined(headings[1], cells), strict=False):
            if cell.strip() and key:
                fields.setdefault(key, []).append(cell)
        found.append(Raw(number, fields, decided=decided[place] if decided else None))
    return found


def _decided(headings: list[str], rows: list[list[str]], recipe: Recipe) -> list[tuple[dict[str, str], ...]] | None:
    """What several columns of decisions tell of each row, if there are several."""
    kinds = {"decision": "decision", "reason": "reason", "decidedOn": "date", "decidedBy": "name", "stage": "stage"}
    own = {key: {sheets.heading(n) for c in found for n in _parts(c)} for key, found in recipe.fields.items()}
    generic = {name: kind for key, kind in kinds.items() for name in own.get(key, ())}
    taken = {name for key, names in own.items() if key not in kinds for name in names} - set(generic)
    return decision_columns.read(headings, rows, generic, taken)


def _too_wide(headings: Row, rows: list[Row]) -> list[str]:
    wide = [number for number, cells in rows if any(cell.strip() for cell in cells[len(headings[1]) :])]
    if not wide:
        return []
    said = counted(len(wide), "row has", "rows have")
    return [f"{said} more cells than the headings, first row {wide[0]}; look for an unquoted delimiter"]


def _tall(rows: list[Row]) -> list[Row]:
    """Embase's layout, one field a row, as one record a row; nothing if it isn't that."""
    marks = [index for index, (_, cells) in enumerate(rows) if cells and cells[0] == "TITLE" and len(cells) > 1]
    if not marks or rows[marks[0]][1][1].isupper():
        return []
    headings = list(dict.fromkeys(cells[0] for _, cells in rows[marks[0] :] if cells[0]))
    made: list[Row] = [(rows[marks[0]][0], headings)]
    for start, end in zip(marks, [*marks[1:], len(rows)], strict=True):
        values = {cells[0]: "; ".join(cell for cell in cells[1:] if cell) for _, cells in rows[start:end]}
        made.append((rows[start][0], [values.get(name, "") for name in headings]))
    return made
