"""The extraction workbook: what is in it, and what comes back from it."""

from __future__ import annotations

import io
import shutil
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Copy, evigraph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evigraph import checks, data, ingest, updating
from evigraph.coding import workbook_form, workbook_out
from evigraph.data import Document
from evigraph.errors import DataError, UsageError
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.updating import Outcome
from evigraph.updating.new_review import Outline, create

Edit = Callable[[Any], None]
"""What a coder does to an open workbook."""


def given_back(workspace: Workspace, path: Path, coder: str = "", *edits: Edit) -> Path:
    """A workbook of the workspace, as a coder gives it back."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_out.workbook_of(workspace, [])))
    book["read me"]["B4"] = coder
    for edit in edits:
        edit(book)
    book.save(path)
    return path


def linked(workspace: Workspace, *paths: Path, update: bool = False) -> Outcome:
    """What linking workbooks does."""
    return updating.link(workspace, list(paths), Options(update=update, date="2024-05-01"), dry_run=False)


def cell(sheet: str, heading: str, record: str, value: Any) -> Edit:
    """Write into the cell below a heading, in the row of a record."""

    def edit(book: Any) -> None:
        rows = list(book[sheet].iter_rows())
        column = [each.value for each in rows[0]].index(heading)
        tells = 0 if sheet == "studies" else 1
        next(row for row in rows[1:] if row[tells].value == record)[column].value = value

    return edit


def added(sheet: str, **cells: Any) -> Edit:
    """Fill in the first empty row."""

    def edit(book: Any) -> None:
        headings = [each.value for each in book[sheet][1]]
        row = next(i for i in range(2, 9999) if not any(each.value for each in book[sheet][i]))
        for heading, value in cells.items():
            book[sheet].cell(row, headings.index(heading.replace("_", " ")) + 1).value = value

    return edit


def findings(workspace: Workspace, study: str) -> dict[str, dict[str, Any]]:
    """The findings of a study by id."""
    content = data.read_document(workspace.review / "studies" / f"{study}.yaml", study).content
    return {each["id"].removeprefix("finding/"): each for each in content.get("findings", [])}


def tree(root: Path) -> dict[str, bytes]:
    """Every file of a review."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_an_unchanged_workbook_changes_nothing(copy: Copy, tmp_path: Path) -> None:
    """All studies of the shipped review, out and in again; every row is counted."""
    before = tree(copy.review)
    outcome = linked(copy.workspace, given_back(copy.workspace, tmp_path / "coding.xlsx", "Ada"))
    batch = outcome.plan.batches[0]
    assert (outcome.written, outcome.plan.notes, batch.rejected) == (0, [], ())
    assert (
        batch.present
        == batch.read
        == sum(1 for _ in copy.review.glob("studies/*.yaml"))
        + len([e for path in copy.review.glob("studies/*.yaml") for e in findings(copy.workspace, path.stem)])
    )
    assert tree(copy.review) == before


def test_the_workbook_has_drop_downs_and_no_formula(copy: Copy) -> None:
    """Lists of the codebook behind named ranges, frozen headings, and text that stays text; calamine opens it too."""
    written = workbook_out.workbook_of(copy.workspace, [])
    book = openpyxl.load_workbook(io.BytesIO(written))
    assert book.sheetnames[:4] == ["read me", "studies", "findings", "codes"]
    ranges = {name: each.attr_text for name, each in book.defined_names.items()}
    rules = [rule for sheet in ("studies", "findings") for rule in book[sheet].data_validations.dataValidation]
    assert {rule.formula1.lstrip("=") for rule in rules} == set(ranges)
    for name in ("benefits", "drawbacks", "stakeholders", "questions", "effects", "stances", "studies"):
        first, last = ranges[workbook_form.defined(name)].replace("$", "").removeprefix("codes!B").split(":B")
        assert int(last) >= int(first)
    for sheet in book:
        assert not [each.coordinate for row in sheet for each in row if each.data_type in ("f", "e")]
    assert book["findings"].freeze_panes == book["studies"].freeze_panes == "C2"


def test_what_a_coder_changes_is_that_coders(copy: Copy, tmp_path: Path) -> None:
    """A changed cell, an attribute, and a new finding; the rest of the document stays, and the review holds."""
    record = "RQ1-P1-S1/maina-2022"
    path = given_back(
        copy.workspace,
        tmp_path / "ada.xlsx",
        "Ada Byron",
        cell("findings", "statement", record, "Said otherwise."),
        cell("studies", "methods", "maina-2022", "interviews"),
        added("findings", study="maina-2022", question="RQ2", statement="New.", place="p. 4", effect="unclear"),
    )
    before = findings(copy.workspace, "maina-2022")
    linked(copy.workspace, path)
    after = findings(copy.workspace, "maina-2022")
    changed = after.pop(record)
    assert changed == {**before.pop(record), "statement": "Said otherwise.", "coding": "coding/2024-05-01-ada-byron"}
    new = after.pop(next(key for key in after if key not in before))
    assert (new["locatedAt"], new["coding"]) == ("locator/Report-maina-2022-p-4", "coding/2024-05-01-ada-byron")
    assert after == before
    assert checks.check(copy.workspace) == []
    assert "Ada Byron" in (copy.review / "codings" / "ada-byron.yaml").read_text("utf-8")


@pytest.fixture
def small(tmp_path: Path) -> Workspace:
    """A new review with one study and a benefit."""
    review = create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    with (review / "codebook.yaml").open("a", encoding="utf-8") as out:
        out.write(
            "benefits:\n  - {id: benefit/ease, type: Benefit, label: Ease, position: 1, definition: Easy., inScheme: "
            "codebook/benefits, concerns: [stakeholder/participant]}\n"
        )
    locator = "{id: locator/R-P1, type: Locator, label: R P1, section: R}"
    (review / "outline.yaml").write_text(f"id: review\ntype: Review\nlocators:\n  - {locator}\n", "utf-8")
    finding = (
        "{id: finding/doe-2023/1, type: Finding, answers: [question/rq-1], effect: positive, benefit: benefit/ease, "
        "statement: Easy., locatedAt: locator/R-P1, coding: coding/first}"
    )
    inclusion = "{id: inclusion/doe-2023, type: Inclusion, state: stated}"
    (review / "studies" / "doe-2023.yaml").write_text(
        f"id: study/doe-2023\ntype: Study\nlabel: Doe (2023)\ninclusion: {inclusion}\nfindings:\n  - {finding}\n",
        "utf-8",
    )
    return find_workspace(tmp_path / "mine")


def test_coders_who_agree_are_both_named(small: Workspace, tmp_path: Path) -> None:
    """The same change and the same new finding of two coders; the coding is of both, and each one's is kept apart."""
    edits = [
        cell("findings", "statement", "doe-2023/1", "It was easy."),
        added("findings", study="doe-2023", benefit="Ease", statement="Still easy.", place="p. 2"),
    ]
    paths = [given_back(small, tmp_path / f"{name}.xlsx", name, *edits) for name in ("Ada", "Bo")]
    linked(small, *paths)
    found = findings(small, "doe-2023")
    assert {each["coding"] for each in found.values()} == {"coding/2024-05-01-ada-bo"}
    assert [each["statement"] for each in found.values()] == ["It was easy.", "Still easy."]
    kept = [(small.review / "codings" / "cells" / f"{name}.csv").read_text("utf-8") for name in ("ada", "bo")]
    assert kept[0] == kept[1]
    assert "doe-2023,doe-2023/1,statement,It was easy." in kept[0]
    assert checks.check(small) == []


def test_coders_who_differ_are_named_and_neither_wins(small: Workspace, tmp_path: Path) -> None:
    """In a cell, and in a new finding with the same code at the same place."""
    ada = given_back(
        small,
        tmp_path / "ada.xlsx",
        "Ada",
        cell("findings", "statement", "doe-2023/1", "Very easy."),
        added("findings", study="doe-2023", stakeholders="Participant", benefit="Ease", statement="A.", place="p. 2"),
    )
    bo = given_back(
        small,
        tmp_path / "bo.xlsx",
        "Bo",
        cell("findings", "statement", "doe-2023/1", "Rather easy."),
        added("findings", study="doe-2023", benefit="Ease", statement="B.", place="p. 2"),
    )
    notes = linked(small, ada, bo).plan.notes
    assert findings(small, "doe-2023")["doe-2023/1"]["statement"] == "Easy."
    assert len(findings(small, "doe-2023")) == 1
    assert "doe-2023/1, statement: coders differ: Ada `Very easy.`; Bo `Rather easy.`" in notes[0]
    assert "coders differ on a new finding: Ada `" in notes[1]
    assert notes[1].count("concerns ") == 2  # where they differ is shown


def test_a_second_coder_later_does_not_overwrite_the_first(small: Workspace, tmp_path: Path) -> None:
    """Both began with the same workbook; the later change is a conflict, unless --update says otherwise."""
    paths = [
        given_back(small, tmp_path / f"{name}.xlsx", name, cell("findings", "statement", "doe-2023/1", f"{name}."))
        for name in ("Ada", "Bo")
    ]
    linked(small, paths[0])
    assert "the review has `Ada.`, and Bo: `Bo.`" in linked(small, paths[1]).plan.notes[0]
    assert findings(small, "doe-2023")["doe-2023/1"]["statement"] == "Ada."
    linked(small, paths[1], update=True)
    assert findings(small, "doe-2023")["doe-2023/1"]["statement"] == "Bo."


@pytest.mark.parametrize(
    ("edit", "note"),
    [
        (cell("findings", "benefit", "doe-2023/1", "Eaze"), "`Eaze` is no benefit that is known"),
        (cell("findings", "effect", "doe-2023/1", "up"), "`up` is no effect that is known"),
        (cell("findings", "statement", "doe-2023/1", None), "it can't be empty"),
        (cell("findings", "quantities", "doe-2023/1", "many"), "`many` is no quantity"),
        (cell("findings", "study", "doe-2023/1", "roe-2024"), "can't go to another study"),
        (cell("studies", "label", "doe-2023", None), "a label can't be empty"),
        (cell("studies", "year", "doe-2023", 2023), "fill in the title first"),
        (added("findings", study="nobody", statement="x"), "`nobody` is no study"),
        (added("findings", study="doe-2023", effect="none"), "a finding needs its statement"),
        (added("studies", year=2020), "neither a label nor a title"),
        (lambda book: book["findings"].delete_rows(2), "`doe-2023/1` is gone from findings; it stays"),
        (added("findings", study="doe-2023", id="doe-2023/1", statement="Copied."), "stands in row 2 already"),
        (lambda book: book["findings"].cell(1, 14, "mood"), "the column `mood` of findings was left out"),
    ],
)
def test_what_cannot_be_taken_is_named_and_changes_nothing(
    small: Workspace, tmp_path: Path, edit: Edit, note: str
) -> None:
    """The place, what is wrong, and the mend; the cell stays as it was."""
    before = tree(small.review)
    outcome = linked(small, given_back(small, tmp_path / "ada.xlsx", "Ada", edit))
    assert note in "\n".join(outcome.plan.notes)
    assert tree(small.review) == before


def test_a_new_study_comes_with_its_findings(small: Workspace, tmp_path: Path) -> None:
    """A row without a key, which a finding names by its label."""
    path = given_back(
        small,
        tmp_path / "ada.xlsx",
        "Ada",
        added("studies", label="Roe (2024)", title="On ease", authors="Roe, R.", year=2024, doi="10.5555/roe"),
        added("findings", study="Roe (2024)", benefit="Ease", statement="Easy again.", quantities="n = 12.5 percent"),
    )
    assert list(linked(small, path).plan.studies.values()) == ["Roe (2024)"]
    found = findings(small, "roe-2024")["roe-2024/1"]
    assert (found["effect"], found["answers"], found["quantities"][0]["value"]) == (
        "positive",
        ["question/rq-1"],
        12.5,
    )
    assert checks.check(small) == []
    assert linked(small, path).written == 0


def test_records_of_a_file_are_laid_out_as_new_studies(small: Workspace, tmp_path: Path) -> None:
    """Each with its publication, ready to be coded."""
    (tmp_path / "new.ris").write_text("TY  - JOUR\nTI  - On ease\nAU  - Roe, R.\nPY  - 2024\nER  - \n", "utf-8")
    book = openpyxl.load_workbook(io.BytesIO(workbook_out.workbook_of(small, [str(tmp_path / "new.ris")])))
    assert [each.value for each in book["studies"][2]][:5] == [None, "Roe (2024)", "On ease", "Roe, R.", 2024]
    book.save(tmp_path / "coding.xlsx")
    assert list(linked(small, tmp_path / "coding.xlsx").plan.studies.values()) == ["Roe (2024)"]
    with pytest.raises(UsageError, match="no study of the review and no file"):
        workbook_out.workbook_of(small, ["nothing"])


def test_a_workbook_of_another_review_is_refused(small: Workspace, copy: Copy, tmp_path: Path) -> None:
    """And one that lacks a sheet; one that only has a sheet of that name isn't ours."""
    path = given_back(copy.workspace, tmp_path / "other.xlsx", "Ada")
    with pytest.raises(DataError, match="a workbook of another review"):
        linked(small, path)
    with pytest.raises(DataError, match="the sheet `findings` is missing"):
        linked(small, given_back(small, tmp_path / "half.xlsx", "Ada", lambda book: book.remove(book["findings"])))
    book = openpyxl.Workbook()
    book.worksheets[0].title = "evigraph"
    book.worksheets[0].append(["Title", "Year"])
    book.worksheets[0].append(["On ease", 2020])
    book.save(tmp_path / "plain.xlsx")
    assert len(ingest.read(tmp_path / "plain.xlsx").records) == 1


HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "=cmd|' /C calc'!A0",
    "#N/A",
    "00123",
    "TRUE",
    "a\u0000b\u000bc",
    "x" * 40_000,
]


def test_hostile_texts_stay_texts(small: Workspace, tmp_path: Path) -> None:
    """What a spreadsheet would calculate is written as text, and comes back unchanged."""
    path = small.review / "studies" / "doe-2023.yaml"
    content = data.read_document(path, "studies/doe-2023").content
    one = content["findings"][0]
    for i, text in enumerate(HOSTILE, 2):
        content["findings"].append(
            {
                **one,
                "id": f"finding/doe-2023/{i}",
                "statement": text.strip("\t").replace("\u0000", "").replace("\u000b", "") or "x",
            }
        )
    path.write_text(data.dump(content), "utf-8")
    given_back(small, tmp_path / "ada.xlsx", "Ada")
    book = openpyxl.load_workbook(tmp_path / "ada.xlsx")
    assert {each.data_type for row in book["findings"].iter_rows(min_row=2, max_col=10) for each in row} <= {"s", "n"}
    guarded = next(each for row in book["findings"] for each in row if each.value == "=1+1")
    assert (guarded.data_type, guarded.quotePrefix) == ("s", True)
    assert linked(small, tmp_path / "ada.xlsx").written == 0


def test_a_formula_without_a_value_is_named(small: Workspace, tmp_path: Path) -> None:
    """Its row is rejected, and what it held stays as it was."""

    def formula(book: Any) -> None:
        cell("findings", "statement", "doe-2023/1", '=CONCATENATE("a","b")')(book)

    before = tree(small.review)
    outcome = linked(small, given_back(small, tmp_path / "ada.xlsx", "Ada", formula))
    rejected = outcome.plan.batches[0].rejected
    assert "holds a formula without a value" in rejected[0].reason
    assert outcome.plan.batches[0].present == outcome.plan.batches[0].read + len(rejected)
    assert tree(small.review) == before


TEXTS = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), st.sampled_from("=+-@;()\"' ")
    ),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip(string.whitespace))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_codes_and_texts_go_round(documents: list[Document], tmp_path: Path, drawn: st.DataObject) -> None:
    """Codes that hold every mark, several values, numbers, states: out, in, and nothing differs."""
    root = tmp_path / "any"
    shutil.rmtree(root, ignore_errors=True)
    review = create(root, "any", Outline("Any", "https://example.org/any/"))
    labels = drawn.draw(st.lists(TEXTS, min_size=2, max_size=4, unique=True))
    codebook = data.read_document(review / "codebook.yaml", "codebook").content
    people = [
        {**codebook["stakeholders"][0], "id": f"stakeholder/{i}", "label": label, "position": i}
        for i, label in enumerate(labels, 1)
    ]
    (review / "codebook.yaml").write_text(data.dump({**codebook, "stakeholders": people}), "utf-8")
    place = {"id": "locator/R-P1", "type": "Locator", "label": "R P1", "section": "R"}
    (review / "outline.yaml").write_text(data.dump({"id": "review", "type": "Review", "locators": [place]}), "utf-8")
    concerned = drawn.draw(st.lists(st.sampled_from([each["id"] for each in people]), unique=True))
    finding = {
        **{"id": "finding/a/1", "type": "Finding", "answers": ["question/rq-1"], "effect": "mixed"},
        **{"statement": drawn.draw(TEXTS), "locatedAt": "locator/R-P1", "coding": "coding/first"},
        **({"concerns": sorted(concerned)} if concerned else {}),
    }
    values = drawn.draw(st.lists(st.one_of(TEXTS, st.integers(-9999, 9999), st.just(None)), max_size=3))
    characteristics = [
        {
            **{"id": f"characteristic/a/size-{i}", "type": "Characteristic", "attribute": "size"},
            **({"state": "not-reported"} if value is None else {"state": "stated", "locatedAt": "locator/R-P1"}),
            **({"text": value} if isinstance(value, str) else {"value": value} if value is not None else {}),
        }
        for i, value in enumerate(values, 1)
    ]
    inclusion = {"id": "inclusion/a", "type": "Inclusion", "state": "stated"}
    study = {"id": "study/a", "type": "Study", "label": drawn.draw(TEXTS), "inclusion": inclusion}
    study |= {"findings": [finding]} | ({"characteristics": characteristics} if characteristics else {})
    (review / "studies" / "a.yaml").write_text(data.dump(study), "utf-8")
    workspace = find_workspace(root)
    before = tree(review)
    outcome = linked(workspace, given_back(workspace, tmp_path / "any.xlsx"))
    assert (outcome.written, outcome.plan.notes) == (0, [])
    assert tree(review) == before


def test_the_commands(small: Workspace, tmp_path: Path) -> None:
    """Write a workbook, link it back, and say what it was."""
    root = str(small.root)
    assert evigraph("--workspace", root, "sheet", "-o", str(tmp_path / "coding.xlsx")).returncode == 0
    ran = evigraph("--workspace", root, "link", str(tmp_path / "coding.xlsx"))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "coding.xlsx: evigraph workbook: 2 rows, 2 read" in ran.stdout
    assert ingest.read(tmp_path / "coding.xlsx").tables["findings"][0][1][:3] == ["study", "id", "question"]


def test_values_of_findings_go_out_and_come_back(tmp_path: Path) -> None:
    """Attributes that the codebook declares for findings have columns; one changed cell is one changed value."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/", ("Does it?",), kind="narrative"))
    workspace = find_workspace(tmp_path / "mine")
    (workspace.review / "codes").mkdir(exist_ok=True)
    (workspace.review / "codes" / "strength.yaml").write_text(DECLARED, "utf-8")
    new = added("findings", study="Ash", statement="It works.", question="RQ1", strength="strong", dose=2, parts="a; b")
    outcome = linked(workspace, given_back(workspace, tmp_path / "new.xlsx", "Ada", added("studies", label="Ash"), new))
    (study,) = (path.stem for path in (workspace.review / "studies").glob("*.yaml"))
    assert outcome.plan.notes == []
    assert told(workspace, study) == {"strength": ["stated value/strength/strong"], "dose": ["2"], "parts": ["a", "b"]}
    assert linked(workspace, given_back(workspace, tmp_path / "same.xlsx", "Ada")).written == 0
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_out.workbook_of(workspace, [])))
    assert "strength" not in [each.value for each in sheet["studies"][1]]
    edits = [cell("findings", "strength", f"{study}/1", "weak (inferred: the sample)")]
    edits += [cell("findings", "dose", f"{study}/1", "much"), cell("findings", "parts", f"{study}/1", "b; c")]
    outcome = linked(workspace, given_back(workspace, tmp_path / "changed.xlsx", "Bo", *edits))
    assert [note.partition(", findings row 2, ")[2] for note in outcome.plan.notes] == [
        "dose: `dose` is a number, not `much`; kept as it is"
    ]
    assert told(workspace, study) == {"strength": ["inferred value/strength/weak"], "dose": ["2"], "parts": ["b", "c"]}
    emptied = cell("findings", "parts", f"{study}/1", None), cell("findings", "strength", f"{study}/1", "middling")
    outcome = linked(workspace, given_back(workspace, tmp_path / "emptied.xlsx", "Bo", *emptied))
    assert "`middling` is no code of `strength`" in outcome.plan.notes[0]
    assert told(workspace, study) == {"strength": ["inferred value/strength/weak"], "dose": ["2"]}


DECLARED = """id: review
type: Review
attributeValues:
  - {id: value/strength/strong, type: AttributeValue, label: strong, definition: Much., position: 1,
     inScheme: codebook/strength}
  - {id: value/strength/weak, type: AttributeValue, label: weak, definition: Little., position: 2,
     inScheme: codebook/strength}
codebooks: [{id: codebook/strength, label: Strength}]
attributes:
  - {id: attribute/strength, label: Strength, definition: How strong., as: code, appliesTo: [finding]}
  - {id: attribute/dose, label: Dose, definition: How much., as: number, appliesTo: [finding]}
  - {id: attribute/parts, label: Parts, definition: Of what., as: text, appliesTo: [finding],
     multiple: true, ordered: true}
"""


def told(workspace: Workspace, study: str) -> dict[str, list[str]]:
    """The values of the first finding of a study by their attribute."""
    documents = {each.name: each for each in data.read_documents(workspace)}
    found: dict[str, list[str]] = {}
    for each in documents[f"studies/{study}"].content["findings"][0].get("characteristics", []):
        said = f"{each['state']} {each['concept']}" if "concept" in each else str(each.get("text", each.get("value")))
        found.setdefault(each["attribute"], []).append(said)
    return found
