"""Formats as their tools write them: tags that mean less than they seem, and sources in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evigraph import ingest


def values(folder: Path, name: str, content: str) -> list[dict[str, Any]]:
    """What each record of a file holds."""
    (folder / name).write_text(content, "utf-8")
    return [record.values for record in ingest.read(folder / name).records]


def ris(*lines: str) -> str:
    """One article."""
    return "\n".join(["TY  - JOUR", *lines, "ER  - ", ""])


def test_the_headings_of_refworks_are_known(tmp_path: Path) -> None:
    """A start page without an end page beside it takes its end from the other pages."""
    head = "Reference Type\tAuthors, Primary\tTitle Primary\tPeriodical Full\tPub Year\tStart Page\tOther Pages\n"
    (found,) = values(
        tmp_path, "a.tsv", head + "Journal Article\tFern, Ida;Moss, Al\tOn ferns\tFern Notes\t2021\t11\t20\n"
    )
    assert (found["title"], found["firstAuthor"], found["container"]) == ("On ferns", "Fern", "Fern Notes")
    assert (found["authorCount"], found["year"], found["pages"]) == (2, 2021, "11-20")


def test_ovid_tells_the_doi_and_the_source(tmp_path: Path) -> None:
    """Journals@Ovid: `DI` is the DOI, and one line says journal, year, volume, issue and pages."""
    text = "<1. >\nDB  - Journals@Ovid\nAU  - Fern, Ida\nTI  - On ferns\n"
    text += "SO  - Fern Notes May/June 2010;14(1):56\nDI  - 10.5555/f.1\n"
    (found,) = values(tmp_path, "a.txt", text)
    expected = {
        "doi": "10.5555/f.1",
        "container": "Fern Notes",
        "year": 2010,
        "volume": "14",
        "issue": "1",
        "pages": "56",
    }
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("first", "others", "expected"),
    [
        (["Fern, Ida"], ["Moss, Al", "Reed, Bo"], "Fern, Ida; Moss, Al; Reed, Bo"),
        (["Fern, Ida", "Moss, Al"], ["Fern, I.", "Moss, A."], "Fern, Ida; Moss, Al"),
        (["Fern, Ida"], [], "Fern, Ida"),
        ([], ["Moss, Al", "Moss, Al"], "Moss, Al; Moss, Al"),
    ],
)
def test_first_authors_stand_before_the_others(
    tmp_path: Path, first: list[str], others: list[str], expected: str
) -> None:
    """`A1` and `AU` are both authors; who stands in both is one person, and two namesakes in one tag are two."""
    lines = [f"AU  - {name}" for name in others] + [f"A1  - {name}" for name in first]
    (found,) = values(tmp_path, "a.ris", ris(*lines, "TI  - On ferns"))
    assert found["authors"] == expected


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        (["ID  - 12"], None),
        (["ID  - 12", "DB  - PubMed"], None),
        (["ID  - PMID:12345678"], "12345678"),
        (["AN  - 12345678"], "12345678"),
        (["AN  - 12345678", "DB  - Ovid MEDLINE(R) ALL"], "12345678"),
        (["AN  - 12345678", "DB  - ehh", "DP  - EBSCOhost"], None),
        (
            ["AN  - 12345678", "DB  - ehh", "DP  - EBSCOhost", "UR  - https://pubmed.ncbi.nlm.nih.gov/87654321/"],
            "87654321",
        ),
    ],
)
def test_a_number_is_a_pmid_where_it_says_so(tmp_path: Path, lines: list[str], pmid: str | None) -> None:
    """`ID` is the number of a reference in its file, and `AN` a number of the database that is named beside it."""
    (found,) = values(tmp_path, "a.ris", ris("TI  - On ferns", *lines))
    assert found.get("pmid") == pmid


def test_accession_numbers_of_a_table_are_of_its_database(tmp_path: Path) -> None:
    """The rows of one column can be of several databases."""
    rows = "Title,Accession Number,Database\nOn ferns,12345678,MEDLINE\nOn moss,98765432,Academic Search\n"
    assert [each.get("pmid") for each in values(tmp_path, "a.csv", rows)] == ["12345678", None]


def test_a_line_of_an_abstract_ends_no_record(tmp_path: Path) -> None:
    """Only an end tag with nothing behind it ends one, and a type of reference is no sentence."""
    text = ris(
        "TI  - On ferns",
        "AB  - Fern receptors",
        "ER - the receptor of interest - was measured.",
        "ER+ and ER- ferns",
        "TY - of fern mattered, and so did its age.",
        "DO  - 10.5555/f.1",
    ) + ris("TI  - On moss")
    assert [(each["title"], each.get("doi")) for each in values(tmp_path, "a.ris", text)] == [
        ("On ferns", "10.5555/f.1"),
        ("On moss", None),
    ]  # fmt: skip


def test_end_tags_that_all_have_a_value_end_records(tmp_path: Path) -> None:
    """Some tools write the number of the record behind each."""
    text = "TI  - On ferns\nAU  - Fern, I\nER  - 1\nTI  - On moss\nAU  - Moss, A\nER  - 2\n"
    assert [each["title"] for each in values(tmp_path, "a.ris", text)] == ["On ferns", "On moss"]


def test_a_table_whose_rows_begin_with_pmid_is_a_table(tmp_path: Path) -> None:
    """`PMID-12345678,…` is a row of CSV, not the beginning of a record of MEDLINE."""
    rows = "ID,Title,Year\nPMID-12345678,On ferns,2020\nPMID-12345679,On moss,2021\n"
    assert [(each["title"], each["year"]) for each in values(tmp_path, "a.csv", rows)] == [
        ("On ferns", 2020),
        ("On moss", 2021),
    ]


@pytest.mark.parametrize("whole", [True, False])
def test_datacite_is_read(tmp_path: Path, whole: bool) -> None:
    """A page of its search, or one record without its envelope."""
    creators = [{"name": "Fern, Ida", "nameType": "Personal", "givenName": "Ida", "familyName": "Fern"},
                {"name": "Moss Board, North", "nameType": "Organizational"}]  # fmt: skip
    inner = {"doi": "10.5555/f.1", "titles": [{"title": "On ferns"}], "creators": creators, "publicationYear": 2020,
             "types": {"resourceTypeGeneral": "Dataset"}, "publisher": "Fern House"}  # fmt: skip
    content: Any = {"data": [{"id": "10.5555/f.1", "type": "dois", "attributes": inner}]} if whole else inner
    (found,) = values(tmp_path, "a.json", json.dumps(content))
    assert found["authors"] == "Fern, Ida; Moss Board, North"
    assert (found["title"], found["doi"], found["year"], found["kind"]) == ("On ferns", "10.5555/f.1", 2020, "dataset")
