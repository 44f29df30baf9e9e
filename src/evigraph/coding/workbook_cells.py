"""A review as the rows of an extraction workbook: what a person sees in each cell of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from evigraph import ontology
from evigraph.coding import value_columns
from evigraph.coding.codebook import WORDS, Book
from evigraph.coding.finding_columns import (
    FINDING,
    HEADINGS,
    MANY,
    NOTHING,
    OPTIONAL,
    SAID,
    TAKEN,
    quantity,
)
from evigraph.coding.value_columns import values_of
from evigraph.coding.workbook_form import Cell, Choice, Column, Grid
from evigraph.data import Vocabulary, is_shared, short
from evigraph.data.code_words import is_deprecated
from evigraph.data.values import PEOPLE

REPORT = ("title", "authors", "year", "container", "volume", "issue", "pages", "doi", "url")
"""The keys of a study's report that are shown."""
STATES = {"not-reported": "not reported", "not-applicable": "not applicable"}


class Shown:
    """How the values of documents are shown, and what the words of a cell mean."""

    def __init__(self, contents: dict[str, dict[str, Any]]) -> None:
        """Show the documents, given by name."""
        self.book = Book(contents)
        self.studies = {name: c for name, c in sorted(contents.items()) if name.startswith("studies/")}
        self.vocabulary = Vocabulary(contents[name] for name in sorted(contents) if is_shared(name))
        own = {"findings": FINDING, "groups": (), "results": ()}
        self.of = {key: value_columns.attributes(key, self.vocabulary, self.studies, own[key]) for key in own}
        self._names: dict[str, str] = {}
        self._used: dict[str, set[str]] = {}
        for content in self.studies.values():
            for each in content.get("characteristics", []):
                self._used.setdefault(each["attribute"], set()).update({each["concept"]} if "concept" in each else ())
        for name in ("stakeholders", "benefits", "drawbacks", "contentFocuses"):
            self._name(self.book.codes(name))
        for attribute in self.attributes():
            self._name(self._values(attribute))
        for attribute in dict.fromkeys(each for listed in self.of.values() for each in listed):
            self._name(self._coded(attribute))
        for each in self.book.questions():
            self._names[each["id"]] = str(each.get("notation") or each.get("label", each["id"]))

    def _name(self, codes: list[dict[str, Any]]) -> None:
        """Call each code by its label, or by its key too where another one of the list has that label."""
        count = Counter(str(each.get("label", "")) for each in codes)
        for each in codes:
            label = str(each.get("label", ""))
            plain = label and count[label] == 1 and ";" not in label
            self._names[each["id"]] = label if plain else str(each["id"]).rpartition("/")[2]

    def attributes(self) -> list[str]:
        """Every attribute that a study has or that has a codebook, but that of outcomes, which are for findings."""
        coded = [each["inScheme"].removeprefix("codebook/") for each in self.book.codes("attributeValues")]
        scales = {str(each.get("scale", "")).removeprefix("codebook/") for each in self.book.codes("domains")}
        return sorted(set(self._used) | (set(coded) - {"outcome"} - scales - set(self._elsewhere())))

    def _elsewhere(self) -> Iterator[str]:
        """The attributes that are declared for other records than studies."""
        for key, rule in self.vocabulary.attributes.items():
            if "study" not in rule.record.get("appliesTo", ["study"]):
                yield key

    def _coded(self, attribute: str) -> list[dict[str, Any]]:
        """The codes of an attribute of findings that are still in use."""
        rule = self.vocabulary.get(attribute)
        return [e for e in self.book.every_code() if rule and e["id"] in rule.labels and not is_deprecated(e)]

    def has_outcomes(self) -> bool:
        """Whether the codebook has outcomes, or a place for them."""
        return bool(self._values("outcome")) or self.book.has_scheme("outcome")

    def of_syntheses(self, tool: str) -> bool:
        """Whether a tool judges what the review concludes, and no study."""
        return self.book.note(tool).endswith("judged for each synthesis")

    def _values(self, attribute: str) -> list[dict[str, Any]]:
        """The codes of an attribute: those of its own codebook, or of the list that it was coded from before."""
        scheme = f"codebook/{attribute}"
        own = [each for each in self.book.codes("attributeValues") if each.get("inScheme") == scheme]
        used = self._used.get(attribute, set())
        lists = (self.book.codes(name) for name in ("contentFocuses", "stakeholders", "benefits", "drawbacks"))
        return own or next((codes for codes in lists if used & {each["id"] for each in codes}), [])

    def choices(self) -> dict[str, list[Choice]]:
        """The lists of the drop-downs by name, without those that are empty."""
        found = {WORDS[k]: [Choice(e, e) for e in ontology.frame()["codes"][k]] for k in WORDS}
        found["questions"] = [self._choice(each) for each in self.book.questions()]
        for name in ("stakeholders", "benefits", "drawbacks", "contentFocuses"):
            found[name] = [self._choice(each) for each in self.book.codes(name)]
        for attribute in (*self.attributes(), "outcome"):
            values = [self._choice(each) for each in self._values(attribute)]
            states = [Choice(text, text) for text in STATES.values()] if attribute != "outcome" else []
            found[attribute if attribute == "outcome" else f"attribute {attribute}"] = (
                [*values, *states] if values else []
            )
        found |= self.choices_of("findings")
        return {name: listed for name, listed in found.items() if listed}

    def choices_of(self, kept: str) -> dict[str, list[Choice]]:
        """The lists of the drop-downs of attributes of findings, groups or results."""
        states = [Choice(text, text) for text in STATES.values()]
        coded = {attribute: self._coded(attribute) for attribute in self.of[kept]}
        return {f"attribute {key}": [*map(self._choice, codes), *states] for key, codes in coded.items() if codes}

    def _choice(self, code: dict[str, Any]) -> Choice:
        name = self.name(code["id"])
        return Choice(name, str(code.get("label", name)), str(code.get("definition", "")))

    def name(self, identity: str) -> str:
        """What a code, question or place is called in a cell."""
        return self._names.get(identity) or self.book.label(identity)

    def code(self, choices: str, text: str) -> str | None:
        """The id that a word of a cell means in a list."""
        for each in self._listed(choices):
            if self.name(each["id"]) == text:
                return str(each["id"])
        if choices == "outcome":
            return self.book.attribute_value("outcome", text)
        return self.book.find(choices, text)

    def code_of_attribute(self, attribute: str, text: str) -> str | None:
        """The concept that a word means for an attribute."""
        named = next((each["id"] for each in self._values(attribute) if self.name(each["id"]) == text), None)
        return named or self.book.attribute_value(attribute, text)

    def _listed(self, choices: str) -> list[dict[str, Any]]:
        if choices == "questions":
            return self.book.questions()
        return self._values("outcome") if choices == "outcome" else self.book.codes(choices)

    def study_columns(self) -> list[Column]:
        """The columns of the sheet of studies."""
        widths = {"title": 44, "authors": 26, "year": 8, "container": 26, "doi": 24, "url": 24}
        lists = self.choices()
        return [
            Column("key", "key", 20, fixed=True),
            Column("label", "label", 24),
            *(Column(key, key, widths.get(key, 10)) for key in REPORT),
            *(
                Column(f"@{a}", a.replace("-", " "), 24, f"attribute {a}" if f"attribute {a}" in lists else "", True)
                for a in self.attributes()
            ),
        ]

    def finding_columns(self) -> list[Column]:
        """The columns of the sheet of findings."""
        widths = {"statement": 60, "benefit": 28, "drawback": 28, "quantities": 26}
        widths |= {"effect": 12, "stance": 14, "answers": 12}
        there = self.choices()
        used = {key for content in self.studies.values() for each in content.get("findings", []) for key in each}
        keys = [k for k, lists in FINDING.items() if k not in OPTIONAL or lists in there or k in used]
        return [
            Column("study", "study", 20, "studies"),
            Column("id", "id", 26, fixed=True),
            *(Column(k, HEADINGS.get(k, k), widths.get(k, 20), FINDING[k], k in MANY) for k in keys),
            *(value_columns.of_values(a, self.vocabulary, there, TAKEN) for a in self.of["findings"]),
        ]

    def grids(self, keys: Iterable[str]) -> list[Grid]:
        """The sheets of studies and findings, with the studies of those keys."""
        studies = Grid("studies", self.study_columns())
        findings = Grid("findings", self.finding_columns())
        for key in keys:
            content = self.studies[f"studies/{key}"]
            studies.rows.append([self.study_cell(content, each.key) for each in studies.columns])
            for finding in content.get("findings", []):
                cells = [self.finding_cell(finding, each.key) for each in findings.columns[1:]]
                findings.rows.append([key, *cells])
        return [studies, findings]

    def study_cell(self, content: dict[str, Any], key: str) -> Cell:
        """The cell of a study."""
        if key == "key":
            return str(content["id"]).removeprefix("study/")
        if key == "label":
            return str(content.get("label", ""))
        if key.startswith("@"):
            shown = [self.characteristic(e) for e in content.get("characteristics", []) if e["attribute"] == key[1:]]
            return shown[0] if len(shown) == 1 else "; ".join(str(each) for each in shown)
        reports = content.get("reports", [])
        value = reports[0].get(key, "") if reports else ""
        return value if isinstance(value, int | float) else str(value)

    def characteristic(self, each: dict[str, Any]) -> Cell:
        """One value of an attribute: its text, code or number, or its state; what is inferred says from what."""
        if each["state"] in STATES:
            return STATES[each["state"]]
        concept = self.name(each["concept"]) if "concept" in each else ""
        value: Cell = each.get("text") or concept or each.get("value", "")
        return f"{value} (inferred: {each.get('basis', '')})" if each["state"] == "inferred" else value

    def value_cell(self, record: dict[str, Any], attribute: str) -> Cell:
        """The values that a record has of an attribute."""
        told = [self.characteristic(each) for each in values_of(record, attribute)]
        return told[0] if len(told) == 1 else "; ".join(str(each) for each in told)

    def finding_cell(self, finding: dict[str, Any], key: str) -> Cell:
        """The cell of a finding."""
        if key.startswith("@"):
            return self.value_cell(finding, key[1:])
        value = finding.get(key, "")
        if key in SAID:
            said = [each.get(key, "") for each in short.said(finding.get("answers")).values()]
            return said[0] if len(set(said)) == 1 else "; ".join(each or NOTHING for each in said)
        if key in PEOPLE and key in finding.get("notReported", []):
            return STATES["not-reported"]
        if key == "quantities":
            return "; ".join(quantity(each) for each in value or [])
        if key in ("answers", *PEOPLE):
            return "; ".join(self.name(each) for each in value or [])
        if FINDING.get(key) not in ("", None, *WORDS.values()) or key == "locatedAt":
            return self.name(value) if value else ""
        return str(value).removeprefix("finding/") if key == "id" else str(value)
