"""Attributes that come to a codebook with the values of a sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import evigraph

from evigraph import checks, data
from evigraph.paths import Workspace, find_workspace
from evigraph.updating import new_review

SHEET = """Study,DOI,Title,Year,Country,Sample size,Setting
Doe 2020,10.5555/a,On a,2020,Kenya,120,School
Roe 2021,10.5555/b,On b,2021,Peru,not reported,Ward
"""
RECIPE = """label: a sheet
reader: sheet
fields: {doi: [DOI], title: [Title], year: [Year]}
columns:
  study: [Study]
  new-codes: NEW
  attributes:
    - {attribute: country, column: Country}
    - {attribute: sample-size, column: Sample size, as: number}
    - {attribute: setting, column: Setting, as: text}
"""


def linked(folder: Path, new_codes: str) -> Workspace:
    """A new map with the sheet in it."""
    root = folder / "mine"
    new_review.create(root, "mine", new_review.Outline("A map", "https://example.org/m/", kind="map"))
    (folder / "s.csv").write_text(SHEET, "utf-8")
    (folder / "r.yaml").write_text(RECIPE.replace("NEW", new_codes), "utf-8")
    ran = evigraph("--workspace", str(root), "link", str(folder / "s.csv"), "--recipe", str(folder / "r.yaml"))
    assert ran.returncode == 0, ran.stderr
    return find_workspace(root)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The map with new words as codes."""
    return linked(tmp_path_factory.mktemp("declared"), "add")


def test_what_a_sheet_brings_is_declared(workspace: Workspace) -> None:
    """As the recipe says; what the codebook of the map declares stays as it is."""
    found = data.vocabulary(data.read_documents(workspace)).attributes
    assert {key: each.kind for key, each in found.items()} == {
        "country": "code", "design": "code", "population": "code", "sample-size": "number", "setting": "text",
    }  # fmt: skip
    assert found["country"].record["definition"] == "Where the study was made."
    assert found["setting"].record["definition"].startswith("Taken from a sheet")
    assert checks.check(workspace) == []


def test_a_study_is_written_short(workspace: Workspace) -> None:
    """With the words of the codebook, and the place once."""
    text = (workspace.review / "studies" / "doe-2020.yaml").read_text("utf-8")
    assert "\nvalues:\n  at: report\n  country: Kenya\n  sample-size: 120\n  setting: School\nlocators:\n" in text
    other = (workspace.review / "studies" / "roe-2021.yaml").read_text("utf-8")
    assert "  sample-size: not-reported\n" in other


def test_a_renamed_code_is_followed(workspace: Workspace) -> None:
    """Whatever has it is written with its new word, also what was not coded with it and shares the attribute."""
    before = {each.name: each.content for each in data.read_documents(workspace)}
    ran = evigraph("--workspace", str(workspace.root), "recode", "Kenya", "Republic of Kenya")
    assert ran.returncode == 0, ran.stderr
    text = (workspace.review / "studies" / "doe-2020.yaml").read_text("utf-8")
    assert "  country: Republic of Kenya\n" in text
    after = {each.name: each.content for each in data.read_documents(workspace)}
    assert after["studies/roe-2021"] == before["studies/roe-2021"]
    assert checks.check(workspace) == []
