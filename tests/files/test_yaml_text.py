"""YAML as documents are written and read."""

from __future__ import annotations

from collections import OrderedDict
from enum import IntEnum
from typing import Any

import pytest

from evigraph.files import yaml_text
from evigraph.ingest.fields.names import Body


class Whole(int):
    """A number by inheritance."""


class Level(IntEnum):
    """A number by inheritance, with names."""

    HIGH = 3


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Body("World Health Organization"), "World Health Organization"),
        (Body("yes: no"), "yes: no"),
        (Whole(7), 7),
        (Level.HIGH, 3),
        (OrderedDict(b=1, a=Body("x")), {"b": 1, "a": "x"}),
        ((Body("a"), "b"), ["a", "b"]),
    ],
)
def test_what_is_a_text_or_a_number_by_inheritance_is_written_as_one(value: Any, plain: Any) -> None:
    """Such as the name of a body that wrote a report."""
    assert yaml_text.load(yaml_text.dump({"key": value})) == {"key": plain}
