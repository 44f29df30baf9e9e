"""The graph as one walks it: from a thing by a key to what it names, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from evigraph import ontology
from evigraph.store import IRI, Literal, Store, Term, select

TYPE = "rdf:type"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


class Things:
    """Every statement of a review by its subject, read once.

    A key is the local name of one of our own properties (`fromStudy`), or a prefixed name of another vocabulary
    (`skos:prefLabel`).
    """

    def __init__(self, store: Store, language: str = "") -> None:
        """Read the store; of texts in several languages that in `language` is taken, else one without a language."""
        self._language = language
        self._said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._into: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        prefixes = {iri: name for name, iri in ontology.prefixes().items()} | {RDF: "rdf", ontology.NAMESPACE: ""}
        names: dict[str, str] = {}
        for s, p, o in select(store, "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o").rows:
            if not isinstance(s, IRI) or not isinstance(p, IRI) or o is None:
                continue
            if p.value not in names:
                names[p.value] = _short(p.value, prefixes)
            key = names[p.value]
            self._said[s.value][key].append(o)
            if isinstance(o, IRI):
                self._into[o.value][key].append(s.value)

    def __contains__(self, iri: str) -> bool:
        """Whether anything is said of it."""
        return iri in self._said

    def of(self, iri: str, key: str) -> list[Term]:
        """What a thing has under a key, as terms."""
        return self._said[iri].get(key, []) if iri in self._said else []

    def names(self, iri: str, key: str) -> list[str]:
        """The things that a thing names under a key, as IRIs."""
        return [term.value for term in self.of(iri, key) if isinstance(term, IRI)]

    def texts(self, iri: str, key: str) -> list[str]:
        """What a thing has under a key, as texts: those of the chosen language, or those of none, or all."""
        terms = [term for term in self.of(iri, key) if isinstance(term, Literal)]
        for wanted in dict.fromkeys([self._language, ""]):
            if chosen := [term.value for term in terms if (term.language or "") == wanted]:
                return chosen
        return [term.value for term in terms]

    def text(self, iri: str, key: str) -> str:
        """The first of the texts, or nothing."""
        return next(iter(self.texts(iri, key)), "")

    def number(self, iri: str, key: str) -> float | None:
        """A number, or None where there is none."""
        try:
            return float(self.text(iri, key))
        except ValueError:
            return None

    def into(self, iri: str, key: str) -> list[str]:
        """The things that name a thing under a key."""
        return self._into[iri].get(key, []) if iri in self._into else []

    def are(self, kind: str) -> list[str]:
        """The things of a class, such as `Study` or `skos:Concept`, by IRI."""
        prefix, colon, name = kind.partition(":")
        iri = ontology.prefixes()[prefix] + name if colon else ontology.NAMESPACE + kind
        return sorted(self.into(iri, TYPE))

    def is_a(self, iri: str, name: str) -> bool:
        """Whether a thing is of one of our own classes."""
        return ontology.NAMESPACE + name in self.names(iri, TYPE)

    def label(self, iri: str) -> str:
        """What a thing is called: its label or title, else the end of its IRI in words."""
        for key in ("skos:prefLabel", "dcterms:title", "statement", "printed"):
            if text := self.text(iri, key):
                return text
        return iri.rstrip("/").rpartition("/")[2].rpartition("#")[2].replace("-", " ")

    def in_order(self, iris: Iterable[str]) -> list[str]:
        """Things by their position in the review, then by what they are called."""
        return sorted(set(iris), key=lambda iri: (self._place(iri), self.label(iri).casefold(), iri))

    def _place(self, iri: str) -> float:
        place = self.number(iri, "position")
        return float("inf") if place is None else place


def _short(iri: str, prefixes: dict[str, str]) -> str:
    """The key of a property: its local name if it is ours, else its prefixed name, else the IRI."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = prefixes.get(iri[:cut])
    return iri if prefix is None else f"{prefix}:{iri[cut:]}".removeprefix(":")
