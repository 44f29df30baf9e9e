"""What others read is the same graph, the same rows and the same publications."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import tempfile
from pathlib import Path
from typing import Any

import bibtexparser
import openpyxl
import pytest
import rdflib
import rispy
from conftest import Copy, evigraph
from hypothesis import given, settings
from hypothesis import strategies as st

from evigraph import data, ingest, queries
from evigraph.data import Document
from evigraph.errors import UsageError
from evigraph.export import bibliographies, flat_tables, formats
from evigraph.paths import Workspace
from evigraph.store import EmbeddedStore

PARSERS = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml", "trig": "trig", "nquads": "nquads"}


def triples(text: str, parser: str) -> set[tuple[str, str, str]]:
    """What rdflib reads, in terms that compare by their lexical form."""
    found = rdflib.Dataset()
    found.parse(data=text, format=parser)
    return {(s.n3(), p.n3(), o.n3()) for s, p, o, _ in found.quads()}


@pytest.mark.parametrize("syntax", PARSERS)
def test_rdflib_reads_the_same_triples(documents: list[Document], nquads: str, syntax: str) -> None:
    """Each syntax, read by another implementation."""
    assert triples(formats.as_graph(documents, syntax), PARSERS[syntax]) == triples(nquads, "nquads")


@pytest.mark.parametrize("syntax", formats.FORMATS)
def test_an_export_is_the_same_twice(documents: list[Document], syntax: str) -> None:
    """Order of documents plays no part."""
    shuffled = documents[:]
    random.Random(1).shuffle(shuffled)  # noqa: S311 - not for secrets
    if syntax != "jsonld":
        assert formats.export(documents, syntax) == formats.export(shuffled, syntax)
    assert formats.export(documents, syntax) == formats.export(documents, syntax)


def test_jsonld_holds_the_documents(documents: list[Document]) -> None:
    """The framed JSON-LD has one named graph a document, with the keys of the documents, and its context inside."""
    whole = json.loads(formats.as_graph(documents, "jsonld"))
    assert [node["id"].rsplit("graph/", 1)[1] for node in whole["@graph"]] == [d.name for d in documents]
    assert whole["@context"]["@base"].endswith("/micro-credentials/")
    study = next(node for node in whole["@graph"] if node["id"].endswith("studies/mah-2016"))["@graph"][0]
    assert study["label"] == "Mah (2016)"


def test_an_unknown_format(documents: list[Document]) -> None:
    """It is answered with the known ones."""
    with pytest.raises(UsageError, match="choose one of turtle"):
        formats.export(documents, "n3")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--all", "--all is for ris, bibtex, csljson; turtle holds every study"),
        (
            "--format csv --bare",
            "--bare is for turtle, trig, nquads, ntriples, rdfxml, jsonld; csv holds records alone",
        ),
        ("--format ris --raw", "--raw is for csv and prisma; ris writes everything as it is"),
    ],
)
def test_an_option_of_another_format_is_refused(arguments: str, message: str) -> None:
    """In one line, instead of being passed over."""
    ran = evigraph("export", *arguments.split())
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"evigraph: {message}\n")


HOSTILE = [
    {
        **{"id": "report/a-2020", "title": "Costs & benefits_of 100% #1 -- a $5 \\cmd of MOOCs", "year": 2020},
        **{"authors": "Ministry of Health and Welfare", "authorCount": 1, "doi": "10.5555/a_b%c(1)"},
    },
    {
        **{"id": "report/A-2020", "title": "=1+1 @article, y=z", "year": 1999, "volume": "3", "container": "J & K"},
        **{"authors": "Smith JA; Jane van der Berg; Müller, Jürgen; 王, 小明; OECD", "authorCount": 5, "pages": "1-9"},
    },
    {"id": "report/ünï/3", "title": "A title\nTY  - JOUR\nER  - of two lines", "kind": "book", "publisher": "U of Ü"},
]


def publications(documents: list[Document]) -> list[dict[str, Any]]:
    """The reports of the shipped review, and some that are hard to write."""
    return [*flat_tables.reports(documents, everything=True), *HOSTILE]


def known(values: dict[str, Any]) -> tuple[object, ...]:
    """What a record has to keep."""
    title = " ".join(values["title"].split())
    return title, bibliographies.persons(values), values.get("year"), values.get("doi"), values.get("container")


@pytest.mark.parametrize("syntax", bibliographies.FORMATS)
def test_publications_are_read_as_they_were_written(tmp_path: Path, documents: list[Document], syntax: str) -> None:
    """Our own reader finds the same titles, authors, years and DOIs."""
    wanted = publications(documents)
    path = tmp_path / "publications"
    path.write_bytes(bibliographies.FORMATS[syntax](wanted).encode())
    batch = ingest.read(path)
    assert (batch.format, batch.present, batch.rejected) == (syntax.replace("csl", "csl-"), len(wanted), ())
    assert [known(record.values) for record in batch.records] == [known(report) for report in wanted]


SIGNS = [
    *"aZé王{}\\%&$#_~^\"'`-=@,:()[]<>|/\n\t\r\0 ",
    "\x85",
    "TY  - ",
    "ER  - ",
    "@article{x,",
    " and ",
    "\U0001f600",
]


@given(st.lists(st.lists(st.sampled_from(SIGNS), max_size=20).map("".join), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_a_format(texts: list[str]) -> None:
    """Whatever titles and names hold, every publication is an entry of its own, for us and for others."""
    reports = [
        {"id": f"report/{i}", "title": f"T{text}z", "authors": f"A{text}", "publisher": text, "doi": f"10.5555/{i}"}
        for i, text in enumerate(texts)
    ]
    assert len(rispy.loads(bibliographies.as_ris(reports))) == len(reports)
    library = bibtexparser.parse_string(bibliographies.as_bibtex(reports))
    assert (len(library.entries), library.failed_blocks) == (len(reports), [])
    with tempfile.TemporaryDirectory() as folder:
        for write in bibliographies.FORMATS.values():
            path = Path(folder) / "publications"
            path.write_bytes(write(reports).encode())
            batch = ingest.read(path)
            assert (batch.present, batch.rejected) == (len(reports), ())
            assert [record.values["doi"] for record in batch.records] == [report["doi"] for report in reports]


def test_ris_is_what_rispy_reads(documents: list[Document]) -> None:
    """One tag a line, CR LF after each, an end to each record, and a second reader finds the same."""
    wanted = publications(documents)
    written = bibliographies.as_ris(wanted)
    assert "\n" not in written.replace("\r\n", "")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in written.split("\r\n") if line)
    assert written.count("\r\nER  - \r\n") == len(wanted)
    found = rispy.loads(written)
    assert [each["title"] for each in found] == [known(report)[0] for report in wanted]
    assert [each.get("year") for each in found] == [str(r["year"]) if "year" in r else None for r in wanted]
    assert [each.get("doi") for each in found] == [report.get("doi") for report in wanted]
    assert [len(each.get("authors", [])) for each in found] == [len(bibliographies.persons(r)) for r in wanted]


def test_bibtex_is_what_bibtexparser_reads(documents: list[Document]) -> None:
    """No block fails, no key is another's in small letters, and addresses stand as they are."""
    wanted = publications(documents)
    library = bibtexparser.parse_string(bibliographies.as_bibtex(wanted))
    assert (len(library.failed_blocks), len(library.entries)) == (0, len(wanted))
    keys = [entry.key for entry in library.entries]
    assert len({key.casefold() for key in keys}) == len(wanted)
    assert all(re.fullmatch(r"[A-Za-z0-9-]+", key) for key in keys)
    found = [entry.fields_dict["doi"].value if "doi" in entry.fields_dict else None for entry in library.entries]
    assert found == [report.get("doi") for report in wanted]


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("R&D 5% $1 #2 a_b", r"R\&D 5\% \$1 \#2 a\_b"),
        ("{x} \\y ~ ^", r"\textbraceleft{}x\textbraceright{} \textbackslash{}y \textasciitilde{} \textasciicircum{}"),
        ("a -- b ``c''", "a -{}- b `{}`c'{}'"),
        ("Über MOOCs", "Über {MOOCs}"),
    ],
)
def test_tex_prints_a_title_as_it_is(text: str, tex: str) -> None:
    """Its signs are escaped, its ligatures broken, and capitals inside of words kept."""
    assert f"title = {{{tex}}}" in bibliographies.as_bibtex([{"id": "report/x", "title": text}])


def test_publications_are_those_of_included_studies(copy: Copy) -> None:
    """Unless all are asked for."""
    copy.replace("studies/mah-2016.yaml", "state: inferred", "state: not-applicable")
    documents = data.read_documents(copy.workspace)
    some, every = (formats.export(documents, "csljson", everything) for everything in (False, True))
    names = [{entry["id"] for entry in json.loads(each)} for each in (some, every)]
    assert names[1] - names[0] == {"mah-2016"}


def test_csv_has_a_row_for_each_finding(shipped: Workspace, store: EmbeddedStore, documents: list[Document]) -> None:
    """With the bibliographic data of its study."""
    written = str(formats.export(documents, "csv"))
    rows = list(csv.DictReader(io.StringIO(written)))
    table = queries.run(store, queries.load(shipped, "findings"))
    assert len(rows) == len(table.rows)
    reeves = next(row for row in rows if row["study"] == "study/reeves-2017")
    assert (reeves["year"], reeves["included"], reeves["volume"]) == ("2017", "yes", "49")
    assert reeves["authors"].startswith("Reeves, T. D.")


def test_csv_has_the_numbers_of_findings() -> None:
    """A column a kind and unit; a sign, and several of one kind, are told."""
    amounts = [
        {"id": "quantity/1", "type": "Quantity", "kind": "g", "value": 0.61, "unit": "number", "comparator": "="},
        {"id": "quantity/2", "type": "Quantity", "kind": "p", "value": 0.05, "unit": "number", "comparator": "<"},
        {"id": "quantity/3", "type": "Quantity", "kind": "share", "value": 60, "unit": "percent"},
        {"id": "quantity/4", "type": "Quantity", "kind": "share", "value": 40, "unit": "percent"},
        {"id": "quantity/5", "type": "Quantity", "kind": "statement", "value": 2, "unit": "number"},
    ]
    findings = [
        {"id": "finding/1", "type": "Finding", "statement": "A.", "quantities": amounts},
        {"id": "finding/2", "type": "Finding", "statement": "B."},
    ]
    study = {"id": "study/x", "type": "Study", "label": "X", "findings": findings}
    written = str(formats.export([Document(Path("x.yaml"), "studies/x", study)], "csv"))
    first, second = csv.DictReader(io.StringIO(written))
    told = {name: first[name] for name in ("g", "p", "share (percent)", "statement", "quantity statement")}
    assert told == {
        "g": "0.61",
        "p": "< 0.05",
        "share (percent)": "60; 40",
        "statement": "A.",
        "quantity statement": "2",
    }
    assert "quantities" not in first
    assert second["g"] == ""


def test_a_statement_is_never_a_formula() -> None:
    """It is guarded in CSV, unless it is asked for as it is."""
    finding = {"id": "finding/x", "type": "Finding", "statement": "=1+1"}
    study = {"id": "study/x", "type": "Study", "label": "X", "findings": [finding]}
    documents = [Document(Path("x.yaml"), "studies/x", study)]
    for raw, written in ((False, "'=1+1"), (True, "=1+1")):
        row = next(csv.DictReader(io.StringIO(str(formats.export(documents, "csv", raw=raw)))))
        assert row["statement"] == written


def test_a_workbook_has_a_sheet_a_kind_of_record(documents: list[Document]) -> None:
    """Studies, findings, codes and the rest, with numbers as numbers and ids as what they name."""
    written = formats.export(documents, "xlsx")
    assert isinstance(written, bytes)
    book = openpyxl.load_workbook(io.BytesIO(written))
    assert {"studies", "findings", "codes", "questions", "flow", "citations"} <= set(book.sheetnames)
    heads, *rows = book["studies"].iter_rows(values_only=True)
    mah = dict(zip(heads, next(row for row in rows if row[0] == "study/mah-2016"), strict=True))
    assert (mah["label"], mah["year"], mah["volume"], mah["included"]) == ("Mah (2016)", 2016, "21", "yes")
    heads, *rows = book["findings"].iter_rows(values_only=True)
    assert {row[heads.index("concerns")] for row in rows} >= {"Student", "Instructor"}


def test_a_workbook_is_linked_again(tmp_path: Path, documents: list[Document]) -> None:
    """Its studies are read as publications."""
    path = tmp_path / "review.xlsx"
    path.write_bytes(bytes(formats.export(documents, "xlsx")))  # type: ignore[arg-type]
    titles = {record.values.get("title") for record in ingest.read(path).records}
    assert titles >= {report["title"] for report in flat_tables.reports(documents)}


@pytest.mark.parametrize("syntax", ["csv", "xlsx", *bibliographies.FORMATS])
def test_a_review_without_studies_is_exported(syntax: str) -> None:
    """As a header, an empty list, or nothing."""
    review = Document(Path("review.yaml"), "review", {"id": "review", "type": "Review"})
    assert len(formats.export([review], syntax)) >= (3 if syntax in {"csv", "xlsx", "csljson"} else 0)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A file appears complete; a folder that isn't there is told and nothing is left."""
    ran = evigraph("export", "--format", "nquads", "-o", str(tmp_path / "r.nq"))
    assert (ran.returncode, ran.stdout) == (0, "")
    assert (tmp_path / "r.nq").read_text("utf-8").endswith(" .\n")
    ran = evigraph("export", "-o", str(tmp_path / "none" / "r.ttl"))
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["r.nq"]
