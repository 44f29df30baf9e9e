"""SHACL core, as far as our shapes use it: shapes read once into predicates over an index of the graph.

The recommendation is https://www.w3.org/TR/shacl/. A general engine asks a general graph for each constraint of each
node; here a graph is two levels of dictionaries. pySHACL is the oracle of the tests: both find the same. A shape
that says more than is known here is refused when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import pyoxigraph as ox

from evigraph.checks.literals import RDF, Term, is_less, number, of_datatype, text

SH = "http://www.w3.org/ns/shacl#"
TYPE = f"<{RDF}type>"
SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"

Test = Callable[["Graph", Term, Iterable[Term]], bool]
"""Whether the values that a path leads to from a focus node are as a constraint wants them."""


class Graph:
    """An index of triples: what is said of a node, by predicate, and who points at it, where a path asks that."""

    def __init__(self, triples: Iterable[tuple[Term, Term, Term]], inverse: Iterable[Term] = ()) -> None:
        """Index the triples; paths may be followed backwards along the predicates in `inverse`."""
        self.said: dict[Term, dict[Term, dict[Term, None]]] = {}
        self._pointing: dict[Term, dict[Term, list[Term]]] = {each: {} for each in (TYPE, SUBCLASS, *inverse)}
        for subject, predicate, value in triples:
            self.said.setdefault(subject, {}).setdefault(predicate, {})[value] = None
            if predicate in self._pointing:
                self._pointing[predicate].setdefault(value, []).append(subject)
        self._below: dict[Term, frozenset[Term]] = {}

    def values(self, node: Term, path: tuple[tuple[Term, bool], ...]) -> Iterable[Term]:
        """The distinct nodes that a path leads to: steps along predicates, or backwards along them."""
        found: Iterable[Term] = (node,)
        for predicate, backwards in path:
            reached: dict[Term, None] = {}
            for each in found:
                reached |= dict.fromkeys(
                    self._pointing[predicate].get(each, ()) if backwards else self.said.get(each, {}).get(predicate, ())
                )
            found = reached
        return found

    def below(self, name: Term) -> frozenset[Term]:
        """A class and all its subclasses."""
        if name not in self._below:
            found, new = {name}, {name}
            while new:
                new = {each for every in new for each in self._pointing[SUBCLASS].get(every, ())} - found
                found |= new
            self._below[name] = frozenset(found)
        return self._below[name]

    def instances(self, name: Term) -> set[Term]:
        """The nodes that have the class or one of its subclasses."""
        return {node for each in self.below(name) for node in self._pointing[TYPE].get(each, ())}

    def subjects(self, predicate: Term) -> set[Term]:
        """The nodes of which a predicate is said that paths may follow backwards."""
        return {node for nodes in self._pointing[predicate].values() for node in nodes}

    def is_a(self, node: Term, name: Term) -> bool:
        """Whether a node has the class or one of its subclasses."""
        types = self.said.get(node, {}).get(TYPE)
        return types is not None and not self.below(name).isdisjoint(types)


@dataclass
class Shape:
    """A node or property shape.

    Attributes:
        path: the steps to its values, each a predicate and whether it is followed backwards; none for a node shape.
        tests: its constraints. properties: the property shapes that each value has to hold to.
        message: what is reported where a test fails.
        classes: whose instances it is about. subjects_of: the predicates whose subjects it is about.
    """

    path: tuple[tuple[Term, bool], ...] = ()
    tests: list[Test] = field(default_factory=list)
    properties: list[Shape] = field(default_factory=list)
    message: str = ""
    classes: list[Term] = field(default_factory=list)
    subjects_of: list[Term] = field(default_factory=list)

    def conforms(self, graph: Graph, node: Term) -> bool:
        """Whether a node holds to the shape."""
        return next(self.failures(graph, node), None) is None

    def failures(self, graph: Graph, node: Term) -> Iterator[tuple[Term, Term, str]]:
        """Where a node doesn't hold to the shape: the node, the predicate or nothing, and the message."""
        values = graph.values(node, self.path) if self.path else (node,)
        if not all(test(graph, node, values) for test in self.tests):
            yield node, self.path[0][0] if self.path else "", self.message
        for shape in self.properties:
            for value in values:
                yield from shape.failures(graph, value)

    def targets(self, graph: Graph) -> set[Term]:
        """The nodes of the graph that the shape is about."""
        found = [graph.instances(name) for name in self.classes]
        return set[Term]().union(*found, *(graph.subjects(predicate) for predicate in self.subjects_of))


def triples(turtle: bytes) -> Iterator[tuple[Term, Term, Term]]:
    """The triples of a Turtle document."""
    for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE):
        yield str(quad.subject), str(quad.predicate), str(quad.object)


class Reader:
    """Reads the shapes of a shapes graph."""

    def __init__(self, shapes: Graph) -> None:
        """Take the shapes graph."""
        self._graph = shapes
        self.inverse: set[Term] = set()

    def shapes(self) -> list[Shape]:
        """Every node shape that has targets.

        Raises:
            ValueError: a shape says what isn't known here.
        """
        named = [node for node in self._graph.said if self._graph.is_a(node, f"<{SH}NodeShape>")]
        return [self.shape(node) for node in sorted(named)]

    def shape(self, node: Term) -> Shape:
        """The shape that a node of the shapes graph describes.

        Raises:
            ValueError: it says what isn't known here.
        """
        made = Shape()
        for predicate, objects in self._graph.said[node].items():
            name = text(predicate).removeprefix(SH)
            for value in objects:
                self._read(made, name, value)
        return made

    def _read(self, made: Shape, name: str, value: Term) -> None:
        if name == "path":
            made.path = self._path(value)
        elif name == "message":
            made.message = text(value)
        elif name == "property":
            made.properties.append(self.shape(value))
        elif name == "targetClass":
            made.classes.append(value)
        elif name == "targetSubjectsOf":
            made.subjects_of.append(value)
            self.inverse.add(value)
        elif name != text(TYPE):
            made.tests.append(self._test(name, value))

    def _path(self, value: Term) -> tuple[tuple[Term, bool], ...]:
        said = self._graph.said.get(value, {})
        if f"<{RDF}first>" in said:
            return tuple(step for each in self._list(value) for step in self._path(each))
        if backwards := said.get(f"<{SH}inversePath>"):
            self.inverse |= backwards.keys()
            return tuple((predicate, True) for predicate in backwards)
        if said or value.startswith("_:"):
            raise ValueError(f"a path that isn't known here: {sorted(said)}")
        return ((value, False),)

    def _list(self, node: Term) -> list[Term]:
        found: list[Term] = []
        while node != f"<{RDF}nil>":
            said = self._graph.said[node]
            found += said[f"<{RDF}first>"]
            (node,) = said[f"<{RDF}rest>"]
        return found

    def _test(self, name: str, value: Term) -> Test:
        if name in {"minCount", "maxCount"}:
            bound = int(text(value))
            least = name == "minCount"
            return lambda g, n, vs: len(tuple(vs)) >= bound if least else len(tuple(vs)) <= bound
        if name == "hasValue":
            return lambda g, n, vs: value in vs
        if name == "lessThan":
            return lambda g, n, vs: all(is_less(v, other) for v in vs for other in g.values(n, ((value, False),)))
        if name == "class":
            return lambda g, n, vs: all(g.is_a(v, value) for v in vs)
        if name == "or":
            several = [self.shape(each) for each in self._list(value)]
            return lambda g, n, vs: all(any(shape.conforms(g, v) for shape in several) for v in vs)
        if name == "not":
            denied = self.shape(value)
            return lambda g, n, vs: not any(denied.conforms(g, v) for v in vs)
        holds = self._of_a_value(name, value)
        return lambda g, n, vs: all(holds(v) for v in vs)

    def _of_a_value(self, name: str, value: Term) -> Callable[[Term], bool]:
        if name == "in":
            allowed = frozenset(self._list(value))
            return allowed.__contains__
        if name == "nodeKind":
            begins = {f"<{SH}IRI>": "<", f"<{SH}Literal>": '"'}[value]
            return lambda v: v.startswith(begins)
        if name == "datatype":
            return of_datatype(value[1:-1])
        if name == "pattern":
            pattern = re.compile(text(value))
            return lambda v: pattern.search(text(v)) is not None
        if name == "minLength":
            length = int(text(value))
            return lambda v: len(text(v)) >= length
        if name in {"minInclusive", "maxInclusive"}:
            bound = Decimal(text(value))
            least = name == "minInclusive"
            return lambda v: (given := number(v)) is not None and (given >= bound if least else given <= bound)
        raise ValueError(f"a constraint that isn't known here: {name}")
