"""What a review's data set says of itself, in DCAT and VoID: what it is, whose, of when, how much, and its hash.

Nothing in it is of the moment: the same documents give the same description.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from evigraph import ontology
from evigraph.export import vocabulary
from evigraph.files import statements

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SPDX = "http://spdx.org/rdf/terms#"
VOID = "http://rdfs.org/ns/void#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {"dcat": DCAT, "foaf": FOAF, "spdx": SPDX, "void": VOID, "sh": "http://www.w3.org/ns/shacl#"}
"""The prefixes that the context lacks."""

HASHED = (
    "SHA-256 of the review's records in canonical form (RDFC-1.0): the N-Quads of every graph whose name begins with "
    "{base}graph/, one a line, sorted by code point, none twice, each line ended by LF, in UTF-8. There are no blank "
    "nodes among them. `evigraph export --verify FILE` works it out of a dump."
)
"""What the hash is of."""

Statement = tuple[str, str, ox.NamedNode | ox.Literal]


def digest(nquads: str) -> str:
    """The hash of canonical N-Quads, as the description states it."""
    return hashlib.sha256(nquads.encode()).hexdigest()


def triples(review: dict[str, Any], nquads: str, base: str) -> list[ox.Triple]:
    """The description of the data set `base`; `review` is the root of its document, `nquads` its canonical graph."""
    found = [*_said(review, nquads, base), *_sizes(nquads, base), *_hash(nquads, base)]
    return [ox.Triple(ox.NamedNode(s), ox.NamedNode(p), o) for s, p, o in found]


def _said(review: dict[str, Any], nquads: str, base: str) -> Iterator[Statement]:
    """What `review.yaml` says, and when the latest date of a document is."""
    for kind in (DCAT + "Dataset", VOID + "Dataset"):
        yield base, RDF_TYPE, ox.NamedNode(kind)
    words = {"title": DCTERMS + "title", "description": DCTERMS + "description", "version": DCAT + "version"}
    yield from ((base, iri, ox.Literal(str(review[key]))) for key, iri in words.items() if key in review)
    for tag, title in review.get("titleIn", {}).items():
        if tag != "@none":
            yield base, DCTERMS + "title", ox.Literal(title, language=tag)
    if re.match(r"https?://", str(review.get("license", ""))):
        yield base, DCTERMS + "license", ox.NamedNode(str(review["license"]))
    for number, name in enumerate(filter(None, str(review.get("creator", "")).split("; ")), 1):
        node = f"{base}description/creator-{number}"
        yield base, DCTERMS + "creator", ox.NamedNode(node)
        yield node, RDF_TYPE, ox.NamedNode(FOAF + "Agent")
        yield node, FOAF + "name", ox.Literal(name)
    if "language" in review:
        yield base, DCTERMS + "language", ox.Literal(str(review["language"]))
    dates = re.findall(rf'"(\d{{4}}-\d\d-\d\d)"\^\^<{XSD}date>', nquads)
    known = {"issued": review.get("issued"), "modified": max(dates, default=None)}
    for name, date in known.items():
        if date:
            yield base, DCTERMS + name, ox.Literal(str(date), datatype=ox.NamedNode(XSD + "date"))


def _sizes(nquads: str, base: str) -> Iterator[Statement]:
    """Which words it is in, how much of it there is, and what to look at first."""
    node, of_type, study = ox.NamedNode, f"<{RDF_TYPE}>", f"<{ontology.term('Study')}>"
    subjects, properties, objects, classes, typed, studies = (set[str]() for _ in range(6))
    lines = {line[: line.rindex(" <")] for line in statements.lines(nquads)}
    for line in lines:
        thing, name, value = line.split(" ", 2)
        subjects.add(thing)
        properties.add(name)
        objects.add(value)
        if name == of_type:
            typed.add(thing)
            classes.add(value)
            if value == study:
                studies.add(thing)
    yield base, DCTERMS + "conformsTo", vocabulary.version()
    for namespace in sorted(set(ontology.prefixes().values())):
        if any(iri.startswith(f"<{namespace}") for iri in properties | classes):
            yield base, VOID + "vocabulary", node(namespace)
    sizes = {"triples": lines, "entities": typed, "classes": classes, "properties": properties}
    sizes |= {"distinctSubjects": subjects, "distinctObjects": objects}
    yield from ((base, VOID + name, ox.Literal(len(found))) for name, found in sizes.items())
    yield base, VOID + "uriSpace", ox.Literal(base)
    yield base, VOID + "rootResource", node(base + "review")
    yield from ((base, VOID + "exampleResource", node(iri[1:-1])) for iri in sorted(studies)[:1])


def _hash(nquads: str, base: str) -> Iterator[Statement]:
    own = base + "description/checksum"
    yield base, SPDX + "checksum", ox.NamedNode(own)
    yield own, RDF_TYPE, ox.NamedNode(SPDX + "Checksum")
    yield own, SPDX + "algorithm", ox.NamedNode(SPDX + "checksumAlgorithm_sha256")
    yield own, SPDX + "checksumValue", ox.Literal(digest(nquads), datatype=ox.NamedNode(XSD + "hexBinary"))
    yield own, RDFS + "comment", ox.Literal(HASHED.format(base=base))
