"""Which statements of a review can matter to a reasoner: all on things, and the few suspicious texts and numbers.

HermiT keeps every literal that it is given as a thing of its own and gets slow with them, so it is given only those
that can contradict something. Left out is a literal of which all of this holds:

- its property is one of texts and numbers of which the axioms say nothing but its domain, its range, that it has one
  value at most, and that members of a class have a certain value of it, which is another than this;
- it is plainly of the datatypes of the range;
- it is the only value of that property on its subject, or the property may have several;
- the subject is stated to be of a class of the domain.

Nothing is lost by that. Take a world in which all statements hold but those left out, and let them hold too: the domain
does, for the subject is of its class already; the range does by the second line; and one value at most there is by the
third, as long as no two subjects turn out to be one thing. That they can't: two IRIs are taken to be one thing only by
`owl:sameAs`, which is followed here, or where a property has one value at most and there are two, or where something is
said to be of a closed set, such as the effects, and isn't a member. For both, the IRIs are told to be two things, as
two ids of a review are; so there the reasoner finds the contradiction at once. And a class that asks for a value says
nothing of those who have another: they are just no members by that.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pyoxigraph as ox

from evigraph.checks.reasoning import literals
from evigraph.checks.reasoning.axioms import TYPE, Axiom, different
from evigraph.checks.reasoning.expressions import OWL
from evigraph.checks.reasoning.vocabulary import Vocabulary, is_datatype_property, is_property

SAME = ox.NamedNode(f"{OWL}sameAs")
NOTHING = ox.NamedNode(f"{OWL}Nothing")


@dataclass(frozen=True)
class Facts:
    """What a reasoner is told of a review.

    Attributes:
        statements: those that can matter, as they stand, in order. different: which IRIs are two things.
    """

    statements: tuple[ox.Quad, ...]
    different: tuple[Axiom, ...]


def matter(quads: list[ox.Quad], vocabulary: Vocabulary) -> Facts:
    """The statements among these that can matter to a reasoner; see the module for what is left out, and why."""
    found = _Facts(quads, vocabulary)
    kept = [quad for quad in found.quads if not isinstance(quad.object, ox.Literal) or found.suspicious(quad)]
    return Facts(tuple(kept), tuple(found.different()))


def misfit(quad: ox.Quad) -> bool:
    """Whether a statement has a text or number where its property names things, or the other way round."""
    if quad.predicate == TYPE:
        return False
    return isinstance(quad.object, ox.Literal) != is_datatype_property(quad.predicate.value)


def triple(quad: ox.Quad) -> ox.Triple:
    """A statement as a reasoner is told it: a misfit, which OWL has no words for, as what nothing can be."""
    if misfit(quad):
        return ox.Triple(quad.subject, TYPE, NOTHING)
    object_ = literals.told(quad.object) if isinstance(quad.object, ox.Literal) else quad.object
    return ox.Triple(quad.subject, quad.predicate, object_)


class _Facts:
    def __init__(self, quads: list[ox.Quad], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.quads = sorted({_statement(quad): quad for quad in quads if _logical(quad)}.values(), key=str)
        self._same: dict[str, str] = {}
        for quad in self.quads:
            if quad.predicate == SAME:
                self._same[self._thing(str(quad.object))] = self._thing(str(quad.subject))
        self._types: dict[str, set[str]] = {}
        self._values: dict[tuple[str, str], dict[str, ox.Quad]] = {}
        for quad in self.quads:
            thing = self._thing(str(quad.subject))
            if quad.predicate == TYPE:
                self._types.setdefault(thing, set()).update(vocabulary.above(str(quad.object)[1:-1]))
            else:
                self._values.setdefault((thing, quad.predicate.value), {})[self._thing(str(quad.object))] = quad

    def _thing(self, node: str) -> str:
        while node in self._same and self._same[node] != node:
            node = self._same[node]
        return node

    def suspicious(self, quad: ox.Quad) -> bool:
        iri, known, literal = quad.predicate.value, self._vocabulary, quad.object
        thing = self._thing(str(quad.subject))
        if not isinstance(literal, ox.Literal) or not is_datatype_property(iri):
            return True
        if known.tied(iri) or known.asks(iri, literal):
            return True
        if not all(each.kind == "class" and literals.within(literal, each.name) for each in known.ranges.get(iri, ())):
            return True
        if iri in known.functional and len(self._values[thing, iri]) > 1:
            return True
        types = self._types.get(thing, set())
        return not all(types.intersection(each.alternatives()) for each in known.domains.get(iri, ()))

    def different(self) -> list[Axiom]:
        found: dict[tuple[str, str], Axiom] = {}
        for (_, iri), values in self._values.items():
            names = sorted(q.object.value for q in values.values() if isinstance(q.object, ox.NamedNode))
            for one, other in combinations(names, 2) if iri in self._vocabulary.functional else ():
                found[one, other] = different(one, other)
            for name in names:
                for closed in self._vocabulary.ranges.get(iri, ()):
                    members = self._vocabulary.sets.get(closed.name, set())
                    if members and name not in members:
                        found |= {(name, each): different(name, each) for each in sorted(members)}
        return list(found.values())


def _statement(quad: ox.Quad) -> str:
    return f"{quad.subject} {quad.predicate} {quad.object}"


def _logical(quad: ox.Quad) -> bool:
    """Whether a statement says something of a thing: a declared property, or a type; never an axiom, or an import."""
    if quad.predicate != TYPE:
        return is_property(quad.predicate.value)
    return isinstance(quad.object, ox.NamedNode) and not quad.object.value.startswith(OWL)
