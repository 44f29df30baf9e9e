"""Which queries a change can reach: whoever is passed over would have answered the same."""

from __future__ import annotations

import random

import pytest

from evigraph import queries
from evigraph.data.quads import from_nquads
from evigraph.paths import Workspace
from evigraph.queries.reach import TYPE, Reach, mentioned
from evigraph.store import EmbeddedStore

NS = "https://example.org/"
HEAD = f"PREFIX e: <{NS}> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
ROUNDS = 12


@pytest.mark.parametrize(
    "where",
    [
        "?s ?p ?o",
        "?s e:a 1 ; ?p ?o",
        "?s e:a ?x . ?x ?p [ e:b 2 ]",
        "[ ?p ?o ]",
        "?s e:a* ?o",
        "?s e:a? ?o",
        "?s (e:a/e:b)* ?o",
        "?s !e:a ?o",
        "?s !(e:a|e:b) ?o",
        "GRAPH ?g { ?s e:a ?o }",
        "FILTER NOT EXISTS { ?s ?p 5 }",
        "VALUES (?a ?b) { (e:a e:b) } ?s ?a ?o",
        "?s e:\\u0061 ?o",
        "?s e:%61 ?o",
    ],
)
def test_what_may_match_anything_is_reached(where: str) -> None:
    """Variable and negated predicates, paths of length zero, names of graphs, and names that are written in code."""
    assert mentioned(f"{HEAD}SELECT ?s WHERE {{ {where} }}") is None


@pytest.mark.parametrize(
    ("query", "predicates", "any_class"),
    [
        ("SELECT ?a ?b ?c WHERE { ?a e:x ?b ; e:y ?c . } GROUP BY ?a ?b ?c ORDER BY ?a ?b ?c", {"x", "y"}, False),
        ("SELECT (COUNT(*) AS ?n) WHERE { ?a a e:C ; e:x+ ?b FILTER(?a != ?b && ?n * 2 > 1) }", {"C", "x"}, False),
        ("SELECT * WHERE { ?a a ?t FILTER(?t IN (e:C)) }", {"C"}, True),
        ("SELECT * WHERE { ?a rdf:type e:C }", {"C"}, True),
        ("SELECT * WHERE { VALUES (?a ?b) { (1 'e:q') (2 e:z) } ?a e:x/^e:y '# e:no' } # e:no", {"x", "y", "z"}, False),
        ("SELECT ?a ?b WHERE { ?a e:x e:z. ?b e:y ?c.FILTER(!BOUND(?a))}", {"x", "y", "z"}, False),
    ],
)
def test_what_a_query_names(query: str, predicates: set[str], any_class: bool) -> None:
    """Its prefixed names; not what stands in a comment or a string, and no list of variables."""
    found = mentioned(HEAD + query)
    assert found is not None
    assert {iri.removeprefix(NS) for iri in found[0] if iri.startswith(NS) and iri != NS} == predicates
    assert found[1] is any_class


@pytest.mark.parametrize(
    ("line", "reached"),
    [
        (f"<{NS}1> <{NS}x> <{NS}2> <{NS}g> .", True),
        (f"<{NS}1> <{NS}y> <{NS}2> <{NS}g> .", False),
        (f"<{NS}1> <{TYPE}> <{NS}C> <{NS}g> .", True),
        (f"<{NS}1> <{TYPE}> <{NS}D> <{NS}g> .", False),
    ],
)
def test_a_quad_reaches_by_its_predicate_or_class(line: str, reached: bool) -> None:
    """And by nothing else."""
    assert Reach([line]).reaches(f"{HEAD}SELECT * WHERE {{ ?s a e:C ; e:x ?o }}") is reached


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_whoever_is_passed_over_answers_the_same(shipped: Workspace, nquads: str, seed: int) -> None:
    """Quads of a few predicates are taken out of the shipped review at random."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    lines = nquads.splitlines()
    kinds = sorted({" ".join(line.split(" ")[1 : 3 if TYPE in line else 2]) for line in lines})
    chosen = set(chance.sample(kinds, 3))
    gone = [line for line in lines if chosen & {line.split(" ")[1], " ".join(line.split(" ")[1:3])}]
    gone = chance.sample(gone, max(1, len(gone) // 2))
    before, after = EmbeddedStore(), EmbeddedStore()
    for store in (before, after):
        store.load(nquads)
    after.apply([], from_nquads("\n".join(gone)))
    reach = Reach(gone)
    passed = [q for q in queries.load_all(shipped) if not reach.reaches(queries.text(shipped, q.path).decode())]
    assert passed
    for query in passed:
        assert queries.run(after, query).rows == queries.run(before, query).rows, query.name
