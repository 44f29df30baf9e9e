"""The server as a process of its own: real sockets, real clients, attacks and signals."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Copy, evigraph

pytest.importorskip("starlette", reason="needs the extra web")
pytest.importorskip("uvicorn", reason="needs the extra web")
pytest.importorskip("jinja2", reason="needs the extra web")

from evigraph.paths import SHIPPED
from evigraph.store.sandbox.pool import CAN_FORK
from evigraph.web.safety import SECONDS_FOR_BODY
from evigraph.web.server import HEAD_SECONDS, READ_SECONDS

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="this operating system can't fork")

BASE = "https://w3id.org/evigraph/micro-credentials/"
G1 = f"{BASE}graph/studies/reeves-2017"
ASK = urllib.parse.quote("ASK { ?s ?p ?o }")
TOKEN = "a-token-that-only-tests-know"  # noqa: S105 - it guards nothing


class Running:
    """A server and where it is."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        """Of a process that has said where it listens."""
        self.process, self.port = process, port
        self.url = f"http://127.0.0.1:{port}"

    def get(self, path: str, timeout: float = 20.0, **headers: str) -> tuple[int, str]:
        """Status and body."""
        return self.send("GET", path, None, timeout, **headers)

    def send(
        self, method: str, path: str, body: bytes | None, timeout: float = 20.0, **headers: str
    ) -> tuple[int, str]:
        """Status and body of a request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with contextlib.closing(connection):
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            response = connection.getresponse()
            return response.status, response.read().decode()

    def query(self, text: str, **headers: str) -> tuple[int, str]:
        """Status and body of a query."""
        return self.send("POST", "/sparql", text.encode(), Content_Type="application/sparql-query", **headers)

    def update(self, text: str, token: str = TOKEN, **headers: str) -> tuple[int, str]:
        """Status and body of an update."""
        given = {"Content_Type": "application/sparql-update", "Authorization": f"Bearer {token}", **headers}
        return self.send("POST", "/sparql", text.encode(), **given)


@contextlib.contextmanager
def serving(*options: str, workspace: Path = SHIPPED, **env: str) -> Iterator[Running]:
    """A server on a free port, which is ended in the end."""
    code = "import sys; from evigraph.cli import main; sys.argv[0] = 'evigraph'; main()"
    command = [sys.executable, "-c", code, "--workspace", str(workspace), "serve", "--port", "0", *options]
    process = subprocess.Popen(  # noqa: S603 - our own code
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **env}
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line + (process.stderr.read() if process.stderr else "")
        running = Running(process, int(found[1]))
        wait_for(lambda: running.get("/ping")[0] == 200)
        yield running
    finally:
        process.kill()
        process.wait(20)


def wait_for(condition: Any, seconds: float = 20.0) -> None:
    """Until it holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if condition():
                return
        time.sleep(0.05)
    pytest.fail("it never came to hold")


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    """A server of the shipped review with a short time limit."""
    with serving("--seconds", "3", "--memory", "256", "--workers", "2") as running:
        yield running


# Starting and stopping


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_well(number: signal.Signals) -> None:
    """It ends with 0, says nothing on stderr, and leaves no process behind."""
    with serving() as running:
        children = _children(running.process.pid)
        running.process.send_signal(number)
        assert running.process.wait(20) == 0
        assert running.process.stderr is not None
        assert running.process.stderr.read() == ""
        wait_for(lambda: not any(_is_alive(pid) for pid in children))


def test_killing_it_leaves_no_process() -> None:
    """Its workers notice, even one that is busy."""
    with serving("--seconds", "60") as running:
        slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        thread = threading.Thread(target=_quietly, args=(running, slow))
        thread.start()
        time.sleep(0.3)
        children = _children(running.process.pid)
        running.process.kill()
        thread.join(20)
        wait_for(lambda: not any(_is_alive(pid) for pid in children))


def _quietly(running: Running, text: str) -> None:
    with contextlib.suppress(OSError, http.client.HTTPException):
        running.query(text)


def _children(pid: int) -> list[int]:
    """All processes below one."""
    if not Path("/proc").is_dir():
        return []
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == pid:
                found += [int(status.parent.name), *_children(int(status.parent.name))]
    return found


def _is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_port_that_is_taken(server: Running) -> None:
    """Is one line, not a traceback."""
    ran = evigraph("--workspace", str(SHIPPED), "serve", "--port", str(server.port))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert re.fullmatch(r"evigraph: can't listen on 127\.0\.0\.1 port \d+: .*; choose another --port\n", ran.stderr)


def test_a_missing_part(tmp_path: Path) -> None:
    """Says what to install."""
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\n_f = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'uvicorn' else _f(name, *a)\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    ran = evigraph("serve", PYTHONPATH=path)
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1
    assert "pip install 'evigraph[web]'" in ran.stderr


def test_writing_needs_a_token(copy: Copy) -> None:
    """And one that nobody guesses."""
    for token in ("", "short"):
        ran = evigraph("--workspace", str(copy.root), "serve", "--write", EVIGRAPH_TOKEN=token)
        assert (ran.returncode, "EVIGRAPH_TOKEN" in ran.stderr) == (2, True)


def test_options_come_from_the_environment_too() -> None:
    """Each as EVIGRAPH_SERVE_ and its name."""
    with serving(EVIGRAPH_SERVE_SECONDS="0.2") as running:
        status, body = running.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        assert (status, "0.2 s" in body) == (504, True)


def test_it_follows_its_files(copy: Copy) -> None:
    """A change is served without a restart; a fault isn't, and the last good state stays."""
    with serving("--follow", "0.1", workspace=copy.root) as running:
        text = f"SELECT ?o {{ <{BASE}study/reeves-2017> ?p ?o }}"
        assert "Reeves et al. (2017)" in running.query(text)[1]
        stop = threading.Event()
        statuses: list[int] = []

        def ask() -> None:
            while not stop.is_set():
                statuses.append(running.query(text)[0])
                statuses.append(running.get("/run/table-3.csv")[0])

        thread = threading.Thread(target=ask)
        thread.start()
        try:
            copy.replace("studies/reeves-2017.yaml", "label: Reeves et al. (2017)", "label: Renamed et al. (2017)")
            wait_for(lambda: "Renamed et al." in running.query(text)[1])
            copy.replace("studies/reeves-2017.yaml", "label: Renamed", "lable: Broken")
            wait_for(lambda: "last good state" in running.get("/run/", Accept="text/html")[1])
            assert "Renamed et al." in running.query(text)[1]
        finally:
            stop.set()
            thread.join(20)
        assert len(statuses) > 10
        assert set(statuses) == {200}


def test_it_goes_on_following_whatever_lies_among_its_files(copy: Copy) -> None:
    """A lock file of an editor is nobody's document; what can't be read is told on every page, until it is mended."""
    studies = copy.review / "studies"
    spoilt = studies / "spoilt.yaml"
    with serving("--follow", "0.1", workspace=copy.root) as running:

        def shows(path: str = "/") -> str:
            return running.get(path, timeout=60.0, Accept="text/html")[1]

        assert "last good state" not in shows()  # the site is made once, and then there for each look below
        (studies / ".#mah-2016.yaml").symlink_to("ann@host.1:1")
        (studies / "._mah-2016.yaml").write_bytes(b"\0\5\x16\7\x80")
        for spoil, mend in (
            (lambda: spoilt.symlink_to("nowhere"), spoilt.unlink),
            (spoilt.mkdir, spoilt.rmdir),
            (lambda: spoilt.write_text("id: [\n", "utf-8"), spoilt.unlink),
        ):
            spoil()
            wait_for(lambda: "last good state" in shows() and "spoilt.yaml" in shows("/run/"))
            assert str(copy.root) not in shows()
            assert running.get("/run/table-3.csv")[0] == 200
            mend()
            wait_for(lambda: "last good state" not in shows())
        copy.replace("studies/reeves-2017.yaml", "label: Reeves et al. (2017)", "label: Renamed et al. (2017)")
        text = f"SELECT ?o {{ <{BASE}study/reeves-2017> ?p ?o }}"
        wait_for(lambda: "Renamed et al." in running.query(text)[1])


# Attacks


def _nested(depth: int) -> str:
    return "SELECT * { " + "{ " * depth + "?s ?p ?o" + " }" * depth + " }"


def _growing(steps: int) -> str:
    binds = "".join(f'BIND(REPLACE(?x{i}, ".", "$0$0$0$0$0$0$0$0") AS ?x{i + 1}) ' for i in range(steps))
    return f'SELECT (STRLEN(?x{steps}) AS ?n) {{ BIND("aaaaaaaaaaaaaaaa" AS ?x0) {binds} }}'


ATTACKS = {
    "deep groups": _nested(5_000),
    "deep brackets": "SELECT * { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }",
    "deep lists": "SELECT * { ?s ?p " + "(" * 3_000 + "1" + ")" * 3_000 + " }",
    "deep blank nodes": "SELECT * { ?s ?p " + "[ ?p " * 3_000 + "1" + " ]" * 3_000 + " }",
    "deep negation": "SELECT * { FILTER(" + "!" * 20_000 + "?a) }",
    "deep inside what looks like an address": "SELECT * { FILTER(?a<" + "(" * 10_000 + "1>2) }",
    "long chain": "SELECT * { FILTER(" + "||".join(["?a"] * 10_000) + ") }",
    "long path": "SELECT * { ?s " + "/".join(["<urn:p>"] * 5_000) + " ?o }",
    "long union": "SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 3_000) + " }",
    "many patterns": "SELECT * { " + "?a ?b ?c . ?c ?d ?a . " * 1_000 + "}",
    "cross join": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "cross join in memory": "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?g",
    "paths of paths": "SELECT (COUNT(*) AS ?n) { ?a ((!<urn:x>|^!<urn:x>)*)* ?b . ?b (!<urn:x>)* ?c }",
    "growing text": _growing(12),
    "growing lists": "SELECT (GROUP_CONCAT(?c) AS ?x) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?zero HAVING(STRLEN(?x) > 0)",
    "huge literal": "SELECT * { ?s ?p '" + "x" * 60_000 + "' }",
    "larger literal": "SELECT * { ?s ?p '" + "x" * 700_000 + "' }",
    "bad pattern": "SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), '(a+)+(b+)+((c*)*)*$')) }",
    "huge repetition": "SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), '((((a{1000}){1000}){1000}){1000})')) }",
    "huge numbers": "SELECT (1" + "0" * 60_000 + " * 9 AS ?n) {}",
    "null": "SELECT * { ?s ?p '\x00' }",
}


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_ends_in_a_clear_answer(server: Running, text: str) -> None:
    """Within the time limit, with an answer or a problem that says what to do, and others are served."""
    began = time.monotonic()
    status, body = server.query(text)
    assert time.monotonic() - began < 15
    assert status in {200, 400, 413, 422, 500, 504}, body[:200]
    if status != 200:
        assert json.loads(body)["detail"]
    assert server.get("/run/table-3.csv")[0] == 200
    wait_for(lambda: server.get(f"/sparql?query={ASK}")[0] == 200)


def test_canned_queries_dont_wait_for_free_ones(server: Running) -> None:
    """While every worker is busy and more wait, a canned query is answered at once."""
    slow = ATTACKS["cross join"]
    threads = [threading.Thread(target=_quietly, args=(server, slow)) for _ in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    answered = 0
    while any(thread.is_alive() for thread in threads):
        assert server.get("/run/table-3.csv", timeout=5.0)[0] == 200
        answered += 1
        time.sleep(0.05)
    assert answered > 10


def test_who_goes_away_takes_the_query_along() -> None:
    """Another long one may run then, long before the time limit."""
    with serving("--seconds", "60", "--workers", "1", "--waiting", "0") as running:
        slow = "/sparql?query=" + urllib.parse.quote(ATTACKS["cross join"])

        def goes_on() -> bool:
            try:
                return running.get(slow, timeout=2.0)[0] == 0
            except TimeoutError:
                return True

        for _ in range(2):
            with socket.create_connection(("127.0.0.1", running.port)) as connection:
                connection.sendall(f"GET {slow} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                time.sleep(0.9)
                assert running.get(slow)[0] == 503
                assert running.get(f"/sparql?query={ASK}")[0] == 200
            wait_for(goes_on, 10)


SSRF = {
    "service": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "escaped": "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "by a variable": "SELECT * { BIND(<URL> AS ?x) SERVICE ?x { ?s ?p ?o } }",
    "by a prefix": "PREFIX x: <URL> SELECT * { SERVICEx: { ?s ?p ?o } }",
    "after a comment": "SELECT * { # \rSERVICE <URL> { ?s ?p ?o }\n}",
    "from": "SELECT * FROM <URL> { ?s ?p ?o }",
    "from named": "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "graph": "SELECT * { GRAPH <URL> { ?s ?p ?o } }",
    "load": "LOAD <URL>",
    "describe": "DESCRIBE <URL>",
}


@pytest.mark.parametrize("text", SSRF.values(), ids=SSRF)
def test_nothing_goes_out(server: Running, text: str) -> None:
    """No text makes the server connect to anything, as a query, as an update or in the dataset."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.3)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/x"
        asked = text.replace("URL", url)
        server.query(asked)
        server.update(asked)
        server.get(f"/sparql?query={ASK}&default-graph-uri={urllib.parse.quote(url)}")
        with pytest.raises(TimeoutError):
            listening.accept()


def test_only_listed_endpoints_are_called() -> None:
    """The one that the operator names, and no other."""
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.create_server(("127.0.0.1", 0)) as other:
        for each in (listening, other):
            each.settimeout(1.0)
        url, wrong = (f"http://127.0.0.1:{each.getsockname()[1]}/sparql" for each in (listening, other))
        with serving("--service", url, "--seconds", "1") as running:
            assert running.query(f"SELECT * {{ SERVICE <{wrong}> {{ ?s ?p ?o }} }}")[0] == 403
            thread = threading.Thread(target=_quietly, args=(running, f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"))
            thread.start()
            listening.accept()[0].close()
            thread.join(20)
            with pytest.raises(TimeoutError):
                other.accept()


MALFORMED = {
    "nonsense": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "another host": b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "two lengths": b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "length and chunks": b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "negative length": b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "huge length": b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999\r\n\r\n",
    "bad chunk": b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "broken header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n",
    "long header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
    "long address": b"GET /sparql?query=" + b"a" * 110_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "absolute address": b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "dots": b"GET /static/../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "encoded dots": b"GET /static/%2e%2e/%2e%2e/pages.py HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "old": b"GET / HTTP/0.9\r\n\r\n",
}


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED)
def test_malformed_requests(server: Running, raw: bytes) -> None:
    """Are refused with 4xx or a closed connection, and never answered as if they were whole."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(raw)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            answer = connection.recv(200)
    assert answer == b"" or re.match(rb"HTTP/1\.1 (4\d\d|501|303) ", answer), answer
    assert server.get("/ping")[0] == 200


def test_slow_clients_are_cut_off(server: Running) -> None:
    """One that never ends its head, one that never sends its body, and those that don't read: at the shipped limits."""
    post = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
    post += b"Content-Type: application/sparql-query\r\n\r\nASK"
    heads = {b"": b"", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-": b"", post: b"HTTP/1.1 408 "}
    with contextlib.ExitStack() as stack:
        slow = {raw: stack.enter_context(_connected(server)) for raw in heads}
        unread = {kept: stack.enter_context(_connected(server)) for kept in (b"keep-alive", b"close")}
        for raw, connection in slow.items():
            connection.sendall(raw)
        for kept, connection in unread.items():
            connection.sendall(LARGE + b"Connection: " + kept + b"\r\n\r\n")
        start = time.monotonic()
        for raw, connection in slow.items():
            with contextlib.suppress(ConnectionResetError):
                assert connection.recv(13) == heads[raw]
        assert time.monotonic() - start < 2 * max(HEAD_SECONDS, SECONDS_FOR_BODY)
        time.sleep(max(0, start + READ_SECONDS + 3 - time.monotonic()))
        for connection in unread.values():
            assert _read_to_the_end(connection) < 5_000_000


def test_a_client_that_reads_slowly_is_served(server: Running) -> None:
    """As long as it reads more than the least rate, however long that takes."""
    with _connected(server) as connection:
        connection.sendall(LARGE + b"Connection: close\r\n\r\n")
        first = connection.recv(1 << 14)
        read, end = len(first), time.monotonic() + READ_SECONDS + 4
        while time.monotonic() < end:
            read += len(connection.recv(1 << 14))
            time.sleep(0.1)
        assert read + _read_to_the_end(connection) > 5_000_000, first


LARGE = (
    b"GET /sparql?format=json&query="
    + urllib.parse.quote("SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 12000").encode()
    + b" HTTP/1.1\r\nHost: localhost\r\n"
)
"""An answer of more bytes than the system takes for a client that doesn't read; its last line is left open."""


def _connected(server: Running) -> socket.socket:
    """A connection that takes little at a time, so that much of an answer waits at the server."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
    connection.settimeout(2 * SECONDS_FOR_BODY)
    connection.connect(("127.0.0.1", server.port))
    return connection


def _read_to_the_end(connection: socket.socket) -> int:
    read = 0
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(1 << 16):
            read += len(part)
    return read


def test_answers_on_a_kept_connection_come_at_once(server: Running) -> None:
    """The socket waits for nothing before it sends; with a delayed acknowledgement it would be 40 ms each."""
    took = []
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        for _ in range(20):
            start = time.perf_counter()
            connection.request("GET", "/ping")
            connection.getresponse().read()
            took.append(time.perf_counter() - start)
    assert sorted(took)[10] < 0.02


def test_a_wide_page_is_refused_and_holds_nobody_up(server: Running) -> None:
    """Cells are counted, not rows alone, and pages are made beside the event loop."""
    names = " ".join(f"?a{number}" for number in range(1_000))
    wide = urllib.parse.quote(f"SELECT {names} {{ ?s ?p ?o }} LIMIT 5000")
    large = urllib.parse.quote("SELECT ?s ?p ?o ?q { ?s ?p ?o . ?o ?q ?r } LIMIT 5000")
    answers: list[int] = []
    pings: list[float] = []
    pages = [threading.Thread(target=lambda q=q: answers.append(_page(server, q))) for q in (wide, large, large)]
    for thread in pages:
        thread.start()
    while any(thread.is_alive() for thread in pages):
        start = time.perf_counter()
        assert server.get("/ping")[0] == 200
        pings.append(time.perf_counter() - start)
    assert sorted(answers) == [200, 200, 422]
    assert max(pings) < 1.0
    assert "more than 50000 cells" in server.get(f"/sparql?query={wide}", Accept="text/html")[1]


def _page(server: Running, query: str) -> int:
    return server.get(f"/sparql?query={query}", Accept="text/html")[0]


def test_a_head_that_tells_two_lengths_is_refused(server: Running) -> None:
    """And nothing behind it is taken for another request."""
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    head += b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n"
    with _connected(server) as connection:
        connection.sendall(head + b"GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n")
        text = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(1 << 16):
                text += part
    assert re.findall(rb"HTTP/1\.1 (\d{3})", text) == [b"400"]


@pytest.mark.parametrize(
    ("form", "query", "expected"),
    [
        ("json", "SELECT ?s { ?s ?p ?o } LIMIT 1", "application/sparql-results+json"),
        ("application/sparql-results+xml", "ASK {}", "application/sparql-results+xml"),
        ("xml", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1", "application/rdf+xml"),
        ("rdf+xml", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1", "application/rdf+xml"),
        ("json-ld", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1", "application/ld+json"),
        ("n3", "DESCRIBE <https://w3id.org/evigraph/micro-credentials/study/reeves-2017>", "text/turtle"),
        ("text/turtle", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1", "text/turtle"),
        ("nobody knows", "SELECT ?s { ?s ?p ?o } LIMIT 1", "text/csv"),
        ("turtle", "SELECT ?s { ?s ?p ?o } LIMIT 1", "text/csv"),
    ],
)
def test_a_format_by_the_names_that_clients_give_it(server: Running, form: str, query: str, expected: str) -> None:
    """One that there isn't is as if it were not there: the header says what the client takes."""
    asked = urllib.parse.urlencode({"query": query, "format": form})
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/sparql?{asked}", headers={"Accept": "text/csv, text/turtle;q=0.5"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own server
        assert answer.headers.get_content_type() == expected


@pytest.mark.parametrize("row", ["9" * 5_000, "x", "-1", "1.5", "٣"])
def test_a_row_that_is_none(server: Running, row: str) -> None:
    """It isn't found, whatever it is."""
    assert server.get(f"/trace/table-3/{urllib.parse.quote(row)}")[0] == 404


# Updates


@pytest.fixture
def writable(copy: Copy) -> Iterator[Running]:
    """A server of a copy that takes updates."""
    with serving("--write", workspace=copy.root, EVIGRAPH_TOKEN=TOKEN) as running:
        yield running


def label(text: str, key: str = "reeves-2017") -> str:
    """An update that gives a study another label."""
    study, prop = f"<{BASE}study/{key}>", "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    former, new = f"{study} {prop} ?l", f"{study} {prop} {json.dumps(text, ensure_ascii=False)}"
    return f"WITH <{BASE}graph/studies/{key}> DELETE {{ {former} }} INSERT {{ {new} }} WHERE {{ {former} }}"


def test_an_update_is_saved_to_the_files(writable: Running, copy: Copy) -> None:
    """Only the document that it changes, and at once to be asked."""
    path = copy.review / "studies" / "reeves-2017.yaml"
    others = {p: p.read_bytes() for p in copy.review.rglob("*") if p.is_file() and p != path}
    status, body = writable.update(label("Reeves and “friends” (2017) 😀"))
    assert status == 200, body
    assert (status, json.loads(body)["written"]) == (200, [path.relative_to(copy.root).as_posix()])
    assert "Reeves and “friends” (2017) 😀" in path.read_text("utf-8")
    assert all(p.read_bytes() == content for p, content in others.items())
    assert "friends" in writable.query(f"SELECT ?o {{ <{BASE}study/reeves-2017> ?p ?o }}")[1]
    assert evigraph("--workspace", str(copy.root), "undo").returncode == 0
    assert "Reeves et al. (2017)" in path.read_text("utf-8")


REFUSED = {
    "no token": ({"token": ""}, label("x"), 401),
    "a wrong token": ({"token": "wrong" * 10}, label("x"), 401),
    "another site": ({"Origin": "https://evil.example"}, label("x"), 403),
    "another site by fetch": ({"Sec_Fetch_Site": "cross-site"}, label("x"), 403),
    "a query": ({}, "ASK {}", 400),
    "load": ({}, "LOAD <http://127.0.0.1:1/>", 403),
    "call": ({}, "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403),
    "no graph": ({}, f"INSERT DATA {{ <{BASE}study/reeves-2017> <urn:p> 1 }}", 422),
    "a strange graph": ({}, "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }", 422),
    "a path for a name": ({}, f"INSERT DATA {{ GRAPH <{BASE}graph/studies/../../x> {{ <urn:a> <urn:b> 1 }} }}", 422),
    "an unknown property": ({}, f"INSERT DATA {{ GRAPH <{G1}> {{ <{BASE}study/reeves-2017> <urn:p> 1 }} }}", 422),
    "a loose node": ({}, f"INSERT DATA {{ GRAPH <{G1}> {{ <{BASE}loose> a <urn:c> }} }}", 422),
    "a blank node": ({}, f"INSERT DATA {{ GRAPH <{G1}> {{ [] a <urn:c> }} }}", 422),
    "a missing label": ({}, label("x").replace("INSERT", "# INSERT").replace(" WHERE", "\nWHERE"), 409),
    "everything": ({}, "CLEAR ALL", 422),
    "a study that others name": ({}, f"CLEAR GRAPH <{G1}>", 400),
    "a syntax error": ({}, "INSERT DATA {", 400),
}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Copy]]:
    """A server of a copy that takes updates, none of which will be taken."""
    made = Copy(tmp_path_factory.mktemp("guarded") / "workspace")
    with serving("--write", workspace=made.root, EVIGRAPH_TOKEN=TOKEN) as running:
        yield running, made


@pytest.mark.parametrize(("given", "text", "status"), REFUSED.values(), ids=REFUSED)
def test_an_update_that_cant_be_saved_is_refused(
    guarded: tuple[Running, Copy], given: dict[str, str], text: str, status: int
) -> None:
    """With a clear reason, and nothing is written."""
    running, made = guarded
    before = {p: p.read_bytes() for p in made.review.rglob("*") if p.is_file()}
    found, body = running.update(text, **given)
    assert found == status, body
    assert json.loads(body)["detail"]
    assert {p: p.read_bytes() for p in made.review.rglob("*") if p.is_file()} == before


def test_a_read_only_server_takes_no_token(server: Running, copy: Copy) -> None:
    """Whatever is sent."""
    assert server.update(label("x"))[0] == 403


def test_no_acknowledged_write_is_lost(copy: Copy) -> None:
    """The server is killed while it writes; what it said was written is there, and the review is whole."""
    keys = ["reeves-2017", "mah-2016"]
    said: dict[str, str] = {}
    with serving("--write", workspace=copy.root, EVIGRAPH_TOKEN=TOKEN) as running:
        stop = threading.Event()

        def write(key: str) -> None:
            count = 0
            while not stop.is_set():
                count += 1
                text = f"{key} no {count}"
                with contextlib.suppress(OSError, http.client.HTTPException):
                    if running.update(label(text, key))[0] == 200:
                        said[key] = text

        threads = [threading.Thread(target=write, args=(key,)) for key in keys]
        for thread in threads:
            thread.start()
        wait_for(lambda: len(said) == len(keys), 60)
        running.process.kill()
        stop.set()
        for thread in threads:
            thread.join(30)
    assert evigraph("--workspace", str(copy.root), "build").returncode == 0
    for key, text in said.items():
        found = re.search(rf"label: '?{key} no (\d+)", (copy.review / "studies" / f"{key}.yaml").read_text("utf-8"))
        assert found, key
        # A write that was made but not yet acknowledged may be there; an older one may not.
        assert int(found[1]) >= int(text.rpartition(" ")[2])


# Real clients


def test_sparqlwrapper(server: Running) -> None:
    """SELECT, ASK and CONSTRUCT, by GET and POST, in each of its formats."""
    wrapper = pytest.importorskip("SPARQLWrapper", reason="needs SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{server.url}/sparql")
    for method in ("GET", "POST"):
        client.setMethod(method)
        client.setQuery("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        client.setReturnFormat("json")
        assert int(client.queryAndConvert()["results"]["bindings"][0]["n"]["value"]) > 10_000
        client.setReturnFormat("xml")
        assert "<uri>" not in client.queryAndConvert().toxml()
        client.setQuery("ASK { ?s ?p ?o }")
        client.setReturnFormat("json")
        assert client.queryAndConvert()["boolean"] is True
        client.setQuery("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5")
        client.setReturnFormat("turtle")
        assert b"<" in client.queryAndConvert()
    client.setReturnFormat("json")
    client.addDefaultGraph(G1)
    client.setQuery("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert 0 < int(client.queryAndConvert()["results"]["bindings"][0]["n"]["value"]) < 1_000


def test_rdflib(server: Running) -> None:
    """Its SPARQLStore reads the endpoint as a graph."""
    rdflib = pytest.importorskip("rdflib")
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = rdflib.Graph(store=SPARQLStore(f"{server.url}/sparql"))
    study = rdflib.URIRef(f"{BASE}study/reeves-2017")
    assert graph.value(study, rdflib.SKOS.prefLabel) == rdflib.Literal("Reeves et al. (2017)")
    assert len(list(graph.query("SELECT * { ?s ?p ?o } LIMIT 7"))) == 7


def test_curl(server: Running) -> None:
    """Follows a thing to its data, and posts a query from a file."""
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("needs curl")
    address = f"{server.url}/study/reeves-2017"
    command = [curl, "-sSL", "--compressed", "-H", "Accept: text/turtle", address]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=30)  # noqa: S603 - our own arguments
    assert "Reeves et al. (2017)" in ran.stdout
    command = [curl, "-sS", f"{server.url}/sparql", "--data-urlencode", "query=ASK { ?s ?p ?o }"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=30)  # noqa: S603 - our own arguments
    assert json.loads(ran.stdout)["boolean"] is True
