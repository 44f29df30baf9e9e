"""Attributes crossed and counted by the topmost codes, and of the studies that have another value."""

from __future__ import annotations

import pytest
from conftest import Copy

from evigraph import queries
from evigraph.queries import build

TOP = """  - id: value/design-type/qualitative
    type: AttributeValue
    label: Qualitative
    definition: What people say and do was studied in words.
    position: 20
    inScheme: codebook/design-type
"""
BELOW = ("case-study", "focus-group-study", "interview-study")


@pytest.fixture
def nested(copy: Copy) -> Copy:
    """The shipped review with three kinds of design below another."""
    copy.replace(
        "codebook.yaml", "  - id: value/design-type/case-study\n", f"{TOP}  - id: value/design-type/case-study\n"
    )
    for name in BELOW:
        head = f"  - id: value/design-type/{name}\n    type: AttributeValue\n"
        copy.replace("codebook.yaml", head, f"{head}    broader: value/design-type/qualitative\n")
    return copy


def rows(copy: Copy, name: str, **arguments: str) -> list[tuple[queries.Cell, ...]]:
    """What the query answers."""
    found = {key.replace("_", "-"): value for key, value in arguments.items()}
    return list(queries.run(build.open_store(copy.workspace), queries.load(copy.workspace, name), found).rows)


def test_by_attribute_by_the_topmost_codes(nested: Copy) -> None:
    """A study that has two of the codes below one counts once."""
    leaves = {str(row[0]): int(str(row[1])) for row in rows(nested, "by-attribute", attribute="design-type")}
    tops = {
        str(row[0]): int(str(row[1])) for row in rows(nested, "by-attribute", attribute="design-type", roll_up="top")
    }
    listed = rows(nested, "characteristics", attribute="design-type")
    below = {"Case study", "Focus group study", "Interview study"}
    assert below < set(leaves)
    assert not below & set(tops)
    assert tops["Qualitative"] == len({row[0] for row in listed if row[2] in below})
    assert {name: tops[name] for name in tops if name != "Qualitative"} == {
        name: leaves[name] for name in leaves if name not in below
    }


@pytest.mark.parametrize("zeros", ["no", "yes"])
def test_crosstab_by_the_topmost_codes(nested: Copy, zeros: str) -> None:
    """What stands below one code is one row, filled or not."""
    asked = {"rows": "design-type", "columns": "country", "zeros": zeros}
    leaves = rows(nested, "crosstab", **asked)
    tops = rows(nested, "crosstab", **asked, roll_up="top")
    below = {"Case study", "Focus group study", "Interview study"}
    assert any(row[0] in below for row in leaves)
    assert not any(row[0] in below for row in tops)
    assert {row for row in tops if row[0] != "Qualitative"} == {row for row in leaves if row[0] not in below}


def test_crosstab_of_some_studies(nested: Copy) -> None:
    """`filter` and `is` leave the studies that have the value; of a value that none has, no cell is left."""
    asked = {"rows": "country", "columns": "setting"}
    listed = rows(nested, "characteristics", attribute="design-type")
    chosen = {row[0] for row in listed if row[2] == "Survey"}
    countries = {row[2] for row in rows(nested, "characteristics", attribute="country") if row[0] in chosen}
    some = rows(nested, "crosstab", **asked, filter="design-type", **{"is": "Survey"})
    assert some
    assert {row[0] for row in some} <= countries
    assert len(some) < len(rows(nested, "crosstab", **asked))
    assert rows(nested, "crosstab", **asked, filter="design-type", **{"is": "Séance"}) == []
