"""A canned query asked of one review: `?review` of its text is that review.

A store may hold many reviews. A query says `?finding evi:review ?review` of what it begins with, in each sub-select;
the review at hand takes the variable's place before it is asked. As the file stands, the query is one of all reviews,
whose rows join within one: so a total projects `?review` and groups by it.

>>> print(bound("SELECT ?s WHERE { ?s evi:review ?review }", "<https://example.org/review>"))
SELECT ?s WHERE { ?s evi:review <https://example.org/review> }
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from evigraph import ontology

if TYPE_CHECKING:
    from evigraph.queries.query_files import Query
    from evigraph.store import Store

VARIABLE = "review"
"""The variable that is the review at hand."""
_OWN = re.compile(r"(?i)\b(VALUES|AS)\s+[?$]review\b|\bVALUES\s*\([^)]*[?$]review\b")


def at_hand(store: Store) -> str:
    """What stands for `?review` in a query asked of a store: the review that it is told; alone in it, the variable.

    Empty where a store holds several and is told none: its rows are of all.
    """
    told = getattr(store, "review", "")
    if told:
        return f"<{told}>"
    from evigraph.store import select

    asked = f"SELECT DISTINCT ?review WHERE {{ ?review a <{ontology.term('Review')}> }} LIMIT 2"
    return f"?{VARIABLE}" if len(select(store, asked).rows) < 2 else ""


def scoped(query: Query) -> bool:
    """Whether a query is one of the review at hand: it has the variable, gives it no value, and makes it no column."""
    text = re.sub(r"(?m)^#\+.*$", "", query.text)
    mine = VARIABLE not in query.columns + query.group and not _OWN.search(text)
    return mine and re.search(rf"[?$]{VARIABLE}\b", text) is not None


def alone(query: Query) -> str:
    """What is asked of a store that holds one review."""
    return bound(query.text, f"?{VARIABLE}") if scoped(query) else query.text


@lru_cache(maxsize=512)
def bound(text: str, review: str) -> str:
    """The text with one review, a term, in place of `?review`; lists of variables and groups go without it.

    With the variable itself, all that a store holds is of one review. Then `; evi:review ?review` goes too: it holds
    of every record, and an engine that joins by it may begin with all of them (3 → 670 ms).
    """
    from evigraph.store.sandbox import guard

    kept, at, listed, depth = "", 0, "", 0
    before: list[guard.Token] = []
    for token in guard.tokens(text):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.kind == "word" and token.text in {"select", "group", "order"}:
            listed, depth = token.text, 0
        elif token.text in {"{", "}"} or (
            token.kind == "word" and token.text in {"where", "having", "limit", "offset"}
        ):
            listed = ""
        if token.text in {f"?{VARIABLE}", f"${VARIABLE}"}:
            word = "" if listed in {"select", "group"} and not depth else review
            start = token.start
            if review == token.text and [each.text for each in before] == [";", "evi:review"]:
                start, word = before[0].start, ""
            kept, at = kept + text[at:start] + word, token.start + len(token.text)
        before = [*before[-1:], token]
    # What was grouped by the review alone is one group, and one even where it has nothing.
    return re.sub(r"(?i)\bGROUP\s+BY\s*(?=\}|HAVING\b|ORDER\b|LIMIT\b|OFFSET\b|$)", "", kept + text[at:])


def with_prefixes(text: str) -> str:
    """A query of a person's own, with the prefixes of the vocabulary that it uses and doesn't declare.

    They stand before its first line, so that an error names the line that the person sees.
    """
    declared = {name.lower() for name in re.findall(r"(?i)\bPREFIX\s+([\w-]+)\s*:", text)}
    used = set(re.findall(r"(?<![\w:-])([A-Za-z][\w-]*):", re.sub(r"<[^<>\s]*>", "", text))) - declared
    known = [f"PREFIX {name}: <{iri}> " for name, iri in ontology.prefixes().items() if name in used]
    return "".join(known) + text
