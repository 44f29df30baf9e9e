"""What stands before the records of a review, as in a book: its description, its words and its questions.

Each is a named graph of its own beside those of the documents, `description`, `ontology` and `queries` below the base
of the review. Canned queries are never asked of them, and `diff` passes them over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from evigraph.data import quads
from evigraph.errors import CheckFailedError, DataError
from evigraph.export import description, query_graph, vocabulary
from evigraph.paths import Workspace

GRAPHS = ("description", "ontology", "queries")
"""The names of the graphs, below the base of the review."""


def front_matter(review: dict[str, Any], nquads: str, workspace: Workspace | None = None) -> str:
    """The canonical N-Quads of the graphs that say what a review's graph is.

    `review` is the content of its document `review`, `nquads` its canonical graph. Without the workspace there are no
    queries among them.

    Raises:
        QueryError: the header of a query can't be read.
    """
    base = str(review["base"])
    graphs = {"ontology": list(vocabulary.triples())}
    if workspace is not None:
        graphs["queries"] = query_graph.triples(workspace, base)
    graphs["description"] = [*description.triples(review, nquads, base), *_named(base, list(graphs))]
    found = [
        ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(base + name))
        for name, triples in graphs.items()
        for triple in triples
    ]
    return quads.canonical(found)


_TITLES = {"ontology": "What the words of the review mean", "queries": "What can be asked of the review"}


def _named(base: str, names: list[str]) -> Iterator[ox.Triple]:
    """That the data set comes with other graphs, and what they are."""
    see, title = (ox.NamedNode(iri) for iri in (description.RDFS + "seeAlso", description.DCTERMS + "title"))
    for own, name in ((ox.NamedNode(base + name), name) for name in names):
        yield ox.Triple(ox.NamedNode(base), see, own)
        yield ox.Triple(own, title, ox.Literal(_TITLES[name]))


def verified(path: Path) -> str:
    """What holds of a dump: that its records are those whose hash its description states.

    Raises:
        DataError: it is no dump as nquads, trig or jsonld with a description. CheckFailedError: the hashes differ.
    """
    found = _read(path)
    stated = [q for q in found if q.predicate.value == description.SPDX + "checksumValue"]
    if len(stated) != 1 or not isinstance(stated[0].graph_name, ox.NamedNode):
        mend = "give a file that `evigraph export` wrote as nquads, trig or jsonld, with its description"
        raise DataError(path, 0, f"no graph in it states one hash; {mend}")
    base = stated[0].graph_name.value.removesuffix("description")
    records = [q for q in found if getattr(q.graph_name, "value", "").startswith(quads.graph_iri(base, ""))]
    made, said = description.digest(quads.canonical(records)), str(getattr(stated[0].object, "value", ""))
    if made != said:
        raise CheckFailedError(f"{path}: the records have the hash {made}, and the description states {said}", made)
    return f"{path}: {len(records)} quads of records, as described: sha256 {made}\n"


def _read(path: Path) -> list[ox.Quad]:
    try:
        text = path.read_text("utf-8")
        if text.lstrip().startswith("{"):
            return list(ox.parse(text, format=ox.RdfFormat.JSON_LD))
        try:
            return list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
        except SyntaxError:
            return list(ox.parse(text, format=ox.RdfFormat.TRIG))
    except OSError as error:
        raise DataError(path, 0, f"{error.strerror}; give a file that can be read") from None
    except (SyntaxError, ValueError) as error:
        raise DataError(path, 0, f"neither nquads nor trig nor jsonld: {error}; export it again") from None
