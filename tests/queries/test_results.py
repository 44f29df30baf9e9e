"""Numbers of studies as results: effects with their groups, what is at odds, and the way to quads and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from test_queries import Rdflib

from evigraph import checks, data, queries
from evigraph.data import quads
from evigraph.export import flat_tables
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating import new_review

GROUPS = """groups:
  - {id: group/otieno/phonics, type: Group, label: Phonics, kind: arm, n: 580}
  - {id: group/otieno/usual, type: Group, label: Usual teaching, kind: control, n: 518}
"""
PAIR = "group: group/otieno/phonics, versus: group/otieno/usual"
FLUENCY = "type: Result, concept: value/outcome/fluency, measure: EGRA, time: end of treatment"
SPELLING = "type: Result, concept: value/outcome/spelling"
AT, ELSEWHERE = "locatedAt: locator/Report-otieno-table-3", "locatedAt: locator/Report-otieno-abstract"
RESULTS = f"""results:
  - {{id: result/otieno/1, {FLUENCY}, group: group/otieno/phonics, n: 579, mean: 24.3, sd: 12.1, {AT}}}
  - {{id: result/otieno/2, {FLUENCY}, group: group/otieno/usual, mean: 18.7, sd: 11.8, {AT}}}
  - {{id: result/otieno/3, {FLUENCY}, {PAIR}, metric: SMD, estimate: 0.35, se: 0.12, ciLow: 0.11, ciHigh: 0.59, {AT}}}
  - {{id: result/otieno/4, {SPELLING}, group: group/otieno/phonics, events: 310, n: 580, {AT}}}
  - {{id: result/otieno/5, {SPELLING}, group: group/otieno/usual, events: 240, n: 518, {AT}}}
  - {{id: result/otieno/6, {SPELLING}, {PAIR}, {AT}}}
  - {{id: result/otieno/7, {SPELLING}, metric: COR, estimate: -0.1, variance: 0.01, n: 98, {AT}}}
  - {{id: result/otieno/8, type: Result, statistic: response-rate, value: 83, unit: percent, {AT}}}
"""
CODES = """  - {id: codebook/outcome, type: Codebook, label: Outcome}
attributeValues:
  - {id: value/outcome/fluency, type: AttributeValue, label: Reading fluency, position: 1, definition: Words a minute.,
    inScheme: codebook/outcome}
  - {id: value/outcome/spelling, type: AttributeValue, label: Spelling, position: 2, definition: Words written well.,
    inScheme: codebook/outcome}
"""
PLACES = """id: review
type: Review
locators:
  - {id: locator/Report-otieno-table-3, type: Locator, label: Report otieno Table 3, section: Report otieno}
  - {id: locator/Report-otieno-abstract, type: Locator, label: Report otieno abstract, section: Report otieno}
"""
STUDY = """id: study/otieno
type: Study
label: Otieno (2021)
inclusion: {id: inclusion/otieno, type: Inclusion, state: stated}
reports:
  - {id: report/otieno, type: Report, title: Phonics in Bungoma, year: 2021}
  - {id: report/otieno-later, type: Report, title: Phonics half a year later, year: 2022}
"""


def workspace(root: Path, more: str = "") -> Workspace:
    """A new review of one study with those results, and more of them."""
    review = new_review.create(root / "w", "w", new_review.Outline("Reading", "https://example.org/w/"))
    (review / "codebook.yaml").write_text((review / "codebook.yaml").read_text("utf-8") + CODES, "utf-8")
    (review / "outline.yaml").write_text(PLACES, "utf-8")
    (review / "studies").mkdir(exist_ok=True)
    (review / "studies" / "otieno.yaml").write_text(STUDY + GROUPS + RESULTS + more, "utf-8")
    return find_workspace(root / "w")


def asked(found: Workspace, name: str, **arguments: str) -> list[dict[str, Any]]:
    """The rows of a query by column, the same on another engine; columns without a value are left out."""
    documents = data.read_documents(found)
    text = quads.canonical(quads.to_quads(documents, data.base(documents)))
    query = queries.load(found, name)
    table = queries.run(build.open_store(found), query, arguments)
    assert queries.run(Rdflib(text), query, arguments) == table  # type: ignore[arg-type]
    return [{k: v for k, v in zip(table.columns, row, strict=True) if v is not None} for row in table.rows]


def test_effects_have_the_numbers_of_their_groups(tmp_path: Path) -> None:
    """By outcome, instrument, time and group; a contrast without an estimate too, and an effect without groups."""
    found = workspace(tmp_path)
    assert checks.check(found) == []
    fluency, correlation, spelling = asked(found, "effects")
    source = {"study": "Otieno (2021)", "year": 2021, "source": "Report otieno Table 3"}
    groups = {"group1": "Phonics", "group2": "Usual teaching"}
    effect = {"measure": "SMD", "yi": 0.35, "vi": 0.0144, "sei": 0.12, "ci_lb": 0.11, "ci_ub": 0.59}
    arms = {"n1i": 579, "m1i": 24.3, "sd1i": 12.1, "n2i": 518, "m2i": 18.7, "sd2i": 11.8}
    asked_by = {"outcome": "Reading fluency", "instrument": "EGRA", "time": "end of treatment"}
    assert fluency == source | groups | effect | arms | asked_by
    assert spelling == source | groups | {"outcome": "Spelling", "n1i": 580, "x1i": 310, "n2i": 518, "x2i": 240}
    assert correlation == source | {"outcome": "Spelling", "measure": "COR", "yi": -0.1, "vi": 0.01, "ni": 98}
    assert len(asked(found, "effects", outcome="Spelling")) == 2


def test_a_study_that_is_not_included_has_no_effects(tmp_path: Path) -> None:
    """Nor does a group's mean alone make one."""
    found = workspace(tmp_path)
    path = found.review / "studies" / "otieno.yaml"
    path.write_text(path.read_text("utf-8").replace("state: stated}", "state: not-applicable}"), "utf-8")
    assert asked(found, "effects") == []


def test_a_conflict_is_one_number_told_differently(tmp_path: Path) -> None:
    """Not two metrics, two times or two units, and not the same number twice."""
    results = (
        f"{FLUENCY}, {PAIR}, metric: SMD, estimate: 0.53, se: 0.12, {ELSEWHERE}",
        f"type: Result, statistic: response-rate, value: 81.5, unit: percent, {ELSEWHERE}",
        f"{FLUENCY}, {PAIR}, metric: MD, estimate: 5.6, {ELSEWHERE}",
        f"{SPELLING}, group: group/otieno/phonics, time: later, events: 300, {ELSEWHERE}",
        "type: Result, statistic: response-rate, value: 480, unit: count",
    )
    lines = (f"  - {{id: result/otieno/x{i}, {result}}}\n" for i, result in enumerate(results))
    rows = asked(workspace(tmp_path, "".join(lines)), "conflicts")
    assert [(row.get("outcome"), row["quantity"], row["values"]) for row in rows] == [
        (
            "Reading fluency",
            "SMD: estimate; by EGRA; at end of treatment; Phonics versus Usual teaching",
            "0.35 (Report otieno Table 3); 0.53 (Report otieno abstract)",
        ),
        (None, "response-rate: value", "81.5 (Report otieno abstract); 83 (Report otieno Table 3)"),
    ]


AT_ODDS = (
    (f"{FLUENCY}, {PAIR}, metric: SMD, estimate: 0.3, {AT}", "another result of the study has the same outcome"),
    (f"{SPELLING}, {PAIR}, time: a, metric: OR, se: 0.1", "is an effect (OR) without its estimate"),
    (f"{SPELLING}, {PAIR}, time: b, metric: OR, estimate: 2, se: 0.2, variance: 0.2", "not the square of its standard"),
    (f"{SPELLING}, {PAIR}, time: c, metric: OR, estimate: 2, ciLow: 2.1", "doesn't hold its estimate"),
    (f"{SPELLING}, {PAIR}, time: d, metric: OR, estimate: 2, ciHigh: 1.9", "doesn't hold its estimate"),
    (f"{SPELLING}, time: e, versus: group/otieno/usual", "needs its own group too"),
    (f"{SPELLING}, time: f, group: group/otieno/usual", "needs a number"),
    (f"{SPELLING}, time: g, group: study/otieno, n: 3", "Let group name one of the study's groups"),
    (f"{SPELLING}, time: h, n: 3, state: not-reported", "has no numbers"),
    (f"{SPELLING}, time: i, n: 3, state: inferred", "An inferred result needs a basis"),
    (f"{SPELLING}, time: j, metric: OR, statistic: odds, estimate: 3", "has a metric, being an effect, or a statistic"),
    (f"{SPELLING}, time: k, value: 3", "needs the statistic that it is the value of"),
    (f"{SPELLING}, time: l, group: group/otieno/usual, sd: -3", "at most one sd, a number from 0"),
    (f"{SPELLING}, {PAIR}, time: m, metric: OR, estimate: 2, se: 0.35, variance: 0.1225", ""),
    (f"{SPELLING}, {PAIR}, time: n, metric: OR, estimate: 2, se: 0.1, variance: 0.0104", ""),
    (f"{SPELLING}, {PAIR}, time: o, metric: OR, estimate: 2, ciLow: 2, ciHigh: 2", ""),
    (f"{SPELLING}, time: p, state: not-reported", ""),
)
"""Results, each with what is told of it; what is only rounded holds, and a limit may be the estimate."""


def test_what_is_at_odds_is_told(tmp_path: Path) -> None:
    """Each once, with its mend."""
    lines = (f"  - {{id: result/otieno/x{i:02}, {result}}}\n" for i, (result, _) in enumerate(AT_ODDS))
    found = workspace(tmp_path, "".join(lines))
    asked(found, "results-at-odds")
    told = [(each.record.rpartition("/")[2], each.message) for each in checks.check(found)]
    wanted = [(f"x{i:02}", message) for i, (_, message) in enumerate(AT_ODDS) if message]
    assert [name for name, _ in sorted(told)] == [name for name, _ in wanted]
    for (_, message), (_, part) in zip(sorted(told), wanted, strict=True):
        assert part in message


def test_results_come_back_from_quads(tmp_path: Path) -> None:
    """Groups nest, and results name them; a finding names the results that it puts into words."""
    finding = """findings:
  - {id: finding/otieno/1, type: Finding, answers: [question/rq-1], statement: Pupils read faster., basedOn:
    [result/otieno/3], locatedAt: locator/Report-otieno-abstract, coding: coding/first}
"""
    found = workspace(tmp_path, finding)
    assert checks.check(found) == []
    documents = {each.name: each for each in data.read_documents(found)}
    study = documents["studies/otieno"]
    base = data.base(list(documents.values()))
    text = quads.texts([study], base)["studies/otieno"]
    assert quads.to_document(text, base, "study/otieno") == quads.arranged(study.content)


def test_flat_tables_have_groups_and_results(tmp_path: Path) -> None:
    """A row each, with their study and the names of what they refer to."""
    tables = {table.name: table for table in flat_tables.tables(data.read_documents(workspace(tmp_path)))}
    assert [dict(zip(tables["groups"].columns, row, strict=True)) for row in tables["groups"].rows][1] == {
        **{"id": "group/otieno/usual", "study": "study/otieno", "label": "Usual teaching"},
        **{"kind": "control", "n": 518},
    }
    third = dict(zip(tables["results"].columns, tables["results"].rows[2], strict=True))
    assert {key: third[key] for key in ("study", "concept", "group", "versus", "metric", "estimate")} == {
        **{"study": "study/otieno", "concept": "Reading fluency", "group": "Phonics", "versus": "Usual teaching"},
        **{"metric": "SMD", "estimate": 0.35},
    }
