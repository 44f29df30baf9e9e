"""A query with a time limit: asked in a process of its own, which is ended when its time is over.

The engine can't be told to stop (pyoxigraph has no timeout), so a query whose patterns aren't connected would hold up
whoever asks it. Queries that ship with evigraph are known to end; those of a workspace's own are asked like this.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import select as system_select
import signal
import time
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from evigraph.errors import EvigraphError, QueryError, TimeLimitError
from evigraph.store.embedded import EmbeddedStore, Solutions

if TYPE_CHECKING:
    import pyoxigraph as ox


class TimedStore:
    """An embedded store whose queries have so many seconds each."""

    def __init__(self, store: EmbeddedStore, seconds: float, name: str) -> None:
        """Wrap a store; `name` is the query's, for the message of the error."""
        self._store, self._seconds, self._name = store, seconds, name
        self.review = store.review

    def query(self, sparql: str) -> Solutions | bool | str:
        """Answer a query, as the store does.

        Raises:
            TimeLimitError: it takes longer. QueryError: it can't be parsed or evaluated.
        """
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            _answer(self._store, sparql, theirs)
        os.close(theirs)
        try:
            received = _received(ours, self._seconds)
        finally:
            os.close(ours)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        if received is None:
            raise TimeLimitError(
                f"{self._name} gave no answer within {self._seconds:g} seconds; connect its patterns, or run it with"
                " --seconds and a larger number",
                self._name,
            )
        if not received:
            raise QueryError(f"{self._name} ended without an answer; it may need more memory than there is", self._name)
        found = pickle.loads(received)  # noqa: S301 - from our own child
        if isinstance(found, EvigraphError):
            raise found
        return found  # type: ignore[no-any-return]

    def apply(self, additions: Iterable[ox.Quad], removals: Iterable[ox.Quad]) -> None:
        """Take quads out of the store, and put quads in."""
        self._store.apply(additions, removals)

    def load(self, nquads: str | bytes) -> None:
        """Add everything that an N-Quads text holds to the store."""
        self._store.load(nquads)

    def without(self, graphs: Collection[str]) -> TimedStore:
        """The same without some graphs."""
        return TimedStore(self._store.without(graphs), self._seconds, self._name)

    def dump(self) -> Iterator[ox.Quad]:
        """Every quad of the store."""
        return self._store.dump()


def can_end() -> bool:
    """Whether this operating system lets a query be asked in a process of its own."""
    return hasattr(os, "fork")


def _answer(store: EmbeddedStore, sparql: str, pipe: int) -> None:
    """In the child: answer, write, and end; never returns."""
    status = 1
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it doesn't outlive who asked
    try:
        try:
            found: object = store.query(sparql)
        except EvigraphError as error:
            found = QueryError(str(error), error.value)
        with os.fdopen(pipe, "wb") as out:
            pickle.dump(found, out)
        status = 0
    finally:
        os._exit(status)


def _received(pipe: int, seconds: float) -> bytes | None:
    """All that is written to a pipe until it is closed; None if that takes longer."""
    whole, end = bytearray(), time.monotonic() + seconds
    while True:
        ready, _, _ = system_select.select([pipe], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return None
        part = os.read(pipe, 1 << 16)
        if not part:
            return bytes(whole)
        whole += part
