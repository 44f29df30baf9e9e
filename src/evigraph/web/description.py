"""What the service and the data set say of themselves: Service Description, DCAT and VoID."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from evigraph import export, ontology
from evigraph.data import direct, quads
from evigraph.store import EmbeddedStore, select
from evigraph.web import media, pages
from evigraph.web.live import Live, Snapshot
from evigraph.web.problems import not_acceptable

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID, DCAT = export.description.VOID, export.description.DCAT
FORMATS = "http://www.w3.org/ns/formats/"
DESCRIBED = export.FRONT[0]
A = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
WRITTEN = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
GRAPHS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")

Node = ox.NamedNode | ox.BlankNode
Statement = tuple[Node, str, ox.NamedNode | ox.BlankNode | ox.Literal]


def service(request: Request) -> Response:
    """`/sparql` without a query: a form for a person, its description for a machine."""
    live: Live = request.app.state.live
    offers = (*media.GRAPH, media.PAGE)
    chosen = media.choose(request.headers.get("accept"), offers)
    headers = {"Vary": "Accept"}
    if chosen is media.PAGE:
        values: dict[str, Any] = {
            "title": "Ask in SPARQL",
            "text": "",
            "rows": None,
            "truth": None,
            "graph": None,
            "formats": [],
            "graphs": [],
        }
        return pages.page(request, "sparql.html", values, headers)
    return _graph(request, service_statements(str(request.url_for("sparql")), live), chosen)


def void(request: Request) -> Response:
    """`/.well-known/void` and `/void.ttl`: what there is, and how much of it."""
    live: Live = request.app.state.live
    snapshot = live.now
    address = str(request.base_url)
    made = snapshot.once(("void", address), lambda: void_statements(snapshot, address))
    accept = "text/turtle" if request.url.path.endswith(".ttl") else request.headers.get("accept")
    return _graph(request, made, media.choose(accept, media.GRAPH))


def _graph(request: Request, statements: list[Statement], chosen: media.Offer | None) -> Response:
    if chosen is None:
        return not_acceptable(request, media.GRAPH)
    triples = [ox.Triple(s, ox.NamedNode(p), o) for s, p, o in statements]
    prefixes = {**ontology.prefixes(), **export.description.PREFIXES, "sd": SD, "formats": FORMATS}
    lines = str(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"", "utf-8")
    body = media.converted(lines, chosen.name, prefixes)
    return Response(body, headers={"Vary": "Accept", "Content-Type": chosen.content_type})


def service_statements(address: str, live: Live) -> list[Statement]:
    """SPARQL 1.1 Service Description: languages, forms, and the graphs there are."""
    own, dataset, default = ox.BlankNode(), ox.BlankNode(), ox.BlankNode()
    node = ox.NamedNode
    found: list[Statement] = [
        (own, A.value, node(SD + "Service")),
        (own, SD + "endpoint", node(address)),
        (own, SD + "supportedLanguage", node(SD + "SPARQL11Query")),
        (own, SD + "feature", node(SD + "UnionDefaultGraph")),
        (own, SD + "defaultDataset", dataset),
        (dataset, A.value, node(SD + "Dataset")),
        (dataset, SD + "defaultGraph", default),
        (default, A.value, node(SD + "Graph")),
    ]
    found += [(own, SD + "resultFormat", node(FORMATS + name)) for name in (*WRITTEN, *GRAPHS)]
    if live.settings.token:
        found.append((own, SD + "supportedLanguage", node(SD + "SPARQL11Update")))
    if live.settings.services:
        found.append((own, SD + "feature", node(SD + "BasicFederatedQuery")))
    for name in live.now.graphs():
        named = ox.BlankNode()
        found += [(dataset, SD + "namedGraph", named), (named, A.value, node(SD + "NamedGraph"))]
        found.append((named, SD + "name", node(name)))
    return found


def void_statements(snapshot: Snapshot, address: str) -> list[Statement]:
    """DCAT and VoID: what the graph says of itself, where it is served, and a partition a class and property."""
    node = ox.NamedNode
    own, dump, service = node(snapshot.base), node(address + "data/all.nq"), node(address + "sparql")
    said = [
        quad for quad in quads.from_nquads(snapshot.front.decode()) if quad.graph_name == node(own.value + DESCRIBED)
    ]
    found: list[Statement] = [(quad.subject, quad.predicate.value, quad.object) for quad in said]  # type: ignore[misc]
    found += [
        (own, VOID + "sparqlEndpoint", service),
        (own, VOID + "dataDump", dump),
        (own, DCAT + "distribution", dump),
        (dump, A.value, node(DCAT + "Distribution")),
        (dump, DCAT + "downloadURL", dump),
        (dump, DCAT + "mediaType", node("https://www.iana.org/assignments/media-types/application/n-quads")),
        (service, A.value, node(DCAT + "DataService")),
        (service, DCAT + "endpointURL", service),
        (service, DCAT + "servesDataset", own),
    ]
    records = EmbeddedStore()  # what follows from them is no part of what is described
    records.load(direct.records(snapshot.nquads.decode(), snapshot.base))
    for kind, (key, pattern, counter) in PARTITIONS.items():
        for row in select(records, pattern).rows:
            part = ox.BlankNode()
            found += [(own, VOID + kind, part), (part, VOID + key, row[0]), (part, VOID + counter, row[1])]  # type: ignore[list-item]
    return found


PARTITIONS = {
    "classPartition": (
        "class",
        "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY ?c",
        "entities",
    ),
    "propertyPartition": (
        "property",
        # A triple that two documents state is one triple of their union.
        "SELECT ?p (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } } GROUP BY ?p ORDER BY ?p",
        "triples",
    ),
}
