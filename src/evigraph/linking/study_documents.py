"""Study documents of another review: what they refer to and this review hasn't is left out, and named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from evigraph import data, ontology
from evigraph.data import short
from evigraph.ingest import Batch
from evigraph.linking import study_drafts

SHOWN = 4
"""So many of the records that are lacking are named."""


class Known:
    """What study documents may refer to: the records of a review, which have to mean the same where they come from."""

    def __init__(self, contents: Iterable[dict[str, Any]], labels: Mapping[str, str]) -> None:
        """`labels` are those of the other review's records by id; what is called otherwise there is another thing."""
        own = {node["id"]: str(node.get("label", "")) for content in contents for _, node in data.nodes(content)}
        self._ids = {identity for identity, label in own.items() if labels.get(identity, label) == label}
        self._labels = labels

    def has(self, reference: str, inside: set[str]) -> bool:
        """Whether a reference of a document, which holds the records `inside`, leads to something."""
        return bool(re.match(r"[a-z][a-z0-9+.-]*:", reference)) or reference in inside or reference in self._ids

    def words(self, reference: str) -> str:
        """What a record is called, or its id in words."""
        return self._labels.get(reference) or reference.rpartition("/")[2].replace("-", " ")


def known(contents: Mapping[str, dict[str, Any] | None], batch: Batch) -> Known:
    """What the studies of a batch may refer to in a review, given by its documents."""
    review = contents.get("review") or {}
    labels = {} if batch.labels.get("base") == review.get("base") else batch.labels
    return Known((each for each in contents.values() if each), labels)


def adapted(content: dict[str, Any], known: Known, coding: str) -> tuple[dict[str, Any], list[str]]:
    """A study's document as this review can take it, and what a person should know of what it can't.

    What was coded by a coding that this review hasn't is of `coding`.
    """
    made = _Adapting(content, known, coding)
    whole = made.record(content) or {}
    if made.places:
        whole["locators"] = [*whole.get("locators", []), *made.places.values()]
    return whole, list(made.notes())


def coding_of(batch: Batch, date: str) -> tuple[str, dict[str, dict[str, Any]]]:
    """The id of the coding of whoever coded the studies of a file, and the document that tells of it, by its name.

    Its id has no date, so that the same studies are the same another day.
    """
    who = f"Coders of {batch.path.name}"
    slug = study_drafts.slugged(who)[:60].strip("-")
    agent = {"id": f"agent/{slug}", "type": "Agent", "label": who}
    coding = {"id": f"coding/{slug}", "type": "Coding", "coder": [agent["id"]], "mode": "manual", "date": date}
    content = {"id": "review", "type": "Review", "codings": [coding], "agents": [agent]}
    return f"coding/{slug}", {f"codings/{slug}": content}


class _Adapting:
    """One document as it becomes."""

    def __init__(self, content: dict[str, Any], known: Known, coding: str) -> None:
        self._coding = coding
        self._known, self._study = known, str(content["id"]).removeprefix("study/")
        self._inside = {node["id"] for _, node in data.nodes(content)}
        self._lacking: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self.places: dict[str, dict[str, Any]] = {}

    def notes(self) -> Iterable[str]:
        """What was left out."""
        if self._lacking:
            names = list(self._lacking)
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            gone = "".join(f"; {n} {kind} left out with them" for kind, n in self._left_out.items())
            yield f"{self._study}: refers to what this review hasn't: {', '.join(names[:SHOWN])}{more}{gone}"

    def record(self, node: dict[str, Any]) -> dict[str, Any] | None:
        """A record without what is lacking; nothing where nothing is left that it could say."""
        made: dict[str, Any] = {}
        for key, value in node.items():
            entry = ontology.keys().get(key)
            if key == short.ANSWERS:
                made[key] = self._answers(value)
                if not made[key]:
                    self._left_out["findings"] += 1
                    return None
            elif key in ontology.owned():
                several = [self.record(each) for each in (value if isinstance(value, list) else [value])]
                kept = [each for each in several if each is not None]
                made |= {key: kept if isinstance(value, list) else kept[0]} if kept else {}
            elif entry is None or entry.kind != "node":
                made[key] = value
            else:
                self._refer(made, key, value)
        return made

    def _has(self, reference: str) -> bool:
        found = self._known.has(reference, self._inside)
        if not found:
            self._lacking[reference] += 1
        return found

    def _answers(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {question: said for question, said in value.items() if self._has(question)}
        return [question for question in value if self._has(question)]

    def _refer(self, made: dict[str, Any], key: str, value: Any) -> None:
        if key == "locatedAt" and isinstance(value, str):
            made[key] = value if self._known.has(value, self._inside) else self._place(value)
        elif isinstance(value, list):
            made |= {key: kept} if (kept := [each for each in value if self._has(each)]) else {}
        elif key == "coding":
            made[key] = value if self._known.has(value, self._inside) else self._coding
        elif self._has(value):
            made[key] = value
        elif key == "concept":
            made.setdefault("text", self._known.words(value))

    def _place(self, locator: str) -> str:
        """A place in the study's report, that its document has from now on; another one is the report as a whole."""
        own = f"Report-{self._study}"
        name = locator.removeprefix("locator/")
        name = name if name == own or name.startswith(f"{own}-") else own
        label = f"Report {self._study} {name[len(own) + 1 :].replace('-', ' ')}".strip()
        identity = f"locator/{name}"
        if not self._known.has(identity, self._inside):
            made = {"id": identity, "type": "Locator", "label": label, "section": f"Report {self._study}"}
            self.places.setdefault(identity, made)
        return identity
