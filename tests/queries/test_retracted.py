"""Every query answers without the retracted studies too, wherever it is asked."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import evigraph

import evigraph as package
from evigraph import data, queries
from evigraph.errors import UsageError
from evigraph.paths import SHIPPED, Workspace, find_workspace
from evigraph.queries import build, retracted
from evigraph.reports import answer_sheet, trace
from evigraph.store import EmbeddedStore

OUT = {"without-retracted": "yes"}
LABEL = "Reeves et al. (2017)"
"""A study that is retracted in the copies here, with findings and attributes."""


def _retract(workspace: Workspace) -> None:
    """A notice about the report of one study."""
    from evigraph.files import yaml_text

    path = workspace.review / "studies" / "reeves-2017.yaml"
    content = data.read_document(path, "studies/reeves-2017").content
    report = content["reports"][0]["id"]
    notice = {"id": f"{report}-retraction", "type": "Report", "title": "Retraction: it", "year": 2022}
    content["reports"].append({**notice, "kind": "retraction", "about": [report]})
    path.write_text(yaml_text.dump(content), "utf-8")


@pytest.fixture
def spoilt(copy: Any) -> Workspace:
    """A copy of the shipped review in which one study was retracted."""
    workspace = find_workspace(copy.root)
    _retract(workspace)
    return workspace


def test_a_count_loses_the_study_and_a_trace_too(spoilt: Workspace) -> None:
    """In the table, in what lies behind each of its rows, and in the list of findings."""
    whole, less = (build.answer(spoilt, "publications-by-year", given) for given in ({}, OUT))
    assert sum(int(str(row[1])) for row in whole.rows) - sum(int(str(row[1])) for row in less.rows) == 1
    store = build.open_store(spoilt)
    opened = {
        row[0]
        for number in range(1, len(less.rows) + 1)
        for row in trace.trace(spoilt, store, "publications-by-year", number, "", OUT).rows
    }
    assert LABEL not in opened
    assert len(opened) == sum(int(str(row[1])) for row in less.rows)
    findings = [build.answer(spoilt, "findings", given).rows for given in ({}, OUT)]
    gone = [row for row in findings[0] if row not in findings[1]]
    assert gone
    assert all("reeves-2017" in str(row) for row in gone)
    assert "reeves-2017" not in str(findings[1])


def test_every_query_takes_it_and_never_has_more(spoilt: Workspace) -> None:
    """All but those of checks, which are of all documents; the study is in no cell of any."""
    store = build.open_store(spoilt)
    fewer = 0
    for query in queries.load_all(spoilt):
        given = {param.name: "country" for param in query.params if param.required}
        if query.folder in {"checks", "audit"}:
            with pytest.raises(UsageError, match="has no parameter `without-retracted`"):
                queries.run(store, query, OUT)
            continue
        whole, less = queries.run(store, query, given), queries.run(store, query, given | OUT)
        assert "study/reeves-2017" not in str(less.rows), query.name
        fewer += whole != less
    assert fewer > 15


def test_where_nothing_is_retracted_nothing_changes(shipped: Workspace, store: EmbeddedStore) -> None:
    """The store itself is asked then."""
    assert retracted.without(store) is store
    assert build.answer(shipped, "table-3", OUT).rows == build.answer(shipped, "table-3", {}).rows


def test_the_store_itself_keeps_all_and_sees_changes(spoilt: Workspace) -> None:
    """What was left out is there again at once, and what changes later is seen."""
    store = build.open_store(spoilt)
    assert isinstance(store, EmbeddedStore)
    before = sorted(map(str, store.dump()))
    less = retracted.without(store)
    assert retracted.without(store) is less
    assert sorted(map(str, store.dump())) == before
    store.apply([], [quad for quad in store.dump() if "reeves-2017-retraction" in str(quad)])
    assert retracted.without(store) is store


def test_among_other_reviews_only_those_of_the_review_at_hand(spoilt: Workspace, nquads: str) -> None:
    """A fork of the review has not retracted anything."""
    base, fork = "https://w3id.org/evigraph/micro-credentials/", "https://example.org/fork/"
    store = EmbeddedStore(f"{fork}review")
    store.load(build.nquads(spoilt))
    store.load(nquads.replace(base, fork))
    assert retracted.studies(store) == {}
    store.review = f"{base}review"
    assert retracted.studies(store) == {f"{base}study/reeves-2017": LABEL}


def test_a_store_without_graphs_of_studies_is_told(spoilt: Workspace) -> None:
    """Nothing is left out by guessing."""
    store = build.open_store(spoilt)
    assert isinstance(store, EmbeddedStore)
    with pytest.raises(UsageError, match="a graph of its own for each study"):
        retracted.without(_OneGraph(store))


class _OneGraph:
    """A store whose graphs have no names."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.review, self._store = store.review, store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def query(self, sparql: str) -> Any:
        return self._store.query(sparql.replace("GRAPH ?g {", "GRAPH <https://example.org/none> {"))


def test_what_is_no_answer_is_refused(shipped: Workspace) -> None:
    """It is yes or no."""
    with pytest.raises(UsageError, match="choose one of no, yes"):
        build.answer(shipped, "findings", {"without-retracted": "maybe"})


def test_answers_name_what_was_retracted(spoilt: Workspace) -> None:
    """A sheet of a question begins with it, and is the same sheet without it."""
    store = build.open_store(spoilt)
    asked = [row for row in build.answer(spoilt, "findings", {}).rows if "reeves-2017" in str(row[0])]
    columns = build.answer(spoilt, "findings", {}).columns
    notation = str(asked[0][columns.index("question")])
    sheet = answer_sheet.sheet(spoilt, store, notation)
    assert sheet.parts["Retracted"].rows == [(LABEL, "retraction", "Retraction: it", "2022")]
    assert "Retraction: it" in answer_sheet.as_text(sheet)
    less = answer_sheet.sheet(spoilt, retracted.without(store), notation)
    assert "Retracted" not in less.parts
    assert LABEL not in answer_sheet.as_json(less)
    review = package.open(spoilt.root)
    for made, held in ((review.ask(notation), True), (review.ask(notation, without_retracted=True), False)):
        assert (LABEL in made._repr_html_()) is held
    assert len(review.run("findings")) > len(review.run("findings", without_retracted="yes"))


def test_the_commands(spoilt: Workspace) -> None:
    """`check` warns and holds all the same; `run`, `trace` and `ask` leave the study out."""
    at = ("--workspace", str(spoilt.root))
    checked = evigraph(*at, "check")
    assert checked.returncode == 0
    assert f"warning: {LABEL} is included, and “" in checked.stderr
    assert "was retracted, by “Retraction: it” (2022)" in checked.stderr
    said = [
        evigraph(*at, "run", "findings", "--format", "csv", *more).stdout
        for more in ((), ("-p", "without-retracted=yes"))
    ]
    assert [LABEL in each for each in said] == [True, False]
    sheets = [evigraph(*at, "ask", "RQ6", *more, "--format", "md").stdout for more in ((), ("--without-retracted",))]
    assert [LABEL in each for each in sheets] == [True, False]


def test_pages_and_addresses(spoilt: Workspace) -> None:
    """The page of the study and of its findings say so, and an address takes the parameter."""
    testclient = pytest.importorskip("starlette.testclient", reason="needs the extra web")
    from evigraph.web.app import create
    from evigraph.web.live import Settings

    with testclient.TestClient(create(spoilt, Settings(free=False, follow=0)), base_url="http://localhost") as client:
        page = client.get("/page/study/reeves-2017").text
        assert "Retracted:" in page
        finding = str(next(row[0] for row in build.answer(spoilt, "findings", {}).rows if "reeves-2017" in str(row)))
        assert "Retracted:" in client.get("/page/" + finding.split("/micro-credentials/")[1]).text
        assert "Retracted:" not in client.get("/page/study/cheng-2018").text
        whole, less = (client.get(f"/run/findings.json{more}") for more in ("", "?without-retracted=yes"))
        assert len(whole.json()) > len(less.json())
        assert whole.headers["etag"] != less.headers["etag"]
        text = client.get("/run/findings.rq?without-retracted=yes").text
        assert text.startswith("# Asked of all documents but those of retracted studies.")
        sheets = [client.get(f"/ask/RQ6.md{more}").text for more in ("", "?without-retracted=yes")]
        assert [LABEL in each for each in sheets] == [True, False]


@pytest.mark.parametrize("command", ["run findings -p without-retracted=yes", "ask RQ6 --without-retracted"])
def test_the_shipped_review_has_none(command: str) -> None:
    """The same answer as without the parameter."""
    words = command.split()
    plain = words[:2]
    at = ("--workspace", str(SHIPPED))
    assert evigraph(*at, *words).stdout == evigraph(*at, *plain).stdout


def test_what_a_person_calls_retracted(copy: Any) -> None:
    """The kind of a report, in a study that no record led to."""
    from evigraph.files import yaml_text

    workspace = find_workspace(copy.root)
    path = workspace.review / "studies" / "reeves-2017.yaml"
    content = data.read_document(path, "studies/reeves-2017").content
    content["reports"][0]["kind"] = "retracted article"
    path.write_text(yaml_text.dump(content), "utf-8")
    rows = build.answer(workspace, "retracted", {}).rows
    assert [(row[0], row[2], row[3]) for row in rows] == [(LABEL, "called retracted", "its own kind")]
    assert len(retracted.studies(build.open_store(workspace))) == 1


def test_the_pages_of_a_site(spoilt: Workspace) -> None:
    """The study's and its findings' say so, and no others."""
    from evigraph.site import contents

    shelf, pages, _ = contents.contents(spoilt)
    flagged = {page.title: page.template for page in pages if "<strong>Retracted:</strong>" in shelf.html(page)}
    assert flagged.pop(LABEL) == "study.html"
    assert len(flagged) > 2
    assert set(flagged.values()) == {"finding.html"}
    assert all(title.endswith(LABEL) for title in flagged)
