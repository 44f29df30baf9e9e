"""A store on a server: any endpoint of the SPARQL 1.1 Protocol and Update.

A review that `publish` loaded has, besides a named graph a document, one graph with all their triples. Queries are
asked of that one, so that other data on the server counts for nothing, whatever the server's default graph is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pyoxigraph as ox

from evigraph.errors import StoreError
from evigraph.store.embedded import EmbeddedStore, Row, Solutions
from evigraph.store.remote import protocol
from evigraph.store.remote.addresses import Endpoint
from evigraph.store.sandbox import guard

SHA256 = "https://schema.org/sha256"
"""In the manifest, from a document's graph to the hash of its canonical N-Triples."""
ASIDE = "http://spdx.org/rdf/terms#checksumValue"
"""In the manifest, from a graph that says what the documents' graphs are to its hash."""


class RemoteStore:
    """One review on a server.

    Attributes:
        at: the server's addresses. base: what the review's IRIs begin with. review: its own IRI. union: the
        graph with all its triples. manifest: the graph that says which documents are there.
    """

    def __init__(self, at: Endpoint, base: str) -> None:
        """Ask nothing yet."""
        self.at = at
        self.base = base
        self.review = f"{base}review"
        self.union = f"{base}dataset"
        self.manifest = f"{base}dataset/manifest"
        self._published: bool | None = None
        self._apart: tuple[object, EmbeddedStore] | None = None

    def query(self, sparql: str) -> Solutions | bool | str:
        """Answer a SPARQL 1.1 query over the review.

        Raises:
            QueryError: the query can't be parsed or evaluated. StoreError: the server fails, or has no such review.
        """
        dataset = []
        spoken = guard.read_own(sparql).words
        if "from" not in spoken and self.published():
            dataset = [("default-graph-uri", self.union)]
            if "graph" in spoken:
                dataset += [("named-graph-uri", name) for name in (*self.documents(), *self.asides())]
        return protocol.ask(self.at, sparql, dataset)

    def published(self) -> bool:
        """Whether the server has the review as `publish` loads it; else its default graph has to hold the review.

        Raises:
            StoreError: neither is so.
        """
        if self._published is None:
            whole = f"ASK {{ GRAPH <{self.manifest}> {{ <{self.union}> <{SHA256}> ?hash }} }}"
            self._published = protocol.ask(self.at, whole) is True
            if not self._published and protocol.ask(self.at, f"ASK {{ <{self.base}review> a ?type }}") is not True:
                mend = "load it with `evigraph build --store`, or give the workspace of the review that is there"
                raise StoreError(f"{self.at.query} has no whole review {self.base}; {mend}", self.base)
        return self._published

    def without(self, graphs: Collection[str]) -> EmbeddedStore:
        """A copy on this machine without some documents' graphs, kept as long as the server holds the same.

        To name all the others in each request would ask the server itself; Virtuoso 7 fails on that in some queries.
        """
        held = frozenset(graphs), sorted(self.held().items())
        kept = self._apart
        if kept is None or kept[0] != held:
            made = EmbeddedStore(self.review)
            made.apply((quad for quad in self.dump() if str(quad.graph_name)[1:-1] not in held[0]), [])
            kept = self._apart = held, made
        return kept[1]

    def documents(self) -> list[str]:
        """The named graphs of the review's documents."""
        return [name for name in self.held() if name != self.union]

    def held(self) -> dict[str, str]:
        """The hash of each document's graph, and of the union once everything is there, as the manifest says."""
        text = f"SELECT ?g ?hash WHERE {{ GRAPH <{self.manifest}> {{ ?g <{SHA256}> ?hash }} }} ORDER BY ?g"
        rows = self.rows(text)
        return {str(getattr(g, "value", "")): str(getattr(digest, "value", "")) for g, digest in rows}

    def asides(self) -> dict[str, str]:
        """The hash of each graph that says what the documents' graphs are."""
        text = f"SELECT ?g ?hash WHERE {{ GRAPH <{self.manifest}> {{ ?g <{ASIDE}> ?hash }} }} ORDER BY ?g"
        return {str(getattr(g, "value", "")): str(getattr(hash_, "value", "")) for g, hash_ in self.rows(text)}

    def rows(self, sparql: str) -> list[Row]:
        """The rows of a SELECT over the server's own dataset.

        Raises:
            QueryError, StoreError: the server can't take the query, or fails.
        """
        answer = protocol.ask(self.at, sparql)
        return answer.rows if isinstance(answer, Solutions) else []

    def apply(self, additions: Iterable[ox.Quad], removals: Iterable[ox.Quad]) -> None:
        """Take quads out and put quads in; one request, and as atomic as the server makes that.

        The documents that it touches are forgotten by the manifest, so that `publish` compares them anew.
        """
        out, into = list(removals), list(additions)
        touched = {str(getattr(quad.graph_name, "value", "")) for quad in out + into} | {self.union}
        steps = [f"DELETE DATA {{ {_block(batch)} }}" for batch in _batches(out)]
        steps += [self.withdrawal(f"VALUES (?s ?p ?o) {{ {_tuples(batch)} }}") for batch in _batches(out)]
        steps += [f"INSERT DATA {{ {_block(batch)} {_block(batch, self.union)} }}" for batch in _batches(into)]
        # An entry without a hash keeps the graph among the review's, and differs from every file.
        steps += [self.entry(name, "") for name in sorted(touched)]
        if out or into:
            protocol.update(self.at, " ;\n".join(steps))
            self._published = True

    def load(self, nquads: str | bytes) -> None:
        """Add everything that an N-Quads text holds, some hundred at a time."""
        for batch in _batches(list(ox.parse(nquads, format=ox.RdfFormat.N_QUADS, lenient=True))):
            self.apply(batch, [])

    def entry(self, graph: str, digest: str | None) -> str:
        """An update that sets a graph's hash in the manifest, or with None takes its entry out."""
        forget = f"DELETE WHERE {{ GRAPH <{self.manifest}> {{ <{graph}> <{SHA256}> ?hash }} }}"
        if digest is None:
            return forget
        return f'{forget} ;\nINSERT DATA {{ GRAPH <{self.manifest}> {{ <{graph}> <{SHA256}> "{digest}" }} }}'

    def withdrawal(self, pattern: str, but: str = "") -> str:
        """An update that takes a pattern's triples out of the union, unless a document other than `but` has them."""
        other = f"FILTER(?other NOT IN (<{self.union}>, <{but or self.manifest}>)) "
        return (
            f"DELETE {{ GRAPH <{self.union}> {{ ?s ?p ?o }} }} WHERE {{ {pattern} FILTER NOT EXISTS {{ "
            f"GRAPH <{self.manifest}> {{ ?other <{SHA256}> ?hash }} GRAPH ?other {{ ?s ?p ?o }} {other}}} }}"
        )

    def dump(self) -> Iterator[ox.Quad]:
        """Every quad of the review, graph by graph."""
        starts = f'FILTER(STRSTARTS(STR(?g), "{self.base}graph/"))'
        listed = f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {starts} }} ORDER BY ?g"
        for (name,) in [] if self.published() else self.rows(listed):
            yield from self._quads(str(getattr(name, "value", "")))
        for document in self.documents() if self.published() else []:
            yield from self._quads(document)

    def _quads(self, graph: str) -> Iterator[ox.Quad]:
        for s, p, o in self.rows(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"):
            yield ox.Quad(s, p, o, ox.NamedNode(graph))  # type: ignore[arg-type]


def _batches(quads: list[ox.Quad]) -> list[list[ox.Quad]]:
    return [quads[start : start + protocol.BATCH] for start in range(0, len(quads), protocol.BATCH)]


def _block(quads: list[ox.Quad], graph: str = "") -> str:
    return "\n".join(
        f"GRAPH {f'<{graph}>' if graph else quad.graph_name} {{ {quad.subject} {quad.predicate} {quad.object} }}"
        for quad in quads
    )


def _tuples(quads: list[ox.Quad]) -> str:
    return "\n".join(f"({quad.subject} {quad.predicate} {quad.object})" for quad in quads)
