"""What an extraction recipe says: which column holds what, as its `columns` tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from evigraph.ingest.tables import sheets

SINGLE = (
    *("benefit", "drawback", "focus", "outcome", "stance", "condition", "effect", "modality"),
    *("statement", "place"),
)
"""The keys of a finding with one value."""
FINDING = ("answers", "concerns", "informant", *SINGLE)
"""The keys of a finding that a recipe fills."""
WAS = {"direction": "effect"}
"""What keys were called in recipes of earlier versions, which still hold."""
ABOUT = ("place", "concerns", "informant", "answers", "condition", "modality")
"""The keys that say nothing by themselves: a row with no other has no finding."""
RESULT = ("outcome", "measure", "time", "group", "versus", "metric", "statistic", "unit", "place")
"""The keys of a result that a recipe fills with words."""
NUMBERS = ("estimate", "se", "variance", "ci-low", "ci-high", "n", "mean", "sd", "events", "value")
"""The keys of a result that a recipe fills with numbers."""
KINDS = ("code", "text", "number")
RESTS = ("note", "attributes")
REPORTS = ("one", "several")
"""How many publications the rows of one study may be of; where it is one, another title is a conflict."""


@dataclass(frozen=True)
class Source:
    """Where values come from.

    Attributes:
        text: the same for every row; `{Heading}` in it stands for that column's cell. columns: headings whose cells
        are the values. hot: the value that a mark under a heading stands for. split: what separates the values in a
        cell, a pattern. values: other words for values, compared as `folded`. default: the value where cells are empty.
        summed: headings whose cells are numbers that are added up.
    """

    text: str = ""
    columns: tuple[str, ...] = ()
    hot: dict[str, str] = field(default_factory=dict)
    split: str = ""
    values: dict[str, str] = field(default_factory=dict)
    default: str = ""
    summed: tuple[str, ...] = ()

    def headings(self) -> Iterator[str]:
        """Every heading that it names."""
        yield from self.columns
        yield from self.hot
        yield from self.summed
        yield from re.findall(r"{([^{}]+)}", self.text)


@dataclass(frozen=True)
class Attribute:
    """An attribute of a study.

    Attributes:
        name: in small letters with hyphens. source: its values. kind: one of `KINDS`; a code that isn't known stays a
        text. codes: the list of the codebook that its codes are in, or empty for those of the attribute itself.
        basis, place: what an inference rests on, and where it stands.
    """

    name: str
    source: Source
    kind: str = "code"
    codes: str = ""
    basis: Source = Source()
    place: Source = Source()


@dataclass(frozen=True)
class Amount:
    """A quantity of a finding: its kind, in small letters with hyphens, its value and its unit."""

    kind: str
    value: Source
    unit: Source


@dataclass(frozen=True)
class Finding:
    """A finding that a row can state.

    Attributes:
        keys: the source of each of `FINDING` that is filled. quantities: its quantities. when: the finding is there
        where this has a value; without it, where any column of it has one.
    """

    keys: dict[str, Source]
    quantities: tuple[Amount, ...] = ()
    when: Source = Source()

    def sources(self) -> Iterator[Source]:
        """Every source that it has."""
        yield from self.keys.values()
        for amount in self.quantities:
            yield from (amount.value, amount.unit)
        yield self.when


@dataclass(frozen=True)
class Appraising:
    """An appraisal that a row can hold.

    Attributes:
        tool: the key of a pack, such as `rob2`. judgements: the judgement of each domain, by its attribute, and the
        support for it. outcome, time, place: what it is about, and where the support stands.
    """

    tool: str
    judgements: dict[str, tuple[Source, Source]]
    outcome: Source = Source()
    time: Source = Source()
    place: Source = Source()

    def sources(self) -> Iterator[Source]:
        """Every source that it has."""
        for judgement in self.judgements.values():
            yield from judgement
        yield from (self.outcome, self.time, self.place)


@dataclass(frozen=True)
class Result:
    """A result that a row can tell.

    Attributes:
        keys: the source of each of `RESULT` that is filled. numbers: that of each of `NUMBERS`. when: the result is
        there where this has a value; without it, where any number has one; without numbers, where any key has one.
    """

    keys: dict[str, Source]
    numbers: dict[str, Source]
    when: Source = Source()

    def sources(self) -> Iterator[Source]:
        """Every source that it has."""
        yield from (*self.keys.values(), *self.numbers.values(), self.when)


@dataclass(frozen=True)
class Grouping:
    """The groups that a row tells of: one of a label, or one for each part of lists that run in parallel.

    Attributes:
        label: what the group is called; of parallel lists, the first one's parts where nothing is said. kind: such as
        arm, control, site, sensor. n: how many are in it. attributes: its own ones, by their numbers in the recipe.
        each: those of them whose columns are parallel lists. separator: what parts these, a pattern.
    """

    label: Source = Source()
    kind: str = ""
    n: Source = Source()
    attributes: tuple[int, ...] = ()
    each: tuple[int, ...] = ()
    separator: str = ""

    def sources(self) -> Iterator[Source]:
        """Every source that it has."""
        yield from (self.label, self.n)


@dataclass(frozen=True)
class Columns:
    """How a sheet is coded.

    Attributes:
        needs: headings by which a sheet is told to be one of these without being asked for. sheet: of a workbook, or
        empty for every sheet that has the headings. headings: how many rows of headings there are. study: headings
        that tell a study apart. label: headings of what a study is called. carried: headings whose empty cells take
        the value above. reviewer: the heading of who coded a row. consensus: names there that mean the consensus.
        consensus_column: a heading that is marked on rows of the consensus. states: for each state, and `not-coded`,
        the words for it. decimal: the decimal mark. new_codes: `keep` unknown codes as text, or `add` them. rest: what
        becomes of other columns, one of `RESTS`. ignore: headings that are left out on purpose. place_in: places are
        those of the `report`, or of the `review`. reports: one of `REPORTS`. attributes, findings, appraisals, results,
        groups: what a row says of a study; some of the attributes are those of its groups. split: what
        separates the values in a cell of another column, a regular expression; nothing if it is empty.
    """

    needs: tuple[str, ...] = ()
    sheet: str = ""
    headings: int = 1
    study: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    reviewer: str = ""
    consensus: tuple[str, ...] = ("consensus",)
    consensus_column: str = ""
    states: dict[str, tuple[str, ...]] = field(default_factory=dict)
    decimal: str = "."
    new_codes: str = "keep"
    rest: str = "note"
    ignore: tuple[str, ...] = ()
    place_in: str = "report"
    reports: str = "one"
    attributes: tuple[Attribute, ...] = ()
    findings: tuple[Finding, ...] = ()
    appraisals: tuple[Appraising, ...] = ()
    results: tuple[Result, ...] = ()
    groups: tuple[Grouping, ...] = ()
    split: str = ""

    def named(self) -> Iterator[str]:
        """Every heading that is named."""
        yield from (*self.study, *self.label, *self.carried, *self.ignore, *self.needs)
        yield from (heading for heading in (self.reviewer, self.consensus_column) if heading)
        for attribute in self.attributes:
            for source in (attribute.source, attribute.basis, attribute.place):
                yield from source.headings()
        rules: tuple[Finding | Appraising | Result | Grouping, ...]
        rules = (*self.findings, *self.appraisals, *self.results, *self.groups)
        for source in (source for rule in rules for source in rule.sources()):
            yield from source.headings()


def key(heading: str) -> str:
    """A heading as it is compared; one without a letter or digit, such as `%`, by its marks."""
    return sheets.heading(heading) or "".join(heading.split())


def folded(word: object) -> str:
    """A word as it is compared: small letters, single blanks, no blanks at its ends."""
    return " ".join(str(word).casefold().split())
