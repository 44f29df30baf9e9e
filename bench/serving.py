"""How fast the server answers, in milliseconds and beside a bare ping of the same server: `python bench/serving.py`.

A ratio alone can hide a floor that both share; the ping itself is held against what a socket of this machine takes.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.parse

from evigraph.errors import EvigraphError
from evigraph.paths import SHIPPED, find_workspace
from evigraph.queries import build
from evigraph.store.sandbox.evaluation import Request
from evigraph.store.sandbox.pool import Limits, Pool

SECONDS = 2.0
FREE = "/sparql?query=" + urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?s a ?c }")
PATHS = {"canned query": "/run/table-3.csv", "page": "/run/table-3", "free query": FREE}
SLOW = "/sparql?query=" + urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


async def client(port: int, path: str, until: float, took: list[float]) -> None:
    """Ask the same again and again on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html, */*;q=0.1\r\n\r\n".encode()
    while time.perf_counter() < until:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(head.decode())
        await reader.readexactly(int(re.findall(rb"(?i)content-length: (\d+)", head)[0]))
        took.append(time.perf_counter() - began)
    writer.close()


async def asked(port: int, path: str, clients: int) -> list[float]:
    """How long each answer took, with so many clients at once."""
    took: list[float] = []
    until = time.perf_counter() + SECONDS
    await asyncio.gather(*(client(port, path, until, took) for _ in range(clients)))
    return sorted(took)


def p99(took: list[float]) -> float:
    """The 99th percentile."""
    return took[min(len(took) - 1, int(len(took) * 0.99))]


def shown(took: list[float]) -> str:
    """Median and 99th percentile in milliseconds."""
    return f"{statistics.median(took) * 1000:.2f} ms (p99 {p99(took) * 1000:.2f})"


async def echoed() -> None:
    """The limit: a byte to another task over a socket and back, without a server or HTTP."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while byte := await reader.read(1):
            writer.write(byte)
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
        took = []
        for _ in range(2_000):
            began = time.perf_counter()
            writer.write(b"x")
            await reader.readexactly(1)
            took.append(time.perf_counter() - began)
        writer.close()
        await asyncio.sleep(0.1)  # the other side sees the end before the server goes
    print(f"a byte there and back over a socket: {shown(sorted(took))}")


async def rates(port: int) -> None:
    """Each kind of answer against a ping, at 1, 16 and 64 clients."""
    for clients in (1, 16, 64):
        ping = await asked(port, "/ping", clients)
        for name, path in PATHS.items():
            if name == "free query" and clients > 16:
                continue  # more than wait are turned away
            took = await asked(port, path, clients)
            middle, worst = statistics.median(took) / statistics.median(ping), p99(took) / p99(ping)
            print(f"{name} at {clients} clients: {shown(took)}, a ping {shown(ping)}: {middle:.2f} x, {worst:.2f} x")


async def attacked(port: int) -> None:
    """Canned queries while every worker is kept busy."""
    calm = await asked(port, "/run/table-3.csv", 4)
    attack = [asyncio.create_task(quietly(port)) for _ in range(6)]
    await asyncio.sleep(0.3)
    rough = await asked(port, "/run/table-3.csv", 4)
    for task in attack:
        task.cancel()
    medians = statistics.median(rough) / statistics.median(calm)
    print(
        f"canned query while free ones use every worker: {shown(rough)}, without them {shown(calm)}: "
        f"{medians:.2f} x, {p99(rough) / p99(calm):.2f} x"
    )


async def quietly(port: int) -> None:
    """Send something slow, again and again."""
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {SLOW} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        await reader.read()
        writer.close()


async def recovery() -> None:
    """From the death of the only worker to the next answer."""
    nquads = build.nquads(find_workspace(SHIPPED))
    pool = Pool(lambda: nquads, Limits(workers=1))
    await pool.start()
    took = []
    for _ in range(20):
        worker = pool._idle.get_nowait()
        pool._idle.put_nowait(worker)
        await pool.ask(Request("ASK {}"))
        os.kill(worker.pid, signal.SIGKILL)
        began = time.perf_counter()
        try:
            await pool.ask(Request("ASK {}"))
        except EvigraphError:
            await pool.ask(Request("ASK {}"))
        took.append(time.perf_counter() - began)
    began = time.perf_counter()
    for _ in range(500):
        await pool.ask(Request("ASK {}"))
    each = (time.perf_counter() - began) / 500
    await pool.close()
    took.sort()
    print(f"recovery from a killed worker: {took[10] * 1000:.1f} ms (median), {took[-1] * 1000:.1f} ms (worst of 20)")
    print(f"a question to a worker and back: {each * 1000:.2f} ms")


def main() -> None:
    """Start a server, measure, stop it."""
    asyncio.run(echoed())
    asyncio.run(recovery())
    code = "import sys; from evigraph.cli import main; sys.argv[0] = 'evigraph'; main()"
    command = [sys.executable, "-c", code, "--workspace", str(SHIPPED), "serve", "--port", "0", "--seconds", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own code
        assert server.stdout is not None  # noqa: S101 - for the type checker
        port = int(re.findall(r":(\d+)/", server.stdout.readline())[0])
        time.sleep(1)
        try:
            asyncio.run(rates(port))
            asyncio.run(attacked(port))
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
