"""What the words mean: the one module that opens the `ontology` folder."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from evigraph.errors import UnknownTermError
from evigraph.paths import SHIPPED

NAMESPACE = "https://w3id.org/evigraph/ns#"
FOLDER = SHIPPED / "ontology"

_SUBJECT = re.compile(r"^evi:([A-Za-z][\w-]*)\s+a\s+([^;.]+)", re.MULTILINE)


@dataclass(frozen=True)
class Key:
    """One key of a document, as `context.jsonld` maps it.

    Attributes:
        name: the key. iri: the property. kind: `text`, `integer`, `decimal`, `date`, `code` (a closed set) or
            `node`. many: a list is expected. reverse: the property points from the part to the whole.
    """

    name: str
    iri: str
    kind: str
    many: bool
    reverse: bool


_KINDS = {"@id": "node", "@vocab": "code", "xsd:integer": "integer", "xsd:decimal": "decimal", "xsd:date": "date"}


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
            kind = _KINDS.get(entry.get("@type", ""), "text")
            found[name] = Key(name, iri, kind, entry.get("@container") == "@set", "@reverse" in entry)
    return found


@cache
def names() -> dict[str, str]:
    """The names of classes and codes in documents, each with its IRI."""
    return {k: expand(v) for k, v in context().items() if isinstance(v, str) and ":" in v and k not in prefixes()}


@cache
def declared() -> dict[str, str]:
    """Every declared term of the evigraph namespace: local name to the types it is declared with."""
    return dict(_SUBJECT.findall((FOLDER / "evigraph.ttl").read_text("utf-8")))


def term(local: str) -> str:
    """The IRI of a declared term.

    Raises:
        UnknownTermError: the ontology doesn't declare it.
    """
    if local not in declared():
        raise UnknownTermError(f"evi:{local} is not declared in evigraph.ttl; declare it or mend the name", local)
    return NAMESPACE + local


def require_declared(text: str, where: str) -> None:
    """Check every `evi:` name and every IRI of our namespace in a text.

    Raises:
        UnknownTermError: naming `where` and the first term that the ontology lacks.
    """
    pattern = rf"(?<![\w:])evi:([A-Za-z][\w-]*)|{re.escape(NAMESPACE)}([A-Za-z][\w-]*)"
    for match in re.finditer(pattern, text):
        local = match.group(1) or match.group(2)
        if local not in declared():
            raise UnknownTermError(f"{where}: evi:{local} is not declared in ontology/evigraph.ttl", local)


def class_names() -> set[str]:
    """The names of classes that a document's `type` may be."""
    return {name for name in names() if name[0].isupper()}


@cache
def codes(key: str) -> frozenset[str]:
    """The closed set of values of a `code` key, from `frame.jsonld`."""
    return frozenset(frame()["codes"][key])


def files() -> list[Path]:
    """Every file of the ontology folder: the ontology, the shapes, the context and the alignments."""
    return sorted(path for path in FOLDER.rglob("*") if path.is_file())
