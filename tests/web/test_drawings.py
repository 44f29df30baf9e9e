"""Figures on served pages: the same bytes as the command's, links that open, and no style that is forbidden."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="needs the extra web")
pytest.importorskip("uvicorn", reason="needs the extra web")
pytest.importorskip("jinja2", reason="needs the extra web")
pytest.importorskip("httpx", reason="needs httpx, which starlette's test client is made of")

from conftest import evigraph
from starlette.testclient import TestClient

from evigraph.figures import catalogue
from evigraph.paths import Workspace, find_workspace
from evigraph.store.sandbox.pool import CAN_FORK
from evigraph.web.app import create

pytestmark = [
    pytest.mark.skipif(not CAN_FORK, reason="this operating system can't fork"),
    pytest.mark.thorough,
]
PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def client(shipped: Workspace) -> Iterator[TestClient]:
    """A client of a server of the shipped review."""
    with TestClient(create(shipped), base_url="http://localhost", headers=PAGE) as opened:
        yield opened


def figures(page: str) -> list[str]:
    """The figures of a page."""
    return re.findall(r"<figure.*?</figure>", page, re.DOTALL)


def test_a_file_is_what_the_command_writes(client: TestClient) -> None:
    """The same bytes, wide and narrow, with arguments too."""
    for address, arguments in (
        ("gap-map.svg", ("gap-map",)),
        ("prisma.svg?narrow=yes", ("prisma", "--narrow")),
        ("gap-map.svg?rows=outcome", ("gap-map", "-p", "rows=outcome")),
    ):
        found = client.get(f"/figures/{address}")
        assert found.status_code == 200
        assert found.headers["content-type"] == "image/svg+xml"
        assert found.text == evigraph("figure", *arguments).stdout
        assert client.get(f"/figures/{address}", headers={"If-None-Match": found.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/run/prisma-2020", ["prisma"]),
        ("/run/flow", ["prisma"]),
        ("/run/by-attribute?attribute=country", ["counts"]),
        ("/run/effects", []),
        ("/run/table-3", []),
        *((f"/figures/{name}", [name]) for name in ("gap-map", "directions", "by-country", "benefits-and-drawbacks")),
    ],
)
def test_pages_have_their_figures_and_every_link_opens(client: TestClient, address: str, names: list[str]) -> None:
    """Wide and narrow, named, with the numbers as a table, and nothing that a policy of content forbids."""
    found = client.get(address)
    assert found.status_code == 200
    shown = figures(found.text)
    assert len(shown) == len(names)
    for name, each in zip(names, shown, strict=True):
        for shape in ("wide", "narrow"):
            assert f'id="{name}-{shape}-title"' in each
        assert "<table" in each
        assert f"/figures/{name}.svg" in each
        assert not re.search(r'<style|<script| style="| on[a-z]+=', each)
        links = [html.unescape(href) for href in re.findall(r'<a href="([^"]+)"', each)]
        drawn = [href for href in links if href.startswith(("/trace/", "/run/"))]
        assert len(drawn) > 3
        for href in sorted({*drawn})[::9]:
            opened = client.get(href)
            assert opened.status_code == 200, href
            if "#" in href:
                assert f'id="{href.partition("#")[2]}"' in opened.text
    assert 'href="/assets/site.css"' in found.text


def test_a_figure_that_would_mislead_is_refused_in_words(client: TestClient) -> None:
    """The address says why, and names what there is."""
    refused = client.get("/figures/risk-of-bias")
    assert refused.status_code == 400
    assert "nothing is appraised" in refused.text
    missing = client.get("/figures/nope")
    assert missing.status_code == 404
    assert "gap-map" in missing.text
    assert client.get("/figures/gap-map.svg?rows=moon").status_code == 400
    listed = client.get("/figures/").text
    assert all(f"/figures/{name}" in listed for name in catalogue.FIGURES)


def test_a_review_without_numbers_has_a_first_page(tmp_path: Path) -> None:
    """Figures that can't be drawn are left out."""
    assert evigraph("init", str(tmp_path / "notes"), "--title", "Notes").returncode == 0
    with TestClient(create(find_workspace(tmp_path / "notes")), base_url="http://localhost", headers=PAGE) as client:
        assert client.get("/").status_code == 200
        assert figures(client.get("/").text) == []
        assert "icro" not in client.get("/figures/").text
