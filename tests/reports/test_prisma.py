"""The flow diagram of PRISMA 2020 as the R package PRISMA2020 keeps it, written and read."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from conftest import Copy, evigraph

from evigraph import data, ingest, updating
from evigraph.data import Document
from evigraph.errors import DataError
from evigraph.export import formats
from evigraph.ingest.prisma_csv import COLUMNS, boxes
from evigraph.linking import Options, flow
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import Cell, build
from evigraph.reports import prisma
from evigraph.updating import new_review

# The rows of the package's template, in its order, with the nodes that it draws: it looks rows up by these names.
TEMPLATE = """
NA node4 prevstud
previous_studies node5 box1
previous_reports NA box1
NA node6 newstud
database_results node7 box2
database_specific_results NA box2
register_results NA box2
register_specific_results NA box2
NA node16 othstud
website_results node17 box11
organisation_results NA box11
citations_results NA box11
duplicates node8 box3
excluded_automatic NA box3
excluded_other NA box3
records_screened node9 box4
records_excluded node10 box5
dbr_sought_reports node11 box6
dbr_notretrieved_reports node12 box7
other_sought_reports node18 box12
other_notretrieved_reports node19 box13
dbr_assessed node13 box8
dbr_excluded node14 box9
other_assessed node20 box14
other_excluded node21 box15
new_studies node15 box10
new_reports NA box10
total_studies node22 box16
total_reports NA box16
identification node1 identification
screening node2 screening
included node3 included
total_studies_ma node23 box17
total_reports_ma NA box17
"""


@pytest.fixture
def fresh(tmp_path: Path) -> Workspace:
    """A new review without studies."""
    new_review.create(tmp_path / "fresh", "fresh", new_review.Outline("A review", "https://example.org/fresh/"))
    return find_workspace(tmp_path / "fresh")


def written(numbers: dict[str, str], **texts: str) -> str:
    """A diagram's CSV as the package writes it, with these numbers."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for line in TEMPLATE.split("\n")[1:-1]:
        name, node, box = line.split(" ")
        rows.writerow([name, node, box, "…", texts.get(name, "NA"), "NA", "x.html", numbers.get(name, "NA")])
    return out.getvalue()


def numbers(workspace: Workspace) -> dict[str, str]:
    """The numbers of the diagram that the workspace exports."""
    text = str(formats.export(data.read_documents(workspace), "prisma", workspace=workspace))
    return {row["data"]: row["n"] for row in csv.DictReader(io.StringIO(text)) if row["n"] != "NA"}


def link(workspace: Workspace, text: str, name: str = "flow.csv") -> updating.Outcome:
    """Link a diagram's CSV."""
    path = workspace.root / name
    path.write_text(text, "utf-8")
    return updating.link(workspace, [path], Options(), dry_run=False)


def test_the_rows_are_those_of_the_package() -> None:
    """Its names, nodes and boxes, in its order."""
    assert [f"{b.data or 'NA'} {b.node or 'NA'} {b.box}" for b in boxes()] == TEMPLATE.split("\n")[1:-1]
    described = [box.description for box in boxes()]
    assert len(set(described)) == len(described)


def test_the_shipped_review_fills_its_diagram(shipped: Workspace) -> None:
    """What the paper states is a number, everything else is NA, and R reads a tooltip for each node."""
    ran = evigraph("export", "--format", "prisma")
    assert (ran.returncode, ran.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(ran.stdout)))
    assert tuple(rows[0]) == COLUMNS
    assert all(all(row.values()) for row in rows)
    assert all((row["tooltips"] == "NA") == (row["node"] == "NA") for row in rows)
    assert numbers(shipped) == {
        **{"database_results": "182", "duplicates": "127", "records_screened": "55", "records_excluded": "21"},
        "total_studies": "34",
    }


FULL = {
    **{"previous_studies": "12", "previous_reports": "0", "database_results": "1234", "register_results": "7"},
    **{"database_specific_results": "PubMed, 1000; Scopus, 234", "duplicates": "200", "excluded_automatic": "3"},
    **{"excluded_other": "1", "dbr_notretrieved_reports": "4", "other_assessed": "9", "other_excluded": "5"},
    **{"dbr_excluded": "No control group, 3; Not in English, 4; Protocol, 3", "total_reports_ma": "2"},
}


def test_a_diagram_comes_out_as_it_went_in(fresh: Workspace) -> None:
    """Numbers, lists of parts, and a stated 0; what is NA stays NA."""
    assert link(fresh, written(FULL)).written == 1
    assert numbers(fresh) == FULL
    exported = str(formats.export(data.read_documents(fresh), "prisma", workspace=fresh))
    again = new_review.create(
        fresh.root / "again", "again", new_review.Outline("Again", "https://example.org/again/")
    ).parents[2]
    link(find_workspace(again), exported)
    assert numbers(find_workspace(again)) == FULL


@pytest.mark.parametrize(
    ("said", "count"),
    [("12", 12), ("1,234", 1234), ("1 234 567", 1234567), ("12.0", 12), ("0", 0), ("", None), ("NA", None)],
)
def test_a_number_is_read_as_people_write_it(fresh: Workspace, said: str, count: int | None) -> None:
    """With marks at the thousands, or not at all."""
    link(fresh, written({"duplicates": said, "database_results": "5"}))
    assert numbers(fresh).get("duplicates") == (None if count is None else str(count))


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("Wrong design, 3; Wrong outcome, 1,204", [("Wrong design", 3), ("Wrong outcome", 1204)]),
        ("Before 2000, or after, 12;", [("Before 2000, or after", 12)]),
        ("17", [("Reports excluded (databases and registers)", 17)]),
        ("Reason1, xxx; Reason2, xxx; Reason3, xxx", []),
    ],
)
def test_parts_are_told_apart(tmp_path: Path, said: str, parts: list[tuple[str, int]]) -> None:
    """Each with its number; the template's own placeholder is none."""
    path = tmp_path / "flow.csv"
    path.write_text(written({"dbr_excluded": said, "duplicates": "1"}), "utf-8")
    steps = [step for step in ingest.read(path).flow if step["notation"] == "dbr_excluded"]
    assert [(step["label"], step["count"]) for step in steps] == parts


@pytest.mark.parametrize(
    ("row", "said", "reason"),
    [
        ("duplicates", "many", "n is `many`; write a whole number, NA or nothing"),
        ("duplicates", "-3", "n is `-3`"),
        ("duplicates", "1.5", "n is `1.5`"),
        ("duplicates", "1.000", "n is `1.000`"),
        ("duplicates", "9" * 40, "n is `999"),
        ("dbr_excluded", "Reason, 3; other", "n has `other`; write each part as `reason, 3`"),
    ],
)
def test_a_number_that_cannot_be_read_is_named(tmp_path: Path, row: str, said: str, reason: str) -> None:
    """By its line, and the others are read."""
    path = tmp_path / "flow.csv"
    text = written({row: said, "records_screened": "8"})
    path.write_text(text, "utf-8")
    batch = ingest.read(path)
    assert [step["count"] for step in batch.flow] == [8]
    assert (batch.present, len(batch.rejected)) == (2, 1)
    assert reason in batch.rejected[0].reason
    assert text.split("\n")[batch.rejected[0].line - 1].startswith(row)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (written({}), "no row of the flow diagram has a number"),
        (written({"duplicates": "x"}), "n is `x`"),
        ("data,node,box,boxtext,n\nrecords_found,,,,3\n", "`records_found` is no row"),
    ],
)
def test_a_diagram_without_numbers_is_refused(fresh: Workspace, text: str, message: str) -> None:
    """In one line, and nothing is written."""
    with pytest.raises(DataError, match=message):
        link(fresh, text)
    assert not (fresh.review / "flow.yaml").exists()


@pytest.mark.parametrize("change", ["\ufeff{}", "crlf", "semicolon", "quoted"])
def test_a_diagram_is_known_however_it_was_saved(tmp_path: Path, change: str) -> None:
    """With a byte order mark, Windows' line ends, semicolons, or R's quotes and row numbers."""
    text = written({"duplicates": "3"})
    if change == "quoted":
        rows = list(csv.reader(io.StringIO(text)))
        lines = [["", *rows[0]], *([str(number), *row] for number, row in enumerate(rows[1:], 1))]
        text = "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines)
    elif change == "semicolon":
        text = text.replace(",", ";")
    text = change.replace("{}", text) if "{}" in change else text.replace("\n", "\r\n") if change == "crlf" else text
    path = tmp_path / "flow.csv"
    path.write_bytes(text.encode())
    batch = ingest.read(path)
    assert (batch.format, [(s["id"], s["count"]) for s in batch.flow]) == ("prisma-2020", [("flow/duplicates", 3)])


def test_the_same_numbers_change_nothing(copy: Copy) -> None:
    """A review that states them, in steps that are derived too, is left as it is."""
    exported = str(formats.export(data.read_documents(copy.workspace), "prisma"))
    outcome = link(copy.workspace, exported)
    assert outcome.written == 0
    assert "states these numbers already" in updating.as_text(outcome)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("records_screened", "records_screened is 54, and the review states 55"),
        ("new_studies", "new_studies is 54, and the review states nothing"),
    ],
)
def test_other_numbers_are_refused(copy: Copy, row: str, message: str) -> None:
    """In one line, and the review is left as it is."""
    with pytest.raises(DataError, match=message):
        link(copy.workspace, written({row: "54"}))
    assert not (copy.review / "flow.yaml").exists()


def test_a_linked_diagram_is_taken_back(fresh: Workspace) -> None:
    """By `undo`, as every link."""
    link(fresh, written(FULL))
    assert evigraph("--workspace", str(fresh.root), "undo").returncode == 0
    assert numbers(fresh) == {}


def test_linked_searches_are_counted(fresh: Workspace) -> None:
    """Databases and reasons come from the records; a name has no comma, where the package cuts, and no formula."""
    hits = (
        "title,year,decision,stage,reason\n"
        'One title of a study,2020,excluded,full text,"No control, no outcome"\n'
        "Another title entirely,2021,excluded,full text,'=too short\n"
        "Something else again,2022,included,full text,\n"
    )
    link(fresh, hits, "hits.csv")
    found = numbers(fresh)
    assert found["database_results"] == "3"
    assert found["database_specific_results"] == "hits.csv, 3"
    assert found["dbr_excluded"] == "'=too short, 1; No control / no outcome, 1"
    assert found["total_studies"] == found["new_studies"] == "1"


def test_an_exclusion_without_a_reason_is_a_bare_number(shipped: Workspace) -> None:
    """`not reported` alone says nothing that the number doesn't."""
    box = next(each for each in boxes() if each.data == "dbr_excluded")
    cases: list[tuple[list[tuple[str, Cell]], Cell]] = [
        ([("not reported", 4)], 4),
        ([("not reported", 1), ("Design", 3)], "not reported, 1; Design, 3"),
        ([], 4),
    ]
    for parts, number in cases:
        assert prisma._number(box, 4, parts) == number


def test_the_diagram_needs_no_file_of_the_cache(shipped: Workspace) -> None:
    """From a store it is the same as from the documents."""
    table = prisma.diagram(shipped, build.open_store(shipped))
    assert table.columns == COLUMNS
    assert len(table.rows) == len(boxes())


def test_a_flow_that_goes_in_circles_ends() -> None:
    """A review whose steps start from each other is compared without end otherwise."""
    steps: list[dict[str, Any]] = [
        {"id": "flow/a", "notation": "duplicates", "startsFrom": "flow/b"},
        {"id": "flow/b", "notation": "records_screened", "startsFrom": "flow/a"},
    ]
    document = Document(Path("review.yaml"), "review", {"id": "review", "type": "Review", "flow": steps})
    batch = ingest.Batch(Path("flow.csv"), "prisma-2020", "", "", 1, (), ())
    assert flow.document(batch, [document]) is None
