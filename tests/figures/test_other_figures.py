"""Counts, benefits and drawbacks, directions, forest plots, risk of bias."""

from __future__ import annotations

import random
from collections import Counter

import drawn
import pytest
from test_gap_map import COLUMNS, QUESTIONS, Row, _row

from evigraph.figures import FigureError, bars, bias, directions, forest, frame
from evigraph.queries import Table

pytestmark = pytest.mark.thorough

EFFECTS = (
    "study year outcome instrument time group1 group2 "
    "measure yi vi sei ci_lb ci_ub ni n1i m1i sd1i x1i n2i m2i sd2i x2i source"
)
JUDGED = "about tool outcome time domain judgement support"


@pytest.mark.parametrize("wide", [True, False])
def test_counts_are_the_rows_and_the_unknown_stand_first(wide: bool) -> None:
    """Counts are the rows and the unknown stand first."""
    values = [
        ("Kenya", 12, 40.0),
        *((label, 2, 6.7) for label in drawn.HOSTILE),
        ("not reported", 10, 33.3),
        ("not coded", 0, 0),
    ]
    rows = drawn.table("value studies share", *values)
    found = bars.draw(bars.COUNTS, "by-attribute", rows, 30, drawn.about(wide, attribute="country"))
    svg = frame.framed(found)
    assert drawn.faults(svg) == []
    told = [(each["row"], each["n"]) for each in drawn.data(svg, "n")]
    assert told[:2] == [("not reported", "10"), ("Kenya", "12")]
    assert len(told) == 8
    assert "10 of 30" in drawn.words(svg)
    assert "10 have none that is known" in found.sentence
    assert "several values" in " ".join(found.notes)


def test_counts_that_tell_nothing_are_refused() -> None:
    """Counts that tell nothing are refused."""
    nothing = drawn.table("value studies share", ("not reported", 3, 100))
    with pytest.raises(FigureError, match="no included study has a design that is known"):
        bars.draw(bars.COUNTS, "by-attribute", nothing, 3, drawn.about(attribute="design"))
    many = drawn.table("value studies share", *((f"v{i}", 1, 1) for i in range(200)))
    with pytest.raises(FigureError, match="roll-up=top"):
        bars.draw(bars.COUNTS, "by-attribute", many, 200, drawn.about(attribute="design"))


@pytest.mark.parametrize("wide", [True, False])
def test_benefits_and_drawbacks_do_not_add_up(wide: bool) -> None:
    """Benefits and drawbacks do not add up."""
    good, bad = drawn.table("who n", ("Pupil", 13), ("Nurse", 1)), drawn.table("who n", ("Pupil", 6))
    either = drawn.table("who n", ("Pupil", 16), ("Nurse", 1), (drawn.HOSTILE[1], 0))
    svg = frame.framed(bars.two_sided(good, bad, either, 20, drawn.about(wide)))
    assert drawn.faults(svg) == []
    told = {(each["row"], each["class"]): each["n"] for each in drawn.data(svg, "n")}
    assert told["Pupil", "positive"] == "13"
    assert told["Pupil", "negative"] == "6"
    assert told["Nurse", "negative"] == "0"
    assert "16 studies" in drawn.words(svg)
    with pytest.raises(FigureError, match="no study states"):
        bars.two_sided(good, bad, drawn.table("who n"), 20, drawn.about())


def _pairs(rows: list[Row]) -> Table:
    return Table("gap-map", tuple(COLUMNS.split()), [*rows])


def _self(question: str, study: str, direction: str | None) -> Row:
    return (f"q/{question}", question, f"q/{question}", question, f"s/{study}", study, direction, f"f/{study}")


@pytest.mark.parametrize("wide", [True, False])
def test_directions_have_a_bar_a_study(wide: bool) -> None:
    """Directions have a bar a study."""
    rows = [_self("Q1", f"Study {i}", ("supports", "against", "mixed", "context")[i % 4]) for i in range(40)]
    rows += [_row("Q1", "Q2", "Study 1", "supports"), _self("Q2", "Study 1", "supports")]
    designs = drawn.table(
        "study attribute value state places",
        ("Study 0", "d", "Trial", "stated", ""),
        ("Study 4", "d", "Essay", "stated", ""),
    )
    given = {"design": "d", "tall": "trial"}
    svg = frame.framed(directions.draw(_pairs(rows), QUESTIONS, designs, 50, drawn.about(wide, **given)))
    assert drawn.faults(svg) == []
    told = {(each["row"], each["column"]): int(each["n"]) for each in drawn.data(svg, "column")}
    assert {at: n for at, n in told.items() if n} == {
        **{("Q1", zone): 10 for zone in ("positive", "negative", "mixed", "describes")},
        ("Q2", "positive"): 1,
    }
    looks = {
        each["study"]: node.get("class")
        for node in drawn.parsed(svg).iter()
        if (each := {"study": node.get("data-study", "")})["study"]
    }
    assert looks["s/Study 0"] == "fig-positive"
    assert looks["s/Study 4"] == "fig-positive-hollow"
    assert looks["s/Study 9"] == "fig-negative-dashed"
    assert sum(bool(node.get("data-study")) for node in drawn.parsed(svg).iter()) == 41
    assert "Study 39" in drawn.words(svg)


@pytest.mark.parametrize("wide", [True, False])
def test_directions_hold_any_label(wide: bool) -> None:
    """Directions hold any label."""
    rows = [_self("Q1", label, "supports") for label in drawn.HOSTILE] + [_self("Q3", "Ash", None)]
    svg = frame.framed(directions.draw(_pairs(rows), QUESTIONS, None, 9, drawn.about(wide)))
    assert drawn.faults(svg) == []
    with pytest.raises(FigureError, match="no stance of a study is coded on any question"):
        directions.draw(_pairs([]), QUESTIONS, None, 9, drawn.about(wide))
    many = [_self("Q1", f"Study {i}", "supports") for i in range(201)]
    assert directions.draw(_pairs(many[1:]), QUESTIONS, None, 201, drawn.about(wide))
    with pytest.raises(FigureError, match="201 studies of one question can't be told apart as bars"):
        directions.draw(_pairs(many), QUESTIONS, None, 201, drawn.about(wide))


def _effect(
    study: str, yi: float | None, low: float | None, high: float | None, **more: str | float
) -> tuple[str | float | None, ...]:
    known: dict[str, str | float | None] = {
        "study": study,
        "outcome": "Recall",
        "measure": "SMD",
        "yi": yi,
        "ci_lb": low,
        "ci_ub": high,
    }
    return tuple((known | more).get(name) for name in EFFECTS.split())


def _forest(*rows: tuple[str | float | None, ...], wide: bool = True) -> frame.Figure:
    return forest.draw(Table("effects", tuple(EFFECTS.split()), [*rows]), drawn.about(wide))


@pytest.mark.parametrize("wide", [True, False])
def test_a_forest_has_each_effect_with_its_interval(wide: bool) -> None:
    """A forest has each effect with its interval."""
    rows = [
        _effect("Ash", 0.35, 0.11, 0.59, group1="Notes", group2="None", ni=98),
        _effect("Elm", -0.2, None, None, sei=0.1),
    ]
    rows += [_effect(label, 0.1, -2, 9) for label in drawn.HOSTILE] + [_effect("Gap", None, None, None)]
    found = _forest(*rows, wide=wide)
    svg = frame.framed(found)
    assert drawn.faults(svg) == []
    said = drawn.words(svg)
    assert "0.35 [0.11, 0.59]" in said
    assert "−0.20 [−0.40, −0.00]" in said
    assert "1 effect without an estimate" in " ".join(found.notes)
    assert "pooled" in " ".join(found.notes)
    assert len(drawn.data(svg, "estimate")) == 8


@pytest.mark.parametrize("wide", [True, False])
def test_ratios_stand_on_a_logarithmic_axis(wide: bool) -> None:
    """Ratios stand on a logarithmic axis."""
    found = _forest(_effect("Ash", 2, 1, 4, measure="OR"), _effect("Elm", 0.5, 0.25, 1, measure="OR"), wide=wide)
    assert "1 is no difference" in found.notes[0]
    svg = frame.framed(found)
    assert drawn.faults(svg) == []
    lines = [node.get("d", "") for node in drawn.parsed(svg).iter() if node.get("class") == "fig-interval"]
    long = [float(line.split("L")[1].split(" ")[0]) - float(line[1:].split(" ")[0]) for line in lines]
    assert long[0] == pytest.approx(long[1], abs=0.02)
    logs = _forest(_effect("Ash", 0.7, -0.1, 1.5, measure="OR"), _effect("Elm", -0.7, -1.4, 0, measure="OR"))
    assert "as logarithms; 0 is no difference" in logs.notes[0]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([_effect("A", 1, 0, 2)], "1 effect has an estimate"),
        ([_effect("A", 1, 0, 2), _effect("B", 1, 0, 2, measure="OR")], "OR and SMD"),
        (
            [_effect("A", 1, 0, 2), _effect("B", 1, 0, 2, outcome="Speed")],
            "Recall and Speed; choose one with -p outcome",
        ),
        ([_effect("A", 1, 0, 2), _effect("B", 3, 0, 2)], "B: 3.00 is not within 0.00 to 2.00"),
    ],
)
def test_effects_that_cannot_stand_together_are_refused(rows: list[tuple[str | float | None, ...]], says: str) -> None:
    """Effects that cannot stand together are refused."""
    with pytest.raises(FigureError, match=says):
        _forest(*rows)


def _judgements(rows: list[tuple[str | None, ...]], wide: bool = True) -> frame.Figure:
    return bias.draw(drawn.table(JUDGED, *rows), drawn.about(wide))


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("domains", [1, 7, 26])
def test_every_judgement_is_shown_with_its_sign(domains: int, wide: bool) -> None:
    """Every judgement is shown with its sign."""
    chance = random.Random(3)  # noqa: S311 - the same judgements each time
    words = ("Low", "Some concerns", "High", "No information", "Perhaps")
    rows = [
        (study, "RoB 2", None, None, f"Domain {d} of the tool", chance.choice(words), None)
        for study in ("Ash (2019)", *drawn.HOSTILE)
        for d in range(domains)
    ]
    svg = frame.framed(_judgements(rows, wide))
    assert drawn.faults(svg) == []
    assert len(drawn.data(svg, "column")) == len(rows)
    signs = Counter(text.words for text in drawn.texts(svg) if text.words in {"+", "–", "!", "?"})
    used = {str(row[5]) for row in rows}
    level = {"Low": "+", "Some concerns": "–", "High": "!"}
    for sign in ("+", "–", "!", "?"):
        mine = [word for word in words if level.get(word, "?") == sign]
        assert signs[sign] == sum(row[5] in mine for row in rows) + len(used & {*mine})
    if "Perhaps" in used:
        assert "Perhaps (no level known for this word)" in drawn.words(svg)


def test_certainty_is_rings_and_no_risk() -> None:
    """Certainty is rings and no risk."""
    rows = [("Notes help", "GRADE", None, None, "Certainty", word, None) for word in ("High",)]
    svg = frame.framed(_judgements([*rows, ("Pens help", "GRADE", None, None, "Certainty", "Very low", None)]))
    assert "!" not in drawn.words(svg)
    assert svg.count("fig-certainty-4") == 8


def test_judgements_without_one_tool_are_refused() -> None:
    """Judgements without one tool are refused."""
    with pytest.raises(FigureError, match="nothing is appraised"):
        _judgements([])
    with pytest.raises(FigureError, match="names no tool"):
        _judgements([("A", None, None, None, "D", "Low", None)])
    with pytest.raises(FigureError, match="MMAT and RoB 2; choose one"):
        _judgements([("A", tool, None, None, "D", "Low", None) for tool in ("RoB 2", "MMAT")])
