"""SPARQL Update over HTTP: carried out on a copy, checked, and only then saved to the files."""

from __future__ import annotations

import asyncio
import json

from starlette.requests import Request
from starlette.responses import Response

from evigraph.errors import QueryError, RefusedError
from evigraph.store import IRI
from evigraph.store.sandbox import evaluation, guard
from evigraph.updating import sparql_update
from evigraph.web.live import Live


def over(text: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]) -> str:
    """An update with the dataset that the protocol gives its patterns, written into it as USING.

    Raises:
        QueryError: it has a dataset of its own, a pattern that USING can't go before, or an IRI that is none.
    """
    if not default_graphs and not named_graphs:
        return text
    try:
        clauses = [f"USING {IRI(iri)} " for iri in default_graphs] + [
            f"USING NAMED {IRI(iri)} " for iri in named_graphs
        ]
    except ValueError as error:
        raise QueryError(f"using-graph-uri: {error}; give an absolute IRI") from None
    made, written, depth, before = [], 0, 0, ""
    for token in guard.tokens(text):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0 and token.kind == "word":
            if token.text in {"using", "with"}:
                raise QueryError(f"the update has {token.text.upper()}, and the request using-graph-uri; give one")
            if token.text == "where":
                if before == "delete":
                    raise QueryError("DELETE WHERE takes no using-graph-uri; write DELETE { … } WHERE { … }")
                made += [text[written : token.start], *clauses]
                written = token.start
        before = token.text
    return "".join([*made, text[written:]])


async def update(request: Request, live: Live, text: str) -> Response:
    """Carry an update out on the copy of the graph that a worker of its own has; save what it changes.

    One update at a time: each is checked against the review as the one before left it.

    Raises:
        QueryError: it is no update. RefusedError: it would leave the machine, or there are no workers.
        EvigraphError: it can't be saved; nothing was written.
    """
    reading = guard.read(text, live.settings.text, live.now.base)
    if reading.form in guard.QUERY_FORMS:
        raise QueryError("this is no update; send a query as `query`", reading.form)
    guard.require_allowed(reading)
    async with live.writing:
        await live.look()
        snapshot = live.now
        if live.fault or snapshot.pool is None:
            raise RefusedError(f"no updates at this moment: {live.fault or 'free queries are off'}")
        work = evaluation.Request(text, update=True, size=live.settings.size, base=snapshot.base)
        changed = (await snapshot.pool.ask(work)).decode()
        saved = sparql_update.Saved((), ())
        if changed:
            saved = await asyncio.shield(
                asyncio.to_thread(sparql_update.save, live.workspace, changed, snapshot.fingerprint)
            )
            await live.look()
    whole = {"written": saved.written, "removed": saved.removed}
    if not changed:
        whole["note"] = ("nothing changed; what stands outside of GRAPH means the default graph, which is empty here",)
    return Response(json.dumps(whole) + "\n", 200, media_type="application/json")
