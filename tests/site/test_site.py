"""The review as a folder of pages: every link leads somewhere, and every number to what it counts."""

from __future__ import annotations

import gzip
import html
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest

pytest.importorskip("jinja2", reason="needs the extra web")

from conftest import Copy, evigraph

from evigraph import queries
from evigraph.errors import UsageError
from evigraph.files import yaml_text
from evigraph.paths import Workspace, find_workspace
from evigraph.site import folder as site
from evigraph.site import of_maps, of_tables
from evigraph.site.evidence import Evidence
from evigraph.site.folder import MARK, digest
from evigraph.site.shelf import Page, Shelf
from evigraph.site.things import Things
from evigraph.site.words import counted
from evigraph.store import EmbeddedStore


@dataclass
class Seen(HTMLParser):
    """What a page has: its links, the ids that links may name, and its text."""

    links: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    text: str = ""

    def __post_init__(self) -> None:
        """Start the parser."""
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the links and ids of an element."""
        for name, value in attrs:
            if name in {"href", "src"}:
                self.links.append(value or "")
            if name == "id":
                self.ids.add(value or "")

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


def pages_of(folder: Path) -> dict[str, Seen]:
    """Every page of a site by its address."""
    found = {}
    for path in sorted(folder.rglob("*.html")):
        seen = Seen()
        seen.feed(path.read_text("utf-8"))
        found[path.relative_to(folder).as_posix()] = seen
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shipped: Workspace) -> Path:
    """The site of the shipped review."""
    made = tmp_path_factory.mktemp("site") / "out"
    site.build(shipped, made)
    return made


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Seen]:
    """Its pages."""
    return pages_of(folder)


def broken(folder: Path, pages: dict[str, Seen]) -> Iterator[str]:
    """Every link that doesn't work from a folder, or that a page loads from elsewhere."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for address, seen in pages.items():
        for link in seen.links:
            if link.startswith(("https://", "http://")):
                continue
            target, _, place = unquote(urljoin(address, link)).partition("#")
            if link.startswith("/") or target not in files:
                yield f"{address}: {link}"
            elif place and target in pages and place not in pages[target].ids:
                yield f"{address}: {link} has no such place"


def test_every_link_leads_somewhere(folder: Path, pages: dict[str, Seen]) -> None:
    """In the exact case of its letters, to a page, and to a place on it."""
    assert len(pages) > 600
    assert list(broken(folder, pages)) == []


def test_every_study_finding_question_and_code_has_its_page(pages: dict[str, Seen]) -> None:
    """At the address that its IRI has."""
    assert {"study/reeves-2017.html", "finding/RQ7-P1-S3/reeves-2017.html", "question/rq-7.html"} <= set(pages)
    assert {"benefit/skills.html", "stakeholder/student.html", "table/table-3.html"} <= set(pages)
    assert sum(name.startswith("finding/") for name in pages) == 284
    assert sum(name.startswith("study/") for name in pages) == 37


def test_a_number_leads_to_as_many_things_as_it_says(folder: Path, pages: dict[str, Seen]) -> None:
    """Of the tables whose unit is studies, each number, and all of what it counts."""
    looked = 0
    for address in ("table/content-focus.html", "table/publications-by-year.html", "attribute/design.html"):
        text = (folder / address).read_text("utf-8")
        found = re.findall(r'data-label="Studies"><a href="([^"]+)">([\d,]+)</a>', text)
        assert found, address
        for link, number in found:
            there = unquote(urljoin(address, link))
            if there.startswith("study/"):  # what rests on one study leads to it
                assert number == "1", there
                looked += 1
                continue
            listed = {each for each in pages[there].links if "/study/" in each}
            owners = re.search(r"<h2>([\d,]+) stud", (folder / there).read_text("utf-8"))
            if owners:
                assert (owners[1], len(listed)) == (number, int(number)), there
                looked += 1
    assert looked > 10


def test_home_says_what_was_read(pages: dict[str, Seen]) -> None:
    """In numbers that lead to lists."""
    text = " ".join(pages["index.html"].text.split())
    assert "We read 34 studies for 9 questions and 3 goals. 30 of them make 279 findings" in text
    assert "3 more studies are cited, and not included." in text
    assert re.search(r"RQ7 ?Do micro-credentials make the college degree more valid\? ?11 studies", text)


def test_a_study_shows_its_publication_values_and_findings(pages: dict[str, Seen]) -> None:
    """Numbers too, and what is not reported."""
    text = " ".join(pages["study/reeves-2017.html"].text.split())
    assert "Journal of Research on Technology in Education, 49, 245-259." in text
    assert "Country not reported" in text
    assert "779" in text
    assert "Micro-credentials may make a degree more valid" in text
    assert "RQ6 P2 S1 names it among the studies considered in the review." in text


def test_pages_speak_the_language_of_readers(pages: dict[str, Seen]) -> None:
    """No word of the machine outside of what is for data people."""
    for address, seen in pages.items():
        if address == "data.html" or address.startswith("table/"):
            continue
        said = re.findall(r"\bIRI\b|\btriples?\b|\bquads?\b|rdf:|\bNone\b|\bnan\b|\brow \d+\b", seen.text)
        said = [each for each in said if not each.startswith("row ")]  # a row of the paper's table is a place
        assert said == [], address


def test_titles_are_words(folder: Path) -> None:
    """Each page has one heading and a title; a finding's is its statement, and says whose it is."""
    title = re.search("<title>(.*?)</title>", (folder / "finding/RQ7-P1-S3/reeves-2017.html").read_text("utf-8"))
    assert title
    assert html.unescape(title[1]).startswith(
        "Micro-credentials may make a degree more valid, but only if they are assessed"
    )
    assert "Reeves et al. (2017)" in title[1]
    for path in folder.rglob("*.html"):
        assert path.read_text("utf-8").count("<h1") == 1, path


def test_nothing_is_asked_of_another_host(folder: Path) -> None:
    """Pages load styles, scripts and pictures of their own folder, under a policy that forbids the rest."""
    for path in folder.rglob("*.html"):
        text = path.read_text("utf-8")
        assert "default-src 'none'" in text, path
        loaded = re.findall(r'<(?:script|link rel="(?:stylesheet|icon)"|img)[^>]*(?:src|href)="([^"]+)"', text)
        assert [each for each in loaded if "//" in each] == [], path
        assert re.findall(r"<script>|<[^>]*\s(?:on\w+|style)=", text) == [], path


def test_written_again_only_changes_are_written(folder: Path, shipped: Workspace) -> None:
    """A second time nothing is; what is no longer part of the site goes."""
    stale = folder / "study" / "gone-2001.html"
    stale.write_text("old", "utf-8")
    apart = folder.parent / "apart.txt"
    apart.write_text("not of the site", "utf-8")
    listed = f"study/gone-2001.html\n{apart}\n../apart.txt\n"  # a list may come from somebody else
    (folder / MARK).write_text((folder / MARK).read_text("utf-8") + listed, "utf-8")
    again = site.build(shipped, folder)
    assert (again.written, again.gone) == (0, ("study/gone-2001.html",))
    assert not stale.exists()
    assert apart.exists()


def test_a_folder_of_other_files_is_left_alone(tmp_path: Path, shipped: Workspace) -> None:
    """Nothing is written into it, and nothing taken away."""
    (tmp_path / "thesis.docx").write_text("years of work", "utf-8")
    with pytest.raises(UsageError, match="holds other files"):
        site.build(shipped, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform == "win32", reason="another time zone is set by TZ")
def test_the_same_review_gives_the_same_bytes(tmp_path: Path, folder: Path) -> None:
    """Whatever the order of hashes, the time zone and the folder."""
    for seed, zone in (("1", "Asia/Tokyo"), ("77", "America/Lima")):
        target = tmp_path / f"site-{seed}"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        command = [sys.executable, "-c", "from evigraph.cli import main; main()", "site", str(target), "--zip"]
        subprocess.run(command, check=True, capture_output=True, env=environment, cwd=tmp_path)  # noqa: S603 - our own
        assert digest(target) == digest(folder)
    packs = [
        (tmp_path / f"site-{seed}.zip").read_bytes().replace(f"site-{seed}/".encode(), b"") for seed in ("1", "77")
    ]
    assert len(packs[0]) == pytest.approx(len(packs[1]), abs=4000)
    with zipfile.ZipFile(tmp_path / "site-1.zip") as archive:
        assert "site-1/index.html" in archive.namelist()


HOSTILE = "<script>alert('x')</script>\"'&"
RIS = f"""TY  - JOUR
AU  - Con, A.
PY  - 2021
TI  - {HOSTILE} und \u05e9\u05dc\u05d5\u05dd, \u4f60\u597d {"long " * 60}
DO  - 10.5555/h.1
ER  -
TY  - JOUR
AU  - {HOSTILE}
PY  - 2022
TI  - A second one
ER  -
"""


def test_a_review_of_ones_own_builds_and_nothing_in_it_runs(tmp_path: Path) -> None:
    """Made by `init` and `link`, with nothing coded; it holds no word of the shipped review."""
    own, hits = tmp_path / "birds", tmp_path / "hits.ris"
    hits.write_text(RIS, "utf-8")
    assert evigraph("init", str(own)).returncode == 0
    assert evigraph("--workspace", str(own), "link", str(hits)).returncode == 0
    address = ("--base-url", "https://example.org/birds")
    made = evigraph("--workspace", str(own), "site", str(own / "out"), *address)
    assert "pages in" in made.stdout, made.stderr
    pages = pages_of(own / "out")
    assert list(broken(own / "out", pages)) == []
    text = "".join(path.read_text("utf-8") for path in (own / "out").rglob("*.html"))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert "\u4f60\u597d" in text
    assert not re.search("micro-?credential", text, re.IGNORECASE)
    assert "not coded yet" in text
    names = [path.name for path in (own / "out").rglob("*")]
    assert not [name for name in names if re.search(r"[<>:\"|?*\\]|^con\.", name)]
    assert "<loc>https://example.org/birds/index.html</loc>" in (own / "out" / "sitemap.xml").read_text("utf-8")


def test_texts_in_the_reviews_language(copy: Copy) -> None:
    """Of a label in two languages the page shows that of the review."""
    path = copy.review / "codebook.yaml"
    content = yaml_text.load(path.read_text("utf-8"))
    content["stakeholders"][0]["label"] = {"en": "Student", "de": "Studierende"}
    path.write_text(yaml_text.dump(content), "utf-8")
    copy.replace("review.yaml", "language: en", "language: de")
    out = copy.root / "out"
    site.build(find_workspace(copy.root), out)
    assert "<h1>Studierende</h1>" in (out / "stakeholder/student.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 studies"), (1, "1 study"), (2, "2 studies"), (1200, "1,200 studies")]
)
def test_numbers_take_their_nouns(number: int, said: str) -> None:
    """In the singular and the plural."""
    assert counted(number, "study") == said


def test_figures_lead_to_what_they_count(folder: Path, pages: dict[str, Seen]) -> None:
    """Each is drawn wide and narrow, its numbers are links, and it stands in a file of its own without them."""
    drawn = [name for name in pages if name.startswith("figure-")]
    assert {"figure-prisma.html", "figure-by-year.html", "figure-gap-map-question-concerns.html"} <= {*drawn}
    assert {*drawn} <= {*pages["figures.html"].links}
    for name in drawn:
        text = (folder / name).read_text("utf-8")
        assert text.count('class="wide"') == text.count('class="narrow"') == 1, name
    assert re.search(r'<a href="evidence/publications-by-year-r\d\d\.html"', (folder / "index.html").read_text("utf-8"))
    alone = (folder / "figures/by-year.svg").read_text("utf-8")
    assert "<a " not in alone
    assert "version 0.2.0" in alone
    assert "prefers-color-scheme: dark" in (folder / "assets/site.css").read_text("utf-8")


def test_every_figure_and_page_says_where_it_is_from(folder: Path) -> None:
    """A figure its unit, version, licence and query; a page how to cite it."""
    for path in folder.rglob("*.html"):
        text = html.unescape(path.read_text("utf-8"))
        assert re.search(r"Cite: The evigraph developers, .*version 0\.2\.0", text), path
        for caption in re.findall(r'<figure class="figure".*?</figure>', text, re.DOTALL):
            assert re.search(r"version 0\.2\.0 · CC BY 4\.0 · quer(y|ies) “", caption), path
            assert re.search(r"<figcaption>.*?(stud|record|report|182).*?</figcaption>", caption, re.DOTALL), path


def test_a_cell_of_the_map_opens_to_as_many_studies_as_it_says(folder: Path) -> None:
    """Wide and narrow alike, and no cell leads nowhere."""
    text = (folder / "figure-gap-map-question-concerns.html").read_text("utf-8")
    cells = re.findall(r'<a href="((?:evidence|finding)/[^"]*)"[^>]*data-n="(\d+)"', text)
    assert len(cells) > 50
    for link, number in cells:
        if link.startswith("finding/"):  # a cell that rests on one finding leads to it
            assert number == "1"
            continue
        said = re.search(r"<h2>(\d+) stud(?:y|ies)</h2>", (folder / link).read_text("utf-8"))
        assert said, link
        assert said[1] == number, link


def test_a_site_is_light(folder: Path) -> None:
    """So that it can be sent: megabytes in all, and kilobytes a page."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 8_000_000
    assert len(gzip.compress((folder / "index.html").read_bytes())) < 60_000
    pages = [path for path in files if path.suffix == ".html"]
    assert max(len(gzip.compress(path.read_bytes())) for path in pages) < 150_000


def test_what_is_new_since_a_version(copy: Copy, shipped: Workspace, tmp_path: Path) -> None:
    """A study that came, a finding that reads otherwise, and the tables that follow; with a feed."""
    hits = tmp_path / "one.ris"
    hits.write_text("TY  - JOUR\nAU  - Doe, J.\nPY  - 2023\nTI  - One more study\nER  - \n", "utf-8")
    assert evigraph("--workspace", str(copy.root), "link", str(hits)).returncode == 0
    copy.replace("studies/reeves-2017.yaml", "Older learners perceived that", "Older learners felt that")
    out = tmp_path / "out"
    address = ("--since", str(shipped.root), "--base-url", "https://example.org/r/")
    made = evigraph("--workspace", str(copy.root), "site", str(out), *address)
    assert made.returncode == 0, made.stderr
    pages = pages_of(out)
    assert list(broken(out, pages)) == []
    text = " ".join(pages["new.html"].text.split())
    assert f"Since {shipped.root}: 1 study added" in text
    assert "study/doe-2023.html" in pages["new.html"].links
    assert "Publications by year: 1 row" in text
    assert "Older learners felt that" in text
    feed = (out / "feed.xml").read_text("utf-8")
    assert '<link href="https://example.org/r/new.html"/>' in feed
    assert "feed.xml" in pages["index.html"].links


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    """A review of which nothing is known but its name."""
    assert evigraph("init", str(tmp_path / "empty")).returncode == 0
    return find_workspace(tmp_path / "empty")


def test_a_run_that_fails_leaves_the_site_as_it_was(
    empty: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the site is there already or not, and nothing half-written stays."""
    out = tmp_path / "out"
    made = Shelf.html

    def fails(shelf: Shelf, page: Page) -> str:
        if page.path == "data.html":
            raise KeyboardInterrupt
        return made(shelf, page) + "<!-- otherwise -->"

    with monkeypatch.context() as broken:
        broken.setattr(Shelf, "html", fails)
        with pytest.raises(KeyboardInterrupt):
            site.build(empty, out)
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
    first = site.build(empty, out)
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in out.rglob("*") if path.is_file()}
    assert first.written == first.files == len(before) - 1
    with monkeypatch.context() as broken:
        broken.setattr(Shelf, "html", fails)
        with pytest.raises(KeyboardInterrupt):
            site.build(empty, out)
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in out.rglob("*") if path.is_file()} == before


def test_what_did_not_change_keeps_its_file(empty: Workspace, tmp_path: Path) -> None:
    """With its time; what a person put beside it stays, and what an ended run left goes."""
    out = tmp_path / "out"
    site.build(empty, out)
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*.html")}
    (out / "CNAME").write_text("example.org", "utf-8")
    (out / site.STAGED).mkdir()
    (out / site.STAGED / "index.html").write_text("half", "utf-8")
    (out / "about.html").write_text("old", "utf-8")
    assert site.build(empty, out).written == 1
    assert {path for path, time in times.items() if path.stat().st_mtime_ns != time} == {out / "about.html"}
    assert (out / "CNAME").exists()
    assert not (out / site.STAGED).exists()


def test_maps_are_drawn_of_what_attributes_are_for(empty: Workspace) -> None:
    """Of an intervention by a population rather than of two that say yes or no."""
    query = queries.load(empty, "by-attribute")

    def answered(name: str, role: str, *values: str) -> of_tables.Answered:
        rows: list[tuple[queries.Cell, ...]] = [(value, 9, 1.0) for value in (*values, "not coded")]
        return of_tables.Answered(query, queries.Table("by-attribute", query.columns, rows), [], name, name, role)

    known = [
        answered("asked", "", "N", "Y"),
        answered("blind", "", "N", "Y"),
        answered("for", "population", "Adults", "Children", "Teachers"),
        answered("what", "intervention", "Leaflet", "Letter", "Visit"),
        answered("where", "country", *map(str, range(30))),
    ]
    evidence = Evidence(Things(EmbeddedStore()))
    assert of_maps.sides(evidence, known)[0] == ("what", "for")
    assert all("where" not in pair for pair in of_maps.sides(evidence, known))
    assert len(known[0].known) == 2
