"""The files of canned queries, their headers, and their parameters bound."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from evigraph import ontology
from evigraph.errors import QueryError, UsageError
from evigraph.paths import SHIPPED, Workspace, visible
from evigraph.queries import parameters, parts, scoping
from evigraph.queries.parameters import WITHOUT, Param

FOLDERS = ("tables", "figures", "counts", "answers", "checks", "audit")
LISTED = ("columns", "group", "sums", "whole")
"""The keys of a header that hold lists."""


@dataclass(frozen=True)
class Query:
    """A canned query as its file tells it.

    Attributes:
        name: the file's name without suffix. folder: `tables`, `figures`, `answers`, `counts` or `checks`.
        columns: what comes out, in order. fold: list columns and their separators. group: the variables whose
        values make one row. reproduces: the printed table or figure, or empty. gathers: the name of a folder whose
        queries' rows are added, each with its query's name as `kind` and `computed` as `origin`. gathered: the files
        of these queries, as far as they fit the review. pivot: which column holds what when the rows become a table of
        two sides (`row`, `column`), and the columns of which the first that isn't empty fills its cells (`cell`).
        rests: the query that tells what each row rests on: the first column of both is the same, its second a record.
        adds: `rows`, `lists` or `sums` where the answer adds up by study, see `additive`. sums: the columns that do.
        whole: parameters with which it only adds up at their defaults.
    """

    name: str
    folder: str
    path: Path
    text: str
    summary: str
    columns: tuple[str, ...]
    description: str = ""
    group: tuple[str, ...] = ()
    fold: dict[str, str] = field(default_factory=dict)
    params: tuple[Param, ...] = ()
    reproduces: str = ""
    order: str = ""
    gathers: str = ""
    gathered: tuple[Path, ...] = ()
    pivot: dict[str, Any] = field(default_factory=dict)
    rests: str = ""
    adds: str = ""
    sums: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    @property
    def takes(self) -> tuple[Param, ...]:
        """Its own parameters, and the one that every query of a review's evidence has."""
        return self.params if self.folder in {"checks", "audit"} else (*self.params, WITHOUT)


def query_files(workspace: Workspace) -> dict[str, Path]:
    """Every canned query of this review by name; the workspace's own go before the shipped ones of the same name.

    In either folder a query of this review, which lies in a folder of its name, goes before one of every review. No
    query of another review is among them.
    """
    found: dict[str, Path] = {}
    for folder in workspace.folders("queries"):
        for path in _of_review(workspace, folder):
            found.setdefault(path.stem, path)
    return found


def own_files(workspace: Workspace) -> list[Path]:
    """The files of the workspace's own queries, as far as this review sees them."""
    return _of_review(workspace, workspace.root / "queries")


def _of_review(workspace: Workspace, folder: Path) -> list[Path]:
    """The queries of a folder that are this review's: its own first, then those of every review.

    Those of every review lie in the shipped folder in the folders of `FOLDERS`, and in a workspace wherever no other
    review's folder is.
    """
    own = visible(folder / workspace.review.name, "**/*.rq")
    if folder == SHIPPED / "queries":
        return own + sorted(path for name in FOLDERS for path in visible(folder / name, "**/*.rq"))
    apart = {workspace.review.name, *workspace.others} - set(FOLDERS)
    return own + [path for path in visible(folder, "**/*.rq") if path.relative_to(folder).parts[0] not in apart]


def file(workspace: Workspace, name: str) -> Path:
    """The file of the canned query of that name.

    Raises:
        UsageError: there is none.
    """
    files = query_files(workspace)
    if name not in files:
        import difflib

        near = difflib.get_close_matches(name, list(files), 1)
        mend = f"did you mean `{near[0]}`?" if near else "`evigraph run --list` shows all"
        raise UsageError(f"no query is called `{name}`; {mend}", name)
    return files[name]


def text(workspace: Workspace, path: Path) -> bytes:
    """Everything that a query's answer depends on besides the graph: its file, and those of the queries it gathers."""
    own = path.read_bytes()
    if b"@" in own:
        own = parts.filled(own.decode(), path).encode()
    if b"#+ gathers:" not in own:
        return own
    return own + b"".join(text(workspace, each) for each in _gathered(parse(path), query_files(workspace)).gathered)


def load(workspace: Workspace, name: str) -> Query:
    """The canned query of that name.

    Raises:
        UsageError: there is none. QueryError: its header can't be read.
    """
    query = parse(file(workspace, name))
    return _gathered(query, query_files(workspace)) if query.gathers else query


def _gathered(query: Query, files: dict[str, Path]) -> Query:
    """The query with the files of those that it gathers."""
    found = [path for _, path in sorted(files.items()) if path.parent.name == query.gathers]
    return replace(query, gathered=tuple(found))


def load_all(workspace: Workspace) -> list[Query]:
    """Every canned query of this review, tables first and checks last."""
    files = query_files(workspace)
    found = [_gathered(query, files) if query.gathers else query for query in map(parse, files.values())]
    place = {name: number for number, name in enumerate(FOLDERS)}
    return sorted(found, key=lambda query: (place.get(query.folder, len(place)), query.folder, query.name))


def template(name: str, values: dict[str, str]) -> str:
    """A query for a new review: `queries/templates/<name>.rq.template` with its `$` words filled in."""
    text = (SHIPPED / "queries" / "templates" / f"{name}.rq.template").read_text("utf-8")
    return Template(text).substitute(values)


@cache
def parse(path: Path) -> Query:
    """A query file: its header, which is YAML in lines that begin with `#+`, and its SPARQL.

    Raises:
        QueryError: a header line is missing or wrong, or the text names a term that the ontology lacks.
    """
    from evigraph.files import yaml_text  # importing yaml takes longer than asking a canned query

    text = parts.filled(path.read_text("utf-8"), path)
    header = "\n".join(line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+"))
    try:
        fields: dict[str, Any] = yaml_text.load(header) or {}
        params = tuple(parameters.read(name, entry) for name, entry in (fields.pop("params", None) or {}).items())
        listed: dict[str, Any] = {
            key: tuple(fields.pop(key, ()) or ()) for key in ("columns", "group", "sums", "whole")
        }
        query = Query(path.stem, path.parent.name, path, text, params=params, **listed, **fields)
    except (yaml_text.YAMLError, TypeError, AttributeError, KeyError) as error:
        raise QueryError(f"{path}: the `#+` header can't be read: {error}", path) from None
    ontology.require_declared(text, str(path))
    for param in params:
        if not _values_block(param.variable).search(text):
            raise QueryError(f"{path}: no `VALUES ?{param.variable} {{ … }}` block for the parameter", param.name)
    return query


def _values_block(name: str) -> re.Pattern[str]:
    return re.compile(rf"(VALUES\s+\?{re.escape(name)}\s*\{{)[^}}]*(\}})")


def sparql(query: Query, arguments: dict[str, str] | None = None, review: str = "") -> str:
    """The query's text with its parameters bound as RDF terms, and asked of one review if its term is given.

    Raises:
        UsageError: an argument that the query doesn't take, or a value it doesn't allow.
    """
    given = {name.replace("_", "-"): value for name, value in (arguments or {}).items()}
    text = query.text
    for param in query.takes:
        term = str(param.bind(given.pop(param.name, param.default)))
        text = _values_block(param.variable).sub(lambda m, term=term: f"{m[1]} {term} {m[2]}", text)  # type: ignore[misc]
    if given:
        takes = ", ".join(param.name for param in query.takes) or "none"
        raise UsageError(f"{query.name} has no parameter `{next(iter(given))}`; it takes: {takes}", given)
    return scoping.bound(text, review) if review and scoping.scoped(query) else text
