"""Extraction sheets of other reviews, brought in by a recipe alone."""

from __future__ import annotations

import io
import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import evigraph

from evigraph import checks, data, updating
from evigraph.coding import recipe_draft
from evigraph.errors import DataError
from evigraph.files import journal
from evigraph.ingest import recipes
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.updating import Outcome
from evigraph.updating.new_review import Outline, create

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
    review = create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
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
    return updating.link(workspace, [path], chosen, dry_run=False)


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
        "ruiz-2019": [(None, None)],
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
        "p2-tests-that-fail": [("drawback/workload", "negative"), (None, None)],
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
            (each.get("benefit") or each.get("drawback") or each.get("concept"), each.get("effect"))
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
    drafted = recipe_draft.draft(workspace, file_of(case, tmp_path))
    assert max(map(len, drafted.splitlines())) <= 120
    outcome = linked(workspace, tmp_path / case.file, drafted)
    batch = outcome.plan.batches[0]
    assert batch.present == batch.read + len(batch.rejected)
    assert batch.read >= case.read
    assert checks.check(workspace) == []


def console(page: str) -> list[tuple[str, str]]:
    """The commands of a page with the output that it shows."""
    blocks = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    return [(command, shown) for block in blocks for command, shown in re.findall(r"\$ (.*)\n([^$]*)", block)]


@pytest.mark.checkout
def test_the_page_on_extraction_does_what_it_shows(tmp_path: Path) -> None:
    """Its sheet, its recipe and its commands, in a new review; what a command shows begins with what the page shows."""
    page = (Path(__file__).parents[2] / "docs" / "extraction.md").read_text("utf-8")
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    for language, names in (("csv", ("extraction.csv", "effects.csv")), ("yaml", ("my.yaml", "effects.yaml"))):
        found = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
        for name, text in zip(names, found, strict=True):
            (tmp_path / name).write_text(text, "utf-8")
    for command, shown in console(page):
        tokens = [str(tmp_path / token) if "." in token else token for token in shlex.split(command)[1:]]
        ran = evigraph("--workspace", str(tmp_path / "mine"), *tokens)
        assert (ran.returncode, ran.stderr) == (0, ""), command
        assert [line for line in shown.splitlines() if line not in ran.stdout.splitlines()] == []
    assert len(console(page)) == 8
    assert (tmp_path / "metafor.csv").read_text("utf-8").count("SMD") == 3


COVIDENCE = """Covidence #,Study ID,Title,Reviewer Name,Title,Country,Study design,Population,Notes
12,Smith 2019,Badges,Ann,Badges,United States,Trial,Students; Teachers,
12,Smith 2019,Badges,Bo,Badges,United States,Cohort,Students,
12,Smith 2019,Badges,Consensus,Badges,United States,Trial,Students; Teachers,
15,Jones 2021,Tutoring,Ann,Tutoring,UK,Cohort,,NR
17,Smith 2019,Another,Ann,,UK,,,
"""


def test_covidence_is_known_by_its_headings(workspace: Workspace, tmp_path: Path) -> None:
    """The consensus holds, coders are kept, and two studies of one name stay two."""
    (tmp_path / "review_1_extraction.csv").write_text("\ufeff" + COVIDENCE, "utf-8")
    outcome = linked(workspace, tmp_path / "review_1_extraction.csv")
    assert (outcome.plan.batches[0].format, outcome.plan.batches[0].read) == ("covidence-extraction", 5)
    found = {key: attributes(study) for key, study in studies(workspace).items()}
    assert found == {
        "smith-2019": {"country": ["United States"], "study-design": ["Trial"], "population": ["Students", "Teachers"]},
        "jones-2021": {"country": ["UK"], "study-design": ["Cohort"], "notes": ["not-reported"]},
        "smith-2019-b": {"country": ["UK"]},
    }
    cells = (workspace.review / "codings" / "cells" / "bo.csv").read_text("utf-8")
    assert "smith-2019,study-design,stated,Cohort" in cells
    assert checks.check(workspace) == []


def eppi() -> dict[str, Any]:
    """A file as EPPI-Reviewer writes it."""
    codes = [{"AttributeId": 11, "AttributeName": "UK"}, {"AttributeId": 12, "AttributeName": "USA"}]
    country = {"AttributeId": 10, "AttributeName": "Country", "Attributes": {"AttributesList": codes}}
    one = {"ItemId": 5, "Title": "Badges", "ShortTitle": "Smith (2019)", "Authors": "Smith J", "Year": "2019"}
    two = {"ItemId": 6, "Title": "Tutoring", "ShortTitle": "Jones (2021)", "Authors": "Jones B", "Year": "2021"}
    coded = [{"AttributeId": 12, "AdditionalText": "one school", "ItemAttributeFullTextDetails": [{"Text": "a"}]}]
    return {
        "CodeSets": [{"SetName": "Extraction", "Attributes": {"AttributesList": [country]}}],
        "References": [
            {**one, "ItemStatus": "I", "Country": "", "Codes": [{"AttributeId": 11}, *coded]},
            {**two, "ItemStatus": "E", "Codes": [{"AttributeId": 99}]},
        ],
    }


def test_eppi_reviewers_codes_can_be_findings(workspace: Workspace, tmp_path: Path) -> None:
    """With a recipe whose columns are the parents of codes."""
    content = eppi()
    group = content["CodeSets"][0]["Attributes"]["AttributesList"][0]
    group["AttributeName"] = "Gains"
    group["Attributes"]["AttributesList"][0]["AttributeName"] = "Memory"
    (tmp_path / "eppi.json").write_text(json.dumps(content), "utf-8")
    fields = "fields: {authors: [Authors], year: [Year]}"
    recipe = f"label: e\nreader: sheet\n{fields}\ncolumns: {{findings: [{{benefit: {{column: Gains}}}}]}}\n"
    linked(workspace, tmp_path / "eppi.json", recipe)
    assert [e.get("benefit") for e in studies(workspace)["smith-2019"]["findings"]] == ["benefit/recall", None]


RECIPE = """label: r
reader: sheet
fields: {doi: [DOI], title: [Title], year: [Year]}
columns:
  study: [Study]
  attributes: [{attribute: design, column: Design}]
  findings: [{direction: {column: Effect}, statement: {column: Result}}]
"""


def csv_file(folder: Path, *rows: str) -> Path:
    """A sheet for `RECIPE`."""
    (folder / "r.csv").write_text("\n".join(["Study,DOI,Title,Year,Design,Effect,Result", *rows]), "utf-8")
    return folder / "r.csv"


def test_what_a_study_lacks_is_added_and_what_differs_is_a_conflict(workspace: Workspace, tmp_path: Path) -> None:
    """Matched by identifier, by title and year, by name; `--update` lets the sheet go first."""
    linked(workspace, csv_file(tmp_path, "A 2020,10.5555/a,On a,2020,survey,+,Good."), RECIPE)
    again = csv_file(tmp_path, "Other,https://doi.org/10.5555/A,On a,2020,trial,-,Good.", "A 2020,,,,,+,Also good.")
    said = "\n".join(linked(workspace, again, RECIPE).plan.notes)
    assert "design is `survey` in the review and `trial` in r.csv; kept as it is" in said
    assert "effect of finding/a-2020/1 is `positive` in the review and `negative`" in said
    found = studies(workspace)
    assert list(found) == ["a-2020"]
    assert [each["statement"] for each in found["a-2020"]["findings"]] == ["Good.", "Also good."]
    linked(workspace, again, RECIPE, update=True)
    changed = studies(workspace)["a-2020"]
    assert attributes(changed)["design"] == ["trial"]
    assert [each["effect"] for each in changed["findings"]] == ["negative", "positive"]
    assert checks.check(workspace) == []


def test_two_studies_of_one_name_stay_two(workspace: Workspace, tmp_path: Path) -> None:
    """Where nothing but the sheet's own number tells them apart; linked again, each finds its own."""
    recipe = RECIPE.replace("  study: [Study]\n", "  study: [Study]\n  label: [Year]\n").replace(", year: [Year]", "")
    rows = "1,,,Smith 2019,survey,+,Good.", "2,,,Smith 2019,trial,-,Bad."
    linked(workspace, csv_file(tmp_path, *rows), recipe)
    assert {key: attributes(study)["design"] for key, study in studies(workspace).items()} == {
        "smith-2019": ["survey"],
        "smith-2019-b": ["trial"],
    }
    assert linked(workspace, csv_file(tmp_path, *rows), recipe).written == 0


def test_a_record_that_waits_becomes_the_report(workspace: Workspace, tmp_path: Path) -> None:
    """What an earlier search found of the study is taken over, and the record names the report."""
    (tmp_path / "hits.ris").write_text("TY  - JOUR\nTI  - On a\nAU  - Doe, J.\nDO  - 10.5555/a\nER  - \n", "utf-8")
    updating.link(workspace, [tmp_path / "hits.ris"], Options(screen=True, date="2024-05-01"), dry_run=False)
    linked(workspace, csv_file(tmp_path, "A,10.5555/a,,,survey,+,Good."), RECIPE)
    (study,) = studies(workspace).values()
    assert (study["reports"][0]["title"], study["reports"][0]["authors"]) == ("On a", "Doe, J.")
    (search,) = workspace.review.glob("records/*.json")
    assert json.loads(search.read_text("utf-8"))["records"][0]["identifies"] == study["reports"][0]["id"]
    assert checks.check(workspace) == []


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ("reader: sheet\nlabel: x\ncolumns: {atributes: []}", "unknown key `atributes`; did you mean `attributes`?"),
        ("reader: sheet\nlabel: x\ncolumns: {attributes: [{attribute: A b, column: X}]}", "small letters with hyphens"),
        ("reader: sheet\nlabel: x\ncolumns: {attributes: [{attribute: a}]}", "exactly one of `column`, `one-hot`"),
        ("reader: sheet\nlabel: x\ncolumns: {attributes: {attribute: a}}", "a list is needed"),
        ("reader: sheet\nlabel: x\ncolumns: {findings: [{mood: x}]}", "unknown key `mood`"),
        ("reader: sheet\nlabel: x\ncolumns: {new-codes: maybe}", "`maybe` is none of keep, add"),
        ("reader: sheet\nlabel: x\ncolumns: {headings: 9}", "1, 2 or 3 rows of headings"),
        (r"reader: sheet\nlabel: x\ncolumns: {study: {a: b}}".replace(r"\n", "\n"), "a text or a list of texts"),
        ("reader: sheet\nlabel: x\ncolumns: {attributes: [{attribute: a, column: X, split: '/(/'}]}", "is no pattern"),
        ("reader: sheet\nlabel: x\ncolumns: {attributes: [{attribute: a, column: X, split: '/(a+)+/'}]}", "for ever"),
        ("reader: sheet\nlabel: x\ncolumns: {study: [Nowhere]}", "has the headings that"),
        ("reader: sheet\nlabel: x\ncolumns: {study: [Study], sheet: Other}", "sheet `Other`"),
        ("label: x", "not a recipe"),
    ],
)
def test_a_recipe_that_cannot_be_followed_is_one_line(
    workspace: Workspace, tmp_path: Path, recipe: str, message: str
) -> None:
    """The place in the recipe, what is wrong, and what is allowed."""
    path = csv_file(tmp_path, "A,10.5555/a,,,survey,+,Good.")
    with pytest.raises(DataError, match=re.escape(message)) as raised:
        linked(workspace, path, recipe)
    assert "\n" not in str(raised.value)


def test_what_people_type_never_breaks_a_link(workspace: Workspace, tmp_path: Path) -> None:
    """Formulas, markup, huge and foreign words: every row is counted, and the review holds to its checks."""
    texts = ["=1+1", "+x", "@a", "<b>x</b>", "{Study}", "a/b;c", "٣", "😀", "x" * 5000, "study/../../etc", "-", "null"]
    rows = [f"{text},,,,{text},{text},{text}" for text in texts]
    batch = linked(workspace, csv_file(tmp_path, *rows), RECIPE).plan.batches[0]
    assert batch.present == batch.read + len(batch.rejected) == len(texts)
    assert checks.check(workspace) == []
    assert {path.parent for path in workspace.review.glob("**/*.yaml")} == {
        workspace.review,
        *(workspace.review / name for name in ("studies", "codes", "codings")),
    }


def test_a_draft_tells_numbers_of_a_row_from_those_of_a_study(workspace: Workspace, tmp_path: Path) -> None:
    """In a table for a meta-analysis, with a row an outcome."""
    rows = ["study_id,author,year,n_total,mean_int,outcome", "S_1,Smith et al.,2023,98,45.2,pain"]
    (tmp_path / "m.csv").write_text("\n".join([*rows, "S_1,Smith et al.,2023,98,3.1,sleep"]), "utf-8")
    drafted = recipe_draft.draft(workspace, tmp_path / "m.csv")
    linked(workspace, tmp_path / "m.csv", drafted)
    (study,) = studies(workspace).values()
    assert (study["label"], attributes(study)["n-total"]) == ("Smith et al. (2023)", [98])
    assert (study["reports"][0]["year"], study["reports"][0]["title"]) == (2023, study["label"])
    assert sorted(each["quantities"][0]["value"] for each in study["findings"]) == [3.1, 45.2]
    assert checks.check(workspace) == []


def test_the_commands(workspace: Workspace, tmp_path: Path) -> None:
    """Draft a recipe, and link by it; a draft fits a terminal."""
    path = csv_file(tmp_path, "A,10.5555/a,On a,2020,survey,+,Good.", "B,,On b,2021,trial,-,Bad.")
    root = str(workspace.root)
    drafted = evigraph("--workspace", root, "recipe", str(path))
    assert (drafted.returncode, drafted.stderr) == (0, "")
    assert max(map(len, drafted.stdout.splitlines())) <= 80
    (tmp_path / "d.yaml").write_text(drafted.stdout, "utf-8")
    ran = evigraph("--workspace", root, "link", str(path), "--recipe", str(tmp_path / "d.yaml"))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "r.csv: d, utf-8: 2 rows, 2 read" in ran.stdout


def test_a_title_without_a_year_tells_the_study(workspace: Workspace, tmp_path: Path) -> None:
    """A sheet that has no year extends the one study of that title, and none where two have it."""
    for name, rows in {
        "a": ["Study,Title,Year,Design", "Doe 2021,Badges in two courses,2021,survey"],
        "b": ["Study,Title,N", "Badge study,Badges in two courses,98"],
    }.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(rows), "utf-8")
        last = rows[0].rsplit(",", 1)[1]
        recipe = "reader: sheet\nlabel: x\nfields: {title: [Title], year: [Year]}\ncolumns:\n  study: [Study]\n"
        recipe += f"  attributes:\n    - {{attribute: {last.lower()}, column: {last}}}\n"
        linked(workspace, tmp_path / f"{name}.csv", recipe)
    (study,) = studies(workspace).values()
    assert attributes(study) == {"design": ["survey"], "n": ["98"]}


def sheet(folder: Path, *lines: str) -> Path:
    """A CSV file with these lines and no others."""
    path = folder / "s.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_a_row_with_a_title_of_its_own_is_a_study_of_its_own(workspace: Workspace, tmp_path: Path) -> None:
    """Though the cell that tells the study is empty: nothing of it goes to the study above."""
    path = csv_file(
        tmp_path, "ID,Title,Design", "1,Badges in chemistry,survey", ",Badges in physics,trial", ",,interview"
    )
    recipe = "label: l\nreader: sheet\nfields: {title: [Title]}\ncolumns:\n  study: [ID]\n  attributes:\n"
    linked(workspace, path, recipe + "    - {attribute: design, column: Design}\n")
    found = {each["reports"][0]["title"]: attributes(each)["design"] for each in studies(workspace).values()}
    assert {title: len(values) for title, values in found.items()} == {"Badges in chemistry": 1, "Badges in physics": 2}


@pytest.mark.parametrize(
    ("split", "said"),
    [("", ["Clams fed; gulls did not; eels left."]), ("  split: ;\n", ["Clams fed", "eels left.", "gulls did not"])],
)
def test_the_rest_is_parted_where_a_recipe_asks(
    workspace: Workspace, tmp_path: Path, split: str, said: list[str]
) -> None:
    """A sentence with semicolons is one value."""
    path = sheet(tmp_path, "Study,Conclusion", "Doe 2020,Clams fed; gulls did not; eels left.")
    linked(workspace, path, f"label: l\nreader: sheet\ncolumns:\n  study: [Study]\n  rest: attributes\n{split}")
    (study,) = studies(workspace).values()
    assert attributes(study)["conclusion"] == said


def test_a_heading_that_stands_twice(workspace: Workspace, tmp_path: Path) -> None:
    """Its cells are taken together, which is said; each column can be named by its number."""
    path = sheet(tmp_path, "Study,Model,Model", "Doe 2020,tree,forest")
    recipe = "label: l\nreader: sheet\ncolumns:\n  study: [Study]\n  attributes:\n"
    both = linked(workspace, path, recipe + "    - {attribute: model, column: Model}\n")
    assert "headings that stand several times" in " ".join(both.plan.batches[0].notes)
    with journal.locked(workspace.root):
        journal.undo(workspace.root)
    outcome = linked(workspace, path, recipe + "    - {attribute: second, column: Model (2)}\n    - "
                     "{attribute: first, column: Model (1)}\n")  # fmt: skip
    assert not outcome.plan.batches[0].notes
    (study,) = studies(workspace).values()
    told = {each["attribute"]: str(each) for each in study["characteristics"]}
    assert "forest" in told["second"]
    assert "tree" in told["first"]
    assert "tree" not in told["second"]


def test_a_draft_leaves_abstracts_out_and_takes_weights_for_numbers(workspace: Workspace, tmp_path: Path) -> None:
    """An abstract belongs to its publisher; 0.0 and 1.0 are numbers as 0.5 beside them is."""
    path = sheet(tmp_path, "Study,Abstract,Cloud,Agile", "P1,Long text.,0.0,0.5", "P2,Other text.,1.0,0.0")
    text = recipe_draft.draft(workspace, path)
    assert "- Abstract # it belongs to its publisher" in text
    assert text.count("as: number") == 2


def test_a_draft_parts_lists_and_no_sentences(workspace: Workspace, tmp_path: Path) -> None:
    """A semicolon in prose parts nothing; one between a few words does. `record_id` tells the study."""
    prose = '"We charted this from the abstract alone; it waits for the full text."'
    path = sheet(tmp_path, "record_id,Limits,Setting", f"P1,{prose},clinic; home", f"P2,{prose},home visit; clinic")
    text = recipe_draft.draft(workspace, path)
    assert "study: [record_id]" in text
    assert text.count("split: ';'") == 1
    assert text.index("column: Setting") < text.index("split: ';'")


def test_only_the_first_author_is_told(workspace: Workspace, tmp_path: Path) -> None:
    """Nobody knows then how many there are; studies of one name and year are told apart as texts cite them."""
    path = sheet(tmp_path, "Title,First author,Year,Design", "On a,Ann Doe,2020,trial", "Of b,Ann Doe,2020,survey")
    linked(workspace, path, recipe_draft.draft(workspace, path))
    found = studies(workspace)
    assert {key: study["label"] for key, study in found.items()} == {
        "doe-2020": "Doe (2020)",
        "doe-2020-b": "Doe (2020b)",
    }
    report = found["doe-2020"]["reports"][0]
    assert (report["authors"], report["firstAuthor"], "authorCount" in report) == ("Ann Doe", "Doe", False)


def test_a_recipe_that_is_a_sheet(workspace: Workspace, tmp_path: Path) -> None:
    """It is told in one line."""
    path = sheet(tmp_path, "Study", "Doe 2020")
    with pytest.raises(DataError, match="not a recipe"):
        recipes.load(path)
