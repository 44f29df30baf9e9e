"""Other formats to records: what real tools write, and what spoils it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evigraph import ingest
from evigraph.errors import DataError
from evigraph.ingest import values

EXPORTS = Path(__file__).parent / "exports"
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
    ("written", "doi"),
    [
        ("https://doi.org/10.5555/Ab.1", "10.5555/Ab.1"),
        ("doi: 10.5555/x.", "10.5555/x"),
        ("10.5555/x [doi]", "10.5555/x"),
        ("10.1016/S0140-6736(05)67885-7", "10.1016/S0140-6736(05)67885-7"),
        ("(10.5555/x)", "10.5555/x"),
        ("http://dx.doi.org/10.5555%2Fx", "10.5555/x"),
        ("https://publisher.example/doi/full/10.5555/x?via=ihub", "10.5555/x"),
        ("no identifier", None),
        ("10.5555/", None),
    ],
)
def test_a_doi_is_found_in_what_surrounds_it(written: str, doi: str | None) -> None:
    """A DOI as a URL, with a prefix or with trailing marks is the bare DOI."""
    assert values.doi(written) == doi


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (["Smith J, Doe AB"], ["Smith J", "Doe AB"]),
        (["Smith, J.; Doe, A. B."], ["Smith, J.", "Doe, A. B."]),
        (["Smith, Jane and Doe, John"], ["Smith, Jane", "Doe, John"]),
        (["Smith, Jane"], ["Smith, Jane"]),
        (["Jane Smith, John Doe, Ann Lee"], ["Jane Smith", "John Doe", "Ann Lee"]),
        (["Ministry of Health and Welfare"], ["Ministry of Health and Welfare"]),
        (["Smith, J.", "et al."], ["Smith, J."]),
    ],
)
def test_authors_are_told_apart(written: list[object], names: list[str]) -> None:
    """One value with several persons is taken apart, a body with an `and` in its name isn't."""
    assert values.names(written) == names


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.ris", b"", "empty"),
        ("binary.ris", bytes(range(256)) * 40, "neither text nor a spreadsheet"),
        ("page.csv", b"<html><table></table></html>", "XML or HTML"),
        ("deep.json", b"[" * 100_000, "JSON"),
        ("other.json", b'{"a": 1}', "no recipe knows"),
        ("other.csv", b"a,b\n1,2\n", "no row of headings"),
        ("archive.xlsx", b"PK\x03\x04broken", "workbook"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """The file is named, and what to do."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message) as found:
        ingest.read(tmp_path / name)
    assert str(tmp_path / name) in str(found.value)
    assert "\n" not in str(found.value)
