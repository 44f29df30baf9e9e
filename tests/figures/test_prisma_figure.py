"""The PRISMA 2020 flow diagram."""

from __future__ import annotations

import itertools
import random
import re

import drawn
import pytest

from evigraph.figures import FigureError, frame, prisma
from evigraph.figures.frame import Figure

pytestmark = pytest.mark.thorough

NEW = {"database_results": 182, "duplicates": 127, "records_screened": 55, "records_excluded": 21, "total_studies": 34}
WHOLE = {
    **{"previous_studies": 34, "previous_reports": 35, "database_results": 1482, "register_results": 12},
    **{"website_results": 9, "organisation_results": 3, "citations_results": 21, "duplicates": 391},
    **{"excluded_automatic": 0, "excluded_other": 4, "records_screened": 1099, "records_excluded": 1002},
    **{"dbr_sought_reports": 97, "dbr_notretrieved_reports": 3, "other_sought_reports": 33},
    **{"other_notretrieved_reports": 2, "dbr_assessed": 94, "dbr_excluded": 78, "other_assessed": 31},
    **{"other_excluded": 27, "new_studies": 19, "new_reports": 20, "total_studies": 53, "total_reports": 55},
}
PARTS = (
    ("database_specific_results", "ERIC", 412),
    ("database_specific_results", "Scopus", 803),
    ("database_specific_results", "Web of Science", 267),
    ("dbr_excluded", "Not about notes; or pencils", 22),
    ("dbr_excluded", "No result", 41),
    ("dbr_excluded", "Another level", 15),
    ("other_excluded", "Opinion", 27),
)
OTHERS = ("website_results", "organisation_results", "citations_results")


def _drawn(counts: dict[str, int], parts: tuple[tuple[str, str, int], ...] = (), wide: bool = True) -> Figure:
    return prisma.draw(
        drawn.table("row count", *counts.items()), drawn.table("row part count", *parts), drawn.about(wide)
    )


def _form(updated: bool, others: bool) -> dict[str, int]:
    """The numbers of one of the four forms, made to add up."""
    kept = {row: n for row, n in WHOLE.items() if others or not (row.startswith("other_") or row in OTHERS)}
    kept = kept if others else {**kept, "new_studies": 16, "new_reports": 16, "total_studies": 50, "total_reports": 51}
    return kept if updated else {row: n for row, n in kept.items() if not row.startswith(("previous", "total"))}


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize(("updated", "others"), [*itertools.product((True, False), repeat=2)])
def test_the_four_forms(updated: bool, others: bool, wide: bool) -> None:
    """The four forms."""
    parts = tuple(each for each in PARTS if others or not each[0].startswith("other"))
    found = _drawn(_form(updated, others), parts, wide)
    svg = frame.framed(found)
    assert found.faults == ()
    assert drawn.faults(svg) == []
    new = "new " if updated else ""
    said = drawn.words(svg)
    for words in (
        f"Identification of {new}studies via databases and registers",
        *("Records identified from:", "Databases (n = 1,482)", "Registers (n = 12)", "Web of Science (n = 267)"),
        *("Records removed before screening:", "Duplicate records removed (n = 391)"),
        *("Records marked as ineligible by automation tools (n = 0)", "Records removed for other reasons (n = 4)"),
        *("Records screened (n = 1,099)", "Records excluded (n = 1,002)", "Reports sought for retrieval (n = 97)"),
        *("Reports not retrieved (n = 3)", "Reports assessed for eligibility (n = 94)", "Reports excluded:"),
        "Not about notes / or pencils (n = 22)",
        f"{new}studies included in review (n = {_form(updated, others)['new_studies']})".capitalize(),
        f"Reports of {new}included studies",
    ):
        assert words in said, words
    assert ("Citation searching (n = 21)" in said) is others
    assert ("Total studies included in review" in said) is updated
    assert ("Previous studies" in said) is updated
    assert said.index("No result") < said.index("Not about notes") < said.index("Another level")
    numbers = {each["row"]: each["n"] for each in drawn.data(svg, "row") if each["n"]}
    whole = {row for row, *_ in parts if row.endswith("excluded")}
    assert numbers == {row: str(n) for row, n in _form(updated, others).items() if row not in whole}


@pytest.mark.parametrize("wide", [True, False])
def test_what_nobody_reports_is_dashed_and_no_zero(wide: bool) -> None:
    """What nobody reports is dashed and no zero."""
    found = _drawn(NEW, wide=wide)
    svg = frame.framed(found)
    assert drawn.words(svg).count("(n = not reported)") == 4
    assert svg.count("fig-dashed-box") == 4
    assert "(n = 0)" not in drawn.words(svg)
    assert "Studies included in review (n = 34)" in drawn.words(svg)
    assert "Registers" not in drawn.words(svg)
    assert "182 records gave 34 studies" in drawn.words(svg)
    assert "not reported" in found.description


def test_waiting_records_make_it_interim() -> None:
    """Waiting records make it interim."""
    counts = {
        "database_results": 9,
        "duplicates": 1,
        "records_waiting": 3,
        "records_screened": 5,
        "records_excluded": 4,
    }
    found = _drawn({**counts, "dbr_sought_reports": 1, "dbr_waiting": 1})
    assert found.faults == ()
    assert found.heading.endswith("(interim)")
    assert "Not yet decided (n = 3)" in drawn.words(frame.framed(found))
    assert drawn.faults(frame.framed(found)) == []


def test_possible_duplicates_make_it_interim() -> None:
    """They are in no box and break no sum; a note in words says that the numbers may change."""
    counts = {"database_results": 9, "duplicates": 1, "records_screened": 8, "records_excluded": 8, "total_studies": 0}
    found = _drawn({**counts, "duplicates_waiting": 2})
    assert found.faults == ()
    assert found.heading.endswith("(interim)")
    assert "Interim: 2 records that may be duplicates count on their own until that is decided." in found.notes
    assert not _drawn(counts).heading.endswith("(interim)")


FAULTS = [
    ({"records_screened": 1100}, "leaves 1,099", "1,100"),
    ({"dbr_sought_reports": 96}, "leaves 97", "96"),
    ({"dbr_assessed": 95}, "leaves 94", "95"),
    ({"other_assessed": 30}, "leaves 31", "30"),
    ({"new_reports": 21}, "leaves 20", "21 reports"),
    ({"total_studies": 54}, "34 + 19 studies are 53", "54"),
    ({"total_reports": 56}, "35 + 20 reports are 55", "56"),
    ({"other_sought_reports": 34}, "34 reports sought of 33", "34"),
    ({"database_results": 1481}, "1,482 records", "1,481"),
]


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize(("change", "left", "stated"), FAULTS)
def test_numbers_that_do_not_add_up_are_marked_with_both_sums(
    change: dict[str, int], left: str, stated: str, wide: bool
) -> None:
    """Numbers that do not add up are marked with both sums."""
    found = _drawn({**WHOLE, **change}, PARTS, wide)
    assert left in found.faults[0] or left in " ".join(found.faults)
    assert stated in " ".join(found.faults)
    svg = frame.framed(found)
    assert "≠ The numbers don't add up" in drawn.words(svg)
    assert drawn.data(svg, "fault"), "no mark at the joint"
    # No number is mended.
    numbers = {each["row"]: each["n"] for each in drawn.data(svg, "row") if each["n"]}
    assert all(numbers[row] == str(n) for row, n in change.items())
    assert drawn.faults(svg) == []


def test_an_unreported_level_is_no_fault() -> None:
    """An unreported level is no fault."""
    for row in WHOLE.keys() - {"excluded_other", "register_results"}:
        assert _drawn({name: n for name, n in WHOLE.items() if name != row}).faults == (), row
    # What is told of the removed is all there was: one that isn't told is one that nobody removed.
    told = {row: n for row, n in WHOLE.items() if row != "excluded_other"}
    assert "− 391 − 0 removed or waiting leaves 1,103" in _drawn(told).faults[0]
    assert _drawn({**NEW, "records_screened": 56}).faults[0].endswith("the next box says 56")
    assert "leaves 34, but 33 studies" in _drawn({**NEW, "total_studies": 33}).faults[0]


def test_more_than_a_level_above_left_is_a_fault() -> None:
    """Also where the level between, or what left it, is not reported."""
    assert "leaves 50, but the next box says 100" in _drawn({"records_screened": 50, "dbr_assessed": 100}).faults[0]
    assert _drawn({"records_screened": 50, "dbr_assessed": 40, "dbr_notretrieved_reports": 3}).faults == ()
    sought = {"dbr_sought_reports": 10, "dbr_notretrieved_reports": 4}
    assert "10 − 4 leaves 6, but 9 studies" in _drawn({**sought, "new_studies": 9}).faults[0]
    assert _drawn({**sought, "new_studies": 5, "new_reports": 5}).faults == ()


def test_reasons_that_are_more_than_reports_are_explained() -> None:
    """Reasons that are more than reports are explained."""
    parts = (("dbr_excluded", "No result", 50), ("dbr_excluded", "Another level", 40))
    assert "90 reasons for 78 reports excluded" in " ".join(_drawn(WHOLE, parts).notes)
    assert "the reason of 28 reports is not reported" in " ".join(_drawn(WHOLE, parts[:1] + parts[1:1]).notes)


@pytest.mark.parametrize("wide", [True, False])
def test_generated_flows_are_drawn_as_they_are(wide: bool) -> None:
    """Generated flows are drawn as they are."""
    chance = random.Random(20)  # noqa: S311 - the same flows each time
    for _ in range(20):
        rows = {row: n for row, n in WHOLE.items() if chance.random() < 0.7} or NEW
        labels = chance.sample(drawn.HOSTILE, 2)
        parts = tuple(("dbr_excluded", label, i + 1) for i, label in enumerate(labels))
        svg = frame.framed(_drawn(rows, parts, wide))
        assert drawn.faults(svg) == []
        said = drawn.words(svg)
        assert not any(word in said for word in ("None", "nan", "NA)"))
        texts = [text.words for text in drawn.texts(svg)]
        assert all(re.search(r"\(n\u00a0=\u00a0(\d|not\u00a0reported)", text) for text in texts if "(n" in text)


def test_nothing_known_is_refused() -> None:
    """Nothing known is refused."""
    with pytest.raises(FigureError, match="link a search"):
        _drawn({})
