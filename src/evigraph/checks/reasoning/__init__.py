"""OWL reasoning over the vocabulary and the data, by HermiT.

Modules: `hermit` runs it, `facts` says which statements it is given, `clashes` finds the fewest that
can't all be true, `defined` reads the classes of a codebook, and `inferences` says who is in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evigraph import data
from evigraph.checks.reasoning import axioms, clashes, hermit, tasks, wording
from evigraph.checks.reasoning.clashes import Clash
from evigraph.errors import CheckFailedError
from evigraph.paths import Workspace

__all__ = ["Clash", "InconsistentError", "Verdict", "defined", "explanation", "foreign", "inferences", "reason"]


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
        CheckFailedError: HermiT can't finish. EvigraphError: a class is defined in a way that can't be asked.
    """
    task = tasks.task(nquads)
    unsatisfiable = hermit.unsatisfiable(task.text)
    if unsatisfiable is None:
        raise InconsistentError(clashes.found(task.facts, task.vocabulary, task.own))
    considered = len({quad.triple for quad in task.quads}) + axioms.count()
    return Verdict(considered, task.given, tuple(unsatisfiable))


def explanation(found: Iterable[Clash], workspace: Workspace | None = None) -> Iterator[str]:
    """Each clash as text, with the places in the documents of a workspace where its statements stand there."""
    documents = data.read_documents(workspace) if workspace else []
    base = data.base(documents) if documents else ""
    names, lines = wording.Names(base), wording.Lines(documents, base, workspace)
    for number, clash in enumerate(found, 1):
        yield wording.told(clash, number, names, lines)
