"""Stated figures: how they are read, measured and judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Copy, evigraph

from evigraph.errors import DataError
from evigraph.paths import Workspace
from evigraph.queries import Table
from evigraph.reports import claims, reproduction
from evigraph.store import EmbeddedStore

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
        assert one.verdict == "reproduced" or one.why
        assert one.recorded
        assert one.regenerated or one.verdict != "reproduced"


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
