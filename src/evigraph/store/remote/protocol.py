"""The SPARQL 1.1 Protocol and Graph Store Protocol as a client: the one module that knows SPARQLWrapper."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterable
from urllib.parse import quote

import pyoxigraph as ox
from SPARQLWrapper import POST, SPARQLWrapper

from evigraph.errors import QueryError, StoreError
from evigraph.store.embedded import Solutions
from evigraph.store.remote.addresses import Endpoint
from evigraph.store.remote.transport import Answer, send
from evigraph.store.sandbox import guard

BATCH = 500
"""Statements in one `INSERT DATA`; Virtuoso compiles each one and stops at some thousand."""

_RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
}
_GRAPHS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
_ACCEPT = {
    "results": "application/sparql-results+json, application/sparql-results+xml;q=0.5",
    "graph": "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5",
}


def form(sparql: str) -> str:
    """The form of a query: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises:
        QueryError: it is none of these; an update is never sent as a query.
    """
    found = guard.read_own(sparql).form
    if found not in guard.QUERY_FORMS:
        forms = ", ".join(guard.QUERY_FORMS).upper()
        raise QueryError(f"SPARQL: a query begins with {forms}, not with {found.upper() or 'nothing'}", found)
    return found.upper()


def ask(at: Endpoint, sparql: str, dataset: Iterable[tuple[str, str]] = ()) -> Solutions | bool | str:
    """Answer a query over a dataset, given as parameters of the protocol, or over the server's own.

    Raises:
        QueryError: the server can't take the query. StoreError: the server fails, or cuts its answer short.
    """
    asked = form(sparql)
    kind = "graph" if asked in {"CONSTRUCT", "DESCRIBE"} else "results"
    wrapper = _Request(at.query)
    for name, value in dataset:
        wrapper.addParameter(name, value)
    answer = send(at, wrapper.made(sparql, asked, _ACCEPT[kind]))
    try:
        return _graph(answer) if kind == "graph" else _solutions(answer)
    except (SyntaxError, ValueError, KeyError) as error:
        said = f"answers {answer.type}, which isn't what was asked for" if isinstance(error, KeyError) else error
        raise StoreError(f"{at.query}: {said}; is there a SPARQL endpoint?", answer.type) from None


def update(at: Endpoint, sparql: str) -> None:
    """Carry out a SPARQL 1.1 update.

    Raises:
        QueryError: the server can't take it. StoreError: the server fails.
    """
    answer = send(at, _Request(at.update).made(sparql, "INSERT", "*/*"))
    if answer.type == "text/html" and b"<form" in answer.body[:20000].lower():
        raise StoreError(f"{at.update} answers with a page; give the address that takes updates", answer.type)


def put(at: Endpoint, graph: str, lines: list[str], more: bool = False) -> None:
    """Make a named graph of N-Triples lines, or with `more` add them: by the Graph Store Protocol, else by updates.

    Raises:
        QueryError, StoreError: the server can't take it, or fails.
    """
    if at.data:
        address = f"{at.data}{'&' if '?' in at.data else '?'}graph={quote(graph, safe='')}"
        headers = {"Content-Type": "application/n-triples", "Accept": "*/*"}
        body = "".join(f"{line}\n" for line in lines).encode()
        # The scheme is http or https: `endpoint` takes no other.
        send(at, urllib.request.Request(address, body, headers, method="POST" if more else "PUT"))  # noqa: S310
        return
    if not more:
        update(at, f"DROP SILENT GRAPH <{graph}>")
    for start in range(0, len(lines), BATCH):
        text = "\n".join(lines[start : start + BATCH])
        update(at, f"INSERT DATA {{ GRAPH <{graph}> {{\n{text}\n}} }}")


class _Request(SPARQLWrapper):
    """SPARQLWrapper makes the request; `transport` sends it, for here redirects and slow servers have no limits."""

    def made(self, sparql: str, kind: str, accept: str) -> urllib.request.Request:
        """The request for a query or an update; `kind` is its form, which SPARQLWrapper guesses from comments too."""
        self.setMethod(POST)
        self.setOnlyConneg(True)
        self.queryString, self.queryType = sparql, kind
        self.addCustomHttpHeader("Accept", accept)
        return self._createRequest()


def _solutions(answer: Answer) -> Solutions | bool:
    found = ox.parse_query_results(answer.body, format=_RESULTS[answer.type])
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    rows = [tuple(row) for row in found]
    _require_whole(answer, len(rows))
    return Solutions([variable.value for variable in found.variables], rows)


def _graph(answer: Answer) -> str:
    triples = ox.parse(answer.body, format=_GRAPHS[answer.type])
    found = dict.fromkeys(quad.triple for quad in triples)
    _require_whole(answer, len(found))
    return str(ox.serialize(found, format=ox.RdfFormat.N_TRIPLES) or b"", "utf-8")


def _require_whole(answer: Answer, rows: int) -> None:
    """Refuse an answer that Virtuoso cut short, which it says in a header alone."""
    most = answer.headers.get("X-SPARQL-MaxRows", "")
    if most.isdecimal() and rows >= int(most):
        raise StoreError(f"the server cuts answers at {most} rows; raise its limit (Virtuoso: ResultSetMaxRows)", most)
    if answer.headers.get("X-SQL-State"):
        said = answer.headers.get("X-SQL-Message", answer.headers["X-SQL-State"])
        raise StoreError(f"the server answers in part: {said}; raise its limits (Virtuoso: MaxQueryExecutionTime)")
