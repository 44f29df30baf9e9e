"""Sheets with a row an effect, brought in as results of groups by a recipe alone."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from evigraph import checks, data, queries, updating
from evigraph.errors import DataError
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating import Outcome
from evigraph.updating.new_review import Outline, create

HEAD = """label: effects
reader: sheet
fields: {title: [study], year: [year]}
columns:
  study: [study]
  new-codes: add
"""
COACHING = (
    HEAD
    + """  results:
    - {outcome: {column: outcome}, group: Coached, n: {column: n1i}}
    - {outcome: {column: outcome}, group: Not coached, n: {column: n2i}}
    - outcome: {column: outcome}
      group: Coached
      versus: Not coached
      metric: SMD
      estimate: {column: yi}
      variance: {column: vi}
"""
)
WRITING = (
    HEAD
    + """  results: [{metric: SMD, n: {column: ni}, estimate: {column: yi}, variance: {column: vi}}]
"""
)
ARMS = (
    HEAD
    + """  reviewer: Coder
  states: {not-reported: [NR]}
  results:
    - {outcome: {column: outcome}, time: {column: when}, group: {column: arm}, n: {column: n}, mean: {column: m},
       sd: {column: sd}, place: {column: at}}
    - {statistic: completion rate, value: {column: done}, place: {column: at}}
"""
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


def linked(workspace: Workspace, rows: list[list[Any]], recipe: str, **options: Any) -> Outcome:
    """What linking a sheet of those rows by a recipe does."""
    sheet, by = workspace.root / "effects.csv", workspace.root / "my.yaml"
    with sheet.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    by.write_text(recipe, "utf-8")
    return updating.link(workspace, [sheet], Options(by=by, date="2024-05-01", **options), dry_run=False)


def effects(workspace: Workspace, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of the effects, in order."""
    table = queries.run(build.open_store(workspace), queries.load(workspace, "effects"), {})
    return sorted(tuple(row[table.columns.index(name)] for name in columns) for row in table.rows)


def results(workspace: Workspace, study: str) -> list[dict[str, Any]]:
    """The results of a study, without what every one has."""
    content = data.read_document(workspace.review / "studies" / f"{study}.yaml", study).content
    common = {"id", "type", "coding"}
    return [{key: value for key, value in each.items() if key not in common} for each in content["results"]]


def coaching() -> list[list[Any]]:
    """67 invented effects of 47 studies, on one or two outcomes."""
    rows: list[list[Any]] = [["study", "year", "outcome", "n1i", "n2i", "yi", "vi"]]
    for i in range(47):
        for outcome in ("verbal", "math") if i < 20 else ("verbal",):
            yi, vi = (i * 37 % 120 - 40) / 100 + (outcome == "math") / 10, (i * 17 % 190 + 5) / 1000
            rows.append([f"Writer {i:02}", 1950 + i, outcome, 20 + i, 31 + 2 * i, yi, vi])
    return rows


def test_every_effect_comes_in_with_its_groups(workspace: Workspace) -> None:
    """Also one of exactly 0, or with sixteen decimals; and to link the sheet twice changes nothing."""
    rows = coaching()
    assert any(row[5] == 0 for row in rows)
    assert any(len(str(row[5])) > 16 for row in rows)
    linked(workspace, rows, COACHING)
    wanted = sorted(tuple(row) for row in rows[1:])
    assert len(wanted) == 67
    assert effects(workspace, *rows[0]) == wanted
    assert checks.check(workspace) == []
    again = linked(workspace, rows, COACHING)
    assert not again.written
    assert effects(workspace, *rows[0]) == wanted


def test_a_row_a_study_without_groups(workspace: Workspace) -> None:
    """An effect has how many it rests on itself; numbers are read as R writes them."""
    rows = [["study", "year", "ni", "yi", "vi"], ["Ash", 1990, 60, 0.65, 0.07], ["Elm", 1991, 34, -0.75, 1.26e-05]]
    linked(workspace, rows, WRITING)
    assert effects(workspace, *rows[0]) == [tuple(row) for row in rows[1:]]
    assert checks.check(workspace) == []


def test_a_control_of_two_contrasts_is_one_group_with_one_number(workspace: Workspace) -> None:
    """What a sheet tells on two rows alike is told once; two effects that look alike stay two, and are named."""
    recipe = COACHING.replace("Coached, n", "{column: arm}, n").replace("group: Coached", "group: {column: arm}")
    rows = [["study", "year", "outcome", "arm", "n1i", "n2i", "yi", "vi"]]
    rows += [["Ash", 1990, "verbal", arm, n, 30, 0.5, 0.1] for arm, n in (("Games", 20), ("Drill", 25), ("Drill", 25))]
    linked(workspace, rows, recipe)
    assert [each["n"] for each in results(workspace, "ash") if "n" in each] == [20, 30, 25]
    assert effects(workspace, "group1", "n1i", "n2i") == [("Drill", 25, 30), ("Drill", 25, 30), ("Games", 20, 30)]
    assert [each.message[:36] for each in checks.check(workspace)] == ["another result of the study has the "]
    assert not linked(workspace, rows, recipe).written


def test_another_number_is_a_conflict(workspace: Workspace) -> None:
    """What is held stays, unless the sheet goes first."""
    rows = [["study", "year", "ni", "yi", "vi"], ["Ash", 1990, 60, 0.65, 0.07]]
    linked(workspace, rows, WRITING)
    rows[1][3] = 0.56
    kept = linked(workspace, rows, WRITING)
    assert any("estimate of result/ash/1 is `0.65` in the review and `0.56`" in note for note in kept.plan.notes)
    assert effects(workspace, "yi") == [(0.65,)]
    linked(workspace, rows, WRITING, update=True)
    assert effects(workspace, "yi", "vi") == [(0.56, 0.07)]


LONG = ["study", "year", "Coder", "outcome", "when", "arm", "n", "m", "sd", "at", "done"]


def test_what_cells_can_say(workspace: Workspace) -> None:
    """Numbers with marks and per cent, what isn't reported, what is no number, and an empty row of numbers."""
    rows = [
        LONG,
        ["Ash", 1990, "", "Recall", "week 4", "Cards", "~20", "3.5", "n.s.", "p. 4", "<5%"],
        ["Ash", 1990, "", "Recall", "week 4", "Usual", "NR", "NR", "", "p. 4", ""],
        ["Ash", 1990, "", "Recall", "week 9", "Usual", "", "", "", "p. 4", ""],
    ]
    notes = linked(workspace, rows, ARMS).plan.notes
    about = {"concept": "value/outcome/recall", "locatedAt": "locator/Report-ash-p-4"}
    assert results(workspace, "ash") == [
        about | {"time": "week 4", "group": "group/ash/cards", "n": 20, "mean": 3.5, "note": "n: ~20; sd: n.s."},
        {"statistic": "completion-rate", "value": 5, "unit": "percent", "comparator": "<"}
        | {"locatedAt": about["locatedAt"]},
        about | {"time": "week 4", "group": "group/ash/usual", "state": "not-reported"},
    ]
    assert "row 2, sd: `n.s.` is no number; not taken as sd" in notes
    assert checks.check(workspace) == []


def test_coders_have_to_agree(workspace: Workspace) -> None:
    """What they have alike holds, what differs is named and kept as their cells."""
    rows = [LONG]
    for coder, mean in (("Ann", 3.5), ("Ben", 3.6)):
        rows.append(["Ash", 1990, coder, "Recall", "", "Cards", 20, mean, 1, "p. 4", ""])
        rows.append(["Ash", 1990, coder, "Recall", "", "Usual", 20, 3, 1, "p. 4", ""])
    notes = linked(workspace, rows, ARMS).plan.notes
    assert [each["group"] for each in results(workspace, "ash")] == ["group/ash/usual"]
    told = [note for note in notes if "coders differ" in note]
    assert ["only Ann (row 2)" in told[0], "mean 3.5" in told[0], "only Ben (row 4)" in told[1]] == [True, True, True]
    cells = (workspace.review / "codings" / "cells" / "ann.csv").read_text("utf-8")
    assert "result 1,mean,3.5" in cells


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ("{metric: SMD, estimat: {column: yi}}", "did you mean `estimate`"),
        ("{metric: SMD, statistic: d, estimate: {column: yi}}", "a metric, being an effect, or a statistic"),
        ("{value: {column: yi}}", "needs the `statistic`"),
        ("{outcome: {column: yi}}", "a number is needed, one of estimate, se"),
    ],
)
def test_a_recipe_that_cannot_be_followed(workspace: Workspace, result: str, message: str) -> None:
    """Is told with what is allowed."""
    with pytest.raises(DataError, match=message):
        linked(workspace, [["study", "yi"], ["Ash", 1]], HEAD + f"  results: [{result}]\n")
