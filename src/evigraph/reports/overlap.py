"""How far reviews rest on the same studies: the corrected covered area, and who includes what.

Source: Pieper, Antoine, Mathes, Neugebauer & Eikermann (2014), Systematic review finds overlapping reviews were not
mentioned in every other overview, J Clin Epidemiol 67(4):368-375, doi:10.1016/j.jclinepi.2013.11.007.
"""

from __future__ import annotations

from itertools import combinations

from evigraph.queries import Cell, Table
from evigraph.reports.shared_studies import SharedStudy

COLUMNS = ("review_1", "review_2", "shared", "inclusions", "studies", "cca", "overlap")
WORDS = ((5.0, "slight"), (10.0, "moderate"), (15.0, "high"))
"""What an overlap of so many percent at most is called; one of more is very high."""


def corrected_covered_area(inclusions: int, studies: int, reviews: int) -> float | None:
    """(N - r) / (r c - r) in percent, for N inclusions of r studies in c reviews; None without a study."""
    if not studies:
        return None
    return 100 * (inclusions - studies) / (studies * reviews - studies)


def called(area: float | None) -> str:
    """The usual word for a corrected covered area."""
    if area is None:
        return "no studies"
    return next((word for most, word in WORDS if area <= most), "very high")


def table(shared: list[SharedStudy], reviews: list[str]) -> Table:
    """One row a pair of reviews, and a last one over all of them.

    `shared` counts studies that both include; over all, those that two reviews or more include.
    """
    pairs = [(first, second) for first, second in combinations(reviews, 2)]
    rows = [_row(shared, [first, second], (first, second)) for first, second in pairs]
    if len(pairs) > 1:
        rows.append(_row(shared, reviews, ("all", "all")))
    return Table("overlap", COLUMNS, rows)


def _row(shared: list[SharedStudy], reviews: list[str], names: tuple[str, str]) -> tuple[Cell, ...]:
    counts = [sum(name in study.members for name in reviews) for study in shared]
    inclusions, studies = sum(counts), sum(count > 0 for count in counts)
    area = corrected_covered_area(inclusions, studies, len(reviews))
    common = sum(count > 1 for count in counts)
    return (*names, common, inclusions, studies, None if area is None else round(area, 1), called(area))


def matrix(shared: list[SharedStudy], reviews: list[str]) -> Table:
    """The citation matrix: one row a study, one column a review with the study's key there, and what tells."""
    ordered = sorted(shared, key=lambda study: (study.label.casefold(), study.label, sorted(study.members.items())))
    rows: list[tuple[Cell, ...]] = []
    for study in ordered:
        keys = ("; ".join(study.members[name]) if name in study.members else None for name in reviews)
        rows.append((study.label, *keys, len(study.members), "; ".join(study.same_by) or None))
    return Table("overlap", ("study", *reviews, "reviews", "same_by"), rows)
