"""A link as a whole: what it shows, and that it happens wholly or not at all."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import evigraph

from evigraph import updating
from evigraph.errors import DataError, EvigraphError, UsageError
from evigraph.files import journal
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.updating.new_review import Outline, create

ROUNDS = 15
LINK = """
import sys
from pathlib import Path
from evigraph import updating
from evigraph.linking import Options
from evigraph.paths import find_workspace
updating.link(find_workspace(sys.argv[1]), [Path(sys.argv[2])], Options(date="2026-11-25"), dry_run=False)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review without a study."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


def export(path: Path, count: int, first: int = 0) -> Path:
    """A RIS file of different papers."""
    names = [
        "TY  - JOUR\nTI  - The {0}th paper on things that are {0}\nAU  - Doe{0}, J\nPY  - 2020\nDB  - {1}\nER  -\n"
    ]
    path.write_text("".join(names[0].format(i, path.stem) for i in range(first, first + count)), "utf-8")
    return path


def state(workspace: Workspace) -> dict[str, bytes]:
    """The documents, byte for byte."""
    found = sorted(path for path in workspace.review.rglob("*") if path.is_file())
    return {path.relative_to(workspace.review).as_posix(): path.read_bytes() for path in found}


def started(workspace: Workspace, path: Path) -> subprocess.Popen[bytes]:
    """A link in a process of its own."""
    command = [sys.executable, "-c", LINK, str(workspace.root), str(path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # noqa: S603 - our own code


def test_what_a_person_reads(workspace: Workspace) -> None:
    """Counts first, then studies, then the answers that differ, then what was written."""
    path = export(workspace.root.parent / "a.ris", 2)
    text = updating.as_text(updating.link(workspace, [path], Options(), dry_run=False))
    assert text.startswith("a.ris: ris, utf-8: 2 records, 2 read\n+ Doe0 (2020)\n+ Doe1 (2020)\n")
    assert "+ prisma-2020: new_studies | 2" in text
    assert text.endswith("2 new studies, 0 duplicates. 3 files written; evigraph undo takes them back.\n")


def test_undo_takes_back_byte_for_byte(workspace: Workspace) -> None:
    """One link after another."""
    states = [state(workspace)]
    for name in ("a", "b"):
        updating.link(workspace, [export(workspace.root.parent / f"{name}.ris", 2)], Options(), dry_run=False)
        states.append(state(workspace))
    for expected in (states[1], states[0]):
        with journal.locked(workspace.root):
            journal.undo(workspace.root)
        assert state(workspace) == expected
    with journal.locked(workspace.root), pytest.raises(UsageError, match="no change to take back"):
        journal.undo(workspace.root)


@pytest.mark.parametrize("change", ["changed", "removed"])
def test_undo_refuses_when_a_file_was_changed_since(workspace: Workspace, change: str) -> None:
    """And leaves everything as it is."""
    updating.link(workspace, [export(workspace.root.parent / "a.ris", 2)], Options(), dry_run=False)
    path = workspace.review / "studies" / "doe1-2020.yaml"
    if change == "changed":
        path.write_text(path.read_text("utf-8") + "description: Mine.\n", "utf-8")
    else:
        path.unlink()
    before = state(workspace)
    with journal.locked(workspace.root), pytest.raises(UsageError, match="was changed since"):
        journal.undo(workspace.root)
    assert state(workspace) == before


def test_an_error_writes_nothing(workspace: Workspace) -> None:
    """Also when another file was fine."""
    before = state(workspace)
    bad = workspace.root.parent / "bad.json"
    bad.write_text("{", "utf-8")
    with pytest.raises(EvigraphError):
        updating.link(workspace, [export(workspace.root.parent / "a.ris", 2), bad], Options(), dry_run=False)
    assert state(workspace) == before


def test_two_links_at_once(workspace: Workspace) -> None:
    """One waits for the other, and both are whole: the same papers are linked once."""
    files = [export(workspace.root.parent / f"{name}.ris", 20) for name in "ab"]
    running = [started(workspace, path) for path in files]
    assert [process.wait(120) for process in running] == [0, 0]
    assert len(list(workspace.review.glob("studies/*.yaml"))) == 20
    assert len(list(workspace.review.glob("records/*.json"))) == 2
    for _ in files:
        with journal.locked(workspace.root):
            journal.undo(workspace.root)
    assert not list(workspace.review.glob("studies/*.yaml"))


@pytest.mark.skipif(not hasattr(os, "kill") or sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.thorough
def test_killed_at_any_moment_it_is_before_or_after(workspace: Workspace) -> None:
    """`kill -9` at random moments of a link; what is left is one of the two states, byte for byte."""
    path = export(workspace.root.parent / "a.ris", 60)
    before = state(workspace)
    start = time.monotonic()
    assert started(workspace, path).wait(120) == 0
    took = time.monotonic() - start
    after = state(workspace)
    with journal.locked(workspace.root):
        journal.undo(workspace.root)
    chance = random.Random(7)  # noqa: S311 - not for secrets
    # The second half: reading and planning write nothing, so that most kills belong where the files are written.
    for _ in range(ROUNDS):
        process = started(workspace, path)
        time.sleep(took * chance.uniform(0.5, 1.05))
        process.kill()
        process.wait(120)
        journal.recover(workspace.root)
        left = state(workspace)
        assert left in (before, after)
        if left == after:
            with journal.locked(workspace.root):
                journal.undo(workspace.root)


@pytest.mark.parametrize("written", range(0, 4))
def test_a_change_cut_off_while_it_is_written(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """After every number of files, the next command carries it out to its end."""
    path = export(workspace.root.parent / "a.ris", 3)
    real, done = journal.write_whole, []

    def failing(target: Path, *arguments: object, **options: object) -> None:
        if target.is_relative_to(workspace.review):
            if len(done) == written:
                raise KeyboardInterrupt
            done.append(target)
        real(target, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(journal, "write_whole", failing)
    with pytest.raises(KeyboardInterrupt):
        updating.link(workspace, [path], Options(), dry_run=False)
    monkeypatch.undo()
    journal.recover(workspace.root)
    assert len(list(workspace.review.glob("studies/*.yaml"))) == 3


@pytest.mark.parametrize(
    "name",
    ["../../x", "/root/x", ".git/hooks/x", "data/../x", "data/./x", "data/..\\x", "data/.x/y", "data", "data/out/x"],
)
def test_a_change_that_somebody_sent_along(workspace: Workspace, name: str) -> None:
    """A change that would write anywhere but below `data` is refused, and nothing of it is carried out."""
    outside = workspace.root.parent / "elsewhere"
    outside.mkdir()
    (workspace.root / "data" / "out").symlink_to(outside)
    inside = "data/r/note.txt"
    sent = {"name": "000009", "title": "x", "when": "x", "undoes": False}
    folder = workspace.root / journal.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "pending.json").write_text(json.dumps({**sent, "files": {inside: [None, "aGk="], name: [None, "aGk="]}}))
    with pytest.raises(DataError, match=r"pending\.json: would change .* remove this file"):
        journal.recover(workspace.root)
    assert not (workspace.root / inside).exists()
    assert not list(outside.iterdir())


@pytest.mark.parametrize(
    "text",
    ["", '{"na', "[]", "{}", "\xff", '{"name": "../x", "title": "", "when": "", "undoes": false, "files": {}}']
    + [f'{{"name": "000009", "title": "", "when": "", "undoes": false, "files": {{"data/x": {each}}}}}' for each in
       ('[null]', '[null, "@@"]', "7")],
)  # fmt: skip
def test_a_broken_journal(workspace: Workspace, text: str) -> None:
    """What is no change is named, be it pending or one to take back."""
    folder = workspace.root / journal.FOLDER
    (folder / "changes").mkdir(parents=True)
    (folder / "pending.json").write_text(text, encoding="latin-1")
    with pytest.raises(DataError, match="not a change as evigraph keeps it"):
        journal.recover(workspace.root)
    (folder / "pending.json").replace(folder / "changes" / "000009.json")
    with journal.locked(workspace.root), pytest.raises(DataError, match="not a change as evigraph keeps it"):
        journal.undo(workspace.root)


def test_a_journal_in_another_folder(workspace: Workspace) -> None:
    """A workspace whose journal is a link to a folder elsewhere changes nothing there."""
    outside = workspace.root.parent / "elsewhere"
    outside.mkdir()
    (workspace.root / journal.FOLDER).symlink_to(outside)
    with pytest.raises(EvigraphError, match="a link to another folder"):
        updating.link(workspace, [export(workspace.root.parent / "a.ris", 1)], Options(), dry_run=False)
    assert not list(outside.iterdir())


@pytest.mark.parametrize("room", [False, True], ids=["full", "room for what was there before"])
def test_a_full_disk(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, room: bool) -> None:
    """What was written is taken back; where even that fails, the change is kept for the next command."""
    real, before, calls = journal.write_whole, state(workspace), []

    def full(target: Path, *arguments: object, **options: object) -> None:
        calls.append(target)
        if target.is_relative_to(workspace.review) and len(calls) > 3:
            raise EvigraphError(f"{target}: No space left on device; nothing was written")
        real(target, *arguments, **options)  # type: ignore[arg-type]

    def stuck(path: Path, missing_ok: bool = False) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(journal, "write_whole", full)
    if not room:
        monkeypatch.setattr(Path, "unlink", stuck)
    said = "nothing was written" if room else "the change is kept"
    with pytest.raises(EvigraphError, match=f"No space left on device; {said}"):
        updating.link(workspace, [export(workspace.root.parent / "a.ris", 3)], Options(), dry_run=False)
    monkeypatch.undo()
    assert (state(workspace) == before) is room
    journal.recover(workspace.root)
    assert len(list(workspace.review.glob("studies/*.yaml"))) == (0 if room else 3)


def test_the_commands(workspace: Workspace) -> None:
    """Each decides, shows what follows, and is taken back; a dry run does neither."""
    root = ["--workspace", str(workspace.root)]
    files = [str(export(workspace.root.parent / "a.ris", 2)), str(export(workspace.root.parent / "b.ris", 2, 1))]
    assert evigraph(*root, "link", *files).returncode == 0
    first, second, third = sorted(path.stem for path in workspace.review.glob("studies/*"))
    names = sorted(path.stem for path in workspace.review.glob("records/*"))
    double, single = f"record/{names[1]}/1", f"record/{names[1]}/2"
    for line in (
        ["distinct", double, f"report/{second}", "--because", "Two trials", "--who", "Anna"],
        ["same", single, f"report/{first}"],
        ["join", f"study/{first}", f"study/{second}"],
        ["screen", single, "exclude", "--because", "No students"],
    ):
        before = state(workspace)
        tried = evigraph(*root, *line, "--dry-run")
        assert (tried.returncode, tried.stderr) == (0, ""), line
        assert state(workspace) == before
        ran = evigraph(*root, *line)
        assert (ran.returncode, ran.stderr) == (0, ""), line
        assert re.search(r"evigraph undo takes (?:them|it) back", ran.stdout)
        assert evigraph(*root, "check").returncode == 0
        back = evigraph(*root, "undo")
        assert back.stdout.startswith(f"Taken back: {' '.join(line[:2])}")
        assert state(workspace) == before
    wrong = evigraph(*root, "same", "record/nothing/1", f"report/{third}")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
