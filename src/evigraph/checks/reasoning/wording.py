"""A clash in words: where each statement stands, which axioms it runs against, and how to mend it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import pyoxigraph as ox

from evigraph import data, ontology
from evigraph.checks.reasoning.axioms import DATATYPES, TYPE, Axiom
from evigraph.checks.reasoning.clashes import Clash
from evigraph.checks.reasoning.expressions import XSD, article, listed
from evigraph.checks.reasoning.facts import misfit
from evigraph.checks.reasoning.vocabulary import is_datatype_property
from evigraph.data import Document, quads
from evigraph.paths import Workspace

LONG = 80
"""So many characters of a text are shown."""
BARE = {f"{XSD}integer", f"{XSD}decimal", f"{XSD}boolean"}
"""Datatypes whose values need no quotes to be told from texts."""


class Names:
    """IRIs by the words that documents have for them."""

    def __init__(self, base: str) -> None:
        """`base` is what the review's own IRIs begin with."""
        self._base = base
        self._words = {iri: name for name, iri in ontology.names().items()}
        self._words |= {key.iri: name for name, key in ontology.keys().items() if not key.reverse}

    def __call__(self, iri: str) -> str:
        """A key, a class, a code, an id, a prefixed name, or the IRI itself."""
        if iri in self._words:
            return self._words[iri]
        if self._base and iri.startswith(self._base):
            return iri.removeprefix(self._base)
        if iri.startswith(ontology.NAMESPACE):
            return iri.removeprefix(ontology.NAMESPACE)
        for prefix, namespace in ontology.prefixes().items():
            if iri.startswith(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return iri

    def statement(self, quad: ox.Quad) -> str:
        """Subject, key and value."""
        subject = self(str(getattr(quad.subject, "value", "")))
        if quad.predicate == TYPE:
            return f"{subject} is {article(self(str(getattr(quad.object, 'value', ''))))}"
        return f"{subject} {self(quad.predicate.value)} {self.value(quad.object)}"

    def value(self, node: object) -> str:
        """An IRI by its word, a number as it is, and a text in quotes, with its language or datatype."""
        if not isinstance(node, ox.Literal):
            return self(str(getattr(node, "value", node)))
        if node.datatype.value in BARE:
            return node.value
        # As JSON writes it, for a text may hold what a terminal takes for a command.
        text = json.dumps(node.value[:LONG] + ("…" if len(node.value) > LONG else ""), ensure_ascii=False)
        if node.language:
            return f"{text}@{node.language}"
        return text if node.datatype.value == f"{XSD}string" else f"{text} as {self(node.datatype.value)}"


class Lines:
    """Where statements stand: in which file, on which line."""

    def __init__(self, documents: Sequence[Document], base: str, workspace: Workspace | None) -> None:
        """Know the documents by the graphs that they become."""
        self._graphs = {quads.graph_iri(base, document.name): document for document in documents}
        self._base, self._workspace = base, workspace

    def of(self, quad: ox.Quad) -> str:
        """`path:line` of a statement of a document; else its graph; nothing for one without."""
        graph = str(getattr(quad.graph_name, "value", ""))
        document = self._graphs.get(graph)
        trail = self._trail(document, quad) if document else None
        if document is None or trail is None:
            return graph
        while trail and trail not in document.lines:
            trail = trail[:-1]
        path = self._workspace.relative(document.path) if self._workspace else document.path
        return f"{path}:{document.lines.get(trail, 1)}"

    def _trail(self, document: Document, quad: ox.Quad) -> data.Trail | None:
        """The value of the statement in its document, or the record; nothing if the document doesn't say it."""
        wanted = str(getattr(quad.subject, "value", "")).removeprefix(self._base)
        held = str(getattr(quad.object, "value", ""))
        held = held.removeprefix(self._base) if isinstance(quad.object, ox.NamedNode) else held
        for trail, node in data.nodes(document.content):
            if node["id"] == wanted:
                return self._inside(trail, node, quad.predicate.value, held)
        return None

    @staticmethod
    def _inside(trail: data.Trail, node: dict[str, object], iri: str, held: str) -> data.Trail | None:
        if iri == TYPE.value:
            return (*trail, "type") if ontology.names().get(str(node["type"])) == held else None
        key = next((key for key in ontology.keys().values() if key.iri == iri), None)
        if key is None or key.reverse:
            return trail
        value = node.get(key.name)
        for i, item in enumerate(value) if isinstance(value, list) else ():
            if (item["id"] if isinstance(item, dict) else item) == held:
                return (*trail, key.name, i)
        same = value is not None and not isinstance(value, list)
        return (*trail, key.name) if same and _says(value, held) else None


def _says(value: object, held: str) -> bool:
    if isinstance(value, dict):
        return bool(value["id"] == held)
    return str(value) in held or ontology.names().get(str(value)) == held or isinstance(value, float)


def told(clash: Clash, number: int, names: Names, lines: Lines) -> str:
    """A clash as some lines of text: the statements, each with its place, the axioms, and the mend."""
    statements = []
    for quad in clash.statements:
        place = lines.of(quad)
        statements.append(f"     {place}: {names.statement(quad)}" if place else f"     {names.statement(quad)}")
    because = [*_reasons(clash.axioms, names), *(_kind(quad, names) for quad in clash.statements if misfit(quad))]
    verb = "This can't be" if len(statements) == 1 else "These can't all be"
    head = f"{number}. {verb} true:"
    return "\n".join(
        [
            head,
            *sorted(statements),
            "   because",
            *(f"     {each}" for each in because),
            f"   Mend: {mend(clash, names)}.",
        ]
    )


def _reasons(axioms: Sequence[Axiom], names: Names) -> list[str]:
    """The axioms in words; what a class excludes, in one sentence."""
    apart = [axiom for axiom in axioms if axiom.kind == "disjoint"]
    said = [axiom.words(names) for axiom in axioms if axiom.kind != "disjoint"]
    while apart:
        count = Counter(name for axiom in apart for name in axiom.names())
        common = max(count, key=lambda name: (count[name], name))
        others = [next(iter(axiom.names() - {common})) for axiom in apart if common in axiom.names()]
        never = listed(sorted(article(names(other)) for other in others), "or")
        said.append(f"{article(names(common))} is never {never}")
        apart = [axiom for axiom in apart if common not in axiom.names()]
    return said


def _kind(quad: ox.Quad, names: Names) -> str:
    says = "is a text or a number" if is_datatype_property(quad.predicate.value) else "names a thing, and is no text"
    return f"`{names(quad.predicate.value)}` {says}"


def mend(clash: Clash, names: Names) -> str:
    """What to change, by the kinds of the axioms."""
    by: dict[str, list[Axiom]] = {}
    for axiom in clash.axioms:
        by.setdefault(axiom.kind, []).append(axiom)
    for quad in clash.statements:
        if misfit(quad):
            kind = "a text or a number" if is_datatype_property(quad.predicate.value) else "the id of a record"
            return f"give `{names(quad.predicate.value)}` {kind}"
    if "functional" in by:
        return " and ".join(f"keep one value of `{names(axiom.subject)}`" for axiom in by["functional"])
    if {"equivalent", "subclass"} & set(by) or not by:
        return "change one of the statements, or take it out"
    for axiom in by.get("range", []):
        if axiom.what and axiom.what.name in DATATYPES:
            return f"write `{names(axiom.subject)}` as {DATATYPES[axiom.what.name]}"
    ways = [f"let `{names(a.subject)}` name {a.what.words(names)}" for a in by.get("range", []) if a.what]
    ways += [f"keep `{names(a.subject)}` for {a.what.words(names)}" for a in by.get("domain", []) if a.what]
    typed = sorted({names(str(getattr(q.subject, "value", ""))) for q in clash.statements if q.predicate == TYPE})
    if ways:
        return ", or ".join([*ways, *(f"change the type of {each}" for each in typed)])
    return "".join(f"give {each} one type" for each in typed[:1]) or "change one of the statements, or take it out"
