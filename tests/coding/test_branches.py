"""Two coders on branches: what nobody changed twice is no conflict."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import evigraph, link_sheet

from evigraph import checks, data
from evigraph.errors import DataError
from evigraph.paths import Workspace, find_workspace
from evigraph.updating.new_review import Outline, create

pytestmark = pytest.mark.thorough

RECIPE = """label: ours
reader: sheet
fields: {title: [Title]}
columns:
  study: [Study]
  new-codes: add
  attributes:
    - {attribute: design, column: Design}
    - {attribute: country, column: Country, split: ';'}
  findings:
    - answers: RQ1
      concerns: {column: For whom}
      benefit: {column: Benefit}
      statement: {column: Result}
      place: {column: Page}
  groups:
    - {label: {column: Arm}, kind: arm}
"""
HEADINGS = "Study,Title,Design,Country,For whom,Benefit,Result,Page,Arm\n"
ONE = (
    HEADINGS
    + "Hale 2014,Wells,diary,Chile; Peru,Learner,Calm,They slept.,p. 4,Early\n"
    + "Iles 2015,Springs,survey,Peru,Learner,Pride,They sang.,p. 5,Early\n"
)
TWO = (
    HEADINGS
    + "Jay 2016,Rivers,survey,Chad,Learner,Calm,They slept well.,p. 4,Late\n"
    + "Kerr 2017,Lakes,panel,Peru; Chile,Learner,Thrift,They saved.,p. 9,Late\n"
)


def branch(base: Workspace, folder: Path, sheet: str, who: str) -> Workspace:
    """A copy of a review in which somebody links a sheet."""
    shutil.copytree(base.root, folder)
    workspace = find_workspace(folder)
    link_sheet(workspace, folder.parent, sheet, RECIPE, who)
    return workspace


def files(workspace: Workspace) -> dict[str, bytes]:
    """The files of a review."""
    found = (path for path in workspace.review.rglob("*") if path.is_file())
    return {str(path.relative_to(workspace.review)): path.read_bytes() for path in found}


@pytest.fixture
def base(tmp_path: Path) -> Workspace:
    """A review before the branches part."""
    create(tmp_path / "base", "mine", Outline("Mine", "https://example.org/mine/", stakeholders=("Learner",)))
    return find_workspace(tmp_path / "base")


def test_what_nobody_changed_twice_is_no_conflict(base: Workspace, tmp_path: Path) -> None:
    """A file that both branches changed is the same in both; the whole of them holds to its checks."""
    before = files(base)
    one, two = (files(branch(base, tmp_path / who, text, who)) for who, text in (("Ann", ONE), ("Ben", TWO)))
    changed = [{name for name, text in each.items() if before.get(name) != text} for each in (one, two)]
    assert {name for name in changed[0] & changed[1] if one[name] != two[name]} == set()
    assert "codes/design--survey.yaml" in changed[0] & changed[1]
    for name in changed[1]:
        path = tmp_path / "Ann" / "data" / "mine" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(two[name])
    merged = find_workspace(tmp_path / "Ann")
    assert checks.check(merged) == []
    documents = data.read_documents(merged)
    coders = {each["label"] for document in documents for each in document.content.get("agents", [])}
    assert {"Ann", "Ben"} <= coders
    rows = evigraph("--workspace", str(merged.root), "run", "benefits", "--format", "csv").stdout
    assert [row.split(",")[1] for row in rows.splitlines()[1:]] == ["Calm", "Pride", "Thrift"]


def test_the_places_of_a_study_stand_with_it(base: Workspace, tmp_path: Path) -> None:
    """Those that something in it stands at, and the outline stays as it was."""
    workspace = branch(base, tmp_path / "Ann", ONE, "Ann")
    study = data.read_document(workspace.review / "studies" / "hale-2014.yaml", "studies/hale-2014").content
    assert [each["label"] for each in study["locators"]] == ["Report hale-2014", "Report hale-2014 p. 4"]
    assert files(workspace)["outline.yaml"] == files(base)["outline.yaml"]


@pytest.mark.parametrize("name", ["codebook.yaml", "records/2024-05-01-a.json"])
def test_marks_of_a_merge_are_named(base: Workspace, name: str) -> None:
    """With the file, the line and whose they are, and not as a fault of the syntax."""
    path = base.review / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("id: review\n<<<<<<< HEAD\ntype: Review\n=======\ntype: Study\n>>>>>>> ann\n", "utf-8")
    with pytest.raises(DataError, match=r":2: a merge of `HEAD` and `ann` left its conflict here"):
        data.read_documents(base)
