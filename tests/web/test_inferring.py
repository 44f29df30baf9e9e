"""Canned queries of a served review and of an assistant, asked of what a reasoner infers, too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from evigraph.paths import Workspace, find_workspace
from evigraph.updating import new_review
from evigraph.web.app import create
from evigraph.web.live import Settings

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="no Java on the PATH")
BASE = "https://example.org/badges/"
STUDY = """\
id: study/doe-2023
type: Study
label: Doe (2023)
listing: not-listed
inclusion: {id: inclusion/doe-2023, type: Inclusion, state: stated, verdict: include}
findings:
- {id: finding/doe-2023/1, type: Finding, answers: [question/rq-1], effect: positive, benefit: benefit/motivation,
    statement: They say so.}
- {id: finding/doe-2023/2, type: Finding, answers: [question/rq-1], statement: They are many.}
"""
QUERY = """\
#+ summary: Findings that state a benefit.
#+ columns: [statement]
PREFIX evi: <https://w3id.org/evigraph/ns#>
SELECT ?statement WHERE {
  ?finding a evi:BeneficialFinding ; evi:statement ?statement ; evi:review ?review .
}
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A new review with one study, and a query of its own on a class that is only inferred."""
    root: Path = tmp_path_factory.mktemp("inferring") / "badges"
    outline = new_review.Outline("Badges", BASE, ("Why?",), benefits=("Motivation",))
    review = new_review.create(root, "badges", outline)
    (review / "studies" / "doe-2023.yaml").write_text(STUDY, "utf-8")
    (root / "queries" / "badges" / "counts").mkdir(parents=True, exist_ok=True)
    (root / "queries" / "badges" / "counts" / "beneficial.rq").write_text(QUERY, "utf-8")
    return find_workspace(root)


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> Iterator[TestClient]:
    """Its server."""
    with TestClient(create(workspace, Settings(free=False, follow=0)), base_url="http://localhost") as made:
        yield made


@needs_java
def test_a_served_query_is_asked_of_what_follows(client: TestClient) -> None:
    """If it is told to, and so is its evidence; its page keeps to it, and the two answers are told apart."""
    plain, more = (client.get(f"/run/beneficial.csv{each}") for each in ("", "?inferred=true"))
    assert plain.text.splitlines() == ["statement"]
    assert more.text.splitlines() == ["statement", "They say so."]
    assert plain.headers["etag"] != more.headers["etag"]
    assert client.get("/run/beneficial.csv?inferred=false").text == plain.text
    assert client.get("/run/beneficial.rq?inferred=true").text.startswith("# Asked of what a reasoner infers, too.")
    page = client.get("/run/beneficial?inferred=true", headers={"Accept": "text/html"}).text
    assert "They say so." in page
    assert "/trace/beneficial/1?inferred=true" in page
    rows = client.get("/trace/beneficial/1?inferred=true", headers={"Accept": "application/json"}).json()
    assert [row["study"] for row in rows] == [f"{BASE}finding/doe-2023/1"]
    lone = client.get("/trace/beneficial/1", headers={"Accept": "application/json"})
    assert lone.status_code == 400


def test_the_parameter_is_documented_and_checked(client: TestClient) -> None:
    """In OpenAPI, and in one line."""
    paths = client.get("/openapi.json").json()["paths"]
    found = next(each for each in paths["/run/beneficial"]["get"]["parameters"] if each["name"] == "inferred")
    assert found["schema"] == {"type": "boolean", "default": False}
    wrong = client.get("/run/beneficial.csv?inferred=maybe")
    assert (wrong.status_code, wrong.json()["detail"]) == (400, "inferred=maybe: choose one of true, false")


def test_without_java_it_is_said(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is answered."""
    from evigraph.checks.reasoning import inferences
    from evigraph.errors import MissingPartError

    def missing(_: Workspace) -> str:
        raise MissingPartError("no Java")

    client.app.state.live.now._kept.clear()  # type: ignore[attr-defined]
    monkeypatch.setattr(inferences, "of_workspace", missing)
    assert client.get("/run/beneficial.csv?inferred=true").status_code == 501


@needs_java
def test_an_assistant_may_ask_so(workspace: Workspace) -> None:
    """Both of a query and of the evidence behind a row."""
    pytest.importorskip("mcp", reason="needs the extra mcp")
    from evigraph.web.mcp import Tools

    tools = Tools(workspace)
    assert tools.run_query("beneficial")["rows"] == []
    assert tools.run_query("beneficial", inferred=True)["rows"] == [{"statement": "They say so."}]
    assert tools.evidence("beneficial", 1, inferred=True)["rows"][0]["study"] == f"{BASE}finding/doe-2023/1"
