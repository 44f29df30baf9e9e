"""Places in the reports of studies, by the words that sheets have for them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from evigraph import data
from evigraph.data import Document
from evigraph.data.code_words import word


class Places:
    """The locators that a review has, and the new ones, which are of their studies' documents."""

    def __init__(self, locators: list[dict[str, Any]]) -> None:
        """Know those that are there."""
        self._ids: dict[str, str] = {word(each["label"]): each["id"] for each in locators}
        self._locators: dict[str, dict[str, Any]] = {each["id"]: each for each in locators}
        self._new: dict[str, list[dict[str, Any]]] = {}

    def label(self, identity: str) -> str:
        """The label of a locator by its id, or nothing."""
        return str(self._locators[identity]["label"]) if identity in self._locators else ""

    def place(self, study: str, text: str, of_review: bool) -> str:
        """The id of the locator for a place in a study's report, or in the review's own text if its label is there.

        A new one is the study's own: `added` puts it into the study's document.
        """
        from evigraph.linking.study_drafts import slugged

        whole = " ".join(text.split())
        if of_review and word(whole) in self._ids:
            return self._ids[word(whole)]
        label = f"Report {study} {whole}".strip() if not whole.startswith(f"Report {study}") else whole
        if word(label) in self._ids:
            return self._ids[word(label)]
        rest = slugged(whole.removeprefix(f"Report {study}"))[:80].strip("-")
        identity = free("-".join(filter(None, (f"locator/Report-{study}", rest))), self._locators)
        locator = {"id": identity, "type": "Locator", "label": label, "section": f"Report {study}"}
        self._new.setdefault(study, []).append(locator)
        self._ids[word(label)] = identity
        self._locators[identity] = locator
        return identity

    def added(self, study: dict[str, Any]) -> dict[str, Any]:
        """A study's document with the new places that something in it stands at."""
        new = self._new.get(str(study["id"]).removeprefix("study/"), [])
        held = {each["id"] for each in study.get("locators", [])}
        named = {each for _, each in data.references(Document(Path(), "", study))} if new else set()
        own = [each for each in new if each["id"] in named - held]
        return {**study, "locators": [*study.get("locators", []), *own]} if own else study


def free(identity: str, taken: Collection[str]) -> str:
    """An id, with a number behind it where another record has it."""
    if identity not in taken:
        return identity
    return next(f"{identity}-{i}" for i in range(2, len(taken) + 3) if f"{identity}-{i}" not in taken)
