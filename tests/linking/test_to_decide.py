"""Pairs of records that a person has to decide about: kept, listed, decided, taken back, and never asked again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evigraph import checks, updating
from evigraph.data import Document
from evigraph.files import journal
from evigraph.linking import Options, Revision, sameness
from evigraph.linking.sameness import Reason
from evigraph.paths import Workspace, find_workspace
from evigraph.queries.build import answer
from evigraph.reports import possible_duplicates
from evigraph.updating import Outcome
from evigraph.updating.new_review import Outline, create

pytestmark = pytest.mark.thorough

TODAY = "2026-11-25"
ONE, OTHER = f"record/{TODAY}-a/1", f"record/{TODAY}-a/2"
PAIR = ("Sticker albums in primary schools|Quill, Marta", "Sticker albums in secondary schools|Quill, Marta")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review without a study."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    return find_workspace(tmp_path / "mine")


def link(workspace: Workspace, name: str, *records: str, dry_run: bool = False, **options: Any) -> Outcome:
    """Link an export in RIS; each record is `title|author|doi|number of PubMed`."""
    lines = []
    for record in records:
        title, author, doi, pmid = [*record.split("|"), "", "", ""][:4]
        lines += [
            "TY  - JOUR",
            *([f"TI  - {title}"] if title else []),
            "PY  - 2017",
            "JO  - Journal of Sticker Studies",
        ]
        lines += [f"AU  - {author}"] if author else []
        lines += [f"DO  - {doi}"] if doi else []
        lines += ["DB  - PubMed", f"AN  - {pmid}"] if pmid else []
        lines += ["ER  - ", ""]
    path = workspace.root.parent / name
    path.write_text("\n".join(lines), "utf-8")
    return updating.link(workspace, [path], Options(date=TODAY, **options), dry_run)


def decide(workspace: Workspace, revise: Callable[[list[Document]], Revision]) -> None:
    """Carry a decision out."""
    updating.change(workspace, "decide", lambda found: updating.of(revise(found)), dry_run=False)


def waiting(workspace: Workspace) -> list[tuple[str, str]]:
    """The pairs that wait, as they are listed."""
    found = possible_duplicates.pairs(answer(workspace, possible_duplicates.QUERY, {}))
    return [(pair.record.id, pair.other.id) for pair in found]


def boxes(workspace: Workspace) -> tuple[int, int, int]:
    """Records, duplicates and studies of the flow."""
    table = answer(workspace, "prisma-2020", {})
    at = table.columns.index("count")
    counts = {str(row[0]): row[at] for row in table.rows}
    wanted = ("database_results", "duplicates", "total_studies")
    first, second, third = (counts.get(name, 0) for name in wanted)  # a box of nothing is left out
    return first, second, third


def test_a_pair_is_kept_and_counted_as_two(workspace: Workspace) -> None:
    """The link says so, the list shows both sides with what decides, and the flow adds up."""
    tried = link(workspace, "a.ris", *PAIR, dry_run=True)
    assert "1 pair is to be decided, and counted as two until then: evigraph duplicates" in updating.as_text(tried)
    assert [each["other"] for each in updating.as_json(tried)["toDecide"]] == [ONE]
    link(workspace, "a.ris", *PAIR)
    assert waiting(workspace) == [(OTHER, ONE)]
    assert boxes(workspace) == (2, 0, 2)
    assert ("duplicates_waiting", 1) in answer(workspace, "prisma-2020", {}).rows
    assert [row[1] for row in answer(workspace, "prisma-2020-records", {}).rows if row[0] == "duplicates_waiting"] == [
        f"https://example.org/mine/{OTHER}"
    ]
    assert checks.check(workspace) == []
    text = possible_duplicates.as_text(answer(workspace, possible_duplicates.QUERY, {}))
    assert text.startswith("1 pair of records waits to be decided")
    for part in (f"evigraph same {OTHER} {ONE} ", f"evigraph distinct {OTHER} {ONE} ", "Quill, Marta (2017)"):
        assert part in text
    verdicts = [row[3] for row in answer(workspace, "duplicates", {}).rows]
    assert verdicts == ["undecided"]


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(("verdict", "counts"), [("same", (2, 1, 1)), ("distinct", (2, 0, 2))])
def test_a_decision_settles_it_for_good(
    workspace: Workspace, verdict: str, counts: tuple[int, int, int], swapped: bool
) -> None:
    """Whichever of the two is named first; no later link asks, and undo brings the question back."""
    link(workspace, "a.ris", *PAIR)
    pair = (ONE, OTHER) if swapped else (OTHER, ONE)
    decided = {"same": sameness.same, "distinct": sameness.distinct}[verdict]
    decide(workspace, lambda found: decided(found, *pair, Reason("read", "Ann", TODAY)))
    assert waiting(workspace) == []
    assert "duplicates_waiting" not in dict(answer(workspace, "prisma-2020", {}).rows)  # type: ignore[arg-type]
    assert boxes(workspace) == counts
    assert checks.check(workspace) == []
    outcome = link(workspace, "b.ris", *(each.upper() for each in PAIR))
    assert len(outcome.plan.matches) == 2
    assert outcome.plan.doubts == []
    with journal.locked(workspace.root):
        journal.undo(workspace.root)
        journal.undo(workspace.root)
    assert waiting(workspace) == [(OTHER, ONE)]


def test_a_question_that_waits_is_not_asked_twice(workspace: Workspace) -> None:
    """The same records again duplicate each its own."""
    link(workspace, "a.ris", *PAIR)
    outcome = link(workspace, "b.ris", *(each.upper() for each in PAIR[::-1]))
    assert {each.other for each in outcome.plan.matches.values()} == {"report/quill-2017", "report/quill-2017-b"}
    assert outcome.plan.doubts == []
    assert waiting(workspace) == [(OTHER, ONE)]


def test_nothing_waits(workspace: Workspace) -> None:
    """That is said, too."""
    assert possible_duplicates.as_text(answer(workspace, possible_duplicates.QUERY, {})).startswith("No pair")


@pytest.mark.parametrize("screen", [False, True])
def test_one_link_or_several_give_the_same_publications(workspace: Workspace, screen: bool) -> None:
    """What a later record shows to be one becomes one, though two were counted before."""
    told = ("Sticker albums|Quill, Marta||7000001", "Albums of stickers in primary schools|Quill, Marta|10.5555/s.1")
    both = "|Quill, Marta|10.5555/s.1|7000001"  # as a list of numbers tells it
    link(workspace, "a.ris", told[0], screen=screen)
    link(workspace, "b.ris", told[1], screen=screen)
    assert boxes(workspace)[1] == 0
    link(workspace, "c.ris", both, screen=screen)
    assert boxes(workspace)[:2] == (3, 2)
    assert checks.check(workspace) == []


def test_a_coded_study_is_asked_about(workspace: Workspace) -> None:
    """It is never dropped by a link: whether the record that joins one publication is the other too, a person says."""
    told = ("Sticker albums|Quill, Marta||7000001", "Albums of stickers in primary schools|Quill, Marta|10.5555/s.1")
    link(workspace, "a.ris", told[0])
    link(workspace, "b.ris", told[1])
    for path in workspace.review.glob("studies/*.yaml"):
        path.write_text(path.read_text("utf-8") + "description: Coded by hand.\n", "utf-8")
    link(workspace, "c.ris", "|Quill, Marta|10.5555/s.1|7000001")
    assert boxes(workspace) == (3, 1, 2)
    assert [record for record, _ in waiting(workspace)] == [f"record/{TODAY}-c/1"]


def test_chapters_that_their_searches_give_one_doi(workspace: Workspace) -> None:
    """The DOI of a book on its chapters is no violation; a copied one is."""
    chapters = ("How glue is priced|Quill, Marta|10.5555/book", "Why albums close|Fenn, Ida|10.5555/book")
    link(workspace, "a.ris", *chapters)
    assert boxes(workspace) == (2, 0, 2)
    assert checks.check(workspace) == []
    link(workspace, "b.ris", "A third text|Brandt, Ole|10.5555/third")
    path = workspace.review / "studies" / "brandt-2017.yaml"
    path.write_text(path.read_text("utf-8").replace("10.5555/third", "10.5555/book"), "utf-8")
    assert {each.key for each in checks.check(workspace)} == {"doi"}
