"""Where things are: the shipped folders, the workspace and the cache."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from evigraph.errors import UsageError

PACKAGE = Path(__file__).resolve().parent
SHIPPED = PACKAGE / "_assets" if (PACKAGE / "_assets").is_dir() else PACKAGE.parents[1]
"""The folder that holds the shipped `data`, `ingest`, `ontology` and `queries`."""


@dataclass(frozen=True)
class Workspace:
    """A folder with one review under `data/`.

    Attributes:
        root: the workspace itself. review: its `data/<slug>` folder.
    """

    root: Path
    review: Path

    def folders(self, name: str) -> list[Path]:
        """The workspace's own folder of that name, then the shipped one, where they exist."""
        candidates = dict.fromkeys([self.root / name, SHIPPED / name])
        return [folder for folder in candidates if folder.is_dir()]

    def relative(self, path: Path) -> Path:
        """The path as a person would type it from the workspace's root."""
        return path.relative_to(self.root) if path.is_relative_to(self.root) else path


def visible(folder: Path, *patterns: str) -> list[Path]:
    """What is in a folder by the patterns of `Path.glob`, sorted.

    Hidden names are left out, for nobody means them: what editors and systems put beside a file begins with a dot.
    """
    found = {path for pattern in patterns for path in folder.glob(pattern)}
    return sorted(path for path in found if not any(p.startswith(".") for p in path.relative_to(folder).parts))


def reviews(root: Path) -> list[Path]:
    """The `data/*` folders below `root` that hold a `review.yaml`."""
    return [path.parent for path in visible(root, "data/*/review.yaml")]


def find_workspace(explicit: str | Path | None = None, start: Path | None = None) -> Workspace:
    """The workspace to work on.

    `explicit` if given, else the nearest of `start` (default: the current folder) and its parents
    that holds a review, else the review that ships with evigraph.

    Raises:
        UsageError: the explicit folder holds no review, or a folder holds several.
    """
    if explicit is not None:
        root = Path(explicit).resolve()
        if not reviews(root):
            raise UsageError(f"{explicit}: no data/*/review.yaml below it; give a folder that holds a review", explicit)
        return _workspace(root)
    here = (start or Path.cwd()).resolve()
    nearest = next((folder for folder in [here, *here.parents] if reviews(folder)), SHIPPED)
    return _workspace(nearest)


def _workspace(root: Path) -> Workspace:
    found = reviews(root)
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise UsageError(f"{root}: a workspace holds one review, found {names}; keep one folder under data/", root)
    return Workspace(root, found[0])


def cache_folder() -> Path:
    """The user's cache folder for evigraph (XDG Base Directory Specification); it may not exist yet."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "evigraph"
