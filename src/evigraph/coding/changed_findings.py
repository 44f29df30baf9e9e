"""One changed cell of a workbook into a finding: what its words mean, or why they can't be taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evigraph.coding.changed_cells import RefusedError, parts
from evigraph.coding.changed_values import with_values
from evigraph.coding.codebook import WORDS
from evigraph.coding.finding_columns import FINDING, MANY, NOTHING, SAID, quantity
from evigraph.coding.workbook_cells import STATES, Shown
from evigraph.data import short
from evigraph.data.values import PEOPLE
from evigraph.ingest.extraction import folded


def _with_said(answers: Any, key: str, values: list[str]) -> Any:
    """The answers with one value of that key for each, in order; nothing where there is none."""
    said = short.said(answers)
    for (question, held), value in zip(said.items(), values, strict=True):
        kept = {name: text for name, text in held.items() if name != key}
        said[question] = {**kept, key: value} if value not in ("", NOTHING) else kept
    return short.shortened(said)


class FindingCells:
    """The cells of a finding's row, of the study with that key."""

    def __init__(self, shown: Shown, study: str) -> None:
        """Read cells by what is shown."""
        self._shown, self._study = shown, study

    def set(self, finding: dict[str, Any], key: str, text: str) -> dict[str, Any]:
        """The finding with that cell as its text.

        Raises:
            RefusedError: it can't be.
        """
        if key == "study":
            raise RefusedError("a finding can't go to another study; delete it there in the file, and add it here")
        if key.startswith("@"):
            return with_values(self._shown, finding, key[1:], text, "Finding")
        if key in SAID:
            return {**finding, "answers": _with_said(finding.get("answers"), key, self._said(key, text, finding))}
        if key in PEOPLE:
            return self._people(finding, key, text)
        if not text:
            if key in ("answers", "statement"):
                raise RefusedError("it can't be empty")
            if key != "locatedAt":
                return {name: value for name, value in finding.items() if name != key}
        return {**finding, key: self._value(finding, key, text)}

    def new(self, row: dict[str, str]) -> dict[str, Any]:
        """A finding from a row, without an id.

        Raises:
            RefusedError: a cell can't be taken, or one is missing.
        """
        made: dict[str, Any] = {}
        for key in FINDING:
            if (text := row.get(key, "")) and key not in SAID:
                try:
                    made = self._people(made, key, text) if key in PEOPLE else {**made, key: self._value({}, key, text)}
                except RefusedError as error:
                    raise RefusedError(f"{key}: {error}") from None
        questions = self._shown.book.questions()
        if "answers" not in made and len(questions) == 1:
            made["answers"] = [questions[0]["id"]]
        if default := "positive" if "benefit" in made else "negative" if "drawback" in made else "":
            made.setdefault("effect", default)
        for key in ("answers", "statement"):
            if key not in made:
                raise RefusedError(f"a finding needs its {'question' if key == 'answers' else key}")
        for key in (*SAID, *(f"@{attribute}" for attribute in self._shown.of["findings"])):
            if text := row.get(key, ""):
                made = self.set(made, key, text)
        made.setdefault("locatedAt", self._shown.book.place(self._study, "", of_review=False))
        return made

    def _value(self, finding: dict[str, Any], key: str, text: str) -> Any:
        if key in WORDS:
            return self._found(self._shown.book.said(key, text), text, key)
        if key == "locatedAt":
            return self._shown.book.place(self._study, text, of_review=True)
        if key == "quantities":
            return list(self._quantities(finding, text))
        if not (choices := FINDING[key]):
            return text
        if key not in MANY:
            return self._found(self._shown.code(choices, text), text, key)
        whole = self._shown.code(choices, text)
        codes = [whole] if whole else [self._found(self._shown.code(choices, p), p, key) for p in parts(text)]
        if key == "answers":
            held = short.said(finding.get("answers"))
            return short.shortened({code: held.get(code, {}) for code in codes})
        return sorted(dict.fromkeys(codes))

    def _said(self, key: str, text: str, finding: dict[str, Any]) -> list[str]:
        """The stance or condition for each question of a finding: one for all of them, or as many as there are."""
        asked = len(short.said(finding.get("answers")))
        each = parts(text)
        whole = (
            [text] * asked if key == "condition" and len(each) != asked else each * asked if len(each) == 1 else each
        )
        if text and len(whole) != asked:
            raise RefusedError(f"`{text}` are {len(each)} for {asked} questions; write one, or one for each of them")
        if key == "condition" or not text:
            return [one.strip(NOTHING) for one in whole] or [""] * asked
        return [one if one == NOTHING else self._found(self._shown.book.said(key, one), one, key) for one in whole]

    def _people(self, finding: dict[str, Any], key: str, text: str) -> dict[str, Any]:
        """The finding with those people, or with nobody since the text doesn't say."""
        made = {name: value for name, value in finding.items() if name != key}
        unsaid = set(finding.get("notReported", [])) - {key}
        if folded(text) in (folded(STATES["not-reported"]), "not-reported"):
            unsaid.add(key)
        elif text:
            made[key] = self._value(finding, key, text)
        made.pop("notReported", None)
        return {**made, **({"notReported": sorted(unsaid)} if unsaid else {})}

    def _found(self, code: str | None, text: str, key: str) -> str:
        if code is None:
            raise RefusedError(
                f"`{text}` is no {key} that is known; choose one from the list, or add it to the codebook"
            )
        return code

    def _quantities(self, finding: dict[str, Any], text: str) -> Iterator[dict[str, Any]]:
        held = {quantity(each): each for each in finding.get("quantities", [])}
        left = [each for shown, each in held.items() if shown not in parts(text)]
        for part in parts(text):
            if part in held:
                yield held[part]
                continue
            found = re.fullmatch(r"([a-z0-9]+(?:-[a-z0-9]+)*)\s*([=<>~])\s*(-?\d{1,15}(?:\.\d{1,9})?)\s*(\S.*)", part)
            if found is None:
                raise RefusedError(f"`{part}` is no quantity; write it as `students = 94 percent`")
            kind, comparator, number, unit = found.groups()
            old: dict[str, Any] = next((each for each in left if each["kind"] == kind), {})
            left = [each for each in left if each is not old]
            value = float(number)
            new = {"kind": kind, "value": int(value) if value.is_integer() else value, "unit": unit.strip()}
            yield {**old, **new, "comparator": comparator}
