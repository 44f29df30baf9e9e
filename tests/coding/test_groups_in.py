"""Groups of studies from sheets: a row a group, and lists that run in parallel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evigraph import checks, data, updating
from evigraph.errors import DataError
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.updating.new_review import Outline, create

PARALLEL = """label: sensors
reader: sheet
columns:
  study: [Study]
  reviewer: Coder
  groups:
    - each: {separator: ";", columns: {sensor: Sensor, platform: Platform, resolution: Resolution}}
      kind: sensor
"""
ARMS = """label: arms
reader: sheet
columns:
  study: [Study]
  groups:
    - label: {column: Arm}
      kind: arm
      n: {column: N}
      attributes: [{attribute: dose, column: Dose, as: number}]
  results:
    - {group: {column: Arm}, mean: {column: Mean}, sd: {column: SD}}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new map."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/", kind="map"))
    return find_workspace(tmp_path / "mine")


def linked(workspace: Workspace, rows: list[str], recipe: str, **options: Any) -> updating.Outcome:
    """What linking a sheet of those rows by a recipe does."""
    sheet, by = workspace.root / "sheet.csv", workspace.root / "my.yaml"
    sheet.write_text("\n".join(rows) + "\n", "utf-8")
    by.write_text(recipe, "utf-8")
    return updating.link(workspace, [sheet], Options(by=by, date="2024-05-01", **options), dry_run=False)


def groups(workspace: Workspace, key: str) -> list[tuple[Any, ...]]:
    """The groups of a study: label, kind, n, and the values with their attributes."""
    content = data.read_document(workspace.review / "studies" / f"{key}.yaml", key).content
    return [
        (each["label"], each.get("kind"), each.get("n"), _values(each.get("characteristics", [])))
        for each in content.get("groups", [])
    ]


def _values(several: list[dict[str, Any]]) -> dict[str, Any]:
    return {each["attribute"]: each.get("text", each.get("value", each["state"])) for each in several}


HEAD = "Study,Coder,Sensor,Platform,Resolution"


def test_lists_that_run_in_parallel_are_groups(workspace: Workspace) -> None:
    """The i-th parts make the i-th group; one part is for all; repeats stay; not reported is a value too."""
    rows = [
        HEAD,
        "Ash,,MSI; OLI; OLI,Sentinel-2; Landsat 8; Landsat 9,10 m; 30 m; 30 m",
        "Elm,,OLI; MSI,satellite,NR; 10 m",
    ]
    made = linked(workspace, rows, PARALLEL)
    assert [note for note in made.plan.notes if "parallel" in note] == []
    assert groups(workspace, "ash") == [
        ("MSI", "sensor", None, {"sensor": "MSI", "platform": "Sentinel-2", "resolution": "10 m"}),
        ("OLI", "sensor", None, {"sensor": "OLI", "platform": "Landsat 8", "resolution": "30 m"}),
        ("OLI", "sensor", None, {"sensor": "OLI", "platform": "Landsat 9", "resolution": "30 m"}),
    ]
    assert groups(workspace, "elm") == [
        ("MSI", "sensor", None, {"sensor": "MSI", "platform": "satellite", "resolution": "10 m"}),
        ("OLI", "sensor", None, {"sensor": "OLI", "platform": "satellite", "resolution": "not-reported"}),
    ]
    assert checks.check(workspace) == []
    assert not linked(workspace, rows, PARALLEL).written


def test_lists_of_unequal_length_are_named(workspace: Workspace) -> None:
    """No part is guessed to belong to another; the row's other cells are read."""
    recipe = PARALLEL + "  attributes: [{attribute: country, column: Country}]\n"
    made = linked(workspace, [HEAD + ",Country", "Ash,,MSI; OLI; TM,Sentinel-2; Landsat 8,10 m,Kenya"], recipe)
    notes = [note for batch in made.plan.batches for note in batch.notes]
    wanted = (
        "row 2: lists that should run in parallel have unequal lengths: Sensor 3, Platform 2, Resolution 1; no groups"
    )
    assert wanted in notes
    assert groups(workspace, "ash") == []


def test_a_row_a_group(workspace: Workspace) -> None:
    """With its kind, number and values; a result of that label is of that group; another number is a conflict."""
    rows = ["Study,Arm,N,Dose,Mean,SD", "Ash,High,20,40,3.5,1", "Ash,Low,22,10,2.5,1"]
    linked(workspace, rows, ARMS)
    assert groups(workspace, "ash") == [("High", "arm", 20, {"dose": 40}), ("Low", "arm", 22, {"dose": 10})]
    content = data.read_document(workspace.review / "studies" / "ash.yaml", "ash").content
    assert [each["group"] for each in content["results"]] == ["group/ash/high", "group/ash/low"]
    assert checks.check(workspace) == []
    assert not linked(workspace, rows, ARMS).written
    rows[1] = rows[1].replace("20", "21", 1)
    kept = linked(workspace, rows, ARMS)
    assert any("n of group/ash/high is `20` in the review and `21`" in note for note in kept.plan.notes)
    linked(workspace, rows, ARMS, update=True)
    assert groups(workspace, "ash")[0][2] == 21


def test_coders_have_to_agree_on_groups(workspace: Workspace) -> None:
    """What all have alike holds, and the others are named."""
    rows = [HEAD, "Ash,Ann,MSI; OLI,Sentinel-2; Landsat 8,", "Ash,Ben,MSI; TM,Sentinel-2; Landsat 5,"]
    made = linked(workspace, rows, PARALLEL)
    assert [each[0] for each in groups(workspace, "ash")] == ["MSI"]
    assert "ash: coders differ: only Ann has the groups OLI; not coded" in made.plan.notes
    assert "ash: coders differ: only Ben has the groups TM; not coded" in made.plan.notes


def test_parts_of_lists_are_told_apart_by_their_values(workspace: Workspace) -> None:
    """In whatever order and on however many rows they stand: coders agree on those that they have alike."""
    both = "OLI; OLI,Landsat 8; Landsat 9,30 m; 30 m"
    rows = [HEAD, f"Ash,Ann,{both}", "Ash,Ben,OLI,Landsat 9,30 m", "Ash,Ben,OLI,Landsat 9,30 m"]
    made = linked(workspace, rows, PARALLEL)
    nine = ("OLI", "sensor", None, {"sensor": "OLI", "platform": "Landsat 9", "resolution": "30 m"})
    assert groups(workspace, "ash") == [nine]
    assert "ash: coders differ: only Ann has the groups OLI; not coded" in made.plan.notes
    linked(workspace, [HEAD, "Ash,,OLI; OLI,Landsat 9; Landsat 8,30 m"], PARALLEL)
    assert groups(workspace, "ash")[0] == nine
    assert [each[3]["platform"] for each in groups(workspace, "ash")] == ["Landsat 9", "Landsat 8"]
    assert checks.check(workspace) == []
    assert not linked(workspace, [HEAD, f"Ash,,{both}"], PARALLEL).written


def test_each_part_has_the_attributes_that_all_have(workspace: Workspace) -> None:
    """Beside those that the lists tell."""
    recipe = PARALLEL + "      attributes: [{attribute: region, column: Region}]\n"
    linked(workspace, [HEAD + ",Region", "Ash,,MSI; OLI,Sentinel-2; Landsat 8,,Sahel"], recipe)
    assert [each[3]["region"] for each in groups(workspace, "ash")] == ["Sahel", "Sahel"]
    content = data.read_document(workspace.review / "studies" / "ash.yaml", "ash").content
    assert "region" not in _values(content.get("characteristics", []))


def test_a_label_names_one_group(workspace: Workspace) -> None:
    """Rows of it fill each other in; a number that is none, or that coders have otherwise, isn't taken and is named."""
    head = "Study,Coder,Arm,N,Dose,Mean,SD"
    coded = ARMS.replace("  study: [Study]\n", "  study: [Study]\n  reviewer: Coder\n")
    rows = [head, "Ash,,High,20,40,3.5,1", "Ash,,high,,40,2.5,1", "Elm,,Low,many,10,2,1"]
    made = linked(workspace, rows, coded)
    assert groups(workspace, "ash") == [("High", "arm", 20, {"dose": 40})]
    assert groups(workspace, "elm") == [("Low", "arm", None, {"dose": 10})]
    notes = [note for batch in made.plan.batches for note in batch.notes]
    assert "row 4, N: `many` is no number; not taken as n" in notes
    made = linked(workspace, [head, "Oak,Ann,High,20,40,3.5,1", "Oak,Ben,High,21,40,3.5,1"], coded)
    assert groups(workspace, "oak") == [("High", "arm", None, {"dose": 40})]
    assert "oak: coders differ on n of High: Ann `20`; Ben `21`; not coded" in made.plan.notes


def test_a_group_that_a_result_named_is_filled_in(workspace: Workspace) -> None:
    """By what comes later of its label, and no second one is made."""
    results = (
        "label: x\nreader: sheet\ncolumns: {study: [Study], results: [{group: {column: Arm}, mean: {column: Mean}}]}\n"
    )
    linked(workspace, ["Study,Arm,Mean", "Ash,High,3.5"], results)
    assert groups(workspace, "ash") == [("High", None, None, {})]
    linked(workspace, ["Study,Arm,N,Dose,Mean,SD", "Ash,High,20,40,3.5,1"], ARMS)
    assert groups(workspace, "ash") == [("High", "arm", 20, {"dose": 40})]


def test_a_list_keeps_its_order_and_repeats(workspace: Workspace) -> None:
    """In one cell; what another row repeats is the same."""
    recipe = "label: x\nreader: sheet\ncolumns:\n  study: [Study]\n"
    recipe += "  attributes: [{attribute: crop, column: Crop, split: ';'}]\n"
    rows = ["Study,Crop", "Ash,wheat; maize; wheat", "Ash,maize"]
    linked(workspace, rows, recipe)
    content = data.read_document(workspace.review / "studies" / "ash.yaml", "ash").content
    assert [each["text"] for each in content["characteristics"]] == ["wheat", "maize", "wheat"]
    assert checks.check(workspace) == []
    assert not linked(workspace, rows, recipe).written


@pytest.mark.parametrize(
    ("groups_", "message"),
    [
        ("{kind: arm}", "a `label`, or `each`"),
        ("{each: {separator: ';'}}", "a `label`, or `each`"),
        ("{each: {columns: {Sensor: S}}}", "attribute `Sensor` is written in small letters"),
        ("{label: {column: Arm}, kind: Big Arm}", "kind `Big Arm` is written in small letters"),
        ("{label: {column: Arm}, size: 3}", "unknown key `size`"),
    ],
)
def test_a_recipe_that_cannot_be_followed(workspace: Workspace, groups_: str, message: str) -> None:
    """In one line."""
    with pytest.raises(DataError) as caught:
        linked(
            workspace,
            [HEAD, "Ash,,a,b,c"],
            f"label: x\nreader: sheet\ncolumns: {{study: [Study], groups: [{groups_}]}}",
        )
    assert message in str(caught.value)
