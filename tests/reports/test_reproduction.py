"""The printed tables against the graph."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from conftest import Copy, evigraph

from evigraph.errors import DataError
from evigraph.paths import Workspace
from evigraph.queries import build
from evigraph.reports import reproduction
from evigraph.store import EmbeddedStore


def test_every_cell_is_as_printed(shipped: Workspace, store: EmbeddedStore) -> None:
    """Tables 1 to 5, cell by cell."""
    found = reproduction.compare_tables(shipped, store)
    assert [each.title for each in found] == [f"Table {n}" for n in range(1, 6)]
    assert [each.differences for each in found] == [()] * 5
    assert [each.cells for each in found] == [24, 35, 69, 45, 50]


@pytest.mark.parametrize("seed", range(10))
def test_any_changed_cell_is_noticed(copy: Copy, store: EmbeddedStore, seed: int) -> None:
    """A cell changed at random in the printed table is named with both values."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    path = chance.choice(sorted((copy.review / "printed").glob("*.csv")))
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    row, column = chance.randrange(1, len(rows)), chance.randrange(len(rows[0]))
    rows[row][column] += "x"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    changed = [d for each in reproduction.compare_tables(copy.workspace, store) for d in each.differences]
    assert [(d.row, d.column, d.printed) for d in changed] == [(row, rows[0][column], rows[row][column])]


def test_a_missing_row_is_noticed(copy: Copy, store: EmbeddedStore) -> None:
    """A row more or less differs in every cell that isn't empty."""
    path = copy.review / "printed" / "table-5.csv"
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
    last = next(each for each in reproduction.compare_tables(copy.workspace, store) if each.name == "table-5")
    assert {d.row for d in last.differences} == {10}


def test_a_changed_finding_is_noticed(copy: Copy) -> None:
    """What the graph loses is missing from the table, and the command says so with exit code 1."""
    copy.replace("studies/abramovich-2016.yaml", "    drawback: drawback/low-engagement\n", "")
    found = reproduction.compare_tables(copy.workspace, build.open_store(copy.workspace))
    assert sum(len(each.differences) for each in found if each.name == "table-4") > 0
    ran = evigraph("--workspace", str(copy.root), "reproduce")
    assert ran.returncode == 1
    assert "Abramovich (2016)" in ran.stderr
    assert ran.stderr.splitlines()[-1].startswith("evigraph: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"stage,step\n", "the columns are"),
        (b"stage,step,summary\na,b\n", "2 cells under 3 columns"),
        (b"\xff\xfe", "not a CSV file in UTF-8"),
        (b"", "not a CSV file"),
    ],
)
def test_a_printed_table_that_cannot_be_read(copy: Copy, store: EmbeddedStore, content: bytes, message: str) -> None:
    """It is told with its file."""
    (copy.review / "printed" / "table-1.csv").write_bytes(content)
    with pytest.raises(DataError, match=message):
        reproduction.compare_tables(copy.workspace, store)


def test_queries_never_see_the_printed_tables(copy: Copy) -> None:
    """Without the printed folder every query gives the same rows."""
    for path in (copy.review / "printed").iterdir():
        path.unlink()
    assert build.nquads(copy.workspace) == build.nquads(copy.workspace)
    ran = evigraph("--workspace", str(copy.root), "run", "table-3", "--format", "csv")
    assert ran.stdout == (Path(__file__).parents[1] / "golden" / "table-3.csv").read_text("utf-8")


def test_a_review_that_has_grown_is_compared_as_it_was(copy: Copy, tmp_path: Path) -> None:
    """A linked study makes the paper's counts differ; without what was linked they are as printed."""
    (tmp_path / "new.ris").write_text("TY  - JOUR\nTI  - A new study\nAU  - Doe, J.\nPY  - 2024\nER  - \n", "utf-8")
    assert evigraph("--workspace", str(copy.root), "link", str(tmp_path / "new.ris")).returncode == 0
    grown = evigraph("--workspace", str(copy.root), "reproduce")
    assert (grown.returncode, "182" in grown.stderr) == (1, True)
    assert evigraph("--workspace", str(copy.root), "reproduce", "--printed-round").returncode == 0


@pytest.mark.parametrize(
    ("printed", "regenerated", "same"),
    [
        ("0.40", 0.4, True),
        ("1.0", 1, True),
        ("-2.50", -2.5, True),
        ("0.4", 0.41, False),
        ("1.0", "1", False),
        ("10", 1, False),
        ("1,016", 1016, True),
        ("1,01", 101, False),
        ("\N{MINUS SIGN}2", -2, True),
        (".5", 0.5, True),
        ("0.3", 0.1 + 0.2, True),
        ("", 0, False),
        (".", 0, False),
    ],
)
def test_a_number_is_compared_as_a_number(printed: str, regenerated: str | float, same: bool) -> None:
    """However it is written, it is the same number; a text is compared as it stands."""
    assert reproduction.as_printed(printed, regenerated) is same


@pytest.mark.parametrize(("tolerance", "same"), [(0.005, True), (0.001, False)])
def test_a_number_may_miss_by_the_tolerance(tolerance: float, same: bool) -> None:
    """A third, printed with two decimals."""
    assert reproduction.as_printed("0.33", 1 / 3, tolerance) is same


SHARES = (
    '#+ columns: [name, share]\n#+ summary: A third.\nSELECT ?name (1 / 3 AS ?share) WHERE { VALUES ?name { "a" } }\n'
)


@pytest.mark.parametrize(
    ("claims", "code", "said"),
    [
        ("", 1, "printed “0.33”"),
        ("tolerances: {shares: {share: 0.005}}\n", 0, ""),
        ("tolerances: {shares: {sahre: 0.005}}\n", 2, "`shares` has no column `sahre`; name one of name, share"),
        ("tolerances: {share: {share: 0.005}}\n", 2, "no table `share.csv` lies beside"),
        ("tolerances: {shares: {share: much}}\n", 2, "write `tolerances` as numbers by query and column"),
    ],
)
def test_a_tolerance_is_stated_beside_the_tables(copy: Copy, claims: str, code: int, said: str) -> None:
    """By query and column; one that names neither is told in one line."""
    (copy.root / "queries" / "tables").mkdir(parents=True, exist_ok=True)
    (copy.root / "queries" / "tables" / "shares.rq").write_text(SHARES, "utf-8")
    for path in (copy.review / "printed").iterdir():
        path.unlink()
    (copy.review / "printed" / "shares.csv").write_text("name,share\na,0.33\n", "utf-8")
    (copy.review / "printed" / "claims.yaml").write_text(claims, "utf-8")
    ran = evigraph("--workspace", str(copy.root), "reproduce")
    assert (ran.returncode, said in ran.stderr, "Traceback" in ran.stderr) == (code, True, False)


def test_a_printed_table_is_named_after_its_query(copy: Copy) -> None:
    """One that isn't is named with its file."""
    (copy.review / "printed" / "tabel-3.csv").write_text("a\n", "utf-8")
    ran = evigraph("--workspace", str(copy.root), "reproduce")
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "tabel-3.csv: a printed table is named after its query: no query is called `tabel-3`" in ran.stderr
