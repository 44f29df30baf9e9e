"""Numbers under which trials and reviews are registered, and the identifiers of PubMed Central."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evigraph import ingest
from evigraph.export import bibliographies
from evigraph.ingest.fields import registrations, values
from evigraph.paths import Workspace, find_workspace
from evigraph.updating.new_review import Outline, create


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ClinicalTrials.gov/NCT90000001", ["nct:NCT90000001"]),
        ("https://clinicaltrials.gov/study/nct90000001 and NCT90000002", ["nct:NCT90000001", "nct:NCT90000002"]),
        ("ISRCTN 90000001; PROSPERO CRD42020900001", ["isrctn:ISRCTN90000001", "prospero:CRD42020900001"]),
        ("EudraCT number 2009-900001-12", ["eudract:2009-900001-12"]),
        ("EUCTR2009-900001-12", ["eudract:2009-900001-12"]),
        ("ChiCTR-TRC-09000001, ChiCTR2000900001", ["chictr:ChiCTR-TRC-09000001", "chictr:ChiCTR2000900001"]),
        ("ACTRN12609000000001; DRKS00900001", ["actrn:ACTRN12609000000001", "drks:DRKS00900001"]),
        ("CTRI/2019/09/900001 JPRN-UMIN000900001", ["ctri:CTRI/2019/09/900001", "umin:JPRN-UMIN000900001"]),
        ("NCT9000000, CN-02345678, 10.1186/ISRCTN9, grant 2009-12", []),
    ],
)
def test_numbers_of_registers(text: str, found: list[str]) -> None:
    """Each with its scheme, whatever stands around it; what only looks like one is none."""
    assert registrations.found(text) == found


@pytest.mark.parametrize(
    ("abstract", "found"),
    [
        ("Badges worked. Trial registration: ClinicalTrials.gov NCT90000001.", ["nct:NCT90000001"]),
        ("The protocol is registered in PROSPERO (CRD42020900001).", ["prospero:CRD42020900001"]),
        ("We pooled NCT90000001 and NCT90000002, as registered.", []),
        ("We reanalyse NCT90000001, a trial of others.", []),
        ("Badges worked.", []),
    ],
)
def test_an_abstract_tells_its_own(abstract: str, found: list[str]) -> None:
    """Where it says so, and of one number only: a review names those of its trials."""
    assert registrations.of_abstract(abstract) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("PMC9000001", "PMC9000001"),
        ("pmc 9000001", "PMC9000001"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9000001/", "PMC9000001"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/9000001", "PMC9000001"),
        ("PMCID: PMC9000001; NIHMSID: 900", "PMC9000001"),
        ("9000001", None),
        ("PMC", None),
    ],
)
def test_pmcid(value: str, found: str | None) -> None:
    """Bare digits are of anything."""
    assert values.pmcid(value) == found


FILES = {
    "a.nbib": "PMID- 90000001\nTI  - Gulls\nPMC - PMC9000001\nSI  - ClinicalTrials.gov/NCT90000001\n",
    "a.ris": "TY  - JOUR\nTI  - Gulls\nC2  - PMC9000001\nN1  - ClinicalTrials.gov: NCT90000001\nER  - \n",
    "b.ris": "TY  - WEB\nTI  - Gulls\nUR  - https://clinicaltrials.gov/study/NCT90000001\nM3  - PMC9000001\nER  - \n",
    "a.csv": "Title,PMCID,NCT Number\nGulls,PMC9000001,NCT90000001\n",
    "a.bib": "@article{a, title = {Gulls}, pmcid = {PMC9000001}, note = {NCT90000001}}\n",
    "a.json": '[{"id": "a", "title": "Gulls", "issued": 2020, "PMCID": "PMC9000001", "note": "NCT90000001"}]',
    "b.json": '[{"title": "Gulls", "pmcid": "PMC9000001", "url": "https://clinicaltrials.gov/study/NCT90000001"}]',
    "c.ris": "TY  - JOUR\nTI  - Gulls\nM3  - PMC9000001\nAB  - Trial registration: NCT90000001\nER  - \n",
    "a.xml": (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>90000001</PMID><Article><ArticleTitle>Gulls</ArticleTitle>"
        "<DataBankList><DataBank><AccessionNumberList><AccessionNumber>NCT90000001</AccessionNumber></AccessionNumberList>"
        "</DataBank></DataBankList></Article></MedlineCitation><PubmedData><ArticleIdList>"
        '<ArticleId IdType="pmc">PMC9000001</ArticleId></ArticleIdList></PubmedData></PubmedArticle></PubmedArticleSet>'
    ),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


def read(workspace: Workspace, path: Path, text: str) -> dict[str, Any]:
    """The values of the only record of a file."""
    path.write_text(text, "utf-8")
    [record] = ingest.read(path, workspace).records
    return record.values


@pytest.mark.parametrize("name", FILES)
def test_every_format_has_them(workspace: Workspace, tmp_path: Path, name: str) -> None:
    """Where the format keeps them."""
    found = read(workspace, tmp_path / name, FILES[name])
    assert (found.get("pmcid"), found.get("identifiers")) == ("PMC9000001", ["nct:NCT90000001"])


@pytest.mark.parametrize("syntax", bibliographies.FORMATS)
def test_bibliographies_carry_them(workspace: Workspace, tmp_path: Path, syntax: str) -> None:
    """What is exported is read again; the team's own number of a study is nobody else's."""
    report = {
        **{"id": "report/gulls", "title": "Gulls", "year": 2020, "pmcid": "PMC9000001"},
        "identifiers": ["covidence:118", "doi:10.5555/other", "isrctn:ISRCTN90000001", "nct:NCT90000001"],
    }
    text = bibliographies.FORMATS[syntax]([report])
    found = read(workspace, tmp_path / "export", text)
    assert found["identifiers"] == ["isrctn:ISRCTN90000001", "nct:NCT90000001"]
    assert (found["pmcid"], "doi" in found) == ("PMC9000001", False)
    assert "118" not in text
