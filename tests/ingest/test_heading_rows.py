"""Which rows of a table are its headings."""

from __future__ import annotations

from typing import Any

import pytest

from evigraph.ingest.extraction import heading_rows

GROUPED: list[list[Any]] = [["Trial", "", "Drawing", "", "Writing", ""], ["ID", "Title", "N", "Mean", "N", "Mean"]]
MERGED: list[list[Any]] = [["Study", "Title", "Drawing", "", "Writing", ""], ["", "", "N", "Mean", "N", "Mean"]]
REPEATED: list[list[Any]] = [["Study", "Study", "Drawing", "Drawing"], ["ID", "Title", "N", "Mean"]]
THREE: list[list[Any]] = [["Study", "", "Recall", "", "", ""], ["", "", "Drawing", "", "Writing", ""], GROUPED[1]]
NUMBERS: list[list[Any]] = [["Okoro 1999", "Lines", 60, 4.2, 58, 3.9], ["Lund 2004", "Dots", 12, 5.5, 11, 5.4]]
WORDS: list[list[Any]] = [["Okoro 1999", "Lines", "x", "Peru"], ["Lund 2004", "Dots", "x", "Chad"]]
ARMS = ["Drawing | N", "Drawing | Mean", "Writing | N", "Writing | Mean"]


@pytest.mark.parametrize(
    ("above", "below", "depth", "headings"),
    [
        (GROUPED, NUMBERS, 2, ["Trial | ID", "Trial | Title", *ARMS]),
        (MERGED, NUMBERS, 2, ["Study", "Title", *ARMS]),
        (REPEATED, [row[:4] for row in NUMBERS], 2, ["Study | ID", "Study | Title", "Drawing | N", "Drawing | Mean"]),
        (THREE, NUMBERS, 3, ["Study | ID", "Study | Title", *(f"Recall | {each}" for each in ARMS)]),
        ([["Table 2"], ["Study", "Title", "Mark", "Country"]], WORDS, 1, ["Study", "Title", "Mark", "Country"]),
        ([["Study", "Title", "", "Country"]], WORDS, 1, ["Study", "Title", "", "Country"]),
        ([["Study", "Note", "Note", "Country"]], WORDS, 1, ["Study", "Note", "Note", "Country"]),
        ([["Study", "Country", "2019", "2020"]], [["Okoro", "Peru", 3, 4]], 1, ["Study", "Country", "2019", "2020"]),
    ],
    ids=["grouped", "merged", "repeated", "three", "below a title", "a nameless column", "a repeated one", "years"],
)
def test_no_row_of_data_is_taken_for_a_heading(
    above: list[list[Any]], below: list[list[Any]], depth: int, headings: list[str]
) -> None:
    """And no row of headings for data."""
    rows = [(number, [str(cell) for cell in cells]) for number, cells in enumerate([*above, *below], 1)]
    found = heading_rows.guessed(rows)
    assert found is not None
    assert (found.depth, found.headings, len(found.rows)) == (depth, headings, len(below))
