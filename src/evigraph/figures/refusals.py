"""Figures that would mislead aren't drawn."""

from __future__ import annotations

from evigraph.errors import UsageError


class FigureError(UsageError):
    """A figure that can't be drawn from what is known; the line says why, and what would mend it."""


def refuse(why: str) -> FigureError:
    """The error to raise."""
    return FigureError(f"no figure: {why}", why)
