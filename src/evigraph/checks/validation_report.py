"""Every violation of a review: of its shapes, its check queries, and its codings, each with its place and mend."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from evigraph import data, queries
from evigraph.checks import codebook_facts, countries, declared_values, misplaced_keys, shapes, study_facts
from evigraph.checks.reasoning import defined
from evigraph.data import Document, coded_attributes, coded_fields, codings, crosswalks, direct, quads
from evigraph.files import cache
from evigraph.paths import Workspace, visible
from evigraph.queries import kept, recent
from evigraph.store import EmbeddedStore, Store

if TYPE_CHECKING:
    from evigraph.store.remote.remote_store import RemoteStore

VERDICTS = "verdicts"
"""The kind of what is kept of a check."""


BESIDE = ("retracted", "possible-duplicates")
"""The queries whose rows are told beside the violations."""


@dataclass(frozen=True, order=True)
class Violation:
    """One thing that doesn't hold.

    Attributes:
        path: the document. line: where in it, counted from 1. record: the id. key: the key, or empty.
        message: what is wrong and how to mend it.
    """

    path: Path
    line: int
    record: str
    key: str
    message: str

    def __str__(self) -> str:
        """One line: file, line, record, key and mend."""
        where = f"{self.record} {self.key}".strip()
        return f"{self.path}:{self.line}: {where}: {self.message}"


class Places:
    """Where each record of the documents stands, by its IRI."""

    def __init__(self, documents: list[Document], base: str) -> None:
        """Remember every node; one of several documents, as the review itself, stands in `review.yaml` first."""
        self._base = base
        self._found: dict[str, list[tuple[Document, data.Trail]]] = {}
        for document in sorted(documents, key=lambda each: each.name != "review"):
            self._found[quads.graph_iri(base, document.name)] = [(document, ())]
            for trail, node in data.nodes(document.content):
                self._found.setdefault(base + node["id"], []).append((document, trail))
        self._fallback = documents[0]

    def violation(self, iri: str, key: str, message: str) -> Violation:
        """A violation at that node's key, in whichever document has it, or at the node where it lacks the key."""
        found = self._found.get(iri, [(self._fallback, ())])
        document, trail = next(((d, t) for d, t in found if (*t, key) in d.lines), found[0])
        line = document.lines.get((*trail, key)) or document.lines.get(trail, 1)
        return Violation(document.path, line, iri.removeprefix(self._base), key, message)


def check(workspace: Workspace, remote: RemoteStore | None = None) -> list[Violation]:
    """Every violation of the workspace's graph, or of what a remote store holds of it, sorted by place.

    What was found of files is kept, and found again as long as none of them changed.

    Raises:
        DataError: a document, or the workspace's crosswalk, can't be read at all. StoreError: the remote store fails.
    """
    crosswalk = workspace.root / crosswalks.FILE
    if crosswalk.exists():
        crosswalks.read(crosswalk, data.bases(workspace.root))
    if remote is not None:
        return violations(workspace, data.read_documents(workspace), remote)
    key = _verdict_key(workspace)
    if (known := _kept(workspace, key)) is not None:
        return known
    documents = data.read_documents(workspace)
    found = violations(workspace, documents, asked=partial(_keep, workspace, documents))
    said = [(str(workspace.relative(v.path)), v.line, v.record, v.key, v.message) for v in found]
    cache.remember(workspace, VERDICTS, {key: json.dumps(said)}, [key], spare=0)
    return found


def _verdict_key(workspace: Workspace) -> str:
    """What a verdict follows from: documents, codings beside them, check queries, the other reviews, and the day."""
    queried = [path for path in queries.query_files(workspace).values() if "checks" in path.parts]
    codings_of = visible(workspace.review, "codings/**/*.csv")
    contents = [part for path in codings_of for part in (path.name, data.content_of(path))]
    contents += [part for path in sorted(queried) for part in (path.name, queries.text(workspace, path))]
    day = datetime.date.today().isoformat()  # what has yet to come is a violation
    return cache.key("verdict", day, kept.fingerprint(workspace), data.twin(workspace), *contents)


def _kept(workspace: Workspace, key: str) -> list[Violation] | None:
    text = cache.values(workspace, VERDICTS, [key]).get(key)
    if text is None:
        return None
    return [Violation(workspace.root / path, *rest) for path, *rest in json.loads(text)]


def violations(
    workspace: Workspace,
    documents: list[Document],
    remote: RemoteStore | None = None,
    asked: Callable[[Store], None] | None = None,
) -> list[Violation]:
    """Every violation of the graph that these documents make, or of what a remote store holds of it, by place.

    `asked` is given the store with the graph, whoever wants to ask it more.
    """
    base = data.base(documents)
    files = "".join(kept.lines(workspace, documents, base, direct.roles(documents, base), whole=False))
    text = direct.records(files, base)
    places = Places(documents, base)
    store: Store = EmbeddedStore()
    store.load(files)
    if remote is not None:
        store, text = remote, quads.canonical(remote.dump())
    if asked is not None:
        asked(store)
    rows = [
        *(stale_graphs(remote, files) if remote is not None else ()),
        *shapes.violations(text),
        *query_violations(workspace, store),
        *(defined.read(quads.from_nquads(text))[1] if "DefinedClass" in text else ()),
        *declared_values.violations(documents),
        *misplaced_keys.violations(documents),
        *study_facts.violations(documents),
        *codebook_facts.violations(documents),
        *countries.violations(documents),
        *codings.violations(workspace, documents),
        *coded_fields.violations(workspace, documents),
        *coded_attributes.violations(workspace, documents),
        *_twins(workspace, base),
    ]
    found = [places.violation(*row) for row in rows]
    return sorted(set(found))


def _keep(workspace: Workspace, documents: list[Document], store: Store) -> None:
    """Keep what a command that checks asks besides, while the graph is at hand, and the outline of the state."""
    state = kept.state((f"{each.name}{each.path.suffix}", each.digest) for each in documents)
    recent.remember(workspace, state, documents)
    for name in BESIDE:
        text = queries.text(workspace, queries.file(workspace, name))
        answer = kept.whole(store, queries.load(workspace, name))
        kept.keep_answer(workspace, kept.answer_key(state, text, {}), answer)


def _twins(workspace: Workspace, base: str) -> Iterator[tuple[str, str, str]]:
    """A base that is that of another review of the workspace too."""
    if other := data.twin(workspace):
        yield f"{base}review", "base", f"the review {other} has the same; their records would be one, so change it here"


def stale_graphs(remote: RemoteStore, files: str) -> Iterator[tuple[str, str, str]]:
    """The documents that a remote store holds otherwise than the files."""
    from evigraph.store.remote.publication import differing, graphs

    for name in differing(remote, graphs(files)) if remote.published() else ():
        yield name, "", f"{remote.at.query} holds another state; bring it up with `evigraph build --store`"


def query_violations(workspace: Workspace, store: Store) -> Iterator[tuple[str, str, str]]:
    """The rows of every check query: record, key and message."""
    for query in queries.load_all(workspace):
        if query.folder == "checks":
            for row in queries.run(store, query).rows:
                yield str(row[0]), str(row[1] or ""), str(row[2])
