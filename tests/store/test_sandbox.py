"""Queries in processes that can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph as ox
import pytest

from evigraph.errors import BusyError, EvigraphError, LimitError, QueryError, TimeLimitError, WorkerError
from evigraph.store.sandbox import pool
from evigraph.store.sandbox.evaluation import GRAPHS, RESULTS, Request, TooLargeError, evaluate
from evigraph.store.sandbox.pool import Limits, Pool

T = TypeVar("T")
DATA = b"".join(b'<urn:s%d> <urn:p> "%d" <urn:g%d> .\n' % (i, i, i % 2) for i in range(300))
FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
needs_fork = pytest.mark.skipif(not pool.CAN_FORK, reason="this operating system can't fork")


def with_pool(work: Callable[[Pool], Awaitable[T]], data: bytes = DATA, **limits: Any) -> T:
    """What `work` gives, with a pool that is closed after it."""

    async def run() -> T:
        made = Pool(lambda: data, Limits(**{"seconds": 10.0, "workers": 1, **limits}))
        await made.start()
        try:
            return await work(made)
        finally:
            await made.close()

    return asyncio.run(run())


def answers(made: Pool) -> Awaitable[bytes]:
    """A question that must have 300 as its answer."""
    return made.ask(Request(COUNT, "csv"))


@pytest.fixture(scope="module")
def small() -> ox.Store:
    """A store of 300 quads in two graphs."""
    store = ox.Store()
    store.bulk_load(DATA, format=ox.RdfFormat.N_QUADS)
    return store


@pytest.mark.parametrize("syntax", RESULTS)
def test_rows_in_every_syntax(small: ox.Store, syntax: str) -> None:
    """They are what the engine itself writes, although they are counted on their way."""
    text = """SELECT ?s ?x { <urn:s1> ?p ?o BIND(<urn:s1> AS ?s)
      VALUES ?x { "a\\tb\\n\\"\\\\"@en 1 1.50 1e0 true UNDEF "é😀" "" <urn:x> } } ORDER BY ?x"""
    straight = small.query(text, use_default_graph_as_union=True).serialize(format=RESULTS[syntax])
    assert evaluate(small, Request(text, syntax)) == straight


@pytest.mark.parametrize("syntax", GRAPHS)
def test_triples_in_every_syntax(small: ox.Store, syntax: str) -> None:
    """A graph comes out whole."""
    body = evaluate(small, Request("CONSTRUCT WHERE { ?s ?p ?o }", syntax))
    assert len(list(ox.parse(body, format=GRAPHS[syntax]))) == 300


@pytest.mark.parametrize(
    ("given", "kind"), [({"rows": 299}, "rows"), ({"size": 2000}, "bytes"), ({"size": 9000, "syntax": "xml"}, "bytes")]
)
@pytest.mark.parametrize("text", ["SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_an_answer_is_whole_or_none(small: ox.Store, text: str, given: dict[str, Any], kind: str) -> None:
    """One row or byte too many, and nothing comes."""
    if text.startswith("CONSTRUCT"):
        given = {**given, "syntax": "rdfxml"}
    with pytest.raises(TooLargeError, match=kind):
        evaluate(small, Request(text, **given))


def test_as_many_rows_as_allowed(small: ox.Store) -> None:
    """The limit itself is allowed."""
    assert evaluate(small, Request("SELECT * { ?s ?p ?o }", "csv", rows=300)).count(b"\n") == 301
    assert evaluate(small, Request("CONSTRUCT WHERE { ?s ?p ?o }", "ntriples", rows=300)).count(b"\n") == 300


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({}, 300),
        ({"default_graphs": ("urn:g0",)}, 150),
        ({"default_graphs": ("urn:g0", "urn:g1")}, 300),
        ({"named_graphs": ("urn:g0",)}, 0),
        ({"union": False}, 0),
    ],
)
def test_the_dataset(small: ox.Store, given: dict[str, Any], count: int) -> None:
    """Without one it is the union; the one that is given goes before what the text says."""
    assert evaluate(small, Request(COUNT, "csv", **given)).split()[1] == b"%d" % count


def test_a_given_dataset_overrides_from(small: ox.Store) -> None:
    """As the protocol says."""
    text = "SELECT (COUNT(*) AS ?n) FROM <urn:g0> { ?s ?p ?o }"
    assert evaluate(small, Request(text, "csv", union=False)).split()[1] == b"150"
    assert evaluate(small, Request(text, "csv", default_graphs=("urn:none",))).split()[1] == b"0"


def test_named_graphs_are_those_given(small: ox.Store) -> None:
    """GRAPH finds nothing else."""
    text = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert evaluate(small, Request(text, "csv", named_graphs=("urn:g1",))).split()[1] == b"150"
    assert evaluate(small, Request(text, "csv", default_graphs=("urn:g1",))).split()[1] == b"0"


@needs_fork
def test_a_worker_answers() -> None:
    """Again and again, and every worker of the pool."""

    async def work(made: Pool) -> list[bytes]:
        return await asyncio.gather(*(answers(made) for _ in range(20)))

    assert {body.split()[1] for body in with_pool(work, workers=3)} == {b"300"}


@needs_fork
@pytest.mark.parametrize(
    ("text", "limits", "error"),
    [
        (FOREVER, {"seconds": 0.3}, TimeLimitError),
        ("SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", {"memory": 64 << 20}, LimitError),
        ("SELECT * { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }", {}, WorkerError),
        ("SELECT", {}, QueryError),
    ],
    ids=["time", "memory", "crash", "syntax"],
)
def test_a_bad_query_harms_nobody(text: str, limits: dict[str, Any], error: type[EvigraphError]) -> None:
    """It gets an error that says what happened, and the next one its answer."""

    async def work(made: Pool) -> bytes:
        with pytest.raises(error):
            await made.ask(Request(text))
        return await answers(made)

    assert with_pool(work, **limits).split()[1] == b"300"


@needs_fork
@pytest.mark.parametrize("which", ["worker", "parent"])
def test_a_killed_process_is_replaced(which: str) -> None:
    """Also the one that holds the graph; whoever asks next doesn't notice."""

    async def work(made: Pool) -> bytes:
        worker = made._idle.get_nowait()
        made._idle.put_nowait(worker)
        parent = made._parent._process
        assert parent is not None
        killed = worker.pid if which == "worker" else parent.pid
        os.kill(killed, signal.SIGKILL)
        for _ in range(100):  # on a busy machine it takes its time
            await asyncio.sleep(0.2)
            if not Path(f"/proc/{killed}").exists():
                break
        return await answers(made)

    assert with_pool(work).split()[1] == b"300"


@needs_fork
def test_too_many_are_turned_away() -> None:
    """At once, and those who wait longer than a query may take too."""

    async def work(made: Pool) -> list[Any]:
        asked = [asyncio.ensure_future(made.ask(Request(FOREVER))) for _ in range(4)]
        return await asyncio.gather(*asked, return_exceptions=True)

    found = with_pool(work, seconds=0.4, waiting=2)
    assert sum(isinstance(each, BusyError) for each in found) >= 1
    assert all(isinstance(each, BusyError | TimeLimitError) for each in found)


@needs_fork
def test_no_worker_opens_a_socket() -> None:
    """Even a call that the guard would let pass goes nowhere; only a worker that may go out makes it."""

    async def work(made: Pool, port: int, goes_out: bool) -> str:
        with pytest.raises(EvigraphError) as caught:
            await made.ask(Request(f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"), goes_out)
        return str(caught.value)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        port = listening.getsockname()[1]
        assert "Too many open files" in with_pool(lambda made: work(made, port, False))
        with pytest.raises(TimeoutError):
            listening.accept()
        with_pool(lambda made: work(made, port, True), seconds=0.5)
        listening.accept()[0].close()


@needs_fork
def test_no_process_is_left() -> None:
    """A closed pool has ended all its processes."""

    async def work(made: Pool) -> list[int]:
        parent = made._parent._process
        assert parent is not None
        return [parent.pid, made._idle.get_nowait().pid]

    for pid in with_pool(work):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@needs_fork
def test_workers_get_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token of the server is not in the environment of its workers."""
    monkeypatch.setenv("EVIGRAPH_TOKEN", "a-secret-that-nobody-knows")

    async def work(made: Pool) -> bytes:
        parent = made._parent._process
        assert parent is not None
        try:
            with open(f"/proc/{parent.pid}/environ", "rb") as environment:
                return environment.read()
        except FileNotFoundError:
            pytest.skip("this operating system has no /proc")

    assert b"nobody-knows" not in with_pool(work)


@needs_fork
def test_an_update_spoils_nothing() -> None:
    """It is carried out on a copy, and gives the graphs that it changes as they would be."""

    async def work(made: Pool) -> tuple[bytes, bytes]:
        text = "DELETE WHERE { GRAPH <urn:g0> { ?s ?p ?o } } ; INSERT DATA { GRAPH <urn:new> { <urn:a> <urn:b> 1 } }"
        changed = await made.ask(Request(text, update=True))
        return changed, await answers(made)

    changed, after = with_pool(work)
    number = b'"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert changed == b"# <urn:g0>\n<urn:a> <urn:b> " + number + b" <urn:new> .\n"
    assert after.split()[1] == b"300"
