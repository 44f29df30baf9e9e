"""The folder of pages as it is opened by a double click: nothing goes wrong, and lists narrow as their address says."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import quote

import pytest

pytest.importorskip("starlette", reason="needs the extra web")
pytest.importorskip("uvicorn", reason="needs the extra web")
pytest.importorskip("jinja2", reason="needs the extra web")

from browsers import CHROMIUM, opened

from evigraph import queries
from evigraph.paths import Workspace
from evigraph.site import folder as site
from evigraph.store import EmbeddedStore

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing"),
    pytest.mark.thorough,
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shipped: Workspace) -> Path:
    """The site of the shipped review."""
    made = tmp_path_factory.mktemp("site") / "a folder, with a blank"
    site.build(shipped, made)
    return made


@pytest.mark.parametrize("page", ["index.html", "question/rq-7.html", "study/reeves-2017.html", "studies.html"])
def test_a_page_opens_from_a_folder(folder: Path, tmp_path: Path, page: str) -> None:
    """Without a word on the console, and without asking anybody."""
    shown, console, hosts = opened((folder / page).as_uri(), tmp_path)
    assert "<h1" in shown
    assert console == []
    assert hosts <= {""}


@pytest.mark.parametrize(
    ("question", "stance", "said"), [("RQ7", "against", "says no"), ("RQ8", "supports", "says yes"), ("RQ5", "", "")]
)
def test_a_list_narrows_as_its_address_says(
    folder: Path, tmp_path: Path, store: EmbeddedStore, shipped: Workspace, question: str, stance: str, said: str
) -> None:
    """To as many rows as the named query has."""
    table = queries.run(store, queries.load(shipped, "findings"))
    place = {name: i for i, name in enumerate(table.columns)}
    rows = [r for r in table.rows if r[place["question"]] == question and (not stance or r[place["stance"]] == stance)]
    asked = f"?question={quote(question)}" + (f"&says={quote(said)}" if said else "")
    shown, console, _ = opened((folder / "findings.html").as_uri() + asked, tmp_path)
    assert console == []
    status = re.search(r'role="status">([^<]*)<', shown)
    assert status
    assert status[1] == f"{len(rows)} of 284 findings"
    body = shown[shown.index("<tbody>") : shown.index("</tbody>")]
    assert body.count("<tr>") == len(rows)
    text = html.unescape(body)
    assert all(str(row[place["statement"]]) in text for row in rows)


def test_a_search_takes_letters_without_their_marks(folder: Path, tmp_path: Path) -> None:
    """`Simsek` finds what is written with marks, and a word that nobody wrote finds nothing."""
    shown, _, _ = opened((folder / "findings.html").as_uri() + "?q=resumes", tmp_path)
    assert "résumés" in shown
    shown, _, _ = opened((folder / "findings.html").as_uri() + "?q=zzzz", tmp_path)
    assert "0 of 284 findings" in shown
