"""A workspace's graphs onto a server: only what differs, document by document, and never half a document.

Each document is staged in a graph that nobody asks, then swapped in by one update together with its share of the union
and its hash in the manifest. So an interrupted run has swapped some documents wholly and the others not at all, and the
next run goes on from there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from evigraph.errors import StoreError
from evigraph.files import statements
from evigraph.store.remote import protocol
from evigraph.store.remote.remote_store import ASIDE, SHA256, RemoteStore

PART = 5000
"""N-Triples lines in one request to the Graph Store."""
GROUP, QUADS = 50, 20_000
"""The most documents, and about the most quads, that one update swaps in."""
STAGED = "https://schema.org/isBasedOn"
"""In the manifest, from a graph that is being staged to the document's graph."""

Graphs = dict[str, list[str]]
"""The N-Triples lines of each named graph."""


@dataclass(frozen=True)
class Published:
    """What a run did: the numbers of documents that it loaded, found as they should be, and removed."""

    loaded: int
    same: int
    removed: int


def graphs(nquads: str) -> Graphs:
    """Canonical N-Quads by named graph."""
    found: Graphs = {}
    for line in statements.lines(nquads):
        triple, graph = re.fullmatch(r"(?s)(.*) <([^<>]*)> \.", line).groups()  # type: ignore[union-attr]
        found.setdefault(graph, []).append(f"{triple} .")
    return found


def digest(lines: list[str]) -> str:
    """The hash of a graph."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def differing(store: RemoteStore, wanted: Graphs) -> list[str]:
    """The graphs that the server holds otherwise than wanted, or not at all, or has too many."""
    held = {name: value for name, value in store.held().items() if name != store.union}
    stale = [name for name, lines in wanted.items() if held.get(name) != digest(lines)]
    return stale + [name for name in held if name not in wanted]


def publish(
    store: RemoteStore, nquads: str, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> Published:
    """Make the server hold exactly these graphs of the review; graphs of others stay as they are.

    One run at a time: two at once may undo each other's swaps, which both then report.

    Raises:
        StoreError: the server fails, or holds something else afterwards. QueryError: it can't take an update.
    """
    wanted = graphs(nquads)
    _clear_staging(store)
    sizes = _sizes(store)
    differ = set(differing(store, wanted))
    stale = [name for name, lines in wanted.items() if name in differ or sizes.get(name) != len(lines)]
    done = 0
    for group in _groups(wanted, stale):
        _load(store, {name: wanted[name] for name in group})
        done += len(group)
        progress(done, len(stale))
    gone = sorted(differ - set(wanted))
    for name in gone:
        pattern = f"GRAPH <{name}> {{ ?s ?p ?o }}"
        steps = [store.withdrawal(pattern, name), f"DROP SILENT GRAPH <{name}>", store.entry(name, None)]
        protocol.update(store.at, " ;\n".join(steps))
    _verify(store, wanted)
    return Published(len(stale), len(wanted) - len(stale), len(gone))


def accompany(store: RemoteStore, wanted: Graphs) -> int:
    """Put graphs beside those of the documents that say what these are, and tell how many were sent.

    They are no part of the union, so that no canned query sees them.

    Raises:
        StoreError: the server fails. QueryError: it can't take an update.
    """
    held = store.asides()
    stale = [name for name, lines in wanted.items() if held.get(name) != digest(lines)]
    for name in stale:
        forget = f"DELETE WHERE {{ GRAPH <{store.manifest}> {{ <{name}> <{ASIDE}> ?hash }} }}"
        protocol.update(store.at, forget)  # an interrupted run sends the graph again
        for start in range(0, len(wanted[name]), PART):
            protocol.put(store.at, name, wanted[name][start : start + PART], more=start > 0)
        entry = f'<{name}> <{ASIDE}> "{digest(wanted[name])}"'
        protocol.update(store.at, f"INSERT DATA {{ GRAPH <{store.manifest}> {{ {entry} }} }}")
    return len(stale)


def _clear_staging(store: RemoteStore) -> None:
    """Drop what an interrupted run left."""
    left = store.rows(f"SELECT ?g WHERE {{ GRAPH <{store.manifest}> {{ ?g <{STAGED}> ?of }} }}")
    for (name,) in left:
        forget = f"DELETE WHERE {{ GRAPH <{store.manifest}> {{ {name} <{STAGED}> ?of }} }}"
        protocol.update(store.at, f"DROP SILENT GRAPH {name} ;\n{forget}")


def _sizes(store: RemoteStore) -> dict[str, int]:
    """How many triples each graph of the manifest has, the union among them."""
    listed = f"GRAPH <{store.manifest}> {{ ?g <{SHA256}> ?hash }}"
    text = f"SELECT ?g (COUNT(*) AS ?n) WHERE {{ {listed} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g"
    return {str(getattr(g, "value", "")): int(getattr(n, "value", 0)) for g, n in store.rows(text)}


def _groups(wanted: Graphs, names: list[str]) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for name in names:
        group.append(name)
        size += len(wanted[name])
        if len(group) == GROUP or size > QUADS:
            yield group
            group, size = [], 0
    if group:
        yield group


def _load(store: RemoteStore, documents: Graphs) -> None:
    """Stage some documents and swap them in."""
    staged = {name: store.base + "staging/" + name.removeprefix(store.base) for name in documents}
    notes = " ".join(f"<{aside}> <{STAGED}> <{name}> ." for name, aside in staged.items())
    protocol.update(store.at, f"INSERT DATA {{ GRAPH <{store.manifest}> {{ {notes} }} }}")
    for name, lines in documents.items():
        for start in range(0, len(lines), PART):
            protocol.put(store.at, staged[name], lines[start : start + PART], more=start > 0)
    steps = [_swap(store, name, staged[name], digest(lines)) for name, lines in documents.items()]
    protocol.update(store.at, " ;\n".join(steps))


def _swap(store: RemoteStore, name: str, aside: str, hashed: str) -> str:
    """The update that puts a staged document in its place; else the union has too much for a moment."""
    replaced = f"GRAPH <{name}> {{ ?s ?p ?o }} FILTER NOT EXISTS {{ GRAPH <{aside}> {{ ?s ?p ?o }} }}"
    steps = [
        f"ADD GRAPH <{aside}> TO GRAPH <{store.union}>",
        store.withdrawal(replaced, name),
        f"MOVE GRAPH <{aside}> TO GRAPH <{name}>",
        store.entry(name, hashed),
        f"DELETE DATA {{ GRAPH <{store.manifest}> {{ <{aside}> <{STAGED}> <{name}> }} }}",
    ]
    return " ;\n".join(steps)


def _verify(store: RemoteStore, wanted: Graphs) -> None:
    """Count what the server holds, mend the union where it differs, and say in the manifest that all is there."""
    triples = {line for lines in wanted.values() for line in lines}
    whole = digest(sorted(triples))
    protocol.update(store.at, store.entry(store.union, whole))
    if _sizes(store).get(store.union) != len(triples):
        _rebuild_union(store, list(wanted))
    sizes = _sizes(store)
    expected = {name: len(lines) for name, lines in wanted.items()} | {store.union: len(triples)}
    for name, count in expected.items():
        if sizes.get(name, 0) != count:
            protocol.update(store.at, f"{store.entry(name, None)} ;\n{store.entry(store.union, None)}")
            raise StoreError(f"{store.at.query}: {name} has {sizes.get(name, 0)} triples, not {count}; build it again")


def _rebuild_union(store: RemoteStore, names: list[str]) -> None:
    aside = f"{store.base}staging/dataset"
    protocol.update(store.at, f"DROP SILENT GRAPH <{aside}>")
    for start in range(0, len(names), GROUP):
        added = [f"ADD GRAPH <{name}> TO GRAPH <{aside}>" for name in names[start : start + GROUP]]
        protocol.update(store.at, " ;\n".join(added))
    protocol.update(store.at, f"MOVE GRAPH <{aside}> TO GRAPH <{store.union}>")
