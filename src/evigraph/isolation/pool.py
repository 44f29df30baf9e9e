"""Workers that answer untrusted queries, from the server's side: asked, timed, killed and replaced."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
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
from evigraph.isolation.evaluation import Request

CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")
START_SECONDS = 300.0
"""How long the graph may take to load; ten thousand studies take a few seconds."""
_TO_START = ("PATH", "HOME", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR")


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


class Worker:
    """One child process and the pipe to it."""

    def __init__(self, pid: int, pipe: socket.socket) -> None:
        """Take over a child that waits at the other end of the pipe."""
        self.pid, self.uses = pid, 0
        self._pipe = pipe

    async def ask(self, request: Request) -> tuple[dict[str, str], bytes]:
        """What went wrong, if anything, and the answer.

        Raises:
            EOFError: the child is gone.
        """
        from evigraph.isolation.process import FRAME

        loop = asyncio.get_running_loop()
        self.uses += 1
        message = json.dumps(request.as_json()).encode("utf-8", "surrogatepass")
        try:
            await loop.sock_sendall(self._pipe, FRAME.pack(len(message), 0) + message)
            head, body = FRAME.unpack(await self._exactly(FRAME.size))
            return json.loads(await self._exactly(head)), bytes(await self._exactly(body))
        except OSError:
            raise EOFError from None

    async def _exactly(self, size: int) -> bytearray:
        whole = bytearray(size)
        view, done = memoryview(whole), 0
        while done < size:
            count = await asyncio.get_running_loop().sock_recv_into(self._pipe, view[done:])
            if not count:
                raise EOFError
            done += count
        return whole

    def close(self) -> None:
        """Close the pipe; an idle child then ends by itself."""
        self._pipe.close()


class Pool:
    """Workers for one state of the graph."""

    def __init__(self, nquads: Callable[[], bytes], limits: Limits | None = None) -> None:
        """Prepare; `nquads` gives the graph whenever a parent process has to be started."""
        self.limits = limits or Limits()
        self._nquads = nquads
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._control: socket.socket | None = None
        self._parent: subprocess.Popen[bytes] | None = None
        self._lock = asyncio.Lock()
        self._waiting = self._asked = 0
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the parent process and the workers.

        Raises:
            MissingPartError: this operating system can't fork. WorkerError: the parent doesn't start.
        """
        if not CAN_FORK:
            raise MissingPartError("free queries run in forked processes, which this system lacks; use canned ones")
        async with self._lock:
            await self._start_parent()
        for _ in range(self.limits.workers):
            self._idle.put_nowait(await self._spawn())

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
            problem, body = await self._timed(worker, request, alone)
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
            raise _ended(await self._end(worker), self.limits) from None
        finally:
            if whole and not alone and worker.uses < self.limits.uses and not self._closing:
                self._idle.put_nowait(worker)
            else:
                self._later(self._replace(worker, more=not alone))

    async def _take(self) -> Worker:
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
        return await self._spawn(goes_out)

    async def _spawn(self, goes_out: bool = False) -> Worker:
        from evigraph.isolation.process import COMMAND

        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        command = COMMAND.pack(b"S", goes_out, self.limits.memory)
        with theirs:
            async with self._lock:
                try:
                    pid, _ = await self._told(command, [theirs.fileno()])
                except OSError:  # the parent is gone: its children went with it
                    await self._start_parent()
                    pid, _ = await self._told(command, [theirs.fileno()])
        return Worker(pid, ours)

    async def _told(self, command: bytes, descriptors: list[int]) -> tuple[int, int]:
        from evigraph.isolation.process import REPLY

        if self._control is None:
            raise OSError("no parent process")
        socket.send_fds(self._control, [command], descriptors)
        reply = await asyncio.get_running_loop().sock_recv(self._control, REPLY.size)
        if len(reply) < REPLY.size:
            raise OSError("the parent process is gone")
        first, second = REPLY.unpack(reply)
        return first, second

    async def _end(self, worker: Worker) -> int:
        """End a worker, and tell how it ended, as `os.waitpid` does."""
        from evigraph.isolation.process import COMMAND

        worker.close()
        async with self._lock:
            with contextlib.suppress(OSError):
                return (await self._told(COMMAND.pack(b"K", worker.pid, 0), []))[0]
        return signal.SIGKILL

    async def _replace(self, worker: Worker, more: bool) -> None:
        await self._end(worker)
        if more and not self._closing:
            self._idle.put_nowait(await self._spawn())

    def _later(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _start_parent(self) -> None:
        self._stop_parent()
        ours, theirs = socket.socketpair()
        code = "from evigraph.isolation.process import main; main()"
        with theirs:
            environment = {name: os.environ[name] for name in _TO_START if name in os.environ}
            self._parent = subprocess.Popen(  # noqa: S603 - our own code
                [sys.executable, "-c", code, str(theirs.fileno())],
                **{"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL},
                pass_fds=[theirs.fileno()],
                env={**environment, "RUST_BACKTRACE": "0"},
            )
        ours.setblocking(False)
        self._control = ours
        from evigraph.isolation.process import REPLY

        try:
            async with asyncio.timeout(START_SECONDS):
                await asyncio.to_thread(self._feed)
                ready = await asyncio.get_running_loop().sock_recv(ours, REPLY.size)
        except (OSError, TimeoutError):
            ready = b""
        if not ready:
            self._stop_parent()
            raise WorkerError("the process that holds the graph for queries could not start; is there memory for it?")

    def _feed(self) -> None:
        if self._parent and self._parent.stdin:
            with self._parent.stdin as pipe:
                pipe.write(self._nquads())

    def _stop_parent(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._parent is not None:
            try:
                self._parent.wait(2)
            except subprocess.TimeoutExpired:
                self._parent.kill()
                self._parent.wait()
            self._parent = None

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
        while not self._idle.empty():
            self._idle.get_nowait().close()
        await asyncio.to_thread(self._stop_parent)


def _raise_for(problem: dict[str, str], request: Request, limits: Limits) -> None:
    """Turn what a worker said into an error.

    Raises:
        QueryError: of syntax or evaluation. LimitError: of rows, bytes or memory.
    """
    kind = problem.get("kind")
    if kind == "rows":
        raise LimitError(f"more than {request.rows} rows; add LIMIT and OFFSET, or count instead", request.rows)
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
    name = signal.Signals(number).name if number else f"exit code {status >> 8}"
    return WorkerError(f"the query ended its worker ({name}); no answer was made, and others aren't affected", name)
