"""What became of a record: which decisions hold, and the boxes that it passes."""

from __future__ import annotations

from typing import Any

import pytest

from evigraph.data import outcomes


def said(*words: str) -> list[dict[str, Any]]:
    """Decisions, each told as `who verdict stage reason`."""
    made = []
    for number, each in enumerate(words, 1):
        who, verdict, stage, *why = each.split(" ", 3)
        row = {"id": f"decision/{number}", "verdict": verdict, "screeningStage": stage, "decidedBy": who}
        made.append(row | ({"basis": why[0]} if why else {}))
    return made


@pytest.mark.parametrize(
    ("decisions", "held"),
    [
        (["Ann include full-text", "Ben include full-text"], "include"),
        (["Ann include full-text", "Ben exclude full-text late"], None),
        (["Ann include full-text", "Ben exclude full-text late", "Consensus exclude full-text design"], "design"),
        (["Ann exclude full-text late", "consensus exclude full-text"], "late"),
        (["Ann exclude full-text late", "consensus include full-text"], "include"),
        (["consensus exclude full-text a", "consensus include full-text"], None),
        (["Ann exclude full-text a", "Ben exclude full-text B-c", "Cy exclude full-text b  c."], "B-c"),
        (["Ann exclude full-text", "Ben exclude full-text b"], "b"),
        (["Ann exclude title-abstract a"], None),
    ],
)
def test_the_decision_that_holds(decisions: list[str], held: str | None) -> None:
    """Consensus before others; of several reasons the most frequent, then the first."""
    found = outcomes.prevailing(said(*decisions), "full-text")
    assert (found and found.get("basis", found["verdict"])) == held


SOUGHT = ["records_screened", "dbr_sought_reports"]


@pytest.mark.parametrize(
    ("kind", "record", "boxes"),
    [
        ("", {}, ["database_results", "records_waiting"]),
        ("citation", {}, ["citations_results", "other_records_waiting"]),
        ("website", {"duplicateOf": "record/1"}, ["website_results", "other_duplicates"]),
        ("register", {"duplicateOf": "record/1"}, ["register_results", "duplicates"]),
        ("", {"identifies": "report/a"}, ["database_results", *SOUGHT, "dbr_assessed"]),
        ("", {"foundIn": "ClinicalTrials.gov"}, ["register_results", "records_waiting"]),
        ("", {"foundIn": "Cochrane Central Register of Controlled Trials"}, ["database_results", "records_waiting"]),
        ("organisation", {"foundIn": "ISRCTN"}, ["organisation_results", "other_records_waiting"]),
    ],
)
def test_where_a_record_without_decisions_is(kind: str, record: dict[str, Any], boxes: list[str]) -> None:
    """By its search, what it duplicates, and its report."""
    assert outcomes.derived(record, kind) == {"boxes": boxes}


@pytest.mark.parametrize(
    ("kind", "decisions", "boxes"),
    [
        ("", ["Ann exclude title-abstract"], ["records_screened", "records_excluded"]),
        ("", ["Ann maybe title-abstract"], ["records_waiting"]),
        ("", ["Ann include title-abstract", "Ben exclude title-abstract"], ["records_waiting"]),
        ("", ["Ann include title-abstract"], [*SOUGHT, "dbr_waiting"]),
        ("", ["Ann exclude retrieval"], [*SOUGHT, "dbr_notretrieved_reports"]),
        ("", ["Ann exclude retrieval", "Ann exclude full-text"], [*SOUGHT, "dbr_assessed", "dbr_excluded"]),
        ("", ["Ann include full-text", "Ben exclude full-text"], [*SOUGHT, "dbr_waiting"]),
        ("citation", ["Ann exclude title-abstract"], ["other_records_excluded"]),
        ("citation", ["Ann exclude full-text"], ["other_sought_reports", "other_assessed", "other_excluded"]),
        ("website", ["Ann exclude retrieval"], ["other_sought_reports", "other_notretrieved_reports"]),
    ],
)
def test_where_a_record_ends(kind: str, decisions: list[str], boxes: list[str]) -> None:
    """Each in one box, of its own arm."""
    assert outcomes.derived({"decisions": said(*decisions)}, kind)["boxes"][1:] == boxes
