"""Pages, and what their templates may call. No page needs a script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup, escape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse

from evigraph import ontology
from evigraph.reports import table_formats
from evigraph.site import templating, vendor

if TYPE_CHECKING:
    from jinja2 import Environment

    from evigraph.web.live import Snapshot

FOLDER = Path(__file__).parent
_LINK = re.compile(r"https?://[^\s<>\"'{}|\\^`\x00-\x1f]+\Z")


@cache
def environment() -> Environment:
    """The templates, with what they may call."""
    return templating.environment(
        FOLDER / "templates",
        templating.FOLDER,
        plain=table_formats.text,
        coded=coded,
        zip=zip,
        heading=heading,
        examples=EXAMPLES,
    )


def page(
    request: Request,
    template: str,
    values: dict[str, Any],
    headers: dict[str, str] | None = None,
    status_code: int = 200,
) -> HTMLResponse:
    """A page from its template, of the review that the server shows now."""
    snapshot = request.app.state.live.now
    links = Links(snapshot.base)
    title = str(values.get("title") or "")
    about = {
        "review": snapshot.review,
        "site": snapshot.once("frame", lambda: _frame(snapshot)),
        "page": Own(request.url.path, title),
        "policy": "",  # what a page may load and do is said in its headers
        "canonical": "",
        "warnings": warnings(snapshot),
        "link": _below,
        "to": links.link,
        "href": links.href,
        "term": links.term,
    }
    return HTMLResponse(environment().get_template(template).render(**about, **values), status_code, headers)


@dataclass(frozen=True)
class Frame:
    """What stands around the server's own pages; `site.shelf.Shelf` has the same names."""

    title: str
    menu: list[tuple[str, str]]
    served: tuple[tuple[str, str], ...]
    fed: bool = False
    searched: bool = False  # no page of the server's own has a script; the menu leads to the search


@dataclass(frozen=True)
class Own:
    """A page of the server's own, for what stands around it."""

    path: str
    title: str
    data: tuple[tuple[str, str], ...] = ()


BESIDES = (
    ("Queries", "/run/"),
    ("SPARQL", "/sparql"),
    ("Vocabulary", "/ns"),
    ("Answers drawn", "/figures/"),
    ("The whole graph", "/data/all.nq"),
    ("OpenAPI", "/openapi.json"),
    ("VoID", "/.well-known/void"),
)
"""What a server has besides the pages of the site."""
CODING = ("Code studies", "/coding/")
"""What it has too if it takes changes."""


def besides(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """What this server has besides the pages of the site, as names and addresses."""
    return (*BESIDES, CODING) if snapshot.writing else BESIDES


def _frame(snapshot: Snapshot) -> Frame:
    """The header and footer, without waiting until the site is made."""
    of = ontology.term
    asked = {f"<{of(name)}>" for name in ("Question", "ResearchQuestion", "Goal")}
    has = {
        "Questions": f"ASK {{ VALUES ?c {{ {' '.join(sorted(asked))} }} ?q a ?c }}",
        "Findings": f"ASK {{ ?f <{of('fromStudy')}> ?s }}",
    }
    names = ("Questions", "Studies", "Findings", "Figures", "Tables", "About", "Search" if vendor.built() else "Index")
    there = {"Index": "search.html"}  # one page, which is called Index where it has no script to search with
    menu = [(n, there.get(n, f"{n.lower()}.html")) for n in names if n not in has or snapshot.store.query(has[n])]
    return Frame(str(snapshot.review.get("title") or "") or "A review", menu, besides(snapshot))


def warnings(snapshot: Snapshot) -> list[str]:
    """What has to be said on every page."""
    stale = "The files have changed and can't be read as they stand, so this is their last good state"
    return [f"{stale}: {snapshot.fault}"] if snapshot.fault else []


def decisions(waiting: str) -> Markup:
    """What waits to be decided, as a link to where it is shown."""
    return Markup('<a href="/duplicates">{}.</a>').format(waiting)


def _below(there: str) -> str:
    """The address of a page of the site, from the top of the server."""
    return "/" if there == "index.html" else "/" + quote(there, safe="/-._~#")


async def rendered(
    request: Request, template: str, values: dict[str, Any], headers: dict[str, str] | None = None
) -> HTMLResponse:
    """A page, made beside the event loop, so that nobody else waits for a large one."""
    return await run_in_threadpool(page, request, template, values, headers)


def coded(text: str) -> Markup:
    """Prose with its `words in backticks` as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def heading(column: str) -> str:
    """A column's name as a person writes it."""
    return column.replace("-", " ").replace("_", " ").capitalize()


@dataclass(frozen=True)
class Links:
    """Where the IRIs of a review lead; `base` is what its own begin with."""

    base: str

    def href(self, iri: str) -> str:
        """Our own page of an IRI, or its place on the web; for any scheme but http and https, nowhere."""
        if iri.startswith(self.base) and len(iri) > len(self.base):
            return "/page/" + quote(iri[len(self.base) :], safe="/-._~")
        if iri.startswith(ontology.NAMESPACE):
            return "/ns" + iri.removeprefix(ontology.NAMESPACE[:-1])
        return iri if _LINK.match(iri) else ""

    def link(self, iri: str, text: str = "") -> Markup:
        """An IRI with its text as a link, or only its text where no link may be."""
        target, shown = self.href(iri), text or self.short(iri)
        if not target:
            return escape(shown)
        outside = Markup(' rel="nofollow noopener noreferrer"') if target == iri else Markup()
        return Markup('<a href="{}"{}>{}</a>').format(target, outside, shown)

    def short(self, iri: str) -> str:
        """An IRI as people like to read it."""
        if iri.startswith(self.base) and len(iri) > len(self.base):
            return iri[len(self.base) :]
        for prefix, namespace in ontology.prefixes().items():
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def term(self, value: dict[str, Any] | None) -> Markup:
        """A term of SPARQL's JSON as a cell."""
        if value is None:
            return Markup()
        if value["type"] == "uri":
            return self.link(value["value"])
        if value["type"] == "triple":
            parts = (self.term(value["value"][key]) for key in ("subject", "predicate", "object"))
            return Markup("«{} {} {}»").format(*parts)
        return escape(value["value"])


EXAMPLES = {
    "Studies by number of findings": """PREFIX evi: <https://w3id.org/evigraph/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?study ?label (COUNT(DISTINCT ?finding) AS ?findings) WHERE {
  ?finding evi:fromStudy ?study .
  ?study skos:prefLabel ?label .
}
GROUP BY ?study ?label
ORDER BY DESC(?findings) ?label""",
    "What the graph is made of": """SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) WHERE { ?thing a ?class }
GROUP BY ?class
ORDER BY DESC(?things)""",
}
