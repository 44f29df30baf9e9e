"""The values of a study, a group or a result that come to it: those that it lacks are taken, others are conflicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evigraph import ontology
from evigraph.coding.codebook import Book
from evigraph.coding.consensus import Values

SUPPORT = ("note", "quote", "locatedAt")
"""What is said beside a value, and where: a value is the same without it."""


class Characteristics:
    """The values of one record as they become."""

    def __init__(
        self,
        stem: str,
        held: list[dict[str, Any]],
        book: Book,
        place: Callable[[str], str],
        conflict: Callable[[str, object, object], None],
        update: bool,
    ) -> None:
        """Take those that are held; ids begin with the stem, `place` is a place's id."""
        self.held = held
        self._stem, self._book, self._place, self._conflict, self._update = stem, book, place, conflict, update

    def take(self, attribute: str, values: Values, place: str, what: str = "") -> None:
        """Take the values of an attribute; those that differ from what is held are a conflict, named as `what`."""
        new = [self._characteristic(attribute, value, place) for value in values]
        held = [each for each in self.held if each["attribute"] == attribute]
        if {shown(each) for each in held} == {shown(each) for each in new}:
            self._support(held, new)
            return
        if held:
            self._conflict(what or attribute, *("; ".join(sorted(map(self._text, each))) for each in (held, new)))
            if not self._update:
                return
        others = [each for each in self.held if each["attribute"] != attribute]
        stem = f"{self._stem}/{attribute}"
        numbered = [{"id": f"{stem}-{i}", "type": "Characteristic", **each} for i, each in enumerate(new, 1)]
        self.held = [*others, *numbered]

    def _support(self, held: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
        """Give values that are there the notes and quotes that they lack."""
        told = {shown(each): each for each in new}
        for old in held:
            lacking = {key: each for key, each in told[shown(old)].items() if key in SUPPORT[:2] and key not in old}
            if lacking:
                self.held = [each if each is not old else {**old, **lacking} for each in self.held]

    def _characteristic(self, name: str, value: dict[str, Any], place: str) -> dict[str, Any]:
        located = value["state"] in ("stated", "inferred")
        where = {"locatedAt": self._place(str(value.get("locatedAt") or place))} if located else {}
        return {"attribute": name, **value, **where}

    def _text(self, each: dict[str, Any]) -> str:
        concept = self._book.label(each["concept"]) if "concept" in each else ""
        return str(each.get("text") or concept or each.get("value") or each["state"])


def support(note: str, quote: str, place: str) -> dict[str, str]:
    """What is said beside a value; the words of a study are quoted in its note, where no key is theirs."""
    if quote and ontology.keys().get("quote") is None:
        note, quote = f"{note} “{quote}”".strip(), ""
    return {key: text for key, text in zip(SUPPORT, (note, quote, place), strict=True) if text}


def shown(characteristic: dict[str, Any]) -> str:
    """What a value says, by which it is compared: without what is said beside it."""
    keys = ("state", "concept", "value", "text", "basis")
    return repr([characteristic.get(key) for key in keys])
