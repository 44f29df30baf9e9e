"""RevMan's CSV files: study information, arms, results of arms and contrasts, the data of an analysis, risk of bias."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from evigraph.ingest.extraction import words
from evigraph.ingest.extraction.shape import Shape, Sheet
from evigraph.ingest.model import Extract, Grouped, Judged, Measured, Rejected, Said

CHARACTERISTIC = r"(?i)\s*(?:char|characteristic|cov|covariate)s?\s*:\s*(.+)"
"""How a column of study information is headed: by what it is, a colon, and its name."""
SIDES = ("experimental", "control")
"""How the columns of both arms begin, where they stand in one row."""
Numbers = dict[str, Said]


def recognised(headings: list[str], _: str) -> str:
    """Which of RevMan's files has these headings, or nothing."""
    rules = words.rules()
    means = {words.meaning(each, rules["revman"]) for each in headings}
    plain = {words.bare(each) for each in headings}
    if not plain & set(rules["study"]):
        return ""
    domains = {words.domain(each)[:2] for each in headings} - {("", "")}
    numbers = {words.meaning(each, rules["revman"]["numbers"]) for each in headings} - {""}
    if {f"{side} n" for side in SIDES} <= plain and "outcome" in means:
        return "revman-analysis"
    if "outcome" in means and numbers and means & {"arm", "intervention", "versus"}:
        return "revman-results"
    if len(domains) >= 3 and not numbers:
        return "revman-risk-of-bias"
    if any(re.fullmatch(CHARACTERISTIC, each) for each in headings):
        return "revman-study-information"
    return "revman-arms" if {"arm", "intervention"} <= means and "outcome" not in means and not numbers - {"n"} else ""


def read(made: Shape, table: Sheet, name: str) -> None:
    """Add what a file of RevMan says of studies, one extract a row."""
    reader = _Reader(made, table)
    row: Callable[[int, dict[str, str]], Extract] = {
        "revman-study-information": reader.information,
        "revman-arms": reader.arm,
        "revman-results": reader.result,
        "revman-analysis": reader.analysis,
        "revman-risk-of-bias": reader.information,
    }[name]
    for number, cells in table.rows:
        if reader.study(cells):
            made.extracts.append(row(number, cells))
        else:
            made.rejected.append(Rejected(number, "no study is named; fill in the column that tells it"))
    known = words.rules()["revman"]["known"]
    left = [h for h in table.headings if words.bare(h) in known and any(cells[h] for _, cells in table.rows)]
    if left and name in ("revman-results", "revman-analysis"):
        made.notes.append(f"columns left out, which follow from the rest: {', '.join(left)}")


class _Reader:
    """Takes the rows of one table apart."""

    def __init__(self, made: Shape, table: Sheet) -> None:
        self._made = made
        rules = words.rules()
        self._means = {each: words.meaning(each, rules["revman"]) for each in table.headings}
        self._numbers = {each: words.meaning(each, rules["revman"]["numbers"]) for each in table.headings}
        self._effects = {each: words.meaning(each, rules["revman"]["effect"]) for each in table.headings}
        self._studies = [each for each in table.headings if words.bare(each) in rules["study"]]
        taken = {word for several in rules["publication"].values() for word in several}
        self._left = [
            each
            for each in table.headings
            if each not in self._studies and words.bare(each) not in taken and not words.domain(each)[0]
        ]

    def study(self, cells: dict[str, str]) -> str:
        """The study that a row is about."""
        return next((cells[each] for each in self._studies if cells.get(each)), "")

    def information(self, number: int, cells: dict[str, str]) -> Extract:
        """Characteristics and covariates as values of the study, judgements as appraisals."""
        means = ("outcome", "time") if self._judges(cells) else ()
        attributes = {}
        for heading in self._left:
            if self._means[heading] in means:
                continue
            found = re.fullmatch(CHARACTERISTIC, heading)
            name = found.group(1).strip() if found else heading
            if (
                several := words.values(cells.get(heading, ""), heading)
                if found
                else words.told(cells[heading], heading)
            ):
                attributes[self._made.attributes.number(name)] = several, "", ""
        return self._extract(number, cells, attributes=attributes, appraisals=self._judged(cells))

    def _judges(self, cells: dict[str, str]) -> bool:
        return any(words.domain(each)[0] and text for each, text in cells.items())

    def _judged(self, cells: dict[str, str]) -> tuple[Judged, ...]:
        """The appraisals of a row; with RoB 2 they are of a result."""
        about = words.told(self._cell(cells, "outcome"), "outcome")
        time = self._cell(cells, "time")
        found = words.judged(self._made.tools, cells)
        several = (self._made.tools[each.rule].key != "rob1" for each in found)
        return tuple(
            Judged(each.rule, each.judgements, about, time) if of_result else each
            for each, of_result in zip(found, several, strict=True)
        )

    def arm(self, number: int, cells: dict[str, str]) -> Extract:
        """A group with its intervention, its number and whatever else is told of it."""
        group = self._group(cells, self._cell(cells, "arm") or self._cell(cells, "intervention"))
        return self._extract(number, cells, groups=(group,))

    def _group(self, cells: dict[str, str], label: str) -> Grouped:
        """A group by its label; columns that mean nothing else are its values."""
        known = ("arm", "kind", "note", "outcome")
        numbers = {h: words.said(cells[h], h).number or 0 for h in self._left if self._numbers[h] == "n"}
        counted = next((number for number in numbers.values() if number > 0), None)
        attributes = {
            self._made.attributes.number(heading): several
            for heading in self._left
            if self._means[heading] not in known and not numbers.get(heading)
            if (several := words.values(cells.get(heading, ""), heading))
        }
        kind = words.bare(self._cell(cells, "kind")).replace(" ", "-")
        return Grouped(label, kind or "arm", counted, self._cell(cells, "note"), attributes)

    def result(self, number: int, cells: dict[str, str]) -> Extract:
        """The numbers of an arm, or the effect of one versus another."""
        first = self._cell(cells, "first") or self._cell(cells, "arm")
        label = first or self._cell(cells, "intervention")
        about = self._about(cells)
        effect = self._told(self._effects, cells)
        own = self._told(self._numbers, cells)
        versus = self._cell(cells, "versus")
        made = []
        if versus or "estimate" in effect:
            kind = words.metric(self._cell(cells, "metric"))
            keys = about | self._words({"group": label, "versus": versus, "metric": kind})
            measured = Measured(keys, {**own, **effect}, self._note(cells), self._rest(cells))
            made.append(words.logarithms(measured, self._logged(cells)))
        elif own or effect:
            made.append(
                Measured(about | self._words({"group": label}), {**own, **effect}, self._note(cells), self._rest(cells))
            )
        else:
            self._made.notes.append(f"row {number}: no number of `{label}`; it isn't taken")
        groups = []
        if label and (intervention := self._cell(cells, "intervention")) and first:
            at = self._made.attributes.number("Intervention")
            groups.append(Grouped(label, "arm", attributes={at: words.values(intervention, "Intervention")}))
        return self._extract(number, cells, results=tuple(made), groups=tuple(groups), appraisals=self._judged(cells))

    def analysis(self, number: int, cells: dict[str, str]) -> Extract:
        """A row of an analysis: the numbers of both arms, their comparison, and its risk of bias."""
        by = {words.bare(heading): heading for heading in cells}
        labels = self._sides(cells, by)
        about = self._about(cells)
        made = []
        for side, label in zip(SIDES, labels, strict=True):
            own = {}
            for name, several in words.rules()["revman"]["numbers"].items():
                heading = next((by[f"{side} {word}"] for word in several if f"{side} {word}" in by), "")
                if heading and cells[heading]:
                    own[name] = words.said(cells[heading], heading)
            if any(each.number for each in own.values()):
                made.append(Measured(about | self._words({"group": label}), own))
        kind = words.metric(self._cell(cells, "metric"))
        keys = about | self._words({"group": labels[0], "versus": labels[1], "metric": kind})
        effect = self._told(self._effects, cells)
        if (by.get("o e", "") and cells[by["o e"]]) and "variance" in effect:
            effect["variance"] = replace(effect["variance"], number=None)  # of the log-rank statistic, not of an effect
        if "estimate" not in effect and (mean := by.get("mean", "")) and cells[mean]:
            effect["estimate"] = words.said(cells[mean], mean)
        if not kind and "estimate" in effect:
            shown = ", ".join(
                f"{name} {each.text}" for name, each in sorted(effect.items(), key=lambda e: e[0] != "estimate")
            )
            note = words.parts((self._note(cells), f"effect without a measure: {shown}"))
            made.append(Measured(keys, {}, note, self._rest(cells)))
        else:
            measured = Measured(keys, effect, self._note(cells), self._rest(cells))
            made.append(words.logarithms(measured, self._logged(cells)))
        return self._extract(number, cells, results=tuple(made), appraisals=self._judged(cells))

    def _sides(self, cells: dict[str, str], by: dict[str, str]) -> tuple[str, str]:
        """What the two arms of a row are called, where the file says so."""
        found = []
        for side in SIDES:
            names = (f"{side} arm", f"{side} group", f"{side} intervention", f"{side} group label", f"{side} label")
            found.append(
                next((cells[by[name]] for name in names if by.get(name) and cells[by[name]]), side.capitalize())
            )
        return found[0], found[1]

    def _about(self, cells: dict[str, str]) -> dict[str, tuple[Said, ...]]:
        return self._words({name: self._cell(cells, name) for name in ("outcome", "measure", "time", "place")})

    @staticmethod
    def _words(texts: dict[str, str]) -> dict[str, tuple[Said, ...]]:
        return {name: (Said(text, name),) for name, text in texts.items() if text}

    def _cell(self, cells: dict[str, str], name: str) -> str:
        return next((cells[each] for each, means in self._means.items() if means == name and cells.get(each)), "")

    def _told(self, table: dict[str, str], cells: dict[str, str]) -> Numbers:
        return {name: words.said(cells[each], each) for each, name in table.items() if name and cells.get(each)}

    def _logged(self, cells: dict[str, str]) -> bool:
        """Whether the row's estimate is a logarithm already, by its heading."""
        heading = next((words.bare(h) for h, name in self._effects.items() if name == "estimate" and cells.get(h)), "")
        return any(word in heading.split() for word in words.rules()["revman"]["logarithms"])

    def _note(self, cells: dict[str, str]) -> str:
        comparison = self._cell(cells, "comparison")
        return words.parts((self._cell(cells, "note"), f"Comparison: {comparison}" if comparison else ""))

    def _rest(self, cells: dict[str, str]) -> dict[int, tuple[Said, ...]]:
        """Columns that mean nothing else, and the subgroup, as values of the result."""
        known = words.rules()["revman"]["known"]
        made = {}
        for heading in self._left:
            plain = words.bare(heading)
            sided = plain.startswith(SIDES) or plain == "mean"
            other = self._means[heading] not in ("", "subgroup") or self._numbers[heading] or self._effects[heading]
            if not sided and not other and plain not in known and (told := words.told(cells.get(heading, ""), heading)):
                made[self._made.attributes.number(heading)] = told
        return made

    def _extract(
        self,
        number: int,
        cells: dict[str, str],
        attributes: dict[int, tuple[tuple[Said, ...], str, str]] | None = None,
        appraisals: tuple[Judged, ...] = (),
        results: tuple[Measured, ...] = (),
        groups: tuple[Grouped, ...] = (),
    ) -> Extract:
        study = self.study(cells)
        values = words.publication(cells)
        made = Extract(number, study, study, values, attributes=attributes or {}, appraisals=appraisals)
        return replace(made, results=results, groups=groups, identifier=study)
