"""Why a graph is inconsistent: the fewest statements and axioms that can't all be true, found with few runs of HermiT.

A smallest set is found as QuickXplain does (Junker 2004): add statements one by one until they are inconsistent; the
last one belongs to it; keep that, and look again among those before. Since one run of Java judges many graphs, and ends
at the first that is inconsistent, each of these steps is a run or two. It begins around what looks suspicious, so that
the graphs are small, and only what remains inconsistent without all that was found there is searched as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pyoxigraph as ox

from evigraph.checks.reasoning import hermit, suspects
from evigraph.checks.reasoning.axioms import TYPE, Axiom, declarations, triples
from evigraph.checks.reasoning.facts import Facts, misfit, triple
from evigraph.checks.reasoning.vocabulary import Vocabulary

DENSE = 12
"""So many of the first lengths are tried one by one."""

Item = TypeVar("Item")
Judge = Callable[[list[list[Item]]], int | None]
"""Of lists of items, the index of the first that is inconsistent."""


@dataclass(frozen=True)
class Clash:
    """Statements and axioms that can't all be true, and of which none can be left out.

    Attributes:
        statements: of the graph. axioms: of the vocabulary and the codebook, and which IRIs are two things.
    """

    statements: tuple[ox.Quad, ...]
    axioms: tuple[Axiom, ...]


def found(facts: Facts, vocabulary: Vocabulary, own: Sequence[Axiom] = ()) -> Iterator[Clash]:
    """Clashes of an inconsistent graph, until what none of them uses is consistent.

    There may be more among the statements that they use, so that one reasons again when these are mended.

    `own` are the axioms that the vocabulary's file doesn't have.

    Raises:
        MissingPartError: there is no Java. CheckFailedError: HermiT can't finish.
    """
    search = _Search(facts, vocabulary, own)
    near = list(suspects.neighbourhoods(facts, vocabulary))
    while (found := search.judge(near)) is not None:
        near = near[found:]
        yield (clash := search.clash(near[0]))
        near = [search.without(quads, clash) for quads in near]
    rest = list(facts.statements)
    for clash in search.found:
        rest = search.without(rest, clash)
    while search.judge([rest]) is not None:
        yield (clash := search.clash(rest))
        rest = search.without(rest, clash)


def smallest(items: list[Item], judge: Judge[Item]) -> list[Item]:
    """A smallest list among inconsistent items that is inconsistent itself: without any one it is not."""
    kept: list[Item] = []
    while (length := _length(items, kept, judge)) > 0:
        kept.insert(0, items[length - 1])
        items = items[: length - 1]
    return kept


def _length(items: list[Item], kept: list[Item], judge: Judge[Item]) -> int:
    """How many of the first items are inconsistent with those kept; all of them are."""
    low, high = -1, len(items)
    while high - low > 1:
        lengths = _tries(low, high)
        found = judge([[*items[:length], *kept] for length in lengths])
        at = len(lengths) if found is None else found
        low, high = (lengths[at - 1] if at else low), (lengths[at] if at < len(lengths) else high)
    return high


def _tries(low: int, high: int) -> list[int]:
    """Lengths between the two, one by one at first and then further and further apart."""
    lengths, step = [low + 1], 1
    while (following := lengths[-1] + step) < high:
        lengths.append(following)
        step = step * 2 if len(lengths) >= DENSE else step
    return lengths


class _Search:
    """What is the same for all clashes of a graph."""

    def __init__(self, facts: Facts, vocabulary: Vocabulary, own: Sequence[Axiom]) -> None:
        self._axioms = (*facts.different, *vocabulary.axioms)
        added = (each for axiom in (*own, *facts.different) for each in axiom.triples)
        self._fixed = [*triples(), *added]
        self.found: list[Clash] = []

    def judge(self, lists: list[list[ox.Quad]]) -> int | None:
        texts = ([*self._fixed, *(triple(quad) for quad in quads)] for quads in lists)
        return hermit.first_inconsistent([text(each) for each in texts]) if lists else None

    def clash(self, quads: list[ox.Quad]) -> Clash:
        statements = smallest(quads, self.judge)
        axioms = self._reasons(statements)
        self.found.append(Clash(tuple(statements), tuple(axioms)))
        return self.found[-1]

    def without(self, quads: list[ox.Quad], clash: Clash) -> list[ox.Quad]:
        """The statements without those of a clash; a type stays if others say of something else that it isn't so."""
        plain = {quad for quad in clash.statements if quad.predicate != TYPE}
        things = {quad.subject for quad in plain}
        out = {quad for quad in clash.statements if not plain or quad in plain or quad.subject in things}
        return [quad for quad in quads if quad not in out]

    def _reasons(self, statements: list[ox.Quad]) -> list[Axiom]:
        if all(misfit(quad) for quad in statements):
            return []
        told = [triple(quad) for quad in statements]

        def judge(lists: list[list[Axiom]]) -> int | None:
            return hermit.first_inconsistent([text([*told, *_spelled(told, axioms)]) for axioms in lists])

        near = relevant(self._axioms, told)
        whole = near if judge([near]) is not None else list(self._axioms)
        return smallest(whole, judge)


def _spelled(told: list[ox.Triple], axioms: Sequence[Axiom]) -> list[ox.Triple]:
    """Axioms, and the declarations without which a reasoner can't read them and the statements."""
    names = {each for axiom in axioms for each in axiom.names()}
    names |= {t.predicate.value for t in told} | {str(getattr(t.object, "value", "")) for t in told}
    return [*declarations(names), *(each for axiom in axioms for each in axiom.triples)]


def relevant(axioms: Sequence[Axiom], told: list[ox.Triple]) -> list[Axiom]:
    """The axioms that these statements can set to work, those on what the statements name themselves first."""
    known = {str(getattr(node, "value", "")) for t in told for node in (t.subject, t.predicate, t.object)}
    found: dict[Axiom, None] = {}
    while True:
        new = [axiom for axiom in axioms if axiom not in found and _works(axiom, known)]
        if not new:
            return list(found)
        found |= dict.fromkeys(sorted(new, key=lambda axiom: axiom.kind in {"subclass", "equivalent", "member"}))
        known |= {name for axiom in new for name in axiom.names()}


def _works(axiom: Axiom, known: set[str]) -> bool:
    if axiom.kind in {"disjoint", "different"}:
        return axiom.names() <= known
    inside = axiom.what.properties() if axiom.what and axiom.kind == "equivalent" else set()
    return axiom.subject in known or bool(inside & known)


def text(given: Sequence[ox.Triple]) -> bytes:
    """Triples as N-Triples."""
    return ox.serialize(given, format=ox.RdfFormat.N_TRIPLES) or b""
