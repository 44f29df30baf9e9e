"""Values held to the attributes that the codebook declares; where it declares none, nothing is held."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterator
from typing import Any

from evigraph import data
from evigraph.data import Attribute, Document, forms
from evigraph.data.forms import LEVELS

Row = tuple[str, str, str]
"""A record's id, a key, and what is wrong."""
Value = dict[str, Any]

NUMBER = r"[-+]?\d+([.,]\d+)?\s*%?"


def violations(documents: list[Document]) -> Iterator[Row]:
    """Whatever the values of a review have that its attributes don't take: the record's IRI, the key and the mend."""
    vocabulary = data.vocabulary(documents)
    if not vocabulary.declared:
        return
    held = _Held(vocabulary.attributes)
    base = data.base(documents)
    for document in documents:
        if forms.attributes(document.content):
            for _, node in data.nodes(document.content):
                if node.get("characteristics"):
                    yield from ((base + record, key, message) for record, key, message in held.record(node))


class _Held:
    """Records held to attributes."""

    def __init__(self, attributes: dict[str, Attribute]) -> None:
        """Take what is declared."""
        self._attributes = attributes
        self._required: dict[str, list[Attribute]] = {}
        for each in attributes.values():
            if each.required:
                for level in each.record.get("appliesTo", []):
                    self._required.setdefault(level, []).append(each)

    def record(self, node: dict[str, Any]) -> Iterator[Row]:
        """What is wrong with a record that has values."""
        level = LEVELS.get(str(node.get("type")), "code")
        groups: dict[str, list[Value]] = {}
        for each in node["characteristics"]:
            groups.setdefault(str(each.get("attribute")), []).append(each)
        for key, values in groups.items():
            rule = self._attributes.get(key)
            if rule is not None:
                yield from self._group(rule, level, values)
            else:
                yield str(values[0]["id"]), "attribute", self._unknown(key)
        for rule in self._required.get(level, []):
            if rule.key not in groups:
                message = f"`{rule.key}` is required and isn't there; code it, or write `{rule.key}: not-reported`"
                yield str(node["id"]), "values", message

    def _unknown(self, key: str) -> str:
        near = difflib.get_close_matches(key, list(self._attributes), 1)
        mend = f"did you mean `{near[0]}`?" if near else "declare it under `attributes`, or take it away"
        return f"the codebook declares no attribute `{key}`; {mend}"

    def _group(self, rule: Attribute, level: str, values: list[Value]) -> Iterator[Row]:
        """What is wrong with a record's values of one attribute."""
        first, levels = str(values[0]["id"]), rule.record.get("appliesTo", [])
        if levels and level not in levels:
            yield first, "attribute", f"`{rule.key}` is told of a {' or a '.join(levels)}, and not of a {level}"
        known = {_shown(each) for each in values if each.get("state") in ("stated", "inferred")}
        untold = [each for each in values if each.get("state") not in ("stated", "inferred")]
        if known and untold:
            message = f"`{rule.key}` is {untold[0]['state']} and has a value as well; keep one of them"
            yield str(untold[0]["id"]), "state", message
        if len(known) > 1 and not rule.multiple:
            mend = "remove one, or declare it with `multiple: true`"
            yield first, "attribute", f"`{rule.key}` has {len(known)} values, and takes one; {mend}"
        for each in values:
            if each.get("state") in ("stated", "inferred") and (fault := _fault(rule, each)):
                yield str(each["id"]), fault[0], fault[1]


def _shown(value: Value) -> str:
    return str(value.get("concept", value.get("value", value.get("text"))))


def _fault(rule: Attribute, value: Value) -> tuple[str, str] | None:
    """What is wrong with what one value is, by the attribute's `as`: the key and the mend."""
    concept, number, text = (value.get(key) for key in ("concept", "value", "text"))
    if concept is not None and rule.kind != "code":
        return "concept", f"`{rule.key}` is declared as {rule.kind}, and this is a code; write a {rule.kind}"
    if number is not None and rule.kind != "number":
        return "value", f"`{rule.key}` is declared as {rule.kind}, and this is a number; mend it or the attribute"
    if rule.kind == "code":
        return _code_fault(rule, concept, text)
    if rule.kind == "number" and number is None and re.fullmatch(NUMBER, str(text).strip()):
        return "text", f"`{rule.key}` is declared as number, and `{text}` is a text; write it without quotes"
    if rule.kind == "boolean" and text not in ("true", "false"):
        return "text", f"`{rule.key}` is true or false, not `{text}`"
    if rule.kind == "date" and not _is_date(str(text)):
        return "text", f"`{rule.key}` is a date as 2020, 2020-05 or 2020-05-31, not `{text}`"
    return _number_fault(rule, value) if number is not None else None


def _is_date(text: str) -> bool:
    if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text) is None:
        return False
    try:
        return bool(datetime.date.fromisoformat((text + "-01-01")[:10]))
    except ValueError:
        return False


def _number_fault(rule: Attribute, value: Value) -> tuple[str, str] | None:
    """A number of people that can't be one, or one in another unit than the attribute's."""
    number, unit, declared = value["value"], value.get("unit"), rule.record.get("unit")
    if rule.record.get("role") == "sampleSize" and number < 0:
        return "value", f"`{rule.key}` is a number of people, and this is {number}; mend it, or write `not-reported`"
    if unit and declared and unit != declared:
        return "unit", f"`{rule.key}` is in {declared}, and this is in {unit}; convert the number, or mend the unit"
    return None


def _code_fault(rule: Attribute, concept: str | None, text: str | None) -> tuple[str, str] | None:
    """A code of another attribute, or a text where there is a code. IRIs of other vocabularies are nobody's here."""
    if concept is None:
        found = rule.code(text)
        if found is not None:
            return "text", f"`{text}` is a code of `{rule.key}`, and stands here as text; write `{rule.key}: {text}`"
        if rule.record.get("role") == "country" and rule.labels:
            near = difflib.get_close_matches(str(text), list(rule.labels.values()), 1)
            mend = f"did you mean `{near[0]}`?" if near else "add it to the codebook"
            return "text", f"`{text}` is no country of the codebook; {mend}"
        return None
    if concept in rule.labels or re.match(r"[a-z][a-z0-9+.-]*:", concept):
        return None
    near = difflib.get_close_matches(concept, list(rule.labels), 1)
    scheme = rule.record.get("scheme", f"codebook/{rule.key}")
    mend = f"did you mean `{near[0]}`?" if near else f"its codes are in {scheme}"
    return "concept", f"`{concept}` is no code of `{rule.key}`; {mend}"
