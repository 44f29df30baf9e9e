"""What the words of a sheet mean in a review: its codes, questions and places, and the new ones that it needs."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from typing import Any

from evigraph import ontology
from evigraph.coding.places import Places, free
from evigraph.data import Document, quads
from evigraph.data.code_words import is_deprecated, word, words
from evigraph.ingest import decisions

LISTS = {
    "concerns": "stakeholders",
    "informant": "stakeholders",
    "benefit": "benefits",
    "drawback": "drawbacks",
    "focus": "contentFocuses",
    "outcome": "attributeValues",
}
"""The list of the codebook that each key of a finding takes its codes from."""
LAST = 1000
"""The position of codes that sheets bring: behind those that a person has put in order, and no running number, so that
two branches that add codes can be merged."""
WORDS = {"stance": "stances", "effect": "effects", "modality": "modalities"}
"""The keys whose values are of a closed set, each with the list of words for them."""
TYPES = {
    "stakeholders": ("Stakeholder", "stakeholder"),
    "benefits": ("Benefit", "benefit"),
    "drawbacks": ("Drawback", "drawback"),
    "contentFocuses": ("ContentFocus", "focus"),
    "attributeValues": ("AttributeValue", "value"),
}
"""The type of each list's codes, and how their ids begin."""


class Book:
    """The documents that all studies share, as they are and as they become.

    Attributes:
        changed: the names of the documents that have been changed.
    """

    def __init__(self, contents: dict[str, dict[str, Any]]) -> None:
        """Take every document by name; none of them is changed itself."""
        self._contents = {n: c for n, c in contents.items() if not n.startswith(("studies/", "records/"))}
        self._studies = [content for name, content in contents.items() if name.startswith("studies/")]
        self._own: dict[str, dict[str, Any]] = {}
        self._copied: set[tuple[str, str]] = set()
        self._words: dict[str, dict[str, str]] = {name: words(self._items(name)) for name in TYPES}
        questions = [*self._items("questions"), *self._items("goals")]
        self._words["questions"] = words(questions)
        self._attributes: dict[str, dict[str, str]] = {}
        locators = [*self._items("locators"), *(each for study in self._studies for each in study.get("locators", []))]
        self._places = Places(locators)

    @property
    def changed(self) -> dict[str, dict[str, Any]]:
        """The shared documents that have been changed, by name."""
        return {name: quads.arranged(content) for name, content in self._own.items()}

    def questions(self) -> list[dict[str, Any]]:
        """The questions and goals, in order."""
        return [*self._items("questions"), *self._items("goals")]

    def codes(self, name: str) -> list[dict[str, Any]]:
        """The codes of a list of the codebook that are still in use, in order."""
        live = (each for each in self._items(name) if not is_deprecated(each))
        return sorted(live, key=lambda each: (each.get("position", 0), each["id"]))

    def every_code(self) -> list[dict[str, Any]]:
        """The codes of all lists, in order."""
        found = (each for name in TYPES for each in self._items(name))
        return sorted(found, key=lambda each: (each.get("position", 0), each["id"]))

    def _items(self, key: str) -> list[dict[str, Any]]:
        return [each for content in self._contents.values() for each in content.get(key, [])]

    def label(self, identity: str) -> str:
        """The label of a code, question or place by its id, or the id's last part."""
        for key in (*TYPES, "questions", "goals"):
            for each in self._items(key):
                if each["id"] == identity:
                    return str(each.get("label", identity))
        return self._places.label(identity) or identity.rpartition("/")[2]

    def find(self, name: str, text: str) -> str | None:
        """The id of a code of a list, or of a question, by its label, another label, its notation or its key."""
        return self._words[name].get(word(text))

    def attribute_value(self, attribute: str, text: str) -> str | None:
        """The concept that a text means for an attribute: one of its codebook, or one that it was coded with before."""
        if attribute not in self._attributes:
            scheme = f"codebook/{attribute}"
            own = [each for each in self._items("attributeValues") if each.get("inScheme") == scheme]
            self._attributes[attribute] = {**self._used(attribute), **words(own)}
        return self._attributes[attribute].get(word(text))

    def _used(self, attribute: str) -> dict[str, str]:
        """The words for what an attribute was coded with, and for the other codes of the lists that those are in."""
        found: dict[str, str] = {}
        for content in self._studies:
            for each in content.get("characteristics", []):
                if each.get("attribute") == attribute and "concept" in each:
                    for text in (each.get("text", ""), self.label(each["concept"]), each["concept"]):
                        found.setdefault(word(text), each["concept"])
        used = set(found.values())
        for name in TYPES:
            items = self._items(name)
            if name != "attributeValues" and used & {each["id"] for each in items}:
                found = {**self._words[name], **found}
        found.pop("", None)
        return found

    def has_codes(self, attribute: str) -> bool:
        """Whether an attribute has a codebook of its own."""
        return any(each.get("inScheme") == f"codebook/{attribute}" for each in self._items("attributeValues"))

    def has_scheme(self, attribute: str) -> bool:
        """Whether an attribute has a codebook, be it without codes."""
        return any(each["id"] == f"codebook/{attribute}" for each in self._items("codebooks"))

    def note(self, codebook: str) -> str:
        """The note of a codebook."""
        return next((str(each.get("note", "")) for each in self._items("codebooks") if each["id"] == codebook), "")

    @staticmethod
    def said(key: str, text: str) -> str | None:
        """The stance, effect or modality that a word means; `key` says which."""
        rules: dict[str, list[str]] = decisions.rules()[WORDS[key]]
        plain = " ".join(text.casefold().split())
        if plain.replace(" ", "-") in ontology.codes(key):
            return plain.replace(" ", "-")
        return next((name for name, words in rules.items() if plain in {w.casefold() for w in words}), None)

    def add_code(
        self, name: str, text: str, origin: str = "a sheet", concerns: Iterable[str] = (), attribute: str = ""
    ) -> str:
        """A new code with that label, and its id. `attribute` is whose codebook it is in, for an attribute's value."""
        kind, prefix = TYPES[name]
        stem = f"{prefix}/{attribute}/" if attribute else f"{prefix}/"
        codes = self._items(name)
        taken = {each["id"] for each in codes}
        identity = free(stem + (slug(text)[:60].strip("-") or "code"), taken)
        scheme = self._scheme(name, attribute, codes)
        definition = f"Taken from {origin}; say here what it means."
        code = {"id": identity, "type": kind, "label": text, "definition": definition, "position": LAST}
        code["inScheme"] = scheme
        if name in ("benefits", "drawbacks"):
            code["concerns"] = sorted(concerns) or [each["id"] for each in self._items("stakeholders")]
        self._add(f"codes/{attribute or prefix}--{identity.removeprefix(stem)}", name, code)
        self._words[name].setdefault(word(text), identity)
        if attribute:
            self._attributes.setdefault(attribute, {})[word(text)] = identity
        return identity

    def add_records(self, lists: dict[str, list[dict[str, Any]]], document: Callable[[dict[str, Any]], str]) -> bool:
        """Add to lists of the codebook the records that they lack, and tell whether there were any.

        `document` names the document of a record. One that is there already, by its id, stays as it is.
        """
        lacking = {}
        for name, records in lists.items():
            held = {each["id"] for each in self._items(name)}
            lacking[name] = [each for each in records if each["id"] not in held]
            for each in lacking[name]:
                self._add(document(each), name, each)
        if new := lacking.get("attributeValues"):
            self._words["attributeValues"] = words(self._items("attributeValues"))
            for scheme in {str(each["inScheme"]) for each in new}:
                self._attributes.pop(scheme.removeprefix("codebook/"), None)
        return any(lacking.values())

    def _scheme(self, name: str, attribute: str, codes: list[dict[str, Any]]) -> str:
        """The codebook that a new code goes to: the attribute's, or that of the list's other codes, or a new one."""
        hyphened = re.sub(r"[A-Z]", lambda found: "-" + found.group().lower(), name)
        used = next((str(each["inScheme"]) for each in codes if each.get("inScheme")), f"codebook/{hyphened}")
        scheme = f"codebook/{attribute}" if attribute else used
        if scheme not in {each["id"] for each in self._items("codebooks")}:
            label = scheme.removeprefix("codebook/").replace("-", " ").capitalize()
            self._add(
                scheme.replace("codebook/", "codes/", 1),
                "codebooks",
                {"id": scheme, "type": "Codebook", "label": label},
            )
        return scheme

    def place(self, study: str, text: str, of_review: bool) -> str:
        """The id of the locator for a place in a study's report, or in the review's own text; see `Places`."""
        return self._places.place(study, text, of_review)

    def with_places(self, study: dict[str, Any]) -> dict[str, Any]:
        """A study's document with the new places that something in it stands at."""
        return self._places.added(study)

    def coding(self, coders: Iterable[str], date: str, informed: Iterable[str] = ()) -> str:
        """The id of the coding by those coders on that day, which is made if there is none; coders are named."""
        agents = [self._agent(name) for name in coders]
        slugs = "-".join(each.removeprefix("agent/") for each in agents)
        identity = f"coding/{date}-{slugs}"[:120]
        if identity not in {each["id"] for each in self._items("codings")}:
            coding = {"id": identity, "type": "Coding", "coder": sorted(agents), "mode": "manual", "date": date}
            if others := sorted(set(informed) - {identity}):
                coding["informedBy"] = others
            self._add(identity.replace("coding/", "codings/", 1), "codings", coding)
        return identity

    def _agent(self, name: str) -> str:
        agents = self._items("agents")
        known = next((e for e in agents if word(name) in (word(e["label"]), word(e["id"].rpartition("/")[2]))), None)
        if known:
            return str(known["id"])
        identity = free(f"agent/{slug(name)[:50].strip('-') or 'coder'}", {each["id"] for each in agents})
        self._add(identity.replace("agent/", "codings/", 1), "agents", {"id": identity, "type": "Agent", "label": name})
        return identity

    def _add(self, document: str, key: str, record: dict[str, Any]) -> None:
        if document not in self._own:
            self._own[document] = copy.copy(self._contents.get(document, {"id": "review", "type": "Review"}))
            self._contents[document] = self._own[document]
        if (document, key) not in self._copied:
            self._copied.add((document, key))
            self._own[document][key] = list(self._own[document].get(key, []))
        self._own[document][key].append(record)


def contents(documents: Iterable[Document], over: dict[str, dict[str, Any] | None]) -> dict[str, dict[str, Any]]:
    """The content of every document by name, with what is planned over it; a removed one is left out."""
    whole = {**{each.name: each.content for each in documents}, **over}
    return {name: content for name, content in whole.items() if content is not None}


def slug(text: str) -> str:
    """A text as a part of an id: small letters, digits and hyphens."""
    from evigraph.linking.study_drafts import slugged

    return slugged(text)
