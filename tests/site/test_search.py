"""Search over all pages of a site: what people type finds what they mean, and nothing is loaded before they do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jinja2", reason="needs the extra web")

from browsers import CHROMIUM, opened
from conftest import evigraph

from evigraph.files import yaml_text
from evigraph.paths import Workspace
from evigraph.site import folder as site
from evigraph.site import vendor

HERE = Path(__file__).parent
CASES: dict[str, str] = yaml_text.load((HERE / "search-cases.yaml").read_text("utf-8"))
NODE = shutil.which("node")
built = pytest.mark.skipif(not vendor.built(), reason="the assets from npm aren't built (scripts/assets.py)")


def found(folder: Path, *asked: str) -> list[list[str]]:
    """The first three pages for each of some words, as node runs the script of the pages."""
    command = [str(NODE), str(HERE / "find.js"), str(folder), *asked]
    ran = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own
    answer: list[list[str]] = json.loads(ran.stdout)
    return answer


@built
@pytest.mark.skipif(NODE is None, reason="node is missing")
def test_what_people_type_finds_what_they_mean(shipped_site: Path) -> None:
    """Letters may be wrong, doubled, or without their marks; the page is among the first three."""
    assert len(CASES) >= 30
    answers = dict(zip(CASES, found(shipped_site, *CASES), strict=True))
    assert {asked: pages for asked, pages in answers.items() if CASES[asked] not in pages} == {}
    assert found(shipped_site, "zzzzqq") == [[]]


@built
@pytest.mark.skipif(NODE is None, reason="node is missing")
def test_names_and_scripts_of_the_world_are_found(tmp_path: Path) -> None:
    """By letters without their marks, and in writing that has no blanks between words."""
    own, hits = tmp_path / "birds", tmp_path / "hits.ris"
    titles = {"K\u0131l\u0131\u00e7, A.": "Ku\u015flar", "\u674e, \u660e": "\u9ad8\u7b49\u6559\u80b2\u8bc4\u4ef7"}
    hits.write_text(
        "".join(f"TY  - JOUR\nAU  - {a}\nPY  - 2021\nTI  - {t}\nER  - \n" for a, t in titles.items()), "utf-8"
    )
    assert evigraph("init", str(own)).returncode == 0
    assert evigraph("--workspace", str(own), "link", str(hits)).returncode == 0
    assert evigraph("--workspace", str(own), "site", str(own / "out")).returncode == 0
    turkish, bare, chinese = found(own / "out", "kilic", "kuslar", "\u6559\u80b2")
    assert turkish == bare
    assert len(turkish) == len(chinese) == 1
    assert turkish != chinese
    assert not re.search(
        "micro-?credential", (own / "out/assets/search-documents.js").read_text("utf-8"), re.IGNORECASE
    )


@built
def test_everything_that_can_be_found_has_its_page(shipped_site: Path) -> None:
    """And everything that has a page of its own can be found."""
    text = (shipped_site / "assets/search-documents.js").read_text("utf-8")
    documents: tuple[list[str], list[list[Any]]] = json.loads(text.partition("=")[2].rstrip(";\n"))
    addresses = [row[1] for row in documents[1]]
    assert len(set(addresses)) == len(addresses)
    assert [each for each in addresses if not (shipped_site / each).is_file()] == []
    pages = {path.relative_to(shipped_site).as_posix() for path in shipped_site.rglob("*.html")}
    assert {page for page in pages if page.startswith(("study/", "finding/", "question/", "benefit/"))} <= {*addresses}
    assert {"Question", "Study", "Finding", "Benefit", "Table", "Figure"} <= {*documents[0]}


@built
def test_nothing_is_loaded_before_somebody_searches(shipped_site: Path) -> None:
    """Pages name the small script alone; it names the others."""
    for page in ("index.html", "search.html", "study/reeves-2017.html"):
        scripts = re.findall(r'<script src="([^"]*)"', (shipped_site / page).read_text("utf-8"))
        assert [each.rpartition("/")[2] for each in scripts] == ["search.js"]


def test_without_the_assets_there_is_an_index(
    tmp_path: Path, shipped: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all things, without a script and without a box; with the assets it stands below the box."""
    monkeypatch.setattr(vendor, "NPM", tmp_path / "none")
    site.build(shipped, tmp_path / "out")
    text = (tmp_path / "out/search.html").read_text("utf-8")
    assert "<h1>Index</h1>" in text
    assert '<a href="study/reeves-2017.html">' in text
    assert '<a href="findings.html">a list of their own</a>' in text
    assert "<script" not in text
    assert not (tmp_path / "out/assets/search.js").exists()


@built
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing")
@pytest.mark.thorough
def test_a_search_is_in_the_address(shipped_site: Path, tmp_path: Path) -> None:
    """Opened from a folder, without a word on the console; before a search only the small script is asked for."""
    shown, console, hosts = opened((shipped_site / "search.html").as_uri() + "?q=employrs", tmp_path)
    assert console == []
    assert hosts <= {""}
    assert re.search(r'role="status">\d+ pages', shown)
    hits = re.findall(r'<li class="finding"><a href="file:[^"]*/site/([^"]*)"', shown)
    assert "stakeholder/employer.html" in hits[:3]
    shown, console, _ = opened((shipped_site / "index.html").as_uri(), tmp_path)
    assert console == []
    assert 'role="combobox"' in shown
    assert "minisearch.js" not in shown
