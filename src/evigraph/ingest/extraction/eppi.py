"""The codes of EPPI-Reviewer as a table: a row a reference, a column a group of codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evigraph.errors import counted
from evigraph.ingest.extraction.headings import Table
from evigraph.ingest.extraction.mapping import key
from evigraph.ingest.fields.values import plain

FIELDS = ("ItemId", "Title", "ShortTitle", "Authors", "Year", "DOI", "URL")
"""The fields of a reference that stand beside its codes; the others are of the publication, not of its coding."""
DEPTH = 40
"""How deep a tree of codes is read."""


def table(root: Any) -> tuple[Table, list[str]] | None:
    """The coded references as a table, with notes; nothing where the JSON has no codes that a reference carries.

    A code goes to the column of its parent, or of its code set, with its name as the value. A text that was typed with
    a code, and the name of an arm, follow the value after a colon.
    """
    if not isinstance(root, dict) or not isinstance(root.get("References"), list):
        return None
    names = {code: place for each in listed(root.get("CodeSets")) for code, place in _codes(each)}
    references = [each for each in root["References"] if isinstance(each, dict)]
    if not names or not any(listed(each.get("Codes")) for each in references):
        return None
    fields = [name for name in FIELDS if any(_scalar(each.get(name)) for each in references)]
    groups = list(dict.fromkeys(group for group, _ in names.values()))
    found = Table([*fields, *(each for each in groups if key(each) not in {key(name) for name in fields})])
    unknown = passages = 0
    for number, reference in enumerate(root["References"], 1):
        cells: dict[str, list[str]] = {}
        if isinstance(reference, dict):
            for name in fields:
                if _scalar(reference.get(name)) and (text := plain(reference[name])):
                    cells.setdefault(key(name), []).append(text)
            for code in listed(reference.get("Codes")):
                group, name = names.get(code.get("AttributeId"), ("", ""))
                unknown += not name
                passages += len(listed(code.get("ItemAttributeFullTextDetails")))
                if name:
                    cells.setdefault(key(group), []).append(_value(name, code))
        found.rows.append((number, cells))
    return found, list(_notes(unknown, passages))


def _notes(unknown: int, passages: int) -> Iterator[str]:
    if unknown:
        said = counted(unknown, "code stands", "codes stand")
        yield f"{said} in no code set of the file; export it with all code sets"
    if passages:
        yield f"{passages} passages of full texts, which mark where a code was seen, were left out"


def _value(name: str, code: dict[str, Any]) -> str:
    arm, typed = plain(code.get("ArmTitle")), plain(code.get("AdditionalText"))
    return ": ".join(each for each in (f"{name} ({arm})" if arm else name, typed) if each and each != "")


def _scalar(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def listed(value: object) -> list[dict[str, Any]]:
    """The mappings of a list of JSON; nothing of what is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _codes(code_set: dict[str, Any]) -> Iterator[tuple[Any, tuple[str, str]]]:
    """Each code of a set by its number, with the name of its parent and its own."""
    waiting = [(code_set, plain(code_set.get("SetName")) or "Codes", 0)]
    while waiting:
        node, group, depth = waiting.pop()
        children = node.get("Attributes")
        for child in listed(children.get("AttributesList") if isinstance(children, dict) else children):
            name = plain(child.get("AttributeName"))
            if name and depth < DEPTH:
                yield child.get("AttributeId"), (group, name)
                waiting.append((child, name, depth + 1))
