"""The verdicts on what a review prints, from one state to the next: those that rest on the same answers stay."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from evigraph import queries
from evigraph.files import cache
from evigraph.paths import Workspace, visible
from evigraph.queries import Query, Table
from evigraph.queries.answers import State
from evigraph.reports import claims, figures, reproduction
from evigraph.reports.claims import Claim


@dataclass(frozen=True)
class Verdicts:
    """The verdicts on what a review prints, and what they rest on.

    Attributes:
        report: a row a printed table and a row a stated figure, see `reproduce.report`. claims: the stated figures.
    """

    report: Table
    claims: list[Claim]


class Judge:
    """Judges what a workspace prints; nothing of that and none of the queries may change meanwhile."""

    def __init__(self, workspace: Workspace) -> None:
        """Find what is printed, and the queries."""
        self._workspace, self._folder = workspace, reproduction.printed(workspace)
        self._tables = visible(self._folder, "*.csv")
        self._queries = {query.name: query for query in queries.load_all(workspace)}

    def verdicts(self, state: State) -> Verdicts:
        """The verdicts on a state, from the cache where it holds them.

        Raises:
            DataError: what is printed can't be read, or names a query, parameter or column that isn't there.
        """
        if not self._folder.is_dir():
            return Verdicts(Table("reproduce", (), []), [])
        key = self._key(state)
        kept = cache.values(self._workspace, "verdicts", [key]) if state.name else {}
        if (found := _verdicts(kept.get(key, ""))) is None:
            stated = claims.read(self._folder / "claims.yaml")
            state.fetch(self._rests_on(stated))
            found = self._judged(state, self._tables, stated)
            self.keep(state, found)
        else:
            state.fetch(self._rests_on(found.claims))
        return found

    def later(self, before: Verdicts, first: State, second: State) -> Verdicts:
        """The verdicts on a second state: only what rests on answers that differ from the first's is judged again."""

        def same(name: str, arguments: dict[str, str] | None = None) -> bool:
            query = self._load(name)
            return first.answer(query, arguments).rows == second.answer(query, arguments).rows

        if not self._folder.is_dir():
            return before
        recorded = all(same(name) for name in figures.ASKED) if before.claims else True
        settled = [same(path.stem) for path in self._tables]
        settled += [recorded and (bool(one.missing) or same(one.query, one.params)) for one in before.claims]
        count = len(self._tables)
        tables = [path for path, done in zip(self._tables, settled, strict=False) if not done]
        stated = [one for one, done in zip(before.claims, settled[count:], strict=True) if not done]
        new = iter(self._judged(second, tables, stated).report.rows)
        rows = [row if done else next(new) for done, row in zip(settled, before.report.rows, strict=True)]
        return Verdicts(Table(before.report.name, before.report.columns, rows), before.claims)

    def keep(self, state: State, found: Verdicts) -> None:
        """Keep the verdicts on a state."""
        if state.name and self._folder.is_dir():
            whole = {"columns": found.report.columns, "rows": found.report.rows, "claims": [*map(asdict, found.claims)]}
            key = self._key(state)
            cache.remember(self._workspace, "verdicts", {key: json.dumps(whole)}, [key], spare=SPARE)

    def _judged(self, state: State, tables: list[Path], stated: list[Claim]) -> Verdicts:
        path = self._folder / "claims.yaml"
        compared = reproduction.compare_all(self._load, state.answer, tables, path)
        outcomes = figures.judge(self._load, state.answer, stated, path)
        return Verdicts(reproduction.report(compared, outcomes), stated)

    def _load(self, name: str) -> Query:
        return self._queries[name] if name in self._queries else queries.load(self._workspace, name)

    def _rests_on(self, stated: list[Claim]) -> list[tuple[Query, dict[str, str]]]:
        named = [*(figures.ASKED if stated else ()), *(path.stem for path in self._tables)]
        asked = [(one.query, one.params) for one in stated if one.query in self._queries]  # judging tells of others
        return [(self._load(name), params) for name, params in [*((name, {}) for name in named), *asked]]

    def _key(self, state: State) -> str:
        printed = [path for path in visible(self._folder, "*") if path.is_file()]
        parts: list[str | bytes] = [part for path in printed for part in (path.name, path.read_bytes())]
        asked = [part for query in self._queries.values() for part in (query.name, query.text)]
        return cache.key("verdicts", *reproduction.COLUMNS, state.name, *parts, *asked)


SPARE = 20
"""So many states' verdicts are kept."""


def _verdicts(text: str) -> Verdicts | None:
    try:
        kept = json.loads(text)
        rows = [tuple(row) for row in kept["rows"]]
        return Verdicts(Table("reproduction", tuple(kept["columns"]), rows), [Claim(**each) for each in kept["claims"]])
    except (ValueError, KeyError, TypeError):
        return None
