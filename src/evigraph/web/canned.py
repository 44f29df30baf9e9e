"""`/run/` and `/trace/`: canned queries as resources; none ever waits for a free query."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from evigraph import queries
from evigraph.errors import NotFoundError
from evigraph.queries import Query, Table
from evigraph.reports import table_formats, trace
from evigraph.web import drawings, inferring, media, pages
from evigraph.web.asking import arguments_of, named, traceable
from evigraph.web.conditional import cached, etag, unchanged
from evigraph.web.live import Live, Snapshot
from evigraph.web.problems import not_acceptable

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
HEADINGS = {
    "tables": "Tables of the paper",
    "figures": "Figures of the paper",
    "answers": "Answers to its questions",
    "counts": "Counts and lists",
    "checks": "Checks",
    "audit": "Audit of the paper",
}


def split(name: str, offers: tuple[media.Offer, ...]) -> tuple[str, str]:
    """`table-3.csv` as `table-3` and `csv`; only a suffix that is one counts."""
    stem, dot, suffix = name.rpartition(".")
    known = dot and media.offer(suffix, offers) is not None
    return (stem, suffix) if known else (name, "")


async def listing(request: Request) -> Response:
    """`/run/`: every canned query."""
    live: Live = request.app.state.live
    offers = (media.Offer("json", ("application/json",)), media.PAGE)
    chosen = media.choose(request.headers.get("accept"), offers)
    if chosen is None:
        return not_acceptable(request, offers)
    tag = etag(live.now, "listing", chosen.name)
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    found = live.now.queries.values()
    if chosen is media.PAGE:
        values = {"title": "What can be asked", "groups": grouped(live.now)}
        return await pages.rendered(request, "queries.html", values, cached(tag))
    return Response(json.dumps([_as_json(q) for q in found], ensure_ascii=False), 200, cached(tag), "application/json")


def grouped(snapshot: Snapshot) -> dict[str, list[Query]]:
    """The canned queries under their headings."""
    found: dict[str, list[Query]] = {}
    for query in snapshot.queries.values():
        found.setdefault(HEADINGS.get(query.folder, query.folder.capitalize()), []).append(query)
    return found


def _as_json(query: Query) -> dict[str, Any]:
    params = [{"name": p.name, "type": p.type, "default": p.default, "enum": p.enumeration} for p in query.takes]
    about = {"name": query.name, "summary": query.summary, "columns": query.columns, "href": f"/run/{query.name}"}
    return {**about, "folder": query.folder, "reproduces": query.reproduces, "params": params}


async def run(request: Request) -> Response:
    """`/run/NAME` and `/run/NAME.csv`: the rows of a canned query.

    Raises:
        UsageError: it doesn't take the arguments. NotFoundError: there is no such query.
    """
    snapshot = request.app.state.live.now
    offers = (*media.TABLES, media.PAGE)
    name, suffix = split(request.path_params["name"], offers)
    query = named(snapshot, name)
    arguments, inferred = inferring.taken(arguments_of(request))
    chosen = media.offer(suffix, offers) if suffix else media.choose(request.headers.get("accept"), offers)
    if chosen is None:
        return not_acceptable(request, offers)
    text = queries.sparql(query, arguments)
    if queries.retracted.left_out(arguments):
        text = "# Asked of all documents but those of retracted studies.\n" + text
    if inferred:
        text = "# Asked of what a reasoner infers, too.\n" + text
    tag = etag(snapshot, "run", text, chosen.name)
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    if chosen.name == "rq":
        return Response(text, headers=cached(tag) | {"Content-Type": chosen.content_type})
    headers = cached(tag) | {"Content-Type": chosen.content_type}
    if chosen is not media.PAGE:
        links = (f'</run/{name}.{each.name}>; rel="alternate"; type="{each.types[0]}"' for each in OTHERS)
        headers["Link"] = ", ".join(links)
    key = ("body", tag)
    body = snapshot.kept(key)
    if body is None:
        body = await run_in_threadpool(snapshot.once, key, lambda: _body(request, snapshot, query, chosen))
    return Response(body, headers=headers)


def _body(request: Request, snapshot: Snapshot, query: Query, chosen: media.Offer) -> bytes:
    """The rows of a query in one form."""
    given = arguments_of(request)
    arguments, inferred = inferring.taken(given)
    store = inferring.store(snapshot, inferred)
    table = snapshot.answer(query.name, arguments, store)
    if chosen.name == "ttl":
        return as_turtle(table)
    if chosen is not media.PAGE:
        made = table_formats.FORMATS[chosen.name](table)
        return made.encode() if isinstance(made, str) else made
    values = {
        "title": pages.heading(query.name),
        "query": query,
        "group": HEADINGS.get(query.folder, query.folder),
        "table": table,
        "traceable": traceable(snapshot, query, arguments, table, store),
        "text": queries.sparql(query, arguments),
        "given": arguments,
        "suffix": f"?{urlencode(given)}" if given else "",
        "formats": [each.name for each in media.TABLES],
        "figures": drawings.above(snapshot, query.name, arguments),
    }
    return bytes(pages.page(request, "run.html", values).body)


def _row(written: str) -> int:
    """The number of a row, from the address.

    Raises:
        NotFoundError: it is none that a table could have.
    """
    if not re.fullmatch(r"[0-9]{1,9}", written):
        raise NotFoundError(f"`{written[:40]}` is no number of a row; rows are counted from 1", written)
    return int(written)


async def evidence(request: Request) -> Response:
    """`/trace/NAME/ROW`: the findings behind a row, as a page or as rows.

    Raises:
        UsageError: there is no such query or row, or it rests on no record that could be named.
    """
    snapshot = request.app.state.live.now
    name, row = request.path_params["name"], _row(request.path_params["row"])
    query = named(snapshot, name)
    given = arguments_of(request)
    arguments, inferred = inferring.taken(given)
    offers = (*media.TABLES[:6], media.PAGE)
    chosen = media.choose(request.headers.get("accept"), offers)
    if chosen is None:
        return not_acceptable(request, offers)
    tag = etag(snapshot, "trace", name, str(row), json.dumps(sorted(given.items())), chosen.name)
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    store = await run_in_threadpool(inferring.store, snapshot, inferred)
    found = await run_in_threadpool(trace.trace, snapshot.workspace, store, name, row, "", arguments)
    if chosen is not media.PAGE:
        body = await run_in_threadpool(table_formats.FORMATS[chosen.name], found)
        return Response(body, headers=cached(tag) | {"Content-Type": chosen.content_type})
    cells = snapshot.answer(name, arguments, store).rows[row - 1]
    values = {"title": f"Row {row}", "query": query, "number": row, "row": cells, "table": found}
    values["suffix"] = f"?{urlencode(given)}" if given else ""
    return await pages.rendered(request, "trace.html", values, cached(tag))


OTHERS = media.TABLES[:4]


def as_turtle(table: Table) -> bytes:
    """Rows in the W3C's vocabulary of result sets, with their order."""
    node, whole = ox.NamedNode, ox.BlankNode()
    triples = [ox.Triple(whole, node(RS + "resultVariable"), ox.Literal(column)) for column in table.columns]
    for i, row in enumerate(table.rows):
        solution = ox.BlankNode()
        triples.append(ox.Triple(whole, node(RS + "solution"), solution))
        triples.append(ox.Triple(solution, node(RS + "index"), ox.Literal(i + 1)))
        for column, cell in zip(table.columns, row, strict=True):
            if cell is not None:
                binding = ox.BlankNode()
                triples.append(ox.Triple(solution, node(RS + "binding"), binding))
                triples.append(ox.Triple(binding, node(RS + "variable"), ox.Literal(column)))
                triples.append(ox.Triple(binding, node(RS + "value"), ox.Literal(cell)))
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={"rs": RS}) or b""
