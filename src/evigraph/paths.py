"""Where things are: the shipped folders, the workspace and the cache."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from evigraph.errors import UsageError

PACKAGE = Path(__file__).resolve().parent
SHIPPED = PACKAGE / "_assets" if (PACKAGE / "_assets").is_dir() else PACKAGE.parents[1]
"""The folder that holds the shipped `data`, `ingest`, `ontology` and `queries`."""
VERIFY = "EVIGRAPH_VERIFY"
"""The variable of the environment with which every file is read, whatever its times say."""


@dataclass(frozen=True)
class Workspace:
    """A folder with reviews under `data/`, and the one of them that is worked on.

    Attributes:
        root: the workspace itself. review: the `data/<slug>` folder of the review.
    """

    root: Path
    review: Path

    def folders(self, name: str) -> list[Path]:
        """The workspace's own folder of that name, then the shipped one, where they exist."""
        candidates = dict.fromkeys([self.root / name, SHIPPED / name])
        return [folder for folder in candidates if folder.is_dir()]

    @property
    def others(self) -> frozenset[str]:
        """The names of the other reviews of the workspace."""
        return frozenset(path.name for path in reviews(self.root)) - {self.review.name}

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


def find_workspace(
    explicit: str | Path | None = None, start: Path | None = None, review: str | None = None
) -> Workspace:
    """The workspace to work on.

    `explicit` if given, else the nearest of `start` (default: the current folder) and its parents
    that holds a review, else the review that ships with evigraph. `review` names the review where there are several;
    without it, it is the one in whose folder `start` is. A review's own folder may be given as `explicit` too.

    Raises:
        UsageError: the explicit folder holds no review, none of that name, or several and none is named.
    """
    here = (start or Path.cwd()).resolve()
    if explicit is None:
        return _chosen(next((folder for folder in [here, *here.parents] if reviews(folder)), SHIPPED), here, review)
    root = Path(explicit).resolve()
    if not reviews(root) and root.parent.name == "data" and root in reviews(root.parents[1]):
        root, here = root.parents[1], root
    if not reviews(root):
        raise UsageError(f"{explicit}: no data/*/review.yaml below it; give a folder that holds a review", explicit)
    return _chosen(root, here, review)


def find_workspaces(explicit: str | Path | None = None) -> list[Workspace]:
    """Every review of a workspace, by name; of a review's own folder only that one.

    Raises:
        UsageError: the explicit folder holds no review.
    """
    if explicit is not None and not reviews(Path(explicit).resolve()):
        return [find_workspace(explicit)]
    here = Path(explicit or Path.cwd()).resolve()
    root = next((folder for folder in [here, *here.parents] if reviews(folder)), SHIPPED)
    return [Workspace(root, review) for review in reviews(root)]


def told_apart(workspaces: list[Workspace]) -> dict[str, Workspace]:
    """Reviews by name, each once; those of one name by their workspaces' names or paths too."""
    every = {each.review: each for each in workspaces}.values()
    for name in (lambda w: w.review.name, lambda w: f"{w.root.name}/{w.review.name}", lambda w: str(w.review)):
        found = {name(each): each for each in every}
        if len(found) == len(every):
            break
    return found


def _chosen(root: Path, here: Path, name: str | None) -> Workspace:
    """The review of that name, or the only one, or the one in whose folder somebody stands."""
    found = reviews(root)
    inside = [path for path in found if here.is_relative_to(path)]
    if name is None and (len(found) == 1 or inside):
        return Workspace(root, (inside or found)[0])
    names = ", ".join(path.name for path in found)
    if name is None:
        raise UsageError(f"{root} holds several reviews: {names}; choose one with --review NAME", root)
    review = next((path for path in found if path.name == name), None)
    if review is None:
        raise UsageError(f"{root} holds no review `{name}`; choose one of {names}", name)
    return Workspace(root, review)


def cache_folder() -> Path:
    """The user's cache folder for evigraph (XDG Base Directory Specification); it may not exist yet."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "evigraph"
