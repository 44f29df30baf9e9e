"""Long values in short form: the inverse of `values`."""

from __future__ import annotations

from typing import Any

from evigraph.data.places import NONE, place_in_words
from evigraph.data.values import LONG, SAID, UNKNOWN, Reader, identity
from evigraph.data.vocabulary import Vocabulary


class Writer:
    """Makes short values of long ones."""

    def __init__(self, vocabulary: Vocabulary, study: str) -> None:
        """Write by a vocabulary; `study` is the key of the study whose reports places are in, if it is one."""
        self._vocabulary, self._study = vocabulary, study
        self._reader = Reader(vocabulary, study, lambda _trail, message, _value: ValueError(message))

    def values(self, record: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The values of a record in short form, and those that can't be said so."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for each in record[LONG]:
            groups.setdefault(str(each.get("attribute", "")), []).append(each)
        at = self._common(record[LONG])
        short: dict[str, Any] = {"at": place_in_words(at, self._study)} if at else {}
        rest: list[dict[str, Any]] = []
        for attribute, listed in groups.items():
            found = self._group(record, attribute, listed, at) if attribute not in ("", "at") else None
            if found is None:
                rest += listed
            else:
                short[attribute] = found[0] if len(found) == 1 else found
        return (short if set(short) - {"at"} else {}), rest

    @staticmethod
    def _common(values: list[dict[str, Any]]) -> str:
        """The place that most of the values have, if more than half of those that can have one do."""
        located = [each.get("locatedAt") or "" for each in values if each.get("state") not in UNKNOWN]
        best = max(dict.fromkeys(located), key=located.count, default="")
        return best if located.count(best) > max(1, len(located) / 2) else ""

    def _group(self, record: dict[str, Any], name: str, values: list[dict[str, Any]], at: str) -> list[Any] | None:
        """The values of one attribute in the order of their ids, or nothing where one can't be said short."""
        ids = {identity(record, name, i): i for i in range(1, len(values) + 1)}
        ordered = sorted(values, key=lambda each: ids.get(each["id"], len(ids) + 1))
        found = []
        for i, each in enumerate(ordered, 1):
            unplaced = {key: value for key, value in each.items() if key != "position"}
            told = unplaced if self._reader.placed(name, unplaced, i, len(ordered)) == each else each
            written = self._value(record, name, told, i, at)
            if written is None or self._reader.placed(name, told, i, len(ordered)) != each:
                return None
            found.append(written)
        return found

    def _value(self, record: dict[str, Any], name: str, long: dict[str, Any], number: int, at: str) -> Any:
        default = place_in_words(at, self._study) if at else ""
        for short in self._ways(record, name, long, number, at):
            try:
                read = self._reader.value(record, name, short, number, default)
            except ValueError:
                continue
            if read == long and not isinstance(read.get("value"), bool):
                return short
        return None

    def _ways(self, record: dict[str, Any], name: str, long: dict[str, Any], number: int, at: str) -> list[Any]:
        """How a value could be written, the shortest first."""
        told: dict[str, Any] = {
            key: long[key] for key in ("unit", "basis", "confidence", "note", "position", "coding") if key in long
        }
        state = long.get("state", "")
        if state != "stated" and state not in UNKNOWN:
            told["state"] = state
        where, wanted = long.get("locatedAt", ""), "" if state in UNKNOWN else at
        if where != wanted:
            told["at"] = place_in_words(where, self._study) if where else NONE
        if long["id"] != identity(record, name, number):
            told["id"] = long["id"]
        keys = {"text": "text", "value": "number", "concept": "concept"}
        explicit = {name: long[key] for key, name in keys.items() if key in long}
        if state in UNKNOWN:
            heads: list[dict[str, Any]] = [{"value": state}]
        else:
            heads = [*({"value": each} | rest for each, rest in self._heads(name, long)), explicit]
        ways = [{key: (head | told)[key] for key in SAID if key in head | told} for head in heads]
        return [way["value"] if set(way) == {"value"} else way for way in ways]

    def _heads(self, name: str, long: dict[str, Any]) -> list[tuple[Any, dict[str, Any]]]:
        rule = self._vocabulary.get(name)
        if "concept" in long:
            text = {"text": long["text"]} if "text" in long else {}
            label = rule.labels.get(long["concept"]) if rule else None
            return [(each, text) for each in (label, long["concept"].rpartition("/")[2]) if each]
        if "value" in long:
            return [(long["value"], {"text": long["text"]} if "text" in long else {})]
        words: str | None = long.get("text")
        if rule and rule.kind == "boolean" and words in ("true", "false"):
            return [(words == "true", {})]
        return [(words, {})] if words is not None else []
