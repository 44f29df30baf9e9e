"""What is known of a publication: of all its records, in whatever order they come."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import rdflib

from evigraph import checks, data, ingest, queries, updating
from evigraph.data import Document
from evigraph.files import journal, yaml_text
from evigraph.linking import Options, plan_files, plans, publications, sameness
from evigraph.linking.sameness import Reason
from evigraph.paths import Workspace, find_workspace
from evigraph.queries.build import nquads, open_store
from evigraph.store import select
from evigraph.updating.changes import settled
from evigraph.updating.new_review import Outline, create

pytestmark = pytest.mark.thorough

TODAY = "2026-11-25"

# Four tools on four publications: each tool knows what another one doesn't.
FILES = {
    "wanted.csv": "DOI\n10.5555/tide.1\n10.5555/wind.4\n10.5555/tide.2\n",
    "abstrackr.csv": (
        "title,authors,year\n"
        'Salt among reeds of brackish lagoons,"Pell, Ada",2020\n'
        'Counting glass eels by lantern,"Voss, Emil",\n'
    ),
    "scopus.ris": (
        "TY  - JOUR\nAU  - Marrow, I.\nAU  - Quill, O.\nTI  - Tides and the timing of clam harvests\n"
        "JO  - Shore Stud.\nVL  - 4\nSP  - 21\nEP  - 9\nPY  - 2019\nDO  - 10.5555/tide.1\nER  - \n\n"
        "TY  - JOUR\nAU  - Pell, A.\nTI  - Salt among reeds of brackish lagoons\n"
        "PY  - 2020\nDO  - 10.5555/tide.2\nER  - \n\n"
        "TY  - JOUR\nAU  - Voss, E.\nTI  - COUNTING GLASS EELS BY LANTERN\nJO  - Eel Letters\nPY  - 2021\nER  - \n\n"
    ),
    "pubmed.nbib": (
        "PMID- 90000001\nTI  - Tides and the timing of clam harvests.\nFAU - Marrow, Ina\nFAU - Quill, Otto\n"
        "JT  - Shore Studies\n"
        "VI  - 4\nIP  - 2\nPG  - 21-29\nDP  - 2019 May\nPMC - PMC9000001\nAID - 10.5555/tide.1 [doi]\n\n"
        "PMID- 90000004\nTI  - Wind over the mudflats, a year of records.\nFAU - Ort, Lena\n"
        "JT  - Shore Studies\nDP  - 2022\n"
        "SI  - ClinicalTrials.gov/NCT90000004\n\n"
    ),
    "zotero.bib": (
        "@article{voss, title = {Counting glass eels by lantern}, author = {Voss, Emil},"
        " journal = {Eel Letters}, year = {2021}, volume = {7}, pages = {1--12}, doi = {10.5555/eel.3}}\n"
        "@article{ort, title = {Wind over the mudflats, a year of records}, author = {Ort, L.},"
        " year = {2022}, journal = {Shore Stud.}, doi = {10.5555/wind.4}}\n"
    ),
    "citations.json": json.dumps(
        [
            {
                "id": "pell2020",
                "type": "article-journal",
                "title": "Salt among reeds of brackish lagoons: a field study of two bays",
                "author": [{"family": "Pell", "given": "Ada"}],
                "issued": {"date-parts": [[2020]]},
                "container-title": "Journal of Brackish Water",
                "DOI": "10.5555/tide.2",
            }
        ]
    ),
}
KNOWN = {
    "10.5555/tide.1": {
        **{"title": "Tides and the timing of clam harvests", "authors": "Marrow, Ina; Quill, Otto", "year": 2019},
        **{"container": "Shore Studies", "volume": "4", "issue": "2", "pages": "21-29", "pmid": "90000001"},
        "pmcid": "PMC9000001",
    },
    "10.5555/tide.2": {
        **{
            "title": "Salt among reeds of brackish lagoons: a field study of two bays",
            "authors": "Pell, Ada",
            "year": 2020,
        },
        "container": "Journal of Brackish Water",
    },
    "10.5555/eel.3": {
        **{
            "title": "Counting glass eels by lantern",
            "authors": "Voss, Emil",
            "year": 2021,
            "container": "Eel Letters",
        },
        **{"volume": "7", "pages": "1-12"},
    },
    "10.5555/wind.4": {
        **{"title": "Wind over the mudflats, a year of records", "authors": "Ort, Lena", "year": 2022},
        **{"container": "Shore Studies", "pmid": "90000004", "identifiers": ["nct:NCT90000004"]},
    },
}
"""What is right: no tool knows all of it."""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review without a study."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The exports, beside the review."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return [tmp_path / name for name in FILES]


def planned(workspace: Workspace, documents: list[Document], batches: list[ingest.Batch]) -> list[Document]:
    """The documents as one link leaves them, unwritten, as what it writes is looked at elsewhere."""
    made = settled(plans.plan(documents, batches, Options(date=TODAY)), documents)
    return plan_files.merged(workspace, documents, made, plan_files.files(made, documents))


def studies(documents: list[Document]) -> dict[str, dict[str, Any]]:
    """The label and the values of each report by its DOI; ids are of the first record, and have to stay."""
    found = {}
    for each in documents:
        for report in each.content.get("reports", []):
            values = {key: value for key, value in report.items() if key not in ("id", "type", "doi")}
            found[report.get("doi", each.name)] = {**values, "label": each.content["label"]}
    return found


def link(workspace: Workspace, *paths: Path, **options: Any) -> updating.Outcome:
    """Link files on one day."""
    return updating.link(workspace, list(paths), Options(date=TODAY, **options), dry_run=False)


def text(path: Path, content: str) -> Path:
    """A file."""
    path.write_text(content, "utf-8")
    return path


def held(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """The studies of a workspace."""
    return studies(data.read_documents(workspace))


def test_the_best_of_all_in_any_order(workspace: Workspace, files: list[Path]) -> None:
    """In one go, one after the other, and in two halves: the same studies with the same values."""
    before = data.read_documents(workspace)
    batches = [ingest.read(path, workspace) for path in files]
    orders = list(itertools.permutations(batches))
    expected = studies(planned(workspace, before, batches))
    for doi, values in KNOWN.items():
        assert {key: expected[doi].get(key) for key in values} == values
    assert len(expected) == len(KNOWN)
    for order in orders[::30]:
        assert studies(planned(workspace, before, list(order))) == expected
        one_by_one = before
        for batch in order:
            one_by_one = planned(workspace, one_by_one, [batch])
        assert studies(one_by_one) == expected, [batch.path.name for batch in order]
        halves = planned(workspace, planned(workspace, before, list(order[:3])), list(order[3:]))
        assert studies(halves) == expected


def test_linked_and_checked(workspace: Workspace, files: list[Path]) -> None:
    """As it is used: written, held to the rules, and taken back."""
    outcome = link(workspace, *files)
    assert len(outcome.plan.studies) == 4
    assert checks.check(workspace) == []
    assert {each["label"] for each in held(workspace).values()} == {
        *("Marrow and Quill (2019)", "Pell (2020)", "Voss (2021)", "Ort (2022)"),
    }


RECORD = "TY  - JOUR\nTI  - {0} in the salt marshes of the north\nAU  - {0}er, Jo\nPY  - 2020\n{1}ER  - \n\n"


def ris(path: Path, *names: str, more: str = "") -> Path:
    """An export of one record a name; `more` are further lines of each."""
    return text(path, "".join(RECORD.format(name, more) for name in names))


def sources(workspace: Workspace, key: str) -> dict[str, tuple[str, str]]:
    """For each value of a key whether its report keeps it, and which records say it."""
    table = queries.run(open_store(workspace), queries.load(workspace, "value-sources"), {"only": key})
    return {str(row[3]): (str(row[4]), str(row[5])) for row in table.rows}


def test_rdflib_says_the_same_of_sources(workspace: Workspace, files: list[Path]) -> None:
    """On a small review; on a whole one it takes minutes."""
    link(workspace, *files)
    text = queries.sparql(queries.load(workspace, "value-sources"), {"only": "doi"})
    whole = rdflib.Dataset(default_union=True)
    whole.parse(data=nquads(workspace).decode(), format="nquads")
    ours, theirs = select(open_store(workspace), text), whole.query(text)
    names = [str(each) for each in theirs.vars or []]
    cells = [tuple(str(queries.cell(term)) for term in row) for row in ours.rows]
    assert cells == [tuple(str(row[names.index(name)]) for name in ours.variables) for row in theirs]
    assert len(cells) > 2


def test_a_title_that_comes_later_makes_the_study(workspace: Workspace, tmp_path: Path) -> None:
    """Until then a list of DOIs is records, and a note says so."""
    outcome = link(workspace, text(tmp_path / "wanted.csv", "DOI\n10.5555/marsh\n"))
    assert "has no title" in outcome.plan.notes[0]
    assert not held(workspace)
    link(workspace, ris(tmp_path / "full.ris", "Gull", more="DO  - 10.5555/marsh\n"))
    assert held(workspace)["10.5555/marsh"]["label"] == "Guller (2020)"
    assert checks.check(workspace) == []
    assert sources(workspace, "doi") == {
        "10.5555/marsh": ("yes", f"record/{TODAY}-full/1 (full.ris); record/{TODAY}-wanted/1 (wanted.csv)")
    }


def test_a_known_report_gains_what_a_later_search_brings(workspace: Workspace, tmp_path: Path) -> None:
    """Its id stays, its label is no more `n.d.`, the source is told, and undo takes it back."""
    link(
        workspace, text(tmp_path / "titles.csv", 'title,authors\nGull in the salt marshes of the north,"Guller, Jo"\n')
    )
    before = {path.name: path.read_bytes() for path in workspace.review.rglob("*.yaml")}
    assert "guller-undated.yaml" in before
    outcome = link(workspace, ris(tmp_path / "full.ris", "Gull", more="DO  - 10.5555/marsh\n"))
    [content] = [each.content for each in data.read_documents(workspace) if each.name.startswith("studies/")]
    assert (content["id"], content["label"]) == ("study/guller-undated", "Guller (2020)")
    assert (content["reports"][0]["doi"], content["reports"][0]["year"]) == ("10.5555/marsh", 2020)
    assert any("doi 10.5555/marsh" in note for note in outcome.plan.notes)
    assert sources(workspace, "doi") == {"10.5555/marsh": ("yes", f"record/{TODAY}-full/1 (full.ris)")}
    with journal.locked(workspace.root):
        journal.undo(workspace.root)
    assert {path.name: path.read_bytes() for path in workspace.review.rglob("*.yaml")} == before


def test_what_a_person_typed_stays(workspace: Workspace, tmp_path: Path) -> None:
    """A gap is filled; what was typed otherwise than the records say is kept, and the difference is told."""
    link(workspace, ris(tmp_path / "a.ris", "Gull"))
    path = workspace.review / "studies" / "guller-2020.yaml"
    content = data.read_document(path, "studies/guller-2020").content
    content["label"] = "The gull study"
    content["reports"][0] |= {"year": 2019, "title": "Gulls, as the paper says"}
    path.write_text(yaml_text.dump(content), "utf-8")
    outcome = link(workspace, ris(tmp_path / "b.ris", "Gull", more="DO  - 10.5555/marsh\nSP  - 1\nEP  - 9\n"))
    assert outcome.plan.matches
    found = held(workspace)["10.5555/marsh"]
    assert (found["year"], found["title"], found["label"]) == (2019, "Gulls, as the paper says", "The gull study")
    assert found["pages"] == "1-9"
    link(workspace, ris(tmp_path / "c.ris", "Gull", more="DO  - 10.5555/marsh\nY1  - 2021\n".replace("Y1", "PY")))
    assert held(workspace)["10.5555/marsh"]["year"] == 2019
    assert sources(workspace, "title")["Gulls, as the paper says"] == ("yes", "")


def test_a_study_that_was_typed_is_filled_and_followed(workspace: Workspace, tmp_path: Path) -> None:
    """No record made it: only what records filled in follows them, and a distinction takes that away again."""
    study = {
        **{"id": "study/guller-2020", "type": "Study", "label": "Guller (2020)"},
        "reports": [
            {
                **{"id": "report/guller-2020", "type": "Report", "year": 2020, "firstAuthor": "Guller"},
                **{"title": "Gull in the salt marshes of the north", "authors": "Guller, Jo", "authorCount": 1},
            }
        ],
        "inclusion": {"id": "inclusion/guller-2020", "type": "Inclusion", "state": "stated"},
    }
    (workspace.review / "studies").mkdir(exist_ok=True)
    (workspace.review / "studies" / "guller-2020.yaml").write_text(yaml_text.dump(study), "utf-8")
    link(workspace, ris(tmp_path / "a.ris", "Gull", more="DO  - 10.5555/marsh\n"))
    [report] = data.read_document(workspace.review / "studies/guller-2020.yaml", "studies/guller-2020").content[
        "reports"
    ]
    assert (report["doi"], report["year"]) == ("10.5555/marsh", 2020)
    assert "doi" in report["filled"]
    assert "year" not in report["filled"]
    assert checks.check(workspace) == []
    outcome = updating.change(
        workspace,
        "distinct",
        lambda documents: updating.of(
            sameness.distinct(documents, f"record/{TODAY}-a/1", "report/guller-2020", Reason("another gull"))
        ),
        dry_run=False,
    )
    content = data.read_document(workspace.review / "studies/guller-2020.yaml", "studies/guller-2020").content
    assert content == study
    assert any("doi is known no more" in note for note in outcome.plan.notes)


def test_capitals_and_points_are_how_a_tool_writes(workspace: Workspace, tmp_path: Path) -> None:
    """A short title that others have too is one publication's, where all else is equal."""
    short = "TY  - JOUR\nTI  - {0}\nAU  - Guller, Jo\nT2  - Shore & Sea\nPY  - 2020\nER  - \n"
    files = [text(tmp_path / f"{n}.ris", short.format(title)) for n, title in enumerate(("GULLS.", "Gulls"))]
    assert len(link(workspace, *files).plan.matches) == 1
    [report] = held(workspace).values()
    assert report["title"] == "Gulls"


def test_precedence() -> None:
    """By the kind of its search, by having an identifier, by how much it tells; and the fuller of equals."""
    web = {"title": "Gulls", "year": 2018, "doi": "10.5555/web", "volume": "1", "issue": "1", "url": "https://e.org"}
    bare = {"title": "Gulls", "year": 2019, "authors": "Alder, Bo", "firstAuthor": "Alder", "authorCount": 1}
    known = {"title": "Gulls", "year": 2020, "pmid": "90000001", "kind": "article"}
    members = [("website", web), ("", bare), ("database", known)]
    expected = {
        **{"title": "Gulls", "year": 2020, "doi": "10.5555/web", "volume": "1", "issue": "1", "url": "https://e.org"},
        **{"authors": "Alder, Bo", "firstAuthor": "Alder", "authorCount": 1, "pmid": "90000001", "kind": "article"},
    }
    for order in itertools.permutations(members):
        assert publications.best(order) == expected


@pytest.mark.parametrize(
    ("key", "values", "best"),
    [
        (
            "title",
            ["Gulls of the north", "Gulls of the north: a count", "Gulls of the north."],
            "Gulls of the north: a count",
        ),
        ("title", ["GULLS OF THE NORTH", "Gulls of the north"], "Gulls of the north"),
        ("title", ["Gulls of the north", "Something else altogether that is long"], "Gulls of the north"),
        ("container", ["J. Shore Stud.", "Journal of Shore Studies"], "Journal of Shore Studies"),
        ("pages", ["121", "121-8", "121-128"], "121-128"),
        ("pages", ["121-128", "5"], "121-128"),
    ],
)
def test_the_fuller_goes_before(key: str, values: list[str], best: str) -> None:
    """Where two values are one, however a tool shortens it; what differs stays with the record that goes first."""
    members = [("database", {key: value, "volume": str(i)}) for i, value in enumerate(values)]
    for order in itertools.permutations(members):
        assert publications.best(order)[key] == best


def test_identifiers_are_gathered() -> None:
    """One of each kind stands by its key, and the others are not lost."""
    first = {"title": "Gulls", "doi": "10.5555/a", "isbn": "978-3-16-148410-0", "identifiers": ["nct:NCT90000001"]}
    second = {
        "title": "Gulls",
        "doi": "10.5555/B",
        "pmcid": "PMC9000001",
        "isbn": "9783161484100",
        "year": 2020,
        "volume": "3",
    }
    found = publications.best([("database", first), ("database", second)])
    assert (found["doi"], found["pmcid"]) == ("10.5555/B", "PMC9000001")
    assert found["identifiers"] == ["doi:10.5555/a", "nct:NCT90000001"]


# ── The same file again


def test_the_same_file_is_one_search(workspace: Workspace, tmp_path: Path) -> None:
    """It is said in one line, and nothing is written, under whatever name it comes; also twice in one go."""
    path = ris(tmp_path / "a.ris", "Gull", "Tern")
    link(workspace, path)
    state = {each: each.read_bytes() for each in workspace.root.rglob("*") if each.is_file() and "data" in each.parts}
    for again in (path, ris(tmp_path / "b.ris", "Gull", "Tern")):
        outcome = link(workspace, again)
        assert outcome.written == 0
        [line] = updating.as_text(outcome).splitlines()
        assert line == f"{again.name} was linked on {TODAY} already, as search/{TODAY}-a: nothing of it is new"
    assert {each: each.read_bytes() for each in state} == state
    with journal.locked(workspace.root):
        assert journal.undo(workspace.root).title == "link a.ris"
    twice = link(workspace, path, path)
    assert len(twice.plan.studies) == 2
    assert flow(workspace) == {"database_results": 2, "new_studies": 2}


BOXES = ("database_results", "duplicates", "new_studies")


def flow(workspace: Workspace) -> dict[str, int]:
    """Some boxes of the diagram, those of nothing left out."""
    table = queries.run(open_store(workspace), queries.load(workspace, "prisma-2020"))
    return {row[0]: row[1] for row in table.rows if row[0] in BOXES and row[1]}  # type: ignore[misc]


@pytest.mark.parametrize("name", ["a.ris", "a (1).ris", "a-2026-12.ris"])
def test_a_grown_file_adds_its_new_records(workspace: Workspace, tmp_path: Path, name: str) -> None:
    """Sorted anew, too: each record is identified once, and so is the one that could not be read."""
    untitled = "TY  - JOUR\nPY  - 2020\nER  - \n\n"
    path = ris(tmp_path / "a.ris", "Gull", "Tern")
    link(workspace, text(path, path.read_text("utf-8") + untitled))
    grown = ris(tmp_path / name, "Plover", "Tern", "Gull", "Curlew")
    outcome = link(workspace, text(grown, untitled + grown.read_text("utf-8")))
    assert [*outcome.plan.studies.values()] == ["Ploverer (2020)", "Curlewer (2020)"]
    assert f"{name} goes on from search/{TODAY}-a: 2 of its 4 records are held already, 2 are new" in outcome.plan.notes
    assert flow(workspace) == {"database_results": 5, "new_studies": 4}
    found = {each.name: each.content for each in data.read_documents(workspace) if each.name.startswith("records/")}
    later = found[max(found)]
    assert (later["count"], len(later["records"]), "rejected" in later) == (2, 2, False)
    assert checks.check(workspace) == []
    again = link(workspace, ris(tmp_path / name, "Curlew", "Gull", "Tern", "Plover"))
    assert again.written == 0
    assert flow(workspace) == {"database_results": 5, "new_studies": 4}


def test_in_one_go_as_one_after_the_other(workspace: Workspace, tmp_path: Path) -> None:
    """A file and its later state, whichever is named first."""
    small, large = ris(tmp_path / "a.ris", "Gull", "Tern"), ris(tmp_path / "a-2.ris", "Gull", "Tern", "Plover")
    for order in ((small, large), (large, small)):
        assert len(link(workspace, *order).plan.studies) == 3
        assert flow(workspace) == {"database_results": 3, "new_studies": 3}
        with journal.locked(workspace.root):
            journal.undo(workspace.root)


def test_another_search_is_another_search(workspace: Workspace, tmp_path: Path) -> None:
    """The same records from another database were identified twice; a person can say so of the same bytes."""
    link(workspace, ris(tmp_path / "a.ris", "Gull", "Tern"))
    link(workspace, ris(tmp_path / "wide.ris", "Gull", "Tern", "Plover"))
    assert flow(workspace) == {"database_results": 5, "duplicates": 2, "new_studies": 3}
    link(workspace, ris(tmp_path / "b.ris", "Gull", "Tern"), label="Web of Science")
    assert flow(workspace) == {"database_results": 7, "duplicates": 4, "new_studies": 3}


def test_decisions_of_a_grown_file_reach_their_records(workspace: Workspace, tmp_path: Path) -> None:
    """A screening tool's export comes again when more is decided: the records are the same, the decisions are new."""
    note = 'N1  - RAYYAN-INCLUSION: {"Ann"=>"Excluded"}\n'
    first = ris(tmp_path / "rayyan.ris", "Gull", "Tern", more='N1  - RAYYAN-INCLUSION: {"Ann"=>"Maybe"}\n')
    link(workspace, first, screen=True)
    link(workspace, ris(tmp_path / "rayyan.ris", "Tern", "Gull", more=note), screen=True)
    records = [record for each in data.read_documents(workspace) for record in each.content.get("records", [])]
    assert [[e["verdict"] for e in record["decisions"]] for record in records] == [["exclude"], ["exclude"]]
    assert flow(workspace) == {"database_results": 2}
