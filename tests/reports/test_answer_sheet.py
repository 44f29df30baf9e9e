"""Answer sheets."""

from __future__ import annotations

import json

import pytest
from conftest import evigraph

from evigraph import queries
from evigraph.paths import Workspace
from evigraph.reports import answer_sheet
from evigraph.store import EmbeddedStore

QUESTIONS = [*(f"RQ{n}" for n in range(1, 10)), *(f"Goal {n}" for n in range(1, 4))]


@pytest.mark.parametrize("notation", QUESTIONS)
def test_a_sheet_holds_the_answers_of_its_query(shipped: Workspace, store: EmbeddedStore, notation: str) -> None:
    """As many statements as `rq-N` has rows, and counts of distinct studies."""
    sheet = answer_sheet.sheet(shipped, store, notation)
    answers = queries.run(store, queries.load(shipped, notation.lower().replace(" ", "-").replace("rq", "rq-")))
    assert len(sheet.parts["Statements"].rows) == len(answers.rows)
    for stance, studies, findings in sheet.parts["Studies by stance"].rows:
        mine = [row for row in answers.rows if row[1] == stance]
        assert (studies, findings) == (len({row[0] for row in mine}), len(mine))


@pytest.mark.parametrize("name", ["RQ6", "rq-6", "rq6"])
def test_a_question_has_several_names(name: str) -> None:
    """As people type it."""
    assert evigraph("ask", name).stdout.startswith("RQ6: ")


def test_it_fits_a_terminal() -> None:
    """80 columns."""
    for notation in QUESTIONS:
        assert max(map(len, evigraph("ask", notation).stdout.splitlines())) <= 80


def test_for_a_manuscript_and_a_program() -> None:
    """Markdown, HTML and JSON hold the same parts."""
    whole = json.loads(evigraph("ask", "RQ9", "--format", "json").stdout)
    assert list(whole["parts"]) == [
        "What the review concludes", "Studies by stance", "Studies by effect", "Studies by stakeholder", "Statements",
        "Opposite directions", "Discrepancies",
    ]  # fmt: skip
    markdown, page = (evigraph("ask", "RQ9", "--format", name).stdout for name in ("md", "html"))
    for title in whole["parts"]:
        assert f"## {title}" in markdown
        assert f"<h2>{title}</h2>" in page


def test_contradictions_name_what_is_known_of_the_studies(shipped: Workspace, store: EmbeddedStore) -> None:
    """Both sides, for one stakeholder."""
    rows = answer_sheet.sheet(shipped, store, "RQ8").parts["Opposite directions"].rows
    assert {row[2] for row in rows} == {"positive", "negative"}
    assert any("sample: " in str(row[4]) for row in rows)
    about = {row[1]: {each[2] for each in rows if each[1] == row[1]} for row in rows}
    assert all(sides == {"positive", "negative"} for sides in about.values())


def test_an_unknown_question() -> None:
    """It is answered with those there are."""
    ran = evigraph("ask", "RQ10")
    assert ran.returncode == 2
    assert "no question is called `RQ10`; there are Goal 1" in ran.stderr
