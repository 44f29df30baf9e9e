"""Rows of groups, results and appraisals that coders changed or added, into the documents of studies."""

from __future__ import annotations

from typing import Any

from evigraph.coding.changed_cells import RefusedError
from evigraph.coding.codebook import Book, slug
from evigraph.coding.findings import valued
from evigraph.coding.record_cells import RecordSheet
from evigraph.coding.record_sheets import sheets
from evigraph.coding.study_names import Names
from evigraph.coding.value_columns import Record
from evigraph.coding.workbook_cells import Shown
from evigraph.coding.workbook_form import Cell
from evigraph.coding.workbook_rows import Edit, Given, Row
from evigraph.ingest import Extract

LAST = ("versus", "comparator")
"""Cells that say something of others, and are taken after those."""
CODED = ("results", "appraisals")
"""What is of a coding."""


class Records:
    """The groups, results and appraisals of studies, and what workbooks change in them."""

    def __init__(
        self,
        shown: Shown,
        studies: dict[str, Record],
        names: Names,
        changed: dict[str, None],
        notes: list[str],
        date: str,
    ) -> None:
        """Change `studies`, the documents by name, and say which were changed, and in `notes` what can't be taken."""
        self._shown, self._studies, self._names = shown, studies, names
        self._changed, self._notes, self._date = changed, notes, date
        self.sheets = {sheet.name: sheet for sheet in sheets(shown)}
        kept = {sheet.kept for sheet in self.sheets.values()}
        self._homes = {each["id"]: n for n, c in studies.items() for key in kept for each in c.get(key, [])}

    def _find(self, sheet: RecordSheet, identity: str) -> tuple[str, Record]:
        """The study's document, and the record with that id in it; nothing where it is gone."""
        name = self._homes.get(sheet.stem + identity, "")
        held = self._studies[name].get(sheet.kept, []) if name else []
        return name, next((each for each in held if each["id"] == sheet.stem + identity), {})

    def held(self, name: str, identity: str, key: str) -> tuple[str, Cell]:
        """The study's document and a cell of a record as the review has it now; no document where it is gone."""
        sheet = self.sheets[name]
        home, record = self._find(sheet, identity)
        if not home or not record:
            return "", ""
        return home, home.removeprefix("studies/") if key == "study" else sheet.cell(self._studies[home], record, key)

    def set(self, name: str, identity: str, key: str, edits: list[Edit]) -> None:
        """Take a changed cell, of a coding of its coders; or say why it can't be taken."""
        sheet = self.sheets[name]
        home, record = self._find(sheet, identity)
        try:
            coders = sorted({edit.coder for edit in edits})
            whole = with_cell(sheet, self._studies[home], sheet.stem + identity, key, edits[0].new)
            if before := record.get("coding"):
                coding = self._shown.book.coding(coders, self._date, [before])
                at = next(i for i, each in enumerate(whole[sheet.kept]) if each["id"] == record["id"])
                whole[sheet.kept][at] = {**whole[sheet.kept][at], "coding": coding}
            self._studies[home] = whole
            self._changed[home] = None
        except RefusedError as error:
            self._notes.append(f"{edits[0].place}, {_heading(key)}: {error}; kept as it is")

    def add(self, given: list[Given]) -> None:
        """Take the rows that coders added; what two say of the same has to be the same."""
        for sheet in self.sheets.values():
            new: dict[str, dict[str, list[Record]]] = {}
            for one in given:
                for number, row in one.others.get(sheet.name, []):
                    if row.get("id") not in one.before[sheet.name] and not set(row) <= {"study"}:
                        self._read(sheet, one, number, row, new)
            for name, coders in new.items():
                study = name.removeprefix("studies/")
                for names, record in agreed(sheet, coders, self._notes, study):
                    self._add(sheet, name, names, record)

    def _read(
        self, sheet: RecordSheet, one: Given, number: int, row: Row, new: dict[str, dict[str, list[Record]]]
    ) -> None:
        place = f"{one.file}, {sheet.name} row {number}"
        try:
            name = self.home(row, place)
            if name is not None:
                self._studies[name], made = new_record(sheet, self._studies[name], row, self._shown)
                new.setdefault(name, {}).setdefault(one.coder, []).append(made)
        except RefusedError as error:
            self._notes.append(f"{place}: {error}; it isn't taken")

    def _add(self, sheet: RecordSheet, name: str, names: tuple[str, ...], record: Record) -> None:
        try:
            whole = added(sheet, self._studies[name], record, self._shown.book, names, self._date)
        except RefusedError as error:
            study = name.removeprefix("studies/")
            self._notes.append(f"{study}, a new row of {sheet.name}: {error}; it isn't taken")
            return
        if whole != self._shown.studies.get(name):
            self._studies[name] = whole
            self._changed[name] = None

    def home(self, row: Row, place: str) -> str | None:
        """The document of the study that a new row names."""
        told = row.get("study", "")
        name = self._names.find(Extract(0, told, told, {}), {}) if told else None
        if name is None:
            text = f"{place}: `{told}` is no study of the review or of the workbook; mend `study`; it isn't taken"
            self._notes.append(text)
        return name


def with_cell(sheet: RecordSheet, content: Record, identity: str, key: str, text: str) -> Record:
    """A study with one cell of one record changed.

    Raises:
        RefusedError: the cell can't be taken.
    """
    if key == "study":
        raise RefusedError("it can't go to another study; delete it there in the file, and add it here")
    made = dict(content)
    records = list(made[sheet.kept])
    at = next(i for i, each in enumerate(records) if each["id"] == identity)
    changed = sheet.set(made, records[at], key, text)
    if lost := sheet.lacks(changed):
        raise RefusedError(f"it needs {lost}")
    records[at] = _with_ids(changed, sheet)
    return {**made, sheet.kept: records}


def new_record(sheet: RecordSheet, content: Record, row: Row, shown: Shown) -> tuple[Record, Record]:
    """A study, which may have got a group, and the record of a row, without an id.

    Raises:
        RefusedError: a cell can't be taken, or one is missing.
    """
    made = dict(content)
    record: Record = {"tool": f"codebook/{sheet.name}"} if sheet.kept == "appraisals" else {}
    keys = [each.key for each in sheet.columns() if each.key in row and each.key not in ("study", "id")]
    for key in sorted(keys, key=lambda each: each in LAST):
        try:
            record = sheet.set(made, record, key, row[key])
        except RefusedError as error:
            raise RefusedError(f"{_heading(key)}: {error}") from None
    if lost := sheet.lacks(record):
        raise RefusedError(f"it needs {lost}")
    if sheet.kept == "results":
        study = str(content["id"]).removeprefix("study/")
        record.setdefault("locatedAt", shown.book.place(study, "", of_review=False))
    return made, record


def _heading(key: str) -> str:
    """What a column is called in a message."""
    return key.removeprefix("@").replace("|", ", ")


def agreed(
    sheet: RecordSheet, coders: dict[str, list[Record]], notes: list[str], study: str
) -> list[tuple[tuple[str, ...], Record]]:
    """New records, each with its coders: what is said of the same by two has to be the same."""
    found: dict[str, list[tuple[str, Record]]] = {}
    for coder, several in coders.items():
        for each in several:
            found.setdefault(_slot(sheet, each), []).append((coder, each))
    made = []
    for told in found.values():
        names = tuple(sorted({coder for coder, _ in told}))
        if len(names) > 1 and any(each != told[0][1] for _, each in told):
            said = "; ".join(f"{coder} `{_shown(sheet, each)}`" for coder, each in told)
            notes.append(f"{study}: coders differ on a new row of {sheet.name}: {said}; not coded")
        elif len(names) > 1:
            made.append((names, told[0][1]))
        else:
            made += [(names, each) for _, each in told]
    return made


def _slot(sheet: RecordSheet, record: Record) -> str:
    keys: tuple[str, ...] = ("tool", "concept", "time")
    if sheet.kept == "results":
        keys = ("concept", "measure", "time", "group", "versus", "metric", "statistic", "unit", "locatedAt")
    return repr([record.get(key) for key in (keys if sheet.kept != "groups" else ("label",))])


def _shown(sheet: RecordSheet, record: Record) -> str:
    cells = ((each.heading, sheet.cell({"id": ""}, record, each.key)) for each in sheet.columns()[2:])
    return ", ".join(f"{heading} {cell}" for heading, cell in cells if cell != "")


def added(sheet: RecordSheet, content: Record, record: Record, book: Book, names: tuple[str, ...], date: str) -> Record:
    """A study with a new record; nothing is added that is there already.

    Raises:
        RefusedError: there is one of the same that says otherwise.
    """
    held = content.get(sheet.kept, [])
    same = [each for each in held if sheet.has(each) and _slot(sheet, each) == _slot(sheet, record)]
    if any(_said(each) == _said(record) for each in same):
        return content
    if same:
        raise RefusedError(f"`{same[0]['id']}` is of the same; change it there, or say what tells the two apart")
    stem = f"{sheet.stem}{str(content['id']).removeprefix('study/')}/"
    taken = {each["id"] for each in held}
    label = slug(record["label"])[:60].strip("-") if sheet.kept == "groups" else ""
    free = (f"{stem}{label}", *(f"{stem}{label}-{n}" for n in range(2, len(held) + 3))) if label else ()
    numbered = (f"{stem}{n}" for n in range(1, len(held) + 2))
    identity = next(each for each in (*free, *numbered) if each not in taken)
    kind = {"results": "Result", "groups": "Group", "appraisals": "Appraisal"}[sheet.kept]
    coding = {"coding": book.coding(names, date)} if sheet.kept in CODED else {}
    new = _with_ids({"id": identity, "type": kind, **record, **coding}, sheet)
    return {**content, sheet.kept: [*held, new]}


def _said(record: Record) -> dict[str, Any]:
    own = {key: value for key, value in record.items() if key not in ("id", "type", "coding")}
    parts = own.get("characteristics", [])
    return {**own, "characteristics": [{k: v for k, v in each.items() if k not in ("id", "type")} for each in parts]}


def _with_ids(record: Record, sheet: RecordSheet) -> Record:
    """A record whose values have an id each; those of appraisals are called after the tool."""
    if sheet.kept != "appraisals":
        return valued(record)
    stem = f"{record['tool'].removeprefix('codebook/')}-"
    judged = [{"id": f"{record['id']}/{j['attribute'].removeprefix(stem)}", **j} for j in record["characteristics"]]
    return {**record, "characteristics": judged}
