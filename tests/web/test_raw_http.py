"""Raw HTTP: heads and bodies as no library would send them, each held against the statuses that are right for it."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator

import pytest
from test_web_server import CAN_FORK, Running, serving

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="this operating system can't fork")

STATUS = re.compile(rb"HTTP/1\.1 \d{3} ")
H = b"Host: localhost\r\n"
G = b"GET /ping HTTP/1.1\r\n"
P = b"POST /sparql HTTP/1.1\r\n" + H + b"Content-Type: application/sparql-query\r\n"
T = P + b"Transfer-Encoding: chunked\r\n\r\n"

CASES: dict[str, tuple[bytes, set[int]]] = {
    "empty lines then request": (b"\r\n\r\n" + G + H + b"\r\n", {400}),
    "no version": (b"GET /ping\r\n\r\n", {400, 505}),
    "http 0.9": (b"GET /ping HTTP/0.9\r\n" + H + b"\r\n", {400, 505}),
    "http 1.2": (b"GET /ping HTTP/1.2\r\n" + H + b"\r\n", {400, 505}),
    "http 2.0": (b"GET /ping HTTP/2.0\r\n" + H + b"\r\n", {400, 505}),
    "http 9.9": (b"GET /ping HTTP/9.9\r\n" + H + b"\r\n", {400, 505}),
    "http 11.1": (b"GET /ping HTTP/11.1\r\n" + H + b"\r\n", {400, 505}),
    "http 1.": (b"GET /ping HTTP/1.\r\n" + H + b"\r\n", {400, 505}),
    "lower version": (b"GET /ping http/1.1\r\n" + H + b"\r\n", {400, 505}),
    "preface h2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}),
    "tls hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400}),
    "two spaces": (b"GET  /ping HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "tab sep": (b"GET\t/ping\tHTTP/1.1\r\n" + H + b"\r\n", {400}),
    "leading space": (b" GET /ping HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "trailing space": (b"GET /ping HTTP/1.1 \r\n" + H + b"\r\n", {400}),
    "space in target": (b"GET /pi ng HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "nul in target": (b"GET /pi\0ng HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "ctl in target": (b"GET /pi\x01ng HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "del in target": (b"GET /pi\x7fng HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "8bit target": (b"GET /pi\xffng HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "bare lf all": (b"GET /ping HTTP/1.1\nHost: localhost\n\n", {400}),
    "bare lf first": (b"GET /ping HTTP/1.1\n" + H + b"\r\n", {400}),
    "bare lf header": (G + b"Host: localhost\nX: y\r\n\r\n", {400}),
    "bare lf end": (G + b"Host: localhost\r\n\n", {400}),
    "bare cr": (G + b"Host: localhost\rX: y\r\n\r\n", {400}),
    "nul header value": (G + H + b"X: a\0b\r\n\r\n", {400}),
    "nul header name": (G + H + b"X\0: ab\r\n\r\n", {400}),
    "ctl in value": (G + H + b"X: a\x01b\r\n\r\n", {400}),
    "obs-fold": (G + H + b"X: a\r\n b\r\n\r\n", {400}),
    "obs-fold tab": (G + H + b"X: a\r\n\tb\r\n\r\n", {400}),
    "fold first": (G + b" Host: localhost\r\n\r\n", {400}),
    "space before colon": (G + b"Host : localhost\r\n\r\n", {400}),
    "no colon": (G + H + b"Nonsense\r\n\r\n", {400}),
    "empty name": (G + H + b": x\r\n\r\n", {400}),
    "name with space": (G + H + b"X Y: x\r\n\r\n", {400}),
    "name 8bit": (G + H + b"X\xe9: x\r\n\r\n", {400}),
    "name paren": (G + H + b"X(): x\r\n\r\n", {400}),
    "no host": (G + b"\r\n", {400, 421}),
    "two hosts": (G + H + H + b"\r\n", {400, 421}),
    "empty host": (G + b"Host:\r\n\r\n", {400, 421}),
    "host list": (G + b"Host: localhost, evil\r\n\r\n", {400, 421}),
    "host userinfo": (G + b"Host: a@localhost\r\n\r\n", {400, 421}),
    "host port junk": (G + b"Host: localhost:80x\r\n\r\n", {400, 421}),
    "host port huge": (G + b"Host: localhost:999999\r\n\r\n", {400, 421}),
    "host evil": (G + b"Host: evil.example\r\n\r\n", {421}),
    "host path": (G + b"Host: localhost/x\r\n\r\n", {400, 421}),
    "absolute other": (b"GET http://evil.example/ping HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "absolute own": (b"GET http://localhost/ping HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "absolute file": (b"GET file:///etc/passwd HTTP/1.1\r\n" + H + b"\r\n", {400, 404, 421}),
    "authority form": (b"GET localhost:80 HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "connect": (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", {400, 405, 421, 501}),
    "connect local": (b"CONNECT localhost:443 HTTP/1.1\r\n" + H + b"\r\n", {400, 405, 501, 404}),
    "asterisk get": (b"GET * HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "asterisk options": (b"OPTIONS * HTTP/1.1\r\n" + H + b"\r\n", {200, 204, 400, 404, 405}),
    "trace": (b"TRACE /ping HTTP/1.1\r\n" + H + b"\r\n", {405, 501, 400}),
    "track": (b"TRACK /ping HTTP/1.1\r\n" + H + b"\r\n", {405, 501, 400}),
    "lower method": (b"get /ping HTTP/1.1\r\n" + H + b"\r\n", {400, 405, 501}),
    "long method": (b"G" * 5000 + b" /ping HTTP/1.1\r\n" + H + b"\r\n", {400, 405, 501}),
    "method ctl": (b"GE\x01T /ping HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "method bracket": (b"G[T /ping HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "no slash": (b"GET ping HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "empty target": (b"GET  HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "fragment": (b"GET /ping#x HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "double slash": (b"GET //evil.example/ping HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "dots": (b"GET /../../etc/passwd HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "dots static": (b"GET /static/../../../../etc/passwd HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "enc dots": (b"GET /static/%2e%2e/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "enc slash": (b"GET /assets/..%2f..%2fetc%2fpasswd HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "backslash": (b"GET /assets/..\\..\\etc HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "pct bad": (b"GET /pi%zzng HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "pct cut": (b"GET /ping% HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "pct cut2": (b"GET /ping%2 HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "pct nul": (b"GET /ping%00 HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "pct crlf": (b"GET /ping%0d%0aX:y HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "pct not utf8": (b"GET /study/%ff%fe HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "pct overlong": (b"GET /study/%c0%af HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "pct surrogate": (b"GET /study/%ed%a0%80 HTTP/1.1\r\n" + H + b"\r\n", {400, 404}),
    "pct bad query": (b"GET /run/table-3.csv?a=%zz HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "pct query not utf8": (b"GET /run/table-3.csv?a=%ff HTTP/1.1\r\n" + H + b"\r\n", {400}),
    "long url": (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + H + b"\r\n", {400, 414}),
    "longer url": (b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n" + H + b"\r\n", {400, 414, 431}),
    "big header": (G + H + b"X: " + b"a" * 300_000 + b"\r\n\r\n", {400, 431}),
    "many headers 5000": (G + H + b"X: y\r\n" * 5000 + b"\r\n", {400}),
    "many headers 20000": (G + H + b"X: y\r\n" * 20000 + b"\r\n", {400}),
    "many distinct": (G + H + b"".join(b"X%d: y\r\n" % i for i in range(4000)) + b"\r\n", {400}),
    "cl+te": (
        P + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /ping HTTP/1.1\r\n" + H + b"\r\n",
        {400},
    ),
    "te+cl": (P + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n", {400}),
    "two cl differ": (P + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {}", {400}),
    "cl list differ": (P + b"Content-Length: 6, 7\r\n\r\nASK {}", {400}),
    "two cl same": (P + b"Content-Length: 6\r\nContent-Length: 6\r\n\r\nASK {}", {200, 400}),
    "cl plus": (P + b"Content-Length: +6\r\n\r\nASK {}", {400}),
    "cl minus": (P + b"Content-Length: -6\r\n\r\nASK {}", {400}),
    "cl hex": (P + b"Content-Length: 0x6\r\n\r\nASK {}", {400}),
    "cl empty": (P + b"Content-Length:\r\n\r\nASK {}", {400}),
    "cl space": (P + b"Content-Length: 6 6\r\n\r\nASK {}", {400}),
    "cl huge": (P + b"Content-Length: " + b"9" * 30 + b"\r\n\r\nASK {}", {400, 413}),
    "cl 5000 digits": (P + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nASK {}", {400, 413}),
    "cl unicode": (P + "Content-Length: ٦\r\n\r\nASK {}".encode(), {400}),
    "te gzip": (P + b"Transfer-Encoding: gzip\r\n\r\nASK {}", {400, 501}),
    "te gzip chunked": (P + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", {400, 501}),
    "te chunked twice": (P + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", {400, 501}),
    "te two headers": (P + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", {400, 501}),
    "te xchunked": (P + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", {400, 501}),
    "te vtab": (P + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", {400, 501}),
    "te on 1.0": (
        b"POST /sparql HTTP/1.0\r\n"
        + H
        + b"Content-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
        {400},
    ),
    "chunk size bad": (T + b"zz\r\nASK {}\r\n0\r\n\r\n", {400}),
    "chunk size neg": (T + b"-6\r\nASK {}\r\n0\r\n\r\n", {400}),
    "chunk size 0x": (T + b"0x6\r\nASK {}\r\n0\r\n\r\n", {400}),
    "chunk size huge": (T + b"f" * 16 + b"\r\nASK {}", set()),
    "chunk size huger": (T + b"f" * 64 + b"\r\nASK {}", {400, 413}),
    "chunk size empty": (T + b"\r\nASK {}\r\n0\r\n\r\n", {400}),
    "chunk no crlf": (T + b"6\r\nASK {}0\r\n\r\n", {400}),
    "chunk bare lf": (T + b"6\nASK {}\n0\n\n", set()),
    "chunk long": (T + b"6\r\nASK {}xx\r\n0\r\n\r\n", {400}),
    "chunk ext": (T + b"6;a=b\r\nASK {}\r\n0\r\n\r\n", {200}),
    "chunk ext flood": (T + b"6;" + b"a" * 300_000 + b"\r\nASK {}\r\n0\r\n\r\n", {400}),
    "chunk ext floods": (
        T + b"".join(b"1;" + b"a" * 2000 + b"\r\n \r\n" for _ in range(2000)) + b"0\r\n\r\n",
        {400, 413},
    ),
    "chunk tiny many": (T + b"1\r\n \r\n" * 20000 + b"6\r\nASK {}\r\n0\r\n\r\n", {200, 400, 413}),
    "chunk ext lf": (T + b"6;a\nb\r\nASK {}\r\n0\r\n\r\n", {400}),
    "trailer bad": (T + b"6\r\nASK {}\r\n0\r\nbad trailer\r\n\r\n", {400}),
    "trailer flood": (T + b"6\r\nASK {}\r\n0\r\n" + b"X: y\r\n" * 50000 + b"\r\n", {400, 431}),
    "body too large": (P + b"Content-Length: 2000000\r\n\r\n", {413}),
    "chunked too large": (T + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 20 + b"0\r\n\r\n", {413}),
    "expect": (P + b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\nASK {}", {100, 200}),
    "expect junk": (P + b"Expect: magic\r\nContent-Length: 6\r\n\r\nASK {}", {417, 400, 200}),
    "upgrade ws": (
        G + H + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n",
        {200, 400, 426},
    ),
    "upgrade h2c": (
        G + H + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
        {200, 400},
    ),
    "content encoding": (P + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\nASK {}", {415}),
    "get body": (b"GET /ping HTTP/1.1\r\n" + H + b"Content-Length: 5\r\n\r\nhello", {200, 400}),
    "head": (b"HEAD /ping HTTP/1.1\r\n" + H + b"\r\n", {200}),
    "range junk": (
        b"GET /run/table-3.csv HTTP/1.1\r\n" + H + b"Range: bytes=" + b"0-1," * 5000 + b"\r\n\r\n",
        {200, 400, 416, 431},
    ),
    "accept junk": (
        b"GET /run/table-3 HTTP/1.1\r\n" + H + b"Accept: " + b"a/b;q=1," * 5000 + b"\r\n\r\n",
        {200, 400, 406, 431},
    ),
    "inm long": (
        b"GET /run/table-3.csv HTTP/1.1\r\n" + H + b"If-None-Match: " + b'"a",' * 20000 + b"\r\n\r\n",
        {200, 400, 431},
    ),
    "cookie long": (
        b"GET /coding/ HTTP/1.1\r\n" + H + b"Cookie: " + b"a=b;" * 20000 + b"\r\n\r\n",
        {303, 401, 400, 403, 431},
    ),
    "xff": (G + H + b"X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Host: evil\r\nForwarded: for=x;host=evil\r\n\r\n", {200}),
    "bad date": (
        b"GET /static/style.css HTTP/1.1\r\n" + H + b"If-Modified-Since: xxx\r\n\r\n",
        {200, 307, 308, 301, 302, 303},
    ),
    "auth junk": (
        b"POST /sparql HTTP/1.1\r\n"
        + H
        + b"Content-Type: application/sparql-update\r\nAuthorization: Bearer \xff\xfe\r\n"
        + b"Content-Length: 9\r\n\r\nCLEAR ALL",
        {401, 403},
    ),
    "content type junk": (
        b"POST /sparql HTTP/1.1\r\n" + H + b"Content-Type: ;;;===\r\nContent-Length: 0\r\n\r\n",
        {415, 400},
    ),
    "charset utf7": (P.replace(b"-query", b"-query; charset=utf-7") + b"Content-Length: 6\r\n\r\nASK {}", {415}),
    "post no type": (b"POST /sparql HTTP/1.1\r\n" + H + b"Content-Length: 6\r\n\r\nASK {}", {415, 400}),
    "put": (b"PUT /sparql HTTP/1.1\r\n" + H + b"Content-Length: 0\r\n\r\n", {405, 400}),
    "delete root": (b"DELETE / HTTP/1.1\r\n" + H + b"\r\n", {405}),
    "post page": (b"POST /ping HTTP/1.1\r\n" + H + b"Content-Length: 0\r\n\r\n", {405}),
    "http10 no host": (b"GET /ping HTTP/1.0\r\n\r\n", {421}),
    "http10": (b"GET /ping HTTP/1.0\r\n" + H + b"\r\n", {200}),
    "pipeline then junk": (G + H + b"\r\n" + b"\0\0\0\r\n\r\n", {200}),
}
"""By name: what is sent, and the statuses that may answer it; none where the rest of a body is waited for."""


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    """One server for all, with the limits as they are shipped."""
    with serving() as running:
        yield running


def _answer(server: Running, raw: bytes, seconds: float) -> tuple[bytes, bool]:
    """What came back, to the end if it says that it ends there; and whether the server closed the connection."""
    got = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(raw)
        try:
            while part := connection.recv(1 << 16):
                got += part
                if b"\r\n\r\n" in got and b"connection: close" not in got.lower():
                    return got, False
        except TimeoutError:
            return got, False
        except OSError:
            return got, True
    return got, True


@pytest.mark.parametrize("name", CASES)
def test_a_request_that_no_library_sends(server: Running, name: str) -> None:
    """Is answered with a status that is right for it; one that is refused as malformed ends its connection."""
    raw, right = CASES[name]
    got, closed = _answer(server, raw, 30.0 if right else 1.0)
    status = re.match(rb"HTTP/1\.1 (\d{3}) ", got)
    if status:
        assert int(status[1]) in right, got[:300]
    else:
        assert got == b""
        assert not right or (closed and 400 in right)
    assert not re.search(rb"root:|Traceback|site-packages", got)
    if status and status[1] == b"400":
        assert len(STATUS.findall(got)) == 1


MEANT = {
    "bare lf": (b"GET /ping HTTP/1.1\n" + H + b"\r\n", "doesn't end with CR and LF"),
    "folded": (G + H + b"X: a\r\n b\r\n\r\n", "is folded"),
    "version": (b"GET /ping HTTP/2.0\r\n" + H + b"\r\n", "only HTTP/1.0 and HTTP/1.1"),
    "fields": (G + H + b"X: y\r\n" * 100 + b"\r\n", "more than 100 fields"),
    "absolute": (b"GET http://localhost/ping HTTP/1.1\r\n" + H + b"\r\n", "doesn't begin with `/`"),
    "percent": (b"GET /ping%zz HTTP/1.1\r\n" + H + b"\r\n", "two hexadecimal digits"),
}


@pytest.mark.parametrize(("raw", "said"), MEANT.values(), ids=MEANT)
def test_a_refused_head_is_told_why(server: Running, raw: bytes, said: str) -> None:
    """In one line, and what follows on the connection isn't read."""
    got, closed = _answer(server, raw + G + H + b"\r\n", 10.0)
    assert (got.startswith(b"HTTP/1.1 400 "), closed, len(STATUS.findall(got)), said in got.decode()) == (
        True,
        True,
        1,
        True,
    )


def test_a_head_in_pieces_is_read_as_one(server: Running) -> None:
    """A fault across two packets is seen; a head of single bytes is taken; so are requests that come together."""
    for raw, status in ((G + H + b"X: a\r\n b\r\n\r\n", b"400"), (G + H + b"\r\n", b"200")):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(OSError):
                for number in range(len(raw)):
                    connection.sendall(raw[number : number + 1])
            assert connection.recv(12) == b"HTTP/1.1 " + status
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall((G + H + b"\r\n") * 3)
        got = b""
        while got.count(b"\r\n\r\nok\n") < 3:
            part = connection.recv(1 << 16)
            assert part, got
            got += part


def test_it_lives_on_after_all_of_them(server: Running) -> None:
    """And its log has no traceback."""
    assert server.get("/ping") == (200, "ok\n")
    server.process.terminate()
    server.process.wait(20)
    assert server.process.stderr is not None
    assert "Traceback" not in server.process.stderr.read()
