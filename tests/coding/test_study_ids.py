"""Which study a row of a sheet is of: the team's own ids, several reports, and what contradicts them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evigraph import data, updating
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.updating import Outcome
from evigraph.updating.new_review import Outline, create

pytestmark = pytest.mark.thorough

RECIPE = """label: ours
reader: sheet
fields: {title: [Title], year: [Year], doi: [DOI], authors: [Authors], pmid: [PMID]}
columns:
  study: [Id]
  attributes:
    - {attribute: country, column: Country, as: text}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A review without a study."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


def linked(workspace: Workspace, tmp_path: Path, name: str, text: str, recipe: str = RECIPE) -> Outcome:
    """What linking a sheet by a recipe does."""
    sheet, by = tmp_path / name, tmp_path / f"{name}.yaml"
    sheet.write_text(text, "utf-8")
    by.write_text(recipe, "utf-8")
    return updating.link(workspace, [sheet], Options(by=by, date="2024-05-01"), dry_run=False)


def studies(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """The studies by key."""
    documents = data.read_documents(workspace)
    return {d.name.removeprefix("studies/"): d.content for d in documents if d.name.startswith("studies/")}


def countries(study: dict[str, Any]) -> list[str]:
    """The countries that a study is coded with."""
    return sorted(each["text"] for each in study.get("characteristics", []) if each["attribute"] == "country")


def test_a_later_sheet_finds_its_study_by_the_teams_own_id(workspace: Workspace, tmp_path: Path) -> None:
    """Though the first sheet told authors and a title, and the label is made of those."""
    linked(
        workspace, tmp_path, "one.csv", 'Id,Title,Year,Authors\nT_07,Wells of the north,2014,"Hale, O.; Quist, P."\n'
    )
    linked(workspace, tmp_path, "two.csv", "Id,Country\nT_07,Chile\n")
    (study,) = studies(workspace).values()
    assert study["label"] == "Hale and Quist (2014)"
    assert study["identifiers"] == ["T_07"]
    assert countries(study) == ["Chile"]


def test_a_label_that_a_recipe_names_is_the_label(workspace: Workspace, tmp_path: Path) -> None:
    """The id is the label then, and need not be kept beside it."""
    recipe = RECIPE.replace("study: [Id]\n", "study: [Id]\n  label: [Id]\n")
    linked(workspace, tmp_path, "one.csv", 'Id,Title,Year,Authors\nT_07,Wells,2014,"Hale, O."\n', recipe)
    (study,) = studies(workspace).values()
    assert (study["label"], study.get("identifiers")) == ("T_07", None)


def test_two_titles_of_one_id_are_two_studies_and_named(workspace: Workspace, tmp_path: Path) -> None:
    """Neither title, nor what is coded on its row, goes to the other."""
    text = "Id,Title,Country\nHale (2014),Wells of the north,Chile\nHale (2014),Springs and rivers,Peru\n"
    made = linked(workspace, tmp_path, "one.csv", text)
    found = {each["label"]: (each["reports"][0]["title"], countries(each)) for each in studies(workspace).values()}
    assert found == {
        "Hale (2014)": ("Wells of the north", ["Chile"]),
        "Hale (2014b)": ("Springs and rivers", ["Peru"]),
    }
    (note,) = (each for each in made.plan.notes if "Springs" in each)
    assert "row 3" in note
    assert "reports: several" in note


def test_a_recipe_may_say_that_they_are_reports(workspace: Workspace, tmp_path: Path) -> None:
    """Then one study has both, and its attributes are those of both rows."""
    text = "Id,Title,DOI,Country\nS1,Wells of the north,10.5555/a,Chile\nS1,Springs and rivers,10.5555/b,Peru\n"
    recipe = RECIPE.replace("study: [Id]\n", "study: [Id]\n  reports: several\n")
    made = linked(workspace, tmp_path, "one.csv", text, recipe)
    (study,) = studies(workspace).values()
    assert [(e["id"], e["title"], e["doi"]) for e in study["reports"]] == [
        ("report/s1", "Wells of the north", "10.5555/a"),
        ("report/s1-2", "Springs and rivers", "10.5555/b"),
    ]
    assert countries(study) == ["Chile", "Peru"]
    assert not [each for each in made.plan.notes if "two studies" in each]
    linked(workspace, tmp_path, "two.csv", "Id,Title,Country\nS1,A third report of it,Chile\n", recipe)
    assert len(studies(workspace)["s1"]["reports"]) == 3


def test_a_later_row_with_another_title_is_named(workspace: Workspace, tmp_path: Path) -> None:
    """It isn't merged into the study that has the id, and a slip of the pen is no other title."""
    linked(workspace, tmp_path, "one.csv", "Id,Title,Country\nS1,Wells of the north,Chile\n")
    made = linked(workspace, tmp_path, "two.csv", "Id,Title,Country\nS1,Springs and rivers,Peru\n")
    assert len(studies(workspace)) == 2
    assert any("“Wells of the north” in the review, and here “Springs and rivers”" in each for each in made.plan.notes)
    made = linked(workspace, tmp_path, "three.csv", "Id,Title,Country\nS1,Wells of the norht,Chile\n")
    assert len(studies(workspace)) == 2
    assert any("title of the report is `Wells of the north` in the review" in each for each in made.plan.notes)


@pytest.mark.parametrize(("heading", "one", "two"), [("DOI", "10.5555/a", "10.5555/b"), ("Year", "2014", "2015")])
def test_rows_of_one_id_that_contradict_each_other_are_named(
    workspace: Workspace, tmp_path: Path, heading: str, one: str, two: str
) -> None:
    """The first row holds."""
    text = f"Id,Title,{heading},Country\nS1,Wells of the north,{one},Chile\nS1,Wells of the north,{two},Chile\n"
    made = linked(workspace, tmp_path, "one.csv", text)
    assert len(studies(workspace)) == 1
    assert any(f"`{two}` here and `{one}` on row 2" in each for each in made.plan.notes)


def test_one_title_of_two_years_is_of_two_studies(workspace: Workspace, tmp_path: Path) -> None:
    """Where no column tells studies apart."""
    recipe = RECIPE.replace("  study: [Id]\n", "")
    linked(workspace, tmp_path, "one.csv", "Title,Year,Country\nEditorial,2014,Chile\nEditorial,2016,Peru\n", recipe)
    found = studies(workspace).values()
    assert sorted((each["reports"][0]["year"], countries(each)[0]) for each in found) == [
        (2014, "Chile"),
        (2016, "Peru"),
    ]


def test_a_pmid_alone_names_a_study(workspace: Workspace, tmp_path: Path) -> None:
    """And is what it is called, until more is known."""
    recipe = RECIPE.replace("  study: [Id]\n", "")
    text = "PMID,DOI,Country\n39000333,10.5555/a,Chile\n39000444,,Peru\n39000444,,Peru\n"
    made = linked(workspace, tmp_path, "one.csv", text, recipe)
    assert not made.plan.batches[0].rejected
    assert [each["label"] for each in studies(workspace).values()] == ["10.5555/a", "PMID 39000444"]


def test_an_error_of_a_spreadsheet_is_no_title(workspace: Workspace, tmp_path: Path) -> None:
    """Two rows with `#REF!` aren't one study of that title, and the cells are named."""
    text = "Id,Title,Country\nS1,#REF!,Chile\nS2,#REF!,Peru\nS3,Wells,#NAME?\n"
    made = linked(workspace, tmp_path, "one.csv", text)
    assert [each["label"] for each in studies(workspace).values()] == ["S1", "S2", "S3"]
    assert any(
        "3 cells hold errors of a spreadsheet, first row 2, `Title`: #REF!" in each
        for each in made.plan.batches[0].notes
    )
