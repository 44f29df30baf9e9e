"""The flow of a review, arm by arm and round by round: from linked files to the boxes of the diagram."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from conftest import evigraph

from evigraph import checks, data, updating
from evigraph.errors import UsageError
from evigraph.linking import Options, Revision, rounds
from evigraph.paths import Workspace, find_workspace
from evigraph.queries.build import answer
from evigraph.updating.new_review import Outline, create

pytestmark = pytest.mark.thorough

HEAD = "Title,Year,Stage,Decision,Reason,Reviewer\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review without a study."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


def write(workspace: Workspace, name: str, text: str) -> Path:
    """A file beside the review."""
    path = workspace.root.parent / name
    path.write_text(text, "utf-8")
    return path


def search(workspace: Workspace, name: str, *titles: str, **options: str) -> None:
    """Link a search whose records wait; a title may be followed by `|` and the database that the file names."""
    parts = (title.partition("|") for title in titles)
    text = "".join(
        f"TY  - JOUR\nTI  - {title}\nAU  - Doe, J\nPY  - 2020\n{f'DB  - {source}' if source else ''}\nER  - \n\n"
        for title, _, source in parts
    )
    chosen = {"source": options.pop("source", ""), "label": options.pop("label", "")}
    updating.link(workspace, [write(workspace, name, text)], Options(screen=True, **chosen, **options), False)


def screen(workspace: Workspace, *said: str) -> None:
    """Take decisions in: each `title,stage,verdict,reason,who`."""
    lines = []
    for each in said:
        title, stage, verdict, reason, who = each.split(",")
        lines.append(f"{title},2020,{stage},{verdict},{reason},{who}\n")
    updating.screen(workspace, [write(workspace, "said.csv", HEAD + "".join(lines))], "", False)


def boxes(workspace: Workspace, round_: str = "") -> dict[str, int]:
    """The boxes that hold something."""
    return {box: number for box, number in answer(workspace, "prisma-2020", {"round": round_}).rows if number}


def parts(workspace: Workspace, box: str) -> dict[str, int]:
    """The parts of a box."""
    return {part: number for row, part, number in answer(workspace, "prisma-2020-parts", {}).rows if row == box}


APPLES, PEARS, PLUMS = "Growing apples on a balcony", "What pears need in spring", "Plums and their many enemies"
FIGS, NUTS = "Figs that survive the frost", "The trouble with old walnut trees"


def test_each_arm_has_its_own_reasons(workspace: Workspace) -> None:
    """What citation searching found and a full text excluded stands in the other arm, with its reasons."""
    search(workspace, "db.ris", APPLES)
    search(workspace, "cited.ris", PEARS, PLUMS, FIGS, source="citation")
    screen(workspace, f"{APPLES},full text,include,,Ann", f"{PEARS},full text,exclude,wrong design,Ann")
    screen(workspace, f"{PLUMS},full text,exclude,wrong outcome,Ann")
    found = boxes(workspace)
    assert (found["citations_results"], found["other_sought_reports"], found["other_records_waiting"]) == (3, 2, 1)
    assert (found["other_excluded"], found.get("dbr_excluded"), found.get("records_waiting")) == (2, None, None)
    assert parts(workspace, "other_excluded") == {"wrong design": 1, "wrong outcome": 1}
    assert parts(workspace, "dbr_excluded") == {}
    ran = evigraph("--workspace", str(workspace.root), "export", "--format", "prisma")
    diagram = {row["data"]: row["n"] for row in csv.DictReader(io.StringIO(ran.stdout))}
    assert (diagram["dbr_excluded"], diagram["other_excluded"]) == ("0", "wrong design, 1; wrong outcome, 1")


def test_the_reasons_are_those_that_hold(workspace: Workspace) -> None:
    """Of consensus where two differ, once where two say the same in two spellings, and none of who was included."""
    search(workspace, "db.ris", APPLES, PEARS, PLUMS, FIGS)
    screen(workspace, *(f"{title},full text,exclude,Wrong  outcome,Ann" for title in (APPLES, PEARS, PLUMS, FIGS)))
    screen(workspace, f"{APPLES},full text,include,,Ben", f"{PEARS},full text,include,,Ben")
    screen(workspace, f"{PLUMS},full text,exclude,wrong-outcome,Ben", f"{PEARS},full text,exclude,no data,consensus")
    assert parts(workspace, "dbr_excluded") == {"Wrong outcome": 2, "no data": 1}
    assert boxes(workspace)["dbr_excluded"] == 3
    assert answer(workspace, "exclusion-reasons", {}).rows == [
        ("full text", "Wrong outcome", 2),
        ("full text", "no data", 1),
    ]


def test_reasons_fold_to_the_codebook(workspace: Workspace) -> None:
    """Where an attribute applies to decisions: to the label of its code, also by another label; no code is unused."""
    search(workspace, "db.ris", APPLES, PEARS, PLUMS)
    screen(workspace, f"{APPLES},full text,exclude,wrong outcome,Ann", f"{PEARS},full text,exclude,No Yield,Ann")
    screen(workspace, f"{PLUMS},full text,exclude,too late,Ann")
    codes = (
        "codebooks:\n  - {id: codebook/why, type: Codebook, label: Why}\nattributes:\n"
        "  - {id: attribute/why, type: Attribute, label: Why, definition: Why not., as: code, appliesTo: [decision]}\n"
        "attributeValues:\n  - {id: why/outcome, type: AttributeValue, label: Outcome not measured, position: 1,\n"
        "     definition: None of ours., altLabels: [wrong outcome, no yield], inScheme: codebook/why}\n"
    )
    (workspace.review / "reasons.yaml").write_text(f"id: review\ntype: Review\n{codes}", "utf-8")
    assert parts(workspace, "dbr_excluded") == {"Outcome not measured": 2, "too late": 1}
    assert "Outcome not measured" not in [row[1] for row in answer(workspace, "unused-codes", {}).rows]
    assert checks.check(workspace) == []


def test_databases_of_one_library(workspace: Workspace) -> None:
    """By the file's own tag, in whatever capitals; a register has its box, and what has no tag counts with its file."""
    titles = [f"{APPLES}|Scopus", f"{PEARS}|eric", f"{PLUMS}|ERIC", f"{FIGS}|ClinicalTrials.gov", NUTS]
    search(workspace, "library.ris", *titles)
    assert parts(workspace, "database_specific_results") == {"ERIC": 2, "Scopus": 1, "library.ris": 1}
    assert parts(workspace, "register_specific_results") == {"ClinicalTrials.gov": 1}
    found = boxes(workspace)
    assert (found["database_results"], found["register_results"], found["records_waiting"]) == (4, 1, 5)


def test_a_label_names_what_a_file_names_once(workspace: Workspace) -> None:
    """A person's word goes before one tag, and not before several."""
    search(workspace, "one.ris", f"{APPLES}|Scopus", f"{PEARS}|Scopus", label="Scopus, June")
    search(workspace, "two.ris", f"{PLUMS}|ERIC", f"{FIGS}|PsycInfo", label="EBSCO")
    assert parts(workspace, "database_specific_results") == {"Scopus, June": 2, "ERIC": 1, "PsycInfo": 1}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'Title,Year,Database\n"{0}",2020,Embase\n"{1}",2020,ERIC\n'),
        ("a.enw", "%0 Journal Article\n%T {0}\n%~ Embase\n\n%0 Journal Article\n%T {1}\n%~ ERIC\n"),
        (
            "a.xml",
            "<xml><records>"
            "<record><ref-type name='Journal Article'>17</ref-type><titles><title>{0}</title></titles>"
            "<remote-database-name>Embase</remote-database-name></record>"
            "<record><ref-type name='Journal Article'>17</ref-type><titles><title>{1}</title></titles>"
            "<remote-database-name>ERIC</remote-database-name></record></records></xml>",
        ),
        (
            "a.json",
            '[{{"id":"1","type":"article-journal","title":"{0}","source":"Embase","issued":{{"raw":"2020"}}}},'
            '{{"id":"2","type":"article-journal","title":"{1}","source":"ERIC","issued":{{"raw":"2020"}}}}]',
        ),
        ("a.txt", "RT Journal Article\nT1 {0}\nDB Embase <1974 to 2020>\n\nRT Journal Article\nT1 {1}\nDB ERIC\n"),
        ("b.ris", "TY  - JOUR\nTI  - {0}\nDP  - Embase\nER  - \n\nTY  - JOUR\nTI  - {1}\nDP  - ERIC\nER  - \n"),
    ],
)
def test_the_tag_of_each_format(workspace: Workspace, name: str, text: str) -> None:
    """The database of a record, as the programs write it."""
    path = write(workspace, name, text.format(APPLES, PEARS))
    updating.link(workspace, [path], Options(screen=True), dry_run=False)
    assert parts(workspace, "database_specific_results") == {"Embase": 1, "ERIC": 1}


def test_what_could_not_be_read_was_identified(workspace: Workspace) -> None:
    """And was removed before screening, in the diagram, its parts, the flow, and the trace."""
    path = write(workspace, "in.csv", f"Title,Year\n{APPLES},2020\n,2021\n,2022\n")
    updating.link(workspace, [path], Options(screen=True), dry_run=False)
    found = boxes(workspace)
    assert (found["database_results"], found["excluded_other"], found["records_waiting"]) == (3, 2, 1)
    assert parts(workspace, "database_specific_results") == {"in.csv": 3}
    assert [row[1] for row in answer(workspace, "flow", {}).rows] == [3, 0, 2, 1, 0, 0]
    traced = evigraph("--workspace", str(workspace.root), "trace", "prisma-2020", "1", "-f", "csv")
    assert traced.returncode == 0
    assert APPLES in traced.stdout
    assert "in.csv" in traced.stdout
    assert checks.check(workspace) == []


def test_an_update_of_a_review(workspace: Workspace) -> None:
    """Close the round, link two more searches, screen: the form for updated reviews, and the old one by its name."""
    search(workspace, "first.ris", APPLES, PEARS, searched="2026-01-15", string="fruit*")
    with pytest.raises(UsageError, match="2 records of the round wait for a decision"):
        rounds.close(Revision(data.read_documents(workspace)), "2026", "2026-02-01")
    screen(workspace, f"{APPLES},full text,include,,Ann", f"{PEARS},title,exclude,no,Ann")
    first = boxes(workspace)
    assert "previous_studies" not in first
    closed = evigraph("--workspace", str(workspace.root), "round", "close", "2026", "--date", "2026-02-01")
    assert closed.returncode == 0
    assert boxes(workspace) == first  # nothing changes until the next search
    search(workspace, "second.ris", APPLES, PLUMS, FIGS)
    search(workspace, "cited.ris", NUTS, source="citation")
    screen(workspace, f"{PLUMS},full text,include,,Ann", f"{FIGS},full text,exclude,late,Ann")
    screen(workspace, f"{NUTS},full text,include,,Ann")
    assert boxes(workspace) == {
        **{"previous_studies": 1, "previous_reports": 1, "database_results": 3, "citations_results": 1},
        **{"duplicates": 1, "records_screened": 2, "dbr_sought_reports": 2, "other_sought_reports": 1},
        **{"dbr_assessed": 2, "dbr_excluded": 1, "other_assessed": 1},
        **{"new_studies": 2, "new_reports": 2, "total_studies": 3, "total_reports": 3},
    }
    assert boxes(workspace, "2026") == first
    assert answer(workspace, "rounds", {}).rows == [("2026", "2026-02-01", 1, 2, 0, 1), ("open", None, 2, 4, 1, 2)]
    told = {row[0]: row[6:] for row in answer(workspace, "searches", {}).rows}
    assert told["first.ris"] == ("2026-01-15", "fruit*", "2026")
    assert told["second.ris"] == (None, None, None)
    assert checks.check(workspace) == []
    for _ in range(5):
        assert evigraph("--workspace", str(workspace.root), "undo").returncode == 0
    assert boxes(workspace) == first


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("round", "close", "2026"), "no search is open"),
        (("round", "close", "--", "…"), "give it a name with a letter or a digit"),
        (("round", "close", "2026", "--date", "May"), "`May` is no date; write it as 2026-05-31"),
        (("link", "x.ris", "--searched", "yesterday"), "`yesterday` is no date"),
        (("link", "x.ris", "--string", "@nowhere.txt"), "nowhere.txt: No such file or directory; give a text file"),
    ],
)
def test_what_a_round_is_not(workspace: Workspace, command: tuple[str, ...], message: str) -> None:
    """One line that says so."""
    write(workspace, "x.ris", "TY  - JOUR\nTI  - X\nER  - \n")
    ran = evigraph("--workspace", str(workspace.root), *command, cwd=workspace.root.parent)
    assert ran.returncode == 2
    assert message in ran.stderr


def test_a_round_has_a_name_of_its_own(workspace: Workspace) -> None:
    """And its search isn't closed twice."""
    search(workspace, "first.ris", APPLES)
    screen(workspace, f"{APPLES},title,exclude,no,Ann")
    made = rounds.close(Revision(data.read_documents(workspace)), "Spring", "2026-02-01")
    updating.change(
        workspace, "close", lambda found: updating.of(rounds.close(Revision(found), "Spring", "2026-02-01")), False
    )
    assert made.contents[rounds.DOCUMENT] == data.read_document(workspace.review / "rounds.yaml", "rounds").content
    for name, message in (("spring", "is closed already"), ("Summer", "no search is open")):
        with pytest.raises(UsageError, match=message):
            rounds.close(Revision(data.read_documents(workspace)), name, "2026-03-01")


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (
            {"database_results": 500, "duplicates": 150, "records_screened": 300},
            "records_screened states 300, but .* 350",
        ),
        (
            {"records_screened": 300, "records_excluded": 200, "dbr_sought_reports": 99},
            "dbr_sought_reports states 99, .* 100",
        ),
        ({"dbr_sought_reports": 9, "dbr_notretrieved_reports": 1, "dbr_assessed": 9}, "dbr_assessed states 9, .* to 8"),
        (
            {"other_sought_reports": 9, "other_notretrieved_reports": 1, "other_assessed": 7},
            "other_assessed states 7, .* 8",
        ),
        (
            {"dbr_assessed": 9, "dbr_excluded": 4, "other_assessed": 3, "other_excluded": 1, "new_reports": 6},
            "6, .* to 7",
        ),
        ({"previous_reports": 3, "new_reports": 4, "total_reports": 8}, "total_reports states 8, .* to 7"),
        ({"database_results": 500, "records_screened": 300}, ""),
        ({"dbr_assessed": 9, "dbr_excluded": 4, "other_assessed": 3, "new_reports": 6}, ""),
        (
            {"database_results": 5, "register_results": 2, "duplicates": 1, "excluded_other": 1, "records_screened": 5},
            "",
        ),
    ],
)
def test_a_stated_flow_that_does_not_add_up(workspace: Workspace, numbers: dict[str, int], message: str) -> None:
    """`check` names both sums; where a number that it needs isn't reported, it says nothing."""
    rows = "".join(f"{name},,,,,,,{number}\n" for name, number in numbers.items())
    head = "data,node,box,description,boxtext,tooltips,url,n\n"
    updating.link(workspace, [write(workspace, "flow.csv", head + rows)], Options(), dry_run=False)
    found = [str(each) for each in checks.check(workspace) if "states" in str(each)]
    if message:
        with pytest.raises(AssertionError, match=message):
            assert not found, found[0]
    else:
        assert found == []
