"""The digests of a review's files, without reading again what nobody has written since.

A file whose size, times, inode and device are those of the last look holds the same bytes, but for one case: it was
written after that look within the grain of the file system's clock. So an entry is kept only of a file that was
written longer before the look than any clock's grain; Git calls the others racily clean (git-scm.com/docs/racy-git).
The inode's own time is compared as well, since no copy that keeps a file's date can set that.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

from evigraph.data.documents import digest
from evigraph.data.review_files import content_of, document_entries
from evigraph.files import cache
from evigraph.ontology import fingerprint
from evigraph.paths import VERIFY, Workspace

GRAIN = 2_000_000_000
"""Nanoseconds: the coarsest clock of a file system in use, that of FAT."""
KIND = "files"


class File(NamedTuple):
    """A document's file.

    Attributes:
        place: where it is. name: its path below the review's folder, with the suffix. digest: see `documents.digest`.
    """

    place: str
    name: str
    digest: str


Stamp = list[int]
"""What the file system says of a file: device, inode, size, and its times in nanoseconds."""


_seen: ContextVar[dict[Path, list[File]] | None] = ContextVar("seen", default=None)


@contextlib.contextmanager
def one_look() -> Iterator[None]:
    """Within it each review is looked at once: for a command that only reads, and is about one state."""
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def file_digests(workspace: Workspace, cache_of: Workspace | None = None) -> list[File]:
    """Every document's file with its digest, sorted by path; `cache_of` is another workspace whose cache serves.

    Raises:
        DataError: one of them can't be read, or isn't a file.
    """
    seen = _seen.get()
    if seen is None:
        return _looked(workspace, cache_of)
    if workspace.review not in seen:
        seen[workspace.review] = _looked(workspace, cache_of)
    return seen[workspace.review]


def _looked(workspace: Workspace, cache_of: Workspace | None) -> list[File]:
    key = cache.key("index", fingerprint(), str(workspace.review.resolve()))
    kept = _kept(cache_of or workspace, key)
    looked = time.time_ns()
    found, held, changed = [], {}, False
    for place, name, stamp in _stamps(workspace):
        known = kept.get(name)
        if known and known[0] == stamp:
            made = known[1]
        else:
            path = Path(place)
            made, changed = digest(path, content_of(path)), True
        if max(stamp[-2:]) < looked - GRAIN:
            held[name] = [stamp, made]
        found.append(File(place, name, made))
    if changed or held.keys() != kept.keys():
        cache.remember(cache_of or workspace, KIND, {key: json.dumps(held)}, [key], spare=3)
    return found


def _stamps(workspace: Workspace) -> Iterator[tuple[str, str, Stamp]]:
    for name, entry in document_entries(workspace):
        state = entry.stat()
        yield entry.path, name, [state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns]


def _kept(workspace: Workspace, key: str) -> dict[str, tuple[Stamp, str]]:
    """What was kept of the last look; nothing where every file is to be read."""
    if os.name == "nt" or os.environ.get(VERIFY):  # there the inode's time is that of the file's making
        return {}
    text = cache.values(workspace, KIND, [key]).get(key, "{}")
    return json.loads(text)  # type: ignore[no-any-return]
