"""Documents straight to canonical N-Quads, without JSON-LD in between: the same lines, in less than half the time.

JSON-LD expansion, in `quads`, is what a document means. Here is that part of it which documents use: keys of the
context, names below the base, texts and typed values. A document that holds anything else is left to the expansion.

>>> sorted(lines({"id": "study/a", "type": "Study", "label": "A"}, "https://e.org/", "<https://e.org/graph/a>"))[1]
'<https://e.org/study/a> <http://www.w3.org/2004/02/skos/core#prefLabel> "A" <https://e.org/graph/a> .'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from evigraph import ontology

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD = "http://www.w3.org/2001/XMLSchema#"

_NAME = re.compile(r"(?:[\w~-][\w.~-]*/)*[\w~-][\w.~-]*(?:#[\w.~-]+)?", re.ASCII)
"""A name that is put behind the base as it stands: without a scheme, and with nothing that is resolved or escaped."""
_ABSOLUTE = re.compile(r"https?://[\w.-]+(?:/[\w.~/#-]*)?", re.ASCII)
_BASE = re.compile(r"https?://[\w.-]+/(?:[\w~-][\w.~-]*/)*", re.ASCII)
_LOCAL = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.ASCII)

_ESCAPES = {i: f"\\u{i:04X}" for i in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)}
_ESCAPES |= {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


class OtherFormError(Exception):
    """A document holds what only the expansion knows how to take."""


def lines(content: dict[str, Any], base: str, graph: str) -> set[str]:
    """The quads of a document, a line each.

    `content` is the record at its root with everything that follows (`short.expanded`), `base` is what its names
    follow, and `graph` the name of its graph in brackets.

    Raises:
        OtherFormError: something in it is written in a way that only the expansion knows.
    """
    if not _BASE.fullmatch(base):
        raise OtherFormError
    found: set[str] = set()
    _record(content, base, f" {graph} .", found)
    return found


def _record(node: dict[str, Any], base: str, end: str, found: set[str]) -> str:
    """Add the quads of a record, and of what it holds; its name in brackets comes back."""
    subject = _named(node.get("id"), base)
    known = _keys()
    for name, value in node.items():
        if name == "id":
            continue
        if name == "type":
            for each in value if isinstance(value, list) else [value]:
                found.add(f"{subject} {TYPE} {_word(each)}{end}")
            continue
        if name not in known:
            raise OtherFormError
        key, predicate, datatype = known[name]
        for term in _terms(key, datatype, value, base, end, found):
            triple = f"{term} {predicate} {subject}" if key.reverse else f"{subject} {predicate} {term}"
            found.add(triple + end)
    return subject


def _terms(key: ontology.Key, datatype: str, value: Any, base: str, end: str, found: set[str]) -> Iterator[str]:
    """What a key leads to, as terms; the quads of records that it holds are added."""
    if key.kind == "languages":
        yield from _tagged(value)
        return
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            if key.kind != "node":
                raise OtherFormError
            yield _record(each, base, end, found)
        elif key.kind == "node":
            yield _named(each, base)
        elif key.kind == "code":
            yield _word(each)
        else:
            yield _literal(key.kind, datatype, each)


def _tagged(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        raise OtherFormError
    for tag, texts in value.items():
        if not _TAG.fullmatch(tag):
            raise OtherFormError
        for each in texts if isinstance(texts, list) else [texts]:
            if not isinstance(each, str):
                raise OtherFormError
            yield f'"{each.translate(_ESCAPES)}"@{tag}'


def _literal(kind: str, datatype: str, value: Any) -> str:
    if kind == "decimal" and not isinstance(value, bool):
        value = format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, bool) and kind == "boolean":
        return f'"{str(value).lower()}"{datatype}'
    if isinstance(value, int) and not isinstance(value, bool) and kind in {"integer", "text"}:
        return f'"{value}"^^<{XSD}integer>'
    if not isinstance(value, str):
        raise OtherFormError
    return f'"{value.translate(_ESCAPES)}"{datatype}'


def _named(name: Any, base: str) -> str:
    if not isinstance(name, str) or name in {"id", "type"}:  # words of JSON-LD itself
        raise OtherFormError
    if _NAME.fullmatch(name):
        return f"<{base}{name}>"
    if _ABSOLUTE.fullmatch(name) and "/../" not in name and "/./" not in name:
        return f"<{name}>"
    raise OtherFormError


def _word(name: Any) -> str:
    if not isinstance(name, str):
        raise OtherFormError
    return _term(name)


@cache
def _term(name: str) -> str:
    """The IRI in brackets of what a class or a code may be called, or of a prefixed name."""
    words = {each: key.iri for each, key in ontology.keys().items() if not key.reverse} | ontology.names()
    prefix, _, local = name.partition(":")
    if name not in words and not (prefix in ontology.prefixes() and _LOCAL.fullmatch(local)):
        raise OtherFormError
    return f"<{words.get(name) or ontology.expand(name)}>"


@cache
def _keys() -> dict[str, tuple[ontology.Key, str, str]]:
    """Every key, with its property in brackets, and how the literals under it end."""
    types = {name: entry.get("@type", "") for name, entry in ontology.context().items() if isinstance(entry, dict)}
    typed = {name: f"^^<{ontology.expand(each)}>" if each.startswith("xsd:") else "" for name, each in types.items()}
    return {name: (key, f"<{key.iri}>", typed[name]) for name, key in ontology.keys().items()}
