"""OWL reasoning over the vocabulary and the data, by HermiT.

Modules: `hermit` runs it, `facts` says which statements it is given, `clashes` finds the fewest that can't all be true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from evigraph import data
from evigraph.checks.reasoning import axioms, clashes, facts, hermit, wording
from evigraph.checks.reasoning.clashes import Clash
from evigraph.checks.reasoning.vocabulary import Vocabulary
from evigraph.errors import CheckFailedError
from evigraph.paths import Workspace

__all__ = ["Clash", "InconsistentError", "Verdict", "explanation", "foreign", "reason"]


@dataclass(frozen=True)
class Verdict:
    """What a reasoner found.

    Attributes:
        triples: how many statements and axioms were considered. given: how many of them the reasoner had to be given.
        unsatisfiable: the IRIs of classes that can have no member.
    """

    triples: int
    given: int
    unsatisfiable: tuple[str, ...]


class InconsistentError(CheckFailedError):
    """Statements that can't all be true.

    Attributes:
        clashes: which, and why; each takes some seconds to be found, when it is asked for.
    """

    def __init__(self, found: Iterator[Clash]) -> None:
        """Keep the clashes beside the message."""
        super().__init__("inconsistent, says HermiT: no world can satisfy these statements")
        self.clashes = found


def reason(nquads: str = "") -> Verdict:
    """Ask HermiT, which owlready2 brings along, whether the vocabulary is consistent, with the data if given.

    All statements of the data count, texts and numbers too; which of these the reasoner is given, and why that is
    enough, is told in `facts`.

    Raises:
        MissingPartError: there is no Java. InconsistentError: no world can satisfy the statements.
        CheckFailedError: HermiT can't finish.
    """
    quads = list(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))
    vocabulary = Vocabulary(axioms.axioms())
    known = facts.matter(quads, vocabulary)
    told = [*(facts.triple(quad) for quad in known.statements), *(t for each in known.different for t in each.triples)]
    whole = [*axioms.triples(), *told]
    unsatisfiable = hermit.unsatisfiable(clashes.text(whole))
    if unsatisfiable is None:
        raise InconsistentError(clashes.found(known, vocabulary))
    considered = len({quad.triple for quad in quads}) + axioms.count()
    return Verdict(considered, len(set(whole)), tuple(unsatisfiable))


def explanation(found: Iterable[Clash], workspace: Workspace | None = None) -> Iterator[str]:
    """Each clash as text, with the places in the documents of a workspace where its statements stand there."""
    documents = data.read_documents(workspace) if workspace else []
    base = data.base(documents) if documents else ""
    names, lines = wording.Names(base), wording.Lines(documents, base, workspace)
    for number, clash in enumerate(found, 1):
        yield wording.told(clash, number, names, lines)
