"""What went wrong, as a problem document (RFC 9457) or a page."""

from __future__ import annotations

import json
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from evigraph.errors import EvigraphError, TimeLimitError
from evigraph.web import media, pages, site_pages

PROBLEM = media.Offer("problem", ("application/problem+json", "application/json"))


def problem(
    request: Request,
    status: int,
    detail: str,
    headers: dict[str, str] | None = None,
    alike: list[tuple[str, str]] | None = None,
) -> Response:
    """A problem as its reader likes it: a page for a browser, else JSON."""
    title = HTTPStatus(status).phrase
    kept = {**(headers or {}), "Vary": "Accept", "Cache-Control": "no-store"}
    if status in {429, 503, 504}:
        kept.setdefault("Retry-After", "5")
    liked = media.choose(request.headers.get("accept"), (PROBLEM, media.PAGE))
    if liked is media.PAGE:
        asked = request.query_params.get("query", "") if request.url.path.startswith("/sparql") else ""
        values = {"title": title, "status": status, "detail": detail, "asked": asked, "alike": alike or []}
        return pages.page(request, "problem.html", values, kept, status)
    whole = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request.url.path}
    text = json.dumps(whole, ensure_ascii=False) + "\n"
    return Response(text, status, kept, "application/problem+json")


async def of_error(request: Request, error: Exception) -> Response:
    """Our own errors carry their status."""
    if not isinstance(error, EvigraphError):
        raise error
    status = error.http_status
    if isinstance(error, TimeLimitError):
        return problem(request, status, str(error), {"Retry-After": "60"})
    return problem(request, status, request.app.state.live.told(str(error)))


async def of_http(request: Request, error: Exception) -> Response:
    """What Starlette refuses: no such path, no such method."""
    if not isinstance(error, HTTPException):
        raise error
    details = {404: "nothing is here; / shows what there is", 405: "not with this method"}
    detail = details.get(error.status_code, error.detail)
    snapshot = request.app.state.live.now
    alike = await site_pages.alike(snapshot, request.url.path) if error.status_code == 404 else []
    return problem(request, error.status_code, detail, dict(error.headers or {}), alike)


async def of_fault(request: Request, _error: Exception) -> Response:
    """A fault of ours; what it was is in the server's log, not in the answer."""
    return problem(request, 500, "the server failed on this request; its log has the details")


def not_acceptable(request: Request, offers: tuple[media.Offer, ...]) -> Response:
    """What there is instead."""
    return problem(request, 406, f"this comes as {', '.join(each.types[0] for each in offers)}", {"Vary": "Accept"})
