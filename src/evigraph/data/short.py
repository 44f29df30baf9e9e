"""What documents leave out because it follows, and the graph says: answers, superclasses, the review, a record's boxes.

A document says `answers: {question/rq-7: {stance: conditional, condition: …}}`, or `answers: [question/rq-7]` where no
stance was coded. In the graph the finding answers the question, and has an answer to it with its own IRI.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evigraph import ontology
from evigraph.data import outcomes

ANSWERS = "answers"
"""The key whose mapping from question to stance a document may write."""
SAID = ("stance", "condition", "note")
"""What a document may say of one answer."""
BY_LANGUAGE = frozenset({"labelIn", "titleIn", "definitionIn", "statementIn", "altLabelsIn"})
"""Keys of records and the graph under which a text stands by its language, see `languages`."""
DERIVED = frozenset({"answer", "question", "review", "declaredAs", "valueOf", "boxes", "prevailing"})
"""Keys that the graph and JSON-LD have and that no document writes."""
PARTS = frozenset(
    {"Answer", "CellPart", "Characteristic", "Condition", "Inclusion", "Match", "Quantity", "ScreeningDecision"}
)
"""Classes of what only says something of the record that has it: that record says to which review it belongs."""
HOLDERS = frozenset({"Study", "Appraisal"})
"""Classes of what values below them are values of: a judgement is the appraisal's, and none of the study."""
ALONE = frozenset({"Review", "Agent"})
"""The review itself, and who may work on several."""

Said = dict[str, dict[str, str]]
"""What a finding says to each question, by the question's id: `stance`, `condition` and `note`, as far as coded."""


def said(answers: object) -> Said:
    """What a document's `answers` say, whichever way they are written; what is malformed says nothing."""
    if isinstance(answers, dict):
        return {q: dict(v) if isinstance(v, dict) else {"stance": v} if v else {} for q, v in answers.items()}
    return {q: {} for q in answers} if isinstance(answers, list) else {}


def shortened(answers: Said) -> list[str] | dict[str, Any]:
    """The same as a document writes it, in order: a list where no stance is coded, a word where only that is."""
    ordered = {q: answers[q] for q in sorted(answers, key=natural)}
    if not any(ordered.values()):
        return list(ordered)
    return {q: v["stance"] if set(v) == {"stance"} else {k: v[k] for k in SAID if k in v} for q, v in ordered.items()}


def expanded(content: dict[str, Any], study: str = "") -> dict[str, Any]:
    """A record with everything that follows: an answer for each stance, every class it is of, its review.

    Of the values of a study, and of its groups, results and findings, that includes whose they are.
    """
    made: dict[str, Any] = {}
    if content.get("type") in HOLDERS:
        study = content["id"] if content["type"] == "Study" else ""
    for key, value in content.items():
        if key == "type":
            above = ontology.superclasses(value)
            made[key] = [value, *above] if above else value
        elif key == ANSWERS:
            answers = said(value)
            made[key] = list(answers)
            made["answer"] = [_answer(content["id"], q, v) for q, v in answers.items() if v]
        elif isinstance(value, list):
            made[key] = [expanded(each, study) if isinstance(each, dict) else each for each in value]
        else:
            made[key] = expanded(value, study) if isinstance(value, dict) else value
    if content.get("type") == "Search":
        for record in made.get("records", []):
            record |= outcomes.derived(record, content.get("kind", ""))
    if "type" in content and content["type"] not in PARTS | ALONE:
        made["review"] = "review"
    if content.get("type") == "Characteristic":
        made["declaredAs"] = f"attribute/{content.get('attribute', '')}"
        made |= {"valueOf": study} if study else {}
    return made


def _answer(record: str, question: str, found: dict[str, str]) -> dict[str, str]:
    return {"id": f"{record}#{question.rpartition('/')[2]}", "type": "Answer", "question": question, **found}


def folded(content: dict[str, Any]) -> dict[str, Any]:
    """The inverse of `expanded`, for one record; what it holds was folded before."""
    if content.get("type") == "Answer":
        return content  # the record that has it folds it away
    made = {key: value for key, value in content.items() if key not in DERIVED}
    types = made.get("type")
    if isinstance(types, list):
        above = {each for name in types for each in ontology.superclasses(name)}
        own = [each for each in types if each not in above]
        made["type"] = own[0] if len(own) == 1 else sorted(own)
    if ANSWERS in made:
        answers: Said = {q: {} for q in made[ANSWERS]}
        for each in content.get("answer", []):
            answers[each["question"]] = {key: each[key] for key in SAID if key in each}
        made[ANSWERS] = shortened(answers)
    return made


def folded_whole(content: dict[str, Any]) -> dict[str, Any]:
    """The inverse of `expanded`."""

    def each(value: Any) -> Any:
        if isinstance(value, list):
            return [each(item) for item in value]
        return folded_whole(value) if isinstance(value, dict) else value

    return folded({key: each(value) for key, value in content.items()})


def questions(answers: object) -> Iterator[tuple[str | int, str]]:
    """Every question that `answers` name, with its key or index there."""
    if isinstance(answers, dict):
        yield from ((q, q) for q in answers)
    elif isinstance(answers, list):
        yield from ((i, q) for i, q in enumerate(answers) if isinstance(q, str))


def natural(text: str) -> list[tuple[int, str]]:
    """A sort key in which `S2` comes before `S10`."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text) if part]
