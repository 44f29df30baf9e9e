"""Classes that a codebook defines, as OWL classes: a conjunction of conditions, each of which asks for something.

No condition can ask that something is absent: a reasoner takes what isn't stated for unknown, and a review that is
being coded isn't done. So a member stays one whatever is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from evigraph import ontology
from evigraph.checks.reasoning.axioms import TYPE, Axiom
from evigraph.checks.reasoning.expressions import OWL, Expression, Node, spelled
from evigraph.errors import EvigraphError

NS = ontology.NAMESPACE
ASKS = {
    "Study": {"characteristic": "characteristic", "finding": "fromStudy"},
    "Finding": {
        "characteristic": "characteristic",
        **{name: name for name in ("benefit", "drawback", "concerns", "answers", "effect", "focus", "concept")},
        "study": "fromStudy",
    },
}
"""What can be asked of the members of a class, by what they are, and the property that has it."""
ANYTHING = Expression("class", f"{OWL}Thing")


@dataclass
class _Given:
    """What the graph says of one class or condition, by the key."""

    values: dict[str, list[Node]] = field(default_factory=dict)

    def text(self, key: str) -> str:
        found = self.values.get(NS + key, [])
        return str(found[0].value) if found else ""


def read(quads: Iterable[ox.Quad]) -> tuple[list[Axiom], list[tuple[str, str, str]]]:
    """The axioms of the classes that a graph defines, and their faults: record, key and message.

    A class with a fault has no axiom.
    """
    given: dict[str, _Given] = {}
    classes = set()
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.Triple):
            node = given.setdefault(quad.subject.value, _Given())
            node.values.setdefault(quad.predicate.value, []).append(quad.object)
            if quad.predicate == TYPE and quad.object == ox.NamedNode(f"{NS}DefinedClass"):
                classes.add(quad.subject.value)
    members = {iri: given[iri].text("members") for iri in classes}
    axioms, faults = [], []
    for iri in sorted(classes):
        own = list(_faults(iri, given, members))
        faults += own
        if not own:
            axioms.append(_axiom(iri, given, members))
    return axioms, faults


def axioms(quads: Iterable[ox.Quad]) -> list[Axiom]:
    """The axioms of the classes that a graph defines.

    Raises:
        EvigraphError: naming the first condition that can't be asked.
    """
    found, faults = read(quads)
    for record, key, message in faults:
        raise EvigraphError(f"{record} {key}: {message}", record)
    return found


def labels(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """The labels of everything in a graph, by IRI."""
    label = ontology.keys()["label"].iri
    return {quad.subject.value: quad.object.value for quad in quads if quad.predicate.value == label}  # type: ignore[union-attr]


def _conditions(iri: str, given: dict[str, _Given]) -> list[str]:
    return sorted(str(node.value) for node in given[iri].values.get(f"{NS}where", []))


def _faults(iri: str, given: dict[str, _Given], members: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    asks = ASKS.get(members[iri])
    if asks is None:
        yield iri, "members", f"the members of a class are `Study` or `Finding`, not `{members[iri]}`"
        return
    if not _conditions(iri, given):
        yield iri, "where", "a class without a condition has no meaning; give one"
    for each in _conditions(iri, given):
        node = given.get(each, _Given())
        has, named, of, text = (node.text(key) for key in ("has", "is", "ofAttribute", "isText"))
        if has not in asks:
            yield each, "has", f"a {members[iri].lower()} has no `{has}` to be asked for; it has {', '.join(asks)}"
        elif has == "characteristic" and not of:
            yield each, "ofAttribute", "name the attribute of the characteristic"
        elif has != "characteristic" and (of or text):
            yield (
                each,
                "ofAttribute" if of else "isText",
                "only a characteristic has an attribute and a text; take it out",
            )
        elif has in {"finding", "study"} and named and not _is_class_of(named, has.capitalize(), members):
            yield each, "is", f"`{has}` is asked for by a class of these, by its id"


def _is_class_of(iri: str, kind: str, members: dict[str, str]) -> bool:
    """Whether an IRI is a class of studies or of findings: one of the codebook, or of the vocabulary."""
    if iri in members:
        return members[iri] == kind
    return iri.removeprefix(NS) == kind or (kind == "Finding" and iri.startswith(NS) and iri.endswith(kind))


def _axiom(iri: str, given: dict[str, _Given], members: dict[str, str]) -> Axiom:
    parts = [_part(given[each], ASKS[members[iri]]) for each in _conditions(iri, given)]
    what = Expression("and", parts=(Expression("class", NS + members[iri]), *parts))
    node, triples = spelled(what)
    equal = ox.Triple(ox.NamedNode(iri), ox.NamedNode(f"{OWL}equivalentClass"), node)
    return Axiom(
        "equivalent", iri, what, (ox.Triple(ox.NamedNode(iri), TYPE, ox.NamedNode(f"{OWL}Class")), equal, *triples)
    )


def _part(condition: _Given, asks: dict[str, str]) -> Expression:
    has, named = condition.text("has"), condition.text("is")
    if has == "characteristic":
        inside = [Expression("has", f"{NS}attribute", values=(ox.Literal(condition.text("ofAttribute")),))]
        if named:
            inside.append(Expression("has", f"{NS}concept", values=(ox.NamedNode(named),)))
        if condition.text("isText"):
            inside.append(Expression("has", f"{NS}text", values=(ox.Literal(condition.text("isText")),)))
        whole = Expression("and", parts=(Expression("class", f"{NS}Characteristic"), *inside))
        return Expression("some", f"{NS}characteristic", (whole,))
    if has in {"finding", "study"}:
        kind = "some" if has == "study" else "from"
        return Expression(kind, f"{NS}fromStudy", (Expression("class", named or NS + has.capitalize()),))
    if named:
        return Expression("has", NS + asks[has], values=(ox.NamedNode(named),))
    return Expression("some", NS + asks[has], (ANYTHING,))
