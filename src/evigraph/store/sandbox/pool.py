"""Workers that answer untrusted queries, from the server's side: asked, timed, killed and replaced."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass

from evigraph.errors import (
    BusyError,
    EvigraphError,
    LimitError,
    MissingPartError,
    QueryError,
    TimeLimitError,
    WorkerError,
)
from evigraph.store.sandbox.evaluation import Request
from evigraph.store.sandbox.parent import Parent, Worker

CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")


@dataclass(frozen=True)
class Limits:
    """What one untrusted query may take.

    Attributes:
        seconds: time, from asking to the last byte. memory: bytes besides the graph. workers: how many run at once.
        waiting: how many more may wait for a worker. uses: after so many queries a worker is replaced.
    """

    seconds: float = 10.0
    memory: int = 512 << 20
    workers: int = 2
    waiting: int = 32
    uses: int = 1000


class Pool:
    """Workers for one state of the graph."""

    def __init__(self, nquads: Callable[[], bytes], limits: Limits | None = None) -> None:
        """Prepare; `nquads` gives the graph whenever a parent process has to be started."""
        self.limits = limits or Limits()
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._parent = Parent(nquads, self.limits.memory)
        self._waiting = self._asked = 0
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
        for _ in range(self.limits.workers):
            self._idle.put_nowait(await self._parent.spawn())
        self._spare = await self._parent.spawn()

    async def ask(self, request: Request, goes_out: bool = False) -> bytes:
        """The whole answer to a request; `goes_out` gives it a worker of its own that may open sockets.

        An update gets a worker of its own too, since it spoils the worker's store.

        Raises:
            QueryError: the query can't be parsed or evaluated. LimitError: its answer would be larger than allowed,
            or need more memory. TimeLimitError: it took too long. BusyError: too many are asked already.
            WorkerError: the worker ended for another reason.
        """
        if self._closing:
            raise BusyError("the server is stopping; ask again in a moment")
        alone = goes_out or request.update
        self._asked += 1
        try:
            worker = await (self._alone(goes_out) if alone else self._take())
            try:
                problem, body = await self._timed(worker, request, alone)
            except _GoneError:
                if alone:
                    raise
                # It went with its parent in the moment in which it was asked; reading again changes nothing.
                problem, body = await self._timed(await self._take(), request, alone)
        finally:
            self._asked -= 1
        _raise_for(problem, request, self.limits)
        return body

    async def _timed(self, worker: Worker, request: Request, alone: bool) -> tuple[dict[str, str], bytes]:
        whole = False
        try:
            async with asyncio.timeout(self.limits.seconds):
                answer = await worker.ask(request)
            whole = True
            return answer
        except TimeoutError:
            seconds = f"{self.limits.seconds:g} s"
            mend = "make it more selective, add a LIMIT, or take the whole graph with `evigraph export`"
            raise TimeLimitError(f"not answered within {seconds}; {mend}", self.limits.seconds) from None
        except EOFError:
            raise _ended(await self._parent.end(worker), self.limits) from None
        finally:
            if whole and not alone and worker.uses < self.limits.uses and not self._closing:
                self._idle.put_nowait(worker)
            else:
                self._later(self._replace(worker, more=not alone))

    async def _take(self) -> Worker:
        """A worker that lives; one that was killed while it was idle is replaced, and no query is lost with it."""
        while not (worker := await self._next()).is_alive():
            self._later(self._replace(worker, more=True))
        return worker

    async def _next(self) -> Worker:
        if not self._idle.empty():
            return self._idle.get_nowait()
        if self._waiting >= self.limits.waiting:
            raise BusyError(f"{self._waiting} queries wait already; ask again in a few seconds")
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await self._idle.get()
        except TimeoutError:
            raise BusyError("no worker was free in time; ask again in a few seconds") from None
        finally:
            self._waiting -= 1

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


class _GoneError(WorkerError):
    """A worker ended though nothing ended it: its parent is gone, and it follows."""


def _raise_for(problem: dict[str, str], request: Request, limits: Limits) -> None:
    """Turn what a worker said into an error.

    Raises:
        QueryError: of syntax or evaluation. LimitError: of rows, bytes or memory.
    """
    kind = problem.get("kind")
    if kind == "rows":
        raise LimitError(f"more than {request.rows} rows; add LIMIT and OFFSET, or count instead", request.rows)
    if kind == "cells":
        mend = "ask for fewer columns, add LIMIT and OFFSET, or take another form than a page"
        raise LimitError(f"more than {request.cells} cells, which are rows by columns; {mend}", request.cells)
    if kind == "bytes":
        raise LimitError(f"more than {request.size} bytes; ask for fewer rows or columns", request.size)
    if kind == "memory":
        raise _ended(signal.SIGABRT, limits)
    if kind:
        raise QueryError(f"SPARQL: {problem['text']}; mend the query", request.text)


def _ended(status: int, limits: Limits) -> EvigraphError:
    """What to say of a worker that ended by itself."""
    number = status & 0x7F
    if number in {signal.SIGABRT, signal.SIGKILL}:
        return LimitError(f"needs more than {limits.memory >> 20} MB of memory; make the query more selective")
    name = signal.Signals(number).name if number else f"exit code {status >> 8}" if status else "it is gone"
    kind = WorkerError if status else _GoneError
    return kind(f"the query ended its worker ({name}); no answer was made, and others aren't affected", name)
