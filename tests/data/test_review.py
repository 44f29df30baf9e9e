"""The shipped review against what its paper states."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from evigraph import data
from evigraph.data import Document
from evigraph.paths import Workspace


@pytest.fixture(scope="module")
def nodes(documents: list[Document]) -> dict[str, list[dict[str, object]]]:
    """Every record by type."""
    found: dict[str, list[dict[str, object]]] = {}
    for document in documents:
        for _, node in data.nodes(document.content):
            found.setdefault(node["type"], []).append(node)
    return found


def test_it_is_whole(nodes: dict[str, list[dict[str, object]]]) -> None:
    """Studies, citations, findings, references, questions."""
    findings = nodes["Finding"]
    told = [{each["attribute"] for each in f.get("characteristics", [])} for f in findings]  # type: ignore[attr-defined]
    assert sum("mastery-outcome" in each for each in told) == 7
    assert sum("methodology" in each for each in told) == 10
    assert len(findings) == 284
    assert len(nodes["Citation"]) == 250
    assert len(nodes["Report"]) + len(nodes["Reference"]) == 49 + 1
    assert (len(nodes["Goal"]), len(nodes["ResearchQuestion"])) == (3, 9)


def test_the_included_studies_agree_with_what_is_stated(nodes: dict[str, list[dict[str, object]]]) -> None:
    """34 studies, the first of 2016, a drop in 2018."""
    included = [s for s in nodes["Study"] if s["inclusion"]["state"] in {"stated", "inferred"}]  # type: ignore[index]
    years = Counter(s["reports"][0]["year"] for s in included)  # type: ignore[index]
    assert len(included) == 34
    assert min(years) == 2016
    assert years[2018] < min(years[2017], years[2019])
    for study in included:
        assert study["inclusion"]["basis"]  # type: ignore[index]
        assert study["inclusion"]["confidence"]  # type: ignore[index]


def test_every_study_has_its_verdict(nodes: dict[str, list[dict[str, object]]]) -> None:
    """34 are included and 3 excluded, each with its basis and how sure that is."""
    found = {str(s["id"]).partition("/")[2]: s["inclusion"] for s in nodes["Study"]}
    excluded = {key for key, inclusion in found.items() if inclusion["verdict"] == "exclude"}  # type: ignore[index]
    assert excluded == {"cantwell-2018", "mcgeown-2014", "ryken-2006"}
    assert {i["verdict"] for i in found.values()} == {"include", "exclude"}  # type: ignore[index]
    assert len(found) == 37
    assert all(i["basis"] and i["confidence"] for i in found.values())  # type: ignore[index]
    assert {key for key, i in found.items() if i["confidence"] == "low"} == {  # type: ignore[index]
        *("clements-2020", "cantwell-2018"),
    }


@pytest.mark.checkout
def test_the_page_on_included_studies_has_their_verdicts(nodes: dict[str, list[dict[str, object]]]) -> None:
    """Each study in one row, with the state, the confidence and the verdict that its document has."""
    page = (Path(__file__).parents[2] / "docs" / "included-studies.md").read_text("utf-8")
    told = {}
    for studies, verdict, state, confidence in re.findall(
        r"(?m)^\| ([a-z0-9, -]+) \| (include|exclude) \| ([a-z-]+) \| (high|moderate|low) \|", page
    ):
        for key in studies.split(", "):
            assert key not in told
            told[key] = [verdict, state, confidence]
    keys = ("verdict", "state", "confidence")
    found = {str(s["id"]).partition("/")[2]: [s["inclusion"][key] for key in keys] for s in nodes["Study"]}  # type: ignore[index]
    assert told == found


def test_misprints_stay_as_printed_and_resolve(nodes: dict[str, list[dict[str, object]]]) -> None:
    """What is meant, beside what is printed."""
    meant = {(c["printedAuthors"], c["printedYear"]): c.get("resolvesTo") for c in nodes["Citation"]}
    assert meant["Lyndstrom and Dyjur", 2017] == "report/lindstrom-2017"
    assert meant["Parea", 2020] == "report/perea-2020"
    assert meant["Cheng et al.", 2019] == "report/cheng-2020"
    assert meant["Ryan and Deci", 2022] == "reference/ryan-2002"
    assert {authors for (authors, _), target in meant.items() if target is None} == {
        "McGeown et al.", "Ryken", "Cantwell & Rose", "Cantwell and Rose",
    }  # fmt: skip


def test_every_citation_is_coded_or_says_why(nodes: dict[str, list[dict[str, object]]]) -> None:
    """In the goals, questions and tables only background theory is left out."""
    cited = {c for finding in nodes["Finding"] for c in finding["citedAs"]}  # type: ignore[attr-defined]
    for citation in nodes["Citation"]:
        assert (citation["id"] in cited) != ("notCoded" in citation)


def test_printed_is_authors_and_year(nodes: dict[str, list[dict[str, object]]]) -> None:
    """The parts of a citation are the parts of what is printed."""
    for citation in nodes["Citation"]:
        authors, year = citation["printedAuthors"], citation["printedYear"]
        assert citation["printed"] in {f"{authors}, {year}", f"{authors} ({year})"}


def test_unknown_attributes_say_so(nodes: dict[str, list[dict[str, object]]]) -> None:
    """Every study has each attribute, if only as not reported."""
    for study in nodes["Study"]:
        have = {c["attribute"] for c in study["characteristics"]}  # type: ignore[attr-defined]
        assert have >= {"design", "methods", "country", "content-focus", "sample"}


def test_one_file_a_study(shipped: Workspace, documents: list[Document]) -> None:
    """The file is named after the study, which is the root of its document."""
    for document in documents:
        if document.name.startswith("studies/"):
            assert document.content["id"] == document.name.replace("studies/", "study/")
