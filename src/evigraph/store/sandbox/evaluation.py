"""One query on one store, whole and within limits, or not at all."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

if TYPE_CHECKING:
    from typing_extensions import Buffer

RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@dataclass(frozen=True)
class Request:
    """What a worker is asked.

    Attributes:
        text: SPARQL. syntax: a key of `RESULTS` or `GRAPHS`. rows, cells, size: how many rows or triples, cells, which
        are rows by columns, and bytes the answer may have. union: without a dataset, the default graph is the union of
        all graphs.
        default_graphs, named_graphs: the dataset, if the protocol gives one; it goes before the query's own.
        update: it is an update; the answer is then what it changes, and the store of the worker is spoilt.
        base: what relative IRIs of the text are resolved against, if it names no base itself.
    """

    text: str
    syntax: str = "json"
    rows: int = 100_000
    cells: int = 2_000_000
    size: int = 32 << 20
    union: bool = True
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    update: bool = False
    prefixes: dict[str, str] = field(default_factory=dict)
    base: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it goes over the pipe."""
        return asdict(self)


class TooLargeError(Exception):
    """The answer has more rows, cells or bytes than allowed; the text says which."""


class _Bounded(io.BytesIO):
    """A file that refuses to grow: bytes, lines, of which each is a row, and cells, which end in a tab or a line."""

    def __init__(self, size: int, rows: int | None = None, cells: int | None = None) -> None:
        super().__init__()
        self._size, self._rows, self._lines = size, rows, 0
        self._cells, self._tabs = cells, 0

    def write(self, part: Buffer, /) -> int:
        part = bytes(part)
        self._size -= len(part)
        if self._size < 0:
            raise TooLargeError("bytes")
        if self._rows is not None:
            self._lines += part.count(b"\n")
            if self._lines > self._rows:
                raise TooLargeError("rows")
        if self._cells is not None:
            self._tabs += part.count(b"\t")
            if self._tabs + self._lines > self._cells:
                raise TooLargeError("cells")
        return super().write(part)


def evaluate(store: ox.Store, request: Request) -> bytes:
    """The whole answer in the syntax asked for.

    Rows are counted in TSV and N-Triples, where each is one line; the engine's own reader and writer then make the
    other syntaxes of them.

    Raises:
        TooLargeError: it has more rows, cells or bytes than the request allows.
        SyntaxError, ValueError, OSError, RuntimeError: the engine can't parse or evaluate the query.
    """
    if request.update:
        return changed_graphs(store, request)
    given = request.default_graphs or request.named_graphs
    dataset: dict[str, Any] = {"use_default_graph_as_union": request.union and not given}
    dataset["base_iri"] = request.base or None
    if given:
        dataset["default_graph"] = [ox.NamedNode(iri) for iri in request.default_graphs]
        dataset["named_graphs"] = [ox.NamedNode(iri) for iri in request.named_graphs]
    result = store.query(request.text, **dataset)
    out = _Bounded(request.size)
    if isinstance(result, ox.QueryBoolean):
        result.serialize(out, format=RESULTS[request.syntax])
    elif isinstance(result, ox.QuerySolutions):
        _write_rows(result, out, request)
    else:
        _write_triples(result, out, request)
    return out.getvalue()


def _write_rows(result: ox.QuerySolutions, out: _Bounded, request: Request) -> None:
    names = len(result.variables)
    lines = _Bounded(request.size, request.rows + 1, request.cells + max(names, 1))  # the first line has the names
    result.serialize(lines, format=ox.QueryResultsFormat.TSV)
    if request.syntax == "tsv":
        out.write(lines.getvalue())
        return
    again = ox.parse_query_results(lines.getvalue(), format=ox.QueryResultsFormat.TSV)
    again.serialize(out, format=RESULTS[request.syntax])


def _write_triples(result: ox.QueryTriples, out: _Bounded, request: Request) -> None:
    lines = _Bounded(request.size, request.rows)
    result.serialize(lines, format=ox.RdfFormat.N_TRIPLES)
    if request.syntax == "ntriples":
        out.write(lines.getvalue())
        return
    again = ox.parse(lines.getvalue(), format=ox.RdfFormat.N_TRIPLES)
    syntax = GRAPHS[request.syntax]
    prefixes = {} if syntax == ox.RdfFormat.RDF_XML else request.prefixes
    ox.serialize((quad.triple for quad in again), out, format=syntax, prefixes=prefixes)


def changed_graphs(store: ox.Store, request: Request) -> bytes:
    """Carry an update out and give the N-Quads of each graph that it changes, whole, as it then stands.

    A graph that is empty then stands as a comment line: `# <iri>`.
    """
    before = _by_graph(store)
    store.update(request.text, base_iri=request.base or None)
    after = _by_graph(store)
    out = _Bounded(request.size)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            lines = sorted(after.get(name, ()))
            out.write(("".join(lines) or f"# {name}\n").encode())
    return out.getvalue()


def _by_graph(store: ox.Store) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for quad in store:
        found.setdefault(str(quad.graph_name), set()).add(f"{quad} .\n")
    return found
