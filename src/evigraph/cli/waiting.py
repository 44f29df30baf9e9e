"""A word that a command is still at work: a counter of seconds on stderr, where a person sits at a terminal."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

AFTER = 2.0
"""So many seconds a command works without a word."""
EVERY = 0.5
OWN = {"serve", "mcp", "build"}
"""Commands that go on until they are stopped, or count for themselves."""


@contextlib.contextmanager
def told(name: str) -> Iterator[None]:
    """Count the seconds that a command takes, after the first `AFTER`, until it says something or ends."""
    if name in OWN or not sys.stderr.isatty():
        yield
        return
    stdout, stderr = sys.stdout, sys.stderr
    counter = _Counter(name, stderr)
    sys.stdout, sys.stderr = _Watched(stdout, counter), _Watched(stderr, counter)
    counter.start()
    try:
        yield
    finally:
        counter.stop()
        sys.stdout, sys.stderr = stdout, stderr


class _Counter(threading.Thread):
    """Writes the seconds into one line of a terminal, and takes it away when it is stopped."""

    def __init__(self, name: str, terminal: Any) -> None:
        super().__init__(daemon=True)
        self._what, self._terminal = name, terminal
        self._ended = threading.Event()
        self._writing = threading.Lock()
        self._shown = False

    def run(self) -> None:
        """Wait, then count."""
        started = time.monotonic()
        waiting = AFTER
        while not self._ended.wait(waiting):
            waiting = EVERY
            self._write(f"\r{self._what} … {int(time.monotonic() - started)} s")

    def _write(self, text: str) -> None:
        with self._writing, contextlib.suppress(OSError, ValueError):
            if not self._ended.is_set():
                self._terminal.write(text)
                self._terminal.flush()
                self._shown = True

    def stop(self) -> None:
        """Write nothing any more, and leave the line empty."""
        self._ended.set()
        with self._writing, contextlib.suppress(OSError, ValueError):
            if self._shown:
                self._terminal.write("\r" + " " * (len(self._what) + 12) + "\r")
                self._terminal.flush()
                self._shown = False


class _Watched:
    """A stream that stops the counter before anything is written to it."""

    def __init__(self, stream: Any, counter: _Counter) -> None:
        self._stream, self._counter = stream, counter

    def __getattr__(self, name: str) -> Any:
        if name in {"write", "writelines", "buffer"}:
            self._counter.stop()
        return getattr(self._stream, name)
