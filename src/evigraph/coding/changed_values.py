"""One changed cell of a workbook into the values that a record has of an attribute."""

from __future__ import annotations

import re
from typing import Any

from evigraph.coding.changed_cells import RefusedError, known_parts, stated
from evigraph.coding.value_columns import Record, values_of
from evigraph.coding.workbook_cells import STATES, Shown
from evigraph.data import values


def with_values(shown: Shown, record: Record, attribute: str, text: str, kind: str) -> Record:
    """The record, of a kind such as `Finding`, with what a cell says of an attribute; values that it still shows stay.

    Raises:
        RefusedError: it can't be a value of that attribute.
    """
    rule = shown.vocabulary.get(attribute)
    held = values_of(record, attribute)
    others = [each for each in record.get("characteristics", []) if each["attribute"] != attribute]
    known = {str(shown.characteristic(each)).strip(): each for each in reversed(held)}
    one = text in known or (rule is not None and not rule.multiple)
    texts = list(dict.fromkeys([text] if one and text else known_parts(text, set(known))))
    taken = {known[each]["id"] for each in texts if each in known and "id" in known[each]}
    reader = values.Reader(shown.vocabulary, "", lambda _trail, message, _value: RefusedError(_plainly(message)))
    whole, made = {**record, "type": kind}, []
    for part in texts:
        each = known.get(part) or reader.value(whole, attribute, _said(shown, attribute, part), 1)
        if part not in known and "id" in record:
            ids = (values.identity(whole, attribute, n) for n in range(1, len(taken) + 2))
            each["id"] = next(identity for identity in ids if identity not in taken)
            taken.add(each["id"])
        elif part not in known:
            del each["id"]  # it gets one with its record
        made.append(each)
    if len({each["state"] in STATES for each in made}) > 1:
        raise RefusedError("`not reported` can't stand beside a value")
    if rule is not None and rule.ordered:
        bare = [{key: value for key, value in each.items() if key != "position"} for each in made]
        if "id" in record:  # numbered as they stand
            bare = [{**each, "id": values.identity(whole, attribute, n)} for n, each in enumerate(bare, 1)]
        made = [reader.placed(attribute, each, n, len(bare)) for n, each in enumerate(bare, 1)]
    return with_characteristics(record, [*others, *made])


def with_characteristics(record: Record, held: list[Record]) -> Record:
    """The record with those values, or without the key where there are none."""
    rest = {key: value for key, value in record.items() if key != "characteristics"}
    return {**rest, "characteristics": held} if held else rest


def _said(shown: Shown, attribute: str, text: str) -> dict[str, Any]:
    """What a part of a cell says, as a document may write it."""
    state, plain = stated(text)
    if state["state"] in STATES:
        return {**state, "value": state["state"]}
    rule = shown.vocabulary.get(attribute)
    kind = rule.kind if rule else ""
    if kind in ("number", "") and re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?([eE][+-]?\d{1,2})?", plain, re.ASCII):
        number = float(plain)
        return {**state, "value": int(number) if number.is_integer() else number}
    if kind == "code" and rule:
        return {**state, "value": next((code for code in rule.labels if shown.name(code) == plain), plain)}
    return {**state, "value": plain.casefold() if kind == "boolean" else plain}


def _plainly(message: str) -> str:
    """A message without what only a document can say."""
    return message.partition("; or write {")[0]
