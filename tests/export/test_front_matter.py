"""A dump says what it is: it can be read, believed and asked by somebody who has nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rdflib
from conftest import Copy, evigraph
from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, XSD

from evigraph import __version__, data, export, ontology, queries
from evigraph.data import Document, versions
from evigraph.errors import CheckFailedError, DataError
from evigraph.export import description, formats
from evigraph.paths import SHIPPED, Workspace, find_workspace
from evigraph.queries import Query, build
from evigraph.reports import differences
from evigraph.store import EmbeddedStore, select
from evigraph.updating import new_review


def review_of(documents: list[Document]) -> dict[str, Any]:
    """The content of the document `review`."""
    return next(each.content for each in documents if each.name == "review")


BASE = "https://w3id.org/evigraph/micro-credentials/"
DUMPS = ("nquads", "trig", "jsonld")
ALL = queries.load_all(find_workspace(SHIPPED))


@pytest.fixture(scope="module")
def front(shipped: Workspace, documents: list[Document], nquads: str) -> str:
    """The graphs that stand before the records, as N-Quads."""
    return export.front_matter(review_of(documents), nquads, shipped)


@pytest.fixture(scope="module")
def dump(shipped: Workspace, documents: list[Document]) -> rdflib.Dataset:
    """A dump as another implementation reads it."""
    found = rdflib.Dataset(default_union=True)
    found.parse(data=formats.as_dump(documents, "trig", shipped), format="trig")
    return found


@pytest.fixture(scope="module")
def together(nquads: str, front: str) -> EmbeddedStore:
    """What a reader has who loads a dump: the union of everything."""
    store = EmbeddedStore()
    store.load(nquads + front)
    return store


def test_every_graph_is_of_a_document_or_says_what_they_are(dump: rdflib.Dataset, documents: list[Document]) -> None:
    """And none has a blank node."""
    names = {str(graph.identifier).removeprefix(BASE) for graph in dump.graphs() if len(graph)}
    follows = {name for name in names if name.startswith("direct/")}
    assert {name.replace("direct/", "graph/") for name in follows} < names
    assert names - follows == {"ontology", "queries", "description", *(f"graph/{each.name}" for each in documents)}
    assert not any(isinstance(term, rdflib.BNode) for quad in dump.quads() for term in quad[:3])


def test_a_reader_of_the_dump_alone_can_print_labels(dump: rdflib.Dataset) -> None:
    """Every class, property and code of ours that the records use has a label and a definition in the dump."""
    named = {
        term
        for s, p, o, graph in dump.quads()
        if str(graph).startswith(BASE + "graph/")
        for term in (p, o)
        if str(term).startswith(ontology.NAMESPACE)
    }
    assert len(named) > 100
    words = dump.graph(rdflib.URIRef(BASE + "ontology"))
    for term in named:
        assert words.value(term, RDFS.label), term
        assert words.value(term, SKOS.definition), term


def test_closed_lists_are_concepts(dump: rdflib.Dataset) -> None:
    """In the scheme of their key, for every code that a document may write."""
    words = dump.graph(rdflib.URIRef(BASE + "ontology"))
    for key in ontology.frame()["codes"]:
        codes = [rdflib.URIRef(ontology.names()[code]) for code in ontology.codes(key) if code in ontology.names()]
        shared = [set(words.objects(code, SKOS.inScheme)) for code in codes]
        assert all((code, RDF.type, SKOS.Concept) in words and words.value(code, SKOS.prefLabel) for code in codes)
        if key != "notReported":  # its codes are keys of a finding
            assert set.intersection(*shared), key


def test_the_data_set_is_described(dump: rdflib.Dataset, documents: list[Document], nquads: str) -> None:
    """What it is, whose rules it keeps, how much it is, and of when: never of now."""
    own = rdflib.URIRef(BASE)
    said = dump.graph(rdflib.URIRef(BASE + "description"))
    void = rdflib.Namespace(description.VOID)
    kinds = {rdflib.URIRef(description.DCAT + "Dataset"), void.Dataset}
    assert set(said.objects(own, RDF.type)) == kinds
    review = review_of(documents)
    assert str(said.value(own, DCTERMS.title)) == review["title"]
    assert str(said.value(own, DCTERMS.license)) == review["license"]
    assert str(said.value(own, DCTERMS.conformsTo)) == f"{ontology.NAMESPACE.rstrip('#')}/{__version__}"
    records = {quad[:3] for quad in dump.quads() if str(quad[3]).startswith(BASE + "graph/")}
    assert said.value(own, void.triples) == rdflib.Literal(len(records))
    assert said.value(own, void.classes) == rdflib.Literal(len({o for _, p, o in records if p == RDF.type}))
    assert said.value(own, void.properties) == rdflib.Literal(len({p for _, p, _ in records}))
    example = said.value(own, void.exampleResource)
    assert (example, RDF.type, rdflib.URIRef(ontology.term("Study"))) in records
    dates = [o for _, _, o in records if isinstance(o, rdflib.Literal) and o.datatype == XSD.date]
    assert said.value(own, DCTERMS.modified) == max(dates)
    assert hashlib.sha256(nquads.encode()).hexdigest() in export.front_matter(review_of(documents), nquads)


def test_only_what_is_given_is_said(tmp_path: Path) -> None:
    """A new review has no licence, no creator and no date until somebody gives one."""
    new_review.create(tmp_path / "w", "w", new_review.Outline("A review", "https://example.org/w#"))
    workspace = find_workspace(tmp_path / "w")
    documents = data.read_documents(workspace)
    lines = export.front_matter(review_of(documents), build.nquads(workspace).decode(), workspace).splitlines()
    about = [line.split(" ", 2) for line in lines if line.startswith("<https://example.org/w#> ")]
    assert f"<{DCTERMS.title}>" in {name for _, name, _ in about}
    given = {str(DCTERMS.license), str(DCTERMS.creator), str(DCTERMS.issued), description.DCAT + "version"}
    assert not given & {name[1:-1] for _, name, _ in about}
    assert not [line for line in lines if f"> <{DCTERMS.license}> " in line]
    iris = re.findall(r"<(https://example\.org/w[^>]*)>", "\n".join(lines))
    assert iris
    assert all(iri.count("#") == 1 for iri in iris)


@pytest.mark.parametrize("syntax", DUMPS)
def test_the_hash_can_be_verified(tmp_path: Path, syntax: str) -> None:
    """By the command, which tells a record that was changed or left out from those that were described."""
    path = tmp_path / "dump"
    assert evigraph("export", "--format", syntax, "-o", str(path)).returncode == 0
    ran = evigraph("export", "--verify", str(path))
    assert ran.returncode == 0, ran.stderr
    assert "as described: sha256 " in ran.stdout
    text = path.read_text("utf-8")
    assert "Mah (2016)" in text
    path.write_text(text.replace("Mah (2016)", "Mah (2017)"), "utf-8")
    with pytest.raises(CheckFailedError, match="the description states"):
        export.verified(path)
    spoilt = evigraph("export", "--verify", str(path))
    assert (spoilt.returncode, spoilt.stdout) == (1, "")


def test_the_hash_is_that_of_a_shell(shipped: Workspace, documents: list[Document], front: str) -> None:
    """The recipe of the documents: the lines of the documents' graphs, sorted, through SHA-256."""
    lines = formats.as_dump(documents, "nquads", shipped).splitlines(keepends=True)
    records = sorted({line for line in lines if re.search(rf" <{BASE}graph/[^>]*> \.$", line)})
    assert hashlib.sha256("".join(records).encode()).hexdigest() in front


def test_what_states_no_hash_is_refused(tmp_path: Path, documents: list[Document]) -> None:
    """A bare export, one without graphs, one that isn't there, and something else."""
    (tmp_path / "bare.nq").write_text(str(formats.export(documents, "nquads", bare=True)), "utf-8")
    (tmp_path / "flat.ttl").write_text(str(formats.export(documents, "turtle")), "utf-8")
    (tmp_path / "no.nq").write_text("Dear reader,", "utf-8")
    for name, words in {"bare.nq": "states one", "flat.ttl": "states one", "no.nq": "neither", "gone": "read"}.items():
        with pytest.raises(DataError, match=words):
            export.verified(tmp_path / name)


@pytest.mark.parametrize("query", ALL, ids=[query.name for query in ALL])
def test_a_query_of_the_graph_runs_as_it_stands(
    store: EmbeddedStore, together: EmbeddedStore, dump: rdflib.Dataset, query: Query
) -> None:
    """It gives the rows of the canned query, also where nobody parts the records from what is said of them."""
    own = rdflib.URIRef(f"{BASE}query/{query.name}")
    assert (own, RDF.type, SH.SPARQLSelectExecutable) in dump
    text = str(dump.value(own, SH.select))
    assert "#+" not in text
    assert queries.run(together, replace(query, text=text, params=())) == queries.run(store, query)


def test_the_queries_of_the_graph_are_those_of_the_review(together: EmbeddedStore, tmp_path: Path) -> None:
    """All of them, and in another review none of this one's."""
    asked = f"SELECT ?q {{ ?q a <{SH.SPARQLSelectExecutable}> }}"
    found = {row[0].value for row in select(together, asked).rows if row[0]}
    assert found == {f"{BASE}query/{query.name}" for query in ALL}
    new_review.create(tmp_path / "w", "w", new_review.Outline("A review", "https://example.org/w/"))
    workspace = find_workspace(tmp_path / "w")
    other = export.front_matter(review_of(data.read_documents(workspace)), build.nquads(workspace).decode(), workspace)
    assert "<https://example.org/w/query/crosstab>" in other
    assert "query/table-3>" not in other


def test_parameters_have_names_defaults_and_choices(dump: rdflib.Dataset) -> None:
    """As their headers say, each with the variable of its block as the local name of its path."""
    for query in ALL:
        nodes = list(dump.objects(rdflib.URIRef(f"{BASE}query/{query.name}"), SH.parameter))
        said = {str(dump.value(node, SH.name)): node for node in nodes}
        assert set(said) == {param.name for param in query.params}
        for param in query.params:
            node = said[param.name]
            assert str(dump.value(node, SH.path)).rpartition("/")[2] == param.variable
            assert str(dump.value(node, SH.defaultValue)) == param.default
            listed = dump.value(node, SH["in"])
            choices = rdflib.collection.Collection(dump, listed) if listed else []
            assert tuple(str(choice) for choice in choices) == param.enumeration
            assert bool(dump.value(node, SH.optional).toPython()) is not param.required


def test_a_dump_is_the_review_again(tmp_path: Path, shipped: Workspace, documents: list[Document]) -> None:
    """What is said of the records is no record: `diff` finds the same documents with and without it."""
    found = []
    for bare in (True, False):
        path = tmp_path / f"dump-{bare}"
        path.write_text(str(formats.export(documents, "jsonld", workspace=shipped, bare=bare)), "utf-8")
        found.append(versions.exported(path))
    assert [each.name for each in found[0]] == [each.name for each in found[1]] == [each.name for each in documents]
    assert not differences.diff(differences.records(found[1]), differences.records(documents))


def test_a_dump_as_nquads_is_the_review_again(tmp_path: Path) -> None:
    """The same, of a small review; `test_differences` has the law for the shipped one."""
    new_review.create(tmp_path / "w", "w", new_review.Outline("A review", "https://example.org/w/"))
    workspace = find_workspace(tmp_path / "w")
    documents = data.read_documents(workspace)
    path = tmp_path / "dump.nq"
    path.write_text(str(formats.export(documents, "nquads", workspace=workspace)), "utf-8")
    found = versions.exported(path)
    assert [each.name for each in found] == [each.name for each in documents if len(each.content) > 2]
    assert not differences.diff(differences.records(found), differences.records(documents))


@pytest.mark.parametrize("syntax", formats.GRAPHS)
def test_a_bare_export_holds_the_records_alone(documents: list[Document], syntax: str) -> None:
    """And the others hold them too, with more."""
    bare, whole = (str(formats.export(documents, syntax, bare=bare)) for bare in (True, False))
    assert bare == formats.as_graph(documents, syntax)
    assert "checksum" not in bare
    assert "checksum" in whole
    if syntax == "nquads":
        assert set(bare.splitlines()) < set(whole.splitlines())
        assert whole.splitlines() == sorted(set(whole.splitlines()))
    if syntax == "jsonld":
        assert json.loads(bare)["@graph"] == json.loads(whole)["@graph"][: len(documents)]


def test_the_description_follows_the_records(copy: Copy) -> None:
    """Another record, another hash; the same records, the same description."""

    def made() -> str:
        documents = data.read_documents(copy.workspace)
        return export.front_matter(review_of(documents), build.nquads(copy.workspace).decode())

    first = made()
    assert made() == first
    copy.replace("studies/mah-2016.yaml", "Mah (2016)", "Mah (2017)")
    changed = set(made().splitlines()) ^ set(first.splitlines())
    assert len(changed) >= 2
    assert any("checksumValue" in line for line in changed)
    assert not any("/ontology> ." in line for line in changed)
