"""Tables of two sides: attributes, roles and what findings say, crossed in a review of its own words."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
import yaml
from conftest import evigraph

from evigraph import checks, data, queries
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.reports import trace
from evigraph.store import EmbeddedStore, Store, select
from evigraph.updating import new_review

CODES = """
attributes:
- {id: attribute/nation, type: Attribute, label: Nation, definition: Where., as: code, role: country,
   scheme: codebook/nation, appliesTo: [study], multiple: true}
- {id: attribute/dose, type: Attribute, label: Dose, definition: How much., as: number, appliesTo: [group]}
attributeValues:
- {id: value/nation/peru, type: AttributeValue, label: Peru, definition: A country.,
   position: 2, inScheme: codebook/nation}
- {id: value/nation/mali, type: AttributeValue, label: Mali, definition: A country.,
   position: 1, inScheme: codebook/nation}
- {id: value/outcome/sleep, type: AttributeValue, label: Sleep, definition: Sleep.,
   position: 1, inScheme: codebook/outcome}
- {id: value/outcome/calm, type: AttributeValue, label: Calm, definition: Calm.,
   position: 2, inScheme: codebook/outcome}
codebooks:
- {id: codebook/nation, type: Codebook, label: Nations}
- {id: codebook/outcome, type: Codebook, label: Outcomes}
"""
STUDIES = """
- id: study/ash-2019
  type: Study
  label: Ash (2019)
  listing: not-listed
  inclusion: {id: inclusion/ash-2019, type: Inclusion, state: stated, verdict: include}
  reports:
  - {id: report/ash-2019, type: Report, title: Tea, year: 2019}
  - {id: report/ash-2021, type: Report, title: Tea once more, year: 2021}
  - {id: report/ash-2018, type: Report, title: Taken back, kind: retraction, year: 2018, about: [report/elm-2020]}
  values: {at: Results P1, nation: [Peru, Mali]}
  groups:
  - {id: group/ash-2019/arm, type: Group, label: Arm, values: {dose: {value: 2, unit: mg, at: Results P1}}}
  results:
  - {id: result/ash-2019/1, type: Result, concept: value/outcome/calm, statistic: score, value: 7, unit: points}
  findings:
  - {id: finding/ash-2019/1, type: Finding, answers: {question/rq-1: supports, question/rq-2: {stance: conditional,
      condition: at night}}, statement: Tea calms., concept: value/outcome/sleep, concerns: [stakeholder/nurse],
      effect: positive, modality: found, coding: coding/first, locatedAt: locator/Results-P1}
  - {id: finding/ash-2019/2, type: Finding, answers: {question/rq-1: supports}, statement: Tea calms again.,
      concept: value/outcome/sleep, concerns: [stakeholder/nurse], effect: positive, repeats: finding/ash-2019/1,
      coding: coding/first, locatedAt: locator/Results-P1}
- id: study/elm-2020
  type: Study
  label: Elm (2020)
  listing: not-listed
  inclusion: {id: inclusion/elm-2020, type: Inclusion, state: stated, verdict: include}
  reports:
  - {id: report/elm-2020, type: Report, title: Milk, year: 2020}
  values: {at: Results P1, nation: Mali}
  findings:
  - {id: finding/elm-2020/1, type: Finding, answers: {question/rq-1: against}, statement: Milk keeps people awake.,
      concept: value/outcome/sleep, concerns: [stakeholder/patient], effect: negative,
      coding: coding/first, locatedAt: locator/Results-P1}
  - {id: finding/elm-2020/2, type: Finding, answers: [question/rq-2], statement: Milk is white., concerns: not-reported,
      coding: coding/first, locatedAt: locator/Results-P1}
"""
NS = "https://w3id.org/evigraph/ns#"
BASE = "https://example.org/w/"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two studies; one has a finding twice, two reports and a notice, an arm and a result."""
    root: Path = tmp_path_factory.mktemp("sides")
    outline = new_review.Outline("W", BASE, ("Does it calm?", "When?"), stakeholders=("Patient", "Nurse"))
    review = new_review.create(root / "w", "w", outline)
    places = yaml.safe_load((review / "outline.yaml").read_text("utf-8"))
    places["locators"] = [{"id": "locator/Results-P1", "type": "Locator", "label": "Results P1", "section": "Results"}]
    (review / "outline.yaml").write_text(yaml.safe_dump(places), "utf-8")
    book = yaml.safe_load((review / "codebook.yaml").read_text("utf-8"))
    for key, added in yaml.safe_load(CODES).items():
        book[key] = [*book.get(key, []), *added]
    (review / "codebook.yaml").write_text(yaml.safe_dump(book), "utf-8")
    for study in yaml.safe_load(STUDIES):
        (review / "studies" / f"{study['id'].partition('/')[2]}.yaml").write_text(yaml.safe_dump(study), "utf-8")
    return find_workspace(root / "w")


@pytest.fixture(scope="module")
def graph(workspace: Workspace) -> Store:
    """Its graph."""
    return build.open_store(workspace)


def asked(workspace: Workspace, graph: Store, name: str, **arguments: str) -> list[tuple[object, ...]]:
    """The rows of a query."""
    found = {key.replace("_", "-"): value for key, value in arguments.items()}
    return list(queries.run(graph, queries.load(workspace, name), found).rows)


def mapped(workspace: Workspace, graph: Store, rows: str, columns: str) -> list[tuple[object, ...]]:
    """The rows of the gap map, with labels and the last part of what they rest on."""
    found = asked(workspace, graph, "gap-map", rows=rows, columns=columns)
    return [(r[1], r[3], r[5], r[6], str(r[7]).removeprefix(f"{BASE}finding/") if r[7] else None) for r in found]


def test_it_holds(workspace: Workspace) -> None:
    """The review of these tests has no fault."""
    assert checks.check(workspace) == []


def test_findings_cross_with_their_stance(workspace: Workspace, graph: Store) -> None:
    """By question, the direction is the stance; what repeats another finding isn't there, nor what concerns nobody."""
    assert mapped(workspace, graph, "question", "concerns") == [
        ("RQ1", "Patient", "Elm (2020)", "against", "elm-2020/1"),
        ("RQ1", "Nurse", "Ash (2019)", "supports", "ash-2019/1"),
        ("RQ2", "Nurse", "Ash (2019)", "conditional", "ash-2019/1"),
    ]
    assert mapped(workspace, graph, "question", "stance") == [
        ("RQ1", "supports", "Ash (2019)", "supports", "ash-2019/1"),
        ("RQ1", "against", "Elm (2020)", "against", "elm-2020/1"),
        ("RQ2", "conditional", "Ash (2019)", "conditional", "ash-2019/1"),
    ]
    assert mapped(workspace, graph, "question", "country")[-1] == (
        "RQ2",
        "Peru",
        "Ash (2019)",
        "conditional",
        "ash-2019/1",
    )
    assert ("RQ2", "Mali", "Elm (2020)", None, "elm-2020/2") in mapped(workspace, graph, "question", "nation")


def test_outcomes_cross_with_their_effect(workspace: Workspace, graph: Store) -> None:
    """An outcome is a finding's or a result's; a role stands for its attribute; years are of first reports."""
    assert mapped(workspace, graph, "outcome", "country") == [
        ("Sleep", "Mali", "Ash (2019)", "positive", "ash-2019/1"),
        ("Sleep", "Mali", "Elm (2020)", "negative", "elm-2020/1"),
        ("Sleep", "Peru", "Ash (2019)", "positive", "ash-2019/1"),
        ("Calm", "Mali", "Ash (2019)", None, None),
        ("Calm", "Peru", "Ash (2019)", None, None),
    ]
    assert mapped(workspace, graph, "effect", "year") == [
        ("positive", "2019", "Ash (2019)", "positive", "ash-2019/1"),
        ("negative", "2020", "Elm (2020)", "negative", "elm-2020/1"),
    ]


def test_a_flat_map_has_studies(workspace: Workspace, graph: Store) -> None:
    """Without findings in it a row is a study's; `row` is a code, or the value itself."""
    assert asked(workspace, graph, "gap-map", rows="country", columns="dose") == [
        *(
            (f"{BASE}value/nation/{key}", label, "2 mg", "2 mg", f"{BASE}study/ash-2019", "Ash (2019)", None, None)
            for key, label in (("mali", "Mali"), ("peru", "Peru"))
        )
    ]
    assert [row[:3] for row in mapped(workspace, graph, "year", "nation")] == [
        ("2019", "Mali", "Ash (2019)"),
        ("2019", "Peru", "Ash (2019)"),
        ("2020", "Mali", "Elm (2020)"),
    ]


def test_cells_are_counted_in_any_unit(workspace: Workspace, graph: Store) -> None:
    """Studies, or what of a unit the pair is said of; where it is said of studies, all that these have."""
    assert asked(workspace, graph, "crosstab", rows="question", columns="nation") == [
        ("RQ1", "Mali", 2),
        ("RQ1", "Peru", 1),
        ("RQ2", "Mali", 2),
        ("RQ2", "Peru", 1),
    ]
    effects = [("Sleep", "positive", 1), ("Sleep", "negative", 1)]
    assert asked(workspace, graph, "crosstab", rows="outcome", columns="effect", unit="findings") == effects
    assert asked(workspace, graph, "crosstab", rows="outcome", columns="country", unit="results") == [
        ("Calm", "Mali", 1),
        ("Calm", "Peru", 1),
    ]
    by_year = {"reports": [2, 2, 1], "findings": [1, 1, 2], "results": [1, 1], "studies": [1, 1, 1]}
    for unit, counts in by_year.items():
        table = queries.run(
            graph, queries.load(workspace, "crosstab"), {"rows": "year", "columns": "country", "unit": unit}
        )
        assert table.columns == ("row", "column", unit)
        assert [row[2] for row in table.rows] == counts, unit
    zeros = asked(workspace, graph, "crosstab", rows="outcome", columns="concerns", zeros="yes")
    assert zeros == [("Sleep", "Patient", 1), ("Sleep", "Nurse", 1), ("Calm", "Patient", 0), ("Calm", "Nurse", 0)]


def test_countries_are_those_of_the_role(workspace: Workspace, graph: Store) -> None:
    """Whatever the attribute is called."""
    found = asked(workspace, graph, "publications-by-country")
    assert found == [("Mali", 2, 100), ("Peru", 1, 50)]


def test_one_side_is_counted(workspace: Workspace, graph: Store) -> None:
    """By role, by what findings say, by year; of whom no finding says, where one says that it isn't told."""

    def counted(side: str, **more: str) -> list[tuple[object, ...]]:
        return [row[:2] for row in asked(workspace, graph, "by-attribute", attribute=side, **more) if row[1]]

    assert counted("country") == counted("nation") == [("Mali", 2), ("Peru", 1)]
    assert counted("outcome") == [("Sleep", 2), ("Calm", 1)]
    assert counted("effect") == [("negative", 1), ("positive", 1)]
    assert counted("stance") == [("against", 1), ("conditional", 1), ("supports", 1)]
    assert counted("concerns") == counted("stakeholder") == [("Nurse", 1), ("Patient", 1)]
    assert counted("informant") == [("not coded", 2)]
    assert counted("modality") == [("found", 1), ("not coded", 1)]
    assert counted("year") == [("2019", 1), ("2020", 1)]
    assert counted("dose") == [("2 mg", 1), ("not coded", 1)]


def test_studies_are_chosen_by_any_side(workspace: Workspace, graph: Store) -> None:
    """By the label of a role's code, a word of a finding, a number with its unit, at any roll-up."""

    def chosen(by: str, value: str) -> set[object]:
        found = [
            asked(workspace, graph, "crosstab", rows="year", columns="nation", filter=by, roll_up=up, **{"is": value})
            for up in ("leaf", "top")
        ]
        assert found[0] == found[1]
        return {row[0] for row in found[0]}

    assert chosen("country", "Peru") == chosen("effect", "positive") == chosen("dose", "2 mg") == {"2019"}
    assert chosen("stakeholder", "Patient") == chosen("year", "2020") == {"2020"}
    assert chosen("outcome", "Sleep") == {"2019", "2020"}
    assert chosen("effect", "Sleep") == set()


def test_a_row_of_one_side_opens(workspace: Workspace, graph: Store) -> None:
    """To the studies that it counts."""
    one = trace.trace(workspace, graph, "by-attribute", 1, "", {"attribute": "effect"})
    assert {row[0] for row in one.rows} == {"Elm (2020)"}


def test_a_row_opens(workspace: Workspace, graph: Store) -> None:
    """To its finding, or to what its study says."""
    one = trace.trace(workspace, graph, "gap-map", 2, "", {"rows": "outcome", "columns": "country"})
    assert [row[5] for row in one.rows] == ["Milk keeps people awake."]
    whole = trace.trace(workspace, graph, "gap-map", 3, "", {"rows": "year", "columns": "nation"})
    assert {row[5] for row in whole.rows} == {"Milk keeps people awake.", "Milk is white."}


def test_a_side_that_is_none_is_refused(workspace: Workspace) -> None:
    """With what there is."""
    ran = evigraph("--workspace", str(workspace.root), "run", "gap-map", "-p", "rows=land", "-p", "columns=year")
    assert ran.returncode == 2
    assert ran.stderr.startswith("evigraph: rows=land: choose one of dose, nation, question, stance, effect, ")
    ran = evigraph("--workspace", str(workspace.root), "run", "by-attribute", "-p", "attribute=land")
    assert ran.returncode == 2
    assert ran.stderr.startswith("evigraph: attribute=land: choose one of dose, nation, question, stance, effect, ")
    known = queries.offered(queries.load(workspace, "crosstab"), ("nation",)).params
    assert "nation" in next(each.enumeration for each in known if each.name == "filter")


SIDES = [
    ("gap-map", {"rows": "question", "columns": "country"}),
    ("gap-map", {"rows": "outcome", "columns": "concerns"}),
    ("gap-map", {"rows": "year", "columns": "dose"}),
    ("crosstab", {"rows": "question", "columns": "country", "unit": "findings"}),
    ("crosstab", {"rows": "outcome", "columns": "concerns", "zeros": "yes"}),
    ("crosstab", {"rows": "year", "columns": "nation", "filter": "effect", "is": "positive"}),
    ("by-attribute", {"attribute": "country"}),
    ("by-attribute", {"attribute": "concerns"}),
]


@pytest.mark.parametrize(("name", "arguments"), SIDES)
def test_rdflib_gives_the_same_rows(workspace: Workspace, graph: Store, name: str, arguments: dict[str, str]) -> None:
    """Another engine."""
    text = queries.sparql(queries.load(workspace, name), arguments)
    whole = rdflib.Dataset(default_union=True)
    whole.parse(data=build.nquads(workspace).decode(), format="nquads")
    ours, theirs = select(graph, text), whole.query(text)
    names = [str(each) for each in theirs.vars or []]
    shown = [tuple(str(row[names.index(name)]) for name in ours.variables) for row in theirs]
    assert [tuple(str(queries.cell(term)) for term in row) for row in ours.rows] == shown
    assert shown


def test_sides_answer_before_any_study_is_coded(tmp_path: Path) -> None:
    """With no row, and without asking for attributes."""
    new_review.create(tmp_path / "v", "v", new_review.Outline("V", "https://example.org/v/", ("Why?",)))
    empty = find_workspace(tmp_path / "v")
    assert build.answer(empty, "gap-map", {"rows": "question", "columns": "concerns"}).rows == []
    assert len(data.read_documents(empty)) > 2
    assert queries.run(EmbeddedStore(), queries.load(empty, "gap-map")).rows == []


def test_a_role_that_no_attribute_has_is_said(workspace: Workspace) -> None:
    """Rather than every study shown as not coded; the line names the roles that there are."""
    ran = evigraph("run", "by-attribute", "-p", "attribute=population", "--workspace", str(workspace.root))
    assert ran.returncode == 2
    assert "no attribute has the role population; give one `role: population`" in ran.stderr
    assert "roles that some has: country" in ran.stderr
    assert (
        evigraph("run", "by-attribute", "-p", "attribute=country", "--workspace", str(workspace.root)).returncode == 0
    )
