"""Formats as their tools write them: tags that mean less than they seem, and sources in one line."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evigraph import ingest
from evigraph.export import bibliographies
from evigraph.ingest.fields import values as page_values
from evigraph.ingest.tables import sheets


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


@pytest.mark.parametrize(
    ("written", "read", "names_in_csl"),
    [
        ("Fern, Jr., P. T.", "Fern, P. T., Jr.", ("Fern", "P. T.", "Jr.")),
        ("Fern III, Tom", "Fern, Tom, III", ("Fern", "Tom", "III")),
        ("de la Fern, Tom", "de la Fern, Tom", ("de la Fern", "Tom", "")),
        ("{Barn and Noblet, Inc.}", "Barn and Noblet, Inc.", ("Barn and Noblet, Inc.", "", "")),
        ("{Scott, Foreman and Company}", "Scott, Foreman and Company", ("Scott, Foreman and Company", "", "")),
        ("{Fern Labs}", "Fern Labs", ("Fern Labs", "", "")),
        ("{{Fern, Ida}}", "Fern, Ida", ("Fern", "Ida", "")),
    ],
)
def test_names_come_through_bibtex_and_csl(
    tmp_path: Path, written: str, read: str, names_in_csl: tuple[str, str, str]
) -> None:
    """Suffixes have a place of their own, and a body stays whole, on the way in, out, and in again."""
    (found,) = values(
        tmp_path, "a.bib", f"@book{{a, title={{On ferns}}, author={{Moss, Al and {written}}}, year=2020}}"
    )
    assert found["authors"].split("; ")[1] == read
    report = {"id": "report/a", **found}
    assert bibliographies.persons(report)[1] == names_in_csl
    for name, write in (("b.bib", bibliographies.as_bibtex), ("b.json", bibliographies.as_csljson)):
        (again,) = values(tmp_path, name, write([report]))
        assert bibliographies.persons({"id": "report/b", **again}) == bibliographies.persons(report)


BOOK = {
    "title": "On ferns", "authors": "Fern, Ida", "editors": "Reed, Bo; Sedge, Cy", "container": "All the ferns",
    "series": "Fern and fern alike", "edition": "2", "placePublished": "Farnham", "publisher": "Fern House",
    "isbn": "978-3-16-148410-0", "year": 2020, "pages": "S3-1\u2013S3-9", "kind": "chapter",
}  # fmt: skip


@pytest.mark.parametrize("syntax", bibliographies.FORMATS)
def test_what_a_chapter_needs_to_be_cited_comes_back(tmp_path: Path, syntax: str) -> None:
    """Editors, series, edition, place and ISBN, in every format, and no editor becomes an author."""
    (found,) = values(tmp_path, f"a.{syntax}", bibliographies.FORMATS[syntax]([{"id": "report/a", **BOOK}]))
    assert {key: found.get(key) for key in BOOK} == BOOK


def test_the_editors_of_a_book_without_authors_stay_editors(tmp_path: Path) -> None:
    """They stand where authors would, so that the study has a name; reference managers get editors."""
    text = "@book{a, title={On ferns}, editor={Reed, Bo and Sedge, Cy}, year=2020}"
    (found,) = values(tmp_path, "a.bib", text)
    (item,) = json.loads(bibliographies.as_csljson([{"id": "report/a", **found}]))
    assert found["firstAuthor"] == "Reed"
    assert [each["family"] for each in item["editor"]] == ["Reed", "Sedge"]
    assert "author" not in item


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("21--30", ("21", "30")),
        ("21 \u2013 30", ("21", "30")),
        ("e21:1--e21:9", ("e21:1", "e21:9")),
        ("S3-1--S3-9", ("S3-1", "S3-9")),
        ("S3-1-S3-9", ("S3-1", "S3-9")),
        ("S3-1 - S3-9", ("S3-1", "S3-9")),
        ("e1009", ("e1009", "")),
        ("1-3, 7-9", ("1-3, 7-9", "")),
        ("S3-1", ("S3", "1")),
        ("", ("", "")),
    ],
)
def test_pages_go_from_the_first_to_the_last(text: str, expected: tuple[str, str]) -> None:
    """A hyphen inside a number of a page is none between two."""
    assert page_values.page_range(text) == expected
    assert page_values.page_range(page_values.pages(text) or "") == expected


def test_a_workbook_is_read_as_it_shows_its_cells(tmp_path: Path) -> None:
    """A share of a hundred is one; a date in a column of ages is named, and one in a column of dates is not."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Title", "Response", "Ages", "Screened on", "DOI"])
    sheet.append(["On ferns", 0.45, datetime.date(2024, 6, 12), datetime.date(2024, 1, 1), "10.5555/f.1"])
    sheet.append(["On moss", "62%", "7-9", datetime.date(2024, 1, 2), "10.5555/f.2"])
    sheet["B2"].number_format = "0%"
    book.save(tmp_path / "a.xlsx")
    rows = sheets.workbook(tmp_path / "a.xlsx")["Sheet"]
    assert [row[1] for _, row in rows] == ["Response", "45%", "62%"]
    (note,) = [each for each in ingest.read(tmp_path / "a.xlsx").notes if "date" in each]
    assert "column `Ages`: a cell is a date, first row 2, 2024-06-12" in note


def test_what_ovid_writes_after_a_record_is_no_record(tmp_path: Path) -> None:
    """`NL` and a link stand between the end of one record and the number of the next."""
    path = tmp_path / "ovid.ris"
    one = "{n}.\nTY  - JOUR\nT1  - Badges of year {n}\nY1  - 2019//\nER  -\nNL  - J Badges\n\nLink to the text: x\n\n"
    path.write_text(one.format(n=1) + one.format(n=2), "utf-8")
    batch = ingest.read(path)
    assert (batch.present, len(batch.rejected)) == (2, 0)
    assert [each.values["title"] for each in batch.records] == ["Badges of year 1", "Badges of year 2"]
    assert batch.notes == ("1 line outside of any record passed over",)


def test_records_of_ovid_with_a_margin(tmp_path: Path) -> None:
    """As they are pasted from a page; every line begins with a blank."""
    path = tmp_path / "ovid.txt"
    rows = "<7. >\nDB  - PsycINFO\nTI  - Badges and\n      stamps.\nAU  - Alder, Ann\nYR  - 2015\n\n"
    rows += "<8. >\nTI  - Seals\nYR  - 2016\n"
    path.write_text("".join(f" {line}\n" for line in rows.splitlines()), "utf-8")
    batch = ingest.read(path)
    assert [each.values["title"] for each in batch.records] == ["Badges and stamps.", "Seals"]
    assert [each.values["year"] for each in batch.records] == [2015, 2016]


def test_ebsco_xml(tmp_path: Path) -> None:
    """One `rec` a record, with the name of its database, and the chapter beside its book."""
    (tmp_path / "a.xml").write_text(
        """<records><rec resultID="1"><header shortDbName="psyh" longDbName="APA PsycInfo" uiTerm="2021-00001-001">
<controlInfo><bkinfo><btl>On ferns</btl></bkinfo><jinfo><jtl>Fern Notes</jtl></jinfo>
<pubinfo><dt year="2021" month="02" day="15">20210215</dt><vid>3</vid><iid>2</iid></pubinfo>
<artinfo><ui type="doi">10.5555/f.1</ui><ui type="pmid">38000000</ui><ppct>9</ppct><pages>11-19</pages>
<tig><atl>On ferns</atl></tig><aug><au>Fern, Ida</au><au>Moss, Al</au></aug><ab>Ferns.</ab>
<doctype>Journal Article</doctype></artinfo></controlInfo></header></rec>
<rec resultID="2"><header shortDbName="eric" longDbName="ERIC" uiTerm="EJ1234567"><controlInfo>
<pubinfo><dt year="2020">20200101</dt></pubinfo><artinfo><tig><atl>On moss</atl></tig></artinfo>
</controlInfo></header></rec></records>""",
        "utf-8",
    )
    batch = ingest.read(tmp_path / "a.xml")
    first, second = (record.values for record in batch.records)
    expected = {"title": "On ferns", "year": 2021, "container": "Fern Notes", "volume": "3", "issue": "2"}
    expected |= {"pages": "11-19", "doi": "10.5555/f.1", "pmid": "38000000", "authors": "Fern, Ida; Moss, Al"}
    expected |= {"foundIn": "APA PsycInfo", "kind": "article", "abstract": "Ferns."}
    assert {key: first.get(key) for key in expected} == expected
    assert (second["title"], second["eric"], batch.present) == ("On moss", "EJ1234567", 2)


def test_sage_writes_the_doi_behind_the_key(tmp_path: Path) -> None:
    """A line `doi:10.…,` that is no field costs no entry, and no line is counted wrong."""
    entry = "@article{10.5555/f.1,\ndoi:10.5555/f.1,\nauthor = {Ida Fern},\n"
    entry += "title = {On ferns},\ndoi = {10.5555/f.1},\n}\n"
    (tmp_path / "a.bib").write_text(entry + "\n" + entry.replace("f.1", "f.2"), "utf-8")
    batch = ingest.read(tmp_path / "a.bib")
    assert [(each.line, each.values["doi"]) for each in batch.records] == [(1, "10.5555/f.1"), (8, "10.5555/f.2")]


def test_blanks_that_do_not_break_stand_behind_a_tag(tmp_path: Path) -> None:
    """RIS that was copied from a page."""
    text = "TY\u00a0 - JOUR\nT1\u00a0 - On ferns\nAU\u00a0 - Fern, Ida\nPY\u00a0 - 2021\nER\u00a0 - \n"
    (found,) = values(tmp_path, "a.ris", text)
    assert (found["title"], found["firstAuthor"], found["year"]) == ("On ferns", "Fern", 2021)


def test_a_body_in_the_field_of_first_authors(tmp_path: Path) -> None:
    """Web of Science writes a group in `A1`: it is no first author beside persons."""
    (found,) = values(tmp_path, "a.ris", ris("AU  - Fern, Ida", "AU  - Moss, Al", "A1  - IEEE", "TI  - On ferns"))
    assert (found["authors"], found["firstAuthor"]) == ("Fern, Ida; Moss, Al; IEEE", "Fern")


def test_an_entry_has_what_its_parent_tells(tmp_path: Path) -> None:
    """`crossref` of BibTeX: its book gives a paper year, editors and publisher, but neither DOI nor title."""
    text = "@inproceedings{a, author = {Fern, Ida}, title = {On ferns}, pages = {1--9}, crossref = {P}}\n"
    text += "@proceedings{p, title = {All of ferns}, editor = {Moss, Al}, year = 2021, publisher = {Reed},"
    text += " doi = {10.5555/p}}\n"
    text += "@article{b, title = {On moss}, year = 2020, crossref = {p}}\n"
    text += "@article{c, title = {On reed}, crossref = {gone}}\n"
    first, _, second, third = values(tmp_path, "a.bib", text)
    expected = {
        "title": "On ferns",
        "container": "All of ferns",
        "year": 2021,
        "editors": "Moss, Al",
        "publisher": "Reed",
    }
    assert {key: first.get(key) for key in (*expected, "doi")} == expected | {"doi": None}
    assert (second["year"], second["container"], third.get("year")) == (2020, "All of ferns", None)
