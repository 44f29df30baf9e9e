"""Canned queries: their headers, their rows, and another engine that gives the same."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import rdflib

from evigraph import queries
from evigraph.errors import QueryError, UsageError
from evigraph.paths import SHIPPED, Workspace, find_workspace
from evigraph.queries import Table
from evigraph.reports import table_formats
from evigraph.store import IRI, EmbeddedStore, Literal, Solutions

GOLDEN = Path(__file__).parents[1] / "golden"
NAMES = sorted(query.name for query in queries.load_all(find_workspace(SHIPPED)))
COLUMNS = {
    "table-1": "stage step summary",
    "table-2": "outcome measurement assessment course source",
    "table-3": "stakeholder benefit sources",
    "table-4": "stakeholder drawback sources",
    "table-5": "increasing decreasing methodology tool source",
    "stakeholder-counts": "stakeholder studies",
    "publications-by-year": "year studies",
    "publications-by-country": "country studies share",
    "content-focus": "focus studies sources",
    "flow": "step count",
    "characteristics": "study attribute value state places",
    "by-attribute": "value studies share",
    "study-values": "study value state code",
    "crosstab": "row column studies",
    "gap-map": "row row_label column column_label study study_label direction finding",
    "unused-codes": "attribute code",
    "effects": "study year outcome instrument time group1 group2 measure yi vi sei ci_lb ci_ub ni "
    "n1i m1i sd1i x1i n2i m2i sd2i x2i source",
    "conflicts": "study outcome quantity unit values",
    "records": "stage verdict records",
    "retracted": "study report what notice date included",
    "directions": "question stance studies findings",
    "answers": "study stance condition effect stakeholders statement locator",
    "effects-by-outcome": "outcome stakeholder effect studies findings",
    "appraisals": "about tool outcome time domain judgement support",
    "syntheses": "question stance condition statement method limitations based places",
    **{f"rq-{n}": "study stance effect stakeholders statement locator" for n in range(1, 10)},
    **{f"goal-{n}": "study stance effect stakeholders statement locator" for n in range(1, 4)},
}


def asked(file: Path) -> tuple[str, dict[str, str]]:
    """A golden file's name tells the query and its arguments."""
    name, *pairs = file.stem.split(",")
    return name, dict(pair.split("=", 1) for pair in pairs)  # type: ignore[misc]


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.csv")), ids=lambda file: file.stem)
def test_rows_are_as_reviewed(shipped: Workspace, store: EmbeddedStore, file: Path) -> None:
    """Every query gives the rows that were read and found right."""
    name, arguments = asked(file)
    table = queries.run(store, queries.load(shipped, name), arguments)
    assert table_formats.as_csv(table, raw=True) == file.read_text("utf-8")


def test_every_public_query_has_its_columns(shipped: Workspace) -> None:
    """Names and columns are promises."""
    for name, columns in COLUMNS.items():
        assert queries.load(shipped, name).columns == tuple(columns.split())
        assert list(GOLDEN.glob(f"{name}.csv")) or list(GOLDEN.glob(f"{name},*.csv"))


class Rdflib:
    """rdflib's own SPARQL engine as a store."""

    def __init__(self, nquads: str) -> None:
        """Parse the quads."""
        self.graph = rdflib.Dataset(default_union=True)
        self.graph.parse(data=nquads, format="nquads")

    def query(self, sparql: str) -> Solutions:
        """The solutions as pyoxigraph terms."""
        result = self.graph.query(sparql)
        names = [str(variable) for variable in result.vars or []]
        return Solutions(names, [tuple(map(self._term, row)) for row in result])

    @staticmethod
    def _term(term: object) -> IRI | Literal | None:
        if isinstance(term, rdflib.Literal):
            datatype = str(term.datatype or "http://www.w3.org/2001/XMLSchema#string")
            return Literal(str(term), datatype=IRI(datatype))
        return None if term is None else IRI(str(term))


@cache
def rdflib_store(nquads: str) -> Rdflib:
    """Loaded once."""
    return Rdflib(nquads)


CODED = {
    "by-attribute": {"attribute": "design"},
    "study-values": {"attribute": "design"},
    "crosstab": {"rows": "country", "columns": "design"},
    "gap-map": {"rows": "question", "columns": "concerns"},
}
"""Attributes for the queries that can't do without."""


SLOW = {"by-attribute", "crosstab", "gap-map", "value-sources"}
"""What rdflib needs minutes for on a whole review; a small one is asked in `test_sides` and `test_publications`."""


@pytest.mark.thorough
@pytest.mark.parametrize("name", [name for name in NAMES if name not in SLOW])
def test_another_engine_gives_the_same_rows(shipped: Workspace, store: EmbeddedStore, nquads: str, name: str) -> None:
    """Every canned query, with every allowed argument, on rdflib."""
    query = queries.load(shipped, name)
    choices = [{p.name: v, **CODED.get(name, {})} for p in query.params for v in p.enumeration] or [CODED.get(name, {})]
    for arguments in choices:
        ours = queries.run(store, query, arguments)
        theirs = queries.run(rdflib_store(nquads), query, arguments)  # type: ignore[arg-type]
        assert theirs == ours


def test_every_query_says_what_it_is(shipped: Workspace) -> None:
    """A header has a summary that is a sentence, a description and an order."""
    for query in queries.load_all(shipped):
        assert query.summary.endswith("."), query.name
        assert query.description, query.name
        assert query.order, query.name
        assert not set(query.fold) - set(query.columns)


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("SELECT ?q { ?q a evi:Goal ; skos:prefLabel ?l }", ["evi", "skos"]),
        ("PREFIX evi: <https://example.org/> SELECT ?q { ?q a evi:Goal }", []),
        ("prefix\n  EVI : <https://example.org/> SELECT ?q { ?q a evi:Goal }", []),
        ("SELECT ?q { ?q a nobody:Goal . <https://example.org/evi:x> ?p ?o }", []),
        ("SELECT ?q { ?q evi:year 'skos' }", ["evi"]),
    ],
)
def test_prefixes_are_known(text: str, added: list[str]) -> None:
    """Those of the vocabulary that a query uses and doesn't declare; the lines stay as they were counted."""
    whole = queries.with_prefixes(text)
    assert whole.endswith(text)
    assert whole.count("\n") == text.count("\n")
    assert sorted(
        part.split()[1] for part in whole[: -len(text)].split("PREFIX")[1:] for part in [f"PREFIX {part}"]
    ) == [f"{name}:" for name in added]


def test_a_wrong_name_suggests_the_right_one(shipped: Workspace) -> None:
    """A typing slip is answered with a name."""
    with pytest.raises(UsageError, match="did you mean `table-3`"):
        queries.load(shipped, "tabel-3")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"basis": "x"}, "choose one of benefits"), ({"bases": "benefits"}, "has no parameter `bases`; it takes: basis")],
)
def test_a_wrong_argument(shipped: Workspace, arguments: dict[str, str], message: str) -> None:
    """Values and names of parameters are checked."""
    with pytest.raises(UsageError, match=message):
        queries.sparql(queries.load(shipped, "stakeholder-counts"), arguments)


HEADER = "#+ summary: S.\n#+ columns: [x]\n#+ params: {who: {type: string, default: a}}\n"


def test_an_argument_is_a_term_and_never_text(tmp_path: Path, store: EmbeddedStore) -> None:
    """What looks like SPARQL stays a literal."""
    path = tmp_path / "p.rq"
    path.write_text(HEADER + 'SELECT ?x WHERE { VALUES ?who { "a" } BIND(?who AS ?x) }', "utf-8")
    for hostile in ('" } BIND(1 AS ?y) #', "\\", "\n", "'", "é\u2028", '"""', "} VALUES ?who { <x:y> "):
        assert queries.run(store, queries.parse(path), {"who": hostile}) == Table("p", ("x",), [(hostile,)])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("#+ summary: [\nSELECT", "can't be read"),
        ("#+ columns: [x]\nSELECT", "can't be read"),
        ("#+ summary: S\n#+ columns: [x]\n#+ colour: red\nSELECT", "can't be read"),
        (HEADER + "SELECT ?x { }", "no `VALUES \\?who"),
        ("#+ summary: S\n#+ columns: [x]\nSELECT ?x { ?x <https://w3id.org/evigraph/ns#nothing> 1 }", "evi:nothing"),
    ],
)
def test_a_wrong_header(tmp_path: Path, text: str, message: str) -> None:
    """A query file that can't be used is told with its path."""
    path = tmp_path / "q.rq"
    path.write_text(text, "utf-8")
    with pytest.raises(Exception, match=message):
        queries.parse(path)


def test_a_column_that_is_not_projected(tmp_path: Path, store: EmbeddedStore) -> None:
    """Header and SELECT must agree."""
    path = tmp_path / "q.rq"
    path.write_text("#+ summary: S\n#+ columns: [x, y]\nSELECT ?x { VALUES ?x { 1 } }", "utf-8")
    with pytest.raises(QueryError, match="`y` is in the header but not projected"):
        queries.run(store, queries.parse(path))


def test_a_workspaces_own_query_comes_first(tmp_path: Path) -> None:
    """A workspace may add and replace."""
    review = tmp_path / "data" / "mine"
    review.mkdir(parents=True)
    (review / "review.yaml").write_text("id: review\n", "utf-8")
    (tmp_path / "queries").mkdir()
    own = tmp_path / "queries" / "flow.rq"
    own.write_text("#+ summary: Mine.\n#+ columns: [x]\nSELECT ?x {}", "utf-8")
    workspace = find_workspace(tmp_path)
    assert queries.load(workspace, "flow").path == own
    assert queries.load(workspace, "findings").path.is_relative_to(SHIPPED)


def test_no_query_of_another_review_is_offered(tmp_path: Path) -> None:
    """What belongs to the shipped review lies in a folder of its name, and reaches no other."""
    review = tmp_path / "data" / "mine"
    review.mkdir(parents=True)
    (review / "review.yaml").write_text("id: review\n", "utf-8")
    theirs = {path.stem for path in (SHIPPED / "queries" / "micro-credentials").rglob("*.rq")}
    assert len(theirs) > 20
    assert not theirs & set(queries.query_files(find_workspace(tmp_path)))
