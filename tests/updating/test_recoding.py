"""Codes renamed, merged and split."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Copy, evigraph

from evigraph import checks, data
from evigraph.coding import codebook
from evigraph.data import quads
from evigraph.errors import UsageError
from evigraph.files import journal
from evigraph.linking import Options
from evigraph.linking.sameness import Reason
from evigraph.paths import Workspace, find_workspace
from evigraph.updating import Outcome, link, recoding
from evigraph.updating.new_review import Outline, create

ANN = Reason("Too narrow.", "Ann", "2026-03-02")
HEADINGS = "title,year,authors,setting,question,stakeholder,benefit,statement,place\n"
RECIPE = """label: sheet
reader: sheet
fields: {title: [title], year: [year], authors: [authors]}
columns:
  new-codes: add
  attributes: [{attribute: setting, column: setting}]
  findings:
    - answers: {column: question}
      concerns: {column: stakeholder, split: ';'}
      benefit: {column: benefit}
      statement: {column: statement}
      place: {column: place}
"""


def sheet(root: Path, name: str, rows: list[str]) -> Path:
    """An extraction sheet."""
    path = root / name
    path.write_text(HEADINGS + "\n".join(rows) + "\n", "utf-8")
    return path


def linked(workspace: Workspace, path: Path) -> Outcome:
    """A sheet, linked by the recipe."""
    recipe = workspace.root / "recipe.yaml"
    recipe.write_text(RECIPE, "utf-8")
    return link(workspace, [path], Options(by=recipe), dry_run=False)


@pytest.fixture
def mine(tmp_path: Path) -> Workspace:
    """A review with three studies, their settings coded, and benefits for two kinds of people."""
    outline = Outline(
        "Mine",
        "https://example.org/mine/",
        stakeholders=("Pupil", "Student"),
        benefits=("Pupil: Ease", "Pupil: Comfort", "Student: Speed"),
        drawbacks=("Pupil: Ease of fraud",),
    )
    create(tmp_path / "mine", "mine", outline)
    workspace = find_workspace(tmp_path / "mine")
    rows = [
        'One study of it,2020,"Doe, J",Clinic,RQ1,Pupil,Ease,It was easy.,p. 1',
        'Another one of it,2021,"Roe, J",Ward,RQ1,Pupil; Student,Comfort,It was nice.,p. 2',
        'A third of that,2022,"Poe, J",Hospital,RQ1,Student,Speed,It was quick.,p. 3',
    ]
    linked(workspace, sheet(tmp_path, "first.csv", rows))
    assert checks.check(workspace) == []
    return workspace


def changed(workspace: Workspace, kind: str, *names: str) -> tuple[Outcome, list[str]]:
    """A change of codes, written."""
    return recoding.recode(workspace, kind, names, ANN, dry_run=False)


def codes(workspace: Workspace, key: str) -> dict[str, dict[str, Any]]:
    """The codes of a list by id."""
    documents = data.read_documents(workspace)
    return {each["id"]: each for document in documents for each in document.content.get(key, [])}


def finding(workspace: Workspace, study: str) -> dict[str, Any]:
    """The only finding of a study."""
    content = next(each.content for each in data.read_documents(workspace) if each.name == f"studies/{study}")
    (found,) = content["findings"]
    return dict(found)


def test_a_renamed_code(mine: Workspace, tmp_path: Path) -> None:
    """Everything names it anew, and its former label is still read."""
    outcome, waiting = changed(mine, "rename", "Ease", "Little effort")
    assert (outcome.written, waiting) == (2, [])
    assert finding(mine, "doe-2020")["benefit"] == "benefit/little-effort"
    code = codes(mine, "benefits")["benefit/little-effort"]
    assert (code["label"], code["altLabels"]) == ("Little effort", ["Ease"])
    assert code["changeNote"] == ["2026-03-02, Ann: renamed from Ease; 1 benefit; Too narrow"]
    assert checks.check(mine) == []
    linked(mine, sheet(tmp_path, "later.csv", ['Still one,2023,"Zoe, J",Ward,RQ1,Pupil,Ease,It was easy.,p. 9']))
    assert finding(mine, "zoe-2023")["benefit"] == "benefit/little-effort"


def test_a_code_gets_another_id(mine: Workspace) -> None:
    """The label stays."""
    changed(mine, "rename", "stakeholder/pupil", "stakeholder/child")
    assert codes(mine, "stakeholders")["stakeholder/child"]["label"] == "Pupil"
    assert finding(mine, "roe-2021")["concerns"] == ["stakeholder/child", "stakeholder/student"]
    assert codes(mine, "benefits")["benefit/ease"]["concerns"] == ["stakeholder/child"]


def test_merged_codes_are_tombstones_that_links_follow(mine: Workspace, tmp_path: Path) -> None:
    """Also over two merges, and for values of attributes; the coders' drop-downs lack them."""
    changed(mine, "merge", "Ease", "Comfort")
    changed(mine, "merge", "Comfort", "Speed")
    held = codes(mine, "benefits")
    assert held["benefit/ease"]["replacedBy"] == held["benefit/comfort"]["replacedBy"] == ["benefit/speed"]
    assert held["benefit/ease"]["deprecated"] == "true"
    assert held["benefit/ease"]["changeNote"] == ["2026-03-02, Ann: merged into Comfort; 1 benefit; Too narrow"]
    assert {finding(mine, each)["benefit"] for each in ("doe-2020", "roe-2021", "poe-2022")} == {"benefit/speed"}
    changed(mine, "merge", "Clinic", "Ward", "Hospital")
    assert checks.check(mine) == []
    assert "deprecated: true" in (mine.review / "codebook.yaml").read_text("utf-8")
    linked(mine, sheet(tmp_path, "later.csv", ['Still one,2023,"Zoe, J",Ward,RQ1,Pupil,Ease,It was easy.,p. 9']))
    assert finding(mine, "zoe-2023")["benefit"] == "benefit/speed"
    document = next(each for each in data.read_documents(mine) if each.name == "studies/zoe-2023")
    assert [each["concept"] for each in document.content["characteristics"]] == ["value/setting/hospital"]
    book = codebook.Book(codebook.contents(data.read_documents(mine), {}))
    assert [each["id"] for each in book.codes("benefits")] == ["benefit/speed"]
    assert checks.check(mine) == []


def test_merged_people_stand_once(mine: Workspace) -> None:
    """A list that had both has one."""
    changed(mine, "merge", "Student", "Pupil")
    assert finding(mine, "roe-2021")["concerns"] == ["stakeholder/pupil"]


def test_codes_of_one_label_can_be_merged(mine: Workspace) -> None:
    """The tombstone isn't another code of that label."""
    path = mine.review / "codebook.yaml"
    path.write_text(path.read_text("utf-8").replace("label: Comfort\n", "label: ease\n"), "utf-8")
    assert [each.key for each in checks.check(mine)] != []
    changed(mine, "merge", "benefit/comfort", "benefit/ease")
    assert checks.check(mine) == []


def test_a_split_code_waits_for_a_person(mine: Workspace) -> None:
    """Nothing is made up: who has it is listed, noted, and found by check until it is coded anew."""
    outcome, waiting = changed(mine, "split", "Ease", "Comfort", "Less to learn")
    assert waiting == ["studies/doe-2020: finding/doe-2020/1 benefit"]
    assert outcome.written == 3  # the codebook, the study, and the code that is new
    held = codes(mine, "benefits")
    assert held["benefit/ease"]["replacedBy"] == ["benefit/comfort", "benefit/less-to-learn"]
    assert held["benefit/less-to-learn"]["concerns"] == ["stakeholder/pupil"]
    one = finding(mine, "doe-2020")
    assert one["benefit"] == "benefit/ease"
    assert "“Ease” was split into “Comfort” and “Less to learn”" in one["note"]
    (found,) = checks.check(mine)
    assert "has the code “Ease”, which is deprecated" in str(found)
    path = mine.review / "studies/doe-2020.yaml"
    path.write_text(path.read_text("utf-8").replace("benefit: benefit/ease\n", "benefit: benefit/comfort\n"), "utf-8")
    assert checks.check(mine) == []


def test_a_split_value_of_an_attribute(mine: Workspace) -> None:
    """New values are of the same attribute, and the characteristic waits."""
    _, waiting = changed(mine, "split", "Hospital", "Public hospital", "Private hospital")
    (one,) = waiting
    assert one.startswith("studies/poe-2022: characteristic/poe-2022/setting")
    made = codes(mine, "attributeValues")
    assert made["value/setting/public-hospital"]["inScheme"] == made["value/setting/hospital"]["inScheme"]


def test_it_is_tried_and_taken_back(mine: Workspace) -> None:
    """A dry run writes nothing, and undo restores every byte."""

    def files() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in mine.review.rglob("*.yaml")}

    before = files()
    outcome, _ = recoding.recode(mine, "merge", ("Ease", "Comfort"), ANN, dry_run=True)
    assert outcome.written is None
    assert any("Comfort" in str(each.row) for each in outcome.rows)
    assert files() == before
    changed(mine, "merge", "Ease", "Comfort")
    assert files() != before
    with journal.locked(mine.root):
        journal.undo(mine.root)
    assert files() == before


def test_the_codings_of_the_shipped_review_follow(copy: Copy) -> None:
    """A code that coders gave is merged, and check still holds the consensus to them."""
    changed(copy.workspace, "merge", "staff", "Other people")
    for coder in "de":
        text = (copy.review / f"codings/findings/coder-{coder}.csv").read_text("utf-8")
        assert "staff" not in text.replace(",", " ").split()
    assert checks.check(copy.workspace) == []
    base = data.base(documents := data.read_documents(copy.workspace))
    book = next(each for each in documents if each.name == "codebook")
    again = quads.to_document(quads.canonical(quads.to_quads([book], base)), base, "review")
    assert again == quads.arranged(book.content)


@pytest.mark.parametrize(
    ("kind", "names", "message"),
    [
        ("rename", ("Nobody", "X"), "no code is called `Nobody`"),
        ("rename", ("Eas", "X"), "did you mean `Ease`"),
        ("rename", ("Ease", "Comfort"), "to put them together: evigraph recode --merge"),
        ("rename", ("Ease",), "takes two codes"),
        ("rename", ("Ease", "…"), "no letter or digit"),
        ("merge", ("Ease",), "--merge takes"),
        ("merge", ("Ease", "Pupil"), "codes of different lists"),
        ("merge", ("Ease", "benefit/ease"), "is benefit/ease itself"),
        ("split", ("Ease", "A"), "--split takes"),
        ("split", ("Ease", "A", "a"), "differ from each other"),
        ("split", ("Ease", "Ease", "A"), "differ from each other"),
    ],
)
def test_what_cannot_be_is_one_line(mine: Workspace, kind: str, names: tuple[str, ...], message: str) -> None:
    """Which code, and what to do; nothing is written."""
    before = (mine.review / "codebook.yaml").read_bytes()
    with pytest.raises(UsageError, match=message):
        changed(mine, kind, *names)
    assert (mine.review / "codebook.yaml").read_bytes() == before


def test_a_tombstone_is_not_changed_again(mine: Workspace) -> None:
    """And a name of two lists has to be told apart."""
    changed(mine, "merge", "Ease", "Comfort")
    with pytest.raises(UsageError, match="deprecated already"):
        changed(mine, "rename", "Ease", "X")
    changed(mine, "rename", "Ease of fraud", "Speed")
    with pytest.raises(UsageError, match="may be benefit/speed or drawback/speed"):
        changed(mine, "rename", "Speed", "X")


def test_the_command(mine: Workspace) -> None:
    """Text and JSON, and bad input ends with code 2 and one line."""
    root = ("--workspace", str(mine.root))
    shown = evigraph(*root, "recode", "--split", "Ease", "A", "B", "--dry-run")
    assert shown.stdout.startswith("To be coded anew by a person:\n  studies/doe-2020: finding/doe-2020/1 benefit\n")
    told = json.loads(evigraph(*root, "recode", "--merge", "Ease", "Comfort", "-f", "json").stdout)
    assert told["written"] == 2
    bad = evigraph(*root, "recode", "Nobody", "X")
    assert (bad.returncode, bad.stderr.count("\n")) == (2, 1)
