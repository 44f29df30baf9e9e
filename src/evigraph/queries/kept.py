"""What is kept of the states of a review: their quads and answers, by what these were worked out from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from evigraph import data, queries
from evigraph.data import Document, direct
from evigraph.files import cache
from evigraph.paths import Workspace
from evigraph.queries import Query, Table, additive
from evigraph.queries.rows import Folding, Solved, folded

if TYPE_CHECKING:
    from evigraph.store import Store

KIND = "answers"
NEWEST = 3
"""So many answers to one question are kept, each of another state."""


def fingerprint(workspace: Workspace) -> str:
    """A SHA-256 of everything the graph is made from: the documents, the ontology's files and the version."""
    return state_of(data.file_digests.file_digests(workspace))


def state_of(files: list[data.file_digests.File]) -> str:
    """The fingerprint of files that were looked at."""
    return state((each.name, each.digest) for each in files)


def state(files: Iterable[tuple[str, str]]) -> str:
    """The fingerprint of files, each given by its name and digest."""
    return cache.key("state", "\0".join(part for each in sorted(files) for part in each))


def lines(
    workspace: Workspace, documents: list[Document], base: str, roles: dict[str, str], whole: bool = True
) -> list[str]:
    """The canonical N-Quads of each document, and of what follows from its values, from the cache where it holds them.

    The documents are the `whole` review, so that those of no document of it may go; or some of it, and all stay.
    `roles` is what `data.direct.roles` gives of all.

    Raises:
        EvigraphError: a blank node is among the quads.
    """
    told = json.dumps(sorted(roles.items()))
    keys = [
        cache.key("quads", base, told, each.name, each.digest, each.meaning) if each.digest else ""
        for each in documents
    ]
    kept = cache.values(workspace, "quads", [key for key in keys if key])
    missing = [document for document, key in zip(documents, keys, strict=True) if key not in kept]
    if missing:
        from evigraph.data import quads  # a cached answer needs no graph

        made_of = quads.texts(missing, base)
        texts = {name: text + direct.direct_text(text, name, base, roles) for name, text in made_of.items()}
        made = {key: texts[d.name] for d, key in zip(documents, keys, strict=True) if d.name in texts}
        cache.remember(workspace, "quads", {key: text for key, text in made.items() if key}, keys if whole else None)
        return [texts[d.name] if d.name in texts else kept[k] for d, k in zip(documents, keys, strict=True)]
    return [kept[key] for key in keys]


def answer_key(state: str, text: bytes, arguments: dict[str, str]) -> str:
    """The key of an answer: the query as it stands and the arguments, then the state that is asked."""
    return f"{cache.key('answer', text, json.dumps(sorted(arguments.items())))}:{state}"


def whole(
    store: Store,
    query: Query,
    arguments: dict[str, str] | None = None,
    ask: queries.Ask | None = None,
    seconds: float = queries.SECONDS,
) -> Table:
    """The answer to a query, asked of all that a store holds; see `queries.run`."""
    return additive.checked(query, queries.run(store, query, arguments, ask, seconds))


def kept_answer(workspace: Workspace, key: str) -> Table | None:
    """An answer that is kept, or None."""
    return read(cache.values(workspace, KIND, [key]).get(key, ""))


def keep_answer(workspace: Workspace, key: str, table: Table) -> None:
    """Keep an answer."""
    cache.remember(workspace, KIND, {key: text(table)}, newest=NEWEST)


def read(text: str, with_rows: bool = True) -> Table | None:
    """An answer as it was kept; None where it wasn't. Of one to add to, the rows that follow may be left out."""
    try:
        kept = json.loads(text)
        rows = [tuple(row) for row in kept["rows"]]
        if "solved" not in kept:
            return Table(kept["name"], tuple(kept["columns"]), rows)
        variables, columns, group, fold = kept["solved"]
        how, solved = Folding(tuple(columns), tuple(group), fold), Solved(tuple(variables), rows)
        more = [tuple(row) for row in kept["more"]]
        found = folded(how, solved) + more if with_rows else []
        return Table(kept["name"], tuple(kept["columns"]), found, solved, how, len(more))
    except (ValueError, KeyError, TypeError):
        return None


def text(table: Table) -> str:
    """An answer as it is kept."""
    kept: dict[str, Any] = {"name": table.name, "columns": table.columns, "rows": table.rows}
    if table.solved and table.how:  # the rows follow from these
        kept["solved"] = [table.solved.variables, table.how.columns, table.how.group, table.how.fold]
        kept["rows"], kept["more"] = table.solved.rows, table.rows[len(table.rows) - table.more :]
    return json.dumps(kept)
