"""The outermost pattern of a query, and the variables that can be asked of it."""

from __future__ import annotations

import re

from evigraph.errors import UsageError
from evigraph.store.sandbox import guard


def body(sparql: str) -> str:
    """The pattern of a query's outermost WHERE, without its braces.

    Raises:
        UsageError: the query has no such pattern.
    """
    start = re.search(r"(?im)^SELECT\b[^{]*?\bWHERE\s*\{", sparql)
    depth = 1
    if start:
        inside = sparql[start.end() :]
        for token in guard.tokens(inside):
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if depth == 0:
                return inside[: token.start]
    raise UsageError("only a query of the form SELECT … WHERE { … } can be traced")


def flat(pattern: str) -> str:
    """The pattern with no more of its subselects than the variables that they project: others don't reach outside."""
    kept, depth, start, selects = "", 0, 0, False
    opened = projected = 0
    before = ""
    for token in guard.tokens(pattern):
        if token.text.upper() == "SELECT" and before == "{" and not selects:
            kept, selects, opened, projected = kept + pattern[start : token.start], True, depth, token.start
        elif token.text == "{":
            if selects and depth == opened:
                kept += re.sub(
                    r"\([^()]*(?:\([^()]*\)[^()]*)*\bAS\b([^()]*)\)", r"\1", pattern[projected : token.start]
                )
            depth += 1
        elif token.text == "}":
            depth -= 1
            if selects and depth < opened:
                selects, start = False, token.start
        before = token.text
    return kept + pattern[start:]
