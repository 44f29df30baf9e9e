"""The groups of a study that come from a file: their kind, how many are in them, and their values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from evigraph.coding.characteristics import Characteristics
from evigraph.coding.consensus import Attributes
from evigraph.coding.results import Results
from evigraph.ingest import Extract, Grouped
from evigraph.matching.traits import folded

OF = " @ "
"""What stands between an attribute and the group that it is of, while coders are held against each other."""


def told(rows: Iterable[Extract]) -> list[Grouped]:
    """The groups that a study's rows tell: those of the consensus, where there is one, else everybody's."""
    listed = list(rows)
    final = [row for row in listed if row.consensus] or listed
    made: dict[str, Grouped] = {}
    for each in (group for row in final for group in row.groups):
        made.setdefault(folded(each.label), each)
    return list(made.values())


def apart(agreed: Attributes) -> tuple[Attributes, dict[str, Attributes]]:
    """The attributes of a study, and those of each of its groups by their labels, as `folded` compares them."""
    own: Attributes = {}
    of_groups: dict[str, Attributes] = {}
    for name, values in agreed.items():
        attribute, of, label = name.partition(OF)
        (of_groups.setdefault(folded(label), {}) if of else own)[attribute] = values
    return own, of_groups


def take(
    found: Results,
    groups: list[Grouped],
    attributes: dict[str, Attributes],
    characteristics: Callable[[str, list[dict[str, Any]]], Characteristics],
    conflict: Callable[[str, object, object], None],
) -> None:
    """Make the groups that a study lacks, and give each what it lacks; another kind or number is a conflict."""
    for group in groups:
        identity = found.group(group.label)
        at = next(i for i, each in enumerate(found.groups) if each["id"] == identity)
        record = dict(found.groups[at])
        number = None if group.n is None else int(group.n) if group.n.is_integer() else group.n
        for key, value in (("kind", group.kind), ("n", number), ("note", group.note)):
            if value in ("", None) or record.get(key) == value:
                continue
            if key in record:
                conflict(f"{key} of {identity}", record[key], value)
            else:
                record[key] = value
        several = characteristics(identity.removeprefix("group/"), record.get("characteristics", []))
        for name, (values, place) in attributes.get(folded(group.label), {}).items():
            several.take(name, values, place, f"{name} of {group.label}")
        found.groups[at] = record | ({"characteristics": several.held} if several.held else {})
