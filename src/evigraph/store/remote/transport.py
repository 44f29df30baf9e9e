"""One request to a remote store: no redirects, one deadline for the whole, a limit of size, errors of one line."""

from __future__ import annotations

import functools
import html
import http.client
import re
import socket
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, replace
from email.message import Message
from typing import IO, Any

from evigraph.errors import QueryError, StoreError
from evigraph.store.remote import addresses, credentials
from evigraph.store.remote.addresses import PASSWORD, TIMEOUT, TOKEN, USER, Endpoint

LARGEST = 1 << 29
"""The most bytes of one answer."""
SMALL = 4096
"""Bytes that a server reads even where it refuses them."""


@dataclass(frozen=True)
class Answer:
    """What a server answered: the body, its media type without parameters, and the headers."""

    body: bytes
    type: str
    headers: Message


class Deadline:
    """Cuts the connection off when its time is over, wherever the request is then: headers, body, drop by drop."""

    def __init__(self, seconds: float) -> None:
        """Start nothing yet."""
        self.over = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def watch(self, connected: socket.socket) -> None:
        """Cut this one off too."""
        self._sockets.append(connected)

    def _cut(self) -> None:
        self.over = True
        for each in self._sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it was closed already

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


class _Plain(http.client.HTTPConnection):
    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.watch(self.sock)


class _Secure(http.client.HTTPSConnection):
    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.watch(self.sock)


class _HTTP(urllib.request.HTTPHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._connection: Any = functools.partial(_Plain, deadline=deadline)

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)


class _HTTPS(urllib.request.HTTPSHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._connection: Any = functools.partial(_Secure, deadline=deadline)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect may lead credentials and data to somebody else, and turns a POST into a GET: none is followed."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        raise StoreError(f"{req.full_url} redirects to {newurl}; give that address if you trust it", newurl)


def _opener(at: Endpoint, request: urllib.request.Request, deadline: Deadline) -> urllib.request.OpenerDirector:
    handlers: list[urllib.request.BaseHandler] = [_HTTP(deadline), _HTTPS(deadline), _NoRedirect()]
    if addresses.is_loopback(request.host.rpartition(":")[0].strip("[]") or request.host):
        handlers.append(urllib.request.ProxyHandler({}))
    if at.user:
        handlers += credentials.handlers(at, request.full_url)
    return urllib.request.build_opener(*handlers)


def _authorize(at: Endpoint, request: urllib.request.Request, deadline: Deadline) -> None:
    """Ask a server without a body what credentials it wants, and give them with the request.

    A server that refuses a large body stops reading it, and the refusal may be lost with the connection.
    """
    bare = urllib.request.Request(request.full_url, b"", dict(request.header_items()), method=request.get_method())  # noqa: S310
    try:
        _opener(replace(at, user=""), bare, deadline).open(bare, timeout=at.seconds).close()
        return
    except urllib.error.HTTPError as error:
        with error:
            asked = error.headers.get_all("WWW-Authenticate") or [] if error.code == 401 else []
    if header := credentials.header(at, request, asked):
        request.add_unredirected_header("Authorization", header)


def send(at: Endpoint, request: urllib.request.Request) -> Answer:
    """Send one request and read the whole answer.

    Raises:
        StoreError: there is no answer, or it isn't a success. QueryError: the server can't take the query (400).
    """
    url = request.full_url
    if at.token:
        credentials.require_private(url)
        request.add_unredirected_header("Authorization", f"Bearer {at.token}")
    with Deadline(at.seconds) as deadline:
        try:
            if at.user and isinstance(request.data, bytes) and len(request.data) > SMALL:
                _authorize(at, request, deadline)
            with _opener(at, request, deadline).open(request, timeout=at.seconds) as response:
                body = response.read(LARGEST + 1)
        except urllib.error.HTTPError as error:
            with error:
                raise refused(error, url) from None
        except (OSError, ValueError, AttributeError, http.client.HTTPException) as error:
            # A socket that is cut off while TLS reads from it raises more than OSError.
            raise unreachable(error, url, at.seconds, deadline.over) from None
        if deadline.over:
            raise unreachable(TimeoutError(), url, at.seconds, True)
    if len(body) > LARGEST:
        raise StoreError(f"{url}: the answer is larger than {LARGEST >> 20} MB; ask for less, or add a LIMIT", url)
    return Answer(body, response.headers.get_content_type(), response.headers)


def unreachable(error: Exception, url: str, seconds: float, late: bool) -> StoreError:
    """Why there is no answer."""
    reason = getattr(error, "reason", error)
    if late or isinstance(reason, TimeoutError):
        return StoreError(f"{url}: no whole answer within {seconds:g} s; ask for less, or set {TIMEOUT}", url)
    if isinstance(reason, ConnectionRefusedError):
        return StoreError(f"{url}: connection refused; start the server, or mend the address", url)
    if isinstance(reason, socket.gaierror):
        return StoreError(f"{url}: the host isn't known; mend the address", url)
    if isinstance(reason, BrokenPipeError | ConnectionResetError):
        return StoreError(f"{url}: connection closed; is there a SPARQL endpoint, and does it want {USER}?", url)
    text = str(reason) or type(reason).__name__
    return StoreError(f"{url}: {text}; is there a SPARQL endpoint?", url)


_MENDS = {
    401: f"set {USER} and {PASSWORD}, or {TOKEN}; if they are set, mend them",
    403: f"the server forbids it; set {USER} and {PASSWORD} of somebody who may, or {TOKEN}",
    404: "no endpoint there; mend the address",
    405: "the address doesn't take this kind of request; give that of the endpoint",
    406: "the server has no format that evigraph reads",
    413: "the request is too large for the server; raise its limit",
    415: "the address doesn't take this kind of request; give that of the endpoint",
    429: "too many requests; wait, then try again",
    503: "the server is busy or starting; try again",
}


def refused(error: urllib.error.HTTPError, url: str) -> StoreError | QueryError:
    """What a status that is no success means, with the first line of what the server says."""
    said = _first_line(error)
    if error.code == 400 and said:
        return QueryError(f"SPARQL, says {url}: {said}; mend the query", url)
    mend = _MENDS.get(error.code, "look into the server's log")
    return StoreError(f"{url} answers {error.code}{f': {said}' if said else ''}; {mend}", url)


def _first_line(body: IO[bytes]) -> str:
    try:
        text = body.read(4096).decode("utf-8", "replace")
    except (OSError, ValueError, http.client.HTTPException):
        return ""
    plain = html.unescape(re.sub(r"(?s)<(style|script).*?</\1>|<[^<>]*>", " ", text)) if "<html" in text[:500] else text
    line = next((each.strip() for each in plain.splitlines() if each.strip()), "")
    return "".join(sign if sign.isprintable() else " " for sign in line)[:200]
