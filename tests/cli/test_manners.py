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
