"""The columns of a workbook's sheet of findings that every review has; those of attributes are in `value_columns`."""

from __future__ import annotations

from typing import Any

FINDING = {
    "answers": "questions",
    "stance": "stances",
    "condition": "",
    "concerns": "stakeholders",
    "informant": "stakeholders",
    "benefit": "benefits",
    "drawback": "drawbacks",
    "focus": "contentFocuses",
    "concept": "outcome",
    "effect": "effects",
    "modality": "modalities",
    "statement": "",
    "locatedAt": "",
    "quantities": "",
    "note": "",
}
"""The keys of a finding that are shown, each with the list that its values are in, or nothing."""
HEADINGS = {
    "answers": "question",
    "concerns": "stakeholders",
    "focus": "content focus",
    "concept": "outcome",
    "locatedAt": "place",
}
"""How a key is called where its name isn't plain."""
MANY = ("answers", "concerns", "informant", "quantities")
OPTIONAL = ("concerns", "informant", "benefit", "drawback", "focus", "concept")
"""Those that a review needn't have: without a code of theirs and a finding that has them, they have no column."""
NOTHING = "-"
"""What stands for a question of which nothing is said, beside others."""
SAID = ("stance", "condition")
"""What is shown of each answer."""


TAKEN = frozenset({"study", "id", *FINDING, *HEADINGS.values()})
"""What columns of findings are called that aren't attributes."""


def quantity(each: dict[str, Any]) -> str:
    """A quantity as a person writes it: `students = 94 percent`."""
    return f"{each['kind']} {each.get('comparator', '=')} {each['value']} {each['unit']}"
