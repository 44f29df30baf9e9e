"""The vocabulary as a page, as data, and as labels for others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from evigraph import ontology
from evigraph.web import media, pages
from evigraph.web.conditional import cached, etag, unchanged
from evigraph.web.live import Snapshot
from evigraph.web.problems import not_acceptable

SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
FORMATS = (("ttl", "text/turtle"), ("jsonld", "application/ld+json"), ("rdf", "application/rdf+xml"))
"""The suffixes of data documents that links name, with their media types."""


@dataclass(frozen=True)
class Declared:
    """A term of the vocabulary as its file declares it; `facts` are its other statements."""

    iri: str
    name: str
    kind: str
    label: str
    definition: str
    example: str
    source: str


@cache
def vocabulary() -> dict[str, Declared]:
    """Every term of the vocabulary's own namespace by its IRI, in the order of its file."""
    said: dict[str, dict[str, list[str]]] = {}
    for quad in _ontology_quads():
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            said.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object.value)
    found = {}
    for iri, facts in said.items():
        kind = next((k for k in facts.get(RDF_TYPE, []) if k.startswith("http://www.w3.org/2002/07/owl#")), "")
        if iri.startswith(ontology.NAMESPACE) and kind:
            one = {name: next(iter(facts.get(prop, [])), "") for name, prop in _FACTS.items()}
            found[iri] = Declared(iri, iri.removeprefix(ontology.NAMESPACE), kind.rpartition("#")[2], **one)
    return found


_FACTS = {
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "definition": SKOS + "definition",
    "example": SKOS + "example",
    "source": "http://purl.org/dc/terms/source",
}


def _ontology_quads() -> list[ox.Quad]:
    files = (path.read_bytes() for path in ontology.vocabularies())
    return [quad for turtle in files for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]


async def terms(request: Request) -> Response:
    """`/ns`: the vocabulary, as a page with a place for each term, or as data."""
    snapshot: Snapshot = request.app.state.live.now
    suffix = request.path_params.get("suffix", "")
    offers = (*media.GRAPH, media.PAGE)
    chosen = media.offer(suffix, offers) if suffix else media.choose(request.headers.get("accept"), offers)
    if chosen is None:
        return not_acceptable(request, offers)
    tag = etag(snapshot, "terms", chosen.name)
    headers = cached(tag) | {"Link": ", ".join(f'</ns.{s}>; rel="alternate"; type="{kind}"' for s, kind in FORMATS)}
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    if chosen is media.PAGE:
        groups: dict[str, list[Declared]] = {}
        for term in vocabulary().values():
            groups.setdefault(_KINDS.get(term.kind, "Codes"), []).append(term)
        return await pages.rendered(request, "terms.html", {"title": "Vocabulary", "groups": groups}, headers)
    lines = str(ox.serialize((q.triple for q in _ontology_quads()), format=ox.RdfFormat.N_TRIPLES) or b"", "utf-8")
    body = await run_in_threadpool(media.converted, lines, chosen.name, ontology.prefixes())
    return Response(body, headers=headers | {"Content-Type": chosen.content_type})


_KINDS = {
    "Class": "Classes",
    "ObjectProperty": "Properties that lead to a thing",
    "DatatypeProperty": "Properties that hold a value",
    "AnnotationProperty": "Annotations",
}


async def term(request: Request) -> Response:
    """`/ns/Study`: the place of a term in the vocabulary.

    Raises:
        HTTPException: 404, there is no such term.
    """
    name = request.path_params["name"]
    if name not in ontology.declared():
        raise HTTPException(404, "no such term is in the vocabulary; /ns lists all")
    return RedirectResponse(f"/ns#{name}", 303, {"Vary": "Accept"})
