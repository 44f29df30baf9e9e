"""One state of a review: its fingerprint, its quads, and what canned queries answer, each worked out once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from evigraph import data, queries
from evigraph.data import Document, direct
from evigraph.errors import TimeLimitError
from evigraph.files import cache, statements
from evigraph.paths import Workspace
from evigraph.queries import Query, Table, changed_studies, kept, recent, retracted, scoping
from evigraph.queries.changed_studies import ChangedStudies
from evigraph.queries.reach import Reach

if TYPE_CHECKING:
    from evigraph.store import EmbeddedStore


def _roles(side: dict[str, Document]) -> dict[str, str]:
    documents = list(side.values())
    return direct.roles(documents, data.base(documents))


class State:
    """A review as its documents stand: what it answers is asked of a store once, and then kept.

    Attributes:
        documents: all of them. name: the fingerprint; empty where a document comes from no file.
    """

    def __init__(self, workspace: Workspace, documents: list[Document], before: State | None = None) -> None:
        """Nothing is asked yet; `before` is another state, whose answers hold as far as the difference can't reach."""
        self._workspace, self.documents, self._before = workspace, documents, before
        files = [(f"{d.name}{d.path.suffix}", d.digest) for d in documents]
        self.name = kept.state(files) if all(digest for _, digest in files) else ""
        self._store: EmbeddedStore | None = None
        self._found: dict[str, Table] = {}
        self._texts: dict[Path, str] = {}
        self._made: set[str] = set()
        self._gone, self._new = self._difference() if before else ([], [])
        self._reach = Reach([*self._gone, *self._new])
        self._studies = self._changed_studies()

    def _changed_studies(self) -> ChangedStudies | None:
        if self._before is None:
            return None
        base = data.base(self.documents)
        roles = direct.roles(self.documents, base)
        return changed_studies.between(
            self._before.documents,
            self.documents,
            lambda some: kept.lines(self._workspace, some, base, roles, whole=False),
        )

    def _difference(self) -> tuple[list[str], list[str]]:
        """The quads that only one of the two states has, one line each."""
        old, new = ({d.name: d for d in state.documents} for state in (self._before, self) if state)
        # Every id has another IRI then, or every value another property.
        moved = data.base(list(old.values())) != data.base(self.documents) or _roles(old) != _roles(new)
        changed = [name for name in {*old, *new} if moved or old.get(name) is not new.get(name)]

        def held(side: dict[str, Document]) -> set[str]:
            some = [side[name] for name in changed if name in side]
            texts = kept.lines(self._workspace, some, data.base(list(side.values())), _roles(side), whole=False)
            return {line for text in texts for line in statements.lines(text)}

        before, after = held(old), held(new)
        return sorted(before - after), sorted(after - before)

    def fetch(self, asked: Iterable[tuple[Query, dict[str, str]]]) -> None:
        """Take what is kept of the answers to these queries, each with its arguments, at one go."""
        if self.name:
            keys = {self._key(*each) for each in asked} - set(self._found)
            texts = cache.values(self._workspace, kept.KIND, list(keys))
            self._found |= {key: table for key, text in texts.items() if (table := kept.read(text))}

    def answer(self, query: Query, arguments: dict[str, str] | None = None) -> Table:
        """The rows of a canned query.

        Raises:
            UsageError: it doesn't take the arguments. QueryError: it can't be asked.
        """
        key = self._key(query, arguments or {})
        if key not in self._found:
            known = kept.kept_answer(self._workspace, key) if self.name and not self._before else None
            self._found[key] = known or self._asked(query, arguments)
            if known is None:
                self._made.add(key)
        return self._found[key]

    def in_time(self, query: Query, late: list[str]) -> Table | None:
        """The rows of a canned query, or None if they take too long, which is said in `late`."""
        try:
            return self.answer(query)
        except TimeLimitError as error:
            late.append(f"left out: {error}")
            return None

    def _asked(self, query: Query, arguments: dict[str, str] | None) -> Table:
        parts = (scoping.alone(each) for each in (query, *map(queries.parse, query.gathered)))
        apart = retracted.left_out(arguments)  # what is retracted may change though the query can't be reached
        if self._before and not apart and not any(map(self._reach.reaches, parts)):
            return self._before.answer(query, arguments)
        if self._before and self._studies and changed_studies.adds_up(query, arguments):
            found = self._studies.answer(query, arguments, self._before.answer(query, arguments))
            if found is not None:
                more = queries.gathered(query, self.answer)
                return replace(found, rows=found.rows + more, more=len(more))
        return kept.whole(self.store(), query, arguments, self.answer)

    def _key(self, query: Query, arguments: dict[str, str]) -> str:
        return kept.answer_key(self.name, self._words(query).encode(), arguments)

    def _words(self, query: Query) -> str:
        if query.path not in self._texts:
            self._texts[query.path] = queries.text(self._workspace, query.path).decode()
        return self._texts[query.path]

    def store(self) -> EmbeddedStore:
        """A store with the state's graph; it takes the one of the state before, which then makes a new one if asked."""
        if self._store is None:
            from evigraph.store import EmbeddedStore

            if self._before and self._before._store:
                from evigraph.data import quads

                self._store, self._before._store = self._before._store, None
                self._store.apply(*(quads.from_nquads("\n".join(each)) for each in (self._new, self._gone)))
            else:
                self._store = EmbeddedStore()
                base = data.base(self.documents)
                roles = direct.roles(self.documents, base)
                self._store.load("".join(kept.lines(self._workspace, self.documents, base, roles)))
        return self._store

    def keep(self) -> None:
        """Keep every answer that was not kept yet, and the outline of the state."""
        if self.name:
            made = {key: kept.text(self._found[key]) for key in self._made}
            cache.remember(self._workspace, kept.KIND, made, newest=kept.NEWEST)
            self._made = set()
            recent.remember(self._workspace, self.name, self.documents)
