"""Other formats to records: what real tools write, and what spoils it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from evigraph import ingest
from evigraph.errors import DataError
from evigraph.ingest import counts, recipes
from evigraph.ingest.model import Raw

EXPORTS = Path(__file__).parents[1] / "exports"
EXPECTED = json.loads((EXPORTS / "expected.json").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_record_of_an_export_is_read_or_named(name: str) -> None:
    """Counts, titles, years, DOIs and authors are those that the file holds."""
    batch = ingest.read(EXPORTS / name)
    expected = EXPECTED[name]
    assert len(batch.records) + len(batch.rejected) == batch.present == expected["present"]
    assert len(batch.rejected) == expected["rejected"], batch.rejected
    found = [
        {
            "title": record.values.get("title"),
            "year": record.values.get("year"),
            "doi": record.values.get("doi"),
            "authors": record.values.get("authorCount"),
            "first": record.values.get("firstAuthor"),
        }
        for record in batch.records
    ]
    assert found == expected["records"]


def test_no_export_is_left_out() -> None:
    """Every file of the folder has its expectation."""
    assert {path.name for path in EXPORTS.iterdir()} - {"expected.json"} == set(EXPECTED)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.ris", b"", "empty"),
        ("binary.ris", bytes(range(256)) * 40, "neither text nor a spreadsheet"),
        ("page.csv", b"<html><table></table></html>", "HTML, or XML"),
        ("deep.json", b"[" * 100_000, "JSON"),
        ("other.json", b'{"a": 1}', "no recipe knows"),
        ("other.csv", b"a,b\n1,2\n", "no row of headings"),
        ("archive.xlsx", b"PK\x03\x04broken", "workbook"),
        ("entities.xml", b'<!DOCTYPE r [<!ENTITY a "aa">]><PubmedArticle>&a;</PubmedArticle>', "declares entities"),
        ("deep.xml", b"<PubmedArticle>" * 1000, "deep"),
        ("broken.xml", b"<PubmedArticle>\n<a></b></PubmedArticle>", "broken.xml:2: XML: mismatched tag"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """The file is named, and what to do."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message) as found:
        ingest.read(tmp_path / name)
    assert str(tmp_path / name) in str(found.value)
    assert "\n" not in str(found.value)


@pytest.mark.parametrize(
    ("name", "content", "reasons"),
    [
        ("cell.csv", "Title,Year\n" + '"' + "a" * 1_100_000 + '",2020\nSecond,2021\n', {2: "a cell is too long"}),
        (
            "value.ris",
            "TY  - JOUR\nTI  - " + "a" * 600_000 + "\nER  - \nTY  - JOUR\nTI  - b\nER  - \n",
            {1: "characters"},
        ),
        ("empty.ris", "TY  - JOUR\nAB  - Text\nER  - \nTY  - JOUR\nTI  - b\nER  - \n", {1: "neither a title"}),
        (
            "lines.jsonl",
            '{"id": 1, "type": "book", "title": "b", "issued": "2020"}\n{"id": \n',
            {2: "not a JSON object"},
        ),
    ],
)
def test_what_cannot_be_taken_is_named_by_its_line(
    tmp_path: Path, name: str, content: str, reasons: dict[int, str]
) -> None:
    """The rest of the file is read."""
    (tmp_path / name).write_text(content, "utf-8")
    batch = ingest.read(tmp_path / name)
    assert len(batch.records) == 1
    assert {each.line for each in batch.rejected} == set(reasons)
    assert all(reasons[each.line] in each.reason for each in batch.rejected)


def test_a_record_that_the_parser_overlooks_is_named() -> None:
    """The beginnings of records are counted by a plain scan, and each that no record read accounts for is rejected."""
    text = "TY  - JOUR\nTI  - a\n\nTY  - JOUR\nTI  - b\nER  - \n"
    found = counts.unseen(text, r"(?m)^TY  -", [Raw(1)])
    assert [(raw.line, raw.problem) for raw in found] == [(4, counts.REASON)]
    assert counts.unseen(text, r"(?m)^TY  -", [Raw(1), Raw(4)]) == []
    assert [raw.line for raw in counts.unseen(text, r"(?m)^TY  -", [])] == [1, 4]


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("Title,Year\nOne, two,2020\nThree,2021\n", "more cells than the headings"),
        ('Title,Year\nA 5" screen,2020\nB,2021\nC 7" screen,2022\n', "a plain count by quotes"),
    ],
)
def test_a_table_that_may_be_misread_says_so(tmp_path: Path, content: str, note: str) -> None:
    """Rows that are wider than the headings, and quotes that two counts read differently, are told."""
    (tmp_path / "table.csv").write_text(content, "utf-8")
    assert any(note in each for each in ingest.read(tmp_path / "table.csv").notes)


@pytest.mark.parametrize("name", ["a\nb.ris", "a\x1b[2Jb.ris", "a\u2028b.ris"])
def test_a_name_of_several_lines_is_refused(tmp_path: Path, name: str) -> None:
    """It would go into messages, ids and recipes as it is."""
    path = tmp_path / name
    path.write_text("TY  - JOUR\nTI  - A title\nER  - \n")
    with pytest.raises(DataError, match="rename it"):
        ingest.read(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_what_never_ends_is_refused(tmp_path: Path) -> None:
    """A pipe or a device is no file."""
    os.mkfifo(tmp_path / "pipe.ris")
    for path in (tmp_path / "pipe.ris", Path("/dev/zero")):
        with pytest.raises(DataError, match="a device or a pipe"):
            ingest.read(path)
        with pytest.raises(DataError, match="a device or a pipe"):
            recipes.load(path)


def test_json_is_told_by_any_of_its_records(tmp_path: Path) -> None:
    """The first one may have nothing but a title; the years and authors of the others are read all the same."""
    items = [
        {"id": "a", "type": "document", "title": "Badges"},
        {"id": "b", "type": "book", "title": "Seals", "author": [{"literal": "Seal Board"}], "issued": {"raw": "2020"}},
    ]
    (tmp_path / "a.json").write_text(json.dumps(items), "utf-8")
    batch = ingest.read(tmp_path / "a.json")
    assert (batch.format, len(batch.records)) == ("csl-json", 2)
    assert (batch.records[1].values["year"], batch.records[1].values["authors"]) == (2020, "Seal Board")
