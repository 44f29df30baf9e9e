"""Publications by year."""

from __future__ import annotations

import drawn
import pytest

from evigraph.figures import FigureError, by_year, frame

pytestmark = pytest.mark.thorough

YEARS = drawn.table("year studies", (2016, 3), (2017, 7), (2019, 2))


def _svg(wide: bool = True, included: int = 12, searched: str = "", **arguments: str) -> str:
    return frame.framed(by_year.draw(YEARS, included, searched, drawn.about(wide, **arguments)))


@pytest.mark.parametrize("wide", [True, False])
def test_bars_are_the_rows_and_the_years_between(wide: bool) -> None:
    """Bars are the rows and the years between."""
    svg = _svg(wide)
    bars = {each["row"]: int(each["n"]) for each in drawn.data(svg, "n")}
    assert bars == {"2016": 3, "2017": 7, "2018": 0, "2019": 2}
    assert drawn.faults(svg) == []
    for said in ("12 in all", "version 1.2", "CC BY 4.0", "publications-by-year"):
        assert said in drawn.words(svg)


def test_studies_without_a_year_are_a_bar_of_their_own() -> None:
    """Studies without a year are a bar of their own."""
    svg = _svg(included=15)
    assert [(each["row"], each["n"]) for each in drawn.data(svg, "n")][-1] == ("undated", "3")
    assert "undated" not in _svg(included=15, year_source="printed")


def test_a_year_that_was_not_over_is_hollow() -> None:
    """A year that was not over is hollow."""
    assert "fig-hollow" in _svg(searched="2019-04-02")
    assert "the last search ended in 2019-04" in drawn.words(_svg(searched="2019-04-02"))
    assert "fig-hollow" not in _svg(searched="2019-12-30")
    assert "complete" not in drawn.words(_svg(searched="2020-04-02"))
    assert "isn't known" in drawn.words(_svg())


def test_bars_are_as_tall_as_their_numbers() -> None:
    """Bars are as tall as their numbers."""
    root = drawn.parsed(_svg())
    tall = [float(node.get("height", "0")) for node in root.iter() if node.get("class") == "fig-bar"]
    assert [round(each / tall[0] * 3) for each in tall] == [3, 7, 2]


@pytest.mark.parametrize("wide", [True, False])
def test_many_years_stand_one_under_the_other(wide: bool) -> None:
    """Many years stand one under the other."""
    years = drawn.table("year studies", *((year, year % 7 * 431) for year in range(1950, 2026)))
    svg = frame.framed(by_year.draw(years, 10**5, "2025-03-01", drawn.about(wide)))
    assert drawn.faults(svg) == []
    assert len(drawn.data(svg, "n")) == 77


@pytest.mark.parametrize(
    ("rows", "says"),
    [((), "no included study has a year"), (((20, 1), (2020, 1)), "from 20 to 2020"), ((("x", 1),), "`x`")],
)
def test_what_cannot_be_drawn_is_refused(rows: tuple[tuple[str | int, int], ...], says: str) -> None:
    """What cannot be drawn is refused."""
    with pytest.raises(FigureError, match=says):
        by_year.draw(drawn.table("year studies", *rows), 1, "", drawn.about())


@pytest.mark.parametrize(("most", "step"), [(1, 1), (5, 1), (6, 2), (10, 2), (11, 5), (26, 10), (67, 20), (3000, 1000)])
def test_an_axis_has_few_round_steps(most: int, step: int) -> None:
    """An axis has few round steps."""
    assert by_year.tick(most) == step
