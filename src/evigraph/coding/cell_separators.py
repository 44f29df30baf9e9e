"""What separates the values in the cells of a column."""

from __future__ import annotations

from collections.abc import Callable

from evigraph.coding.recipe_text import quoted

SEPARATORS = (";", "|", " / ", ",")


def separated(values: list[str], known: Callable[[str], bool]) -> tuple[list[str], float]:
    """The separator that gives most known values, and the share of different values that are known with it.

    The separator is a line of a recipe, or no line where cells are whole.
    """
    best: tuple[list[str], float] = ([], 0.0)
    for mark in ("", *SEPARATORS):
        parts = {each.strip() for text in values for each in (text.split(mark) if mark else [text]) if each.strip()}
        share = sum(known(each) for each in parts) / max(len(parts), 1)
        if share > best[1] and (not mark or any(mark in text for text in values)):
            best = ([f"split: {quoted(mark)}"] if mark else []), share
    return best
