"""What evigraph wrote, linked into another review: studies come along, and what that review hasn't is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import evigraph, link_sheet

from evigraph import checks, data, updating
from evigraph.linking import Options
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
  findings:
    - {answers: {column: RQ}, benefit: {column: Benefit}, statement: {column: Result}, place: {column: Page}}
"""
SHEET = (
    "Study,Title,Design,RQ,Benefit,Result,Page\n"
    "Hale 2014,Wells,long diary,RQ1,Calm,They slept.,p. 4\n"
    "Iles 2015,Springs,survey,RQ2,Pride,They sang.,p. 5\n"
)


def review(root: Path, name: str, *questions: str) -> Workspace:
    """A review with one benefit, and these questions."""
    outline = Outline(name, f"https://example.org/{name}/", questions, stakeholders=("Learner",), benefits=("Calm",))
    create(root / name, name, outline)
    return find_workspace(root / name)


@pytest.fixture
def coded(tmp_path: Path) -> Workspace:
    """A review with two studies that were coded."""
    made = review(tmp_path, "one", "Does it help?", "Does it cost?")
    link_sheet(made, tmp_path, SHEET, RECIPE, "Ann")
    return made


@pytest.mark.parametrize("form", ["jsonld", "nquads"])
def test_a_graph_comes_with_what_the_other_review_knows(coded: Workspace, tmp_path: Path, form: str) -> None:
    """Its place and its words come too; a question of another wording is another one, and what answers it is named."""
    other = review(tmp_path, "two", "Does it help?", "Is it fair?")
    path = tmp_path / f"dump.{form}"
    ran = evigraph("--workspace", str(coded.root), "export", "--format", form, "-o", str(path))
    assert ran.returncode == 0, ran.stderr
    made = updating.link(other, [path], Options(date="2024-06-01"), dry_run=False)
    assert checks.check(other) == []
    found = {each.name: each.content for each in data.read_documents(other)}
    hale, iles = found["studies/hale-2014"], found["studies/iles-2015"]
    (finding,) = hale["findings"]
    assert (finding["statement"], finding["benefit"]) == ("They slept.", "benefit/calm")
    assert finding["coding"].startswith("coding/coders-of-dump-")
    assert {"Report hale-2014 p. 4"} <= {each["label"] for each in hale["locators"]}
    assert [each["text"] for each in hale["characteristics"]] == ["long diary"]
    assert iles.get("findings", []) == []
    notes = " ".join(made.plan.notes)
    assert "iles-2015: refers to what this review hasn't: value/design/survey, question/rq-2" in notes
    assert "1 findings left out" in notes


def test_a_study_document_brings_its_places(coded: Workspace, tmp_path: Path) -> None:
    """Without those of its codes and codings that only the other review has."""
    other = review(tmp_path, "two", "Does it help?")
    path = coded.review / "studies" / "hale-2014.yaml"
    updating.link(other, [path], Options(date="2024-06-01"), dry_run=False)
    assert checks.check(other) == []
    again = updating.link(other, [path], Options(date="2024-06-02"), dry_run=False)
    assert (again.written, again.plan.studies) == (0, {})
    (study,) = (each.content for each in data.read_documents(other) if each.name.startswith("studies/"))
    assert "Report hale-2014 p. 4" in {each["label"] for each in study["locators"]}


def test_a_workbook_gives_its_reports_once(coded: Workspace, tmp_path: Path) -> None:
    """And no row of another sheet is told to be no record."""
    other = review(tmp_path, "two", "Does it help?")
    path = tmp_path / "review.xlsx"
    ran = evigraph("--workspace", str(coded.root), "export", "--format", "xlsx", "-o", str(path))
    assert ran.returncode == 0, ran.stderr
    (batch,) = updating.link(other, [path], Options(date="2024-06-01"), dry_run=False).plan.batches
    assert [each.values["title"] for each in batch.records] == ["Wells", "Springs"]
    assert batch.rejected == ()
    assert "its reports are taken" in batch.notes[0]
