"""A draft of a recipe for an extraction sheet, guessed from its headings, its cells and the codebook."""

from __future__ import annotations

from pathlib import Path

from evigraph import data, ingest
from evigraph.coding import codebook, recipe_text
from evigraph.coding.codebook import Book
from evigraph.coding.column_guesses import Guesser
from evigraph.errors import DataError
from evigraph.paths import Workspace


def draft(workspace: Workspace, path: Path) -> str:
    """A recipe for a file, with comments; it works as it is.

    Raises:
        DataError: the file can't be read, or is no table.
    """
    views = ingest.view(path)
    if not views:
        raise DataError(path, 0, "no table with headings and rows; give a CSV, TSV or XLSX file")
    name = max(views, key=lambda each: len(views[each].rows))
    contents = codebook.contents(data.read_documents(workspace), {})
    book = Book(contents)
    made = Guesser(views[name], book).run()
    others = [each for each in views if each != name]
    return "\n".join(recipe_text.lines(path, name, others, views[name], made, book)) + "\n"
