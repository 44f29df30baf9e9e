"""The workbook that is handed to coders: which studies are in it, and what is new."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

from evigraph import data, ingest
from evigraph.coding import codebook, record_sheets, workbook_form
from evigraph.coding.record_cells import RecordSheet
from evigraph.coding.workbook_cells import Shown
from evigraph.coding.workbook_form import Cell, Grid
from evigraph.errors import UsageError
from evigraph.ingest import Batch
from evigraph.linking import study_drafts
from evigraph.paths import Workspace

VERSION = "evigraph workbook 1"


def workbook_of(workspace: Workspace, names: Sequence[str]) -> bytes:
    """A workbook with the studies of those keys, and the records of those files as rows of new studies.

    Without names it holds every study of the workspace.

    Raises:
        UsageError: a name is neither a study nor a file. DataError: a file can't be read.
    """
    contents = codebook.contents(data.read_documents(workspace), {})
    shown = Shown(contents)
    known = {name.removeprefix("studies/") for name in shown.studies}
    keys = [_plain(name) for name in names if _plain(name) in known]
    fresh: list[list[Cell]] = []
    for name in names:
        if _plain(name) in known:
            continue
        if not Path(name).is_file():
            raise UsageError(
                f"`{name}` is no study of the review and no file; give a key such as {_example(known)}", name
            )
        fresh += _rows(ingest.read(Path(name), workspace), shown)
    head = {
        "format": VERSION,
        "title": str(contents["review"].get("title", "")),
        "base": str(contents["review"].get("base", "")),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }
    keys = keys if names else sorted(known)
    records = list(record_sheets.sheets(shown))
    grids = [*shown.grids(keys), *(_grid(shown, keys, sheet) for sheet in records)]
    lists = {name: each for sheet in records for name, each in sheet.choices().items() if each}
    return workbook_form.written(workbook_form.Plan(grids, fresh, {**shown.choices(), **lists}, head))


def _grid(shown: Shown, keys: Sequence[str], sheet: RecordSheet) -> Grid:
    """A sheet of groups, results or appraisals with the rows of those studies."""
    made = Grid(sheet.name, sheet.columns())
    for key in keys:
        content = shown.studies[f"studies/{key}"]
        for record in content.get(sheet.kept, []):
            if sheet.has(record):
                cells = [sheet.cell(content, record, column.key) for column in made.columns[2:]]
                made.rows.append([key, str(record["id"]).removeprefix(sheet.stem), *cells])
    return made


def _plain(name: str) -> str:
    return name.removeprefix("study/")


def _example(known: set[str]) -> str:
    return min(known) if known else "doe-2024 (there is none yet)"


def _rows(batch: Batch, shown: Shown) -> Iterator[list[Cell]]:
    """A row for each record of a file, or each study document of it, with what is known of it."""
    contents = [
        study_drafts.study("new", each.values, study_drafts.Included())
        for each in batch.records
        if "title" in each.values
    ]
    for content in (*contents, *batch.studies):
        row = [shown.study_cell(content, column.key) for column in shown.study_columns()]
        yield ["", *row[1:]]
