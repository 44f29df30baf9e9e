"""Texts and numbers as OWL 2 takes them: which datatype they are of, and what a reasoner can be told of them."""

from __future__ import annotations

import hashlib
import re

import pyoxigraph as ox

from evigraph.checks.reasoning.expressions import XSD

UNREADABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]"
LANGUAGE_TAGGED = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
PATTERNS = {
    "integer": r"[+-]?\d+",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "double": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN",
    "boolean": r"true|false|0|1",
    "dateTime": r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z",
    "string": r"(?s:.*)",
}
"""What a reasoner reads as it stands, by its datatype."""
WITHIN = {
    "integer": (None, None),
    **dict.fromkeys(("nonNegativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"), (0, None)),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
}
"""The least and the greatest of each kind of whole numbers."""


def is_integer(literal: ox.Literal) -> bool:
    """Whether it is a whole number of a datatype for them."""
    local = literal.datatype.value.removeprefix(XSD)
    if local not in WITHIN or not re.fullmatch(PATTERNS["integer"], literal.value, re.ASCII):
        return False
    low, high = WITHIN[local]
    # Python reads no number of thousands of digits; one of twenty is beyond every limit but those of zero and one.
    number = int(literal.value[:20])
    return (low is None or number >= low) and (high is None or number <= high)


def within(literal: ox.Literal, datatype: str) -> bool:
    """Whether a literal is plainly of a datatype; False also where that isn't known here."""
    local = datatype.removeprefix(XSD)
    if local in {"integer", "decimal"} and is_integer(literal):
        return True
    return local in PATTERNS and literal.datatype.value == datatype and _well_formed(literal)


def told(literal: ox.Literal) -> ox.Literal:
    """What a reasoner is told instead of a literal: the same, if it can read it, else one that is of no other datatype.

    What HermiT can't read stops it. A character that XML has no place for is told by its number. A date, a year, or a
    number that is none is of no datatype that it knows, which are those of OWL 2 alone: it is told an address made of
    it, which is, as they are, neither text nor number, and equal only to itself.
    """
    if is_integer(literal):
        return ox.Literal(literal.value, datatype=ox.NamedNode(f"{XSD}integer"))
    if literal.datatype.value in {LANGUAGE_TAGGED, f"{XSD}string"}:
        text = re.sub(UNREADABLE, lambda found: f"\\u{ord(found[0]):04x}", literal.value)
        return ox.Literal(text, language=literal.language)
    if _well_formed(literal):
        return literal
    digest = hashlib.sha256(str(literal).encode("utf-8", "surrogatepass")).hexdigest()
    return ox.Literal(f"urn:literal:{digest}", datatype=ox.NamedNode(f"{XSD}anyURI"))


def _well_formed(literal: ox.Literal) -> bool:
    pattern = PATTERNS.get(literal.datatype.value.removeprefix(XSD))
    return pattern is not None and re.fullmatch(pattern, literal.value, re.ASCII) is not None
