"""How much of the disk the cache takes, review by review, and how it is kept within its bound."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from evigraph.paths import cache_folder

BOUND = "EVIGRAPH_CACHE_MB"
"""The variable of the environment that says how many megabytes the cache may take."""
USUAL = 4096
_REVIEW = re.compile(r"([0-9a-f]{64})\.")
REVIEW_FILE = ".review"
"""How the file ends that says which review's the files of that name are."""


@dataclass(frozen=True)
class Use:
    """What is kept of one review, or of none.

    Attributes:
        review: its folder; empty where that isn't known, as of files that an earlier version left. files: what is kept.
        size: in bytes. used: when something was written last, in seconds of the epoch.
    """

    review: str
    files: tuple[Path, ...]
    size: int
    used: float

    @property
    def is_there(self) -> bool:
        """Whether the review is still where it was."""
        return bool(self.review) and Path(self.review).is_dir()


def uses() -> list[Use]:
    """What is kept, the largest first."""
    groups: dict[str, list[Path]] = {}
    with contextlib.suppress(OSError):
        for path in sorted(cache_folder().iterdir()):
            found = _REVIEW.match(path.name)
            groups.setdefault(found[1] if found else "", []).append(path)
    made = []
    for name, files in groups.items():
        states = [state for path in files if (state := _state(path))]
        review = _text(cache_folder() / f"{name}{REVIEW_FILE}") if name else ""
        made.append(
            Use(review, tuple(files), sum(s.st_size for s in states), max((s.st_mtime for s in states), default=0))
        )
    return sorted(made, key=lambda each: -each.size)


def _state(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "surrogateescape").strip()
    except OSError:
        return ""


def bound() -> int:
    """So many bytes may the cache take."""
    said = os.environ.get(BOUND, "")
    return (int(said) if said.isdecimal() else USUAL) * 1_000_000


def prune(everything: bool = False) -> int:
    """Remove what is kept of reviews that are no longer there, or all; returns how many bytes that were."""
    gone = [each for each in uses() if everything or not each.is_there]
    for each in gone:
        _remove(each)
    return sum(each.size for each in gone)


def hold(newest: Path) -> None:
    """Keep the cache within its bound: what was used longest ago goes first, and the review of a new file never."""
    kept = uses()
    over = sum(each.size for each in kept) - bound()
    for each in sorted(kept, key=lambda use: use.used):
        if over > 0 and newest not in each.files:
            _remove(each)
            over -= each.size


def _remove(use: Use) -> None:
    for path in use.files:
        with contextlib.suppress(OSError):
            path.unlink()
