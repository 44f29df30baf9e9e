"""The words of an extraction sheet as what documents hold: codes, numbers, states; unknown words stay texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evigraph.coding.characteristics import support
from evigraph.coding.codebook import LISTS, Book, slug
from evigraph.coding.consensus import Attributes
from evigraph.coding.groups import OF
from evigraph.data import short
from evigraph.ingest import Extract, Measured, Said, Statement
from evigraph.ingest.extraction import Attribute, Columns

Keys = dict[str, tuple[Said, ...]]
"""What a row says under each key of a finding."""

SIGNS = {"<": "<", ">": ">", "~": "~", "≈": "~", "≤": "<", "≥": ">"}
"""Marks before a number, each with how it relates to the quantity."""
NAMES = {"ci-low": "ciLow", "ci-high": "ciHigh"}
"""What numbers of a result are called in documents, where recipes call them otherwise."""


class Resolver:
    """Turns the words of a sheet into what documents hold: codes, numbers, states; unknown words stay texts."""

    def __init__(
        self, columns: Columns, book: Book, origin: str, notes: list[str], declared: dict[str, str] | None = None
    ) -> None:
        """Resolve by a recipe's columns; `origin` is the file, for new codes, `declared` the codes that it declares."""
        self._columns, self._book, self._origin, self._notes = columns, book, origin, notes
        self._declared = declared or {}

    def _unknown(self, row: Extract, said: Said) -> None:
        self._notes.append(f"row {row.line}, {said.column}: `{said.text}` is no code that is known; kept as text")

    def attributes(self, row: Extract) -> Attributes:
        """The values of each attribute of a row as characteristics have them, and the place."""
        made: Attributes = {}
        for number, (said, basis, place) in row.attributes.items():
            rule = self._columns.attributes[number]
            if found := list(self._values(row, rule, said, basis)):
                before, at = made.get(rule.name, ([], place))
                made[rule.name] = [*before, *(each for each in found if each not in before)], at or place
        for group in row.groups:
            for name, found in self._own(row, group.attributes).items():
                made[f"{name}{OF}{group.name}"] = found, ""
        return made

    def _own(self, row: Extract, attributes: dict[int, tuple[Said, ...]]) -> dict[str, list[dict[str, Any]]]:
        """The values of what has values of its own within a study, by the attribute's name."""
        rules = self._columns.attributes
        found = {rules[n].name: list(self._values(row, rules[n], said, "")) for n, said in attributes.items()}
        return {name: values for name, values in found.items() if values}

    def _values(self, row: Extract, rule: Attribute, said: tuple[Said, ...], basis: str) -> Iterator[dict[str, Any]]:
        stated = any(each.state in ("stated", "inferred") for each in said)
        for each in said:
            coded = rule.kind == "code" and bool(each.text)
            declared = self._declared.get(each.code)
            head = self._head(rule, each) if coded and not declared else None
            concept = declared or head or (self._concept(row, rule, each) if coded else None)
            if each.state in ("not-reported", "not-applicable") and concept is None:
                if not stated:
                    yield {"state": each.state}
                continue
            state = "inferred" if each.state == "inferred" else "stated"
            value: dict[str, Any] = {"state": state}
            if state == "inferred":
                value["basis"] = basis or f"{self._origin}, row {row.line}: {each.text} (inferred)"
            if concept is not None:
                value |= {"concept": concept, **({"text": each.text} if head else {})}
            elif each.number is not None:
                value["value"] = int(each.number) if each.number.is_integer() else each.number
            else:
                value["text"] = each.text
                if rule.kind == "number":
                    self._notes.append(f"row {row.line}, {each.column}: `{each.text}` is no number; kept as text")
            yield value | support(each.note, each.quote, each.place)

    def _head(self, rule: Attribute, said: Said) -> str | None:
        """The code before a colon, where what follows it is a comment."""
        start, colon, _ = said.text.partition(": ")
        return self._book.attribute_value(rule.name, start) if colon and not rule.codes else None

    def _concept(self, row: Extract, rule: Attribute, said: Said) -> str | None:
        if rule.codes and rule.codes != "attributeValues":
            found = self._book.find(rule.codes, said.text)
            own = False
        else:
            found, own = self._book.attribute_value(rule.name, said.text), True
        if found is not None or said.state not in ("stated", "inferred"):
            return found
        if self._columns.new_codes == "add" and said.column:
            name = "attributeValues" if own else rule.codes
            return self._book.add_code(name, said.text, attribute=rule.name if own else "")
        if rule.codes or self._book.has_codes(rule.name):
            self._unknown(row, said)
        return None

    def finding(self, row: Extract, stated: Statement) -> dict[str, Any] | None:
        """A finding as a document has it, with the place as text and without ids; nothing where no question is told."""
        keys = stated.keys
        asked = self._answers(row, keys.get("answers", ()))
        if not asked:
            return None
        left: list[str] = []
        made: dict[str, Any] = {"answers": self._said(row, asked, keys, left)}
        self._people(row, keys, made, left)
        for key in ("benefit", "drawback", "focus", "outcome"):
            for each in keys.get(key, ()):
                if code := self._code(row, key, each, left, made.get("concerns", ())):
                    made["concept" if key == "outcome" else key] = code
        default = "positive" if "benefit" in made else "negative" if "drawback" in made else ""
        if effect := self._word(row, "effect", keys, left) or default:
            made["effect"] = effect
        if modality := self._word(row, "modality", keys, left):
            made["modality"] = modality
        made["statement"] = self._statement(keys, made)
        made["locatedAt"] = " ".join(each.text for each in keys.get("place", ()) if each.state == "stated")
        if amounts := list(self._quantities(row, stated, left)):
            made["quantities"] = amounts
        if left:
            made["note"] = "; ".join(left)
        return made

    def _said(self, row: Extract, asked: list[str], keys: Keys, left: list[str]) -> Any:
        """What is said to each question: a row has one stance, for all of them."""
        said = {}
        if stance := self._word(row, "stance", keys, left):
            said["stance"] = stance
        if condition := "; ".join(each.text for each in keys.get("condition", ()) if each.text):
            said["condition"] = condition
        return short.shortened({question: dict(said) for question in asked})

    def _people(self, row: Extract, keys: Keys, made: dict[str, Any], left: list[str]) -> None:
        """Whom it concerns and who was asked, or that the study doesn't say."""
        for key in ("concerns", "informant"):
            told = [each for each in keys.get(key, ()) if each.text]
            codes = sorted({code for each in told if (code := self._code(row, key, each, left, ()))})
            if codes:
                made[key] = codes
            elif any(each.state == "not-reported" for each in keys.get(key, ())):
                made["notReported"] = [*made.get("notReported", []), key]

    def _answers(self, row: Extract, said: tuple[Said, ...]) -> list[str]:
        found = [self._book.find("questions", each.text) for each in said]
        for each, code in zip(said, found, strict=True):
            if code is None:
                self._notes.append(
                    f"row {row.line}, {each.column or 'answers'}: `{each.text}` is no question of the review"
                )
        only = self._book.questions()
        if not said and len(only) == 1:
            return [only[0]["id"]]
        answers = sorted({each for each in found if each is not None})
        if not answers:
            self._notes.append(f"row {row.line}: a finding tells no question; name one in `answers`; it isn't taken")
        return answers

    def _code(self, row: Extract, key: str, said: Said, left: list[str], concerns: Any) -> str | None:
        name, attribute = LISTS[key], "outcome" if key == "outcome" else ""
        found = self._book.attribute_value(attribute, said.text) if attribute else self._book.find(name, said.text)
        if found is not None or not said.text:
            return found
        if said.state in ("not-reported", "not-applicable"):
            left.append(f"{key}: {said.state}")
            return None
        if self._columns.new_codes == "add":
            return self._book.add_code(name, said.text, concerns=concerns, attribute=attribute)
        self._unknown(row, said)
        left.append(f"{key}: {said.text}")
        return None

    def _word(self, row: Extract, key: str, keys: Keys, left: list[str]) -> str:
        """A stance, effect or modality; a word that is none of them is named, and kept as a note."""
        said = keys.get(key, ())
        found = next((code for each in said if (code := self._book.said(key, each.text))), None)
        unknown = [each for each in said if each.text and each.state in ("stated", "inferred")]
        if found is None and unknown:
            self._unknown(row, unknown[0])
            left.append(f"{key}: {unknown[0].text}")
        return found or ""

    def result(self, row: Extract, told: Measured) -> dict[str, Any] | None:
        """A result as a document has it, with groups by their labels, the place as text and without an id.

        Nothing where no number can be taken and nothing is compared.
        """
        left: list[str] = []
        words = {key: "; ".join(e.text for e in said if e.text) for key, said in told.keys.items()}
        coded = [self._code(row, "outcome", each, left, ()) for each in told.keys.get("outcome", ())]
        made: dict[str, Any] = {"concept": coded[0]} if coded and coded[0] else {}
        made |= {key: text for key, text in words.items() if text and key not in ("outcome", "place")}
        if "statistic" in made:
            made["statistic"] = slug(made["statistic"])
        states = {each.state for each in told.numbers.values()}
        numbers = self._numbers(row, told, made, left)
        if not numbers and states == {"not-reported"}:
            made["state"] = "not-reported"
        elif not numbers and "versus" not in made:
            return None
        elif numbers and "inferred" in states:
            made |= {"state": "inferred", "basis": f"{self._origin}, row {row.line} (inferred)"}
        # Without its estimate it is no effect: its other numbers stay, or it says what may be computed from its groups.
        if "estimate" not in numbers and "state" not in made and (metric := made.pop("metric", "")) and numbers:
            left.append(f"{metric}: no estimate")
        made |= {**numbers, "locatedAt": words.get("place", "")}
        if own := [{"attribute": a, **v} for a, values in self._own(row, told.attributes).items() for v in values]:
            made["characteristics"] = own
        left += [told.note] if told.note else []
        return {**made, "note": "; ".join(left)} if left else made

    def _numbers(self, row: Extract, told: Measured, made: dict[str, Any], left: list[str]) -> dict[str, Any]:
        """The numbers of a result; a sign of the value and per cent go into `made`, other signs into the note."""
        found: dict[str, Any] = {}
        for key, said in told.numbers.items():
            if said.state in ("not-reported", "not-applicable"):
                continue
            if said.number is None:
                self._notes.append(f"row {row.line}, {said.column}: `{said.text}` is no number; not taken as {key}")
                left.append(f"{key}: {said.text}")
                continue
            found[NAMES.get(key, key)] = int(said.number) if said.number.is_integer() else said.number
            if said.text.rstrip().endswith("%"):
                made.setdefault("unit", "percent")
            if (sign := SIGNS.get(said.text.strip()[:1])) and key == "value":
                made["comparator"] = sign
            elif sign:
                left.append(f"{key}: {said.text}")
        return found

    @staticmethod
    def _statement(keys: Keys, made: dict[str, Any]) -> str:
        said = "; ".join(each.text for each in keys.get("statement", ()) if each.text)
        about = [e.text for key in ("benefit", "drawback", "outcome", "focus") for e in keys.get(key, ()) if e.text]
        what = made.get("effect") or next(iter(short.said(made["answers"]).values())).get("stance", "")
        return said or f"{', '.join(about) or 'A finding'}{f': {what}' if what else ''}."

    def _quantities(self, row: Extract, stated: Statement, left: list[str]) -> Iterator[dict[str, Any]]:
        for kind, said, unit in stated.quantities:
            if said.number is None:
                self._notes.append(f"row {row.line}, {said.column}: `{said.text}` is no number; kept as text")
                left.append(f"{kind}: {said.text}")
                continue
            comparator = SIGNS.get(said.text.strip()[:1], "=")
            number = int(said.number) if said.number.is_integer() else said.number
            percent = "percent" if said.text.rstrip().endswith("%") else (unit or "number")
            yield {"kind": kind, "value": number, "unit": percent, "comparator": comparator}
