"""Pages of a folder in Chromium and Firefox: without faults, readable by everybody, and lists that agree."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

pytest.importorskip("jinja2", reason="needs the extra web")

from conftest import evigraph
from pages_in_browsers import BROWSERS, Browser, modules

from evigraph import queries
from evigraph.paths import Workspace, find_workspace
from evigraph.site import folder as site
from evigraph.store import EmbeddedStore

pytestmark = pytest.mark.skipif(BROWSERS["chromium"] is None, reason="Chromium is missing")

KINDS = (
    *("index.html", "about.html", "findings.html", "figures.html", "tables.html", "questions.html", "data.html"),
    "studies.html",
    *("question/rq-7.html", "study/reeves-2017.html", "finding/RQ7-P1-S3/reeves-2017.html", "benefit/skills.html"),
    *("table/table-3.html", "figure-gap-map-question-concerns.html", "figure-directions.html", "figure-prisma.html"),
    *("figure-by-country.html", "figure-by-year.html", "search.html", "evidence/content-focus-r01.html"),
)
"""A page of each kind."""
VIEWS = [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shipped: Workspace) -> Path:
    """The site of the shipped review, where a path has a blank and a letter with a mark."""
    made = tmp_path_factory.mktemp("site") / "a folder, né site"
    site.build(shipped, made)
    return made


@pytest.fixture(scope="module")
def drivers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What drives the browsers."""
    return modules(tmp_path_factory.mktemp("npm"))


@pytest.fixture(scope="module")
def chromium(drivers: Path) -> Iterator[Browser]:
    """Chromium, open for all tests."""
    with Browser("chromium", drivers) as browser:
        yield browser


def test_each_kind_of_page_is_free_of_faults(chromium: Browser, folder: Path) -> None:
    """No word on the console, no request elsewhere; axe finds nothing; no text is small, outside or over another."""
    for number, name in enumerate(KINDS):
        width, scheme = VIEWS[number % 2]
        assert chromium.do("looks", folder / name, width=width, scheme=scheme, axe=True) == [], (name, width, scheme)


RIS = f"""TY  - JOUR
AU  - 王, 小明
TI  - {"在线学习的证据" * 12}
ER  -
TY  - JOUR
AU  - <script>alert(1)</script>
PY  - 2022
TI  - שלום עולם "'&<img src=x onerror=alert(1)> {"long " * 60}
ER  -
"""


@pytest.mark.parametrize("hits", ["", RIS])
def test_a_review_of_ones_own_is_free_of_faults(chromium: Browser, tmp_path: Path, hits: str) -> None:
    """With nothing in it; with a study of no year, in signs without spaces, from right to left, and hostile."""
    own = tmp_path / "own"
    assert evigraph("init", str(own)).returncode == 0
    if hits:
        (tmp_path / "hits.ris").write_text(hits, "utf-8")
        assert evigraph("--workspace", str(own), "link", str(tmp_path / "hits.ris")).returncode == 0
    site.build(find_workspace(own), tmp_path / "out")
    names = ["index.html", "studies.html", "figures.html", "figure-by-year.html", "figure-prisma.html", "search.html"]
    pages = [page for name in names if (page := tmp_path / "out" / name).is_file()]
    pages += sorted((tmp_path / "out" / "study").glob("*.html"))
    assert len(pages) > (7 if hits else 2)
    for page in pages:
        assert chromium.do("looks", page, width=390, axe=True) == [], page


@pytest.mark.thorough
def test_each_kind_of_page_is_free_of_faults_in_every_view(chromium: Browser, folder: Path) -> None:
    """Wide and narrow, light and dark, with all that axe knows."""
    for number, name in enumerate(KINDS):
        for width, scheme in VIEWS:
            if (width, scheme) != VIEWS[number % 2]:
                found = chromium.do("looks", folder / name, width=width, scheme=scheme, axe=True)
                assert found == [], (name, width, scheme)


@pytest.mark.skipif(BROWSERS["firefox"] is None, reason="Firefox is missing")
def test_pages_open_in_firefox(drivers: Path, folder: Path) -> None:
    """Where every file is an origin of its own, which forbids more than Chromium does."""
    with Browser("firefox", drivers) as firefox:
        for name in ("index.html", "findings.html", "figure-gap-map-question-concerns.html", "search.html"):
            assert firefox.do("looks", folder / name) == [], name
        listed = firefox.do("list", folder / "findings.html", "?question=RQ7&says=says+no")
        assert listed["status"] == f"{len(listed['rows'])} of 284 findings"
        assert listed["rows"]


def _states(many: int) -> Iterator[tuple[list[tuple[str, str]], str]]:
    """Chosen values and a word, at random."""
    choose = random.Random(11)  # noqa: S311 - no secret
    questions = ["RQ1", "RQ5", "RQ7", "RQ8", "RQ9", "Goal 1", "Goal 3"]
    people = ["Student", "Instructor", "Employer", "Institution"]
    for _ in range(many):
        chosen = [("question", each) for each in choose.sample(questions, choose.randint(0, 3))]
        chosen += [("concerns", each) for each in choose.sample(people, choose.randint(0, 2))]
        chosen += [("effect", each) for each in choose.sample(["positive", "negative", "mixed"], choose.randint(0, 2))]
        yield chosen, choose.choice(["", "", "employers", "learn"])


@pytest.mark.parametrize("many", [6, pytest.param(50, marks=pytest.mark.thorough)])
def test_a_list_is_what_its_query_says(
    chromium: Browser, folder: Path, store: EmbeddedStore, shipped: Workspace, many: int
) -> None:
    """Within a heading this or that, between headings both; the rows are as many as the number says."""
    table = queries.run(store, queries.load(shipped, "findings"))
    at = {name: place for place, name in enumerate(table.columns)}
    columns = {"question": "question", "concerns": "stakeholders", "effect": "effect"}
    seen = set()
    for chosen, word in _states(many):
        wanted: dict[str, set[str]] = {}
        for key, value in chosen:
            wanted.setdefault(key, set()).add(value)
        rows = [
            row
            for row in table.rows
            if all(
                {part.strip() for part in str(row[at[columns[key]]] or "").split(",")} & values
                for key, values in wanted.items()
            )
        ]
        asked = urlencode([*chosen, ("show", "all"), *([("q", word)] if word else [])])
        listed = chromium.do("list", folder / "findings.html", f"?{asked}")
        if word:  # a word may stand in any cell of a row, so that here only statements that have it are looked for
            rows = [row for row in rows if word in str(row[at["statement"]]).casefold()]
            assert len(rows) <= len(listed["rows"]), asked
            continue
        assert len(listed["rows"]) == len(rows), asked
        assert listed["status"].split()[0] == str(len(rows)), asked
        seen.add(len(rows))
    assert len(seen) > min(many // 3, 5)


def test_a_list_says_how_many_each_value_would_give(chromium: Browser, folder: Path) -> None:
    """And it gives so many; a value that gives none stays."""
    listed = chromium.do("list", folder / "findings.html", "?concerns=Employer")
    told = {heading: {label[0]: int(label[-1]) for label in labels} for heading, labels in listed["counts"]}
    assert 0 in told["Question"].values()
    assert told["Concerns"]["Student"] > told["Concerns"]["Employer"] > 0
    for says in ("says no", "says yes"):
        narrowed = chromium.do(
            "list", folder / "findings.html", "?" + urlencode({"concerns": "Employer", "says": says})
        )
        assert len(narrowed["rows"]) == told["Says"][says]


def test_a_list_is_searched_without_marks(chromium: Browser, folder: Path) -> None:
    """`resumes` finds what is written with marks, and a word that nobody wrote finds nothing."""
    found = chromium.do("list", folder / "findings.html", "?q=resumes")["rows"]
    assert found
    assert all("résumés" in (folder / each).read_text("utf-8") for each in found)
    assert chromium.do("list", folder / "findings.html", "?q=zzzz")["status"] == "0 of 284 findings"


def test_the_keyboard_reaches_each_cell_once_and_opens_it(chromium: Browser, folder: Path) -> None:
    """In the order of the figure, which can be skipped."""
    name = "figure-gap-map-question-concerns.html"
    walked = chromium.do("tabs", folder / name, most=400)
    drawn = (folder / name).read_text("utf-8").partition("<svg")[2].partition("</svg>")[0]
    cells = [stop for stop in walked["stops"] if stop.startswith("evidence/map-")]
    assert len(cells) == len(set(cells)) == len(set(re.findall(r'href="(evidence/map-[^"]*)"', drawn)))
    assert len(cells) > 20
    assert any(stop.startswith("#after-") for stop in walked["stops"][: walked["stops"].index(cells[0])])
    there = chromium.do("tabs", folder / name, most=400, enter=cells[3])["there"]
    assert there == (folder / cells[3]).as_uri()


def test_without_scripts_everything_can_be_read(chromium: Browser, folder: Path) -> None:
    """A list has its rows on pages, a figure its links, a number what it counts."""
    shown = chromium.do("shown", folder / "findings.html", scripts=False, wanted=["#pages", "#rows tbody", ".facets"])
    assert shown["#pages"]["display"] != "none"
    assert shown["#rows tbody"]["text"].strip()
    assert shown[".facets"] is None


def test_print_is_light_and_wide(chromium: Browser, folder: Path) -> None:
    """Whatever the screen has: light colours, the wide drawing, no menu and no facets."""
    wanted = ["body", ".wide", ".narrow", "header nav"]
    page = folder / "figure-prisma.html"
    shown = chromium.do("shown", page, media="print", scheme="dark", width=390, wanted=wanted)
    assert shown["header nav"]["display"] == "none"
    assert shown[".wide"]["display"] != "none"
    assert shown[".narrow"]["display"] == "none"
    assert max(map(int, shown["body"]["color"].removeprefix("rgb(").rstrip(")").split(","))) < 80
    facets = chromium.do("shown", folder / "findings.html", media="print", wanted=["#facets"])
    assert facets["#facets"]["display"] == "none"
