"""One changed cell of a workbook into a document: what its words mean, or why they can't be taken."""

from __future__ import annotations

import re
from typing import Any

from evigraph.coding.workbook_cells import REPORT, STATES, Shown
from evigraph.ingest.extraction import folded
from evigraph.ingest.fields import names, values


class RefusedError(Exception):
    """A cell can't be taken; the text says why and how to mend it."""


def parts(text: str) -> list[str]:
    """The values of a cell, which semicolons separate; none of them is inside of parentheses."""
    found, depth, start = [], 0, 0
    for i, mark in enumerate(text):
        depth = max(depth + (mark == "(") - (mark == ")"), 0)
        if mark == ";" and not depth:
            found.append(text[start:i])
            start = i + 1
    return [each.strip() for each in (*found, text[start:]) if each.strip()]


class StudyCells:
    """The cells of a study's row. `file` and `place` tell where they stand; what is odd goes into `notes`."""

    def __init__(self, shown: Shown, file: str, notes: list[str], place: str) -> None:
        """Read cells by what is shown."""
        self._shown, self._file, self._notes, self._place = shown, file, notes, place

    def values(self, row: dict[str, str]) -> dict[str, Any]:
        """What a row tells of a report, by our keys."""
        found: dict[str, Any] = {}
        for key in REPORT:
            if text := row.get(key, ""):
                try:
                    found[key] = _report_value(key, text)
                except RefusedError as error:
                    self._notes.append(f"{self._file}, {self._place}, {key}: {error}; left out")
        return _with_first_author(found)

    def set(self, content: dict[str, Any], key: str, text: str) -> dict[str, Any]:
        """The study with that cell as its text.

        Raises:
            RefusedError: it can't be.
        """
        if key.startswith("@"):
            return self._attribute(content, key[1:], text)
        if key in ("label", "key"):
            if not text or key == "key":
                raise RefusedError("a label can't be empty" if key == "label" else "keys can't be changed")
            return {**content, "label": text}
        reports = [dict(each) for each in content.get("reports", [])]
        if not reports:
            if key != "title" or not text:
                raise RefusedError("the study has no report with a title; fill in the title first")
            study = str(content["id"]).removeprefix("study/")
            reports = [{"id": f"report/{study}", "type": "Report"}]
        if text:
            changed = {key: _report_value(key, text)}
            reports[0] |= _with_first_author(changed) if key == "authors" else changed
        elif key == "title":
            raise RefusedError("a title can't be empty")
        else:
            for each in (key, *(("firstAuthor", "authorCount") if key == "authors" else ())):
                reports[0].pop(each, None)
        return {**content, "reports": reports}

    def _attribute(self, content: dict[str, Any], name: str, text: str) -> dict[str, Any]:
        held = [each for each in content.get("characteristics", []) if each["attribute"] == name]
        others = [each for each in content.get("characteristics", []) if each["attribute"] != name]
        shown = {str(self._shown.characteristic(each)).strip(): each for each in reversed(held)}
        study = str(content["id"]).removeprefix("study/")
        texts = [text] if text in shown else known_parts(text, set(shown))
        taken = {each["id"] for each in (shown[part] for part in texts if part in shown)}
        made = []
        for part in dict.fromkeys(texts):
            if part in shown:
                made.append(shown[part])
                continue
            number = next(i for i in range(1, len(held) + len(texts) + 2) if _id(study, name, i) not in taken)
            taken.add(_id(study, name, number))
            new = {"id": _id(study, name, number), "type": "Characteristic", "attribute": name}
            made.append({**new, **self._value(study, name, part)})
        if len({e["state"] in STATES for e in made}) > 1:
            raise RefusedError("`not reported` can't stand beside a value")
        return {**content, "characteristics": [*others, *made]} if others or made else _without(content)

    def _value(self, study: str, name: str, text: str) -> dict[str, Any]:
        state, text = stated(text)
        if state["state"] in STATES:
            return state
        where = {"locatedAt": self._shown.book.place(study, "", of_review=False)}
        concept = self._shown.code_of_attribute(name, text)
        if concept is None and re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", text):
            number = float(text)
            return {**state, "value": int(number) if number.is_integer() else number, **where}
        if concept is None and self._shown.book.has_codes(name):
            self._notes.append(f"{self._file}, {name}: `{text}` is no code that is known; kept as text")
        return {**state, **({"concept": concept} if concept else {"text": text}), **where}


def stated(text: str) -> tuple[dict[str, Any], str]:
    """The state that a value's words tell, with the basis of what is inferred, and the words without it.

    Raises:
        RefusedError: it is inferred from nothing.
    """
    for code, words in STATES.items():
        if folded(text) in (folded(words), code):
            return {"state": code}, ""
    if found := re.fullmatch(r"(.+?)\s*\(inferred:?\s*(.*)\)", text, re.DOTALL):
        plain, basis = found.groups()
        if not basis:
            raise RefusedError("write from what it is inferred: `(inferred: …)`")
        return {"state": "inferred", "basis": basis}, plain
    return {"state": "stated"}, text


def _id(study: str, name: str, number: int) -> str:
    return f"characteristic/{study}/{name}-{number}"


def _without(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key != "characteristics"}


def known_parts(text: str, known: set[str]) -> list[str]:
    """The parts of a cell; values that were there and have a semicolon of their own stay whole."""
    found = []
    for each in sorted((one for one in known if ";" in one), key=len, reverse=True):
        if each in text:
            found.append(each)
            text = text.replace(each, ";", 1)
    return [*found, *parts(text)]


def _report_value(key: str, text: str) -> Any:
    if key == "year":
        if (year := values.year(text)) is None:
            raise RefusedError(f"`{text}` is no year")
        return year
    if key == "doi" and (doi := values.doi(text)) is None:
        raise RefusedError(f"`{text}` is no DOI; write it as 10.1000/182")
    if key == "url" and (url := values.url(text)) is None:
        raise RefusedError(f"`{text}` is no address; it begins with https://")
    return {"doi": lambda: doi, "url": lambda: url}.get(key, lambda: text)()


def _with_first_author(found: dict[str, Any]) -> dict[str, Any]:
    if people := names.names([found["authors"]]) if found.get("authors") else []:
        return {**found, "firstAuthor": names.family(people[0]), "authorCount": len(people)}
    return found
