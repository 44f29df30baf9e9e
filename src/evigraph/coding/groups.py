"""The groups of a study that come from a file: which hold, their kind, how many are in them, and their values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from evigraph.coding.characteristics import Characteristics, shown
from evigraph.coding.codebook import slug
from evigraph.coding.consensus import Attributes
from evigraph.data.code_words import word
from evigraph.ingest import Extract, Grouped

T = TypeVar("T", str, float)
OF = " @ "
"""What stands between an attribute and the group that it is of, while coders are held against each other."""

Group = dict[str, Any]
"""A group as a document has it."""
Slot = tuple[str, str, int]
"""What tells a group of a study apart: its label, and for a part of a list its values and its turn among those."""


def named(rows: Iterable[Extract]) -> list[Extract]:
    """A study's rows with a name for each group, which is the same wherever the group is told.

    A label names one group. Parts of lists that have the same label and other values are as many groups.
    """
    listed = [(row, list(_slots(row.groups))) for row in rows]
    alike: dict[str, list[Slot]] = {}
    labels: dict[str, str] = {}
    for row, slots in listed:
        for group, slot in zip(row.groups, slots, strict=True):
            labels.setdefault(slot[0], group.label)
            held = alike.setdefault(slot[0], [])
            held += [slot] if slot not in held else []

    def name(slot: Slot) -> str:
        at = alike[slot[0]].index(slot)
        return labels[slot[0]] + (f"\u00a0({at + 1})" if at else "")  # no blank: another one may be labelled `A (2)`

    return [
        replace(row, groups=tuple(replace(each, name=name(s)) for each, s in zip(row.groups, slots, strict=True)))
        for row, slots in listed
    ]


def _slots(groups: Iterable[Grouped]) -> Iterator[Slot]:
    seen: Counter[tuple[str, str]] = Counter()
    for each in groups:
        values = repr([(i, [(e.text, e.state) for e in said]) for i, said in sorted(each.attributes.items())])
        slot = word(each.label), values if each.listed else ""
        seen[slot] += each.listed
        yield *slot, seen[slot]


def told(study: str, rows: Iterable[Extract], by_coders: bool, notes: list[str]) -> list[Grouped]:
    """The groups that a study's rows tell: those of the consensus, where there is one, else everybody's.

    Where it is the coders who say which groups there are, and not the file's own list of them, those hold that all who
    name any have alike. What differs goes to the notes.
    """
    listed = list(rows)
    coders: dict[str, dict[str, list[Grouped]]] = {}
    for row in [row for row in listed if row.consensus] or listed:
        for each in row.groups:
            coders.setdefault("" if row.consensus else row.reviewer, {}).setdefault(each.name, []).append(each)
    made: list[Grouped] = []
    alone: dict[tuple[str, ...], list[str]] = {}
    for name in dict.fromkeys(name for found in coders.values() for name in found):
        several = {coder: found[name] for coder, found in coders.items() if name in found}
        if by_coders and len(several) < len(coders):
            alone.setdefault(tuple(several), []).append(next(iter(several.values()))[0].label)
        else:
            made.append(_one(study, several, notes))
    for names, labels in alone.items():
        have = f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'}"
        notes.append(f"{study}: coders differ: only {have} the groups {', '.join(labels)}; not coded")
    return made


def _one(study: str, coders: dict[str, list[Grouped]], notes: list[str]) -> Grouped:
    """A group of all that is told of it: rows fill each other in, and what coders have otherwise is left open."""
    made = next(iter(coders.values()))[0]
    note = next((each.note for several in coders.values() for each in several if each.note), "")
    kind = _agreed(
        study, f"kind of {made.name}", {c: [e.kind or None for e in some] for c, some in coders.items()}, notes
    )
    n = _agreed(study, f"n of {made.name}", {c: [e.n for e in some] for c, some in coders.items()}, notes)
    return replace(made, kind=kind or "", n=n, note=note)


def _agreed(study: str, what: str, coders: dict[str, list[T | None]], notes: list[str]) -> T | None:
    """What all coders tell who tell it; of several rows of one coder, the first holds."""
    told: dict[str, T] = {}
    for coder, several in coders.items():
        given = list(dict.fromkeys(each for each in several if each is not None))
        told |= {coder: given[0]} if given else {}
        if len(given) > 1:
            said = " and ".join(f"`{_plain(each)}`" for each in given)
            notes.append(f"{study}: {what} is told as {said}; the first is taken")
    if len(set(told.values())) > 1:
        said = "; ".join(f"{coder} `{_plain(each)}`" for coder, each in told.items())
        notes.append(f"{study}: coders differ on {what}: {said}; not coded")
        return None
    return next(iter(told.values()), None)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def apart(agreed: Attributes) -> tuple[Attributes, dict[str, Attributes]]:
    """The attributes of a study, and those of each of its groups by their names."""
    own: Attributes = {}
    of_groups: dict[str, Attributes] = {}
    for name, values in agreed.items():
        attribute, of, group = name.partition(OF)
        (of_groups.setdefault(group, {}) if of else own)[attribute] = values
    return own, of_groups


class Groups:
    """The groups of a study, and groups that come to them."""

    def __init__(self, study: str, content: dict[str, Any]) -> None:
        """Take those of the document of the study with that key."""
        self._study = study
        self.held: list[Group] = list(content.get("groups", []))

    def identity(self, label: str) -> str:
        """The id of the group with that label, which is made if there is none."""
        known = next((each for each in self.held if word(each["label"]) == word(label)), None)
        return str((known or self._added(label))["id"])

    def _added(self, label: str) -> Group:
        taken = {each["id"] for each in self.held}
        stem = f"group/{self._study}/{slug(label)[:60].strip('-') or 'group'}"
        numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
        made = {"id": next(i for i in (stem, *numbered) if i not in taken), "type": "Group", "label": label}
        self.held.append(made)
        return made

    def take(
        self,
        told: list[Grouped],
        attributes: dict[str, Attributes],
        characteristics: Callable[[str, list[dict[str, Any]]], Characteristics],
        conflict: Callable[[str, object, object], None],
        update: bool,
    ) -> None:
        """Make the groups that the study lacks, and give each what it lacks; what differs is a conflict."""
        for group, record in self._paired(told, attributes):
            made = dict(record)
            for key, value in (("kind", group.kind), ("n", _plain(group.n)), ("note", group.note)):
                if value in ("", None) or made.get(key) == value:
                    continue
                if key in made:
                    conflict(f"{key} of {made['id']}", made[key], value)
                if key not in made or update:
                    made[key] = value
            several = characteristics(made["id"], made.get("characteristics", []))
            for name, (values, place) in attributes.get(group.name, {}).items():
                several.take(name, values, place, f"{name} of {group.name}")
            self.held[self.held.index(record)] = made | ({"characteristics": several.held} if several.held else {})

    def _paired(self, told: list[Grouped], attributes: dict[str, Attributes]) -> list[tuple[Grouped, Group]]:
        """Each group with the one that it is: that of its label which has its values, else which has no others."""
        left = list(self.held)
        found: dict[str, Group] = {}
        for open_, other in ((False, False), (True, False), (True, True)):
            for group in (each for each in told if each.name not in found):
                own = attributes.get(group.name, {})
                alike = (each for each in left if word(each["label"]) == word(group.label))
                if at := next((each for each in alike if other or _fits(each, own, open_)), None):
                    left.remove(at)
                    found[group.name] = at
        return [(each, found.get(each.name) or self._added(each.label)) for each in told]


def _fits(group: Group, attributes: Attributes, open_: bool) -> bool:
    """Whether a group has these values; where it may be open, it may have none of an attribute."""
    for name, (values, _) in attributes.items():
        held = [each for each in group.get("characteristics", []) if each["attribute"] == name]
        if not (open_ and not held) and sorted(map(shown, held)) != sorted(map(shown, values)):
            return False
    return True
