"""Workbooks that coders give back: what each changed, where they differ, and what becomes of the documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evigraph.coding import codebook, consensus, workbook_rows
from evigraph.coding.changed_cells import RefusedError, StudyCells
from evigraph.coding.changed_findings import FindingCells
from evigraph.coding.findings import Findings, identified
from evigraph.coding.record_merge import Records
from evigraph.coding.study_names import Names, new_study
from evigraph.coding.workbook_cells import Shown
from evigraph.coding.workbook_rows import Edit, Given, Row
from evigraph.data import Document, quads
from evigraph.errors import DataError
from evigraph.ingest import Batch, Extract
from evigraph.ingest.extraction import MARK, folded
from evigraph.linking import Options, Plan


def link(made: Plan, documents: list[Document], options: Options) -> None:
    """Add to a plan what the workbooks among its batches change.

    Raises:
        DataError: a workbook is of another review.
    """
    given = [batch for batch in made.batches if batch.tables]
    if given:
        contents = codebook.contents(documents, made.contents)
        _Merge(made, contents, options).run(given)


class _Merge:
    """Holds the workbooks against each other and against the documents."""

    def __init__(self, made: Plan, contents: dict[str, dict[str, Any]], options: Options) -> None:
        self._made, self._options = made, options
        self._contents = contents
        self._shown = Shown(contents)
        self._book = self._shown.book
        self._studies = {n: dict(c) for n, c in contents.items() if n.startswith("studies/")}
        self._names = Names(self._studies)
        self._homes = {each["id"]: n for n, c in self._studies.items() for each in c.get("findings", [])}
        self._changed: dict[str, None] = {}
        self._records = Records(self._shown, self._studies, self._names, self._changed, made.notes, options.date)

    def _note(self, text: str) -> None:
        self._made.notes.append(text)

    def run(self, batches: list[Batch]) -> None:
        for batch in batches:
            written_for = next((cells[1] for _, cells in batch.tables[MARK] if cells[:1] == ["base"] and cells[1:]), "")
            if written_for != self._contents["review"].get("base", ""):
                raise DataError(batch.path, 0, f"a workbook of another review, {written_for}; link it there")
        records = list(self._records.sheets.values())
        who, notes = self._options.who, self._made.notes
        given = [workbook_rows.given(batch, self._shown, records, who, notes) for batch in batches]
        for one, batch in zip(given, batches, strict=True):
            self._new_studies(one, batch)
        self._edits(given)
        self._new_findings(given)
        self._records.add(given)
        for name in self._changed:
            self._made.contents[name] = quads.arranged(self._book.with_places(self._studies[name]))
        self._made.contents |= self._book.changed
        if len({one.coder for one in given}) > 1:
            for one in given:
                rows = list(self._cells(one))
                self._made.cells.setdefault(codebook.slug(one.coder), []).extend(rows)

    def _cells(self, one: Given) -> Iterator[consensus.Cell]:
        """What one coder changed or added, as it is kept apart from what the others did."""
        for sheet, rows, tells in one.sheets():
            for number, row in rows:
                before = one.before[sheet].get(row.get(tells, ""), {})
                study = row.get("key" if sheet == "studies" else "study", row.get("label", ""))
                record = row.get(tells) if sheet != "studies" else "study"
                for key, text in row.items():
                    if text != before.get(key, "") and key not in ("key", "id", "study"):
                        yield study, record or f"row {number}", key.removeprefix("@"), text

    def _new_studies(self, one: Given, batch: Batch) -> None:
        for number, row in one.studies:
            if row.get("key") in one.before["studies"]:
                continue
            cells = StudyCells(self._shown, one.file, self._made.notes, f"studies row {number}")
            values = cells.values(row)
            label = row.get("label") or row.get("key") or row.get("title") or ""
            if not label:
                self._note(f"{one.file}, studies row {number}: neither a label nor a title; add one; it isn't taken")
                continue
            extract = Extract(number, label, label, values)
            name = self._names.find(extract, values)
            if name is None:
                name = self._names.new(extract, values)
                made = new_study(name, extract, values, batch, one.coder, self._options.date)
                self._studies[name] = {**made, "label": row.get("label") or made["label"]}
                self._made.studies[name] = self._studies[name]["label"]
                self._changed[name] = None
            self._fill(name, one, number, row)

    def _fill(self, name: str, one: Given, number: int, row: Row) -> None:
        """What a row adds to a study that isn't told there yet; what differs is a conflict."""
        for key, text in row.items():
            if key in ("key", "label"):
                continue
            held = str(self._shown.study_cell(self._studies[name], key))
            if not held:
                self._set_study(name, key, text, f"{one.file}, studies row {number}")
            elif folded(held) != folded(text):
                self._conflict(
                    f"{name.removeprefix('studies/')}, {key.removeprefix('@')}", held, [Edit(one.coder, "", "", text)]
                )

    def _conflict(self, what: str, held: str, edits: list[Edit]) -> None:
        said = "; ".join(f"{edit.coder}: `{edit.new}`" for edit in edits)
        self._note(
            f"{what}: the review has `{held}`, and {said}; kept as it is; settle it in one workbook, or --update"
        )

    def _edits(self, given: list[Given]) -> None:
        found: dict[tuple[str, str, str], list[Edit]] = {}
        for one in given:
            for sheet, rows, tells in one.sheets():
                for number, row in rows:
                    before = one.before[sheet].get(row.get(tells, ""))
                    if before is None:
                        continue
                    for key in dict.fromkeys((*before, *row)):
                        old, new = before.get(key, ""), row.get(key, "")
                        edit = Edit(one.coder, f"{one.file}, {sheet} row {number}", old, new)
                        if old != new:
                            found.setdefault((sheet, row[tells], key), []).append(edit)
        # A state stands for numbers that go, and a group may go once nothing is versus it: those first.
        early = {at for at, edits in found.items() if at[2] == "state" or (at[2] == "versus" and not edits[0].new)}
        for at in sorted(found, key=lambda each: each not in early):
            self._edit(*at, found[at])

    def _edit(self, sheet: str, identity: str, key: str, edits: list[Edit]) -> None:
        what = f"{identity}, {key.removeprefix('@')}"
        if len({edit.new for edit in edits}) > 1:
            said = "; ".join(f"{edit.coder} `{edit.new}`" for edit in edits)
            self._note(f"{what}: coders differ: {said}; kept as it is, `{edits[0].old}`; settle it in one workbook")
            return
        name, held = self._held(sheet, identity, key)
        if name is None:
            self._note(f"{edits[0].place}: `{identity}` is in the review no more; left out")
            return
        if held == edits[0].new:
            return
        if held != edits[0].old and not self._options.update:
            self._conflict(what, held, edits)
        elif sheet == "studies":
            self._set_study(name, key, edits[0].new, edits[0].place)
        elif sheet in self._records.sheets:
            self._records.set(sheet, identity, key, edits)
        else:
            self._set_finding(name, identity, key, edits)

    def _held(self, sheet: str, identity: str, key: str) -> tuple[str | None, str]:
        """The study's document, and the cell as the review has it now, read as a workbook is."""
        if sheet == "studies":
            name = f"studies/{identity}"
            content = self._studies.get(name)
            return (name, _as_read(self._shown.study_cell(content, key))) if content else (None, "")
        if sheet in self._records.sheets:
            name, cell = self._records.held(sheet, identity, key)
            return name or None, _as_read(cell)
        if (name := self._homes.get(f"finding/{identity}", "")) == "":
            return None, ""
        finding = next(each for each in self._studies[name]["findings"] if each["id"] == f"finding/{identity}")
        shown = name.removeprefix("studies/") if key == "study" else self._shown.finding_cell(finding, key)
        return name, _as_read(shown)

    def _set_study(self, name: str, key: str, text: str, place: str) -> None:
        cells = StudyCells(self._shown, place, self._made.notes, key)
        try:
            self._studies[name] = cells.set(self._studies[name], key, text)
            self._changed[name] = None
        except RefusedError as error:
            self._note(f"{place}, {key.removeprefix('@')}: {error}; kept as it is")

    def _set_finding(self, name: str, identity: str, key: str, edits: list[Edit]) -> None:
        study = name.removeprefix("studies/")
        findings = list(self._studies[name]["findings"])
        at = next(i for i, each in enumerate(findings) if each["id"] == f"finding/{identity}")
        try:
            changed = FindingCells(self._shown, study).set(findings[at], key, edits[0].new)
        except RefusedError as error:
            self._note(f"{edits[0].place}, {key.removeprefix('@')}: {error}; kept as it is")
            return
        coders = sorted({edit.coder for edit in edits})
        before = findings[at]["coding"]
        own = self._book.coding(coders, self._options.date, [before])
        findings[at] = identified(findings[at]["id"], {**changed, "coding": own})
        self._studies[name] = {**self._studies[name], "findings": findings}
        self._changed[name] = None

    def _new_findings(self, given: list[Given]) -> None:
        """Findings that coders added: those with the same codes are one, and those at odds are none."""
        new: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for one in given:
            for number, row in one.findings:
                if row.get("id") in one.before["findings"]:
                    continue
                place = f"{one.file}, findings row {number}"
                if (found := self._finding(row, place)) is not None:
                    new.setdefault(found[0], {}).setdefault(one.coder, []).append(found[1])
        for name, coders in new.items():
            self._add(name, coders)

    def _finding(self, row: Row, place: str) -> tuple[str, dict[str, Any]] | None:
        if (name := self._records.home(row, place)) is None:
            return None
        try:
            return name, FindingCells(self._shown, name.removeprefix("studies/")).new(row)
        except RefusedError as error:
            self._note(f"{place}: {error}; it isn't taken")
            return None

    def _add(self, name: str, coders: dict[str, list[dict[str, Any]]]) -> None:
        study = Findings(name.removeprefix("studies/"), list(self._studies[name].get("findings", [])))
        for names, finding in consensus.together(name.removeprefix("studies/"), coders, self._made.notes):
            if not study.has(finding):
                coding = self._book.coding(names, self._options.date)
                study.add({**finding, "coding": coding})
                self._changed[name] = None
        self._studies[name] = {**self._studies[name], **({"findings": study.held} if study.held else {})}


def _as_read(cell: str | int | float) -> str:
    """A cell as it comes back from a workbook."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", str(cell)).strip()
