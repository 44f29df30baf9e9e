"""The cases of the W3C's SPARQL 1.1 Protocol tests, under their names there, on graphs of the shipped review.

The W3C's own graphs can't be loaded here, since a graph is a document of the review; so the cases ask for and change
documents instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

pytest.importorskip("starlette", reason="needs the extra web")
pytest.importorskip("uvicorn", reason="needs the extra web")
pytest.importorskip("jinja2", reason="needs the extra web")
pytest.importorskip("httpx", reason="needs httpx, which starlette's test client is made of")

from conftest import Copy
from starlette.testclient import TestClient

from evigraph.store.sandbox.pool import CAN_FORK, Limits
from evigraph.web.app import create
from evigraph.web.live import Settings
from evigraph.web.updating import over

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="this operating system can't fork")

BASE = "https://w3id.org/evigraph/micro-credentials/"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
KEYS = ("reeves-2017", "mah-2016", "carey-2018")
STUDIES = [f"{BASE}study/{key}" for key in KEYS]
GRAPHS = [f"{BASE}graph/studies/{key}" for key in KEYS]
FORM, QUERY, UPDATE = (f"application/{kind}" for kind in ("x-www-form-urlencoded", "sparql-query", "sparql-update"))
BOTH = f"ASK {{ <{STUDIES[0]}> a ?t . <{STUDIES[1]}> a ?u FILTER NOT EXISTS {{ <{STUDIES[2]}> a ?v }} }}"
NAMED = f"ASK {{ GRAPH ?g {{ <{STUDIES[0]}> a ?t }} GRAPH ?h {{ <{STUDIES[1]}> a ?u }} }}"
FULL = NAMED.replace("ASK {", f"ASK {{ <{STUDIES[2]}> a ?v .")
TWO, TWO_NAMED = ([(f"{kind}-graph-uri", iri) for iri in GRAPHS[:2]] for kind in ("default", "named"))
ALL = [("default-graph-uri", GRAPHS[2]), *TWO_NAMED]
FROM = f"ASK FROM <{GRAPHS[2]}> {{ <{STUDIES[0]}> a ?t . <{STUDIES[1]}> a ?u }}"


def get(*pairs: tuple[str, str]) -> dict[str, Any]:
    """A request by GET."""
    return {"method": "GET", "url": f"/sparql/?{urlencode(pairs)}"}


def post(kind: str, text: str | bytes, *pairs: tuple[str, str]) -> dict[str, Any]:
    """A request by POST; the pairs stand in the address."""
    headers = {"Content-Type": kind} if kind else {}
    return {"method": "POST", "url": f"/sparql/?{urlencode(pairs)}", "content": text, "headers": headers}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server that takes updates, with the token in every request."""
    made = Copy(tmp_path_factory.mktemp("protocol") / "workspace")
    settings = Settings(limits=Limits(seconds=20.0, workers=1), token="a token of the tests", follow=0)  # noqa: S106
    headers = {"Authorization": f"Bearer {settings.token}"}
    with TestClient(create(made.workspace, settings), base_url="http://localhost", headers=headers) as opened:
        yield opened


QUERIES = {
    "query_get": get(("query", "ASK {}")),
    "query_post_form": post(FORM, "query=ASK%20%7B%7D", TWO[0]),
    "query_post_direct": post(QUERY, "ASK {}"),
    "query_dataset_default_graphs_get": get(("query", BOTH), *TWO),
    "query_dataset_default_graphs_post": post(QUERY, BOTH, *TWO),
    "query_dataset_named_graphs_get": get(("query", NAMED), *TWO_NAMED),
    "query_dataset_named_graphs_post": post(QUERY, NAMED, *TWO_NAMED),
    "query_dataset_full": post(QUERY, FULL, *ALL),
    "query_multiple_dataset": post(QUERY, FROM, *TWO),
    "a base that the service defines": get(
        ("query", f"ASK FROM <graph/studies/{KEYS[0]}> {{ <study/{KEYS[0]}> a ?t }}")
    ),
}


@pytest.mark.parametrize("request_", QUERIES.values(), ids=QUERIES)
def test_a_query_holds(client: TestClient, request_: dict[str, Any]) -> None:
    """In each way of asking, over each dataset."""
    response = client.request(**request_)
    assert (response.status_code, response.json().get("boolean")) == (200, True), response.text


@pytest.mark.parametrize("query", [FROM, f"ASK {{ <{STUDIES[0]}> a ?t FILTER(false) }}"])
def test_a_query_fails_to_hold(client: TestClient, query: str) -> None:
    """The query's own dataset counts where the request gives none."""
    assert client.request(**get(("query", query))).json()["boolean"] is False


TYPES = {
    "query_content_type_select": ("SELECT ?s { ?s ?p ?o } LIMIT 1", {"xml", "json", "tsv", "csv"}),
    "query_content_type_ask": ("ASK {}", {"xml", "json"}),
    "query_content_type_describe": (f"DESCRIBE <{STUDIES[0]}>", {"turtle", "rdf+xml"}),
    "query_content_type_construct": ("CONSTRUCT WHERE { ?s a ?t } LIMIT 1", {"turtle", "rdf+xml"}),
}
MEDIA = {"xml": "application/sparql-results+xml", "json": "application/sparql-results+json"}
MEDIA |= {
    "tsv": "text/tab-separated-values",
    "csv": "text/csv",
    "turtle": "text/turtle",
    "rdf+xml": "application/rdf+xml",
}


@pytest.mark.parametrize(("query", "kinds"), TYPES.values(), ids=TYPES)
def test_the_type_of_an_answer(client: TestClient, query: str, kinds: set[str]) -> None:
    """A type of its form, whether or not the client names one; each can be read."""
    plain = client.request(**post(QUERY, query)).headers["content-type"].partition(";")[0]
    assert plain in {MEDIA[kind] for kind in kinds}
    for kind in kinds:
        response = client.request(
            "POST", "/sparql", content=query, headers={"Content-Type": QUERY, "Accept": MEDIA[kind]}
        )
        assert response.headers["content-type"].partition(";")[0] == MEDIA[kind]
        if kind in {"turtle", "rdf+xml"}:
            assert list(ox.parse(response.content, format=ox.RdfFormat.from_media_type(MEDIA[kind])))


BAD = {
    "bad_query_method": {**get(("query", "ASK {}")), "method": "PUT", "headers": {"Content-Type": FORM}},
    "bad_multiple_queries": get(("query", "ASK {}"), ("query", "SELECT * {}")),
    "bad_query_wrong_media_type": post("text/plain", "ASK {}"),
    "bad_query_missing_form_type": post("", "query=ASK%20%7B%7D"),
    "bad_query_missing_direct_type": post("", "ASK {}"),
    "bad_query_non_utf8": post(f"{QUERY}; charset=UTF-16", "ASK {}".encode("utf-16")),
    "bad_query_non_utf8 (unsaid)": post(QUERY, "ASK {}".encode("utf-16")),
    "bad_query_syntax": get(("query", "ASK {")),
    "bad_update_get": get(("update", "CLEAR ALL")),
    "bad_multiple_updates": post(FORM, urlencode([("update", "CLEAR NAMED"), ("update", "CLEAR DEFAULT")])),
    "bad_update_wrong_media_type": post("text/plain", "CLEAR NAMED"),
    "bad_update_missing_form_type": post("", "update=CLEAR%20NAMED"),
    "bad_update_non_utf8": post(f"{UPDATE}; charset=UTF-16", "CLEAR NAMED".encode("utf-16")),
    "bad_update_syntax": post(FORM, urlencode([("update", "CLEAR XYZ")])),
    "bad_update_dataset_conflict": post(
        UPDATE,
        f"INSERT {{ GRAPH <{GRAPHS[0]}> {{ ?s ?p ?o }} }} USING NAMED <{GRAPHS[0]}> WHERE {{ ?s ?p ?o }}",
        ("using-named-graph-uri", GRAPHS[1]),
    ),
    "a dataset that WITH gives too": post(
        UPDATE, f"WITH <{GRAPHS[0]}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}", ("using-graph-uri", GRAPHS[1])
    ),
    "a dataset for DELETE WHERE": post(UPDATE, "DELETE WHERE { ?s ?p ?o }", ("using-graph-uri", GRAPHS[1])),
    "a dataset that is no IRI": post(
        UPDATE, "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", ("using-graph-uri", "urn:a> USING <urn:b")
    ),
}


@pytest.mark.parametrize("request_", BAD.values(), ids=BAD)
def test_a_bad_request_is_refused(client: TestClient, request_: dict[str, Any]) -> None:
    """As the client's mistake, with what to do instead; nothing is changed."""
    response = client.request(**request_)
    assert 400 <= response.status_code < 500, response.text
    assert response.json()["detail"]
    assert client.request(**get(("query", BOTH.partition("FILTER")[0] + "}"))).json()["boolean"]


def copying(pattern: str) -> str:
    """An update that notes in a graph of its own what a pattern finds as ?key."""
    return f"INSERT {{ GRAPH <urn:found> {{ <urn:s> <urn:p> ?key }} }} WHERE {{ {pattern} }}"


STUDY = "?s a <https://w3id.org/evigraph/ns#Study> BIND(REPLACE(STR(?s), '.*/', '') AS ?key)"
DEFAULT = "?s a <https://w3id.org/evigraph/ns#Study> BIND('default' AS ?key)"
DATASETS = {
    "none": (STUDY, (), (), set()),
    "update_dataset_default_graph": (STUDY, GRAPHS[:1], (), {"reeves-2017"}),
    "update_dataset_default_graphs": (STUDY, GRAPHS[:2], (), {"reeves-2017", "mah-2016"}),
    "update_dataset_named_graphs": (f"GRAPH ?g {{ {STUDY} }}", (), GRAPHS[:2], {"reeves-2017", "mah-2016"}),
    "update_dataset_full": (
        f"{{ GRAPH ?g {{ {STUDY} }} }} UNION {{ {DEFAULT} }}",
        GRAPHS[2:],
        GRAPHS[1:2],
        {"default", "mah-2016"},
    ),
}


@pytest.mark.parametrize(("pattern", "default", "named", "expected"), DATASETS.values(), ids=DATASETS)
def test_the_dataset_of_an_update(
    nquads: str, pattern: str, default: list[str], named: list[str], expected: set[str]
) -> None:
    """Each pattern of an update sees the graphs that the request names, and only them."""
    store = ox.Store()
    store.bulk_load(nquads, format=ox.RdfFormat.N_QUADS)
    text = f"# WHERE\nINSERT DATA {{ GRAPH <urn:g> {{ <urn:a> <urn:b> 'WHERE' }} }} ; {copying(pattern)}"
    store.update(over(text, tuple(default), tuple(named)))
    found = store.quads_for_pattern(None, ox.NamedNode("urn:p"), None)
    assert {quad.object.value for quad in found} == expected


@pytest.mark.parametrize(
    ("kind", "pairs"),
    [(FORM, []), (UPDATE, [("using-graph-uri", GRAPHS[0])])],
    ids=["update_post_form", "update_post_direct"],
)
def test_an_update_is_taken(client: TestClient, kind: str, pairs: list[tuple[str, str]]) -> None:
    """In both ways; relative IRIs begin where the review's do (update_base_uri)."""
    graph, found = f"GRAPH <graph/studies/{KEYS[0]}>", f"<study/{KEYS[0]}> <{LABEL}> ?l"
    pattern = found if pairs else f"{graph} {{ {found} }}"
    text = f"DELETE {{ {graph} {{ {found} }} }} INSERT {{ {graph} {{ {found.replace('?l', '?new')} }} }} "
    text += f"WHERE {{ {pattern} BIND('by {kind}' AS ?new) }}"
    response = client.request(**post(kind, urlencode({"update": text}) if kind == FORM else text, *pairs))
    assert response.status_code == 200, response.text
    assert client.request(**post(QUERY, f"ASK {{ <{STUDIES[0]}> <{LABEL}> 'by {kind}' }}")).json()["boolean"]


def test_an_update_without_an_operation(client: TestClient) -> None:
    """It is one by the grammar, and changes nothing."""
    response = client.request(**post(UPDATE, f"PREFIX : <{BASE}>"))
    assert (response.status_code, response.json()["written"]) == (200, [])
