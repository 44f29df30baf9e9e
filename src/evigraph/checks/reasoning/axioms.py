"""The axioms of the vocabulary one by one: what each is about, its triples, and what it says in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import pyoxigraph as ox

from evigraph import ontology
from evigraph.checks.reasoning.expressions import OWL, RDF, XSD, Expression, Naming, Node, Reader, article

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
TYPE = ox.NamedNode(f"{RDF}type")
DECLARED = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual", "Ontology")
KINDS = {
    f"{RDFS}subClassOf": "subclass",
    f"{OWL}equivalentClass": "equivalent",
    f"{OWL}disjointWith": "disjoint",
    f"{RDFS}domain": "domain",
    f"{RDFS}range": "range",
}
DATATYPES = {
    f"{XSD}integer": "a whole number",
    f"{XSD}decimal": "a number",
    f"{XSD}double": "a number",
    f"{XSD}string": "a text without a language",
}


@dataclass(frozen=True)
class Axiom:
    """One axiom.

    Attributes:
        kind: `subclass`, `equivalent`, `disjoint`, `domain`, `range`, `functional`, `member`, `different`, or `other`
            for a form that isn't known here. subject: the IRI that it is about. what: what it says of that.
        triples: all that a reasoner needs to be told, but for declarations.
    """

    kind: str
    subject: str
    what: Expression | None
    triples: tuple[ox.Triple, ...]

    def names(self) -> set[str]:
        """The IRI of every class, property and individual in it."""
        return {self.subject} | (self.what.names() if self.what else set())

    def words(self, name: Naming) -> str:
        """The axiom as a sentence without a full stop."""
        subject, said = name(self.subject), self.what.words(name) if self.what else ""
        if self.kind == "range" and self.what and self.what.name.startswith(XSD):
            return f"`{subject}` is {DATATYPES.get(self.what.name, name(self.what.name))}"
        sentences = {
            "functional": f"`{subject}` has one value at most",
            "domain": f"what has `{subject}` is {said}",
            "range": f"what `{subject}` names is {said}",
            "disjoint": f"{article(subject)} is never {said}",
            "subclass": f"{article(subject)} is {said}"
            if said.split()[:1] != ["with"]
            else f"{article(subject)} comes {said}",
            "equivalent": f"{article(subject)} is {said}, and whatever is that is {article(subject)}",
            "member": f"{subject} is {said}",
            "different": f"{subject} and {name(next(iter(self.what.names()))) if self.what else ''} are two things",
        }
        return sentences.get(self.kind, f"an axiom on {subject}")


def different(one: str, other: str) -> Axiom:
    """The axiom that two IRIs stand for two things."""
    nodes = ox.NamedNode(one), ox.NamedNode(other)
    triple = ox.Triple(nodes[0], ox.NamedNode(f"{OWL}differentFrom"), nodes[1])
    return Axiom("different", one, Expression("one", values=(nodes[1],)), (triple,))


@cache
def _triples() -> tuple[ox.Triple, ...]:
    files = (path.read_bytes() for path in ontology.vocabularies())
    return tuple(quad.triple for turtle in files for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE))


@cache
def kinds() -> dict[str, str]:
    """What each declared term is: its IRI, and `Class`, `ObjectProperty`, `DatatypeProperty` and so on."""
    found = {}
    for triple in _triples():
        local = str(getattr(triple.object, "value", "")).removeprefix(OWL)
        if triple.predicate == TYPE and local in DECLARED and isinstance(triple.subject, ox.NamedNode):
            found[triple.subject.value] = local
    return found


@cache
def triples() -> tuple[ox.Triple, ...]:
    """All that the vocabulary says to a reasoner: without labels, definitions and other annotations."""
    notes = {iri for iri, kind in kinds().items() if kind == "AnnotationProperty"} | {f"{OWL}versionInfo"}
    return tuple(t for t in _triples() if t.predicate.value not in notes)


@cache
def count() -> int:
    """How many triples the vocabulary has, annotations and all."""
    return len(_triples())


def declarations(names: Iterable[str]) -> list[ox.Triple]:
    """What tells a reasoner the kind of each of these terms that the vocabulary declares."""
    known = kinds()
    return [ox.Triple(ox.NamedNode(n), TYPE, ox.NamedNode(OWL + known[n])) for n in sorted(names) if n in known]


@cache
def labels() -> dict[str, str]:
    """The label of each term of the vocabulary, by its IRI."""
    found = (t for t in _triples() if t.predicate.value == f"{RDFS}label" and isinstance(t.subject, ox.NamedNode))
    return {t.subject.value: t.object.value for t in found}  # type: ignore[union-attr]


@cache
def axioms() -> tuple[Axiom, ...]:
    """Every axiom of the vocabulary; a list of disjoint classes or different individuals is one for each pair.

    The paper module parts again what the core parts; each pair is told once.
    """
    return tuple(dict.fromkeys(read(list(triples()))))


def read(given: list[ox.Triple]) -> Iterator[Axiom]:
    """The axioms that some triples make."""
    reader = Reader(given)
    for triple in given:
        subject, predicate, object_ = triple.subject, triple.predicate.value, triple.object
        local = str(getattr(object_, "value", "")).removeprefix(OWL)
        if predicate == TYPE.value:
            if local == "FunctionalProperty":
                yield Axiom("functional", str(subject.value), None, (triple,))  # type: ignore[union-attr]
            elif local in {"AllDisjointClasses", "AllDifferent"}:
                yield from _pairs(reader, subject, local)  # type: ignore[arg-type]
            elif isinstance(subject, ox.NamedNode) and str(getattr(object_, "value", "")) in kinds():
                yield Axiom("member", subject.value, reader.expression(object_), (triple,))  # type: ignore[arg-type]
        elif predicate.startswith((RDFS, OWL)) and isinstance(subject, ox.NamedNode):
            what = reader.expression(object_) if predicate in KINDS else None  # type: ignore[arg-type]
            kind = KINDS[predicate] if what else "other"
            yield Axiom(kind, subject.value, what, (triple, *reader.below(object_)))  # type: ignore[arg-type]


def _pairs(reader: Reader, node: Node, kind: str) -> Iterator[Axiom]:
    members = "members" if kind == "AllDisjointClasses" else "distinctMembers"
    head = reader.one(node, OWL + members)
    names = [item for item in reader.items(head) if isinstance(item, ox.NamedNode)] if head else []
    for one, other in combinations(names, 2):
        if kind == "AllDifferent":
            yield different(one.value, other.value)
        else:
            triple = ox.Triple(one, ox.NamedNode(f"{OWL}disjointWith"), other)
            yield Axiom("disjoint", one.value, Expression("class", other.value), (triple,))
