"""Studies, findings, questions and codes as pages show them, read from the graph once."""

from __future__ import annotations

from collections import defaultdict

from evigraph.site.records import Finding, Publication, Said, Study, Value
from evigraph.site.things import Things

ABOUT = ("concept", "benefit", "drawback", "focus")
"""What a finding is about: the keys under which it names codes, but for whom it concerns."""


class Evidence:
    """The review's records by kind.

    Attributes:
        questions: the IRIs of goals and questions, in order. studies, findings, syntheses: by IRI. at: findings by the
        place where they stand. codes: every code that a record has, by IRI, with the records that have it.
    """

    def __init__(self, things: Things) -> None:
        """Read them."""
        self.things = things
        self.questions = [*things.in_order(things.are("Goal")), *things.in_order(things.are("ResearchQuestion"))]
        self.questions += things.in_order(set(things.are("Question")) - set(self.questions))
        self.studies = {
            iri: self._study(iri) for iri in sorted(things.are("Study"), key=lambda i: (things.label(i), i))
        }
        self.findings: dict[str, Finding] = {}
        for iri in things.are("Finding"):
            each = self.findings[iri] = self._finding(iri)
            if each.study in self.studies:
                self.studies[each.study].findings.append(each)
        self.at: dict[str, list[Finding]] = defaultdict(list)
        for each in self.findings.values():
            for place in dict.fromkeys(each.places):
                self.at[place].append(each)
        self.syntheses = {iri: self._finding(iri) for iri in things.are("Synthesis")}
        self.codes = self._codes()

    @property
    def included(self) -> list[Study]:
        """The studies that the review includes, by label."""
        return [study for study in self.studies.values() if study.included]

    def counted(self, question: str) -> list[Finding]:
        """The findings of included studies that answer a question; what only repeats another is left out."""
        return [
            each
            for each in self.findings.values()
            if not each.repeats
            and (study := self.studies.get(each.study))
            and study.included
            and any(said.question == question for said in each.said)
        ]

    def speaking(self, question: str) -> list[Study]:
        """The included studies that say something to a question."""
        found = {
            each.study
            for each in self.counted(question)
            if any(said.question == question and said.stance != "not-addressed" for said in each.said)
        }
        return [study for iri, study in self.studies.items() if iri in found]

    def asks(self, question: str) -> str:
        """Whether a question asks `whether` something is so, or `what`."""
        return "what" if _word(self.things, question, "asks") == "what" else "whether"

    def notation(self, question: str) -> str:
        """The short name of a question."""
        return self.things.text(question, "skos:notation") or self.things.label(question)

    def _study(self, iri: str) -> Study:
        things = self.things
        inclusion = next(iter(things.names(iri, "inclusion")), "")
        state = _word(things, inclusion, "state")
        return Study(
            iri,
            things.label(iri),
            state in {"stated", "inferred"},
            _word(things, inclusion, "verdict"),
            things.text(inclusion, "basis"),
            state,
            [self._publication(each) for each in things.names(iri, "report")],
            self.values(iri),
        )

    def _publication(self, iri: str) -> Publication:
        things = self.things
        first = {
            "title": "dcterms:title",
            "authors": "authors",
            "year": "year",
            "container": "containerTitle",
            "volume": "schema:volumeNumber",
            "pages": "schema:pagination",
            "doi": "doi",
            "pmid": "pmid",
            "url": "schema:url",
            "kind": "kind",
        }
        return Publication(iri, **{name: things.text(iri, key) for name, key in first.items()})

    def values(self, iri: str) -> dict[str, list[Value]]:
        """The values of a record by the label of their attribute, in the order of the codebook."""
        things = self.things
        found: dict[tuple[float, str], list[Value]] = defaultdict(list)
        for node in things.names(iri, "characteristic"):
            declared = next(iter(things.names(node, "declaredAs")), "")
            name = things.label(declared) if declared in things else things.text(node, "attribute").replace("-", " ")
            place = things.number(declared, "position")
            found[float("inf") if place is None else place, name].append(self._value(node))
        return {name: found[place, name] for place, name in sorted(found)}

    def _value(self, node: str) -> Value:
        things = self.things
        code = next(iter(things.names(node, "concept")), "")
        number = things.number(node, "value")
        plain = things.text(node, "text") or (
            "" if number is None else f"{number:g}" if abs(number) < 1e6 else f"{number:.0f}"
        )
        unit = things.text(node, "unit")
        text = things.label(code) if code else f"{plain} {unit}" if unit and plain else plain
        return Value(
            text,
            code,
            _word(things, node, "state"),
            things.text(node, "basis"),
            things.text(node, "skos:note"),
            things.text(node, "quote"),
            self.places(node),
        )

    def places(self, iri: str) -> tuple[str, ...]:
        """Where a record stands in a text, by the labels of the places."""
        named = (*self.things.names(iri, "locatedAt"), *self.things.names(iri, "statedAt"))
        return tuple(self.things.label(each) for each in named)

    def _finding(self, iri: str) -> Finding:
        things = self.things
        said = []
        for node in things.names(iri, "answer"):
            for question in things.names(node, "question"):
                said.append(Said(question, _word(things, node, "stance"), things.text(node, "condition")))
        known = {each.question for each in said}
        said += [Said(each) for each in things.names(iri, "answers") if each not in known]
        order = {question: place for place, question in enumerate(self.questions)}
        return Finding(
            iri,
            things.text(iri, "statement"),
            next(iter(things.names(iri, "fromStudy")), ""),
            sorted(said, key=lambda each: (order.get(each.question, len(order)), each.question)),
            _word(things, iri, "effect"),
            _word(things, iri, "modality"),
            [code for key in ABOUT for code in things.in_order(things.names(iri, key))],
            things.in_order(things.names(iri, "concerns")),
            things.in_order(things.names(iri, "informant")),
            frozenset(each.rpartition("#")[2] for each in things.names(iri, "notReported")),
            self.places(iri),
            tuple(things.text(each, "printed") for each in things.names(iri, "citedAs")),
            things.text(iri, "quote"),
            next(iter(things.names(iri, "repeats")), ""),
            things.names(iri, "basedOn"),
            things.names(iri, "prov:wasGeneratedBy"),
            self.values(iri),
            things.names(iri, "result") + things.names(iri, "quantity"),
        )

    def _codes(self) -> dict[str, list[str]]:
        """The codes of the codebook, with the findings and studies that have each."""
        found: dict[str, list[str]] = {iri: [] for iri in self.things.are("skos:Concept")}
        for each in self.findings.values():
            coded = [value.code for values in each.values.values() for value in values if value.code]
            for code in dict.fromkeys([*each.about, *each.concerns, *each.informant, *coded]):
                found.setdefault(code, []).append(each.iri)
        for study in self.studies.values():
            for code in dict.fromkeys(v.code for values in study.values.values() for v in values if v.code):
                found.setdefault(code, []).append(study.iri)
        return found


def _word(things: Things, iri: str, key: str) -> str:
    """The word of a closed list: `evi:not-reported` as `not-reported`."""
    return next((each.rpartition("#")[2] for each in things.names(iri, key)), "")
