"""What others read is the same graph."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import rdflib
from conftest import evigraph

from evigraph import export
from evigraph.data import Document
from evigraph.errors import UsageError

PARSERS = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml", "trig": "trig", "nquads": "nquads"}


def triples(text: str, parser: str) -> set[tuple[str, str, str]]:
    """What rdflib reads, in terms that compare by their lexical form."""
    found = rdflib.Dataset()
    found.parse(data=text, format=parser)
    return {(s.n3(), p.n3(), o.n3()) for s, p, o, _ in found.quads()}


@pytest.mark.parametrize("syntax", PARSERS)
def test_rdflib_reads_the_same_triples(documents: list[Document], nquads: str, syntax: str) -> None:
    """Each syntax, read by another implementation."""
    assert triples(export.export(documents, syntax), PARSERS[syntax]) == triples(nquads, "nquads")


@pytest.mark.parametrize("syntax", export.FORMATS)
def test_an_export_is_the_same_twice(documents: list[Document], syntax: str) -> None:
    """Order of documents plays no part."""
    shuffled = documents[:]
    random.Random(1).shuffle(shuffled)  # noqa: S311 - not for secrets
    if syntax != "jsonld":
        assert export.export(documents, syntax) == export.export(shuffled, syntax)
    assert export.export(documents, syntax) == export.export(documents, syntax)


def test_jsonld_holds_the_documents(documents: list[Document]) -> None:
    """The framed JSON-LD has one named graph a document, with the keys of the documents, and its context inside."""
    whole = json.loads(export.export(documents, "jsonld"))
    assert [node["id"].rsplit("graph/", 1)[1] for node in whole["@graph"]] == [d.name for d in documents]
    assert whole["@context"]["@base"].endswith("/micro-credentials/")
    study = next(node for node in whole["@graph"] if node["id"].endswith("studies/mah-2016"))["@graph"][0]
    assert study["label"] == "Mah (2016)"


def test_an_unknown_format(documents: list[Document]) -> None:
    """It is answered with the known ones."""
    with pytest.raises(UsageError, match="choose one of turtle"):
        export.export(documents, "n3")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A file appears complete; a folder that isn't there is told and nothing is left."""
    ran = evigraph("export", "--format", "nquads", "-o", str(tmp_path / "r.nq"))
    assert (ran.returncode, ran.stdout) == (0, "")
    assert (tmp_path / "r.nq").read_text("utf-8").endswith(" .\n")
    ran = evigraph("export", "-o", str(tmp_path / "none" / "r.ttl"))
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["r.nq"]
