"""One try at a query: how it is ended, and what is said of how it ended."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass

from evigraph.errors import EvigraphError, LimitError, QueryError, WorkerError
from evigraph.store.sandbox.evaluation import Request


@dataclass(eq=False)
class Stint:
    """One try at a query.

    Attributes:
        who: whose it is. long: whether it may run longer than a quick one. cut: whether it was ended since it may
        not. stopped: whether it was ended because the server stops. until: its time limit while it runs.
    """

    who: str = ""
    long: bool = False
    cut: bool = False
    stopped: bool = False
    until: asyncio.Timeout | None = None

    def end(self) -> None:
        """End it now."""
        if self.until is not None:
            self.until.reschedule(asyncio.get_running_loop().time())


class LongError(Exception):
    """A query took longer than a quick one may, while as many long ones run as there may be."""


class GoneError(WorkerError):
    """A worker ended though nothing ended it: its parent is gone, and it follows."""


def raise_for(problem: dict[str, str], request: Request, memory: int) -> None:
    """Turn what a worker said into an error.

    Raises:
        QueryError: of syntax or evaluation. LimitError: of rows, bytes or memory.
    """
    kind = problem.get("kind")
    if kind == "rows":
        raise LimitError(f"more than {request.rows} rows; add LIMIT and OFFSET, or count instead", request.rows)
    if kind == "cells":
        mend = "ask for fewer columns, add LIMIT and OFFSET, or take another form than a page"
        raise LimitError(f"more than {request.cells} cells, which are rows by columns; {mend}", request.cells)
    if kind == "bytes":
        raise LimitError(f"more than {request.size} bytes; ask for fewer rows or columns", request.size)
    if kind == "memory":
        raise ended(signal.SIGABRT, memory)
    if kind:
        raise QueryError(f"SPARQL: {problem['text']}; mend the query", request.text)


def ended(status: int, memory: int) -> EvigraphError:
    """What to say of a worker that ended by itself."""
    number = status & 0x7F
    if number in {signal.SIGABRT, signal.SIGKILL}:
        return LimitError(f"needs more than {memory >> 20} MB of memory; make the query more selective")
    name = signal.Signals(number).name if number else f"exit code {status >> 8}" if status else "it is gone"
    kind = WorkerError if status else GoneError
    return kind(f"the query ended its worker ({name}); no answer was made, and others aren't affected", name)
