"""A report to hand on: the answers, tables and figures of a review as HTML, DOCX and PDF, the same each time."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

pytest.importorskip("jinja2", reason="needs the extra report")
pytest.importorskip("docx", reason="needs the extra report")
pytest.importorskip("reportlab", reason="needs the extra report")
pytest.importorskip("resvg_py", reason="needs the extra report")
pytest.importorskip("svglib", reason="needs the extra report")

import docx
from conftest import Copy, evigraph

from evigraph.paths import Workspace
from evigraph.site import blocks
from evigraph.site import report as made
from evigraph.site.evidence import Evidence
from evigraph.site.things import Things
from evigraph.store import EmbeddedStore


@pytest.fixture(scope="module")
def report(shipped: Workspace) -> blocks.Report:
    """The report of the shipped review."""
    return made.report(shipped)


def test_it_answers_each_question(report: blocks.Report, store: EmbeddedStore) -> None:
    """With as many rows as there are findings, and the studies counted as on the pages."""
    evidence = Evidence(Things(store, "en"))
    headings = [block.text for block in report.blocks if isinstance(block, blocks.Heading) and block.level == 2]
    assert "RQ7: Do micro-credentials make the college degree more valid?" in headings
    place = next(i for i, block in enumerate(report.blocks) if getattr(block, "text", "").startswith("RQ7: "))
    said = report.blocks[place + 1]
    assert isinstance(said, blocks.Paragraph)
    assert said.text.startswith("11 of 34 included studies speak to it. says yes: 3;")
    rows = next(block for block in report.blocks[place:] if isinstance(block, blocks.Rows))
    seven = next(iri for iri in evidence.questions if evidence.notation(iri) == "RQ7")
    assert len(rows.rows) == len(evidence.counted(seven))


@pytest.mark.parametrize("syntax", ["html", "docx", "pdf"])
def test_the_same_review_gives_the_same_bytes(report: blocks.Report, shipped: Workspace, syntax: str) -> None:
    """Without the hour, and without chance."""
    assert made.setter(syntax)(report) == made.setter(syntax)(made.report(shipped))


def test_a_word_processor_finds_headings_tables_and_pictures(report: blocks.Report) -> None:
    """In Word's own styles, with words for who doesn't see the pictures."""
    document = docx.Document(io.BytesIO(made.setter("docx")(report)))
    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet"} <= styles
    tables = [block for block in report.blocks if isinstance(block, blocks.Rows)]
    assert [len(table.rows) - 1 for table in document.tables] == [len(table.rows) for table in tables]
    assert len(document.inline_shapes) >= 2
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert any("flow diagram" in text or "found" in text for text in described)


def test_a_pdf_has_its_fonts_in_it(report: blocks.Report) -> None:
    """And no other."""
    content = made.setter("pdf")(report)
    assert content.startswith(b"%PDF")
    assert set(re.findall(rb"/BaseFont /([\w+-]+)", content)) <= {
        b"AAAAAA+LiberationSans",
        b"AAAAAA+LiberationSans-Bold",
    }
    assert len(re.findall(rb"/Type /Page\b", content)) > 10


def test_html_is_one_file(report: blocks.Report) -> None:
    """That loads nothing."""
    text = made.setter("html")(report).decode()
    assert text.count("<svg") >= 2
    assert re.findall(r'<(?:script|link|img)\b|url\(|src="', text) == []


def test_changes_since_a_version(copy: Copy, shipped: Workspace, tmp_path: Path) -> None:
    """What came, in words."""
    copy.replace("studies/reeves-2017.yaml", "Older learners perceived that", "Older learners felt that")
    out = tmp_path / "r.html"
    ran = evigraph("--workspace", str(copy.root), "report", "--since", str(shipped.root), "-o", str(out))
    assert ran.returncode == 0, ran.stderr
    assert f"What is new since {shipped.root}" in out.read_text("utf-8")


def test_a_review_of_ones_own(tmp_path: Path) -> None:
    """With nothing coded, and signs that XML can't hold or would run."""
    own, hits = tmp_path / "birds", tmp_path / "hits.ris"
    hits.write_text("TY  - JOUR\nAU  - Doe, J.\nPY  - 2021\nTI  - <b>Owls</b> & \u4f60\u597d\nER  - \n", "utf-8")
    assert evigraph("init", str(own)).returncode == 0
    assert evigraph("--workspace", str(own), "link", str(hits)).returncode == 0
    for name in ("r.html", "r.docx", "r.pdf"):
        ran = evigraph("--workspace", str(own), "report", "-o", str(own / name))
        assert (ran.returncode, ran.stderr) == (0, "")
    text = (own / "r.html").read_text("utf-8")
    assert "<b>" not in text
    assert not re.search("micro-?credential", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "r.odt"), "a report comes as .docx, .pdf or .html"),
        (("-o", "r.pdf", "-f", "docx"), "let them agree"),
    ],
)
def test_a_wrong_name_is_told(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    """In one line, and nothing is written."""
    given = [str(tmp_path / each) if each.startswith("r.") else each for each in arguments]
    ran = evigraph("report", *given)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert list(tmp_path.iterdir()) == []
