"""The graph of a workspace, made once for each state of its files."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from evigraph import __version__, data, graph, ontology
from evigraph.errors import EvigraphError
from evigraph.paths import Workspace, cache_folder
from evigraph.store import EmbeddedStore


def fingerprint(workspace: Workspace) -> str:
    """A SHA-256 of everything the graph is made from: the documents, the context, the frame and the version."""
    digest = hashlib.sha256(__version__.encode())
    for path in [*ontology.files(), *data.document_files(workspace)]:
        content = path.read_bytes()
        digest.update(f"\0{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def nquads(workspace: Workspace) -> bytes:
    """The canonical N-Quads of the workspace, from the cache where it holds them.

    Raises:
        DataError: a document can't be taken as it stands.
    """
    cached = cache_folder() / f"{fingerprint(workspace)}.nq"
    try:
        return cached.read_bytes()
    except OSError:
        pass
    documents = data.read_documents(workspace)
    made = graph.canonical(graph.to_quads(documents, data.base(documents))).encode()
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        write_whole(cached, made)
    except (OSError, EvigraphError):
        pass  # a cache that can't be written only costs time
    return made


def open_store(workspace: Workspace) -> EmbeddedStore:
    """A store with the workspace's graph in it."""
    store = EmbeddedStore()
    store.load(nquads(workspace))
    return store


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it, so that nobody ever sees half of it.

    Raises:
        EvigraphError: it can't be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise EvigraphError(f"{path}: {error.strerror}; choose a folder that can be written", path) from None
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise EvigraphError(f"{path}: {error.strerror}; nothing was written", path) from None
