"""The files of a new review, written whole: into a folder of its own, or beside other reviews."""

from __future__ import annotations

import tempfile
from pathlib import Path

from evigraph import data, paths, queries
from evigraph.errors import UsageError
from evigraph.files import journal


def write(root: Path, slug: str, base: str, texts: dict[str, str]) -> Path:
    """Write a review into the workspace at `root`: all of its files, or none.

    Returns the review's folder.

    Raises:
        UsageError: the folder has no room for it, or can't be written.
    """
    try:
        if root.exists():
            _add(root, slug, base, texts)
        else:
            _make(root, texts)
        for empty in (root / "data" / slug / "studies", root / "queries" / "tables"):
            empty.mkdir(parents=True, exist_ok=True)  # where somebody puts files next
    except OSError as error:
        raise UsageError(f"{root}: {error.strerror}; choose a folder that can be written", root) from None
    return root / "data" / slug


def _make(root: Path, texts: dict[str, str]) -> None:
    """A folder that isn't there yet: made beside its place, and renamed."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".evigraph-", dir=root.parent) as folder:
        for name, text in texts.items():
            path = Path(folder) / "new" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        (Path(folder) / "new").rename(root)


def _add(root: Path, slug: str, base: str, texts: dict[str, str]) -> None:
    """A review in a folder that is there, as one change; it may be where somebody stands."""
    _require_room(root, slug, base)
    with journal.locked(root):
        _require_room(root, slug, base)
        writes: dict[Path, bytes | None] = {root / name: text.encode() for name, text in texts.items()}
        held = paths.reviews(root)
        alone = held[0].name if len(held) == 1 else ""
        for path in queries.own_files(paths.Workspace(root, held[0])) if alone else ():
            below = path.relative_to(root / "queries")
            if below.parts[0] != alone:
                writes |= {path: None, root / "queries" / alone / below: path.read_bytes()}
        journal.commit(root, f"init {slug}", writes)


def _require_room(root: Path, slug: str, base: str) -> None:
    """A folder takes a review if it is empty, or holds others only.

    Raises:
        UsageError: it doesn't.
    """
    held = paths.reviews(root)
    if not held and (not root.is_dir() or any(each.name != journal.FOLDER for each in root.iterdir())):
        raise UsageError(f"{root} is there already and not empty; choose another folder", root)
    if any(path.is_file() for name in ("data", "queries") for path in (root / name / slug).rglob("*")):
        raise UsageError(f"{root} holds `{slug}` already; name the new review by --review NAME", slug)
    same = next((name for name, known in data.bases(root).items() if known == base), None)
    if same:
        raise UsageError(f"base `{base}` is that of the review {same} already; give another with --base", base)
