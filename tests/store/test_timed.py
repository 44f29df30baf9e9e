"""A query that would never end is ended, and one that ends is answered as by the store itself."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from conftest import Copy, evigraph

from evigraph import queries
from evigraph.errors import QueryError, TimeLimitError
from evigraph.queries import build
from evigraph.store import EmbeddedStore, timed

pytestmark = pytest.mark.skipif(not timed.can_end(), reason="this operating system can't fork")
ENDLESS = """#+ summary: Patterns that aren't connected.
#+ columns: [n]
SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }
"""


def test_an_answer_in_time_is_the_stores(store: EmbeddedStore) -> None:
    """Solutions, truths and triples."""
    limited = timed.TimedStore(store, 60, "any")
    for text in ("SELECT * { ?s a ?c } ORDER BY ?s ?c LIMIT 50", "ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s a ?c }"):
        one, other = limited.query(text), store.query(text)
        assert sorted(one.splitlines()) == sorted(other.splitlines()) if isinstance(one, str) else one == other


def test_a_mistake_is_the_stores_too(store: EmbeddedStore) -> None:
    """It is told in the same words."""
    with pytest.raises(QueryError, match="mend the query"):
        timed.TimedStore(store, 60, "any").query("SELECT nothing")


def test_a_query_that_takes_too_long_is_ended(store: EmbeddedStore) -> None:
    """By its name, and soon after its time."""
    begun = time.monotonic()
    with pytest.raises(TimeLimitError, match=r"crossed gave no answer within 0\.5 seconds; connect its patterns"):
        timed.TimedStore(store, 0.5, "crossed").query(ENDLESS)
    assert time.monotonic() - begun < 20


def endless_in(copy: Copy) -> Path:
    """A copy with a query of its own that never ends."""
    path = copy.root / "queries" / "tables" / "crossed.rq"
    path.parent.mkdir(parents=True)
    path.write_text(ENDLESS, "utf-8")
    return path


def test_run_says_how_to_go_on(copy: Copy) -> None:
    """With more time, or a better query."""
    endless_in(copy)
    ran = evigraph("--workspace", str(copy.root), "run", "crossed", "--seconds", "0.3")
    assert ran.returncode == 2
    assert "connect its patterns, or run it with --seconds and a larger number" in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_a_link_leaves_a_slow_query_out_and_names_it(
    copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other answers still come."""
    from evigraph import updating
    from evigraph.linking import Options

    endless_in(copy)
    monkeypatch.setattr("evigraph.queries.tables.run.__defaults__", (None, None, 0.5))
    hits = tmp_path / "one.ris"
    hits.write_text("TY  - JOUR\nAU  - Doe, J.\nPY  - 2023\nTI  - One more study\nER  - \n", "utf-8")
    outcome = updating.link(copy.workspace, [hits], Options(), True)
    assert [note for note in outcome.plan.notes if "left out: crossed gave no answer" in note]
    assert any(row.query == "publications-by-year" for row in outcome.rows)
    assert build.open_store(copy.workspace).review == ""
    assert "crossed" in {query.name for query in queries.load_all(copy.workspace)}
