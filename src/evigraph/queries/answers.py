"""One state of a review: its fingerprint, its quads, and what canned queries answer, each worked out once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evigraph import data, queries
from evigraph.data import Document, direct
from evigraph.errors import TimeLimitError
from evigraph.files import cache, statements
from evigraph.paths import Workspace
from evigraph.queries import Query, Table, additive, changed_studies, retracted, scoping
from evigraph.queries.changed_studies import ChangedStudies
from evigraph.queries.reach import Reach
from evigraph.queries.rows import Folding, Solved, folded

if TYPE_CHECKING:
    from evigraph.store import EmbeddedStore, Store


def fingerprint(workspace: Workspace) -> str:
    """A SHA-256 of everything the graph is made from: the documents, the ontology's files and the version."""
    return _fingerprint((each.name, each.digest) for each in data.file_digests.file_digests(workspace))


def _fingerprint(files: Iterable[tuple[str, str]]) -> str:
    return cache.key("state", "\0".join(part for each in sorted(files) for part in each))


def lines(
    workspace: Workspace, documents: list[Document], base: str, roles: dict[str, str], whole: bool = True
) -> list[str]:
    """The canonical N-Quads of each document, and of what follows from its values, from the cache where it holds them.

    The documents are the `whole` review, so that those of no document of it may go; or some of it, and all stay.
    `roles` is what `data.direct.roles` gives of all.

    Raises:
        EvigraphError: a blank node is among the quads.
    """
    told = json.dumps(sorted(roles.items()))
    keys = [
        cache.key("quads", base, told, each.name, each.digest, each.meaning) if each.digest else ""
        for each in documents
    ]
    kept = cache.values(workspace, "quads", [key for key in keys if key])
    missing = [document for document, key in zip(documents, keys, strict=True) if key not in kept]
    if missing:
        from evigraph.data import quads  # a cached answer needs no graph

        made_of = quads.texts(missing, base)
        texts = {name: text + direct.direct_text(text, name, base, roles) for name, text in made_of.items()}
        made = {key: texts[d.name] for d, key in zip(documents, keys, strict=True) if d.name in texts}
        cache.remember(workspace, "quads", {key: text for key, text in made.items() if key}, keys if whole else None)
        return [texts[d.name] if d.name in texts else kept[k] for d, k in zip(documents, keys, strict=True)]
    return [kept[key] for key in keys]


def _roles(side: dict[str, Document]) -> dict[str, str]:
    documents = list(side.values())
    return direct.roles(documents, data.base(documents))


SPARE = 200
"""So many answers more than twice those of one state are kept."""


class State:
    """A review as its documents stand: what it answers is asked of a store once, and then kept.

    Attributes:
        documents: all of them. name: the fingerprint; empty where a document comes from no file.
    """

    def __init__(self, workspace: Workspace, documents: list[Document], before: State | None = None) -> None:
        """Nothing is asked yet; `before` is another state, whose answers hold as far as the difference can't reach."""
        self._workspace, self.documents, self._before = workspace, documents, before
        files = [(f"{d.name}{d.path.suffix}", d.digest) for d in documents]
        self.name = _fingerprint(files) if all(digest for _, digest in files) else ""
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
            self._before.documents, self.documents, lambda some: lines(self._workspace, some, base, roles, whole=False)
        )

    def _difference(self) -> tuple[list[str], list[str]]:
        """The quads that only one of the two states has, one line each."""
        old, new = ({d.name: d for d in state.documents} for state in (self._before, self) if state)
        # Every id has another IRI then, or every value another property.
        moved = data.base(list(old.values())) != data.base(self.documents) or _roles(old) != _roles(new)
        changed = [name for name in {*old, *new} if moved or old.get(name) is not new.get(name)]

        def held(side: dict[str, Document]) -> set[str]:
            some = [side[name] for name in changed if name in side]
            texts = lines(self._workspace, some, data.base(list(side.values())), _roles(side), whole=False)
            return {line for text in texts for line in statements.lines(text)}

        before, after = held(old), held(new)
        return sorted(before - after), sorted(after - before)

    def fetch(self, asked: Iterable[tuple[Query, dict[str, str]]]) -> None:
        """Take what is kept of the answers to these queries, each with its arguments, at one go."""
        if self.name:
            keys = {self._key(*each) for each in asked} - set(self._found)
            kept = cache.values(self._workspace, "answers", list(keys))
            self._found |= {key: table for key, text in kept.items() if (table := _table(text))}

    def answer(self, query: Query, arguments: dict[str, str] | None = None) -> Table:
        """The rows of a canned query.

        Raises:
            UsageError: it doesn't take the arguments. QueryError: it can't be asked.
        """
        key = self._key(query, arguments or {})
        if key not in self._found:
            kept = kept_answer(self._workspace, key) if self.name and not self._before else None
            self._found[key] = kept or self._asked(query, arguments)
            if kept is None:
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
                return replace(found, rows=found.rows + queries.gathered(query, self.answer))
        return whole(self.store(), query, arguments, self.answer)

    def _key(self, query: Query, arguments: dict[str, str]) -> str:
        return answer_key(self.name, self._words(query).encode(), arguments)

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
                self._store.load("".join(lines(self._workspace, self.documents, base, roles)))
        return self._store

    def keep(self) -> None:
        """Keep every answer that was not kept yet."""
        if self.name:
            made = {key: _text(self._found[key]) for key in self._made}
            cache.remember(self._workspace, "answers", made, self._found, spare=SPARE)
            self._made = set()


def answer_key(state: str, text: bytes, arguments: dict[str, str]) -> str:
    """The key of an answer: the state that is asked, the query as it stands, and the arguments."""
    return cache.key("answer", state, text, json.dumps(sorted(arguments.items())))


def whole(
    store: Store,
    query: Query,
    arguments: dict[str, str] | None = None,
    ask: queries.Ask | None = None,
    seconds: float = queries.SECONDS,
) -> Table:
    """The answer to a query, asked of all that a store holds; see `queries.run`."""
    return additive.checked(query, queries.run(store, query, arguments, ask, seconds))


def kept_answer(workspace: Workspace, key: str) -> Table | None:
    """An answer that is kept, or None."""
    return _table(cache.values(workspace, "answers", [key]).get(key, ""))


def keep_answer(workspace: Workspace, key: str, table: Table) -> None:
    """Keep an answer."""
    cache.remember(workspace, "answers", {key: _text(table)})


def _table(text: str) -> Table | None:
    try:
        kept = json.loads(text)
        rows = [tuple(row) for row in kept["rows"]]
        if "solved" not in kept:
            return Table(kept["name"], tuple(kept["columns"]), rows)
        variables, columns, group, fold = kept["solved"]
        how, solved = Folding(tuple(columns), tuple(group), fold), Solved(tuple(variables), rows)
        more = [tuple(row) for row in kept["more"]]
        return Table(kept["name"], tuple(kept["columns"]), folded(how, solved) + more, solved, how)
    except (ValueError, KeyError, TypeError):
        return None


def _text(table: Table) -> str:
    kept: dict[str, Any] = {"name": table.name, "columns": table.columns, "rows": table.rows}
    if table.solved and table.how:  # the rows follow from these
        kept["solved"] = [table.solved.variables, table.how.columns, table.how.group, table.how.fold]
        own = len(folded(table.how, table.solved)) if table.how.fold else len(table.solved.rows)
        kept["rows"], kept["more"] = table.solved.rows, table.rows[own:]
    return json.dumps(kept)
