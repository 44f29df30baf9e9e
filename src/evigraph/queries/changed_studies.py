"""What a change of some studies makes of answers that add up by study, asked of these studies alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from evigraph.data import Document, is_shared, named
from evigraph.files import statements
from evigraph.queries import additive, retracted, scoping
from evigraph.queries.query_files import Query, parse
from evigraph.queries.reach import Reach
from evigraph.queries.rows import Solved, Table
from evigraph.queries.tables import solved

if TYPE_CHECKING:
    from evigraph.store import EmbeddedStore

MOST = 200
"""So many changed documents are asked beside what all share; of more, the whole is asked."""
Lines = Callable[[list[Document]], list[str]]
"""What makes canonical N-Quads of documents, a text each."""


class ChangedStudies:
    """A change of documents of which no other depends: studies and searches, not what they share.

    Attributes:
        old, new: the changed documents, as they were and as they are.
    """

    def __init__(self, shared: list[Document], old: list[Document], new: list[Document], lines: Lines) -> None:
        """`shared` are the documents that all share, which the change leaves as they are."""
        self.old, self.new = old, new
        self._shared, self._lines = shared, lines

    def answer(self, query: Query, arguments: dict[str, str] | None, before: Table) -> Table | None:
        """The answer after the change, from the one before; None where it has to be asked of the whole.

        It is without the rows of queries that the query gathers.
        """
        if not adds_up(query, arguments):
            return None
        old, new = (self._solved(store, query, arguments) for store in (self._was, self._is))
        return additive.changed(query, before, old, new, lambda: self._solved(self._alone, query, arguments))

    def reaches(self, query: Query, arguments: dict[str, str] | None) -> bool:
        """Whether the change may make a query answer otherwise; see `reach`."""
        if retracted.left_out(arguments):  # what is retracted may change though the query can't be reached
            return True
        return any(self._reach.reaches(scoping.alone(each)) for each in (query, *map(parse, query.gathered)))

    @cached_property
    def _reach(self) -> Reach:
        old, new = (
            {line for text in self._lines(side) for line in statements.lines(text)} for side in (self.old, self.new)
        )
        return Reach(old ^ new)

    def _solved(self, store: EmbeddedStore, query: Query, arguments: dict[str, str] | None) -> Solved:
        return solved(store, query, arguments, part=True)

    @cached_property
    def _alone(self) -> EmbeddedStore:
        return self._store([])

    @cached_property
    def _was(self) -> EmbeddedStore:
        return self._store(self.old)

    @cached_property
    def _is(self) -> EmbeddedStore:
        return self._store(self.new)

    @cached_property
    def _common(self) -> str:
        return "".join(self._lines(self._shared))

    def _store(self, studies: list[Document]) -> EmbeddedStore:
        from evigraph.store import EmbeddedStore

        store = EmbeddedStore()
        store.load(self._common + "".join(self._lines(studies)))
        return store


def adds_up(query: Query, arguments: dict[str, str] | None) -> bool:
    """Whether the answer to a query, with these arguments, is the sum of what studies add."""
    usual = {param.name: param.default for param in query.params}
    given = {name.replace("_", "-"): value for name, value in (arguments or {}).items()}
    as_usual = all(given.get(name, usual[name]) == usual[name] for name in query.whole)
    return bool(query.adds) and as_usual and not retracted.left_out(arguments)


def between(before: list[Document], after: list[Document], lines: Lines) -> ChangedStudies | None:
    """The change from some documents to others, or None if it isn't one of a few studies alone."""
    old, new = ({each.name: each for each in documents} for documents in (before, after))
    changed = [name for name in {*old, *new} if old.get(name) is not new.get(name)]
    if len(changed) > MOST or any(map(is_shared, changed)):
        return None
    was, now = ([side[name] for name in sorted(changed) if name in side] for side in (old, new))
    shared = [each for each in after if is_shared(each.name)]
    others = [each for each in after if not is_shared(each.name) and each.name not in changed]
    return ChangedStudies(shared, was, now, lines) if _apart([*was, *now], shared, others) else None


def _apart(changed: list[Document], shared: list[Document], others: list[Document]) -> bool:
    """Whether no changed document refers to another study, none to it, and none is called as it is.

    Rows name studies by their labels, so that what two of one label add can't be told apart.
    """
    called = {each.content.get("label") for each in changed if each.name.startswith("studies/")}
    if any(each.content.get("label") in called for each in others if each.name.startswith("studies/")):
        return False
    known = {name for each in (*changed, *shared) for name in _named(each)[0]}
    mine = {name for each in changed for name in _named(each)[0]}
    searches = {name for each in others if each.name.startswith("records/") for name in _named(each)[0]}
    leads_out = any(not known.issuperset(set(_named(each)[1]) - searches) for each in changed)
    return not leads_out and all(
        mine.isdisjoint(_named(each)[1]) for each in others if each.name.startswith("studies/")
    )


def _named(document: Document) -> tuple[list[str], list[str]]:
    return document.named or named(document)
