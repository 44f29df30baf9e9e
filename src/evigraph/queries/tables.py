"""Rows that a store gives for a canned query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from evigraph import ontology
from evigraph.errors import QueryError, UsageError
from evigraph.paths import SHIPPED
from evigraph.queries import retracted
from evigraph.queries.query_files import Query, parse, sparql
from evigraph.queries.rows import Cell, Solved, Table, cell, folded, folding
from evigraph.queries.scoping import at_hand

if TYPE_CHECKING:
    from evigraph.store import Store

_SAID = "question stance effect modality concerns stakeholder informant outcome benefit drawback year"
_ROLES = "population intervention comparator measure country design theme sampleSize"
SIDES = tuple(f"{_SAID} {_ROLES}".split())
"""What a side of a table may be besides attributes: what findings and reports say, then roles of attributes."""


Ask = Callable[[Query, dict[str, str] | None], Table]
"""Whoever answers a canned query, given its arguments."""


SECONDS = 10.0
"""So long may a query of a workspace's own take, asked of a store in memory; those that ship are known to end."""


def run(
    store: Store,
    query: Query,
    arguments: dict[str, str] | None = None,
    ask: Ask | None = None,
    seconds: float = SECONDS,
) -> Table:
    """Ask a canned query and fold its solutions into rows; `ask` answers the queries that it gathers, if given.

    A query of the workspace's own has so many `seconds`, in a process of its own; with 0 it takes its time.

    Raises:
        QueryError: a column of the header isn't projected. UsageError: it doesn't take the arguments.
        TimeLimitError: it takes too long.
    """
    found = solved(store, query, arguments, seconds)
    elsewhere = None if retracted.left_out(arguments) else ask
    more = gathered(query, elsewhere or (lambda each, _: run(store, each)))
    rows = folded(folding(query), found) + more
    return Table(
        query.name, _named(query, arguments), rows, *((found, folding(query), len(more)) if query.adds else ())
    )


def gathered(query: Query, ask: Ask) -> list[tuple[Cell, ...]]:
    """The rows of the queries that a query gathers, as its own."""
    return [row for path in query.gathered for row in _added(query, ask(parse(path), None))]


def solved(
    store: Store, query: Query, arguments: dict[str, str] | None = None, seconds: float = SECONDS, part: bool = False
) -> Solved:
    """The solutions of a canned query; of a `part` of the review, arguments are taken as they are.

    Raises:
        QueryError: a column of the header isn't projected. UsageError: it doesn't take the arguments.
        TimeLimitError: it takes too long.
    """
    from evigraph.store import select

    store = _timed(_near(retracted.of_arguments(store, arguments), query), query, seconds)
    asked = query
    if any(param.of_codebook for param in query.params) and any((arguments or {}).values()) and not part:
        names = attributes(store)
        asked = offered(query, names)
        _require_roles(store, query, arguments or {}, names)
    solutions = select(store, sparql(asked, arguments, at_hand(store)))
    missing = [name for name in (*query.columns, *query.group) if name not in solutions.variables]
    if missing:
        raise QueryError(f"{query.path}: `{missing[0]}` is in the header but not projected", missing)
    return Solved(tuple(solutions.variables), [tuple(map(cell, row)) for row in solutions.rows])


def _near(store: Store, query: Query) -> Store:
    """The store, or for a query of sides a copy of one that is a server's.

    Virtuoso 7 takes what one branch of a UNION leaves open for bound after it, and such a query has many branches.
    """
    sided = any(param.type == "side" for param in query.params)
    return store.without(()) if sided and hasattr(store, "held") else store


def _timed(store: Store, query: Query, seconds: float) -> Store:
    from evigraph.store import EmbeddedStore, timed

    own = not query.path.is_relative_to(SHIPPED)
    if own and seconds and isinstance(store, EmbeddedStore) and timed.can_end():
        return timed.TimedStore(store, seconds, query.name)
    return store


def _named(query: Query, arguments: dict[str, str] | None) -> tuple[str, ...]:
    """The columns, of which one that is called like the usual `unit` is called like the unit that is asked for."""
    usual = next((param.default for param in query.params if param.name == "unit"), "")
    return tuple((arguments or {}).get("unit", usual) if name == usual else name for name in query.columns)


def attributes(store: Store) -> tuple[str, ...]:
    """The attributes that the studies of the review at hand are coded with, by name."""
    from evigraph.store import select

    review = getattr(store, "review", "")  # alone in its store, all are the review's
    within = f"?holder <{ontology.term('characteristic')}> ?node ; <{ontology.term('review')}> <{review}>"
    found = select(
        store,
        f"SELECT DISTINCT ?name WHERE {{ ?node <{ontology.term('attribute')}> ?name . {within if review else ''} }}",
    )
    return tuple(sorted(str(cell(row[0])) for row in found.rows))


def offered(query: Query, names: tuple[str, ...]) -> Query:
    """The query with the attributes of those names as what its parameters of attributes may be.

    Raises:
        UsageError: the query takes an attribute, and there is none.
    """
    if not any(param.of_codebook for param in query.params):
        return query
    if not names and any(param.type == "attribute" for param in query.params):
        raise UsageError(
            f"{query.name} is of attributes of studies, and none is coded yet; `evigraph sheet` begins one"
        )
    known = {"attribute": names, "side": (*names, *(each for each in SIDES if each not in names))}
    params = (replace(param, enumeration=known.get(param.type, param.enumeration)) for param in query.params)
    return replace(query, params=tuple(params))


def _require_roles(store: Store, query: Query, arguments: dict[str, str], names: tuple[str, ...]) -> None:
    """A side that is a role has to be that of some attribute, where there are any.

    Raises:
        UsageError: no attribute has it; the line names the roles that are there.
    """
    sides = [param.name for param in query.params if param.type == "side"]
    wanted = {value for name, value in arguments.items() if name.replace("_", "-") in sides}
    if not wanted.intersection(_ROLES.split()) - set(names):
        return
    from evigraph.store import select

    review = getattr(store, "review", "")
    within = f" ; <{ontology.term('review')}> <{review}>" if review else ""
    found = select(store, f"SELECT DISTINCT ?role WHERE {{ ?declared <{ontology.term('role')}> ?role{within} }}")
    there = {str(cell(row[0])) for row in found.rows}
    for role in sorted(wanted.intersection(_ROLES.split()) - set(names) - there) if names or there else ():
        known = f"; roles that some has: {', '.join(sorted(there))}" if there else ""
        raise UsageError(f"{query.name}: no attribute has the role {role}; give one `role: {role}`{known}", role)


def require_given(query: Query, arguments: dict[str, str], known: Callable[[], tuple[str, ...]]) -> None:
    """Whoever asks has to say what the query can't do without; `known` tells the attributes, where one is missing.

    Raises:
        UsageError: a parameter is missing; the line names what it may be.
    """
    given = {name.replace("_", "-") for name, value in arguments.items() if value}
    missing = next((param.name for param in query.params if param.required and param.name not in given), None)
    if missing:
        allowed = next(param.enumeration for param in offered(query, known()).params if param.name == missing)
        raise UsageError(f"{query.name} needs -p {missing}=…, one of {', '.join(allowed)}", missing)


def _added(query: Query, table: Table) -> list[tuple[Cell, ...]]:
    fixed: dict[str, Cell] = {"origin": "computed", "kind": table.name}
    records = (fixed | dict(zip(table.columns, row, strict=True)) for row in table.rows)
    return [tuple(record[column] for column in query.columns) for record in records]
