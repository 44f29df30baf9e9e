"""What a request asks of canned queries: which one, with which arguments, and whether its rows can be opened."""

from __future__ import annotations

import difflib

from starlette.requests import Request

from evigraph.errors import EvigraphError, NotFoundError, UsageError
from evigraph.queries import Query, Table
from evigraph.reports import row_sources
from evigraph.store import EmbeddedStore
from evigraph.web.live import Snapshot


def arguments_of(request: Request) -> dict[str, str]:
    """The parameters of a canned query, from the address.

    Raises:
        UsageError: one is given twice.
    """
    pairs = request.query_params.multi_items()
    given = dict(pairs)
    if len(given) < len(pairs):
        raise UsageError("a parameter is given twice; give it once")
    return given


def named(snapshot: Snapshot, name: str) -> Query:
    """The canned query of that name.

    Raises:
        NotFoundError: there is none.
    """
    if name not in snapshot.queries:
        near = difflib.get_close_matches(name[:60], list(snapshot.queries), 1)
        mend = f"did you mean `{near[0]}`?" if near else "/run/ lists all"
        raise NotFoundError(f"no query is called `{name[:60]}`; {mend}", name)
    return snapshot.queries[name]


def traceable(
    snapshot: Snapshot, query: Query, arguments: dict[str, str], table: Table, store: EmbeddedStore | None = None
) -> bool:
    """Whether the rows rest on findings or other records that can be named; without a store, in the records alone."""
    asked = store or snapshot.store

    def make() -> bool:
        try:
            if not table.rows or query.rests:
                return bool(table.rows)
            return bool(row_sources.of_row(snapshot.workspace, asked, query, arguments, table, 1))
        except EvigraphError:
            return False

    plain = asked is snapshot.store
    return snapshot.once(("traceable", query.name, tuple(sorted(arguments.items())), plain), make)
