"""No canned query grows much faster than the review that it is asked of."""

from __future__ import annotations

import time

import pytest

from evigraph import data, queries
from evigraph.data import Document, quads
from evigraph.paths import Workspace
from evigraph.store import EmbeddedStore

SMALL, TIMES = 150, 4
EXPONENT = 1.6
"""Between what is wanted, 1.2, and what shows that sides are joined without end, 2; caches count too."""
FLOOR = 0.02
"""Seconds that say nothing about growth."""


def grown(documents: list[Document], studies: int) -> EmbeddedStore:
    """The shipped review with copies of its coded studies, each under a key of its own."""
    texts = quads.texts(documents, data.base(documents))
    names = [name for name in texts if name.startswith("studies/")]
    lines = list(texts.values())
    for number in range(len(names), studies):
        name = names[number % len(names)]
        key = name.partition("/")[2]
        lines.append(texts[name].replace(key, f"{key}-c{number // len(names)}"))
    store = EmbeddedStore()
    store.load("".join(lines))
    return store


def seconds(store: EmbeddedStore, query: queries.Query) -> float:
    """The shortest of three askings; of attributes where the query is of some."""
    given = {param.name: "design" for param in query.params if param.required}
    took = []
    for _ in range(3):
        start = time.process_time()  # what else the machine does counts less
        queries.run(store, query, given)
        took.append(time.process_time() - start)
    return min(took)


@pytest.mark.thorough
def test_no_query_grows_much_faster_than_the_review(shipped: Workspace, documents: list[Document]) -> None:
    """Four times the studies, and not much more than four times as long."""
    small, large = (grown(documents, SMALL * times) for times in (1, TIMES))
    slow = {}
    for query in queries.load_all(shipped):
        for _ in range(3):  # a query that is slow is so again
            before, after = seconds(small, query), seconds(large, query)
            if after <= TIMES**EXPONENT * max(before, FLOOR):
                break
        else:
            slow[query.name] = f"{before:.3f} s, then {after:.3f} s"
    assert slow == {}
