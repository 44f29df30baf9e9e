"""What PubMed, Crossref and others say of two publications: notices and versions, whichever comes first."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from conftest import evigraph

from evigraph import checks, data, ingest, updating
from evigraph.ingest.fields import ties
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating import Outcome, new_review

pytestmark = pytest.mark.thorough

TITLE = "Stamps for patient readers of maps"
OTHER = "A word from the publisher"
ARTICLE = (
    f"PMID- 912345\nTI  - {TITLE}.\nFAU - Alder, Ann\nDP  - 2019\nLID - 10.5555/tie.1 [doi]\nPT  - Journal Article\n"
)
TOLD = "J Maps. 2021 May;7(2):9. doi: 10.5555/tie.2. PMID: 912399"
BACK = "J Maps. 2019 Mar;5(1):11-20. doi: 10.5555/tie.1. PMID: 912345"
NOTICE = f"PMID- 912399\nTI  - {OTHER}.\nDP  - 2021\nLID - 10.5555/tie.2 [doi]\nPT  - {{}}\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review without a study."""
    new_review.create(tmp_path / "w", "w", new_review.Outline("Maps", "https://example.org/w/"))
    return find_workspace(tmp_path / "w")


def linked(workspace: Workspace, name: str, text: str, **options: bool) -> Outcome:
    """Link a file of that text."""
    (workspace.root / name).write_text(text, "utf-8")
    return updating.link(workspace, [workspace.root / name], Options(**options), dry_run=False)  # type: ignore[arg-type]


def told(workspace: Workspace) -> list[tuple[object, ...]]:
    """What `retracted` says of notices: study, what, notice and whether it is included."""
    return [
        (r[0], r[2], r[3], r[5]) for r in build.answer(workspace, "retracted", {}).rows if "called" not in str(r[2])
    ]


def studies(workspace: Workspace) -> list[str]:
    """The labels of the studies."""
    found = (each for each in data.read_documents(workspace) if each.name.startswith("studies/"))
    return [str(each.content["label"]) for each in found]


TAGS = [
    ("ROF", "RIN", "Retraction of Publication", "retraction"),
    ("ECF", "ECI", "Expression of Concern", "expression of concern"),
    ("EFR", "EIN", "Published Erratum", "correction"),
]


@pytest.mark.parametrize(("of", "within", "kind", "what"), TAGS)
@pytest.mark.parametrize("order", ["article first", "notice first", "one file"])
@pytest.mark.parametrize("said", ["on the notice", "on the article", "on both"])
def test_a_notice_of_pubmed(
    workspace: Workspace, of: str, within: str, kind: str, what: str, order: str, said: str
) -> None:
    """Its title says nothing; it is found by the number or DOI that either record has of the other."""
    notice = NOTICE.format(kind) + (f"{of} - {BACK}\n" if said != "on the article" else "")
    article = ARTICLE + (f"{within} - {TOLD}\n" if said != "on the notice" else "")
    parts = {
        "article first": [article, notice],
        "notice first": [notice, article],
        "one file": [f"{notice}\n{article}"],
    }
    for number, text in enumerate(parts[order]):
        linked(workspace, f"{number}.nbib", text)
    assert studies(workspace) == ["Alder (2019)"]
    assert told(workspace) == [("Alder (2019)", what, OTHER + ".", "yes")]
    assert checks.check(workspace) == []
    flow = dict(build.answer(workspace, "prisma-2020", {}).rows)
    assert (flow["total_studies"], flow["database_results"]) == (1, 2)


def test_a_notice_of_which_only_the_article_tells(workspace: Workspace) -> None:
    """It is a report by what is known of it, once however often it is linked, and is named by the link."""
    made = linked(workspace, "a.nbib", f"{ARTICLE}PT  - Retracted Publication\nRIN - {TOLD}\n").plan
    assert any("is a retraction of report/alder-2019" in note for note in made.notes)
    again = linked(workspace, "b.nbib", f"{ARTICLE}PT  - Retracted Publication\nRIN - {TOLD}\nLA  - eng\n").plan
    assert len(again.matches) == 1
    study = data.read_document(workspace.review / "studies" / "alder-2019.yaml", "studies/alder-2019").content
    notice = study["reports"][1]
    assert (notice["doi"], notice["pmid"], notice["year"], notice["about"]) == (
        *("10.5555/tie.2", "912399", 2021),
        ["report/alder-2019"],
    )
    assert told(workspace) == [("Alder (2019)", "retraction", TOLD, "yes")]
    assert checks.check(workspace) == []


def test_a_later_export_tells_of_an_article_that_is_held(workspace: Workspace) -> None:
    """The record that tells it is a duplicate of the study's report."""
    linked(
        workspace, "a.ris", f"TY  - JOUR\nAU  - Alder, Ann\nTI  - {TITLE}\nPY  - 2019\nDO  - 10.5555/tie.1\nER  - \n"
    )
    made = linked(workspace, "b.nbib", f"{ARTICLE}ECI - {TOLD}\n").plan
    assert len(made.studies) == 0
    assert told(workspace) == [("Alder (2019)", "expression of concern", TOLD, "yes")]


def test_pubmeds_xml(workspace: Workspace) -> None:
    """`CommentsCorrections` by their `RefType`; a comment is no notice."""
    ties_ = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>J Maps. 2021;7(2):{page}</RefSource>'
        f'<PMID Version="1">9123{page}</PMID></CommentsCorrections>'
        for kind, page in (("RetractionIn", 90), ("ErratumIn", 91), ("CommentIn", 92))
    )
    text = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>912345</PMID><Article><Journal><JournalIssue><PubDate>"
        f"<Year>2019</Year></PubDate></JournalIssue></Journal><ArticleTitle>{TITLE}</ArticleTitle><AuthorList><Author>"
        "<LastName>Alder</LastName><ForeName>Ann</ForeName></Author></AuthorList></Article>"
        f"<CommentsCorrectionsList>{ties_}</CommentsCorrectionsList></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    linked(workspace, "a.xml", text)
    assert told(workspace) == [
        ("Alder (2019)", "retraction", "J Maps. 2021;7(2):90 PMID: 912390", "yes"),
        ("Alder (2019)", "correction", "J Maps. 2021;7(2):91 PMID: 912391", "yes"),
    ]
    assert checks.check(workspace) == []


def work(doi: str, title: str, year: int, **more: object) -> dict[str, object]:
    """A work as Crossref tells it."""
    people = [{"family": "Alder", "given": "Ann"}]
    issued = {"date-parts": [[year]]}
    base = {"DOI": doi, "title": [title], "author": people, "issued": issued, "type": "journal-article"}
    return {**base, "member": "1", **more}


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("retraction", "retraction"),
        ("withdrawal", "retraction"),
        ("corrigendum", "correction"),
        ("erratum", "correction"),
        ("expression_of_concern", "expression of concern"),
    ],
)
@pytest.mark.parametrize("key", ["update-to", "updated-by"])
def test_crossref(workspace: Workspace, kind: str, what: str, key: str) -> None:
    """`update-to` on the notice and `updated-by` on the article say the same."""
    other = {"update-to": "10.5555/TIE.1", "updated-by": "10.5555/tie.2"}[key]
    update = {key: [{"DOI": other, "type": kind, "label": kind.title()}]}
    works = [
        work("10.5555/tie.1", TITLE, 2019, **(update if key == "updated-by" else {})),
        work("10.5555/tie.2", OTHER, 2021, **(update if key == "update-to" else {})),
    ]
    linked(workspace, "a.json", json.dumps({"message": {"items": works}}))
    assert told(workspace) == [("Alder (2019)", what, OTHER, "yes")]
    assert studies(workspace) == ["Alder (2019)"]


@pytest.mark.parametrize(
    "text",
    [
        f"TY  - JOUR\nTI  - {OTHER}\nPY  - 2021\nDO  - 10.5555/tie.2\nM3  - Erratum\nER  - \n",
        f"FN Clarivate\nVR 1.0\nPT J\nAU Alder, A\nTI {OTHER}\nDT Retraction\nPY 2021\nDI 10.5555/tie.2\nER\n\nEF\n",
        f"Title,Year,DOI,Document Type\n{OTHER},2021,10.5555/tie.2,Erratum\n",
        f"@article{{x, title={{{OTHER}}}, year={{2021}}, doi={{10.5555/tie.2}}, type={{Correction}}}}\n",
    ],
)
def test_what_a_type_of_document_calls_a_notice_is_no_study(workspace: Workspace, text: str) -> None:
    """Though nothing says of what it is one."""
    made = linked(workspace, "a.txt", text).plan
    assert not made.studies
    assert any("no study is made of it" in note for note in made.notes)
    assert checks.check(workspace) == []


@pytest.mark.parametrize(
    "text",
    [
        f"TY  - JOUR\nTI  - {TITLE}\nAU  - Alder, A\nPY  - 2019\nM3  - Retracted\nER  - \n",
        f"FN Clarivate\nVR 1.0\nPT J\nAU Alder, A\nTI {TITLE}\nDT Article; Retracted Publication\nPY 2019\nER\n\nEF\n",
        json.dumps(
            {
                **{"id": "https://openalex.org/W12", "display_name": TITLE, "publication_year": 2019},
                **{"type": "article", "is_retracted": True, "authorships": [{"author": {"display_name": "Ann Alder"}}]},
            }
        ),
    ],
)
def test_what_a_type_of_document_calls_retracted_is_a_study_all_the_same(workspace: Workspace, text: str) -> None:
    """It is told of, and left out on request."""
    made = linked(workspace, "a.txt", text).plan
    assert list(made.studies.values()) == ["Alder (2019)"]
    assert any("is retracted, as a.txt says" in note for note in made.notes)
    rows = [build.answer(workspace, "publications-by-year", given).rows for given in ({}, {"without-retracted": "yes"})]
    assert rows == [[(2019, 1)], []]


PREPRINT = work("10.1101/2018.1", TITLE, 2018, type="posted-content", subtype="preprint")
LATER = work("10.5555/tie.1", TITLE + ", told again", 2019)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (PREPRINT, {**LATER, "relation": {"has-preprint": [{"id-type": "doi", "id": "10.1101/2018.1"}]}}),
        ({**PREPRINT, "relation": {"is-preprint-of": [{"id-type": "doi", "id": "10.5555/tie.1"}]}}, LATER),
        (PREPRINT, work("10.5555/tie.1", TITLE, 2019)),
    ],
)
@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
@pytest.mark.parametrize("files", [1, 2])
def test_a_preprint_and_its_article_are_one_study(
    workspace: Workspace, first: dict[str, object], second: dict[str, object], order: tuple[int, int], files: int
) -> None:
    """By a relation of Crossref on either, or by title and author, in either order."""
    works = [(first, second)[i] for i in order]
    for number, some in enumerate([works] if files == 1 else [[each] for each in works]):
        linked(workspace, f"{number}.json", json.dumps(some))
    found = [each.content for each in data.read_documents(workspace) if each.name.startswith("studies/")]
    assert [sorted(r["doi"] for r in each["reports"]) for each in found] == [["10.1101/2018.1", "10.5555/tie.1"]]
    flow = dict(build.answer(workspace, "prisma-2020", {}).rows)
    assert (flow["total_studies"], flow["total_reports"]) == (1, 2)
    assert checks.check(workspace) == []


def test_what_only_looks_like_a_version_is_a_study(workspace: Workspace) -> None:
    """Another author, another part, or a title that others have too."""
    pairs = [
        (PREPRINT, {**work("10.5555/v.1", TITLE, 2019), "author": [{"family": "Birch", "given": "Bo"}]}),
        (work("10.1101/p2", f"{TITLE}, part 1", 2018), work("10.5555/v.2", f"{TITLE}, part 2", 2019)),
        (work("10.1101/p3", "Editorial", 2018), work("10.5555/v.3", "Editorial", 2019)),
    ]
    linked(workspace, "a.json", json.dumps([each for pair in pairs for each in pair]))
    assert len(studies(workspace)) == 6


def test_records_that_wait_are_tied_when_they_are_included(workspace: Workspace) -> None:
    """Nothing is a study before it is decided; what a database said is still there then."""
    linked(workspace, "a.nbib", f"{ARTICLE}RIN - {TOLD}\n", screen=True)
    assert studies(workspace) == []
    kept = [r for each in data.read_documents(workspace) for r in each.content.get("records", [])]
    assert [(tie.kind, tie.way, dict(tie.ids)["pmid"]) for tie in ties.read(kept[0]["note"])] == [
        ("retraction", "in", "912399")
    ]
    done = evigraph("--workspace", str(workspace.root), "screen", kept[0]["id"], "include", "--stage", "full-text")
    assert done.returncode == 0, done.stderr
    assert "is a retraction of report/alder-2019" in done.stdout + done.stderr
    assert told(workspace) == [("Alder (2019)", "retraction", TOLD, "yes")]


def test_a_note_is_bounded_and_read_as_it_was_written() -> None:
    """However many corrections there are, and whatever their words hold."""
    many = [f"J Maps. 20{i % 100:02}; || {i}. PMID: {i + 1}" for i in range(500)]
    note = ties.note({"correction in": ["EIN"]}, lambda name: many if name == "EIN" else [])
    found = list(ties.read(note))
    assert len(found) == ties.MOST
    assert found[7].ids == (("pmid", "8"),)
    assert list(ties.read("retraction of nothing: a note that a person wrote")) == []


def test_the_count_of_a_file_is_the_same_with_ties(tmp_path: Path) -> None:
    """They are no records of their own."""
    path = tmp_path / "a.nbib"
    path.write_text(f"{ARTICLE}RIN - {TOLD}\nEIN - {TOLD}\nCIN - {TOLD}\n", "utf-8")
    batch = ingest.read(path)
    assert (batch.present, batch.read) == (1, 1)
    assert "comment" not in batch.records[0].values["note"]
