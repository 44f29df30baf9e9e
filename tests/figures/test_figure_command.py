"""The command that draws."""

from __future__ import annotations

from pathlib import Path

import drawn
import pytest
from conftest import evigraph

from evigraph.figures import catalogue, formats
from evigraph.paths import Workspace

NAMES = list(catalogue.FIGURES)


def test_the_list_names_every_figure_and_its_queries(shipped: Workspace) -> None:
    """The list names every figure and its queries."""
    from evigraph import queries

    listed = evigraph("figure", "--list").stdout
    assert all(name in listed for name in NAMES)
    for each in catalogue.FIGURES.values():
        first = queries.load(shipped, each.queries[0])
        assert set(each.arguments) <= {param.name for param in first.params}
        assert all(queries.load(shipped, query) for query in each.queries)


def test_without_a_file_the_svg_goes_to_stdout() -> None:
    """Without a file the SVG goes to stdout."""
    ran = evigraph("figure", "prisma")
    assert ran.returncode == 0, ran.stderr
    assert "Studies included in review (n = 34)" in drawn.words(ran.stdout)
    assert ran.stdout == evigraph("figure", "prisma", PYTHONHASHSEED="7", TZ="Asia/Tokyo", LC_ALL="C").stdout


def test_png_and_pdf_are_the_same_each_time(tmp_path: Path) -> None:
    """PNG and PDF are the same each time."""
    pytest.importorskip("resvg_py")
    pytest.importorskip("svglib")
    for suffix, seed in (("png", "1"), ("pdf", "2")):
        files = [tmp_path / f"{i}.{suffix}" for i in range(2)]
        for i, file in enumerate(files):
            done = evigraph("figure", "by-year", "--narrow", "-o", str(file), PYTHONHASHSEED=seed * (i + 1), TZ="UTC")
            assert done.returncode == 0, done.stderr
        assert files[0].read_bytes() == files[1].read_bytes()
    png = (tmp_path / "0.png").read_bytes()
    assert int.from_bytes(png[16:20], "big") == round(90 / 25.4 * 600)
    pdf = (tmp_path / "0.pdf").read_bytes()
    assert b"LiberationSans" in pdf
    assert b"/FontFile2" in pdf
    assert b"Helvetica" not in pdf


def test_signs_without_a_glyph_are_refused_for_png() -> None:
    """Signs without a glyph are refused for PNG."""
    from evigraph.errors import EvigraphError

    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 350 10"><text x="0">学 &amp; A</text></svg>'
    with pytest.raises(EvigraphError, match="have no 学; take the SVG"):
        formats.rendered(svg, "png")
    assert formats.rendered(svg, "svg") == svg


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nope",), "no figure `nope`; there are"),
        (("prisma", "-p", "x=y"), "prisma takes no argument `x`"),
        (("prisma", "-o", "x.docx"), "a figure comes as .svg, .png or .pdf"),
        (("prisma", "-o", "x.png", "--format", "pdf"), "let them agree"),
        (("by-year", "-p", "year-source=moon"), "list, printed"),
    ],
)
def test_wrong_use_is_one_line(arguments: tuple[str, ...], says: str) -> None:
    """Wrong use is one line."""
    ran = evigraph("figure", *arguments)
    assert ran.returncode == 2
    assert says in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_flow_that_does_not_add_up_is_drawn_and_said(tmp_path: Path) -> None:
    """A flow that does not add up is drawn and said."""
    stated, root, out = tmp_path / "flow.csv", tmp_path / "notes", tmp_path / "flow.svg"
    numbers = {"database_results": 90, "duplicates": 10, "records_screened": 81, "records_excluded": 60}
    rows = "".join(f"{row},NA,box,{row},NA,NA,NA,{n}\n" for row, n in numbers.items())
    stated.write_text(f"data,node,box,description,boxtext,tooltips,url,n\n{rows}", "utf-8")
    for command in (("init", str(root), "--title", "Notes"), ("--workspace", str(root), "link", str(stated))):
        done = evigraph(*command)
        assert done.returncode == 0, done.stderr
    ran = evigraph("--workspace", str(root), "figure", "prisma", "-o", str(out))
    assert ran.returncode == 1
    assert "90 records identified − 10 removed or waiting leaves 80, but the next box says 81" in ran.stderr
    assert "≠" in out.read_text("utf-8")
