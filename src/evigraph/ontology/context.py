"""The one mapping between the keys of documents and the terms of the vocabulary: the JSON-LD context, and its frame."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from evigraph.ontology.terms import FOLDER, NAMESPACE, superclasses, told_of


@dataclass(frozen=True)
class Key:
    """One key of a document, as `context.jsonld` maps it.

    Attributes:
        name: the key. iri: the property. kind: `text`, `integer`, `decimal`, `boolean`, `date`, `code` (a closed
            set), `node`, or `languages` (texts by their language). many: a list is expected. reverse: the property
            points from the part to the whole.
    """

    name: str
    iri: str
    kind: str
    many: bool
    reverse: bool


_KINDS = {"@id": "node", "@vocab": "code", "xsd:integer": "integer", "xsd:date": "date"}
_KINDS |= {"xsd:boolean": "boolean", "xsd:decimal": "decimal", "xsd:double": "decimal"}


@cache
def context() -> dict[str, Any]:
    """The JSON-LD context of the documents: keys to terms, the only such mapping."""
    loaded: dict[str, Any] = json.loads((FOLDER / "context.jsonld").read_text("utf-8"))["@context"]
    return loaded


@cache
def frame() -> dict[str, Any]:
    """How a graph is folded back into a document: `owned` keys nest, every other node is named by its IRI."""
    loaded: dict[str, Any] = json.loads((FOLDER / "frame.jsonld").read_text("utf-8"))
    return loaded


@cache
def owned() -> frozenset[str]:
    """The keys that hold records in place."""
    return frozenset(frame()["owned"])


def prefixes() -> dict[str, str]:
    """The prefixes of the context, prefix to namespace IRI."""
    return {k: v for k, v in context().items() if isinstance(v, str) and v.endswith(("#", "/"))}


def expand(curie: str) -> str:
    """The IRI of a prefixed name, by the context's prefixes; an IRI passes unchanged."""
    prefix, _, local = curie.partition(":")
    return prefixes()[prefix] + local if prefix in prefixes() else curie


@cache
def keys() -> dict[str, Key]:
    """Every key that a document may use, by name."""
    found = {}
    for name, entry in context().items():
        if isinstance(entry, dict):
            iri = expand(entry.get("@reverse") or entry["@id"])
            tagged = "@language" in entry.get("@container", "")
            kind = "languages" if tagged else _KINDS.get(entry.get("@type", ""), "text")
            found[name] = Key(name, iri, kind, entry.get("@container") == "@set", "@reverse" in entry)
    return found


@cache
def names() -> dict[str, str]:
    """The names of classes and codes in documents, each with its IRI."""
    return {k: expand(v) for k, v in context().items() if isinstance(v, str) and ":" in v and k not in prefixes()}


def class_names() -> set[str]:
    """The names of classes that a document's `type` may be."""
    return {name for name in names() if name[0].isupper()}


@cache
def codes(key: str) -> frozenset[str]:
    """The closed set of values of a `code` key, from `frame.jsonld`."""
    return frozenset(frame()["codes"][key])


@cache
def holders(key: str) -> frozenset[str]:
    """The classes whose records may have a key, by the ontology or by `of` of the frame; none where any may."""
    listed = frame()["of"].get(key)
    found = keys()[key]
    if listed is None and found.iri.startswith(NAMESPACE):
        listed = told_of(found.iri.removeprefix(NAMESPACE), found.reverse)
    return frozenset(listed or ())


@cache
def may_have(kind: str, key: str) -> bool:
    """Whether records of a class, or of one above it, may have a key."""
    allowed = holders(key)
    return not allowed or not allowed.isdisjoint({kind, *superclasses(kind)})
