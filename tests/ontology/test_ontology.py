"""The vocabulary: whole, documented, and the only one in use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SH, SKOS

from evigraph import __version__, ontology
from evigraph.errors import UnknownTermError

EVI = rdflib.Namespace(ontology.NAMESPACE)


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    """The ontology as rdflib reads it."""
    made = rdflib.Graph()
    for path in ontology.vocabularies():
        made.parse(path)
    return made


def test_the_vocabulary_has_the_version_of_the_machine(graph: rdflib.Graph) -> None:
    """In its IRI of this version, in words, and in the shapes."""
    whole = rdflib.URIRef(ontology.NAMESPACE.rstrip("#"))
    shapes = rdflib.Graph().parse(ontology.FOLDER / "shapes.ttl")
    assert str(graph.value(whole, OWL.versionIRI)) == f"{whole}/{__version__}"
    said = [str(version) for one in (graph, shapes) for version in one.objects(None, OWL.versionInfo)]
    assert said == [__version__, __version__]


def test_every_term_is_documented(graph: rdflib.Graph) -> None:
    """Label, definition, example and source."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual)
    terms = {s for kind in kinds for s in graph.subjects(RDF.type, kind) if str(s).startswith(str(EVI))}
    assert len(terms) > 100
    for term in terms:
        for needed in (RDFS.label, SKOS.definition, SKOS.example):
            assert graph.value(term, needed), (term, needed)


def test_declared_finds_what_rdflib_finds(graph: rdflib.Graph) -> None:
    """The quick reading of the file misses and invents nothing."""
    found = {str(s).removeprefix(str(EVI)) for s in graph.subjects(RDF.type) if str(s).startswith(str(EVI))}
    assert set(ontology.declared()) == found


PAPER = {"Citation", "Discrepancy", "ProtocolStage", "ProtocolStep", "citedAs", "printed", "printedAuthors", "severity"}
"""Terms that only a review needs which reproduces a printed one."""


def test_the_core_does_without_the_paper_module() -> None:
    """No term is declared twice, and the core names none of the module's."""
    core, paper = (rdflib.Graph().parse(path) for path in ontology.vocabularies())
    ours = {s for s in core.subjects(RDF.type) if isinstance(s, rdflib.URIRef)}
    theirs = {s for s in paper.subjects(RDF.type) if isinstance(s, rdflib.URIRef)}
    assert not ours & theirs
    assert {EVI[name] for name in PAPER} <= theirs
    assert not {node for triple in core for node in triple} & theirs
    assert [*core.subjects(RDF.type, OWL.Ontology)] == [rdflib.URIRef(str(EVI).rstrip("#"))]
    assert not [*paper.subjects(RDF.type, OWL.Ontology)]


@pytest.mark.parametrize(("kind", "members"), [("AllDisjointClasses", "members"), ("AllDifferent", "distinctMembers")])
def test_the_module_parts_all_that_the_core_parts(kind: str, members: str) -> None:
    """Its list is the core's with its own classes and values, so that none of these is left out."""
    core, paper = (rdflib.Graph().parse(path) for path in ontology.vocabularies())
    lists = [set(g.items(g.value(g.value(None, RDF.type, OWL[kind]), OWL[members]))) for g in (core, paper)]
    assert len(lists[0]) > 15
    added = lists[1] - lists[0]
    assert lists[0] < lists[1]
    assert added <= set(paper.subjects(RDF.type))


def test_every_key_and_name_is_declared() -> None:
    """The context names no term of ours that the ontology lacks."""
    for iri in [*(key.iri for key in ontology.keys().values()), *ontology.names().values()]:
        if iri.startswith(ontology.NAMESPACE):
            assert ontology.term(iri.removeprefix(ontology.NAMESPACE)) == iri


def test_an_unknown_term_fails_loudly() -> None:
    """In code and in a query's text, as a name or as an IRI."""
    with pytest.raises(UnknownTermError, match="evi:nothing"):
        ontology.term("nothing")
    for text in ("?s evi:nothing ?o", f"?s <{ontology.NAMESPACE}nothing> ?o"):
        with pytest.raises(UnknownTermError, match=r"q\.rq: evi:nothing"):
            ontology.require_declared(text, "q.rq")


def test_shapes_name_only_declared_terms() -> None:
    """And every property shape has a message."""
    text = (ontology.FOLDER / "shapes.ttl").read_text("utf-8")
    ontology.require_declared(text, "shapes.ttl")
    shapes = rdflib.Graph().parse(data=text, format="turtle")
    named = [s for s in shapes.subjects(RDF.type, SH.NodeShape) if isinstance(s, rdflib.URIRef)]
    for shape in (each for one in named for each in shapes.objects(one, SH.property)):
        assert shapes.value(shape, SH.message), shapes.value(shape, SH.path)


@pytest.mark.parametrize("file", sorted((ontology.FOLDER / "alignments").glob("*.ttl")), ids=lambda file: file.stem)
def test_alignments_only_match(file: Path) -> None:
    """A term of ours, SKOS mapping, a term of theirs; nothing is imported."""
    ontology.require_declared(file.read_text("utf-8"), file.name)
    found = rdflib.Graph().parse(file)
    assert not list(found.triples((None, OWL.imports, None)))
    matches = [s for s, p, _ in found if str(p).startswith(str(SKOS)) and str(p).endswith("Match")]
    assert matches
    assert all(str(s).startswith(str(EVI)) for s in matches)


@pytest.mark.parametrize("key", sorted(ontology.frame()["codes"]))
def test_closed_sets_agree(key: str) -> None:
    """The codes of a key are those that its shape allows."""
    shapes = rdflib.Graph().parse(ontology.FOLDER / "shapes.ttl")
    path = rdflib.URIRef(ontology.keys()[key].iri)
    allowed = set()
    for shape in shapes.subjects(SH.path, path):
        for head in shapes.objects(shape, SH["in"]):
            allowed |= {re.split("#", str(item))[-1] for item in shapes.items(head)}
    assert allowed == set(ontology.codes(key))


UNSHAPED = {
    "made by reading, never written": "labelIn definitionIn titleIn statementIn declaredAs valueOf review boxes "
    "prevailing",
    "whatever a person writes there": "note description creator version language changeNote contrary mentionedAt",
    "as a database or a linked file has it": "eric openalex editors groupAuthors series edition placePublished isbn "
    "abstract filled file format rejected foundIn",
}
"""The keys that no shape holds to anything, by why none does; the reader holds them to their kind all the same."""


def test_every_key_has_a_shape() -> None:
    """Or it is one of those that need none."""
    shapes = rdflib.Graph().parse(ontology.FOLDER / "shapes.ttl")
    told = {str(each) for each in (*shapes.objects(), *shapes.subjects())}
    without = {name for name, key in ontology.keys().items() if key.iri not in told}
    assert without == set(" ".join(UNSHAPED.values()).split())


def test_whose_a_key_is() -> None:
    """A class has the keys of the classes above it, and terms of others are those of the frame."""
    assert ontology.holders("effect") == {"Finding"}
    assert ontology.holders("findings") == {"Study"}
    assert ontology.may_have("ResearchQuestion", "asks")
    assert ontology.may_have("Search", "count")
    assert not ontology.may_have("Study", "doi")
    assert ontology.may_have("Study", "note")
