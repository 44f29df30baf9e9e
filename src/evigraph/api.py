"""A review in a notebook or a script: what `evigraph.open` gives."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evigraph import data, export, figures, queries, updating
from evigraph.checks import Violation, check
from evigraph.data import versions
from evigraph.files import write_whole
from evigraph.linking import Options, sameness
from evigraph.linking.sameness import Reason
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import Table, build
from evigraph.queries.answers import State
from evigraph.reports import answer_sheet as asking
from evigraph.reports import differences, possible_duplicates
from evigraph.reports import trace as tracing
from evigraph.reports.python_rows import Rows, Sheet
from evigraph.store import Solutions, Store
from evigraph.store.remote import is_url

if TYPE_CHECKING:
    import rdflib


class Review:
    """A review that can be asked.

    Attributes:
        workspace: where its files and queries are. url: the endpoint that is asked, or empty for the files.
    """

    def __init__(self, workspace: Workspace, url: str = "") -> None:
        """Open nothing yet."""
        self.workspace, self.url = workspace, url
        self._store: Store | None = None

    def __repr__(self) -> str:
        return f"<Review {self.url or self.workspace.review}>"

    @property
    def store(self) -> Store:
        """The store with the graph, made when it is first asked.

        Raises:
            DataError: a document can't be taken as it stands.
        """
        if self._store is None:
            self._store = build.open_store(self.workspace, self.url)
        return self._store

    def reload(self) -> None:
        """Forget the graph, so that the next question is asked of the files as they are then."""
        self._store = None

    def queries(self) -> Rows:
        """Every canned query: name, summary and parameters with their defaults."""
        return Rows(build.listing(self.workspace))

    def run(self, name: str, **arguments: object) -> Rows:
        """Answer a canned query; a parameter such as `year-source` is given as `year_source`.

        Raises:
            UsageError: there is no such query, or it doesn't take the arguments. StoreError: the endpoint fails.
        """
        return Rows(self._answer(name, {key: str(value) for key, value in arguments.items()}))

    def _answer(self, name: str, given: dict[str, str]) -> Table:
        query = queries.load(self.workspace, name)
        queries.require_given(query, given, lambda: queries.attributes(self.store))
        return queries.run(self.store, query, given)

    def query(self, sparql: str) -> Rows | bool | rdflib.Graph:
        """Answer any SPARQL 1.1 query: rows for SELECT, a truth for ASK, a graph for CONSTRUCT and DESCRIBE.

        Raises:
            QueryError: the query can't be parsed or evaluated. StoreError: the endpoint fails.
        """
        answer = self.store.query(queries.with_prefixes(sparql))
        if isinstance(answer, Solutions):
            rows = [tuple(queries.cell(term) for term in row) for row in answer.rows]
            return Rows(Table("query", tuple(answer.variables), rows))
        if isinstance(answer, bool):
            return answer
        import rdflib

        return rdflib.Graph().parse(data=answer, format="nt")

    def graph(self) -> rdflib.Dataset:
        """The whole graph for rdflib: a named graph a document, and a default graph that is their union."""
        import rdflib

        from evigraph.data.quads import canonical

        made = rdflib.Dataset(default_union=True)
        made.parse(data=canonical(self.store.dump()), format="nquads")
        return made

    def trace(self, name: str, row: int = 1, column: str = "", **arguments: object) -> Rows:
        """The findings behind a row (counted from 1) or a cell of a canned query, or on a study, a place or a record.

        Raises:
            UsageError: nothing is called that, or there is no such row or column.
        """
        if name not in queries.query_files(self.workspace):
            return Rows(tracing.resting_on(self.workspace, self.store, name))
        given = {key: str(value) for key, value in arguments.items()}
        return Rows(tracing.trace(self.workspace, self.store, name, row, column, given))

    def ask(self, question: str, without_retracted: bool = False) -> Sheet:
        """The answer sheet of a question or goal, such as `RQ1`, perhaps without the studies that were retracted.

        Raises:
            UsageError: the review has no such question.
        """
        store = queries.retracted.without(self.store) if without_retracted else self.store
        return Sheet(asking.sheet(self.workspace, store, question))

    def figure(self, name: str, narrow: bool = False, **arguments: object) -> Picture:
        """A figure, such as `gap-map`, 180 mm wide or 90; `within-study` is given as `within_study`.

        Raises:
            UsageError: there is no such figure, it doesn't take the arguments, or it would mislead.
        """
        given = {key.replace("_", "-"): str(value) for key, value in arguments.items()}
        about = figures.catalogue.about(self.workspace, not narrow, given)
        return Picture(figures.catalogue.figure(name, self._answer, about))

    def export(self, syntax: str, path: str | Path | None = None, everything: bool = False) -> str | bytes:
        """The files of the review in a format of `evigraph export`, also written whole to `path` if that is given.

        Raises:
            UsageError: there is no such format. DataError: a document can't be read.
        """
        made = export.export(data.read_documents(self.workspace), syntax, everything, workspace=self.workspace)
        if path is not None:
            write_whole(Path(path), made.encode() if isinstance(made, str) else made)
        return made

    def link(self, *files: str | Path, write: bool = False, **options: Any) -> dict[str, Any]:
        """What linking files would change, or with `write` does; as `evigraph link --format json` tells it.

        The options are those of `evigraph.linking.Options`, such as `who`, `screen` and `by`.

        Raises:
            DataError: a file can't be read, or a document could not be taken; nothing is written.
        """
        paths = [Path(each) for each in files]
        return self._changed(updating.link(self.workspace, paths, Options(**options), not write))

    def duplicates(self, merged: bool = False) -> Rows:
        """The pairs that wait for `same` or `distinct`, as `evigraph duplicates` lists them; or what is one."""
        table = self._answer(possible_duplicates.DECIDED if merged else possible_duplicates.QUERY, {})
        return Rows(possible_duplicates.merged(table) if merged else table)

    def same(self, record: str, other: str, write: bool = False, **reason: str) -> dict[str, Any]:
        """What follows if a record is of the publication of another one; with `write`, and perhaps `because` and `who`.

        Raises:
            UsageError: there is no such record, they are one already, or a coded study would be lost.
        """
        return self._decided(sameness.same, record, other, write, Reason(**reason))

    def distinct(self, record: str, other: str, write: bool = False, **reason: str) -> dict[str, Any]:
        """What follows if two records or reports are of no one publication, or study; the rest as for `same`.

        Raises:
            UsageError: there is no such record, or nothing to part.
        """
        return self._decided(sameness.distinct, record, other, write, Reason(**reason))

    def _decided(self, decide: Any, record: str, other: str, write: bool, reason: Reason) -> dict[str, Any]:
        revise = functools.partial(decide, record=record, other=other, reason=reason)
        plan = lambda found: updating.of(revise(found))  # noqa: E731
        return self._changed(updating.change(self.workspace, f"{decide.__name__} {record} {other}", plan, not write))

    def _changed(self, outcome: updating.Outcome) -> dict[str, Any]:
        if outcome.written is not None:
            self.reload()
        return updating.as_json(outcome)

    def diff(self, first: str | Path, second: str | Path | None = None) -> dict[str, Any]:
        """What differs between two versions, and which answers follow; as `evigraph diff --format json` tells it.

        Queries of the workspace's own that gave no answer in time are named under `late`. A version is a workspace's
        folder, an export as nquads or jsonld, or a git revision; the second is the files, if it isn't given.

        Raises:
            UsageError: a version is none.
        """
        old, new = (versions.version(self.workspace, str(each)) for each in (first, second or self.workspace.root))
        changes = differences.diff(differences.records(old), differences.records(new))
        before = State(self.workspace, old)
        late: list[str] = []
        rows = differences.answers(self.workspace, before, State(self.workspace, new, before), late) if changes else []
        found: dict[str, Any] = json.loads(differences.as_json(changes, rows))
        return found | ({"late": late} if late else {})

    def check(self) -> list[Violation]:
        """Every violation of the shapes and the check queries; empty if all holds.

        Raises:
            DataError: a document can't be read at all. StoreError: the endpoint fails.
        """
        return check(self.workspace, build.remote_store(self.workspace, self.url) if self.url else None)


class Picture:
    """A figure as a notebook shows it: its words, the `svg`, its numbers as `rows`, what contradicts as `faults`."""

    def __init__(self, figure: figures.Figure) -> None:
        """Keep it."""
        self.heading, self.sentence, self.notes = figure.heading, figure.sentence, figure.notes
        self.svg, self.rows, self.faults = figures.frame.framed(figure), Rows(figure.table), figure.faults

    def __repr__(self) -> str:
        return f"<Picture {self.heading}>"

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | Path) -> None:
        """Write it as SVG, PNG or PDF, as the suffix says.

        Raises:
            UsageError: the suffix is of no such format. MissingPartError: the extra `figures` isn't installed.
        """
        made = figures.formats.rendered(self.svg, figures.formats.by_suffix(str(path)))
        write_whole(Path(path), made.encode() if isinstance(made, str) else made)


def open_review(
    path_or_url: str | Path | None = None, workspace: str | Path | None = None, review: str | None = None
) -> Review:
    """A review by its folder or its endpoint; `evigraph.open` tells the rest.

    Raises:
        UsageError: the folder holds no review, or several and none is named, or the URL is none of an endpoint.
    """
    name = str(path_or_url or "")
    if is_url(name):
        opened = Review(find_workspace(workspace, review=review), name)
        build.remote_store(opened.workspace, name)  # a wrong address is told at once
        return opened
    return Review(find_workspace(path_or_url or workspace, review=review))
