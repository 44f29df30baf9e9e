"""The columns of a workbook's sheet of findings: the keys that every finding has, and attributes of the codebook."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from evigraph.coding.workbook_form import Column
from evigraph.data import Vocabulary

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


def attributes(vocabulary: Vocabulary, studies: dict[str, dict[str, Any]]) -> list[str]:
    """The attributes that are declared for findings, in the codebook's order, and others that findings have.

    What findings say by a key of their own, such as whom they concern, has no second column.
    """
    known = vocabulary.attributes
    found = [key for key, rule in known.items() if "finding" in rule.record.get("appliesTo", [])]
    findings = (each for content in studies.values() for each in content.get("findings", []))
    used = {str(each["attribute"]) for finding in findings for each in finding.get("characteristics", [])}
    own = {key for key in found if known[key].record.get("role") in (*FINDING, "outcome")} | {"outcome"}
    return list(dict.fromkeys([*(key for key in found if key in used or key not in own), *sorted(used)]))


def of_values(attribute: str, vocabulary: Vocabulary, lists: Container[str]) -> Column:
    """The column of an attribute of findings; one that is called as another column says what it is."""
    name, rule = attribute.replace("-", " "), vocabulary.get(attribute)
    heading = f"{name} (attribute)" if name in {"study", "id", *FINDING, *HEADINGS.values()} else name
    several = rule is None or rule.multiple
    listed = f"attribute {attribute}"
    return Column(f"@{attribute}", heading, 24, listed if listed in lists else "", several)


def values_of(record: dict[str, Any], attribute: str) -> list[dict[str, Any]]:
    """The values that a record has of an attribute, in their order."""
    held = [each for each in record.get("characteristics", []) if each["attribute"] == attribute]
    return sorted(held, key=lambda each: each.get("position", 0))


def quantity(each: dict[str, Any]) -> str:
    """A quantity as a person writes it: `students = 94 percent`."""
    return f"{each['kind']} {each.get('comparator', '=')} {each['value']} {each['unit']}"
