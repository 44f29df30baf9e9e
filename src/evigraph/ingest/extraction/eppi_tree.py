"""The code sets of EPPI-Reviewer: of which attribute each code is, what stands below it, and what only gathers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evigraph.ingest.declared import Code, Scheme
from evigraph.ingest.extraction.eppi import DEPTH, listed
from evigraph.ingest.extraction.shape import Attributes
from evigraph.ingest.fields.values import plain

VERDICTS = {"include": "include", "exclude": "exclude"}
"""The types of codes that decide on a record, by their first word."""


@dataclass(frozen=True)
class Place:
    """Where a code of the tree goes.

    Attributes:
        label: its name. attribute: the number of the attribute that it is of, or -1. key: of the code there, or empty
        where it is the attribute itself. verdict: what it decides of a record, or empty. stage: at which stage.
    """

    label: str
    attribute: int = -1
    key: str = ""
    verdict: str = ""
    stage: str = ""


class Tree:
    """All code sets of a file.

    A code at the top of a set that others stand below, or that can't be selected, is an attribute, and the codes below
    it are its codes. Other codes at the top are those of an attribute that is called as the set. A code that can be
    selected and has others below it at the top is both.
    """

    def __init__(self, root: dict[str, Any], attributes: Attributes) -> None:
        """Take the code sets of a file apart; attributes are numbered there."""
        self.places: dict[str, Place] = {}
        self.schemes: list[Scheme] = []
        self._attributes = attributes
        sets = listed(root.get("CodeSets"))
        for number, code_set in enumerate(sets, 1):
            self._set(number, code_set, len(sets) > 1)

    def _set(self, number: int, code_set: dict[str, Any], several: bool) -> None:
        name = plain(code_set.get("SetName")) or "Codes"
        note = f"Code set {name} of EPPI-Reviewer." if several else ""
        loose: list[dict[str, Any]] = []
        for top in children(code_set):
            if verdict := verdict_of(top):
                self._verdicts(top, verdict, stage_of(name))
            elif children(top) or not selectable(top):
                self._attribute(number, name, top, note)
            else:
                loose.append(top)
        if loose:
            at = self._attributes.number(name, identity=f"{number} set")
            codes = tuple(code for each in loose for code in self._codes(each, at, "", set()))
            described = plain(code_set.get("SetDescription"))
            self.schemes.append(Scheme(self._attributes.rules[at].name, name, described, note, codes))

    def _attribute(self, number: int, set_name: str, top: dict[str, Any], note: str) -> None:
        name = plain(top.get("AttributeName")) or set_name
        at = self._attributes.number(name, identity=f"{number} {identity(top)}")
        labels: set[str] = set()
        codes: list[Code] = []
        if selectable(top):
            codes += self._codes(top, at, "", labels)
        else:
            self.places[identity(top)] = Place(name, at)
            codes += [code for each in children(top) for code in self._codes(each, at, "", labels)]
        self.schemes.append(Scheme(self._attributes.rules[at].name, name, description(top), note, tuple(codes)))

    def _codes(
        self, node: dict[str, Any], at: int, above: str, labels: set[str], depth: int = 1, over: str = ""
    ) -> Iterator[Code]:
        """A code and those below it; a label that the attribute has already is told apart by what stands above it."""
        name = plain(node.get("AttributeName"))
        verdict = verdict_of(node)
        if not name or depth >= DEPTH:
            return
        if verdict:
            self._verdicts(node, verdict, stage_of(over))
            return
        label = name
        for other in (f"{name} ({over})", *(f"{name} ({n})" for n in range(2, len(labels) + 3))):
            if label.casefold() not in labels:
                break
            label = other
        labels.add(label.casefold())
        self.places[identity(node)] = Place(name, at, identity(node))
        yield Code(identity(node), label, above, description(node), selectable(node))
        for child in children(node):
            yield from self._codes(child, at, identity(node), labels, depth + 1, name)

    def _verdicts(self, node: dict[str, Any], verdict: str, stage: str, depth: int = 1) -> None:
        """A code that decides on records, and those below it, which say why."""
        self.places[identity(node)] = Place(plain(node.get("AttributeName")), verdict=verdict, stage=stage)
        for child in children(node) if depth < DEPTH else []:
            self._verdicts(child, verdict_of(child) or verdict, stage, depth + 1)


def identity(node: dict[str, Any]) -> str:
    """The number of a code, as a text."""
    return plain(node.get("AttributeId"))


def children(node: dict[str, Any]) -> list[dict[str, Any]]:
    """The codes right below a code or a code set."""
    found = node.get("Attributes")
    return listed(found.get("AttributesList") if isinstance(found, dict) else found)


def selectable(node: dict[str, Any]) -> bool:
    """Whether records can have a code; where the file doesn't say, they can have those that none stands below."""
    said = plain(node.get("AttributeType")).casefold()
    return not said.startswith("not selectable") if said else not children(node)


def verdict_of(node: dict[str, Any]) -> str:
    """What a code decides of a record, by its type, or nothing."""
    return VERDICTS.get(plain(node.get("AttributeType")).casefold().partition(" ")[0], "")


def stage_of(name: str) -> str:
    """The stage of screening that a code set is about, by its name, or nothing where the name doesn't tell it."""
    plain_name = name.casefold().replace("-", " ")
    if any(word in plain_name for word in ("full text", "fulltext", "full report", "second", "full document")):
        return "full-text"
    return "title-abstract" if any(word in plain_name for word in ("title", "abstract", "tiab", "t&a")) else ""


def description(node: dict[str, Any]) -> str:
    """What a code means, as the file describes it."""
    texts = (plain(node.get(name)) for name in ("AttributeSetDescription", "AttributeDescription"))
    return " ".join(dict.fromkeys(text for text in texts if text))
