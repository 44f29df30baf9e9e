"""Retractions and corrections stay with the study that they are about."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from evigraph import checks, data, updating
from evigraph.linking import Options, notices
from evigraph.matching.traits import folded
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating import Outcome, new_review

TITLE = "Badges as a novel target in slow learners"
RIS = "TY  - JOUR\nAU  - {author}\nTI  - {title}\nPY  - {year}\nDO  - {doi}\nER  - \n\n"
ARTICLES = RIS.format(author="Alder, A", title=TITLE, year=2019, doi="10.5555/ret.1") + RIS.format(
    author="Birch, K", title="Seals of the plain", year=2018, doi="10.5555/ret.2"
)
RETRACTION = RIS.format(author="Alder, A", title=f"Retraction: {TITLE}", year=2021, doi="10.5555/ret.9")
NBIB = f"PMID- 912345\nTI  - {TITLE}.\nFAU - Alder, A\nDP  - 2019\nPT  - Journal Article\nPT  - Retracted Publication\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review without a study."""
    new_review.create(tmp_path / "w", "w", new_review.Outline("Badges", "https://example.org/w/"))
    return find_workspace(tmp_path / "w")


def linked(workspace: Workspace, name: str, text: str, **options: bool) -> Outcome:
    """Link a file of that text."""
    (workspace.root / name).write_text(text, "utf-8")
    return updating.link(workspace, [workspace.root / name], Options(**options), dry_run=False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "kind", "about"),
    [
        (f"Retraction: {TITLE}", "retraction", TITLE),
        (f"Retraction Note to: {TITLE}", "retraction", TITLE),
        (f"Retraction notice to “{TITLE}” [J. Learn. 3 (2019) 11]", "retraction", TITLE),
        (f"[Retraction] {TITLE}", "retraction", TITLE),
        (f"Statement of Retraction: {TITLE}", "retraction", TITLE),
        (f"{TITLE} (Retraction of vol 3, pg 11, 2019)", "retraction", TITLE),
        (f"{TITLE}: Erratum", "correction", TITLE),
        (f"Author Correction: {TITLE}", "correction", TITLE),
        (f"Publisher's correction to: {TITLE}", "correction", TITLE),
        (f"Corrigendum to: {TITLE}", "correction", TITLE),
        (f"Expression of Concern: {TITLE}", "expression of concern", TITLE),
        ("Retractions in the medical literature", "", ""),
        ("Retraction policies of journals", "", ""),
        ("Corrections officers and their badges", "", ""),
        (TITLE, "", ""),
    ],
)
def test_titles_of_notices(title: str, kind: str, about: str) -> None:
    """What a title says it is, and about what; a study of retractions is none."""
    told, titles = notices.told({"title": title})
    assert told == kind
    assert (folded(about) in titles) is bool(kind)


@pytest.mark.parametrize("bad", ["(", "retraction: ", "a (retraction", ".", "retraction of ", " an ", "retraction)"])
def test_no_title_takes_long(bad: str) -> None:
    """However it repeats what a pattern looks for."""
    started = time.perf_counter()
    notices.told({"title": f"x{bad * 100_000}x"})
    assert time.perf_counter() - started < 1


def test_a_notice_is_a_report_of_the_study_it_is_about(workspace: Workspace) -> None:
    """It is told, makes no study, counts in no year, and the query lists it."""
    assert len(linked(workspace, "a.ris", ARTICLES).plan.studies) == 2
    notice = RIS.format(author="Birch, K", title="Correction to: Seals of the plain", year=2020, doi="10.5555/ret.8")
    made = linked(workspace, "b.ris", RETRACTION + notice).plan
    assert not made.studies
    assert "is a retraction of report/alder-2019, a report of Alder (2019), which is included" in "\n".join(made.notes)
    assert build.answer(workspace, "retracted", {}).rows == [
        ("Alder (2019)", TITLE, "retraction", f"Retraction: {TITLE}", "2021", "yes"),
        ("Birch (2018)", "Seals of the plain", "correction", "Correction to: Seals of the plain", "2020", "yes"),
    ]
    assert build.answer(workspace, "publications-by-year", {}).rows == [(2018, 1), (2019, 1)]
    assert build.answer(workspace, "flow", {}).rows[-1] == ("Studies included in review", 2)
    assert build.answer(workspace, "searches", {}).rows[-1][5] == 0
    assert checks.check(workspace) == []


def test_a_notice_before_its_article_in_one_file(workspace: Workspace) -> None:
    """The order plays no part; to link the same again adds nothing but duplicates."""
    assert list(linked(workspace, "a.ris", RETRACTION + ARTICLES).plan.studies.values()) == [
        "Alder (2019)",
        "Birch (2018)",
    ]
    assert len(build.answer(workspace, "retracted", {}).rows) == 1
    again = linked(workspace, "b.ris", RETRACTION).plan
    assert (len(again.studies), len(again.matches)) == (0, 1)
    study = data.read_document(workspace.review / "studies" / "alder-2019.yaml", "studies/alder-2019").content
    assert [each["id"] for each in study["reports"]] == ["report/alder-2019", "report/alder-2019-retraction"]


def test_a_notice_is_kept_though_records_wait(workspace: Workspace) -> None:
    """No decision is needed to know that an included study was retracted."""
    linked(workspace, "a.ris", ARTICLES)
    linked(workspace, "b.ris", RETRACTION, screen=True)
    assert len(build.answer(workspace, "retracted", {}).rows) == 1


def test_what_a_database_calls_retracted(workspace: Workspace) -> None:
    """PubMed's type of publication, after others; it is told and listed."""
    linked(workspace, "a.ris", ARTICLES)
    notes = linked(workspace, "b.nbib", NBIB).plan.notes
    assert any("is retracted, as b.nbib says" in note for note in notes)
    rows = build.answer(workspace, "retracted", {}).rows
    assert [(row[0], row[2], row[3], row[5]) for row in rows] == [("Alder (2019)", "called retracted", "b.nbib", "yes")]


def test_what_a_title_calls_retracted(workspace: Workspace) -> None:
    """A publisher's mark before the title."""
    marked = RIS.format(author="Alder, A", title=f"RETRACTED: {TITLE}", year=2019, doi="10.5555/ret.1")
    assert any("is retracted" in note for note in linked(workspace, "a.ris", marked).plan.notes)
    assert [row[2] for row in build.answer(workspace, "retracted", {}).rows] == ["called retracted"]


def test_a_notice_about_nothing_here_is_said(workspace: Workspace) -> None:
    """It is kept as a record, and is no study; what may be a study of retractions is one, with a word."""
    made = linked(workspace, "a.ris", RETRACTION).plan
    assert any("no report of the review has the title that it is about" in note for note in made.notes)
    assert any("no study is made of it, and it is kept as a record" in note for note in made.notes)
    assert not made.studies
    flow = dict(build.answer(workspace, "prisma-2020", {}).rows)
    assert (flow["database_results"], flow["records_screened"]) == (1, 1)
    assert checks.check(workspace) == []
    about = RIS.format(author="Oak, Z", title="Retraction of papers in chemistry", year=2021, doi="10.5555/ret.7")
    assert len(linked(workspace, "b.ris", about).plan.studies) == 1


def test_two_articles_of_one_title_are_not_guessed(workspace: Workspace) -> None:
    """The notice is of either."""
    twins = "".join(
        RIS.format(author=a, title=TITLE, year=y, doi=d)
        for a, y, d in (("Alder, A", 2009, "10.5555/x1"), ("Oak, Z", 2019, "10.5555/x2"))
    )
    assert len(linked(workspace, "a.ris", twins).plan.studies) == 2
    assert any("2 reports have the title" in note for note in linked(workspace, "b.ris", RETRACTION).plan.notes)
    assert build.answer(workspace, "retracted", {}).rows == []
