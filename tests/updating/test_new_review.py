"""New reviews."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import evigraph

from evigraph import checks, data, queries
from evigraph.paths import find_workspace
from evigraph.queries.build import open_store
from evigraph.updating.new_review import ABOUT, KINDS, Outline, create

STUDY = """id: study/doe-2023
type: Study
label: Doe (2023)
listing: not-listed
inclusion:
  id: inclusion/doe-2023
  type: Inclusion
  state: stated
findings:
  - id: finding/doe-2023-1
    type: Finding
    answers:
      - question/rq-1
    concerns:
      - stakeholder/participant
    effect: positive
    benefit: benefit/ease
    statement: People found it easy.
    locatedAt: locator/Results-P1-S1
    coding: coding/first
"""
BENEFIT = """benefits:
  - id: benefit/ease
    type: Benefit
    label: Ease
    definition: It is easy.
    position: 1
    inScheme: codebook/benefits
    concerns:
      - stakeholder/participant
"""


def test_a_new_review_has_no_licence(tmp_path: Path) -> None:
    """Nobody gave one."""
    root = create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    assert "licen" not in "".join(path.read_text("utf-8") for path in root.rglob("*.yaml"))


LOCATOR = """  - id: locator/Results-P1-S1
    type: Locator
    label: Results P1 S1
"""


def test_items_are_appended_to_an_empty_list(tmp_path: Path) -> None:
    """A key with nothing behind it is a list without records, and takes what is written below it."""
    root = create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    for name in ("outline", "references", "citations", "discrepancies"):
        assert (root / f"{name}.yaml").read_text("utf-8").rstrip().endswith("s:")
    workspace = find_workspace(tmp_path / "mine")
    held = {each.name: each.content for each in data.read_documents(workspace)}
    assert held["outline"]["locators"] == held["citations"]["citations"] == []
    with (root / "outline.yaml").open("a", encoding="utf-8") as outline:
        outline.write(LOCATOR)
    held = {each.name: each.content for each in data.read_documents(workspace)}
    assert [each["label"] for each in held["outline"]["locators"]] == ["Results P1 S1"]
    assert data.dump(held["outline"]).endswith(LOCATOR)
    assert data.dump({"id": "study/x", "type": "Study", "findings": []}).endswith("findings:\n")


def test_a_new_review_passes_check_at_once(tmp_path: Path) -> None:
    """And every command works on it."""
    assert evigraph("init", str(tmp_path / "mine"), "--title", "Mine").returncode == 0
    workspace = find_workspace(tmp_path / "mine")
    assert checks.check(workspace) == []
    every = queries.load_all(workspace)
    names = [query.name for query in every if not any(param.required for param in query.params)]
    assert {"benefits", "drawbacks", "rq-1"} <= {query.name for query in queries.load_all(workspace)}
    for command in ("reproduce", "export", "ask RQ1", *(f"run {name}" for name in names)):
        ran = evigraph("--workspace", str(tmp_path / "mine"), *command.split())
        assert (ran.returncode, ran.stderr) == (0, ""), command


def test_another_review_gives_its_own_tables(tmp_path: Path) -> None:
    """A benefit, a study and a finding, and the queries answer; nothing knows the shipped review."""
    review = create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    (review / "studies" / "doe-2023.yaml").write_text(STUDY, "utf-8")
    with (review / "codebook.yaml").open("a", encoding="utf-8") as out:
        out.write(BENEFIT)
    outline = {"id": "locator/Results-P1-S1", "type": "Locator", "label": "Results P1 S1", "section": "Results"}
    content = {"id": "review", "type": "Review", "locators": [{**outline, "paragraph": 1, "sentence": 1}]}
    (review / "outline.yaml").write_text(data.dump(content), "utf-8")
    workspace = find_workspace(tmp_path / "mine")
    assert checks.check(workspace) == []
    store = open_store(workspace)
    assert queries.run(store, queries.load(workspace, "benefits")).rows == [("Participant", "Ease", 1, "Doe (2023)")]
    assert queries.run(store, queries.load(workspace, "stakeholder-counts")).rows == [("Participant", 1)]
    assert queries.run(store, queries.load(workspace, "rq-1")).rows == [
        ("Doe (2023)", None, "positive", "Participant", "People found it easy.", "Results P1 S1")
    ]


def test_questions_and_codebook_are_given_at_once(tmp_path: Path) -> None:
    """Each question has a query of its own, each label a concept, and the list offers no other review's queries."""
    given = (
        *("--question", "Does it work: for whom?", "--question", "What does it cost?", "--goal", "Decide"),
        *(
            "--stakeholder",
            "Pupil",
            "--stakeholder",
            "Teacher",
            "--benefit",
            "pupil: Größere Ruhe",
            "--drawback",
            "Cost",
            "--who",
            "Ann Doe",
        ),
    )
    assert evigraph("init", str(tmp_path / "mine"), *given).returncode == 0
    workspace = find_workspace(tmp_path / "mine")
    assert checks.check(workspace) == []
    listed = evigraph("--workspace", str(workspace.root), "run", "--list", "--format", "csv").stdout
    assert "rq-1,RQ1: Does it work: for whom?," in listed
    assert "goal-1,Goal 1: Decide," in listed
    assert "micro-credential" not in listed
    codebook = data.read_document(workspace.review / "codebook.yaml", "codebook").content
    assert [each["id"] for each in codebook["stakeholders"]] == ["stakeholder/pupil", "stakeholder/teacher"]
    assert [each["id"] for each in codebook["benefits"]] == ["benefit/grossere-ruhe"]
    assert [each["concerns"] for each in codebook["benefits"]] == [["stakeholder/pupil"]]
    assert [each["concerns"] for each in codebook["drawbacks"]] == [["stakeholder/pupil", "stakeholder/teacher"]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mine", "--benefit", "Ease", "--benefit", "ease!"], "would have one key"),
        (["mine", "--benefit", "!"], "no letter or digit"),
        (["Not A Slug"], "can't name a review; use small letters"),
        (["mine", "--base", "nowhere"], "is not an absolute IRI"),
        (["full"], "is there already and not empty"),
    ],
)
def test_what_cannot_be_made(tmp_path: Path, arguments: list[str], message: str) -> None:
    """One line, and nothing is left behind."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("", "utf-8")
    ran = evigraph("init", str(tmp_path / arguments[0]), *arguments[1:])
    assert ran.returncode == 2
    assert message in ran.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "file"]


@pytest.mark.parametrize("kind", ["map", "effectiveness", "qualitative"])
def test_a_review_of_another_kind_has_nothing_of_benefits(kind: str, tmp_path: Path) -> None:
    """Its codebook begins with designs, and holds; with a benefit it has their tables too."""
    assert evigraph("init", str(tmp_path / "mine"), "--kind", kind).returncode == 0
    root = tmp_path / "mine"
    text = "".join(path.read_text("utf-8") for path in root.rglob("*") if path.is_file())
    assert "enefit" not in text
    assert "rawback" not in text
    assert "value/design/" in text
    assert checks.check(find_workspace(root)) == []
    assert evigraph("init", str(tmp_path / "other"), "--kind", kind, "--benefit", "Ease").returncode == 0
    assert (tmp_path / "other" / "queries" / "other" / "tables" / "benefits.rq").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_the_kind_is_asked_on_a_terminal(tmp_path: Path) -> None:
    """Once more where it is none; elsewhere nobody is asked, and `--kind` answers beforehand."""
    import pty

    code = "import sys; from evigraph.cli import main; sys.argv[0] = 'evigraph'; main()"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", code, "init", str(tmp_path / "mine")]
    process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603
    os.write(ours, b"overview\nmap\n")
    _, shown = process.communicate(timeout=120)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0, shown
    assert "What kind of review is it" in shown
    assert "'overview' is not one of" in shown
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "mine").rglob("*") if path.is_file())
    assert "codebook/population" in text
    assert "enefit" not in text
    silent = evigraph("init", str(tmp_path / "other"))
    assert (silent.returncode, silent.stderr) == (0, "")


def test_the_kinds_are_of_one_place() -> None:
    """The help, the choices, and what is told of each."""
    shown = evigraph("init", "--help").stdout
    assert f"[{'|'.join(KINDS)}]" in "".join(shown.split())
    assert list(ABOUT) == list(KINDS)
    wrong = evigraph("init", "x", "--kind", "overview")
    assert wrong.returncode == 2
    assert all(kind in wrong.stderr for kind in KINDS)


def test_what_is_asked_is_told_by_the_first_word(tmp_path: Path) -> None:
    """And left open where that doesn't tell."""
    given = [part for text in ("Does it help?", "Which kinds are there?", "Hilft es?") for part in ("--question", text)]
    assert evigraph("init", str(tmp_path / "mine"), *given).returncode == 0
    review = data.read_document(tmp_path / "mine" / "data" / "mine" / "review.yaml", "review").content
    assert [each.get("asks") for each in review["questions"]] == ["whether", "what", None]


def test_the_folder_of_the_shell_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next command in it finds where it is."""
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    assert evigraph("init", ".").returncode == 0
    assert evigraph("check").returncode == 0


def test_a_table_of_ones_own_is_made_again(tmp_path: Path) -> None:
    """A query in the folder for tables and what was printed are enough; another number is a difference."""
    root = tmp_path / "mine"
    assert evigraph("init", str(root), "--title", "Ferns", "--question", "Do ferns grow?").returncode == 0
    text = (
        "#+ summary: Which questions there are.\n#+ description: One row each.\n#+ columns: [question, position]\n"
        "#+ order: by position\nPREFIX evi: <https://w3id.org/evigraph/ns#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "SELECT ?question ?position WHERE { ?q a evi:ResearchQuestion ; evi:review ?review ; skos:notation ?question ; "
        "evi:position ?position } ORDER BY ?position\n"
    )
    (root / "queries" / "tables" / "asked.rq").write_text(text, "utf-8")
    printed = root / "data" / "mine" / "printed"
    printed.mkdir()
    for position, code in (("1", 0), ("2", 1)):
        (printed / "asked.csv").write_text(f"question,position\nRQ1,{position}\n", "utf-8")
        assert evigraph("--workspace", str(root), "reproduce").returncode == code
