"""Covidence's wide export: reviewers and consensus, arms, outcomes by time and arm, comparisons, quality assessment."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import pytest

from evigraph import checks, data, queries, updating
from evigraph.ingest.extraction.covidence_columns import Column, column
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating import Outcome
from evigraph.updating.new_review import Outline, create

ID = {"Covidence #": "118", "Study ID": "Otieno 2021", "Title": "Phonics in Bungoma"}
CODED = {
    "Identification: Country": "Kenya",
    "Methods: Design": "Cluster trial",
    "Population: Setting": "Rural; Urban",
    "Intervention 1: Name": "Phonics",
    "Intervention 1: Participants": "580",
    "Intervention 1: Dose": "daily",
    "Intervention 2: Name": "Usual teaching",
    "Intervention 2: Type": "control",
    "Reading - 6 months - Phonics - Mean": "24.3",
    "Reading - 6 months - Phonics - SD": "12.1",
    "Reading - 6 months - Intervention 2 - Mean": "18.7",
    "Reading - 6 months - Phonics vs Usual teaching - SMD": "0.35",
    "Reading - 6 months - Phonics vs Usual teaching - SE": "0.12",
    "Passed - End of school - Phonics vs Usual teaching - Odds ratio": "1.33",
    "Passed - End of school - Phonics - Events": "310",
    "Passed - End of school - Phonics - Median": "3",
    "Handling of missing outcome data": "imputed",
}
ANN = {**ID, "Reviewer Name": "Ann", **CODED}
BEN = {**ID, "Reviewer Name": "Ben", **CODED, "Methods: Design": "Trial", "Reading - 6 months - Phonics - Mean": "2.43"}
AGREED = {**ID, "Reviewer Name": "Consensus", **CODED}
QUALITY = {
    "Sequence generation - Judgement": "Low",
    "Sequence generation - Supporting text": "By computer.",
    "Allocation concealment - Judgement": "Unclear",
    "Allocation concealment - Supporting text": "",
    "Incomplete outcome data - Judgement": "High",
    "Incomplete outcome data - Supporting text": "Half left.",
    "Teachers knew - Judgement": "Probably",
    "Teachers knew - Supporting text": "They were told.",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


def linked(workspace: Workspace, *rows: dict[str, str]) -> Outcome:
    """What linking an export with those rows does."""
    path = workspace.root / "review_7_extraction.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
    return updating.link(workspace, [path], Options(date="2024-05-01"), dry_run=False)


def study(workspace: Workspace) -> dict[str, Any]:
    """The study's document."""
    return data.read_document(next((workspace.review / "studies").glob("*.yaml")), "study").content


def values(record: dict[str, Any]) -> dict[str, list[Any]]:
    """The values of a record by attribute."""
    made: dict[str, list[Any]] = {}
    for each in record.get("characteristics", []):
        made.setdefault(each["attribute"], []).append(each.get("concept") or each.get("text") or each["state"])
    return made


def rows(workspace: Workspace, name: str, *columns: str, **parameters: str) -> list[tuple[Any, ...]]:
    """Some columns of an answer."""
    table = queries.run(build.open_store(workspace), queries.load(workspace, name), parameters)
    return [tuple(row[table.columns.index(each)] for each in columns) for row in table.rows]


def test_the_consensus_becomes_the_study_and_reviewers_are_kept(workspace: Workspace) -> None:
    """Values of the study, arms with theirs, and each reviewer's cells in a file."""
    made = linked(workspace, ANN, BEN, AGREED)
    assert made.plan.batches[0].format == "covidence-extraction"
    one = study(workspace)
    assert values(one) == {
        "country": ["Kenya"],
        "design": ["Cluster trial"],
        "setting": ["Rural", "Urban"],
        "handling-of-missing-outcome-data": ["imputed"],
    }
    assert {each["label"]: (each["kind"], each.get("n"), values(each)) for each in one["groups"]} == {
        "Phonics": ("arm", 580, {"dose": ["daily"]}),
        "Usual teaching": ("control", None, {}),
    }
    ben = (workspace.review / "codings" / "cells" / "ben.csv").read_text("utf-8")
    assert "design,stated,Trial" in ben
    assert ",mean,2.43" in ben
    assert checks.check(workspace) == []


def test_outcomes_by_time_and_arm_become_results_and_effects(workspace: Workspace) -> None:
    """Arms go by their names, be they headed by them or by a number."""
    linked(workspace, AGREED)
    columns = ("outcome", "time", "group1", "group2", "measure", "yi", "sei", "m1i", "m2i", "n1i")
    found = {each[0]: each[1:] for each in rows(workspace, "effects", *columns)}
    both = ("Phonics", "Usual teaching")
    assert found["Reading"] == ("6 months", *both, "SMD", 0.35, 0.12, 24.3, 18.7, 580.0)
    assert found["Passed"][:5] == ("End of school", *both, "OR", pytest.approx(math.log(1.33)))
    assert [(e["statistic"], e["value"]) for e in study(workspace)["results"] if "statistic" in e] == [("median", 3)]
    assert rows(workspace, "crosstab", "row", "column", "studies", rows="country", columns="setting") == [
        ("Kenya", "Rural", 1),
        ("Kenya", "Urban", 1),
    ]


def test_where_reviewers_differ_nothing_is_coded(workspace: Workspace) -> None:
    """Without a consensus, what they have alike holds."""
    made = linked(workspace, ANN, BEN)
    assert values(study(workspace))["country"] == ["Kenya"]
    assert "design" not in values(study(workspace))
    assert any("coders differ on design" in note for note in made.plan.notes)
    assert not any(each.get("mean") in (24.3, 2.43) for each in study(workspace)["results"])


def test_quality_assessment_becomes_appraisals(workspace: Workspace) -> None:
    """By RoB 1 where its domains are, and by a tool of the team's own where they aren't."""
    linked(workspace, {**ID, "Reviewer Name": "Consensus", **QUALITY})
    judged = rows(workspace, "appraisals", "tool", "domain", "judgement", "support")
    assert sorted(judged, key=str) == [
        ("Quality assessment", "Teachers knew", "Probably", "They were told."),
        ("RoB 1", "Allocation concealment", "Unclear", None),
        ("RoB 1", "Incomplete outcome data", "High", "Half left."),
        ("RoB 1", "Random sequence generation", "Low", "By computer."),
    ]
    assert checks.check(workspace) == []


def test_a_workbook_is_told_by_its_headings_too(workspace: Workspace) -> None:
    """A sheet of another kind in it is named."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(list(AGREED))
    book.active.append(list(AGREED.values()))
    book.create_sheet("Notes").append(["nothing of note"])
    path = workspace.root / "export.xlsx"
    book.save(path)
    made = updating.link(workspace, [path], Options(date="2024-05-01"), dry_run=False)
    assert values(study(workspace))["country"] == ["Kenya"]
    assert any("sheet `Notes` is of no known export" in note for note in made.plan.batches[0].notes)


def test_the_same_export_again_changes_nothing(workspace: Workspace) -> None:
    """Neither studies nor the codebook."""
    linked(workspace, ANN, BEN, {**AGREED, **QUALITY})
    before = {path: path.read_bytes() for path in sorted(workspace.review.rglob("*.yaml"))}
    linked(workspace, ANN, BEN, {**AGREED, **QUALITY})
    assert before == {path: path.read_bytes() for path in sorted(workspace.review.rglob("*.yaml"))}


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Study design", Column("Study design", "study", "Study design")),
        ("Control", Column("Control", "study", "Control")),
        ("Mean", Column("Mean", "study", "Mean")),
        ("Arm 2 dose", Column("Arm 2 dose", "arm", "dose", "Arm 2")),
        ("Group A | Age | Mean", Column("Group A | Age | Mean", "number", "mean", "Group A", "", "Age")),
        (
            "Population: Group A: Age: Mean",
            Column("Population: Group A: Age: Mean", "arm", "Age, Mean", "Group A"),
        ),
    ],
)
def test_a_heading_says_what_its_column_is_about(heading: str, expected: Column) -> None:
    """A word alone is no arm and no number; a baseline is no outcome."""
    assert column(heading, frozenset()) == expected
