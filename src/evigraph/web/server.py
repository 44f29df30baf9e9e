"""The server: the one module that knows uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any, ClassVar

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from evigraph.errors import UsageError
from evigraph.paths import Workspace
from evigraph.web import making
from evigraph.web.app import create
from evigraph.web.heads import HeadError, StrictConnection
from evigraph.web.live import Live, Settings

HEAD_SECONDS = 10.0
"""How long the head of a request may take; a client that sends a byte now and then holds nothing for longer."""
READ_SECONDS = 10.0
"""How often it is looked whether a client reads its answer."""
LEAST_RATE = 4 * 1024
"""Bytes a second that a client has to read of an answer that waits for it."""
UNSENT_BYTES = 256 << 20
"""So many bytes of answers wait for their readers in all; beyond, the slowest one is cut off."""
HEAD_BYTES = 128 * 1024
CONNECTIONS = 512
GRACE_SECONDS = 0.6
"""So long may what is asked go on when the server is told to stop."""


class Impatient(H11Protocol):
    """HTTP with clients that must not dawdle, and without a delay of its own.

    A connection that is closing goes on waiting for a client that doesn't read; so whoever reads too little is cut off
    whatever the state of the connection.
    """

    _waiting: ClassVar[dict[Impatient, int]] = {}
    """The connections whose answers wait for their readers, each with the bytes that waited when it was looked."""
    _head: asyncio.TimerHandle | None = None
    _look: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Read heads strictly."""
        super().__init__(*args, **kwargs)
        self.conn = StrictConnection(h11.SERVER, HEAD_BYTES)

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with the request, unless its answer is on the way already."""
        if self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            return self._cut_off()
        fault = sys.exception()
        return super().send_400_response(str(fault) if isinstance(fault, HeadError) else msg)

    def connection_made(self, transport: Any) -> None:
        """Send every piece at once, and expect a request soon."""
        super().connection_made(transport)
        # asyncio does so for sockets of protocol 6 alone, and one that listens may say 0: each answer on a kept
        # connection then waited 40 ms for the client's delayed acknowledgement.
        with contextlib.suppress(OSError):
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._expect_head(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Go on, and stop waiting when a whole head has come."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._expect_head(None)
        elif self._head is None:
            self._expect_head(HEAD_SECONDS)

    def pause_writing(self) -> None:
        """Expect the client to read."""
        super().pause_writing()
        if self._look is None:
            self._expect_reading()
        while sum(self._waiting.values()) > UNSENT_BYTES:
            max(self._waiting, key=self._waiting.__getitem__)._cut_off()

    def resume_writing(self) -> None:
        """It reads."""
        super().resume_writing()
        self._expect_no_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing more."""
        self._expect_head(None)
        self._expect_no_reading()
        super().connection_lost(exc)

    def _expect_head(self, seconds: float | None) -> None:
        if self._head is not None:
            self._head.cancel()
        loop = asyncio.get_running_loop()
        self._head = None if seconds is None else loop.call_later(seconds, self._cut_off)

    def _expect_reading(self) -> None:
        self._waiting[self] = self.transport.get_write_buffer_size()
        self._look = asyncio.get_running_loop().call_later(READ_SECONDS, self._look_again)

    def _expect_no_reading(self) -> None:
        if self._look is not None:
            self._look.cancel()
        self._look = None
        self._waiting.pop(self, None)

    def _look_again(self) -> None:
        """Cut a client off that read too little since the last look."""
        read = self._waiting[self] - self.transport.get_write_buffer_size()
        if read < LEAST_RATE * READ_SECONDS:
            self._cut_off()
        else:
            self._expect_reading()

    def _cut_off(self) -> None:
        self._expect_head(None)
        self._expect_no_reading()
        self.transport.abort()


class Server(uvicorn.Server):
    """A server that stops at the first signal and then ends well."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        """Serve what `config` says, of `live`."""
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and let no request wait for a site that is in the making, nor for long for a query."""
        making.stop()
        asyncio.get_running_loop().call_later(GRACE_SECONDS, self._live.hurry)
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at SIGINT and SIGTERM; a second one doesn't wait for what is being answered."""
        former = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """A socket at an address; port 0 takes a free one.

    Raises:
        UsageError: it is taken, or there is no such address.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"can't listen on {host} port {port}: {said}; choose another --port", port) from None


def serve(workspace: Workspace, settings: Settings, listening: socket.socket) -> None:
    """Serve until a signal says to stop.

    Raises:
        EvigraphError: the workspace can't be taken as it stands.
    """
    app = create(workspace, settings)
    config = uvicorn.Config(
        app,
        http=Impatient,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=1,
    )
    Server(config, app.state.live).run(sockets=[listening])
    if making.busy():  # an interpreter that ends waits for what runs in the engine, or fails below it
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


SHORTEST_TOKEN = 16
"""A token with fewer characters can be guessed."""


def required_token() -> str:
    """The token that updates need, from the environment.

    Raises:
        UsageError: it is missing, or can be guessed.
    """
    token = os.environ.get("EVIGRAPH_TOKEN", "")
    if len(token) < SHORTEST_TOKEN:
        raise UsageError(f"--write needs a token of {SHORTEST_TOKEN} characters or more in EVIGRAPH_TOKEN")
    return token
