"""A review asked without its retracted studies: their documents' graphs are left out, and no query's text changes.

What is retracted is what the canned query `retracted` says, in one place. Records of searches stay, for they were
found and screened; so do syntheses, for people wrote them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from evigraph import ontology
from evigraph.data import direct
from evigraph.errors import UsageError
from evigraph.paths import SHIPPED
from evigraph.queries.parameters import WITHOUT
from evigraph.queries.query_files import parse, sparql
from evigraph.queries.scoping import at_hand

if TYPE_CHECKING:
    from evigraph.store import Store

MEANT = ("retraction", "called retracted")
"""What `retracted` tells of a report that makes its study one to be left out; a correction or a doubt doesn't."""

ADVICE = "`-p without-retracted=yes` of any query shows what stands without it"


def left_out(arguments: Mapping[str, str] | None) -> bool:
    """Whether the arguments of a query ask for the review without its retracted studies."""
    return any(name.replace("_", "-") == WITHOUT.name and value == "yes" for name, value in (arguments or {}).items())


def of_arguments(store: Store, arguments: Mapping[str, str] | None) -> Store:
    """The store that a query with these arguments is asked of."""
    return without(store) if left_out(arguments) else store


def studies(store: Store) -> dict[str, str]:
    """The labels of the retracted studies of the review at hand, by their IRIs, in order."""
    from evigraph.store import select

    query = parse(SHIPPED / "queries" / "counts" / "retracted.rq")
    found = select(store, sparql(query, {}, at_hand(store)))
    place = {name: i for i, name in enumerate(found.variables)}
    told = ((str(getattr(row[place[name]], "value", "")) for name in ("what", "s", "study")) for row in found.rows)
    return dict(sorted(((iri, label) for what, iri, label in told if what in MEANT), key=lambda each: each[1]))


def included(rows: Iterable[tuple[object, ...]]) -> dict[str, str]:
    """Why each included study is retracted, by its label, as the rows of `retracted` tell."""
    told: dict[str, str] = {}
    for study, report, what, notice, date, inside in rows:
        if what in MEANT and inside == "yes":
            said = f"by “{notice}”" if what == MEANT[0] else f"as {notice} says"
            told.setdefault(str(study), f"“{report}” was retracted, {said}{f' ({date})' if date else ''}")
    return told


def without(store: Store) -> Store:
    """The same review without its retracted studies; the store itself where it has none.

    Raises:
        UsageError: the store doesn't hold each document in a graph of its own. StoreError: a remote one fails.
    """
    from evigraph.store import select

    if not (named := studies(store)):
        return store
    iris = ", ".join(f"<{iri}>" for iri in named)
    text = f"SELECT DISTINCT ?g ?s WHERE {{ GRAPH ?g {{ ?s <{ontology.term('report')}> ?r }} FILTER(?s IN ({iris})) }}"
    rows = [[str(getattr(term, "value", "")) for term in row] for row in select(store, text).rows]
    if {study for _, study in rows} != set(named):
        mend = "load the review with `evigraph build --store`"
        raise UsageError(f"{WITHOUT.name} needs a graph of its own for each study, which this store lacks; {mend}")
    graphs = {graph for graph, _ in rows}
    return store.without(graphs | {direct.beside(graph) for graph in graphs})
