"""A site as one file to mail, and its first page opened without the rest."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("jinja2", reason="needs the extra web")

from browsers import CHROMIUM
from conftest import evigraph
from driven import driven

from evigraph.errors import UsageError
from evigraph.paths import Workspace
from evigraph.site import folder as site
from evigraph.site import single
from evigraph.site.alone import STYLE, allowed


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, shipped: Workspace) -> Path:
    """The shipped review as one file."""
    made = tmp_path_factory.mktemp("single") / "review.html"
    single.build(shipped, made)
    return made


def test_one_file_is_whole(file: Path) -> None:
    """It has what a page must have, names no other file, and every link leads to a place within it."""
    text = file.read_text("utf-8")
    assert text.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    assert '<meta name="viewport"' in text
    assert "<title>Micro Credentials in Higher Education" in text
    ids = Counter(re.findall(r'<[a-z][^>]* id="([^"]*)"', text))
    assert [name for name, number in ids.items() if number > 1] == []
    links = re.findall(r' href="([^"]*)"', text)
    assert [link for link in links if not link.startswith(("#", "https://"))] == []
    assert [link for link in links if link.startswith("#") and link[1:] not in ids] == []
    assert "src=" not in re.sub(r"<style>.*?</style>|<script>.*?</script>", "", text, flags=re.DOTALL)
    named = re.findall(r'aria-(?:labelledby|describedby|controls)="([^"]*)"', text)
    assert [each for words in named for each in words.split() if each not in ids] == []
    for page in ("index", "question-rq-7", "study-reeves-2017", "figure-prisma", "table-table-3", "findings", "about"):
        assert f'<section id="{page}">' in text
    style, script = (re.search(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL) for tag in ("style", "script"))
    assert style
    assert script
    assert f"style-src {allowed(style[1])}; script-src {allowed(script[1])}" in text
    assert len(file.read_bytes()) < 4_000_000


def test_a_review_of_ones_own_in_one_file(tmp_path: Path) -> None:
    """With nothing coded, hostile titles, and no word of the shipped review; twice the same."""
    own, hits = tmp_path / "birds", tmp_path / "hits.ris"
    hits.write_text(
        'TY  - JOUR\nAU  - Doe, J.\nPY  - 2021\nTI  - <script>alert(1)</script> " href="x\nER  - \n', "utf-8"
    )
    assert evigraph("init", str(own)).returncode == 0
    assert evigraph("--workspace", str(own), "link", str(hits)).returncode == 0
    texts = []
    for name in ("one.html", "two.html"):
        made = evigraph("--workspace", str(own), "site", str(tmp_path / name), "--single")
        assert made.returncode == 0, made.stderr
        texts.append((tmp_path / name).read_text("utf-8"))
    assert texts[0] == texts[1]
    assert texts[0].count("<script>") == 1
    assert "&lt;script&gt;alert(1)" in texts[0]
    assert not re.search("micro-?credential", texts[0], re.IGNORECASE)


def test_a_name_that_is_no_file_is_refused(tmp_path: Path, shipped: Workspace) -> None:
    """Before anything is written; as are options for a folder."""
    with pytest.raises(UsageError, match=r"ends in \.html"):
        single.build(shipped, tmp_path / "public")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        single.build(shipped, tmp_path / "folder.html")
    refused = evigraph("site", str(tmp_path / "a.html"), "--single", "--zip")
    assert refused.returncode == 2
    assert not (tmp_path / "a.html").exists()


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing")
@pytest.mark.thorough
def test_alone_in_a_browser(file: Path, shipped: Workspace, tmp_path: Path) -> None:
    """One file narrows its tables, and says nothing on the console; the first page of a site shows text and figures."""
    folder, lone = tmp_path / "out", tmp_path / "lone"
    site.build(shipped, folder)
    lone.mkdir()
    shutil.copy(folder / "index.html", lone)
    seen = "getComputedStyle(document.querySelector('.alone')).display"
    with driven(tmp_path) as page:
        page.open(file.as_uri())
        assert page.said == []
        assert page.run("document.querySelectorAll('input[type=search]').length") > 2
        assert page.run("getComputedStyle(document.querySelector('.figure .narrow')).display") == "none"
        page.open((lone / "index.html").as_uri())
        assert page.run(seen) == "block"
        assert page.run("document.querySelector('.figure .wide').getBoundingClientRect().height") > 200
        assert page.run("getComputedStyle(document.querySelector('.figure .narrow')).display") == "none"
        page.said.clear()
        page.open((folder / "index.html").as_uri())
        assert page.run(seen) == "none"
        assert page.said == []
    assert allowed(STYLE) in (folder / "index.html").read_text("utf-8")
