"""The findings of a study, and those that come to them: the same, other ones, and new ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evigraph.data import short, values
from evigraph.matching.traits import folded

COMPARED: tuple[str, ...] = (
    *("answers", "concerns", "informant", "notReported", "effect", "modality", "benefit", "drawback", "focus"),
    *("concept", "statement", "quantities", "locatedAt"),
)


class Findings:
    """The findings of a study, and those that come to them. Each of those held answers for one that comes."""

    def __init__(self, study: str, held: list[dict[str, Any]]) -> None:
        """Take the findings that the study with that key has."""
        self._study = study
        self.held = held
        self._left = list(held)

    def has(self, new: dict[str, Any]) -> bool:
        """Whether it is there already, whoever coded it."""
        keys = (*COMPARED, *(["characteristics"] if "characteristics" in new else []))
        same = next((each for each in self._left if _content(each, keys) == _content(new, keys)), None)
        if same is not None:
            self._left.remove(same)
        return same is not None

    def other(self, new: dict[str, Any]) -> dict[str, Any] | None:
        """One that is about the same and differs."""
        found = next((each for each in self._left if _slot(each) == _slot(new)), None)
        if found is not None:
            self._left.remove(found)
        return found

    def add(self, new: dict[str, Any]) -> None:
        """Add it, with an id of its own."""
        taken = {each["id"] for each in self.held}
        numbers = range(len(self.held) + 1, 2 * len(self.held) + 3)
        identity = next(i for n in numbers if (i := f"finding/{self._study}/{n}") not in taken)
        self.held.append(identified(identity, new))

    def replace(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Put it where the other one is, with that one's id and whatever only that one has."""
        self.held[self.held.index(old)] = identified(old["id"], {**old, **new})


def identified(identity: str, finding: dict[str, Any]) -> dict[str, Any]:
    """A finding with that id, and an id for each of its quantities."""
    made = {"type": "Finding", **finding, "id": identity}
    if "quantities" in made:
        made["quantities"] = list(_with_ids(made["quantities"], "quantity/" + identity.removeprefix("finding/")))
    return valued(made)


def valued(record: dict[str, Any]) -> dict[str, Any]:
    """A record with an id, whose values have an id each."""
    count: dict[str, int] = {}
    made = []
    for each in record.get("characteristics", []):
        name = each["attribute"]
        count[name] = count.get(name, 0) + 1
        made.append(each if "id" in each else {"id": values.identity(record, name, count[name]), **each})
    return {**record, "characteristics": made} if made else record


def _with_ids(quantities: list[dict[str, Any]], stem: str) -> Iterator[dict[str, Any]]:
    taken = {each["id"] for each in quantities if "id" in each}
    for each in quantities:
        identity = each.get("id", f"{stem}/{each['kind']}")
        while "id" not in each and identity in taken:
            identity += "-2"
        taken.add(identity)
        yield {**each, "id": identity, "type": "Quantity"}


def _content(finding: dict[str, Any], keys: tuple[str, ...]) -> str:
    """What a finding says, whoever coded it."""
    return repr([plain(finding.get(key)) for key in keys])


def answers(value: Any) -> str:
    """What is said to each question, as a text in which order makes no difference."""
    said = short.said(value)
    return "; ".join(f"{each}: {', '.join(said[each].values())}".rstrip(": ") for each in sorted(said))


def value_text(each: dict[str, Any]) -> str:
    """A value of an attribute as a text."""
    said = each.get("concept") or each.get("text") or each.get("value", each.get("state"))
    return f"{each['attribute']} {said}"


def plain(value: Any) -> Any:
    """A value of a finding as a text, in which order and ids make no difference."""
    if isinstance(value, list):
        return "; ".join(sorted(str(plain(each)) for each in value))
    if isinstance(value, dict) and "attribute" in value:
        return value_text(value)
    if isinstance(value, dict) and "kind" not in value:
        return answers(value)
    if isinstance(value, dict):
        return f"{value.get('kind')} {value.get('comparator', '')}{value.get('value')} {value.get('unit')}"
    return value


def _slot(finding: dict[str, Any]) -> tuple[str, ...]:
    """What makes two findings one, be they coded differently: the same words, or the same code at the same place."""
    code = str(finding.get("benefit") or finding.get("drawback") or finding.get("concept") or "")
    asked = "; ".join(sorted(short.said(finding.get("answers"))))
    return asked, code, folded(finding.get("statement", "")) if not code else str(finding.get("locatedAt"))
