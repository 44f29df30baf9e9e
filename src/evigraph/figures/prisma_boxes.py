"""What stands in the boxes of a PRISMA 2020 flow diagram, as the statement words it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from evigraph.figures.prisma_sums import OTHERS, REMOVED, Counts
from evigraph.queries import Table


@dataclass(frozen=True)
class Item:
    """A line of a box: its words, the row that says its number (empty for a heading), and whether it is a part."""

    words: str
    row: str = ""
    part: bool = False


@dataclass(frozen=True)
class Box:
    """A box: its items, how it looks, and whether a number that it must have is not reported."""

    items: tuple[Item, ...]
    look: str = "box"
    gap: bool = False


@dataclass(frozen=True)
class Flow:
    """The numbers of a flow by their rows, the parts of each in the diagram's order, and where the query has a row."""

    counts: Counts
    parts: dict[str, list[tuple[str, int]]]
    places: dict[str, int] = field(default_factory=dict)

    @property
    def updated(self) -> bool:
        """Whether earlier versions of the review are told apart."""
        return bool({"previous_studies", "previous_reports"} & self.counts.keys())

    @property
    def others(self) -> bool:
        """Whether records came by other methods than databases and registers."""
        return any(row in OTHERS or row.startswith("other_") for row in self.counts)

    @property
    def waiting(self) -> int:
        """How many records nobody has decided about."""
        return sum(self.counts.get(row, 0) for row in ("records_waiting", "dbr_waiting", "other_waiting"))

    @property
    def undecided(self) -> int:
        """How many records may be duplicates of others, which a person has to decide; each counts on its own."""
        return self.counts.get("duplicates_waiting", 0)


def flow(counts: Table, parts: Table) -> Flow:
    """The flow of the rows of `prisma-2020` and `prisma-2020-parts`."""
    numbers = {str(row): int(str(count)) for row, count in counts.rows if count is not None}
    places = {str(row): place for place, (row, _) in enumerate(counts.rows, 1)}
    named: dict[str, list[tuple[str, int]]] = {}
    for row, part, count in parts.rows:
        words = " ".join(re.sub(r"\s*[;,]\s*", " / ", str(part)).split())
        named.setdefault(str(row), []).append((words, int(str(count))))
    for row, items in named.items():
        if row.endswith("_excluded"):
            items.sort(key=lambda each: (-each[1], each[0]))
    told = {row: items for row, items in named.items() if len(items) > 1 or items[0][0] not in _NOTHING}
    return Flow(numbers, told, places)


_NOTHING = {
    *("not reported", "Specific Databases", "Specific Registers", "Reports excluded"),
    *("Records identified from each database", "Records identified from each register"),
    "Reports excluded (databases and registers)",
    "Reports excluded (other methods)",
}
"""What a part is called that says no more than its box."""


def n(count: int | None) -> str:
    """A number as PRISMA writes it, never broken over two lines."""
    return f"(n = {'not reported' if count is None else f'{count:,}'})".replace(" ", "\u00a0")


def one(of: Flow, row: str, words: str, look: str = "box") -> Box:
    """A box of one number that it must have."""
    count = of.counts.get(row)
    return Box((Item(f"{words} {n(count)}", row if count is not None else ""),), look, count is None)


def _given(of: Flow, rows: dict[str, str]) -> list[Item]:
    return [Item(f"{words} {n(of.counts[row])}", row) for row, words in rows.items() if row in of.counts]


def _parts(of: Flow, row: str) -> list[Item]:
    return [Item(f"{name} {n(count)}", row, part=True) for name, count in of.parts.get(row, [])]


def identified(of: Flow) -> Box:
    """Where the records of databases and registers are from."""
    items: list[Item] = []
    for kind, words in (("database", "Databases"), ("register", "Registers")):
        specific = _parts(of, f"{kind}_specific_results")
        if f"{kind}_results" in of.counts:
            items += _given(of, {f"{kind}_results": words})
        elif specific:
            items.append(Item(f"{words}:"))
        items += specific
    if items:
        return Box((Item("Records identified from:"), *items))
    return Box((Item("Records identified from:"), Item(f"Databases {n(None)}")), gap=True)


def removed(of: Flow) -> Box:
    """What was removed before screening."""
    words = (
        "Duplicate records removed",
        "Records marked as ineligible by automation tools",
        "Records removed for other reasons",
    )
    items = _given(of, dict(zip(REMOVED, words, strict=True)))
    if items:
        return Box((Item("Records removed before screening:"), *items))
    return Box((Item(f"Records removed before screening {n(None)}"),), gap=True)


def by_other_methods(of: Flow) -> Box:
    """Where the records of other methods are from."""
    items = _given(of, dict(zip(OTHERS, ("Websites", "Organisations", "Citation searching"), strict=True)))
    if items:
        return Box((Item("Records identified from:"), *items), "grey-box")
    return Box((Item(f"Records identified from other methods {n(None)}"),), "grey-box", True)


def excluded(of: Flow, side: str, look: str = "box") -> Box:
    """The reports that were excluded, by their reasons where these are told."""
    row = f"{side}_excluded"
    reasons = _parts(of, row)
    if reasons:
        return Box((Item("Reports excluded:"), *reasons), look)
    return one(of, row, "Reports excluded", look)


def waiting(of: Flow, row: str) -> Box | None:
    """Records that nobody has decided about, where there are some."""
    count = of.counts.get(row, 0)
    return Box((Item(f"Not yet decided {n(count)}", row),), "dashed-box") if count else None


def included(of: Flow) -> Box:
    """The studies that this version includes; a new review has no others."""
    new = "new " if of.updated else ""
    rows = ["new_studies", "new_reports"]
    if not of.updated:
        rows = [row if row in of.counts else row.replace("new", "total") for row in rows]
    studies = one(of, rows[0], f"{new.capitalize()}{'s' if new else 'S'}tudies included in review")
    reports = _given(of, {rows[1]: f"Reports of {new}included studies"})
    return Box((*studies.items, *reports, *([] if of.updated else _in_meta_analysis(of))), "box", studies.gap)


def total(of: Flow) -> Box:
    """The studies of all versions."""
    studies = one(of, "total_studies", "Total studies included in review", "grey-box")
    reports = _given(of, {"total_reports": "Reports of total included studies"})
    return Box((*studies.items, *reports, *_in_meta_analysis(of)), "grey-box", studies.gap)


def previous(of: Flow) -> Box:
    """The studies of earlier versions."""
    studies = one(of, "previous_studies", "Studies included in previous version of review", "grey-box")
    reports = _given(of, {"previous_reports": "Reports of studies included in previous version of review"})
    return Box((*studies.items, *reports), "grey-box", studies.gap)


def _in_meta_analysis(of: Flow) -> list[Item]:
    return _given(
        of,
        {
            "total_studies_ma": "Total studies included in meta-analysis",
            "total_reports_ma": "Reports of total included studies in meta-analysis",
        },
    )
