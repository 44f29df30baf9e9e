"""Findings of version 0.1 that were rows of tables become ordinary findings with values of attributes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evigraph import checks, data, ontology
from evigraph.data import integrity
from evigraph.errors import DataError
from evigraph.files import journal
from evigraph.paths import Workspace, find_workspace
from evigraph.updating import migration, migration_text, old_values
from evigraph.updating.new_review import Outline, create
from evigraph.updating.old_queries import GONE, gone

STUDY = """id: study/doe
type: Study
label: Doe (2023)
listing: not-listed
inclusion: {id: inclusion/doe, type: Inclusion, state: stated, verdict: include}
findings:
  - id: finding/Table-2-row-1/doe
    type: MasteryFinding
    answers: {question/rq-1: supports}
    statement: They learned.
    locatedAt: locator/Results-P1-S1
    coding: coding/first
    outcomes:
      - {id: cell/1/outcome-2, type: CellPart, position: 2, text: Better grades}
      - {id: cell/1/outcome-1, type: CellPart, position: 1, text: Better skills; more of them}
    measurements:
      - {id: cell/1/measurement-1, type: CellPart, position: 1, text: Grade}
    assessment: Challenges
    course: 'Yes'
  - id: finding/Table-5-row-1/doe
    type: MotivationFinding
    answers: {question/rq-1: supports}
    direction: positive
    statement: They liked it.
    locatedAt: locator/Results-P1-S1
    coding: coding/first
    increasing:
      - {id: cell/2/increasing-1, type: CellPart, position: 1, text: If short}
    methodology: 20 people
    tools:
      - {id: cell/2/tool-1, type: CellPart, position: 1, text: Survey}
"""
MINE = """#+ summary: Mine.
#+ columns: [course]
PREFIX e: <https://w3id.org/evigraph/ns#>
SELECT ?course WHERE { ?f a e:MasteryFinding ; e:course ?course }
"""


@pytest.fixture
def old(tmp_path: Path) -> Workspace:
    """A review of 0.1 with a finding of each special kind, and a query for one of them."""
    review = create(tmp_path / "old", "old", Outline("Old", "https://example.org/old/", ("Does it work?",)))
    locator = "locators:\n  - {id: locator/Results-P1-S1, type: Locator, label: Results P1 S1, section: Results}\n"
    outline = review / "outline.yaml"
    outline.write_text(outline.read_text("utf-8").replace("locators:\n", locator), "utf-8")
    (review / "studies/doe.yaml").write_text(STUDY, "utf-8")
    return find_workspace(tmp_path / "old")


def values(finding: dict[str, Any]) -> list[tuple[str, int | None, str]]:
    """Attribute, position and text of each value of a finding."""
    found = [(each["attribute"], each.get("position"), each["text"]) for each in finding["characteristics"]]
    return sorted(found, key=lambda each: (each[0], each[1] or 0))


def test_cells_become_values_in_their_order(old: Workspace) -> None:
    """A part of a list each, with a position where there are several; undo brings every byte back."""
    with pytest.raises(DataError, match=r"`MasteryFinding` is no type of a document.*`evigraph migrate` does it"):
        data.read_documents(old)
    made = migration.migrate(old, (), dry_run=False)
    mastery, motivation = next(d for d in data.read_documents(old) if d.name == "studies/doe").content["findings"]
    assert mastery["type"] == motivation["type"] == "Finding"
    assert values(mastery) == [
        ("assessment", None, "Challenges"),
        ("course", None, "Yes"),
        ("mastery-measurement", None, "Grade"),
        ("mastery-outcome", 1, "Better skills; more of them"),
        ("mastery-outcome", 2, "Better grades"),
    ]
    assert values(motivation) == [
        ("increasing", None, "If short"),
        ("measurement-tool", None, "Survey"),
        ("methodology", None, "20 people"),
    ]
    assert (motivation["effect"], "effect" in mastery) == ("positive", False)
    assert made.findings.kinds == {"MasteryFinding": 1, "MotivationFinding": 1}
    assert "1 MasteryFinding, 1 MotivationFinding: ordinary findings now" in migration_text.as_text(made)
    assert migration_text.as_json(made)["kinds"] == {"MasteryFinding": 1, "MotivationFinding": 1}
    assert checks.check(old) == []
    with journal.locked(old.root):
        journal.undo(old.root)
    assert (old.review / "studies/doe.yaml").read_text("utf-8") == STUDY


def test_queries_for_them_are_named(old: Workspace) -> None:
    """No query is made up; who wrote one is told what to ask for."""
    path = old.root / "queries/counts/mine.rq"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(MINE, "utf-8")
    made = migration.migrate(old, (), dry_run=True)
    assert made.gone == {"queries/counts/mine.rq": ("MasteryFinding", "course")}
    assert "queries/counts/mine.rq (MasteryFinding, course)" in migration_text.as_text(made)
    assert path.read_text("utf-8") == MINE


@pytest.mark.parametrize(
    ("written", "instead", "message"),
    [
        ("course: 'Yes'", "course: 1", "can't be read as version 0.1 wrote it; write it in quotes"),
        ("position: 2,", "position: 1,", "each part needs its text, and a position of its own"),
        ("course: 'Yes'", "course: 'Yes'\n    characteristics: []", "is a MasteryFinding of 0.1"),
    ],
)
def test_a_cell_that_cannot_be_read(old: Workspace, written: str, instead: str, message: str) -> None:
    """One line with the file, and nothing is written."""
    path = old.review / "studies/doe.yaml"
    text = path.read_text("utf-8").replace(written, instead, 1)
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=message) as told:
        migration.migrate(old, (), dry_run=False)
    assert told.value.path == path
    assert path.read_text("utf-8") == text


def test_what_is_gone_is_gone() -> None:
    """No term, type or key of these is left in the vocabulary, but for a role that has the name of a column."""
    assert set(GONE) & set(ontology.declared()) == {"outcome"}
    assert set(integrity.RETIRED) == set(old_values.ATTRIBUTES)
    keys = {key for each in old_values.ATTRIBUTES.values() for key in each}
    assert not keys & set(ontology.keys())
    assert gone("ASK { ?f a <https://w3id.org/evigraph/ns#MotivationFinding> ; my:course ?x }") == (
        "MotivationFinding",
    )
