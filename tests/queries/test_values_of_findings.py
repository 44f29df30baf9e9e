"""Values of attributes on findings, groups and results: a study has them where a query says so, and else not."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import rdflib
import yaml
from conftest import evigraph

from evigraph import checks, data, queries
from evigraph.export import formats
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import Table, build
from evigraph.reports import trace
from evigraph.store import Store, select
from evigraph.updating import new_review

STUDY = """
id: study/{key}
type: Study
label: {label}
listing: not-listed
inclusion: {{id: inclusion/{key}, type: Inclusion, state: stated, verdict: include}}
characteristics:
- {{id: characteristic/{key}/country-1, type: Characteristic, attribute: country, state: stated, text: {country},
    locatedAt: locator/p1}}
groups:
- id: group/{key}/arm
  type: Group
  label: Arm
  characteristics:
  - {{id: characteristic/{key}/arm/dose-1, type: Characteristic, attribute: dose, state: stated, value: 2, unit: mg,
      locatedAt: locator/p2}}
results:
- id: result/{key}/1
  type: Result
  statistic: response-rate
  value: 83
  unit: percent
  characteristics:
  - {{id: characteristic/{key}/1/model-1, type: Characteristic, attribute: model, state: inferred, basis: by the table,
      text: adjusted}}
findings:
{findings}
"""
FINDING = """
- id: finding/{key}/{number}
  type: Finding
  answers: [question/rq-1]
  statement: Something was found.
  locatedAt: locator/p{number}
  coding: coding/first
  characteristics:
  - {{id: characteristic/{key}/{number}/theme-1, type: Characteristic, attribute: theme, state: stated, text: {one},
      position: 2}}
  - {{id: characteristic/{key}/{number}/theme-2, type: Characteristic, attribute: theme, state: stated, text: {two},
      position: 1}}
  - {{id: characteristic/{key}/{number}/voice, type: Characteristic, attribute: voice, {voice}}}
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two studies; the first has two findings of other themes and voices, the second one finding."""
    root: Path = tmp_path_factory.mktemp("values")
    review = new_review.create(
        root / "w", "w", new_review.Outline("W", "https://example.org/w/", ("What is it like?",))
    )
    outline = yaml.safe_load((review / "outline.yaml").read_text("utf-8"))
    outline["locators"] = [
        {"id": f"locator/p{n}", "type": "Locator", "label": f"Results P{n}", "section": "Results"} for n in (1, 2)
    ]
    (review / "outline.yaml").write_text(yaml.safe_dump(outline), "utf-8")
    calm = FINDING.format(key="ash", number=1, one="Trust", two="Time", voice="state: stated, text: nurse")
    loud = FINDING.format(key="ash", number=2, one="Fear", two="Time", voice="state: not-reported")
    other = FINDING.format(key="elm", number=1, one="Fear", two="Money", voice="state: not-reported")
    for key, country, findings in (("ash", "Kenya", calm + loud), ("elm", "Chile", other)):
        text = STUDY.format(key=key, label=key.capitalize(), country=country, findings=findings)
        (review / f"studies/{key}.yaml").write_text(text, "utf-8")
    return find_workspace(root / "w")


@pytest.fixture(scope="module")
def graph(workspace: Workspace) -> Store:
    """A store with its graph."""
    return build.open_store(workspace)


def asked(workspace: Workspace, graph: Store, name: str, **arguments: str) -> list[tuple[object, ...]]:
    """The rows of a query."""
    return list(queries.run(graph, queries.load(workspace, name), arguments).rows)


def test_it_holds(workspace: Workspace) -> None:
    """A value of a finding stands where its finding stands, so that it needs no place of its own."""
    assert checks.check(workspace) == []


def test_tables_of_studies_have_what_studies_have(workspace: Workspace, graph: Store) -> None:
    """What only a finding, a group or a result has is no row and no column of theirs."""
    assert asked(workspace, graph, "characteristics") == [
        ("Ash", "country", "Kenya", "stated", "Results P1"),
        ("Elm", "country", "Chile", "stated", "Results P1"),
    ]
    assert asked(workspace, graph, "missing") == [("country", 2, 0, 0, 2)]
    assert {row[1] for row in asked(workspace, graph, "attributes")} == {"country"}


def test_an_attribute_that_is_named_is_shown_wherever_it_is(workspace: Workspace, graph: Store) -> None:
    """With the place of its finding; one value at two places is one row."""
    assert asked(workspace, graph, "characteristics", attribute="theme") == [
        ("Ash", "theme", "Fear", "stated", "Results P2"),
        ("Ash", "theme", "Time", "stated", "Results P1; Results P2"),
        ("Ash", "theme", "Trust", "stated", "Results P1"),
        ("Elm", "theme", "Fear", "stated", "Results P1"),
        ("Elm", "theme", "Money", "stated", "Results P1"),
    ]
    assert asked(workspace, graph, "characteristics", attribute="theme", level="study") == []
    groups = asked(workspace, graph, "characteristics", level="group")
    assert [row[:4] for row in groups] == [("Ash", "dose", "2 mg", "stated"), ("Elm", "dose", "2 mg", "stated")]
    assert {row[1] for row in asked(workspace, graph, "characteristics", level="result")} == {"model"}
    assert len(asked(workspace, graph, "characteristics", level="any")) == 2 + 2 + 2 + 5 + 3


def test_what_is_missing_is_told_by_level(workspace: Workspace, graph: Store) -> None:
    """Studies are counted, whatever of theirs has the attribute."""
    assert asked(workspace, graph, "missing", level="finding") == [("theme", 2, 0, 0, 2), ("voice", 1, 2, 0, 2)]
    assert [row[0] for row in asked(workspace, graph, "missing", level="any")] == [
        *("country", "dose", "model", "theme", "voice")
    ]


def test_a_study_has_what_one_of_its_findings_has(workspace: Workspace, graph: Store) -> None:
    """It counts once for each value, also where one of its findings says nothing."""
    assert asked(workspace, graph, "by-attribute", attribute="theme")[:3] == [
        ("Fear", 2, 100),
        ("Money", 1, 50),
        ("Time", 1, 50),
    ]
    voices = asked(workspace, graph, "by-attribute", attribute="voice")
    assert [row[:2] for row in voices] == [
        ("nurse", 1),
        ("not reported", 1),
        ("not applicable", 0),
        ("not coded", 0),
    ]
    assert asked(workspace, graph, "by-attribute", attribute="dose")[0] == ("2 mg", 2, 100)


def test_a_pair_is_said_of_one_thing_or_of_its_study(workspace: Workspace, graph: Store) -> None:
    """What two findings say is no pair; what a finding and its study say is one."""
    assert asked(workspace, graph, "crosstab", rows="theme", columns="voice") == [
        ("Time", "nurse", 1),
        ("Trust", "nurse", 1),
    ]
    assert asked(workspace, graph, "crosstab", rows="country", columns="theme") == [
        ("Chile", "Fear", 1),
        ("Chile", "Money", 1),
        ("Kenya", "Fear", 1),
        ("Kenya", "Time", 1),
        ("Kenya", "Trust", 1),
    ]
    assert asked(workspace, graph, "crosstab", rows="dose", columns="theme") == []
    every = asked(workspace, graph, "crosstab", rows="theme", columns="voice", zeros="yes")
    assert every == [("Fear", "nurse", 0), ("Money", "nurse", 0), ("Time", "nurse", 1), ("Trust", "nurse", 1)]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("characteristics", {}),
        ("characteristics", {"attribute": "theme"}),
        ("characteristics", {"level": "any"}),
        ("missing", {"level": "any"}),
        ("by-attribute", {"attribute": "voice"}),
        ("crosstab", {"rows": "country", "columns": "theme", "zeros": "yes"}),
    ],
)
def test_rdflib_gives_the_same_rows(workspace: Workspace, graph: Store, name: str, arguments: dict[str, str]) -> None:
    """Another engine."""
    query = queries.load(workspace, name)
    text = queries.sparql(query, arguments)
    whole = rdflib.Dataset(default_union=True)
    whole.parse(data=build.nquads(workspace).decode(), format="nquads")
    theirs = [tuple(None if cell is None else cell.toPython() for cell in row) for row in whole.query(text)]
    names = [str(each) for each in whole.query(text).vars or []]
    ours = select(graph, text)
    mine = [tuple(queries.cell(term) for term in row) for row in ours.rows]
    shown = [tuple(str(row[names.index(name)]) for name in ours.variables) for row in theirs]
    assert len(shown) > 1
    assert [tuple(map(str, row)) for row in mine] == shown


def test_a_value_of_a_finding_opens_to_its_place(workspace: Workspace, graph: Store) -> None:
    """The study, where the finding stands, and the value."""
    found: Table = trace.trace(workspace, graph, "characteristics", 3, "", {"attribute": "theme"})
    assert [(row[0], row[2], row[5]) for row in found.rows] == [("Ash", "Results P1", "theme: Trust")]


def test_values_of_findings_are_columns_of_their_own(workspace: Workspace) -> None:
    """In CSV, with several in their order; in a workbook they are rows with their finding."""
    documents = data.read_documents(workspace)
    rows = list(csv.DictReader(io.StringIO(str(formats.export(documents, "csv")))))
    assert [(row["theme"], row["voice"]) for row in rows] == [
        ("Time; Trust", "nurse"),
        ("Time; Fear", "not reported"),
        ("Money; Fear", "not reported"),
    ]
    assert "characteristics" not in rows[0]


def test_the_command_takes_a_level(workspace: Workspace) -> None:
    """And names the levels where it is none of them."""
    ran = evigraph("--workspace", str(workspace.root), "run", "missing", "-p", "level=arm")
    assert (ran.returncode, ran.stderr) == (
        2,
        "evigraph: level=arm: choose one of study, group, result, finding, any\n",
    )
