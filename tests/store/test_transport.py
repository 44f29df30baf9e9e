"""Hostile and broken endpoints: every one ends in one line, soon, and learns no secret."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from evigraph.errors import QueryError, StoreError
from evigraph.store.remote import protocol, transport
from evigraph.store.remote.addresses import PASSWORD, TIMEOUT, TOKEN, USER, endpoint

JSON = "application/sparql-results+json"
GOOD = b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "literal", "value": "x"}}]}}'
SELECT = "SELECT ?s WHERE { ?s ?p ?o }"
Answering = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A server of one answer that remembers what it was sent."""

    def __init__(self, answering: Answering, reads: bool = True) -> None:
        """Listen on a free port of this machine; with `reads` a body is read before it is answered."""
        requests: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                if reads:
                    self.rfile.read(int(self.headers.get("Content-Length", 0)))
                requests.append({name.lower(): value for name, value in self.headers.items()})
                with contextlib.suppress(OSError):
                    answering(self)

            do_GET = do_PUT = do_POST  # noqa: N815 - the library's names

            def log_message(self, format: str, *args: object) -> None:
                return

        self.requests = requests
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/sparql"
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def serving() -> Iterator[Callable[[Answering], Server]]:
    """Servers that end with the test."""
    with contextlib.ExitStack() as stack:

        def made(answering: Answering) -> Server:
            server = Server(answering)
            stack.callback(server.close)
            return server

        yield made


def answer(status: int, media: str, body: bytes, **headers: str) -> Answering:
    """An answer that is whole."""

    def send(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Type": media, "Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return send


def test_a_good_answer(serving: Callable[[Answering], Server]) -> None:
    """The counterpart of all the others."""
    server = serving(answer(200, JSON, GOOD))
    found = protocol.ask(endpoint(server.url, environment={}), SELECT)
    assert isinstance(found, protocol.Solutions)
    assert [str(term) for (term,) in found.rows] == ['"x"']


@pytest.mark.parametrize(
    ("answering", "message"),
    [
        (answer(200, "text/html", b"<html><body>Welcome</body></html>"), "answers text/html, which isn't what was"),
        (answer(200, JSON, b"<html>"), "is there a SPARQL endpoint"),
        (answer(200, JSON, b""), "is there a SPARQL endpoint"),
        (answer(200, JSON, GOOD[:40]), "is there a SPARQL endpoint"),
        (answer(200, JSON, b"\xff\xfe\x00garbage"), "is there a SPARQL endpoint"),
        (answer(200, JSON, b"[" * 100_000), "is there a SPARQL endpoint"),
        (answer(200, "application/octet-stream", GOOD), "answers application/octet-stream"),
        (answer(200, JSON, GOOD, X_SPARQL_MaxRows="1"), "cuts answers at 1 rows"),
        (answer(200, JSON, GOOD, X_SQL_State="S1TAT", X_SQL_Message="timeout"), "answers in part: timeout"),
        (answer(404, "text/plain", b"nothing"), "answers 404: nothing; no endpoint there"),
        (answer(401, "text/plain", b""), f"answers 401; set {USER} and {PASSWORD}, or {TOKEN}"),
        (answer(403, "text/plain", b""), "forbids it"),
        (answer(405, "text/plain", b""), "doesn't take this kind of request"),
        (answer(413, "text/plain", b""), "too large for the server"),
        (answer(500, "text/html", b"<html><style>x</style><h1>Boom &amp; bust</h1></html>"), "Boom & bust; look into"),
        (answer(500, "text/plain", b"\x1b[31mred\x07\n" + b"x" * 10**6), "answers 500: \\[31mred ; look into"),
        (answer(503, "text/plain", b""), "busy or starting"),
        (answer(599, "text/plain", b""), "answers 599; look into the server's log"),
        (lambda request: None, "is there a SPARQL endpoint"),
        (lambda request: request.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n"), "is there a SPARQL endpoint"),
        (lambda request: request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nx"), "SPARQL endpoint"),
        (lambda request: request.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 5000), "SPARQL endpoint"),
    ],
)
def test_an_answer_that_is_none(serving: Callable[[Answering], Server], answering: Answering, message: str) -> None:
    """Wrong types, garbage, statuses and broken HTTP."""
    server = serving(answering)
    with pytest.raises(StoreError, match=message) as caught:
        protocol.ask(endpoint(server.url, environment={}), SELECT)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_refused_query_is_the_querys_fault(serving: Callable[[Answering], Server]) -> None:
    """Status 400 with a text."""
    server = serving(answer(400, "text/plain", b"line 1: expected }"))
    with pytest.raises(QueryError, match="line 1: expected }; mend the query"):
        protocol.ask(endpoint(server.url, environment={}), SELECT)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(serving: Callable[[Answering], Server], status: int) -> None:
    """The other host gets neither the query nor the credentials."""
    other = serving(answer(200, JSON, GOOD))
    first = serving(answer(status, "text/plain", b"", Location=other.url))
    at = endpoint(first.url, environment={TOKEN: "hidden"})
    with pytest.raises(StoreError, match=f"redirects to {other.url}; give that address if you trust it"):
        protocol.ask(at, SELECT)
    assert first.requests[0]["authorization"] == "Bearer hidden"
    assert other.requests == []


def test_a_body_that_is_too_large(serving: Callable[[Answering], Server], monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading stops at the limit."""
    monkeypatch.setattr(transport, "LARGEST", 1 << 20)

    def flood(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n\r\n")
        for _ in range(1000):
            request.wfile.write(b" " * (1 << 16))

    with pytest.raises(StoreError, match="larger than 1 MB; ask for less"):
        protocol.ask(endpoint(serving(flood).url, environment={}), SELECT)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"])
def test_a_slow_drip_ends_at_the_deadline(serving: Callable[[Answering], Server], start: bytes) -> None:
    """A byte now and then, before the status, in the headers or in the body, keeps nobody waiting."""

    def drip(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(start)
        for _ in range(100):
            request.wfile.write(b"x" if start else b"")
            request.wfile.flush()
            time.sleep(0.1)

    at = endpoint(serving(drip).url, environment={TIMEOUT: "0.5"})
    with pytest.raises(StoreError, match=f"no whole answer within 0.5 s; ask for less, or set {TIMEOUT}"):
        protocol.ask(at, SELECT)


def test_credentials_go_where_they_are_asked_for(serving: Callable[[Answering], Server]) -> None:
    """Nothing is sent before a server asks; then what it asks for."""

    def guard(request: BaseHTTPRequestHandler) -> None:
        if request.headers.get("Authorization") == "Basic dTpw":
            answer(200, JSON, GOOD)(request)
        else:
            answer(401, "text/plain", b"", WWW_Authenticate='Basic realm="r"')(request)

    server = serving(guard)
    at = endpoint(server.url, environment={USER: "u", PASSWORD: "p"})
    assert protocol.ask(at, SELECT)
    assert ["authorization" in each for each in server.requests] == [False, True]
    with pytest.raises(StoreError, match="answers 401; set"):
        protocol.ask(replace(at, password="wrong"), SELECT)  # noqa: S106 - of a server that lives as long as the test


@pytest.mark.parametrize("scheme", ['Basic realm="r"', 'Digest realm="r", nonce="n", qop="auth", algorithm="MD5"'])
def test_a_large_body_is_sent_once_and_with_credentials(scheme: str) -> None:
    """A server that refuses it without reading it would cut the connection."""

    def guard(request: BaseHTTPRequestHandler) -> None:
        if request.headers.get("Authorization", "").startswith(scheme.split(" ")[0]):
            request.rfile.read(int(request.headers["Content-Length"]))
            answer(204, "text/plain", b"")(request)
        else:
            answer(401, "text/plain", b"", WWW_Authenticate=scheme)(request)

    server = Server(guard, reads=False)
    try:
        at = endpoint(server.url, environment={USER: "u", PASSWORD: "p"})
        for _ in range(5):
            protocol.update(at, "INSERT DATA { <urn:s> <urn:p> " + " , ".join(["<urn:o>"] * 300_000) + " }")
    finally:
        server.close()
    assert ["authorization" in each for each in server.requests] == [False, True] * 5
    assert [each["content-length"] == "0" for each in server.requests] == [True, False] * 5


def test_no_password_in_clear_text() -> None:
    """Neither a token nor a password leaves this machine without TLS."""
    at = endpoint("http://192.0.2.1/sparql", environment={TOKEN: "hidden"})
    with pytest.raises(StoreError, match="would travel in clear text; use https"):
        protocol.ask(at, SELECT)


def test_nobody_listens() -> None:
    """The reserved port answers nobody."""
    with pytest.raises(StoreError, match="connection refused; start the server, or mend the address"):
        protocol.ask(endpoint("http://127.0.0.1:1/sparql", environment={}), SELECT)


@pytest.mark.parametrize(
    ("sparql", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("#+ description: INSERT or ADD\n#+ more: DROP\nPREFIX select: <urn:x> ASK {}", "ASK"),
        ("BASE <urn:insert> PREFIX a.b-c: <http://x#ask> CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("describe <urn:x>", "DESCRIBE"),
    ],
)
def test_the_form_of_a_query(sparql: str, form: str) -> None:
    """Words in comments, prefixes and IRIs don't count."""
    assert protocol.form(sparql) == form


@pytest.mark.parametrize("sparql", ["", "# SELECT", "INSERT DATA {}", "PREFIX a: <urn:ask> DROP ALL", "LOAD <urn:x>"])
def test_an_update_is_never_sent_as_a_query(sparql: str) -> None:
    """Some servers would carry it out."""
    with pytest.raises(QueryError, match="a query begins with SELECT, ASK"):
        protocol.form(sparql)
