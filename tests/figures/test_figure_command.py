"""The command that draws."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import drawn
import pytest
from conftest import evigraph

from evigraph.figures import FigureError, catalogue, formats, frame
from evigraph.paths import Workspace

NAMES = list(catalogue.FIGURES)


def test_the_list_names_every_figure_and_its_queries(shipped: Workspace) -> None:
    """The list names every figure, and all that they ask and take is there."""
    from evigraph import queries

    listed = evigraph("figure", "--list").stdout
    assert all(name.split("-")[0] in listed for name in NAMES)
    assert [row[0] for row in catalogue.listing().rows] == NAMES
    for each in catalogue.FIGURES.values():
        asked = [queries.load(shipped, query) for query in each.queries]
        own = {"within-study", "design", "tall"}  # of the figure itself
        assert set(each.arguments) - own <= {param.name for param in asked[0].params}


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_review_has_a_figure_or_a_reason(name: str, shipped: Workspace) -> None:
    """What is drawn of the shipped review is whole, wide and narrow; what isn't says why."""
    from evigraph.queries import build

    why = {"forest": "0 effects have an estimate", "risk-of-bias": "nothing is appraised"}
    given = {"attribute": "country"} if name == "counts" else {}
    for wide in (True, False):
        about = catalogue.about(shipped, wide, given)
        if name in why:
            with pytest.raises(FigureError, match=why[name]):
                catalogue.figure(name, lambda query, asked: build.answer(shipped, query, asked), about)
            continue
        found = catalogue.figure(name, lambda query, asked: build.answer(shipped, query, asked), about)
        svg = frame.framed(found)
        assert drawn.faults(svg) == []
        assert drawn.faults(frame.inline(found)) == []
        said = drawn.words(svg)
        assert not re.search(r"\b(None|nan|NA)\b", said)
        assert "version 0.2.0 · CC BY 4.0 · " in said
        assert "34" in found.sentence + found.description
        assert found.table.rows


def test_the_map_of_the_shipped_review_is_its_query(shipped: Workspace) -> None:
    """Each cell has as many squares as the query has studies there."""
    from evigraph.queries import build

    ask = build.answer(shipped, "gap-map", {"rows": "question", "columns": "concerns"})
    studies: dict[tuple[str, str], set[str]] = {}
    for row in ask.rows:
        studies.setdefault((str(row[1]), str(row[3])), set()).add(str(row[4]))
    about = catalogue.about(shipped)
    found = catalogue.figure("gap-map", lambda query, given: build.answer(shipped, query, given), about)
    cells = {(each["row"], each["column"]): int(each["n"]) for each in drawn.data(frame.framed(found), "column")}
    assert {at: n for at, n in cells.items() if n} == {at: len(found) for at, found in studies.items()}
    assert len(cells) == 12 * len({column for _, column in studies})


@pytest.mark.checkout
def test_the_picture_of_the_readme_is_the_command_s(shipped: Workspace) -> None:
    """It is made by `evigraph figure gap-map -o docs/gap-map.svg`, anew when the data or a figure changes."""
    picture = Path(__file__).parents[2] / "docs" / "gap-map.svg"
    assert picture.read_text("utf-8") == evigraph("figure", "gap-map").stdout
    assert "(docs/gap-map.svg)" in (picture.parents[1] / "README.md").read_text("utf-8")


def test_a_second_review_has_its_own_figures(tmp_path: Path) -> None:
    """A review made by `init` and `link` says what is there, and nothing of the shipped one."""
    sheet, recipe, root = tmp_path / "sheet.csv", tmp_path / "recipe.yaml", tmp_path / "notes"
    sheet.write_text(
        "Study,Year,Country,Whom,Outcome,Effect,Result\n"
        "Ash 2019,2019,Kenya,Pupil,Recall,positive,More was kept in mind.\n"
        "Ash 2019,2019,Kenya,Teacher,Workload,negative,Marking took longer.\n"
        "Elm 2021,2021,NR,Pupil,Recall,none,Nothing changed.\n",
        "utf-8",
    )
    recipe.write_text(
        "label: our sheet\nreader: sheet\nfields: {year: [Year]}\ncolumns:\n  study: [Study]\n  new-codes: add\n"
        "  attributes:\n    - {attribute: country, column: Country, as: code}\n"
        "  findings:\n    - answers: RQ1\n      concerns: {column: Whom}\n      outcome: {column: Outcome}\n"
        "      effect: {column: Effect}\n      statement: {column: Result}\n",
        "utf-8",
    )
    people = ("--stakeholder", "Pupil", "--stakeholder", "Teacher")
    for command in (
        ("init", str(root), "--title", "Notes", "--question", "Do notes help?", *people),
        ("--workspace", str(root), "figure", "gap-map"),
        ("--workspace", str(root), "link", str(sheet), "--recipe", str(recipe)),
    ):
        done = evigraph(*command)
        if command[2] == "figure":
            assert done.returncode == 2
            assert "no included study is coded with both question and concerns" in done.stderr
        else:
            assert done.returncode == 0, done.stderr
    (root / "queries" / "counts").mkdir()
    (root / "queries" / "counts" / "gap-map-scope.rq").write_text(
        "#+ summary: What no question asks about.\n#+ description: One row a cell.\n#+ columns: [row, column, state]\n"
        "#+ order: by row\nSELECT ?row ?column ?state WHERE {\n"
        '  VALUES (?row ?column ?state) { ("Workload" "Pupil" "not-asked") }\n}\nORDER BY ?row\n',
        "utf-8",
    )
    ran = evigraph("--workspace", str(root), "figure", "gap-map", "-p", "rows=outcome")
    assert ran.returncode == 0, ran.stderr
    cells = {(each["row"], each["column"]): each["n"] for each in drawn.data(ran.stdout, "column")}
    assert cells == {
        ("Recall", "Pupil"): "2", ("Recall", "Teacher"): "0", ("Workload", "Pupil"): "0", ("Workload", "Teacher"): "1",
    }  # fmt: skip
    states = {(each["row"], each["column"]): each["state"] for each in drawn.data(ran.stdout, "state")}
    assert states == {("Recall", "Teacher"): "no study", ("Workload", "Pupil"): "not asked"}
    questions = evigraph("--workspace", str(root), "figure", "gap-map").stdout
    assert "Which questions have evidence, and for whom" in drawn.words(questions)
    years = evigraph("--workspace", str(root), "figure", "by-year")
    assert [(each["row"], each["n"]) for each in drawn.data(years.stdout, "n")] == [
        ("2019", "1"),
        ("2020", "0"),
        ("2021", "1"),
    ]
    assert "icro" not in ran.stdout + years.stdout


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


@pytest.mark.parametrize(("name", "narrow"), [("prisma", False), ("gap-map", False), ("by-year", True)])
def test_a_pdf_has_its_words_and_their_fonts(name: str, narrow: bool, tmp_path: Path) -> None:
    """As Poppler reads it: every font is embedded, every word is there, and the page is as wide as a column."""
    pytest.importorskip("svglib")
    if shutil.which("pdffonts") is None:
        pytest.skip("no Poppler here; install poppler-utils")
    file = tmp_path / "figure.pdf"
    flags = ["--narrow"] if narrow else []
    assert evigraph("figure", name, *flags, "-o", str(file)).returncode == 0

    def poppler(*command: str) -> str:
        return subprocess.run(  # noqa: S603 - our own words
            [*command, str(file), *(["-"] if command[0] == "pdftotext" else [])],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    fonts = [line.split()[-5:-2] for line in poppler("pdffonts").splitlines()[2:]]
    assert fonts
    assert all(embedded == "yes" for embedded, *_ in fonts)
    said = re.sub(r"\s+", "", poppler("pdftotext", "-layout"))
    wanted = drawn.words(evigraph("figure", name, *flags).stdout)
    missing = {word for word in wanted.split() if re.sub(r"\s+", "", word) not in said}
    assert not missing
    page = re.search(r"Page size:\s+([\d.]+) x", poppler("pdfinfo"))
    assert page
    assert float(page[1]) * 25.4 / 72 == pytest.approx(90 if narrow else 180, abs=0.5)


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
