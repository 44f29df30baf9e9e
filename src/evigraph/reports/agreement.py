"""How far coders and screeners agree: Cohen's kappa and Krippendorff's alpha of what two of them judged.

Both tell by how much the coders agree beyond chance: 1 is full agreement, 0 what chance alone would give. They differ
in what chance is: for kappa each coder has habits of their own, for alpha both draw from one pool of values.

Sources: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960),
https://doi.org/10.1177/001316446002000104; K. Krippendorff, Content Analysis (2004), chapter 11.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from evigraph.data import judgements, screeners
from evigraph.data.judgements import Pair, Values
from evigraph.paths import Workspace
from evigraph.queries import Cell, Table

COLUMNS = (
    *("what", "attribute", "among", "coder_1", "coder_2"),
    *("both", "same", "only_1", "only_2", "kappa", "alpha"),
)
DIFFERENCES = ("what", "attribute", "of", "coder_1", "says_1", "coder_2", "says_2")
UNDEFINED = "undefined"
"""What stands for a figure where chance alone would have agreed everywhere, or nothing is left to compare."""
UNTOLD = ("", "not-reported")
"""Values that tell nothing: a coder left the field empty, or found that the text doesn't say."""


def table(workspace: Workspace) -> Table:
    """A row for each field and two of its coders: among `all` units, and, where some aren't, those that are `told`.

    `both` counts the units that both have, `same` those of them with one value, `only_1` and `only_2` those that one
    coder has. Among `told`, what is empty or not reported counts as what a coder doesn't have.

    Those who screened come first, stage by stage; where more than two did, a row of all of them follows, with the
    alpha of all their decisions: any two may have read a record.

    Raises:
        DataError: a file of `codings/` or of `records/` can't be read as one.
    """
    coded = [row for pair in judgements.pairs(workspace) for row in _rows(pair)]
    return Table("agreement", COLUMNS, [*_screened(workspace), *coded])


def differences(workspace: Workspace) -> Table:
    """A row for each thing on which two coders, or two who screened, differ: what each of them said of it.

    What one of them left empty is empty, and what one doesn't have at all has no cell.

    Raises:
        DataError: a file of `codings/` or of `records/` can't be read as one.
    """
    every = [*screeners.pairs(screeners.judged(workspace)), *judgements.pairs(workspace)]
    rows: list[tuple[Cell, ...]] = [
        (pair.what, pair.attribute, unit, pair.coders[0], one, pair.coders[1], other)
        for pair in every
        for unit, (one, other) in zip(pair.units, pair.values, strict=True)
        if one != other
    ]
    return Table("differences", DIFFERENCES, rows)


def _screened(workspace: Workspace) -> Iterator[tuple[Cell, ...]]:
    judged = screeners.judged(workspace)
    found = list(screeners.pairs(judged))
    for stage, values in judged.items():
        name = screeners.STAGES[stage]
        of_stage = [pair for pair in found if pair.attribute == name]
        for pair in of_stage:
            yield from _rows(pair)
        if len(values) > 2 and of_stage:
            yield _of_all(name, values)


def _of_all(stage: str, values: Values) -> tuple[Cell, ...]:
    """A row of more than two reviewers; kappa is a figure of two."""
    units = [[each[unit] for each in values.values() if unit in each] for unit in sorted(set().union(*values.values()))]
    both = [each for each in units if len(each) > 1]
    found = alpha(units)
    figures = ("", UNDEFINED if found is None else round(found, 3))
    same = sum(len(set(each)) == 1 for each in both)
    return (
        screeners.SCREENING,
        stage,
        "all",
        f"all {len(values)}",
        "",
        len(both),
        same,
        len(units) - len(both),
        0,
        *figures,
    )


def _rows(pair: Pair) -> Iterator[tuple[Cell, ...]]:
    yield _row(pair, "all", pair.values)
    if any(value in UNTOLD for values in pair.values for value in values):
        yield _row(pair, "told", [(_told(one), _told(other)) for one, other in pair.values])


def _told(value: str | None) -> str | None:
    return None if value in UNTOLD else value


def _row(pair: Pair, among: str, values: list[tuple[str | None, str | None]]) -> tuple[Cell, ...]:
    both = [(one, other) for one, other in values if one is not None and other is not None]
    only = [sum(one is not None and other is None for one, other in way) for way in (values, _turned(values))]
    figures = [UNDEFINED if each is None else round(each, 3) for each in (kappa(both), alpha(both))]
    same = sum(one == other for one, other in both)
    return (pair.what, pair.attribute, among, *pair.coders, len(both), same, *only, *figures)


def _turned(values: list[tuple[str | None, str | None]]) -> Iterable[tuple[str | None, str | None]]:
    return ((other, one) for one, other in values)


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two coders, a pair of nominal values a unit: (p_o - p_e) / (1 - p_e).

    p_o is the share of units with one value, p_e the share that the coders' own frequencies of values would give. None
    if p_e is 1, for both then have one value only, or if there are no units.
    """
    ours, theirs = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    whole = len(pairs) ** 2
    expected = sum(count * theirs[value] for value, count in ours.items())
    observed = len(pairs) * sum(one == other for one, other in pairs)
    return (observed - expected) / (whole - expected) if whole != expected else None


def alpha(units: Sequence[Sequence[str]]) -> float | None:
    """Krippendorff's alpha for nominal values: 1 - D_o / D_e; a unit has a value of each coder who judged it.

    Units with fewer than two values count for nothing. D_o is the share of pairs of values within units that differ, in
    which a unit of m values weighs as m; D_e is the share of all pairs of values that differ. None if none differ.
    """
    judged = [Counter(values) for values in units if len(values) > 1]
    pool = sum(judged, Counter())
    n = pool.total()
    expected = n * n - sum(count * count for count in pool.values())
    if not expected:
        return None
    observed = sum((each.total() ** 2 - sum(c * c for c in each.values())) / (each.total() - 1) for each in judged)
    return 1 - (n - 1) * observed / expected
