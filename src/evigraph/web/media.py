"""Media types, and which of them a client likes best (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from evigraph.store.sandbox.evaluation import GRAPHS

HTML = "text/html"


@dataclass(frozen=True)
class Offer:
    """A form that an answer comes in: its name, which is the suffix of its address too, and its media types."""

    name: str
    types: tuple[str, ...]

    @property
    def content_type(self) -> str:
        """What the answer says of itself; text is UTF-8."""
        return f"{self.types[0]}; charset=utf-8" if self.types[0].startswith("text/") else self.types[0]


RESULTS = (
    Offer("json", ("application/sparql-results+json", "application/json")),
    Offer("xml", ("application/sparql-results+xml", "application/xml", "text/xml")),
    Offer("csv", ("text/csv",)),
    Offer("tsv", ("text/tab-separated-values",)),
)
GRAPH = (
    Offer("turtle", ("text/turtle", "application/x-turtle")),
    Offer("ntriples", ("application/n-triples", "text/plain")),
    Offer("rdfxml", ("application/rdf+xml", "application/xml", "text/xml")),
    Offer("jsonld", ("application/ld+json", "application/json")),
)
PAGE = Offer("html", (HTML, "application/xhtml+xml"))
TABLES = (
    Offer("json", ("application/json",)),
    Offer("csv", ("text/csv",)),
    Offer("tsv", ("text/tab-separated-values",)),
    Offer("md", ("text/markdown",)),
    Offer("latex", ("application/x-latex",)),
    Offer("table", ("text/plain",)),
    Offer("ttl", ("text/turtle",)),
    Offer("rq", ("application/sparql-query",)),
)
SUFFIXES = {"ttl": "turtle", "nt": "ntriples", "rdf": "rdfxml", "jsonld": "jsonld"}
"""The suffixes of graphs, as files usually have them."""


def accepted(header: str) -> list[tuple[str, float]]:
    """The media ranges of an `Accept` header with their weights; a weight that can't be read counts as 0."""
    ranges = []
    for part in header.split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                try:
                    weight = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    weight = 0.0
        if "/" in media:
            ranges.append((media.lower(), weight))
    return ranges


def choose(header: str | None, offers: Iterable[Offer]) -> Offer | None:
    """The offer that an `Accept` header likes best, the first of equals; None if it likes none.

    No header, and one without a media range, likes everything.
    """
    ranges = accepted(header or "")
    offers = list(offers)
    if not ranges:
        return offers[0]
    weighed = []
    for i, each in enumerate(offers):
        # A second type of an offer counts only where it is named: who likes text/* doesn't mean text/xml.
        others = [(_weight(media, ranges, exact=True), 0, media) for media in each.types[1:]]
        weight, _, media = max([(_weight(each.types[0], ranges), 1, each.types[0]), *others])
        weighed.append((weight, -i, media))
    best, place, media = max(weighed)
    if best <= 0:
        return None
    found = offers[-place]
    return found if found is PAGE or media == found.types[0] else Offer(found.name, (media, *found.types))


def _weight(media: str, ranges: list[tuple[str, float]], exact: bool = False) -> float:
    """The weight of the most specific range that a type falls in."""
    for wanted in (media,) if exact else (media, f"{media.partition('/')[0]}/*", "*/*"):
        found = [weight for name, weight in ranges if name == wanted]
        if found:
            return found[0]
    return 0.0


def offer(name: str, offers: Iterable[Offer]) -> Offer | None:
    """The offer of that name or suffix."""
    return next((each for each in offers if each.name in {name, SUFFIXES.get(name)}), None)


ALIASES = {
    **dict.fromkeys(("n3", "ttl", "text/n3", "text/rdf+n3"), "turtle"),
    **dict.fromkeys(("nt", "n-triples", "text/ntriples"), "ntriples"),
    **dict.fromkeys(("xml", "rdf", "rdf+xml", "rdf/xml", "owl"), "rdfxml"),
    **dict.fromkeys(("json", "json-ld", "ld+json"), "jsonld"),
}
"""What clients call the forms of graphs; a form of rows that has such a name itself goes before."""


def alias(name: str, offers: Iterable[Offer]) -> Offer | None:
    """The offer that a client means by a name: ours, a usual one, or a media type, in any case of letters."""
    offers = list(offers)
    plain = name.strip().lower().replace("sparql-results+", "")
    by_type = next((each for each in offers if {name.strip().lower(), plain} & set(each.types)), None)
    return offer(plain, offers) or by_type or offer(ALIASES.get(plain, ""), offers)


def converted(ntriples: str, syntax: str, prefixes: dict[str, str]) -> bytes:
    """Triples in another syntax."""
    triples = (quad.triple for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES))
    used = {} if syntax == "rdfxml" else prefixes
    return ox.serialize(triples, format=GRAPHS[syntax], prefixes=used) or b""
