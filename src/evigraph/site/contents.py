"""What is in a site: its pages, in the order of reading, and its other files by name."""

from __future__ import annotations

import gzip
from typing import Any

from evigraph import data, export
from evigraph.figures import style_sheet
from evigraph.paths import Workspace
from evigraph.queries import Table, retracted
from evigraph.queries import build as graph
from evigraph.reports import table_formats
from evigraph.site import (
    lists,
    of_changes,
    of_figures,
    of_maps,
    of_tables,
    of_the_review,
    of_things,
    search,
    sparql_page,
    vendor,
)
from evigraph.site.addresses import Addresses
from evigraph.site.evidence import Evidence
from evigraph.site.shelf import FOLDER, Page, Shelf
from evigraph.site.things import Things
from evigraph.store import Store

AT_HOME = ("gap-map-1", "by-year")
"""The figures of the first page."""


def contents(workspace: Workspace, base_url: str = "", since: str = "") -> tuple[Shelf, list[Page], dict[str, bytes]]:
    """The pages of a review's site, and its other files by name; `since` is an earlier version to tell the news from.

    Raises:
        DataError: a document can't be taken as it stands. UsageError: there is no such version.
    """
    store = graph.open_store(workspace)
    review = data.read_document(workspace.review / "review.yaml", "review").content
    shelf, pages, others = of_store(workspace, store, review, base_url, since)
    documents = data.read_documents(workspace)
    others["data/review.nq.gz"] = gzip.compress(_bytes(export.export(documents, "nquads")), 9, mtime=0)
    others["data/review.ttl.gz"] = gzip.compress(_bytes(export.export(documents, "turtle")), 9, mtime=0)
    if shelf.searched:
        asked = sparql_page.named(workspace)
        pages.append(sparql_page.page(shelf, asked))
        others |= sparql_page.scripts(workspace, asked)
    if base_url:
        others["sitemap.xml"] = _sitemap(shelf, pages)
    return shelf, pages, others


def of_store(
    workspace: Workspace, store: Store, review: dict[str, Any], base_url: str = "", since: str = ""
) -> tuple[Shelf, list[Page], dict[str, bytes]]:
    """The same of a graph as it stands in a store; `review` is its `review.yaml`.

    What a server answers itself is left out: the whole graph as files, and SPARQL.

    Raises:
        UsageError: there is no such version.
    """
    things = Things(store, str(review.get("language") or ""))
    evidence = Evidence(things)
    known = retracted.studies(store)
    shelf = Shelf(review, evidence, Addresses(str(review["base"])), base_url, searched=vendor.built(), retracted=known)
    for iri in (*evidence.questions, *evidence.studies, *evidence.findings, *evidence.codes):
        shelf.addresses.give(iri)
    tables = of_tables.answered(workspace, store) + of_tables.by_attribute(workspace, store, things)
    tables = [each.lead(shelf.addresses) for each in tables]
    ask = of_figures.asking(workspace, store)
    maps = of_maps.every(workspace, ask, shelf, [each for each in tables if each.attribute])
    figures = {f"{of_maps.FIGURE}-{number}": each.figure for number, each in enumerate(maps, 1)}
    figures |= of_figures.every(workspace, ask, tables)
    news = of_changes.since(workspace, since) if since else None
    pages = [*_pages(shelf, tables, figures, news), *(cell for each in maps for cell in each.cells)]
    found = search.documents(shelf, pages)
    pages.append(search.page(found, shelf.searched))
    others = assets(shelf.searched) | _data(shelf, tables, pages)
    if news and (feed := of_changes.feed(shelf, news)):
        others["feed.xml"], shelf.fed = feed, True
    if shelf.searched:
        others |= vendor.assets() | {search.DOCUMENTS: search.script(found)}
    others |= {each.svg: each.file for each in figures.values()}
    return shelf, pages, others


def _pages(
    shelf: Shelf,
    tables: list[of_tables.Answered],
    figures: dict[str, of_figures.Drawn],
    news: of_changes.Since | None,
) -> list[Page]:
    evidence = shelf.evidence
    found_studies, found_findings = lists.studies(shelf), lists.findings(shelf)
    flow = next((each.address for each in tables if each.query.name in {"prisma-2020", "flow"}), "")
    flow = f"figure-{figures['prisma'].name}.html" if "prisma" in figures else flow
    check = next((each.address for each in tables if each.query.name == "discrepancies"), "")
    blocks = {
        "How the studies were found": flow,
        "Where the text disagrees with itself": check,
        "Tables and counts": "tables.html" if tables else "",
    }
    shelf.menu = _menu(shelf, bool(figures), bool(tables), bool(news))
    if not evidence.findings:
        found_findings = []
    likes = [(each.title, each.address, len(each.known)) for each in tables if each.attribute]
    pages = [
        of_the_review.home(shelf, [figures[name] for name in AT_HOME if name in figures], blocks, likes),
        of_the_review.about(shelf, blocks),
    ]
    if evidence.questions:
        lines = [of_the_review.question_line(evidence, iri) for iri in evidence.questions]
        pages.append(Page("questions.html", "questions.html", "Questions", {"lines": lines}))
    pages += [*found_studies, *found_findings, *map(of_figures.page, figures.values())]
    if news:
        pages.append(of_changes.page(shelf, news))
    if figures:
        pages.append(Page("figures.html", "figures.html", "Figures", {"figures": list(figures.values())}))
    pages += [of_things.question(shelf, iri) for iri in evidence.questions]
    pages += [of_things.study(shelf, each) for each in evidence.studies.values()]
    pages += [of_things.finding(shelf, each) for each in evidence.findings.values()]
    pages += [of_things.code(shelf, iri) for iri in evidence.codes]
    groups: dict[str, list[of_tables.Answered]] = {}
    for each in tables:
        heading = ATTRIBUTES if each.attribute else _HEADINGS.get(each.query.folder, each.query.folder)
        groups.setdefault(heading, []).append(each)
    if tables:
        pages.append(Page("tables.html", "tables.html", "Tables and counts", {"groups": groups}))
    for each in tables:
        pages += [of_tables.page(each), *of_tables.evidence_pages(shelf, each)]
    pages.append(Page("data.html", "data.html", "For data people", {"tables": tables}))
    return pages


def _menu(shelf: Shelf, figures: bool, tables: bool, news: bool) -> list[tuple[str, str]]:
    """The pages of the header, as far as the review has them."""
    evidence = shelf.evidence
    entries = (
        (("Questions", "questions.html"), evidence.questions),
        (("Studies", "studies.html"), True),
        (("Findings", "findings.html"), evidence.findings),
        (("Figures", "figures.html"), figures),
        (("Tables", "tables.html"), tables),
        (("What\u2019s new", "new.html"), news),
        (("About", "about.html"), True),
        (("Search" if shelf.searched else "Index", search.ADDRESS), True),
    )
    return [entry for entry, there in entries if there]


ATTRIBUTES = "What the studies are like"
_HEADINGS = {"tables": "Tables of the review", "figures": "Figures of the review", "counts": "Counts and lists"}


def _data(shelf: Shelf, tables: list[of_tables.Answered], pages: list[Page]) -> dict[str, bytes]:
    """What one can take along: the rows of every table and list as CSV."""
    found = {each.file: table_formats.as_csv(each.table).encode() for each in tables}
    for slug in ("studies", "findings"):
        own = [page for page in pages if page.template == "list.html" and page.values["slug"] == slug]
        if own:
            found[f"assets/{slug}.js"] = lists.script(slug, own).encode()
            columns = tuple(name.lower() for name, _ in own[0].values["columns"])
            rows: list[tuple[Any, ...]] = [row.cells for page in own for row in page.values["rows"]]
            found[f"data/{slug}.csv"] = table_formats.as_csv(Table(slug, columns, rows)).encode()
    return found


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _sitemap(shelf: Shelf, pages: list[Page]) -> bytes:
    """The addresses of all pages, as search engines read them (sitemaps.org)."""
    from xml.sax.saxutils import escape

    lines = "".join(f"<url><loc>{escape(shelf.base_url + page.path)}</loc></url>\n" for page in pages)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{lines}</urlset>\n".encode()


def assets(searched: bool) -> dict[str, bytes]:
    """The styles and scripts that pages of every review load."""
    found = {f"assets/{path.name}": path.read_bytes() for path in sorted((FOLDER / "assets").iterdir())}
    if not searched:
        del found[search.SCRIPT], found[sparql_page.SCRIPT]
    found["assets/site.css"] += b"\n/* Figures. */\n" + style_sheet().encode()
    return found
