"""A page and a data document for each thing that the graph names."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from evigraph import ontology
from evigraph.data import quads
from evigraph.files import statements
from evigraph.queries import Table, retracted
from evigraph.reports import trace
from evigraph.store import IRI, Term, select
from evigraph.web import making, media, pages, site_pages
from evigraph.web.conditional import cached, etag, unchanged
from evigraph.web.live import Snapshot
from evigraph.web.problems import not_acceptable
from evigraph.web.terms import FORMATS, RDF_TYPE, SKOS, vocabulary

EVERY = "statements"
"""The parameter by which a page shows every statement, where the site has a page for readers."""
SHOWN = 200
"""How many of the things that refer to one its page lists; the data document has all."""
_LABEL = f"""<{SKOS}prefLabel>|<http://purl.org/dc/terms/title>|<{ontology.NAMESPACE}statement>|
 <{ontology.NAMESPACE}printed>|<{ontology.NAMESPACE}text>|<{ontology.NAMESPACE}concept>/<{SKOS}prefLabel>"""
_NUMBER = f"""OPTIONAL {{ ?x <{ontology.NAMESPACE}value> ?number
  OPTIONAL {{ ?x <{ontology.NAMESPACE}unit> ?unit }}
  BIND(CONCAT(REPLACE(STR(?number), "[.]0$", ""), COALESCE(CONCAT(" ", ?unit), "")) AS ?counted) }}"""
"""A value that is a number, as it is written."""
_NAMED = f"""OPTIONAL {{ ?x {_LABEL} ?named }} {_NUMBER} BIND(COALESCE(?named, ?counted) AS ?l)
  OPTIONAL {{ ?x <{ontology.NAMESPACE}attribute> ?a
  OPTIONAL {{ ?x <{ontology.NAMESPACE}state> ?s }} }}"""
_SELECT = "SELECT ?p ?x (MIN(?a) AS ?attribute) (MIN(?l) AS ?label) (MIN(?s) AS ?state)"
_GROUP = "GROUP BY ?p ?x ORDER BY ?p ?attribute ?label ?x"
_OUT = f"{_SELECT} {{ ?it ?p ?x {_NAMED} }} {_GROUP}"
_IN = f"{_SELECT} {{ ?x ?p ?it {_NAMED} }} {_GROUP}"


@dataclass(frozen=True)
class Value:
    """One value of a property: its IRI or its text, and how it is called."""

    iri: str
    text: str


@dataclass(frozen=True)
class Property:
    """A property of a thing with its values; `more` values are not listed."""

    iri: str
    label: str
    values: list[Value]
    more: int = 0


def _iri(snapshot: Snapshot, path: str) -> str:
    """The IRI at a path, if the graph knows it.

    Raises:
        HTTPException: 404, it doesn't.
    """
    try:
        iri = IRI(snapshot.base + quote(path, safe="/:@!$&'()*+,;=-._~%"))
        known = snapshot.store.query(f"ASK {{ {{ {iri} ?p ?o }} UNION {{ ?s ?p {iri} }} }}")
    except ValueError:
        known = False
    if not known:
        raise HTTPException(404, "nothing of that name is in this review; / shows what there is")
    return iri.value


async def thing(request: Request) -> Response:
    """The address of a thing itself, which no document is: see its page, or its data."""
    snapshot: Snapshot = request.app.state.live.now
    path = request.path_params["path"]
    iri = _iri(snapshot, path)
    chosen = media.choose(request.headers.get("accept"), (*media.GRAPH, media.PAGE))
    if chosen is None:
        return not_acceptable(request, (*media.GRAPH, media.PAGE))
    plain = quote(iri.removeprefix(snapshot.base), safe="/-._~")
    suffix = {name: suffix for suffix, name in media.SUFFIXES.items()}.get(chosen.name)
    target = f"/page/{plain}" if chosen is media.PAGE else f"/data/{plain}.{suffix}"
    return RedirectResponse(target, 303, {"Vary": "Accept", "Link": links(plain)})


def links(plain: str) -> str:
    """The `Link` header of a thing: its page and its data."""
    others = ", ".join(f'</data/{plain}.{suffix}>; rel="alternate"; type="{kind}"' for suffix, kind in FORMATS)
    return f'</page/{plain}>; rel="alternate"; type="text/html", {others}'


async def data(request: Request) -> Response:
    """What the graph holds on a thing: what it says of it, what refers to it, and all of a study's document."""
    snapshot: Snapshot = request.app.state.live.now
    path = request.path_params["path"]
    stem, dot, suffix = path.rpartition(".")
    chosen = media.offer(suffix, media.GRAPH) if dot else None
    if path == "all.nq":
        return _whole(request, snapshot)
    if suffix == "csv":
        return await site_pages.file(request, f"data/{path}")
    if chosen is None:
        stem, chosen = path, media.choose(request.headers.get("accept"), media.GRAPH)
    if chosen is None:
        return not_acceptable(request, media.GRAPH)
    iri = _iri(snapshot, stem)
    tag = etag(snapshot, "data", iri, chosen.name)
    plain = quote(iri.removeprefix(snapshot.base), safe="/-._~")
    headers = cached(tag) | {"Link": f'{links(plain)}, <{iri}>; rel="describes"'}
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    body = await run_in_threadpool(_described, snapshot, iri, chosen.name)
    return Response(body, headers=headers | {"Content-Type": chosen.content_type})


def _whole(request: Request, snapshot: Snapshot) -> Response:
    tag = etag(snapshot, "whole")
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    return Response(snapshot.nquads + snapshot.front, headers=cached(tag) | {"Content-Type": "application/n-quads"})


def _described(snapshot: Snapshot, iri: str, syntax: str) -> bytes:
    it = IRI(iri)
    about = snapshot.store.query(
        f"CONSTRUCT {{ {it} ?p ?o . ?s ?q {it} }} {{ {{ {it} ?p ?o }} UNION {{ ?s ?q {it} }} }}"
    )
    name = iri.removeprefix(snapshot.base)
    name = name.replace("study/", "studies/", 1) if name.startswith("study/") else name
    whole = IRI(quads.graph_iri(snapshot.base, name))
    document = snapshot.store.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {whole} {{ ?s ?p ?o }} }}")
    lines = "".join(f"{line}\n" for line in sorted(set(statements.lines(f"{about}{document}"))))
    if syntax == "jsonld":
        return json.dumps(quads.compacted(lines, snapshot.base), ensure_ascii=False, indent=2).encode() + b"\n"
    return media.converted(lines, syntax, {**ontology.prefixes(), "": snapshot.base})


async def page(request: Request) -> Response:
    """The page of a thing: where the site has it, or every statement: what is said of it, and what refers to it."""
    snapshot: Snapshot = request.app.state.live.now
    iri = _iri(snapshot, request.path_params["path"])
    plain = quote(iri.removeprefix(snapshot.base), safe="/-._~")
    if EVERY not in request.query_params and (there := (await making.site_of(snapshot)).known(iri)):
        return RedirectResponse(
            "/" + quote(there, safe="/-._~"), 303, {"Link": f'{links(plain)}, <{iri}>; rel="describes"'}
        )
    tag = etag(snapshot, "page", iri)
    headers = cached(tag) | {"Link": f'{links(plain)}, <{iri}>; rel="describes"'}
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    values = await run_in_threadpool(_shown, snapshot, iri)
    formats = [(f"/data/{plain}.{suffix}", suffix) for suffix, _ in FORMATS]
    return await pages.rendered(request, "thing.html", {**values, "iri": iri, "formats": formats}, headers)


def _shown(snapshot: Snapshot, iri: str) -> dict[str, object]:
    def make() -> dict[str, object]:
        out, into = _properties(snapshot, _OUT, iri), _properties(snapshot, _IN, iri)
        kinds = [value for each in out if each.iri == RDF_TYPE for value in each.values]
        title = next((v.text for name in ("prefLabel", "title", "printed") for v in _of(out, name)), "")
        rest: Table | None = trace.resting_on(snapshot.workspace, snapshot.store, iri)
        if rest and not any(row[0] for row in rest.rows if row[3]):  # no finding among them
            rest = None
        values: dict[str, object] = {"title": title or pages.Links(snapshot.base).short(iri), "kinds": kinds}
        every = snapshot.once("retracted", lambda: retracted.studies(snapshot.store))
        mine = [iri, *(value.iri for value in _of(out, "fromStudy")), *(value.iri for value in _of(into, "report"))]
        values["retracted"] = [(each, every[each]) for each in mine if each in every]
        return values | {"out": [e for e in out if e.iri != RDF_TYPE], "into": into, "rest": rest}

    return snapshot.once(("page", iri), make)


def _of(properties: list[Property], name: str) -> list[Value]:
    return [value for each in properties if each.iri.endswith(("#" + name, "/" + name)) for value in each.values]


def _properties(snapshot: Snapshot, pattern: str, iri: str) -> list[Property]:
    found: dict[str, list[Value]] = {}
    for prop, value, *said in select(snapshot.store, pattern.replace("?it", str(IRI(iri)))).rows:
        name = text(prop)
        found.setdefault(name, []).append(_resolved(name, _value(value, *said)))
    return [
        Property(name, _called(name), values[:SHOWN], max(0, len(values) - SHOWN)) for name, values in found.items()
    ]


_RESOLVERS = {
    "doi": "https://doi.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "eric": "https://eric.ed.gov/?id=",
    "openAlex": "https://openalex.org/",
}
"""Where an identifier leads, by its property in the vocabulary."""


def _resolved(name: str, value: Value) -> Value:
    """An identifier as a link to the publication; any other value as it is."""
    resolver = _RESOLVERS.get(name.removeprefix(ontology.NAMESPACE)) if name.startswith(ontology.NAMESPACE) else None
    return Value(resolver + quote(value.text, safe="/:;().-_"), value.text) if resolver and not value.iri else value


def _called(iri: str) -> str:
    """What a property is called: by the vocabulary, else by its key in documents."""
    if iri in vocabulary():
        return vocabulary()[iri].label
    key = next((key.name for key in ontology.keys().values() if key.iri == iri and not key.many), "")
    return re.sub(r"([A-Z])", r" \1", key).lower()


def _value(value: Term | None, attribute: Term | None, label: Term | None, state: Term | None) -> Value:
    """A value as it is shown; a characteristic says of what it is one, and whether the text tells it at all."""
    if not isinstance(value, IRI):
        return Value("", text(value))
    called = text(label) or _declared(value)
    return Value(value.value, f"{text(attribute)}: {called or _declared(state)}" if attribute else called)


def _declared(term: Term | None) -> str:
    found = vocabulary().get(text(term))
    return found.label if found else ""


def text(term: Term | None) -> str:
    """A term as plain text."""
    return "" if term is None else term.value
