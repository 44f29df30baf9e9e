"""What was worked out once, by what it was worked out from: the one module that knows sqlite3.

A cache only saves time: it can be deleted at any moment, and whatever goes wrong with it is as if it were empty.
Nothing that is read from it is believed: each value and each file lies there with its digest, and what doesn't hold to
that is as if it weren't there.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from evigraph import __version__
from evigraph.errors import EvigraphError
from evigraph.files import cache_use
from evigraph.files.whole import write_whole
from evigraph.paths import Workspace, cache_folder

if TYPE_CHECKING:
    import sqlite3

MANY = 500
"""Keys that one question to the database names."""
SPARE = 1000
"""So many rows more than twice the ones in use may lie in a database before the rest goes."""


def key(*parts: str | bytes) -> str:
    """A SHA-256 of the parts, each told from the next, and of the version of evigraph that works on them."""
    digest = hashlib.sha256(__version__.encode())
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(f"\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def path(name: str) -> Path:
    """The file of that name in the cache folder."""
    return cache_folder() / name


def of(workspace: Workspace, suffix: str) -> Path:
    """The one file of a review in the cache folder that ends so."""
    return path(hashlib.sha256(str(workspace.review.resolve()).encode("utf-8", "surrogateescape")).hexdigest() + suffix)


def keep(file: Path, key: str, content: bytes) -> None:
    """Write a file of the cache whole, below its key and digest; one that can't be written only costs time.

    What the file held by another key is gone, so that no more than one state is left behind.
    """
    with contextlib.suppress(OSError, EvigraphError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, f"{key} {hashlib.sha256(content).hexdigest()}\n".encode() + content)
        cache_use.hold(file)


def kept(file: Path, key: str) -> bytes | None:
    """What was kept in a file of the cache by that key; nothing if it isn't there, or isn't as it was written."""
    try:
        with file.open("rb") as opened:
            said, digest = opened.readline().split()
            if said != key.encode():
                return None
            content = opened.read()
    except (OSError, ValueError):
        return None
    return content if digest == hashlib.sha256(content).hexdigest().encode() else None


def _digest(kind: str, key: str, value: str) -> str:
    return hashlib.sha256(f"{kind}\0{key}\0{value}".encode("utf-8", "surrogatepass")).hexdigest()


def values(workspace: Workspace, kind: str, keys: list[str]) -> dict[str, str]:
    """What is kept for the keys, as far as it is."""
    import sqlite3

    found: dict[str, str] = {}
    with contextlib.suppress(sqlite3.Error, OSError), _opened(workspace) as database:
        for start in range(0, len(keys), MANY):
            some = keys[start : start + MANY]
            marks = ",".join("?" * len(some))
            asked = f"SELECT key, value, digest FROM kept WHERE kind = ? AND key IN ({marks})"  # noqa: S608 - only marks
            rows = database.execute(asked, (kind, *some))
            found.update((key, value) for key, value, digest in rows if digest == _digest(kind, key, value))
    return found


def remember(
    workspace: Workspace,
    kind: str,
    made: dict[str, str],
    used: Iterable[str] | None = None,
    spare: int = SPARE,
    newest: int = 0,
) -> None:
    """Keep values by their keys; when much else has gathered, only the used ones stay, if they are told.

    With `newest`, no more than so many stay of the keys that begin alike, up to a colon.
    """
    import sqlite3

    if not made:
        return
    with contextlib.suppress(sqlite3.Error, OSError), _opened(workspace) as database:
        now = time.time_ns()
        rows = [(kind, key, value, _digest(kind, key, value), now) for key, value in made.items()]
        database.executemany("REPLACE INTO kept VALUES (?, ?, ?, ?, ?)", rows)
        if newest:
            older = f"{_ALIKE} AND key NOT IN (SELECT key FROM kept WHERE {_ALIKE} ORDER BY at DESC LIMIT ?)"  # noqa: S608
            alike = [(kind, f"{start}:", f"{start};") for start in {key.partition(":")[0] for key in made}]
            database.executemany(f"DELETE FROM kept WHERE {older}", [(*each, *each, newest) for each in alike])  # noqa: S608
        if used is not None:
            _prune(database, kind, {*used, *made}, spare)


_ALIKE = "kind = ? AND key >= ? AND key < ?"


def _prune(database: sqlite3.Connection, kind: str, mine: set[str], spare: int) -> None:
    (count,) = database.execute("SELECT count(*) FROM kept WHERE kind = ?", (kind,)).fetchone()
    if count > 2 * len(mine) + spare:
        held = [row[0] for row in database.execute("SELECT key FROM kept WHERE kind = ?", (kind,))]
        gone = [(kind, each) for each in held if each not in mine]
        database.executemany("DELETE FROM kept WHERE kind = ? AND key = ?", gone)


def _decoded(text: bytes) -> str:
    """A text as it was kept; a spoilt one comes out as another, and its digest tells."""
    return text.decode("utf-8", "replace")


@contextlib.contextmanager
def _opened(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """The database of a workspace's cache; one that is no database any more is thrown away."""
    import sqlite3

    file = of(workspace, ".sqlite")
    said = of(workspace, cache_use.REVIEW_FILE)
    if not said.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        said.write_text(str(workspace.review.resolve()), "utf-8", "surrogateescape")
    database = sqlite3.connect(file, timeout=1)
    try:
        database.execute("PRAGMA synchronous = NORMAL")
        database.text_factory = _decoded
        database.execute(
            "CREATE TABLE IF NOT EXISTS kept "
            "(kind TEXT, key TEXT, value TEXT, digest TEXT, at INTEGER, PRIMARY KEY (kind, key)) WITHOUT ROWID"
        )
        with database:
            yield database
    except sqlite3.DatabaseError as error:
        if not isinstance(error, sqlite3.OperationalError):
            file.unlink(missing_ok=True)
        raise
    finally:
        database.close()
