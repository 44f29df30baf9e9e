"""`/sparql`: the SPARQL 1.1 Protocol."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from evigraph import ontology
from evigraph.errors import BusyError, QueryError, RefusedError
from evigraph.store.sandbox import evaluation, guard
from evigraph.web import description, media, pages, safety, updating
from evigraph.web.live import Live, Snapshot

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g {} }"
PAGE_ROWS, PAGE_CELLS, PAGE_BYTES = 5_000, 50_000, 4 << 20
"""The most that a page shows; more than that nobody reads, and the other forms take more."""


@dataclass(frozen=True)
class Asked:
    """One operation of the protocol.

    Attributes:
        text: SPARQL. update: it came as an update. default_graphs, named_graphs: the dataset that goes before the
        text's own. syntax: the form that the parameter `format` asks for, which goes before the header.
    """

    text: str
    update: bool = False
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    syntax: str = ""


class MediaTypeError(QueryError):
    """A body of a type that the protocol doesn't know."""

    http_status = 415


class NotAcceptableError(QueryError):
    """A form of answer that there is not."""

    http_status = 406


class GoneError(QueryError):
    """Nobody waits for the answer any more."""

    http_status = 408


async def endpoint(request: Request) -> Response:
    """Answer a query, carry an update out, or describe the service."""
    live: Live = request.app.state.live
    asked = await _asked(request, live)
    if asked is None:
        return description.service(request)
    if asked.update:
        safety.require_writer(request, live.settings)
        return await updating.update(request, live, updating.over(asked.text, asked.default_graphs, asked.named_graphs))
    return await _query(request, live, asked)


async def _asked(request: Request, live: Live) -> Asked | None:
    """What a request asks, or None for a bare GET.

    Raises:
        QueryError: the request isn't one of the protocol.
    """
    address = _pairs(request.scope["query_string"])
    if request.method != "POST":
        if any(name == "update" for name, _ in address):
            raise QueryError("an update is sent by POST, not in an address")
        return _operation(address) if address else None
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = dict(part.strip().lower().partition("=")[::2] for part in parameters.split(";")).get("charset", "utf-8")
    if charset.strip('"') not in {"utf-8", "utf8"}:
        raise MediaTypeError(f"the body is in {charset}; send UTF-8", charset)
    kind = media_type.strip().lower()
    if kind not in {FORM, QUERY, UPDATE}:
        raise MediaTypeError(f"a body of type `{kind[:60]}`; send {QUERY}, {UPDATE} or {FORM}", kind)
    body = await safety.body(request, live.settings)
    if kind == FORM:
        return _operation([*address, *_pairs(body)])
    if any(name in {"query", "update"} for name, _ in address):
        raise QueryError("the text stands in the body and in the address; send it once")
    return _operation([*address, ("query" if kind == QUERY else "update", _utf8(body))])


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    """The pairs of a form.

    Raises:
        QueryError: they aren't UTF-8, or far too many.
    """
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        raise QueryError("the parameters aren't UTF-8 in percent-encoding, or too many") from None


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"byte {error.start} of the body isn't UTF-8; send UTF-8") from None


def _operation(pairs: list[tuple[str, str]]) -> Asked:
    texts = [(name, value) for name, value in pairs if name in {"query", "update"}]
    if len(texts) != 1:
        found = "none" if not texts else str(len(texts))
        raise QueryError(f"a request has one `query`, or one `update`; this has {found}", found)
    prefix = {"query": "", "update": "using-"}[texts[0][0]]
    default = tuple(value for name, value in pairs if name == f"{prefix or 'default-'}graph-uri")
    named = tuple(value for name, value in pairs if name == f"{prefix}named-graph-uri")
    syntax = next((value for name, value in pairs if name == "format"), "")
    return Asked(texts[0][1], texts[0][0] == "update", default, named, syntax)


async def _query(request: Request, live: Live, asked: Asked) -> Response:
    snapshot = live.now
    reading = guard.read(asked.text, live.settings.text, snapshot.base)
    if reading.is_update:
        raise QueryError("this is an update, sent as a query; send it as `update`", reading.form)
    guard.require_allowed(reading, live.settings.services)
    _require_graphs(snapshot, (*asked.default_graphs, *asked.named_graphs, *reading.graphs))
    chosen = _form(request, asked, reading)
    if snapshot.pool is None:
        raise RefusedError("this server takes no free queries; /run/ lists what can be asked")
    work = evaluation.Request(
        asked.text,
        "json" if chosen is media.PAGE else chosen.name,
        live.settings.rows,
        live.settings.cells,
        live.settings.size,
        union=not reading.graphs,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        prefixes={**ontology.prefixes(), "": snapshot.base},
        base=snapshot.base,
    )
    if chosen is media.PAGE:
        least = (min(work.rows, PAGE_ROWS), min(work.cells, PAGE_CELLS), min(work.size, PAGE_BYTES))
        work = replace(work, rows=least[0], cells=least[1], size=least[2])
        if reading.form in {"construct", "describe"}:
            work = replace(work, syntax="turtle")
    body = await _unless_gone(request, _ask(live, work, bool(reading.services), safety.address(request)))
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
    if chosen is media.PAGE:
        return await run_in_threadpool(_page, request, asked, work.syntax, body, headers)
    return Response(body, headers=headers | {"Content-Type": chosen.content_type})


async def _ask(live: Live, work: evaluation.Request, goes_out: bool, who: str) -> bytes:
    """The answer; a snapshot that was just replaced gives its question to the next."""
    try:
        pool = live.now.pool
        return await pool.ask(work, goes_out, who) if pool else b""
    except BusyError:
        if pool is live.now.pool or live.now.pool is None:
            raise
        return await live.now.pool.ask(work, goes_out, who)


async def _unless_gone(request: Request, answer: Coroutine[Any, Any, bytes]) -> bytes:
    """The answer, unless the client goes away first: then its worker is ended, and nobody waits for it.

    Raises:
        GoneError: the client went away.
    """
    asking, leaving = asyncio.ensure_future(answer), asyncio.ensure_future(_gone(request))
    try:
        done, _ = await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if asking not in done:
            raise GoneError("the client went away before there was an answer")
        return asking.result()
    finally:
        asking.cancel()
        leaving.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _form(request: Request, asked: Asked, reading: guard.Reading) -> media.Offer:
    offers = (*(media.GRAPH if reading.form in {"construct", "describe"} else media.RESULTS), media.PAGE)
    # Clients send names of all kinds there, and mean what they say in the header where there is no such form.
    if asked.syntax and (named := media.alias(asked.syntax, offers)):
        return named
    chosen = media.choose(request.headers.get("accept"), offers)
    if chosen is None:
        types = ", ".join(each.types[0] for each in offers)
        raise NotAcceptableError(f"the answer to this query comes as {types}", request.headers.get("accept"))
    return chosen


def _require_graphs(snapshot: Snapshot, names: tuple[str, ...]) -> None:
    """No graph is ever fetched, so one that isn't here is a mistake.

    Raises:
        QueryError: naming it.
    """
    for name in names:
        if name not in snapshot.graphs():
            raise QueryError(
                f"no graph <{name[:200]}> is here, and none is fetched; `{GRAPHS}` lists those that are", name
            )


def _page(request: Request, asked: Asked, syntax: str, body: bytes, headers: dict[str, str]) -> Response:
    values: dict[str, Any] = {"title": "Answer", "text": asked.text, "rows": None, "truth": None, "graph": None}
    graphs = [("default-graph-uri", iri) for iri in asked.default_graphs]
    graphs += [("named-graph-uri", iri) for iri in asked.named_graphs]
    values |= {"variables": [], "graphs": graphs, "dataset": "".join(f"&{urlencode([pair])}" for pair in graphs)}
    if syntax == "turtle":
        values["graph"] = body.decode()
    else:
        answer = json.loads(body)
        values["truth"] = answer.get("boolean")
        values["variables"] = answer["head"].get("vars", [])
        values["rows"] = answer.get("results", {}).get("bindings", [])
    values["formats"] = [each.name for each in (media.GRAPH if syntax == "turtle" else media.RESULTS)]
    return pages.page(request, "sparql.html", values, headers)
