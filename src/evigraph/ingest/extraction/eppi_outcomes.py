"""The outcomes of EPPI-Reviewer: the numbers of two groups and the effect, each as a result.

What `Data1` to `Data14` hold follows from `OutcomeTypeId`, as EPPI-Reviewer lays them out. It writes 0 where nothing
was typed, so that an effect whose estimate and standard error are both 0 isn't one. Ratios are kept by their
logarithms, as their standard errors are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evigraph.ingest.fields.values import plain
from evigraph.ingest.model import Measured, Said

GROUPS: dict[int, tuple[tuple[str, int, int], ...]] = {
    1: (("n", 1, 2), ("mean", 3, 4), ("sd", 5, 6)),
    2: (("events", 1, 2),),
    3: (("n", 1, 2), ("mean", 3, 4), ("se", 5, 6)),
    4: (("n", 1, 2), ("mean", 3, 4), ("ci-low", 5, 7), ("ci-high", 6, 8)),
    5: (("n", 1, 2), ("mean", 3, 4)),
}
"""For each type, where the numbers of the first and of the second group stand."""
MANUAL = (("SMD", 1), ("ZCOR", 3), ("OR", 5), ("RR", 7), ("RD", 11), ("MD", 13))
"""The effects that a person types, each with where its estimate stands; the standard error follows."""
COMPUTED = {1: "smd", 2: "oddsratio", 3: "smd", 4: "smd", 5: "smd", 6: "oddsratio"}
"""The effect that EPPI-Reviewer computes of a type, by its key in small letters."""
METRICS = {"smd": "SMD", "oddsratio": "OR"}
STATISTICS: dict[int, tuple[tuple[str, int], ...]] = {
    5: (("t-value", 5), ("p-value", 6)),
    6: (("true-positive", 1), ("false-positive", 2), ("false-negative", 3), ("true-negative", 4)),
}
"""Other numbers of a type, each with where it stands."""
RATIOS = ("OR", "RR")
CORRECTED = ("data9", "data10")
"""What a correction for the unit of analysis rests on; 0 where there is none."""
TYPES = range(8)


@dataclass
class Told:
    """An outcome as the file tells it, with keys in small letters.

    Attributes:
        about: what all of its results have: outcome, measure and time. groups: the labels of the two. note: what else
        is said. attributes: the codes that classify it, by the attribute's number.
    """

    fields: dict[str, Any]
    about: dict[str, tuple[Said, ...]]
    groups: tuple[str, str]
    note: str = ""
    attributes: dict[int, tuple[Said, ...]] = field(default_factory=dict)

    def data(self, place: int) -> float:
        """The number at a place from 1 to 14, 0 where there is none."""
        return number(self.fields.get(f"data{place}"))

    @property
    def type(self) -> int:
        """The type of the outcome by its number, or -1."""
        found = plain(self.fields.get("outcometypeid"))
        return int(found) if found.isdigit() and int(found) in TYPES else -1


def lowered(found: dict[str, Any]) -> dict[str, Any]:
    """A mapping with its keys in small letters: exports write them with capitals or without."""
    return {str(name).casefold(): value for name, value in found.items()}


def number(value: object) -> float:
    """A number of the file; 0, as the file writes nothing, for what is none."""
    try:
        found = float(str(value))
    except ValueError:
        return 0.0
    return found if math.isfinite(found) else 0.0


def results(told: Told) -> Iterator[Measured]:
    """Every result of an outcome: the numbers of both groups, other numbers, and the effect of one versus the other."""
    kind = told.type
    for at, label in enumerate(told.groups):
        numbers = {name: _said(told.data(places[at])) for name, *places in GROUPS.get(kind, ())}
        if kind == 2:
            numbers["n"] = _said(told.data(1 + at) + told.data(3 + at))
        if kind in GROUPS and any(each.number for each in numbers.values()):
            yield _result(told, {"group": label}, {name: each for name, each in numbers.items() if _there(name, each)})
    for statistic, place in STATISTICS.get(kind, ()):
        if told.data(place) or kind == 6:
            yield _result(told, _both(told) | {"statistic": statistic}, {"value": _said(told.data(place))})
    yield from _effects(told)


def _there(name: str, said: Said) -> bool:
    """Whether a number was typed: a mean or a limit may be 0, a spread of 0 is an empty field."""
    return name in ("mean", "events", "n", "ci-low", "ci-high") or bool(said.number)


def _effects(told: Told) -> Iterator[Measured]:
    kind = told.type
    if kind == 0:
        for metric, place in MANUAL:
            estimate, se = told.data(place), told.data(place + 1)
            if estimate or se:
                yield _effect(told, metric, estimate, {"se": _said(se)} if se else {}, "stated")
    elif kind == 7:
        yield _effect(told, "COR", told.data(2), {"n": _said(told.data(1))}, "stated")
    elif kind in COMPUTED:
        name = COMPUTED[kind]
        estimate, se = (number(told.fields.get(key)) for key in (name, f"se{name}"))
        if estimate or se:
            yield _effect(told, METRICS[name], estimate, {"se": _said(se, "inferred")} if se else {}, "inferred")
        elif kind != 6:
            yield _result(told, _both(told), {})


def _effect(told: Told, metric: str, estimate: float, numbers: dict[str, Said], state: str) -> Measured:
    """The effect of one group versus the other; of a ratio the logarithm is kept, and the ratio named."""
    note = ""
    if metric in RATIOS and estimate > 0:
        note = f"{metric} {estimate:g}; estimate and standard error are on the scale of its logarithm"
        estimate = round(math.log(estimate), 12)
    if state == "inferred":
        note = "; ".join(filter(None, ("computed by EPPI-Reviewer", note)))
    if corrected := [
        f"{name.capitalize()} {told.data(int(name[4:])):g}" for name in CORRECTED if told.fields.get(name)
    ]:
        note = "; ".join(filter(None, (note, f"corrected for the unit of analysis by {', '.join(corrected)}")))
    made = _result(told, _both(told) | {"metric": metric}, {"estimate": _said(estimate, state), **numbers})
    return Measured(made.keys, made.numbers, "; ".join(filter(None, (made.note, note))), made.attributes)


def _both(told: Told) -> dict[str, str]:
    return {"group": told.groups[0], "versus": told.groups[1]}


def _result(told: Told, words: dict[str, str], numbers: dict[str, Said]) -> Measured:
    keys = told.about | {name: (Said(text, "Outcomes"),) for name, text in words.items() if text}
    return Measured(keys, numbers, told.note, told.attributes)


def _said(found: float, state: str = "stated") -> Said:
    return Said(f"{found:g}", "Outcomes", state, found)
