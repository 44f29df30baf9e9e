"""After each edit of a file, every answer is the one that an empty cache gives, mostly from the changed study alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from badges import copied

from evigraph import queries
from evigraph.errors import DataError, UsageError
from evigraph.files import yaml_text
from evigraph.paths import Workspace
from evigraph.queries import Table, build, recent

ASKED: list[tuple[str, dict[str, str]]] = [
    *(("findings", {}), ("coverage", {}), ("directions", {}), ("characteristics", {}), ("publications-by-year", {})),
    *(("discrepancies", {}), ("missing", {}), ("study-values", {"attribute": "country"}), ("prisma-2020", {})),
    ("answers", {"question": "RQ1"}),
    ("crosstab", {"rows": "country", "columns": "effect"}),
]


@pytest.fixture
def workspace(tmp_path: Path, badges: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy of a linked review, with a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return copied(badges, tmp_path / "copy")


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Workspace]]:
    """The workspaces whose graph was opened to ask all of it."""
    opened: list[Workspace] = []
    was = build.open_store
    monkeypatch.setattr(build, "open_store", lambda *given: opened.append(given[0]) or was(*given))
    return opened  # type: ignore[return-value]


def told(workspace: Workspace, name: str, arguments: dict[str, str]) -> list[tuple[queries.Cell, ...]] | str:
    """The rows, or the error."""
    try:
        return build.answer(workspace, name, arguments).rows
    except (DataError, UsageError) as error:
        return f"{type(error).__name__}: {error}"


def edited(workspace: Workspace, chance: random.Random) -> str:
    """Do what somebody may do to a file of a review; returns what it was."""
    studies = sorted(workspace.review.glob("studies/*.yaml"))
    file = chance.choice(studies)
    study = yaml_text.load(file.read_text("utf-8"))
    findings = study.setdefault("findings", [])
    what = chance.choice(
        ["year", "effect", "add", "drop", "label", "spoil", "twice", "dangling", "book", "away", "back"]
    )
    if what == "away" and len(studies) > 3:
        file.rename(file.with_suffix(".gone"))
        return what
    if what == "back":
        for gone in workspace.review.glob("studies/*.gone"):
            gone.rename(gone.with_suffix(".yaml"))
        return what
    if what == "book":
        book = workspace.review / "codebook.yaml"
        book.write_text(book.read_text("utf-8") + f"# {chance.random()}\n", "utf-8")
        return what
    if what == "year":
        study["reports"][0]["year"] = chance.randrange(2000, 2026)
    elif what == "label":
        study["label"] = chance.choice(["Somebody 2020", f"Somebody {chance.randrange(9)}"])
    elif what in {"add", "twice", "dangling", "spoil"}:
        key = "shared-id" if what == "twice" else f"{file.stem}-{chance.randrange(1000)}"
        question = "question/nowhere" if what == "dangling" else "question/rq-1"
        effect = "sideways" if what == "spoil" else chance.choice(["positive", "negative"])
        where = study.setdefault("locators", [])
        if not any(each["id"] == f"locator/{file.stem}-p1" for each in where):
            where.append({"id": f"locator/{file.stem}-p1", "type": "Locator", "label": "p. 1"})
        findings.append(
            {
                "id": f"finding/{key}",
                "type": "Finding",
                "answers": {question: "supports"},
                "effect": effect,
                "statement": f"Something of {chance.randrange(99)}.",
                "locatedAt": f"locator/{file.stem}-p1",
            }
        )
    elif findings and what == "drop":
        findings.pop()
    elif findings:
        findings[-1]["effect"] = chance.choice(["positive", "negative", "mixed"])
    file.write_text(yaml_text.dump(study), "utf-8")
    return what


def _mended(workspace: Workspace) -> None:
    """Take spoilt findings out again, so that there is a state to go on from."""
    for file in workspace.review.glob("studies/*.yaml"):
        study = yaml_text.load(file.read_text("utf-8"))
        good = [
            each
            for each in study.get("findings") or []
            if each["id"] != "finding/shared-id"
            and each.get("effect") != "sideways"
            and "question/nowhere" not in (each.get("answers") or {})
        ]
        if len(good) < len(study.get("findings") or []):
            file.write_text(yaml_text.dump({**study, "findings": good}), "utf-8")


def held(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, edits: int, seed: int, folder: Path) -> None:
    """So many edits; after each, answers and errors with the cache are those without."""
    chance = random.Random(seed)  # noqa: S311 - the same edits each time
    for number in range(edits):
        what = edited(workspace, chance)
        asked = chance.sample(ASKED, 3)
        found = [told(workspace, *each) for each in asked]
        with monkeypatch.context() as apart:
            apart.setenv("XDG_CACHE_HOME", str(folder / f"fresh-{number}"))
            right = [told(workspace, *each) for each in asked]
        assert found == right, (number, what, asked)
        if chance.random() < 0.5:
            _mended(workspace)


def test_answers_after_edits_are_those_of_an_empty_cache(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A dozen edits, sound and unsound."""
    held(workspace, monkeypatch, 12, 1, tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(3))
def test_answers_after_many_edits_are_those_of_an_empty_cache(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seed: int
) -> None:
    """Seventy edits, three times over."""
    held(workspace, monkeypatch, 70, 10 + seed, tmp_path)


def test_one_changed_study_opens_no_graph(workspace: Workspace, whole: list[Workspace]) -> None:
    """Nor does one that is new and goes again; a changed codebook does, and a label that another has."""
    first = build.answer(workspace, "findings", {})
    assert len(whole) == 1
    one, other = sorted(workspace.review.glob("studies/*.yaml"))[:2]
    text = one.read_text("utf-8")
    study = yaml_text.load(text)

    def rows(content: str) -> Table:
        one.write_text(content, "utf-8")
        return build.answer(workspace, "findings", {})

    changed = rows(text + "# another line\n")
    assert changed.rows == first.rows
    new = one.with_name("new-2020.yaml")
    new.write_text(yaml_text.dump({"id": "study/new", "type": "Study", "label": "New 2020"}), "utf-8")
    assert rows(text).rows == first.rows
    new.unlink()
    assert rows(text).rows == first.rows
    assert len(whole) == 1
    rows(yaml_text.dump({**study, "label": yaml_text.load(other.read_text("utf-8"))["label"]}))
    assert len(whole) == 2
    book = workspace.review / "codebook.yaml"
    book.write_text(book.read_text("utf-8") + "# another\n", "utf-8")
    rows(text)
    assert len(whole) == 3


def test_a_spoilt_outline_is_none(
    workspace: Workspace, whole: list[Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole is asked."""
    build.answer(workspace, "findings", {})
    monkeypatch.setattr(recent, "_lately", lambda _: ["nobody"])
    study = next(workspace.review.glob("studies/*.yaml"))
    study.write_text(study.read_text("utf-8") + "\n# more\n", "utf-8")
    build.answer(workspace, "findings", {})
    assert len(whole) == 2


def test_states_in_memory_leave_no_file_of_the_whole_graph(workspace: Workspace, tmp_path: Path) -> None:
    """After ten edits there is one file of the graph at most, and the cache is as large as after one."""
    study = next(workspace.review.glob("studies/*.yaml"))
    sizes = []
    for number in range(10):
        study.write_text(study.read_text("utf-8") + f"# {number}\n", "utf-8")
        build.answer(workspace, "missing", {})
        build.answer(workspace, "findings", {})
        sizes.append(sum(each.stat().st_size for each in (tmp_path / "cache" / "evigraph").iterdir()))
    assert len(list((tmp_path / "cache" / "evigraph").glob("*.nq"))) == 1
    assert sizes[-1] < 1.2 * sizes[0] + 200_000
