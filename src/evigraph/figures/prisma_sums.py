"""Whether the numbers of a flow of records add up, box after box; none is ever mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Counts = dict[str, int]
"""The numbers of a flow by the names of the R package PRISMA2020; what nobody knows isn't there."""

REMOVED = ("duplicates", "excluded_automatic", "excluded_other")
OTHERS = ("website_results", "organisation_results", "citations_results")


@dataclass(frozen=True)
class Fault:
    """A joint of the diagram at which the numbers don't add up.

    Attributes:
        below: the row that the arrow leads to. says: both sums in words.
    """

    below: str
    says: str


def faults(counts: Counts, parts: dict[str, int]) -> list[Fault]:
    """Where the numbers don't add up, from the top down; `parts` has the sum of the parts of each row that has some."""
    return [*_of_parts(counts, parts), *_of_databases(counts), *_of_others(counts), *_of_included(counts)]


def _of_parts(counts: Counts, parts: dict[str, int]) -> Iterator[Fault]:
    for whole, of in (
        ("database_results", "database_specific_results"),
        ("register_results", "register_specific_results"),
    ):
        if whole in counts and of in parts and counts[whole] != parts[of]:
            kind = whole.removesuffix("_results")
            yield Fault(whole, f"the {kind}s add up to {parts[of]:,} records, not {counts[whole]:,}")


def _of_databases(counts: Counts) -> Iterator[Fault]:
    if "database_results" in counts:
        start = ("database_results", "register_results")
        out: tuple[str, ...] = (*REMOVED, "records_waiting")
        yield from _joint(
            counts, "records_screened", start, out, "duplicates", ("records identified", "removed or waiting")
        )
    lost = ("dbr_notretrieved_reports", "dbr_waiting")
    if "dbr_sought_reports" in counts:
        said = ("records screened", "excluded")
        yield from _joint(
            counts, "dbr_sought_reports", ("records_screened",), ("records_excluded",), "records_excluded", said
        )
        said = ("reports sought", "not retrieved or waiting")
        yield from _joint(counts, "dbr_assessed", ("dbr_sought_reports",), lost, "dbr_notretrieved_reports", said)
    else:
        said = ("records screened", "excluded, not retrieved or waiting")
        out = ("records_excluded", *lost)
        needed = "dbr_notretrieved_reports" if "records_excluded" in counts else "records_excluded"
        yield from _joint(counts, "dbr_assessed", ("records_screened",), out, needed, said)


def _of_others(counts: Counts) -> Iterator[Fault]:
    identified, sought = sum(counts.get(row, 0) for row in OTHERS), counts.get("other_sought_reports", 0)
    if all(row in counts for row in OTHERS) and sought > identified:
        yield Fault("other_sought_reports", f"{sought:,} reports sought of {identified:,} records identified")
    lost = ("other_notretrieved_reports", "other_waiting")
    said = ("reports sought", "not retrieved or waiting")
    yield from _joint(counts, "other_assessed", ("other_sought_reports",), lost, "other_notretrieved_reports", said)


def _of_included(counts: Counts) -> Iterator[Fault]:
    last = next((row for row in ("dbr_assessed", "dbr_sought_reports", "records_screened") if row in counts), "")
    gone = {"dbr_sought_reports": "dbr_notretrieved_reports", "records_screened": "records_excluded"}
    out = gone.get(last, "dbr_excluded")
    studies = "new_studies"
    if not {"new_reports", "new_studies", "previous_studies"} & counts.keys():  # a new review may give its totals alone
        studies = "total_studies"
    reports = studies.replace("studies", "reports")
    end = reports if reports in counts else studies
    if end in counts and last:
        yield from _at_the_end(counts, last, out, end)
    for unit in ("studies", "reports"):
        rows = [f"previous_{unit}", f"new_{unit}", f"total_{unit}"]
        if all(row in counts for row in rows):
            previous, new, total = (counts[row] for row in rows)
            if previous + new != total:
                yield Fault(f"total_{unit}", f"{previous:,} + {new:,} {unit} are {previous + new:,}, not {total:,}")


def _at_the_end(counts: Counts, last: str, out: str, end: str) -> Iterator[Fault]:
    """What both arms leave against what is included."""
    # Several reports may be of one study; screened records that are followed no further have to be the studies. Of
    # reports that were sought, nobody knows how many were excluded where nobody says how many were assessed.
    known = out in counts and (end.endswith("reports") or last == "records_screened") and last != "dbr_sought_reports"
    left, said = (
        counts[last] - counts.get(out, 0),
        f"{counts[last]:,}" + (f" − {counts[out]:,}" if out in counts else ""),
    )
    if any(row.startswith("other_") or row in OTHERS for row in counts):
        if "other_assessed" not in counts:
            return
        known = known and "other_excluded" in counts
        gone = counts.get("other_excluded", 0)
        left += counts["other_assessed"] - gone
        said += f" + {counts['other_assessed']:,}" + (f" − {gone:,}" if gone else "")
    if left < counts[end] or (known and left != counts[end]):
        unit = end.partition("_")[2]
        yield Fault(end, f"{said} leaves {left:,}, but {counts[end]:,} {unit} are included")


def _joint(
    counts: Counts, below: str, start: tuple[str, ...], out: tuple[str, ...], needed: str, said: tuple[str, str]
) -> Iterator[Fault]:
    """What is left of the rows of `start` against the row below.

    Where the row `needed` of what is gone isn't known, what is left can only be too little.
    """
    begun, gone = ([counts[row] for row in rows if row in counts] for rows in (start, out))
    if below not in counts or not begun:
        return
    left, stated = sum(begun) - sum(gone), counts[below]
    if left < stated or (needed in counts and left != stated):
        taken = f" − {' − '.join(f'{n:,}' for n in gone)} {said[1]}" if gone else ""
        whole = " + ".join(f"{n:,}" for n in begun)
        yield Fault(below, f"{whole} {said[0]}{taken} leaves {left:,}, but the next box says {stated:,}")
