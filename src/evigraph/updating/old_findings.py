"""Findings of version 0.1, of one `direction` and of special kinds, as today's: an effect, stances, and values."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evigraph.data import Document, Trail, short
from evigraph.errors import UsageError
from evigraph.updating import old_values

DIRECTIONS = ("positive", "negative", "mixed", "none", "unclear")
"""What a direction could be; `none` said that no effect is told, and becomes no effect."""
ASKS = ("whether", "what")
STANCES = {
    "whether": {"positive": "supports", "negative": "against", "mixed": "mixed", "none": "context"},
    "what": {"positive": "supports", "negative": "supports", "mixed": "supports", "unclear": "supports"}
    | {"none": "context"},
}
"""The stance to a question, by what it asks and the direction; where there is none, a person has to say it."""


@dataclass
class Count:
    """What became of the findings on one question.

    Attributes:
        id, notation: the question's. asks: `whether`, `what`, or empty if the review doesn't tell. stances: how many
        findings got each stance; under the empty one, those that got none.
    """

    id: str
    notation: str
    asks: str
    stances: Counter[str] = field(default_factory=Counter)


@dataclass
class Findings:
    """What became of all findings that had a direction, or were of a special kind.

    Attributes:
        effects: how many have each effect now; under the empty one, those without. questions: in the review's order.
        kinds: how many were of each special kind, and are ordinary findings with values now.
    """

    effects: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    questions: dict[str, Count] = field(default_factory=dict)


def questions(documents: list[Document]) -> Iterator[dict[str, Any]]:
    """The questions and goals of documents that nobody checked yet."""
    for document in documents:
        for key in ("questions", "goals"):
            listed = document.content.get(key)
            for each in listed if isinstance(listed, list) else []:
                if isinstance(each, dict) and isinstance(each.get("id"), str):
                    yield each


def told(documents: list[Document], given: tuple[str, ...]) -> dict[str, str]:
    """What questions ask by their ids, as `QUESTION=whether` or `QUESTION=what` say it; a question by notation or id.

    Raises:
        UsageError: one can't be read, or the review has no such question.
    """
    known: dict[str, str] = {}
    for each in questions(documents):
        for name in (each["id"], each["id"].rpartition("/")[2], str(each.get("notation", ""))):
            known.setdefault(name.casefold(), each["id"])
    found: dict[str, str] = {}
    for pair in given:
        name, _, asks = pair.rpartition("=")
        if asks not in ASKS or not name:
            raise UsageError(f"--asks {pair}: write it as QUESTION=whether or QUESTION=what", pair)
        if name.casefold() not in known:
            near = difflib.get_close_matches(name.casefold(), list(known), 1)
            mend = f"did you mean `{near[0]}`?" if near else "the questions and goals of review.yaml have them"
            raise UsageError(f"--asks {pair}: no question has the notation or id `{name}`; {mend}", pair)
        if found.setdefault(known[name.casefold()], asks) != asks:
            raise UsageError(f"--asks {pair}: `{name}` was said to ask the other thing too; keep one", pair)
    return found


def asked(content: dict[str, Any], asks: dict[str, str]) -> dict[str, Any]:
    """A document whose questions say what they ask, as far as it is told."""
    made = dict(content)
    for key in ("questions", "goals"):
        if isinstance(content.get(key), list):
            made[key] = [
                {**each, "asks": asks[each["id"]]} if isinstance(each, dict) and each.get("id") in asks else each
                for each in content[key]
            ]
    return made


def begun(documents: list[Document], asks: dict[str, str]) -> Findings:
    """A count of nothing yet, with every question and what it asks."""
    made = Findings()
    for each in questions(documents):
        kind = asks.get(each["id"], each.get("asks", ""))
        kind = kind if kind in ASKS else ""
        made.questions[each["id"]] = Count(each["id"], str(each.get("notation", each["id"])), kind)
    return made


def old(document: Document) -> Iterator[tuple[int, dict[str, Any]]]:
    """The findings of a document that have a direction or are of a special kind, with their places."""
    listed = document.content.get("findings")
    for place, each in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(each, dict) and ("direction" in each or old_values.is_old(each)):
            yield place, each


def migrated(document: Document, counts: Findings) -> dict[str, Any] | None:
    """A document with today's findings, or None if all of them are.

    Raises:
        DataError: a direction is none of `DIRECTIONS`, a finding has an effect of its own as well, or a cell of a table
        can't be read.
    """
    found = {place: _finding(document, ("findings", place), each, counts) for place, each in old(document)}
    if not found:
        return None
    rows = [found.get(place, each) for place, each in enumerate(document.content["findings"])]
    return {**document.content, "findings": rows}


def _finding(document: Document, trail: Trail, finding: dict[str, Any], counts: Findings) -> dict[str, Any]:
    if old_values.is_old(finding):
        counts.kinds[finding["type"]] += 1
        finding = old_values.migrated(document, trail, finding)
    if "direction" not in finding:
        return finding
    direction = finding["direction"]
    at = (*trail, "direction")
    if direction not in DIRECTIONS:
        raise document.error(at, f"unknown direction `{direction}`; 0.1 has {', '.join(DIRECTIONS)}", direction)
    if "effect" in finding:
        raise document.error(at, "has an `effect` and a `direction`; remove the one that doesn't hold", direction)
    made = {key: value for key, value in finding.items() if key != "direction"}
    if direction != "none":
        made["effect"] = direction
    counts.effects["" if direction == "none" else direction] += 1
    if "answers" in finding:
        made["answers"] = _answers(finding["answers"], direction, counts)
    return made


def _answers(answers: Any, direction: str, counts: Findings) -> Any:
    """A stance to each question where what it asks is told; what is said already stays."""
    if not isinstance(answers, list | dict):
        return answers  # the check of the whole tells what is wrong with it
    if isinstance(answers, list) and not all(isinstance(each, str) for each in answers):
        return answers
    said = short.said(answers)
    for question, value in said.items():
        count = counts.questions.setdefault(question, Count(question, question, ""))
        stance = STANCES.get(count.asks, {}).get(direction, "")
        if stance and not value:
            value["stance"] = stance
        count.stances[value.get("stance", "")] += 1
    return short.shortened(said)
