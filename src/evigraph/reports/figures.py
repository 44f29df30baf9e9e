"""The verdicts on stated figures: what the graph gives for each, how it is got, and which discrepancy disputes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evigraph.errors import DataError, UsageError
from evigraph.queries import Ask, Query, Table
from evigraph.reports import figure_basis, table_formats
from evigraph.reports.claims import Claim, matching, measured

VERDICTS = ("reproduced", "reproduced, but disputed", "differs", "cannot be reproduced")
SEVERITIES = ("high", "moderate", "low")


@dataclass(frozen=True)
class Outcome:
    """A claim's verdict: one of `VERDICTS`.

    Attributes:
        regenerated: the value from the graph, or empty. why: what is missing, or the discrepancy that records it.
        recorded: whether a difference is recorded by a discrepancy of the review. basis: how the value was got, one of
        `BASES`, or empty. discrepancies: those at the claim's own place, each with its severity, the gravest first.
    """

    claim: Claim
    verdict: str
    regenerated: str
    why: str
    recorded: bool = True
    basis: str = ""
    discrepancies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Discrepancies:
    """The discrepancies of a review, curated and computed.

    Attributes:
        ids: of the curated ones. at: severity and name of each by the places that it is between; a computed one's name
        is its kind. One with an entry of the reference list is about a citation, and left out.
    """

    ids: frozenset[str]
    at: dict[str, list[tuple[str, str]]]


ASKED = ("discrepancy-ids", "discrepancies", "reference-places", figure_basis.ASKED)
"""The queries that the verdicts rest on besides those of the claims."""


def discrepancies(load: Callable[[str], Query], ask: Ask) -> Discrepancies:
    """The discrepancies of a review; `load` gives a query by its name, and `ask` its answer."""
    curated = {str(sentence): str(name) for name, _, sentence in ask(load("discrepancy-ids"), None).rows}
    entries = {str(row[0]) for row in ask(load("reference-places"), None).rows}
    query = load("discrepancies")
    table = ask(query, None)
    column = {name: i for i, name in enumerate(table.columns)}
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in table.rows:
        origin, kind, severity, places, sentence = (
            str(row[column[name]] or "") for name in ("origin", "kind", "severity", "places", "sentence")
        )
        name = curated.get(sentence, kind) if origin == "curated" else kind
        between = places.split(query.fold["places"])
        for place in between if entries.isdisjoint(between) else ():
            if (severity, name) not in found[place]:
                found[place].append((severity, name))
    return Discrepancies(frozenset(curated.values()), found)


def judge(load: Callable[[str], Query], ask: Ask, claims: list[Claim], path: Path) -> list[Outcome]:
    """The verdict on each claim, in their order; `load` gives a query by its name, and `ask` its answer.

    Raises:
        DataError: a claim of the file `path` names a query, parameter or column that isn't there.
    """
    if not claims:
        return []
    known = discrepancies(load, ask)
    stated = ask(load(figure_basis.ASKED), None)
    loaded = cache(load)  # many claims rest on one query
    outcomes = []
    for claim in claims:
        try:
            outcomes.append(_judged(loaded, ask, claim, known, stated))
        except UsageError as error:
            raise DataError(path, 0, f"claim {claim.number}: {error}") from None
    return outcomes


def _judged(
    load: Callable[[str], Query], ask: Ask, claim: Claim, known: Discrepancies, stated_counts: Table
) -> Outcome:
    at = [each for each in known.at.get(claim.locator, []) if each[1] not in claim.untouched_by]
    at.sort(key=lambda each: SEVERITIES.index(each[0]) if each[0] in SEVERITIES else len(SEVERITIES))
    named = tuple(f"{severity}: {name}" for severity, name in at)
    if claim.missing:
        return Outcome(claim, "cannot be reproduced", "", claim.missing, discrepancies=named)
    query = load(claim.query)
    answer = ask(query, claim.params)
    require_columns(claim, answer)
    found = measured(answer, claim.where, claim.measure)
    stated = measured(answer, claim.against, claim.measure) if claim.against else claim.value
    if found is None or stated is None:
        why = f"`{claim.query}` has no one such row"
        return Outcome(claim, "differs", "", why, False, discrepancies=named)
    shown = table_formats.number(found) + (f" against {table_formats.number(stated)}" if claim.against else "")
    basis = figure_basis.of(claim, query, matching(answer, claim.where), stated_counts)
    if claim.holds(found, stated):
        disputed = any(severity == "high" for severity, _ in at)
        return Outcome(claim, VERDICTS[disputed], shown, "", True, basis, named)
    return Outcome(claim, "differs", shown, claim.discrepancy, claim.discrepancy in known.ids, basis, named)


def require_columns(claim: Claim, answer: Table) -> None:
    """See that the columns that a claim names are there.

    Raises:
        UsageError: one isn't.
    """
    measured_column = claim.measure.partition(" ")[2]
    for column in (*claim.where, *claim.against, *([measured_column] if measured_column else [])):
        if column not in answer.columns:
            known = ", ".join(answer.columns)
            raise UsageError(f"`{claim.query}` has no column `{column}`; name one of {known}", column)
