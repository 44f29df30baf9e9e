"""SPARQL Update over HTTP: carried out on a copy, checked, and only then saved to the files."""

from __future__ import annotations

import asyncio
import json

from starlette.requests import Request
from starlette.responses import Response

from evigraph import guard, updating
from evigraph.errors import QueryError, RefusedError
from evigraph.isolation import evaluation
from evigraph.web.live import Live


async def update(request: Request, live: Live, text: str) -> Response:
    """Carry an update out on the copy of the graph that a worker of its own has; save what it changes.

    One update at a time: each is checked against the review as the one before left it.

    Raises:
        QueryError: it is no update. RefusedError: it would leave the machine, or there are no workers.
        EvigraphError: it can't be saved; nothing was written.
    """
    reading = guard.read(text, live.settings.text)
    if not reading.is_update:
        raise QueryError("this is no update; send a query as `query`", reading.form)
    guard.require_allowed(reading)
    async with live.writing:
        await live.look()
        snapshot = live.now
        if live.fault or snapshot.pool is None:
            raise RefusedError(f"no updates at this moment: {live.fault or 'free queries are off'}")
        work = evaluation.Request(text, update=True, size=live.settings.size)
        changed = (await snapshot.pool.ask(work)).decode()
        saved = updating.Saved((), ())
        if changed:
            saved = await asyncio.shield(
                asyncio.to_thread(updating.save, live.workspace, changed, snapshot.fingerprint)
            )
            await live.look()
    whole = {"written": saved.written, "removed": saved.removed}
    if not changed:
        whole["note"] = ("nothing changed; what stands outside of GRAPH means the default graph, which is empty here",)
    return Response(json.dumps(whole) + "\n", 200, media_type="application/json")
