"""A drafted recipe as the text that a person reads and changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evigraph.coding.codebook import Book
from evigraph.ingest.extraction import Table, key

PROSE = 5
"""Parts with so many words on average are clauses of sentences, not items of a list."""


@dataclass
class Rule:
    """A result or an appraisal of a recipe: each key with its value in YAML, and the comment that says why."""

    keys: dict[str, str]
    why: str


@dataclass
class Draft:
    """The parts of a recipe as they are guessed: what each key is, with the comment that says why."""

    fields: dict[str, str] = field(default_factory=dict)
    study: str = ""
    by: list[str] = field(default_factory=list)
    label: str = ""
    reviewer: str = ""
    consensus: list[str] = field(default_factory=list)
    decimal: str = "."
    finding: dict[str, tuple[list[str], str]] = field(default_factory=dict)
    quantities: list[tuple[str, str]] = field(default_factory=list)
    attributes: list[tuple[str, list[str], str]] = field(default_factory=list)
    ignore: dict[str, str] = field(default_factory=dict)
    results: list[Rule] = field(default_factory=list)
    appraisals: list[Rule] = field(default_factory=list)

    def settle(self) -> None:
        """Take together what the guesses of single columns come to."""
        self.merge_marks()
        told = {"statement", "stance", "effect", "benefit", "drawback", "focus"} & set(self.finding)
        if (self.results or self.appraisals) and not told:
            self.finding.clear()  # an outcome and a place are those of the results
        if self.adds:
            for _, source, why in self.attributes:
                if why not in ("codes of the codebook", "numbers") and source[0] != "one-hot:":
                    source.append("as: text")

    @property
    def adds(self) -> bool:
        """Whether words that no code knows have to become codes: results without their outcome can't be told apart."""
        return bool(self.appraisals) or any("outcome" in each.keys for each in self.results)

    def merge_marks(self) -> None:
        """Make one attribute of all marks of a group of headings, which a study has any number of."""
        merged: dict[str, list[str]] = {}
        kept = []
        for name, source, why in self.attributes:
            if source[0] == "one-hot:" and name in merged:
                merged[name].extend(source[1:])
                continue
            if source[0] == "one-hot:":
                merged[name] = source
                why = "marks; call the attribute what the headings have in common" if name == "marked" else "marks"
            kept.append((name, source, why))
        self.attributes = kept

    def take_quantities(self, table: Table, headings: list[str]) -> None:
        """Numbers that differ between the rows of one study are of what the row states, and not of the study."""
        if not {"outcome", "statement", "stance", "effect", "benefit", "drawback"} & set(self.finding):
            return
        by_source = {f"column: {quoted(each)}": each for each in reversed(headings)}
        for each in list(self.attributes):
            name, source, why = each
            heading = by_source.get(source[0], "")
            if why == "numbers" and heading and self._varies(table, heading):
                self.attributes.remove(each)
                self.quantities.append((name, heading))

    def _varies(self, table: Table, heading: str) -> bool:
        """Whether a study has rows, of one reviewer, that differ in that column."""
        seen: dict[tuple[str, ...], set[str]] = {}
        study: tuple[str, ...] = ()
        tells = [key(each) for each in (self.study, *self.fields.values()) if each]
        for _, cells in table.rows:
            own = tuple(" ".join(cells.get(each, [])) for each in tells)
            study = own if any(own) else study
            reviewer = " ".join(cells.get(key(self.reviewer), [])) if self.reviewer else ""
            seen.setdefault((*study, reviewer), set()).update(cells.get(key(heading), []))
        return any(len(values) > 1 for values in seen.values())


def columns(headings: Iterable[str]) -> str:
    """How a recipe names one column, or several."""
    first, *more = map(quoted, headings)
    return f"column: [{', '.join([first, *more])}]" if more else f"column: {first}"


def quoted(text: str) -> str:
    """A text as YAML takes it, in quotes where it needs them."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 ()/._-]*", text) and not text.endswith(" ")
    words = {"yes", "no", "true", "false", "null", "on", "off", "y", "n"}
    return text if plain and text.casefold() not in words else "'" + text.replace("'", "''") + "'"


def lines(path: Path, sheet: str, others: list[str], table: Table, made: Draft, book: Book) -> Iterator[str]:
    """The lines of a recipe for a sheet of a file, which has others too."""
    yield f"# Drafted by evigraph from {path.name}: {len(table.rows)} rows, {len(table.headings)} columns."
    yield "# Everything below is a guess. Change it, then try it out with"
    yield f"#   evigraph link {path.name} --recipe THIS --dry-run"
    yield "# What each key means: docs/extraction.md"
    yield f"label: {quoted(path.stem)}"
    yield "reader: sheet"
    if made.fields:
        yield "fields: # of the publication"
        yield from (f"  {name}: [{quoted(heading)}]" for name, heading in made.fields.items())
    yield "columns:"
    if sheet:
        left = f" # the largest sheet; left out: {', '.join(others)}" if others else ""
        yield f"  sheet: {quoted(sheet)}{left}"
    yield from _rows(table, made)
    if made.ignore:
        yield "  ignore: # left out"
        yield from (f"    - {quoted(heading)} # {why}" for heading, why in made.ignore.items())
    if made.attributes:
        yield "  attributes: # of the study"
        for name, source, why in made.attributes:
            yield f"    - attribute: {name}{f' # {why}' if why else ''}"
            yield from (f"      {line}" for line in source)
    if made.results:
        yield "  results: # the numbers of groups, and effects"
        yield from (line for rule in made.results for line in _rule(rule))
    if made.appraisals:
        yield "  appraisals: # what is judged with a tool"
        yield from (line for rule in made.appraisals for line in _rule(rule))
    if {"benefit", "drawback", "focus", "outcome", "statement", "stance", "effect"} & set(made.finding):
        yield from _finding(made, book)
    elif made.finding:
        yield "  # No column tells what was found, so that these were left out: " + ", ".join(made.finding)


def _rows(table: Table, made: Draft) -> Iterator[str]:
    """What is said of rows: how many headings there are, which study, whose."""
    if table.depth > 1:
        yield f"  headings: {table.depth} # rows of headings; the upper one names groups"
    if made.study:
        yield f"  study: [{quoted(made.study)}] # rows with the same cell are one study"
    if made.label:
        yield f"  label: [{quoted(made.label)}] # what it is called"
    if made.by:
        yield f"  study: [{', '.join(map(quoted, made.by))}] # together they tell a study, 1994a from 1994b"
    if not made.study and not made.fields:
        first = next((each for each in table.headings if key(each)), "")
        yield f"  study: [{quoted(first)}] # the first column, for want of a better one"
    if made.reviewer:
        yield f"  reviewer: {quoted(made.reviewer)}"
        names = ", ".join(map(quoted, made.consensus)) or "Consensus"
        yield f"  consensus: [{names}] # what that column says on rows that all agreed on"
    if made.decimal != ".":
        yield "  decimal: ','"
    if made.adds:
        yield "  new-codes: add # outcomes that no code knows, and tools of appraisal; or keep: words stay words"
    else:
        yield "  new-codes: keep # or add: words that no code knows become codes"


def _rule(rule: Rule) -> Iterator[str]:
    marker = "-"
    for i, (name, value) in enumerate(rule.keys.items()):
        why = f" # {rule.why}" if not i and rule.why else ""
        if name == "judgements":
            yield f"    {marker} {name}:{why}"
            yield from (f"        {line}" for line in value.split("\n"))
            continue
        if re.match(r"(column|sum): ", value):
            yield f"    {marker} {name}: {{{', '.join(value.split(chr(10)))}}}{why}"
        else:
            yield f"    {marker} {name}: {value.removeprefix('text: ')}{why}"
        marker = " "


def _finding(made: Draft, book: Book) -> Iterator[str]:
    yield "  findings: # a row states one, or one for each code"
    marker = "-"
    if "answers" not in made.finding:
        questions = book.questions()
        name = str(questions[0].get("notation") or questions[0].get("label")) if questions else "RQ1"
        only = "the review's only question" if len(questions) == 1 else "the first question; say which one it is"
        yield f"    - answers: {quoted(name)} # {only}"
        marker = " "
    for each, (source, why) in made.finding.items():
        yield f"    {marker} {each}: # {why}"
        yield from (f"        {line}" for line in source)
        marker = " "
    if made.quantities:
        yield "      quantities: # they differ between the rows of a study; say what their units are"
        yield from (
            line
            for kind, heading in made.quantities
            for line in (
                f"        - kind: {kind}",
                f"          value: {{column: {quoted(heading)}}}",
                "          unit: number",
            )
        )


def sentences(values: list[str], mark: str) -> bool:
    """Whether a mark parts clauses of sentences, and no items of a list."""
    parts = [part.split() for text in values if mark and mark in text for part in text.split(mark) if part.strip()]
    return sum(map(len, parts)) >= PROSE * len(parts) > 0
