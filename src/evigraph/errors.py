"""The error tree: each error is one line that says where, what and how to mend it."""

from __future__ import annotations

from pathlib import Path


def counted(number: int, one: str, several: str = "") -> str:
    """A number with its noun, as a message has it: `1 row`, `0 rows`, `2 studies`."""
    return f"{number} {one if number == 1 else several or one + 's'}"


class EvigraphError(Exception):
    """A failure a person can mend; its text is the whole message, on one line.

    Attributes:
        exit_code: what a command that fails with it returns to the shell.
        http_status: what a server that fails with it answers.
    """

    exit_code = 2
    http_status = 400

    def __init__(self, message: str, value: object = None) -> None:
        """Keep the message on one line, and the offending value beside it."""
        super().__init__(" ".join(message.split()))
        self.value = value


class UsageError(EvigraphError):
    """A command or a function was asked for something that doesn't exist."""


class NotFoundError(UsageError):
    """An address of the server under which nothing is."""

    http_status = 404


class UnknownTermError(EvigraphError):
    """A term of the evigraph namespace that the ontology does not declare."""


class QueryError(EvigraphError):
    """A SPARQL query, or the header of a canned query, that can't be read."""


class DataError(EvigraphError):
    """A document that can't be taken as it stands.

    Attributes:
        path: the file. line: the line in it, counted from 1, or 0 for the file as a whole.
    """

    def __init__(self, path: Path, line: int, message: str, value: object = None) -> None:
        """Put `path:line:` before the message."""
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {message}", value)
        self.path = path
        self.line = line


class StoreError(EvigraphError):
    """A remote store that can't be reached, refuses, or answers something else than was asked."""

    http_status = 502


class CheckFailedError(EvigraphError):
    """A check or a comparison ran to its end and did not hold."""

    exit_code = 1
    http_status = 409


class MissingPartError(EvigraphError):
    """An optional part of the machine (Java, an extra) isn't installed."""

    http_status = 501


class RefusedError(EvigraphError):
    """A request that can be understood and isn't allowed here."""

    http_status = 403


class LimitError(EvigraphError):
    """A question whose answer would be larger, or need more memory, than the limits allow; nothing was answered."""

    http_status = 422


class TimeLimitError(LimitError):
    """A question that wasn't answered within the time limit."""

    http_status = 504


class BusyError(EvigraphError):
    """Too much is being asked at this moment; the same request may work a little later."""

    http_status = 503


class TooManyError(BusyError):
    """One address asks for more at once than its share."""

    http_status = 429


class WorkerError(EvigraphError):
    """The process that answered a question ended before it had an answer."""

    http_status = 500
