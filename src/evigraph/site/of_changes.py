"""What is new since an earlier version: the page that says it, and a feed."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from evigraph import data
from evigraph.data import Document, quads, versions
from evigraph.paths import Workspace
from evigraph.queries.answers import State
from evigraph.reports import differences
from evigraph.site import words
from evigraph.site.evidence import Evidence
from evigraph.site.shelf import Page, Shelf
from evigraph.site.things import Things
from evigraph.store import EmbeddedStore

KINDS = {"Study": "study", "Finding": "finding", "Synthesis": "conclusion", "Result": "result", "Record": "record"}
"""The types of records whose coming and going is listed, with the nouns that readers know."""


@dataclass(frozen=True)
class Since:
    """What differs from an earlier version.

    Attributes:
        name: of the version. changes: of records. answers: the rows of canned queries that differ. before: the earlier
        version's evidence. late: a line for each query that gave no answer in time.
    """

    name: str
    changes: list[differences.Change]
    answers: list[differences.RowChange]
    before: Evidence
    late: tuple[str, ...] = ()


def since(workspace: Workspace, name: str) -> Since:
    """What differs between a version and the files as they stand; a version is what `evigraph diff` takes.

    Raises:
        UsageError: there is no such version. DataError: it can't be read.
    """
    old, new = versions.version(workspace, name), data.read_documents(workspace)
    changes = differences.diff(differences.records(old), differences.records(new))
    late: list[str] = []
    first = State(workspace, old)
    rows = differences.answers(workspace, first, State(workspace, new, first), late) if changes else []
    return Since(name, changes, rows, _evidence(old), tuple(late))


def _evidence(documents: list[Document]) -> Evidence:
    store = EmbeddedStore()
    store.load(quads.canonical(quads.to_quads(documents, data.base(documents))))
    return Evidence(Things(store))


def page(shelf: Shelf, found: Since) -> Page:
    """`new.html`: what came, what went, what was changed, and which answers follow."""
    values = {
        "since": found.name,
        "said": said(found),
        "came": _whole(shelf, found, "added"),
        "went": _whole(shelf, found, "removed"),
        "changed": _parts(shelf, found),
        "questions": moved(shelf, found),
        "answers": _answers(found),
        "late": found.late,
    }
    return Page("new.html", "new.html", f"What is new since {found.name}", values)


def moved(shelf: Shelf, found: Since) -> list[tuple[str, int, int]]:
    """The questions to which more or fewer studies speak: IRI, how many did, how many do."""
    questions = []
    for iri in shelf.evidence.questions:
        was = len(found.before.speaking(iri)) if iri in found.before.questions else 0
        now = len(shelf.evidence.speaking(iri))
        if was != now:
            questions.append((iri, was, now))
    return questions


def said(found: Since) -> str:
    """The changes in a line: `2 studies added, 5 findings added; 3 tables and answers differ`."""
    parts = []
    for kind, noun in KINDS.items():
        for way in ("added", "removed"):
            number = sum(each.type == kind and each.kind == way for each in found.changes)
            if number:
                parts.append(f"{words.counted(number, noun)} {way}")
    differing = len({row.query for row in found.answers})
    if differing:
        parts.append(f"{words.counted(differing, 'table or answer differs', 'tables and answers differ')}")
    return ", ".join(parts) or ("only details changed" if found.changes else "nothing changed")


def _whole(shelf: Shelf, found: Since, way: str) -> dict[str, list[tuple[str, str]]]:
    """Whole records that came or went, by their nouns: IRI and what each is called."""
    made: dict[str, list[tuple[str, str]]] = {}
    for each in found.changes:
        if each.kind == way and each.type in KINDS:
            content = each.new or each.old or {}
            text = str(content.get("statement") or content.get("label") or content.get("title") or each.record)
            made.setdefault(KINDS[each.type], []).append((shelf.addresses.base + each.record, text))
    return made


def _parts(shelf: Shelf, found: Since) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Records of which a part was changed: IRI, what it is called, and each part with its old and new value."""
    made = []
    parts = [each for each in found.changes if each.key and each.document != "outline"]
    for record, group in itertools.groupby(parts, key=lambda each: each.record):
        iri = shelf.addresses.base + record
        lines = [(words.heading(each.key), _text(each.old), _text(each.new)) for each in group]
        made.append((iri, shelf.evidence.things.label(iri), lines))
    return made


def _text(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _answers(found: Since) -> list[tuple[str, list[tuple[str, str]]]]:
    """The rows that differ, by query: a sign and the cells of each."""
    made = []
    for query, group in itertools.groupby(found.answers, key=lambda row: row.query):
        lines = [(row.sign, " · ".join(str(cell) for cell in row.row if cell not in (None, ""))) for row in group]
        made.append((query, lines))
    return made


def feed(shelf: Shelf, found: Since) -> bytes:
    """The news as an Atom feed (RFC 4287), dated by the latest coding or search; empty where nothing is dated."""
    things = shelf.evidence.things
    dates = [things.text(iri, "prov:endedAtTime") for kind in ("Coding", "Search") for iri in things.are(kind)]
    latest = max((date[:10] for date in dates if date), default="")
    if not latest or not shelf.base_url:
        return b""
    version = str(shelf.review.get("version") or "")
    identity = f"{shelf.addresses.base}new/{version or latest}"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{escape(shelf.addresses.base)}</id>",
        f"<title>{escape(shelf.title)}</title>",
        f"<updated>{latest}T00:00:00Z</updated>",
        f"<author><name>{escape(str(shelf.review.get('creator') or shelf.title))}</name></author>",
        f'<link rel="self" href={quoteattr(shelf.base_url + "feed.xml")}/>',
        "<entry>",
        f"<id>{escape(identity)}</id>",
        f"<title>{escape(f'New since {found.name}: {said(found)}')}</title>",
        f"<updated>{latest}T00:00:00Z</updated>",
        f"<link href={quoteattr(shelf.base_url + 'new.html')}/>",
        f"<summary>{escape(said(found))}</summary>",
        "</entry>",
        "</feed>",
    ]
    return "".join(f"{line}\n" for line in lines).encode()
