"""Documents: what is read, and how what can't be read is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Copy, evigraph

from evigraph import data
from evigraph.data import Document
from evigraph.errors import DataError
from evigraph.paths import Workspace, find_workspace

STUDY = "studies/mah-2016.yaml"

FAULTS = {
    "syntax": ("type: Study\n", "type: [Study\n", r"YAML: .*mend the syntax"),
    "tab": ("type: Study\n", "\ttype: Study\n", r"YAML: .*mend the syntax"),
    "unknown key": ("listing: listed", "lisitng: listed", r":\d+: unknown key `lisitng`; did you mean `listing`"),
    "unknown code": (
        "effect: positive",
        "effect: postive",
        r"unknown code of `effect` `postive`; did you mean",
    ),
    "unknown type": ("type: Study\n", "type: Studdy\n", r"unknown type `Studdy`; did you mean `Study`"),
    "missing reference": (
        "stakeholder/student",
        "stakeholder/studnet",
        r"`concerns` refers to `stakeholder/studnet`.*did",
    ),
    "duplicate id": ("id: inclusion/mah-2016", "id: study/reeves-2017", r"id `study/reeves-2017` is already used at"),
    "duplicate key": ("type: Study\n", "type: Study\ntype: Study\n", r"key `type` stands twice"),
    "text for a number": ("year: 2016", "year: late", r"`year` is a whole number, not `late`"),
    "number for a text": ("label: Mah (2016)", "label: 2016", r"`label` is text \(quote it\), not `2016`"),
    "no list": ("findings:\n", "findings: none\nreports:\n", r"`reports` stands twice|`findings` is a list"),
    "no id": ("  id: inclusion/mah-2016\n", "", r"`id` is missing"),
    "unusable id": ("id: inclusion/mah-2016", "id: inclusion mah", r"can't be part of an IRI"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line(copy: Copy, fault: str) -> None:
    """Every fault names file, line and mend, on one line, with exit code 2 (and 1 from `check`)."""
    old, new, message = FAULTS[fault]
    copy.replace(STUDY, old, new)
    with pytest.raises(DataError, match=message) as caught:
        data.read_documents(find_workspace(copy.root))
    assert "mah-2016.yaml:" in str(caught.value)
    for command, code in (("run table-3", 2), ("check", 1), ("export", 2), ("reproduce", 2)):
        ran = evigraph("--workspace", str(copy.root), *command.split())
        assert (ran.returncode, ran.stdout) == (code, "")
        assert ran.stderr.count("\n") == 1
        assert "mah-2016.yaml:" in ran.stderr


def test_the_line_is_the_right_one(copy: Copy) -> None:
    """The line that an error names holds the fault."""
    copy.replace(STUDY, "effect: positive", "effect: postive")
    with pytest.raises(DataError) as caught:
        data.read_documents(find_workspace(copy.root))
    assert "postive" in caught.value.path.read_text("utf-8").splitlines()[caught.value.line - 1]


@pytest.mark.parametrize("content", [b"label: caf\xe9\n", b"\xff\xfei\x00d\x00"])
def test_bytes_that_are_no_utf8(copy: Copy, content: bytes) -> None:
    """A file in another encoding is told as one line."""
    (copy.review / STUDY).write_bytes(content)
    with pytest.raises(DataError, match=r"mah-2016\.yaml:1: byte \d+ is not UTF-8; save the file as UTF-8"):
        data.read_documents(find_workspace(copy.root))


@pytest.mark.parametrize(
    "content", ["", "- a\n- b\n", "just text\n", "a: &x 1\nb: *x\n", "a: *nowhere\n", "? [a]\n: b\n"]
)
def test_a_document_that_is_no_record(tmp_path: Path, copy: Copy, content: str) -> None:
    """Whatever else stands in the file is told as one line."""
    (copy.review / STUDY).write_text(content, "utf-8")
    with pytest.raises(DataError):
        data.read_documents(find_workspace(copy.root))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_pipe_among_the_documents(copy: Copy) -> None:
    """It is named, and not waited for."""
    os.mkfifo(copy.review / "studies" / "pipe.yaml")
    with pytest.raises(DataError, match=r"pipe\.yaml: not a file"):
        data.read_documents(find_workspace(copy.root))


def test_a_byte_order_mark_is_taken(copy: Copy) -> None:
    """Editors that write a byte order mark do no harm."""
    path = copy.review / STUDY
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(data.read_documents(find_workspace(copy.root))) == len(data.document_files(copy.workspace))


def test_dump_is_read_back(tmp_path: Path, documents: list[Document]) -> None:
    """What `dump` writes is the document again, so the files are in one style."""
    vocabulary = data.vocabulary(documents)
    for document in documents:
        assert data.dump(document.content, vocabulary) == document.path.read_text("utf-8")
        path = tmp_path / "again.yaml"
        path.write_text(data.dump(document.content, vocabulary), "utf-8")
        assert data.read_document(path, document.name, vocabulary).content == document.content


def test_texts_stay_what_was_typed(tmp_path: Path) -> None:
    """No and dates are texts; numbers are numbers."""
    path = tmp_path / "d.yaml"
    path.write_text("a: no\nb: 2020-01-01\nc: 12\nd: 87.5\ne: '12'\nf: null\n", "utf-8")
    assert data.read_document(path, "d").content == {
        "a": "no", "b": "2020-01-01", "c": 12, "d": 87.5, "e": "12", "f": None,
    }  # fmt: skip


def test_printed_tables_are_never_documents(shipped: Workspace) -> None:
    """Nothing under `printed/` is loaded."""
    assert not [path for path in data.document_files(shipped) if "printed" in path.parts]
    assert (shipped.review / "printed").is_dir()
