"""The canned queries of a review as a graph: SHACL Advanced Features' `sh:SPARQLSelectExecutable`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from evigraph import queries
from evigraph.paths import Workspace
from evigraph.queries import Param, Query

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL_ONTOLOGY = "http://www.w3.org/2002/07/owl#Ontology"

Statements = Iterator[tuple[str, str, ox.NamedNode | ox.BlankNode | ox.Literal]]


def query_iri(base: str, name: str) -> str:
    """The IRI of a canned query."""
    return f"{base}query/{name}"


def triples(workspace: Workspace, base: str) -> list[ox.Triple]:
    """Every canned query of this review and of all reviews, and the prefixes that they use.

    Raises:
        QueryError: the header of one can't be read.
    """
    found = [statement for query in queries.load_all(workspace) for statement in _of_query(query, base)]
    found += _prefixes(base, "".join(value.value for _, name, value in found if name == SH + "select"))
    return [ox.Triple(ox.NamedNode(s), ox.NamedNode(p), o) for s, p, o in found]


def of_query(query: Query, base: str) -> list[ox.Triple]:
    """What is said of one query: its text, which runs as it stands, what it answers, and its parameters."""
    found = [*_of_query(query, base), *_prefixes(base, query.text)]
    return [ox.Triple(ox.NamedNode(s), ox.NamedNode(p), o) for s, p, o in found]


def _of_query(query: Query, base: str) -> Statements:
    own = query_iri(base, query.name)
    for kind in ("SPARQLSelectExecutable", "SPARQLExecutable"):
        yield own, RDF + "type", ox.NamedNode(SH + kind)
    yield own, SH + "select", ox.Literal(text(query))
    yield own, SH + "prefixes", ox.NamedNode(base + "queries")
    yield own, RDFS + "label", ox.Literal(query.name)
    yield own, RDFS + "comment", ox.Literal(" ".join(f"{query.summary} {query.description}".split()))
    if query.params:
        yield own, RDF + "type", ox.NamedNode(SH + "Parameterizable")
    for number, param in enumerate(query.params):
        node = f"{own}/{param.variable}"
        yield own, SH + "parameter", ox.NamedNode(node)
        yield from _parameter(param, node, base, number)


def text(query: Query) -> str:
    """A query's SPARQL without its header; each parameter has its default, in a block `VALUES ?parameter { … }`."""
    return "".join(line for line in query.text.splitlines(keepends=True) if not line.startswith("#+")).strip() + "\n"


def _parameter(param: Param, node: str, base: str, number: int) -> Statements:
    yield node, RDF + "type", ox.NamedNode(SH + "Parameter")
    # The local name of the path is the name of the variable (SHACL-AF, 3.1.1).
    yield node, SH + "path", ox.NamedNode(f"{base}parameter/{param.variable}")
    yield node, SH + "name", ox.Literal(param.name)
    yield node, SH + "order", ox.Literal(number)
    if param.default or param.type != "iri":
        yield node, SH + "defaultValue", param.bind(param.default)
    yield node, SH + "optional", ox.Literal(not param.required)
    if param.description:
        yield node, SH + "description", ox.Literal(param.description)
    if param.type == "iri":
        yield node, SH + "nodeKind", ox.NamedNode(SH + "IRI")
    else:
        kind = "integer" if param.type == "integer" else "string"
        yield node, SH + "datatype", ox.NamedNode(XSD + kind)
    yield from _enumeration(param, node)


def _enumeration(param: Param, node: str) -> Statements:
    """The list of what a parameter may be; its cells have IRIs, for nothing here is a blank node."""
    cells = [f"{node}/{place}" for place in range(1, len(param.enumeration) + 1)]
    if not cells:
        return
    yield node, SH + "in", ox.NamedNode(cells[0])
    for cell, after, value in zip(cells, [*cells[1:], RDF + "nil"], param.enumeration, strict=True):
        yield cell, RDF + "first", param.bind(value)
        yield cell, RDF + "rest", ox.NamedNode(after)


def _prefixes(base: str, texts: str) -> Statements:
    """The prefixes that the texts declare, for tools that want them apart."""
    graph = base + "queries"
    for prefix, namespace in sorted(set(re.findall(r"(?i)\bPREFIX\s+([\w-]+):\s*<([^<>\s]+)>", texts))):
        node = f"{graph}/{prefix}"
        yield graph, SH + "declare", ox.NamedNode(node)
        yield node, SH + "prefix", ox.Literal(prefix)
        yield node, SH + "namespace", ox.Literal(namespace, datatype=ox.NamedNode(XSD + "anyURI"))
    yield graph, RDF + "type", ox.NamedNode(OWL_ONTOLOGY)
    yield graph, RDFS + "label", ox.Literal("What can be asked of the review")
