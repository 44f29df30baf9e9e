"""One row of an extraction sheet: what its cells say, by the columns of a recipe."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

from evigraph.errors import counted
from evigraph.ingest import decisions, records
from evigraph.ingest.extraction.grouped import Groups
from evigraph.ingest.extraction.headings import Cells
from evigraph.ingest.extraction.identity import TELLING, cited, label_by, told_by
from evigraph.ingest.extraction.mapping import ABOUT, SINGLE, Attribute, Columns, Finding, Result, Source, folded, key
from evigraph.ingest.model import Extract, Judged, Measured, Raw, Rejected, Said, Statement
from evigraph.ingest.recipes import Candidate, Recipe

SHOWN = 8
"""How many places a note names before it only counts."""


class Reader:
    """Reads rows by one recipe, and remembers what a person should know of their cells."""

    def __init__(self, recipe: Recipe, columns: Columns) -> None:
        """Read by the recipe, and by its columns."""
        self._taken = records.reader(recipe)
        self._authors = [key(name) for each in recipe.fields.get("authors", []) for name in _names(each)]
        self._columns = columns
        self._ambiguous: list[str] = []
        rules = decisions.rules()
        self._marks = {folded(word): name for name, words in rules["marks"].items() for word in words}
        self._states = {word: name for name, words in columns.states.items() for word in words}
        self._groups = Groups(columns, self._said, self._attribute)

    def notes(self) -> Iterator[str]:
        """What of groups can't be taken, and cells that could mean two things."""
        yield from self._groups.notes
        if self._ambiguous:
            shown = ", ".join(self._ambiguous[:SHOWN]) + (" …" if len(self._ambiguous) > SHOWN else "")
            yield (
                f"`NA` was read as not applicable in {counted(len(self._ambiguous), 'cell')} ({shown}); where it "
                "means an empty cell, write `states: {not-coded: [NA]}` in the recipe"
            )

    def row(self, number: int, cells: Cells) -> Extract | Rejected:
        """What a row says, or why it says nothing."""
        columns = self._columns
        written = next((text for name in self._authors for text in cells.get(name, [])), "")
        values = cited(self._taken(Raw(number, dict(cells))).values, written)
        own = " ".join(text for name in columns.study for text in cells.get(key(name), []))
        study = own or told_by(values)
        if not study:
            return Rejected(number, "no study is named; fill in the column that tells it, or name it as `study`")
        reviewer = next(iter(cells.get(key(columns.reviewer), [])), "") if columns.reviewer else ""
        marked = next(iter(cells.get(key(columns.consensus_column), [])), "") if columns.consensus_column else ""
        consensus = folded(reviewer) in columns.consensus or self._marks.get(folded(marked)) == "yes"
        attributes = {}
        for i, rule in enumerate(columns.attributes):
            if i not in self._groups.own and (said := self._attribute(rule, cells, number)):
                attributes[i] = said
        findings = tuple(
            each for i, statement in enumerate(columns.findings) for each in self._finding(i, statement, cells, number)
        )
        appraisals = tuple(self._appraisals(cells, number))
        results = tuple(each for rule in columns.results if (each := self._result(rule, cells, number)) is not None)
        groups = tuple(self._groups.of(cells, number))
        coded = attributes or findings or appraisals or results or groups
        if not coded and not (TELLING & set(values)):
            return Rejected(number, f"nothing is coded about `{study[:60]}`; fill in a column, or remove the row")
        label = " ".join(text for name in columns.label for text in cells.get(key(name), []))
        label = label or own or label_by(values)
        who = "" if consensus else reviewer
        made = Extract(number, study, label, values, who, consensus, attributes, findings, appraisals, results, groups)
        return replace(made, identifier=own)

    def _attribute(self, rule: Attribute, cells: Cells, number: int) -> tuple[tuple[Said, ...], str, str] | None:
        said = tuple(self._said(rule.source, cells, number))
        if rule.kind == "number":
            said = tuple(replace(each, number=_number(each.text, self._columns.decimal)) for each in said)
        basis, place = (" ".join(each.text for each in self._said(s, cells, number)) for s in (rule.basis, rule.place))
        if basis:
            said = tuple(replace(each, state="inferred") if each.state == "stated" else each for each in said)
        return (said, basis, place) if said else None

    def _finding(self, index: int, rule: Finding, cells: Cells, number: int) -> Iterator[Statement]:
        keys = {name: tuple(self._said(source, cells, number, name == "effect")) for name, source in rule.keys.items()}
        amounts = tuple(
            (amount.kind, replace(each, number=_number(each.text, self._columns.decimal)), unit)
            for amount in rule.quantities
            for each in self._said(amount.value, cells, number)
            for unit in [" ".join(u.text for u in self._said(amount.unit, cells, number))]
            if each.state == "stated"
        )
        told = [each for name, said in keys.items() if name not in ABOUT for each in said]
        there = list(self._said(rule.when, cells, number)) if list(rule.when.headings()) else told
        if not (amounts and not list(rule.when.headings())) and not any(_tells(each) for each in there):
            return
        for several in _apart(keys):
            yield Statement(index, several, amounts)

    def _appraisals(self, cells: Cells, number: int) -> Iterator[Judged]:
        """The appraisals of a row; without a judgement from one of its cells there is none."""

        def text(source: Source) -> str:
            return "; ".join(each.text for each in self._said(source, cells, number) if each.state == "stated")

        for i, rule in enumerate(self._columns.appraisals):
            said = {name: tuple(self._said(source, cells, number)) for name, (source, _) in rule.judgements.items()}
            if any(each.column for several in said.values() for each in several):
                judged = {name: (several, text(rule.judgements[name][1])) for name, several in said.items() if several}
                outcome = tuple(self._said(rule.outcome, cells, number))
                yield Judged(i, judged, outcome, text(rule.time), text(rule.place))

    def _result(self, rule: Result, cells: Cells, number: int) -> Measured | None:
        keys = {name: _joined(tuple(self._said(source, cells, number))) for name, source in rule.keys.items()}
        numbers = {
            name: replace(each, number=_number(each.text, self._columns.decimal))
            for name, source in rule.numbers.items()
            for each in list(self._said(source, cells, number))[:1]
        }
        when = list(rule.when.headings())
        words = [each for said in keys.values() for each in said]
        told = self._said(rule.when, cells, number) if when else numbers.values() if rule.numbers else words
        there = any(each.column and (when or each.state != "not-applicable") for each in told)
        return Measured(keys, numbers) if there else None

    def _said(self, source: Source, cells: Cells, number: int, dashes: bool = False) -> Iterator[Said]:
        """The values of a source; a dash is no value, but where it can be a sign it is handed on."""
        found = [*self._from_text(source, cells), *self._from_cells(source, cells, number)]
        found += [*self._from_marks(source, cells), *self._from_sum(source, cells)]
        if not dashes:
            found = [each for each in found if each.state != "not-coded"]
        if not found and source.default:
            found = [Said(source.default)]
        yield from found

    def _from_text(self, source: Source, cells: Cells) -> Iterator[Said]:
        names = re.findall(r"{([^{}]+)}", source.text)
        given = {name: "; ".join(cells.get(key(name), [])) for name in names}
        if names and any(given.values()):
            text = re.sub(r"{([^{}]+)}", lambda found: given[found.group(1)], source.text)
            yield Said(text.strip(" :;,-") or text, names[0])
        elif source.text and not names:
            yield Said(source.text)

    def _from_cells(self, source: Source, cells: Cells, number: int) -> Iterator[Said]:
        for heading in source.columns:
            for cell in cells.get(key(heading), []):
                whole = source.values.get(folded(cell))
                parts = re.split(source.split, cell) if source.split and whole is None else [cell]
                for part in filter(None, (each.strip() for each in parts if each)):
                    yield from self._value(source, part, heading, number)

    def _from_sum(self, source: Source, cells: Cells) -> Iterator[Said]:
        """The sum of cells that all are numbers; where one isn't, nobody can tell it."""
        texts = [next(iter(cells.get(key(heading), [])), "") for heading in source.summed]
        numbers = [_number(text, self._columns.decimal) for text in texts]
        known = [each for each in numbers if each is not None]
        if numbers and len(known) == len(numbers):
            total = f"{math.fsum(known):.15g}".replace(".", self._columns.decimal)
            yield Said(total, " + ".join(source.summed))

    def _value(self, source: Source, text: str, heading: str, number: int) -> Iterator[Said]:
        meant = source.values.get(folded(text))
        if meant is not None:
            state = meant if meant in ("not-reported", "not-applicable") else "stated"
            if meant:
                yield Said("" if state != "stated" else meant, heading, state)
            return
        state = self._states.get(folded(text), "stated")
        if text == "NA" and state == "not-applicable":
            self._ambiguous.append(f"row {number}, {heading}")
        if found := re.fullmatch(r"(.+?)\s*[(\[]inferred[)\]]", text, re.IGNORECASE):
            yield Said(found.group(1), heading, "inferred")
        elif state == "stated":
            yield Said(text, heading)
        else:
            yield Said(text, heading, state)  # the word may be a code all the same; who knows the codes decides

    def _from_marks(self, source: Source, cells: Cells) -> Iterator[Said]:
        for heading, value in source.hot.items():
            for cell in cells.get(key(heading), []):
                mark = self._marks.get(folded(cell)) or ("no" if self._states.get(folded(cell)) == "not-coded" else "")
                if mark == "yes":
                    yield Said(value, heading)
                elif mark != "no":
                    yield Said(f"{value}: {cell}", heading)


def _names(candidate: Candidate) -> list[str]:
    return candidate if isinstance(candidate, list) else candidate.split("+")


def _tells(said: Said) -> bool:
    """It comes from the row, and says something."""
    return bool(said.column) and said.state in ("stated", "inferred")


def _apart(keys: dict[str, tuple[Said, ...]]) -> Iterator[dict[str, tuple[Said, ...]]]:
    """A finding has one benefit or one drawback, one focus and one outcome: several in a cell are several findings."""
    rest = {name: said for name, said in keys.items() if name not in ("benefit", "drawback", "focus", "outcome")}
    rest = {name: _joined(said) if name in SINGLE else said for name, said in rest.items()}
    coded = [(name, each) for name in ("benefit", "drawback") for each in keys.get(name, ())] or [("", Said(""))]
    for name, each in coded:
        for focus in keys.get("focus", ()) or (None,):
            for outcome in keys.get("outcome", ()) or (None,):
                one = {name: each, "focus": focus, "outcome": outcome}
                yield {**rest, **{key: (said,) for key, said in one.items() if key and said}}


def _joined(said: tuple[Said, ...]) -> tuple[Said, ...]:
    stated = [each for each in said if each.text]
    return (Said("; ".join(each.text for each in stated), stated[0].column),) if len(stated) > 1 else said[:1]


def _number(text: str, decimal: str) -> float | None:
    """The number that a text is, with signs and units of per cent aside; nothing if it is more than one."""
    plain_text = text.replace("\u2212", "-").replace("\u00a0", "").strip().removesuffix("%").strip()
    plain_text = plain_text.lstrip("=<>~≈≤≥").strip()
    grouping = "," if decimal == "." else "."
    if re.fullmatch(rf"[+-]?\d{{1,3}}(?:[{grouping} ']\d{{3}})+(?:[{decimal}]\d+)?", plain_text):
        plain_text = re.sub(rf"[{grouping} ']", "", plain_text)
    plain_text = plain_text.replace(decimal, ".") if decimal == "," else plain_text
    written = r"[+-]?(?:\d{1,15}(?:\.\d{1,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,2})?"  # as R and Python write them, too
    return float(plain_text) if re.fullmatch(written, plain_text) else None


def number_of(text: str, decimal: str = ".") -> float | None:
    """The number that a text is, or nothing; for whoever reads cells without a recipe."""
    return _number(text, decimal)
