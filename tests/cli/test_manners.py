"""What every command does alike with its output."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
import time
import zipfile
from pathlib import Path

import click
import pytest
from conftest import evigraph

from evigraph.cli import manners, waiting
from evigraph.cli.base import main
from evigraph.errors import counted
from evigraph.paths import SHIPPED, Workspace
from evigraph.reports import answer_sheet
from evigraph.store import EmbeddedStore


@pytest.mark.parametrize("name", ["q.csv", "q.JSON", "q.xlsx", "q.html", "q.txt", "q"])
def test_the_suffix_tells_the_format(tmp_path: Path, name: str) -> None:
    """A file opens with what its name promises; without a suffix that is known it is text."""
    path = tmp_path / name
    assert evigraph("run", "questions", "-o", str(path)).returncode == 0
    if name == "q.xlsx":
        assert zipfile.is_zipfile(path)
        return
    text = path.read_text("utf-8")
    if name == "q.csv":
        assert {len(row) for row in csv.reader(text.splitlines())} != {1}
    elif name == "q.JSON":
        assert isinstance(json.loads(text), list)
    elif name == "q.html":
        assert re.match(
            r'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>questions</title>', text
        )
    else:
        assert re.search(r"(?m)^-+  -+", text)


def test_a_format_that_is_given_goes_before_the_suffix(tmp_path: Path) -> None:
    """Who says it means it."""
    assert evigraph("run", "questions", "-f", "csv", "-o", str(tmp_path / "q.txt")).returncode == 0
    assert "," in (tmp_path / "q.txt").read_text("utf-8").splitlines()[0]


def test_a_suffix_of_another_kind_is_refused(tmp_path: Path) -> None:
    """Nothing is written that couldn't be opened; a graph's own suffix is right for a graph."""
    ran = evigraph("run", "questions", "-o", str(tmp_path / "q.ttl"))
    assert ran.returncode == 2
    assert "no format of this command ends so; give --format" in ran.stderr
    assert not list(tmp_path.iterdir())
    graph = "CONSTRUCT { ?s a evi:Study } WHERE { ?s a evi:Study }"
    assert evigraph("query", graph, "-o", str(tmp_path / "q.nt")).returncode == 0
    assert evigraph("export", "-o", str(tmp_path / "r.bib")).returncode == 0
    assert (tmp_path / "r.bib").read_text("utf-8").startswith("@")


@pytest.mark.parametrize(
    ("terminal", "output", "width"), [(60, None, 60), (200, None, 200), (5, None, 20), (60, "x.txt", 80)]
)
def test_a_table_is_as_wide_as_the_terminal(
    monkeypatch: pytest.MonkeyPatch, terminal: int, output: str | None, width: int
) -> None:
    """A file has no terminal."""
    monkeypatch.setattr(shutil, "get_terminal_size", lambda *_, **__: os.terminal_size((terminal, 24)))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    context = click.Context(main.commands["run"])
    context.params = {"output": output}
    with context:
        assert manners.table_width() == width


def test_a_line_says_when_the_shipped_review_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody takes its numbers for their own; who names a workspace, or stands in one, isn't told."""
    monkeypatch.chdir(tmp_path)
    ran = evigraph("run", "questions", "-f", "csv", notice=True)
    assert ran.stderr.startswith("No review here, so the review that comes with evigraph, micro-credentials, answers;")
    assert ran.stderr.count("\n") == 1
    assert evigraph("run", "questions", "--workspace", str(SHIPPED), notice=True).stderr == ""
    changed = evigraph("undo", notice=True)
    assert (changed.returncode, changed.stderr.count("\n")) == (2, 1)


def test_the_workspace_may_stand_after_the_command(tmp_path: Path) -> None:
    """Two that differ are refused."""
    assert evigraph("init", str(tmp_path / "mine"), "--title", "Ferns").returncode == 0
    place = str(tmp_path / "mine")
    before, after = (
        evigraph("--workspace", place, "run", "questions"),
        evigraph("run", "questions", "--workspace", place),
    )
    assert (before.returncode, before.stdout) == (after.returncode, after.stdout)
    assert "micro-credentials" not in after.stdout
    both = evigraph("--workspace", place, "run", "questions", "--workspace", str(SHIPPED))
    assert both.returncode == 2
    assert "choose one" in both.stderr


def test_the_list_of_queries_is_grouped() -> None:
    """By what they are; for programs it is one table."""
    text = evigraph("run", "--list").stdout
    groups = re.findall(r"(?m)^[A-Z][A-Z ]+$", text)
    assert len(groups) > 2
    assert len(set(groups)) == len(groups)
    names = [row["name"] for row in json.loads(evigraph("run", "--list", "-f", "json").stdout)]
    short = [name for name in names if len(name) < 10]  # a longer one may wrap
    assert len(short) > 20
    assert all(re.search(rf"(?m)^{name}(?:\s|$)", text) for name in short)


def _search(many: int) -> str:
    """So many records as RIS, each of its own."""
    record = "TY  - JOUR\nAU  - Alder{n}, A\nTI  - {w} badges in the year {n} of {w}\n"
    record += "PY  - 20{y:02}\nDO  - 10.5555/m.{n}\nER  - \n\n"
    words = ("green", "silver", "open", "closed", "early", "late", "small")
    return "".join(record.format(n=n, y=n % 20, w=words[n % 7]) for n in range(many))


def test_a_long_link_ends_in_a_summary(tmp_path: Path) -> None:
    """Some lines of each kind, and a file that has all; a short one is told whole."""
    made = tmp_path / "w"
    assert evigraph("init", str(made), "--title", "W", "--question", "Do they?").returncode == 0
    (tmp_path / "one.ris").write_text(_search(1), "utf-8")
    (tmp_path / "many.ris").write_text(_search(150), "utf-8")
    short = evigraph("--workspace", str(made), "link", str(tmp_path / "one.ris"), "--dry-run").stdout
    assert "one.ris: ris, utf-8: 1 record, 1 read" in short
    assert "1 new study, 0 duplicates." in short
    ran = evigraph("--workspace", str(made), "link", str(tmp_path / "many.ris"))
    lines = ran.stdout.splitlines()
    assert len(lines) < 150
    assert sum(line.startswith("+ Alder") for line in lines) == 10
    assert "  and 140 more new studies" in lines
    assert "150 new studies, 0 duplicates. 151 files written; evigraph undo takes them back." in lines
    details = Path(lines[-1].partition(": ")[2])
    whole = details.read_text("utf-8")
    assert sum(line.startswith("+ Alder") for line in whole.splitlines()) == 150
    assert lines[-1] == f"All {len(whole.splitlines())} lines: {details}"
    assert "1 file)" not in evigraph("--workspace", str(made), "undo").stdout


class _Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def test_long_work_counts_its_seconds_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while, until something is said; the line is empty then. Elsewhere there is no word."""
    monkeypatch.setattr(waiting, "AFTER", 0.05)
    monkeypatch.setattr(waiting, "EVERY", 0.01)
    for terminal, name, expected in ((_Terminal(), "link", True), (io.StringIO(), "link", False)):
        out = io.StringIO()
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setattr(sys, "stdout", out)
        with waiting.told(name):
            time.sleep(0.3)
            print("done")
            said = terminal.getvalue()
            time.sleep(0.1)
        assert terminal.getvalue() == said
        assert out.getvalue() == "done\n"
        assert ("link … 0 s" in said) is expected
        assert not expected or said.endswith(" \r")
        assert sys.stderr is terminal


def test_what_is_quick_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a server, which goes on until it is stopped."""
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with waiting.told("link"):
        pass
    monkeypatch.setattr(waiting, "AFTER", 0.01)
    with waiting.told("serve"):
        time.sleep(0.1)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize(("number", "said"), [(0, "0 studies"), (1, "1 study"), (2, "2 studies")])
def test_a_number_has_its_noun(number: int, said: str) -> None:
    """As many as there are."""
    assert counted(number, "study", "studies") == said
    assert counted(number, "row") == f"{number} row{'' if number == 1 else 's'}"


@pytest.mark.parametrize("width", [60, 80, 200])
def test_an_answer_sheet_is_as_wide_as_the_terminal(store: EmbeddedStore, shipped: Workspace, width: int) -> None:
    """Its tables use the room that there is, and no more."""
    lines = answer_sheet.as_text(answer_sheet.sheet(shipped, store, "RQ6"), width).splitlines()
    assert width - 20 < max(map(len, lines)) <= width
