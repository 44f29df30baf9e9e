"""The pages in a real browser: they show what they should, say nothing on the console, and ask no other host."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

pytest.importorskip("starlette", reason="needs the extra web")
pytest.importorskip("uvicorn", reason="needs the extra web")
pytest.importorskip("jinja2", reason="needs the extra web")

from browsers import CHROMIUM, opened
from test_web_server import Running, serving

from evigraph.store.sandbox.pool import CAN_FORK

pytestmark = [
    pytest.mark.skipif(not CAN_FORK, reason="this operating system can't fork"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing"),
]
QUERY = """PREFIX evi: <https://w3id.org/evigraph/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?study ?label { ?study a evi:Study ; skos:prefLabel ?label FILTER(CONTAINS(?label, "Reeves")) }"""
PAGES = {
    "home": ("/", ["What is asked", "RQ6", "<b>34 studies</b>"]),
    "studies": ("/studies.html", ["Reeves et al. (2017)", "<fieldset"]),
    "table": ("/run/table-3", ["Digital recognition of granular", 'href="/trace/table-3/3"']),
    "evidence": ("/trace/table-3/3", ["Carey and Stefaniak (2018)"]),
    "answer sheet": ("/ask/RQ6", ["Studies by stance"]),
    "study": ("/study/reeves-2017", ["Reeves et al. (2017)</h1>", "not reported", "Goal 2 P1 S3"]),
    "vocabulary": ("/ns", ['id="Study"']),
    "form": ("/sparql", ["<textarea"]),
    "answer": (f"/sparql?query={quote(QUERY)}", ["1 row", "Reeves et al. (2017)", 'href="/page/study/reeves-2017"']),
    "mistake": ("/sparql?query=ASK", ["mend the query", ">ASK</textarea>"]),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    """A server of the shipped review."""
    with serving("--workers", "1", "--follow", "0") as running:
        yield running


@pytest.mark.parametrize(("path", "shown"), PAGES.values(), ids=PAGES)
def test_a_page_in_a_browser(server: Running, tmp_path: Path, path: str, shown: list[str]) -> None:
    """It shows what it should, the console stays empty, and nothing is asked of another host."""
    page, console, hosts = opened(f"http://127.0.0.1:{server.port}{path}", tmp_path)
    for text in shown:
        assert text in html.unescape(page)
    assert console == []
    assert hosts == {f"127.0.0.1:{server.port}"}


def test_what_a_page_would_ask_elsewhere_is_seen(tmp_path: Path) -> None:
    """So that the test above can fail."""
    page = tmp_path / "page.html"
    page.write_text("<img src='http://elsewhere.example/x.png'><script>console.error('seen')</script>", "utf-8")
    shown, console, hosts = opened(page.as_uri(), tmp_path)
    assert "<img" in shown
    assert any("seen" in line for line in console)
    assert "elsewhere.example" in hosts
