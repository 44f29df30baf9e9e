"""A site in a folder: every page of a review written, only where it changed, and what is no longer one taken away."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evigraph.errors import EvigraphError, UsageError
from evigraph.files import write_whole
from evigraph.paths import Workspace
from evigraph.site.contents import contents
from evigraph.site.shelf import Page, Shelf

MARK = ".evigraph-site"
"""The file that tells a folder which this made: it lists what was written, so that nothing else is ever taken away."""
STAGED = ".evigraph-new"
"""The folder where files wait until all of them are made, so that a run that fails leaves the site as it was."""


@dataclass(frozen=True)
class Built:
    """What was made: the number of pages, of files, of bytes, and of files that were written since they changed.

    `gone` are the addresses of pages that were there before: links to them lead nowhere now.
    """

    pages: int
    files: int
    size: int
    written: int
    gone: tuple[str, ...] = ()


def build(
    workspace: Workspace,
    folder: Path,
    base_url: str = "",
    since: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Built:
    """Write the site of a review into a folder, with what is new `since` a version if one is named.

    Raises:
        UsageError: the folder holds something else, or there is no such version.
        DataError: a document can't be taken as it stands.
    """
    before = _before(folder)
    shelf, pages, others = contents(workspace, base_url, since)
    whole, staged = len(pages) + len(others), _staged(folder)
    names: dict[str, int] = {}
    changed: list[str] = []
    try:
        for number, (name, content) in enumerate(_files(shelf, pages, others), 1):
            names[name] = len(content)
            if not _same(folder / name, content):
                _put(staged / name, content)
                changed.append(name)
            if progress:
                progress(number, whole)
        _put(staged / MARK, "".join(f"{name}\n" for name in sorted(names)).encode())
        _swap(staged, folder, changed)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    for name in before - set(names):
        _take_away(folder, name)
    gone = tuple(sorted(name for name in before - set(names) if name.endswith(".html")))
    return Built(len(pages), len(names), sum(names.values()), len(changed), gone)


def _staged(folder: Path) -> Path:
    """A new folder for what is being made, on the disk of the site: within it, or beside it if there is none yet.

    Raises:
        EvigraphError: it can't be made.
    """
    staged = folder / STAGED if folder.is_dir() else folder.with_name(f".{folder.name}{STAGED}")
    try:
        shutil.rmtree(staged, ignore_errors=True)  # of a run that was ended from outside
        staged.mkdir(parents=True)
    except OSError as error:
        raise EvigraphError(f"{staged} can't be made: {error.strerror}", staged) from None
    return staged


def _swap(staged: Path, folder: Path, changed: list[str]) -> None:
    """Give the folder what was made: all of it at once if it is new, else each file that changed, and the list last.

    Raises:
        EvigraphError: a file can't be replaced.
    """
    try:
        if not folder.exists():
            staged.rename(folder)
            return
        for name in (*changed, MARK):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (staged / name).replace(folder / name)
    except OSError as error:
        raise EvigraphError(f"{error.filename or folder} can't be written: {error.strerror}", folder) from None


def _files(shelf: Shelf, pages: list[Page], others: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Every file by name; the HTML of a page is made when it is written."""
    yield from others.items()
    for page in pages:
        yield page.path, shelf.html(page).encode()


def _before(folder: Path) -> set[str]:
    """The files that were written into the folder before.

    Raises:
        UsageError: it is no folder, or holds what no site wrote.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is no folder; name one that is new, empty, or holds a site", folder)
    if not folder.is_dir():
        return set()
    mark = folder / MARK
    if mark.is_file():
        return {line for line in mark.read_text("utf-8").splitlines() if _inside(line)}
    if any(folder.iterdir()):
        raise UsageError(f"{folder} holds other files; name a folder that is new, empty, or holds a site", folder)
    return set()


def _inside(name: str) -> bool:
    """Whether a name that the list of what was written has can be a file of the folder."""
    return bool(name) and not Path(name).is_absolute() and ".." not in Path(name).parts


def _same(path: Path, content: bytes) -> bool:
    """Whether a file has this content already."""
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)


def _take_away(folder: Path, name: str) -> None:
    path = folder / name
    if path.is_file() and not path.is_symlink():
        path.unlink()


def packed(folder: Path, target: Path) -> int:
    """Pack a site into a zip file that has the same bytes each time; its size.

    Raises:
        EvigraphError: it can't be written; then one that was there stays.
    """
    names = sorted((folder / MARK).read_text("utf-8").splitlines())
    half = target.with_name(f".{target.name}{STAGED}")
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name in names:
                entry = zipfile.ZipInfo(f"{target.stem}/{name}", (1980, 1, 1, 0, 0, 0))
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, (folder / name).read_bytes())
        half.replace(target)
    except OSError as error:
        raise EvigraphError(f"{target} can't be written: {error.strerror}", target) from None
    finally:
        half.unlink(missing_ok=True)
    return target.stat().st_size


def digest(folder: Path) -> str:
    """A SHA-256 over all files of a site, to tell whether two are the same."""
    whole = hashlib.sha256()
    for name in sorted((folder / MARK).read_text("utf-8").splitlines()):
        whole.update(f"{name}\0".encode() + hashlib.sha256((folder / name).read_bytes()).digest())
    return whole.hexdigest()
