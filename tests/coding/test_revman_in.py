"""RevMan's CSV files: study information, arms, results, the data of an analysis, risk of bias; the whole path."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from evigraph import checks, data, queries, updating
from evigraph.coding import packs
from evigraph.export import flat_tables
from evigraph.ingest.extraction import words
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating import Outcome
from evigraph.updating.new_review import Outline, create

INFORMATION = """Study,Year,Char: Methods,Char: Participants,Covariate: Setting,Funding
Otieno 2021,2021,Cluster randomised trial,Pupils,Rural; Urban,NR
Lund 2019,2019,Randomised trial,Adults,Urban,A fund
"""
ARMS = """Study,Arm,Intervention,Participants,Dose
Otieno 2021,Phonics,Letters,580,daily
Otieno 2021,Usual,Usual teaching,518,
Lund 2019,Drug,A drug,about 60,
"""
RESULTS = """Study,Outcome,Time point,Arm,Comparator,Effect measure,Cases,N,Mean,SD,Estimate,SE,CI start,CI end,Rater
Otieno 2021,Reading,6 months,Phonics,,,,580,24.3,12.1,,,,,blind
Otieno 2021,Reading,6 months,Usual,,,,518,18.7,11.8,,,,,blind
Otieno 2021,Reading,6 months,Phonics,Usual,SMD,,,,,0.35,0.12,0.11,0.59,
Otieno 2021,Passed,6 months,Phonics,,,310,580,,,,,,,
Otieno 2021,Passed,6 months,Usual,,,240,518,,,,,,,
Otieno 2021,Passed,6 months,Phonics,Usual,Odds ratio,,,,,1.33,,1.05,1.69,
,Passed,6 months,Phonics,,,1,2,,,,,,,
"""
BIAS_2 = """Study,Outcome,Bias arising from the randomization process judgement,\
Bias arising from the randomization process support,Bias due to missing outcome data judgement,\
Bias in measurement of the outcome judgement,Overall bias judgement
Otieno 2021,Reading,Low risk of bias,Drawn by computer.,Some concerns,High risk of bias,High risk of bias
"""
BIAS_1 = """Study,Random sequence generation (selection bias): Judgement,Random sequence generation (selection bias): \
Support for judgement,Allocation concealment (selection bias): Judgement,Selective reporting (reporting bias): Judgement
Lund 2019,Low risk,A coin was thrown.,Unclear risk,High risk
"""
ANALYSIS = """Analysis group,Analysis number,Analysis name,Subgroup,Study,Study year,Experimental cases,Experimental N,\
Control cases,Control N,Mean,CI start,CI end,Weight,Effect measure,Footnotes,Overall bias judgement
1,1,Relapse,Adults,Lund 2019,2019,12,60,20,61,0.61,0.33,1.13,12.5,Risk Ratio,see text,Low risk
1,2,Score,Adults,Lund 2019,2019,,60,,61,2.5,1,4,12.5,,,
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


def linked(workspace: Workspace, *texts: str) -> Outcome:
    """What linking files of those texts does."""
    paths = [workspace.root / f"file-{n}.csv" for n in range(1, len(texts) + 1)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, "utf-8")
    return updating.link(workspace, paths, Options(date="2024-05-01"), dry_run=False)


def study(workspace: Workspace, name: str) -> dict[str, Any]:
    """The document of a study."""
    return data.read_document(workspace.review / "studies" / f"{name}.yaml", name).content


def values(record: dict[str, Any]) -> dict[str, list[Any]]:
    """The values of a record by attribute."""
    made: dict[str, list[Any]] = {}
    for each in record.get("characteristics", []):
        made.setdefault(each["attribute"], []).append(each.get("concept") or each.get("text") or each["state"])
    return made


def rows(workspace: Workspace, name: str, *columns: str, **parameters: str) -> list[tuple[Any, ...]]:
    """Some columns of an answer."""
    table = queries.run(build.open_store(workspace), queries.load(workspace, name), parameters)
    return [tuple(row[table.columns.index(each)] for each in columns) for row in table.rows]


def test_the_files_of_a_review_make_its_studies(workspace: Workspace) -> None:
    """All at once, each told by its headings; the review then passes its checks, answers, and leaves again."""
    made = linked(workspace, INFORMATION, ARMS, RESULTS, BIAS_2, BIAS_1)
    assert [batch.format for batch in made.plan.batches] == [
        "revman-study-information",
        "revman-arms",
        "revman-results",
        "revman-risk-of-bias",
        "revman-risk-of-bias",
    ]
    assert [(batch.present, batch.read, len(batch.rejected)) for batch in made.plan.batches][2] == (7, 6, 1)
    assert checks.check(workspace) == []
    one = study(workspace, "otieno-2021")
    assert values(one) == {
        "methods": ["Cluster randomised trial"],
        "participants": ["Pupils"],
        "setting": ["Rural", "Urban"],
        "funding": ["not-reported"],
    }
    assert {each["label"]: (each["kind"], each.get("n"), values(each)) for each in one["groups"]} == {
        "Phonics": ("arm", 580, {"intervention": ["Letters"], "dose": ["daily"]}),
        "Usual": ("arm", 518, {"intervention": ["Usual teaching"]}),
    }
    drug = study(workspace, "lund-2019")["groups"][0]
    assert ("n" in drug, values(drug)["participants"]) == (False, ["about 60"])
    crossed = rows(workspace, "crosstab", "row", "column", "studies", rows="methods", columns="setting")
    assert sorted(crossed) == [
        ("Cluster randomised trial", "Rural", 1),
        ("Cluster randomised trial", "Urban", 1),
        ("Randomised trial", "Urban", 1),
    ]
    tables = {table.name: len(table.rows) for table in flat_tables.tables(data.read_documents(workspace))}
    assert (tables["groups"], tables["results"]) == (3, 6)


def test_results_of_arms_and_contrasts(workspace: Workspace) -> None:
    """Numbers of arms beside effects; a ratio by its logarithm, with its limits; columns of its own as its values."""
    linked(workspace, RESULTS)
    columns = ("outcome", "time", "measure", "yi", "sei", "ci_lb", "n1i", "m2i", "x1i")
    found = {each[0]: each[1:] for each in rows(workspace, "effects", *columns)}
    assert found["Reading"] == ("6 months", "SMD", 0.35, 0.12, 0.11, 580.0, 18.7, None)
    assert found["Passed"][:3] == ("6 months", "OR", pytest.approx(math.log(1.33)))
    assert found["Passed"][4:] == (pytest.approx(math.log(1.05)), 580.0, None, 310.0)
    results = study(workspace, "otieno-2021")["results"]
    assert [values(each) for each in results[:2]] == [{"rater": ["blind"]}] * 2
    assert "1.33" in next(each["note"] for each in results if each.get("metric") == "OR")


def test_risk_of_bias_by_either_tool(workspace: Workspace) -> None:
    """The tool comes into the codebook with the first file that judges with it; RoB 2 is of a result."""
    made = linked(workspace, BIAS_2, BIAS_1)
    assert sum("added to the codebook" in note for note in made.plan.notes) == 2
    judged = rows(workspace, "appraisals", "about", "tool", "outcome", "domain", "judgement", "support")
    assert {each[3]: each for each in judged if each[1] == "RoB 2"} == {
        "Randomisation process": (*judged_of("RoB 2", "Reading", "Randomisation process", "Low"), "Drawn by computer."),
        "Missing outcome data": (*judged_of("RoB 2", "Reading", "Missing outcome data", "Some concerns"), None),
        "Measurement of the outcome": (*judged_of("RoB 2", "Reading", "Measurement of the outcome", "High"), None),
        "Overall": (*judged_of("RoB 2", "Reading", "Overall", "High"), None),
    }
    assert {(each[3], each[4], each[2]) for each in judged if each[1] == "RoB 1"} == {
        ("Random sequence generation", "Low", None),
        ("Allocation concealment", "Unclear", None),
        ("Selective reporting", "High", None),
    }
    assert checks.check(workspace) == []


def test_headings_name_domains_that_the_packs_have() -> None:
    """Whatever `shapes.yaml` tells of a tool is a domain of that tool."""
    known = {pack.key: {each["key"] for each in pack.domains} for pack in packs.every()}
    told = words.rules()["tools"]
    assert set(told) == {"rob1", "rob2"}
    for tool, domains in told.items():
        assert set(domains) <= known[tool]


def judged_of(tool: str, outcome: str, domain: str, judgement: str) -> tuple[str, ...]:
    """A judgement on Otieno 2021."""
    return "Otieno 2021", tool, outcome, domain, judgement


def test_a_measure_without_an_estimate_stays_in_words(workspace: Workspace) -> None:
    """The groups are compared, and `check` has nothing to say."""
    linked(workspace, "Study,Outcome,Arm,Comparator,Effect measure,Estimate,N\nA 2019,Pain,Drug,Placebo,OR,unclear,\n")
    compared = study(workspace, "a-2019")["results"][0]
    assert ("metric" in compared, "versus" in compared) == (False, True)
    assert "OR without an estimate" in compared["note"]
    assert checks.check(workspace) == []


def test_the_data_of_an_analysis(workspace: Workspace) -> None:
    """Both arms stand in one row; an effect whose measure nobody tells stays words."""
    made = linked(workspace, ANALYSIS)
    found = rows(workspace, "effects", "outcome", "measure", "yi", "n1i", "x1i", "x2i", "n2i")
    assert found == [
        ("Relapse", "RR", pytest.approx(math.log(0.61)), 60.0, 12.0, 20.0, 61.0),
        ("Score", None, None, 60.0, None, None, 61.0),
    ]
    results = study(workspace, "lund-2019")["results"]
    assert "effect without a measure: estimate 2.5" in results[-1]["note"]
    assert values(results[-1]) == {"subgroup": ["Adults"]}
    notes = "\n".join(made.plan.batches[0].notes)
    assert "columns left out, which follow from the rest: Analysis number, Weight" in notes
    assert [each[0] for each in rows(workspace, "appraisals", "outcome")] == ["Relapse"]
    assert checks.check(workspace) == []


@pytest.mark.parametrize("text", [INFORMATION, ARMS, RESULTS, BIAS_2, BIAS_1, ANALYSIS])
def test_the_same_file_again_changes_nothing(workspace: Workspace, text: str) -> None:
    """A second link finds everything there."""
    linked(workspace, text)
    before = {path: path.read_bytes() for path in sorted(workspace.review.rglob("*.yaml"))}
    linked(workspace, text)
    assert before == {path: path.read_bytes() for path in sorted(workspace.review.rglob("*.yaml"))}


def test_a_sheet_of_records_is_none_of_them(workspace: Workspace) -> None:
    """Titles and years are no results."""
    made = linked(workspace, "Study,Title,Year,DOI\nA 2019,On drawing,2019,10.5555/a\n")
    assert not made.plan.batches[0].format.startswith("revman")
