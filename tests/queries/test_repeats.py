"""A finding that repeats another: said twice, counted once."""

from __future__ import annotations

import pytest
from conftest import Copy

from evigraph import queries
from evigraph.queries import build

MAH = "studies/mah-2016.yaml"
AGAIN = """findings:
  - id: finding/again/mah-2016
    type: Finding
    answers:
      goal/goal-1: against
    concerns:
      - stakeholder/student
    effect: negative
    modality: found
    benefit: benefit/student-motivation
    statement: It is said once more.
    locatedAt: locator/Goal-1-P2-S2
    coding: coding/consensus
"""
REPEATS = "    repeats: finding/Goal-1-P2-S2/mah-2016\n"


@pytest.mark.parametrize("name", ["directions", "effects-by-outcome", "coverage"])
def test_counts_leave_repeats_out(copy: Copy, name: str) -> None:
    """They are the same with it as without it, and others where it stands for itself."""

    def rows() -> list[tuple[queries.Cell, ...]]:
        return list(queries.run(build.open_store(copy.workspace), queries.load(copy.workspace, name)).rows)

    before = rows()
    copy.replace(MAH, "findings:\n", AGAIN)
    assert rows() != before
    copy.replace(MAH, "    statement: It is said once more.\n", f"    statement: It is said once more.\n{REPEATS}")
    assert rows() == before
