"""What the service and the data set say of themselves: Service Description and VoID."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from evigraph import ontology
from evigraph.store import select
from evigraph.web import media, pages
from evigraph.web.live import Live, Snapshot
from evigraph.web.problems import not_acceptable

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = "http://www.w3.org/ns/formats/"
DCTERMS = "http://purl.org/dc/terms/"
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
    """`/.well-known/void`: how much of what there is."""
    live: Live = request.app.state.live
    snapshot = live.now
    address = str(request.base_url)
    made = snapshot.once(("void", address), lambda: void_statements(snapshot, address))
    return _graph(request, made, media.choose(request.headers.get("accept"), media.GRAPH))


def _graph(request: Request, statements: list[Statement], chosen: media.Offer | None) -> Response:
    if chosen is None:
        return not_acceptable(request, media.GRAPH)
    triples = [ox.Triple(s, ox.NamedNode(p), o) for s, p, o in statements]
    prefixes = {**ontology.prefixes(), "sd": SD, "void": VOID, "formats": FORMATS}
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
    for row in select(live.now.store, "SELECT DISTINCT ?g { GRAPH ?g {} } ORDER BY ?g").rows:
        named = ox.BlankNode()
        found += [(dataset, SD + "namedGraph", named), (named, A.value, node(SD + "NamedGraph"))]
        found.append((named, SD + "name", node(row[0].value if row[0] else "")))
    return found


def void_statements(snapshot: Snapshot, address: str) -> list[Statement]:
    """VoID: sizes, vocabularies, and a partition for each class and each property."""
    node = ox.NamedNode
    own = node(address + ".well-known/void#dataset")
    text = {"title": DCTERMS + "title", "description": DCTERMS + "description"}
    found: list[Statement] = [(own, A.value, node(VOID + "Dataset"))]
    found += [(own, iri, ox.Literal(str(snapshot.review[key]))) for key, iri in text.items() if key in snapshot.review]
    if str(snapshot.review.get("license", "")).startswith("http"):
        found.append((own, DCTERMS + "license", node(str(snapshot.review["license"]))))
    found += [
        (own, VOID + "sparqlEndpoint", node(address + "sparql")),
        (own, VOID + "uriSpace", ox.Literal(snapshot.base)),
        (own, VOID + "vocabulary", node(ontology.NAMESPACE)),
        (own, VOID + "dataDump", node(address + "data/all.nq")),
    ]
    for name, pattern in COUNTS.items():
        found.append((own, VOID + name, _count(snapshot, pattern)))
    for kind, (key, pattern, counter) in PARTITIONS.items():
        for row in select(snapshot.store, pattern).rows:
            part = ox.BlankNode()
            found += [(own, VOID + kind, part), (part, VOID + key, row[0]), (part, VOID + counter, row[1])]  # type: ignore[list-item]
    return found


COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "entities": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
}
PARTITIONS = {
    "classPartition": (
        "class",
        "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY ?c",
        "entities",
    ),
    "propertyPartition": ("property", "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p", "triples"),
}


def _count(snapshot: Snapshot, pattern: str) -> ox.Literal:
    found = select(snapshot.store, pattern).rows[0][0]
    return found if isinstance(found, ox.Literal) else ox.Literal(0)
