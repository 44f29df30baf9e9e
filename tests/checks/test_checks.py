"""Shapes and check queries: each finds its own fault and nothing else."""

from __future__ import annotations

import re

import pytest
from conftest import Copy, evigraph

from evigraph import checks, queries
from evigraph.paths import Workspace
from evigraph.store import EmbeddedStore

MAH = "studies/mah-2016.yaml"
HENSIEK = "studies/hensiek-2017.yaml"

SPOILT = {
    "finding without statement": (MAH, "    statement: ", "    note: ", "exactly one statement"),
    "finding without locator": (MAH, "    locatedAt: locator/Goal-1-P2-S2\n", "", "exactly one locatedAt"),
    "finding without coding": (MAH, "    coding: coding/consensus\n", "", "exactly one coding"),
    "finding without question": (MAH, "    answers:\n      goal/goal-1: supports\n", "", "at least one answers"),
    "benefit that is a drawback": (
        MAH,
        "benefit: benefit/student-motivation",
        "benefit: drawback/maintenance",
        "benefit",
    ),
    "against a question that asks what": (
        MAH,
        "question/rq-8: supports",
        "question/rq-8: against",
        "asks what there is",
    ),
    "no condition": (MAH, "goal/goal-1: supports", "goal/goal-1: conditional", "without its condition"),
    "condition of no conditional": (
        MAH,
        "goal/goal-1: supports",
        "goal/goal-1: {stance: supports, condition: if badges are public}",
        "isn't conditional",
    ),
    "inference without basis": (MAH, "  basis: Cited as evidence", "  note: Cited as evidence", "needs a basis"),
    "percentage over 100": ("studies/maina-2022.yaml", "value: 87.5", "value: 875", "0 to 100"),
    "no course": (HENSIEK, "      course: 'Yes'\n", "", "has no value of course"),
    "value of a finding without its value": (
        HENSIEK,
        "      course: 'Yes'\n",
        "      course: {note: It was told}\n",
        "needs a text, a value or a concept",
    ),
    "citation of another study": (HENSIEK, "citation/Goal-2-P1-S5/1", "citation/Goal-2-P1-S7/1", "another study"),
    "finding elsewhere": (
        HENSIEK,
        "locatedAt: locator/Goal-2-P1-S5\n    coding",
        "locatedAt: locator/RQ7-P1-S3\n    coding",
        "another section",
    ),
    "wrong question": (HENSIEK, "question/rq-5:", "question/rq-7:", "doesn't answer it"),
    "flow that leaves other studies": ("review.yaml", "count: 21", "count: 20", "35 studies"),
    "study no longer included": (MAH, "  state: inferred\n", "  state: not-applicable\n", "33|34 studies"),
    "citation nobody codes": ("citations.yaml", "    notCoded: ", "    note: ", "no finding cites"),
    "verdict that the state denies": (
        MAH,
        "  verdict: include\n",
        "  verdict: exclude\n",
        "has the state not-applicable",
    ),
    "code above itself": (
        "codebook.yaml",
        "    label: Business models\n",
        "    label: Business models\n    broader: benefit/business-models\n",
        "“Business models” stands below “Business models”",
    ),
    "two codes of one label": (
        "codebook.yaml",
        "    label: Business models\n",
        "    label: content Is more current\n",
        "another code of its list is called “content Is more current” too",
    ),
    "code that was merged": (
        "codebook.yaml",
        "    label: Business models\n",
        "    label: Business models\n    deprecated: true\n    replacedBy: [benefit/outreach]\n",
        "has the code “Business models”, which is deprecated",
    ),
    "replaced and not deprecated": (
        "codebook.yaml",
        "    label: Business models\n",
        "    label: Business models\n    replacedBy: [benefit/outreach]\n",
        "write deprecated: true, once",
    ),
    "one DOI of two studies": (
        HENSIEK,
        "    title: ",
        "    doi: 10.5555/TWICE\n    title: ",
        "has a report with the DOI 10.5555/TWICE too",
    ),
    "coding after itself": (
        "review.yaml",
        "      - coding/coder-a\n",
        "      - coding/consensus\n",
        "comes before itself",
    ),
    "locator without its form": ("outline.yaml", "label: RQ8 P1 S4", "label: RQ8 S4", "of the form"),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_fault_is_found(copy: Copy, fault: str) -> None:
    """A spoilt document gives a violation that names it, its line and the mend."""
    name, old, new, message = SPOILT[fault]
    copy.replace(name, old, new)
    if fault == "one DOI of two studies":
        copy.replace(MAH, "    title: ", "    doi: 10.5555/twice\n    title: ")
    found = checks.check(copy.workspace)
    assert found
    assert any(re.search(message, str(each)) for each in found), found
    assert all(each.path.name.endswith(".yaml") and each.line > 0 for each in found)


def test_the_shipped_review_holds(shipped: Workspace) -> None:
    """There is nothing to find in it."""
    assert checks.check(shipped) == []


def test_every_check_query_can_fail(shipped: Workspace) -> None:
    """Each has a record, a key and a message, and a fault above or below that it finds."""
    named = [query for query in queries.load_all(shipped) if query.folder == "checks"]
    assert {query.columns for query in named} == {("record", "key", "message")}
    assert len(named) >= 8


def test_a_row_of_another_stakeholder(copy: Copy) -> None:
    """A finding in a table's row concerns the stakeholder of that row."""
    copy.replace(
        "codebook.yaml", "    concerns:\n      - stakeholder/student", "    concerns:\n      - stakeholder/employer"
    )
    assert any("concerns Employer" in each.message for each in checks.check(copy.workspace))


def test_flow_arithmetic(copy: Copy) -> None:
    """A stated count that subtraction contradicts is found."""
    copy.replace("review.yaml", "    startsFrom: flow/identified\n", "    count: 56\n    startsFrom: flow/identified\n")
    assert any("states 56, but subtraction leaves 55" in each.message for each in checks.check(copy.workspace))


def test_a_key_of_the_review_is_told_where_it_stands(copy: Copy) -> None:
    """The review is a record of several documents, and the first by name isn't the one to mend."""
    copy.replace("review.yaml", "source: reference/review\n", "source: https://example.org/\n")
    lines = (copy.review / "review.yaml").read_text("utf-8").splitlines()
    found = [each for each in checks.check(copy.workspace) if each.key == "source"]
    assert [(each.path.name, each.line) for each in found] == [
        ("review.yaml", lines.index("source: https://example.org/") + 1)
    ]


def test_the_command_names_each_violation(copy: Copy) -> None:
    """One line a violation on stdout, a summary on stderr, exit code 1."""
    copy.replace(MAH, "    coding: coding/consensus\n", "")
    ran = evigraph("--workspace", str(copy.root), "check")
    assert ran.returncode == 1
    assert ran.stdout.count("\n") == 1
    assert "mah-2016.yaml:" in ran.stdout
    assert ran.stderr == "evigraph: 1 violation; each line says how to mend it\n"


@pytest.mark.parametrize(("other", "found"), [("Anna", 1), ("Ben", 0)])
def test_one_person_cannot_include_and_exclude(other: str, found: int, shipped: Workspace) -> None:
    """Two people can, and then it waits for them to agree."""
    n = "https://w3id.org/evigraph/ns#"
    lines = []
    for key, verdict, who in (("a", "include", "Anna"), ("b", "exclude", other)):
        lines += [
            f"<x:r> <{n}decision> <x:{key}> <x:g> .",
            f"<x:{key}> <{n}verdict> <{n}{verdict}> <x:g> .",
            f"<x:{key}> <{n}screeningStage> <{n}full-text> <x:g> .",
            f'<x:{key}> <{n}decidedBy> "{who}" <x:g> .',
        ]
    store = EmbeddedStore()
    store.load("\n".join(lines))
    rows = queries.run(store, queries.load(shipped, "include-beside-exclude")).rows
    assert [str(row[0]) for row in rows] == ["x:r"] * found
