"""The packs of the `ontology` folder: for each tool of appraisal, its domains and scales, as the text of its file."""

from __future__ import annotations

from functools import cache

from evigraph.ontology.terms import FOLDER


@cache
def packs() -> dict[str, str]:
    """The text of every pack by its key, which is the file's name without its suffix."""
    return {path.stem: path.read_text("utf-8") for path in sorted((FOLDER / "packs").glob("*.yaml"))}
