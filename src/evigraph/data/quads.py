"""Documents to quads and back: JSON-LD expansion and framing with the one context."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from evigraph import ontology
from evigraph.data import nquads, short
from evigraph.data.documents import Document
from evigraph.data.short import natural
from evigraph.errors import EvigraphError
from evigraph.files import statements

XSD = "http://www.w3.org/2001/XMLSchema#"


def graph_iri(base: str, name: str) -> str:
    """The IRI of the named graph that holds one document."""
    return f"{base}graph/{name}"


def to_jsonld(documents: Iterable[Document], base: str) -> list[dict[str, Any]]:
    """The documents as JSON-LD: one object a document, each its own named graph, without the context."""
    return [{"id": graph_iri(base, d.name), "@graph": [_lexical(short.expanded(d.content))]} for d in documents]


def _lexical(value: Any, key: str = "") -> Any:
    """Decimals as their text, so that no processor turns 87.5 into 8.75E1."""
    if isinstance(value, dict):
        return {k: _lexical(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_lexical(item, key) for item in value]
    entry = ontology.keys().get(key)
    return format(Decimal(str(value)).normalize(), "f") if entry and entry.kind == "decimal" else value


def to_quads(documents: Iterable[Document], base: str) -> list[ox.Quad]:
    """Every document as quads, by JSON-LD expansion."""
    whole = {"@context": [ontology.context(), {"@base": base}], "@graph": to_jsonld(documents, base)}
    return list(ox.parse(json.dumps(whole), format=ox.RdfFormat.JSON_LD))


def canonical(quads: Iterable[ox.Quad]) -> str:
    """The quads as canonical N-Quads: without blank nodes, that is one sorted line a quad (RDF Canonicalization 1.0).

    Raises:
        EvigraphError: a blank node is among them.
    """
    text = str(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"", "utf-8")
    lines = sorted(set(statements.lines(text)))
    suspects = lines if "_:" in text else []
    if blank := next((line for line in suspects if re.search(r"(^| )_:", line)), None):
        raise EvigraphError(f"a blank node in the data: {blank}; give it an id", blank)
    return "".join(line + "\n" for line in lines)


def texts(documents: Iterable[Document], base: str) -> dict[str, str]:
    """Every document's quads as canonical N-Quads, by the document's name.

    Raises:
        EvigraphError: a blank node is among them.
    """
    found: dict[str, str] = {}
    left = []
    for document in documents:
        graph = f"<{graph_iri(base, document.name)}>"
        try:
            lines = nquads.lines(short.expanded(document.content), base, graph)
        except nquads.OtherFormError:
            left.append(document)
        else:
            found[document.name] = "".join(f"{line}\n" for line in sorted(lines))
    return found | _expanded(left, base)


def _expanded(documents: list[Document], base: str) -> dict[str, str]:
    """The same by JSON-LD expansion, which takes every form."""
    named = {graph_iri(base, document.name): document for document in documents}
    quads: dict[str, list[ox.Quad]] = {name: [] for name in named}
    for quad in to_quads(named.values(), base) if named else ():
        quads[str(quad.graph_name)[1:-1]].append(quad)
    return {document.name: canonical(quads[name]) for name, document in named.items()}


def from_nquads(text: str) -> list[ox.Quad]:
    """The quads of an N-Quads text; it is taken to be well-formed, as `canonical` makes it."""
    return list(ox.parse(text, format=ox.RdfFormat.N_QUADS, lenient=True))


def to_document(nquads: str, base: str, root: str) -> dict[str, Any]:
    """One document's graph, given as N-Quads, framed into the document whose root has that id.

    The inverse of `to_quads` up to the canonical order of `arranged`.
    """
    from pyld import jsonld

    context = [ontology.context(), {"@base": base}]
    expanded = jsonld.from_rdf(_dataset(nquads), {"useNativeTypes": False})
    request = {"@context": context, "@id": base + root, "@embed": "@always", "findings": {}}
    framed = jsonld.frame(expanded, request, {"omitGraph": True, "base": base, "documentLoader": refuse_remote})
    framed.pop("@context", None)
    content: dict[str, Any] = arranged(_folded(framed))
    return content


def compacted(ntriples: str, base: str) -> dict[str, Any]:
    """Statements as one JSON-LD document with the context inside: the keys of documents, and types as types.

    Things that other things of it name are nested nowhere; each is one node of `@graph`. Whole numbers that are doubles
    keep their type beside them, since JSON-LD reads a bare `779` as an integer.
    """
    from pyld import jsonld

    context = {**ontology.context(), "@base": base}
    expanded = jsonld.from_rdf(_dataset(ntriples), {"useNativeTypes": False})
    for node in expanded:
        for values in node.values():
            if isinstance(values, list):
                values[:] = [_native(value) for value in values]
    options = {"base": base, "documentLoader": refuse_remote, "graph": True}
    found: dict[str, Any] = jsonld.compact(expanded, context, options)
    return found


def _native(value: Any) -> Any:
    """An expanded value as a number or truth of JSON, where that is read back as the same literal."""
    kind = value.get("@type", "") if isinstance(value, dict) and "@value" in value else ""
    text = value["@value"] if kind else ""
    if kind == XSD + "integer" and re.fullmatch(r"0|-?[1-9]\d*", text, re.ASCII):
        return {"@value": int(text)}
    if kind == XSD + "boolean" and text in {"true", "false"}:
        return {"@value": text == "true"}
    return value


def refuse_remote(url: str, _options: object = None) -> dict[str, Any]:
    """A JSON-LD document loader that never fetches.

    Raises:
        EvigraphError: always; a context is part of the machine, not of a document.
    """
    raise EvigraphError(f"a remote JSON-LD context is never fetched: {url}", url)


def _dataset(nquads: str) -> dict[str, list[dict[str, Any]]]:
    """The triples of N-Quads as PyLD holds them; its own parser takes U+2028 in a literal for the end of a line."""

    def held(term: Any) -> dict[str, str]:
        if not isinstance(term, ox.Literal):
            return {"type": "IRI" if isinstance(term, ox.NamedNode) else "blank node", "value": str(term.value)}
        found = {"type": "literal", "value": term.value, "datatype": term.datatype.value}
        return {**found, "language": term.language} if term.language else found

    return {
        "@default": [
            {"subject": held(quad.subject), "predicate": held(quad.predicate), "object": held(quad.object)}
            for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS)
        ]
    }


def _folded(node: dict[str, Any]) -> dict[str, Any]:
    """Keep what a node owns, name the others; turn typed literals back into numbers."""
    owned = set(ontology.frame()["owned"])
    content: dict[str, Any] = {}
    for name, value in node.items():
        key = ontology.keys().get(name)
        if key is None:
            if name in {"id", "type"}:
                content[name] = value
            continue  # the back link of a reverse key: the nesting says it already
        if key.kind == "languages":
            content[name] = {tag: _several(texts, name) for tag, texts in value.items()}
            continue
        items = [_item(key, item, name in owned) for item in (value if isinstance(value, list) else [value])]
        content[name] = items if key.many else items[0]
    return short.folded(content)


def _several(texts: Any, name: str) -> Any:
    return (
        sorted(texts if isinstance(texts, list) else [texts])
        if ontology.keys()[name.removesuffix("In")].many
        else texts
    )


def _item(key: ontology.Key, item: Any, owned: bool) -> Any:
    if isinstance(item, dict) and key.kind == "node":
        return _folded(item) if owned else item["id"]
    lexical = item["@value"] if isinstance(item, dict) else item
    if key.kind == "integer":
        return int(lexical)
    if key.kind == "decimal":
        number = Decimal(lexical)
        return int(number) if number == number.to_integral_value() else float(number)
    return lexical


def arranged(content: dict[str, Any]) -> dict[str, Any]:
    """A document in canonical order: keys as in the context, list items by position, then id or value."""
    order = {name: i for i, name in enumerate(ontology.context())}
    result: dict[str, Any] = {}
    for name in sorted(content, key=order.__getitem__):
        value = content[name]
        if name in short.BY_LANGUAGE:
            value = {tag: value[tag] for tag in sorted(value)}
        elif isinstance(value, list):
            value = sorted((arranged(v) if isinstance(v, dict) else v for v in value), key=_place)
        elif name == short.ANSWERS:
            value = short.shortened(short.said(value))
        elif isinstance(value, dict):
            value = arranged(value)
        result[name] = value
    return result


def _place(item: Any) -> tuple[int, list[tuple[int, str]]]:
    text = item["id"] if isinstance(item, dict) else str(item)
    # The values of a record stay together by attribute, which their ids name, whatever order these are in.
    placed = isinstance(item, dict) and item.get("type") != "Characteristic"
    position = item.get("position", 0) if placed else 0
    return position, natural(text)
