"""What every command does alike with its output: the format by the suffix of a file, the width of the terminal."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from evigraph.cli import waiting
from evigraph.errors import UsageError

WIDTH = 80
"""How wide a table is that goes to no terminal."""
LEAST = 20
SUFFIXES = {
    **{name: (name,) for name in ("csv", "tsv", "md", "html", "xlsx", "trig", "jsonld", "ris")},
    **{"htm": ("html",), "tex": ("latex",), "txt": ("table", "text"), "json": ("json", "csljson"), "bib": ("bibtex",)},
    **{"ttl": ("turtle",), "nq": ("nquads",), "nt": ("ntriples",), "rdf": ("rdfxml",), "xml": ("rdfxml",)},
}
"""The endings of files, each with the formats that it may mean, the first that a command has counts."""


def _stands_in(context: click.Context, _: click.Parameter, folder: str | None) -> None:
    """Keep the workspace that stands after a command's name.

    Raises:
        UsageError: another one stands before it.
    """
    if folder is not None and context.obj not in (None, folder):
        raise UsageError(f"--workspace {context.obj} and --workspace {folder}: choose one", folder)
    context.obj = context.obj if folder is None else folder


class Command(click.Command):
    """A command whose format is told by the suffix of its output file, where nobody gives one.

    It takes `--workspace` as `evigraph` itself does, whose help tells it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the option `--workspace`."""
        super().__init__(*args, **kwargs)
        self.params.append(
            click.Option(["--workspace"], metavar="DIR", expose_value=False, hidden=True, callback=_stands_in)
        )

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        if ctx.params.get("output") and ctx.get_parameter_source("syntax") == ParameterSource.DEFAULT:
            ctx.params["syntax"] = self._told(str(ctx.params["output"]), ctx.params["syntax"])
        with waiting.told(str(self.name)):
            return super().invoke(ctx)

    def _told(self, output: str, default: str) -> str:
        """The format that a file's name tells.

        Raises:
            UsageError: it tells one that the command doesn't have.
        """
        suffix = Path(output).suffix.lstrip(".").lower()
        if self.name == "query" and suffix in ("nt", "ttl"):
            return default  # a graph comes out as N-Triples, which is Turtle too
        meant = SUFFIXES.get(suffix)
        option = next(each for each in self.params if each.name == "syntax")
        choices = tuple(getattr(option.type, "choices", ()))
        found = next((each for each in meant or () if each in choices), None)
        if meant and found is None:
            raise UsageError(f"{output}: no format of this command ends so; give --format, or another name", output)
        return found or default


def table_width() -> int:
    """How wide a table may be: as the terminal, or `WIDTH` where none is there to read it."""
    context = click.get_current_context(silent=True)
    to_file = context is not None and context.params.get("output") not in (None, "-")
    if to_file or not sys.stdout.isatty():
        return WIDTH
    return max(LEAST, shutil.get_terminal_size((WIDTH, 24)).columns)
