"""What the file system says of a file stands for its content, and never where that could be otherwise."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from badges import copied

from evigraph import data
from evigraph.data import file_digests
from evigraph.errors import DataError
from evigraph.paths import VERIFY, Workspace


@pytest.fixture
def workspace(tmp_path: Path, badges: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy of a linked review, with a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(VERIFY, raising=False)
    return copied(badges, tmp_path / "copy")


def told(workspace: Workspace) -> dict[str, str]:
    """The digests by name."""
    return {each.name: each.digest for each in file_digests.file_digests(workspace)}


def read(workspace: Workspace) -> dict[str, str]:
    """The same, read from the files."""
    files = data.document_files(workspace)
    return {p.relative_to(workspace.review).as_posix(): data.digest(p, p.read_bytes()) for p in files}


def aged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next looks be an hour later than the files are."""
    later = time.time_ns() + 3600 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: later)


def test_files_that_nobody_wrote_are_not_read_again(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look reads none, and `--verify` all."""
    aged(monkeypatch)
    first = told(workspace)
    assert first == read(workspace)
    opened: list[Path] = []
    monkeypatch.setattr(file_digests, "content_of", lambda path: opened.append(path) or path.read_bytes())
    assert told(workspace) == first
    assert opened == []
    monkeypatch.setenv(VERIFY, "1")
    assert told(workspace) == first
    assert len(opened) == len(first)


def test_what_was_written_within_the_grain_of_a_clock_is_read_again(workspace: Workspace) -> None:
    """A hundred rewrites of the same size, each looked at once, at full speed."""
    file = workspace.review / "review.yaml"
    text = file.read_text("utf-8")
    for number in range(100):
        file.write_text(f"{text}# {number:04}\n", "utf-8")
        assert told(workspace)["review.yaml"] == data.digest(file, file.read_bytes())


def test_a_copy_that_keeps_size_and_date_is_seen(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `cp -p`, `rsync -t` and `touch -d` leave a file: the inode's own time tells."""
    file = workspace.review / "codebook.yaml"
    text = file.read_text("utf-8") + "# a\n"
    file.write_text(text, "utf-8")
    state = file.stat()
    aged(monkeypatch)
    before = told(workspace)["codebook.yaml"]
    other = tmp_path / "other.yaml"
    other.write_text(text.replace("# a\n", "# b\n"), "utf-8")
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    shutil.copy2(other, file)
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (state.st_size, state.st_mtime_ns)
    after = told(workspace)["codebook.yaml"]
    assert after != before
    assert after == data.digest(file, file.read_bytes())


def test_a_clock_that_is_set_back_only_costs_time(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files from the future are read at each look."""
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert told(workspace) == told(workspace) == read(workspace)
    file = workspace.review / "review.yaml"
    file.write_text(file.read_text("utf-8") + "# later\n", "utf-8")
    assert told(workspace) == read(workspace)


def test_files_that_come_and_go_are_seen(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A study renamed, one removed, and one put back by its old inode."""
    aged(monkeypatch)
    first = told(workspace)
    study = next(workspace.review.glob("studies/*.yaml"))
    moved = study.rename(study.with_name("another-name.yaml"))
    assert told(workspace) == read(workspace) != first
    moved.rename(study)
    assert told(workspace) == first
    study.unlink()
    assert told(workspace) == read(workspace)


def test_a_file_that_changes_after_the_look_is_kept_under_what_it_holds(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the reading somebody saves: the document is the new one, and so is its digest."""
    study = next(workspace.review.glob("studies/*.yaml"))
    name = f"studies/{study.stem}"
    look = file_digests.file_digests

    def saved_after(*given: Workspace) -> list[file_digests.File]:
        found = look(*given)
        study.write_text(study.read_text("utf-8") + "\n# saved\n", "utf-8")
        return found

    monkeypatch.setattr(file_digests, "file_digests", saved_after)
    document = next(each for each in data.read_documents(workspace) if each.name == name)
    assert document.digest == data.digest(study, study.read_bytes())


def test_a_folder_among_the_files_is_named(workspace: Workspace) -> None:
    """What is no file ends the look with its path and the mend."""
    (workspace.review / "studies" / "x.yaml").mkdir()
    with pytest.raises(DataError, match=r"x\.yaml.*not a file"):
        told(workspace)


def test_within_one_look_a_review_is_looked_at_once(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written meanwhile counts afterwards."""
    looks: list[Workspace] = []
    was = file_digests._looked
    monkeypatch.setattr(file_digests, "_looked", lambda *given: looks.append(given[0]) or was(*given))
    file = workspace.review / "review.yaml"
    with file_digests.one_look():
        first = told(workspace)
        file.write_text(file.read_text("utf-8") + "# later\n", "utf-8")
        assert told(workspace) == first
    assert len(looks) == 1
    assert told(workspace) == read(workspace) != first
