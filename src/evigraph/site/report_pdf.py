"""A report as PDF, set with ReportLab in the fonts that are shipped."""

from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape

from evigraph.errors import MissingPartError
from evigraph.figures import FigureError, formats
from evigraph.site.blocks import Heading, Items, Paragraph, Picture, Report, Rows

MARGIN = 54.0
"""Points around a page of A4."""
LONGEST_CELL = 1500
"""A cell must fit on a page; of a longer text the beginning is shown, and the files have all of it."""


def pdf(report: Report) -> bytes:
    """The report as PDF on A4; its text stays text, its fonts are in it, and the same report gives the same bytes.

    Raises:
        MissingPartError: the extra `report` isn't installed.
    """
    try:
        from reportlab.lib.pagesizes import A4
        from reportlab.platypus import SimpleDocTemplate
    except ImportError:
        raise MissingPartError("PDF needs more: install it with `pip install 'evigraph[report]'`", "pdf") from None
    formats.register_fonts()
    out = io.BytesIO()
    first = {"initialFontName": formats.FONT}  # else it names Helvetica, which isn't in the file
    sides = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), MARGIN)
    document = SimpleDocTemplate(
        out, pagesize=A4, title=report.title, author=report.author, lang=report.language, invariant=1, **sides, **first
    )
    styles, width = _styles(), A4[0] - 2 * MARGIN
    parts = [part for block in report.blocks for part in _set(block, styles, width)]
    document.build(parts, _numbered, _numbered)
    return out.getvalue()


def _styles() -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle

    plain = ParagraphStyle(
        "plain", fontName=formats.FONT, bulletFontName=formats.FONT, fontSize=10, leading=14, spaceAfter=6
    )
    made = {"plain": plain, "soft": ParagraphStyle("soft", plain, textColor="#566173", fontSize=9, leading=12)}
    made["cell"] = ParagraphStyle("cell", plain, fontSize=8, leading=10, spaceAfter=0)
    made["number"] = ParagraphStyle("number", made["cell"], alignment=2)
    made["head"] = ParagraphStyle("head", made["cell"], fontName=f"{formats.FONT}-Bold")
    for level, size in ((1, 20), (2, 14), (3, 11)):
        made[f"h{level}"] = ParagraphStyle(
            f"h{level}", plain, fontName=f"{formats.FONT}-Bold", fontSize=size, leading=size * 1.25,
            spaceBefore=size * 0.9, spaceAfter=size * 0.4, keepWithNext=1,
        )  # fmt: skip
    return made


def _set(block: object, styles: dict[str, Any], width: float) -> list[Any]:
    from reportlab.platypus import ListFlowable, Spacer
    from reportlab.platypus import Paragraph as Text

    if isinstance(block, Heading):
        return [Text(escape(block.text), styles[f"h{block.level}"])]
    if isinstance(block, Paragraph):
        return [Text(escape(block.text), styles["soft" if block.soft else "plain"])]
    if isinstance(block, Items):
        items = [Text(escape(item), styles["plain"]) for item in block.items]
        return [ListFlowable(items, bulletType="bullet", start="\u2022", leftIndent=14, bulletFontName=formats.FONT)]
    if isinstance(block, Picture):
        try:
            drawing = formats.drawing(block.svg, width)
        except FigureError as error:
            return [Text(escape(f"{block.text} (Not drawn here: {error})"), styles["soft"])]
        return [drawing, Spacer(1, 8)]
    return [_rows(block, styles, width), Spacer(1, 8)] if isinstance(block, Rows) else []


def _rows(block: Rows, styles: dict[str, Any], width: float) -> Any:
    """A table whose columns are as wide as their texts ask, and whose head stands on each page."""
    from reportlab.platypus import Paragraph as Text
    from reportlab.platypus import Table, TableStyle

    longest = []
    for i in range(len(block.columns)):
        lengths = [len(row[i]) for row in (block.columns, *block.rows)]
        longest.append(max(7.0, min(45.0, sum(lengths) / len(lengths) + max(lengths) / 8)))
    widths = [width * each / sum(longest) for each in longest]
    cells = [[Text(escape(name), styles["head"]) for name in block.columns]]
    for row in block.rows:
        shown = [text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + " \u2026" for text in row]
        cells.append(
            [Text(escape(text), styles["number" if i in block.numbers else "cell"]) for i, text in enumerate(shown)]
        )
    rules: list[Any] = [("FONTNAME", (0, 0), (-1, -1), formats.FONT), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    rules += [("LINEBELOW", (0, 0), (-1, -1), 0.4, "#d9dee6")]
    rules += [("LEFTPADDING", (0, 0), (-1, -1), 2), ("RIGHTPADDING", (0, 0), (-1, -1), 6)]
    return Table(cells, colWidths=widths, repeatRows=1, style=TableStyle(rules))


def _numbered(canvas: Any, document: Any) -> None:
    """The number of the page, below its text."""
    canvas.setFont(formats.FONT, 8)
    canvas.drawCentredString(document.pagesize[0] / 2, MARGIN / 2, str(document.page))
