"""The whole path of an export by the command: linked into a new review, checked, asked, exported, taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import evigraph

REVMAN = """Study,Outcome,Time point,Arm,Comparator,Effect measure,Cases,N,Estimate,SE,\
Bias arising from the randomization process judgement,Overall bias judgement
Otieno 2021,Passed,6 months,Phonics,,,310,580,,,,
Otieno 2021,Passed,6 months,Usual,,,240,518,,,,
Otieno 2021,Passed,6 months,Phonics,Usual,RD,,,0.07,0.03,Low,Some concerns
"""
COVIDENCE = """Covidence #,Study ID,Title,Reviewer Name,Methods: Design,Population: Place,Arm 1: Name,Arm 2: Name,\
Passed - 6 months - Arm 1 - Events,Passed - 6 months - Arm 1 - N,Passed - 6 months - Arm 2 - Events,\
Passed - 6 months - Arm 2 - N,Passed - 6 months - Arm 1 vs Arm 2 - Risk difference
7,Otieno 2021,Letters first,Consensus,Trial,Kenya,Phonics,Usual,310,580,240,518,0.07
"""
ORKG = {
    "contributions": [
        {"id": "R11", "paper_id": "R1", "title": "Letters first", "contribution_label": "Contribution 1"}
    ],
    "properties": [{"id": "P1", "label": "Design"}, {"id": "P2", "label": "Place"}],
    "data": {"P1": [[{"label": "Trial", "resourceId": "R7", "type": "resource"}]], "P2": [[{"label": "Kenya"}]]},
}
EPPI = {
    "CodeSets": [
        {
            "SetName": "Coding",
            "Attributes": {
                "AttributesList": [
                    {
                        "AttributeId": number,
                        "AttributeName": name,
                        "AttributeType": "Not selectable (no checkbox)",
                        "Attributes": {"AttributesList": [{"AttributeId": number + 1, "AttributeName": value}]},
                    }
                    for number, name, value in ((10, "Design", "Trial"), (20, "Place", "Kenya"))
                ]
            },
        }
    ],
    "References": [
        {
            "ItemId": 5,
            "Title": "Letters first",
            "ShortTitle": "Otieno (2021)",
            "ItemStatus": "I",
            "Codes": [{"AttributeId": 11, "AdditionalText": "by class"}, {"AttributeId": 21}],
            "Outcomes": [
                {
                    "OutcomeTypeId": 2,
                    "Title": "Passed",
                    "Data1": 310,
                    "Data2": 240,
                    "Data3": 270,
                    "Data4": 278,
                    "OddsRatio": 1.33,
                    "SEOddsRatio": 0.12,
                    "grp1ArmName": "Phonics",
                    "grp2ArmName": "Usual",
                }
            ],
        }
    ],
}
CASES: dict[str, tuple[str, str, bool]] = {
    "eppi-reviewer-json": ("export.json", json.dumps(EPPI), True),
    "covidence-extraction": ("export.csv", COVIDENCE, True),
    "revman-results": ("results.csv", REVMAN, False),
    "orkg-comparison": ("comparison.json", json.dumps(ORKG), True),
}


def run(folder: Path, *arguments: str) -> str:
    """What a command prints; it ends well."""
    ran = evigraph("--workspace", str(folder), *arguments)
    assert (ran.returncode, ran.stderr) == (0, ""), arguments
    return ran.stdout


def asked(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """The rows of an answer."""
    found: list[dict[str, Any]] = json.loads(run(folder, "run", *arguments, "--format", "json"))
    return found


@pytest.mark.parametrize("kind", CASES)
def test_an_export_is_linked_checked_asked_and_exported(kind: str, tmp_path: Path) -> None:
    """Without a recipe; the link says what it took the file for."""
    name, text, crossed = CASES[kind]
    review, export = tmp_path / "mine", tmp_path / name
    export.write_text(text, "utf-8")
    assert evigraph("init", str(review), "--title", "Mine", "--kind", "map").returncode == 0
    assert f"{name}: {kind}" in run(review, "link", str(export))
    assert "Every document holds" in run(review, "check")
    if crossed:
        cells = asked(review, "crosstab", "-p", "rows=design", "-p", "columns=place")
        assert [(each["row"], each["column"], each["studies"]) for each in cells] == [("Trial", "Kenya", 1)]
    if kind != "orkg-comparison":
        effect = asked(review, "effects")[0]
        assert (effect["group1"], effect["group2"], effect["x1i"], effect["n2i"]) == ("Phonics", "Usual", 310, 518)
    judged = {each["domain"]: each["judgement"] for each in asked(review, "appraisals")}
    assert judged == ({"Randomisation process": "Low", "Overall": "Some concerns"} if kind == "revman-results" else {})
    title = "Otieno 2021" if kind == "revman-results" else "Letters first"
    assert f'"{title}"' in run(review, "export", "--format", "turtle")
    run(review, "undo")
    assert list((review / "data" / "mine" / "studies").glob("*.yaml")) == []
