"""How much the cache takes is told, and kept within a bound."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from evigraph.cli import main
from evigraph.files import cache, cache_use
from evigraph.paths import Workspace, cache_folder


def reviews(folder: Path, *names: str) -> list[Workspace]:
    """Reviews that have something in the cache, the first longest ago."""
    made = []
    for at, name in enumerate(names):
        workspace = Workspace(folder, folder / "data" / name)
        workspace.review.mkdir(parents=True)
        cache.remember(workspace, "one", {"key": "value"})
        cache.keep(cache.of(workspace, ".nq"), "state", b"x" * 600_000)
        for path in cache_folder().glob(f"{cache.of(workspace, '').name}*"):
            os.utime(path, (1000 + at, 1000 + at))
        made.append(workspace)
    return made


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(cache_use.BOUND, raising=False)


def told() -> set[str]:
    """The names of the reviews that something is kept of."""
    return {Path(each.review).name for each in cache_use.uses()}


def test_uses_are_told_by_review(tmp_path: Path) -> None:
    """With what they take; the files of a review go together."""
    reviews(tmp_path, "one", "two")
    assert told() == {"one", "two"}
    assert all(each.size > 600_000 and each.is_there for each in cache_use.uses())
    assert sum(len(each.files) for each in cache_use.uses()) == len(list(cache_folder().iterdir()))


def test_what_is_of_no_review_goes(tmp_path: Path) -> None:
    """Also what an earlier version left; the rest stays, until all goes."""
    one, _ = reviews(tmp_path, "one", "two")
    (cache_folder() / ("0" * 64 + ".nq")).write_bytes(b"old")
    (cache_folder() / "details-1.txt").write_bytes(b"text")
    shutil.rmtree(one.review)
    assert cache_use.prune() > 600_000
    assert told() == {"two"}
    assert cache_use.prune() == 0
    cache_use.prune(everything=True)
    assert list(cache_folder().iterdir()) == []


def test_the_cache_stays_within_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written longest ago goes, and never what was written just now."""
    monkeypatch.setenv(cache_use.BOUND, "2")
    workspaces = reviews(tmp_path, *"abcde")
    assert told() == {"c", "d", "e"}
    monkeypatch.setenv(cache_use.BOUND, "0")
    cache.keep(cache.of(workspaces[2], ".nq"), "state", b"y")
    assert told() == {"c"}
    monkeypatch.setenv(cache_use.BOUND, "much")
    assert cache_use.bound() == 4096 * 1_000_000


def test_the_command_tells_and_clears(tmp_path: Path) -> None:
    """As a person uses it."""
    from click.testing import CliRunner

    reviews(tmp_path, "one")
    shown = CliRunner().invoke(main, ["cache", "--format", "csv"])
    assert str(tmp_path / "data" / "one") in shown.output
    assert "0.6" in shown.output
    cleared = CliRunner().invoke(main, ["cache", "--clear"])
    assert cleared.output.startswith("0.6 MB removed")
    assert "of no review" not in CliRunner().invoke(main, ["cache"]).output
