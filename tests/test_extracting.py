"""Extraction sheets of other reviews, brought in by a recipe alone."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from evigraph import checks, data, drafting, growing
from evigraph.growing import Outcome
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.starting import create

CODES = """benefits:
  - {id: benefit/recall, type: Benefit, label: Better recall, altLabels: [Memory], position: 1, definition: More is
    kept in mind., inScheme: codebook/benefits, concerns: [stakeholder/participant]}
  - {id: benefit/motivation, type: Benefit, label: Motivation, position: 2, definition: The will to go on., inScheme:
    codebook/benefits, concerns: [stakeholder/participant]}
drawbacks:
  - {id: drawback/workload, type: Drawback, label: Workload, notation: D1, position: 1, definition: More work.,
    inScheme: codebook/drawbacks, concerns: [stakeholder/participant]}
attributeValues:
  - {id: value/language/c, type: AttributeValue, label: C, position: 1, definition: The language C., inScheme:
    codebook/language}
  - {id: value/language/c-plus-plus, type: AttributeValue, label: C++, altLabels: [Cpp], position: 2, definition: A
    language., inScheme: codebook/language}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review with some codes; nothing in it is of the shipped one."""
    review = create(tmp_path / "mine", "mine", "Mine", "https://example.org/mine/")
    codebook = (review / "codebook.yaml").read_text("utf-8")
    scheme = "codebooks:\n  - {id: codebook/language, type: Codebook, label: Language}\n"
    (review / "codebook.yaml").write_text(codebook.replace("codebooks:\n", scheme) + CODES, "utf-8")
    return find_workspace(tmp_path / "mine")


def linked(workspace: Workspace, path: Path, recipe: str = "", **options: Any) -> Outcome:
    """What linking a file by a recipe does."""
    by = path.with_suffix(".recipe.yaml")
    if recipe:
        by.write_text(recipe, "utf-8")
    chosen = Options(by=by if recipe else None, date="2024-05-01", **options)
    return growing.link(workspace, [path], chosen, dry_run=False)


def studies(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """The studies of a workspace by key."""
    return {path.stem: data.read_document(path, path.stem).content for path in workspace.review.glob("studies/*.yaml")}


def attributes(study: dict[str, Any]) -> dict[str, list[Any]]:
    """The attributes of a study: concepts, numbers and texts, or the state of what isn't said."""
    found: dict[str, list[Any]] = {}
    for each in study.get("characteristics", []):
        value = each.get("concept") or each.get("value") or each.get("text") or each["state"]
        found.setdefault(each["attribute"], []).append(value)
    return {name: sorted(values, key=str) for name, values in found.items()}


def workbook(rows: list[list[Any]], merged: tuple[str, ...] = ()) -> bytes:
    """A workbook of one sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class Case:
    """A sheet with its recipe and what it holds: rows read and rejected, and attributes and findings of studies."""

    file: str
    content: bytes
    recipe: str
    read: int
    rejected: int
    attributes: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    findings: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


EDUCATION = Case(
    "education.xlsx",
    workbook(
        [
            ["Table S3. Characteristics of the included studies"],
            [],
            ["Publication", None, "Setting", None, None, "Gains", None, "Comments"],
            ["Author(s)", "Year", "Primary", "Secondary", "n", "Memory", "Motivation", "Free"],
            ["Okafor & Lindqvist", 2018, "x", None, 45, "x", "x", "good paper"],
            ["Tanaka", 2021, None, "✓", "NR", "x", None, None],
            ["Ruiz", 2019, "x", "x", "about 30", None, "maybe", None],
            ["Sources: own search"],
        ],
        ("A3:B3", "C3:E3", "F3:G3"),
    ),
    """label: education
reader: sheet
fields: {authors: ['Publication | Author(s)'], year: ['Publication | Year']}
columns:
  headings: 2
  attributes:
    - attribute: setting
      one-hot: {'Setting | Primary': primary school, 'Setting | Secondary': secondary school}
    - {attribute: sample-size, column: 'Setting | n', as: number}
  findings:
    - answers: RQ1
      benefit: {one-hot: {'Gains | Memory': Memory, 'Gains | Motivation': Motivation}}
""",
    3,
    1,
    {
        "okafor-2018": {"setting": ["primary school"], "sample-size": [45]},
        "tanaka-2021": {"setting": ["secondary school"], "sample-size": ["not-reported"]},
        "ruiz-2019": {"setting": ["primary school", "secondary school"], "sample-size": ["about 30"]},
    },
    {
        "okafor-2018": [("benefit/motivation", "positive"), ("benefit/recall", "positive")],
        "tanaka-2021": [("benefit/recall", "positive")],
        "ruiz-2019": [(None, "unclear")],
    },
    ("`about 30` is no number", "`Motivation: maybe` is no code", "columns left out: Comments | Free"),
)
MEDICINE = Case(
    "medicine.csv",
    b"Study ID,DOI,Title,Country,Arms,Outcome,Time point,SMD,95% CI,Direction,Author's conclusion,Page\r\n"
    b'Brandt 2015,https://doi.org/10.5555/b,A trial of rest,Norway,2,Pain,6 wk,-0.41,"-0.7, -0.1",+,Pain fell.,5\r\n'
    b",,,,,Function,6 wk,0.05,,0,No change in function.,6\r\n"
    b",,,,,Harms,,NR,,unclear,Harms were not counted.,\r\n"
    b'Osei 2020,10.5555/o20,Walking for backs,Ghana,n/a,Pain,12 wk,<0.1,,mixed,"Pain fell, then rose.","Table 2"\r\n'
    b",,,,,,,,,,,\r\n"
    b"NR = not reported,,,,,,,,,,,\r\n",
    """label: medicine
reader: sheet
fields: {doi: [DOI], title: [Title]}
columns:
  study: [Study ID]
  label: [Study ID]
  new-codes: add
  ignore: [95% CI]
  attributes:
    - {attribute: country, column: Country}
    - {attribute: arms, column: Arms, as: number}
  findings:
    - answers: RQ1
      outcome: {column: Outcome}
      direction: {column: Direction}
      statement: "{Outcome} ({Time point}): {Author's conclusion}"
      place: {column: Page}
      quantities: [{kind: smd, value: {column: SMD}, unit: standard deviations}]
""",
    4,
    1,
    {"brandt-2015": {"country": ["value/country/norway"], "arms": [2]}, "osei-2020": {"arms": ["not-applicable"]}},
    {
        "brandt-2015": [
            ("value/outcome/pain", "positive"),
            ("value/outcome/function", "none"),
            ("value/outcome/harms", "unclear"),
        ],
        "osei-2020": [("value/outcome/pain", "mixed")],
    },
)
SOFTWARE = Case(
    "software.tsv",
    "Paper\tVenue\tYear\tLanguages studied\tProblems seen\tSource of evidence\tRQ\n"
    "P1: Linting at scale\tICSE\t2017\tCpp; C\tD1\tcase study\tRQ1\n"
    "P2: Tests that fail\tMSR\t2020\tC++ / Rust\tWorkload / Boredom\tN/A\tRQ1\n"
    "P3: Types\tFSE\t2022\tC\t\tinterviews (inferred)\tRQ9\n".encode("utf-16"),
    """label: software
reader: sheet
fields: {title: [Paper], year: [Year], container: [Venue]}
columns:
  attributes:
    - {attribute: language, column: Languages studied, split: '/\\s*[;\\/]\\s*/'}
    - {attribute: evidence, column: Source of evidence, values: {case study: Case study of one project}}
  findings:
    - answers: {column: RQ}
      drawback: {column: Problems seen, split: ' / '}
""",
    3,
    0,
    {
        "p1-linting-at-scale": {
            "language": ["value/language/c", "value/language/c-plus-plus"],
            "evidence": ["Case study of one project"],
        },
        "p2-tests-that-fail": {"language": ["Rust", "value/language/c-plus-plus"], "evidence": ["not-applicable"]},
        "p3-types": {"language": ["value/language/c"], "evidence": ["interviews"]},
    },
    {
        "p1-linting-at-scale": [("drawback/workload", "negative")],
        "p2-tests-that-fail": [("drawback/workload", "negative"), (None, "unclear")],
    },
    ("row 3, Languages studied: `Rust` is no code that is known; kept as text", "row 3, Problems seen: `Boredom`"),
)
REVIEWERS = Case(
    "reviewers.csv",
    b"Study,Extractor,Design,Setting,Effect,Finding\n"
    b"Haddad 2016,AB,RCT,school,+,Memory improved.\n"
    b"Haddad 2016,CD,cohort,school,+,They remembered more.\n"
    b"Haddad 2016,Final consensus,RCT,school,+,Memory improved.\n"
    b"Ito 2019,AB,survey,clinic,-,It was worse.\n"
    b"Ito 2019,CD,survey,NR,-,Outcomes fell.\n"
    b"Mbeki 2022,AB,RCT,,+,Good.\n"
    b"Mbeki 2022,CD,RCT,school,mixed,Good and bad.\n",
    """label: reviewers
reader: sheet
columns:
  study: [Study]
  reviewer: Extractor
  consensus: [Final consensus]
  attributes:
    - {attribute: design, column: Design}
    - {attribute: setting, column: Setting}
  findings:
    - {answers: RQ1, direction: {column: Effect}, statement: {column: Finding}}
""",
    7,
    0,
    {
        "haddad-2016": {"design": ["RCT"], "setting": ["school"]},
        "ito-2019": {"design": ["survey"]},
        "mbeki-2022": {"design": ["RCT"], "setting": ["school"]},
    },
    {"haddad-2016": [(None, "positive")], "ito-2019": [(None, "negative")], "mbeki-2022": []},
    (
        "ito-2019: coders differ on setting: AB (row 5) `clinic`; CD (row 6) `not-reported`; not coded",
        "mbeki-2022: setting was coded by CD alone",
        "mbeki-2022: coders differ: only AB (row 7) has the finding",
    ),
)
GERMAN = Case(
    "auszug.csv",
    "Studie;Jahr;Titel;Land;Stichprobe;Effektstärke d;Wirkung;Hauptergebnis;Seite\r\n"
    "Müller & Groß;2014;Lernen mit Würfeln;Österreich;1.204;0,35;positiv;Würfel helfen beim Üben.;S. 12\r\n"
    "Weiß;2020;Prüfungsangst;Deutschland;k. A.;-1,2;negativ;Die Angst wuchs.;\r\n".encode("cp1252"),
    """label: auszug
reader: sheet
fields: {authors: [Studie], year: [Jahr], title: [Titel]}
columns:
  decimal: ','
  attributes:
    - {attribute: country, column: Land}
    - {attribute: sample-size, column: Stichprobe, as: number}
  findings:
    - answers: RQ1
      direction: {column: Wirkung}
      statement: {column: Hauptergebnis}
      place: {column: Seite}
      quantities: [{kind: effect-size, value: {column: Effektstärke d}, unit: standard deviations}]
""",
    2,
    0,
    {
        "muller-2014": {"country": ["Österreich"], "sample-size": [1204]},
        "weiss-2020": {"country": ["Deutschland"], "sample-size": ["not-reported"]},
    },
    {"muller-2014": [(None, "positive")], "weiss-2020": [(None, "negative")]},
)
CASES = [EDUCATION, MEDICINE, SOFTWARE, REVIEWERS, GERMAN]


def file_of(case: Case, folder: Path) -> Path:
    """The sheet as a file."""
    (folder / case.file).write_bytes(case.content)
    return folder / case.file


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_a_sheet_comes_in_by_its_recipe(case: Case, workspace: Workspace, tmp_path: Path) -> None:
    """Every row is counted, attributes and findings are what the sheet says, and the review holds to its checks."""
    outcome = linked(workspace, file_of(case, tmp_path), case.recipe)
    batch = outcome.plan.batches[0]
    assert (batch.read, len(batch.rejected)) == (case.read, case.rejected), batch.rejected
    assert batch.present == batch.read + len(batch.rejected)
    found = studies(workspace)
    for key, expected in case.attributes.items():
        assert {name: attributes(found[key])[name] for name in expected} == expected
    for key, findings in case.findings.items():
        coded = [
            (each.get("benefit") or each.get("drawback") or each.get("concept"), each["direction"])
            for each in found[key].get("findings", [])
        ]
        assert sorted(coded, key=str) == sorted(findings, key=str)
    said = "\n".join([*batch.notes, *outcome.plan.notes])
    for note in case.notes:
        assert note in said
    assert checks.check(workspace) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_the_same_sheet_again_changes_nothing(case: Case, workspace: Workspace, tmp_path: Path) -> None:
    """Rows are matched with the studies, attributes and findings that came of them."""
    linked(workspace, file_of(case, tmp_path), case.recipe)
    assert linked(workspace, tmp_path / case.file, case.recipe).written == 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_a_draft_works_as_it_is(case: Case, workspace: Workspace, tmp_path: Path) -> None:
    """Nearly every row is read by it, and the review holds to its checks."""
    drafted = drafting.draft(workspace, file_of(case, tmp_path))
    assert max(map(len, drafted.splitlines())) <= 120
    outcome = linked(workspace, tmp_path / case.file, drafted)
    batch = outcome.plan.batches[0]
    assert batch.present == batch.read + len(batch.rejected)
    assert batch.read >= case.read
    assert checks.check(workspace) == []
