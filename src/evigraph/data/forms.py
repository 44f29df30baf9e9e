"""The two forms of a document: short as a person writes it, and long as everything else works on it.

>>> from evigraph.data import forms
>>> from evigraph.data.vocabulary import Vocabulary
>>> short = {"id": "study/a", "values": {"country": "Kenya", "sample": "not-reported"}}
>>> long = forms.lengthened(short, Vocabulary())
>>> long["characteristics"][1]["id"], long["characteristics"][1]["state"]
('characteristic/a/sample-1', 'not-reported')
>>> forms.shortened(long, Vocabulary())["values"]
{'country': 'Kenya', 'sample': 'not-reported'}
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from evigraph import ontology
from evigraph.data.documents import Trail, nodes
from evigraph.data.short_values import Writer
from evigraph.data.values import LONG, PEOPLE, VALUES, Fault, Reader, identity
from evigraph.data.vocabulary import Vocabulary
from evigraph.files import cache

NOT_REPORTED, TOLD = "not-reported", "notReported"
"""What stands in place of people whom a text doesn't tell, and the key that has it in the long form."""
CODING = "coding"
"""The key of who coded it; of a study, it holds for each of its findings that has none of its own."""
LEVELS = {
    "Study": "study",
    "Group": "group",
    "Finding": "finding",
    "Result": "result",
    "Synthesis": "synthesis",
    "Appraisal": "appraisal",
}
"""The classes of records that have values, each with what an attribute's `appliesTo` calls it."""
ROOTS = {"study/": "Study", "search/": "Search", "review": "Review"}
"""How the ids of roots begin, each with their class."""


def is_short(content: dict[str, Any]) -> bool:
    """Whether a document holds values in short form, whose meaning the codebook tells."""
    if VALUES in content:
        return True
    parts = (part for name, value in content.items() if name in _owned() for part in _listed(value))
    return any(is_short(part) for part in parts if isinstance(part, dict))


def lengthened(
    content: dict[str, Any],
    vocabulary: Vocabulary,
    fault: Fault = lambda _trail, message, _value: ValueError(message),
    lines: dict[Trail, int] | None = None,
) -> dict[str, Any]:
    """A document in long form; `lines` gets the line of each long value.

    Raises:
        DataError: what `fault` makes of a trail, a message and a value, where a value can't be one.
    """
    root = str(content.get("id", ""))
    study = root.removeprefix("study/") if root.startswith("study/") else ""
    kind = next((each for start, each in ROOTS.items() if root.startswith(start)), "")
    made = _Lengthened(Reader(vocabulary, study, fault), fault, lines).record(content, (), kind)
    if kind == "Study" and CODING in made and isinstance(made.get("findings"), list):
        made["findings"] = [_coded(each, made[CODING]) for each in made["findings"]]
    return made


def _coded(finding: Any, coding: Any) -> Any:
    """A finding with a coding, which is the document's where it says none of its own."""
    return {**finding, CODING: coding} if isinstance(finding, dict) and CODING not in finding else finding


def shortened(content: dict[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """The inverse of `lengthened`: a document as its file has it."""
    is_study = content.get("type") == "Study"
    made = _shortened(content, Writer(vocabulary, str(content["id"]).removeprefix("study/") if is_study else ""))
    if is_study and CODING in made and isinstance(made.get("findings"), list):
        made["findings"] = [_uncoded(each, made[CODING]) for each in made["findings"]]
    return made


def _uncoded(finding: Any, coding: Any) -> Any:
    """The inverse of `_coded`."""
    if not isinstance(finding, dict) or finding.get(CODING) != coding:
        return finding
    return {key: value for key, value in finding.items() if key != CODING}


def value_id(record: dict[str, Any], attribute: str, number: int) -> str:
    """The id that a record's value of an attribute has, counted from 1, where nobody gave it another."""
    return identity(record, attribute, number)


def attributes(content: dict[str, Any]) -> set[str]:
    """The attributes that records of a document in long form have values of."""
    return {each["attribute"] for _, node in nodes(content) for each in node.get(LONG, []) if "attribute" in each}


def meaning(content: dict[str, Any]) -> str:
    """A SHA-256 of a document in long form: of what the codebook makes of its values, whatever else it has."""
    return cache.key("meaning", json.dumps(content, sort_keys=True))


class _Lengthened:
    def __init__(self, reader: Reader, fault: Fault, lines: dict[Trail, int] | None) -> None:
        self._reader, self._fault, self._lines = reader, fault, lines

    def record(self, content: dict[str, Any], trail: Trail, kind: str) -> dict[str, Any]:
        """A record, and those in it."""
        made: dict[str, Any] = {}
        owned, types = _owned(), ontology.frame()["types"]
        untold = [key for key in PEOPLE if content.get(key) == NOT_REPORTED]
        for key, value in content.items():
            if key == VALUES:
                made.setdefault(LONG, [])  # in its place; filled in when the rest is known
            elif key in untold:
                made[TOLD] = sorted({*untold, *_texts(content.get(TOLD))})
            elif key not in owned:
                made.setdefault(key, value)
            elif isinstance(value, list):
                kinds = str(types.get(key, ""))
                parts = [self._part(each, (*trail, key, i), kinds) for i, each in enumerate(value)]
                made[key] = [*parts, *made.get(key, [])]
            else:
                made[key] = self._part(value, (*trail, key), str(types.get(key, "")))
        if kind and "id" in made and "type" not in made:
            made = {"id": made["id"], "type": kind, **made}
        if VALUES in content:
            self._add(made, content[VALUES], trail)
        return made

    def _part(self, value: Any, trail: Trail, kind: str) -> Any:
        return self.record(value, trail, kind) if isinstance(value, dict) else value

    def _add(self, record: dict[str, Any], said: Any, trail: Trail) -> None:
        if not isinstance(record[LONG], list) or not isinstance(record.get("id"), str):
            missing = "`id` is missing here; the ids of values follow from it"
            raise self._fault(trail, missing if "id" not in record else f"`{LONG}` is a list", said)
        for long, at in self._reader.values(record, said, (*trail, VALUES)):
            if self._lines is not None:
                self._lines[(*trail, LONG, len(record[LONG]))] = _line(self._lines, at)
            record[LONG].append(long)


def _line(lines: dict[Trail, int], trail: Trail) -> int:
    while trail and trail not in lines:
        trail = trail[:-1]
    return lines.get(trail, 1)


def _shortened(content: dict[str, Any], writer: Writer) -> dict[str, Any]:
    made: dict[str, Any] = {}
    owned = _owned()
    for key, value in content.items():
        if key == LONG and isinstance(value, list):
            short, rest = writer.values(content)
            made |= {VALUES: short} if short else {}
            made |= {LONG: rest} if rest else {}
            if not value:
                made[LONG] = []
        elif key == TOLD and not any(each in content for each in value):
            made |= dict.fromkeys(value, NOT_REPORTED)
        elif key not in owned:
            made[key] = value
        elif isinstance(value, list):
            made[key] = [_shortened(each, writer) if isinstance(each, dict) else each for each in value]
        else:
            made[key] = _shortened(value, writer) if isinstance(value, dict) else value
    return made


def _owned() -> frozenset[str]:
    return ontology.owned()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(value: Any) -> Iterator[str]:
    yield from (str(each) for each in value) if isinstance(value, list) else ()
