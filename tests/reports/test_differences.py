"""What differs between two versions of a review."""

from __future__ import annotations

import copy as copying
import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import Copy, evigraph

from evigraph import data, updating
from evigraph.data import Document, quads, versions
from evigraph.errors import DataError, EvigraphError, UsageError
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import Table
from evigraph.reports import differences
from evigraph.updating.new_review import Outline, create


def spoilt(documents: list[Document], seed: int) -> list[Document]:
    """Another version: records removed, added, and keys changed, added and removed, at random."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    made = [Document(d.path, d.name, copying.deepcopy(d.content)) for d in documents]
    for _ in range(chance.randrange(1, 12)):
        document = chance.choice(made)
        _, node = chance.choice(list(data.nodes(document.content)))
        lists = [key for key, value in node.items() if isinstance(value, list) and value and isinstance(value[0], dict)]
        what = chance.randrange(4)
        if what == 0 and lists:
            node[chance.choice(lists)].pop(0)
        elif what == 1 and lists:
            key = chance.choice(lists)
            twin: dict[str, Any] = {k: v for k, v in node[key][0].items() if not isinstance(v, (list, dict))}
            node[key].append({**twin, "id": f"{twin['id']}-twin-{chance.random()}"})
        elif what == 2:
            node["note"] = f"changed {chance.random()}"
        elif "label" in node:
            node["label"] += " changed"
        for each in [key for key, value in node.items() if value == []]:
            del node[each]
    if chance.random() < 0.3:
        made.pop(chance.randrange(1, len(made)))
    return made


@pytest.mark.parametrize("seed", range(60))
def test_a_difference_applied_gives_the_second(documents: list[Document], seed: int) -> None:
    """The law `apply(diff(a, b), a) == b`, with the difference written and read back, for records and documents."""
    second = spoilt(documents, seed)
    a, b = differences.records(documents), differences.records(second)
    found = differences.from_json(differences.as_json(differences.diff(a, b), []))
    made = differences.apply(found, a)
    assert made == b
    assert differences.contents(made) == {d.name: quads.arranged(d.content) for d in second}


def test_no_difference(documents: list[Document]) -> None:
    """A review and itself."""
    flat = differences.records(documents)
    assert differences.diff(flat, flat) == []
    assert differences.contents(flat) == {d.name: d.content for d in documents}


def test_a_difference_that_does_not_fit(documents: list[Document]) -> None:
    """A change from something else is refused."""
    flat = differences.records(documents)
    found = differences.diff(flat, differences.records(spoilt(documents, 3)))
    assert found
    with pytest.raises(EvigraphError, match="is not what the change starts from"):
        differences.apply(found, differences.apply(found, flat))


@pytest.mark.parametrize("syntax", ["nquads", "jsonld"])
def test_an_export_is_a_version(tmp_path: Path, shipped: Workspace, documents: list[Document], syntax: str) -> None:
    """What `export` wrote is the review again."""
    path = tmp_path / "review.export"
    assert evigraph("export", "--format", syntax, "-o", str(path)).returncode == 0
    found = versions.version(shipped, str(path))
    assert {d.name: quads.arranged(d.content) for d in found} == {d.name: d.content for d in documents}


def test_the_command_tells_what_changes_in_the_reviews_terms(copy: Copy) -> None:
    """Records, and the answers that follow."""
    copy.replace(
        "studies/abramovich-2016.yaml", "drawback: drawback/low-engagement", "drawback: drawback/not-motivating"
    )
    ran = evigraph("diff", str(copy.root))
    assert evigraph("--workspace", str(copy.root), "diff", str(copy.root)).stdout == "No difference.\n"
    whole = json.loads(evigraph("--workspace", str(copy.root), "diff", str(copy.root), "--format", "json").stdout)
    assert whole == {"changes": [], "answers": []}
    assert ran.returncode == 0
    assert "drawback: drawback/not-motivating → drawback/low-engagement" in ran.stdout
    assert "table-4: Student | Lack of engagement and motivation for micro-credentials" in ran.stdout


def test_a_row_of_which_cells_changed_is_one_line() -> None:
    """The row most like it, of the same first cell; the rest is gone or new."""
    first = Table("q", ("a", "b", "c"), [("x", "one", 1), ("x", "two", 2), ("y", "one", 1), ("z", None, None)])
    second = Table("q", ("a", "b", "c"), [("x", "two", 3), ("x", "one", 4), ("w", "one", 1), ("z", None, 5)])
    rows = differences.row_changes("q", first, second)
    expected = ["~ q: x | one | 1 → 4", "~ q: x | two | 2 → 3", "- q: y | one | 1", "~ q: z |  → 5", "+ q: w | one | 1"]
    assert differences.row_lines(rows) == expected
    assert differences.row_lines(rows, 4) == [*expected[:4], "  q: 1 row more; --format json shows them all"]


def test_git_revisions(copy: Copy, cache: Path) -> None:
    """The version before the last commit."""
    git = ["git", "-C", str(copy.root), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *command], check=True, capture_output=True)  # noqa: S603 - our own arguments
    copy.replace("review.yaml", "count: 21", "count: 20")
    ran = evigraph("--workspace", str(copy.root), "diff", "HEAD")
    assert "~ flow/excluded count: 21 → 20" in ran.stdout
    assert "~ flow: Studies included in review | 34 → 35" in ran.stdout
    kept = {path.name for path in cache.rglob("*.sqlite")}
    evigraph("--workspace", str(copy.root), "diff", "HEAD")
    assert {path.name for path in cache.rglob("*.sqlite")} == kept  # a revision leaves no cache of its own
    ran = evigraph("--workspace", str(copy.root), "diff", "no-such-revision")
    assert ran.returncode == 2
    assert "`no-such-revision` is no version of" in ran.stderr


def test_an_option_is_no_revision(shipped: Workspace, tmp_path: Path) -> None:
    """Nothing that git would take for an option gets through."""
    with pytest.raises(UsageError):
        versions.version(shipped, f"--output={tmp_path}/stolen")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", ["", "{", '{"@graph": 1}', "<a> <b> <c> .", "<a:a> <b:b> <c:c> <d:d> .", "text"])
def test_a_file_that_is_no_export(tmp_path: Path, shipped: Workspace, content: str) -> None:
    """It is told as one line."""
    path = tmp_path / "file"
    path.write_text(content, "utf-8")
    with pytest.raises(DataError, match="not an export of a review"):
        versions.version(shipped, str(path))


RECIPE = """label: l
reader: sheet
fields: {title: [Title]}
columns:
  study: [Study]
  reviewer: By
  attributes:
    - {attribute: design, column: Design}
  findings:
    - {answers: RQ1, outcome: {column: Outcome}, direction: positive, statement: {column: Result}}
"""


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A review with linked records, duplicates, decisions, findings from a sheet, and a printed flow."""
    folder = tmp_path_factory.mktemp("grown")
    create(folder / "mine", "mine", Outline("Mine", "https://example.org/mine/", questions=("Do maps help?",)))
    workspace = find_workspace(folder / "mine")
    text = "".join(
        f"TY  - JOUR\nTI  - {n} study on badges\nAU  - Doe, J\nER  - \n\n" for n in ("One", "Other", "Third")
    )
    flow = "data,node,box,description,boxtext,tooltips,url,n\nrecords_screened,,box2,,Records screened,,,7\n"
    decided = "Title,Decision,Stage,Reason,Reviewer\nOther study on badges,exclude,full text,no badges,Ann\n"
    sheet = (
        "Study,Title,By,Design,Outcome,Result\nA,Maps in class,x,trial,recall,more\nA,Maps in class,y,trial,recall,\n"
    )
    for name, content in {"flow.csv": flow, "a.ris": text, "b.ris": text, "d.csv": decided, "s.csv": sheet}.items():
        (folder / name).write_text(content)
    (folder / "my.yaml").write_text(RECIPE)
    for name, options in {
        "flow.csv": Options(),
        "a.ris": Options(screen=True),
        "b.ris": Options(screen=True),
        "s.csv": Options(by=folder / "my.yaml"),
    }.items():
        updating.link(workspace, [folder / name], options, dry_run=False)
    updating.screen(workspace, [folder / "d.csv"], "", dry_run=False)
    return workspace


@pytest.mark.parametrize("seed", range(30))
def test_a_difference_of_a_review_that_grew(grown: Workspace, seed: int) -> None:
    """The law holds for records, duplicates, decisions, codings and the flow as well, in either direction."""
    first = data.read_documents(grown)
    assert {"Search", "Study"} <= {d.content["type"] for d in first}
    second = spoilt(first, seed)
    a, b = differences.records(first), differences.records(second)
    assert differences.apply(differences.from_json(differences.as_json(differences.diff(a, b), [])), a) == b
    assert differences.apply(differences.diff(b, a), b) == a


@pytest.mark.parametrize("syntax", ["nquads", "jsonld"])
def test_a_difference_from_an_export_of_a_review_that_grew(grown: Workspace, tmp_path: Path, syntax: str) -> None:
    """What was exported is the review again, and the way to another version starts from it as well."""
    path = tmp_path / "review.export"
    assert evigraph("--workspace", str(grown.root), "export", "--format", syntax, "-o", str(path)).returncode == 0
    documents = data.read_documents(grown)
    a, b = differences.records(versions.version(grown, str(path))), differences.records(spoilt(documents, 5))
    assert differences.diff(a, differences.records(documents)) == []
    assert differences.apply(differences.diff(a, b), a) == b
