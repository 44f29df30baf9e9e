"""One file, written whole, and what is no regular file left as it is."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from evigraph.errors import EvigraphError
from evigraph.files import write_whole

LARGE = b"0123456789" * 50_000
"""More than a pipe holds."""


def test_a_file_is_replaced_and_keeps_its_rights(tmp_path: Path) -> None:
    """Nothing else is left beside it."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"before")
    path.chmod(0o640)
    write_whole(path, b"after")
    assert path.read_bytes() == b"after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("steps", [1, 3])
def test_a_link_is_followed(tmp_path: Path, steps: int) -> None:
    """The link stays, and the file that it names gets the text, also over several links and where it is new."""
    (tmp_path / "there").mkdir()
    target = tmp_path / "there" / "real.csv"
    last = Path("there/real.csv")
    for number in range(steps):
        (tmp_path / f"link-{number}").symlink_to(last)
        last = Path(f"link-{number}")
    for content in (b"new", b"newer"):
        write_whole(tmp_path / last, content)
        assert target.read_bytes() == content
        assert (tmp_path / last).is_symlink()
        assert not target.is_symlink()


def test_a_link_to_no_folder_or_in_a_circle_is_refused(tmp_path: Path) -> None:
    """In one line, and nothing is written."""
    (tmp_path / "lost").symlink_to("nowhere/real.csv")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(EvigraphError, match="choose a folder that can be written"):
        write_whole(tmp_path / "lost", b"x")
    with pytest.raises(EvigraphError, match="its folder isn't there; make it"):
        write_whole(tmp_path / "no" / "such.csv", b"x")
    with pytest.raises(EvigraphError, match="in a circle"):
        write_whole(tmp_path / "one", b"x")
    with pytest.raises(EvigraphError, match="a folder; choose"):
        write_whole(tmp_path, b"x")


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """Its reader gets everything, and it is still a pipe."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(path.read_bytes()), daemon=True)
    reader.start()
    write_whole(path, LARGE)
    reader.join(10)
    assert got == [LARGE]
    assert path.is_fifo()


def test_a_device_stays_a_device() -> None:
    """A terminal of the test's own."""
    ours, theirs = os.openpty()
    name = Path(os.ttyname(theirs))
    write_whole(name, b"hello")
    assert os.read(ours, 100) == b"hello"
    assert name.is_char_device()
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("to_file", [True, False])
def test_what_is_open_already_gets_the_bytes(tmp_path: Path, to_file: bool) -> None:
    """`-o /dev/stdout` goes where the shell sent it, whether that is a file or a pipe."""
    code = "from pathlib import Path; from evigraph.files import write_whole; write_whole(Path('/dev/stdout'), b'text')"
    with (tmp_path / "out").open("wb") as out:
        ran = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", code], stdout=out if to_file else subprocess.PIPE, check=True
        )
    assert ((tmp_path / "out").read_bytes() if to_file else ran.stdout) == b"text"
