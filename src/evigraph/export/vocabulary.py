"""The ontology as a graph that travels with a review: what its classes, properties and codes are called and mean."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox

from evigraph import ontology

RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
OWL = "http://www.w3.org/2002/07/owl#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
LICENSE = ox.NamedNode("http://purl.org/dc/terms/license")
SKOS = "http://www.w3.org/2004/02/skos/core#"


@cache
def triples() -> tuple[ox.Triple, ...]:
    """The ontology's triples but for those with blank nodes, and its closed lists as concepts.

    The axioms that need blank nodes stay in the ontology's file: without one every graph of a dump is canonical when
    its lines are sorted. Each code is a concept of the scheme that is its class. The ontology's licence stays there
    too, where nobody takes it for that of the review.
    """
    found = [triple for path in _files() for triple in _named(path.read_bytes()) if triple.predicate != LICENSE]
    label = {t.subject: t.object for t in found if t.predicate.value == RDFS + "label"}
    of = [(t.subject, t.object) for t in found if t.predicate == RDF_TYPE]
    codes = [code for code, kind in of if kind == ox.NamedNode(OWL + "NamedIndividual")]
    lists = [(code, kind) for code, kind in of if code in codes and _is_ours(kind)]
    for code in codes:
        found.append(ox.Triple(code, RDF_TYPE, ox.NamedNode(SKOS + "Concept")))
        found.append(ox.Triple(code, ox.NamedNode(SKOS + "prefLabel"), label[code]))
    for code, scheme in lists:
        found.append(ox.Triple(code, ox.NamedNode(SKOS + "inScheme"), scheme))
        found.append(ox.Triple(scheme, RDF_TYPE, ox.NamedNode(SKOS + "ConceptScheme")))  # type: ignore[arg-type]
    return tuple(dict.fromkeys(found))


def version() -> ox.NamedNode:
    """The IRI of this version of the ontology."""
    return next(t.object for t in triples() if t.predicate.value == OWL + "versionIRI")  # type: ignore[return-value]


def _files() -> list[Path]:
    plain = [path for path in ontology.files() if path.parent == ontology.FOLDER and path.suffix == ".ttl"]
    return [path for path in plain if path.name != "shapes.ttl"]


def _named(turtle: bytes) -> list[ox.Triple]:
    quads = ox.parse(turtle, format=ox.RdfFormat.TURTLE)
    blank = ox.BlankNode
    return [quad.triple for quad in quads if not isinstance(quad.subject, blank) and not isinstance(quad.object, blank)]


def _is_ours(kind: object) -> bool:
    return isinstance(kind, ox.NamedNode) and kind.value.startswith(ontology.NAMESPACE)
