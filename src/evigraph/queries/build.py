"""The graph of a workspace, made once for each state of its files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from evigraph import data, queries
from evigraph.data import direct
from evigraph.errors import UsageError
from evigraph.files import cache, statements
from evigraph.paths import Workspace
from evigraph.queries import Table, kept, recent
from evigraph.queries.kept import fingerprint

__all__ = ["answer", "attributes", "fingerprint", "listing", "nquads", "open_store", "publish", "remote_store"]

if TYPE_CHECKING:
    from evigraph.data import Document
    from evigraph.store import Store
    from evigraph.store.remote.publication import Published
    from evigraph.store.remote.remote_store import RemoteStore


def nquads(workspace: Workspace) -> bytes:
    """The canonical N-Quads of the workspace, and of what follows from its values, from the cache where it holds them.

    Raises:
        DataError: a document can't be taken as it stands.
    """
    state = fingerprint(workspace)
    if (known := cache.kept(cache.of(workspace, ".nq"), state)) is not None:
        return known
    documents = data.read_documents(workspace)
    texts = kept.lines(workspace, documents, data.base(documents), direct.roles(documents, data.base(documents)))
    made = "".join(f"{line}\n" for line in sorted({line for text in texts for line in statements.lines(text)})).encode()
    cache.keep(cache.of(workspace, ".nq"), state, made)
    recent.remember(workspace, state, documents)
    return made


def records(workspace: Workspace) -> str:
    """The canonical N-Quads of the workspace's documents alone.

    Raises:
        DataError: a document can't be taken as it stands.
    """
    review = data.read_document(workspace.review / "review.yaml", "review")
    return direct.records(nquads(workspace).decode(), data.base([review]))


def answer(
    workspace: Workspace, name: str, arguments: dict[str, str], url: str = "", seconds: float = queries.SECONDS
) -> Table:
    """The rows of a canned query, from the cache where graph, query and arguments are the same.

    With the URL of a remote store, that is asked anew each time. A query of the workspace's own has so many `seconds`.

    Raises:
        UsageError: there is no such query, or it doesn't take the arguments.
        DataError: a document can't be taken as it stands. StoreError: the remote store fails.
        TimeLimitError: it takes too long.
    """
    if url:
        store, asked = remote_store(workspace, url), queries.load(workspace, name)
        queries.require_given(asked, arguments, lambda: queries.attributes(store))
        return queries.run(store, asked, arguments)
    text = queries.text(workspace, queries.file(workspace, name))
    if b"required: true" in text:
        queries.require_given(queries.load(workspace, name), arguments, lambda: attributes(workspace))
    files = data.file_digests.file_digests(workspace)
    key = kept.answer_key(kept.state_of(files), text, arguments)
    if (known := kept.kept_answer(workspace, key)) is not None:
        return known
    query = queries.load(workspace, name)
    queries.sparql(query, arguments)  # a wrong argument fails before the graph is made
    table = recent.answer(workspace, files, query, text, arguments)
    table = table or kept.whole(open_store(workspace), query, arguments, seconds=seconds)
    kept.keep_answer(workspace, key, table)
    return table


def attributes(workspace: Workspace) -> tuple[str, ...]:
    """The attributes that the review's studies are coded with, by name.

    Raises:
        DataError: a document can't be taken as it stands.
    """
    key = kept.answer_key(fingerprint(workspace), b"attributes", {})
    known = kept.kept_answer(workspace, key)
    if known is None:
        rows: list[tuple[queries.Cell, ...]] = [(name,) for name in queries.attributes(open_store(workspace))]
        known = Table("attributes", ("attribute",), rows)
        kept.keep_answer(workspace, key, known)
    return tuple(str(row[0]) for row in known.rows)


def listing(workspace: Workspace) -> Table:
    """Every canned query that is worth offering here, with its summary and its parameters' defaults."""
    rows: list[tuple[queries.Cell, ...]] = []
    for query in queries.load_all(workspace):
        takes = ", ".join(f"{param.name}={param.default}" for param in query.params)
        rows.append((query.name, query.summary, takes))
    return Table("queries", ("name", "summary", "parameters"), rows)


def listings(workspace: Workspace) -> dict[str, Table]:
    """The same by what the queries are: a table for each folder, in the order of the first query of each."""
    whole = listing(workspace)
    kinds = {query.name: query.folder for query in queries.load_all(workspace)}
    folders = dict.fromkeys(kinds[str(row[0])] for row in whole.rows)
    return {
        folder: Table(folder, whole.columns, [row for row in whole.rows if kinds[str(row[0])] == folder])
        for folder in folders
    }


def open_store(
    workspace: Workspace, url: str = "", only: Callable[[list[Document]], list[Document]] | None = None
) -> Store:
    """A store with the workspace's graph in it: in memory, or at the URL of a remote one.

    `only` chooses the documents of one in memory, all of them if it is None.

    Raises:
        DataError: a document can't be taken as it stands. UsageError: the URL is none of a store.
    """
    if url:
        return remote_store(workspace, url)
    from evigraph.store import EmbeddedStore

    store = EmbeddedStore()
    if only is None:
        store.load(nquads(workspace))
    else:
        every = data.read_documents(workspace)
        base, some = data.base(every), only(every)
        store.load("".join(kept.lines(workspace, some, base, direct.roles(every, base), whole=False)))
    return store


def remote_store(workspace: Workspace, url: str, update: str = "", data_url: str = "") -> RemoteStore:
    """The workspace's review on a server, with the credentials of the environment; nothing is asked yet.

    Raises:
        UsageError: an address can't be one. DataError: `review.yaml` can't be read.
    """
    from evigraph.store.remote import endpoint
    from evigraph.store.remote.remote_store import RemoteStore

    review = data.read_document(workspace.review / "review.yaml", "review")
    return RemoteStore(endpoint(url, update, data_url), data.base([review]))


def publish(
    workspace: Workspace, store: RemoteStore, progress: Callable[[int, int], None], beside: str = ""
) -> Published:
    """Make a remote store hold the workspace's graphs and, where no canned query sees them, those of `beside`.

    Raises:
        DataError: a document can't be taken as it stands. StoreError: the server fails.
        UsageError: another review of the workspace has the same base, and its graphs would go.
    """
    from evigraph.store.remote import publication

    if other := data.twin(workspace):
        raise UsageError(f"the review {other} has the same base {store.base}; give one of them another", other)
    done = publication.publish(store, nquads(workspace).decode(), progress)
    publication.accompany(store, publication.graphs(beside))
    return done
