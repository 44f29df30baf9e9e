"""A server with the limits as they are shipped, which some ask without end: others have their share of it."""

from __future__ import annotations

import contextlib
import http.client
import signal
import socket
import threading
import time
import urllib.parse
from collections.abc import Iterator

import pytest
from test_web_server import CAN_FORK, Running, serving

GREEDY, NINTH = "127.0.0.2", "127.0.0.3"
SLOW = "/sparql?query=" + urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
QUICK = "/sparql?query=" + urllib.parse.quote("ASK { ?s ?p ?o }")


def _has(address: str) -> bool:
    with contextlib.suppress(OSError), socket.create_server((address, 0)):
        return True
    return False


pytestmark = [
    pytest.mark.skipif(not CAN_FORK, reason="this operating system can't fork"),
    pytest.mark.skipif(not _has(NINTH), reason="this machine has one address of its own"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    """One server for all."""
    with serving() as running:
        yield running


def ask(server: Running, path: str, source: str, timeout: float = 30.0, **headers: str) -> tuple[int, str | None]:
    """Status of an answer, and when to come back."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout, source_address=(source, 0))
    with contextlib.closing(connection):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": "localhost", **sent})
        response = connection.getresponse()
        response.read()
        return response.status, response.getheader("Retry-After")


@contextlib.contextmanager
def looping(server: Running, clients: int) -> Iterator[list[tuple[int, str | None]]]:
    """So many clients of one address that ask something slow again and again; each leaves in the end."""
    stop, got, open_ones = threading.Event(), list[tuple[int, str | None]](), list[socket.socket]()

    def loop() -> None:
        while not stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30, source_address=(GREEDY, 0))
            with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
                connection.connect()
                open_ones.append(connection.sock)
                connection.request("GET", SLOW, headers={"Host": "localhost"})
                response = connection.getresponse()
                got.append((response.status, response.getheader("Retry-After")))
            time.sleep(0.02)

    threads = [threading.Thread(target=loop) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield got
    finally:
        stop.set()
        for each in open_ones:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(20)


def test_eight_that_loop_leave_a_ninth_its_share(server: Running) -> None:
    """Its quick questions are answered, each within a second or two, as long as the others go on."""
    with looping(server, 8):
        time.sleep(1.5)
        for _ in range(8):
            began = time.monotonic()
            assert ask(server, QUICK, NINTH) == (200, None)
            assert time.monotonic() - began < 2.0


def test_one_address_is_turned_away_before_others_are(server: Running) -> None:
    """With 429, and when to come back; another is answered meanwhile."""
    with looping(server, 40) as got:
        time.sleep(1.5)
        assert ask(server, QUICK, NINTH) == (200, None)
    assert {(429, "5")} <= set(got)
    assert 503 not in {status for status, _ in got}


@pytest.mark.parametrize(("options", "status"), [((), 429), (("--trust-proxy", GREEDY), 0)])
def test_a_proxy_says_who_asks_only_where_it_is_trusted(options: tuple[str, ...], status: int) -> None:
    """Otherwise everybody could say so: who names another address is still one, and no more of it may wait."""
    with serving("--workers", "1", "--waiting", "2", *options) as running, contextlib.ExitStack() as stack:
        for _ in range(2):  # one runs long, the other waits for its turn
            held = stack.enter_context(socket.create_connection(("127.0.0.1", running.port), 10, (GREEDY, 0)))
            head = f"GET {SLOW} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"
            held.sendall(head.encode())
            time.sleep(1.0)
        found = 0  # while it waits
        with contextlib.suppress(TimeoutError):
            found = ask(running, SLOW, GREEDY, 3.0, X_Forwarded_For="192.0.2.9")[0]
        assert found == status


def test_a_signal_ends_it_within_two_seconds() -> None:
    """Whatever is open: idle connections, half a head, and queries that run and that wait, which are told."""
    with serving() as running, contextlib.ExitStack() as stack:
        for raw in (b"", b"GET /ping HTTP/1.1\r\nHost: loc"):
            stack.enter_context(socket.create_connection(("127.0.0.1", running.port))).sendall(raw)
        told: list[int] = []
        threads = [threading.Thread(target=lambda: told.append(ask(running, SLOW, NINTH)[0])) for _ in range(6)]
        for thread in threads:
            thread.start()
        time.sleep(1.2)
        began = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
        assert time.monotonic() - began < 2.0
        for thread in threads:
            thread.join(10)
        assert told == [503] * 6
        assert running.process.stderr is not None
        assert running.process.stderr.read() == ""
