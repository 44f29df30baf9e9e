"""The process that holds the graph, from the server's side: started, told to fork, and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable

from evigraph.errors import WorkerError
from evigraph.store.sandbox.evaluation import Request

START_SECONDS = 300.0
"""How long the graph may take to load; ten thousand studies take a few seconds."""
_TO_START = ("PATH", "HOME", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR")
"""All that the processes get of the environment; a token is not among it."""


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
        from evigraph.store.sandbox.process import FRAME

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

    def is_alive(self) -> bool:
        """Whether the idle child is still at the other end of the pipe."""
        try:
            return self._pipe.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self) -> None:
        """Close the pipe; an idle child then ends by itself."""
        self._pipe.close()


class Parent:
    """One parent process at a time; if it is gone, the next fork starts another."""

    def __init__(self, nquads: Callable[[], bytes], memory: int) -> None:
        """Prepare; `nquads` gives the graph at each start, `memory` is what a child may take."""
        self._nquads, self._memory = nquads, memory
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = asyncio.Lock()

    async def spawn(self, goes_out: bool = False) -> Worker:
        """A new worker.

        Raises:
            WorkerError: the parent process doesn't start.
        """
        from evigraph.store.sandbox.process import COMMAND

        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        command = COMMAND.pack(b"S", goes_out, self._memory)
        with theirs:
            async with self._lock:
                try:
                    pid, _ = await self._told(command, [theirs.fileno()])
                except OSError:  # it is gone, and its children with it
                    await self._start()
                    pid, _ = await self._told(command, [theirs.fileno()])
        return Worker(pid, ours)

    async def end(self, worker: Worker) -> int:
        """End a worker, and tell how it ended, as `os.waitpid` does; 0 if nobody knows."""
        from evigraph.store.sandbox.process import COMMAND

        worker.close()
        async with self._lock:
            with contextlib.suppress(OSError):
                return (await self._told(COMMAND.pack(b"K", worker.pid, 0), []))[0]
        return 0

    async def _told(self, command: bytes, descriptors: list[int]) -> tuple[int, int]:
        from evigraph.store.sandbox.process import REPLY

        if self._control is None:
            raise OSError("no parent process")
        socket.send_fds(self._control, [command], descriptors)
        reply = await asyncio.get_running_loop().sock_recv(self._control, REPLY.size)
        if len(reply) < REPLY.size:
            raise OSError("the parent process is gone")
        first, second = REPLY.unpack(reply)
        return first, second

    async def _start(self) -> None:
        self.stop()
        ours, theirs = socket.socketpair()
        code = "from evigraph.store.sandbox.process import main; main()"
        with theirs:
            environment = {name: os.environ[name] for name in _TO_START if name in os.environ}
            self._process = subprocess.Popen(  # noqa: S603 - our own code
                [sys.executable, "-c", code, str(theirs.fileno())],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**environment, "RUST_BACKTRACE": "0"},
            )
        ours.setblocking(False)
        self._control = ours
        from evigraph.store.sandbox.process import REPLY

        try:
            async with asyncio.timeout(START_SECONDS):
                await asyncio.to_thread(self._feed)
                ready = await asyncio.get_running_loop().sock_recv(ours, REPLY.size)
        except (OSError, TimeoutError):
            ready = b""
        if not ready:
            self.stop()
            raise WorkerError("the process that holds the graph for queries could not start; is there memory for it?")

    def _feed(self) -> None:
        if self._process and self._process.stdin:
            with self._process.stdin as pipe:
                pipe.write(self._nquads())

    def stop(self) -> None:
        """End the process and its children."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
