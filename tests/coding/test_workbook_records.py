"""Groups, results and appraisals in the workbook: what is in it, and what comes back from it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Copy, evigraph

from evigraph import checks, data, queries, updating
from evigraph.coding import packs, recipe_draft, workbook_out
from evigraph.files import journal
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating.new_review import Outline, create

Edit = Callable[[Any], None]
SHEET = (
    "Study,Year,Outcome,Mean (intervention),SD (intervention),N (intervention),Mean (control),SD (control),N (control),"
    "MD,CI lower,CI upper,D1,D2,D3,D4,D5,Overall\n"
    "Ash 2001,2001,Recall,12.5,3.1,40,11,3.3,41,1.5,0.1,2.9,Low,Low,Some concerns,Low,Low,Some concerns\n"
    "Elm 2002,2002,Recall,7,2,20,7,2.5,22,0,-1.4,1.4,High,Low,Low,Low,Low,High\n"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A review of effects with two studies, linked by a drafted recipe."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/", kind="effectiveness"))
    workspace = find_workspace(tmp_path / "mine")
    sheet, by = workspace.root / "sheet.csv", workspace.root / "my.yaml"
    sheet.write_text(SHEET, "utf-8")
    by.write_text(recipe_draft.draft(workspace, sheet), "utf-8")
    updating.link(workspace, [sheet], Options(by=by, date="2024-05-01"), dry_run=False)
    return workspace


def given_back(workspace: Workspace, path: Path, coder: str = "", *edits: Edit) -> Path:
    """A workbook of the workspace, as a coder gives it back."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_out.workbook_of(workspace, [])))
    book["read me"]["B4"] = coder
    for edit in edits:
        edit(book)
    book.save(path)
    return path


def linked(workspace: Workspace, *paths: Path, dry_run: bool = False) -> updating.Outcome:
    """What linking workbooks does."""
    return updating.link(workspace, list(paths), Options(date="2024-06-01"), dry_run=dry_run)


def cell(sheet: str, heading: str, record: str, value: Any) -> Edit:
    """Write into the cell below a heading, in the row of a record."""

    def edit(book: Any) -> None:
        rows = list(book[sheet].iter_rows())
        column = [each.value for each in rows[0]].index(heading)
        next(row for row in rows[1:] if row[1].value == record)[column].value = value

    return edit


def added(sheet: str, cells: dict[str, Any]) -> Edit:
    """Fill in the first empty row."""

    def edit(book: Any) -> None:
        headings = [each.value for each in book[sheet][1]]
        row = next(i for i in range(2, 99) if not any(each.value for each in book[sheet][i]))
        for heading, value in cells.items():
            book[sheet].cell(row, headings.index(heading) + 1).value = value

    return edit


def study(workspace: Workspace, key: str) -> dict[str, Any]:
    """A study's document."""
    return data.read_document(workspace.review / "studies" / f"{key}.yaml", key).content


def files(workspace: Workspace) -> dict[str, bytes]:
    """Every document."""
    return {str(path): path.read_bytes() for path in workspace.review.rglob("*") if path.is_file()}


def test_the_workbook_shows_what_there_is(workspace: Workspace) -> None:
    """A sheet of groups, one of results, one of the tool; drop-downs with its judgements; scales are no attributes."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_out.workbook_of(workspace, [])))
    assert book.sheetnames[:6] == ["read me", "studies", "findings", "groups", "results", "rob2"]
    assert book["groups"]["A2"].value == "ash-2001"
    results = [dict(zip([c.value for c in book["results"][1]], [c.value for c in row], strict=True)) for row in
               book["results"].iter_rows(min_row=2)]  # fmt: skip
    assert len(results) == 6
    effect = next(each for each in results if each["study"] == "ash-2001" and each["versus"])
    wanted = {"outcome": "Recall", "group": "Intervention", "versus": "Control", "metric": "MD", "estimate": 1.5}
    assert {key: effect[key] for key in wanted} == wanted
    headings = [each.value for each in book["rob2"][1]]
    assert headings[4:7] == ["Randomisation process", "Randomisation process: support", "Randomisation process: place"]
    rule = next(r for r in book["rob2"].data_validations.dataValidation if "E2" in str(r.sqref).split(":"))
    where = book.defined_names[rule.formula1.lstrip("=")].attr_text.replace("$", "").removeprefix("codes!")
    codes = [row[0].value for row in book["codes"][where]]
    assert codes == ["Low", "Some concerns", "High", "not reported", "not applicable"]
    assert not [each.value for each in book["studies"][1] if "rob2" in str(each.value)]
    told = [row[0].value for row in book["read me"].iter_rows(min_row=6)]
    assert {"groups", "results", "appraisals"} <= set(told)


def test_an_unchanged_workbook_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    """Every document stays, byte for byte."""
    before = files(workspace)
    made = linked(workspace, given_back(workspace, tmp_path / "ann.xlsx", "Ann"))
    assert (made.written, made.plan.notes, files(workspace)) == (0, [], before)


CHANGES: list[tuple[str, str, str, Any, Callable[[dict[str, Any]], Any], Any]] = [
    ("results", "n", "ash-2001/1", 42, lambda s: s["results"][0]["n"], 42),
    ("results", "mean", "ash-2001/1", 12.75, lambda s: s["results"][0]["mean"], 12.75),
    ("results", "time", "ash-2001/1", "week 4", lambda s: s["results"][0]["time"], "week 4"),
    ("results", "sd", "ash-2001/1", None, lambda s: s["results"][0].get("sd"), None),
    ("results", "state", "ash-2001/3", "inferred: computed", lambda s: s["results"][2]["basis"], "computed"),
    ("results", "group", "ash-2001/1", "Second arm", lambda s: s["groups"][2]["label"], "Second arm"),
    ("results", "place", "ash-2001/1", "Table 2", lambda s: s["results"][0]["locatedAt"],
     "locator/Report-ash-2001-table-2"),
    ("groups", "kind", "ash-2001/control", "control", lambda s: s["groups"][0]["kind"], "control"),
    ("groups", "n", "ash-2001/control", 44, lambda s: s["groups"][0]["n"], 44),
    ("rob2", "Randomisation process", "ash-2001/1", "High",
     lambda s: _judged(s, "randomisation")["concept"], "value/rob2-judgement/high"),
    ("rob2", "Randomisation process: support", "ash-2001/1", "By weekday.",
     lambda s: _judged(s, "randomisation")["note"], "By weekday."),
    ("rob2", "Overall", "ash-2001/1", "not reported", lambda s: _judged(s, "overall")["state"], "not-reported"),
    ("rob2", "Overall", "ash-2001/1", None, lambda s: _judged(s, "overall"), {}),
    ("rob2", "time", "ash-2001/1", "week 4", lambda s: s["appraisals"][0]["time"], "week 4"),
]  # fmt: skip


def _judged(content: dict[str, Any], domain: str) -> dict[str, Any]:
    held = content["appraisals"][0]["characteristics"]
    return next((each for each in held if each["attribute"] == f"rob2-{domain}"), {})


@pytest.mark.parametrize(("sheet", "heading", "record", "value", "get", "wanted"), CHANGES)
def test_an_edited_cell_is_that_change_alone(
    workspace: Workspace, tmp_path: Path, sheet: str, heading: str, record: str, value: Any, get: Any, wanted: Any
) -> None:
    """A dry run shows it and writes nothing; the link changes that study only, by that coder, and check holds."""
    before = files(workspace)
    path = given_back(workspace, tmp_path / "ann.xlsx", "Ann", cell(sheet, heading, record, value))
    tried = linked(workspace, path, dry_run=True)
    assert [name for name in tried.plan.contents if name.startswith("studies/")] == ["studies/ash-2001"]
    assert files(workspace) == before
    made = linked(workspace, path)
    assert made.plan.notes == []
    assert get(study(workspace, "ash-2001")) == wanted
    changed = {Path(name) for name, text in files(workspace).items() if before.get(name) != text}
    assert {path.name for path in changed if path.parent.name != "codings"} == {"ash-2001.yaml"}
    assert checks.check(workspace) == []
    journal.undo(workspace.root)
    assert files(workspace) == before


REFUSED = [
    ("results", "n", "ash-2001/1", "many", "`many` is no number"),
    ("results", "outcome", "ash-2001/1", "Nothing", "`Nothing` is no outcome"),
    ("results", "statistic", "ash-2001/3", "p-value", "a result has a metric, being an effect, or a statistic"),
    ("results", "state", "ash-2001/1", "perhaps", "a state is empty"),
    ("results", "study", "ash-2001/1", "elm-2002", "can't go to another study"),
    ("groups", "label", "ash-2001/control", None, "a group needs a label"),
    ("rob2", "Overall", "ash-2001/1", "Middling", "`Middling` is none of Low, Some concerns, High"),
]


@pytest.mark.parametrize(("sheet", "heading", "record", "value", "message"), REFUSED)
def test_what_cannot_be_taken_is_named(
    workspace: Workspace, tmp_path: Path, sheet: str, heading: str, record: str, value: Any, message: str
) -> None:
    """With its row and the reason, and nothing changes."""
    before = files(workspace)
    made = linked(workspace, given_back(workspace, tmp_path / "a.xlsx", "Ann", cell(sheet, heading, record, value)))
    assert len(made.plan.notes) == 1
    assert message in made.plan.notes[0]
    assert files(workspace) == before


NEW = {"study": "elm-2002", "outcome": "Recall", "time": "week 8", "group": "Intervention", "versus": "Control"}
EFFECT = NEW | {"metric": "SMD", "estimate": -0.25, "se": 0.1}
JUDGED = {
    "study": "elm-2002",
    "time": "week 8",
    "Randomisation process": "Low",
    "Randomisation process: support": "Coin.",
}


def test_new_rows_come_in(workspace: Workspace, tmp_path: Path) -> None:
    """A group, an effect and an appraisal; linked again, they are there once."""
    rows = [added("groups", {"study": "elm-2002", "label": "Girls", "kind": "subgroup", "n": 9})]
    rows += [added("results", EFFECT), added("rob2", JUDGED)]
    path = given_back(workspace, tmp_path / "ann.xlsx", "Ann", *rows)
    assert linked(workspace, path).plan.notes == []
    content = study(workspace, "elm-2002")
    group = {"id": "group/elm-2002/girls", "type": "Group", "label": "Girls", "kind": "subgroup", "n": 9}
    assert group in content["groups"]
    new = content["results"][-1]
    assert (new["estimate"], new["se"], new["metric"], new["group"]) == (
        -0.25,
        0.1,
        "SMD",
        "group/elm-2002/intervention",
    )
    assert content["appraisals"][-1]["characteristics"][0]["note"] == "Coin."
    assert checks.check(workspace) == []
    assert not linked(workspace, path).written
    table = queries.run(build.open_store(workspace), queries.load(workspace, "effects"), {})
    assert -0.25 in [row[table.columns.index("yi")] for row in table.rows]


def test_a_state_in_place_of_a_number(workspace: Workspace, tmp_path: Path) -> None:
    """Both cells change at once, and neither holds the other up."""
    edits = [cell("results", key, "ash-2001/1", None) for key in ("n", "mean", "sd")]
    path = given_back(
        workspace, tmp_path / "a.xlsx", "Ann", *edits, cell("results", "state", "ash-2001/1", "not reported")
    )
    assert linked(workspace, path).plan.notes == []
    made = study(workspace, "ash-2001")["results"][0]
    assert (made["state"], [key for key in ("n", "mean", "sd") if key in made]) == ("not-reported", [])
    assert checks.check(workspace) == []


def test_coders_who_differ_are_named(workspace: Workspace, tmp_path: Path) -> None:
    """Alike, a new row is of both; otherwise it isn't taken, nor is a cell that two changed otherwise."""
    ann = given_back(workspace, tmp_path / "ann.xlsx", "Ann", added("results", EFFECT), added("rob2", JUDGED),
                     cell("results", "n", "ash-2001/1", 42))  # fmt: skip
    ben = given_back(workspace, tmp_path / "ben.xlsx", "Ben", added("results", EFFECT | {"estimate": 0.25}),
                     added("rob2", JUDGED), cell("results", "n", "ash-2001/1", 43))  # fmt: skip
    notes = linked(workspace, ann, ben).plan.notes
    assert len(notes) == 2
    assert "ash-2001/1, n: coders differ: Ann `42`; Ben `43`; kept as it is, `40`" in notes[0]
    assert "elm-2002: coders differ on a new row of results: Ann `" in notes[1]
    assert len(study(workspace, "elm-2002")["results"]) == 3
    coding = study(workspace, "elm-2002")["appraisals"][-1]["coding"]
    held = [each for document in data.read_documents(workspace) for each in document.content.get("codings", [])]
    coders = next(each["coder"] for each in held if each["id"] == coding)
    assert coders == ["agent/ann", "agent/ben"]


def test_a_row_of_the_same_that_says_otherwise_is_no_second_one(workspace: Workspace, tmp_path: Path) -> None:
    """It is named with the row that is there."""
    row = JUDGED | {"time": None, "outcome": "Recall", "Randomisation process": "Low"}
    made = linked(workspace, given_back(workspace, tmp_path / "ann.xlsx", "Ann", added("rob2", row)))
    assert "`appraisal/elm-2002/1` is of the same" in made.plan.notes[0]
    assert made.written == 0


def test_a_map_has_none_of_it(tmp_path: Path) -> None:
    """Neither results nor appraisals, and no benefits, drawbacks or outcomes among the findings."""
    create(tmp_path / "map", "map", Outline("Map", "https://example.org/map/", kind="map"))
    book = openpyxl.load_workbook(io.BytesIO(workbook_out.workbook_of(find_workspace(tmp_path / "map"), [])))
    assert book.sheetnames[:4] == ["read me", "studies", "findings", "codes"]
    headings = {each.value for each in book["findings"][1]}
    assert not {"benefit", "drawback", "content focus", "outcome"} & headings
    assert {"statement", "question", "stance"} <= headings
    assert not {"results", "groups", "appraisals"} & {row[0].value for row in book["read me"].iter_rows(min_row=6)}


def test_a_tool_for_syntheses_has_no_sheet(workspace: Workspace) -> None:
    """Certainty is judged of what the review concludes, in its own document."""
    updating.change(workspace, "pack", lambda held: updating.of(packs.add(held, packs.named("grade"))), dry_run=False)
    book = openpyxl.load_workbook(io.BytesIO(workbook_out.workbook_of(workspace, [])))
    assert "rob2" in book.sheetnames
    assert "grade" not in book.sheetnames


def test_the_whole_path(tmp_path: Path) -> None:
    """Init, recipe, link, check, effects, appraisals, export, sheet, and link back, as somebody types them."""
    root = tmp_path / "trials"
    assert evigraph("init", str(root), "--kind", "effectiveness", "--question", "Does it help?").returncode == 0
    (root / "sheet.csv").write_text(SHEET, "utf-8")

    def ev(*command: str) -> str:
        done = evigraph("--workspace", str(root), *command)
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    ev("recipe", str(root / "sheet.csv"), "-o", str(root / "my.yaml"))
    ev("link", str(root / "sheet.csv"), "--recipe", str(root / "my.yaml"))
    ev("check")
    assert ev("run", "effects", "--format", "csv").count("Intervention") == 2
    assert "Some concerns" in ev("run", "appraisals", "--pivot", "--format", "csv")
    assert "12.5" in ev("export", "--format", "turtle")
    ev("sheet", "-o", str(root / "coding.xlsx"))
    assert "Nothing to write" in ev("link", str(root / "coding.xlsx"))


@pytest.mark.checkout
def test_the_shipped_review_goes_round(copy: Copy, tmp_path: Path) -> None:
    """With benefits and drawbacks, and without sheets that it doesn't need."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_out.workbook_of(copy.workspace, [])))
    assert "benefit" in {each.value for each in book["findings"][1]}
    book.save(tmp_path / "ann.xlsx")
    assert linked(copy.workspace, tmp_path / "ann.xlsx").written == 0
