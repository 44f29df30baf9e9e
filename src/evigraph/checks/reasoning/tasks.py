"""What HermiT is given of a graph: the vocabulary, classes that the graph defines, and the statements that matter."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from evigraph.checks.reasoning import axioms, clashes, defined, facts
from evigraph.checks.reasoning.axioms import Axiom
from evigraph.checks.reasoning.facts import Facts
from evigraph.checks.reasoning.vocabulary import Vocabulary


@dataclass(frozen=True)
class Task:
    """A graph to reason over.

    Attributes:
        quads: all of it. own: the axioms that it brings. vocabulary: these, and those of the vocabulary.
        facts: the statements that can matter. text: what HermiT is given, as N-Triples. given: how many triples.
    """

    quads: list[ox.Quad]
    own: list[Axiom]
    vocabulary: Vocabulary
    facts: Facts
    text: bytes
    given: int


def task(nquads: str) -> Task:
    """What is to be reasoned over of a graph.

    Raises:
        EvigraphError: a class is defined in a way that can't be asked.
    """
    quads = list(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))
    own = defined.axioms(quads)
    vocabulary = Vocabulary([*axioms.axioms(), *own])
    known = facts.matter(quads, vocabulary)
    added = [triple for each in (*own, *known.different) for triple in each.triples]
    whole = list(dict.fromkeys([*axioms.triples(), *added, *(facts.triple(quad) for quad in known.statements)]))
    return Task(quads, own, vocabulary, known, clashes.text(whole), len(whole))
