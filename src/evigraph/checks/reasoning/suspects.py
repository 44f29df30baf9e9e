"""Where to look first for a contradiction: things that seem to be of two classes that exclude each other, and so on.

This only guesses, quickly and without the reasoner, who then says whether it is so; what is guessed wrongly costs a
moment, and what isn't guessed is found by halving.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pyoxigraph as ox

from evigraph.checks.reasoning.axioms import TYPE
from evigraph.checks.reasoning.expressions import Expression
from evigraph.checks.reasoning.facts import Facts
from evigraph.checks.reasoning.vocabulary import Vocabulary

Types = dict[str, list[tuple[list[str], ox.Quad]]]
"""For each thing, classes of one of which it must be, and the statement from which that follows."""


def neighbourhoods(facts: Facts, vocabulary: Vocabulary) -> Iterator[list[ox.Quad]]:
    """The statements around each suspicious thing, the most suspicious first; then what its neighbours are."""
    types = _types(facts, vocabulary)
    told: dict[str, list[ox.Quad]] = {}
    about: dict[str, list[ox.Quad]] = {}
    for quad in facts.statements:
        if quad.predicate == TYPE:
            told.setdefault(str(quad.subject), []).append(quad)
        for end in {str(quad.subject), str(quad.object)}:
            about.setdefault(end, []).append(quad)
    twins = {f"<{name}>" for axiom in facts.different for name in axiom.names()}
    for thing in sorted(about):
        first = [*_conflict(types.get(thing, []), vocabulary), *_striking(about[thing], thing, twins)]
        if first:
            ends = {str(end) for quad in about[thing] for end in (quad.subject, quad.object)} - {thing}
            others = [quad for end in sorted(ends) for quad in told.get(end, [])]
            yield list(dict.fromkeys([*first, *told.get(thing, []), *others, *about[thing]]))


def _striking(quads: list[ox.Quad], thing: str, twins: set[str]) -> list[ox.Quad]:
    """Statements of a thing that have a suspicious literal, or name one of two things that must not be one."""
    own = [quad for quad in quads if str(quad.subject) == thing and quad.predicate != TYPE]
    return [quad for quad in own if isinstance(quad.object, ox.Literal) or str(quad.object) in twins]


def _conflict(types: list[tuple[list[str], ox.Quad]], vocabulary: Vocabulary) -> list[ox.Quad]:
    pairs = sorted(combinations(types, 2), key=lambda pair: sum(len(classes) for classes, _ in pair))
    for (one, why), (other, also) in pairs:  # the shorter, the plainer
        if vocabulary.exclude(one, other):
            return list(dict.fromkeys([why, also]))
    return []


def _fits(whole: Expression, quad: ox.Quad) -> bool:
    """Whether a statement has what a member of a defined class must have, as far as one look tells."""
    parts = (part for part in whole.parts if part.name == quad.predicate.value and part.kind in {"some", "has"})
    return any(not part.values or quad.object in part.values for part in parts)


def _types(facts: Facts, vocabulary: Vocabulary) -> Types:
    found: Types = {}

    def add(node: object, classes: list[str], why: ox.Quad) -> None:
        mine = found.setdefault(str(node), [])
        if classes and all(classes != each for each, _ in mine):
            mine.append((classes, why))

    for quad in facts.statements:
        if quad.predicate == TYPE:
            add(quad.subject, [str(quad.object)[1:-1]], quad)
    for quad in facts.statements:
        iri = quad.predicate.value
        for said in vocabulary.domains.get(iri, ()):
            add(quad.subject, said.alternatives(), quad)
        for said in vocabulary.ranges.get(iri, ()):
            add(quad.object, said.alternatives(), quad)
    for quad in facts.statements:
        mine = {each for names, _ in found.get(str(quad.subject), []) if len(names) == 1 for each in names}
        above = {each for name in mine for each in vocabulary.above(name)}
        for name, whole in vocabulary.wholes:
            if _fits(whole, quad) and above.issuperset(p.name for p in whole.parts if p.kind == "class"):
                add(quad.subject, [name], quad)
    for quad in facts.statements:
        for classes, _ in list(found.get(str(quad.subject), [])):
            above = {each for name in classes for each in vocabulary.above(name)} if len(classes) == 1 else set()
            for said in (each for name in above for each in vocabulary.limits.get(name, ())):
                if said.name == quad.predicate.value:
                    add(quad.object, said.parts[0].alternatives(), quad)
    return found
