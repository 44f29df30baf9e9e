"""The server shows the pages of the site, made one by one from the graph as it is."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

pytest.importorskip("starlette", reason="needs the extra web")
pytest.importorskip("jinja2", reason="needs the extra web")

from conftest import Copy, evigraph
from starlette.testclient import TestClient

from evigraph.paths import Workspace, find_workspace
from evigraph.site import folder, vendor
from evigraph.web.app import create
from evigraph.web.live import Settings

QUIET = Settings(free=False, follow=0)
PAGE = {"Accept": "text/html"}
FOOT = re.compile(r'<p>(?:(?!<p>).)*href="[^"]*data\.html">For data people.*?</p>', re.DOTALL)
"""The one line where a server says what it has besides."""


def serving(workspace: Workspace) -> TestClient:
    """A server within the test."""
    return TestClient(create(workspace, QUIET), base_url="http://localhost", headers=PAGE)


@pytest.fixture(scope="module")
def client(shipped: Workspace) -> Iterator[TestClient]:
    """A server of the shipped review."""
    with serving(shipped) as made:
        yield made


def test_pages_are_those_of_the_folder(client: TestClient, shipped: Workspace, tmp_path: Path) -> None:
    """But for one line of the foot, which names what a server has besides; files are the same bytes."""
    folder.build(shipped, tmp_path / "site")
    files = sorted(
        path for path in (tmp_path / "site").rglob("*.html") if path.name not in {"data.html", "sparql.html"}
    )
    for path in [*files[::60], tmp_path / "site/studies.html", tmp_path / "site/study/reeves-2017.html"]:
        served = client.get("/" + quote(path.relative_to(tmp_path / "site").as_posix()))
        assert served.status_code == 200, path
        written = path.read_text("utf-8")
        assert FOOT.search(written)
        assert FOOT.sub("", served.text) == FOOT.sub("", written), path
    for name in ("assets/site.css", "assets/studies.js", "data/table-3.csv", "data/studies.csv"):
        assert client.get("/" + name).content == (tmp_path / "site" / name).read_bytes(), name


def test_one_page_is_quick_once_what_all_share_is_made(client: TestClient) -> None:
    """No other page is made for it."""
    client.get("/about.html")
    began = time.perf_counter()
    assert client.get("/study/cheng-2018.html").status_code == 200
    assert time.perf_counter() - began < 1


def test_only_the_pages_of_the_site_may_run_a_script(client: TestClient) -> None:
    """Those of data people have none."""
    assert "script-src 'self'" in client.get("/studies.html").headers["content-security-policy"]
    for address in ("/run/", "/sparql", "/ns", "/study/nobody.html"):
        found = client.get(address)
        assert "script-src" not in found.headers["content-security-policy"]
        assert "<script" not in found.text


def test_the_same_frame_stands_around_all(client: TestClient) -> None:
    """One style sheet, one header, one footer."""
    for address in ("/", "/studies.html", "/run/", "/sparql", "/ns", "/figures/", "/duplicates", "/nowhere"):
        page = client.get(address).text
        assert re.search(r'<link rel="stylesheet" href="/?assets/site.css">', page), address
        assert re.search(r'<nav aria-label="Main">\s*<a href="/?questions.html"', page), address
        assert 'href="/openapi.json"' in page, address
        found = re.search(r'href="/?search.html"[^>]*>(\w+)</a>\s*</nav>', page)
        assert found, address
        assert found[1] == ("Search" if vendor.built() else "Index")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/static/style.css", "/assets/site.css"),
        ("/static/figures.css", "/assets/site.css"),
        ("/static/icon.svg", "/assets/icon.svg"),
        ("/page/study/reeves-2017", "/study/reeves-2017.html"),
        ("/page/benefit/employability", "/benefit/employability.html"),
        ("/sparql.html", "/sparql"),
    ],
)
def test_old_addresses_lead_on(client: TestClient, old: str, new: str) -> None:
    """Those that earlier versions had, and the one that only a folder has."""
    moved = client.get(old, follow_redirects=False)
    assert (moved.status_code in {303, 308}, moved.headers["location"]) == (True, new)
    assert client.get(new).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        *("/study/nobody.html", "/..%2f..%2fetc%2fpasswd.html", "/assets/..%2fshelf.py", "/assets/%2e%2e%2fshelf.py"),
        *("/%00.html", "/a%00b.html", "/study%2f%3Cscript%3E.html", "/.html", "//x.test/a.html", "/data/..%2fx.csv"),
        *("/data/%00.csv", "/figures/..%2f..%2fx.svg", "/" + "x" * 50_000 + ".html", "/" + "a/" * 5_000 + ".html"),
        *("/Study/Reeves-2017.html", "/study/reeves-2017.html/", "/%ff%fe.html", "/\u202egnp.html", "/<b>.html"),
    ],
)
def test_what_is_nowhere_is_told_in_words(client: TestClient, shipped: Workspace, address: str) -> None:
    """With a way to search, without a folder of this machine, and nothing of the address runs."""
    client.get("/about.html")
    found = client.get(address)
    assert found.status_code == 404
    assert 'href="/search.html"' in found.text
    assert str(shipped.root) not in found.text
    assert not re.search(r"<script|<b>\.html", found.text)


def test_a_page_that_was_meant_is_proposed(client: TestClient) -> None:
    """By the words of the address, with mistakes in them."""
    client.get("/about.html")
    for asked in ("/study/reeves-2071.html", "/reves", "/study/Reeves-2017.html"):
        assert 'href="/study/reeves-2017.html"' in client.get(asked).text, asked


def test_head_and_conditional_requests(client: TestClient) -> None:
    """Without a body, with the same tag; one that isn't known gets the page."""
    whole = client.get("/studies.html")
    head = client.head("/studies.html")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", whole.headers["etag"])
    for held in (whole.headers["etag"], f'"x", {whole.headers["etag"]}', "*"):
        assert client.get("/studies.html", headers={"If-None-Match": held}).status_code == 304
    assert client.get("/studies.html", headers={"If-None-Match": '"x"'}).status_code == 200
    assert client.post("/studies.html").status_code == 405


def test_a_change_shows_where_it_is_and_nowhere_else(copy: Copy) -> None:
    """The tag of a page is another if its content is; a fault in the files is told on each."""
    app = create(copy.workspace, QUIET)
    with TestClient(app, base_url="http://localhost", headers=PAGE) as client:
        paths = ("/study/reeves-2017.html", "/study/cheng-2018.html", "/studies.html")
        before = {path: client.get(path).headers["etag"] for path in paths}
        copy.replace("studies/reeves-2017.yaml", "label: Reeves et al. (2017)", "label: Renamed et al. (2017)")
        client.portal.call(app.state.live.look)
        after = {path: client.get(path).headers["etag"] for path in paths}
        assert "Renamed et al." in client.get(paths[0]).text
        assert [before[path] == after[path] for path in paths] == [False, True, False]
        copy.replace("studies/reeves-2017.yaml", "label: Renamed", "lable: Broken")
        client.portal.call(app.state.live.look)
        told = client.get(paths[1], headers={"If-None-Match": after[paths[1]]})
        assert (told.status_code, "last good state" in told.text) == (200, True)
        assert str(copy.root) not in told.text


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"


def test_hostile_words_of_a_review_do_not_run(copy: Copy) -> None:
    """In titles and labels, on pages of the site and of the server."""
    written = HOSTILE.replace("'", "''")
    review = (copy.review / "review.yaml").read_text("utf-8")
    copy.replace("review.yaml", re.search(r"(?m)^title:.*$", review)[0], f"title: '{written}'")  # type: ignore[index]
    copy.replace("studies/reeves-2017.yaml", "label: Reeves et al. (2017)", f"label: '{written}'")
    with serving(copy.workspace) as client:
        for address in ("/", "/studies.html", "/study/reeves-2017.html", "/run/", "/sparql", "/nowhere", "/ask/RQ6"):
            text = client.get(address).text
            assert "alert(1)" in text, address
            assert not re.search(r"<script>alert|<img src=x|onerror=alert\(1\)>", text), address


def test_a_review_of_ones_own(tmp_path: Path) -> None:
    """With nothing coded yet it has pages, each link of the header answers, and no word of another review is there."""
    assert evigraph("init", str(tmp_path / "own"), "--title", "Own words").returncode == 0
    with serving(find_workspace(tmp_path / "own")) as client:
        home = client.get("/")
        assert (home.status_code, "Own words" in home.text, "icro-credential" in home.text) == (200, True, False)
        for page in (home.text, client.get("/run/").text):
            header = re.search(r'<nav aria-label="Main">.*?</nav>', page, re.DOTALL)
            assert header
            for there in re.findall(r'href="([^"]+)"', header[0]):
                assert client.get("/" + there.lstrip("/")).status_code == 200, there
    shutil.rmtree(tmp_path / "own")
