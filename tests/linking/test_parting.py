"""What was joined by mistake is parted again, with all that followed from it, and is never joined anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evigraph import checks, data, updating
from evigraph.errors import UsageError
from evigraph.files import journal
from evigraph.linking import Options, sameness
from evigraph.linking.sameness import Reason
from evigraph.paths import Workspace, find_workspace
from evigraph.queries.build import answer
from evigraph.reports import possible_duplicates
from evigraph.updating.new_review import Outline, create

TODAY = "2026-11-25"
A, B = f"record/{TODAY}-a/1", f"record/{TODAY}-b/1"
KITES = "Kites over the harbour and their makers|Adeyemi, Lara|2019|10.5555/kites.1"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A review without a study."""
    create(tmp_path / "mine", "mine", Outline("Kites", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


def link(workspace: Workspace, name: str, *records: str, **options: Any) -> updating.Outcome:
    """Link an export; each record is `title|author|year|DOI|container|note`."""
    lines = []
    for record in records:
        title, author, year, doi, container, note = [*record.split("|"), "", "", "", ""][:6]
        lines += ["TY  - JOUR", f"TI  - {title}", f"AU  - {author}", f"PY  - {year}"]
        lines += [f"{tag}  - {text}" for tag, text in (("DO", doi), ("JO", container), ("N1", note)) if text]
        lines += ["ER  - ", ""]
    path = workspace.root.parent / f"{name}.ris"
    path.write_text("\n".join(lines), "utf-8")
    return updating.link(workspace, [path], Options(date=TODAY, **options), False)


def part(workspace: Workspace, one: str, other: str) -> list[str]:
    """Say that two are two; what a person is told."""
    reason = Reason("two kites", "Ann", TODAY)
    revise = lambda found: updating.of(sameness.distinct(found, one, other, reason))  # noqa: E731
    return updating.change(workspace, "part", revise, False).plan.notes


def held(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Every record and study by its id."""
    contents = [each.content for each in data.read_documents(workspace)]
    return {each["id"]: each for content in contents for each in (*content.get("records", ()), content)}


def undone(workspace: Workspace) -> None:
    """Take the last change back."""
    with journal.locked(workspace.root):
        journal.undo(workspace.root)


@pytest.mark.parametrize("pair", [(A, B), (B, A), (B, "report/adeyemi-2019"), ("report/adeyemi-2019", B)])
def test_a_duplicate_gets_its_own_study(workspace: Workspace, pair: tuple[str, str]) -> None:
    """Whichever is named first; the flow follows, the next link doesn't ask, and undo takes it back."""
    link(workspace, "a", KITES)
    link(workspace, "b", KITES, "Lanterns at dusk|Costa, Ines|2018")
    before = held(workspace)
    assert before[B]["duplicateOf"] == "report/adeyemi-2019"
    table = possible_duplicates.merged(answer(workspace, possible_duplicates.DECIDED, {}))
    assert f"evigraph distinct {B} report/adeyemi-2019 " in possible_duplicates.merged_as_text(table)
    part(workspace, *pair)
    found = held(workspace)
    assert "duplicateOf" not in found[B]
    assert found[B]["identifies"] == "report/adeyemi-2019-b"
    assert found["study/adeyemi-2019-b"]["inclusion"]["state"] == "stated"
    flow = dict(answer(workspace, "prisma-2020", {}).rows)
    assert (flow["duplicates"], flow["new_studies"]) == (0, 3)  # type: ignore[index]
    outcome = link(workspace, "c", f"{KITES}|Journal of Kites")
    assert outcome.plan.doubts == []
    assert "duplicateOf" not in held(workspace)[B]
    undone(workspace)
    undone(workspace)
    assert held(workspace) == before
    with pytest.raises(UsageError, match="nothing to part"):
        part(workspace, A, "report/adeyemi-2019")


def test_decisions_go_with_their_record(workspace: Workspace) -> None:
    """What was decided about the duplicate alone had made a study of the other one, which waits again."""
    link(workspace, "a", KITES, "Lanterns at dusk|Costa, Ines|2018", screen=True)
    note = 'RAYYAN-INCLUSION: {"Ann"=>"Included"}'
    link(workspace, "b", f"{KITES}||{note}", screen=True)
    decision = f"DOI,Decision,Stage,Reviewer\n{KITES.split('|')[3]},include,full text,Bo\n"
    path = workspace.root.parent / "said.csv"
    path.write_text(decision, "utf-8")
    updating.screen(workspace, [path], "", False)
    before = held(workspace)
    assert [each["decidedBy"] for each in before[A]["decisions"]] == ["Ann", "Bo"]
    assert before[A]["identifies"] == "report/adeyemi-2019"
    notes = part(workspace, A, B)
    found = held(workspace)
    assert [each["decidedBy"] for each in found[A]["decisions"]] == ["Bo"]  # the row was about the publication
    assert [each["decidedBy"] for each in found[B]["decisions"]] == ["Ann"]
    assert any(f"what was decided about {B} goes with that: include (title-abstract)" in each for each in notes)
    assert checks.check(workspace) == []


def test_a_study_goes_with_its_only_decision(workspace: Workspace) -> None:
    """Nobody decided about the record that had become one by its duplicate."""
    link(workspace, "a", KITES, screen=True)
    path = workspace.root.parent / "b.csv"
    title, author, year, doi = KITES.split("|")
    head = "Title,Authors,Year,DOI,Decision,Stage,Reviewer\n"
    path.write_text(f'{head}{title},"{author}",{year},{doi},include,full text,Ann\n', "utf-8")
    updating.link(workspace, [path], Options(date=TODAY, screen=True), False)
    assert held(workspace)[A]["identifies"] == "report/adeyemi-2019"
    part(workspace, B, A)
    found = held(workspace)
    assert not {"identifies", "decisions", "duplicateOf"} & set(found[A])
    assert found[B]["identifies"].startswith("report/adeyemi-2019")
    flow = dict(answer(workspace, "prisma-2020", {}).rows)
    assert (flow["new_studies"], flow["records_waiting"]) == (1, 1)  # type: ignore[index]


def test_a_version_gets_its_own_study(workspace: Workspace) -> None:
    """A preprint that was taken for one of an article is none; it isn't joined again when it is screened anew."""
    preprint = "Kites over the harbour and their makers|Adeyemi, Lara|2018|10.48550/arXiv.1801.00001|arXiv"
    link(workspace, "a", f"{KITES}|Journal of Kites")
    link(workspace, "b", preprint)
    assert held(workspace)[B]["identifies"] == "report/adeyemi-2019-preprint"
    part(workspace, B, A)
    found = held(workspace)
    assert [each["id"] for each in found["study/adeyemi-2019"]["reports"]] == ["report/adeyemi-2019"]
    assert [each["id"] for each in found["study/adeyemi-2019-preprint"]["reports"]] == [found[B]["identifies"]]
    assert checks.check(workspace) == []
    for verdict in ("exclude", "include"):
        path = workspace.root.parent / f"{verdict}.csv"
        path.write_text(f"DOI,Decision,Stage,Reviewer\n10.48550/arXiv.1801.00001,{verdict},full text,Ann\n", "utf-8")
        updating.screen(workspace, [path], "", False)
    found = held(workspace)
    assert len(found["study/adeyemi-2019"]["reports"]) == 1
    assert found[B]["identifies"].startswith("report/adeyemi-2018")


def test_joined_studies_are_parted(workspace: Workspace) -> None:
    """What was of each by its id is of it again, and references hold."""
    link(workspace, "a", KITES)
    link(workspace, "b", "Lanterns at dusk|Costa, Ines|2018")
    finding = "findings:\n  - id: finding/costa-2018-1\n    type: Finding\n    statement: They glow.\n"
    file = workspace.review / "studies" / "costa-2018.yaml"
    finding += "    answers: [question/rq-1]\n    coding: coding/first\n"
    file.write_text(file.read_text("utf-8") + finding, "utf-8")
    before = held(workspace)
    joined = lambda found: updating.of(sameness.join(found, "study/adeyemi-2019", "study/costa-2018"))  # noqa: E731
    updating.change(workspace, "join", joined, False)
    assert "study/costa-2018" not in held(workspace)
    part(workspace, A, B)
    found = held(workspace)
    assert found["study/costa-2018"]["findings"] == before["study/costa-2018"]["findings"]
    assert found["study/costa-2018"]["label"] == before["study/costa-2018"]["label"]
    assert found["study/adeyemi-2019"] == before["study/adeyemi-2019"]
