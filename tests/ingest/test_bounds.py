"""Small files that would come to anything, and values that no converter takes: bounded, and nothing else is lost."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from evigraph import data, ingest
from evigraph.errors import DataError
from evigraph.files import yaml_text
from evigraph.ingest import records
from evigraph.ingest.fields import latex
from evigraph.ingest.tables import sheets
from evigraph.queries import cell
from evigraph.store import IRI, Literal

DIGITS = "9" * 5_000
NINE = "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
ALIASES = f"a: &a [x,x,x,x,x,x,x,x,x]\n{NINE}"
"""Nine to the power of nine values in nine lines."""
MACROS = '@string{a0 = "xxxxxxxxxx"}\n' + "".join(f"@string{{a{i} = a{i - 1} # a{i - 1}}}\n" for i in range(1, 34))


def memory() -> int:
    """The most that this process had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def written(tmp_path: Path, name: str, text: str) -> Path:
    """A file with that text."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("text", [ALIASES, "a: &a [*a]\n", "a: &a\n  b: *a\n"])
def test_aliases_are_bounded(tmp_path: Path, text: str) -> None:
    """Whoever loads YAML: documents, recipes, headers of queries."""
    before, start = memory(), time.monotonic()
    with pytest.raises(yaml_text.YAMLError, match="aliases that repeat too much"):
        yaml_text.load(text)
    with pytest.raises(DataError, match="aliases that repeat too much"):
        data.read_document(written(tmp_path, "x.yaml", text), "studies/x")
    assert memory() - before < 100 * 2**20
    assert time.monotonic() - start < 5


def test_a_few_aliases_are_fine(tmp_path: Path) -> None:
    """They are what YAML has them for."""
    path = written(tmp_path, "x.yaml", "a: &a [1, 2]\nb: *a\n")
    assert data.read_document(path, "studies/x").content == {"a": [1, 2], "b": [1, 2]}


DEEP = "a: " + "[" * 5_000


@pytest.mark.parametrize("text", [DEEP, DEEP + "]" * 5_000, f"a: {DIGITS}"])
def test_yaml_that_python_cannot_hold(tmp_path: Path, text: str) -> None:
    """Depth, and digits, in one line that names the file; where the depth ends depends on the version of libyaml."""
    with pytest.raises(DataError, match=r"x\.yaml:\d+: YAML: "):
        data.read_document(written(tmp_path, "x.yaml", text), "studies/x")


@pytest.mark.parametrize("text", [DEEP, f"a: {DIGITS}"])
def test_yaml_that_is_refused_without_a_file(text: str) -> None:
    """Recipes and headers of queries are loaded so."""
    with pytest.raises(yaml_text.YAMLError):
        yaml_text.load(text)


def test_macros_of_bibtex_are_bounded(tmp_path: Path) -> None:
    """The entry that uses them is named, and the others are read."""
    before = memory()
    text = f"{MACROS}@article{{a, title={{Badges}}, year=2020}}\n@article{{b, title=a33, year=2020}}\n"
    found = ingest.read(written(tmp_path, "m.bib", text))
    assert [record.values["title"] for record in found.records] == ["Badges"]
    assert ["its macros come to more than" in each.reason for each in found.rejected] == [True]
    assert found.present == 2
    assert memory() - before < 100 * 2**20


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.bib", f"@article{{a, title={{Badges}}, year={{{DIGITS}}}, volume={{{DIGITS}}}}}"),
        ("a.ris", f"TY  - JOUR\nTI  - Badges\nPY  - {DIGITS}\nVL  - {DIGITS}\nER  - \n"),
        ("a.json", f'[{{"title": "Badges", "type": "article-journal", "DOI": "10.5555/a", "volume": {DIGITS}}}]'),
        ("a.csv", f"Title,Year,Volume\nBadges,{DIGITS},{DIGITS}\n"),
    ],
)
def test_a_number_of_many_digits_ends_no_file(tmp_path: Path, name: str, text: str) -> None:
    """The record is read; Python itself refuses to read such a number."""
    found = ingest.read(written(tmp_path, name, text))
    assert [record.values["title"] for record in found.records] == ["Badges"]


def test_a_number_of_many_digits_in_the_graph() -> None:
    """It stays a text in a cell."""
    integer = IRI("http://www.w3.org/2001/XMLSchema#integer")
    assert cell(Literal(DIGITS, datatype=integer)) == DIGITS
    assert cell(Literal("no number", datatype=integer)) == "no number"
    assert cell(Literal("12", datatype=integer)) == 12


def as_csv(tmp_path: Path, rows: int) -> Path:
    """A table as CSV."""
    return written(tmp_path, "t.csv", "Title,Year\n" + "".join(f"Badges {i},2020\n" for i in range(rows)))


def as_workbook(tmp_path: Path, rows: int) -> Path:
    """A table as a workbook."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Title", "Year"])
    for i in range(rows):
        sheet.append([f"Badges {i}", 2020])
    packed = io.BytesIO()
    book.save(packed)
    path = tmp_path / "t.xlsx"
    path.write_bytes(packed.getvalue())
    return path


@pytest.mark.parametrize("table", [as_csv, as_workbook])
def test_a_table_has_so_many_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: Callable[[Path, int], Path]
) -> None:
    """As many as are allowed are read; one more is refused in a line."""
    monkeypatch.setattr(sheets, "ROW_LIMIT", 500)
    assert len(ingest.read(table(tmp_path, 500)).records) == 500
    for read in (ingest.read, ingest.view):
        with pytest.raises(DataError, match=r"more than 500 rows.*; split it into several files"):
            read(table(tmp_path, 501))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (r"See \href {https://example.org/a} {the page} of badges", "the page"),
        (r"See \href{https://example.org/a} {the page}", "the page"),
        (r"\textit {Badges} at \url {https://example.org}", "Badges"),
        (r"\frac{1}", ""),
        (r"\href", ""),
        ("\\", ""),
        (r"\begin{itemize} badges", "badges"),
    ],
)
def test_latex_that_the_library_does_not_take(tmp_path: Path, value: str, shown: str) -> None:
    """A blank before an argument is none; what can't be decoded stays as it is."""
    assert shown in latex.as_unicode(value)
    text = f"@article{{a, title={{First}}, note={{{value}}}, year=2020}}\n@article{{b, title={{Second}}, year=2021}}\n"
    found = ingest.read(written(tmp_path, "a.bib", text if value != "\\" else text.replace("{\\}", "{\\ }")))
    assert [record.values["title"] for record in found.records] == ["First", "Second"]


def test_no_converter_ends_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a converter raises, the record is named with its line, and the others are read."""

    def fails(value: object) -> str:
        if "2020" in str(value):
            raise IndexError("list index out of range")
        return str(value)

    monkeypatch.setitem(records.CLEANERS, "year", fails)
    ris = "".join(f"TY  - JOUR\nTI  - Badges {year}\nPY  - {year}\nER  - \n" for year in (2019, 2020, 2021))
    found = ingest.read(written(tmp_path, "a.ris", ris))
    assert [record.values["title"] for record in found.records] == ["Badges 2019", "Badges 2021"]
    assert [(each.line, "IndexError: list index out of range" in each.reason) for each in found.rejected] == [(5, True)]
