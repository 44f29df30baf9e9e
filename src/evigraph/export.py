"""The graph in the formats that others read."""

from __future__ import annotations

import json
import re

import pyoxigraph as ox

from evigraph import data, graph, ontology
from evigraph.data import Document
from evigraph.errors import UsageError

SYNTAXES = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
"""The RDF syntaxes by their names on the command line; TriG and N-Quads keep a named graph for each document."""

FORMATS = (*SYNTAXES, "jsonld")


def export(documents: list[Document], syntax: str) -> str:
    """The documents' graph in one syntax.

    Turtle, N-Triples and RDF/XML hold the union of the named graphs. JSON-LD is the documents themselves, framed by
    `ontology/context.jsonld`, which is written into the output so that nothing has to be fetched to read it.

    Raises:
        UsageError: the syntax isn't one of `FORMATS`.
    """
    if syntax not in FORMATS:
        raise UsageError(f"no export format `{syntax}`; choose one of {', '.join(FORMATS)}", syntax)
    base = data.base(documents)
    if syntax == "jsonld":
        return jsonld(documents, base)
    nquads = graph.canonical(graph.to_quads(documents, base))
    if syntax == "nquads":
        return nquads
    if syntax == "ntriples":
        return "".join(sorted(set(re.sub(r"(?m) <[^<>]*> \.$", " .", nquads).splitlines(keepends=True))))
    return _serialized(nquads, SYNTAXES[syntax], base)


def _serialized(nquads: str, syntax: ox.RdfFormat, base: str) -> str:
    quads = list(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))
    statements = quads if syntax.supports_datasets else list(dict.fromkeys(quad.triple for quad in quads))
    prefixes = {**ontology.prefixes(), "": base}
    if syntax == ox.RdfFormat.RDF_XML:
        prefixes.pop("")
    return str(ox.serialize(statements, format=syntax, prefixes=prefixes) or b"", "utf-8")


def jsonld(documents: list[Document], base: str) -> str:
    """The documents as one JSON-LD text with the context inside."""
    context = {**ontology.context(), "@base": base}
    whole = {"@context": context, "@graph": graph.to_jsonld(documents, base)}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
