"""The groups of a study that come from a sheet: what coders agree on, and how they join those that are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from evigraph.coding.code_words import word
from evigraph.coding.codebook import slug
from evigraph.ingest import Extract, Grouped

Group = dict[str, Any]
Resolved = Callable[[Extract, Grouped], Group]
Conflict = Callable[[str, object, object], None]


def agreed(study: str, rows: Iterable[Extract], group: Resolved, notes: list[str]) -> list[Group]:
    """The groups that hold of a study: those of the consensus, else those that all who coded any have alike."""
    coders: dict[str, list[Group]] = {}
    for row in rows:
        found = coders.setdefault("\0consensus" if row.consensus else row.reviewer, [])
        made = [group(row, told) for told in row.groups]
        found += [each for each in made if each not in found] if found else made
    coders = {name: several for name, several in coders.items() if several}
    if "\0consensus" in coders:
        return coders["\0consensus"]
    first, *others = coders.values() or [[]]
    shared = [each for each in first if all(each in other for other in others)]
    for name, several in coders.items():
        labels = ", ".join(str(each["label"]) for each in several if each not in shared)
        if labels:
            notes.append(f"{study}: coders differ: only {name} has the groups {labels}; not coded")
    return shared


def joined(
    study: str, held: list[Group], told: list[Group], place: str, conflict: Conflict, update: bool
) -> list[Group]:
    """The groups of a study with those that come: a label alone is filled in, another number is a conflict."""
    made, left = list(held), list(held)
    for new in told:
        alike = [each for each in left if word(each["label"]) == word(new["label"])]
        same = next((each for each in alike if _values(each) == _values(new)), None)
        bare = next((each for each in alike if not _values(each)), None)
        at = same or bare
        if at is None:
            made.append(_with_ids({"id": _free(study, new, made), "type": "Group", **new}, place))
            continue
        left.remove(at)
        whole = dict(at)
        for key in ("kind", "n"):
            if key in new and whole.get(key, new[key]) != new[key]:
                conflict(f"{key} of {at['id']}", whole[key], new[key])
            if key in new and (key not in whole or update):
                whole[key] = new[key]
        if not _values(at) and _values(new):
            whole["characteristics"] = new["characteristics"]
            whole = _with_ids(whole, place)
        made[made.index(at)] = whole
    return made


def _values(group: Group) -> list[str]:
    keys = ("attribute", "state", "concept", "value", "text", "basis")
    return sorted(repr([each.get(key) for key in keys]) for each in group.get("characteristics", []))


def _free(study: str, group: Group, made: list[Group]) -> str:
    taken = {each["id"] for each in made}
    stem = f"group/{study}/{slug(group['label'])[:60].strip('-') or 'group'}"
    numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
    return next(each for each in (stem, *numbered) if each not in taken)


def _with_ids(group: Group, place: str) -> Group:
    """A group whose values have ids, and a place where they say something."""
    counts: dict[str, int] = {}
    values = []
    for each in group.get("characteristics", []):
        name = each["attribute"]
        counts[name] = counts.get(name, 0) + 1
        own = {"id": f"{group['id']}/{name}-{counts[name]}", "type": "Characteristic", **each}
        values.append(own | ({"locatedAt": place} if each["state"] in ("stated", "inferred") else {}))
    return {**group, **({"characteristics": values} if values else {})}
