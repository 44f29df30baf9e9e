"""What every request has to pass, and what every response carries."""

from __future__ import annotations

import hmac
import ipaddress
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evigraph.errors import RefusedError
from evigraph.web.live import Settings

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}
LONGEST_URL = 96 * 1024
"""Bytes of path and query; a query of 64 KB of which a third needs three bytes for one."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Doorman:
    """Turns away wrong hosts, long addresses and large bodies, and puts the headers of safety on every response."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Stand before `app`."""
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            from evigraph.web.problems import problem

            response = problem(Request(scope), *refusal, headers={"Connection": "close"})
            return await response(scope, receive, guarded)
        return await self._app(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not _known(hosts[0], self._settings.host_names):
            return 421, f"this server isn't called {', '.join(hosts)[:100] or 'nothing'}; add it with --host-name"
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_URL:
            return 414, f"the address has more than {LONGEST_URL} bytes; send the query by POST"
        if "content-length" in headers and "transfer-encoding" in headers:
            return 400, "the head has Content-Length and Transfer-Encoding, so that nobody knows where the body ends"
        if headers.get("content-encoding", "identity").strip().lower() not in {"identity", ""}:
            return 415, "the body is compressed; send it as it is"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._settings.body:
            return 413, f"the request has more than {self._settings.body} bytes"
        return None


def _known(host: str, names: frozenset[str]) -> bool:
    name = re.sub(r":\d{1,5}$", "", host).rstrip(".").lower()
    return "*" in names or name in names


def address(request: Request) -> str:
    """Whose request it is: the address it comes from; of IPv6 the network, since one machine may have all of it."""
    host = request.client.host if request.client else ""
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(found, ipaddress.IPv4Address):
        return host
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), 64), strict=False))


async def body(request: Request, settings: Settings) -> bytes:
    """A request's body, up to the limit, however it is sent.

    Raises:
        TooLargeError: it has more bytes. SlowError: it didn't come in time, or the client went away.
    """
    import asyncio

    parts, size = [], 0
    try:
        async with asyncio.timeout(SECONDS_FOR_BODY):
            async for part in request.stream():
                size += len(part)
                if size > settings.body:
                    raise TooLargeError(f"the request has more than {settings.body} bytes", size)
                parts.append(part)
    except TimeoutError:
        raise SlowError(f"the body didn't come within {SECONDS_FOR_BODY:g} s; send it again") from None
    except ClientDisconnect:
        raise SlowError("the client went away before the body was whole") from None
    return b"".join(parts)


SECONDS_FOR_BODY = 20.0


class TooLargeError(RefusedError):
    """A request with more bytes than are read."""

    http_status = 413


class SlowError(RefusedError):
    """A request that came too slowly."""

    http_status = 408


class UnauthorizedError(RefusedError):
    """A change without the token."""

    http_status = 401


def require_writer(request: Request, settings: Settings) -> None:
    """Only who has the token changes anything, and no page of another site on a reader's behalf.

    Raises:
        RefusedError: the server is read-only, or the request comes from another site. UnauthorizedError: no token.
    """
    if not settings.token:
        raise RefusedError("this server is read-only; its operator can start it with --write")
    site = request.headers.get("sec-fetch-site", "none")
    origin = request.headers.get("origin")
    same = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if site not in {"none", "same-origin"} or not same:
        raise RefusedError("changes are not taken from pages of another site")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    right = hmac.compare_digest(given.strip().encode(), settings.token.encode())
    if scheme.lower() != "bearer" or not right:
        raise UnauthorizedError("a change needs the header `Authorization: Bearer TOKEN` with the server's token")
