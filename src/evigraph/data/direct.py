"""Values in one step: `<study> <attribute/country> <value/country/kenya>`, and `evi:country` by the attribute's role.

They follow from the records and are never written. Each document's stand in a graph of their own beside it,
`<base>direct/<name>`, so that the document's graph stays all that the document says.

>>> stated = "<https://w3id.org/evigraph/ns#stated>"
>>> value = {"concept": "<b/kenya>", "state": stated, "declaredAs": "<b/attribute/land>"}
>>> list(of_value("<b/s>", value, {"<b/attribute/land>": "country"}))
['<b/s> <b/attribute/land> <b/kenya>', '<b/s> <https://w3id.org/evigraph/ns#country> <b/kenya>']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from evigraph import ontology
from evigraph.data.documents import Document
from evigraph.data.vocabulary import is_shared
from evigraph.files import statements

ROLES = frozenset({"outcome", "population", "intervention", "country", "design", "theme", "sampleSize"})
"""The roles that are properties as well. The others are called like properties that records have of their own."""
GRAPH, DIRECT = "graph/", "direct/"
"""How the names of documents' graphs go on after the base, and of those of what follows from them."""
_KNOWN = ("stated", "inferred")
_TOLD = ("attribute", "characteristic", "concept", "declaredAs", "state", "text", "value")
_ABOUT = ("benefit", "drawback", "concept")
_KINDS = ("Finding", "Result", "Appraisal", "Attribute")
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_NOTE = "<http://www.w3.org/2002/07/owl#AnnotationProperty>"


def roles(documents: Iterable[Document], base: str) -> dict[str, str]:
    """The role of each attribute of a review that has one which is a property, by the attribute's IRI in brackets."""
    shared = (document.content for document in documents if is_shared(document.name))
    declared = (each for content in shared for each in content.get("attributes") or [] if isinstance(each, dict))
    return {f"<{base}{each.get('id')}>": str(each["role"]) for each in declared if each.get("role") in ROLES}


def of_documents(documents: list[Document], base: str) -> str:
    """What follows from the values of a review's documents, as canonical N-Quads.

    Raises:
        EvigraphError: a blank node is among their quads.
    """
    from evigraph.data import quads

    known = roles(documents, base)
    texts = sorted(quads.texts(documents, base).items())
    return "".join(direct_text(text, name, base, known) for name, text in texts)


def direct_text(text: str, name: str, base: str, known: dict[str, str]) -> str:
    """What follows from one document, given as canonical N-Quads, as such a text; `known` is what `roles` gives."""
    graph = f"<{base}{DIRECT}{name}>"
    return "".join(sorted(f"{triple} {graph} .\n" for triple in direct_triples(text, known)))


def direct_triples(text: str, known: dict[str, str]) -> set[str]:
    """The triples that follow from a document, each as N-Triples without its point."""
    told, about, kinds = (_terms(names) for names in (_TOLD, _ABOUT, _KINDS))
    holders: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    found, spoken, typed = set(), [], set()
    for subject, predicate, value in _triples(text, {*told, *about, _TYPE}):
        if predicate in about:
            spoken.append((subject, value))
        if predicate == _TYPE and value in kinds:
            if kinds[value] == "Attribute":
                found.add(f"{subject} {_TYPE} {_NOTE}")
            typed.add(subject)
        elif told.get(predicate) == "characteristic":
            holders[value] = subject
        elif predicate in told:
            values.setdefault(subject, {})[told[predicate]] = value
    outcome = f"<{ontology.term('outcome')}>"
    found |= {f"{subject} {outcome} {value}" for subject, value in spoken if subject in typed}
    return found | {each for node, holder in holders.items() for each in of_value(holder, values.get(node, {}), known)}


def of_value(holder: str, said: dict[str, str], known: dict[str, str]) -> Iterator[str]:
    """The triples of one value, of which `said` has the terms; none where it isn't known."""
    value = said.get("concept") or said.get("value") or said.get("text")
    if value and said.get("state") in _terms(_KNOWN) and (attribute := said.get("declaredAs")):
        yield f"{holder} {attribute} {value}"
        if role := known.get(attribute):
            yield f"{holder} <{ontology.term(role)}> {value}"


@cache
def _terms(names: tuple[str, ...]) -> dict[str, str]:
    return {f"<{ontology.term(name)}>": name for name in names}


def records(nquads: str, base: str) -> str:
    """The N-Quads of the documents alone, without what follows from them."""
    start = f" <{base}{DIRECT}"
    return "".join(f"{line}\n" for line in statements.lines(nquads) if start not in line[line.rindex(" <") :])


def beside(graph: str) -> str:
    """The name of the graph with what follows from the document of that graph."""
    base, found, name = graph.rpartition(f"/{GRAPH}studies/")
    return f"{base}/{DIRECT}studies/{name}" if found else graph


def _triples(text: str, wanted: set[str]) -> Iterator[tuple[str, str, str]]:
    for line in statements.lines(text):
        if line.split(" ", 2)[1] in wanted:
            yield statements.parts(line)
