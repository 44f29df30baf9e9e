"""What can't be true of a study: its file, its reports and notices, its groups, and the days and years it tells."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterator
from typing import Any

from evigraph import data, ontology
from evigraph.data import Document

Row = tuple[str, str, str]
"""A record's IRI, a key, and what is wrong."""
Holds = dict[str, Any]

NOTICES = ("retraction", "expression of concern", "correction")
"""The kinds of reports that are about another one."""
GROUPS = ("arm", "control", "site", "sample", "subgroup", "sensor")
"""The usual kinds of groups; others may be, but not a slip of the pen."""
APART = ("doi", "pmid", "kind", "container", "authors", "volume", "issue", "pages")
"""What two publications of one title and year differ in."""
CORRELATION = "COR"
"""The metric whose values lie between -1 and 1; ratios are told as they are or as logarithms, as tools have it."""
NUMBERS = ("estimate", "ciLow", "ciHigh")
"""The keys of a result that are on the scale of its metric."""


METRICS = (
    *("MD", "SMD", "SMDH", "ROM", "VR", "CVR", "MC", "SMCC", "SMCR", "ROMC", "MN", "MNLN"),
    *("OR", "RR", "RD", "AS", "PETO", "HR", "IRR", "IRD", "PR", "PLN", "PLO", "PAS", "PFT", "IR", "IRLN"),
    *("COR", "UCOR", "ZCOR", "PCOR", "ZPCOR", "ARAW", "AHW", "ABT"),
)
"""The usual metrics, as `escalc` of metafor has them, and HR; others may be, but not a slip of the pen."""


def violations(documents: list[Document]) -> Iterator[Row]:
    """Whatever can't be true of one record, or of one study: the record's IRI, the key and the mend."""
    base = data.base(documents)
    latest = _Days(documents)
    for document in documents:
        for _, node in data.nodes(document.content):
            yield from ((base + node["id"], key, message) for key, message in latest.faults(node))
        if document.name.startswith("records/"):
            yield from ((base + record, key, message) for record, key, message in _decisions(document.content))
        if document.name.startswith("studies/"):
            rows = _study(document.name.removeprefix("studies/"), document.content)
            yield from ((base + record, key, message) for record, key, message in rows)
    yield from ((base + record, key, message) for record, key, message in _shared(documents))


class _Days:
    """Days and years that lie ahead: of today, and of the day a review was coded, should a clock be wrong."""

    def __init__(self, documents: list[Document]) -> None:
        review = next(each.content for each in documents if each.name == "review")
        days = [str(each.get("date", "")) for each in review.get("codings", [])]
        past = [day for day in map(_day, days) if day]
        self._year = max([datetime.date.today().year, *(day.year for day in past)])
        self._dates = [key.name for key in ontology.keys().values() if key.kind == "date"]

    def faults(self, node: Holds) -> Iterator[tuple[str, str]]:
        """The keys of a record that tell an impossible or a coming day."""
        for key in self._dates:
            told = node.get(key)
            if isinstance(told, str):
                day = _day(told)
                if day is None:
                    yield key, f"`{told}` is no day of the calendar; write it as YYYY-MM-DD"
                elif day.year > datetime.date.today().year + 1:
                    yield key, f"`{told}` has yet to come; mend the year"
        year = node.get("year")
        if isinstance(year, int) and self._year + 1 < year <= 2100:
            yield "year", f"{year} has yet to come; mend the year"


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _study(name: str, study: Holds) -> Iterator[Row]:
    if study["type"] != "Study":
        yield study["id"], "type", f"a document in studies/ is a Study, and this is a {study['type']}; mend its type"
        return
    if study["id"] != f"study/{name}":
        yield (
            study["id"],
            "id",
            f"its file is studies/{name}.yaml, so its id is `study/{name}`; mend the id or the name",
        )
    yield from _reports(study.get("reports", []))
    yield from _groups(study.get("groups", []))
    yield from _results(study.get("results", []))
    yield from _sizes(study.get("results", []), study.get("groups", []))
    yield from _units(study.get("results", []))


def _reports(reports: list[Holds]) -> Iterator[Row]:
    known = {each["id"]: each for each in reports}
    slots: dict[tuple[object, ...], Holds] = {}
    for each in reports:
        about = [known[one] for one in each.get("about", []) if one in known]
        if each.get("kind") in NOTICES and not each.get("about"):
            yield each["id"], "about", f"a {each['kind']} is about a report; name that, as `about: [report/…]`"
        for other in about:
            if _when(each) and _when(other) and _when(each) < _when(other)[: len(_when(each))]:
                key = "issued" if "issued" in each else "year"
                said = f"comes before what it is about, which is of {other.get('issued') or other.get('year')}"
                yield each["id"], key, f"{said}; mend one of the two"
        for slot in _same(each):
            other = slots.get(slot, {})
            if other and not about and not any(each.get(k, other.get(k)) != other.get(k, each.get(k)) for k in APART):
                told, mend = "DOI" if len(slot) == 1 else "title and year", "keep one of them, or tell them apart"
                yield each["id"], "title", f"has the {told} of `{other['id']}`, another report of the study; {mend}"
                break
            slots.setdefault(slot, each)


def _when(report: Holds) -> str:
    """The day or year of a report, as far as it is told; days and years compare by their first digits."""
    return str(report.get("issued") or report.get("year") or "")


def _same(report: Holds) -> Iterator[tuple[object, ...]]:
    """What no other report of the study has."""
    if "doi" in report:
        yield (str(report["doi"]).casefold(),)
    title = re.sub(r"\W+", " ", str(report.get("title", "")).casefold()).strip()
    if title and "year" in report:
        yield title, report["year"]


def _groups(groups: list[Holds]) -> Iterator[Row]:
    labels: dict[str, str] = {}
    for each in groups:
        name = str(each.get("label", "")).casefold()
        # Parts of a list may be told apart by their values alone.
        if name in labels and not each.get("characteristics"):
            mend = "call one of them otherwise, or make them one"
            yield each["id"], "label", f"another group of the study, `{labels[name]}`, is called so too; {mend}"
        labels.setdefault(name, each["id"])
        kind = str(each.get("kind", ""))
        near = difflib.get_close_matches(kind, GROUPS, 1, 0.75) if kind and kind not in GROUPS else []
        if near and not kind.startswith(near[0]) and not near[0].startswith(kind):
            yield each["id"], "kind", f"`{kind}` is no kind of group; did you mean `{near[0]}`?"


def _results(results: list[Holds]) -> Iterator[Row]:
    named = any({"concept", "measure"} & set(each) for each in results)  # a whole review may be on one outcome
    for each in results:
        if named and not {"concept", "measure", "statistic"} & set(each) and not each.get("characteristics"):
            message = "tells numbers, and not of what; name its outcome as `concept: value/outcome/…`, or a `measure`"
            yield each["id"], "concept", message
        metric = str(each.get("metric", ""))
        meant = next((m for m in METRICS if metric != m and sorted(metric.upper()) == sorted(m)), None)
        if meant and metric not in METRICS:
            yield each["id"], "metric", f"`{metric}` is no metric; did you mean `{meant}`?"
        for key in NUMBERS if metric == CORRELATION else ():
            if isinstance(each.get(key), (int, float)) and abs(each[key]) > 1:
                yield (
                    each["id"],
                    key,
                    f"a correlation goes from -1 to 1, and this is {each[key]}; mend it, or the metric",
                )


def _sizes(results: list[Holds], groups: list[Holds]) -> Iterator[Row]:
    """Results of one group on more people than are in it."""
    sizes = {each["id"]: each["n"] for each in groups if isinstance(each.get("n"), int)}
    for each in results:
        of = [str(each[key]) for key in ("group", "versus") if key in each]
        if not of or not sizes.keys() >= set(of):
            continue
        whole, named = sum(sizes[one] for one in of), " and ".join(f"`{one}`" for one in of)
        for key, said in (("n", "is on"), ("events", "counts events of")):
            if isinstance(each.get(key), int) and each[key] > whole and not (key == "events" and "n" in each):
                yield each["id"], key, f"{said} {each[key]}, and there are {whole} in {named}; mend one of the two"


def _decisions(search: Holds) -> Iterator[Row]:
    """Decisions by nobody beside one of a person, on one record at one stage: whose the other is, can't be told."""
    for record in search.get("records", []):
        decisions = record.get("decisions", [])
        named = {each.get("screeningStage") for each in decisions if each.get("decidedBy")}
        for each in decisions if len(decisions) > 1 else ():
            if each.get("screeningStage") in named and not each.get("decidedBy"):
                yield each["id"], "decidedBy", "doesn't say who decided, as another on the record does; add decidedBy"


def _units(results: list[Holds]) -> Iterator[Row]:
    """Numbers of one outcome, measure and time in two units."""
    found: dict[tuple[object, ...], Holds] = {}
    for each in results:
        if "unit" in each and not {"metric", "versus"} & set(each):
            about = (each.get(key) for key in ("concept", "measure", "statistic", "time"))
            slot = (*about, *sorted({"mean", "value"} & set(each)))
            first = found.setdefault(slot, each)
            if first["unit"] != each["unit"]:
                mend = "convert one of them, or name the measures of both"
                yield (
                    each["id"],
                    "unit",
                    f"`{first['id']}` tells the same in {first['unit']}, not in {each['unit']}; {mend}",
                )


def _shared(documents: list[Document]) -> Iterator[Row]:
    """What two studies can't share: a name that the team gave, and the PMID of a report."""
    named: dict[str, set[str]] = {}
    held: dict[str, dict[str, str]] = {}
    studies = [each.content for each in documents if each.name.startswith("studies/")]
    for study in studies:
        for name in study.get("identifiers", []):
            named.setdefault(name, set()).add(study["id"])
        for report in study.get("reports", []):
            if "pmid" in report:
                held.setdefault(report["pmid"], {})[report["id"]] = study["id"]
    for name, owners in named.items():
        for one in sorted(owners) if len(owners) > 1 else ():
            other = min(owners - {one})
            yield one, "identifiers", f"{other} is called {name} too; mend one of them, or make the two one study"
    doubtful = {pmid: reports for pmid, reports in held.items() if len(set(reports.values())) > 1}
    told = _told(documents) if doubtful else set()
    for pmid, reports in doubtful.items():
        if not told.issuperset((pmid, each) for each in reports):
            for one, owner in reports.items():
                other = min(each for each in reports.values() if each != owner)
                mend = "mend one of them, or make the two one study"
                yield one, "pmid", f"{other} has a report with the PMID {pmid} too; {mend}"


def _told(documents: list[Document]) -> set[tuple[str, str]]:
    """The PMIDs that searches themselves tell of a report."""
    records = (each for document in documents for each in document.content.get("records", []))
    return {
        (str(each["pmid"]), str(each[key]))
        for each in records
        for key in ("identifies", "duplicateOf")
        if "pmid" in each and key in each
    }
