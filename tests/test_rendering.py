"""Rows as text, in every format."""

from __future__ import annotations

import csv
import html.parser
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evigraph import rendering
from evigraph.queries import Table

CELL = st.one_of(st.none(), st.integers(), st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=120))
TABLES = st.integers(1, 5).flatmap(
    lambda n: st.builds(Table, st.just("t"), st.just(tuple("abcde"[:n])), st.lists(st.tuples(*[CELL] * n), max_size=5))
)


@given(TABLES)
def test_a_table_fits_80_columns(table: Table) -> None:
    """Whatever the cells hold, and no word of them is lost."""
    printed = rendering.as_table(table)
    assert max(map(len, printed.splitlines())) <= 80


@given(TABLES)
def test_csv_and_json_hold_every_cell(table: Table) -> None:
    """Read back by the standard library."""
    rows = list(csv.reader(io.StringIO(rendering.as_csv(table), newline="")))
    assert rows[1:] == [[rendering.text(cell) for cell in row] for row in table.rows] or len(table.columns) == 1
    assert json.loads(rendering.as_json(table)) == [dict(zip(table.columns, row, strict=True)) for row in table.rows]


@pytest.mark.parametrize("cell", ["<script>alert(1)</script>", "a & b", '"', "'"])
def test_html_is_escaped(cell: str) -> None:
    """A cell is text and never markup."""

    class Reader(html.parser.HTMLParser):
        found = ""
        tags: list[str] = []  # noqa: RUF012 - one reader, one list

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.tags.append(tag)

        def handle_data(self, data: str) -> None:
            self.found += data

    reader = Reader()
    reader.feed(rendering.as_html(Table("t", ("a",), [(cell,)])))
    assert cell in reader.found
    assert "script" not in reader.tags


def test_markdown_and_latex_are_escaped() -> None:
    """The characters that mean something there."""
    table = Table("t", ("a",), [("50 % | $3_000 & more #1 {x} \\ ~ ^",)])
    assert "50 % \\| $3_000" in rendering.as_markdown(table)
    latex = rendering.as_latex(table)
    for escaped in (r"\%", r"\$", r"\_", r"\&", r"\#", r"\{", r"\textbackslash{}", r"\textasciitilde{}"):
        assert escaped in latex


def test_an_empty_table_has_its_header() -> None:
    """In every format but JSON."""
    table = Table("t", ("a", "b"), [])
    for name, render in rendering.FORMATS.items():
        assert ("a" in render(table)) == (name != "json")
