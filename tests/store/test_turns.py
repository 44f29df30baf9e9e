"""Whose turn it is at the workers: by address, and what is quick never waits for what is long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from evigraph.errors import BusyError, TimeLimitError, TooManyError
from evigraph.store.sandbox.evaluation import Request
from evigraph.store.sandbox.pool import CAN_FORK, QUICK_SECONDS, Limits, Pool
from evigraph.store.sandbox.turns import HALF_LIFE, REMEMBERED, Gate, Ledger

DATA = "".join(f'<urn:s{i}> <urn:p{i % 7}> "{i}" <urn:g> .\n' for i in range(300))
QUICK = Request("ASK { GRAPH ?g { ?s ?p ?o } }")
FOREVER = Request("SELECT (COUNT(*) AS ?n) { GRAPH ?x { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } }")
needs_fork = pytest.mark.skipif(not CAN_FORK, reason="this operating system can't fork")


async def order(entering: list[tuple[str, bool]], ledger: Ledger, inside: str = "") -> list[str]:
    """Who passes a gate of one slot after whom, if they come in that order while `inside` is in it."""
    gate, passed = Gate(1, 100, ledger), list[str]()
    await gate.enter(inside, 1)

    async def pass_through(who: str, first: bool) -> None:
        await gate.enter(who, 5, first)
        passed.append(who)
        await asyncio.sleep(0)
        gate.leave(who)

    waiting = [asyncio.ensure_future(pass_through(*each)) for each in entering]
    await asyncio.sleep(0)
    gate.leave(inside)
    await asyncio.gather(*waiting)
    return passed


def test_who_had_least_is_next() -> None:
    """Then who came first; and before all, who goes first."""
    ledger = Ledger()
    ledger.add("greedy", 10.0)
    ledger.add("modest", 1.0)
    entering = [("greedy", False), ("greedy", False), ("modest", False), ("new", False), ("greedy", True)]
    assert asyncio.run(order(entering, ledger)) == ["greedy", "new", "modest", "greedy", "greedy"]
    assert asyncio.run(order([("b", False), ("a", False), ("b", False)], Ledger())) == ["b", "a", "b"]


def test_what_somebody_had_is_forgotten() -> None:
    """Half of it in each half-life; and of too many, those who had least."""
    at = [0.0]
    ledger = Ledger(lambda: at[0])
    ledger.add("a", 8.0)
    at[0] = 2 * HALF_LIFE
    assert ledger.had("a") == pytest.approx(2.0)
    ledger.add("a", 1.0)
    assert (ledger.had("a"), ledger.had("b")) == (pytest.approx(3.0), 0.0)
    for number in range(REMEMBERED + 1):
        ledger.add(f"n{number}", 0.001)
    assert len(ledger._had) <= REMEMBERED
    assert ledger.had("a") == pytest.approx(3.0)


def test_who_goes_away_takes_no_turn() -> None:
    """Neither while it waits, nor at the moment at which its turn comes; and the slot isn't lost."""

    async def work() -> None:
        gate = Gate(1, 10, Ledger())
        await gate.enter("a", 1)
        gone, here = (asyncio.ensure_future(gate.enter(who, 5)) for who in ("b", "c"))
        await asyncio.sleep(0)
        gate.leave("a")  # it is the turn of b, which doesn't know yet
        gone.cancel()
        await asyncio.wait_for(here, 1)
        late = asyncio.ensure_future(gate.enter("d", 0.01))
        with pytest.raises(BusyError, match="in time"):
            await late
        gate.leave("c")
        assert gate.passes("e")
        assert not gate.passes("e")

    asyncio.run(work())


def test_one_address_doesnt_fill_the_queue() -> None:
    """Half of it at most; the other half is for others; then everybody is turned away."""

    async def work() -> list[type[BaseException]]:
        gate = Gate(1, 4, Ledger())
        await gate.enter("a", 1)
        coming = ["a", "a", "a", "b", "c", "d"]
        entering = [asyncio.ensure_future(gate.enter(who, 0.1)) for who in coming]
        return [type(each) for each in await asyncio.gather(*entering, return_exceptions=True) if each]

    kinds = asyncio.run(work())
    assert [kinds[2], kinds[5]] == [TooManyError, BusyError]
    assert TooManyError.http_status == 429
    assert kinds.count(BusyError) == 5


def with_pool(work: Callable[[Pool], Awaitable[Any]], **limits: Any) -> Any:
    """What `work` gives, with a pool that is closed after it."""

    async def run() -> Any:
        made = Pool(DATA.encode, Limits(**{"seconds": 2.0, "workers": 1, **limits}))
        await made.start()
        try:
            return await work(made)
        finally:
            made.hurry()
            await made.close()

    return asyncio.run(run())


@needs_fork
def test_eight_that_loop_leave_a_ninth_its_share() -> None:
    """What is quick is answered within a second; a long query runs for its whole time, and soon."""

    async def loop(made: Pool, ended: list[str]) -> None:
        while True:
            try:
                await made.ask(FOREVER, who="greedy")
            except BusyError:
                ended.append("busy")
                await asyncio.sleep(0.05)
            except TimeLimitError:
                ended.append("time")

    async def work(made: Pool) -> tuple[list[float], float, list[str]]:
        ended: list[str] = []
        attack = [asyncio.ensure_future(loop(made, ended)) for _ in range(8)]
        await asyncio.sleep(1)
        quick = []
        for _ in range(8):
            began = time.monotonic()
            await made.ask(QUICK, who="ninth")
            quick.append(time.monotonic() - began)
        began = time.monotonic()
        with pytest.raises(TimeLimitError):
            await made.ask(FOREVER, who="ninth")
        long = time.monotonic() - began
        for each in attack:
            each.cancel()
        return quick, long, ended

    quick, long, ended = with_pool(work)
    assert max(quick) < QUICK_SECONDS + 1
    assert 2.0 <= long < 2.0 + 2.0 + QUICK_SECONDS + 1.5
    assert "time" in ended


@needs_fork
def test_a_long_query_goes_on_where_nobody_else_asks() -> None:
    """It isn't begun twice: one worker answers it, for as long as it may take."""

    async def work(made: Pool) -> float:
        began = time.monotonic()
        with pytest.raises(TimeLimitError):
            await made.ask(FOREVER)
        return time.monotonic() - began

    assert with_pool(work, seconds=1.5) == pytest.approx(1.5, abs=0.4)


@needs_fork
def test_a_server_that_stops_keeps_nobody() -> None:
    """Whoever is answered, waits for a worker, or waits for a long turn, is told at once."""

    async def work(made: Pool) -> tuple[list[Any], float]:
        asked = [asyncio.ensure_future(made.ask(FOREVER, who=str(number))) for number in range(6)]
        await asyncio.sleep(QUICK_SECONDS + 0.4)
        began = time.monotonic()
        made.hurry()
        return await asyncio.gather(*asked, return_exceptions=True), time.monotonic() - began

    told, took = with_pool(work, seconds=30.0)
    assert {(type(each), str(each)) for each in told} == {(BusyError, "the server is stopping; ask again in a moment")}
    assert took < 1.0
