"""One file, written whole: beside its place and renamed, so that nobody ever sees half of it.

What is no regular file is never replaced. A symbolic link is followed to the file that it names, which is replaced.
Pipes and character devices are written to as they stand; so is what this process was given as `/dev/stdout` or the
like, for whoever opened it waits for the bytes there, and not for a new file of that name.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from evigraph.errors import EvigraphError

LINKS = 40
"""So many links in a row are followed, as Linux does."""
_OPENED = ("/proc/", "/dev/fd/")
"""Where the files lie that a process has open already."""


def write_whole(path: Path, content: bytes, durable: bool = False, temporary: Path | None = None) -> None:
    """Write a file, all of it or nothing.

    `durable` waits until the disk has it. `temporary` is another folder of the same disk to write in first.

    Raises:
        EvigraphError: it can't be written; then nothing was, unless it is a pipe or a device.
    """
    target = _followed(path)
    if target is None:
        _write_through(path, content)
    else:
        _replace(target, content, durable, None if path.is_symlink() else temporary)


def _followed(path: Path) -> Path | None:
    """The regular file, or the place for one, that a path leads to; None if it is to be written to as it stands.

    Raises:
        EvigraphError: it leads nowhere, to a folder, or to what can't be written to safely.
    """
    target = Path(os.path.abspath(path))
    for _ in range(LINKS):
        if str(target).startswith(_OPENED):
            return None
        try:
            mode = target.lstat().st_mode
            following = stat.S_ISLNK(mode) and target.readlink()
        except FileNotFoundError:
            return target
        except OSError as error:
            raise EvigraphError(f"{path}: {error.strerror}; choose a file that can be written", path) from None
        if not following:
            return _allowed(path, target, mode)
        target = Path(os.path.abspath(target.parent / following))
    raise EvigraphError(f"{path}: links that lead in a circle; choose another file", path)


def _allowed(path: Path, target: Path, mode: int) -> Path | None:
    if stat.S_ISREG(mode):
        return target
    if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
        return None
    kind = "a folder" if stat.S_ISDIR(mode) else "a disk" if stat.S_ISBLK(mode) else "no regular file"
    raise EvigraphError(f"{path}: {kind}; choose the name of a file", path)


def _write_through(path: Path, content: bytes) -> None:
    try:
        with path.open("wb") as out:
            out.write(content)
    except OSError as error:
        raise EvigraphError(f"{path}: {error.strerror}; nobody took the whole of it", path) from None


def _replace(path: Path, content: bytes, durable: bool, temporary: Path | None) -> None:
    import tempfile  # costs a command that only reads more than all the rest of this module

    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", dir=temporary or path.parent)
    except FileNotFoundError:
        raise EvigraphError(
            f"{path}: its folder isn't there; make it, or choose a folder that can be written", path
        ) from None
    except OSError as error:
        raise EvigraphError(f"{path}: {error.strerror}; choose a folder that can be written", path) from None
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            if durable:
                out.flush()
                os.fsync(out.fileno())
        Path(name).chmod(_mode(path))
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise EvigraphError(f"{path}: {error.strerror}; nothing was written", path) from None


def _mode(path: Path) -> int:
    """The rights that a file has, or that a new one gets."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
