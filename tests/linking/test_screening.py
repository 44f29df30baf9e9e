"""Decisions of reviewers: how tools and people write them, which records they mean, and whose they stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import rdflib
import servers
from conftest import evigraph

from evigraph import checks, data, ingest, queries, updating
from evigraph.errors import DataError, UsageError
from evigraph.ingest import decisions
from evigraph.linking import Options
from evigraph.linking.revisions import Revision
from evigraph.paths import Workspace, find_workspace
from evigraph.queries.build import answer, open_store
from evigraph.reports import agreement
from evigraph.store.remote.addresses import PASSWORD, USER, endpoint
from evigraph.store.remote.publication import publish
from evigraph.store.remote.remote_store import RemoteStore
from evigraph.updating.new_review import Outline, create

Said = tuple[str, str, str, str]
TA, FT = "title-abstract", "full-text"

HITS = """PMID,DOI,Title,Year,Authors,URL,ERIC Number,OpenAlex ID
501,10.5555/kites.1,Kites over the harbour,2019,"Adeyemi, Lara",
502,10.5555/kites.2,Protocol for a trial of kites in schools,2020,"Bruun, Ole",
,,Lanterns at dusk,2018,"Costa, Ines",https://example.org/lanterns
504,,Erratum to: Lanterns at noon,2021,"Dahl, Per",
,10.5555/kites.5,A survey of paper boats,2017,"Eze, Uche",
,,A survey of paper boats,2011,"Fox, Tim",
,,Ribbons of all lands,2014,"Gray, Pat",,EJ1234567,W4385245566
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A review with seven records that wait."""
    create(tmp_path / "mine", "mine", Outline("Kites", "https://example.org/mine/"))
    found = find_workspace(tmp_path / "mine")
    (tmp_path / "hits.csv").write_text(HITS, "utf-8")
    updating.link(found, [tmp_path / "hits.csv"], Options(screen=True, date="2026-01-01"), dry_run=False)
    return found


def screened(workspace: Workspace, text: str, stage: str = "", **given: Any) -> tuple[list[str], int, int]:
    """Link a file of decisions; the notes, and how many rows were of held records and how many weren't."""
    path = workspace.root.parent / given.pop("name", "said.csv")
    path.write_text(text, "utf-8")
    outcome, found = updating.screen(workspace, [path], stage, False, **given)
    return outcome.plan.notes + [n for b in outcome.plan.batches for n in b.notes], found.found, found.missing


def held(workspace: Workspace) -> dict[int, list[Said]]:
    """What each record holds: verdict, stage, who and why."""
    return {
        record["position"]: [
            (each["verdict"], each["screeningStage"], each.get("decidedBy", ""), each.get("basis", ""))
            for each in record.get("decisions", [])
        ]
        for record in Revision(data.read_documents(workspace)).records()
    }


def rows(workspace: Workspace, name: str) -> list[tuple[Any, ...]]:
    """The rows of a canned query."""
    return list(queries.run(open_store(workspace), queries.load(workspace, name)).rows)


def flow(workspace: Workspace) -> dict[str, int]:
    """The boxes of the diagram that have something in them."""
    return {row[0]: row[1] for row in rows(workspace, "prisma-2020") if row[1]}


# ── Which record a row means


@pytest.mark.parametrize(
    ("row", "position"),
    [
        ("PMID,Decision\n502,exclude\n", 2),
        ("record_id,url,Decision\nPMID_504,,exclude\n", 4),
        ("Link,Decision\nhttps://pubmed.ncbi.nlm.nih.gov/501/,exclude\n", 1),
        ("PMID,Title,Decision\n502,A trial of kites in schools,exclude\n", 2),
        ("DOI,Title,Decision\nhttps://doi.org/10.5555/KITES.2,A trial of kites in schools,exclude\n", 2),
        ("URL,Decision\nhttp://www.example.org/lanterns/,exclude\n", 3),
        ("Title,Year,Decision\nlanterns at dusk.,2018,exclude\n", 3),
        ("Title,Year,Decision\nErratum to: Lanterns at noon,2021,exclude\n", 4),
        ("Title,Year,Decision\nA survey of paper boats,2011,exclude\n", 6),
        ("Title,Year,Decision\nProtocol for a trial of kites in schools,2021,exclude\n", 2),
        ("Title,Decision\nLanterns at dusk,exclude\n", 3),
        ("ERIC Number,Decision\nEJ1234567,exclude\n", 7),
        ("OpenAlex ID,Decision\nhttps://openalex.org/W4385245566,exclude\n", 7),
        ('Title,Authors,Year,Decision\nA survey of paper boat,"Eze, U.",2017,exclude\n', 5),
    ],
)
def test_a_row_finds_its_record(workspace: Workspace, row: str, position: int) -> None:
    """By any identifier alone, protocols and errata included; by title and year where that is all there is."""
    notes, found, missing = screened(workspace, row)
    assert (found, missing) == (1, 0), notes
    assert [at for at, said in held(workspace).items() if said] == [position]


def test_authors_alone_are_no_table_of_records(tmp_path: Path) -> None:
    """A registration number among them would tell a record, and the heading of its own does."""
    (tmp_path / "a.csv").write_text("Authors,Year,Country\nIto,2019,Japan\n", "utf-8")
    with pytest.raises(DataError):
        ingest.read(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("Trial ID,Year,Country\nNCT01234567,2019,Japan\n", "utf-8")
    (record,) = ingest.read(tmp_path / "b.csv").records
    assert record.values["identifiers"] == ["nct:NCT01234567"]


SHELF = """Title,Year,Authors,PMCID,ISBN,Document Type,Book Title,Pages,NCT Number
A trial of stilts,2020,"Hall, Joy",PMC7012345,,Article,,,
Introduction,2015,"Ito, Ken",,978-0-306-40615-7,Book Chapter,Handbook of hoops,1-9,
Hoops at school,2015,"Jung, Mia",,978-0-306-40615-7,Book Chapter,Handbook of hoops,10-20,
Handbook of hoops,2015,"Kahn, Leo",,0-306-40615-2,Book,,,
A cohort of jugglers,2019,"Lund, Eva",,,Article,,,NCT01234567
Tops of the north,2016,"Moss, Ada",,978-1-4028-9462-6,Book Chapter,Spinning,5-9,
"""


@pytest.mark.parametrize(
    ("row", "position"),
    [
        ("PMCID,Decision\nPMC7012345,exclude\n", 1),
        ("ISBN,Decision\n9780306406157,exclude\n", 4),  # the whole book, and none of its chapters
        ("ISBN,Title,Decision\n0306406152,Hoops at school,exclude\n", 3),
        ("ISBN,Decision\n1402894627,exclude\n", 6),
        ("Trial ID,Decision\nNCT01234567,exclude\n", 5),
    ],
)
def test_a_row_finds_its_record_by_other_identifiers(tmp_path: Path, row: str, position: int) -> None:
    """PMCID, ISBN and registration number; that chapters share the ISBN of their book makes them no duplicates."""
    create(tmp_path / "mine", "mine", Outline("Stilts", "https://example.org/mine/"))
    workspace = find_workspace(tmp_path / "mine")
    (tmp_path / "shelf.csv").write_text(SHELF, "utf-8")
    linked = updating.link(workspace, [tmp_path / "shelf.csv"], Options(screen=True, date="2026-01-01"), False)
    assert (linked.plan.matches, linked.plan.doubts) == ({}, [])
    notes, found, missing = screened(workspace, row)
    assert (found, missing) == (1, 0), notes
    assert [at for at, said in held(workspace).items() if said] == [position]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Title,Decision\nA survey of paper boats,exclude\n", "isn't held; link the search that found it"),
        ("Title,Year,Decision\nLanterns at dusk,1999,exclude\n", "isn't held"),
        ("PMID,DOI,Decision\n501,10.5555/kites.2,exclude\n", "mend the one that is wrong"),
        ("DOI,Title,Decision\n10.5555/kites.5,Foreword by the queen,exclude\n", "whose title is another"),
    ],
)
def test_a_row_that_could_mean_another_record_decides_nothing(workspace: Workspace, row: str, why: str) -> None:
    """It is named with the mend."""
    notes, found, missing = screened(workspace, row)
    assert (found, missing) == (0, 1)
    assert any("said.csv line 2: not screened" in note and why in note for note in notes), notes
    assert not any(held(workspace).values())


def test_a_decision_about_a_duplicate_is_one_about_its_publication(workspace: Workspace) -> None:
    """Where the publication is a study already, the record that the study was made of takes it."""
    paper = 'DOI,Title,Year,Authors\n10.5555/kites.1,Kites over the harbour,2019,"Adeyemi, L."\n'
    for day in ("02", "03"):
        again = workspace.root.parent / f"again-{day}.csv"
        again.write_text(paper.replace("L.", "L." if day == "02" else "Lara"), "utf-8")
        updating.link(workspace, [again], Options(screen=True, date=f"2026-01-{day}"), dry_run=False)
        said = "DOI,Decision,Stage" if day == "02" else "Title,Year,Decision,Stage"
        row = "10.5555/kites.1" if day == "02" else "Kites over the harbour,2019"
        assert screened(workspace, f"{said}\n{row},include,full text\n", who=f"Reviewer {day}")[1] == 1
    at = ("--workspace", str(workspace.root), "screen", "record/2026-01-03-again-03/1", "include", "--who", "Cy")
    assert evigraph(*at).returncode == 0
    found = {
        record["id"]: len(record.get("decisions", [])) for record in Revision(data.read_documents(workspace)).records()
    }
    assert {key: number for key, number in found.items() if number} == {"record/2026-01-01-hits/1": 3}


# ── Whose decision it is


def test_rows_of_several_reviewers_are_each_theirs(workspace: Workspace) -> None:
    """A row a reviewer, told by title and year; what two differ about waits, and a consensus settles it."""
    lines = [
        *("Lanterns at dusk,2018,include,Ann,", "Lanterns at dusk,2018,Exclude,Bo,no kites"),
        *("Kites over the harbour,2019,include,Ann,", "Kites over the harbour,2019,include,Bo,"),
        *("A survey of paper boats,2017,include,Ann,", "A survey of paper boats,2017,exclude,Bo,boats"),
        "A survey of paper boats,2017,exclude,Consensus,no kites at all",
    ]
    text = "\n".join(["Title,Year,Decision,Reviewer,Reason,Stage", *(f"{line},Full-text review" for line in lines)])
    notes, found, missing = screened(workspace, text)
    assert (found, missing) == (7, 0)
    assert held(workspace)[3] == [("include", "full-text", "Ann", ""), ("exclude", "full-text", "Bo", "no kites")]
    assert held(workspace)[5][-1] == ("exclude", "full-text", "consensus", "no kites at all")
    boxes = flow(workspace)
    assert (boxes["new_studies"], boxes["dbr_excluded"], boxes["dbr_waiting"]) == (1, 1, 1)
    assert [row[:5] for row in rows(workspace, "screening-conflicts")] == [
        ("full text", "record/2026-01-01-hits/3", "Lanterns at dusk", 2018, "Ann: include; Bo: exclude (no kites)")
    ]
    assert any("1 of these records wait" in note and "screening-conflicts" in note for note in notes)
    assert checks.check(workspace) == []


def test_files_of_two_reviewers_stay_two(workspace: Workspace) -> None:
    """`--who` names them; a file again is known, a changed mind is one's own, and nobody goes before anybody."""
    ann, bo = "PMID,Decision\n501,include\n502,exclude\n", "PMID,Decision\n501,exclude\n502,exclude\n"
    screened(workspace, ann, "full-text", who="Ann")
    assert flow(workspace)["new_studies"] == 1
    screened(workspace, bo, "full-text", who="Bo")
    assert [each[2] for each in held(workspace)[1]] == ["Ann", "Bo"]
    assert "new_studies" not in flow(workspace)  # the two differ, so that it waits
    before = held(workspace)
    screened(workspace, ann, "full-text", who="ann")
    assert held(workspace) == before
    screened(workspace, "PMID,Decision\n501,exclude\n", "full-text", who="Ann")
    assert [each[:1] for each in held(workspace)[1]] == [("exclude",), ("exclude",)]
    assert rows(workspace, "screening-conflicts") == []


def test_decisions_of_nobody_named_may_be_of_two_people(workspace: Workspace) -> None:
    """Both are kept where they differ; what is said alike is one."""
    screened(workspace, "PMID,Decision\n501,include\n502,exclude\n")
    screened(workspace, "PMID,Decision,Reason\n501,exclude,late\n502,exclude,late\n")
    assert [each[0] for each in held(workspace)[1]] == ["include", "exclude"]
    assert held(workspace)[2] == [("exclude", "title-abstract", "", "late")]
    assert rows(workspace, "screening-conflicts")[0][4] == "not named: exclude (late); not named: include"


def test_who_decides_about_one_record_may_think_again(workspace: Workspace) -> None:
    """By `screen`, one's later word goes before the earlier, and `Consensus` is the consensus."""
    root = ("--workspace", str(workspace.root), "screen", "record/2026-01-01-hits/1")
    for verdict, who in (("include", ""), ("exclude", ""), ("include", "Bo"), ("maybe", "Consensus")):
        ran = evigraph(*root, verdict, "--stage", "title-abstract", *(("--who", who) if who else ()))
        assert ran.returncode == 0, ran.stderr
    assert [each[::2] for each in held(workspace)[1]] == [
        ("exclude", ""),
        ("include", "Bo"),
        ("maybe", "consensus"),
    ]


def test_a_word_of_a_person_goes_before_a_mere_link(workspace: Workspace) -> None:
    """What was linked as a study without a decision isn't a conflict with who decides later."""
    path = workspace.root.parent / "more.csv"
    path.write_text("PMID,Title,Year\n777,Balloons of silk,2016\n", "utf-8")
    updating.link(workspace, [path], Options(date="2026-01-03"), dry_run=False)
    assert flow(workspace)["new_studies"] == 1
    screened(workspace, "PMID,Decision,Stage,Reviewer\n777,exclude,full text,Ann\n")
    boxes = flow(workspace)
    assert ("new_studies" in boxes, boxes["dbr_excluded"]) == (False, 1)


def disputed(workspace: Workspace) -> None:
    """Two records about which reviewers differ, at two stages; two that were settled, later or by consensus."""
    lines = [
        *("501,include,Ann,1", "501,exclude,Bo,1", "501,include,Ann,2", "502,include,Ann,1", "502,maybe,Bo,1"),
        *("504,include,Ann,1", "504,include,Bo,1", "504,include,Ann,2", "504,exclude,,2"),
    ]
    screened(workspace, "\n".join(["PMID,Decision,Reviewer,Stage", *lines]))
    more = "DOI,Ann,Bo,Consensus\n10.5555/kites.5,include,exclude,include\n"
    screened(workspace, more, TA, name="more.csv")


CONFLICTS = [
    ("title and abstract", "record/2026-01-01-hits/2", "Ann: include; Bo: maybe"),
    ("full text", "record/2026-01-01-hits/4", "Ann: include; not named: exclude"),
]


def test_conflicts_are_those_that_wait(workspace: Workspace) -> None:
    """At the last stage, without a consensus; and pyoxigraph and rdflib say so alike."""
    disputed(workspace)
    found = rows(workspace, "screening-conflicts")
    assert [(row[0], row[1], row[4]) for row in found] == CONFLICTS
    other = rdflib.Dataset(default_union=True)
    other.parse(data="".join(f"{quad} .\n" for quad in open_store(workspace).dump()), format="nquads")
    text = queries.load(workspace, "screening-conflicts").text
    theirs = [tuple(cell and cell.toPython() for cell in row) for row in other.query(text)]  # type: ignore[union-attr]
    assert [row[4] for row in theirs] == [each for *_, both in CONFLICTS for each in both.split("; ")]
    boxes = flow(workspace)
    assert (boxes["records_waiting"], boxes["dbr_waiting"]) == (4, 2)  # three others wait for anybody


@pytest.mark.thorough
def test_virtuoso_lists_the_same_conflicts(workspace: Workspace, tmp_path: Path) -> None:
    """On a server."""
    disputed(workspace)
    secret = "not-dba"  # noqa: S105 - of a server that lives as long as the test
    (tmp_path / "virtuoso").mkdir()
    with servers.virtuoso(tmp_path / "virtuoso", secret) as url:
        at = endpoint(url, environment={USER: "dba", PASSWORD: secret})
        remote = RemoteStore(at, data.base(data.read_documents(workspace)))
        publish(remote, "".join(f"{quad} .\n" for quad in open_store(workspace).dump()))
        query = queries.load(workspace, "screening-conflicts")
        assert list(queries.run(remote, query).rows) == rows(workspace, "screening-conflicts")


# ── How tools and people write decisions


def of_file(tmp_path: Path, name: str, text: str) -> list[list[Said]]:
    """The decisions of each record of a file."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    batch = ingest.read(path)
    assert not batch.rejected
    return [
        [(each.verdict, each.stage, each.who, each.reason) for each in record.decisions] for record in batch.records
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # ASReview 2
            "title,asreview_label,asreview_time,asreview_note,asreview_user_name\n"
            "Kites,0,2024-01-01 10:00,too old,Ann\nBoats,1,1700000100.5,fine,Ann\nSeals,,,,\n",
            [[("exclude", TA, "Ann", "too old")], [("include", TA, "Ann", "")], []],
        ),
        (  # Rayyan's notes in a column of their own
            "title,RAYYAN-INCLUSION,RAYYAN-EXCLUSION-REASONS\n"
            'Kites,"{""Ann""=>""Included"", ""Bo""=>""Excluded""}",wrong toy\n',
            [[("include", TA, "Ann", ""), ("exclude", TA, "Bo", "wrong toy")]],
        ),
        (  # a column a reviewer and the consensus
            "Title,Reviewer 1 decision,Reviewer 2 decision,Final decision,Exclusion reason\n"
            "Kites,Include,Exclude,Exclude,wrong toy\nBoats,Include,,,\n",
            [
                [
                    ("include", TA, "Reviewer 1", ""),
                    ("exclude", TA, "Reviewer 2", "wrong toy"),
                    ("exclude", TA, "consensus", "wrong toy"),
                ],
                [("include", TA, "Reviewer 1", "")],
            ],
        ),
        (  # named reviewers
            "Title,Year,Ann,Bo,Consensus\nKites,2019,include,exclude,include\nBoats,2018,maybe,include,\n",
            [
                [("include", TA, "Ann", ""), ("exclude", TA, "Bo", ""), ("include", TA, "consensus", "")],
                [("maybe", TA, "Ann", ""), ("include", TA, "Bo", "")],
            ],
        ),
        (  # a column a stage
            "Title,title_abstract_decision,title_abstract_reason,full_text_decision,full_text_reason\n"
            "Kites,include,,exclude,wrong toy\nBoats,exclude,no toy,,\n",
            [
                [("include", TA, "", ""), ("exclude", FT, "", "wrong toy")],
                [("exclude", TA, "", "no toy")],
            ],
        ),
        (  # Colandr
            "study_id,citation_screening_status,fulltext_screening_status,title,citation_exclude_reasons,"
            "fulltext_exclude_reasons\n1,included,excluded,Kites,,wrong toy\n2,excluded,not_screened,Boats,no toy,\n"
            "3,screened_once,not_screened,Seals,,\n",
            [
                [("include", TA, "", ""), ("exclude", FT, "", "wrong toy")],
                [("exclude", TA, "", "no toy")],
                [],
            ],
        ),
        (  # reviewers at each stage, and who they are
            "Title,Reviewer 1 name,Reviewer 1 title/abstract,Reviewer 2 name,Reviewer 2 title/abstract,Full text\n"
            "Kites,Ann,include,Bo,exclude,include\n",
            [[("include", TA, "Ann", ""), ("exclude", TA, "Bo", ""), ("include", FT, "", "")]],
        ),
        (  # stages and a last word
            "Title,Title screening,Final decision,Reason\nKites,include,exclude,wrong toy\n"
            "Boats,exclude,exclude,no toy\n",
            [
                [("include", TA, "", ""), ("exclude", FT, "", "wrong toy")],
                [("exclude", TA, "", "no toy")],
            ],
        ),
        (  # Abstrackr, where 0 is between the two and letters are no verdict yet
            "(internal) id,title,consensus,Ann,Bo\n1,Kites,1,1,o\n2,Boats,-1,-1,0\n3,Seals,x,0,1\n",
            [
                [("include", TA, "consensus", ""), ("include", TA, "Ann", "")],
                [("exclude", TA, "consensus", ""), ("exclude", TA, "Ann", ""), ("maybe", TA, "Bo", "")],
                [("maybe", TA, "Ann", ""), ("include", TA, "Bo", "")],
            ],
        ),
        (  # a consensus is of the stage that its reviewers have
            "Title,Ann TA,Bo TA,Ann FT,Consensus,Reason\nKites,include,exclude,,exclude,late\n"
            "Boats,include,,exclude,include,\n",
            [
                [("include", TA, "Ann", ""), ("exclude", TA, "Bo", "late"), ("exclude", TA, "consensus", "late")],
                [("include", TA, "Ann", ""), ("exclude", FT, "Ann", ""), ("include", FT, "consensus", "")],
            ],
        ),
        ("title,included\nKites,1\nBoats,0\nSeals,-1\n", [[("include", TA, "", "")], [("exclude", TA, "", "")], []]),
        (  # DistillerSR
            "Refid,Title,Level 1: Include?,Level 2: Include?,User\n1,Kites,Yes,No,Ann\n",
            [[("include", TA, "Ann", ""), ("exclude", FT, "Ann", "")]],
        ),
        (  # names beside numbered decisions, and a last one
            "Title,Reviewer 1,Decision 1,Reviewer 2,Decision 2,Final decision\nKites,Ann,include,Bo,exclude,include\n",
            [[("include", TA, "Ann", ""), ("exclude", TA, "Bo", ""), ("include", TA, "consensus", "")]],
        ),
        (  # initials that are a database's tag for the abstract, each stage in numbers
            "Title,AB TA,CD TA,AB FT,CD FT\nKites,1,1,0,1\n",
            [
                [
                    ("include", TA, "AB", ""),
                    ("include", TA, "CD", ""),
                    ("exclude", FT, "AB", ""),
                    ("include", FT, "CD", ""),
                ]
            ],
        ),
        (
            "Title,AB,R2,Agreed\nKites,in,out,out\nBoats,include,exclude,\n",
            [
                [("include", TA, "AB", ""), ("exclude", TA, "R2", ""), ("exclude", TA, "consensus", "")],
                [("include", TA, "AB", ""), ("exclude", TA, "R2", "")],
            ],
        ),
        (  # what a heading says of its cells, and other words for a reason
            "Title,Include (Y/N),Why excluded\nKites,N,too old\nBoats,Y,\n",
            [[("exclude", TA, "", "too old")], [("include", TA, "", "")]],
        ),
        (
            "Titel,Jahr,Entscheidung,Grund,Stufe\nDrachen,2019,ausgeschlossen,zu alt,Volltext\n",
            [[("exclude", FT, "", "zu alt")]],
        ),
        (  # revtools
            "title,screened_titles,screened_abstracts\nKites,selected,excluded\n",
            [[("include", TA, "", ""), ("exclude", TA, "", "")]],
        ),
        (
            "Title,Decision\nKites,Excluded: wrong toy\nBoats,Exclude - no toy\nSeals,Pending\n",
            [[("exclude", TA, "", "wrong toy")], [("exclude", TA, "", "no toy")], []],
        ),
        ("Title,Decision,Stage\nKites,full text not available,full text\n", [[("exclude", "retrieval", "", "")]]),
        (
            "Title,Exclusion reason,Stage\nKites,wrong toy,full-text screening\nBoats,,\n",
            [[("exclude", FT, "", "wrong toy")], []],
        ),
        # columns that only look like those of a reviewer
        ("Title,Open access,Randomised,Country included\nKites,yes,no,yes\nBoats,no,yes,no\n", [[], []]),
        ("Title,Publication stage,Quality assessment\nKites,Final,unclear\nBoats,Final,yes\n", [[], []]),
    ],
)
def test_decisions_as_they_are_written(tmp_path: Path, text: str, expected: list[list[Said]]) -> None:
    """Whose, at which stage and why, by a sheet's own headings and cells."""
    assert of_file(tmp_path, "said.csv", text) == expected


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    """Columns of reviewers in a spreadsheet, with numbers for verdicts."""
    book = openpyxl.Workbook()
    for row in (("Title", "Reviewer 1", "Reviewer 2"), ("Kites over the bay", 1, 0), ("Boats of paper", 0, 0)):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "said.xlsx")
    found = [[(e.verdict, e.who) for e in record.decisions] for record in ingest.read(tmp_path / "said.xlsx").records]
    assert found == [
        [("include", "Reviewer 1"), ("exclude", "Reviewer 2")],
        [("exclude", "Reviewer 1"), ("exclude", "Reviewer 2")],
    ]


def test_a_recipe_of_ones_own_is_for_tables_that_have_all_of_it(workspace: Workspace) -> None:
    """However many of their headings the shipped one knows; another table is the shipped one's still."""
    (workspace.root / "ingest").mkdir()
    own = "label: a log\nreader: sheet\ndecision: exclude\nfields: {pmid: [PMID], reason: [why_not], stage: [Stage]}\n"
    (workspace.root / "ingest" / "log.yaml").write_text(own, "utf-8")
    screened(workspace, "PMID,Title,Year,URL,Stage,why_not\n501,Kites over the harbour,2019,,full text,late\n")
    assert held(workspace)[1] == [("exclude", FT, "", "late")]
    screened(workspace, "PMID,Title,Stage,Decision\n502,,full text,include\n")
    assert held(workspace)[2] == [("include", FT, "", "")]


def test_ris_of_two_reviewers(tmp_path: Path) -> None:
    """Rayyan names them in one note; ASReview writes what it has of one of them in notes of their own."""
    head = "TY  - JOUR\nTI  - Kites over the bay\nPY  - 2019\n"
    rayyan = (
        f'{head}N1  - RAYYAN-INCLUSION: {{"Ann"=>"Included", "Bo"=>"Excluded"}} | USER-NOTES: {{"Bo"=>["Included?"]}}'
    )
    assert of_file(tmp_path, "rayyan.ris", f"{rayyan} | RAYYAN-EXCLUSION-REASONS: wrong toy\nER  - \n") == [
        [("include", TA, "Ann", ""), ("exclude", TA, "Bo", "wrong toy")]
    ]
    notes = (
        "ASReview_irrelevant",
        "asreview_time: 2024-03-01 09:10",
        "asreview_note: too old",
        "asreview_user_name: Ann",
    )
    asreview = head + "".join(f"N1  - {each}\n" for each in notes) + "ER  - \n"
    assert of_file(tmp_path, "asreview.ris", asreview) == [[("exclude", TA, "Ann", "too old")]]
    (record,) = ingest.read(tmp_path / "asreview.ris").records
    assert record.decisions[0].date == "2024-03-01"


@pytest.mark.parametrize(
    ("stage", "words"),
    {
        TA: "title and abstract|Title/Abstract|title_abstract|TIAB|T&A|Title & abstract screening|Level 1|abstracts"
        "|screening|Ti/Ab|TitleAbstract|Stage 1: titles|citation",
        "retrieval": "retrieval|Report retrieval|Full-text retrieval|sought for retrieval|RETRIEVED",
        FT: "full text|Full-Text Review|fulltext|full_text_screening|FT|eligibility|phase 2|Level two|Full texts"
        "|Volltext",
    }.items(),
)
def test_stages_in_any_spelling(stage: str, words: str) -> None:
    """Ours and those of tools."""
    assert {word: decisions.stage(word) for word in words.split("|")} == dict.fromkeys(words.split("|"), stage)


def test_an_unknown_stage_is_refused(workspace: Workspace) -> None:
    """With the words that are known; it isn't taken for another one."""
    before = held(workspace)
    with pytest.raises(DataError, match=r"said\.csv:3: the stage `pilot` isn't known; write one of: title-abstract \("):
        screened(workspace, "PMID,Decision,Stage\n501,include,full text\n502,exclude,pilot\n")
    assert held(workspace) == before


def test_an_unknown_verdict_is_named(workspace: Workspace) -> None:
    """With the words that are known; its record waits, and the others are decided."""
    notes, found, _ = screened(workspace, "PMID,Decision\n501,include\n502,see Bo\n504,see Bo\n")
    assert found == 3
    (note,) = [each for each in notes if "see Bo" in each]
    assert note.startswith("line 3 and 1 more: the decision `see Bo` isn't known")
    assert "exclude (exclude, excluded" in note
    assert [at for at, said in held(workspace).items() if said] == [1]
    with pytest.raises(UsageError, match="its column of decisions has see Bo, and no word that is known"):
        screened(workspace, "PMID,Decision\n502,see Bo\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "rayyan.csv",
            'title,notes\nKites,"RAYYAN-INCLUSION: {""Ann""=>""Included"", ""Bo""=>""Later""}"\n'
            'Boats,"RAYYAN-INCLUSION: {""Bo""=>""Later""}"\n',
        ),
        ("asreview.ris", "TY  - JOUR\nTI  - Kites\nN1  - ASReview_Later\nER  - \n"),
        ("abstrackr.csv", "title,Ann decision,consensus\nKites,Later,include\nBoats,include,include\n"),
        ("colandr.csv", "title,citation_screening_status\nKites,Later\nBoats,included\n"),
        ("two.csv", "title,Reviewer 1 decision\nKites,Later\nBoats,included\nSeals,Sooner\nOwls,Never\n"),
        ("all.csv", "title,Decision\nKites,Later\nBoats,Later\n"),
    ],
)
def test_no_word_of_a_tool_goes_without_a_line(tmp_path: Path, name: str, text: str) -> None:
    """It is named with its record and the known words, in notes and columns, whether others are known or not."""
    (tmp_path / name).write_text(text, "utf-8")
    batch = ingest.read(tmp_path / name)
    (note,) = [each for each in batch.notes if "`Later`" in each]
    assert note.startswith("line ")
    assert "isn't known" in note
    assert "exclude (exclude, excluded" in note
    assert all(
        each.decisions for each in batch.records if "notes" not in each.unknown and "decision" not in each.unknown
    )


def test_an_unknown_verdict_of_one_reviewer_is_named(tmp_path: Path) -> None:
    """Beside that of another, which holds; a column of something else is left alone where notes tell the verdict."""
    path = tmp_path / "two.csv"
    path.write_text(
        "Title,Ann decision,Reviewer 2\nKites,include,include\nBoats,include,ask Ann\nSeals,exclude,include\n"
    )
    batch = ingest.read(path)
    assert [len(record.decisions) for record in batch.records] == [2, 1, 2]
    assert [note.partition(" isn't")[0] for note in batch.notes] == ["line 3: the decision `ask Ann`"]
    path.write_text('title,status,notes\nKites,Published,"RAYYAN-INCLUSION: {""Ann""=>""Included""}"\n')
    assert ingest.read(path).notes == ()


def test_what_the_caller_says_fills_in(workspace: Workspace) -> None:
    """Stage, name, verdict and reason, each where the file has none; a stage that it has isn't replaced."""
    text = "PMID,Decision,Stage,Reviewer,Reason\n501,,,,\n502,exclude,,Bo,no kites\n504,include,full text,,\n"
    given = {"decision": "exclude", "who": "Ann", "reason": "not about toys"}
    screened(workspace, text, FT, **given)
    assert [held(workspace)[at] for at in (1, 2, 4)] == [
        [("exclude", FT, "Ann", "not about toys")],
        [("exclude", FT, "Bo", "no kites")],
        [("include", FT, "Ann", "")],
    ]
    with pytest.raises(DataError, match=r"said\.csv:4: decides at full-text, and --stage says title-abstract; leave"):
        screened(workspace, text, TA, **given)


def test_who_reads_full_texts_finds_some_that_cannot_be_had(workspace: Workspace) -> None:
    """A report that is not available is decided at retrieval, in a file of full texts too."""
    screened(workspace, "PMID,Decision\n501,include\n502,not available\n", FT, who="Ann")
    assert [held(workspace)[at][0][:2] for at in (1, 2)] == [("include", FT), ("exclude", "retrieval")]


REASONS = """codebooks:
  - {id: codebook/why, type: Codebook, label: Reasons}
attributes:
  - {id: attribute/why, type: Attribute, label: Why, definition: Why it is out., as: code, appliesTo: [decision]}
attributeValues:
  - id: value/why/setting
    type: AttributeValue
    label: Wrong place, or setting
    definition: Neither a school nor a shore.
    position: 1
    inScheme: codebook/why
"""


def test_several_reasons_are_one_and_a_note(workspace: Workspace) -> None:
    """So that the reasons of a box add up to it; one of the codebook that has a comma stays whole."""
    codebook = workspace.review / "codebook.yaml"
    kept = codebook.read_text("utf-8").replace("codebooks:\n", REASONS.partition("attributes:")[0])
    codebook.write_text(f"{kept}attributes:{REASONS.partition('attributes:')[2]}", "utf-8")
    rows = [
        *("501,exclude,FT,Wrong toy; wrong year", '502,exclude,FT,"wrong  toy,wrong year"', "504,exclude,FT,Wrong toy"),
    ]
    rows += ['EJ1234567,exclude,FT,"Wrong toy, no data at all"']
    text = "\n".join(["PMID,Decision,Stage,Reason", *rows[:3], ""])
    screened(workspace, text)
    text = f"ERIC Number,DOI,Decision,Stage,Reason\n{rows[3].replace(',', ',,', 1)}\n"
    screened(workspace, text + ',10.5555/kites.5,exclude,FT,"wrong place, or setting, wrong toy"\n')
    said = {at: each for at, each in held(workspace).items() if each}
    assert said[1] == [("exclude", FT, "", "Wrong toy")]
    assert said[7] == [("exclude", FT, "", "Wrong toy")]
    assert said[5] == [("exclude", FT, "", "wrong place, or setting")]
    notes = [
        row.get("note")
        for document in data.read_documents(workspace)
        for record in document.content.get("records", [])
        for row in record.get("decisions", [])
    ]
    assert notes == ["Also: wrong year", "Also: wrong year", None, "Also: wrong toy", "Also: no data at all"]
    reasons = answer(workspace, "exclusion-reasons", {}).rows
    assert [row[1:3] for row in reasons] == [("Wrong toy", 4), ("Wrong place, or setting", 1)]
    assert sum(row[2] for row in reasons) == dict(answer(workspace, "prisma-2020", {}).rows)["dbr_excluded"]


def test_a_stage_that_nobody_tells_is_named(workspace: Workspace) -> None:
    """It is taken for title and abstract, with a word."""
    notes, *_ = screened(workspace, "PMID,Decision\n501,include\n")
    assert "said.csv: 1 decision names no stage, taken for title and abstract; else say --stage" in notes
    assert not any("no stage" in n for n in screened(workspace, "PMID,Decision\n501,include\n", TA)[0])


def test_the_advice_for_a_list_without_decisions_is_right_when_followed(workspace: Workspace) -> None:
    """A list of what was excluded makes no study: the error says which options take it."""
    path = workspace.root.parent / "review_1_irrelevant.csv"
    path.write_text("Title,Authors,Published Year,DOI,Notes,Tags\nPaper kites,,2019,10.5555/kites.1,,\n", "utf-8")
    ran = evigraph("--workspace", str(workspace.root), "link", str(path), "--screening")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1
    advice = ran.stderr.partition("as in ")[2].partition(" for a list")[0].split()
    assert advice == ["--decision", "exclude", "--stage", "title-abstract"]
    path.write_text(path.read_text("utf-8").replace("Paper kites", "Kites over the harbour"), "utf-8")
    ran = evigraph("--workspace", str(workspace.root), "link", str(path), "--screening", *advice, "--reason", "toys")
    assert ran.returncode == 0, ran.stderr
    assert held(workspace)[1] == [("exclude", TA, "", "toys")]
    assert (flow(workspace)["records_excluded"], "new_studies" in flow(workspace)) == (1, False)


def test_a_plain_link_says_that_it_includes_what_waits(workspace: Workspace) -> None:
    """A list of what was excluded looks like any other; who follows the note has no study of it."""
    path = workspace.root.parent / "irrelevant.csv"
    path.write_text("DOI,Title,Year\n10.5555/kites.1,Kites over the harbour,2019\n", "utf-8")
    at = ("--workspace", str(workspace.root))
    said = evigraph(*at, "link", str(path)).stdout
    (note,) = [line for line in said.splitlines() if "this link includes them" in line]
    assert flow(workspace)["new_studies"] == 1
    assert evigraph(*at, "undo").returncode == 0
    command = note.partition("then: evigraph ")[2].replace("irrelevant.csv", str(path)).split()
    assert evigraph(*at, *command).returncode == 0
    assert ("new_studies" in flow(workspace), flow(workspace)["records_excluded"]) == (False, 1)
    assert "this link includes" not in evigraph(*at, "link", str(path), "--to-screen", "--dry-run").stdout


@pytest.mark.parametrize("option", [("--stage", "full-text"), ("--decision", "exclude"), ("--reason", "late")])
def test_constants_go_with_screening(workspace: Workspace, option: tuple[str, str]) -> None:
    """A plain link takes what the file says."""
    ran = evigraph("--workspace", str(workspace.root), "link", str(workspace.root.parent / "hits.csv"), *option)
    assert ran.returncode == 2
    assert f"{option[0]} goes with --screening" in ran.stderr


# ── How far screeners agree


def test_screeners_are_compared_stage_by_stage(workspace: Workspace) -> None:
    """Each two, over what both decided, without consensus or unnamed; and all of them, whoever read which record."""
    lines = [
        *("501,include,Ann,1", "501,include,Bo,1", "502,exclude,Ann,1", "502,exclude,Bo,1", "504,include,Ann,1"),
        *("504,exclude,Bo,1", "504,exclude,consensus,1", "501,include,Ann,2", "501,include,Cy,2", "501,maybe,,2"),
    ]
    screened(workspace, "\n".join(["PMID,Decision,Reviewer,Stage", *lines]))
    screened(workspace, "DOI,Decision,Reviewer,Stage\n10.5555/kites.5,exclude,Cy,1\n10.5555/kites.5,exclude,Ann,1\n")
    table = agreement.table(workspace)
    assert [row[:9] for row in table.rows] == [
        ("screening", "title and abstract", "all", "Ann", "Bo", 3, 2, 1, 0),
        ("screening", "title and abstract", "all", "Ann", "Cy", 1, 1, 3, 0),
        ("screening", "title and abstract", "all", "all 3", "", 4, 3, 0, 0),
        ("screening", "full text", "all", "Ann", "Cy", 1, 1, 0, 0),
    ]
    # Ann and Bo: 2 of 3 alike, by chance 2/3 * 1/3 + 1/3 * 2/3 = 4/9
    assert table.rows[0][9] == 0.4
    # Of all: 8 values, 3 include and 5 exclude; one of four pairs differs: 1 - 7 * 2 / (64 - 34)
    assert table.rows[2][9:] == ("", round(1 - 7 * 2 / 30, 3))
    assert table.rows[3][9:] == (agreement.UNDEFINED, agreement.UNDEFINED)
