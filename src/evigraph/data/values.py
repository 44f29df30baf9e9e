"""Values in short form, `values: {country: Kenya}`, as the long records that everything else works on, and back.

What is short in a file is long in a `Document`: a `Characteristic` for each value, with an id that follows from the
record that has it, the attribute and its number. `Reader` makes the long of the short, `short_values` the short of the
long; what can't be said short stays long. docs/documents.md has the rules.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import Any, NoReturn

from evigraph.data.documents import Trail
from evigraph.data.places import NONE, place
from evigraph.data.vocabulary import Attribute, Vocabulary

VALUES, LONG = "values", "characteristics"
"""The key of values in short form, and of the long records."""
UNKNOWN = ("not-reported", "not-applicable")
"""Words that stand in place of a value."""
PEOPLE = ("concerns", "informant")
"""Keys of a finding whose `not-reported` is kept as `notReported`."""
_TOLD = "value text number concept unit state basis confidence note at position coding id"
SAID = tuple(_TOLD.split())
"""What may be said of one value, in the order in which it is written."""
_FIRST = "id type note position state basis confidence attribute"
ORDER = tuple(f"{_FIRST} value text concept locatedAt coding unit".split())
"""The keys of a long value, in the order of the context."""
COPIED = ("id", "note", "position", "basis", "confidence", "text", "concept", "coding", "unit")
"""What is in both forms the same."""

Fault = Callable[[Trail, str, object], Exception]
"""What makes an error of a trail, a message and the value."""


def stem(record: dict[str, Any], attribute: str) -> str:
    """How the ids of a record's values of an attribute begin."""
    identity, kind = str(record.get("id", "")), record.get("type")
    if kind == "Study":
        return f"characteristic/{identity.removeprefix('study/')}/{attribute}"
    if kind == "Finding" and identity.count("/") > 1:  # no study has an id like that
        return f"characteristic/{identity.removeprefix('finding/')}/{attribute}"
    if kind == "Appraisal":  # its attributes are called after the tool, as in `rob2-randomisation`
        tool = str(record.get("tool", "")).removeprefix("codebook/")
        return f"{identity}/{attribute.removeprefix(tool + '-')}"
    return f"{identity}/{attribute}"


def identity(record: dict[str, Any], attribute: str, number: int) -> str:
    """The id of a record's value of an attribute, counted from 1."""
    start = stem(record, attribute)
    return start if record.get("type") == "Appraisal" and number == 1 else f"{start}-{number}"


class Reader:
    """Makes long values of short ones."""

    def __init__(self, vocabulary: Vocabulary, study: str, fault: Fault) -> None:
        """Read by a vocabulary; `study` is the key of the study whose reports places are in, if it is one."""
        self._vocabulary, self._study, self._fault = vocabulary, study, fault

    def values(self, record: dict[str, Any], said: Any, trail: Trail) -> list[tuple[dict[str, Any], Trail]]:
        """The long values of a record, each with the trail of what says it.

        Raises:
            DataError: what `fault` makes, where a value can't be one.
        """
        if not isinstance(said, dict):
            self._wrong(trail, f"`{VALUES}` has a line `attribute: value` for each attribute", said)
        at = said.get("at", "")
        made = []
        for written, listed in said.items():
            if written == "at":
                continue
            attribute = self._vocabulary.now(written)
            several = listed if isinstance(listed, list) else [listed]
            for i, each in enumerate(several):
                where = (*trail, written, i) if isinstance(listed, list) else (*trail, written)
                found = self.value(record, attribute, each, i + 1, at, where)
                made.append((self.placed(attribute, found, i + 1, len(several)), where))
        return made

    def value(
        self, record: dict[str, Any], attribute: str, said: Any, number: int, at: object = "", trail: Trail = ()
    ) -> dict[str, Any]:
        """One long value; `at` is the place of the record's values that tell none.

        Raises:
            DataError: what `fault` makes, where it can't be one.
        """
        told = said if isinstance(said, dict) else {"value": said}
        for key in told:
            if key not in SAID:
                near = difflib.get_close_matches(str(key), SAID, 1)
                mend = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(SAID)}"
                self._wrong((*trail, key), f"unknown key `{key}` of a value; {mend}", key)
        plain = told.get("value", "")
        state = told.get("state", plain if plain in UNKNOWN else "stated")
        found: dict[str, Any] = {
            "id": identity(record, attribute, number),
            "type": "Characteristic",
            "attribute": attribute,
        }
        found |= {key: told[key] for key in COPIED if key in told}
        found |= {"state": state} | ({"value": told["number"]} if "number" in told else {})
        if "value" in told and plain != state:
            found |= self._plain(attribute, plain, trail)
        if (where := told.get("at", "" if state in UNKNOWN else at)) and where != NONE:
            found["locatedAt"] = place(str(where), self._study)
        return {key: found[key] for key in ORDER if key in found}

    def placed(self, attribute: str, value: dict[str, Any], number: int, of: int) -> dict[str, Any]:
        """A long value with its place among several, where the attribute keeps their order."""
        rule = self._vocabulary.get(attribute)
        if of == 1 or rule is None or not rule.ordered or "position" in value:
            return value
        told = {**value, "position": number}
        return {key: told[key] for key in ORDER if key in told}

    def _plain(self, attribute: str, said: Any, trail: Trail) -> dict[str, Any]:
        """What a plain value is, by the attribute's `as`."""
        rule = self._vocabulary.get(attribute)
        kind = rule.kind if rule else "number" if _is_number(said) else "text"
        if said is None or said == "":
            self._wrong(trail, f"`{attribute}` is empty; write `not-reported`, or leave the line out", said)
        if isinstance(said, (dict, list)):
            self._wrong(trail, f"a value of `{attribute}` is one word, number or text; write a list of values", said)
        if kind == "code" and rule:
            return {"concept": self._code(rule, said, trail)}
        if kind == "number":
            if not _is_number(said):
                mend = _state_mend(said) or number_mend(said) or f"or write {{text: {said}}}"
                self._wrong(trail, f"`{attribute}` is a number, not `{said}`; {mend}", said)
            return {"value": said}
        text = str(said).lower() if isinstance(said, bool) else said
        if kind == "boolean" and text not in ("true", "false"):
            self._wrong(trail, f"`{attribute}` is true or false, not `{said}`", said)
        if kind == "date" and not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", str(text)):
            self._wrong(trail, f"`{attribute}` is a date as 2020, 2020-05 or 2020-05-31, not `{said}`", said)
        if kind == "text" and not isinstance(text, str):
            self._wrong(trail, f"`{attribute}` is text, not the number {said}; write it in quotes", said)
        return {"text": str(text)}

    def _code(self, rule: Attribute, said: Any, trail: Trail) -> str:
        found = rule.code(said)
        if found is None:
            labels = list(dict.fromkeys(rule.labels.values()))
            near = difflib.get_close_matches(str(said), labels, 1)
            some = ", ".join(f"`{each}`" for each in labels[:5]) or "none yet"
            mend = f"did you mean `{near[0]}`?" if near else f"there are {some}{' …' * (len(labels) > 5)}."
            mend = _state_mend(said) or f"{mend} A new code goes into codebook.yaml first"
            message = f"`{said}` is no code of `{rule.key}`; {mend}"
            self._wrong(trail, message, said)
        return found

    def _wrong(self, trail: Trail, message: str, value: object) -> NoReturn:
        raise self._fault(trail, message, value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def number_mend(said: object) -> str:
    """How to write a text that would be a number but for its quotes, its comma or its unit; nothing of another text."""
    text = str(said).strip()
    if re.fullmatch(r"[-+]?\d+(\.\d+)?", text):
        return f"write {text} without quotes"
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return f"write {text.replace(',', '')} without a comma"
    if re.fullmatch(r"[-+]?\d+,\d+", text):
        return f"write {text.replace(',', '.')}, with a point"
    return ""


_STATES = {"not coded": "leave the line out", "na": "", "n/a": "", "nr": "", "none": "", "unknown": "", "unclear": ""}
"""Words that aren't values, and what to do about them where it isn't to write a state."""


def _state_mend(said: object) -> str:
    """What to write for a word that says there is no value; nothing of another word."""
    plain = " ".join(re.sub(r"[-_.]+", " ", str(said)).casefold().split())
    if plain in (state.replace("-", " ") for state in UNKNOWN):
        return f"did you mean `{plain.replace(' ', '-')}`?"
    if plain not in _STATES:
        return ""
    return _STATES[plain] or "write `not-reported`, or `not-applicable`, in place of a value"
