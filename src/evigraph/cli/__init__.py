"""The command line: the one package that knows click."""

from evigraph.cli import (
    answers,
    caching,
    checking,
    coding,
    decisions,
    drawing,
    linking,
    publishing,
    reasoning,
    renewing,
    rounds,
    serving,
    several,
    upkeep,
)
from evigraph.cli.base import EXPORT_FORMATS, ROW_FORMATS, main

__all__ = [
    "EXPORT_FORMATS",
    "ROW_FORMATS",
    "answers",
    "caching",
    "checking",
    "coding",
    "decisions",
    "drawing",
    "linking",
    "main",
    "publishing",
    "reasoning",
    "renewing",
    "rounds",
    "serving",
    "several",
    "upkeep",
]
