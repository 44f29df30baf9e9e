"""Classes that a codebook defines: read, refused, and filled by a reasoner."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import evigraph

from evigraph import checks, data
from evigraph.checks import reasoning
from evigraph.checks.reasoning import defined, inferences, wording
from evigraph.data import quads
from evigraph.errors import CheckFailedError, EvigraphError
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating import new_review

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="no Java on the PATH")
BASE = "https://example.org/badges/"

CLASSES = """\
definedClasses:
- id: class/survey-study
  type: DefinedClass
  label: Survey study
  definition: A study whose methods are a survey.
  members: Study
  where:
  - {id: class/survey-study/1, type: Condition, has: characteristic, ofAttribute: methods, isText: survey}
- id: class/motivation-by-survey
  type: DefinedClass
  label: Motivation by survey
  definition: A finding on motivation from a survey study.
  members: Finding
  where:
  - {id: class/motivation-by-survey/1, type: Condition, has: benefit, is: benefit/motivation}
  - {id: class/motivation-by-survey/2, type: Condition, has: study, is: class/survey-study}
- id: class/praising-study
  type: DefinedClass
  label: Praising study
  definition: A study with a finding that states a benefit.
  members: Study
  where:
  - {id: class/praising-study/1, type: Condition, has: finding, is: 'evi:BeneficialFinding'}
- id: class/randomised
  type: DefinedClass
  label: Randomised study
  definition: A study with a coded design.
  members: Study
  where:
  - {id: class/randomised/1, type: Condition, has: characteristic, ofAttribute: design, is: design/trial}
- id: class/with-drawback
  type: DefinedClass
  label: Finding with a drawback
  definition: A finding that states any drawback.
  members: Finding
  where:
  - {id: class/with-drawback/1, type: Condition, has: drawback}
attributeValues:
- {id: design/trial, type: AttributeValue, label: Trial, definition: A trial., position: 1, inScheme: codebook/benefits}
"""

STUDY = """\
id: study/{key}
type: Study
label: {key}
listing: not-listed
reports:
- {{id: report/{key}, type: Report, authors: '{key}', firstAuthor: '{key}', authorCount: 1, year: 2023, title: Badges}}
characteristics:
- {{id: characteristic/{key}/1, type: Characteristic, state: stated, attribute: methods, text: {method}}}
- {{id: characteristic/{key}/2, type: Characteristic, state: stated, attribute: {attribute}, concept: design/trial}}
findings:
- {{id: finding/{key}, type: Finding, answers: [question/rq-1], effect: positive, {says}, statement: They say so.}}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review with three studies, and a codebook that defines five classes."""
    outline = new_review.Outline(
        "Badges", BASE, questions=("Why?",), benefits=("Motivation", "Skills"), drawbacks=("Cost",)
    )
    review = new_review.create(tmp_path / "badges", "badges", outline)
    with (review / "codebook.yaml").open("a", encoding="utf-8") as codebook:
        codebook.write(CLASSES)
    for key, method, attribute, says in [
        ("doe-2023", "survey", "design", "benefit: benefit/motivation"),
        ("roe-2023", "Survey", "setting", "benefit: benefit/motivation"),
        ("poe-2023", "survey", "setting", "drawback: drawback/cost"),
    ]:
        text = STUDY.format(key=key, method=method, attribute=attribute, says=says)
        (review / "studies" / f"{key}.yaml").write_text(text, "utf-8")
    return find_workspace(tmp_path / "badges")


def spoilt(workspace: Workspace, old: str, new: str) -> Workspace:
    """The workspace with a text of its codebook replaced."""
    path = workspace.review / "codebook.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return workspace


def nquads(workspace: Workspace) -> str:
    """The graph of the workspace."""
    return build.nquads(workspace).decode()


@needs_java
def test_the_members_of_defined_classes_follow(workspace: Workspace) -> None:
    """By a text to the letter, a code of that attribute, a benefit, the study of a finding, and another class."""
    found = {
        (iri.removeprefix(BASE), member.removeprefix(BASE)) for iri, member in inferences.memberships(nquads(workspace))
    }
    own = {row for row in found if row[0].startswith("class/")}
    assert own == {
        ("class/survey-study", "study/doe-2023"),
        ("class/survey-study", "study/poe-2023"),
        ("class/motivation-by-survey", "finding/doe-2023"),
        ("class/praising-study", "study/doe-2023"),
        ("class/praising-study", "study/roe-2023"),
        ("class/randomised", "study/doe-2023"),
        ("class/with-drawback", "finding/poe-2023"),
    }
    assert {row[0].rpartition("#")[2] for row in found - own} == {"BeneficialFinding", "DrawbackFinding"}


@needs_java
def test_no_query_sees_what_follows_unless_it_is_asked_to(workspace: Workspace) -> None:
    """It is a graph of its own, which says that reasoning generated it; a second question finds it in the cache."""
    sparql = "SELECT ?g ?by WHERE { GRAPH ?g { ?s a evi:BeneficialFinding . ?g prov:wasGeneratedBy ?by } }"
    root = ["--workspace", str(workspace.root)]
    assert evigraph(*root, "query", sparql, "--format", "csv").stdout.splitlines() == ["g,by"]
    seen = evigraph(*root, "query", sparql, "--format", "csv", "--inferred").stdout.splitlines()
    assert set(seen[1:]) == {f"{BASE}graph/reasoning/inferred,{BASE}graph/reasoning"}
    assert evigraph(*root, "query", sparql, "--format", "csv", "--inferred", PATH="").stdout.splitlines() == seen
    plain = evigraph("run", "findings", "--format", "csv").stdout
    assert plain.count("\n") > 100
    assert evigraph("run", "findings", "--format", "csv", "--inferred").stdout == plain
    for command in (["trace", "findings", "2"], ["ask", "RQ6"]):
        assert evigraph(*command, "--inferred").stdout == evigraph(*command).stdout != ""
        assert "leave --store out" in evigraph(*command, "--inferred", "--store", "http://localhost:9/sparql").stderr
    assert evigraph(*root, "query", sparql, "--inferred", "--store", "http://localhost:9/sparql").returncode == 2


@needs_java
def test_what_follows_comes_out_as_rows_and_as_a_graph(workspace: Workspace, tmp_path: Path) -> None:
    """With labels, in any format of rows; and as N-Quads."""
    root = ["--workspace", str(workspace.root)]
    rows = evigraph(*root, "reason", "--inferred", "--format", "csv").stdout.splitlines()
    assert rows[0] == "class,label,member"
    assert "class/survey-study,Survey study,study/doe-2023" in rows
    assert "BeneficialFinding,beneficial finding,finding/doe-2023" in rows
    made = evigraph(*root, "reason", "--inferred", "--format", "nquads", "-o", str(tmp_path / "inferred.nq"))
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    graph = quads.from_nquads((tmp_path / "inferred.nq").read_text("utf-8"))
    assert {quad.graph_name for quad in graph} == {ox.NamedNode(f"{BASE}graph/reasoning/inferred")}
    assert len(graph) == len(rows) - 1 + 3


@needs_java
def test_a_class_that_can_have_no_member_is_named(workspace: Workspace) -> None:
    """No finding has a benefit and a drawback."""
    spoilt(workspace, "has: study, is: class/survey-study", "has: drawback")
    assert reasoning.reason(nquads(workspace)).unsatisfiable == (f"{BASE}class/motivation-by-survey",)


@needs_java
def test_nothing_follows_from_a_contradiction(workspace: Workspace) -> None:
    """It is refused, for everything would follow."""
    text = nquads(workspace) + f"<{BASE}study/doe-2023> <{defined.NS}answers> <{BASE}question/rq-1> <x:g> .\n"
    with pytest.raises(CheckFailedError, match="anything follows"):
        inferences.memberships(text)


def test_the_documents_come_back_from_the_graph(workspace: Workspace) -> None:
    """With their defined classes."""
    (codebook,) = (each for each in data.read_documents(workspace) if each.name == "codebook")
    text = quads.texts([codebook], BASE)["codebook"]
    assert quads.to_document(text, BASE, "review") == quads.arranged(codebook.content)


def test_a_defined_class_in_words(workspace: Workspace) -> None:
    """As an explanation shows it."""
    found = {
        axiom.subject: axiom.words(wording.Names(BASE))
        for axiom in defined.axioms(quads.from_nquads(nquads(workspace)))
    }
    assert found[f"{BASE}class/motivation-by-survey"].startswith(
        "class/motivation-by-survey is a Finding with `benefit` benefit/motivation and "
        "with a `fromStudy` that is class/survey-study, and whatever is that"
    )
    assert "that is the `fromStudy` of a BeneficialFinding" in found[f"{BASE}class/praising-study"]


@pytest.mark.parametrize(
    ("old", "new", "record", "message"),
    [
        ("has: drawback}", "has: finding}", "class/with-drawback/1 has", "a finding has no `finding` to be asked for"),
        ("ofAttribute: methods, ", "", "class/survey-study/1 ofAttribute", "name the attribute"),
        ("is: benefit/motivation", "isText: x", "class/motivation-by-survey/1 isText", "only a characteristic"),
        (
            "is: class/survey-study",
            "is: class/with-drawback",
            "class/motivation-by-survey/2 is",
            "`study` is asked for by",
        ),
        ("evi:BeneficialFinding", "evi:Report", "class/praising-study/1 is", "`finding` is asked for by a class"),
        (
            "members: Finding",
            "members: Report",
            "class/motivation-by-survey members",
            "`Study` or `Finding`, not `Report`",
        ),
    ],
)
def test_a_condition_that_cant_be_asked_is_told(
    workspace: Workspace, old: str, new: str, record: str, message: str
) -> None:
    """By `check`, with its line; and in one line by whoever reasons."""
    spoilt(workspace, old, new)
    found = [str(each) for each in checks.check(workspace) if message in str(each)]
    assert len(found) == 1
    assert f"codebook.yaml:{found[0].split('codebook.yaml:')[1].split(':')[0]}: {record}: " in found[0]
    with pytest.raises(EvigraphError, match="class/"):
        reasoning.reason(nquads(workspace))
