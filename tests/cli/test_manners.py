"""What every command does alike with its output."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import click
import pytest
from conftest import evigraph

from evigraph.cli import manners
from evigraph.cli.base import main
from evigraph.paths import SHIPPED


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
    monkeypatch.setattr(shutil, "get_terminal_size", lambda *_: os.terminal_size((terminal, 24)))
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
