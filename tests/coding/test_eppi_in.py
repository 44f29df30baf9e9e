"""EPPI-Reviewer's export, whole: the tree of codes, notes and passages, arms, outcomes, reviewers and decisions."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import codebook

from evigraph import checks, data, queries, updating
from evigraph.export import flat_tables
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating import Outcome
from evigraph.updating.new_review import Outline, create

ON, OFF = "Selectable (show checkbox)", "Not selectable (no checkbox)"


def code(number: int, name: str, *below: dict[str, Any], kind: str = ON, about: str = "") -> dict[str, Any]:
    """A code with those below it."""
    made: dict[str, Any] = {"AttributeId": number, "AttributeName": name, "AttributeType": kind}
    made["AttributeSetDescription"] = about
    return {**made, "Attributes": {"AttributesList": list(below)}} if below else made


SETS = [
    {
        "SetName": "Screen on title & abstract",
        "Attributes": {
            "AttributesList": [
                code(1, "INCLUDE on abstract", kind="Include"),
                code(2, "EXCLUDE wrong topic", kind="Exclude"),
            ]
        },
    },
    {
        "SetName": "Extraction",
        "SetDescription": "What is coded of each study.",
        "Attributes": {
            "AttributesList": [
                code(
                    10,
                    "Place",
                    code(11, "Europe", code(12, "Norway"), code(13, "Other"), kind=OFF),
                    code(14, "Africa", code(15, "Kenya"), code(16, "Other"), kind=OFF),
                    kind=OFF,
                    about="Where it was done.",
                ),
                code(20, "Intervention", code(21, "Phonics"), code(22, "Whole words"), code(23, "Usual teaching")),
                code(30, "Outcome", code(31, "Reading", about="How well pupils read."), code(32, "Spelling"), kind=OFF),
                code(40, "Protocol published"),
                code(50, "Nothing below", kind=OFF),
            ]
        },
    },
]


def coded(number: int, text: str = "", arm: int = 0, who: str = "", *passages: str) -> dict[str, Any]:
    """A code that a reference has."""
    made: dict[str, Any] = {"AttributeId": number, "AdditionalText": text, "ArmId": arm, "ArmTitle": ""}
    made["ItemAttributeFullTextDetails"] = [{"ItemDocumentId": 3, "Text": each, "DocTitle": ""} for each in passages]
    return made | ({"ContactName": who} if who else {})


def outcome(kind: int, title: str, *numbers: float, **rest: Any) -> dict[str, Any]:
    """An outcome of that type; the two arms are 71 and 72."""
    made = {"OutcomeTypeId": kind, "Title": title, "ItemArmIdGrp1": 71, "ItemArmIdGrp2": 72, "OutcomeText": ""}
    return made | {f"Data{n}": each for n, each in enumerate(numbers, 1)} | rest


PASSAGE = 'Page 4:\n[¬s]"letters and their sounds"[¬e]'
READING = outcome(
    *(1, "EGRA", 58, 51, 24.3, 18.7, 12.1, 11.8),
    OutcomeText="Reading",
    ItemAttributeIdOutcome=31,
    ItemAttributeIdIntervention=21,
    ItemAttributeIdControl=23,
    TimepointDisplayValue="6 months",
    OutcomeDescription="Table 3",
    OutcomeCodes={"OutcomeItemAttributesList": [{"AttributeId": 40, "AttributeName": "Protocol published"}]},
    SMD=0.467,
    SESMD=0.195,
)


def export(**over: Any) -> dict[str, Any]:
    """A file as EPPI-Reviewer writes it: one study with arms and outcomes, and others."""
    arms = [{"ItemArmId": 71, "Title": "Phonics"}, {"ItemArmId": 72, "Title": "Control group"}]
    first = {
        "ItemId": 5,
        "Title": "Letters first",
        "ShortTitle": "Otieno (2021)",
        "Authors": "Otieno A",
        "Year": "2021",
    }
    codes = [
        coded(15, "two counties", 0, "", PASSAGE),
        coded(16),
        coded(21, "daily", 71),
        coded(23, "", 72),
        coded(40),
        coded(1),
        coded(99),
    ]
    outcomes = [
        READING,
        outcome(2, "Passed", 30, 20, 28, 31, oddsRatio=1.660714, SEOddsRatio=0.39),
        outcome(0, "Spelling", 0.2, 0.1, 0, 0, 0, 0, 1.5, 0.3, OutcomeText="Spelling"),
        outcome(7, "Attitude", 109, 0.31),
        outcome(5, "Speed", 58, 51, 3, 2, 2.1, 0.04),
        outcome(42, "Mystery", 1, 2),
        outcome(1, "Blank"),
    ]
    one = {**first, "ItemStatus": "I", "Arms": arms, "Codes": codes, "Outcomes": outcomes}
    two = {"ItemId": 6, "Title": "Off the point", "ShortTitle": "Lund (2019)", "Authors": "Lund B", "Year": "2019"}
    two |= {"ItemStatus": "E", "Codes": [coded(2, "about bees", 0, "Ann")]}
    three = {"ItemId": 7, "Title": "Twice in", "Authors": "Lund B", "Year": "2018", "ItemStatus": "S", "Codes": []}
    return {"CodeSets": SETS, "References": [one, two, three]} | over


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


def linked(workspace: Workspace, content: dict[str, Any], **options: Any) -> Outcome:
    """What linking an export does."""
    path = workspace.root / "eppi.json"
    path.write_text(json.dumps(content), "utf-8")
    return updating.link(workspace, [path], Options(date="2024-05-01", **options), dry_run=False)


def document(workspace: Workspace, name: str) -> dict[str, Any]:
    """A document of the review."""
    return data.read_document(workspace.review / f"{name}.yaml", name).content


def values(record: dict[str, Any]) -> dict[str, list[str]]:
    """The values of a record by attribute: the ends of codes, or texts."""
    made: dict[str, list[str]] = {}
    for each in record.get("characteristics", []):
        value = str(each.get("concept") or each.get("text"))
        made.setdefault(each["attribute"], []).append(value.rpartition("/")[2])
    return made


def rows(workspace: Workspace, name: str, *columns: str, **parameters: str) -> list[tuple[Any, ...]]:
    """Some columns of an answer."""
    table = queries.run(build.open_store(workspace), queries.load(workspace, name), parameters)
    return [tuple(row[table.columns.index(each)] for each in columns) for row in table.rows]


def test_the_whole_tree_comes_along(workspace: Workspace) -> None:
    """Codes that no study has, codes that only gather, and two of one name each under what stands above them."""
    linked(workspace, export())
    book = codebook(workspace)
    codes = {
        each["label"]: (each["inScheme"], each.get("broader"), each.get("selectable"))
        for each in book["attributeValues"]
    }
    place, intervention = "codebook/place", "codebook/intervention"
    assert (
        codes.items()
        >= {
            "Europe": (place, None, "false"),
            "Norway": (place, "value/place/europe", None),
            "Other": (place, "value/place/europe", None),
            "Other (Africa)": (place, "value/place/africa", None),
            "Intervention": (intervention, None, None),
            "Whole words": (intervention, "value/intervention/intervention", None),
            "Protocol published": ("codebook/extraction", None, None),
        }.items()
    )
    books = {each["id"]: each for each in book["codebooks"]}
    assert books[place]["definition"] == "Where it was done."
    assert books["codebook/nothing-below"]["label"] == "Nothing below"
    declared = {key: each.record for key, each in data.vocabulary(data.read_documents(workspace)).attributes.items()}
    assert declared["place"]["definition"] == "Where it was done."
    assert declared["intervention"]["appliesTo"] == ["group"]
    assert declared["nothing-below"]["label"] == "Nothing below"
    unused = rows(workspace, "unused-codes", "attribute", "code")
    assert [each for each in unused if each[0] in ("place", "intervention")] == [
        ("intervention", "Whole words"),
        ("place", "Norway"),
        ("place", "Other"),
    ]


def test_codes_become_values_with_what_was_typed_and_marked(workspace: Workspace) -> None:
    """Of the study, of its arms, and of its results."""
    outcome_ = linked(workspace, export())
    study = document(workspace, "studies/otieno-2021")
    assert values(study) == {"extraction": ["protocol-published"], "place": ["kenya", "other-africa"]}
    kenya = next(each for each in study["characteristics"] if each.get("concept") == "value/place/kenya")
    told = f"{kenya['note']} {kenya.get('quote', '')}"
    assert "two counties" in told
    assert "letters and their sounds" in told
    assert kenya["locatedAt"] == "locator/Report-otieno-2021-p-4"
    arms = {each["label"]: (each["kind"], values(each)) for each in study["groups"]}
    assert arms == {
        "Phonics": ("arm", {"intervention": ["phonics"]}),
        "Control group": ("control", {"intervention": ["usual-teaching"]}),
    }
    assert [values(each) for each in study["results"] if "characteristics" in each] == [
        {"extraction": ["protocol-published"]}
    ] * 3
    said = "\n".join([*outcome_.plan.batches[0].notes, *outcome_.plan.notes])
    assert "1 codes stand in no code set" in said
    assert "outcome of the type 42 isn't known; left out: Data1 1, Data2 2" in said
    assert "the outcome `Blank` has no number" not in said  # a comparison without numbers is kept as that
    assert checks.check(workspace) == []


def test_outcomes_become_results_and_effects(workspace: Workspace) -> None:
    """Numbers of both arms, and effects by type; ratios by their logarithms, as their errors are."""
    linked(workspace, export())
    columns = ("outcome", "instrument", "time", "group1", "group2", "measure", "yi", "sei")
    found = rows(workspace, "effects", *columns, "n1i", "m1i", "sd2i", "x1i")
    arms = ("Phonics", "Control group")
    assert ("Reading", "EGRA", "6 months", *arms, "SMD", 0.467, 0.195, 58.0, 24.3, 11.8, None) in found
    assert ("Spelling", None, None, *arms, "SMD", 0.2, 0.1, None, None, None, None) in found
    by_measure = {each[5]: each for each in found if each[5]}
    assert by_measure["OR"][6:8] == (pytest.approx(math.log(1.660714)), 0.39)
    assert (by_measure["OR"][8], by_measure["OR"][11]) == (58.0, 30.0)
    assert by_measure["RR"][6:8] == (pytest.approx(math.log(1.5)), 0.3)
    assert by_measure["COR"][6] == 0.31
    results = document(workspace, "studies/otieno-2021")["results"]
    notes = {each["metric"]: each.get("note", "") for each in results if "metric" in each}
    assert notes["OR"].startswith("computed by EPPI-Reviewer; OR 1.66071")
    assert {each["statistic"]: each["value"] for each in results if "statistic" in each} == {
        "t-value": 2.1,
        "p-value": 0.04,
    }
    assert checks.check(workspace) == []


def test_two_branches_add_the_same_codes_alike(workspace: Workspace, tmp_path: Path) -> None:
    """Each code is a document whose text is the same, whatever else a branch has; `codebook.yaml` stays as it was."""
    before = (workspace.review / "codebook.yaml").read_bytes()
    made = []
    for name in ("one", "two"):
        shutil.copytree(workspace.root, tmp_path / name)
        branch = find_workspace(tmp_path / name)
        if name == "two":
            more = {"id": "value/place/peru", "type": "AttributeValue", "label": "Peru", "definition": "A place."}
            more |= {"position": 7, "inScheme": "codebook/place"}
            books = [{"id": "codebook/place", "type": "Codebook", "label": "Place"}]
            content = {"id": "review", "type": "Review", "codebooks": books, "attributeValues": [more]}
            (branch.review / "codes").mkdir()
            (branch.review / "codes" / "place--peru.yaml").write_text(data.dump(content), "utf-8")
        linked(branch, export())
        assert (branch.review / "codebook.yaml").read_bytes() == before
        made.append({each.name: each.read_bytes() for each in (branch.review / "codes").glob("*--*.yaml")})
    one, two = made
    assert "place--norway.yaml" in one
    assert set(two) - set(one) == {"place--peru.yaml"}
    assert {name: two[name] for name in one} == one


def test_the_same_export_again_changes_nothing(workspace: Workspace) -> None:
    """Neither studies nor the codebook."""
    linked(workspace, export())
    before = {path: path.read_bytes() for path in workspace.review.rglob("*.yaml") if "records" not in path.parts}
    linked(workspace, export())
    assert before == {path: path.read_bytes() for path in before}


def test_codes_of_screening_and_states_are_decisions(workspace: Workspace) -> None:
    """With their reasons, and whose they are."""
    outcome_ = linked(workspace, export())
    decisions = [
        [(each.verdict, each.stage, each.who, each.reason) for each in record.decisions]
        for record in outcome_.plan.batches[0].records
    ]
    assert decisions == [
        [("include", "title-abstract", "", "")],
        [("exclude", "title-abstract", "Ann", "EXCLUDE wrong topic: about bees")],
        [("exclude", "title-abstract", "", "duplicate in EPPI-Reviewer")],
    ]
    assert [path.stem for path in (workspace.review / "studies").glob("*.yaml")] == ["otieno-2021"]


def test_a_state_that_says_otherwise_than_the_abstract_was_decided_later(workspace: Workspace) -> None:
    """A reference that was included on its abstract and is excluded now."""
    content = export()
    content["References"][1]["Codes"] = [coded(1)]
    outcome_ = linked(workspace, content)
    decisions = [(each.verdict, each.stage) for each in outcome_.plan.batches[0].records[1].decisions]
    assert decisions == [("include", "title-abstract"), ("exclude", "full-text")]
    assert checks.check(workspace) == []


def test_reviewers_of_one_reference_are_held_against_each_other(workspace: Workspace) -> None:
    """What they code alike holds, and what they don't is named."""
    content = export()
    content["References"][0] |= {
        "Codes": [
            coded(15, "", 0, "Ann"),
            coded(15, "so", 0, "Ben"),
            coded(21, "", 71, "Ann"),
            coded(22, "", 71, "Ben"),
        ],
        "Outcomes": [],
    }
    outcome_ = linked(workspace, content)
    study = document(workspace, "studies/otieno-2021")
    assert values(study) == {"place": ["kenya"]}
    assert [values(each) for each in study["groups"]] == [{}, {}]
    assert any("coders differ on intervention @ Phonics" in each for each in outcome_.plan.notes)
    assert "place,stated,value/place/kenya" in (workspace.review / "codings" / "cells" / "ben.csv").read_text("utf-8")


def test_a_crossing_and_an_export(workspace: Workspace) -> None:
    """What was linked answers, and leaves again."""
    linked(workspace, export())
    crossed = rows(workspace, "crosstab", "row", "column", "studies", rows="place", columns="extraction")
    assert sorted(crossed) == [("Kenya", "Protocol published", 1), ("Other (Africa)", "Protocol published", 1)]
    documents = data.read_documents(workspace)
    exported = {table.name: len(table.rows) for table in flat_tables.tables(documents)}
    assert (exported["groups"], exported["results"]) == (2, 15)


@pytest.mark.parametrize(
    "content",
    [
        {"CodeSets": [], "References": [{"ItemId": 1, "Title": "A", "Codes": [{"AttributeId": 1}]}]},
        {"CodeSets": None, "References": [{"ItemId": 1, "Title": "A", "Codes": [None], "Outcomes": [{}]}]},
        {
            "CodeSets": [{"Attributes": []}, {"Attributes": {"AttributesList": [{}]}}],
            "References": [{"ItemId": 1, "Title": "A", "Codes": [{}]}, 3],
        },
    ],
)
def test_what_is_odd_in_an_export_never_breaks_a_link(workspace: Workspace, content: dict[str, Any]) -> None:
    """It is read as far as it goes."""
    linked(workspace, content)
    assert checks.check(workspace) == []
