"""Stated figures: how they are read, measured and judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Copy, evigraph

from evigraph.errors import DataError
from evigraph.paths import Workspace
from evigraph.queries import Table
from evigraph.reports import claims, figure_basis, reproduction
from evigraph.store import EmbeddedStore

PLAIN = "locator: a, claim: b, printed: c, kind: d, query: flow"
ROWS = Table("t", ("name", "n"), [("a", 1), ("b", 2), ("ab", 2), ("c", None)])


@pytest.mark.parametrize(
    ("where", "measure", "value"),
    [
        ({}, "rows", 4),
        ({"name": "a*"}, "rows", 2),
        ({"n": "2"}, "distinct name", 2),
        ({"name": "a"}, "cell n", 1),
        ({"n": "2"}, "cell n", 2),
        ({}, "cell n", None),
        ({}, "sum n", 5),
        ({}, "first n", 1),
        ({"name": "nothing"}, "first n", None),
    ],
)
def test_rows_become_one_number(where: dict[str, str], measure: str, value: float | None) -> None:
    """By counting, or by reading one cell."""
    assert claims.measured(ROWS, where, measure) == value


@pytest.mark.parametrize(
    ("expectation", "found", "holds"),
    [("equals", 3, True), ("equals", 4, False), ("at least", 3, True), ("at most", 4, False), ("more than", 3, False)],
)
def test_expectations(expectation: str, found: float, holds: bool) -> None:
    """Against a stated 3."""
    assert claims.EXPECTATIONS[expectation](found, 3) == holds


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("claims: [", "not YAML"),
        ("claims:\n- {locator: a}\n", "claim 1: .*missing"),
        ("claims:\n- {locator: a, claim: b, printed: c, kind: d, colour: red}\n", "colour"),
        (
            "claims:\n- {locator: a, claim: b, printed: c, kind: d, query: flow, measure: feel, value: 1}\n",
            "no expectation",
        ),
        ("claims:\n- {locator: a, claim: b, printed: c, kind: d, query: flow, measure: rows}\n", "give the stated"),
        ("claims: 5\n", "is no list"),
        ("- a\n", "begin the file with `claims:`"),
        ("claims: [a]\n", "claim 1: unknown key `a`"),
        (f"claims:\n- {{{PLAIN}, measure: cell, value: 1}}\n", "write `cell COLUMN`"),
        (f"claims:\n- {{{PLAIN}, measure: rows, value: '1'}}\n", "claim 1: the `value` `1` is no number"),
        (f"claims:\n- {{{PLAIN}, measure: rows, value: true}}\n", "is no number"),
        (f"claims:\n- {{{PLAIN}, measure: rows, value: 1, where: step}}\n", "`where` is no mapping"),
        (f"claims:\n- {{{PLAIN}, measure: rows, value: 1, basis: guessed}}\n", "no basis `guessed`"),
        (f"claims:\n- {{{PLAIN}, measure: rows, value: 1, tolerance: -1}}\n", "a `tolerance` is"),
        (
            f"claims:\n- {{{PLAIN}, measure: rows, value: 1, tolerance: 1, expectation: at most}}\n",
            "with `equals` only",
        ),
        (f"claims:\n- {{{PLAIN}, measure: rows, value: 1, untouched_by: a}}\n", "`untouched_by` is no list"),
    ],
)
def test_claims_that_cannot_be_read(tmp_path: Path, content: str, message: str) -> None:
    """One line, with file and claim."""
    path = tmp_path / "claims.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(DataError, match=message):
        claims.read(path)


def test_every_stated_figure_has_a_verdict(shipped: Workspace, store: EmbeddedStore) -> None:
    """And what differs is recorded; what can't be reproduced says what is missing."""
    found = reproduction.stated_figures(shipped, store)
    assert len(found) > 200
    assert {one.verdict for one in found} == set(reproduction.VERDICTS)
    for one in found:
        assert one.verdict.startswith("reproduced") or one.why
        assert one.recorded
        assert bool(one.regenerated) == bool(one.basis) == (not one.claim.missing)


def test_claims_stand_at_places_of_the_outline(shipped: Workspace, nquads: str) -> None:
    """Every locator is one of the review's."""
    for claim in claims.read(shipped.review / "printed" / "claims.yaml"):
        assert f'"{claim.locator}"' in nquads


def test_a_difference_that_nothing_records_fails(copy: Copy) -> None:
    """A discrepancy that isn't there records nothing."""
    copy.replace("printed/claims.yaml", "    value: 6\n", "    value: 7\n    discrepancy: discrepancy/none\n")
    ran = evigraph("--workspace", str(copy.root), "reproduce")
    assert ran.returncode == 1
    assert "Number of databases searched: printed six, regenerated 6" in ran.stderr
    assert ran.stderr.endswith("1 differ from the paper, and no discrepancy records it\n")


def test_the_report_has_every_verdict() -> None:
    """As rows for a program."""
    rows = json.loads(evigraph("reproduce", "--format", "json").stdout)
    assert [row["place"] for row in rows[:5]] == [f"Table {n}" for n in range(1, 6)]
    assert {row["verdict"] for row in rows} == set(reproduction.VERDICTS)
    assert {row["basis"] for row in rows} == {"", *claims.BASES}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("      record: database\n", "      recrd: database\n", "claim 2: `review-records` has no column `recrd`"),
        ("    measure: cell count\n", "    measure: cell cuont\n", "has no column `cuont`; name one of record, count"),
        ("    query: review-records\n", "    query: review-record\n", "claim 2: no query is called `review-record`"),
        ("      basis: all-findings\n", "      bases: all-findings\n", "stakeholder-counts has no parameter `bases`"),
    ],
)
def test_a_claim_that_names_what_is_not_there(copy: Copy, before: str, after: str, said: str) -> None:
    """One line with the file, the claim and the mend."""
    path = copy.review / "printed" / "claims.yaml"
    path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")
    ran = evigraph("--workspace", str(copy.root), "reproduce")
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert said in ran.stderr
    assert "claims.yaml: claim " in ran.stderr


@pytest.mark.parametrize(
    ("sparql", "basis"),
    [
        ("SELECT ?n WHERE { ?s evi:value ?n }", "transcribed"),
        ("SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a evi:Study }", "counted"),
        ("SELECT (COUNT(?s) / 4 AS ?n) WHERE { ?s a evi:Study }", "derived"),
        ("SELECT (AVG(?v) AS ?n) WHERE { ?s evi:value ?v }", "derived"),
        ("SELECT ?n WHERE { { SELECT (COUNT(*) AS ?m) WHERE { ?s ?p ?o } } BIND(COALESCE(?m, 0) AS ?n) }", "counted"),
        ("# (COUNT(*) AS ?n)\nSELECT ?n WHERE { ?s evi:value ?n }", "transcribed"),
        ("SELECT ?n (COUNT(*) AS ?m) WHERE { ?s evi:value ?n } GROUP BY ?n", "transcribed"),
    ],
)
def test_the_basis_of_a_column(sparql: str, basis: str) -> None:
    """A count of records, something computed, or a term of the graph as it is."""
    assert figure_basis.of_column(sparql, "n") == basis


def test_how_a_figure_is_got(shipped: Workspace, store: EmbeddedStore) -> None:
    """A stated count is handed back, what is left of it is computed, and rows at its own place prove nothing."""
    found = {(one.claim.locator, one.claim.printed): one.basis for one in reproduction.stated_figures(shipped, store)}
    assert found["Table 1 row 5", "182"] == "transcribed"
    assert found["Table 1 row 5", "55"] == "derived"
    assert found["Table 5 row 3", "779"] == "transcribed"
    assert found["Goal 2 P1 S9", "few"] == "transcribed"
    assert found["RQ8 P1 S4", "several (four cited)"] == "counted"
    assert found["Principal findings P2 S4", "drop in 2018"] == "derived"


def test_a_person_may_say_how_a_figure_is_got(copy: Copy, store: EmbeddedStore) -> None:
    """The claim's own `basis` goes before what the query tells."""
    copy.replace("printed/claims.yaml", "    value: 6\n", "    value: 6\n    basis: transcribed\n")
    second = reproduction.stated_figures(copy.workspace, store)[1]
    assert (second.verdict, second.basis) == ("reproduced", "transcribed")


def test_a_figure_that_a_discrepancy_denies_is_disputed(copy: Copy, store: EmbeddedStore) -> None:
    """A grave one, curated or computed, at the claim's own place; the claim may say that it is about something else."""

    def disputed() -> dict[tuple[str, str], str]:
        told = reproduction.stated_figures(copy.workspace, store)
        return {
            (one.claim.locator, one.claim.printed): "; ".join(one.discrepancies) for one in told if "but" in one.verdict
        }

    found = disputed()
    assert "high: discrepancy/stated-count-vs-counted-3" in found["RQ4 P1 S2", "only one"]
    assert found["Table 5 row 8", "9"].startswith("high: same-quantity-different-value")
    assert ("Table 5 row 8", "37") not in found
    assert not any("year-differs-from-reference" in named for named in found.values())
    copy.replace(
        "printed/claims.yaml",
        "    value: 9\n    untouched_by:\n",
        "    value: 9\n    untouched_by:\n      - same-quantity-different-value\n",
    )
    assert ("Table 5 row 8", "9") not in disputed()


def test_the_overview_totals_how_figures_are_got(shipped: Workspace, store: EmbeddedStore) -> None:
    """Each verdict with its bases, which add up."""
    found = reproduction.stated_figures(shipped, store)
    text = reproduction.overview([], found)
    for verdict in reproduction.VERDICTS[:2]:
        those = [one.basis for one in found if one.verdict == verdict]
        how = ", ".join(f"{those.count(basis)} {basis}" for basis in claims.BASES)
        assert f"{len(those):4} of {len(found)} stated figures: {verdict} ({how})" in text


def test_the_page_tells_these_totals(shipped: Workspace, store: EmbeddedStore) -> None:
    """docs/reproduction.md has the numbers that the command gives."""
    found = reproduction.stated_figures(shipped, store)
    verdicts = [one.verdict for one in found]
    same, disputed, differ, cannot = (verdicts.count(verdict) for verdict in reproduction.VERDICTS)
    how = [one.basis for one in found if one.verdict in reproduction.VERDICTS[:2]]
    counted, derived, transcribed = (how.count(basis) for basis in claims.BASES)
    text = " ".join((Path(__file__).parents[2] / "docs" / "reproduction.md").read_text("utf-8").split())
    reproduced = same + disputed
    assert f"Of {len(found)} claims, {reproduced} are reproduced ({disputed} of them disputed), {differ} differ" in text
    assert f"and {cannot} cannot be reproduced" in text
    assert f"Of the {reproduced}, {counted} are counted, {derived} derived and {transcribed} transcribed." in text


@pytest.mark.parametrize(("tolerance", "holds"), [(0, False), (0.01, True)])
def test_a_claim_may_state_a_tolerance(tolerance: float, holds: bool) -> None:
    """By which `equals` may miss."""
    claim = claims.Claim("a", "b", "c", "d", tolerance=tolerance)
    assert claim.holds(66.67, 66.6667) is holds
    assert claim.holds(0.1 + 0.2, 0.3)
