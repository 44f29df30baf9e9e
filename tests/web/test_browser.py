"""The pages in a real browser: they show what they should, say nothing on the console, and ask no other host."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

pytest.importorskip("starlette", reason="needs the extra web")
pytest.importorskip("uvicorn", reason="needs the extra web")
pytest.importorskip("jinja2", reason="needs the extra web")

from test_web_server import Running, serving

from evigraph.store.sandbox.pool import CAN_FORK

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.skipif(not CAN_FORK, reason="this operating system can't fork"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing"),
]
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-proxy-server"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
    # Every other name leads nowhere, so that what a page asks elsewhere fails, and is seen.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
QUERY = """PREFIX evi: <https://w3id.org/evigraph/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?study ?label { ?study a evi:Study ; skos:prefLabel ?label FILTER(CONTAINS(?label, "Reeves")) }"""
PAGES = {
    "home": ("/", ["Questions and goals", "RQ6", "34</b> studies listed"]),
    "table": ("/run/table-3", ["Digital recognition of granular", 'href="/trace/table-3/3"']),
    "evidence": ("/trace/table-3/3", ["Carey and Stefaniak (2018)"]),
    "answer sheet": ("/ask/RQ6", ["Studies by stance"]),
    "study": ("/study/reeves-2017", ["<h1>Reeves et al. (2017)</h1>", "country: not reported", "Goal 2 P1 S3"]),
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


def opened(address: str, folder: Path) -> tuple[str, list[str], set[str]]:
    """The page as it stands in the browser, what the console says, and every host that was asked."""
    log = folder / "net.json"
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr"]
    command += [f"--log-net-log={log}", "--dump-dom", address]
    ran = subprocess.run(command, capture_output=True, timeout=120)  # noqa: S603 - an address of our own server
    said = re.findall(r"CONSOLE[^\n]*", ran.stderr.decode("utf-8", "replace"))
    return ran.stdout.decode("utf-8"), said, {urlsplit(url).netloc for url in _asked(json.loads(log.read_bytes()))}


def _asked(log: dict[str, Any]) -> list[str]:
    """The addresses of a network log that pages asked for, and not the browser for itself."""
    kind = log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    found = [event["params"] for event in log["events"] if event["type"] == kind and "url" in event.get("params", {})]
    return [each["url"] for each in found if each.get("initiator", "not an origin") != "not an origin"]


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
