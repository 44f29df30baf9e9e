"""Which queries a change of quads can reach: the others answer as before.

The rule: a query is out of reach if it has only fixed predicates, and no changed quad could match one of its triple
patterns. Why it is sound: SPARQL's algebra builds every answer out of the solutions of triple patterns and of nothing
else that the graph holds, but for three things: a variable or negated predicate matches any quad, a path of length
zero matches any node, and `GRAPH` matches names of graphs. A query with one of these counts as reached. In any other,
a pattern with the predicate p has solutions from quads with p alone; if no changed quad has p (or, for `rdf:type`
with a fixed class, no changed one has that class), its solutions are the same before and after. By induction over the
algebra so is every join, union, difference, filter (also of `EXISTS`, which substitutes into patterns), aggregate
and order built from them. A text names at least the predicates and classes of its patterns, so that to look for names
anywhere in it can only count too many queries as reached.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

_TOKEN = (
    r'#[^\n]*|(?P<text>"""(?:[^"\\]|\\.|"(?!""))*"""|' + r"'''(?:[^'\\]|\\.|'(?!''))*'''|"
    r'"(?:[^"\\\n]|\\.)*"|' + r"'(?:[^'\\\n]|\\.)*')"
    r'|<(?P<iri>[^<>"{}|^`\\\x00-\x20]*)>|(?P<var>[?$]\w+)|(?P<name>[\w.-]*:(?:(?:[\w.:%-]|\\.)*(?:[\w:%-]|\\.))?)|(?P<word>\w+)|(?P<mark>\S)'
)
_LISTS = ("SELECT", "GROUP", "ORDER", "HAVING", "VALUES")
_OPEN = ("BASE", "GRAPH", "SERVICE", "FROM", "DESCRIBE")
Token = tuple[str, str]


class Reach:
    """What a change of quads can reach."""

    def __init__(self, changed: Iterable[str]) -> None:
        """Take the changed quads, one line of canonical N-Quads each."""
        self._predicates: set[str] = set()
        self._classes: set[str] = set()
        for line in changed:
            _, predicate, rest = line.split(" ", 2)
            if predicate == f"<{TYPE}>":
                self._classes.add(rest.split(" ", 1)[0][1:-1])
            else:
                self._predicates.add(predicate[1:-1])

    def reaches(self, text: str) -> bool:
        """Whether the change may make a query answer otherwise."""
        if not self._predicates and not self._classes:
            return False
        named = mentioned(text)
        if named is None:
            return True
        iris, any_class = named
        return bool(self._predicates & iris) or bool(self._classes if any_class else self._classes & iris)


@cache
def mentioned(text: str) -> tuple[frozenset[str], bool] | None:
    """The IRIs that a query names, and whether it asks for types that it doesn't name.

    None, if it can match more than the quads with these predicates.
    """
    if re.search(r"\\[uU]", text):
        return None
    tokens = [(str(found.lastgroup), found[0]) for found in re.finditer(_TOKEN, text, re.DOTALL) if found.lastgroup]
    patterns = _patterns(tokens)
    if any(_opens(patterns, i) for i in range(len(patterns))):
        return None
    prefixes = {name[:-1]: iri[1:-1] for (_, word), (_, name), (_, iri) in _windows(tokens) if word.upper() == "PREFIX"}
    iris = {word[1:-1] for kind, word in tokens if kind == "iri"}
    for kind, word in tokens:
        prefix, _, local = word.rstrip(".").partition(":")
        if kind != "name" or prefix == "_" or (not local and prefix in prefixes):
            continue
        if prefix not in prefixes or re.search(r"[\\%]", local):
            return None
        iris.add(prefixes[prefix] + local)
    any_class = TYPE in iris or any(
        token == ("word", "a") and after[0] not in {"iri", "name"} for token, after, _ in _windows(tokens)
    )
    return frozenset(iris), any_class


def _windows(tokens: list[Token]) -> Iterator[tuple[Token, Token, Token]]:
    end = ("", "")
    return zip(tokens, [*tokens[1:], end], [*tokens[2:], end, end], strict=False)


def _patterns(tokens: list[Token]) -> list[Token]:
    """The tokens without lists of variables, which would look like patterns; a brace ends each such list."""
    kept: list[Token] = []
    listed = values = False
    for kind, word in tokens:
        upper = word.upper() if kind == "word" else word
        if values or (listed and word not in {"{", "}"} and upper not in {"WHERE", *_LISTS}):
            listed, values = listed and word != "{", values and word != "}"
            continue
        was_values = listed and bool(kept) and kept[-1][1].upper() == "VALUES"
        listed = kind == "word" and upper in _LISTS
        values = was_values and word == "{"
        kept.append((kind, word))
    return kept


def _opens(tokens: list[Token], i: int) -> bool:
    """Whether a query can match more, from this token on, than quads with the predicates that it names."""
    kind, word = tokens[i]
    before, after = tokens[i - 1] if i else ("", ""), tokens[i + 1] if i + 1 < len(tokens) else ("", "")
    if kind == "word":
        return word.upper() in _OPEN
    if kind == "var":
        return before[1] in {";", "["} or (_is_term(before, "])") and _is_term(after, "[("))
    if word == "!":  # `!=`, and functions and variables that are denied, are no paths
        return after[1] != "=" and after[0] not in {"word", "var"}
    if word == "*":  # but for a product, and for what is counted
        return before[0] != "var" and before[1] != "("
    return word == "?" or (kind == "mark" and word in "\\`")


def _is_term(token: Token, brackets: str) -> bool:
    kind, word = token
    plain = kind == "word" and (word.lower() in {"true", "false", "a"} or word[0].isdigit())
    return plain or kind in {"var", "iri", "name", "text"} or (kind == "mark" and word in f"{brackets}-+")
