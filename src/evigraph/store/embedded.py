"""What every store can do, and the store in memory: the one module that asks pyoxigraph."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from evigraph.errors import QueryError
from evigraph.store.sandbox import guard

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Row = tuple[Term | None, ...]

IRI = ox.NamedNode
Literal = ox.Literal


@dataclass
class Solutions:
    """The answer to a SELECT: variable names, and rows of terms in their order."""

    variables: list[str]
    rows: list[Row]


class Store(Protocol):
    """What every store can do, embedded or remote."""

    def query(self, sparql: str) -> Solutions | bool | str:
        """Answer a query: solutions for SELECT, a truth for ASK, N-Triples for CONSTRUCT and DESCRIBE."""

    def apply(self, additions: Iterable[ox.Quad], removals: Iterable[ox.Quad]) -> None:
        """Take quads out and put quads in, as one change."""

    def load(self, nquads: str | bytes) -> None:
        """Add everything that an N-Quads text holds."""

    def dump(self) -> Iterator[ox.Quad]:
        """Every quad."""

    def without(self, graphs: Collection[str]) -> Store:
        """The same quads but for those of some named graphs, to be asked and not to be changed."""


class EmbeddedStore:
    """pyoxigraph in memory; without FROM, the default graph is the union of all named graphs."""

    def __init__(self, review: str = "") -> None:
        """Start empty; `review` is the IRI of the one that canned queries ask about, if it will hold several."""
        self._store = ox.Store()
        self._apart: tuple[frozenset[str], EmbeddedStore] | None = None
        self.review = review

    def query(self, sparql: str) -> Solutions | bool | str:
        """Answer a SPARQL 1.1 query, over the graphs that it names with FROM, else over all.

        Raises:
            QueryError: the query can't be parsed or evaluated, or names a graph that isn't here.
        """
        graphs = guard.read_own(sparql).graphs
        try:
            for name in graphs:
                if not self._store.contains_named_graph(ox.NamedNode(name)):
                    raise QueryError(f"SPARQL: no graph <{name[:200]}> is here, and none is fetched; mend FROM", name)
            result = self._store.query(sparql, use_default_graph_as_union=not graphs)
            if isinstance(result, ox.QuerySolutions):
                variables = [variable.value for variable in result.variables]
                return Solutions(variables, [tuple(solution) for solution in result])
            if isinstance(result, ox.QueryBoolean):
                return bool(result)
            return str(ox.serialize(result, format=ox.RdfFormat.N_TRIPLES) or b"", "utf-8")
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            raise QueryError(f"SPARQL: {error}; mend the query", sparql) from None

    def apply(self, additions: Iterable[ox.Quad], removals: Iterable[ox.Quad]) -> None:
        """Take quads out and put quads in."""
        self._apart = None
        for quad in removals:
            self._store.remove(quad)
        self._store.extend(additions)

    def load(self, nquads: str | bytes) -> None:
        """Add everything that an N-Quads text holds; it is taken to be well-formed, as `graph.canonical` makes it."""
        self._apart = None
        self._store.bulk_load(nquads, format=ox.RdfFormat.N_QUADS, lenient=True)

    def dump(self) -> Iterator[ox.Quad]:
        """Every quad, in no promised order."""
        return iter(self._store)

    def without(self, graphs: Collection[str]) -> EmbeddedStore:
        """A copy without these graphs; the last one is kept, until this store changes."""
        left, kept = frozenset(graphs), self._apart
        if kept is None or kept[0] != left:
            made = EmbeddedStore(self.review)
            made.load(self._store.dump(format=ox.RdfFormat.N_QUADS) or b"")
            for name in left:
                made._store.remove_graph(ox.NamedNode(name))
            kept = self._apart = left, made
        return kept[1]


def select(store: Store, sparql: str) -> Solutions:
    """Answer a query that must be a SELECT.

    Raises:
        QueryError: it is another form.
    """
    answer = store.query(sparql)
    if not isinstance(answer, Solutions):
        raise QueryError("this must be a SELECT query", sparql)
    return answer
