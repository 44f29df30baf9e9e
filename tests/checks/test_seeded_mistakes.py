"""Mistakes that people make in a review with arms, numbers, appraisals and conclusions: each is found and told well."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evigraph import checks, data, updating
from evigraph.coding import packs
from evigraph.errors import EvigraphError
from evigraph.files import yaml_text
from evigraph.paths import Workspace, find_workspace
from evigraph.updating import new_review

Holds = dict[str, Any]
PHONICS, USUAL = "group/otieno-2021/phonics", "group/otieno-2021/usual"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A review without a mistake: a trial with two arms and an appraisal, an interview study, a conclusion."""
    root = tmp_path_factory.mktemp("own") / "w"
    new_review.create(
        root, "w", new_review.Outline("Reading", "https://example.org/w/", ("Does it help?", "What hinders it?"))
    )
    found = find_workspace(root)
    for key in ("rob2", "grade"):
        pack = packs.named(key)
        updating.change(found, "pack", lambda held, pack=pack: updating.of(packs.add(held, pack)), False)  # type: ignore[misc]
    change(found, "codebook", declared)
    change(found, "review", asked_and_coded)
    write(found, "studies/otieno-2021", trial())
    write(found, "studies/abboud-2019", interviews())
    locators = [
        {"id": f"locator/{key}", "type": "Locator", "label": f"Report {key} p. 6", "section": f"Report {key}"}
        for key in ("otieno-2021", "abboud-2019")
    ]
    write(found, "outline", {"id": "review", "type": "Review", "locators": locators})
    write(found, "syntheses", {"id": "review", "type": "Review", "syntheses": [synthesis()]})
    return found


def declared(book: Holds) -> None:
    """Two outcomes, and two settings of which one stands below the other."""
    for scheme, labels in (("outcome", ("Fluency", "Spelling")), ("setting", ("School", "Village school"))):
        for i, label in enumerate(labels, 1):
            code = {"id": f"value/{scheme}/{label.lower().replace(' ', '-')}", "type": "AttributeValue", "label": label}
            code |= {"definition": f"{label}, as told.", "position": i, "inScheme": f"codebook/{scheme}"}
            book["attributeValues"].append(code)
        book["codebooks"].append({"id": f"codebook/{scheme}", "type": "Codebook", "label": scheme.title()})
    book["attributeValues"][-1]["broader"] = "value/setting/school"


def asked_and_coded(review: Holds) -> None:
    """A question that asks what there is, and who coded."""
    review["questions"][1]["asks"] = "what"
    agent = {"id": "agent/ann", "type": "Agent", "label": "Ann"}
    coding = {
        "id": "coding/consensus",
        "type": "Coding",
        "label": "Consensus",
        "mode": "manual",
        "date": "2026-02-10",
        "coder": ["agent/ann"],
    }
    review |= {"agents": [agent], "codings": [coding]}


def study(key: str, title: str, **more: Any) -> Holds:
    """An included study with one report."""
    report = {"id": f"report/{key}", "type": "Report", "title": title, "authors": f"{key.split('-')[0].title()}, A."}
    report |= {"year": int(key[-4:]), "firstAuthor": key.split("-")[0].title(), "authorCount": 1}
    report |= {"doi": f"10.5555/{key}"}
    inclusion = {"id": f"inclusion/{key}", "type": "Inclusion", "state": "stated", "verdict": "include"}
    own = {"id": f"study/{key}", "type": "Study", "label": f"{report['firstAuthor']} ({report['year']})"}
    return {**own, "listing": "not-listed", "reports": [report], "inclusion": inclusion, **more}


def trial() -> Holds:
    """Two arms, their numbers and an effect, judged with RoB 2, and the finding that puts it into words."""
    common = {"type": "Result", "concept": "value/outcome/fluency", "time": "end of treatment"}
    results = [
        {"id": "result/otieno-2021/1", **common, "group": PHONICS, "n": 580, "mean": 24.3, "sd": 12.1},
        {"id": "result/otieno-2021/2", **common, "group": USUAL, "n": 518, "mean": 18.7, "sd": 11.8},
        {
            **{"id": "result/otieno-2021/3", **common, "group": PHONICS, "versus": USUAL, "metric": "SMD"},
            **{"estimate": 0.35, "se": 0.12, "ciLow": 0.11, "ciHigh": 0.59},
            **{"state": "inferred", "basis": "computed from Table 3"},
        },
        {
            **{"id": "result/otieno-2021/4", "type": "Result", "concept": "value/outcome/spelling", "group": PHONICS},
            **{"n": 580, "events": 310},
        },
        {
            **{"id": "result/otieno-2021/5", "type": "Result", "statistic": "response-rate"},
            **{"value": 83, "unit": "percent"},
        },
    ]
    groups = [
        {"id": PHONICS, "type": "Group", "label": "Phonics", "kind": "arm", "n": 580},
        {"id": USUAL, "type": "Group", "label": "Usual teaching", "kind": "control", "n": 518},
    ]
    judgement = {"id": "appraisal/otieno-2021/1/missing", "type": "Characteristic", "attribute": "rob2-missing"}
    judgement |= {"state": "stated", "concept": "value/rob2-judgement/low"}
    appraisal = {"id": "appraisal/otieno-2021/1", "type": "Appraisal", "tool": "codebook/rob2"}
    appraisal |= {"concept": "value/outcome/fluency", "time": "end of treatment", "characteristics": [judgement]}
    setting = {"id": "characteristic/otieno-2021/setting-1", "type": "Characteristic", "attribute": "setting"}
    setting |= {"state": "stated", "concept": "value/setting/village-school", "locatedAt": "locator/otieno-2021"}
    finding = {"id": "finding/otieno-2021/1", "type": "Finding", "statement": "Taught pupils read faster."}
    finding |= {"answers": {"question/rq-1": "supports"}, "effect": "positive", "modality": "found"}
    finding |= {"basedOn": ["result/otieno-2021/3"], "locatedAt": "locator/otieno-2021", "coding": "coding/consensus"}
    return study(
        "otieno-2021",
        "Phonics in Bungoma",
        groups=groups,
        results=results,
        appraisals=[appraisal],
        characteristics=[setting],
        findings=[finding],
    )


def interviews() -> Holds:
    """One finding in words."""
    finding = {"id": "finding/abboud-2019/1", "type": "Finding", "statement": "Large classes hinder it."}
    finding |= {"answers": {"question/rq-2": "supports"}, "modality": "argued"}
    finding |= {"locatedAt": "locator/abboud-2019", "coding": "coding/consensus"}
    return study("abboud-2019", "What teachers say", findings=[finding])


def synthesis() -> Holds:
    """What the review concludes, with its certainty."""
    certainty = {"id": "appraisal/reading/certainty", "type": "Characteristic", "attribute": "grade-certainty"}
    certainty |= {"state": "stated", "concept": "value/grade-certainty/low"}
    appraisal = {
        "id": "appraisal/reading",
        "type": "Appraisal",
        "tool": "codebook/grade",
        "characteristics": [certainty],
    }
    made = {"id": "synthesis/reading", "type": "Synthesis", "statement": "It probably helps somewhat."}
    made |= {"answers": {"question/rq-1": {"stance": "conditional", "condition": "lessons last a year"}}}
    return made | {"basedOn": ["finding/otieno-2021/1"], "appraisals": [appraisal]}


def write(workspace: Workspace, name: str, content: Holds) -> None:
    """Write a document."""
    path = workspace.review / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml_text.dump(content), "utf-8")


def change(workspace: Workspace, name: str, spoil: Callable[[Holds], object]) -> None:
    """Change a document."""
    content = data.read_document(workspace.review / f"{name}.yaml", name).content
    spoil(content)
    write(workspace, name, content)


TRIAL, WORDS, BOOK, REVIEW, SYNTHESES = (
    "studies/otieno-2021",
    "studies/abboud-2019",
    "codebook",
    "review",
    "syntheses",
)


def of(key: str, i: int, **spoilt: Any) -> Callable[[Holds], object]:
    """The i-th record below a key, with other values."""
    return lambda document: document[key][i].update(spoilt)


MISTAKES: dict[str, tuple[str, Callable[[Holds], object], str]] = {
    "more events than people": (TRIAL, of("results", 3, events=810), "more events than"),
    "an interval upside down": (TRIAL, of("results", 2, ciLow=0.59, ciHigh=0.11), "ends below where it begins"),
    "an effect outside its interval": (TRIAL, of("results", 2, estimate=3.5), "doesn't hold its estimate"),
    "an effect against itself": (TRIAL, of("results", 2, versus=PHONICS), "compared with itself"),
    "a negative standard deviation": (TRIAL, of("results", 0, sd=-12.1), "a number from 0"),
    "a percentage over a hundred": (TRIAL, of("results", 4, value=830), "0 to 100"),
    "a group of another study": (
        WORDS,
        lambda d: d.update(results=[{**trial()["results"][3], "id": "result/abboud-2019/1"}]),
        "of a group of another study",
    ),
    "a result of another study": (WORDS, of("findings", 0, basedOn=["result/otieno-2021/3"]), "of another study"),
    "a finding that repeats itself": (
        TRIAL,
        of("findings", 0, repeats="finding/otieno-2021/1"),
        "repeats a finding that repeats another",
    ),
    "a finding that repeats another study": (
        WORDS,
        of("findings", 0, repeats="finding/otieno-2021/1"),
        "repeats a finding of",
    ),
    "a place in another report": (WORDS, of("findings", 0, locatedAt="locator/otieno-2021"), "report of another study"),
    "a result that is nowhere": (TRIAL, of("findings", 0, basedOn=["result/otieno-2021/33"]), "result/otieno-2021/33"),
    "a judgement of another tool": (
        TRIAL,
        lambda d: d["appraisals"][0]["characteristics"][0].update(concept="value/grade-certainty/low"),
        "is judged by a code of",
    ),
    "a domain of another tool": (
        TRIAL,
        lambda d: d["appraisals"][0]["characteristics"][0].update(attribute="grade-certainty"),
        "domain",
    ),
    "judged twice": (
        TRIAL,
        lambda d: d["appraisals"].append(
            {
                **d["appraisals"][0],
                "id": "appraisal/otieno-2021/2",
                "characteristics": [
                    {
                        **d["appraisals"][0]["characteristics"][0],
                        "id": "appraisal/otieno-2021/2/missing",
                        "concept": "value/rob2-judgement/high",
                    }
                ],
            }
        ),
        "judges the same",
    ),
    "a year of five digits": (TRIAL, lambda d: d["reports"][0].update(year=20160), "four digits|year:"),
    "a DOI that is none": (TRIAL, lambda d: d["reports"][0].update(doi="https://example.org/x"), "DOI|doi"),
    "a DOI of two studies": (WORDS, lambda d: d["reports"][0].update(doi="10.5555/OTIENO-2021"), "too"),
    "a study in itself": (TRIAL, lambda d: d.update(partOf="study/otieno-2021"), "part of itself"),
    "a conclusion that rests on itself": (
        SYNTHESES,
        of("syntheses", 0, basedOn=["synthesis/reading"]),
        "rests on itself",
    ),
    "against a question that asks what": (WORDS, of("findings", 0, answers={"question/rq-2": "against"}), "asks what"),
    "a condition left out": (SYNTHESES, of("syntheses", 0, answers={"question/rq-1": "conditional"}), "its condition"),
    "a word that is no stance": (TRIAL, of("findings", 0, answers={"question/rq-1": "positive"}), "supports"),
    "an effect that is a stance": (TRIAL, of("findings", 0, effect="supports"), "effect"),
    "a question that is nowhere": (TRIAL, of("findings", 0, answers={"question/rq-9": "supports"}), "rq-9"),
    "an inference from nothing": (TRIAL, lambda d: d["results"][2].pop("basis"), "basis"),
    "a code above itself": (BOOK, lambda b: code(b, "school").update(broader="value/setting/village-school"), "below"),
    "two codes of one label": (BOOK, lambda b: code(b, "spelling").update(label="fluency"), "too"),
    "a code that was merged": (
        BOOK,
        lambda b: code(b, "fluency").update(deprecated="true", replacedBy=["value/outcome/spelling"]),
        "deprecated",
    ),
    "a code that is nowhere": (
        TRIAL,
        lambda d: d["characteristics"][0].update(concept="value/setting/scool"),
        "value/setting/scool",
    ),
    "numbers of what isn't reported": (TRIAL, of("results", 4, state="not-reported"), "no numbers|not-reported"),
    "a mistyped key": (TRIAL, of("results", 0, sdev=12.1), "sdev"),
    "a text for a number": (TRIAL, of("results", 0, mean="about 24"), "number"),
    "a finding about nothing": (TRIAL, lambda d: d["findings"][0].pop("statement"), "statement"),
}


def code(book: Holds, key: str) -> Holds:
    """A code of the codebook."""
    found: Holds = next(each for each in book["attributeValues"] if each["id"].endswith(f"/{key}"))
    return found


def messages(workspace: Workspace) -> list[str]:
    """What reading or checking the review says against it."""
    try:
        return [str(each) for each in checks.check(workspace)]
    except EvigraphError as error:
        return [str(error)]


def test_the_sound_review_holds(sound: Workspace) -> None:
    """Nothing is said against it."""
    assert messages(sound) == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found(mistake: str, sound: Workspace, tmp_path: Path) -> None:
    """A message names the file and says what is wrong."""
    shutil.copytree(sound.root, tmp_path / "w")
    spoilt = find_workspace(tmp_path / "w")
    name, spoil, said = MISTAKES[mistake]
    change(spoilt, name, spoil)
    found = messages(spoilt)
    assert any(re.search(said, each) for each in found), found
    assert all(".yaml" in each for each in found)
