"""Workers that answer untrusted queries, from the server's side: asked, timed, killed and replaced."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from evigraph.errors import BusyError, EvigraphError, MissingPartError, TimeLimitError
from evigraph.store.sandbox.evaluation import Request
from evigraph.store.sandbox.parent import Parent, Worker
from evigraph.store.sandbox.stint import GoneError, LongError, Stint, ended, raise_for
from evigraph.store.sandbox.turns import Gate, Ledger

QUICK_SECONDS = 0.5
"""What ends within that time never waits for what takes longer."""
STOPPING = "the server is stopping; ask again in a moment"
CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")


@dataclass(frozen=True)
class Limits:
    """What one untrusted query may take.

    Attributes:
        seconds: time, from asking a worker to the last byte. memory: bytes besides the graph. workers: how many long
        ones run at once; one worker more is kept for quick ones. waiting: how many more may wait, half of them of one
        address. uses: after so many queries a worker is replaced.
    """

    seconds: float = 10.0
    memory: int = 512 << 20
    workers: int = 2
    waiting: int = 32
    uses: int = 1000


class Pool:
    """Workers for one state of the graph.

    Each query begins at once where a worker is free. After half a second it goes on only if it is one of as many long
    ones as there may be; else it is ended, and begins anew when it is the turn of its address. So a worker is free for
    the next within half a second, whatever is asked.
    """

    def __init__(self, nquads: Callable[[], bytes], limits: Limits | None = None) -> None:
        """Prepare; `nquads` gives the graph whenever a parent process has to be started."""
        self.limits = limits or Limits()
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._parent = Parent(nquads, self.limits.memory)
        self._ledger = Ledger()
        self._all = Gate(self.limits.workers + 1, self.limits.waiting, self._ledger)
        self._long = Gate(self.limits.workers, self.limits.waiting, self._ledger)
        self._stints: set[Stint] = set()
        self._asked = 0
        self._closing = False
        self._spare: Worker | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the parent process and the workers.

        Raises:
            MissingPartError: this operating system can't fork. WorkerError: the parent doesn't start.
        """
        if not CAN_FORK:
            raise MissingPartError("free queries run in forked processes, which this system lacks; use canned ones")
        for _ in range(self.limits.workers + 1):
            self._idle.put_nowait(await self._parent.spawn())
        self._spare = await self._parent.spawn()

    async def ask(self, request: Request, goes_out: bool = False, who: str = "") -> bytes:
        """The whole answer to a request; `goes_out` gives it a worker of its own that may open sockets.

        An update gets a worker of its own too, since it spoils the worker's store. `who` is the address that asks, by
        which workers are shared; nothing is asked by us.

        Raises:
            QueryError: the query can't be parsed or evaluated. LimitError: its answer would be larger than allowed,
            or need more memory. TimeLimitError: it took too long. BusyError: too many are asked already.
            TooManyError: of the same address. WorkerError: the worker ended for another reason.
        """
        if self._closing:
            raise BusyError(STOPPING)
        self._asked += 1
        try:
            if goes_out or request.update:
                problem, body = await self._timed(await self._alone(goes_out), request, Stint(who, True), True)
            else:
                problem, body = await self._by_turns(request, who)
        finally:
            self._asked -= 1
        raise_for(problem, request, self.limits.memory)
        return body

    async def _by_turns(self, request: Request, who: str) -> tuple[dict[str, str], bytes]:
        try:
            return await self._try(request, Stint(who))
        except LongError:
            await self._long.enter(who, 2 * self.limits.seconds)
            return await self._try(request, Stint(who, long=True))

    async def _try(self, request: Request, stint: Stint) -> tuple[dict[str, str], bytes]:
        inside, began = False, 0.0
        try:
            await self._all.enter(stint.who, self.limits.seconds, first=stint.long)
            inside, began = True, monotonic()
            try:
                return await self._timed(await self._take(), request, stint)
            except GoneError:
                # It went with its parent in the moment in which it was asked; reading again changes nothing.
                return await self._timed(await self._take(), request, stint)
        finally:
            if inside:
                self._ledger.add(stint.who, monotonic() - began)
                self._all.leave(stint.who)
            if stint.long:
                self._long.leave(stint.who)

    async def _timed(
        self, worker: Worker, request: Request, stint: Stint, alone: bool = False
    ) -> tuple[dict[str, str], bytes]:
        whole, seconds = False, self.limits.seconds
        look = None if stint.long else asyncio.get_running_loop().call_later(QUICK_SECONDS, self._look, stint)
        self._stints.add(stint)
        try:
            async with asyncio.timeout(seconds) as stint.until:
                answer = await worker.ask(request)
            whole = True
            return answer
        except TimeoutError:
            if stint.stopped:
                raise BusyError(STOPPING) from None
            if stint.cut:
                raise LongError from None
            mend = "make it more selective, add a LIMIT, or take the whole graph with `evigraph export`"
            raise TimeLimitError(f"not answered within {seconds:g} s; {mend}", seconds) from None
        except EOFError:
            raise ended(await self._parent.end(worker), self.limits.memory) from None
        finally:
            stint.until = None
            self._stints.discard(stint)
            if look is not None:
                look.cancel()
            if whole and not alone and worker.uses < self.limits.uses and not self._closing:
                self._idle.put_nowait(worker)
            else:
                self._later(self._replace(worker, more=not alone))

    def _look(self, stint: Stint) -> None:
        """Let a query that isn't quick go on, if another long one may run."""
        stint.long = self._long.passes(stint.who)
        if not stint.long:
            stint.cut = True
            stint.end()

    async def _take(self) -> Worker:
        """A worker that lives; one that was killed while it was idle is replaced, and no query is lost with it."""
        while not (worker := await self._next()).is_alive():
            self._later(self._replace(worker, more=True))
        return worker

    async def _next(self) -> Worker:
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await self._idle.get()
        except TimeoutError:
            raise BusyError("no worker was free in time; ask again in a few seconds") from None

    async def _alone(self, goes_out: bool) -> Worker:
        if self._asked > self.limits.workers + self.limits.waiting:
            raise BusyError("too many are asked at this moment; ask again in a few seconds")
        return await self._parent.spawn(goes_out)

    async def _replace(self, worker: Worker, more: bool) -> None:
        """End a worker. The one that waits in reserve takes its place at once, and another goes into the reserve."""
        if more and self._spare is not None and not self._closing:
            self._idle.put_nowait(self._spare)
            self._spare, more = None, False
        await self._parent.end(worker)
        if more and not self._closing:
            self._idle.put_nowait(await self._parent.spawn())
        if self._spare is None and not self._closing:
            await self._put_into_reserve(await self._parent.spawn())

    async def _put_into_reserve(self, fresh: Worker) -> None:
        if self._spare is None:
            self._spare = fresh
        else:  # another replacement was quicker
            await self._parent.end(fresh)

    def _later(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def hurry(self) -> None:
        """End what is asked and what waits: each is told that the server is stopping."""
        self._closing = True
        for gate in (self._all, self._long):
            gate.stop(BusyError(STOPPING))
        for stint in list(self._stints):
            stint.stopped = True
            stint.end()

    async def close(self) -> None:
        """Let what is asked be answered, then end every process."""
        self._closing = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.limits.seconds + 1):
                while self._asked:
                    await asyncio.sleep(0.01)
        for task in list(self._tasks):
            with contextlib.suppress(EvigraphError):
                await task
        if self._spare is not None:
            self._spare.close()
        while not self._idle.empty():
            self._idle.get_nowait().close()
        await asyncio.to_thread(self._parent.stop)
