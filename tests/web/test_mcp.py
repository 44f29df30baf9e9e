"""The tools that an assistant gets."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

import pytest

pytest.importorskip("mcp", reason="needs the extra mcp")

from mcp import ClientSession, StdioServerParameters, stdio_client

from evigraph import queries
from evigraph.paths import SHIPPED, Workspace
from evigraph.store.sandbox.pool import CAN_FORK

TOOLS = {"list_queries", "run_query", "evidence", "study", "answer_sheet", "schema"}


def asked(*calls: tuple[str, dict[str, Any]], options: tuple[str, ...] = ()) -> tuple[Any, list[tuple[bool, str]]]:
    """The tools of a server, and whether each call failed, with its text; over a real process."""
    code = "import sys; from evigraph.cli import main; sys.argv[0] = 'evigraph'; main()"
    arguments = ["-c", code, "--workspace", str(SHIPPED), "mcp", *options]
    parameters = StdioServerParameters(command=sys.executable, args=arguments, env=dict(os.environ))

    async def run() -> tuple[Any, list[tuple[bool, str]]]:
        async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            found = []
            for name, given in calls:
                result = await session.call_tool(name, given)
                found.append((bool(result.is_error), "".join(part.text for part in result.content)))
            return tools, found

    return asyncio.run(run())


def test_the_tools(shipped: Workspace) -> None:
    """They are read-only and documented, answer as the command line does, and fail in one line."""
    tools, found = asked(
        ("list_queries", {}),
        ("run_query", {"name": "stakeholder-counts", "arguments": {"basis": "drawbacks"}}),
        ("evidence", {"name": "table-3", "row": 3}),
        ("study", {"key": "reeves-2017"}),
        ("answer_sheet", {"question": "RQ6"}),
        ("schema", {}),
        ("run_query", {"name": "tabel-3"}),
        ("study", {"key": "nobody-1900"}),
    )
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools)
    assert [failed for failed, _ in found] == [False] * 6 + [True] * 2
    assert {each["name"] for each in json.loads(found[0][1])} == set(queries.query_files(shipped))
    assert json.loads(found[1][1])["columns"] == ["stakeholder", "studies"]
    assert all(row["locator"] for row in json.loads(found[2][1])["rows"])
    assert "Reeves et al. (2017)" in found[3][1]
    assert "did you mean `table-3`" in found[6][1]


def test_free_queries_are_off() -> None:
    """Unless they are asked for."""
    _, found = asked(("sparql", {"query": "ASK {}"}))
    assert found[0][0]


@pytest.mark.skipif(not CAN_FORK, reason="this operating system can't fork")
def test_free_queries_are_guarded() -> None:
    """They may do what the endpoint's may, and nothing else."""
    tools, found = asked(
        ("sparql", {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}),
        ("sparql", {"query": "SELECT * { ?s ?p ?o }"}),
        ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}),
        ("sparql", {"query": "CLEAR ALL"}),
        options=("--free",),
    )
    assert {tool.name for tool in tools} == {*TOOLS, "sparql"}
    assert [failed for failed, _ in found] == [False, True, True, True]
    assert "more than 500 rows" in found[1][1]
    assert "not on this server's list" in found[2][1]
