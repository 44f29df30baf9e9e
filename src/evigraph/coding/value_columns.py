"""Attributes of groups, results and findings in a workbook: which have a column there, and what its cells show."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from evigraph.coding.workbook_form import Column
from evigraph.data import Vocabulary

OWN = {"findings": ("outcome",), "groups": (), "results": ("outcome",)}
"""Attributes that the records of a list say by a key of their own, by the list's key."""
LEVELS = {"findings": "finding", "groups": "group", "results": "result"}
"""What an attribute of the records of a list `appliesTo`."""
NOWHERE = "-"
"""What stands for a value without a place, beside others that have one."""

Record = dict[str, Any]


def attributes(kept: str, vocabulary: Vocabulary, studies: dict[str, Record], own: Container[str] = ()) -> list[str]:
    """The attributes of a list of records, in the codebook's order, and others that such records have.

    `kept` is the list's key in a study, such as `groups`. Those with a role among `own`, which the records have a key
    for, get no second column.
    """
    known = vocabulary.attributes
    found = [key for key, rule in known.items() if LEVELS[kept] in rule.record.get("appliesTo", [])]
    records = (each for content in studies.values() for each in content.get(kept, []))
    used = {str(each["attribute"]) for record in records for each in record.get("characteristics", [])}
    keys = {key for key in found if known[key].record.get("role") in own or known[key].record.get("role") in OWN[kept]}
    keys |= set(OWN[kept])
    return list(dict.fromkeys([*(key for key in found if key in used or key not in keys), *sorted(used)]))


def of_values(attribute: str, vocabulary: Vocabulary, lists: Container[str], taken: Container[str]) -> Column:
    """The column of an attribute; one that is called as another column, which `taken` has, says what it is."""
    name, rule = attribute.replace("-", " "), vocabulary.get(attribute)
    heading = f"{name} (attribute)" if name in taken else name
    several = rule is None or rule.multiple
    listed = f"attribute {attribute}"
    return Column(f"@{attribute}", heading, 24, listed if listed in lists else "", several)


def values_of(record: Record, attribute: str) -> list[Record]:
    """The values that a record has of an attribute, in their order."""
    held = [each for each in record.get("characteristics", []) if each["attribute"] == attribute]
    return sorted(held, key=lambda each: each.get("position", 0))
