"""The results of a study that come from a sheet: what coders agree on, and how they join those that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from evigraph.coding.consensus import Agreed
from evigraph.coding.groups import Groups
from evigraph.ingest import Extract, Measured

KEY = ("concept", "measure", "time", "group", "versus", "metric", "statistic", "unit", "locatedAt")
"""What tells one result of a study from another."""
NUMBERS = ("estimate", "se", "ciLow", "ciHigh", "variance", "n", "mean", "sd", "events", "value", "comparator", "state")
"""What a result says of it."""

Told = dict[str, Any]
"""A result as a document has it."""


def agree(made: Agreed, study: str, rows: list[Extract], result: Callable[[Extract, Measured], Told | None]) -> None:
    """Add the results that hold of a study: those of the consensus, else those that all who coded it have alike.

    What each coder has goes to the cells, what only some have is named. `result` turns the words of a row into values.
    """
    coders: dict[str, list[tuple[int, Told]]] = {}
    for row in rows:
        found = coders.setdefault("\0consensus" if row.consensus else row.reviewer, [])
        found += [(row.line, each) for told in row.results if (each := result(row, told)) is not None]
    final = coders.pop("\0consensus", None)
    if final is not None or len(coders) > 1:
        for name, several in coders.items():
            if name:
                made.cells.setdefault(name, []).extend(_cells(study, several))
    if final is not None:
        names = (*sorted(name for name in coders if name),) or ("Consensus",)
        made.results = [(names, each) for _, each in final]
    elif len(coders) == 1:
        name, only = next(iter(coders.items()))
        made.results = [((name,) if name else (), each) for _, each in only]
    elif coders:
        _compare(made, study, coders)


def _cells(study: str, told: list[tuple[int, Told]]) -> Iterator[tuple[str, str, str, str]]:
    for i, (_, each) in enumerate(told, 1):
        yield from ((study, f"result {i}", key, str(value)) for key, value in each.items())


def _compare(made: Agreed, study: str, coders: dict[str, list[tuple[int, Told]]]) -> None:
    left = {name: list(several) for name, several in coders.items()}
    names = tuple(sorted(coders))
    for _, each in coders[names[0]]:
        same = [next((one for one in left[name] if _content(one[1]) == _content(each)), None) for name in names]
        if all(same):
            made.results.append((names, each))
            for name, one in zip(names, same, strict=True):
                left[name] = [e for e in left[name] if e is not one]
    for name, several in left.items():
        for line, each in several:
            said = ", ".join(f"{key} {each[key]}" for key in (*KEY, *NUMBERS) if each.get(key) not in (None, ""))
            made.notes.append(f"{study}: coders differ: only {name} (row {line}) has the result {said}; not coded")


class Results:
    """The groups and results of a study, and results that come to them. Each of those held answers for one."""

    def __init__(self, study: str, content: dict[str, Any]) -> None:
        """Take those of the document of the study with that key."""
        self._study = study
        self._groups = Groups(study, content)
        self.held: list[Told] = list(content.get("results", []))

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The groups of the study, with those that its results made."""
        return self._groups.held

    def with_groups(self, told: Told) -> Told:
        """A result with the ids of its groups in place of their labels; a group that is new is made."""
        return {**told, **{key: self._groups.identity(told[key]) for key in ("group", "versus") if key in told}}

    def take(
        self,
        told: list[tuple[tuple[str, ...], Told]],
        coding: Callable[[tuple[str, ...]], str],
        conflict: Callable[[str, object, object], None],
        update: bool,
    ) -> None:
        """Add those that are new; name each number that is told otherwise, and take it where that is asked for."""
        for coders, new, other in list(self.new(told)):
            whole = {**new, "coding": coding(coders)}
            if other is None:
                self.add(whole)
                continue
            for key in differing(other, new):
                conflict(f"{key} of {other['id']}", other.get(key), new.get(key))
            if update:
                self.replace(other, whole)

    def new(self, told: list[tuple[tuple[str, ...], Told]]) -> Iterator[tuple[tuple[str, ...], Told, Told | None]]:
        """Those that aren't there, with their coders and with one that is there for the same and says otherwise.

        The numbers of one group may stand on several rows, as those of a control do, and are one result; effects that
        look alike stay as many as they are.
        """
        left = list(self.held)
        seen = {_content(each) for each in self.held if not _is_contrast(each)}
        rest = []
        for coders, each in told:
            same = next((one for one in left if _content(one) == _content(each)), None)
            if same is not None:
                left.remove(same)
            elif _is_contrast(each) or _content(each) not in seen:
                rest.append((coders, each))
            seen.add(_content(each))
        for coders, each in rest:
            other = next((one for one in left if _slot(one) == _slot(each)), None)
            if other is not None:
                left.remove(other)
            yield coders, each, other

    def add(self, told: Told) -> None:
        """Add it, with an id of its own."""
        taken = {each["id"] for each in self.held}
        numbers = range(len(self.held) + 1, 2 * len(self.held) + 3)
        identity = next(i for n in numbers if (i := f"result/{self._study}/{n}") not in taken)
        self.held.append(_identified(identity, told))

    def replace(self, old: Told, new: Told) -> None:
        """Put it where the other one is, with that one's id."""
        self.held[self.held.index(old)] = _identified(old["id"], new)


def _identified(identity: str, told: Told) -> Told:
    """A result with that id, and an id for each of its own values."""
    made = {**told, "id": identity, "type": "Result"}
    counts: Counter[str] = Counter()
    values = []
    for each in told.get("characteristics", []):
        counts[each["attribute"]] += 1
        name = f"{each['attribute']}-{counts[each['attribute']]}"
        values.append({**each, "id": f"{identity}/{name}", "type": "Characteristic"})
    return made | ({"characteristics": values} if values else {})


def differing(one: Told, other: Told) -> list[str]:
    """The keys in which two results of the same differ."""
    return [key for key in (*NUMBERS, "note") if one.get(key) != other.get(key)]


def _is_contrast(told: Told) -> bool:
    return "metric" in told or "versus" in told


def _slot(told: Told) -> str:
    """What a result is on; an outcome that no code knows stands in its note."""
    about = [told.get(key) for key in KEY]
    return repr([*about, None if "concept" in told else told.get("note")])


def _content(told: Told) -> str:
    return repr([told.get(key) for key in (*KEY, *NUMBERS, "note")])
