"""Figures of a site share what they ask."""

from __future__ import annotations

import pytest

pytest.importorskip("jinja2", reason="needs the extra web")

from evigraph import queries
from evigraph.paths import Workspace
from evigraph.queries import build
from evigraph.site import of_figures


def test_no_query_is_asked_twice(shipped: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a figure is drawn, and whichever figures share it."""
    asked: list[tuple[str, tuple[str, ...]]] = []
    run = queries.run

    def counted(store: object, query: queries.Query, given: dict[str, str]) -> queries.Table:
        asked.append((query.name, tuple(sorted(given.items()))))  # type: ignore[arg-type]
        return run(store, query, given)  # type: ignore[arg-type]

    monkeypatch.setattr(queries, "run", counted)
    ask = of_figures.asking(shipped, build.open_store(shipped))
    assert of_figures.every(shipped, ask, []).keys() >= {"by-year", "prisma"}
    assert len(asked) > 5
    assert len(asked) == len(set(asked))
