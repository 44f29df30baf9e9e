"""The command line: the one package that knows click."""

from evigraph.cli import answers, coding, growing, upkeep
from evigraph.cli.base import EXPORT_FORMATS, ROW_FORMATS, main

__all__ = ["EXPORT_FORMATS", "ROW_FORMATS", "answers", "coding", "growing", "main", "upkeep"]
