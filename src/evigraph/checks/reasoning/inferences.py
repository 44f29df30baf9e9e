"""What follows: who is a member of the classes that the vocabulary and the codebook define, as rows and as a graph."""

from __future__ import annotations

import pyoxigraph as ox

from evigraph import data, ontology
from evigraph.checks.reasoning import axioms, defined, hermit, tasks
from evigraph.checks.reasoning.axioms import TYPE
from evigraph.checks.reasoning.wording import Names
from evigraph.data import quads
from evigraph.errors import CheckFailedError
from evigraph.files import cache
from evigraph.paths import Workspace
from evigraph.queries import Table, build

GRAPH = "reasoning/inferred"
"""The name of the graph, below that of the documents' graphs; no document has a name of such a folder."""


def memberships(nquads: str) -> list[tuple[str, str]]:
    """The class and the member of every membership in a defined class that a graph doesn't state, as IRIs, sorted.

    Raises:
        MissingPartError: there is no Java. EvigraphError: a class is defined in a way that can't be asked.
        CheckFailedError: the graph is inconsistent, so that anything follows; or HermiT can't finish.
    """
    task = tasks.task(nquads)
    found = hermit.memberships(task.text)
    if found is None:
        raise CheckFailedError("inconsistent, so that anything follows; `evigraph reason --data` says why")
    stated = {(q.subject, q.object) for q in task.quads if q.predicate == TYPE}
    classes = {name for name, _ in task.vocabulary.wholes}
    mine = [(ox.NamedNode(member), ox.NamedNode(name)) for member, name in found if name in classes]
    return sorted((name.value, member.value) for member, name in mine if (member, name) not in stated)


def table(nquads: str, base: str) -> Table:
    """The memberships as rows: class, its label, member; ids stand for what begins with the base.

    Raises:
        As memberships.
    """
    names, labels = Names(base), axioms.labels() | defined.labels(quads.from_nquads(nquads))
    rows = [(names(iri), labels.get(iri, ""), names(member)) for iri, member in memberships(nquads)]
    return Table("inferred", ("class", "label", "member"), [tuple(row) for row in rows])


def graph(nquads: str, base: str) -> str:
    """The memberships as N-Quads: one graph, which says of itself that reasoning generated it.

    Raises:
        As memberships.
    """
    name, activity = (ox.NamedNode(quads.graph_iri(base, each)) for each in (GRAPH, "reasoning"))
    keys = ontology.keys()
    made = [ox.Quad(ox.NamedNode(member), TYPE, ox.NamedNode(iri), name) for iri, member in memberships(nquads)]
    made += [
        ox.Quad(name, ox.NamedNode(keys["coding"].iri), activity, name),
        ox.Quad(activity, TYPE, ox.NamedNode(ontology.expand("prov:Activity")), name),
        ox.Quad(activity, ox.NamedNode(keys["label"].iri), ox.Literal("Reasoning, by HermiT"), name),
    ]
    return quads.canonical(made)


def of_workspace(workspace: Workspace) -> str:
    """The graph of what follows from a workspace's documents, from the cache where it holds it.

    Raises:
        DataError: a document can't be taken as it stands. Else as memberships.
    """
    cached, state = cache.of(workspace, ".inferred.nq"), build.fingerprint(workspace)
    if (kept := cache.kept(cached, state)) is not None:
        return kept.decode()
    made = graph(build.records(workspace), base_of(workspace))
    cache.keep(cached, state, made.encode())
    return made


def base_of(workspace: Workspace) -> str:
    """What the IRIs of a workspace's review begin with.

    Raises:
        DataError: `review.yaml` can't be read, or has no base.
    """
    return data.base([data.read_document(workspace.review / "review.yaml", "review")])
