"""From a cell to the findings behind it, from a study to what rests on it, from a place to what was coded there."""

from __future__ import annotations

import re

from evigraph import ontology, queries
from evigraph.errors import UsageError
from evigraph.paths import Workspace
from evigraph.queries import Query, Table
from evigraph.reports import row_sources
from evigraph.store import IRI, Literal, Store, select

COLUMNS = ("study", "cited", "locator", "stance", "effect", "statement", "coding")


def findings(workspace: Workspace, store: Store) -> Table:
    """Every finding as the query `findings` gives it."""
    return queries.run(store, queries.load(workspace, "findings"))


def of_records(workspace: Workspace, store: Store, name: str, iris: list[str]) -> Table:
    """The findings among the records, or of the studies among them; other records by their labels and places.

    A study without a finding stands for itself, so that a count of studies opens to as many.
    """
    every = findings(workspace, store)
    place = {column: i for i, column in enumerate(every.columns)}
    given, studies = set(iris), {iri for iri in iris if "/study/" in iri}
    of = _studies(store) if studies else {}
    rows = [r for r in every.rows if r[place["finding"]] in given or of.get(str(r[place["finding"]])) in studies]
    told = [tuple(r[place[column]] for column in COLUMNS) for r in rows]
    bare = studies - {of.get(str(r[place["finding"]]), "") for r in rows}
    rest = [iri for iri in iris if not rows or iri in bare]
    return Table(name, COLUMNS, [*told, *(_record(store, iri) for iri in rest)])


def _studies(store: Store) -> dict[str, str]:
    """The study of each finding, by their IRIs."""
    answer = select(store, f"SELECT ?finding ?study WHERE {{ ?finding <{ontology.term('fromStudy')}> ?study }}")
    return {str(queries.cell(finding)): str(queries.cell(study)) for finding, study in answer.rows}


def _record(store: Store, iri: str) -> tuple[queries.Cell, ...]:
    solutions = select(store, _RECORD.replace("?record", str(IRI(iri))))
    label, where, said, attribute, value, state = (queries.cell(term) for term in solutions.rows[0])
    if attribute:
        said = f"{attribute}: {state if value is None else value}"
    return label or iri, "", where, "", "", said, ""


_PREFIXES = """PREFIX evi: <https://w3id.org/evigraph/ns#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_RECORD = (
    _PREFIXES
    + """SELECT ?label ?place ?text ?attribute ?value ?state WHERE {
  OPTIONAL {
    ?record skos:prefLabel|evi:printed|^evi:characteristic/(skos:prefLabel|(^evi:appraisal|^evi:result)/skos:prefLabel)
      |^evi:characteristic/evi:fromStudy/skos:prefLabel ?label }
  OPTIONAL { ?record evi:locatedAt/skos:prefLabel ?own }
  OPTIONAL { ?record ^evi:characteristic/evi:locatedAt/skos:prefLabel ?its }
  BIND(COALESCE(?own, ?its) AS ?place)
  OPTIONAL { ?record evi:inclusion/evi:basis|evi:basis|evi:text|skos:definition|dcterms:title|evi:count ?text }
  OPTIONAL {
    ?record evi:attribute ?attribute ; evi:state ?code . BIND(REPLACE(STRAFTER(STR(?code), "#"), "-", " ") AS ?state)
    OPTIONAL { ?record evi:concept/skos:prefLabel ?coded }
    OPTIONAL { ?record evi:text ?words }
    OPTIONAL { ?record evi:value ?number }
    BIND(COALESCE(?coded, ?words, REPLACE(STR(?number), "[.]0$", "")) AS ?value)
  }
}"""
)
_NAMED = (
    _PREFIXES
    + """SELECT DISTINCT ?node WHERE {
  ?node a ?type .
  OPTIONAL { ?node skos:prefLabel ?label }
  FILTER(STR(?node) = ?name || STRENDS(STR(?node), CONCAT("/", ?name)) || STR(?label) = ?name)
  VALUES ?name { "" }
}
ORDER BY ?node"""
)
_RESTS = (
    _PREFIXES
    + """SELECT DISTINCT ?node WHERE {
  { ?node evi:fromStudy|evi:locatedAt|evi:citedAs|evi:benefit|evi:drawback|evi:focus|evi:concept ?record }
  UNION { ?node evi:concerns|evi:informant|evi:answers ?record }
  UNION { ?node evi:citedAs/evi:resolvesTo/^evi:report ?record }
  UNION { ?node evi:citedAs/evi:resolvesTo ?record }
  UNION { ?node evi:fromStudy/evi:report ?record }
  UNION { ?node evi:fromStudy ?any . FILTER(?node = ?record) }
  UNION { ?node evi:mentionedAt|evi:between|evi:statedAt|evi:basedOn ?record }
}
ORDER BY ?node"""
)


def named(store: Store, name: str) -> str:
    """The IRI of the record that a key, a label or an IRI names.

    Raises:
        UsageError: nothing is called that, or several records are.
    """
    key = re.sub(r"^((?:RQ|Goal |[A-Z])[^/]*? ?P\d+ S\d+|Table \d.*)$", lambda m: m[1].replace(" ", "-"), name)
    base = str(getattr(store, "review", "")).removesuffix("review")  # empty where a store has one review only
    found: list[str] = []
    for word in dict.fromkeys([f"locator/{key}", f"study/{name}", name]):
        text = _NAMED.replace('VALUES ?name { "" }', f"VALUES ?name {{ {Literal(word)} }}")
        every = (str(queries.cell(row[0])) for row in select(store, text).rows)
        found = [iri for iri in every if iri.startswith(base)]
        if found:
            break
    if not found:
        raise UsageError(
            f"no query, study, place or record is called `{name}`; `evigraph run --list` shows the queries"
        )
    if len(found) > 1:
        raise UsageError(f"`{name}` names {len(found)} records, such as {found[0]} and {found[1]}; give one IRI")
    return found[0]


def resting_on(workspace: Workspace, store: Store, name: str) -> Table:
    """What rests on a study, a place or any other record: findings first, then whatever else points to it.

    Raises:
        UsageError: nothing is called that.
    """
    iri = named(store, name)
    iris = [str(queries.cell(row[0])) for row in select(store, _RESTS.replace("?record", str(IRI(iri)))).rows]
    every = findings(workspace, store)
    place = {column: i for i, column in enumerate(every.columns)}
    rows = [tuple(row[place[column]] for column in COLUMNS) for row in every.rows if row[0] in iris]
    coded = {str(row[0]) for row in every.rows}
    rows += [_record(store, each) for each in iris if each not in coded]
    return Table(name, COLUMNS, rows or [_record(store, iri)])


def _nothing(query: Query, table: Table, row: int) -> str:
    """What a row says whose counts are all 0, since nothing lies behind it; empty for any other row."""
    cells = dict(zip(table.columns, table.rows[row - 1], strict=True))
    counts = {
        name: cell for name, cell in cells.items() if isinstance(cell, int | float) and not isinstance(cell, bool)
    }
    if not counts or any(counts.values()):
        return ""
    said = " and ".join(f"the {name} `{cell}`" for name, cell in cells.items() if name not in counts)
    return f"None of the {next(iter(counts))} of {query.name} has {said}."


def trace(workspace: Workspace, store: Store, name: str, row: int, column: str, arguments: dict[str, str]) -> Table:
    """The evidence behind a row or a cell of a canned query.

    Raises:
        UsageError: there is no such query, row or column, or the row is computed by another query.
    """
    query = queries.load(workspace, name)
    queries.require_given(query, arguments, lambda: queries.attributes(store))
    store = queries.retracted.of_arguments(store, arguments)
    table = queries.run(store, query, arguments)
    iris = row_sources.of_row(workspace, store, query, arguments, table, row, column)
    if not iris and (nothing := _nothing(query, table, row)):
        return Table(name, COLUMNS, [("", "", "", "", "", nothing, "")])
    if not iris:
        which = "comes from a query that it gathers" if query.gathers else "rests on no record that could be named"
        raise UsageError(f"row {row} of {name} {which}; trace another row", row)
    return of_records(workspace, store, name, iris)
