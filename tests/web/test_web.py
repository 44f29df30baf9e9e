"""The endpoint, the canned queries and the pages, without a network."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pyoxigraph as ox
import pytest

pytest.importorskip("starlette", reason="needs the extra web")
pytest.importorskip("uvicorn", reason="needs the extra web")
pytest.importorskip("jinja2", reason="needs the extra web")
pytest.importorskip("httpx", reason="needs httpx, which starlette's test client is made of")

from conftest import Copy
from starlette.testclient import TestClient

from evigraph import ontology, queries
from evigraph.paths import Workspace
from evigraph.store.sandbox.pool import CAN_FORK, Limits
from evigraph.web import media, pages, resources
from evigraph.web.app import create
from evigraph.web.live import Settings, names_for

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="this operating system can't fork")

BASE = "https://w3id.org/evigraph/micro-credentials/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ASK, SELECT, CONSTRUCT = "ASK { ?s ?p ?o }", "SELECT ?s { ?s ?p ?o } LIMIT 2", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2"
G1, G2 = (f"{BASE}graph/studies/{name}" for name in ("reeves-2017", "mah-2016"))
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def client(shipped: Workspace) -> Iterator[TestClient]:
    """A server of the shipped review."""
    settings = Settings(limits=Limits(seconds=5.0, workers=1), rows=10_000, follow=0)
    with TestClient(create(shipped, settings), base_url="http://localhost", follow_redirects=False) as made:
        yield made


def detail(response: Any) -> str:
    """What a problem document says; a problem that is none fails."""
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    return str(problem["detail"])


# The SPARQL 1.1 Protocol


@pytest.mark.parametrize(
    "send",
    [
        {"method": "GET", "params": {"query": ASK}},
        {"method": "POST", "data": {"query": ASK}},
        {"method": "POST", "content": ASK, "headers": {"Content-Type": DIRECT}},
        {"method": "POST", "content": ASK, "headers": {"Content-Type": f"{DIRECT}; charset=UTF-8"}},
    ],
    ids=["get", "form", "direct", "direct with a charset"],
)
def test_a_query_is_taken(client: TestClient, send: dict[str, Any]) -> None:
    """In each of the protocol's three ways."""
    response = client.request(url="/sparql", **send)
    assert (response.status_code, response.json()["boolean"]) == (200, True)
    assert response.headers["vary"].startswith("Accept")


@pytest.mark.parametrize(
    ("send", "status"),
    [
        ({"method": "GET", "params": [("query", ASK), ("query", ASK)]}, 400),
        ({"method": "GET", "params": {"default-graph-uri": G1}}, 400),
        ({"method": "GET", "params": {"query": "ASK {"}}, 400),
        ({"method": "GET", "params": {"query": "INSERT DATA { <urn:a> <urn:b> 1 }"}}, 400),
        ({"method": "GET", "params": {"update": "CLEAR ALL"}}, 400),
        ({"method": "GET", "url": "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%22%ff%22%20%7D"}, 400),
        ({"method": "PUT", "params": {"query": ASK}}, 405),
        ({"method": "DELETE"}, 405),
        ({"method": "POST", "content": ASK, "headers": {"Content-Type": "text/plain"}}, 415),
        ({"method": "POST", "content": ASK}, 415),
        ({"method": "POST", "content": ASK, "headers": {"Content-Type": f"{DIRECT}; charset=utf-16"}}, 415),
        ({"method": "POST", "content": b"ASK { ?s ?p '\xff' }", "headers": {"Content-Type": DIRECT}}, 400),
        ({"method": "POST", "content": ASK, "headers": {"Content-Type": DIRECT}, "params": {"query": ASK}}, 400),
        ({"method": "POST", "data": {"query": [ASK, ASK]}}, 400),
        ({"method": "POST", "data": {"x": ASK}}, 400),
        ({"method": "POST", "content": "query=ASK+%7B%7D", "headers": {"Content-Type": "application/json"}}, 415),
        ({"method": "POST", "data": {"update": "CLEAR ALL"}}, 403),
        ({"method": "POST", "data": {"update": ASK, "query": ASK}}, 400),
        ({"method": "POST", "content": "CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}}, 403),
    ],
)
def test_what_is_no_query_is_refused(client: TestClient, send: dict[str, Any], status: int) -> None:
    """With the status of its mistake and one clear sentence."""
    response = client.request(**{"url": "/sparql", **send})
    assert response.status_code == status, response.text
    assert detail(response)


def _dataset(client: TestClient, query: str, method: str, **graphs: list[str]) -> int:
    pairs = [("query", query)]
    pairs += [(name.replace("_", "-") + "-graph-uri", iri) for name, iris in graphs.items() for iri in iris]
    if method == "POST":
        from urllib.parse import urlencode

        response = client.post("/sparql", content=urlencode(pairs), headers={"Content-Type": FORM})
    else:
        response = client.get("/sparql", params=pairs)
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_dataset_of_a_request(client: TestClient, method: str) -> None:
    """One graph, several, named ones, and both; what isn't named isn't there."""
    one, two = (_dataset(client, COUNT, method, default=[iri]) for iri in (G1, G2))
    assert 0 < one < one + two == _dataset(client, COUNT, method, default=[G1, G2])
    assert _dataset(client, COUNT, method, named=[G1]) == 0
    assert _dataset(client, COUNT_NAMED, method, named=[G1]) == one
    assert _dataset(client, COUNT_NAMED, method, default=[G1]) == 0
    assert _dataset(client, COUNT, method, default=[G1], named=[G2]) == one
    assert _dataset(client, COUNT_NAMED, method, default=[G1], named=[G2]) == two


def test_the_dataset_of_a_query(client: TestClient) -> None:
    """FROM is honoured, and the request goes before it."""
    query = COUNT.replace("{", f"FROM <{G1}> {{", 1)
    one, two = (_dataset(client, COUNT, "GET", default=[iri]) for iri in (G1, G2))
    assert _dataset(client, query, "GET") == one
    assert _dataset(client, query, "GET", default=[G2]) == two


@pytest.mark.parametrize("graph", ["http://127.0.0.1:1/x", "file:///etc/passwd", "urn:none"])
def test_no_graph_is_fetched(client: TestClient, graph: str) -> None:
    """One that isn't here is an error, in the request and in the query."""
    for params in (
        {"query": ASK, "default-graph-uri": graph},
        {"query": ASK, "named-graph-uri": graph},
        {"query": ASK.replace("{", f"FROM <{graph}> {{", 1)},
        {"query": ASK.replace("{", f"FROM NAMED <{graph}> {{", 1)},
    ):
        response = client.get("/sparql", params=params)
        assert (response.status_code, "none is fetched" in detail(response)) == (400, True)


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (SELECT, None, "application/sparql-results+json"),
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "application/xml", "application/xml"),
        (SELECT, "application/json", "application/json"),
        (SELECT, "text/csv", "text/csv; charset=utf-8"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (SELECT, "text/csv;q=0.2, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        (SELECT, "text/csv;q=0, */*;q=0.1", "application/sparql-results+json"),
        (SELECT, "TEXT/CSV ; Q=1", "text/csv; charset=utf-8"),
        (SELECT, "text/*", "text/csv; charset=utf-8"),
        (SELECT, "application/rdf+xml, application/sparql-results+json;q=0.5", "application/sparql-results+json"),
        (SELECT, BROWSER, "text/html; charset=utf-8"),
        (SELECT, "nonsense", "application/sparql-results+json"),
        (ASK, "application/sparql-results+xml", "application/sparql-results+xml"),
        (ASK, BROWSER, "text/html; charset=utf-8"),
        (CONSTRUCT, None, "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "text/plain", "text/plain; charset=utf-8"),
        (CONSTRUCT, BROWSER, "text/html; charset=utf-8"),
        (f"DESCRIBE <{BASE}study/reeves-2017>", "text/turtle", "text/turtle; charset=utf-8"),
    ],
)
def test_the_form_of_an_answer(client: TestClient, query: str, accept: str | None, expected: str) -> None:
    """What the client likes best of what there is."""
    headers = {"Accept": accept} if accept else {}
    client.headers.pop("accept", None)
    response = client.get("/sparql", params={"query": query}, headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (200, expected)


@pytest.mark.parametrize(
    ("query", "accept"),
    [(SELECT, "text/turtle"), (SELECT, "image/png"), (CONSTRUCT, "text/csv"), (ASK, "*/*;q=0"), (SELECT, "a/b;q=x")],
)
def test_a_form_that_there_is_not(client: TestClient, query: str, accept: str) -> None:
    """Is 406, and says which there are."""
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert (response.status_code, "comes as" in detail(response)) == (406, True)


@pytest.mark.parametrize("syntax", ["json", "xml", "csv", "tsv"])
def test_unicode(client: TestClient, syntax: str) -> None:
    """UTF-8 goes in and comes out, whatever it is."""
    text = "Ünïcødé 😀 ‮ \u2028"
    response = client.post("/sparql", data={"query": f"SELECT ('{text}' AS ?x) {{}}", "format": syntax})
    assert text in response.content.decode("utf-8")


def test_head_has_no_body_and_the_same_type(client: TestClient) -> None:
    """For queries as for pages."""
    for address in ("/", "/run/table-3.csv", "/sparql?query=ASK%20%7B%7D"):
        got, head = client.get(address), client.head(address)
        assert (head.status_code, head.headers["content-type"]) == (200, got.headers["content-type"])


def test_gzip(client: TestClient) -> None:
    """Long answers come packed, if that is liked, and say so to caches."""
    response = client.get("/run/findings.csv", headers={"Accept-Encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert {part.strip() for part in response.headers["vary"].split(",")} >= {"Accept", "Accept-Encoding"}
    assert "content-encoding" not in client.get("/run/findings.csv", headers={"Accept-Encoding": "identity"}).headers


def test_pages_of_other_origins_may_read(client: TestClient) -> None:
    """Queries by GET and POST; but no page may send a token."""
    origin = {"Origin": "https://yasgui.example"}
    for response in (
        client.get("/sparql", params={"query": ASK}, headers=origin),
        client.post("/sparql", data={"query": ASK}, headers=origin),
        client.get("/run/table-3.json", headers=origin),
    ):
        assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, "*")
    preflight = {**origin, "Access-Control-Request-Method": "POST"}
    ok = client.options("/sparql", headers={**preflight, "Access-Control-Request-Headers": "content-type"})
    assert ok.status_code == 200
    refused = client.options("/sparql", headers={**preflight, "Access-Control-Request-Headers": "authorization"})
    assert refused.status_code == 400
    assert client.options("/sparql", headers={**origin, "Access-Control-Request-Method": "PUT"}).status_code == 400


def test_service_description(client: TestClient) -> None:
    """A GET without a query describes the service to a machine, in what it likes, and greets a person."""
    for accept, syntax in (("text/turtle", ox.RdfFormat.TURTLE), ("application/rdf+xml", ox.RdfFormat.RDF_XML)):
        response = client.get("/sparql", headers={"Accept": accept})
        text = {str(quad.predicate.value): quad.object for quad in ox.parse(response.content, format=syntax)}
        assert text["http://www.w3.org/ns/sparql-service-description#endpoint"].value == "http://localhost/sparql"
    page = client.get("/sparql", headers={"Accept": BROWSER})
    assert "<textarea" in page.text
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


def test_void(client: TestClient) -> None:
    """The partitions add up to what queries count."""
    quads = list(ox.parse(client.get("/.well-known/void").content, format=ox.RdfFormat.TURTLE))
    void = "http://rdfs.org/ns/void#"
    said = {(q.subject, q.predicate.value.removeprefix(void)): q.object for q in quads}
    whole = next(node for node, name in said if name == "sparqlEndpoint")
    parts = [q.object for q in quads if q.predicate.value == void + "propertyPartition"]
    assert sum(int(said[part, "triples"].value) for part in parts) == int(said[whole, "triples"].value) > 10_000
    classes = [said[q.object, "class"].value for q in quads if q.predicate.value == void + "classPartition"]
    assert ontology.term("Study") in classes


@pytest.mark.parametrize("address", ["/.well-known/void", "/void.ttl"])
def test_the_data_set_is_described_where_it_is_served(client: TestClient, address: str) -> None:
    """As its dump describes it, and with where to ask it and to take it; the dump's hash holds."""
    own = ox.NamedNode(BASE)
    said = {
        (q.predicate.value, getattr(q.object, "value", ""))
        for q in ox.parse(client.get(address).content, format=ox.RdfFormat.TURTLE)
        if q.subject == own
    }
    dump = client.get("/data/all.nq")
    stated = {
        (q.predicate.value, getattr(q.object, "value", ""))
        for q in ox.parse(dump.content, format=ox.RdfFormat.N_QUADS)
        if q.subject == own and q.graph_name == ox.NamedNode(BASE + "description")
    }
    assert len(stated) > 10
    assert stated < said
    extra = {name.rpartition("#")[2]: value for name, value in said - stated}
    assert extra["sparqlEndpoint"] == "http://localhost/sparql"
    assert client.get(extra["dataDump"]).content == dump.content
    records = sorted(line for line in dump.text.splitlines(keepends=True) if f" <{BASE}graph/" in line)
    assert hashlib.sha256("".join(records).encode()).hexdigest() in dump.text


def test_the_endpoint_knows_its_words_and_questions(client: TestClient) -> None:
    """Labels are a join away, and a canned query is there to be run as it stands, over everything that is there."""
    labels = """SELECT DISTINCT ?l { ?f evi:effect ?e . ?e rdfs:label ?l }"""
    prefixes = "PREFIX evi: <https://w3id.org/evigraph/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    rows = client.get("/sparql", params={"query": prefixes + labels}).json()["results"]["bindings"]
    assert {"positive", "negative"} <= {row["l"]["value"] for row in rows}
    select = f"<{BASE}query/stakeholder-counts> <http://www.w3.org/ns/shacl#select> ?text"
    asked = f"SELECT ?text {{ GRAPH <{BASE}queries> {{ {select} }} }}"
    text = client.get("/sparql", params={"query": asked}).json()["results"]["bindings"][0]["text"]["value"]
    rows = client.get("/sparql", params={"query": text}).json()["results"]["bindings"]
    table = client.get("/run/stakeholder-counts.json").json()
    assert [(row["stakeholder"]["value"], int(row["studies"]["value"])) for row in rows] == [
        (row["stakeholder"], row["studies"]) for row in table
    ]


def test_a_canned_query_has_an_address(client: TestClient) -> None:
    """Its IRI is its description for a machine, its text where that is liked best, and its answer for a person."""
    turtle = client.get("/query/crosstab", headers={"Accept": "text/turtle"})
    found = {(q.subject.value, q.predicate.value) for q in ox.parse(turtle.content, format=ox.RdfFormat.TURTLE)}
    assert (f"{BASE}query/crosstab", "http://www.w3.org/ns/shacl#select") in found
    assert (f"{BASE}query/crosstab/rows", "http://www.w3.org/ns/shacl#name") in found
    text = client.get("/query/table-3", headers={"Accept": "application/sparql-query"})
    assert text.headers["content-type"] == "application/sparql-query"
    assert "SELECT DISTINCT ?stakeholder" in text.text
    assert client.get("/query/table-3.rq").text == text.text
    page = client.get("/query/table-3", headers={"Accept": BROWSER})
    assert (page.status_code, page.headers["location"]) == (303, "/run/table-3")
    again = client.get("/query/table-3.rq", headers={"If-None-Match": text.headers["etag"]})
    assert again.status_code == 304
    assert "did you mean `table-3`" in detail(client.get("/query/table-33"))
    assert client.get("/query/table-3", headers={"Accept": "image/png"}).status_code == 406


# Limits


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 504, "not answered within"),
        ("SELECT * { ?s ?p ?o }", 422, "more than 10000 rows"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403, "not on this server's list"),
        ("SELECT * { SERVICE ?x { ?s ?p ?o } }", 403, "with a variable"),
        ("SELECT * { FILTER(" + "(" * 65 + "1" + ")" * 65 + ") }", 400, "64 deep"),
        ("ASK { FILTER(" + "||".join(["?a"] * 300) + ") }", 400, "200 operators"),
        ("ASK { ?s ?p '" + "x" * 66_000 + "' }", 400, "65536 bytes"),
        ("SELECT ?s { ?s ?p ?o } LIMIT -1", 400, "mend the query"),
    ],
)
def test_a_limit_is_an_error_and_no_partial_answer(client: TestClient, query: str, status: int, words: str) -> None:
    """Never 200 and incomplete, and the next question is answered."""
    response = client.post("/sparql", data={"query": query})
    assert (response.status_code, words in detail(response)) == (status, True), response.text
    assert client.get("/sparql", params={"query": ASK}).json()["boolean"] is True


def test_a_long_page_is_refused_whole(client: TestClient) -> None:
    """A page has fewer rows than the other forms may have, and says so."""
    response = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"}, headers={"Accept": BROWSER})
    assert (response.status_code, "more than 5000 rows" in response.text) == (422, True)


def test_a_page_keeps_what_was_asked(client: TestClient) -> None:
    """The query and its dataset stay in the page and in its links; so does a query with a mistake, escaped."""
    headers = {"Accept": BROWSER}
    shown = client.get("/sparql", params={"query": COUNT, "named-graph-uri": G1}, headers=headers).text
    links = [html.unescape(each) for each in re.findall(r'href="(/sparql[^"]*format=json)"', shown)]
    assert [client.get(each).json()["results"]["bindings"][0]["n"]["value"] for each in links] == ["0"]
    assert f'name="named-graph-uri" value="{G1}"' in shown
    wrong = client.get("/sparql", params={"query": "ASK { </textarea>"}, headers=headers)
    assert (wrong.status_code, "ASK { &lt;/textarea&gt;</textarea>" in wrong.text) == (400, True)


def test_free_queries_can_be_off(shipped: Workspace) -> None:
    """Canned ones are then all there is, and no process is started."""
    app = create(shipped, Settings(free=False, follow=0))
    with TestClient(app, base_url="http://localhost") as made:
        assert made.get("/sparql", params={"query": ASK}).status_code == 403
        assert made.get("/run/table-3.csv").status_code == 200
        assert app.state.live.now.pool is None


# Canned queries


def _names() -> list[str]:
    from evigraph.paths import SHIPPED, find_workspace

    return sorted(queries.query_files(find_workspace(SHIPPED)))


@pytest.mark.parametrize("name", _names())
def test_a_canned_query_is_a_resource(client: TestClient, name: str) -> None:
    """As rows and as a page, and its data is what the command line gives."""
    response = client.get(f"/run/{name}.json")
    assert response.status_code == 200, response.text
    page = client.get(f"/run/{name}", headers={"Accept": BROWSER})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize("offer", media.TABLES, ids=lambda offer: offer.name)
def test_the_forms_of_rows(client: TestClient, offer: media.Offer) -> None:
    """By suffix and by header, each the same."""
    by_suffix = client.get(f"/run/table-3.{offer.name}")
    by_header = client.get("/run/table-3", headers={"Accept": offer.types[0]})
    assert by_suffix.headers["content-type"] == by_header.headers["content-type"] == offer.content_type
    assert by_suffix.content == by_header.content or offer.name == "ttl"


def test_rows_as_turtle(client: TestClient) -> None:
    """One solution a row, in order."""
    quads = list(ox.parse(client.get("/run/stakeholder-counts.ttl").content, format=ox.RdfFormat.TURTLE))
    assert sum(quad.predicate.value.endswith("#solution") for quad in quads) == 3
    assert sorted(q.object.value for q in quads if q.predicate.value.endswith("#index")) == ["1", "2", "3"]


def test_parameters(client: TestClient) -> None:
    """They are bound; a wrong one is an error that says what is allowed."""
    all_of_them = client.get("/run/stakeholder-counts.csv").text
    drawbacks = client.get("/run/stakeholder-counts.csv?basis=drawbacks").text
    assert all_of_them != drawbacks
    assert "choose one of" in detail(client.get("/run/stakeholder-counts.csv?basis=nonsense"))
    assert "has no parameter" in detail(client.get("/run/stakeholder-counts.csv?x=1"))
    assert "twice" in detail(client.get("/run/stakeholder-counts.csv?basis=benefits&basis=drawbacks"))
    page = client.get("/run/stakeholder-counts?basis=drawbacks", headers={"Accept": BROWSER}).text
    assert "<option selected>drawbacks</option>" in page
    assert "/run/stakeholder-counts.csv?basis=drawbacks" in page


def test_attributes_are_offered_and_others_refused(client: TestClient) -> None:
    """On the page, in the description, and in the line that refuses; what isn't chosen yet has no rows."""
    page = client.get("/run/crosstab", headers={"Accept": BROWSER}).text
    assert "<option>country</option>" in page
    assert "No rows." in page
    assert (
        "<option selected>design</option>" in client.get("/run/crosstab?rows=design", headers={"Accept": BROWSER}).text
    )
    assert "choose one of assessment, content-focus, country" in detail(
        client.get("/run/crosstab.csv?rows=contry&columns=design")
    )
    assert "Estonia,empirical,1" in client.get("/run/crosstab.csv?rows=country&columns=design").text
    given = client.get("/openapi.json").json()["paths"]["/run/by-attribute"]["get"]["parameters"]
    attribute = next(each for each in given if each["name"] == "attribute")
    assert attribute["required"] is True
    assert "country" in attribute["schema"]["enum"]


@pytest.mark.parametrize("address", ["/run/tabel-3", "/run/tabel-3.csv", "/run/table-3.exe", "/ask/RQ99", "/run/x/y"])
def test_what_is_not_there(client: TestClient, address: str) -> None:
    """Is 404, with what is near."""
    response = client.get(address)
    assert (response.status_code, bool(detail(response))) == (404, True)


def test_tags(client: TestClient) -> None:
    """The same answer is 304; another form, argument or query has another tag."""
    tags = set()
    for address in ("table-3.csv", "table-3.json", "stakeholder-counts.csv", "stakeholder-counts.csv?basis=drawbacks"):
        tag = client.get(f"/run/{address}").headers["etag"]
        tags.add(tag)
        for held in (tag, f'"x", {tag}', tag.removeprefix("W/"), "*"):
            again = client.get(f"/run/{address}", headers={"If-None-Match": held})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.get(f"/run/{address}", headers={"If-None-Match": '"x"'}).status_code == 200
    assert len(tags) == 4


def test_every_page_has_a_tag(client: TestClient) -> None:
    """So that nothing is sent twice."""
    for address in (
        *("/", "/run/", "/ask/RQ6", "/ns", "/page/report/reeves-2017", "/study/reeves-2017.html", "/studies.html"),
        *("/data/all.nq", "/openapi.json", "/assets/site.css", "/assets/studies.js", "/data/table-3.csv"),
    ):
        first = client.get(address, headers={"Accept": BROWSER})
        again = client.get(address, headers={"Accept": BROWSER, "If-None-Match": first.headers["etag"]})
        assert (first.status_code, again.status_code) == (200, 304), address


def test_a_row_opens_to_its_evidence(client: TestClient) -> None:
    """The page of a table leads to the findings behind each row."""
    page = client.get("/run/table-3", headers={"Accept": BROWSER}).text
    assert 'href="/trace/table-3/3"' in page
    rows = client.get("/trace/table-3/3", headers={"Accept": "application/json"}).json()
    assert {row["study"] for row in rows} >= {"Cheng et al. (2018)"}
    assert "What row 3 rests on" in client.get("/trace/table-3/3", headers={"Accept": BROWSER}).text
    assert "not 999" in detail(client.get("/trace/table-3/999"))


def test_openapi(client: TestClient, shipped: Workspace) -> None:
    """It names every query with its parameters, and is valid."""
    document = client.get("/openapi.json").json()
    for query in queries.load_all(shipped):
        given = {each["name"] for each in document["paths"][f"/run/{query.name}"]["get"]["parameters"]}
        assert given == {*(param.name for param in query.takes), "inferred"}
    validator = pytest.importorskip("openapi_spec_validator", reason="needs openapi-spec-validator")
    validator.validate(document)


# Things, terms and pages


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        (BROWSER, "/page/study/reeves-2017"),
        ("text/turtle", "/data/study/reeves-2017.ttl"),
        ("application/ld+json", "/data/study/reeves-2017.jsonld"),
        ("application/rdf+xml", "/data/study/reeves-2017.rdf"),
        ("*/*", "/data/study/reeves-2017.ttl"),
    ],
)
def test_a_thing_is_no_document(client: TestClient, accept: str, target: str) -> None:
    """Its address leads to its page or its data, as the client likes."""
    response = client.get("/study/reeves-2017", headers={"Accept": accept})
    assert (response.status_code, response.headers["location"]) == (303, target)
    assert 'rel="alternate"; type="text/turtle"' in response.headers["link"]
    assert "Accept" in response.headers["vary"]
    there = client.get(target, headers={"Accept": accept})
    assert there.status_code == (303 if accept == BROWSER else 200)
    assert there.headers.get("location", "/study/reeves-2017.html") == "/study/reeves-2017.html"


def _things() -> list[str]:
    return [
        *("study/reeves-2017", "report/reeves-2017", "locator/RQ8-P1-S4", "review", "question/rq-8", "goal/goal-1"),
        *("benefit/employability", "stakeholder/student", "inclusion/reeves-2017"),
    ]


@pytest.mark.parametrize("path", _things())
def test_a_thing_has_a_page_and_data(client: TestClient, path: str) -> None:
    """With its IRI, and every triple that says something of it."""
    page = client.get(f"/page/{path}?statements", headers={"Accept": BROWSER})
    assert (page.status_code, BASE + path in page.text) == (200, True)
    read = client.get(f"/page/{path}", headers={"Accept": BROWSER}, follow_redirects=True)
    assert (read.status_code, read.text.count("<h1")) == (200, 1)
    for suffix in ("ttl", "nt", "rdf", "jsonld"):
        response = client.get(f"/data/{path}.{suffix}")
        assert response.status_code == 200
        subjects = {q.subject.value for q in ox.parse(response.content, format=_syntax(suffix)) if q.subject}
        assert BASE + path in subjects


def _syntax(suffix: str) -> ox.RdfFormat:
    return {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML}.get(
        suffix, ox.RdfFormat.JSON_LD
    )


def test_every_study_finding_and_concept_is_there(client: TestClient, store: Any) -> None:
    """Each of them has data, and nothing that isn't in the graph has."""
    text = f"SELECT DISTINCT ?s {{ ?s a ?c FILTER(STRSTARTS(STR(?s), '{BASE}')) }} ORDER BY ?s"
    found = [row[0].value.removeprefix(BASE) for row in store.query(text).rows]
    assert len(found) > 1000
    for path in found[::25]:
        page = client.head(f"/page/{path}", headers={"Accept": BROWSER}, follow_redirects=True)
        assert page.status_code == 200, path
    for path in (
        "study/nobody-1900",
        "x",
        "%3Cscript%3E",
        "study/a b",
        "study/%22%3E",
        "..%2f..%2fetc%2fpasswd",
        "%00",
    ):
        for where in ("", "page/", "data/"):
            assert client.get(f"/{where}{path}").status_code == 404, path


def test_the_vocabulary(client: TestClient) -> None:
    """Every declared term has a place on the page, and its address leads there."""
    page = client.get("/ns", headers={"Accept": BROWSER}).text
    for name in ontology.declared():
        assert f'id="{name}"' in page, name
    assert client.get("/ns/Study").headers["location"] == "/ns#Study"
    assert client.get("/ns/Nothing").status_code == 404
    quads = list(ox.parse(client.get("/ns.ttl").content, format=ox.RdfFormat.TURTLE))
    assert any(quad.subject == ox.NamedNode(ontology.term("Study")) for quad in quads)


SITE = ["/", "/study/reeves-2017.html", "/findings.html", "/figures.html"]
PAGES = [*SITE, "/run/", "/run/table-3", "/ask/RQ6", "/ns", "/page/report/reeves-2017", "/sparql", "/nowhere"]


@pytest.mark.parametrize("address", [*PAGES, "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%205"])
def test_a_page_loads_nothing_from_elsewhere(client: TestClient, address: str) -> None:
    """No inline script or style, and every source is our own; pages that no site has know no script at all."""
    page = client.get(address, headers={"Accept": BROWSER})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    described = '<script type="application/ld+json">'  # schema.org, which nothing runs
    own = re.sub(r'<script src="[^":]+" defer></script>', "", page.text.replace(described, ""))
    shown = own if address in SITE else page.text
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:|<iframe|<object", shown, re.IGNORECASE)
    for source in re.findall(r'(?:src|action)="([^"]*)"|<link[^>]*href="([^"]*)"', page.text):
        assert re.match(r"/(?!/)|(\.\./)*[\w-]+[/.]", "".join(source)), source
    assert '<html lang="en">' in page.text
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("address", PAGES[:-1])
def test_the_links_of_a_page_lead_somewhere(client: TestClient, address: str) -> None:
    """Every link to ourselves; of long lists a part."""
    page = client.get(address, headers={"Accept": BROWSER}).text
    links = {urljoin(address, link.partition("#")[0]) for link in re.findall(r'href="([^":]*)"', page)}
    found = sorted(links)
    for link in found[:: max(1, len(found) // 25)]:
        if link:
            response = client.get(link.replace("&amp;", "&"), headers={"Accept": BROWSER})
            assert response.status_code in {200, 303}, link


# Safety


@pytest.mark.parametrize("address", [*PAGES, "/run/table-3.json", "/data/all.nq", "/assets/site.css", "/study/x.html"])
def test_headers_of_safety(client: TestClient, address: str) -> None:
    """On every response, errors too."""
    headers = client.get(address, headers={"Accept": BROWSER}).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.example", "", "[::2]", "a@localhost"]
)
def test_a_wrong_host_is_refused(client: TestClient, host: str) -> None:
    """So that no name that somebody points at this machine makes its pages theirs."""
    response = client.get("/", headers={"Host": host})
    assert (response.status_code, "--host-name" in detail(response)) == (421, True)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1234", "[::1]:80", "localhost."])
def test_our_own_names_pass(client: TestClient, host: str) -> None:
    """With any port."""
    assert client.get("/ping", headers={"Host": host}).status_code == 200


def test_the_names_of_a_server() -> None:
    """What it is bound to and what is given, but never all addresses."""
    assert names_for("127.0.0.1") == {"localhost", "127.0.0.1", "[::1]"}
    assert names_for("0.0.0.0") == names_for("::") == names_for("127.0.0.1")  # noqa: S104 - a name, no address
    assert names_for("10.1.2.3", ("Review.Example",)) >= {"10.1.2.3", "review.example"}


def test_large_bodies_are_refused(client: TestClient) -> None:
    """A body by its stated length, and by what comes."""
    form = {"Content-Type": FORM}

    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 65_536

    assert client.post("/sparql", content=b"query=" + b"x" * (1 << 20), headers=form).status_code == 413
    assert client.post("/sparql", content=endless(), headers=form).status_code == 413


HOSTILE = "<script>alert(1)</script>\"'&"


def test_values_are_escaped(client: TestClient) -> None:
    """In answers, in forms, in errors."""
    query = f"SELECT ({json.dumps(HOSTILE)} AS ?x) ('{HOSTILE[:-2]}' AS ?y) {{}}"
    for address, params in (
        ("/sparql", {"query": query}),
        ("/sparql", {"query": query, "format": HOSTILE}),
        ("/sparql", {"query": "SELECT " + HOSTILE}),
        ("/run/stakeholder-counts", {"basis": HOSTILE}),
        ("/run/stakeholder-counts", {HOSTILE: "x"}),
        ("/run/" + HOSTILE.replace("/", ""), {}),
        ("/ask/" + HOSTILE.replace("/", ""), {}),
    ):
        page = client.get(address, params=params, headers={"Accept": BROWSER}).text
        assert "<script" not in page, address


@pytest.mark.parametrize(
    "iri",
    [
        *(
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "urn:x",
        ),
        *("https://x.test/\nonclick", "http://x.test/ y", " javascript:x", "//x.test", "ftp://x.test"),
    ],
)
def test_only_the_web_is_linked(iri: str) -> None:
    """Any other scheme is text."""
    assert pages.Links(BASE).href(iri) == ""
    assert "<a" not in pages.Links(BASE).link(iri)


def test_links_are_escaped() -> None:
    """Whatever an IRI holds."""
    made = str(pages.Links(BASE).link("https://x.test/?a=1&b='x", "<b>"))
    assert "<b>" not in made
    assert pages.Links(BASE).href(BASE + "study/<script>") == "/page/study/%3Cscript%3E"


def test_the_threats_name_tests_that_exist() -> None:
    """Every threat in the page on them is shown by a test of that name."""
    folder = Path(__file__).parents[1]
    page = folder.parent / "docs" / "threat-model.md"
    if not page.exists():
        pytest.skip("the documents aren't part of the installation")
    names = re.findall(r"`(test_\w+)`", page.read_text("utf-8"))
    defined = {
        name for path in folder.rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }
    assert len(names) > 20
    assert set(names) <= defined, set(names) - defined


@pytest.mark.parametrize(
    ("name", "text", "address"),
    [
        ("doi", "10.5555/f.1", "https://doi.org/10.5555/f.1"),
        ("doi", "10.5555/(SICI)1<2::AID>3.0;2-6", "https://doi.org/10.5555/(SICI)1%3C2::AID%3E3.0;2-6"),
        ("pmid", "12345678", "https://pubmed.ncbi.nlm.nih.gov/12345678"),
        ("year", "2020", ""),
    ],
)
def test_an_identifier_on_a_page_leads_to_the_article(name: str, text: str, address: str) -> None:
    """Whoever opens a report wants to read it; what is no identifier leads nowhere."""
    found = resources._resolved(ontology.NAMESPACE + name, resources.Value("", text))
    assert (found.iri, found.text) == (address, text)


def test_json_ld_has_a_context_and_the_keys_of_documents(client: TestClient) -> None:
    """So that a web developer reads it as JSON; the same statements come of it as of the Turtle."""
    document = client.get("/data/study/reeves-2017.jsonld").json()
    assert document["@context"]["label"]["@id"].endswith("prefLabel")
    study = next(node for node in document["@graph"] if node["id"] == "study/reeves-2017")
    assert (study["type"], study["label"]) == ("Study", "Reeves et al. (2017)")
    again = {q.triple for q in ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD)}
    turtle = client.get("/data/study/reeves-2017.ttl").text
    assert again == {q.triple for q in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}


def test_a_page_shows_numbers(copy: Copy) -> None:
    """As it shows words and codes."""
    copy.replace("studies/reeves-2017.yaml", "values:\n", "values:\n  uptake: {value: 132, unit: people}\n")
    declared = (
        "attributes:\n  - {id: attribute/uptake, type: Attribute, label: Uptake, definition: How many., as: number}\n"
    )
    copy.replace("codebook.yaml", "attributes:\n", declared)
    with TestClient(create(copy.workspace, Settings(free=False, follow=0)), base_url="http://localhost") as client:
        assert "uptake: 132 people" in client.get("/page/study/reeves-2017?statements").text
        assert "132 people" in client.get("/page/study/reeves-2017").text
