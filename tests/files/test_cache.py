"""The cache: what is kept comes back, and whatever goes wrong with it is as if it were empty."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from evigraph.files import cache
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
    made = {str(number): f"value “{number}”" for number in range(2 * cache.MANY + 1)}
    cache.remember(workspace, "one", made)
    cache.remember(workspace, "two", {"1": "another"})
    assert cache.values(workspace, "one", [*made, "missing"]) == made
    assert cache.values(workspace, "two", ["1", "2"]) == {"1": "another"}


def test_a_later_value_replaces(workspace: Workspace) -> None:
    """The last one counts."""
    for value in ("old", "new"):
        cache.remember(workspace, "one", {"key": value})
    assert cache.values(workspace, "one", ["key"]) == {"key": "new"}


def test_what_nobody_uses_goes(workspace: Workspace) -> None:
    """Once there is much of it; other kinds stay."""
    cache.remember(workspace, "one", {str(number): "" for number in range(100)})
    cache.remember(workspace, "two", {"0": ""})
    cache.remember(workspace, "one", {"new": ""}, ["1", "2"], spare=200)
    assert len(cache.values(workspace, "one", [str(number) for number in range(100)])) == 100
    cache.remember(workspace, "one", {"new": ""}, ["1", "2"], spare=10)
    assert set(cache.values(workspace, "one", [*map(str, range(100)), "new"])) == {"1", "2", "new"}
    assert cache.values(workspace, "two", ["0"]) == {"0": ""}


@pytest.mark.parametrize("content", [b"", b"no database\n" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_spoilt_database_is_an_empty_one(workspace: Workspace, content: bytes) -> None:
    """It is made again."""
    cache.remember(workspace, "one", {"key": "value"})
    file().write_bytes(content)
    assert cache.values(workspace, "one", ["key"]) == {}
    cache.remember(workspace, "one", {"key": "value"})
    assert cache.values(workspace, "one", ["key"]) == {"key": "value"}


def test_a_cache_that_cannot_be_written(tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept, and nothing fails."""
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    cache.remember(workspace, "one", {"key": "value"})
    cache.keep(cache.path("whole"), "key", b"content")
    assert cache.values(workspace, "one", ["key"]) == {}


def test_reviews_are_kept_apart(tmp_path: Path, workspace: Workspace) -> None:
    """Each has a database of its own."""
    cache.remember(workspace, "one", {"key": "value"})
    assert cache.values(Workspace(tmp_path, tmp_path / "data" / "other"), "one", ["key"]) == {}


def test_a_key_tells_its_parts_apart() -> None:
    """No two lists of parts have the same key."""
    assert len({cache.key("a", "b"), cache.key("ab"), cache.key("a", "", "b"), cache.key("", "ab")}) == 4
    assert cache.key("ä", b"x") == cache.key("ä".encode(), "x")


@pytest.mark.parametrize("spoilt", [b"", b"short", b"0" * 64 + b"\ncontent", None])
def test_a_file_that_was_cut_or_changed_is_none(workspace: Workspace, spoilt: bytes | None) -> None:
    """It is believed by its digest alone."""
    whole = cache.path("whole")
    cache.keep(whole, "key", b"content\n" * 100)
    assert cache.kept(whole, "key") == b"content\n" * 100
    content = whole.read_bytes()
    whole.write_bytes(content[:-1] if spoilt is None else spoilt)
    assert cache.kept(whole, "key") is None
    whole.write_bytes(content.replace(b"content", b"kontent", 1))
    assert cache.kept(whole, "key") is None


def test_a_file_holds_one_state(workspace: Workspace) -> None:
    """What it held by another key is gone."""
    whole = cache.of(workspace, ".nq")
    for key in ("one", "two"):
        cache.keep(whole, key, key.encode())
    assert cache.kept(whole, "one") is None
    assert cache.kept(whole, "two") == b"two"
    assert len(list(cache_folder().iterdir())) == 1


def test_the_newest_stay(workspace: Workspace) -> None:
    """So many of the keys that begin alike; what is read stays as it is."""
    for number in range(5):
        cache.remember(workspace, "one", {f"a:{number}": "", f"b{number}:0": ""}, newest=3)
    every = [*(f"a:{number}" for number in range(5)), *(f"b{number}:0" for number in range(5))]
    assert set(cache.values(workspace, "one", every)) == {"a:2", "a:3", "a:4", *(f"b{number}:0" for number in range(5))}


@pytest.mark.parametrize("spoil", ["value = 'another'", "value = ''", "key = 'other'", "value = CAST(x'ff00' AS TEXT)"])
def test_a_value_that_was_changed_is_none(workspace: Workspace, spoil: str) -> None:
    """One that stands under another key is changed too; the others are as they were."""
    cache.remember(workspace, "one", {"key": "value", "second": "value"})
    with sqlite3.connect(file()) as database:
        database.execute(f"UPDATE kept SET {spoil} WHERE key = 'key'")  # noqa: S608 - the test's own words
    database.close()
    assert cache.values(workspace, "one", ["key", "other", "second"]) == {"second": "value"}
    cache.remember(workspace, "one", {"key": "value"})
    assert cache.values(workspace, "one", ["key"]) == {"key": "value"}
