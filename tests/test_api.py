"""The Python API: rows, frames, graphs, and the page that explains them."""

from __future__ import annotations

import datetime
import doctest
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from conftest import Copy
from conftest import evigraph as command

import evigraph
from evigraph import queries
from evigraph.api import Review
from evigraph.errors import MissingPartError, QueryError, UsageError
from evigraph.paths import SHIPPED, Workspace
from evigraph.queries import Table
from evigraph.reports import python_rows, table_formats
from evigraph.reports.python_rows import Rows
from evigraph.store import EmbeddedStore
from evigraph.updating.new_review import Outline, create

PAGE = Path(__file__).parent.parent / "docs" / "notebooks.md"
HOSTILE = Rows(Table("<b>", ("a", "class", "b"), [("<script>", None, 1.5), ("é|\n", 2, 2)]))


@pytest.fixture(scope="module")
def review() -> Review:
    """The shipped review."""
    return evigraph.open(SHIPPED)


def test_the_page_on_notebooks_runs() -> None:
    """Every example gives what the page shows."""
    pytest.importorskip("pandas", reason="the page shows a data frame of pandas")
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.FAIL_FAST)
    assert (failed, tried > 10) == (0, True)


def test_importing_is_light() -> None:
    """Only a call of `open` starts the RDF libraries."""
    code = (
        "import sys, evigraph; print(sorted({'rdflib', 'pyoxigraph', 'yaml', 'SPARQLWrapper'} & set(sys.modules)));"
        "evigraph.open().run('flow'); print('SPARQLWrapper' in sys.modules, 'pandas' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.splitlines() == ["[]", "False False"]


def test_rows_are_those_of_the_query(review: Review, shipped: Workspace, store: EmbeddedStore) -> None:
    """As named tuples, in order."""
    table = queries.run(store, queries.load(shipped, "table-3"))
    found = review.run("table-3")
    assert [tuple(row) for row in found] == table.rows
    assert found[0].stakeholder == "Student"
    assert found[-1] == found[len(found) - 1]
    assert len(found[2:5]) == 3
    assert found == Rows(table)
    assert found != Rows(Table("other", table.columns, table.rows))


def test_arguments_are_checked(review: Review) -> None:
    """As on the command line."""
    assert len(review.run("publications-by-year", year_source="printed")) > 5
    with pytest.raises(UsageError, match="choose one of"):
        review.run("stakeholder-counts", basis="x")
    with pytest.raises(UsageError, match="did you mean `table-3`"):
        review.run("tabel-3")


def test_html_is_escaped() -> None:
    """In cells, captions and headers."""
    shown = HOSTILE._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "<caption>&lt;b&gt;</caption>" in shown


def test_a_column_with_a_reserved_name_goes_by_its_place() -> None:
    """And keeps its name everywhere else."""
    assert HOSTILE[1]._1 == 2
    assert HOSTILE.to_dicts()[0] == {"a": "<script>", "class": None, "b": 1.5}


def test_typed_cells(review: Review) -> None:
    """A cell that lists is a list, a number a number, and nothing nothing."""
    rows, typed = review.run("table-3"), review.run("table-3").typed()
    assert [", ".join(row.sources) for row in typed] == [row.sources.replace("; ", ", ") for row in rows]
    assert max(len(row.sources) for row in typed) > 2
    assert isinstance(review.run("by-attribute", attribute="country").typed()[0].share, float)


def test_texts(tmp_path: Path) -> None:
    """CSV and Markdown are those of the command line, and are written whole."""
    assert HOSTILE.to_csv(tmp_path / "x.csv") == (tmp_path / "x.csv").read_bytes().decode()
    assert HOSTILE.to_csv() == table_formats.as_csv(HOSTILE._table)
    assert HOSTILE.to_markdown(tmp_path / "x.md") == table_formats.as_markdown(HOSTILE._table)
    assert repr(HOSTILE).startswith("a ")


@pytest.mark.parametrize("library", ["pandas", "polars", "arrow"])
@pytest.mark.parametrize("name", ["table-3", "publications-by-country", "quantities", "findings"])
def test_frames_hold_the_rows(review: Review, library: str, name: str) -> None:
    """Every cell, by column, in each of the three libraries."""
    pytest.importorskip("pyarrow" if library == "arrow" else library, reason=f"{library} isn't installed")
    found = review.run(name)
    frame = getattr(found, f"to_{library}")()
    assert list(frame.columns if library != "arrow" else frame.column_names) == list(found.columns)
    for column in found.columns:
        cells = frame[column].to_pylist() if library == "arrow" else frame[column].to_list()
        assert len(cells) == len(found)
        for ours, theirs in zip(found.to_dicts(), cells, strict=True):
            if ours[column] is not None:
                assert theirs == ours[column] or theirs == str(ours[column])


@pytest.mark.parametrize("table", [Table("none", ("a", "b"), []), Table("mixed", ("a",), [(1,), ("x",), (None,)])])
def test_frames_of_odd_rows(table: Table) -> None:
    """No rows keep their columns; numbers among texts are texts."""
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow isn't installed")
    made = Rows(table).to_arrow()
    assert made.column_names == list(table.columns)
    assert made.num_rows == len(table.rows)
    assert table.name == "none" or made.schema.field("a").type == pyarrow.string()


@pytest.mark.parametrize("library", ["pandas", "polars", "arrow"])
def test_a_missing_library_is_told(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    """With the command that adds it."""

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(python_rows, "import_module", missing)
    with pytest.raises(MissingPartError, match=r"isn't installed; `pip install (pandas|polars|pyarrow)` adds it"):
        getattr(HOSTILE, f"to_{library}")()


def test_every_form_of_query(review: Review, nquads: str) -> None:
    """Rows, truths and graphs."""
    assert review.query("ASK { ?s ?p ?o }") is True
    made = review.query("CONSTRUCT WHERE { ?s a ?type }")
    assert isinstance(made, rdflib.Graph)
    assert len(made) > 34
    with pytest.raises(QueryError, match="mend the query"):
        review.query("SELECT")
    held = {str(graph.identifier): len(graph) for graph in review.graph().graphs()}
    assert sum(n for name, n in held.items() if "/graph/" in name) == len(nquads.splitlines())
    assert sum(n for name, n in held.items() if "/direct/" in name) > 34


def test_trace_ask_queries(review: Review) -> None:
    """The same as the commands of these names."""
    assert {row.study for row in review.trace("reeves-2017")} == {"Reeves et al. (2017)"}
    sheet = review.ask("rq-6")
    assert sheet.parts["Statements"].columns[0] == "stance"
    assert sheet._repr_html_().startswith("<section>")
    assert sheet.to_markdown().startswith("# RQ6: ")
    assert "table-3" in {row.name for row in review.queries()}


def test_a_figure_is_the_command_s(review: Review, tmp_path: Path) -> None:
    """The same SVG, its numbers as rows, and a file by its suffix."""
    picture = review.figure("gap-map", narrow=True, rows="outcome")
    assert picture.svg == picture._repr_svg_() == command("figure", "gap-map", "--narrow", "-p", "rows=outcome").stdout
    assert picture.faults == ()
    assert sum(row.studies for row in picture.rows) > 50
    picture.save(tmp_path / "map.svg")
    assert (tmp_path / "map.svg").read_text("utf-8") == picture.svg
    with pytest.raises(UsageError, match="a figure comes as"):
        picture.save(tmp_path / "map.gif")
    with pytest.raises(UsageError, match="nothing is appraised"):
        review.figure("risk-of-bias")


def test_a_folder_and_what_changes_in_it(copy: Copy) -> None:
    """A review by its folder; `reload` sees a file that has changed since."""
    mine = evigraph.open(copy.root)
    question = mine.run("questions")[0].question
    copy.replace("review.yaml", question, "Changed?")
    assert mine.run("questions")[0].question == question
    mine.reload()
    assert mine.run("questions")[0].question == "Changed?"
    assert str(copy.review) in repr(mine)


def test_pairs_are_listed_and_decided(tmp_path: Path) -> None:
    """A trial tells what follows, and writes nothing; a decision can be seen at once."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/"))
    mine = evigraph.open(tmp_path / "mine")
    hits = "Title,Authors,Year,DOI\nKites over the harbour and their makers,"
    (tmp_path / "a.csv").write_text(hits + '"Ito, K.",2019,10.5555/k\n', "utf-8")
    (tmp_path / "b.csv").write_text(hits + '"Ito, Ken",2019,10.5555/K\n', "utf-8")
    made = mine.link(tmp_path / "a.csv", tmp_path / "b.csv", write=True, date="2026-01-02", searched="2026-01-01")
    assert made["written"]
    assert [row.searched for row in mine.run("searches").typed()] == [datetime.date(2026, 1, 1)] * 2
    assert list(mine.duplicates()) == []
    (pair,) = mine.duplicates(merged=True)
    assert mine.distinct(pair.record, pair.other)["written"] is None
    assert len(mine.duplicates(merged=True)) == 1
    mine.distinct(pair.record, pair.other, write=True, because="two kites", who="Ann")
    assert list(mine.duplicates(merged=True)) == []
    assert mine.run("prisma-2020")[0].row == "database_results"
    mine.same(pair.record, pair.other, write=True)
    assert len(mine.duplicates(merged=True)) == 1


@pytest.mark.parametrize(("name", "message"), [("/nowhere", "holds a review"), ("http://u:p@h/x", "no credentials")])
def test_what_cannot_be_opened(name: str, message: str) -> None:
    """Is told at once."""
    with pytest.raises(UsageError, match=message):
        evigraph.open(name)
