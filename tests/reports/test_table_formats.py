"""Rows as text, in every format."""

from __future__ import annotations

import csv
import html.parser
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evigraph.ingest.tables import sheets
from evigraph.queries import Table
from evigraph.reports import table_formats

CELL = st.one_of(st.none(), st.integers(), st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=120))
TABLES = st.integers(1, 5).flatmap(
    lambda n: st.builds(Table, st.just("t"), st.just(tuple("abcde"[:n])), st.lists(st.tuples(*[CELL] * n), max_size=5))
)


@given(TABLES)
def test_a_table_fits_80_columns(table: Table) -> None:
    """Whatever the cells hold, and no word of them is lost."""
    printed = table_formats.as_table(table)
    assert max(map(len, printed.splitlines())) <= 80


@given(TABLES)
def test_csv_and_json_hold_every_cell(table: Table) -> None:
    """Read back by the standard library."""
    rows = list(csv.reader(io.StringIO(table_formats.as_csv(table, raw=True), newline="")))
    assert rows[1:] == [[table_formats.text(cell) for cell in row] for row in table.rows] or len(table.columns) == 1
    assert json.loads(table_formats.as_json(table)) == [
        dict(zip(table.columns, row, strict=True)) for row in table.rows
    ]


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
    reader.feed(table_formats.as_html(Table("t", ("a",), [(cell,)])))
    assert cell in reader.found
    assert "script" not in reader.tags


def test_markdown_and_latex_are_escaped() -> None:
    """The characters that mean something there."""
    table = Table("t", ("a",), [("50 % | $3_000 & more #1 {x} \\ ~ ^ <b>",)])
    assert "50 % \\| $3_000" in table_formats.as_markdown(table)
    latex = table_formats.as_latex(table)
    for escaped in (
        r"\%",
        r"\$",
        r"\_",
        r"\&",
        r"\#",
        r"\{",
        r"\textbackslash{}",
        r"\textasciitilde{}",
        r"\textless{}",
    ):
        assert escaped in latex


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("a|b", r"a\|b"),
        ("a\nb\r\nc\rd", "a b c d"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("`a|b`", r"\`a\|b\`"),
        ("[x](javascript:alert(1))", r"\[x](javascript:alert(1))"),
        ("*a* _b_ snake_case", r"\*a\* \_b\_ snake_case"),
        ("&lt; R&D", "&amp;lt; R&D"),
    ],
)
def test_a_cell_of_markdown_is_one_cell_of_plain_text(cell: str, written: str) -> None:
    """Pipes, line ends, code, links and tags mean nothing."""
    assert table_formats.as_markdown(Table("t", ("a",), [(cell,)])).splitlines()[2:] == [f"| {written} |"]


@pytest.mark.parametrize("cell", ["[1ex] text", "*", "\\input{/etc/passwd}", "a\n\nb", "\x00\x1b"])
def test_a_cell_of_latex_runs_no_command(cell: str) -> None:
    """Neither its own nor an option of the line end before it."""
    row = table_formats.as_latex(Table("t", ("a",), [(cell,)])).splitlines()[4]
    assert not row.startswith(("[", "*"))
    assert "\\input" not in row
    assert row.isprintable()


def test_a_cell_sends_nothing_to_the_terminal() -> None:
    """Escape sequences are taken out of tables for people."""
    assert "\x1b" not in table_formats.as_table(Table("t", ("a",), [("\x1b[2Jgone\x07",)]))


SIGNS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "'=1", "-"]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("syntax", ["csv", "tsv"])
def test_a_text_is_never_a_formula(syntax: str, sign: str) -> None:
    """An apostrophe goes before it, unless it is asked for as it is; numbers stay numbers."""
    delimiter = "," if syntax == "csv" else "\t"
    table = Table("t", ("a", "b", "c"), [(sign, -5, "it's = fine")])
    for raw, expected in ((False, f"'{sign}"), (True, sign)):
        written = table_formats.rendered(table, syntax, raw)
        assert isinstance(written, str)
        rows = list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter))
        assert rows == [["a", "b", "c"], [expected, "-5", "it's = fine"]]


@given(st.text(st.sampled_from("'=+-@a\t"), min_size=1))
def test_the_guard_comes_off_again(text: str) -> None:
    """What `link` reads is the text that was guarded."""
    assert sheets.unguarded(table_formats.guarded(text)) == text


def test_an_empty_table_has_its_header() -> None:
    """In every format but JSON."""
    table = Table("t", ("a", "b"), [])
    for name, render in table_formats.FORMATS.items():
        assert ("a" in render(table)) == (name != "json")


def test_a_heading_is_broken_before_a_date() -> None:
    """Where not all words have room, those of the cells stay whole."""
    heads = ("search", "date", "present", "read", "duplicates", "studies", "searched", "string", "round")
    row = ("CINAHL", "2026-11-27", 3, 3, 1, 0, "2026-01-11", "sleep AND nurse*", "")
    text = table_formats.as_table(Table("t", heads, [row]), 80)
    assert text.count("2026-11-27") == text.count("2026-01-11") == 1
    assert max(map(len, text.splitlines())) <= 80


def test_a_row_is_a_block_where_headings_would_be_broken() -> None:
    """A line a column without the empty ones; the same table has columns where they have room."""
    heads = ("finding", "stakeholders", "modality", "statement", "locator", "coding", "question", "concept")
    table = Table("t", heads, [("f/1", "Student", None, "It helps " * 9, "P1", "c", "RQ1", ""), (*"abcdefgh",)])
    narrow = table_formats.as_table(table, 60).splitlines()
    assert narrow[0] == "finding       f/1"
    assert narrow.count("") == 1
    assert max(map(len, narrow)) <= 60
    assert not any(line.startswith(("modality      None", "concept        ")) for line in narrow)
    assert [line.split()[0] for line in narrow if line and not line.startswith(" ")].count("statement") == 2
    assert table_formats.as_table(table, 200).splitlines()[0].split() == list(heads)
    assert table_formats.as_table(Table("t", heads, []), 60).count("\n") >= 2
