"""What the axioms say of each class and property, put where it can be looked up."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from evigraph.checks.reasoning.axioms import Axiom, kinds
from evigraph.checks.reasoning.expressions import OWL, Expression, Node


class Vocabulary:
    """Axioms by what they are about.

    Attributes:
        functional: the properties with one value at most. domains, ranges: what is said of each property's ends.
        sets: the members of each class that is a closed set. wholes: what each defined class is, with its IRI.
        limits: for each class, what the values of a property are in it.
    """

    def __init__(self, axioms: Iterable[Axiom]) -> None:
        """Sort them."""
        self.axioms = tuple(axioms)
        self.functional = {a.subject for a in self.axioms if a.kind == "functional"}
        self.domains: dict[str, list[Expression]] = {}
        self.ranges: dict[str, list[Expression]] = {}
        self.sets: dict[str, set[str]] = {}
        self.wholes: list[tuple[str, Expression]] = []
        self.limits: dict[str, list[Expression]] = {}
        self._above: dict[str, set[str]] = {}
        self._disjoint: set[frozenset[str]] = set()
        self._tied: set[str] = set()
        self._named: set[tuple[str, Node]] = set()
        for axiom in self.axioms:
            self._take(axiom)

    def _take(self, axiom: Axiom) -> None:
        what = axiom.what
        if axiom.kind == "other" and kinds().get(axiom.subject) == "DatatypeProperty":
            self._tied.add(axiom.subject)
        if what is None:
            return
        self._tied |= what.properties() - {name for name, _ in what.asked()}
        self._named |= what.asked()
        if axiom.kind in {"domain", "range"}:
            (self.domains if axiom.kind == "domain" else self.ranges).setdefault(axiom.subject, []).append(what)
        elif axiom.kind == "disjoint":
            self._disjoint.add(frozenset({axiom.subject, what.name}))
        elif axiom.kind in {"subclass", "equivalent"}:
            above = [what] if what.kind == "class" else what.parts if what.kind == "and" else ()
            self._above.setdefault(axiom.subject, set()).update(p.name for p in above if p.kind == "class")
            if what.kind == "one":
                self.sets[axiom.subject] = {value.value for value in what.values}
            elif what.kind == "all":
                self.limits.setdefault(axiom.subject, []).append(what)
            if axiom.kind == "equivalent" and what.kind == "and":
                self.wholes.append((axiom.subject, what))

    def tied(self, iri: str) -> bool:
        """Whether more is said of a property than domain, range, that it has one value, and values asked for."""
        return iri in self._tied

    def asks(self, iri: str, value: Node) -> bool:
        """Whether a class is defined by this value of a property."""
        return (iri, value) in self._named

    def above(self, name: str) -> set[str]:
        """A class, and those of which it is a part by name."""
        seen, rest = {name}, [name]
        while rest:
            new = self._above.get(rest.pop(), set()) - seen
            seen |= new
            rest += new
        return seen

    def exclude(self, one: Iterable[str], other: Iterable[str]) -> bool:
        """Whether nothing can be of one of these classes and of one of those; of no class on a side, anything can."""
        pairs = list(product(one, other))
        return bool(pairs) and all(self._apart(*pair) for pair in pairs)

    def _apart(self, one: str, other: str) -> bool:
        found = product(self.above(one), self.above(other))
        return any(frozenset(pair) in self._disjoint for pair in found)


def is_datatype_property(iri: str) -> bool:
    """Whether the vocabulary declares a property of texts and numbers."""
    return kinds().get(iri) == "DatatypeProperty"


def is_property(iri: str) -> bool:
    """Whether the vocabulary declares a property that says something to a reasoner."""
    return kinds().get(iri) in {"ObjectProperty", "DatatypeProperty"} or iri in {f"{OWL}sameAs", f"{OWL}differentFrom"}
