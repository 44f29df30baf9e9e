"""What reviews have in common: one study by its identifiers, its registration, or the look of its reports."""

from __future__ import annotations

import csv
import io
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from conftest import evigraph

from evigraph import data
from evigraph.paths import find_workspaces
from evigraph.reports import overlap
from evigraph.reports.shared_studies import SharedStudy, shared_studies
from evigraph.updating.new_review import Outline, create

TRIAL = {"title": "Assistance dogs in schools: a randomised trial", "authors": "Wolf, Ann; Hound, Ben", "year": 2020}
LATER = {
    "title": "Two years later: what became of the dogs at school",
    "authors": "Wolf, Ann; Hound, Ben",
    "year": 2022,
}
CATS = {"title": "Cats in care homes and the blood pressure of residents", "authors": "Lynx, Cy", "year": 2019}


def study(key: str, *reports: dict[str, Any], state: str = "stated", **more: Any) -> tuple[str, dict[str, Any]]:
    """A study with its reports."""
    listed = [{"id": f"report/{key}-{i}", "type": "Report", **report} for i, report in enumerate(reports, 1)]
    inclusion = {"id": f"inclusion/{key}", "type": "Inclusion", "state": state}
    content = {"id": f"study/{key}", "type": "Study", "label": key.title(), "inclusion": inclusion, **more}
    return f"studies/{key}", content | ({"reports": listed} if listed else {})


def made(root: Path, name: str, *studies: tuple[str, dict[str, Any]]) -> None:
    """A review with these studies."""
    review = create(root, name, Outline(name.title(), f"https://example.org/{name}/"))
    for document, content in studies:
        (review / f"{document}.yaml").write_text(data.dump(content), "utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three reviews that share three studies."""
    root = tmp_path / "pets"
    both = study("wolf", {**TRIAL, "doi": "10.1000/a"}, {**LATER, "pmid": "7"})
    made(root, "first", both, study("lynx", CATS), study("nobody", {"title": "Goldfish and sleep of students"}))
    looks = {**CATS, "title": "Cats in Care Homes, and the Blood Pressure of Residents"}
    registered = {"title": "Rabbits on wards", "year": 2015, "url": "https://clinicaltrials.gov/study/NCT00000123"}
    made(root, "second", study("hound", {**LATER, "pmid": "7"}), study("cy", looks), study("rabbit", registered))
    again = {"title": "Long-eared helpers", "authors": "Hare, Ed", "year": 2017, "container": "Trials. nct 00000123"}
    excluded = study("out", CATS, state="not-applicable")
    made(root, "third", study("ann", {**TRIAL, "doi": "10.1000/A"}), study("hare", again), excluded)
    return root


def shared(root: Path) -> list[SharedStudy]:
    """Every study of the workspace."""
    return shared_studies({each.review.name: data.read_documents(each) for each in find_workspaces(root)})


def test_the_area_is_that_of_pieper_and_others() -> None:
    """(N - r) / (r c - r): nothing shared is 0, everything is 100."""
    assert overlap.corrected_covered_area(8, 4, 2) == 100
    assert overlap.corrected_covered_area(10, 10, 4) == 0
    assert overlap.corrected_covered_area(13, 10, 4) == pytest.approx(10)
    assert overlap.corrected_covered_area(0, 0, 3) is None
    assert [overlap.called(area) for area in (None, 0, 5, 5.1, 10, 10.1, 15, 15.1, 100)] == [
        *("no studies", "slight", "slight", "moderate", "moderate", "high", "high", "very high", "very high")
    ]


def test_a_study_is_one_however_it_is_told(root: Path) -> None:
    """By one of several reports, by its look, or by its number in a register; an excluded one isn't there."""
    found = {study.label: (study.members, study.same_by) for study in shared(root)}
    assert found == {
        "Lynx": ({"first": ["lynx"], "second": ["cy"]}, [found["Lynx"][1][0]]),
        "Nobody": ({"first": ["nobody"]}, []),
        "Wolf": (
            {"first": ["wolf"], "second": ["hound"], "third": ["ann"]},
            ["the same pmid, 7", "the same doi, 10.1000/a"],
        ),
        "Rabbit": ({"second": ["rabbit"], "third": ["hare"]}, ["the same registration number, NCT00000123"]),
    }
    assert found["Lynx"][1][0] == "the same in every value (0.99)"


def test_the_order_of_reviews_plays_no_part(root: Path) -> None:
    """Nor that of studies."""
    reviews = {each.review.name: data.read_documents(each) for each in find_workspaces(root)}
    every = [shared_studies({name: reviews[name] for name in order}) for order in permutations(reviews)]
    wanted = sorted(sorted(study.members.items()) for study in every[0])
    assert len(every) == 6
    assert all(sorted(sorted(study.members.items()) for study in found) == wanted for found in every)


def test_studies_that_one_review_keeps_apart_stay_so(tmp_path: Path) -> None:
    """Where they only look alike; those of one publication count once."""
    twins = [study("one", TRIAL), study("two", TRIAL)]
    made(tmp_path / "w", "alone", *twins, study("a", {"doi": "10.1/x"}), study("b", {"doi": "10.1/x"}))
    made(tmp_path / "w", "empty")
    assert [sorted(each.members["alone"]) for each in shared(tmp_path / "w")] == [["a", "b"], ["one"], ["two"]]


@pytest.mark.parametrize(
    ("said", "shared_by"),
    [
        ("NCT00000123", 1),
        ("ClinicalTrials.gov: nct 00000123; ISRCTN12345678", 1),
        ("https://clinicaltrials.gov/study/NCT00000123", 1),
        ("Allocation as in the trial with cats, which was registered as NCT00000123 before", 0),
        ("NCT0000012", 0),
        ("NL 2019", 0),
    ],
)
def test_a_registration_number_is_a_studys_own(tmp_path: Path, said: str, shared_by: int) -> None:
    """As a value; a longer text may tell of another study."""
    title = {"title": "Rabbits on wards", "year": 2015, "url": "https://clinicaltrials.gov/study/NCT00000123 NL 2019"}
    made(tmp_path / "w", "first", study("rabbit", title))
    value = {"id": "characteristic/hare/1", "type": "Characteristic", "attribute": "about", "state": "stated"}
    made(tmp_path / "w", "second", study("hare", characteristics=[{**value, "text": said}]))
    assert sum(len(each.members) == 2 for each in shared(tmp_path / "w")) == shared_by


def test_search_hits_lend_their_identifiers(tmp_path: Path) -> None:
    """A report without a PMID has that of the record that it was made of."""
    made(tmp_path / "w", "first", study("wolf", {"title": "Hunde", "year": 2020}))
    made(tmp_path / "w", "second", study("ann", {"title": "Hunde", "year": 2020, "pmid": "12345"}))
    record = {"id": "record/s/1", "type": "Record", "position": 1, "title": "Hunde", "pmid": "12345"}
    search = {"id": "search/s", "type": "Search", "records": [{**record, "identifies": "report/wolf-1"}]}
    path = tmp_path / "w" / "data" / "first" / "records" / "s.json"
    path.parent.mkdir()
    path.write_text(data.dump_records(search), "utf-8")
    assert [study.same_by for study in shared(tmp_path / "w")] == [["the same pmid, 12345"]]


def test_the_command_tells_each_pair_and_all(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """N inclusions of r studies; over all, those that two reviews or more include are shared."""
    monkeypatch.chdir(root)
    ran = evigraph("overlap", "--format", "csv")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "review_1,review_2,shared,inclusions,studies,cca,overlap",
        "first,second,2,6,4,50,very high".replace("50,", "50.0,"),
        "first,third,1,5,4,25.0,very high",
        "second,third,2,5,3,66.7,very high",
        "all,all,3,8,4,50.0,very high",
    ]
    rows = list(csv.DictReader(io.StringIO(evigraph("overlap", "--matrix", "--format", "csv").stdout)))
    assert [row["study"] for row in rows] == ["Lynx", "Nobody", "Rabbit", "Wolf"]
    assert [rows[3][name] for name in ("first", "second", "third", "reviews")] == ["wolf", "hound", "ann", "3"]
    assert [rows[1][name] for name in ("first", "second", "third", "reviews")] == ["nobody", "", "", "1"]


def test_folders_of_other_workspaces(root: Path, tmp_path: Path) -> None:
    """All their reviews, or the one whose own folder is given; those of one name are told apart."""
    made(tmp_path / "other", "first", study("wolf", {**TRIAL, "doi": "10.1000/a"}))
    ran = evigraph("overlap", str(root / "data" / "first"), str(tmp_path / "other"), "--format", "csv")
    assert ran.stdout.splitlines()[1:] == ["pets/first,other/first,1,4,3,33.3,very high"]
    ran = evigraph("overlap", str(tmp_path / "other"))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "only one review, " in ran.stderr
    ran = evigraph("--workspace", str(root), "--review", "first", "overlap")
    assert "--review first: this is about several reviews; leave it out, or give folders" in ran.stderr


@pytest.mark.checkout
def test_half_of_a_map_is_found_again_without_its_identifiers(tmp_path: Path) -> None:
    """Each of 265 studies and no other, where reports have lost their DOIs and search hits theirs."""
    hpv = find_workspaces(Path(__file__).parents[2] / "examples" / "hpv-map")[0]
    documents = data.read_documents(hpv)
    studies = [document.content for document in documents if document.name.startswith("studies/")][::2]
    bare = ("doi", "pmid", "url")
    half = [
        data.Document(
            tmp_path / "x.yaml",
            content["id"].replace("study/", "studies/"),
            content | {"reports": [{k: v for k, v in r.items() if k not in bare} for r in content["reports"]]},
        )
        for content in studies
    ]
    found = shared_studies({"whole": documents, "half": half})
    both = [study.members for study in found if len(study.members) == 2]
    assert len(found) == 530
    assert len(both) == len(studies)
    assert all(each["whole"] == each["half"] for each in both)
