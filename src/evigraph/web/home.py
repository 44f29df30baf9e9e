"""The first page: what this review is, and what can be asked."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from evigraph import ontology
from evigraph.reports import possible_duplicates
from evigraph.store import Literal, select
from evigraph.web import drawings, pages
from evigraph.web.canned import grouped
from evigraph.web.conditional import cached, etag, unchanged
from evigraph.web.live import Snapshot
from evigraph.web.resources import Value, text
from evigraph.web.terms import SKOS


async def home(request: Request) -> Response:
    """`/`: what this review is, and what can be asked."""
    snapshot: Snapshot = request.app.state.live.now
    tag = etag(snapshot, "home")
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    values = await run_in_threadpool(snapshot.once, "home", lambda: _overview(snapshot))
    values = {**values, "title": ""}
    return await pages.rendered(request, "home.html", values, cached(tag))


def _overview(snapshot: Snapshot) -> dict[str, object]:
    questions = snapshot.answer("questions", {}).rows if "questions" in snapshot.queries else []
    counts = [(label, _counted(snapshot, f"?s a <{ontology.term(name)}>")) for label, name in _COUNTED.items()]
    # The classes of a finding are two more, each below Finding; a finding is what comes from a study.
    counts.append(("findings", _counted(snapshot, f"?s <{ontology.term('fromStudy')}> ?x")))
    if unlisted := _counted(snapshot, f"?s <{ontology.term('listing')}> <{ontology.term('not-listed')}>"):
        # Two numbers, since a review counts the studies that it lists.
        counts[:1] = [("studies listed", counts[0][1] - unlisted), ("only cited", unlisted)]
    studies = select(snapshot.store, _STUDIES).rows
    concepts = select(snapshot.store, _CONCEPTS).rows
    schemes: dict[str, list[Value]] = {}
    for scheme, concept, label in concepts:
        schemes.setdefault(text(scheme), []).append(Value(text(concept), text(label)))
    asked = possible_duplicates.QUERY
    waiting = len(snapshot.answer(asked, {}).rows) if asked in snapshot.queries else 0
    return {
        "waiting": possible_duplicates.waiting(waiting) if waiting else "",
        "questions": questions,
        "counts": counts,
        "studies": [Value(text(s), text(label)) for s, label in studies],
        "concepts": schemes,
        "groups": grouped(snapshot),
        "figures": drawings.some(snapshot, drawings.AT_HOME, {}),
    }


_STUDIES = f"""SELECT ?s ?l {{
  ?s a <{ontology.NAMESPACE}Study> OPTIONAL {{ ?s <{SKOS}prefLabel> ?l }}
}} ORDER BY ?l ?s LIMIT 500"""
_COUNTED = {"studies": "Study", "reports": "Report", "citations": "Citation"}
_CONCEPTS = f"""SELECT ?scheme ?c ?label {{
  ?c <{SKOS}inScheme> ?in . ?in <{SKOS}prefLabel> ?scheme . ?c <{SKOS}prefLabel> ?label
}} ORDER BY ?scheme ?label"""


def _counted(snapshot: Snapshot, pattern: str) -> int:
    found = select(snapshot.store, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {pattern} }}").rows[0][0]
    return int(found.value) if isinstance(found, Literal) else 0
