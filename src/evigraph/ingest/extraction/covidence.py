"""Covidence's exports of data extraction and of quality assessment: a row a reviewer and study, or of the consensus."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from evigraph.ingest.declared import Tool
from evigraph.ingest.extraction import words
from evigraph.ingest.extraction.covidence_columns import Column, column, name_of_arm
from evigraph.ingest.extraction.shape import Shape, Sheet, slug
from evigraph.ingest.model import Extract, Grouped, Judged, Measured, Rejected, Said

NAME = "covidence-extraction"
NEEDED = {"covidence", "study id", "reviewer name"}
CONSENSUS = ("consensus", "consensus judgement", "consensus judgment")
QUALITY = "quality"
"""The tool of the domains that no tool we know has."""
MOST = 8
"""How many different judgements a domain may have; with more of them a column isn't one."""
METRICS = ("estimate", "se", "ci-low", "ci-high")


def recognised(headings: list[str], _: str) -> str:
    """Whether these are the headings of such an export."""
    return NAME if {words.bare(each) for each in headings} >= NEEDED else ""


def read(made: Shape, sheet: Sheet, _: str) -> None:
    """Add what an export says of studies: an extract a row."""
    reader = _Reader(made, sheet)
    for number, cells in sheet.rows:
        found = reader.row(number, cells)
        if isinstance(found, Extract):
            made.extracts.append(found)
        else:
            made.rejected.append(found)
    kinds = Counter(each.kind for each in reader.columns)
    told = {"study": "of the study", "arm": "of arms", "number": "numbers of outcomes"}
    counted = [f"{kinds[kind]} {text}" for kind, text in told.items() if kinds[kind]]
    judging = [f"{reader.domains} domains that are judged"] if reader.domains else []
    made.notes.append(f"columns: {', '.join((*counted, *judging)) or 'none that says anything'}")


class _Reader:
    """Takes the rows of one export apart."""

    def __init__(self, made: Shape, sheet: Sheet) -> None:
        self._made = made
        self._by = {words.bare(each): each for each in reversed(sheet.headings)}
        taken = {word for several in words.rules()["publication"].values() for word in several} | NEEDED
        rest = [each for each in sheet.headings if words.bare(re.sub(r" \(\d+\)$", "", each)) not in taken]
        self._tools = words.tools_of(rest)
        known = {each for each in rest if words.domain(each)[0] in self._tools}
        rest = [each for each in rest if each not in known]
        self._own = _domains(rest, sheet)
        self.domains = len({words.domain(each)[:2] for each in known}) + len(self._own)
        rest = [each for each in rest if each not in self._own and each not in self._own.values()]
        plain = [column(each, frozenset()) for each in rest]
        arms = {words.bare(cells[each.heading]) for each in plain if name_of_arm(each) for _, cells in sheet.rows}
        self.columns = [column(each, frozenset(arms - {""})) for each in rest]
        self._tool = _tool(self._own, sheet)

    def row(self, number: int, cells: dict[str, str]) -> Extract | Rejected:
        """What a row says, or why it says nothing."""
        number_, label, who = (cells[self._by[each]] for each in ("covidence", "study id", "reviewer name"))
        study = f"{number_} {label}".strip()
        if not study:
            return Rejected(number, "no study is named; fill in the column that tells it")
        consensus = who.casefold() in CONSENSUS
        names = self._names(cells)
        attributes = {}
        for each in self.columns:
            if each.kind == "study" and (several := words.values(cells[each.heading], each.heading)):
                attributes[self._made.attributes.number(each.name, identity=each.heading)] = several, "", ""
        values = words.publication(cells)
        appraisals = (*words.judged(self._made.tools, cells, self._tools), *self._judged(cells))
        results, groups = tuple(self._results(cells, names)), tuple(self._groups(cells, names))
        if not (attributes or appraisals or results or groups or {"title", "doi", "pmid"} & set(values)):
            return Rejected(number, f"nothing is coded about `{label[:60]}`; fill in a column, or remove the row")
        made = Extract(number, study, label or study, values, "" if consensus else who, consensus, attributes)
        own = f"covidence:{number_}" if number_ else label
        return replace(made, appraisals=appraisals, results=results, groups=groups, identifier=own)

    def _names(self, cells: dict[str, str]) -> dict[str, str]:
        """What the row's study calls its arms, by what the headings call them."""
        return {
            words.bare(each.arm): cells[each.heading]
            for each in self.columns
            if name_of_arm(each) and words.told(cells[each.heading], each.heading)
        }

    def _groups(self, cells: dict[str, str], names: dict[str, str]) -> list[Grouped]:
        """The arms of a row's study with their values; an arm without a cell isn't one."""
        made: dict[str, Grouped] = {}
        rules = words.rules()["covidence"]
        for each in self.columns:
            if each.kind != "arm" or not words.told(cells[each.heading], each.heading):
                continue
            label = names.get(words.bare(each.arm), each.arm)
            group = made.get(label) or Grouped(label, "control" if "control" in each.arm.casefold() else "arm")
            plain, text = words.bare(each.name), cells[each.heading]
            if plain in rules["n"] and (number := words.said(text, each.heading).number or 0) > 0:
                group = replace(group, n=number)
            elif plain in rules["kind"]:
                group = replace(group, kind=slug(text) or group.kind)
            elif not name_of_arm(each):
                at = self._made.attributes.number(each.name, identity=f"arm {words.bare(each.name)}")
                group = replace(group, attributes={**group.attributes, at: words.values(text, each.heading)})
            made[label] = group
        return list(made.values())

    def _results(self, cells: dict[str, str], names: dict[str, str]) -> list[Measured]:
        """The numbers of outcomes: one result an outcome, time, arm or comparison, and metric or statistic."""
        found: dict[tuple[str, ...], dict[str, Said]] = {}
        for each in self.columns:
            text = cells[each.heading]
            if each.kind != "number" or not words.told(text, each.heading):
                continue
            said, kind = words.said(text, each.heading), self._metric(each)
            key = (
                "value"
                if each.name.startswith("statistic ")
                else "estimate"
                if each.name in words.rules()["metrics"]
                else ""
            )
            statistic = each.name.removeprefix("statistic ") if key == "value" else ""
            arms = (names.get(words.bare(arm), arm) for arm in (each.arm, each.versus))
            found.setdefault((each.outcome, each.time, *arms, kind, statistic), {})[key or each.name] = said
        return [_measured(about, numbers) for about, numbers in found.items()]

    def _metric(self, found: Column) -> str:
        """The metric of a comparison's number: its own, or that of the estimate beside it."""
        if found.name in words.rules()["metrics"]:
            return found.name
        if not found.versus or found.name not in METRICS:
            return ""
        beside = (each for each in self.columns if each.kind == "number" and each.name in words.rules()["metrics"])
        same = (e.name for e in beside if (e.outcome, e.time, e.arm) == (found.outcome, found.time, found.arm))
        return next(same, "")

    def _judged(self, cells: dict[str, str]) -> list[Judged]:
        """The domains that no tool we know has."""
        if self._tool is None:
            return []
        judgements = {}
        for heading, support in self._own.items():
            if cells[heading]:
                said = replace(words.said(cells[heading], heading), number=None)
                judgements[f"{QUALITY}-{_key(heading)}"] = ((said,), cells.get(support, ""))
        if not judgements:
            return []
        keys = [each.key for each in self._made.tools]
        if QUALITY not in keys:
            self._made.tools.append(self._tool)
            keys.append(QUALITY)
        return [Judged(keys.index(QUALITY), dict(judgements))]


def _measured(about: tuple[str, ...], numbers: dict[str, Said]) -> Measured:
    names = ("outcome", "time", "group", "versus", "metric", "statistic")
    keys: dict[str, tuple[Said, ...]] = {n: (Said(text, n),) for n, text in zip(names, about, strict=True) if text}
    return words.logarithms(Measured(keys, numbers))


def _domains(headings: list[str], sheet: Sheet) -> dict[str, str]:
    """The columns of judgements in domains of the team's own, each with the column of its support."""
    plain = {words.bare(each): each for each in headings}
    made = {}
    for heading in headings:
        stem = _stem(heading)
        support = next((plain[f"{stem} {each}"] for each in words.rules()["support"] if f"{stem} {each}" in plain), "")
        judged = words.bare(heading) != stem
        several = {cells[heading].casefold() for _, cells in sheet.rows} - {""}
        if (judged or support) and support != heading and 0 < len(several) <= MOST and not _is_support(heading, plain):
            made[heading] = support
    return made


def _stem(heading: str) -> str:
    plain = words.bare(heading)
    return next(
        (plain.removesuffix(f" {each}") for each in words.rules()["judgement"] if plain.endswith(f" {each}")), plain
    )


def _is_support(heading: str, plain: dict[str, str]) -> bool:
    text = words.bare(heading)
    stems = (text.removesuffix(f" {each}") for each in words.rules()["support"] if text.endswith(f" {each}"))
    judgements = ("", *(f" {each}" for each in words.rules()["judgement"]))
    return any(f"{stem}{each}" in plain for stem in stems for each in judgements)


def _key(heading: str) -> str:
    return slug(_stem(heading)) or "domain"


def _tool(domains: dict[str, str], sheet: Sheet) -> Tool | None:
    """The tool that a team's own domains make, with the judgements that are there."""
    own = list(domains)
    if not own:
        return None
    judgements = dict.fromkeys(cells[each] for each in own for _, cells in sheet.rows if cells[each])
    named = tuple((_key(each), re.sub(r"(?i)[\s:\u2013-]*(judge?ment|rating)$", "", each)) for each in own)
    return Tool(QUALITY, "Quality assessment", named, tuple(judgements))
