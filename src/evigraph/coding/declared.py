"""Attributes that records have values of and no codebook declares: as their values show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from evigraph import data
from evigraph.data import Document, Vocabulary, quads
from evigraph.linking import Plan

LEVELS = {
    "Study": "study",
    "Group": "group",
    "Finding": "finding",
    "Result": "result",
    "Synthesis": "synthesis",
    "Appraisal": "appraisal",
}
"""The classes of records that have values, each with what an attribute's `appliesTo` calls it."""

Values = dict[str, list[tuple[str, dict[str, Any]]]]
"""The values of each attribute, each with the level of the record that has it."""


def declare(made: Plan, documents: list[Document]) -> None:
    """Add to a plan what its values need declared; all that the review has where it declares nothing yet."""
    after = {each.name: each.content for each in documents} | made.contents
    contents = {name: content for name, content in after.items() if content is not None}
    known = Vocabulary(contents[name] for name in sorted(contents) if data.is_shared(name)).attributes
    values = used({name: content for name, content in made.contents.items() if content is not None})
    if set(values) <= set(known):
        return
    if not known:
        values = used(contents)
    origin = ", ".join(dict.fromkeys(batch.path.name for batch in made.batches)) or "the studies"
    new = records({key: each for key, each in values.items() if key not in known}, contents, origin)
    codebook = contents.get("codebook", {"id": "review", "type": "Review"})
    made.contents["codebook"] = quads.arranged({**codebook, "attributes": [*codebook.get("attributes", []), *new]})
    if taken := [each["id"].removeprefix("attribute/") for each in new if each["definition"].startswith("Taken from")]:
        made.notes.append(f"codebook: declares {', '.join(taken)}; say there what they mean")


def used(contents: dict[str, dict[str, Any]]) -> Values:
    """The attributes that documents have values of."""
    found: Values = {}
    for content in contents.values():
        for _, node in data.nodes(content):
            for each in node.get("characteristics", []):
                found.setdefault(each["attribute"], []).append((LEVELS.get(node["type"], "code"), each))
    return found


def records(values: Values, contents: dict[str, dict[str, Any]], origin: str) -> list[dict[str, Any]]:
    """The declarations of attributes, by what their values are."""
    schemes = dict(_schemes(contents))
    scales = {
        each["attribute"]: each for c in contents.values() for each in c.get("domains", []) if "attribute" in each
    }
    made = []
    for key in sorted(values):
        held = [value for _, value in values[key]]
        domain = scales.get(key, {})
        record: dict[str, Any] = {"id": f"attribute/{key}", "type": "Attribute"}
        record |= {"label": str(domain.get("label") or key.replace("-", " ").capitalize())}
        record |= {"definition": str(domain.get("definition") or f"Taken from {origin}; say here what it means.")}
        record |= {"as": "code" if domain else _kind(held), "appliesTo": sorted({level for level, _ in values[key]})}
        if not domain:
            record["multiple"] = "true"
        counts = Counter(schemes[each["concept"]] for each in held if each.get("concept") in schemes)
        scheme = str(domain.get("scale") or next((name for name, _ in counts.most_common(1)), ""))
        if scheme and scheme != f"codebook/{key}":
            record["inScheme"] = scheme
        made.append(record)
    return made


def _kind(values: list[dict[str, Any]]) -> str:
    """What values are, as far as they tell: of what nothing is known, text."""
    for key, kind in (("concept", "code"), ("value", "number")):
        if any(key in each for each in values):
            return kind
    return "text"


def _schemes(contents: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Every code with the scheme that it is in."""
    for name, content in contents.items():
        if data.is_shared(name):
            yield from ((node["id"], node["inScheme"]) for _, node in data.nodes(content) if "inScheme" in node)
