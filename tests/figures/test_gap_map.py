"""The evidence and gap map: its cells are the rows of its query."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict

import drawn
import pytest

from evigraph.figures import FigureError, frame, gap_map
from evigraph.figures.cells import combined, merged
from evigraph.queries import Table

pytestmark = pytest.mark.thorough

COLUMNS = "row row_label column column_label study study_label direction finding"
QUESTIONS = drawn.table("notation question", ("Q1", "Do notes help?"), ("Q2", "Do slides help?"), ("Q3", "Which pens?"))
STANCES = ("supports", "conditional", "mixed", "against", "context", "not addressed", None)
Row = tuple[str | None, ...]


def _row(question: str, person: str, study: str, direction: str | None, finding: int = 0) -> Row:
    return (f"q/{question}", question, f"p/{person}", person, f"s/{study}", study, direction, f"f/{finding}")


ROWS: list[Row] = [
    _row("Q1", "Pupil", "Ash (2019)", "supports"),
    _row("Q1", "Pupil", "Ash (2019)", "supports", 1),
    _row("Q1", "Pupil", "Elm (2020)", "against"),
    _row("Q1", "Pupil", "Fir (2021)", "supports"),
    _row("Q1", "Pupil", "Fir (2021)", "against", 1),
    _row("Q1", "Teacher", "Oak (2022)", "context"),
    _row("Q2", "Teacher", "Oak (2022)", "not addressed"),
    _row("Q2", "Teacher", "Elm (2020)", None),
]


def _table(rows: list[Row]) -> Table:
    return Table("gap-map", tuple(COLUMNS.split()), [*rows])


def _svg(
    given: list[Row],
    wide: bool = True,
    whole: gap_map.Whole | None = None,
    scope: Table | None = None,
    **arguments: str,
) -> str:
    about = drawn.about(wide, **arguments)
    svg, again = (
        frame.framed(gap_map.draw(_table(given), QUESTIONS, scope, whole or gap_map.Whole(9), about)) for _ in range(2)
    )
    assert drawn.faults(svg) == []
    assert svg == again
    return svg


def _cells(svg: str) -> dict[tuple[str, str], dict[str, str]]:
    """The data of each cell, with the classes of its squares as one text a class."""
    found = {}
    for node in drawn.parsed(svg).iter():
        if node.get("data-column"):
            squares = Counter({each.get("data-class"): 0 for each in node.iter() if each.get("data-class")})
            for each in node.iter():
                if each.get("data-class"):
                    squares[each.get("data-class")] += int(each.get("data-studies", "1"))
            known = {key.removeprefix("data-"): value for key, value in node.attrib.items()}
            found[known["row"], known["column"]] = {**known, "classes": dict(squares)}
    return found


@pytest.mark.parametrize("wide", [True, False])
def test_each_study_is_one_square_of_one_class(wide: bool) -> None:
    """Each study is one square of one class."""
    cells = _cells(_svg(ROWS, wide))
    assert {at: cell["n"] for at, cell in cells.items()} == {
        ("Q1", "Pupil"): "3", ("Q1", "Teacher"): "1", ("Q2", "Pupil"): "0", ("Q2", "Teacher"): "2",
        ("Q3", "Pupil"): "0", ("Q3", "Teacher"): "0",
    }  # fmt: skip
    assert cells["Q1", "Pupil"]["classes"] == {"positive": 1, "mixed": 1, "negative": 1}
    assert cells["Q2", "Teacher"]["classes"] == {"not-addressed": 1, "unclear": 1}
    assert cells["Q2", "Pupil"]["state"] == "no study"


def test_what_two_findings_of_a_study_make() -> None:
    """What two findings of a study make."""
    assert combined(["positive", "negative"]) == "mixed"
    assert combined(["positive", "mixed"]) == "mixed"
    assert combined(["describes", "positive"]) == "positive"
    assert combined(["no-effect", "describes"]) == "no-effect"
    assert combined(["unclear", "describes"]) == "describes"
    assert combined(["positive"] * 7 + ["negative"] * 3, 0.7) == "positive"
    assert combined(["positive"] * 6 + ["negative"] * 4, 0.7) == "mixed"
    rows = [_row("Q1", "Pupil", "Ash", "supports", i) for i in range(3)] + [_row("Q1", "Pupil", "Ash", "against", 9)]
    assert _cells(_svg(rows))["Q1", "Pupil"]["classes"] == {"mixed": 1}
    assert _cells(_svg(rows, within_study="share:0.7"))["Q1", "Pupil"]["classes"] == {"positive": 1}
    with pytest.raises(FigureError, match="share:0"):
        _svg(rows, within_study="most")


def test_why_a_cell_is_empty_is_three_things() -> None:
    """Why a cell is empty is three things."""
    scope = drawn.table("row column state", ("Q2", "Pupil", "not-asked"))
    states = {at: cell.get("state") for at, cell in _cells(_svg(ROWS, scope=scope)).items()}
    assert states["Q2", "Pupil"] == "not asked"
    assert states["Q3", "Pupil"] == "no study"
    svg = _svg(ROWS, scope=scope, whole=gap_map.Whole(9, 1))
    assert _cells(svg)["Q3", "Pupil"]["state"] == "not coded"
    assert "1 included study is not coded yet" in drawn.words(svg)
    assert "6 of 9 studies coded" in drawn.words(_svg(ROWS, whole=gap_map.Whole(9, 3)))


def test_signs_say_what_the_sides_ask_for() -> None:
    """Signs say what the sides ask for."""
    said = drawn.words(_svg(ROWS))
    assert "supports" in said
    assert "Certainty: not assessed." in said
    assert "Certainty" not in drawn.words(_svg(ROWS, whole=gap_map.Whole(9, 0, certainty=True)))
    effects = [_row("recall", "Pupil", "Ash", "none"), _row("recall", "Pupil", "Elm", "positive")]
    svg = _svg(effects, rows="outcome")
    assert "no effect found" in drawn.words(svg)
    assert _cells(svg)["recall", "Pupil"]["classes"] == {"no-effect": 1, "positive": 1}
    plain = [_row("Kenya", "Survey", "Ash", None), _row("Kenya", "Trial", "Elm", None)]
    svg = _svg(plain, rows="country", columns="design")
    assert _cells(svg)["Kenya", "Survey"]["classes"] == {"study": 1}
    assert "effect" not in drawn.words(svg)


@pytest.mark.parametrize("wide", [True, False])
def test_figure_and_query_agree_whatever_the_rows(wide: bool) -> None:
    """Figure and query agree whatever the rows."""
    chance = random.Random(7)  # noqa: S311 - the same rows each time
    people = ["Pupil", "Teacher", "Nurse", "Parent"]
    rows = [
        _row(f"Q{chance.randint(1, 3)}", chance.choice(people), f"S{chance.randint(1, 20)}", chance.choice(STANCES), i)
        for i in range(200)
    ]
    base = _cells(_svg(rows, wide, gap_map.Whole(20)))
    studies: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        studies[str(row[1]), str(row[3])].add(str(row[4]))
    assert {at: int(cell["n"]) for at, cell in base.items()} == {
        (q, p): len(studies[q, p]) for q in ("Q1", "Q2", "Q3") for p in people
    }
    assert all(sum(cell["classes"].values()) == int(cell["n"]) for cell in base.values())
    moved = 0
    for i in range(0, 200, 10):
        mutated = [*rows]
        mutated[i] = (*rows[i][:6], "against" if rows[i][6] == "supports" else "supports", rows[i][7])
        after = _cells(_svg(mutated, wide, gap_map.Whole(20)))
        changed = {at for at in base if base[at] != after[at]}
        assert changed <= {(str(rows[i][1]), str(rows[i][3]))}
        alone = sum(row[1:6] == rows[i][1:6] for row in rows) == 1
        assert changed or not alone  # another finding of the study may make the cell what it was
        moved += bool(changed)
    assert moved > 10


@pytest.mark.parametrize("wide", [True, False])
def test_any_label_and_any_number_of_columns_has_room(wide: bool) -> None:
    """Any label and any number of columns has room."""
    for columns in (1, 5, 6, 7, 12):
        labels = [f"{drawn.HOSTILE[i % len(drawn.HOSTILE)]} {i}" for i in range(columns)]
        rows = [_row("Q1", label, f"Study {i} {drawn.HOSTILE[i % 3]}", "mixed") for i, label in enumerate(labels)]
        svg = _svg(rows, wide)
        assert "<script" not in svg
        assert sum(int(cell["n"]) for cell in _cells(svg).values()) == columns
    for _ in range(2):
        many = [_row("Q1", "Pupil", f"S{i}", STANCES[i % 7]) for i in range(3000)] + ROWS
        cell = _cells(_svg(many, wide, gap_map.Whole(3010)))["Q1", "Pupil"]
        assert sum(cell["classes"].values()) == int(cell["n"]) == 3003


def test_a_map_with_many_columns_and_few_rows_is_turned() -> None:
    """A map with many columns and few rows is turned."""
    rows = [_row(q, f"p{i}", "Ash", "supports") for q, i in itertools.product(("Q1", "Q2"), range(9))]
    assert ("p0", "Q1") in _cells(_svg(rows))


def test_nothing_coded_is_refused() -> None:
    """Nothing coded is refused."""
    with pytest.raises(FigureError, match="no included study is coded with both question and concerns"):
        _svg([])
    with pytest.raises(FigureError, match="roll-up=top"):
        _svg([_row(f"a{i}", f"b{i}", "Ash", None) for i in range(60)], rows="a", columns="b")


def test_columns_come_in_one_order() -> None:
    """Columns come in one order."""
    assert merged([["a", "c"], ["b", "c"], ["c", "d"]]) == ["a", "b", "c", "d"]
    assert merged([["d"], ["a", "d"], ["b", "a"]]) == ["b", "a", "d"]
    assert merged([]) == []
