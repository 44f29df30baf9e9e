"""`/query/NAME`: a canned query by its IRI: what it is, its text, or its page."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from evigraph import export, ontology
from evigraph.web import asking, canned, media
from evigraph.web.conditional import cached, etag, unchanged
from evigraph.web.live import Snapshot
from evigraph.web.problems import not_acceptable

TEXT = media.Offer("rq", ("application/sparql-query",))
OFFERS = (*media.GRAPH, TEXT, media.PAGE)


async def question(request: Request) -> Response:
    """A machine gets the description or the text of the query, a person its answer.

    Raises:
        NotFoundError: there is no such query.
    """
    snapshot: Snapshot = request.app.state.live.now
    name, suffix = canned.split(request.path_params["name"], OFFERS)
    query = asking.named(snapshot, name)
    chosen = media.offer(suffix, OFFERS) if suffix else media.choose(request.headers.get("accept"), OFFERS)
    if chosen is None:
        return not_acceptable(request, OFFERS)
    if chosen is media.PAGE:
        return RedirectResponse(f"/run/{name}", 303, {"Vary": "Accept"})
    tag = etag(snapshot, "query", name, chosen.name)
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    headers = cached(tag) | {"Content-Type": chosen.content_type, "Link": f'</run/{name}>; rel="alternate"'}
    if chosen.name == TEXT.name:
        return Response(export.query_graph.text(query), headers=headers)
    triples = export.query_graph.of_query(query, snapshot.base)
    lines = str(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"", "utf-8")
    prefixes = {**export.description.PREFIXES, **ontology.prefixes()}
    return Response(media.converted(lines, chosen.name, prefixes), headers=headers)
