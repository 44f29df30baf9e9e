"""Changes of several files that happen as one: whole, in turn, and taken back when asked.

A change is first written whole into `.evigraph/pending.json`, and only then to the files themselves. Who finds such a
file after a crash carries the change out to its end: the workspace is as before, or as after.
"""

from __future__ import annotations

import base64
import contextlib
import datetime
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from evigraph.errors import DataError, EvigraphError, UsageError
from evigraph.files.whole import write_whole

FOLDER = ".evigraph"
"""The folder of the workspace that remembers its changes; it isn't part of the review."""
LOCK_SECONDS = 60.0
MANY = 50
"""From so many files on, the disk is asked once to keep them all."""
_NUMBER = re.compile(r"\d{6,12}", re.ASCII)
"""The name of a change."""


@dataclass(frozen=True)
class Entry:
    """One change that was made.

    Attributes:
        name: its number, in order. title: what it was. when: ISO 8601. files: each file below the root with its content
        before and after; None is no file.
    """

    name: str
    title: str
    when: str
    files: dict[str, tuple[bytes | None, bytes | None]]


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """Nobody else changes the workspace meanwhile; a change that a crash cut off is carried out first.

    Raises:
        EvigraphError: another process keeps the lock for more than `LOCK_SECONDS`, or the folder can't be written.
    """
    import filelock

    folder = root / FOLDER
    if folder.is_symlink() or (folder / "changes").is_symlink():
        raise EvigraphError(f"{folder}: a link to another folder; remove it, evigraph makes its own", folder)
    try:
        folder.mkdir(exist_ok=True)
        if not (folder / ".gitignore").exists():
            write_whole(folder / ".gitignore", b"*\n")
        with filelock.FileLock(folder / "lock", timeout=LOCK_SECONDS):
            for left in folder.glob(".?*.*.????????"):
                left.unlink(missing_ok=True)  # what a crash left half-written
            _carry_out(root)
            yield
    except filelock.Timeout:
        raise EvigraphError(f"{root}: another evigraph is changing this workspace; try again when it is done") from None
    except OSError as error:
        at = error.filename or root
        raise EvigraphError(f"{at}: {error.strerror or error}; choose a workspace that can be written") from None


def recover(root: Path) -> None:
    """Carry out what a crash cut off, if anything."""
    if (root / FOLDER / "pending.json").exists():
        with locked(root):
            pass


def commit(root: Path, title: str, writes: dict[Path, bytes | None]) -> Entry:
    """Write all files, or none; None removes one. Call it within `locked`.

    Raises:
        EvigraphError: a file lies outside of the workspace.
    """
    files = {}
    for path, content in sorted(writes.items()):
        if not path.resolve().is_relative_to(root.resolve()):
            raise EvigraphError(f"{path}: outside of the workspace {root}; nothing was written", path)
        before = path.read_bytes() if path.exists() else None
        if before != content:
            files[path.relative_to(root).as_posix()] = before, content
    number = max((int(path.stem) for path in _log(root)), default=0) + 1
    when = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    entry = Entry(f"{number:06}", title, when, files)
    if files:
        _begin(root, entry, undoes=False)
        _finish(root, entry)
    return entry


def last(root: Path, others: frozenset[str] = frozenset()) -> Entry | None:
    """The last change, but for those of the `others`, reviews by name; None if there is none.

    Raises:
        DataError: what is kept of it can't be read.
    """
    changes = (_read(root, path)[0] for path in reversed(_log(root)))
    return next((each for each in changes if not others or _reviews(each) - others or not _reviews(each)), None)


def undo(root: Path, others: frozenset[str] = frozenset(), name: str = "") -> Entry:
    """Take the last change back, but for those of the `others`, reviews by name. Call it within `locked`.

    With the `name` of a change, only if it is still the last.

    Raises:
        UsageError: there is none, or a file has been changed since. DataError: what is kept of it can't be read.
    """
    entry = last(root, others)
    if entry is None:
        raise UsageError(f"{root}: no change to take back", root)
    if name and entry.name != name:
        raise UsageError(f"{entry.title} came after it; only the last change can be taken back", name)
    for name, (_, after) in entry.files.items():
        path = root / name
        if (path.read_bytes() if path.exists() else None) != after:
            raise UsageError(f"{path} was changed since; taking {entry.title} back would lose that change", path)
    back = {name: (after, before) for name, (before, after) in entry.files.items()}
    backwards = Entry(entry.name, entry.title, entry.when, back)
    _begin(root, backwards, undoes=True)
    _finish(root, backwards)
    return entry


def _reviews(entry: Entry) -> set[str]:
    """The names of the reviews that a change is of."""
    return {PurePosixPath(name).parts[1] for name in entry.files if name.startswith("data/")}


def _log(root: Path) -> list[Path]:
    kept = (path for path in (root / FOLDER / "changes").glob("*.json") if _NUMBER.fullmatch(path.stem))
    return sorted(kept, key=lambda path: int(path.stem))


def _begin(root: Path, entry: Entry, undoes: bool) -> None:
    def text(content: bytes | None) -> str | None:
        return None if content is None else base64.b64encode(content).decode("ascii")

    whole = {
        **{"name": entry.name, "title": entry.title, "when": entry.when, "undoes": undoes},
        "files": {name: [text(before), text(after)] for name, (before, after) in entry.files.items()},
    }
    (root / FOLDER / "changes").mkdir(exist_ok=True)
    write_whole(root / FOLDER / "pending.json", json.dumps(whole).encode(), durable=True)


def _read(root: Path, path: Path) -> tuple[Entry, bool]:
    """A change as it is kept in a file, which anybody may have sent along with a workspace.

    Raises:
        DataError: it is no such change, or changes what is neither below the workspace's `data` nor a query of its own.
    """

    def content(text: str | None) -> bytes | None:
        return None if text is None else base64.b64decode(text, validate=True)

    try:
        whole: dict[str, Any] = json.loads(path.read_bytes())
        files = {name: (content(before), content(after)) for name, (before, after) in whole["files"].items()}
        entry, undoes = Entry(whole["name"], str(whole["title"]), str(whole["when"]), files), bool(whole["undoes"])
        known = _NUMBER.fullmatch(entry.name)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        known = None
    if not known:
        raise DataError(path, 0, "not a change as evigraph keeps it, so it wasn't carried out; remove this file")
    for name in files:
        if not _belongs(root, name):
            raise DataError(path, 0, f"would change {name!r}, which isn't of the review; remove this file", name)
    return entry, undoes


def _belongs(root: Path, name: str) -> bool:
    """Whether a change may write a file of that name: one under the workspace's `data`, or a query of its own."""
    plain = PurePosixPath(name)
    parts = plain.parts
    written = name == plain.as_posix() and "\\" not in name and "\0" not in name
    kind = parts[:1] == ("data",) or (parts[:1] == ("queries",) and plain.suffix == ".rq")
    inside = len(parts) > 1 and kind and not any(part.startswith(".") for part in parts)
    return written and inside and (root / name).resolve().is_relative_to(root.resolve())


def _finish(root: Path, entry: Entry) -> None:
    """Carry a change out; where the disk is full or a file can't be written, take back what was written of it."""
    try:
        _carry_out(root)
    except EvigraphError as failed:
        try:
            for name, (before, _) in sorted(entry.files.items(), key=lambda item: item[1][0] is not None):
                _put(root, name, before, durable=False)  # what was new goes first, which makes room
            (root / FOLDER / "pending.json").unlink()
        except (OSError, EvigraphError):
            raise failed from None  # it stays pending
        raise EvigraphError(f"{str(failed).partition('; ')[0]}; nothing was written") from None


def _carry_out(root: Path) -> None:
    """Write what `pending.json` says; doing it twice is doing it once."""
    pending = root / FOLDER / "pending.json"
    if not pending.exists():
        return
    entry, undoes = _read(root, pending)
    try:
        for name, (_, after) in entry.files.items():
            _put(root, name, after, durable=len(entry.files) < MANY)
    except (OSError, EvigraphError) as error:
        said = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error).partition("; ")[0]
        raise EvigraphError(f"{said}; the change is kept: mend that, and the next command carries it out") from None
    if len(entry.files) >= MANY and hasattr(os, "sync"):
        os.sync()  # once for all of them; one by one takes minutes
    logged = root / FOLDER / "changes" / f"{entry.name}.json"
    if undoes:
        logged.unlink(missing_ok=True)
        pending.unlink()
    else:
        pending.replace(logged)


def _put(root: Path, name: str, content: bytes | None, durable: bool) -> None:
    path = root / name
    if content is None:
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content, durable=durable, temporary=root / FOLDER)
