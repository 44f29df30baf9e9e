"""What a review's codebook declares: its attributes, each with the words that mean one of its codes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evigraph.data.code_words import word, words
from evigraph.files import cache

if TYPE_CHECKING:
    from evigraph.data.documents import Document

PREFIX = "attribute/"
"""How the id of an attribute begins; what follows is its key."""
_LONG = frozenset({"locators", "citations", "discrepancies", "references"})
"""Lists without codes that are long."""


@dataclass(frozen=True)
class Attribute:
    """An attribute that the codebook declares.

    Attributes:
        key: what values are written under. kind: `number`, `text`, `boolean`, `date` or `code`, which is its `as`.
        codes: the ids of its codes by their words. labels: their labels by id. record: the attribute as declared.
    """

    key: str
    kind: str
    codes: dict[str, str] = field(repr=False, default_factory=dict)
    labels: dict[str, str] = field(repr=False, default_factory=dict)
    record: dict[str, Any] = field(repr=False, default_factory=dict, compare=False)

    @property
    def ordered(self) -> bool:
        """Whether several values have an order of their own."""
        return self._is("ordered")

    @property
    def multiple(self) -> bool:
        """Whether a record may have several values of it."""
        return self._is("multiple")

    @property
    def required(self) -> bool:
        """Whether every record to which it applies has to have a value of it."""
        return self._is("required")

    def _is(self, key: str) -> bool:
        return self.record.get(key) in ("true", True)

    def code(self, text: object) -> str | None:
        """The id of the code that a word means, by its label, another label, its notation, its key or its id."""
        plain = str(text)
        return plain if plain in self.labels else self.codes.get(word(plain))


class Vocabulary:
    """The attributes of a review, by key.

    Attributes:
        attributes: all of them, also those of the domains of tools of appraisal. declared: the keys of the others.
    """

    def __init__(self, contents: Iterable[dict[str, Any]] = ()) -> None:
        """Take what the documents declare that aren't studies; nothing is declared twice, or a check tells."""
        items = [each for content in contents for each in _items(content)]
        schemes: dict[str, list[dict[str, Any]]] = {}
        for each in items:
            if isinstance(scheme := each.get("inScheme"), str) and not _declares(each):
                schemes.setdefault(scheme, []).append(each)
        self.attributes: dict[str, Attribute] = {}
        for each in items:
            if _declares(each):
                found = _attribute(each, schemes)
                self.attributes.setdefault(found.key, found)
        self.declared = frozenset(self.attributes)
        for each in items:
            if isinstance(name := each.get("attribute"), str) and "scale" in each:
                record = {"id": PREFIX + name, "as": "code", "scheme": each["scale"], "appliesTo": ["appraisal"]}
                self.attributes.setdefault(name, _attribute(record, schemes))

    def get(self, key: str) -> Attribute | None:
        """The attribute of that key; nothing where it isn't declared."""
        return self.attributes.get(key)

    def now(self, key: str) -> str:
        """The key that an attribute has now, should it have been renamed or merged."""
        return key if key in self.attributes else self._former.get(key, key)

    @cached_property
    def _former(self) -> dict[str, str]:
        """Former keys of attributes, which stay among their other labels."""
        return {name: a.key for a in self.attributes.values() for name in a.record.get("altLabels", [])}

    @cached_property
    def digest(self) -> str:
        """A SHA-256 of what a value in short form means by it."""
        told = [(a.key, a.kind, a.ordered, sorted(a.codes.items())) for a in self.attributes.values()]
        told += [(new, old, False, []) for old, new in self._former.items()]
        return cache.key("vocabulary", json.dumps(sorted(told)))

    def disturbed(self, later: Vocabulary) -> set[str]:
        """The attributes of which a value in short form may mean something else by a later vocabulary."""
        found = set()
        for key in {*self.attributes, *later.attributes}:
            old, new = self.get(key), later.get(key)
            same = bool(old and new and (old.kind, old.ordered) == (new.kind, new.ordered))
            if not (same and old and new and old.codes.items() <= new.codes.items()):
                found.add(key)
        return found


def vocabulary(documents: Iterable[Document]) -> Vocabulary:
    """What the documents of a review declare."""
    return Vocabulary(each.content for each in documents if is_shared(each.name))


def is_shared(name: str) -> bool:
    """Whether a document of that name may declare what others use: neither a study nor a search."""
    return not name.startswith(("studies/", "records/"))


def _declares(item: dict[str, Any]) -> bool:
    return str(item.get("id", "")).startswith(PREFIX)


def _items(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key, value in content.items():
        if isinstance(value, list) and key not in _LONG:
            yield from (each for each in value if isinstance(each, dict))


def _attribute(record: dict[str, Any], schemes: dict[str, list[dict[str, Any]]]) -> Attribute:
    key = str(record["id"]).removeprefix(PREFIX)
    kind = str(record.get("as", "text"))
    if kind != "code":
        return Attribute(key, kind, record=record)
    codes = [each for each in schemes.get(str(record.get("scheme", f"codebook/{key}")), []) if "id" in each]
    labels = {str(each["id"]): str(each.get("label", each["id"])) for each in codes}
    return Attribute(key, kind, words(codes), labels, record)
