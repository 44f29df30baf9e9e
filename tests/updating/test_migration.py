"""Workspaces of version 0.1 made today's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import evigraph

from evigraph import checks, data, ontology, queries
from evigraph.errors import DataError, UsageError
from evigraph.files import journal
from evigraph.paths import Workspace, find_workspace
from evigraph.queries.build import answer
from evigraph.updating import migration, migration_text, old_findings
from evigraph.updating.new_review import Outline, create
from evigraph.updating.old_queries import rewritten

HEAD = """id: study/{key}
type: Study
label: {label} (2023)
listing: not-listed
inclusion:
  id: inclusion/{key}
  type: Inclusion
  state: stated
findings:
"""
FINDING = """  - id: finding/{key}/{number}
    type: Finding
    answers:
      - question/rq-{question}
    concerns:
      - stakeholder/participant
    direction: {direction}
    statement: People found it {direction}.
    locatedAt: locator/Results-P1-S1
    coding: coding/first
"""
MINE = """#+ summary: Mine; a direction of wind stays.
#+ columns: [study, direction]
#+ group: [finding]
#+ order: by direction
PREFIX e: <https://w3id.org/evigraph/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?study ?direction ?finding WHERE {
  ?review e:question ?question .
  ?finding e:answers ?question ; e:fromStudy/skos:prefLabel ?study ; e:direction ?direction .
} # mine
"""
CLAIMS = """# The figures of the text.
claims:
  - locator: Results P1 S1
    claim: Findings that go well  # as printed
    printed: one
    kind: count
    query: mine
    where:
      direction: '*positive'
    measure: rows
    expectation: equals
    value: 2
"""


def old_study(key: str, directions: list[tuple[int, str]]) -> str:
    """A study of 0.1 with a finding for each question and direction."""
    rows = (
        FINDING.format(key=key, number=number, question=question, direction=direction)
        for number, (question, direction) in enumerate(directions, 1)
    )
    return HEAD.format(key=key, label=key.capitalize()) + "".join(rows)


@pytest.fixture
def old(tmp_path: Path) -> Workspace:
    """A review as 0.1 had it: two questions, three studies, its own queries and claims."""
    outline = Outline("Old", "https://example.org/old/", ("Does it work?", 'What of "it"?'))
    review = create(tmp_path / "old", "old", outline)
    text = (review / "review.yaml").read_text("utf-8")
    (review / "review.yaml").write_text(re.sub(r"(?m)^ +asks: \w+\n", "", text), "utf-8")  # 0.1 didn't say
    root = tmp_path / "old"
    for folder in list((root / "queries/old").iterdir()):  # 0.1 had no folder for each review
        folder.rename(root / "queries" / folder.name)
    for i, text in enumerate(outline.questions, 1):
        words = {"notation": f"RQ{i}", "summary": json.dumps(f"RQ{i}: {text}")}
        (root / f"queries/answers/rq-{i}.rq").write_text(queries.template("0.1/answer", words), "utf-8")
    for name in ("benefits", "drawbacks"):
        (root / f"queries/tables/{name}.rq").write_text(queries.template(f"0.1/{name}", {}), "utf-8")
    (root / "queries/counts/mine.rq").write_text(MINE, "utf-8")
    (review / "printed").mkdir()
    (review / "printed/claims.yaml").write_text(CLAIMS, "utf-8")
    locator = "locators:\n  - {id: locator/Results-P1-S1, type: Locator, label: Results P1 S1, section: Results}\n"
    outline_file = review / "outline.yaml"
    outline_file.write_text(outline_file.read_text("utf-8").replace("locators:\n", locator), "utf-8")
    every = [(q, direction) for q in (1, 2) for direction in old_findings.DIRECTIONS]
    (review / "studies/doe.yaml").write_text(old_study("doe", every), "utf-8")
    (review / "studies/roe.yaml").write_text(old_study("roe", [(1, "negative")]), "utf-8")
    return find_workspace(root)


def texts(workspace: Workspace) -> dict[str, bytes]:
    """Every file of a workspace but what evigraph keeps beside it."""
    files = (path for path in workspace.root.rglob("*") if path.is_file() and ".evigraph" not in path.parts)
    return {path.relative_to(workspace.root).as_posix(): path.read_bytes() for path in files}


def stances(workspace: Workspace) -> list[tuple[str, str, str | None]]:
    """Question, stance and effect of each finding of Doe, in order."""
    content = next(each for each in data.read_documents(workspace) if each.name == "studies/doe").content
    found = []
    for each in content["findings"]:
        answers = each["answers"]
        question = next(iter(answers))
        found.append((question[-1], answers[question] if isinstance(answers, dict) else "", each.get("effect")))
    return found


def test_directions_become_effects_and_stances(old: Workspace) -> None:
    """By what a question asks; `none` is no effect, and nothing is made up where it isn't told."""
    with pytest.raises(DataError, match="`evigraph migrate` does it"):
        data.read_documents(old)
    made = migration.migrate(old, ("RQ1=whether", "rq-2=what"), dry_run=False)
    assert stances(old) == [
        ("1", "supports", "positive"),
        ("1", "against", "negative"),
        ("1", "mixed", "mixed"),
        ("1", "context", None),
        ("1", "", "unclear"),
        ("2", "supports", "positive"),
        ("2", "supports", "negative"),
        ("2", "supports", "mixed"),
        ("2", "context", None),
        ("2", "supports", "unclear"),
    ]
    assert made.findings.effects == {"positive": 2, "negative": 3, "mixed": 2, "unclear": 2, "": 2}
    assert made.findings.questions["question/rq-1"].stances[""] == 1
    assert checks.check(old) == []
    assert [row[0] for row in answer(old, "rq-1", {}).rows] == ["Doe (2023)"] * 5 + ["Roe (2023)"]
    assert len(answer(old, "mine", {}).rows) == 9


def test_no_stance_is_made_up(old: Workspace) -> None:
    """A review that doesn't say what it asks is told so, by question, and passes check."""
    made = migration.migrate(old, (), dry_run=False)
    assert {stance for _, stance, _ in stances(old)} == {""}
    text = migration_text.as_text(made)
    assert "RQ1: doesn't say whether it asks whether or what: 6 without a stance" in text
    assert "No stance was made up for RQ1, RQ2" in text
    assert checks.check(old) == []


def test_what_a_question_asks_may_stand_in_the_review(old: Workspace) -> None:
    """Written before the migration."""
    path = old.review / "review.yaml"
    path.write_text(path.read_text("utf-8").replace("notation: RQ1\n", "notation: RQ1\n    asks: whether\n"), "utf-8")
    migration.migrate(old, (), dry_run=False)
    assert [stance for _, stance, _ in stances(old)[:3]] == ["supports", "against", "mixed"]


def test_it_is_tried_written_whole_once_and_taken_back(old: Workspace) -> None:
    """A dry run and a second run write nothing; undo restores every byte, the queries' too."""
    before = texts(old)
    tried = migration.migrate(old, (), dry_run=True)
    assert tried.written is None
    assert texts(old) == before
    made = migration.migrate(old, (), dry_run=False)
    assert made.written == len(made.documents) + len(made.texts) == 2 + 6
    after = texts(old)
    again = migration.migrate(old, (), dry_run=False)
    assert "nothing to do" in migration_text.as_text(again)
    assert texts(old) == after
    with journal.locked(old.root):
        journal.undo(old.root)
    assert texts(old) == before


def test_queries_and_claims_follow(old: Workspace) -> None:
    """Copies of templates are today's, one's own keep everything else, and comments of claims stay."""
    migration.migrate(old, (), dry_run=False)
    words = {"notation": "RQ2", "summary": json.dumps('RQ2: What of "it"?')}
    assert (old.root / "queries/answers/rq-2.rq").read_text("utf-8") == queries.template("answer", words)
    assert (old.root / "queries/tables/benefits.rq").read_text("utf-8") == queries.template("benefits", {})
    mine = MINE.replace("[study, direction]", "[study, effect]").replace("order: by direction", "order: by effect")
    mine = mine.replace("?direction", "?effect").replace("e:direction", "e:effect")
    mine = mine.replace("e:question", "e:researchQuestion")
    assert (old.root / "queries/counts/mine.rq").read_text("utf-8") == mine
    claims = (old.review / "printed/claims.yaml").read_text("utf-8")
    assert claims == CLAIMS.replace("direction:", "effect:")


def test_a_review_without_findings(tmp_path: Path) -> None:
    """Its queries alone tell that it is of 0.1."""
    create(tmp_path / "new", "new", Outline("New", "https://example.org/new/"))
    workspace = find_workspace(tmp_path / "new")
    assert "nothing to do" in migration_text.as_text(migration.migrate(workspace, ("RQ1=what",), dry_run=True))
    words = {"notation": "RQ1", "summary": '"RQ1: What is known?"'}
    (tmp_path / "new/queries/new/answers/rq-1.rq").write_text(queries.template("0.1/answer", words), "utf-8")
    assert list(migration.migrate(workspace, (), dry_run=False).texts) == ["queries/new/answers/rq-1.rq"]
    assert checks.check(workspace) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT ?direction { ?f <https://w3id.org/evigraph/ns#direction> ?direction }", "ns#effect> ?effect }"),
        ("SELECT ?effect { ?f evi:direction ?direction . BIND(1 AS ?effect) }", "evi:effect ?direction ."),
        ("ASK { ?f a evi:Direction ; my-evi:direction ?x }", "ASK { ?f a evi:Effect ; my-evi:direction ?x }"),
        ("ASK { ?f evi:answer ?a . ?a evi:question ?q ; evi:direction ?d }", "evi:question ?q ; evi:effect ?d"),
    ],
)
def test_terms_are_told_from_other_words(text: str, expected: str) -> None:
    """Whole IRIs, other prefixes, variables of the same name, and a query that is half today's."""
    made = rewritten(Path("x.rq"), text)
    assert made is not None
    assert expected in made.text


@pytest.mark.parametrize(
    "text", ["SELECT ?direction { ?wind ?direction ?d }", "ASK { ?a evi:stance ?s ; evi:question ?q }"]
)
def test_other_queries_stay(text: str) -> None:
    """A direction that isn't ours, and today's terms."""
    assert rewritten(Path("x.rq"), text) is None


def test_the_rules_hold_to_the_vocabulary() -> None:
    """Every stance and effect that is written is a code of today."""
    written = {stance for each in old_findings.STANCES.values() for stance in each.values()}
    assert written <= set(ontology.codes("stance"))
    assert set(old_findings.DIRECTIONS) <= set(ontology.codes("effect"))
    assert set(old_findings.ASKS) == set(ontology.codes("asks"))


@pytest.mark.parametrize(
    ("old_text", "new_text", "message"),
    [
        ("direction: mixed", "direction: posotive", r"doe.yaml:\d+: unknown direction `posotive`; 0.1 has positive"),
        ("direction: mixed", "effect: mixed\n    direction: mixed", "has an `effect` and a `direction`"),
        ("      - question/rq-1\n", "      - question/rq-9\n", "`question/rq-9`, which no document defines"),
        ("    direction: mixed", "    directon: mixed", r"doe.yaml:\d+: unknown key `directon`"),
        ("findings:\n", "findings: [1]\nfinding:\n", r"doe.yaml:\d+: "),
    ],
)
def test_bad_documents_are_one_line_and_nothing_is_written(
    old: Workspace, old_text: str, new_text: str, message: str
) -> None:
    """With the file, the line and what to mend."""
    path = old.review / "studies/doe.yaml"
    path.write_text(path.read_text("utf-8").replace(old_text, new_text, 1), "utf-8")
    before = texts(old)
    with pytest.raises(DataError, match=message):
        migration.migrate(old, (), dry_run=False)
    assert texts(old) == before


@pytest.mark.parametrize("given", ["RQ1", "RQ1=maybe", "=what", "RQ9=what"])
def test_what_cannot_be_asked_is_told(old: Workspace, given: str) -> None:
    """A question that isn't there, a kind that isn't one."""
    with pytest.raises(UsageError, match="--asks"):
        migration.migrate(old, (given,), dry_run=True)


def test_a_query_that_cannot_be_read(old: Workspace) -> None:
    """One line, and nothing is written."""
    (old.root / "queries/counts/bad.rq").write_bytes(b"SELECT \xff")
    with pytest.raises(DataError, match="not UTF-8"):
        migration.migrate(old, (), dry_run=False)


def test_the_command(old: Workspace) -> None:
    """Text and JSON; bad input ends with code 2 and one line."""
    root = ("--workspace", str(old.root))
    shown = json.loads(evigraph(*root, "migrate", "--asks", "RQ1=whether", "--dry-run", "-f", "json").stdout)
    assert shown["questions"][0]["stances"] == {"against": 2, "context": 1, "mixed": 1, "supports": 1}
    assert (shown["findings"], shown["written"]) == (11, None)
    bad = evigraph(*root, "migrate", "--asks", "RQ1")
    assert (bad.returncode, bad.stderr.count("\n")) == (2, 1)
    assert "evigraph undo takes them back" in evigraph(*root, "migrate").stdout
    assert evigraph(*root, "check").returncode == 0
    assert "Taken back: migrate" in evigraph(*root, "undo").stdout
