"""JSON and JSON Lines, taken apart by the JMESPath expressions of a recipe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from evigraph.errors import DataError
from evigraph.ingest.model import Raw

DIGITS = 1000
"""A number of so many digits is no number that anybody means; Python refuses to read one of 4,300."""

Place = tuple[int, Any]
"""A line, or a place in a list, counted from 1, with the value there."""


def parse(path: Path, text: str) -> tuple[Any, list[Place] | None]:
    """A JSON text, or nothing and its lines as JSON Lines, each a value or the error that it gives.

    Raises:
        DataError: it is neither.
    """
    try:
        return loads(text), None
    except RecursionError:
        raise DataError(path, 1, "the JSON is nested too deeply; flatten it") from None
    except json.JSONDecodeError as error:
        lines = list(_lines(text))
        good = sum(not isinstance(value, json.JSONDecodeError) for _, value in lines)
        if good < 1 or good * 2 < len(lines):
            mend = "mend the syntax there, or export it again"
            raise DataError(path, error.lineno, f"JSON: {error.msg}; {mend}") from None
        return None, lines


def loads(text: str) -> Any:
    """A JSON text; a whole number of more digits than Python takes stays a text.

    Raises:
        json.JSONDecodeError: it is none. RecursionError: it is nested too deeply.
    """
    return json.loads(text, parse_int=_whole)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) < DIGITS else digits


def _lines(text: str) -> Iterator[Place]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                value = loads(line)
                yield (
                    number,
                    value if isinstance(value, dict | list) else json.JSONDecodeError("not an object", line, 0),
                )
            except (json.JSONDecodeError, RecursionError) as error:
                yield number, error if isinstance(error, ValueError) else json.JSONDecodeError("nested", line, 0)


def raws(places: list[Place]) -> list[Raw]:
    """Each value as a record; what is no object is one that can't be taken."""
    return [
        Raw(number, value)
        if isinstance(value, dict)
        else Raw(number, problem="not a JSON object; mend the syntax of that record")
        for number, value in places
    ]


def search(expression: str, value: Any) -> Any:
    """What a JMESPath expression finds in a value; a function that can't take it finds nothing."""
    from jmespath.exceptions import JMESPathError

    try:
        return _compiled(expression).search(value)
    except JMESPathError:
        return None


@cache
def _compiled(expression: str) -> Any:
    import jmespath

    return jmespath.compile(expression)


def own_studies(root: Any) -> list[dict[str, Any]]:
    """The study documents of an export of a review as JSON-LD; none, where anything else is among them."""
    items = root if isinstance(root, list) else [root]
    own = [each for each in items if isinstance(each, dict) and each.get("type") == "Study"]
    return own if own and len(own) == len(items) else []
