"""Class expressions of OWL 2, as far as the vocabulary and codebooks use them: read from triples, and in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox

OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"

Node = ox.NamedNode | ox.BlankNode | ox.Literal
Naming = Callable[[str], str]
"""From an IRI to the word for it."""


@dataclass(frozen=True)
class Expression:
    """A class, or what makes one.

    Attributes:
        kind: `class`, `or`, `and`, `one` (of), `some`, `all`, `has`, or `from`, which is `some` of the property read
            from its value to its subject. name: the IRI of the class or the property.
        parts: the expressions inside. values: the IRIs or literals that it names.
    """

    kind: str
    name: str = ""
    parts: tuple[Expression, ...] = ()
    values: tuple[Node, ...] = ()

    def names(self) -> set[str]:
        """The IRI of every class, property and individual in it."""
        inside = {name for part in self.parts for name in part.names()}
        return inside | ({self.name} if self.name else set()) | {v.value for v in self.values}

    def properties(self) -> set[str]:
        """The IRI of every property in it."""
        own = {self.name} if self.kind in {"some", "all", "has", "from"} else set()
        return own | {name for part in self.parts for name in part.properties()}

    def asked(self) -> set[tuple[str, Node]]:
        """The property and the value of each `has` in it."""
        own = {(self.name, value) for value in self.values} if self.kind == "has" else set()
        return own | {each for part in self.parts for each in part.asked()}

    def alternatives(self) -> list[str]:
        """The classes of one of which a member must be, if that is all that this says; else none."""
        if self.kind == "class":
            return [self.name]
        return (
            [each.name for each in self.parts]
            if self.kind == "or" and all(p.kind == "class" for p in self.parts)
            else []
        )

    def words(self, name: Naming) -> str:
        """What a member of it is, after `is`."""
        if self.kind == "class":
            return article(name(self.name))
        if self.kind == "or":
            return listed([part.words(name) for part in self.parts], "or")
        if self.kind == "and":
            first, *rest = [part.words(name) for part in self.parts]
            return f"{first} {listed(rest, 'and')}"
        if self.kind == "one":
            return "one of " + listed([name(value.value) for value in self.values], "or")
        if self.kind == "has":
            return f"with `{name(self.name)}` {name(self.values[0].value)}"
        inside = self.parts[0]
        if self.kind == "from":
            return f"that is the `{name(self.name)}` of {inside.words(name)}"
        if self.kind == "all":
            return f"whose every `{name(self.name)}` is {inside.words(name)}"
        if inside.name == f"{OWL}Thing":
            return f"with a `{name(self.name)}`"
        if inside.kind == "one":
            return f"with `{name(self.name)}` {listed([name(value.value) for value in inside.values], 'or')}"
        return f"with a `{name(self.name)}` that is {inside.words(name)}"


def article(noun: str) -> str:
    """The noun with `a` or `an` before it; none before what is no plain word."""
    if not noun.isalpha():
        return noun
    return f"{'an' if noun[0] in 'AEIOaeio' else 'a'} {noun}"


def listed(words: list[str], last: str) -> str:
    """Words with commas between them, and `last` before the last one."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def spelled(expression: Expression) -> tuple[ox.NamedNode | ox.BlankNode, list[ox.Triple]]:
    """An expression as a node, and the triples that describe it.

    It is of the kinds that codebooks need: `class`, `and`, `some`, `has` and `from`.
    """
    if expression.kind == "class":
        return ox.NamedNode(expression.name), []
    node = ox.BlankNode()
    inside = [spelled(part) for part in expression.parts]
    triples = [triple for _, each in inside for triple in each]
    if expression.kind == "and":
        head, made = _listed([part for part, _ in inside])
        return node, [_triple(node, "intersectionOf", head), _kind(node, "Class"), *made, *triples]
    on: ox.NamedNode | ox.BlankNode = ox.NamedNode(expression.name)
    if expression.kind == "from":
        on = ox.BlankNode()
        triples.append(_triple(on, "inverseOf", ox.NamedNode(expression.name)))
    filler = inside[0][0] if inside else expression.values[0]
    said = _triple(node, "someValuesFrom" if inside else "hasValue", filler)
    return node, [_kind(node, "Restriction"), _triple(node, "onProperty", on), said, *triples]


def _triple(subject: ox.NamedNode | ox.BlankNode, key: str, object_: Node) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(OWL + key), object_)


def _kind(node: ox.BlankNode, kind: str) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(f"{RDF}type"), ox.NamedNode(OWL + kind))


def _listed(nodes: list[ox.NamedNode | ox.BlankNode]) -> tuple[ox.NamedNode | ox.BlankNode, list[ox.Triple]]:
    head: ox.NamedNode | ox.BlankNode = ox.NamedNode(f"{RDF}nil")
    triples = []
    for item in reversed(nodes):
        node = ox.BlankNode()
        triples += [
            ox.Triple(node, ox.NamedNode(f"{RDF}first"), item),
            ox.Triple(node, ox.NamedNode(f"{RDF}rest"), head),
        ]
        head = node
    return head, triples


class Reader:
    """Triples by their subject, and the expressions that they make."""

    def __init__(self, triples: list[ox.Triple]) -> None:
        """Sort them."""
        self._by: dict[str, list[ox.Triple]] = {}
        for triple in triples:
            self._by.setdefault(str(triple.subject), []).append(triple)

    def one(self, subject: Node, predicate: str) -> Node | None:
        """The object of the one triple with that predicate, if there is one."""
        found = (t.object for t in self._by.get(str(subject), []) if t.predicate.value == predicate)
        return next((each for each in found if isinstance(each, Node)), None)

    def items(self, head: Node) -> list[Node]:
        """The members of an RDF list."""
        found = []
        while (item := self.one(head, f"{RDF}first")) is not None:
            found.append(item)
            head = self.one(head, f"{RDF}rest") or head
        return found

    def below(self, node: Node) -> list[ox.Triple]:
        """Every triple that describes a blank node, and those of the blank nodes in them."""
        if not isinstance(node, ox.BlankNode):
            return []
        own = self._by.get(str(node), [])
        return [*own, *(each for t in own if isinstance(t.object, ox.BlankNode) for each in self.below(t.object))]

    def expression(self, node: Node) -> Expression | None:
        """The expression that a node stands for; none if it is of another form than those above."""
        if isinstance(node, ox.NamedNode):
            return Expression("class", node.value)
        for kind, key in (("or", "unionOf"), ("and", "intersectionOf")):
            if (head := self.one(node, OWL + key)) is not None:
                parts = [self.expression(item) for item in self.items(head)]
                whole = tuple(part for part in parts if part)
                return Expression(kind, parts=whole) if len(whole) == len(parts) else None
        if (head := self.one(node, f"{OWL}oneOf")) is not None:
            return Expression("one", values=tuple(self.items(head)))
        return self._restriction(node)

    def _restriction(self, node: Node) -> Expression | None:
        on = self.one(node, f"{OWL}onProperty")
        if not isinstance(on, ox.NamedNode):
            return None
        if (value := self.one(node, f"{OWL}hasValue")) is not None:
            return Expression("has", on.value, values=(value,))
        for kind, key in (("some", "someValuesFrom"), ("all", "allValuesFrom")):
            if (filler := self.one(node, OWL + key)) is not None:
                inside = self.expression(filler)
                return Expression(kind, on.value, (inside,)) if inside else None
        return None
