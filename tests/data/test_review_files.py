"""Which files of a review are documents, and what is said of those that can't be read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Copy

from evigraph import data, queries
from evigraph.data import codings
from evigraph.errors import DataError
from evigraph.queries import build


def spoiled_link(path: Path) -> None:
    """A link to nothing."""
    path.symlink_to("ann@host.1:1")


def binary(path: Path) -> None:
    """What macOS puts beside a file on other disks."""
    path.write_bytes(b"\x00\x05\x16\x07\x80")


@pytest.mark.parametrize("make", [spoiled_link, binary, Path.mkdir])
@pytest.mark.parametrize("name", [".#mah-2016.yaml", "._mah-2016.yaml"])
def test_hidden_names_are_passed_over(copy: Copy, make: Callable[[Path], None], name: str) -> None:
    """In every folder that a command looks into."""
    before = build.fingerprint(copy.workspace), len(data.read_documents(copy.workspace))
    for folder in ("", "studies", "printed", "codings"):
        make(copy.review / folder / name)
        make(copy.review / folder / name.replace(".yaml", ".csv"))
    for folder, suffix in (("queries", ".rq"), ("ingest", ".yaml")):
        (copy.root / folder).mkdir()
        make(copy.root / folder / name.replace(".yaml", suffix))
    assert (build.fingerprint(copy.workspace), len(data.read_documents(copy.workspace))) == before
    assert codings.read(copy.workspace)
    assert len(queries.load_all(copy.workspace)) > 50


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (spoiled_link, "x.yaml: a link to a file that isn't there; bring that back, or remove the link"),
        (Path.mkdir, "x.yaml: not a file"),
        (os.mkfifo, "x.yaml: not a file"),
    ],
)
def test_what_is_no_file_is_told_in_a_line(copy: Copy, make: Callable[[Path], None], message: str) -> None:
    """With its name and the mend, whoever looks at the documents."""
    make(copy.review / "studies" / "x.yaml")
    for look in (data.read_documents, build.fingerprint):
        with pytest.raises(DataError, match=message):
            look(copy.workspace)


def test_a_name_that_is_no_text_is_told(copy: Copy) -> None:
    """Its bytes are shown as they are."""
    (copy.review / "studies" / os.fsdecode(b"M\xfcller.yaml")).write_text("id: study/mueller\ntype: Study\n", "utf-8")
    with pytest.raises(DataError, match=r"a name that isn't UTF-8: b'M\\xfcller.yaml'; rename that file"):
        data.read_documents(copy.workspace)


def test_a_file_that_goes_away_meanwhile(tmp_path: Path) -> None:
    """One line, and no traceback."""
    with pytest.raises(DataError, match=r"x\.yaml: No such file or directory; make it a file that can be read"):
        data.content_of(tmp_path / "x.yaml")
