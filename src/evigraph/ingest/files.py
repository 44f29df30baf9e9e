"""Other formats to records and study documents: the one package that opens the `ingest` folder.

It tells a file's format by its content, takes it apart with a library, and turns its fields into our keys by the
recipe of that format. What a file holds is counted apart from what was read: nothing is lost without a word.
"""

from __future__ import annotations

import hashlib
import json
import re
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

from evigraph import data
from evigraph.errors import DataError
from evigraph.ingest import counts, decisions, encodings, own_exports, prisma_csv, recipes, records
from evigraph.ingest.extraction import coded_studies, known_shapes
from evigraph.ingest.extraction.headings import Table
from evigraph.ingest.formats import json_records, tagged, xml_records
from evigraph.ingest.model import Batch, Decision, Raw, Record, Rejected
from evigraph.ingest.recipes import Recipe
from evigraph.ingest.tables import formulas, odd_cells, record_rows, sheets
from evigraph.paths import Workspace

__all__ = ["Batch", "Decision", "Record", "Rejected", "read", "view"]

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
SAMPLE = 2**20
"""How many characters tell what a long text is."""
FIRST = 100
"""How many records of JSON tell what it is: the first alone may lack what others have."""
_HARD_BLANK = re.compile(r"(?m)^([A-Z][A-Z0-9])(?: ?[\u00a0\u2007\u202f] ?){1,2}-[ \u00a0]?")
"""Behind the tags of a RIS that was copied from a page, as Sage gives it, stand blanks that don't break."""
_TAGS = re.compile(r"(?m)^(TI|T1|AU|A1|FAU|JT|LID|AID|BTI|PMCR) {0,3}- ")
"""Lines of a tagged file that has lost the beginnings of its records."""


def read(
    path: Path, workspace: Workspace | None = None, by: Path | None = None, decision: str = "", encoding: str = ""
) -> Batch:
    """Everything that one file holds; `by` is a recipe that says what its columns hold.

    `decision` is that of every record that carries none: `include`, `exclude` or `maybe`. `encoding` is that of a
    text, where a person knows it.

    Raises:
        DataError: it can't be read, or holds no format that a recipe knows. UsageError: no encoding has that name.
    """
    try:
        return _read(path, workspace, by, decision, encodings.known(encoding) if encoding else "")
    except sheets.TooManyRowsError:
        raise DataError(path, 0, sheets.too_many()) from None


def _read(path: Path, workspace: Workspace | None, by: Path | None, decision: str, encoding: str) -> Batch:
    raw = encodings.content(path)
    digest = hashlib.sha256(raw).hexdigest()
    known = [replace(each, decision=decision or each.decision) for each in recipes.load_all(workspace)]
    forced = recipes.load(by) if by else None
    if raw.startswith(_WORKBOOKS):
        return _workbook(path, digest, known, forced)
    found = encodings.decode(path, raw, encoding)
    made = _text(path, digest, found.encoding, found.text, known, forced)
    return replace(made, notes=(*found.notes, *made.notes))


def _text(path: Path, digest: str, encoding: str, text: str, known: list[Recipe], forced: Recipe | None) -> Batch:
    """What a text holds, by its format."""
    if re.match(r" +<\d+\. ?>", text):  # Ovid's tagged records, pasted with a margin
        text = textwrap.dedent(text)
    text = _HARD_BLANK.sub(r"\1  - ", text)
    if forced or coded_studies.looks_told(known, text):
        rows, bad = _table(text, forced)
        if not text.lstrip().startswith(("{", "[", "<")) and (chosen := forced or coded_studies.told(known, rows)):
            return coded_studies.from_tables(Batch(path, "", encoding, digest, 0, (), ()), chosen, rows, bad)
    head = text.lstrip()
    if forced is None and (shape := known_shapes.of_text(text)):
        return shape.batch(Batch(path, "", encoding, digest, 0, (), ()))
    if forced is None and own_exports.is_graph(text):
        return own_exports.from_graph(path, digest, encoding)
    if re.match(r"<[!?/A-Za-z]", head):
        return _from_xml(path, digest, encoding, text, known)
    if head.startswith(("{", "[")):
        return _from_json(path, digest, encoding, text, known, forced)
    if re.search(r"(?m)^type: *Study\s*$", text) and re.search(r"(?m)^id: *study/", text):
        return _own(path, digest, encoding, [data.read_document(path, path.stem).content])
    if prisma_csv.is_diagram(head):
        return prisma_csv.read(path, digest, encoding, text)
    recipe, begins, count = _told_apart(text, [each for each in known if each.reader != "xml"])
    if not count:
        recipe, begins, count = _headless(text, known)
    if not count or _is_table(text, count):
        return _batch(path, digest, encoding, *record_rows.from_csv(path, text, known))
    raws, notes = _taken_apart(recipe, text)
    return _batch(path, digest, encoding, recipe, raws + counts.unseen(text, begins, raws), notes)


def _workbook(path: Path, digest: str, known: list[Recipe], forced: Recipe | None) -> Batch:
    """What a workbook holds; a row that only formulas without a value make up is counted, and rejected."""
    base, book = Batch(path, "", "", digest, 0, (), ()), sheets.workbook(path)
    if coded_studies.is_ours(book) and forced is None:
        return coded_studies.of_ours(base, book)
    if chosen := forced or coded_studies.told(known, book):
        made = coded_studies.from_tables(base, chosen, book, [])
    elif shape := known_shapes.read(book):
        made = shape.batch(base)
    else:
        reports, said = own_exports.reports_of(book)
        found = _batch(path, digest, "", *record_rows.from_workbook(path, reports, known))
        made = replace(found, notes=(*said, *found.notes))
    lost, notes = formulas.lost(path, book)
    rejected = tuple(sorted((*made.rejected, *lost), key=lambda each: each.line))
    noted = (*made.notes, *notes, *odd_cells.dates(book))
    return replace(made, present=made.present + len(lost), rejected=rejected, notes=noted)


def _told_apart(text: str, known: list[Recipe]) -> tuple[Recipe, str, int]:
    """The recipe whose records a text has most of, the pattern that finds their beginnings, and how many there are."""
    if len(text) > 2 * SAMPLE and (best := _told_apart(text[:SAMPLE], known))[2]:
        return best  # the whole text would be scanned six times
    best = known[0], "", 0
    for recipe in known:
        if recipe.begins and (not recipe.having or re.search(recipe.having, text)):
            counts = ((begins, sum(1 for _ in re.finditer(begins, text))) for begins in recipe.begins)
            begins, count = next((pair for pair in counts if pair[1]), ("", 0))
            best = (recipe, begins, count) if count > best[2] else best
    return best


def _headless(text: str, known: list[Recipe]) -> tuple[Recipe, str, int]:
    """The same for a tagged text that has lost the beginnings of its records."""
    found = _TAGS.findall(text)
    syntax = "medline" if {"FAU", "JT", "LID", "AID", "BTI", "PMCR"} & set(found) else "ris"
    return next(each for each in known if each.name == syntax), r"(?!)", len(found)


def _table(text: str, forced: Recipe | None) -> tuple[dict[str, list[sheets.Row]], list[sheets.Row]]:
    weights = dict.fromkeys(coded_studies.headings(forced), 1) if forced else {}
    rows, bad = record_rows.csv_table(text, weights)
    return {"": rows}, bad


def view(path: Path) -> dict[str, Table]:
    """Each sheet of an extraction table, for whoever drafts a recipe for it.

    Raises:
        DataError: it can't be read, or is no table.
    """
    raw = encodings.content(path)
    if raw.startswith(_WORKBOOKS):
        return coded_studies.view(path, sheets.workbook(path), "", None)
    text = encodings.decode(path, raw).text
    root = json_records.parse(path, text)[0] if text.lstrip().startswith(("{", "[")) else None
    try:
        return coded_studies.view(path, None, text, root)
    except sheets.TooManyRowsError:
        raise DataError(path, 0, sheets.too_many()) from None


def _is_table(text: str, count: int) -> bool:
    """A table whose cells quote another format: its first line is a row of headings."""
    first = text.lstrip().partition("\n")[0]
    return count < first.count(",") + first.count("\t") + first.count(";") - 1 and record_rows.known_headings(first) > 1


def _taken_apart(recipe: Recipe, text: str) -> tuple[list[Raw], list[str]]:
    if recipe.reader == "bibtex":
        from evigraph.ingest.formats import bibtex

        return bibtex.read(text)
    return tagged.read(text, recipe.syntax)


def _batch(path: Path, digest: str, encoding: str, recipe: Recipe, raws: list[Raw], notes: list[str]) -> Batch:
    found = records.read(recipe, raws)
    read = tuple(each for each in found if isinstance(each, Record))
    rejected = tuple(each for each in found if isinstance(each, Rejected))
    noted = (*notes, *decisions.notes_on(path, read))
    return Batch(path, recipe.name, encoding, digest, len(raws), read, rejected, noted)


def _from_xml(path: Path, digest: str, encoding: str, text: str, known: list[Recipe]) -> Batch:
    recipe, begins, _ = _told_apart(text, [each for each in known if each.reader == "xml"])
    lines = counts.lines(text, begins) if begins else []
    if not lines:
        raise DataError(path, 1, "HTML, or XML that no recipe knows; export it as RIS, BibTeX, NBIB, CSV or XLSX")
    raws = [
        xml_records.raw(element, lines[min(index, len(lines) - 1)], recipe.fields | recipe.ties, recipe.name_parts)
        for index, element in enumerate(xml_records.read(path, text, recipe.records))
    ]
    raws += [Raw(line, problem=counts.REASON) for line in lines[len(raws) :]]
    return _batch(path, digest, encoding, recipe, raws, [])


def _from_json(path: Path, digest: str, encoding: str, text: str, known: list[Recipe], forced: Recipe | None) -> Batch:
    root, lines = json_records.parse(path, text)
    codes = coded_studies.from_json(Batch(path, "", encoding, digest, 0, (), ()), root, known, forced)
    if codes and (forced or codes.format == coded_studies.ALONE):
        return codes
    if forced:
        raise DataError(path, 1, "the recipe is for tables, and this JSON has no codes of EPPI-Reviewer; give a table")
    made = _from_known_json(path, digest, encoding, root, lines, known)
    return made if codes is None else coded_studies.beside(made, codes)


def _from_known_json(
    path: Path, digest: str, encoding: str, root: Any, lines: list[json_records.Place] | None, known: list[Recipe]
) -> Batch:
    if root is not None and (studies := json_records.own_studies(root)):
        return _own(path, digest, encoding, studies)
    if lines and all(isinstance(value, dict) and value.get("type") == "Study" for _, value in lines):
        return _own(path, digest, encoding, [value for _, value in lines])
    for recipe in (each for each in known if each.reader == "json"):
        places = _places(root, recipe) if lines is None else _pages(lines, recipe)
        sample = (value for _, value in places[:FIRST] if isinstance(value, dict))
        if any(json_records.search(recipe.when, each) for each in sample):
            return _batch(path, digest, encoding, recipe, json_records.raws(places), [])
    if root == [] or (isinstance(root, dict) and [] in root.values()):
        raise DataError(path, 1, "the list of records is empty; export it again")
    raise DataError(path, 1, "JSON of a kind that no recipe knows; write one, see docs/linking.md")


def _places(root: Any, recipe: Recipe) -> list[json_records.Place]:
    for expression in recipe.records:
        found = root if expression == "@" else json_records.search(expression, root)
        if isinstance(found, list):
            return list(enumerate(found, 1))
        if isinstance(found, dict) and (expression == recipe.records[-1] or json_records.search(recipe.when, found)):
            return [(1, found)]
    return []


def _pages(lines: list[json_records.Place], recipe: Recipe) -> list[json_records.Place]:
    """The records of JSON Lines, of which each line is one record or a page of several."""
    found: list[json_records.Place] = []
    for number, value in lines:
        whole = isinstance(value, json.JSONDecodeError) or json_records.search(recipe.when, value)
        places = [] if whole else [(number, each) for _, each in _places(value, recipe)]
        found += places or [(number, value)]
    return found


def _own(path: Path, digest: str, encoding: str, studies: list[dict[str, Any]]) -> Batch:
    return Batch(path, "study", encoding, digest, len(studies), (), (), (), tuple(studies))
