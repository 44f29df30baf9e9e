"""Appraisals by a recipe: a sheet of judgements comes in, twice changes nothing, and what can't be taken is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evigraph import checks, data, queries, updating
from evigraph.coding import packs
from evigraph.errors import DataError
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating import new_review

RECIPE = """
label: our risk of bias
reader: sheet
fields: {title: [Title]}
columns:
  study: [Study]
  new-codes: add
  reviewer: Reviewer
  appraisals:
    - tool: rob2
      outcome: {column: Outcome}
      time: {column: Time}
      place: {column: Page}
      judgements:
        randomisation: {column: D1, support: {column: Why D1}}
        rob2-deviations: {column: D2}
        overall: {column: Overall, values: {bad: High}}
"""
HEAD = "Study,Title,Reviewer,Outcome,Time,D1,Why D1,D2,Overall,Page\n"
SHEET = (
    HEAD
    + """Ash 2020,Drawing,,Recall,end of term,Low risk,Drawn by a computer.,SOME CONCERNS,some-concerns,p. 4
Ash 2020,Drawing,,Speed,end of term,low,,Low risk of bias,Low (+),
Elm 2021,Notes,,Recall,end of term,High: days of the week,,NR,bad,Table 2
Oak 2022,Slides,,Recall,,,,-,,
"""
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review with RoB 2."""
    new_review.create(tmp_path / "w", "w", new_review.Outline("Notes", "https://example.org/w/", ("Do notes help?",)))
    found = find_workspace(tmp_path / "w")
    updating.change(found, "pack", lambda held: updating.of(packs.add(held, packs.named("rob2"))), dry_run=False)
    return found


def linked(workspace: Workspace, sheet: str, recipe: str = RECIPE, **options: Any) -> updating.Outcome:
    """What linking a sheet does."""
    path, by = workspace.root / "rob.csv", workspace.root / "recipe.yaml"
    path.write_text(sheet, "utf-8")
    by.write_text(recipe, "utf-8")
    return updating.link(workspace, [path], Options(by=by, date="2026-01-02", **options), dry_run=False)


def table(workspace: Workspace) -> list[tuple[object, ...]]:
    """What `appraisals` answers, without the tool."""
    rows = queries.run(build.open_store(workspace), queries.load(workspace, "appraisals")).rows
    return [(row[0], *row[2:]) for row in rows]


def files(workspace: Workspace) -> dict[str, bytes]:
    """Every document."""
    return {str(path): path.read_bytes() for path in workspace.review.rglob("*") if path.is_file()}


def test_a_sheet_of_judgements_comes_in(workspace: Workspace) -> None:
    """Whatever people write for a code; support and place with it, a dash for nothing, words for not reported."""
    made = linked(workspace, SHEET)
    assert made.plan.notes == []
    time = "end of term"
    assert table(workspace) == [
        ("Ash 2020", "Recall", time, "Randomisation process", "Low", "Drawn by a computer. (Report ash-2020 p. 4)"),
        ("Ash 2020", "Recall", time, "Deviations from intended interventions", "Some concerns", "Report ash-2020 p. 4"),
        ("Ash 2020", "Recall", time, "Overall", "Some concerns", "Report ash-2020 p. 4"),
        ("Ash 2020", "Speed", time, "Randomisation process", "Low", None),
        ("Ash 2020", "Speed", time, "Deviations from intended interventions", "Low", None),
        ("Ash 2020", "Speed", time, "Overall", "Low", None),
        ("Elm 2021", "Recall", time, "Randomisation process", "High", "days of the week (Report elm-2021 Table 2)"),
        ("Elm 2021", "Recall", time, "Deviations from intended interventions", "not reported", None),
        ("Elm 2021", "Recall", time, "Overall", "High", "Report elm-2021 Table 2"),
    ]
    assert checks.check(workspace) == []


def test_the_same_sheet_again_changes_nothing(workspace: Workspace) -> None:
    """Not a byte, also on another day."""
    linked(workspace, SHEET)
    before = files(workspace)
    assert linked(workspace, SHEET).written == 0
    assert files(workspace) == before


def test_what_is_lacking_is_added_and_what_differs_is_a_conflict(workspace: Workspace) -> None:
    """Named, and kept; with --update the sheet goes first, in the appraisal that is there."""
    linked(workspace, SHEET)
    later = HEAD + "Ash 2020,Drawing,,Speed,end of term,High,Guessed.,Low,Low,\nOak 2022,Slides,,,,Low,,,,\n"
    made = linked(workspace, later)
    assert made.plan.notes == [
        "ash-2020: rob2-randomisation of rob2 (Speed, end of term) is `Low` in the review and `High: Guessed.` in "
        "rob.csv; kept as it is; --update takes the new one"
    ]
    assert ("Ash 2020", "Speed", "end of term", "Randomisation process", "Low", None) in table(workspace)
    assert table(workspace)[-1] == ("Oak 2022", None, None, "Randomisation process", "Low", None)
    linked(workspace, later, update=True)
    assert ("Ash 2020", "Speed", "end of term", "Randomisation process", "High", "Guessed.") in table(workspace)
    assert len(table(workspace)) == 10
    assert checks.check(workspace) == []


def test_words_that_mean_no_code_are_named(workspace: Workspace) -> None:
    """And not taken; the rest of the row is."""
    made = linked(workspace, HEAD + "Ash 2020,Drawing,,Recall,,probably fine,,Low,Low,\n")
    assert made.plan.notes == [
        "row 2, D1: `probably fine` is none of Low, Some concerns, High; it isn't taken; mend the cell, or say in "
        "`values` what it means"
    ]
    assert [row[3] for row in table(workspace)] == ["Deviations from intended interventions", "Overall"]


def test_an_outcome_that_is_no_code(workspace: Workspace) -> None:
    """Without new codes its appraisal isn't taken, rather than be taken for another's."""
    kept = RECIPE.replace("new-codes: add", "new-codes: keep")
    made = linked(workspace, HEAD + "Ash 2020,Drawing,,Recall,,Low,,Low,Low,\n", kept)
    assert made.plan.notes == [
        "row 2, Outcome: `Recall` is no outcome of the codebook; its appraisal isn't taken; add it, or `new-codes: add`"
    ]
    assert table(workspace) == []


def test_coders_who_differ(workspace: Workspace) -> None:
    """What both judge alike holds and names them; what they differ in is named and not coded; their cells are kept."""
    rows = "Ash 2020,Drawing,Ann,Recall,,Low,By computer.,High,,\nAsh 2020,Drawing,Ben,Recall,,Low,By lot.,Low,High,\n"
    made = linked(workspace, HEAD + rows)
    assert made.plan.notes == [
        "ash-2020: coders differ: rob2-deviations of rob2 (Recall): Ann High, Ben Low; not coded"
    ]
    assert [row[3:] for row in table(workspace)] == [
        ("Randomisation process", "Low", "By computer. / By lot."),
        ("Overall", "High", None),
    ]
    study = next(each for each in data.read_documents(workspace) if each.name == "studies/ash-2020").content
    assert study["appraisals"][0]["coding"] == "coding/2026-01-02-ann-ben"
    cells = (workspace.review / "codings" / "cells" / "ann.csv").read_text("utf-8")
    assert "ash-2020,rob2 (Recall),rob2-deviations,value/rob2-judgement/high\n" in cells


def test_the_consensus_holds(workspace: Workspace) -> None:
    """Whatever the coders said alone."""
    rows = "Ash 2020,Drawing,Ann,Recall,,Low,,High,,\nAsh 2020,Drawing,Consensus,Recall,,High,,Low,Low,\n"
    assert linked(workspace, HEAD + rows).plan.notes == []
    assert [row[4] for row in table(workspace)] == ["High", "Low", "Low"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tool: rob2", "tool: teaching", "lacks; `evigraph pack teaching --add` adds it"),
        ("randomisation: {", "blinding: {", "the recipe has `rob2-blinding`, and rob2 has only rob2-randomisation"),
        ("tool: rob2", "tool: RoB 2", "tool `RoB 2` is the key of a pack"),
        ("      judgements:", "      judgments:", "unknown key `judgments`; did you mean `judgements`?"),
        ("support: {column: Why D1}", "suport: {column: Why D1}", "unknown key `suport`"),
    ],
)
def test_a_recipe_that_cannot_be_followed(workspace: Workspace, old: str, new: str, message: str) -> None:
    """In one line, and nothing is written."""
    assert old in RECIPE
    before = files(workspace)
    with pytest.raises(DataError) as caught:
        linked(workspace, SHEET, RECIPE.replace(old, new))
    assert message in str(caught.value)
    assert files(workspace) == before
