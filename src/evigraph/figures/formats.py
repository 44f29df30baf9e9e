"""A figure as PNG or PDF, with the shipped fonts: the one module that knows resvg, svglib and ReportLab."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import PurePath
from typing import Any
from xml.sax.saxutils import unescape

from evigraph.errors import MissingPartError, UsageError
from evigraph.figures.canvas import FAMILY
from evigraph.figures.frame import NARROW, WIDE
from evigraph.figures.refusals import refuse
from evigraph.figures.words import FONTS, lacking

FORMATS = ("svg", "png", "pdf")
DOTS_PER_INCH = 600
MM_WIDE = 180.0
"""How wide the wide drawing is in print, two columns of a journal; the narrow one is half of it, one column."""
FONT = "Liberation Sans"
"""The family that PNG and PDF are set in."""


def rendered(svg: str, syntax: str) -> str | bytes:
    """An SVG of ours in a format: svg, png or pdf. The same SVG gives the same bytes.

    Raises:
        MissingPartError: the extra `figures` isn't installed.
        FigureError: the shipped fonts lack a sign of the figure's texts.
    """
    if syntax == "svg":
        return svg
    if missing := lacking(unescape("".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)))):
        shown = " ".join(missing[:12])
        raise refuse(
            f"the fonts for PNG and PDF have no {shown}; take the SVG, which is shown with the reader's own fonts"
        )
    return png(svg) if syntax == "png" else pdf(svg)


def by_suffix(name: str) -> str:
    """The format of a file of that name.

    Raises:
        UsageError: its suffix is of none.
    """
    suffix = PurePath(name).suffix.lower().lstrip(".")
    if suffix not in FORMATS:
        raise UsageError(f"{name}: a figure comes as .svg, .png or .pdf; name the file so", name)
    return suffix


def _mm(svg: str) -> float:
    found = re.search(r'<svg [^>]*viewBox="0 0 ([\d.]+) ', svg)
    return MM_WIDE / 2 if found and float(found[1]) < (NARROW + WIDE) / 2 else MM_WIDE


def png(svg: str) -> bytes:
    """The picture at 600 dots per inch of its width in print."""
    try:
        import resvg_py
    except ImportError:
        raise _missing("PNG") from None
    files = [str(FONTS / f"LiberationSans-{face}.ttf") for face in ("Regular", "Bold")]
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=round(_mm(svg) / 25.4 * DOTS_PER_INCH),
            font_files=files,
            skip_system_fonts=True,
            font_family=FONT,
            sans_serif_family=FONT,
        )
    )


def pdf(svg: str) -> bytes:
    """A page as large as the figure in print; its text stays text, and the fonts are in it."""
    try:
        from reportlab.graphics import renderPDF
        from reportlab.pdfgen.canvas import Canvas
        from svglib.svglib import svg2rlg
    except ImportError:
        raise _missing("PDF") from None
    register_fonts()
    drawing: Any = svg2rlg(io.BytesIO(svg.replace(FAMILY, FONT).encode()))
    scale = _mm(svg) / 25.4 * 72 / drawing.width
    size = (drawing.width * scale, drawing.height * scale)
    drawing.scale(scale, scale)
    out = io.BytesIO()
    # Invariant: no date and no chance in the file.
    page = Canvas(out, pagesize=size, invariant=1, initialFontName=FONT)
    title = re.search(r"<title[^>]*>([^<]*)</title>", svg)
    page.setTitle(unescape(title[1]) if title else "")
    renderPDF.draw(drawing, page, 0, 0)
    page.showPage()
    page.save()
    return out.getvalue()


def _missing(what: str) -> MissingPartError:
    return MissingPartError(
        f"{what} needs more: install it with `pip install 'evigraph[figures]'`, or take the SVG", what
    )


def drawing(svg: str, width: float) -> Any:
    """A figure as ReportLab's drawing, so many points wide, to be set into a page.

    Raises:
        MissingPartError: the extra `figures` isn't installed.
        FigureError: the shipped fonts lack a sign of the figure's texts.
    """
    if missing := lacking(unescape("".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)))):
        raise refuse(f"the fonts for PDF have no {' '.join(missing[:12])}")
    try:
        from svglib.svglib import svg2rlg
    except ImportError:
        raise _missing("PDF") from None
    register_fonts()
    made: Any = svg2rlg(io.BytesIO(svg.replace(FAMILY, FONT).encode()))
    scale = width / made.width
    made.width, made.height = made.width * scale, made.height * scale
    made.scale(scale, scale)
    return made


@cache
def register_fonts() -> None:
    """Tell ReportLab of the shipped fonts."""
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from svglib.fonts import register_font

    for face, weight in (("Regular", "normal"), ("Bold", "bold")):
        register_font(FONT, str(FONTS / f"LiberationSans-{face}.ttf"), weight=weight)
    # What a drawing begins with; else it names Helvetica, which isn't in the file.
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=f"{FONT}-Bold")
    rl_config.defaultGraphicsFontName = FONT
