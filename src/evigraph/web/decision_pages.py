"""Pages by which people decide what waits: pairs of records that may be one, and records whose reviewers differ."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from evigraph import data
from evigraph.errors import CheckFailedError
from evigraph.linking import Revision
from evigraph.linking.sameness import Reason
from evigraph.reports import possible_duplicates, table_formats
from evigraph.updating import Outcome, decided
from evigraph.web.coding_pages import rendered
from evigraph.web.live import Live
from evigraph.web.writers import HEADERS, Writer, posted

STAGES = {"title and abstract": "title-abstract", "retrieval": "retrieval", "full text": "full-text"}
"""The words of the query for stages, each with its code."""
CONFLICTS = "screening-conflicts"
LONGEST_REASON = 2000


async def duplicates(request: Request, live: Live, person: Writer) -> Response:
    """`/coding/duplicates`: are they one publication, or two?"""

    def decide(sent: dict[str, str], reason: Reason) -> Outcome:
        record, other = sent.get("record", ""), sent.get("other", "")
        return decided.pair(live.workspace, sent.get("verdict", ""), record, other, reason, False)

    return await _page(request, live, person, "coding_duplicates.html", _pairs, decide)


async def conflicts(request: Request, live: Live, person: Writer) -> Response:
    """`/coding/conflicts`: what holds of a record about which reviewers differ?"""

    def decide(sent: dict[str, str], reason: Reason) -> Outcome:
        record, stage, verdict = (sent.get(key, "") for key in ("record", "stage", "verdict"))
        return decided.conflict(live.workspace, record, stage, verdict, sent.get("seen", ""), reason, False)

    return await _page(request, live, person, "coding_conflicts.html", _differing, decide)


async def _page(request: Request, live: Live, person: Writer, template: str, listed: Any, decide: Any) -> Response:
    fault, sent = "", {}
    if request.method == "POST":
        sent = dict(await posted(request, live.settings, person))
        reason = Reason(" ".join(sent.get("because", "").split())[:LONGEST_REASON], person.who)
        async with live.writing:
            try:
                outcome = await asyncio.shield(asyncio.to_thread(decide, sent, reason))
            except CheckFailedError as error:  # somebody else decided it
                fault = live.told(str(error))
            await live.look()
        if not fault:
            told = "; ".join(outcome.plan.notes)[:500]
            return RedirectResponse(f"{request.url.path}?done={quote(told or 'Decided.')}", 303, HEADERS)
    values = await asyncio.to_thread(listed, live)
    values |= {"wrong": fault, "done": request.query_params.get("done", "")[:500], "sent": sent}
    return await asyncio.to_thread(rendered, request, template, person, values, 409 if fault else 200)


def _pairs(live: Live) -> dict[str, Any]:
    found = possible_duplicates.pairs(live.now.answer(possible_duplicates.QUERY, {}))
    return {
        "title": "Possible duplicates to decide",
        "pairs": found,
        "waiting": possible_duplicates.waiting(len(found)),
    }


def _differing(live: Live) -> dict[str, Any]:
    table = live.now.answer(CONFLICTS, {})
    rows = [dict(zip(table.columns, map(table_formats.text, row), strict=True)) for row in table.rows]
    revision = Revision(data.read_documents(live.workspace)) if rows else Revision([])
    for row in rows:
        row |= {"seen": decided.seen(revision, row["record"]), "code": STAGES[row["stage"]]}
    return {"title": "Screening conflicts to decide", "rows": rows}
