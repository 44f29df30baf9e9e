"""What the shapes of the ontology find in a graph."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from evigraph import ontology
from evigraph.checks.literals import Term, text
from evigraph.checks.shacl_core import Graph, Reader, Shape, triples
from evigraph.files import statements


def violations(nquads: str) -> Iterator[tuple[str, str, str]]:
    """What doesn't hold to the shapes in canonical N-Quads: focus node, key and message.

    The ontology is mixed in, for a class is asked with its subclasses.
    """
    shapes, inverse, vocabulary = _compiled()
    graph = Graph((*vocabulary, *map(statements.parts, statements.lines(nquads))), inverse)
    keys = {key.iri: key.name for key in ontology.keys().values()}
    for shape in shapes:
        for target in shape.targets(graph):
            for node, predicate, message in shape.failures(graph, target):
                yield text(node), keys.get(text(predicate), ""), message


@cache
def _compiled() -> tuple[list[Shape], frozenset[Term], tuple[tuple[Term, Term, Term], ...]]:
    """The shapes, the predicates that their paths follow backwards, and the triples of the vocabularies."""
    (file,) = (path for path in ontology.files() if path.name == "shapes.ttl")
    reader = Reader(Graph(triples(file.read_bytes())))
    shapes = reader.shapes()
    said = (triple for path in ontology.vocabularies() for triple in triples(path.read_bytes()))
    return shapes, frozenset(reader.inverse), tuple(said)
