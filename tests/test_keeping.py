"""The cache: what is kept comes back, and whatever goes wrong with it is as if it were empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from evigraph import keeping
from evigraph.paths import Workspace, cache_folder


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with a cache folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Workspace(tmp_path, tmp_path / "data" / "mine")


def file() -> Path:
    """The one database of the cache."""
    (found,) = cache_folder().glob("*.sqlite")
    return found


def test_what_is_kept_comes_back(workspace: Workspace) -> None:
    """By kind and key, and more keys than one question names."""
    made = {str(number): f"value “{number}”" for number in range(2 * keeping.MANY + 1)}
    keeping.remember(workspace, "one", made)
    keeping.remember(workspace, "two", {"1": "another"})
    assert keeping.values(workspace, "one", [*made, "missing"]) == made
    assert keeping.values(workspace, "two", ["1", "2"]) == {"1": "another"}


def test_a_later_value_replaces(workspace: Workspace) -> None:
    """The last one counts."""
    for value in ("old", "new"):
        keeping.remember(workspace, "one", {"key": value})
    assert keeping.values(workspace, "one", ["key"]) == {"key": "new"}


def test_what_nobody_uses_goes(workspace: Workspace) -> None:
    """Once there is much of it; other kinds stay."""
    keeping.remember(workspace, "one", {str(number): "" for number in range(100)})
    keeping.remember(workspace, "two", {"0": ""})
    keeping.remember(workspace, "one", {"new": ""}, ["1", "2"], spare=200)
    assert len(keeping.values(workspace, "one", [str(number) for number in range(100)])) == 100
    keeping.remember(workspace, "one", {"new": ""}, ["1", "2"], spare=10)
    assert set(keeping.values(workspace, "one", [*map(str, range(100)), "new"])) == {"1", "2", "new"}
    assert keeping.values(workspace, "two", ["0"]) == {"0": ""}


@pytest.mark.parametrize("content", [b"", b"no database\n" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_spoilt_database_is_an_empty_one(workspace: Workspace, content: bytes) -> None:
    """It is made again."""
    keeping.remember(workspace, "one", {"key": "value"})
    file().write_bytes(content)
    assert keeping.values(workspace, "one", ["key"]) == {}
    keeping.remember(workspace, "one", {"key": "value"})
    assert keeping.values(workspace, "one", ["key"]) == {"key": "value"}


def test_a_cache_that_cannot_be_written(tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept, and nothing fails."""
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    keeping.remember(workspace, "one", {"key": "value"})
    keeping.keep(keeping.path("whole"), b"content")
    assert keeping.values(workspace, "one", ["key"]) == {}


def test_reviews_are_kept_apart(tmp_path: Path, workspace: Workspace) -> None:
    """Each has a database of its own."""
    keeping.remember(workspace, "one", {"key": "value"})
    assert keeping.values(Workspace(tmp_path, tmp_path / "data" / "other"), "one", ["key"]) == {}


def test_a_key_tells_its_parts_apart() -> None:
    """No two lists of parts have the same key."""
    assert len({keeping.key("a", "b"), keeping.key("ab"), keeping.key("a", "", "b"), keeping.key("", "ab")}) == 4
    assert keeping.key("ä", b"x") == keeping.key("ä".encode(), "x")
