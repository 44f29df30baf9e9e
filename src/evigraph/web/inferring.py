"""`inferred=true` of canned queries: the graph of a state with what a reasoner infers from it."""

from __future__ import annotations

import threading

from evigraph.errors import UsageError
from evigraph.store import EmbeddedStore
from evigraph.web.live import Snapshot

NAME = "inferred"
PARAMETER = {
    "name": NAME,
    "in": "query",
    "required": False,
    "schema": {"type": "boolean", "default": False},
    "description": "ask what a reasoner infers, too; the first such request in a state of the files takes seconds",
}
"""The parameter as OpenAPI has it; every canned query takes it, and its evidence."""

_ONE = threading.Lock()


def taken(arguments: dict[str, str]) -> tuple[dict[str, str], bool]:
    """The arguments of the query itself, and whether inferences are asked for.

    Raises:
        UsageError: `inferred` is neither true nor false.
    """
    wanted = arguments.get(NAME, "false")
    if wanted not in {"true", "false"}:
        raise UsageError(f"{NAME}={wanted[:40]}: choose one of true, false", wanted)
    return {name: value for name, value in arguments.items() if name != NAME}, wanted == "true"


def store(snapshot: Snapshot, inferred: bool) -> EmbeddedStore:
    """What is asked: the records, or a copy of them with what follows in a graph of its own.

    Raises:
        MissingPartError: there is no Java. CheckFailedError: the records are inconsistent, so that anything follows.
    """
    if not inferred:
        return snapshot.store

    def make() -> EmbeddedStore:
        from evigraph.checks.reasoning import inferences

        made = EmbeddedStore()
        made.load(snapshot.nquads)
        made.load(inferences.of_workspace(snapshot.workspace))
        return made

    with _ONE:  # a reasoner is one process of Java, however many ask
        return snapshot.once(("store", NAME), make)
