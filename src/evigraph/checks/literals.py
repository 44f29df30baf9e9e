"""Literals of RDF as canonical N-Triples writes them, and what they are by the datatypes of XML Schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"

Term = str
"""An IRI or a literal as canonical N-Triples writes it: `<https://…>`, `"text"`, `"7"^^<…integer>`."""

_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)"
_FORMS = {
    "string": r"(?s).*",
    "boolean": r"true|false|1|0",
    "integer": r"[+-]?\d+",
    "decimal": _NUMBER,
    "double": rf"{_NUMBER}([eE][+-]?\d+)?|[+-]?INF|NaN",
    "date": r"-?\d{4,}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?",
}
"""What the literals of each datatype look like: XML Schema Part 2, https://www.w3.org/TR/xmlschema11-2/."""
_LITERAL = re.compile(r'"(?P<text>.*)"(?:@(?P<language>[\w-]+)|\^\^<(?P<datatype>[^>]*)>)?', re.DOTALL)
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def text(term: Term) -> str:
    """The text of a literal, or an IRI without its brackets."""
    if term.startswith("<"):
        return term[1:-1]
    found = _LITERAL.fullmatch(term)
    inner = found["text"] if found else term
    return _ESCAPED.sub(_unescaped, inner) if "\\" in inner else inner


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code[1:], 16)) if code[0] in "uU" and len(code) > 1 else _ESCAPES.get(code, code)


def datatype(term: Term) -> str:
    """The IRI of a literal's datatype; nothing for what is no literal."""
    found = _LITERAL.fullmatch(term)
    if found is None:
        return ""
    return f"{RDF}langString" if found["language"] else found["datatype"] or f"{XSD}string"


def of_datatype(iri: str) -> Callable[[Term], bool]:
    """The predicate that holds for literals of a datatype that are written as it wants.

    Raises:
        ValueError: the datatype isn't known here.
    """
    name = iri.removeprefix(XSD)
    if name not in _FORMS:
        raise ValueError(f"a datatype that isn't known here: {iri}")
    form = re.compile(_FORMS[name], re.ASCII)
    return lambda term: datatype(term) == iri and form.fullmatch(text(term)) is not None and _is_day(term, name)


def _is_day(term: Term, name: str) -> bool:
    """Whether a date is one of the calendar."""
    if name != "date":
        return True
    with suppress(ValueError):
        date.fromisoformat(text(term)[:10])
        return True
    return False


def number(term: Term) -> Decimal | None:
    """The number of a literal; nothing where it is none, or not a number by its datatype."""
    if datatype(term).removeprefix(XSD) not in {"integer", "decimal", "double"} or "N" in text(term).upper():
        return None
    return Decimal(text(term)) if re.fullmatch(_FORMS["double"], text(term), re.ASCII) else None


def is_less(term: Term, other: Term) -> bool:
    """Whether one number, or one text of the same datatype, comes before another."""
    mine, its = number(term), number(other)
    if mine is not None and its is not None:
        return mine < its
    return datatype(term) == datatype(other) != "" and text(term) < text(other)
