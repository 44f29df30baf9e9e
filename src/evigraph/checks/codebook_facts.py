"""What can't be true of a codebook and of what the review asks: codes that lead nowhere, names that mean two things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evigraph import data
from evigraph.data import Document, code_words
from evigraph.data.code_words import word
from evigraph.errors import DataError

Row = tuple[str, str, str]
"""A record's id, a key, and what is wrong."""
Holds = dict[str, Any]


def violations(documents: list[Document]) -> Iterator[Row]:
    """Whatever can't be true of codes and questions: the record's IRI, the key and the mend."""
    base = data.base(documents)
    shared = [node for each in documents if data.is_shared(each.name) for _, node in data.nodes(each.content)]
    codes = {each["id"]: each for each in shared if "inScheme" in each}
    rows = [*_replaced(codes), *_broader(codes), *_names(codes), *_notations(shared), *_followed(documents, codes)]
    yield from ((base + record, key, message) for record, key, message in rows)


def _replaced(codes: dict[str, Holds]) -> Iterator[Row]:
    """Tombstones that lead back to themselves, or to a code of another list."""
    for identity, each in codes.items():
        seen, at = set(), [identity]
        while at:
            now = at.pop()
            for after in codes.get(now, {}).get("replacedBy", []):
                if after == identity:
                    yield (
                        identity,
                        "replacedBy",
                        "is replaced by itself in the end; let it name a code that is still used",
                    )
                    at, seen = [], {after}
                    break
                if after not in seen:
                    seen.add(after)
                    at.append(after)
        for after in each.get("replacedBy", []):
            if after in codes and codes[after]["inScheme"] != each["inScheme"]:
                there, here = codes[after]["inScheme"], each["inScheme"]
                message = f"`{after}` is a code of {there}, and this is one of {here}; name a code of its own list"
                yield identity, "replacedBy", message


def _broader(codes: dict[str, Holds]) -> Iterator[Row]:
    for identity, each in codes.items():
        above = codes.get(str(each.get("broader")))
        if above is not None and above["inScheme"] != each["inScheme"]:
            message = (
                f"`{above['id']}` is a code of {above['inScheme']}; name a code of its own list, {each['inScheme']}"
            )
            yield identity, "broader", message


def _names(codes: dict[str, Holds]) -> Iterator[Row]:
    """Other labels that are the label of another code of the list."""
    labels = {
        (each["inScheme"], word(each.get("label", ""))): each["id"]
        for each in codes.values()
        if not code_words.is_deprecated(each)
    }
    for each in codes.values():
        for name in () if code_words.is_deprecated(each) else each.get("altLabels", []):
            other = labels.get((each["inScheme"], word(name)))
            if other not in (None, each["id"]):
                message = f"`{name}` is the label of another code of its list, `{other}`; take it away from one of them"
                yield each["id"], "altLabels", message


def _notations(nodes: list[Holds]) -> Iterator[Row]:
    """Questions and goals that are called the same."""
    found: dict[str, str] = {}
    for each in nodes:
        if each["type"] in ("ResearchQuestion", "Goal") and "notation" in each:
            name = word(each["notation"])
            if name in found:
                message = f"`{found[name]}` has the notation {each['notation']} too; give one of them another"
                yield each["id"], "notation", message
            found.setdefault(name, each["id"])


def _followed(documents: list[Document], codes: dict[str, Holds]) -> Iterator[Row]:
    """Values that a file writes by a word of a merged code, and that are read as the one it was merged into."""
    gone = {each["id"]: each for each in codes.values() if code_words.is_deprecated(each) and each.get("replacedBy")}
    if not gone:
        return
    vocabulary = data.vocabulary(documents)
    spoken = {
        word(name): each for each in gone.values() for name in (each.get("label", ""), each["id"].rpartition("/")[2])
    }
    for document in documents:
        for record, attribute, said in _said(document.path):
            rule, old = vocabulary.get(attribute), spoken.get(word(said))
            found = rule.code(said) if rule and old else None
            if rule and old and found in old["replacedBy"] and word(rule.labels.get(str(found), "")) != word(said):
                now = rule.labels[str(found)]
                message = (
                    f"`{attribute}: {said}` is of a deprecated code, and counts as `{now}`; write `{attribute}: {now}`"
                )
                yield record, "values", message


def _said(path: Path) -> Iterator[tuple[str, str, str]]:
    """The values in short form of a file: the record's id, the attribute, and what is written."""
    try:
        content = data.as_written(path)
    except DataError:
        return
    for _, node in data.nodes(content):
        values = node.get("values")
        for attribute, listed in values.items() if isinstance(values, dict) else ():
            for each in listed if isinstance(listed, list) else [listed]:
                said = each.get("value") if isinstance(each, dict) else each
                if isinstance(said, str) and "id" in node:
                    yield str(node["id"]), attribute, said
