"""Values of attributes of groups and results in the workbook: shown, changed, refused, and back unchanged."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_workbook_records import added, cell, files, given_back, linked, study

from evigraph import checks
from evigraph.coding import workbook_out
from evigraph.files import journal
from evigraph.paths import Workspace, find_workspace
from evigraph.updating.new_review import Outline, create

CODEBOOK = """
attributes:
  - {id: attribute/region, label: Region, definition: Where., as: code, appliesTo: [group], multiple: true}
  - {id: attribute/age, label: Age, definition: Mean years., as: number, appliesTo: [group]}
  - {id: attribute/kind, label: Kind, definition: What for., as: text, appliesTo: [group]}
  - {id: attribute/adjusted, label: Adjusted, definition: For what., as: code, appliesTo: [result], multiple: true}
  - {id: attribute/blind, label: Blind, definition: Blinded., as: boolean, appliesTo: [result]}
attributeValues:
  - {id: value/region/north, type: AttributeValue, label: North, definition: N., position: 1, inScheme: codebook/region}
  - {id: value/region/south, type: AttributeValue, label: South, definition: S., position: 2, inScheme: codebook/region}
  - {id: value/adjusted/age, type: AttributeValue, label: Age, definition: A., position: 1, inScheme: codebook/adjusted}
  - {id: value/adjusted/sex, type: AttributeValue, label: Sex, definition: S., position: 2, inScheme: codebook/adjusted}
codebooks: [{id: codebook/region, label: Region}, {id: codebook/adjusted, label: Adjusted}]
"""
STUDY = """id: study/ash-2001
type: Study
label: Ash 2001
inclusion: {id: inclusion/ash-2001, state: stated, verdict: include}
reports: [{id: report/ash-2001, title: Ash, year: 2001}]
groups:
  - {id: group/ash-2001/a, label: A, n: 4, values: {region: [{value: North, at: report p. 4},
     {value: South, at: report p. 5}], age: {value: 9.5, state: inferred, basis: from Table 1}}}
  - {id: group/ash-2001/b, label: B, values: {at: report, region: not-reported, age: 8, kind: waiting list}}
results:
  - {id: result/ash-2001/1, measure: Recall, group: group/ash-2001/a, statistic: score, mean: 4, n: 4,
     values: {adjusted: {value: Age, note: Kept., at: report p. 6}, blind: {value: true, at: report}}}
  - {id: result/ash-2001/2, measure: Recall, group: group/ash-2001/b, statistic: score, mean: 3, n: 4}
locators:
  - {id: locator/Report-ash-2001, label: Report ash-2001, section: Report ash-2001}
  - {id: locator/Report-ash-2001-p-4, label: Report ash-2001 p. 4, section: Report ash-2001}
  - {id: locator/Report-ash-2001-p-5, label: Report ash-2001 p. 5, section: Report ash-2001}
  - {id: locator/Report-ash-2001-p-6, label: Report ash-2001 p. 6, section: Report ash-2001}
"""


def _made(root: Path) -> Workspace:
    create(root, "mine", Outline("Mine", "https://example.org/mine/", kind="map"))
    workspace = find_workspace(root)
    (workspace.review / "codebook.yaml").write_text("id: review\ntype: Review\n" + CODEBOOK.lstrip("\n"), "utf-8")
    (workspace.review / "studies").mkdir(exist_ok=True)
    (workspace.review / "studies" / "ash-2001.yaml").write_text(STUDY, "utf-8")
    return workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A review whose groups and results have values of their own."""
    return _made(tmp_path / "mine")


def sheets(workspace: Workspace) -> dict[str, dict[str, dict[str, Any]]]:
    """The rows of the groups and of the results by id."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_out.workbook_of(workspace, [])))
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name in ("groups", "results"):
        heads = [each.value for each in book[name][1]]
        listed = [dict(zip(heads, (c.value for c in row), strict=True)) for row in book[name].iter_rows(2, 9)]
        found[name] = {each["id"]: each for each in listed if each["id"]}
    return found


def test_values_and_their_places_are_shown(workspace: Workspace, tmp_path: Path) -> None:
    """States, several values, inferred numbers, a place for each; a name that a column has already says what it is."""
    groups, results = sheets(workspace).values()
    a, b = groups["ash-2001/a"], groups["ash-2001/b"]
    assert a["region"] == "North; South"
    assert a["region: place"] == "Report ash-2001 p. 4; Report ash-2001 p. 5"
    assert a["age"] == "9.5 (inferred: from Table 1)"
    assert (b["region"], b["age"], b["kind"], b["kind (attribute)"]) == ("not reported", 8, None, "waiting list")
    one = results["ash-2001/1"]
    assert (one["adjusted"], one["adjusted: place"], one["blind"]) == ("Age", "Report ash-2001 p. 6", "true")
    assert "adjusted" not in groups["ash-2001/a"]
    before = files(workspace)
    assert linked(workspace, given_back(workspace, tmp_path / "ann.xlsx", "Ann")).written == 0
    assert files(workspace) == before


def values(record: dict[str, Any], attribute: str) -> list[Any]:
    """What a record says of an attribute: each value, or its state, with its place."""
    held = [each for each in record.get("characteristics", []) if each["attribute"] == attribute]
    said = (each.get("concept", each.get("text", each.get("value", each["state"]))) for each in held)
    return [
        (one, each.get("locatedAt", "").removeprefix("locator/Report-ash-2001"))
        for one, each in zip(said, held, strict=True)
    ]


NORTH, SOUTH = "value/region/north", "value/region/south"
CHANGES: list[tuple[str, str, str, Any, Callable[[dict[str, Any]], Any], Any]] = [
    ("groups", "region", "ash-2001/a", "North", lambda s: values(s["groups"][0], "region"), [(NORTH, "-p-4")]),
    ("groups", "region", "ash-2001/a", None, lambda s: values(s["groups"][0], "region"), []),
    ("groups", "region: place", "ash-2001/a", "p. 4; p. 7", lambda s: values(s["groups"][0], "region"),
     [(NORTH, "-p-4"), (SOUTH, "-p-7")]),
    ("groups", "region: place", "ash-2001/a", "-; p. 5", lambda s: values(s["groups"][0], "region"),
     [(NORTH, ""), (SOUTH, "-p-5")]),
    ("groups", "region", "ash-2001/b", "south", lambda s: values(s["groups"][1], "region"), [(SOUTH, "")]),
    ("groups", "age", "ash-2001/b", 8.25, lambda s: values(s["groups"][1], "age"), [(8.25, "")]),
    ("groups", "age", "ash-2001/b", "not reported", lambda s: values(s["groups"][1], "age"), [("not-reported", "")]),
    ("groups", "kind (attribute)", "ash-2001/b", "one; two", lambda s: values(s["groups"][1], "kind"),
     [("one; two", "")]),
    ("results", "adjusted", "ash-2001/1", "Sex", lambda s: values(s["results"][0], "adjusted"),
     [("value/adjusted/sex", "-p-6")]),
    ("results", "adjusted", "ash-2001/1", "Age; Sex", lambda s: values(s["results"][0], "adjusted"),
     [("value/adjusted/age", "-p-6"), ("value/adjusted/sex", "-p-6")]),
    ("results", "adjusted: place", "ash-2001/1", None, lambda s: values(s["results"][0], "adjusted"),
     [("value/adjusted/age", "")]),
    ("results", "blind", "ash-2001/2", "FALSE", lambda s: values(s["results"][1], "blind"), [("false", "")]),
    ("results", "adjusted", "ash-2001/2", "Sex (inferred: the model)",
     lambda s: s["results"][1]["characteristics"][0]["basis"], "the model"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "heading", "record", "value", "get", "wanted"), CHANGES)
def test_an_edited_cell_is_that_change_alone(
    workspace: Workspace, tmp_path: Path, sheet: str, heading: str, record: str, value: Any, get: Any, wanted: Any
) -> None:
    """No other cell differs afterwards, check holds, and undo takes it back."""
    before, shown = files(workspace), sheets(workspace)
    made = linked(workspace, given_back(workspace, tmp_path / "ann.xlsx", "Ann", cell(sheet, heading, record, value)))
    assert made.plan.notes == []
    assert get(study(workspace, "ash-2001")) == wanted
    differ = {
        (name, key, head)
        for name, listed in sheets(workspace).items()
        for key, row in listed.items()
        for head in row
        if row[head] != shown[name][key][head]
    }
    whole = {(sheet, record, heading)}
    # a value that goes takes its place with it
    assert whole <= differ <= whole | {(sheet, record, f"{heading}: place")}
    assert checks.check(workspace) == []
    journal.undo(workspace.root)
    assert files(workspace) == before


REFUSED = [
    ("groups", "region", "ash-2001/a", "Nort", "region: `Nort` is no code of `region`; did you mean `North`?"),
    ("groups", "region", "ash-2001/a", "North; not reported", "`not reported` can't stand beside a value"),
    ("groups", "region: place", "ash-2001/a", "p. 1; p. 2; p. 3", "are 3 places for 2 values"),
    ("groups", "age", "ash-2001/b", "eight", "`age` is a number, not `eight`"),
    ("results", "blind", "ash-2001/1", "perhaps", "`blind` is true or false, not `perhaps`"),
    ("results", "adjusted: place", "ash-2001/2", "p. 3", "adjusted, place: there is no value that stands there"),
    ("results", "adjusted", "ash-2001/2", "Sex (inferred: )", "write from what it is inferred"),
]


@pytest.mark.parametrize(("sheet", "heading", "record", "value", "message"), REFUSED)
def test_what_cannot_be_taken_is_named(
    workspace: Workspace, tmp_path: Path, sheet: str, heading: str, record: str, value: Any, message: str
) -> None:
    """With its row and a mend, and nothing changes."""
    before = files(workspace)
    made = linked(workspace, given_back(workspace, tmp_path / "a.xlsx", "Ann", cell(sheet, heading, record, value)))
    assert len(made.plan.notes) == 1
    assert message in made.plan.notes[0]
    assert files(workspace) == before


GROUP = {"study": "ash-2001", "label": "C", "region": "South; North", "region: place": "p. 9", "age": "not reported"}
RESULT = {"study": "ash-2001", "measure": "Recall", "group": "C", "statistic": "score", "mean": 2, "adjusted": "Sex"}


def test_new_rows_have_values(workspace: Workspace, tmp_path: Path) -> None:
    """With an id each; linked again, they are there once."""
    rows = [
        added("groups", GROUP),
        added("results", RESULT),
        added("results", RESULT | {"time": "later", "adjusted": "Age"}),
    ]
    path = given_back(workspace, tmp_path / "ann.xlsx", "Ann", *rows)
    assert linked(workspace, path).plan.notes == []
    content = study(workspace, "ash-2001")
    assert values(content["groups"][2], "region") == [(SOUTH, "-p-9"), (NORTH, "-p-9")]
    assert content["groups"][2]["characteristics"][1]["id"] == "group/ash-2001/c/region-1"
    assert [values(each, "adjusted") for each in content["results"][2:]] == [
        [("value/adjusted/sex", "")],
        [("value/adjusted/age", "")],
    ]
    assert checks.check(workspace) == []
    assert not linked(workspace, path).written


def test_coders_who_differ_in_a_code_are_named(workspace: Workspace, tmp_path: Path) -> None:
    """A code tells no two results apart."""
    ann = given_back(workspace, tmp_path / "ann.xlsx", "Ann", added("results", RESULT | {"group": "B"}))
    ben = given_back(
        workspace, tmp_path / "ben.xlsx", "Ben", added("results", RESULT | {"group": "B", "adjusted": "Age"})
    )
    notes = linked(workspace, ann, ben).plan.notes
    assert len(notes) == 1
    assert "coders differ on a new row of results" in notes[0]
    assert ("adjusted Sex" in notes[0], "adjusted Age" in notes[0]) == (True, True)
    assert len(study(workspace, "ash-2001")["results"]) == 2


SAID = st.lists(st.sampled_from(["North", "South", "not reported", "North (inferred: a; b)"]), unique=True, max_size=2)
AGES = st.one_of(st.integers(0, 99), st.floats(0, 99).map(lambda each: round(each, 3)), st.just("not applicable"))


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=SAID, age=AGES, text=st.text(st.sampled_from("ab;-=(@ é")).map(lambda each: " ".join(each.split())))
def test_what_was_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, said: list[str], age: Any, text: str
) -> None:
    """Whatever cells were taken, a workbook that is written then and given back changes nothing."""
    root = tmp_path_factory.mktemp("law")
    workspace = _made(root / "mine")
    edits = [cell("groups", head, "ash-2001/a", value) for head, value in (
        ("region", "; ".join(said) or None), ("age", age), ("kind (attribute)", text or None))]  # fmt: skip
    linked(workspace, given_back(workspace, root / "ann.xlsx", "Ann", *edits))
    before = files(workspace)
    made = linked(workspace, given_back(workspace, root / "again.xlsx", "Ann"))
    assert (made.written, made.plan.notes, files(workspace)) == (0, [], before)
