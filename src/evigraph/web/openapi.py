"""An OpenAPI description of everything that can be asked, made from the headers of the queries."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from evigraph import __version__
from evigraph.figures import catalogue
from evigraph.queries import Param, Query
from evigraph.web import inferring, media
from evigraph.web.canned import HEADINGS
from evigraph.web.conditional import cached, etag, unchanged
from evigraph.web.live import Live, Snapshot

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_TYPES = {"integer": {"type": "integer"}, "iri": {"type": "string", "format": "iri"}}


async def document(request: Request) -> Response:
    """`/openapi.json`."""
    live: Live = request.app.state.live
    tag = etag(live.now, "openapi")
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    return JSONResponse(described(live.now, bool(live.settings.token)), headers=cached(tag))


def described(snapshot: Snapshot, writable: bool) -> dict[str, Any]:
    """OpenAPI 3.1."""
    paths: dict[str, Any] = {"/sparql": _sparql(writable)}
    for query in snapshot.queries.values():
        paths[f"/run/{query.name}"] = {"get": _canned(query)}
        paths[f"/run/{query.name}.{{format}}"] = {"get": _canned(query, by_suffix=True)}
    paths |= {f"/figures/{name}.svg": {"get": _figure(name)} for name in catalogue.FIGURES}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": str(snapshot.review.get("title", "A review")),
            "description": str(snapshot.review.get("description", "")),
            "version": __version__,
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _SCHEMA},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


_SCHEMA = {
    "type": "object",
    "description": "A problem document (RFC 9457)",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
    },
}


def _canned(query: Query, by_suffix: bool = False) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [*(_parameter(param) for param in query.takes), inferring.PARAMETER]
    if by_suffix:
        suffixes = [each.name for each in (*media.TABLES, media.PAGE)]
        about = {"name": "format", "in": "path", "required": True}
        parameters.insert(0, {**about, "schema": {"type": "string", "enum": suffixes}})
    names = [each.types[0] for each in (*media.TABLES, media.PAGE)]
    content: dict[str, Any] = {name: {"schema": {"type": "string"}} for name in names}
    content["application/json"] = {"schema": {"type": "array", "items": _row(query)}}
    return {
        "operationId": query.name + ("-as" if by_suffix else ""),
        "summary": query.summary,
        "description": query.description or query.summary,
        "tags": [HEADINGS.get(query.folder, query.folder)],
        "parameters": parameters,
        "responses": {
            "200": {"description": "Every row", "content": content},
            "304": {"description": "The same as what If-None-Match names"},
            "400": {"description": "An argument that the query doesn't take", "content": _PROBLEM},
            "409": {"description": "The records are inconsistent, and inferences are asked for", "content": _PROBLEM},
            "501": {"description": "Inferences are asked for, and there is no Java", "content": _PROBLEM},
        },
    }


def _row(query: Query) -> dict[str, Any]:
    cell = {"type": ["string", "number", "null"]}
    return {"type": "object", "properties": dict.fromkeys(query.columns, cell)}


def _parameter(param: Param) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_TYPES.get(param.type, {"type": "string"}))
    if not param.required:
        schema["default"] = int(param.default) if param.type == "integer" else param.default
    if param.enumeration:
        every = param.of_codebook and not param.required
        schema["enum"] = [*([""] if every else []), *param.enumeration]
    about = {"name": param.name, "in": "query", "required": param.required, "schema": schema}
    return {**about, "description": param.description} if param.description else about


def _figure(name: str) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    narrow = {"name": "narrow", "in": "query", "schema": {"type": "string", "enum": ["no", "yes"], "default": "no"}}
    given = [{"name": each, "in": "query", **text} for each in (*catalogue.FIGURES[name].arguments, catalogue.WITHOUT)]
    return {
        "operationId": f"figure-{name}",
        "summary": catalogue.FIGURES[name].summary,
        "tags": ["Figures"],
        "parameters": [narrow, *given],
        "responses": {
            "200": {"description": "The drawing", "content": {"image/svg+xml": text}},
            "400": {"description": "It would mislead, or doesn't take the arguments", "content": _PROBLEM},
        },
    }


def _sparql(writable: bool) -> dict[str, Any]:
    types = dict.fromkeys(each.types[0] for each in (*media.RESULTS, *media.GRAPH))
    whole = {"description": "The whole answer", "content": {name: {"schema": {"type": "string"}} for name in types}}
    errors = {400: "Malformed", 403: "Refused", 406: "No such form", 422: "Too large", 503: "Busy", 504: "Too slow"}
    responses: dict[str, Any] = {"200": whole} | {
        str(n): {"description": t, "content": _PROBLEM} for n, t in errors.items()
    }
    names = ("default-graph-uri", "named-graph-uri")
    several = {"type": "array", "items": {"type": "string", "format": "iri"}}
    graphs = [{"name": name, "in": "query", "schema": several, "explode": True} for name in names]
    text = {"name": "query", "in": "query", "required": False, "schema": {"type": "string"}}
    bodies: dict[str, Any] = {"application/sparql-query": {"schema": {"type": "string"}}}
    if writable:
        bodies["application/sparql-update"] = {"schema": {"type": "string"}}
    shared = {"summary": "SPARQL 1.1 Protocol", "tags": ["SPARQL"], "responses": responses}
    get = {**shared, "operationId": "sparql-get", "parameters": [text, *graphs]}
    post: dict[str, Any] = {**shared, "operationId": "sparql-post", "parameters": graphs}
    post["requestBody"] = {"required": True, "content": bodies}
    if writable:
        post["security"] = [{}, {"token": []}]
    return {"get": get, "post": post}
