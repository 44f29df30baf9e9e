"""Documents to quads and back, with a second implementation as the oracle."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pyoxigraph as ox
import pytest
from conftest import with_numbers
from hypothesis import given, settings
from hypothesis import strategies as st

from evigraph import data
from evigraph.data import Document, quads
from evigraph.errors import EvigraphError


def of_document(nquads: str, iri: str) -> str:
    """The lines of one named graph."""
    return "".join(line for line in nquads.splitlines(keepends=True) if line.endswith(f" <{iri}> .\n"))


def test_documents_come_back_whole(documents: list[Document], nquads: str) -> None:
    """The law: document to graph to document loses nothing."""
    base = data.base(documents)
    for document in documents:
        lines = of_document(nquads, quads.graph_iri(base, document.name))
        assert quads.to_document(lines, base, document.content["id"]) == document.content


def test_two_builds_are_the_same_bytes(nquads: str) -> None:
    """Another process with another hash seed gives the same canonical N-Quads."""
    code = (
        "import sys; from evigraph import data, paths; from evigraph.data import quads;"
        "d = data.read_documents(paths.find_workspace(paths.SHIPPED));"
        "sys.stdout.buffer.write(quads.canonical(quads.to_quads(reversed(d), data.base(d))).encode())"
    )
    env = {**os.environ, "PYTHONHASHSEED": "1"}
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=env)  # noqa: S603
    assert again.stdout.decode() == nquads


def test_no_blank_nodes(nquads: str) -> None:
    """Every node has an IRI, and every line is one quad in a named graph."""
    assert not re.search(r"(^|\s)_:", re.sub(r'"(?:[^"\\]|\\.)*"', "", nquads))
    assert all(quad.graph_name != ox.DefaultGraph() for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS))


def test_a_blank_node_is_refused() -> None:
    """A quad with a blank node is told."""
    quad = ox.Quad(ox.BlankNode(), ox.NamedNode("http://e/p"), ox.Literal("o"), ox.NamedNode("http://e/g"))
    with pytest.raises(EvigraphError, match="give it an id"):
        quads.canonical([quad])


def test_pyld_gives_the_same_graph(documents: list[Document], nquads: str) -> None:
    """An independent JSON-LD processor expands the documents to the same quads."""
    from pyld import jsonld

    from evigraph.export.formats import export

    whole = json.loads(export(documents, "jsonld", bare=True))
    other = jsonld.to_rdf(whole, {"format": "application/n-quads", "documentLoader": quads.refuse_remote})
    assert with_numbers(quads.canonical(ox.parse(other, format=ox.RdfFormat.N_QUADS))) == with_numbers(nquads)


def test_a_remote_context_is_never_fetched() -> None:
    """The loader refuses every address."""
    with pytest.raises(EvigraphError, match="never fetched"):
        quads.refuse_remote("https://example.org/context.jsonld")


TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None)
@given(
    statement=TEXT,
    value=st.decimals(0, 10**6, places=2),
    position=st.integers(1, 10**6),
    labels=st.lists(TEXT, max_size=4),
)
def test_any_content_comes_back(statement: str, value: object, position: int, labels: list[str]) -> None:
    """Whatever texts and numbers a document holds, they come back."""
    content = {
        "id": "study/x",
        "type": "Study",
        "label": statement,
        "position": position,
        "findings": [
            {
                "id": "finding/x",
                "type": "Finding",
                "statement": statement,
                "altLabels": sorted(set(labels)),
                "quantities": [{"id": "q", "type": "Quantity", "kind": "n", "value": float(str(value))}],
            }
        ],
    }
    if not labels:
        content["findings"][0].pop("altLabels")  # type: ignore[index]
    document = Document(None, "studies/x", content)  # type: ignore[arg-type]
    base = "https://example.org/r/"
    text = quads.canonical(quads.to_quads([document], base))
    assert quads.to_document(text, base, "study/x") == quads.arranged(content)
