"""What follows from values: an attribute's IRI and its role as properties, in graphs of their own."""

from __future__ import annotations

from conftest import Copy

from evigraph import data
from evigraph.data import Document, direct, quads
from evigraph.export import formats
from evigraph.paths import Workspace
from evigraph.queries import build, retracted
from evigraph.queries.answers import State
from evigraph.store import EmbeddedStore, Store, select

BASE = "https://w3id.org/evigraph/micro-credentials/"
NS = "https://w3id.org/evigraph/ns#"
PREFIXES = f"PREFIX evi: <{NS}> PREFIX a: <{BASE}attribute/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "


def asked(store: Store, pattern: str) -> set[tuple[str, ...]]:
    """The rows of `SELECT *`, as texts."""
    found = select(store, f"{PREFIXES}SELECT DISTINCT * WHERE {{ {pattern} }}")
    return {tuple(str(term.value) for term in row if term) for row in found.rows}


def test_a_value_is_one_step_away(store: EmbeddedStore) -> None:
    """By its attribute and by the role of that; a number is a number; what is not reported isn't there."""
    nz = {("http://publications.europa.eu/resource/authority/country/NZL",)}
    for name in ("evi:country", "a:country"):
        assert asked(store, f"<{BASE}study/hartnett-2021> {name} ?country") == nz
    assert ("Survey",) in asked(store, f"<{BASE}study/hartnett-2021> evi:design/skos:prefLabel ?design")
    assert asked(store, f"<{BASE}study/reeves-2017> evi:sampleSize ?n . FILTER(?n > 700)") == {("779",)}
    assert asked(store, f"<{BASE}study/reeves-2017> evi:country ?any") == set()


def test_they_are_all_known_values_and_no_others(store: EmbeddedStore) -> None:
    """For each value of a role, and for whatever findings are about."""
    pairs = asked(
        store,
        "{ SELECT DISTINCT ?s ?code { ?s evi:characteristic ?v . ?v evi:state ?how ; evi:concept ?code ; "
        "evi:declaredAs ?d . ?d evi:role 'design' FILTER(?how IN (evi:stated, evi:inferred)) } }",
    )
    assert pairs == asked(store, "?s evi:design ?code")
    assert asked(store, "{ ?f evi:benefit ?b } UNION { ?f evi:drawback ?b }") <= asked(store, "?f evi:outcome ?b")


def test_no_document_says_them(documents: list[Document], nquads: str) -> None:
    """They stand in graphs beside the documents', which are as they were, and go back to the same documents."""
    follows = direct.of_documents(documents, BASE)
    assert all(f" <{BASE}{direct.DIRECT}" in line for line in follows.splitlines())
    assert direct.records(nquads + follows, BASE) == nquads
    name = next(each.name for each in documents if each.name.startswith("studies/"))
    text = quads.texts([each for each in documents if each.name == name], BASE)[name]
    assert "direct/" not in text
    assert quads.to_document(text, BASE, name.replace("studies/", "study/")) == quads.arranged(
        next(each.content for each in documents if each.name == name)
    )


def test_a_dump_has_them_and_a_bare_one_has_not(shipped: Workspace, documents: list[Document]) -> None:
    """So that who loads a dump asks as here."""
    follows = set(direct.of_documents(documents, BASE).splitlines())
    assert follows < set(formats.as_dump(documents, "nquads", shipped).splitlines())
    assert not follows & set(formats.as_graph(documents, "nquads").splitlines())


def test_they_go_with_a_study_that_is_left_out(copy: Copy) -> None:
    """Without retracted studies, no value of one is left."""
    copy.replace("studies/hartnett-2021.yaml", "    type: Report\n", "    type: Report\n    kind: retracted article\n")
    store = build.open_store(copy.workspace)
    told = f"<{BASE}study/hartnett-2021> evi:country ?c"
    assert asked(store, told)
    assert not asked(retracted.without(store), told)
    assert asked(retracted.without(store), "?s evi:country ?c")


def test_another_role_is_another_property_at_once(copy: Copy) -> None:
    """Also of what a state that is only planned answers."""
    before = State(copy.workspace, data.read_documents(copy.workspace))
    assert asked(before.store(), "?s evi:country ?c")
    copy.replace("codebook.yaml", "    role: country\n", "    role: population\n")
    after = State(copy.workspace, data.read_documents(copy.workspace), before)
    assert not asked(after.store(), "?s evi:country ?c")
    assert asked(after.store(), "?s evi:population ?c") == asked(build.open_store(copy.workspace), "?s a:country ?c")
