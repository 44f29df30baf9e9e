"""Attributes that records have values of and no codebook declares: as their values show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from evigraph import data
from evigraph.data import Document, Vocabulary, forms, quads
from evigraph.linking import Plan

OUTCOME = "outcome"
"""What results are on, which is no value of theirs."""

Values = dict[str, list[tuple[str, dict[str, Any]]]]
"""The values of each attribute, each with the level of the record that has it."""


def declare(made: Plan, documents: list[Document]) -> None:
    """Add to a plan what its values need declared; all that the review has where it declares nothing yet."""
    after = {each.name: each.content for each in documents} | made.contents
    contents = {name: content for name, content in after.items() if content is not None}
    vocabulary = Vocabulary(contents[name] for name in sorted(contents) if data.is_shared(name))
    known = vocabulary.attributes
    values = used({name: content for name, content in made.contents.items() if content is not None})
    told = {each.attribute for batch in made.batches for each in batch.schemes} - {OUTCOME}
    values |= {attribute: [] for attribute in sorted(told - set(values))}
    if set(values) <= set(known):
        return
    if not vocabulary.declared:
        values |= used(contents)
    origin = "a sheet" if made.batches else "the studies"
    new = records({key: each for key, each in values.items() if key not in known}, contents, origin, _told(made))
    for each in new:  # a document each, so that two branches that declare attributes can be merged
        name = each["id"].replace("attribute/", "codes/", 1)
        held = contents.get(name, {"id": "review", "type": "Review"})
        made.contents[name] = quads.arranged({**held, "attributes": [*held.get("attributes", []), each]})
    made.notes.append(f"codebook: declares {', '.join(each['id'].removeprefix('attribute/') for each in new)}")


def _told(made: Plan) -> dict[str, str]:
    """What recipes say that the values of attributes are; a code without codes stays text, and isn't told."""
    columns = [batch.columns for batch in made.batches if batch.columns is not None]
    rules = [(rule, each.new_codes == "add") for each in columns for rule in each.attributes]
    return {rule.name: rule.kind for rule, adds in rules if rule.kind != "code" or adds}


def used(contents: dict[str, dict[str, Any]]) -> Values:
    """The attributes that documents have values of."""
    found: Values = {}
    for content in contents.values():
        for _, node in data.nodes(content):
            for each in node.get("characteristics", []):
                found.setdefault(each["attribute"], []).append((forms.LEVELS.get(node["type"], "code"), each))
    return found


def records(
    values: Values, contents: dict[str, dict[str, Any]], origin: str, told: dict[str, str]
) -> list[dict[str, Any]]:
    """The declarations of attributes, by what their values are, or what is told of them."""
    schemes = dict(_schemes(contents))
    books = {each["id"]: each for content in contents.values() for each in content.get("codebooks", [])}
    made = []
    for key in sorted(values):
        held = [value for _, value in values[key]]
        named = books.get(f"codebook/{key}", {})
        record: dict[str, Any] = {"id": f"attribute/{key}", "type": "Attribute"}
        record |= {"label": str(named.get("label") or key.replace("-", " ").capitalize()), "multiple": "true"}
        record |= {"definition": str(named.get("definition") or f"Taken from {origin}; say here what it means.")}
        record["as"] = _kind(held, told.get(key, "")) if held else "code"
        record["appliesTo"] = sorted({level for level, _ in values[key]}) or ["study"]
        counts = Counter(schemes[each["concept"]] for each in held if each.get("concept") in schemes)
        scheme = next((name for name, _ in counts.most_common(1)), "")
        if scheme and scheme != f"codebook/{key}":
            record["scheme"] = scheme
        made.append(record)
    return made


def _kind(values: list[dict[str, Any]], told: str) -> str:
    """What values are, as far as they tell; else what is told, and of what nothing is known, text."""
    for key, kind in (("concept", "code"), ("value", "number")):
        if any(key in each for each in values):
            return kind
    return told or "text"


def _schemes(contents: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Every code with the scheme that it is in."""
    for name, content in contents.items():
        if data.is_shared(name):
            yield from ((node["id"], node["inScheme"]) for _, node in data.nodes(content) if "inScheme" in node)
