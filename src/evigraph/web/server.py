"""The server: the one module that knows uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from evigraph.errors import UsageError
from evigraph.paths import Workspace
from evigraph.web.app import create
from evigraph.web.live import Settings

HEAD_SECONDS = 10.0
"""How long the head of a request may take; a client that sends a byte now and then holds nothing for longer."""
READ_SECONDS = 30.0
"""How long a client may leave an answer unread."""
HEAD_BYTES = 128 * 1024
CONNECTIONS = 512


class Impatient(H11Protocol):
    """HTTP with clients that must not dawdle."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Expect a request soon."""
        super().connection_made(transport)
        self._expect(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Go on, and stop waiting when a whole head has come."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._expect(None)
        elif self._patience is None:
            self._expect(HEAD_SECONDS)

    def pause_writing(self) -> None:
        """Expect the client to read."""
        super().pause_writing()
        self._expect(READ_SECONDS)

    def resume_writing(self) -> None:
        """It reads."""
        super().resume_writing()
        self._expect(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing more."""
        self._expect(None)
        super().connection_lost(exc)

    def _expect(self, seconds: float | None) -> None:
        if self._patience is not None:
            self._patience.cancel()
        loop = asyncio.get_running_loop()
        self._patience = None if seconds is None else loop.call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        self._patience = None
        if not self.transport.is_closing():
            self.transport.abort()


class Server(uvicorn.Server):
    """A server that stops at the first signal and then ends well."""

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
    config = uvicorn.Config(
        create(workspace, settings),
        http=Impatient,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )
    Server(config).run(sockets=[listening])
