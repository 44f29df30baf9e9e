"""A study as the fields of a form: what the codebook lets be coded of it, and what stands there now.

A form is a mapping from the names of its fields to texts, without those that are empty. So two states of a study, or a
state and what a person typed, are compared field by field. A name is `record|attribute|number|part` for a part of a
value, and `finding|key` for a key of a finding; `new-1` stands for the first finding that isn't there yet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from evigraph.coding.codebook import Book, contents
from evigraph.coding.study_words import EFFECT, LABELS, LISTS_OF_FINDINGS, MODALITY, Choice, closed
from evigraph.data import Attribute, Document, code_words, forms, short, vocabulary
from evigraph.data.forms import NOT_REPORTED
from evigraph.data.values import LONG, PEOPLE

PARTS = ("value", "words", "state", "at", "basis", "note")
"""What a form takes of one value: the value itself, the words of the source where that is a code or a number, its
state, place and basis, and a note. What else a value has stays as it is."""
STATES = ("inferred", "not-reported", "not-applicable")
"""The states that are told; `stated` is what a value is without one."""
NEW = "new-"
"""How the name of a finding begins that isn't there yet."""
BLANK = 2
"""So many empty places has a form for further values, where an attribute takes several."""
Fields = dict[str, str]


@dataclass(frozen=True)
class Question:
    """An attribute to be coded of a record, or a key of a finding.

    Attributes:
        key: the attribute or key. label, definition: of it. kind: `code`, `number`, `text`, `boolean`, `date`, or
        `choices` for several of a list. choices: the codes. multiple, required: as declared. unit: of a number.
    """

    key: str
    label: str
    kind: str
    definition: str = ""
    choices: tuple[Choice, ...] = ()
    multiple: bool = False
    required: bool = False
    unit: str = ""


class Form:
    """What can be coded of a study in this review.

    Attributes:
        fields: what stands there. digest: of the document and of the fields, which the codebook decides about too: what
        a form didn't show, nobody who sends it took out.
    """

    def __init__(self, documents: list[Document], study: str) -> None:
        """Of the study with that key.

        Raises:
            KeyError: there is none.
        """
        document = next((each for each in documents if each.name == f"studies/{study}"), None)
        if document is None:
            raise KeyError(study)
        self.document, self.study, self.content = document, study, document.content
        self.vocabulary = vocabulary(documents)
        self.book = Book(contents(documents, {}))
        shared = [each.content for each in documents if not each.name.startswith(("studies/", "records/"))]
        self.items = {item["id"]: item for content in shared for item in _items(content)}
        self.questions = self.book.questions()
        self.fields = fields(self.content, self)
        shown = json.dumps([document.digest, self.fields], sort_keys=True)
        self.digest = hashlib.sha256(shown.encode()).hexdigest()

    def attributes(self, level: str) -> list[Question]:
        """The attributes that records of a level are coded with, in the order of the codebook."""
        found = []
        for key in self.vocabulary.attributes:
            rule = self.vocabulary.attributes[key]
            if key in self.vocabulary.declared and level in rule.record.get("appliesTo", [level]):
                found.append(self._question(rule))
        return found

    def _question(self, rule: Attribute) -> Question:
        told = rule.record
        definition = str(told.get("definition", ""))
        choices = tuple(self._choices(rule.labels))
        return Question(
            rule.key,
            str(told.get("label", rule.key)),
            rule.kind,
            definition,
            choices,
            rule.multiple,
            rule.required,
            str(told.get("unit", "")),
        )

    def _choices(self, ids: Iterable[str]) -> list[Choice]:
        """Codes as choices, in the order of the codebook; one that was replaced is no choice any more."""
        items = [self.items.get(each, {"id": each}) for each in ids]
        live = [e for e in items if not code_words.is_deprecated(e) and e.get("selectable", "true") in ("true", True)]
        ordered = sorted(live, key=lambda e: (e.get("position", 0), str(e.get("label", e["id"])).casefold()))
        return [Choice(e["id"], str(e.get("label", e["id"])), str(e.get("definition", ""))) for e in ordered]

    def finding_keys(self) -> list[Question]:
        """The keys that a finding is coded with beside attributes; those of which the review has no codes are none."""
        lists = {
            name: self._choices([each["id"] for each in self.book.codes(name)]) for name in LISTS_OF_FINDINGS.values()
        }
        untold = Choice(NOT_REPORTED, "not reported")
        found = [Question("effect", "Effect", "code", EFFECT, closed("effect"))]
        found.append(Question("modality", "Modality", "code", MODALITY, closed("modality")))
        for key, name in LISTS_OF_FINDINGS.items():
            if lists[name]:
                label, means = LABELS[key]
                several = key in PEOPLE
                choices = (*lists[name], untold) if several else tuple(lists[name])
                found.append(Question(key, label, "choices" if several else "code", means, choices))
        return found

    def stances(self) -> tuple[Choice, ...]:
        """What a finding may say to a question."""
        return closed("stance")

    def has_findings(self) -> bool:
        """Whether findings are coded here at all."""
        return bool(self.questions or self.attributes("finding") or self.content.get("findings"))

    def place(self, locator: str) -> str:
        """A place as a person writes it: in the study's report without the name of that."""
        label = self.book.label(locator)
        own = f"Report {self.study}"
        if label == own:
            return "report"
        return label.removeprefix(f"{own} ")

    def places(self) -> list[str]:
        """The places of the study that have been named already."""
        named = [each["id"] for each in self.content.get("locators", [])]
        return sorted({self.place(each) for each in named} | {"report"}, key=short.natural)


def _items(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for value in content.values():
        if isinstance(value, list):
            yield from (each for each in value if isinstance(each, dict) and "id" in each)


def records(content: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """The records of a study that a form shows, each with its level: the study itself, and its findings."""
    yield content, "study"
    yield from ((each, "finding") for each in content.get("findings", []))


def fields(content: dict[str, Any], form: Form) -> Fields:
    """What stands in a study, as the fields of its form."""
    found: Fields = {}
    keys = [question.key for question in form.finding_keys()]
    for record, level in records(content):
        for key in (question.key for question in form.attributes(level)):
            for number, value in enumerate(held(record, key), 1):
                parts = _parts(value, form)
                found |= {f"{record['id']}|{key}|{number}|{part}": text for part, text in parts.items() if text}
        if level == "finding":
            found |= {f"{record['id']}|{key}": text for key, text in _told(record, form, keys) if text}
    return {name: cleaned(text) for name, text in found.items()}


def held(record: dict[str, Any], attribute: str) -> list[dict[str, Any]]:
    """The values of a record of one attribute, in order."""
    return [each for each in record.get(LONG, []) if each.get("attribute") == attribute]


def _parts(value: dict[str, Any], form: Form) -> Fields:
    rule = form.vocabulary.get(value["attribute"])
    state = value.get("state", "stated")
    text, plain = str(value.get("text", "")), ""
    if "concept" in value:
        plain = value["concept"]
    elif "value" in value:
        plain = str(value["value"])
    elif rule is not None and rule.kind not in ("code", "number"):
        text, plain = "", text
    return {
        "value": plain,
        "words": text,
        "state": "" if state == "stated" else state,
        "at": form.place(value["locatedAt"]) if "locatedAt" in value else "",
        "basis": str(value.get("basis", "")),
        "note": str(value.get("note", "")),
    }


def _told(finding: dict[str, Any], form: Form, keys: list[str]) -> Iterator[tuple[str, str]]:
    yield "statement", str(finding.get("statement", ""))
    yield "at", form.place(finding["locatedAt"]) if "locatedAt" in finding else ""
    for key in keys:
        told = [NOT_REPORTED] if key in finding.get(forms.TOLD, []) else []
        yield key, " ".join(sorted([*finding.get(key, []), *told])) if key in PEOPLE else str(finding.get(key, ""))
    asked = {each["id"] for each in form.questions}
    answers = short.said(finding.get(short.ANSWERS))
    for question, said in ((each, answers[each]) for each in answers if each in asked):
        yield f"answers|{question}|stance", said.get("stance", "")
        yield f"answers|{question}|condition", said.get("condition", "")


def cleaned(text: str) -> str:
    """A text as fields are compared: a browser sends other line ends than a file has."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
