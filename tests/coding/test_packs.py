"""Packs: each that is shipped is whole, one is added to a codebook once, and a wrong one is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import evigraph

from evigraph import checks, data, ontology, updating
from evigraph.coding import packs
from evigraph.errors import DataError, UsageError
from evigraph.files import journal, yaml_text
from evigraph.paths import Workspace, find_workspace
from evigraph.updating import new_review

OWN = """
label: Our tool
definition: How well a study tells what it did.
unit: study
scales:
  rating:
    - {key: good, label: Good, definition: All is told.}
    - {key: bad, label: Bad, definition: Little is told.}
domains:
  - {key: methods, label: Methods, scale: rating, definition: Whether methods are told.}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review."""
    new_review.create(tmp_path / "w", "w", new_review.Outline("Notes", "https://example.org/w/", ("Do notes help?",)))
    return find_workspace(tmp_path / "w")


def added(workspace: Workspace, pack: packs.Pack, dry_run: bool = False) -> updating.Outcome:
    """What adding a pack did."""
    return updating.change(workspace, "pack", lambda held: updating.of(packs.add(held, pack)), dry_run)


def test_the_packs_are_those_of_the_plan() -> None:
    """Seven, by the names of their files."""
    assert [each.key for each in packs.every()] == ["cerqual", "grade", "mmat", "rob1", "rob2", "robins-i", "swim"]


@pytest.mark.parametrize("key", sorted(ontology.packs()))
def test_a_pack_is_whole(key: str) -> None:
    """Read without a fault, ids used once, short definitions, a source, at most one overall judgement: the last."""
    pack = packs.named(key)
    made = [each for several in packs.records(pack).values() for each in several]
    identities = [each["id"] for each in made]
    assert len(set(identities)) == len(identities)
    for each in [*pack.domains, *(code for codes in pack.scales.values() for code in codes)]:
        assert len(each["definition"].split()) <= 25, each
        assert each["definition"].endswith(".")
    assert pack.source.startswith("https://doi.org/10.")
    assert pack.version
    overall = [i for i, each in enumerate(pack.domains) if each.get("kind") == "overall"]
    assert overall in ([], [len(pack.domains) - 1])
    assert {each["scale"] for each in pack.domains} == set(pack.scales), "no scale is there for nothing"


@pytest.mark.parametrize("key", sorted(ontology.packs()))
def test_a_word_means_one_code_of_its_scale(key: str) -> None:
    """Labels and other labels of a scale, in whatever capitals, and those of domains."""
    pack = packs.named(key)
    for entries in (*pack.scales.values(), pack.domains):
        words = [word.casefold() for each in entries for word in (each["label"], *each.get("altLabels", []))]
        assert len(set(words)) == len(words), words


def test_a_pack_is_added_once_and_taken_back(workspace: Workspace) -> None:
    """Tried, written, nothing the second time; check holds, and undo leaves the file as it was."""
    before = (workspace.review / "codebook.yaml").read_bytes()
    assert added(workspace, packs.named("rob2"), dry_run=True).written is None
    assert (workspace.review / "codebook.yaml").read_bytes() == before
    assert added(workspace, packs.named("rob2")).plan.notes == [
        "RoB 2: 2 codebooks, 6 domains, 3 values for the codebook"
    ]
    after = (workspace.review / "codebook.yaml").read_bytes()
    assert added(workspace, packs.named("rob2")).written == 0
    assert (workspace.review / "codebook.yaml").read_bytes() == after
    assert checks.check(workspace) == []
    journal.undo(workspace.root)
    assert (workspace.review / "codebook.yaml").read_bytes() == before


def test_every_pack_in_one_review_holds(workspace: Workspace) -> None:
    """Their ids don't meet, shapes and checks hold."""
    for pack in packs.every():
        assert added(workspace, pack).written == 1
    assert checks.check(workspace) == []


def test_the_reviews_own_words_stay(workspace: Workspace) -> None:
    """A code that the review has called otherwise keeps its label when the pack is added again."""
    added(workspace, packs.named("rob2"))
    path = workspace.review / "codebook.yaml"
    path.write_text(path.read_text("utf-8").replace("label: Some concerns", "label: Concerns"), "utf-8")
    added(workspace, packs.named("rob2"))
    assert "label: Concerns\n" in path.read_text("utf-8")
    assert "label: Some concerns\n" not in path.read_text("utf-8")


def test_a_pack_of_a_team(workspace: Workspace) -> None:
    """A file of its own, by the command."""
    path = workspace.root / "our-tool.yaml"
    path.write_text(OWN, "utf-8")
    shown = evigraph("--workspace", str(workspace.root), "pack", str(path))
    assert "our-tool-methods" in shown.stdout
    done = evigraph("--workspace", str(workspace.root), "pack", str(path), "--add")
    assert "Our tool: 2 codebooks, 1 domains, 2 values for the codebook" in done.stdout
    held = yaml_text.load((workspace.review / "codebook.yaml").read_text("utf-8"))
    assert [each["attribute"] for each in held["domains"]] == ["our-tool-methods"]
    assert data.read_documents(workspace)
    assert checks.check(workspace) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("unit: study", "unit: article", "unit `article` is none of result, study, synthesis"),
        ("scale: rating", "scale: stars", "domain `methods` has no `scale` that is one of rating"),
        ("scale: rating", "scale: [rating]", "domain `methods` has no `scale` that is one of rating"),
        ("scale: rating", "kind: total, scale: rating", "domain `methods` has a `kind` that isn't overall"),
        ("  rating:", "  1:", "scale `1` is named in small letters with hyphens (quote a number)"),
        ("unit: study", "unit: [study]", "unit `['study']` is none of"),
        ("key: bad", "key: good", "scale `rating`: the key `good` stands twice"),
        ("key: methods", "key: Methods 1", "key `Methods 1` is written in small letters"),
        ("definition: All is told.", "definition: All, or most, is told.", "unknown key `is told.`"),
        ("label: Our tool", "labels: Our tool", "unknown key `labels`"),
        ("label: Good,", "label: Yes,", "give each a key, a label and a definition, as texts"),
        ("unit: study", "source: nowhere\nunit: study", "source `nowhere` is no address"),
        ("unit: study", "unit: [", "not YAML"),
        (OWN, "- a\n- b\n", "not a pack: it has no `key: value` lines"),
    ],
)
def test_a_wrong_pack_is_refused(old: str, new: str, message: str) -> None:
    """With the file, the key and what may stand there."""
    assert old in OWN
    with pytest.raises(DataError, match=r"our-tool\.yaml") as caught:
        packs.parsed(OWN.replace(old, new), Path("our-tool.yaml"))
    assert message in str(caught.value)


def test_an_unknown_pack_names_those_there_are() -> None:
    """And says that a file may be given."""
    with pytest.raises(UsageError, match="there are cerqual, grade, mmat, rob1, rob2, robins-i, swim"):
        packs.named("rob3")
