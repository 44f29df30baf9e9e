"""`/ask/`: answer sheets of questions and goals."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from evigraph.errors import NotFoundError, UsageError
from evigraph.queries import retracted
from evigraph.reports import answer_sheet
from evigraph.web import media, pages
from evigraph.web.asking import arguments_of
from evigraph.web.canned import split
from evigraph.web.conditional import cached, etag, unchanged
from evigraph.web.problems import not_acceptable

SHEETS = (
    media.Offer("json", ("application/json",)),
    media.Offer("md", ("text/markdown",)),
    media.Offer("table", ("text/plain",)),
    media.PAGE,
)


async def sheet(request: Request) -> Response:
    """`/ask/RQ1`: the answer sheet of a question or goal; `?without-retracted=yes` leaves retracted studies out.

    Raises:
        UsageError: the review has no such question.
    """
    snapshot = request.app.state.live.now
    name, suffix = split(request.path_params["name"], SHEETS)
    chosen = media.offer(suffix, SHEETS) if suffix else media.choose(request.headers.get("accept"), SHEETS)
    if chosen is None:
        return not_acceptable(request, SHEETS)
    arguments = arguments_of(request)
    tag = etag(snapshot, "ask", name, chosen.name, str(retracted.left_out(arguments)))
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    try:
        store = await run_in_threadpool(retracted.of_arguments, snapshot.store, arguments)
        made = await run_in_threadpool(answer_sheet.sheet, snapshot.workspace, store, name)
    except UsageError as error:
        raise NotFoundError(str(error), name) from None
    if chosen is media.PAGE:
        values = {"title": made.notation, "sheet": made, "name": name}
        return await pages.rendered(request, "sheet.html", values, cached(tag))
    return Response(
        answer_sheet.FORMATS[chosen.name](made), headers=cached(tag) | {"Content-Type": chosen.content_type}
    )
