"""A site in a folder: every page of a review written, only where it changed, and what is no longer one taken away."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evigraph.errors import UsageError
from evigraph.files import write_whole
from evigraph.paths import Workspace
from evigraph.site.contents import contents
from evigraph.site.shelf import Page, Shelf

MARK = ".evigraph-site"
"""The file that tells a folder which this made: it lists what was written, so that nothing else is ever taken away."""


@dataclass(frozen=True)
class Built:
    """What was made: the number of pages, of files, of bytes, and of files that were written since they changed."""

    pages: int
    files: int
    size: int
    written: int


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
    names: dict[str, int] = {}
    written = 0
    whole = len(pages) + len(others)
    for number, (name, content) in enumerate(_files(shelf, pages, others), 1):
        names[name] = len(content)
        written += _put(folder / name, content)
        if progress and (number % 50 == 0 or number == whole):
            progress(number, whole)
    for name in before - set(names):
        _take_away(folder, name)
    write_whole(folder / MARK, ("".join(f"{name}\n" for name in sorted(names))).encode())
    return Built(len(pages), len(names), sum(names.values()), written)


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


def _put(path: Path, content: bytes) -> bool:
    """Write a file if it isn't the same already; whether it was written."""
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
    return True


def _take_away(folder: Path, name: str) -> None:
    path = folder / name
    if path.is_file() and not path.is_symlink():
        path.unlink()


def packed(folder: Path, target: Path) -> int:
    """Pack a site into a zip file that has the same bytes each time; its size."""
    import io

    names = sorted((folder / MARK).read_text("utf-8").splitlines())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in names:
            entry = zipfile.ZipInfo(f"{target.stem}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, (folder / name).read_bytes())
    write_whole(target, buffer.getvalue())
    return len(buffer.getvalue())


def digest(folder: Path) -> str:
    """A SHA-256 over all files of a site, to tell whether two are the same."""
    whole = hashlib.sha256()
    for name in sorted((folder / MARK).read_text("utf-8").splitlines()):
        whole.update(f"{name}\0".encode() + hashlib.sha256((folder / name).read_bytes()).digest())
    return whole.hexdigest()
