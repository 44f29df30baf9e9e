"""Comparisons of ORKG, as JSON and in three forms of CSV: one study a paper, its contributions as groups."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import codebook

from evigraph import checks, data, queries, updating
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating import Outcome
from evigraph.updating.new_review import Outline, create

R = "http://orkg.org/orkg/resource/"
COMPARISON: dict[str, Any] = {
    "contributions": [
        {"id": "R11", "paper_id": "R1", "title": "Bees at night", "contribution_label": "Contribution 1", "year": 2019},
        {"id": "R12", "paper_id": "R1", "title": "Bees at night", "contribution_label": "Contribution 2", "year": 2019},
        {"id": "R13", "paper_id": "R2", "title": "Bees by day", "contribution_label": "Contribution 1", "year": 2020},
    ],
    "properties": [
        {"id": "P1", "label": "method"},
        {"id": "P2", "label": "sample size"},
        {"id": "P3", "label": "place"},
    ],
    "data": {
        "P1": [
            [{"label": "Survey", "resourceId": "R71", "type": "resource"}],
            [{"label": "Trial", "resourceId": "R72", "type": "resource"}],
            [{"label": "Survey", "resourceId": "R71", "type": "resource"}, {}],
        ],
        "P2": [[{"label": "120", "type": "literal"}], [{"label": "80", "type": "literal"}], [{"label": "~40"}]],
        "P3": [[{"label": "Kenya", "type": "literal"}], [{"label": "Kenya", "type": "literal"}], []],
    },
}
IMPORTED = f"""paper:title,paper:authors,paper:publication_year,paper:doi,contribution:research_problem,method,method
Bees at night,"Lund, B",2019,10.5555/b.1,orkg:R55,orkg:R71,orkg:R72
Bees by day,"Otieno, A",2020,10.5555/b.2,orkg:R55,{R}R71,
"""
LISTED = f"""paper,contribution,title,method,methodLabel,place,place
{R}R1,{R}R11,Bees at night,{R}R71,Survey,Kenya,
{R}R1,{R}R11,Bees at night,{R}R72,Trial,Kenya,
{R}R2,{R}R13,Bees by day,{R}R71,Survey,Norway,Kenya
,{R}R13,,{R}R71,Survey,Norway,
"""
COLUMNS = """,Bees at night/Contribution 1,Bees at night/Contribution 2,Bees by day/Contribution 1
method,Survey,Trial,"['Survey', 'Trial']"
place,Kenya,Kenya,
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


def linked(workspace: Workspace, text: str, suffix: str = "csv") -> Outcome:
    """What linking a comparison does."""
    path = workspace.root / f"comparison.{suffix}"
    path.write_text(text, "utf-8")
    return updating.link(workspace, [path], Options(date="2024-05-01"), dry_run=False)


def values(record: dict[str, Any]) -> dict[str, list[Any]]:
    """The values of a record by attribute."""
    made: dict[str, list[Any]] = {}
    for each in record.get("characteristics", []):
        made.setdefault(each["attribute"], []).append(each.get("concept") or each.get("text") or each.get("value"))
    return made


def studies(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """The studies by the titles of their reports."""
    contents = (
        data.read_document(path, path.stem).content for path in sorted((workspace.review / "studies").glob("*.yaml"))
    )
    return {each["reports"][0]["title"]: each for each in contents}


def test_a_comparison_in_json(workspace: Workspace) -> None:
    """What contributions of a paper share is the study's, the rest is each one's; resources are codes."""
    made = linked(workspace, json.dumps({"payload": {"comparison": COMPARISON}}), "json")
    batch = made.plan.batches[0]
    assert (batch.format, batch.present, batch.read) == ("orkg-comparison", 3, 3)
    assert "2 papers with 3 contributions and 3 properties" in batch.notes
    night, day = (studies(workspace)[title] for title in ("Bees at night", "Bees by day"))
    assert values(night) == {"place": ["Kenya"]}
    assert {each["label"]: values(each) for each in night["groups"]} == {
        "Contribution 1": {"method": ["value/method/survey"], "sample-size": [120]},
        "Contribution 2": {"method": ["value/method/trial"], "sample-size": [80]},
    }
    assert values(day) == {"method": ["value/method/survey"], "sample-size": [40]}
    assert "groups" not in day
    assert night["reports"][0]["url"] == f"{R}R1"
    book = codebook(workspace)
    assert {e["label"]: e["closeMatch"] for e in book["attributeValues"] if e["inScheme"] == "codebook/method"} == {
        "Survey": [f"{R}R71"],
        "Trial": [f"{R}R72"],
    }
    assert checks.check(workspace) == []
    table = queries.run(build.open_store(workspace), queries.load(workspace, "by-attribute"), {"attribute": "method"})
    assert "Survey" in {str(row[0]) for row in table.rows} | {str(row[1]) for row in table.rows}


def test_a_contribution_of_no_paper_is_rejected(workspace: Workspace) -> None:
    """And counted."""
    content = {**COMPARISON, "contributions": [{"id": "R11"}, 7, COMPARISON["contributions"][2]]}
    batch = linked(workspace, json.dumps(content), "json").plan.batches[0]
    assert (batch.present, batch.read, [each.line for each in batch.rejected]) == (3, 1, [1, 2])
    assert values(studies(workspace)["Bees by day"])["sample-size"] == [40]


def test_the_csv_that_orkg_imports(workspace: Workspace) -> None:
    """A column may stand again for another value; `orkg:R1` is a resource."""
    linked(workspace, IMPORTED)
    assert {title: values(each) for title, each in studies(workspace).items()} == {
        "Bees at night": {
            "research-problem": ["value/research-problem/r55"],
            "method": ["value/method/r71", "value/method/r72"],
        },
        "Bees by day": {"research-problem": ["value/research-problem/r55"], "method": ["value/method/r71"]},
    }
    assert studies(workspace)["Bees by day"]["reports"][0]["doi"] == "10.5555/b.2"
    assert checks.check(workspace) == []


def test_rows_that_go_on_with_a_contribution(workspace: Workspace) -> None:
    """They are put together, and a label beside a resource is what it is called."""
    made = linked(workspace, LISTED)
    assert [rejected.line for rejected in made.plan.batches[0].rejected] == [5]
    assert {title: values(each) for title, each in studies(workspace).items()} == {
        "Bees at night": {"method": ["value/method/survey", "value/method/trial"], "place": ["Kenya"]},
        "Bees by day": {"method": ["value/method/survey"], "place": ["Norway", "Kenya"]},
    }
    assert checks.check(workspace) == []


def test_a_column_a_contribution(workspace: Workspace) -> None:
    """As ORKG's package for Python writes it."""
    linked(workspace, COLUMNS)
    night, day = (studies(workspace)[title] for title in ("Bees at night", "Bees by day"))
    assert [values(each) for each in night["groups"]] == [{"method": ["Survey"]}, {"method": ["Trial"]}]
    assert (values(night), values(day)) == ({"place": ["Kenya"]}, {"method": ["Survey", "Trial"]})
    assert checks.check(workspace) == []


@pytest.mark.parametrize(("text", "suffix"), [(json.dumps(COMPARISON), "json"), (IMPORTED, "csv"), (COLUMNS, "csv")])
def test_the_same_comparison_again_changes_nothing(workspace: Workspace, text: str, suffix: str) -> None:
    """Neither studies nor the codebook."""
    linked(workspace, text, suffix)
    before = {path: path.read_bytes() for path in sorted(workspace.review.rglob("*.yaml"))}
    linked(workspace, text, suffix)
    assert before == {path: path.read_bytes() for path in sorted(workspace.review.rglob("*.yaml"))}


def test_a_sheet_with_a_column_of_contributions_is_none(workspace: Workspace) -> None:
    """What a paper contributes may be a team's own question."""
    made = linked(workspace, "Title,Contribution,Year\nOn bees,A model of flight,2019\n")
    assert made.plan.batches[0].format != "orkg-comparison"
