"""Many reviews in one store: each query gives the rows that the review gives alone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import evigraph

from evigraph import data, queries
from evigraph.paths import SHIPPED, Workspace, find_workspace
from evigraph.queries import build
from evigraph.queries.query_files import Query, parse
from evigraph.queries.scoping import bound
from evigraph.store import EmbeddedStore

BASE = "https://w3id.org/evigraph/micro-credentials/"
COPY = "https://example.org/copy/"
IRI = "<https://example.org/r>"
HPV = Path(__file__).parents[2] / "examples" / "hpv-map"
FILES = sorted((SHIPPED / "queries").rglob("*.rq"))

Review = tuple[str, Workspace, str]
"""A review: its base, the workspace whose queries it is asked, its N-Quads."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A second review with studies, a linked search, codes, stances and a question of the same notation."""
    root = tmp_path_factory.mktemp("small")
    sheet, recipe, notes = root / "sheet.csv", root / "recipe.yaml", root / "notes"
    sheet.write_text(
        "Study,Country,Design,Whom,Result,Page\n"
        "Ash 2019,Kenya; Norway,Trial,Pupil,Those who drew kept more in mind.,p. 4\n"
        "Elm 2020,Kenya,Interviews,Student,Students remembered what they had written.,p. 2\n"
        "Fir 2021,NR,Survey,Pupil,Slides were forgotten sooner.,Table 2\n",
        "utf-8",
    )
    recipe.write_text(
        "label: our sheet\nreader: sheet\nfields: {title: [Study]}\ncolumns:\n  study: [Study]\n  new-codes: add\n"
        "  attributes:\n    - {attribute: country, column: Country, split: ';', as: code}\n"
        "    - {attribute: design, column: Design, as: code}\n  findings:\n    - answers: RQ1\n"
        "      concerns: {column: Whom}\n      statement: {column: Result}\n      place: {column: Page}\n",
        "utf-8",
    )
    asked = ("--question", "Do notes help?", "--stakeholder", "Pupil", "--stakeholder", "Student")
    for command in (
        ("init", str(notes), "--title", "Notes", *asked),
        ("--workspace", str(notes), "link", str(sheet), "--recipe", str(recipe)),
    ):
        done = evigraph(*command)
        assert done.returncode == 0, done.stderr
    return find_workspace(notes)


@pytest.fixture(scope="module")
def reviews(shipped: Workspace, small: Workspace, nquads: str) -> list[Review]:
    """The shipped review, a copy of it with another base, and the small one."""
    base = data.base(data.read_documents(small))
    return [
        (BASE, shipped, nquads),
        (COPY, shipped, nquads.replace(BASE, COPY)),
        (base, small, build.nquads(small).decode()),
    ]


def asked(query: Query, attributes: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Each choice of arguments: all that are allowed, and two attributes where one is taken."""
    some = {"attribute": (attributes[0], attributes[-1])}
    choices = [[(p.name, v) for v in p.enumeration or some.get(p.type, (p.default,))] for p in query.params]
    yield from (dict(each) for each in itertools.product(*choices))


def held_to(reviews: list[Review]) -> int:
    """Ask every query of each review, alone and among all; how many gave rows."""
    many, found = EmbeddedStore(), 0
    for _, _, text in reviews:
        many.load(text)
    for base, workspace, text in reviews:
        alone = EmbeddedStore()
        alone.load(text)
        many.review = f"{base}review"
        attributes = queries.attributes(alone)
        assert queries.attributes(many) == attributes
        for query in queries.load_all(workspace):
            for arguments in asked(query, attributes):
                mine = queries.run(alone, query, arguments)
                assert queries.run(many, query, arguments) == mine, (base, query.name, arguments)
                found += bool(mine.rows)
    return found


def test_each_review_among_others_answers_as_alone(reviews: list[Review]) -> None:
    """Two reviews and a copy in one store, whose notations, labels and tables are the same words."""
    assert held_to(reviews) > 150


@pytest.mark.checkout
def test_so_it_does_beside_a_large_one(reviews: list[Review]) -> None:
    """With the evidence map of the examples, which has searches, records and decisions."""
    workspace = find_workspace(HPV)
    large = (data.base(data.read_documents(workspace)), workspace, build.nquads(workspace).decode())
    assert held_to([large, reviews[0]]) > 80


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_query_is_of_the_review_at_hand(path: Path) -> None:
    """It mentions `?review` and gives it no value; one that tells reviews apart has it as a column."""
    query = parse(path)
    if "review" in query.columns:
        return
    assert queries.scoped(query), f"{path.name}: say `; evi:review ?review` of what the query begins with"
    assert re.search(r"evi:review \?review|\?review evi:", query.text)
    assert "?review" not in queries.sparql(query, {}, IRI).split("SELECT", 1)[1]


def test_the_templates_of_a_new_review_are_too() -> None:
    """What `init` writes is scoped like what is shipped."""
    found = sorted((SHIPPED / "queries" / "templates").glob("*.template"))
    assert found
    assert all("evi:review ?review" in path.read_text("utf-8") for path in found)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("SELECT ?s WHERE { ?s evi:review ?review }", f"SELECT ?s WHERE {{ ?s evi:review {IRI} }}"),
        ("SELECT ?s WHERE { ?s evi:review $review }", f"SELECT ?s WHERE {{ ?s evi:review {IRI} }}"),
        (
            "{ SELECT ?review (COUNT(?s) AS ?n) WHERE { ?s evi:review ?review } GROUP BY ?review }",
            f"{{ SELECT  (COUNT(?s) AS ?n) WHERE {{ ?s evi:review {IRI} }} }}",
        ),
        ("GROUP BY ?review ?a ORDER BY ?a", "GROUP BY  ?a ORDER BY ?a"),
        ("SELECT (STR(?review) AS ?x) { ?review evi:flow ?f }", f"SELECT (STR({IRI}) AS ?x) {{ {IRI} evi:flow ?f }}"),
        ('SELECT ?s { ?s evi:text "?review" ; evi:review ?reviewer }', None),
        ("SELECT ?s { ?s ?p ?o } # ?review", None),
    ],
)
def test_a_review_takes_the_place_of_the_variable(text: str, made: str | None) -> None:
    """In patterns and expressions; lists go without it, and texts, comments and other names stay."""
    assert bound(text, IRI) == (text if made is None else made)


def test_alone_in_a_store_nothing_is_held_to_the_review() -> None:
    """All there is belongs to it."""
    text = "SELECT ?f WHERE { ?f a evi:Finding ; evi:review ?review ; evi:effect ?e . ?review evi:flow ?x }"
    assert bound(text, "?review") == "SELECT ?f WHERE { ?f a evi:Finding  ; evi:effect ?e . ?review evi:flow ?x }"


def test_a_total_over_nothing_is_nought(shipped: Workspace) -> None:
    """Without a study, `of` what there is to count is 0 and no row less."""
    counted = replace(
        queries.load(shipped, "questions"),
        columns=("n",),
        text="SELECT ?n { { SELECT ?review (COUNT(?s) AS ?n) { ?s evi:review ?review } GROUP BY ?review } }",
    )
    counted = replace(counted, text="PREFIX evi: <https://w3id.org/evigraph/ns#> " + counted.text)
    assert queries.run(EmbeddedStore(review="https://example.org/none/review"), counted).rows == [(0,)]


def test_queries_of_ones_own_that_have_the_variable_otherwise_stay(shipped: Workspace) -> None:
    """A column `review`, or a value that the text gives it, is the query's own."""
    query = queries.load(shipped, "questions")
    for own in (
        replace(query, columns=("review", "notation")),
        replace(query, text="SELECT ?n WHERE { VALUES ?review { 1 } }"),
        replace(query, text="SELECT ?n WHERE { BIND(1 AS ?review) }"),
        replace(query, text="SELECT ?n WHERE { ?s ?p ?n }"),
    ):
        assert not queries.scoped(own)
        assert queries.sparql(own, {}, IRI) == own.text


def test_the_text_as_it_stands_is_of_all_reviews(reviews: list[Review]) -> None:
    """Whoever pastes it into another endpoint gets the rows of each, none of which joins two."""
    many = EmbeddedStore()
    for _, _, text in reviews:
        many.load(text)
    shipped = reviews[0][1]
    for name in ("coverage", "findings", "question-of-section", "before-first-year", "questions"):
        query = queries.load(shipped, name)
        alone = []
        for base, _, _ in reviews:
            many.review = f"{base}review"
            alone += queries.run(many, query).rows
        many.review = ""
        assert set(queries.run(many, query).rows) == set(alone), name
