"""`/duplicates`: the pairs of records that a person has to decide about, side by side."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from evigraph.reports import possible_duplicates
from evigraph.web import media, pages
from evigraph.web.conditional import cached, etag, unchanged
from evigraph.web.live import Snapshot


async def duplicates(request: Request) -> Response:
    """The page; who wants rows is led to the canned query that finds them."""
    snapshot: Snapshot = request.app.state.live.now
    offers = (media.PAGE, *media.TABLES)
    if media.choose(request.headers.get("accept"), offers) not in (media.PAGE, None):
        return RedirectResponse(f"/run/{possible_duplicates.QUERY}", 303, {"Vary": "Accept"})
    tag = etag(snapshot, "duplicates")
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    table = await run_in_threadpool(snapshot.answer, possible_duplicates.QUERY, {})
    found = possible_duplicates.pairs(table)
    values = {
        "title": "Possible duplicates",
        "pairs": found,
        "waiting": possible_duplicates.waiting(len(found)),
        "deciding": snapshot.writing,
        "query": possible_duplicates.QUERY,
    }
    return await pages.rendered(request, "duplicates.html", values, cached(tag))
