"""The processes behind a pool: a parent that holds the graph, and its children, each of which answers queries.

The parent is started fresh, with one thread and an empty environment, reads N-Quads from its stdin and forks a child
when it is told to: a child shares the graph's memory, so that it costs a few milliseconds at any size. It never reads
a query. A child can't open a file or a socket once it runs, unless its queries may go out; takes only so much memory;
yields to the server; and is the first that an operating system short of memory ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from evigraph.store.sandbox.evaluation import Request, TooLargeError, evaluate

COMMAND = struct.Struct("!cIQ")
"""To the parent: `S`, 1 if the child may go out, its bytes of memory; with a socket. Or `K`, the child's id, 0."""
REPLY = struct.Struct("!iI")
"""From the parent: the child's id; or how it ended, as `os.waitpid` tells, and its id."""
FRAME = struct.Struct("!IQ")
"""Before each message of a child's socket: the length of its JSON, the length of the bytes that follow."""
NICE = 19


def main() -> None:
    """Serve as the parent until the server's end of the control socket closes; its descriptor is the one argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the server decides
    control = socket.socket(fileno=int(sys.argv[1]))
    store = ox.Store()
    store.bulk_load(sys.stdin.buffer, format=ox.RdfFormat.N_QUADS, lenient=True)
    control.sendall(REPLY.pack(os.getpid(), len(store) & 0xFFFFFFFF))
    parent, children = os.getpid(), set[int]()
    try:
        while True:
            data, descriptors, _, _ = socket.recv_fds(control, COMMAND.size, 1)
            if len(data) < COMMAND.size:
                return
            operation, number, memory = COMMAND.unpack(data)
            if operation == b"S":
                pid = os.fork()
                if pid == 0:
                    control.close()
                    _child(parent, store, socket.socket(fileno=descriptors[0]), bool(number), memory)
                os.close(descriptors[0])
                children.add(pid)
                control.sendall(REPLY.pack(pid, 0))
            else:
                control.sendall(REPLY.pack(_end(children, number), number))
    finally:
        for pid in list(children):
            _end(children, pid)


def _end(children: set[int], pid: int) -> int:
    """End a child, and tell how it ended. Until it is waited for, no other process can have its id."""
    if pid not in children:
        return 0
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    children.discard(pid)
    return os.waitpid(pid, 0)[1]


def _child(parent: int, store: ox.Store, pipe: socket.socket, goes_out: bool, memory: int) -> None:
    """Answer requests until the server closes the pipe; never returns."""
    status = 1
    try:
        _confine(parent, goes_out, memory)
        serve(store, pipe)
        status = 0
    finally:
        os._exit(status)


def _confine(parent: int, goes_out: bool, memory: int) -> None:
    with contextlib.suppress(OSError):
        os.nice(NICE)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: no child outlives its parent
    if os.getppid() != parent:
        os._exit(1)  # it was gone before it could be asked
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_AS: _address_space() + memory}
    if not goes_out:
        limits[resource.RLIMIT_NOFILE] = 0  # what is open stays open, and nothing else opens
    for name, value in limits.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(name, (value, value))


def _address_space() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def serve(store: ox.Store, pipe: socket.socket) -> None:
    """Answer each request of the pipe with what went wrong, if anything, and the answer."""
    while (message := _receive(pipe)) is not None:
        # A tuple crosses the pipe as a list; the engine takes either.
        problem, body = answer(store, Request(**message))
        head = json.dumps(problem).encode()
        pipe.sendall(FRAME.pack(len(head), len(body)) + head)
        pipe.sendall(body)


def answer(store: ox.Store, request: Request) -> tuple[dict[str, str], bytes]:
    """What went wrong (`kind` and `text`; empty if nothing), and the answer."""
    try:
        return {}, evaluate(store, request)
    except TooLargeError as error:
        return {"kind": str(error), "text": ""}, b""
    except MemoryError:
        return {"kind": "memory", "text": ""}, b""
    except SyntaxError as error:
        return {"kind": "syntax", "text": str(error)}, b""
    except (ValueError, OSError, RuntimeError) as error:
        return {"kind": "evaluation", "text": str(error)}, b""


def _receive(pipe: socket.socket) -> dict[str, Any] | None:
    head = _exactly(pipe, FRAME.size)
    if head is None:
        return None
    body = _exactly(pipe, FRAME.unpack(head)[0])
    return None if body is None else dict(json.loads(body))


def _exactly(pipe: socket.socket, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = pipe.recv(size - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)


if __name__ == "__main__":
    main()
