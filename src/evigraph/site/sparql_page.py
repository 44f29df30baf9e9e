"""The page that answers SPARQL where it lies: an engine, the graph and the named queries as scripts, for later."""

from __future__ import annotations

import base64
import gzip
import json
import re

from markupsafe import Markup

from evigraph import ontology, queries
from evigraph.paths import Workspace
from evigraph.queries import Query, build
from evigraph.site.shelf import POLICY, Page, Shelf

ADDRESS = "sparql.html"
SCRIPT = "assets/sparql.js"
DATA, QUERIES = "assets/sparql-data.js", "assets/sparql-queries.js"
ENGINE_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'; worker-src blob:")
"""What this page may load beyond others: WebAssembly of its own folder, in a worker that it makes itself."""
GROUPS = {
    "tables": "Tables of the review",
    "figures": "Figures of the review",
    "answers": "Answers to its questions",
    "counts": "Counts and lists",
    "checks": "Checks",
    "audit": "What the text says otherwise elsewhere",
}
EXAMPLE = """# How many studies have a statement on each question?
SELECT ?question (COUNT(DISTINCT ?study) AS ?studies) WHERE {
  ?finding evi:fromStudy ?study ; evi:answers/skos:prefLabel ?question .
}
GROUP BY ?question
ORDER BY DESC(?studies)
"""


def named(workspace: Workspace) -> list[Query]:
    """The named queries that this review can be asked without an argument: its own, and those of every review."""
    found = [query for query in queries.load_all(workspace) if not any(param.required for param in query.params)]
    return sorted(found, key=lambda query: (list(GROUPS).index(query.folder), query.name))


def text(query: Query) -> str:
    """A named query as the page asks it: of the one review that the page has, without its header."""
    asked = queries.sparql(query, {}, "?review")
    return re.sub(r"(?m)^#\+.*\n", "", asked).strip() + "\n"


def page(shelf: Shelf, asked: list[Query]) -> Page:
    """The page, with the named queries as a menu."""
    groups: dict[str, list[Query]] = {}
    for query in asked:
        groups.setdefault(GROUPS[query.folder], []).append(query)
    policy = Markup(ENGINE_POLICY)  # noqa: S704 - ours; its quotation marks needn't be escaped
    values = {"groups": groups, "policy": policy, "base": shelf.addresses.base}
    return Page(ADDRESS, "sparql.html", "Ask SPARQL", values)


def scripts(workspace: Workspace, asked: list[Query]) -> dict[str, bytes]:
    """The graph and the texts of the queries, packed, as scripts that the page loads when they are needed."""
    graph = build.nquads(workspace)
    told = {"queries": {query.name: text(query) for query in asked}, "prefixes": ontology.prefixes(), "first": EXAMPLE}
    lists = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    return {DATA: _script("evigraphGraph", graph), QUERIES: _script("evigraphQueries", lists)}


def _script(name: str, content: bytes) -> bytes:
    packed = base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()
    return f'globalThis.{name}="{packed}";\n'.encode()
