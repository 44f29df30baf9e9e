"""A page and a data document for each thing that the graph names, and for each term of the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from evigraph import graph, ontology, trace
from evigraph.queries import Table
from evigraph.store import IRI, Literal, Term, select
from evigraph.web import media, pages
from evigraph.web.canned import cached, etag, unchanged
from evigraph.web.live import Snapshot
from evigraph.web.protocol import not_acceptable

SHOWN = 200
"""How many of the things that refer to one its page lists; the data document has all."""
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = f"""<{_SKOS}prefLabel>|<http://purl.org/dc/terms/title>|<{ontology.NAMESPACE}statement>|
 <{ontology.NAMESPACE}printed>|<{ontology.NAMESPACE}text>"""
_OUT = f"""SELECT ?p ?o (SAMPLE(?l) AS ?label) {{ ?it ?p ?o OPTIONAL {{ ?o {_LABEL} ?l }} }}
GROUP BY ?p ?o ORDER BY ?p ?o"""
_IN = f"""SELECT ?p ?s (SAMPLE(?l) AS ?label) {{ ?s ?p ?it OPTIONAL {{ ?s {_LABEL} ?l }} }}
GROUP BY ?p ?s ORDER BY ?p ?s"""
_FORMATS = (("ttl", "text/turtle"), ("jsonld", "application/ld+json"), ("rdf", "application/rdf+xml"))


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
    return RedirectResponse(target, 303, {"Vary": "Accept", "Link": _links(plain)})


def _links(plain: str) -> str:
    others = ", ".join(f'</data/{plain}.{suffix}>; rel="alternate"; type="{kind}"' for suffix, kind in _FORMATS)
    return f'</page/{plain}>; rel="alternate"; type="text/html", {others}'


async def data(request: Request) -> Response:
    """What the graph holds on a thing: what it says of it, what refers to it, and all of a study's document."""
    snapshot: Snapshot = request.app.state.live.now
    path = request.path_params["path"]
    stem, dot, suffix = path.rpartition(".")
    chosen = media.offer(suffix, media.GRAPH) if dot else None
    if path == "all.nq":
        return _whole(request, snapshot)
    if chosen is None:
        stem, chosen = path, media.choose(request.headers.get("accept"), media.GRAPH)
    if chosen is None:
        return not_acceptable(request, media.GRAPH)
    iri = _iri(snapshot, stem)
    tag = etag(snapshot, "data", iri, chosen.name)
    plain = quote(iri.removeprefix(snapshot.base), safe="/-._~")
    headers = cached(tag) | {"Link": f'{_links(plain)}, <{iri}>; rel="describes"'}
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    body = await run_in_threadpool(_described, snapshot, iri, chosen.name)
    return Response(body, headers=headers | {"Content-Type": chosen.content_type})


def _whole(request: Request, snapshot: Snapshot) -> Response:
    tag = etag(snapshot, "whole")
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    return Response(snapshot.nquads, headers=cached(tag) | {"Content-Type": "application/n-quads"})


def _described(snapshot: Snapshot, iri: str, syntax: str) -> bytes:
    it = IRI(iri)
    about = snapshot.store.query(f"CONSTRUCT {{ {it} ?p ?o . ?s ?q {it} }} {{ {{ {it} ?p ?o }} UNION {{ ?s ?q {it} }} }}")
    name = iri.removeprefix(snapshot.base)
    name = name.replace("study/", "studies/", 1) if name.startswith("study/") else name
    whole = IRI(graph.graph_iri(snapshot.base, name))
    document = snapshot.store.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {whole} {{ ?s ?p ?o }} }}")
    lines = "".join(sorted(set(f"{about}{document}".splitlines(keepends=True))))
    return media.converted(lines, syntax, {**ontology.prefixes(), "": snapshot.base})


async def page(request: Request) -> Response:
    """The page of a thing: what is said of it, what refers to it, and the findings that rest on it."""
    snapshot: Snapshot = request.app.state.live.now
    iri = _iri(snapshot, request.path_params["path"])
    tag = etag(snapshot, "page", iri)
    plain = quote(iri.removeprefix(snapshot.base), safe="/-._~")
    headers = cached(tag) | {"Link": f'{_links(plain)}, <{iri}>; rel="describes"'}
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    values = await run_in_threadpool(_shown, snapshot, iri)
    formats = [(f"/data/{plain}.{suffix}", suffix) for suffix, _ in _FORMATS]
    return pages.page(request, "thing.html", headers=headers, iri=iri, formats=formats, **values)


def _shown(snapshot: Snapshot, iri: str) -> dict[str, object]:
    def make() -> dict[str, object]:
        out, into = _properties(snapshot, _OUT, iri), _properties(snapshot, _IN, iri)
        kinds = [value for each in out if each.iri == _RDF_TYPE for value in each.values]
        title = next((v.text for name in ("prefLabel", "title", "printed") for v in _of(out, name)), "")
        rest: Table | None = trace.resting_on(snapshot.workspace, snapshot.store, iri)
        if rest and not any(row[0] for row in rest.rows if row[3]):  # no finding among them
            rest = None
        values: dict[str, object] = {"title": title or pages.Links(snapshot.base).short(iri), "kinds": kinds}
        return values | {"out": [e for e in out if e.iri != _RDF_TYPE], "into": into, "rest": rest}

    return snapshot.once(("page", iri), make)


def _of(properties: list[Property], name: str) -> list[Value]:
    return [value for each in properties if each.iri.endswith(("#" + name, "/" + name)) for value in each.values]


def _properties(snapshot: Snapshot, text: str, iri: str) -> list[Property]:
    found: dict[str, list[Value]] = {}
    for prop, value, label in select(snapshot.store, text.replace("?it", str(IRI(iri)))).rows:
        found.setdefault(_text(prop), []).append(_value(value, label))
    labels = vocabulary()
    return [
        Property(name, labels[name].label if name in labels else "", values[:SHOWN], max(0, len(values) - SHOWN))
        for name, values in found.items()
    ]


def _value(value: Term | None, label: Term | None) -> Value:
    if not isinstance(value, IRI):
        return Value("", _text(value))
    declared = vocabulary().get(value.value)
    return Value(value.value, _text(label) or (declared.label if declared else ""))


def _text(term: Term | None) -> str:
    return "" if term is None else term.value


@dataclass(frozen=True)
class Declared:
    """A term of the vocabulary as its file declares it; `facts` are its other statements."""

    iri: str
    name: str
    kind: str
    label: str
    definition: str
    example: str
    source: str


@cache
def vocabulary() -> dict[str, Declared]:
    """Every term of the vocabulary's own namespace by its IRI, in the order of its file."""
    said: dict[str, dict[str, list[str]]] = {}
    for quad in _ontology_quads():
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            said.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object.value)
    found = {}
    for iri, facts in said.items():
        kind = next((k for k in facts.get(_RDF_TYPE, []) if k.startswith("http://www.w3.org/2002/07/owl#")), "")
        if iri.startswith(ontology.NAMESPACE) and kind:
            one = {name: next(iter(facts.get(prop, [])), "") for name, prop in _FACTS.items()}
            found[iri] = Declared(iri, iri.removeprefix(ontology.NAMESPACE), kind.rpartition("#")[2], **one)
    return found


_FACTS = {
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "definition": _SKOS + "definition",
    "example": _SKOS + "example",
    "source": "http://purl.org/dc/terms/source",
}


def _ontology_quads() -> list[ox.Quad]:
    turtle = next(path for path in ontology.files() if path.name == "evigraph.ttl")
    return list(ox.parse(turtle.read_bytes(), format=ox.RdfFormat.TURTLE))


async def terms(request: Request) -> Response:
    """`/ns`: the vocabulary, as a page with a place for each term, or as data."""
    snapshot: Snapshot = request.app.state.live.now
    suffix = request.path_params.get("suffix", "")
    offers = (*media.GRAPH, media.PAGE)
    chosen = media.offer(suffix, offers) if suffix else media.choose(request.headers.get("accept"), offers)
    if chosen is None:
        return not_acceptable(request, offers)
    tag = etag(snapshot, "terms", chosen.name)
    headers = cached(tag) | {"Link": ", ".join(f'</ns.{s}>; rel="alternate"; type="{kind}"' for s, kind in _FORMATS)}
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    if chosen is media.PAGE:
        groups: dict[str, list[Declared]] = {}
        for term in vocabulary().values():
            groups.setdefault(_KINDS.get(term.kind, "Codes"), []).append(term)
        return pages.page(request, "terms.html", headers=headers, title="Vocabulary", groups=groups)
    lines = str(ox.serialize((q.triple for q in _ontology_quads()), format=ox.RdfFormat.N_TRIPLES) or b"", "utf-8")
    body = media.converted(lines, chosen.name, ontology.prefixes())
    return Response(body, headers=headers | {"Content-Type": chosen.content_type})


_KINDS = {
    "Class": "Classes",
    "ObjectProperty": "Properties that lead to a thing",
    "DatatypeProperty": "Properties that hold a value",
    "AnnotationProperty": "Annotations",
}


async def term(request: Request) -> Response:
    """`/ns/Study`: the place of a term in the vocabulary.

    Raises:
        HTTPException: 404, there is no such term.
    """
    name = request.path_params["name"]
    if name not in ontology.declared():
        raise HTTPException(404, "no such term is in the vocabulary; /ns lists all")
    return RedirectResponse(f"/ns#{name}", 303, {"Vary": "Accept"})


async def home(request: Request) -> Response:
    """`/`: what this review is, and what can be asked."""
    snapshot: Snapshot = request.app.state.live.now
    tag = etag(snapshot, "home", str(request.app.state.live.fault))
    if unchanged(request, tag):
        return Response(status_code=304, headers=cached(tag))
    values = await run_in_threadpool(snapshot.once, "home", lambda: _overview(snapshot))
    return pages.page(request, "home.html", headers=cached(tag), title="", fault=request.app.state.live.fault, **values)


def _overview(snapshot: Snapshot) -> dict[str, object]:
    questions = snapshot.answer("questions", {}).rows if "questions" in snapshot.queries else []
    counts = [(label, _counted(snapshot, ontology.term(name)), name) for label, name in _COUNTED.items()]
    studies = select(
        snapshot.store,
        f"SELECT ?s ?l {{ ?s a <{ontology.term('Study')}> OPTIONAL {{ ?s <{_SKOS}prefLabel> ?l }} }} ORDER BY ?l LIMIT 500",
    ).rows
    from evigraph.web.canned import grouped

    concepts = select(snapshot.store, _CONCEPTS).rows
    schemes: dict[str, list[Value]] = {}
    for scheme, concept, label in concepts:
        schemes.setdefault(_text(scheme), []).append(Value(_text(concept), _text(label)))
    return {
        "questions": questions,
        "counts": counts,
        "studies": [Value(_text(s), _text(label)) for s, label in studies],
        "concepts": schemes,
        "groups": grouped(snapshot),
    }


_COUNTED = {"studies": "Study", "reports": "Report", "findings": "Finding", "citations": "Citation"}
_CONCEPTS = f"""SELECT ?scheme ?c ?label {{
  ?c <{_SKOS}inScheme> ?in . ?in <{_SKOS}prefLabel> ?scheme . ?c <{_SKOS}prefLabel> ?label
}} ORDER BY ?scheme ?label"""


def _counted(snapshot: Snapshot, iri: str) -> str:
    # The classes of a finding are two more, each below Finding; a finding is what comes from a study.
    pattern = f"?s a <{iri}>" if not iri.endswith("#Finding") else f"?s <{ontology.term('fromStudy')}> ?x"
    found = select(snapshot.store, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {pattern} }}").rows[0][0]
    return found.value if isinstance(found, Literal) else "0"
