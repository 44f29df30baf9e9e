"""The pages of the site, served: made when somebody asks for one, from the graph as it is at that moment."""

from __future__ import annotations

import hashlib
import mimetypes
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from evigraph.reports import possible_duplicates
from evigraph.site import served
from evigraph.site.served import HOME, Served
from evigraph.web import pages
from evigraph.web.conditional import cached, unchanged
from evigraph.web.live import Snapshot
from evigraph.web.making import made, site_of

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""What a page of the site may load: its own scripts too, which search, narrow and sort lists."""
INSTEAD = {
    "figures.html": "/figures/",
    "tables.html": "/run/",
    "questions.html": "/",
    "findings.html": "/studies.html",
    "sparql.html": "/sparql",
}
"""Where a page leads that the site of this review hasn't; and SPARQL, which a server answers itself."""
OTHERS = {"style.css": "/assets/site.css", "figures.css": "/assets/site.css", "icon.svg": "/assets/icon.svg"}
"""Where the files are that version 0.1 had below `/static/`."""


async def home(request: Request) -> Response:
    """`/`: the first page."""
    return await respond(request, await site_of(request.app.state.live.now), HOME)


async def page(request: Request) -> Response:
    """`/studies.html`, `/study/doe-2023.html`: a page of the site.

    Raises:
        HTTPException: 404, there is no such page.
    """
    path = f"{request.path_params['path']}.html"
    site = await site_of(request.app.state.live.now)
    if path == "sparql.html" or (path in INSTEAD and path not in site.pages):
        return RedirectResponse(INSTEAD[path], 303)
    if path not in site.pages:
        raise HTTPException(404)
    return await respond(request, site, path)


async def respond(request: Request, site: Served, path: str, headers: dict[str, str] | None = None) -> Response:
    """A page of the site, or that it hasn't changed; its tag is of its content, and so outlives a change elsewhere."""
    snapshot: Snapshot = request.app.state.live.now
    told = pages.warnings(snapshot)
    if path == HOME and (waiting := await run_in_threadpool(_waiting, snapshot)):
        told = [*told, waiting]
    body = await run_in_threadpool(snapshot.once, ("site", path, *told), lambda: site.html(path, told))
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    whole = cached(tag) | {"Content-Security-Policy": POLICY} | (headers or {})
    if unchanged(request, tag):
        return Response(status_code=304, headers=whole)
    return Response(body, 200, whole, "text/html")


def _waiting(snapshot: Snapshot) -> str:
    """The pairs of records that wait to be decided, with the way there."""
    if possible_duplicates.QUERY not in snapshot.queries:
        return ""
    number = len(snapshot.answer(possible_duplicates.QUERY, {}).rows)
    return pages.decisions(possible_duplicates.waiting(number)) if number else ""


async def asset(request: Request) -> Response:
    """`/assets/site.css`: the styles and scripts of pages; those of every review without waiting for its site."""
    path = f"assets/{request.path_params['name']}"
    if path in served.loaded():
        return _file(request, path, served.loaded()[path])
    return await file(request, path)


async def file(request: Request, path: str) -> Response:
    """A file of the site that is no page, such as the rows of a table.

    Raises:
        HTTPException: 404, there is no such file.
    """
    site = await site_of(request.app.state.live.now)
    if path not in site.files:
        raise HTTPException(404)
    return _file(request, path, site.files[path])


def _file(request: Request, path: str, content: bytes) -> Response:
    tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    return Response(content, 200, cached(tag), mimetypes.guess_type(path)[0] or "application/octet-stream")


async def moved(request: Request) -> Response:
    """`/static/style.css`: where the file is now."""
    return RedirectResponse(OTHERS[request.url.path.rpartition("/")[2]], 308)


async def alike(snapshot: Snapshot, path: str) -> list[tuple[str, str]]:
    """Pages that somebody may have meant who asked for one that isn't there; none until the site is made."""
    site = made(snapshot)
    found = await run_in_threadpool(site.alike, path) if site else []
    return [(title, "/" + quote(there, safe="/-._~")) for title, there in found]
