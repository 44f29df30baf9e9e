"""Search over all pages: what can be found, as a script that pages load once somebody searches; and the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from evigraph.site import words
from evigraph.site.shelf import Page, Shelf

ADDRESS = "search.html"
SCRIPT = "assets/search.js"
DOCUMENTS = "assets/search-documents.js"
MOST = 1500
"""A kind of more things than this is named by its list, not one by one, on the page without scripts."""


@dataclass(frozen=True)
class Document:
    """One thing that can be found.

    Attributes:
        kind: what it is, in words. address: its page. title: what it is called. beside: what is shown below that.
        more: what else it is found by.
    """

    kind: str
    address: str
    title: str
    beside: str = ""
    more: str = ""


def documents(shelf: Shelf, pages: Iterable[Page]) -> list[Document]:
    """Every question, code, study, finding, table and figure of a review."""
    evidence, things, known = shelf.evidence, shelf.evidence.things, shelf.addresses.known
    found = []
    for iri in evidence.questions:
        notation = evidence.notation(iri)
        apart = re.sub(r"(?<=[A-Za-z])(?=\d)", " ", notation)  # `RQ 3` is RQ3
        found.append(Document("Question", known(iri), things.label(iri), notation, apart))
    for iri in evidence.codes:
        address = known(iri)
        kind = words.heading(address.partition("/")[0])
        others = "; ".join(things.texts(iri, "skos:altLabel"))
        found.append(Document(kind, address, things.label(iri), things.text(iri, "skos:definition"), others))
    for study in evidence.studies.values():
        titles = "; ".join(report.title for report in study.reports if report.title)
        more = "; ".join(
            part
            for report in study.reports
            for part in (report.authors, report.year, report.container, report.doi)
            if part
        )
        found.append(Document("Study", known(study.iri), study.label, titles, more))
    for each in evidence.findings.values():
        owner = evidence.studies.get(each.study)
        told = " · ".join(
            [*([owner.label] if owner else []), *(evidence.notation(said.question) for said in each.said)]
        )
        more = "; ".join([*(things.label(iri) for iri in (*each.about, *each.concerns)), *each.places])
        found.append(Document("Finding", known(each.iri), each.statement, told, more))
    for page in pages:
        if page.template == "table.html":
            query = page.values["query"]
            found.append(Document("Table", page.path, page.title, query.summary, words.heading(query.name)))
        elif page.template == "figure.html":
            figure = page.values["figure"]
            found.append(Document("Figure", page.path, page.title, figure.sentence, words.heading(figure.name)))
    return found


def script(found: list[Document]) -> bytes:
    """The documents as a script; the kinds are named once, and the index is made in the page."""
    kinds = list(dict.fromkeys(each.kind for each in found))
    rows = [[kinds.index(each.kind), each.address, each.title, each.beside, each.more] for each in found]
    text = json.dumps([kinds, rows], ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"globalThis.evigraphDocuments={text};\n".encode()


def page(found: list[Document], searched: bool) -> Page:
    """The page of a search; without scripts it is an index of what could be found."""
    groups: dict[str, list[Document]] = {}
    for each in found:
        groups.setdefault(words.plural(each.kind), []).append(each)
    lists = {"Findings": "findings.html", "Studies": "studies.html"}
    shown = {name: part if name != "Findings" and len(part) <= MOST else [] for name, part in groups.items()}
    values = {
        "groups": {name: sorted(part, key=lambda each: each.title.casefold()) for name, part in shown.items()},
        "many": {name: len(part) for name, part in groups.items()},
        "lists": lists,
        "searched": searched,
    }
    return Page(ADDRESS, "search.html", "Search" if searched else "Index", values)
