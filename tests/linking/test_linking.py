"""New studies into a review, and what was decided about their records."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import rdflib

from evigraph import checks, data, queries, updating
from evigraph.errors import DataError, EvigraphError, UsageError
from evigraph.files import journal
from evigraph.linking import SOURCES, Options, sameness
from evigraph.linking.revisions import Revision
from evigraph.linking.sameness import Reason
from evigraph.paths import Workspace, find_workspace
from evigraph.queries.build import open_store
from evigraph.updating import Outcome
from evigraph.updating.new_review import Outline, create

TODAY = "2026-11-25"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review without a study."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


def link(workspace: Workspace, files: list[Path], **options: Any) -> Outcome:
    """Link files on one day."""
    return updating.link(workspace, files, Options(date=TODAY, **options), dry_run=False)


def write(workspace: Workspace, name: str, text: str) -> Path:
    """A file beside the review."""
    path = workspace.root.parent / name
    path.write_text(text, "utf-8")
    return path


def ris(workspace: Workspace, name: str, *records: str) -> Path:
    """An export in RIS: each record is `title|author|year|doi|note`."""
    lines = []
    for record in records:
        title, author, year, doi, note = [*record.split("|", 4), "", "", "", ""][:5]
        lines += ["TY  - JOUR", f"TI  - {title}", f"AU  - {author}", f"PY  - {year}"]
        lines += [f"DO  - {doi}"] if doi else []
        lines += [f"N1  - {note}"] if note else []
        lines += ["ER  - ", ""]
    return write(workspace, name, "\n".join(lines))


def rows(workspace: Workspace, name: str) -> dict[Any, Any]:
    """The first two columns of a canned query."""
    table = queries.run(open_store(workspace), queries.load(workspace, name))
    return {row[0]: row[1] for row in table.rows}


def records(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Every record by its id."""
    return {record["id"]: record for record in Revision(data.read_documents(workspace)).records()}


def decide(workspace: Workspace, revise: Callable[[list[data.Document]], Revision]) -> Outcome:
    """Carry a decision out."""
    return updating.change(workspace, "decide", lambda documents: updating.of(revise(documents)), dry_run=False)


def files(workspace: Workspace) -> dict[str, bytes]:
    """What the workspace's data are, byte for byte."""
    return {
        path.relative_to(workspace.root).as_posix(): path.read_bytes()
        for path in sorted(workspace.review.rglob("*"))
        if path.is_file()
    }


# ── Ten papers as ten tools export them

FIRST = ["Müller", "García-López", "O'Brien", "Nguyen", "van der Berg", "Øvergård", "Chen", "Kovács", "Dubois", "Silva"]
TITLES = [
    "Digital badges & motivation: a study of first-year students",
    "Micro-credentials in nursing education: what employers expect",
    "Assessing open badges in vocational schools",
    "The effects of stackable credentials on dropout in engineering",
    "Teachers' views of badge design: an interview study",
    "Employers and the recognition of non-formal learning",
    "Learning analytics for competency-based programmes",
    "A framework for quality assurance of short courses",
    "Peer assessment in massive open online courses: a randomized trial",
    "Lifelong learning accounts and adult participation",
]
PAPERS = [
    {"title": title, "family": FIRST[i], "year": 2010 + i, "doi": f"10.1016/j.compedu.{2010 + i}.0{i + 1}.00{i}"}
    | {"volume": str(50 + i), "page": 100 + 13 * i, "end": 109 + 13 * i}
    for i, title in enumerate(TITLES)
]
Paper = dict[str, Any]


def plain(text: str) -> str:
    """Without diacritics, as some tools write."""
    return text.encode("ascii", "replace").decode().replace("?", "u")


def _ris(p: Paper) -> str:
    lines = [
        "TY  - JOUR",
        f"TI  - {p['title']}",
        f"AU  - {p['family']}, Jane",
        "AU  - Smith, John",
        f"PY  - {p['year']}",
    ]
    lines += ["JO  - Computers & Education", f"VL  - {p['volume']}", f"SP  - {p['page']}", f"EP  - {p['end']}"]
    return "\n".join([*lines, f"DO  - https://doi.org/{p['doi']}", "ER  - ", ""])


def _bibtex(p: Paper) -> str:
    title = p["title"].replace("&", r"\&")
    fields = f"title = {{{title}}}, author = {{{p['family']}, Jane and Smith, John}}, year = {p['year']}"
    return f"@article{{k{p['volume']}, {fields}, journal = {{Computers \\& Education}}, volume = {p['volume']}}}\n"


def _nbib(p: Paper) -> str:
    lines = [f"PMID- {30000000 + p['page']}", f"TI  - {p['title']}.", f"AU  - {plain(p['family'])} J", "AU  - Smith J"]
    lines += [
        "TA  - Comput Educ",
        f"DP  - {p['year']} Mar",
        f"VI  - {p['volume']}",
        f"PG  - {p['page']}-{p['end'] % 10}",
    ]
    return "\n".join([*lines, f"LID - {p['doi']} [doi]", ""])


def _wos(p: Paper) -> str:
    lines = ["PT J", f"AU {p['family']}, J", "   Smith, J", f"TI {p['title'].title()}", "SO COMPUTERS & EDUCATION"]
    lines += [f"PY {p['year']}", f"VL {p['volume']}", f"BP {p['page']}", f"EP {p['end']}", f"DI {p['doi']}", "ER", ""]
    return "\n".join(lines)


def _enw(p: Paper) -> str:
    short = p["title"].partition(":")[0]
    return f"%0 Journal Article\n%T {short}\n%A {p['family']}, J.\n%D {p['year']}\n%J Comput. Educ.\n%V {p['volume']}\n"


def _csv(p: Paper) -> str:
    title = p["title"].replace("&", "&amp;")
    return f'"{title}","{p["family"]}, J.; Smith, J.",{p["year"]},Computers & Education,{p["volume"]},{p["doi"]}\n'


def _csl(p: Paper) -> dict[str, Any]:
    names = [{"family": p["family"], "given": "Jane"}, {"family": "Smith", "given": "John"}]
    made = {"type": "article-journal", "title": p["title"], "author": names, "issued": {"date-parts": [[p["year"]]]}}
    return {**made, "id": p["doi"], "container-title": "Computers & Education", "volume": p["volume"], "DOI": p["doi"]}


def _crossref(p: Paper) -> dict[str, Any]:
    made = {**_csl(p), "title": [p["title"]], "container-title": ["Computers &amp; Education"], "DOI": p["doi"].upper()}
    del made["id"]
    return {**made, "type": "journal-article", "URL": f"http://dx.doi.org/{p['doi']}", "prefix": "10.1016"}


def _openalex(p: Paper) -> dict[str, Any]:
    names = [{"author": {"display_name": f"Jane {p['family']}"}}, {"author": {"display_name": "John Smith"}}]
    made = {"id": f"https://openalex.org/W{p['page']}000", "title": p["title"], "authorships": names}
    return {**made, "doi": f"https://doi.org/{p['doi']}", "publication_year": p["year"], "type": "article"}


def _xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Title", "Authors", "Year", "Journal", "Volume", "Pages"])
    for p in PAPERS:
        names = f"{p['family']}, Jane; Smith, John"
        sheet.append([p["title"].upper(), names, p["year"], "Computers & Education", p["volume"], str(p["page"])])
    book.save(path)


def exports(folder: Path) -> list[Path]:
    """Ten files, each with the ten papers as one tool writes them."""
    texts = {
        "a.ris": "".join(map(_ris, PAPERS)),
        "b.bib": "".join(map(_bibtex, PAPERS)),
        "c.nbib": "\n".join(map(_nbib, PAPERS)),
        "d.txt": "FN Clarivate Analytics Web of Science\nVR 1.0\n" + "\n".join(map(_wos, PAPERS)) + "EF\n",
        "e.enw": "\n".join(map(_enw, PAPERS)),
        "f.csv": "Title,Authors,Year,Source title,Volume,DOI\n" + "".join(map(_csv, PAPERS)),
        "g.json": json.dumps(list(map(_csl, PAPERS))),
        "h.json": json.dumps({"status": "ok", "message": {"items": list(map(_crossref, PAPERS))}}),
        "i.json": json.dumps({"meta": {}, "results": list(map(_openalex, PAPERS))}),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    _xlsx(folder / "j.xlsx")
    return [*(folder / name for name in texts), folder / "j.xlsx"]


@pytest.mark.parametrize("backwards", [False, True])
def test_ten_papers_exported_by_ten_tools_are_ten_studies(workspace: Workspace, backwards: bool) -> None:
    """Whatever the tools leave out or write in their own way, and in whatever order the files come."""
    outcome = link(workspace, exports(workspace.root.parent)[:: -1 if backwards else 1])
    assert [batch.present for batch in outcome.plan.batches] == [10] * 10
    assert all(not batch.rejected for batch in outcome.plan.batches)
    assert len(outcome.plan.studies) == 10
    assert len(outcome.plan.matches) == 90
    assert checks.check(workspace) == []


def test_files_one_after_another_give_the_same_studies(workspace: Workspace) -> None:
    """Ten links of one file each are as good as one link of ten files."""
    for path in exports(workspace.root.parent):
        link(workspace, [path])
    assert len(list(workspace.review.glob("studies/*.yaml"))) == 10
    assert rows(workspace, "prisma-2020")["duplicates"] == 90


# ── Decisions about duplicates


def test_every_match_is_stored_with_its_reason(workspace: Workspace) -> None:
    """And the query shows it."""
    link(workspace, [ris(workspace, "a.ris", "Badges in schools and beyond|Doe, J|2020|10.1000/x")])
    link(workspace, [ris(workspace, "b.ris", "Badges in schools and beyond|Doe, J|2020|10.1000/X")])
    held = records(workspace)[f"record/{TODAY}-b/1"]
    assert held["duplicateOf"] == "report/doe-2020"
    assert [match["basis"] for match in held["matches"]] == ["the same doi, 10.1000/x"]
    table = queries.run(open_store(workspace), queries.load(workspace, "duplicates"))
    cells = dict(zip(table.columns, table.rows[0], strict=True))
    assert (cells["record"], cells["duplicate_of"], cells["score"]) == (held["id"], "report/doe-2020", 1)


def test_distinct_takes_a_match_back_for_good(workspace: Workspace) -> None:
    """The record gets a study, and the next link leaves the pair apart; undo takes the decision back."""
    link(workspace, [ris(workspace, "a.ris", "Badges in schools and beyond|Doe, J|2020|10.1000/x")])
    again = ris(
        workspace, "b.ris", 'Badges in schools and beyond|Doe, J|2020|10.1000/x|RAYYAN-INCLUSION: {"A"=>"Included"}'
    )
    link(workspace, [again])
    before = files(workspace)
    record = f"record/{TODAY}-b/1"
    decide(workspace, lambda d: sameness.distinct(d, record, "report/doe-2020", Reason("two trials", "Anna", TODAY)))
    held = records(workspace)[record]
    assert "duplicateOf" not in held
    assert [(m["sameness"], m["basis"], m["decidedBy"]) for m in held["matches"]] == [
        ("distinct", "two trials", "Anna")
    ]
    link(workspace, [ris(workspace, "c.ris", "Badges in schools and beyond|Doe, J|2020|10.1000/x|Once more")])
    assert "duplicateOf" not in records(workspace)[record]
    assert checks.check(workspace) == []
    with journal.locked(workspace.root):
        journal.undo(workspace.root)
        journal.undo(workspace.root)
    assert files(workspace) == before


def test_same_joins_what_was_missed(workspace: Workspace) -> None:
    """The drafted study goes, the record stays, and so does what duplicated it."""
    link(workspace, [ris(workspace, "a.ris", "Badges in schools and beyond|Doe, J|2020|10.1000/x")])
    link(workspace, [ris(workspace, "b.ris", "Insignias en la escuela|Doe, J|2020|10.1000/y")])
    link(workspace, [ris(workspace, "c.ris", "Insignias en la escuela|Doe, J|2020|10.1000/y|Once more")])
    assert rows(workspace, "prisma-2020")["new_studies"] == 2
    decide(workspace, lambda d: sameness.same(d, f"record/{TODAY}-b/1", "report/doe-2020", Reason("translated")))
    held = records(workspace)
    assert {held[f"record/{TODAY}-{name}/1"]["duplicateOf"] for name in "bc"} == {"report/doe-2020"}
    assert [path.stem for path in workspace.review.glob("studies/*")] == ["doe-2020"]
    assert checks.check(workspace) == []
    with pytest.raises(UsageError, match="one publication already"):
        decide(workspace, lambda d: sameness.same(d, f"record/{TODAY}-b/1", f"record/{TODAY}-a/1", Reason()))


def test_join_keeps_findings_and_their_ids(workspace: Workspace) -> None:
    """Two reports of one study; references to the study that is gone name the other."""
    link(
        workspace,
        [ris(workspace, "a.ris", "Badges in schools|Doe, J|2020|10.1000/x", "Badges, five years on|Doe, J|2025")],
    )
    path = workspace.review / "studies" / "doe-2025.yaml"
    content = data.read_document(path, "x").content
    finding = {"id": "finding/doe-2025-1", "type": "Finding", "answers": ["question/rq-1"], "statement": "It lasts."}
    path.write_text(data.dump({**content, "findings": [{**finding, "coding": "coding/first"}]}), "utf-8")
    decide(workspace, lambda d: sameness.join(d, "study/doe-2020", "study/doe-2025"))
    joined = data.read_document(workspace.review / "studies" / "doe-2020.yaml", "x").content
    assert [each["id"] for each in joined["reports"]] == ["report/doe-2020", "report/doe-2025"]
    assert [each["id"] for each in joined["findings"]] == ["finding/doe-2025-1"]
    assert not path.exists()
    shown = rows(workspace, "prisma-2020")
    assert (shown["new_studies"], shown["new_reports"]) == (1, 2)
    with pytest.raises(UsageError, match="can't be joined to itself"):
        decide(workspace, lambda d: sameness.join(d, "study/doe-2020", "study/doe-2020"))
    with pytest.raises(UsageError, match="no study has the id"):
        decide(workspace, lambda d: sameness.join(d, "study/doe-2020", "study/doe-2025"))


def test_a_coded_study_is_never_dropped(workspace: Workspace) -> None:
    """`same` asks to join first."""
    link(
        workspace,
        [ris(workspace, "a.ris", "Badges in schools|Doe, J|2020|10.1000/x", "Badges, five years on|Doe, J|2025")],
    )
    path = workspace.review / "studies" / "doe-2025.yaml"
    path.write_text(path.read_text("utf-8") + "description: Coded by hand.\n", "utf-8")
    with pytest.raises(UsageError, match="has been coded; join it first"):
        decide(workspace, lambda d: sameness.same(d, f"record/{TODAY}-a/2", "report/doe-2020", Reason()))


@pytest.mark.parametrize("identity", ["record/nothing/1", "report/nothing"])
def test_what_is_not_there(workspace: Workspace, identity: str) -> None:
    """One line that says so."""
    link(workspace, [ris(workspace, "a.ris", "Badges in schools|Doe, J|2020|10.1000/x")])
    with pytest.raises(EvigraphError, match="has the id"):
        decide(workspace, lambda d: sameness.same(d, f"record/{TODAY}-a/1", identity, Reason()))


def test_a_dry_run_writes_nothing(workspace: Workspace) -> None:
    """But shows what would change."""
    before = files(workspace)
    path = ris(workspace, "a.ris", "Badges in schools|Doe, J|2020|10.1000/x")
    outcome = updating.link(workspace, [path], Options(), dry_run=True)
    assert files(workspace) == before
    assert "+ Doe (2020)" in updating.as_text(outcome)
    assert any(row.query == "prisma-2020" for row in outcome.rows)


# ── Screening and the flow

ANNA, BEN = '{{"Anna"=>"{}"}}', '{{"Anna"=>"{}", "Ben"=>"{}"}}'


def rayyan(workspace: Workspace, name: str, said: dict[str, str], reason: str = "") -> Path:
    """What Rayyan exports: titles, and what reviewers said of them."""
    why = f" | RAYYAN-EXCLUSION-REASONS: {reason}" if reason else ""
    return ris(
        workspace, name, *(f"{title}|Doe, J|2020||RAYYAN-INCLUSION: {word}{why}" for title, word in said.items())
    )


TOPICS = ["apples", "bananas", "cherries", "dates", "elderberries", "figs", "grapes", "hazelnuts"]
HITS = [f"A long enough title about growing {topic} at home" for topic in TOPICS]


STUDIES = ("new_studies", "new_reports", "total_studies", "total_reports")


def test_a_screening_file_does_not_inflate_the_flow(workspace: Workspace) -> None:
    """The decisions go to the records that are held, once; what isn't held is named."""
    link(workspace, [ris(workspace, "a.ris", *(f"{title}|Doe, J|2020" for title in HITS[:3]))], screen=True)
    said = {HITS[0]: ANNA.format("Included"), HITS[1]: ANNA.format("Excluded"), HITS[7]: ANNA.format("Included")}
    path = rayyan(workspace, "back.ris", said, "wrong fruit")
    outcome, found = updating.screen(workspace, [path], "", dry_run=False)
    assert (found.found, found.missing, found.new, found.known) == (2, 1, 2, 0)
    assert any(HITS[7] in note and "isn't held" in note for note in outcome.plan.notes)
    assert rows(workspace, "prisma-2020") == {
        **{"database_results": 3, "records_screened": 2, "records_excluded": 1, "records_waiting": 1},
        **{"dbr_sought_reports": 1, "dbr_waiting": 1, "duplicates_waiting": 2},
        **dict.fromkeys(["duplicates", "dbr_notretrieved_reports", "dbr_assessed", "dbr_excluded", *STUDIES], 0),
    }
    before = files(workspace)
    _, again = updating.screen(workspace, [path], "", dry_run=False)
    assert (again.new, again.known) == (0, 2)
    assert files(workspace) == before


def test_a_person_may_change_their_mind(workspace: Workspace) -> None:
    """The later word replaces the earlier; another person's word stands beside it; consensus settles."""
    link(workspace, [ris(workspace, "a.ris", f"{HITS[0]}|Doe, J|2020")], screen=True)
    for word in (ANNA.format("Maybe"), BEN.format("Excluded", "Included")):
        updating.screen(workspace, [rayyan(workspace, "back.ris", {HITS[0]: word})], "", dry_run=False)
    record = records(workspace)[f"record/{TODAY}-a/1"]
    assert {(d["decidedBy"], d["verdict"]) for d in record["decisions"]} == {("Anna", "exclude"), ("Ben", "include")}
    assert rows(workspace, "prisma-2020")["records_waiting"] == 1
    said = {HITS[0]: '{"consensus"=>"Excluded"}'}
    updating.screen(workspace, [rayyan(workspace, "end.ris", said)], "", dry_run=False)
    boxes = {box: number for box, number in rows(workspace, "prisma-2020").items() if number}
    assert boxes == {"database_results": 1, "records_screened": 1, "records_excluded": 1}


def test_included_on_full_text_becomes_a_study_and_excluded_goes(workspace: Workspace) -> None:
    """A title-and-abstract inclusion waits for the full text; a drafted study goes with its inclusion."""
    link(workspace, [ris(workspace, "a.ris", f"{HITS[0]}|Doe, J|2020")], screen=True)
    for stage, word, studies in (
        ("title-abstract", "Included", 0),
        ("full-text", "Included", 1),
        ("full-text", "Excluded", 0),
    ):
        path = rayyan(workspace, "back.ris", {HITS[0]: ANNA.format(word)})
        updating.screen(workspace, [path], stage, dry_run=False)
        assert len(list(workspace.review.glob("studies/*.yaml"))) == studies
    assert checks.check(workspace) == []


def test_a_list_of_titles_is_a_screening_file(workspace: Workspace) -> None:
    """A title is enough where one publication has it, and nothing contradicts; and the flow counts the five steps."""
    link(
        workspace,
        [ris(workspace, "a.ris", "Badges in two courses|Doe, J.|2021|10.5555/b", "Credit|Roe, R.|2020")],
        screen=True,
    )
    link(
        workspace,
        [ris(workspace, "b.ris", "BADGES IN TWO COURSES.|Doe, Jane|2021|10.5555/B", "Credit|Poe, A.|2020")],
        screen=True,
    )
    decisions = [
        "Badges in two courses,2021,include,",
        "Credit,2020,include,",
        "Badges in two courses,1999,include,",
        "Other,2021,exclude,late",
    ]
    text = "\n".join(["Title,Year,Decision,Reason", *decisions])
    shown, found = updating.screen(workspace, [write(workspace, "said.csv", text)], "full-text", False)
    assert (found.found, found.missing, found.new) == (1, 3, 1)
    (file,) = updating.as_json(shown)["files"]
    assert (file["present"], file["parsed"], file["records"]) == (4, 4, [])
    steps = ["Records identified", "Duplicate records removed", "Records screened", "Records excluded"]
    assert rows(workspace, "flow") == dict(zip([*steps, "Studies included in review"], [4, 1, 3, 0, 1], strict=True))


def test_a_file_without_decisions_is_no_screening_file(workspace: Workspace) -> None:
    """One line says so."""
    path = ris(workspace, "a.ris", f"{HITS[0]}|Doe, J|2020")
    with pytest.raises(UsageError, match="no record carries a decision"):
        updating.screen(workspace, [path], "", dry_run=False)


def test_studies_of_one_name_and_year_are_cited_apart(workspace: Workspace) -> None:
    """The letter of the key is that of the label."""
    titles = ["Apples in spring", "Why bananas bend", "Cherries, sweet and sour"]
    link(workspace, [ris(workspace, "a.ris", *(f"{title}|Doe, J|2020" for title in titles))])
    labels = {
        path.stem: data.read_document(path, path.stem).content["label"] for path in workspace.review.glob("studies/*")
    }
    assert labels == {"doe-2020": "Doe (2020)", "doe-2020-b": "Doe (2020b)", "doe-2020-c": "Doe (2020c)"}


def test_a_list_of_exclusions_needs_no_column_of_decisions(workspace: Workspace) -> None:
    """What was decided about all of them is said once; a protocol is found by its PMID alone, and so is a preprint."""
    titles = ["Self-sampling at home", "Self-sampling in towns: study protocol", "Self-sampling by post"]
    text = "\n".join(["PMID,Title,Journal", *(f"{n},{t},medRxiv" for n, t in enumerate(titles, 101))])
    link(workspace, [write(workspace, "hits.csv", text)], screen=True)
    log = "PMID,Stage,Reason\nPMID_101,title_abstract,no trial\nPMID_102,full_text,protocol\n909,,other\n103,,late\n"
    path = write(workspace, "excluded.csv", log)
    with pytest.raises(UsageError, match="say with --decision what was decided"):
        updating.screen(workspace, [path], "", dry_run=False)
    outcome, found = updating.screen(workspace, [path], "", False, decision="exclude", who="Ann Doe")
    assert (found.found, found.missing, found.new) == (3, 1, 3)
    assert any("PMID 909 isn't held" in note for note in outcome.plan.notes)
    decided = [records(workspace)[f"record/{TODAY}-hits/{i}"]["decisions"][0] for i in (1, 2, 3)]
    assert [each["screeningStage"] for each in decided] == ["title-abstract", "full-text", "title-abstract"]
    assert {(each["verdict"], each["decidedBy"]) for each in decided} == {("exclude", "Ann Doe")}
    assert [each["basis"] for each in decided] == ["no trial", "protocol", "late"]


def test_a_decision_of_the_file_goes_before_that_of_the_caller(workspace: Workspace) -> None:
    """A cell that says otherwise holds, and so does one whose word isn't known: nothing is decided about its record."""
    link(
        workspace,
        [write(workspace, "hits.csv", "PMID,Title\n1,One of them\n2,Two of them\n3,And a third\n")],
        screen=True,
    )
    path = write(workspace, "said.csv", "PMID,Decision\n1,include\n2,\n3,hm\n")
    updating.screen(workspace, [path], "", False, decision="exclude")
    held = records(workspace)
    said = [[d["verdict"] for d in held[f"record/{TODAY}-hits/{i}"].get("decisions", [])] for i in (1, 2, 3)]
    assert said == [["include"], ["exclude"], []]


def test_a_recipe_tells_what_a_list_decides(workspace: Workspace) -> None:
    """A recipe of the workspace names the columns, and the decision that no column has."""
    link(workspace, [write(workspace, "hits.csv", "PMID,Title\n1,One of them\n")], screen=True)
    recipe = "label: a log\nreader: sheet\ndecision: {}\nfields: {{pmid: [record_id], reason: [why_not]}}\n"
    (workspace.root / "ingest").mkdir()
    (workspace.root / "ingest" / "log.yaml").write_text(recipe.format("exclude"), "utf-8")
    path = write(workspace, "log.tsv", "record_id\twhy_not\nPMID_1\tlate\n")
    updating.screen(workspace, [path], "", False)
    (decision,) = records(workspace)[f"record/{TODAY}-hits/1"]["decisions"]
    assert (decision["verdict"], decision["basis"]) == ("exclude", "late")
    (workspace.root / "ingest" / "log.yaml").write_text(recipe.format("drop"), "utf-8")
    with pytest.raises(DataError, match="decision `drop` is none of include, exclude, maybe"):
        updating.screen(workspace, [path], "", False)


def test_a_screening_file_without_a_record_that_can_be_read(workspace: Workspace) -> None:
    """One line says why."""
    path = write(workspace, "a.csv", "PMID,Reason\nnone,late\n")
    with pytest.raises(UsageError, match="none of its 1 record could be read: neither a title nor an identifier"):
        updating.screen(workspace, [path], "", False, decision="exclude")


def test_a_note_tells_about_screening(workspace: Workspace) -> None:
    """When most records of a file are held already and carry decisions."""
    link(workspace, [ris(workspace, "a.ris", *(f"{title}|Doe, J|2020" for title in HITS[:3]))], screen=True)
    path = rayyan(workspace, "back.ris", dict.fromkeys(HITS[:3], ANNA.format("Excluded")))
    notes = link(workspace, [path]).plan.notes
    assert any("evigraph link back.ris --screening" in note for note in notes)


def scenario(workspace: Workspace) -> None:
    """Two searches and one hand search, screened twice.

    Database A finds hits 1 to 6 and hit 1 twice; database B finds hits 5 to 8; the hand search finds one more.
    Titles: 1 excluded, 2 excluded by one and included by the other, 3 maybe, 4 to 8 included, the hand-found included.
    Then: report 4 can't be had; of full texts, 5 is excluded, 6 undecided, 7, 8 and the hand-found are included;
    7 and 8 are reports of one study.
    """
    first = ris(workspace, "a.ris", *(f"{title}|Doe, J|2020" for title in [*HITS[:6], HITS[0]]))
    second = ris(workspace, "b.ris", *(f"{title}|Doe, J|2020" for title in HITS[4:]))
    link(workspace, [first, second], screen=True)
    hand = ris(workspace, "hand.ris", "What my neighbour told me about compost heaps|Roe, R|2021")
    link(workspace, [hand], screen=True, source="citation")
    yes, no = BEN.format("Included", "Included"), BEN.format("Excluded", "Excluded")
    said = {HITS[0]: no, HITS[1]: BEN.format("Excluded", "Included"), HITS[2]: BEN.format("Maybe", "Maybe")}
    said |= dict.fromkeys(HITS[3:], yes)
    updating.screen(workspace, [rayyan(workspace, "titles.ris", said)], "", dry_run=False)
    retrieval = rayyan(workspace, "loans.ris", {HITS[3]: no})
    updating.screen(workspace, [retrieval], "retrieval", dry_run=False)
    full = {HITS[4]: no, HITS[5]: BEN.format("Excluded", "Included"), HITS[6]: yes, HITS[7]: yes}
    updating.screen(workspace, [rayyan(workspace, "full.ris", full, "wrong soil")], "full-text", dry_run=False)
    by_hand = ris(
        workspace, "h.ris", f"What my neighbour told me about compost heaps|Roe, R|2021||RAYYAN-INCLUSION: {yes}"
    )
    updating.screen(workspace, [by_hand], "full-text", dry_run=False)
    decide(workspace, lambda d: sameness.join(d, "study/doe-2020", "study/doe-2020-b"))


BOXES = {
    **{"database_results": 11, "citations_results": 1, "duplicates": 3, "records_screened": 6, "records_excluded": 1},
    **{"records_waiting": 2, "dbr_sought_reports": 5, "dbr_notretrieved_reports": 1, "other_sought_reports": 1},
    **{"dbr_assessed": 3, "dbr_excluded": 1, "dbr_waiting": 1, "other_assessed": 1},
    **{
        "other_notretrieved_reports": 0,
        "other_excluded": 0,
        "duplicates_waiting": 5,
    },  # one author, titles of one pattern
    **{"new_studies": 2, "new_reports": 3, "total_studies": 2, "total_reports": 3},
}
"""What the scenario comes to, counted by hand."""


def test_the_flow_of_a_scenario(workspace: Workspace) -> None:
    """Every box is as counted by hand, and the boxes add up."""
    scenario(workspace)
    box = rows(workspace, "prisma-2020")
    assert box == BOXES
    assert box["database_results"] - box["duplicates"] == box["records_screened"] + box["records_waiting"]
    assert box["records_screened"] - box["records_excluded"] == box["dbr_sought_reports"]
    assert box["dbr_sought_reports"] - box["dbr_notretrieved_reports"] == box["dbr_assessed"] + box["dbr_waiting"]
    included = box["dbr_assessed"] - box["dbr_excluded"] + box["other_assessed"]
    assert included == box["new_reports"]
    assert checks.check(workspace) == []
    table = queries.run(open_store(workspace), queries.load(workspace, "exclusion-reasons"))
    assert ("full text", "wrong soil", 1) in table.rows  # what two differ about isn't excluded


def test_another_engine_gives_the_same_boxes(workspace: Workspace) -> None:
    """What pyoxigraph counts, rdflib counts too."""
    scenario(workspace)
    other = rdflib.Dataset(default_union=True)
    other.parse(data="".join(f"{quad} .\n" for quad in open_store(workspace).dump()), format="nquads")
    for name in ("prisma-2020", "flow", "flow-of-records"):
        query = queries.load(workspace, name)
        expected = queries.run(open_store(workspace), query).rows
        found = [tuple(cell.toPython() for cell in row)[: len(query.columns)] for row in other.query(query.text)]  # type: ignore[union-attr]
        assert found == expected


def test_the_printed_round_is_added_to(copy: Any) -> None:
    """The shipped review's flow keeps its numbers, and those of the linked round are added."""
    before = rows(copy.workspace, "flow")
    path = ris(copy.workspace, "a.ris", *(f"{title}|Doe, J|2020" for title in [*HITS[:4], HITS[0]]))
    link(copy.workspace, [path], screen=True)
    no = rayyan(copy.workspace, "t.ris", {HITS[0]: ANNA.format("Excluded"), HITS[1]: ANNA.format("Included")})
    updating.screen(copy.workspace, [no], "title-abstract", dry_run=False)
    updating.screen(
        copy.workspace, [rayyan(copy.workspace, "f.ris", {HITS[1]: ANNA.format("Included")})], "full-text", False
    )
    after = rows(copy.workspace, "flow")
    assert [after[step] - before[step] for step in before] == [5, 1, 4, 1, 1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"duplicateOf": "record/2026-11-25-a/1", "identifies": "report/doe-2020"}, "is a duplicate and identifies"),
        ({"duplicateOf": "record/2026-11-25-a/3"}, "duplicates a record that is itself a duplicate"),
        ({"identifies": "report/doe-2020"}, "identifies a report that another record identifies"),
    ],
)
def test_a_flow_that_cannot_add_up_is_found(workspace: Workspace, change: dict[str, str], message: str) -> None:
    """By `check`, with its mend."""
    link(workspace, [ris(workspace, "a.ris", *(f"{title}|Doe, J|2020" for title in [HITS[0], HITS[1], HITS[0]]))])
    path = next(workspace.review.glob("records/*.json"))
    content = json.loads(path.read_text("utf-8"))
    content["records"][1] = {**content["records"][1], **change}
    if "identifies" not in change:
        del content["records"][1]["identifies"]
    path.write_text(data.dump_records(content), "utf-8")
    assert any(message in str(violation) for violation in checks.check(workspace))


def test_a_lost_record_is_found(workspace: Workspace) -> None:
    """A search that holds fewer records than its file did."""
    link(workspace, [ris(workspace, "a.ris", *(f"{title}|Doe, J|2020" for title in HITS[:2]))], screen=True)
    path = next(workspace.review.glob("records/*.json"))
    content = json.loads(path.read_text("utf-8"))
    path.write_text(data.dump_records({**content, "records": content["records"][:1]}), "utf-8")
    assert any("states 2 records, but holds 1" in str(violation) for violation in checks.check(workspace))


def test_where_records_come_from() -> None:
    """The command line offers what the library knows."""
    from evigraph.cli import linking as commands
    from evigraph.linking.screening import STAGES

    assert (commands.SOURCES, commands.STAGES) == (SOURCES, STAGES)
