"""What is asked of a review of one's own: whom a finding concerns, on which outcome, where, and who says so."""

from __future__ import annotations

import pytest

from evigraph import queries, updating
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.reports import answer_sheet
from evigraph.store import Store
from evigraph.updating import new_review

RECIPE = """
label: a sheet
reader: sheet
fields: {title: [Title]}
columns:
  study: [Study]
  new-codes: add
  attributes:
    - {attribute: country, column: Country}
  findings:
    - answers: RQ1
      concerns: {column: Whom}
      benefit: {column: Benefit}
      outcome: {column: Outcome}
      direction: {column: Effect}
      statement: {column: Result}
      quantities:
        - {kind: mean, value: {column: Mean}, unit: points}
"""
SHEET = """Study,Title,Country,Whom,Benefit,Outcome,Effect,Result,Mean
Ash 2019,First,Canada,Teacher,Feedback,,+,Teachers got feedback.,
Ash 2019,First,Canada,Teacher,,Recall,+,They recalled more.,3.9
Ash 2019,First,Canada,Teacher,,Speed,-,They were slower.,3
Elm 2020,Second,Canada,Student,Feedback,,+,Students got feedback.,
Elm 2020,Second,Canada,Student,,Trust,+,They trusted more.,
Fir 2021,Third,,Student,,Trust,-,They trusted less.,
Fir 2021,Third,,Student,,Trust,+,They trusted more in the end.,
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A new review with the rows of a sheet."""
    root = tmp_path_factory.mktemp("own")
    outline = new_review.Outline(
        "Badges",
        "https://example.org/w/",
        questions=("Do badges help?",),
        stakeholders=("Student", "Teacher"),
        benefits=("Student: Feedback", "Student: Motivation"),
    )
    new_review.create(root / "w", "w", outline)
    (root / "recipe.yaml").write_text(RECIPE, "utf-8")
    (root / "sheet.csv").write_text(SHEET, "utf-8")
    found = find_workspace(root / "w")
    updating.link(found, [root / "sheet.csv"], Options(by=root / "recipe.yaml"), dry_run=False)
    return found


@pytest.fixture(scope="module")
def graph(workspace: Workspace) -> Store:
    """A store with its graph."""
    return build.open_store(workspace)


def asked(workspace: Workspace, graph: Store, name: str, **arguments: str) -> list[dict[str, object]]:
    """The rows of a query by their columns."""
    table = queries.run(graph, queries.load(workspace, name), arguments)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_a_country_that_is_a_code_is_reported(workspace: Workspace, graph: Store) -> None:
    """As one that is a text."""
    rows = asked(workspace, graph, "publications-by-country")
    assert {row["country"]: row["studies"] for row in rows} == {"Canada": 2, "not reported": 1}


def test_a_finding_counts_for_whom_it_concerns(workspace: Workspace, graph: Store) -> None:
    """Though the benefit that it states is somebody else's by the codebook."""
    rows = asked(workspace, graph, "benefits")
    assert [(row["stakeholder"], row["benefit"], row["studies"], row["sources"]) for row in rows] == [
        ("Student", "Feedback", 1, "Elm 2020"),
        ("Teacher", "Feedback", 1, "Ash 2019"),
    ]


@pytest.mark.parametrize(
    ("basis", "counts"),
    [
        ("", {"Student": 2, "Teacher": 1}),
        ("benefits", {"Student": 1, "Teacher": 1}),
        ("outcomes", {"Student": 2, "Teacher": 1}),
        ("drawbacks", {}),
        ("all-findings", {"Student": 2, "Teacher": 1}),
    ],
)
def test_findings_on_outcomes_count(workspace: Workspace, graph: Store, basis: str, counts: dict[str, int]) -> None:
    """Not those on benefits and drawbacks alone."""
    rows = asked(workspace, graph, "stakeholder-counts", **({"basis": basis} if basis else {}))
    assert {row["stakeholder"]: row["studies"] for row in rows} == counts


def test_two_outcomes_are_no_contradiction(workspace: Workspace, graph: Store) -> None:
    """Neither their numbers nor their directions; both of one outcome are."""
    found = [row["sentence"] for row in asked(workspace, graph, "discrepancies")]
    assert found == ["Fir 2021 has positive and negative effects on RQ1 for the student."]
    means = [(row["outcome"], row["value"]) for row in asked(workspace, graph, "quantities")]
    assert means == [("Recall", 3.9), ("Speed", 3)]


def test_who_says_so(workspace: Workspace, graph: Store) -> None:
    """Each statement names its study, also where no paper is quoted; opposites are of one outcome."""
    sheet = answer_sheet.sheet(workspace, graph, "RQ1")
    statements = sheet.parts["Statements"]
    place = statements.columns.index("study")
    assert {row[place] for row in statements.rows} == {"Ash 2019", "Elm 2020", "Fir 2021"}
    opposites = sheet.parts["Opposite directions"].rows
    assert {(row[1], row[2], row[3]) for row in opposites} == {
        ("Trust", "positive", "Elm 2020"),
        ("Trust", "positive", "Fir 2021"),
        ("Trust", "negative", "Fir 2021"),
    }
