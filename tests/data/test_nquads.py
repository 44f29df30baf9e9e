"""Documents straight to N-Quads: the same lines as by JSON-LD expansion, whatever a record holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evigraph import data, ontology
from evigraph.data import Document, nquads, quads, short
from evigraph.errors import EvigraphError

BASE = "https://example.org/r/"
ODD = (
    "",
    "a b",
    "../up",
    "a/../b",
    "./a",
    "a//b",
    "#x",
    "a#b",
    "a#b#c",
    "a?b",
    "a%20b",
    "https://example.org/x",
    "https://example.org/a/../b",
    "http://example.org",
    "evi:Study",
    "skos:Concept",
    "nobody:knows",
    "_:b",
    "_:",
    "Study",
    "stated",
    "informant",
    "id",
    "@id",
    "naïve",
    "<x>",
    "a:b",
    "-",
    ".",
    "..",
    "...",
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(ODD)
VALUE = (
    TEXT
    | st.integers(-(10**20), 10**20)
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
)
KEYS = st.sampled_from(sorted({*ontology.keys(), "unknown", "evi:odd"}))
RECORD = st.recursive(
    st.dictionaries(KEYS, VALUE | st.lists(VALUE, max_size=2), max_size=4),
    lambda inner: st.dictionaries(KEYS, inner | st.lists(inner, max_size=2) | VALUE, max_size=4),
    max_leaves=6,
)


def expanded(content: dict[str, Any], base: str = BASE) -> str:
    """The document by JSON-LD."""
    return quads.canonical(quads.to_quads([Document(None, "x", content)], base))  # type: ignore[arg-type]


def straight(content: dict[str, Any], base: str = BASE) -> str:
    """The document straight."""
    found = nquads.lines(short.expanded(content), base, f"<{quads.graph_iri(base, 'x')}>")
    return "".join(f"{line}\n" for line in sorted(found))


def held(content: dict[str, Any], base: str = BASE) -> bool:
    """Whether it is written straight, and then as by JSON-LD."""
    try:
        ours = straight(content, base)
    except nquads.OtherFormError:
        return False
    assert ours == expanded(content, base)
    return True


def test_every_shipped_document_is_written_straight(documents: list[Document]) -> None:
    """Nothing that the shipped review holds needs the expansion, and its lines are those."""
    assert all(held(document.content, data.base(documents)) for document in documents)


@settings(max_examples=400, deadline=None)
@given(RECORD, TEXT, st.sampled_from(["Study", "Finding", "Search", "skos:Concept", "Nobody", ["Study", "Finding"], 7]))
def test_any_record_is_the_same_or_left(record: dict[str, Any], name: str, kind: Any) -> None:
    """Whatever a record holds under whichever key, right or wrong."""
    content = {"id": name, "type": kind, **{key: value for key, value in record.items() if key != "answers"}}
    try:
        ours = straight(content)
    except (nquads.OtherFormError, TypeError, ValueError, AttributeError, ArithmeticError):
        return  # what the vocabulary refuses before anybody makes quads of it
    try:
        theirs = expanded(content)
    except (EvigraphError, SyntaxError):
        pytest.fail(f"only the expansion refuses {content}")
    assert ours == theirs


@pytest.mark.parametrize("name", ODD)
def test_any_name_is_the_same_or_left(name: str) -> None:
    """As an id, a link, a class and a code."""
    for content in (
        {"id": name, "type": "Study", "label": "x"},
        {"id": "study/x", "type": "Study", "partOf": name},
        {"id": "study/x", "type": name},
        {"id": "inclusion/x", "type": "Inclusion", "state": name},
    ):
        if not held(content):
            with pytest.raises(nquads.OtherFormError):
                straight(content)


def test_every_character_is_written_alike() -> None:
    """Escapes are those of canonical N-Quads."""
    for start, end in ((0, 0xD800), (0xE000, 0x20000), (0x10FF00, 0x110000)):
        assert held({"id": "study/x", "type": "Study", "label": "".join(map(chr, range(start, end)))})


@pytest.mark.parametrize("base", [BASE, "http://a.org/", "https://a.org/x/y/", "https://a.org/x#", "https://a.org/ü/"])
def test_any_base(base: str) -> None:
    """Or the expansion takes it."""
    held({"id": "study/x", "type": "Study", "partOf": "study/y"}, base)
