"""The review as read-only tools for an assistant (Model Context Protocol): the one module that knows mcp."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from evigraph import __version__, ontology, queries
from evigraph.errors import EvigraphError
from evigraph.paths import Workspace
from evigraph.queries import Table, build, retracted
from evigraph.reports import answer_sheet, table_formats, trace
from evigraph.store import Store
from evigraph.store.sandbox import guard
from evigraph.store.sandbox.evaluation import Request
from evigraph.store.sandbox.pool import Limits, Pool

INSTRUCTIONS = """These tools answer from one systematic review. Say what they say and no more: cite each statement by
its study and its place (the columns study, cited and locator), and tell apart stated, inferred and not reported. Begin
with list_queries; answer_sheet gathers everything on one question; evidence opens a row to the findings behind it."""
READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
ROWS = 500
"""The most rows of a free query; an assistant reads no more, and an answer is whole or none."""


class Tools:
    """What an assistant may ask. Each tool gives JSON that a person could check."""

    def __init__(self, workspace: Workspace) -> None:
        """Read the files; they are read again with every question, from the cache when they are the same."""
        self.workspace = workspace
        self.pool: Pool | None = None

    def list_queries(self) -> list[dict[str, Any]]:
        """Every canned query: its name, what it answers, its columns and its parameters with their allowed values."""
        names = build.attributes(self.workspace)
        return [
            {
                "name": query.name,
                "summary": query.summary,
                "columns": query.columns,
                "parameters": {p.name: {"default": p.default, "allowed": p.enumeration} for p in query.takes},
            }
            for found in queries.load_all(self.workspace)
            for query in [queries.offered(found, names) if names else found]
        ]

    def run_query(self, name: str, arguments: dict[str, str] | None = None, inferred: bool = False) -> dict[str, Any]:
        """The rows of a canned query, such as findings; list_queries tells their names and parameters.

        With inferred, it is asked of what a reasoner infers, too: who is a member of the classes that are defined.
        """
        if not inferred:
            return _rows(build.answer(self.workspace, name, arguments or {}))
        store, query = self._store(inferred), queries.load(self.workspace, name)
        queries.require_given(query, arguments or {}, lambda: queries.attributes(store))
        return _rows(queries.run(store, query, arguments))

    def evidence(
        self, name: str, row: int = 1, arguments: dict[str, str] | None = None, inferred: bool = False
    ) -> dict[str, Any]:
        """The findings behind one row of a canned query, each with its study, its citation and its place."""
        store = self._store(inferred)
        return _rows(trace.trace(self.workspace, store, name, row, "", arguments or {}))

    def _store(self, inferred: bool) -> Store:
        store = build.open_store(self.workspace)
        if inferred:
            from evigraph.checks.reasoning import inferences

            store.load(inferences.of_workspace(self.workspace))
        return store

    def study(self, key: str) -> dict[str, Any]:
        """Everything that rests on a study, a place of the text or another record, by its key, label or IRI."""
        return _rows(trace.resting_on(self.workspace, build.open_store(self.workspace), key))

    def answer_sheet(self, question: str, without_retracted: bool = False) -> dict[str, Any]:
        """What the review holds on a question or goal, by its notation, such as RQ1: who says what, and where."""
        store = build.open_store(self.workspace)
        store = retracted.without(store) if without_retracted else store
        sheet = answer_sheet.sheet(self.workspace, store, question)
        return dict(json.loads(answer_sheet.as_json(sheet)))

    def schema(self) -> dict[str, Any]:
        """The vocabulary of the graph: prefixes, classes, codes, and the keys of documents with their properties."""
        keys = {key.name: {"property": key.iri, "kind": key.kind} for key in ontology.keys().values()}
        return {"prefixes": ontology.prefixes(), "classes_and_codes": ontology.names(), "keys": keys}

    async def sparql(self, query: str) -> str:
        """The whole answer to any SPARQL 1.1 query, as SPARQL JSON or N-Triples; limits are errors that say so."""
        reading = guard.read(query)
        if reading.is_update:
            raise EvigraphError("nothing can be changed here; send a query")
        guard.require_allowed(reading)
        syntax = "ntriples" if reading.form in {"construct", "describe"} else "json"
        if self.pool is None:
            self.pool = Pool(lambda: build.nquads(self.workspace), Limits(workers=1, waiting=4))
            await self.pool.start()
        return (await self.pool.ask(Request(query, syntax, ROWS, 1 << 20, union=not reading.graphs))).decode()


def _rows(table: Table) -> dict[str, Any]:
    return {"columns": table.columns, "rows": json.loads(table_formats.as_json(table))}


def create(workspace: Workspace, free: bool = False) -> MCPServer[Any]:
    """A server of the tools; `free` adds SPARQL, guarded and isolated."""
    tools = Tools(workspace)

    @contextlib.asynccontextmanager
    async def lifespan(_server: MCPServer[Any]) -> AsyncIterator[None]:
        yield
        if tools.pool is not None:
            await tools.pool.close()

    server: MCPServer[Any] = MCPServer(
        "evigraph", instructions=INSTRUCTIONS, version=__version__, lifespan=lifespan, log_level="ERROR"
    )
    plain: list[Callable[..., Any]] = [tools.list_queries, tools.run_query, tools.evidence, tools.study]
    plain += [tools.answer_sheet, tools.schema]
    for tool in [*plain, *([tools.sparql] if free else [])]:
        server.add_tool(_told(tool), name=tool.__name__, annotations=READ_ONLY, structured_output=False)
    return server


def _told(tool: Callable[..., Any]) -> Callable[..., Awaitable[str]]:
    """The tool with its answer as a text, and our errors as its own."""
    import functools
    import inspect

    @functools.wraps(tool)
    async def asked(*args: Any, **kwargs: Any) -> str:
        try:
            found = tool(*args, **kwargs)
            found = await found if inspect.isawaitable(found) else found
        except EvigraphError as error:
            raise ToolError(str(error)) from None
        return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)

    return asked
