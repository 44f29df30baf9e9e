"""What SHACL finds in a graph: the one module that knows pyshacl."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from evigraph import ontology

if TYPE_CHECKING:
    import rdflib


def violations(nquads: str) -> Iterator[tuple[str, str, str]]:
    """What SHACL finds: focus node, key and message. The ontology is mixed in, for `sh:class` follows subclasses."""
    import pyshacl
    from rdflib import RDF, SH

    shapes = _graph([path for path in ontology.files() if path.name == "shapes.ttl"])
    mixed = _graph(ontology.vocabularies())
    # Through N-Triples: rdflib's own JSON-LD parser turns decimals into doubles.
    mixed.parse(data=re.sub(r"(?m) <[^<>]*> \.$", " .", nquads), format="nt")
    _, report, _ = pyshacl.validate(mixed, shacl_graph=shapes, inference="none")
    keys = {key.iri: key.name for key in ontology.keys().values()}
    for result in report.subjects(RDF.type, SH.ValidationResult):
        path = str(report.value(result, SH.resultPath) or "")
        message = str(report.value(result, SH.resultMessage))
        yield str(report.value(result, SH.focusNode)), keys.get(path, ""), message


def _graph(files: list[Path]) -> rdflib.Graph:
    import rdflib

    made = rdflib.Graph()
    for path in files:
        made.parse(path, format="turtle")
    return made
