"""Figures: rows of canned queries in, SVG out, and PNG and PDF of that.

Modules: `catalogue` (every figure by name), `frame` (a figure and its SVG), `formats` (PNG and PDF).
"""

from evigraph.figures import catalogue, formats, frame
from evigraph.figures.frame import About, Figure
from evigraph.figures.palette import style_sheet
from evigraph.figures.refusals import FigureError

__all__ = ["About", "Figure", "FigureError", "catalogue", "formats", "frame", "style_sheet"]
