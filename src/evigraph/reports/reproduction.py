"""Does the graph give the paper's own tables and figures: the one module that reads `data/*/printed/`."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path

from evigraph import queries
from evigraph.data import Document
from evigraph.errors import DataError, UsageError
from evigraph.paths import Workspace, visible
from evigraph.queries import Ask, Cell, Query, Table
from evigraph.reports import table_formats
from evigraph.reports.claims import BASES, read, same, tolerances
from evigraph.reports.figures import VERDICTS, Outcome, judge
from evigraph.store import Store

__all__ = ["VERDICTS", "Comparison", "Difference", "compare_all", "compare_tables", "failures", "overview", "report"]

COLUMNS = ("place", "claim", "printed", "regenerated", "verdict", "basis", "discrepancies", "why")
"""The columns of the report."""


@dataclass(frozen=True)
class Difference:
    """One cell that the graph gives otherwise than the paper.

    Attributes:
        row: counted from 1. column: its name. printed, regenerated: the two texts.
    """

    row: int
    column: str
    printed: str
    regenerated: str


@dataclass(frozen=True)
class Comparison:
    """One printed table against the graph.

    Attributes:
        name: the query. title: what it reproduces. cells: how many were compared. differences: those that differ.
    """

    name: str
    title: str
    cells: int
    differences: tuple[Difference, ...]


def printed(workspace: Workspace) -> Path:
    """The folder of what the paper prints."""
    return workspace.review / "printed"


def printed_round(documents: list[Document]) -> list[Document]:
    """The review without what was linked since it was printed: no searches, and no studies that their records found."""
    linked = {
        record["identifies"]
        for document in documents
        for record in document.content.get("records", [])
        if "identifies" in record
    }

    def later(document: Document) -> bool:
        reports = {report["id"] for report in document.content.get("reports", [])}
        return document.name.startswith("records/") or bool(reports and reports <= linked)

    return [document for document in documents if not later(document)]


def stated_figures(workspace: Workspace, store: Store) -> list[Outcome]:
    """The verdict on every figure that the text states, in the order of `printed/claims.yaml`.

    Raises:
        DataError: the claims can't be read, or one names a query, parameter or column that isn't there.
    """
    path = printed(workspace) / "claims.yaml"
    answers: dict[str, Table] = {}

    def ask(query: Query, arguments: dict[str, str] | None = None) -> Table:
        asked = f"{query.name} {sorted((arguments or {}).items())}"
        if asked not in answers:
            answers[asked] = queries.run(store, query, arguments)
        return answers[asked]

    return judge(partial(queries.load, workspace), ask, read(path), path)


def report(comparisons: list[Comparison], outcomes: list[Outcome]) -> Table:
    """Every verdict as rows: one a printed table, then one a stated figure."""
    rows: list[tuple[queries.Cell, ...]] = []
    for each in comparisons:
        wrong = len(each.differences)
        verdict, cells = "differs" if wrong else "reproduced", f"{each.cells - wrong} of {each.cells} cells"
        first = "".join(f"row {d.row}, {d.column}: “{d.printed}” is “{d.regenerated}”" for d in each.differences[:1])
        rows.append((each.title, "every cell", f"{each.cells} cells", cells, verdict, "", "", first))
    for one in outcomes:
        claim = one.claim
        named = "; ".join(one.discrepancies)
        told = (one.regenerated, one.verdict, one.basis, named, one.why)
        rows.append((claim.locator, claim.claim, claim.printed, *told))
    return Table("reproduction", COLUMNS, rows)


def overview(comparisons: list[Comparison], outcomes: list[Outcome], width: int = 80) -> str:
    """Totals first, then the figures that differ, in a table that is so wide."""
    lines = []
    for each in comparisons:
        same = each.cells - len(each.differences)
        lines.append(f"{each.title:10} {same:4} of {each.cells:4} cells as printed")
    lines += _totals(outcomes)
    different = [one for one in outcomes if one.verdict == "differs"]
    if different:
        lines += ["", "What differs, and the discrepancy that records it:"]
        rows = [(o.claim.locator, o.claim.claim, o.claim.printed, o.regenerated, o.why) for o in different]
        columns = ("place", "claim", "printed", "regenerated", "recorded by")
        lines.append(table_formats.as_table(Table("differences", columns, list(rows)), width).rstrip())
    lines.append("\n`evigraph reproduce --details` tells every verdict, and what is missing where there is none.")
    return "\n".join(lines) + "\n"


def _totals(outcomes: list[Outcome]) -> list[str]:
    """How many figures have each verdict, and how those that have a value were got."""
    lines = []
    for verdict in VERDICTS:
        those = [one for one in outcomes if one.verdict == verdict]
        how = Counter(one.basis for one in those)
        told = ", ".join(f"{how[basis]} {basis}" for basis in BASES if how[basis])
        lines.append(f"{len(those):4} of {len(outcomes)} stated figures: {verdict}" + (f" ({told})" if told else ""))
    return lines


def failures(comparisons: list[Comparison], outcomes: list[Outcome]) -> list[str]:
    """What differs and is recorded by no discrepancy, one line each."""
    found = [
        f"{each.title} row {d.row}, {d.column}: printed “{d.printed}”, regenerated “{d.regenerated}”"
        for each in comparisons
        for d in each.differences
    ]
    for one in outcomes:
        if one.verdict == "differs" and not one.recorded:
            regenerated = f"regenerated {one.regenerated}" if one.regenerated else one.why
            found.append(f"{one.claim.locator}: {one.claim.claim}: printed {one.claim.printed}, {regenerated}")
    return found


def compare_tables(workspace: Workspace, store: Store) -> list[Comparison]:
    """Every table under `printed/` against the rows of the query of the same name.

    Raises:
        DataError: a printed table can't be read, has other columns than its query, or none is called as it is.
    """
    ask = partial(queries.run, store)
    paths = visible(printed(workspace), "*.csv")
    return compare_all(partial(queries.load, workspace), ask, paths, printed(workspace) / "claims.yaml")


def compare_all(load: Callable[[str], Query], ask: Ask, paths: list[Path], claims: Path) -> list[Comparison]:
    """Printed tables against the rows of their queries, within the tolerances that the file `claims` states.

    Raises:
        DataError: one can't be read, has other columns than its query, or none is called as it is.
    """
    allowed = tolerances(claims)
    if unknown := [name for name in allowed if not claims.with_name(f"{name}.csv").exists()]:
        raise DataError(claims, 0, f"tolerances: no table `{unknown[0]}.csv` lies beside; name one that does")
    found = []
    for path in paths:
        query = loaded(load, path)
        within = allowed.get(query.name, {})
        if other := [column for column in within if column not in query.columns]:
            known = ", ".join(query.columns)
            raise DataError(claims, 0, f"tolerances: `{query.name}` has no column `{other[0]}`; name one of {known}")
        found.append(compare(query, ask, path, within))
    return found


def loaded(load: Callable[[str], Query], path: Path) -> Query:
    """The query that a printed table is named after.

    Raises:
        DataError: there is none.
    """
    try:
        return load(path.stem)
    except UsageError as error:
        raise DataError(path, 0, f"a printed table is named after its query: {error}") from None


def compare(query: Query, ask: Ask, path: Path, tolerance: dict[str, float]) -> Comparison:
    """A printed table against the rows of its query; a number may miss by the tolerance of its column.

    Raises:
        DataError: it can't be read, or has other columns than its query.
    """
    expected, regenerated = read_printed(path), ask(query, None)
    if expected.columns != query.columns:
        raise DataError(path, 1, f"the columns are {', '.join(expected.columns)}; name them {', '.join(query.columns)}")
    empty = ("",) * len(query.columns)
    differences = tuple(
        Difference(number, column, table_formats.text(before), table_formats.text(after))
        for number, rows in enumerate(zip_longest(expected.rows, regenerated.rows, fillvalue=empty), 1)
        for column, before, after in zip(query.columns, *rows, strict=True)
        if not as_printed(table_formats.text(before), after, tolerance.get(column, 0))
    )
    longest = max(len(expected.rows), len(regenerated.rows))
    return Comparison(query.name, query.reproduces or query.name, longest * len(query.columns), differences)


_MINUS = "\N{MINUS SIGN}"
_NUMBER = re.compile(rf"[-{_MINUS}+]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)?(?:\.\d+)?")


def as_printed(before: str, after: Cell, tolerance: float = 0) -> bool:
    """Whether a cell is as printed: a number as a number, however it is written (0.40, 1.0, 1,016), else a text."""
    if isinstance(after, int | float) and re.search(r"\d", before) and _NUMBER.fullmatch(before):
        return same(after, float(before.replace(",", "").replace(_MINUS, "-")), tolerance)
    return before == table_formats.text(after)


def read_printed(path: Path) -> Table:
    """A printed table, cell by cell as the paper has it.

    Raises:
        DataError: the file isn't UTF-8, or a row is longer or shorter than the header.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
    except (UnicodeDecodeError, ValueError, csv.Error) as error:
        raise DataError(path, 0, f"not a CSV file in UTF-8 with a header row: {error}; save it again as one") from None
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise DataError(path, number, f"{len(row)} cells under {len(header)} columns; mend the commas or quotes")
    return Table(path.stem, tuple(header), [tuple(row) for row in rows])
