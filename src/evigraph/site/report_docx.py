"""A report for a word processor: the one module that knows python-docx."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

from evigraph.errors import MissingPartError
from evigraph.figures import FigureError, formats
from evigraph.site.blocks import Heading, Items, Paragraph, Picture, Report, Rows

EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML can't hold."""


def docx(report: Report) -> bytes:
    """The report as a Word document, in Word's own styles, so that a manuscript's take their place.

    Raises:
        MissingPartError: the extra `report` isn't installed.
    """
    try:
        import docx as library
    except ImportError:
        raise MissingPartError("DOCX needs more: install it with `pip install 'evigraph[report]'`", "docx") from None
    document = library.Document()
    known = document.core_properties
    known.title, known.author, known.language = report.title[:255], report.author[:255], report.language
    known.comments = ""
    day = datetime.datetime.fromisoformat(report.date) if report.date else EPOCH
    known.created = known.modified = day.replace(tzinfo=None)
    for block in report.blocks:
        _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return _same_each_time(out.getvalue())


def _add(document: Any, block: object) -> None:
    if isinstance(block, Heading):
        document.add_heading(_plain(block.text), block.level - 1)
    elif isinstance(block, Paragraph):
        run = document.add_paragraph().add_run(_plain(block.text))
        run.italic = block.soft or None
    elif isinstance(block, Items):
        for item in block.items:
            document.add_paragraph(_plain(item), style="List Bullet")
    elif isinstance(block, Picture):
        _picture(document, block)
    elif isinstance(block, Rows):
        _rows(document, block)


def _picture(document: Any, block: Picture) -> None:
    """A figure as a picture of the page's width, with its words for screen readers."""
    try:
        made = formats.rendered(block.svg, "png")
    except (FigureError, MissingPartError) as error:
        document.add_paragraph().add_run(_plain(f"{block.text} (Not drawn here: {error})")).italic = True
        return
    section = document.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    shape = document.add_picture(io.BytesIO(made if isinstance(made, bytes) else made.encode()), width=width)
    shape._inline.docPr.set("descr", _plain(block.text))


def _rows(document: Any, block: Rows) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    table = document.add_table(rows=1, cols=len(block.columns), style="Light List Accent 1")
    for row in (block.columns, *block.rows):
        cells = table.rows[0].cells if row is block.columns else table.add_row().cells
        for i, text in enumerate(row):
            paragraph = cells[i].paragraphs[0]
            paragraph.add_run(_plain(text)).font.size = Pt(9)
            if i in block.numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()


def _plain(text: str) -> str:
    return CONTROL.sub(" ", text)


def _same_each_time(content: bytes) -> bytes:
    """The same package without the hour at which it was packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()
