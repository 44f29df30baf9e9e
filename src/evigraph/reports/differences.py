"""What differs between two versions of a review, in the review's own terms."""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from evigraph import data, ontology, queries
from evigraph.data import Document, quads, short
from evigraph.errors import EvigraphError, counted
from evigraph.paths import Workspace
from evigraph.queries import Cell, Table
from evigraph.queries.answers import State
from evigraph.reports.table_formats import text

Records = dict[tuple[str, str], dict[str, Any]]
"""Every record of a review by document and id; what it owns is named by id, under the key that holds it."""

ANSWERS = ("tables", "figures", "counts", "answers")


@dataclass(frozen=True)
class Change:
    """One difference.

    Attributes:
        kind: `added`, `removed` or `changed`. document: its name, such as `studies/mah-2016`. record: the id.
        type: the record's type. key: the key that changed, or empty for a whole record.
        old, new: the values; for a whole record, its content with what it owns named by id.
    """

    kind: str
    document: str
    record: str
    type: str
    key: str = ""
    old: Any = None
    new: Any = None


@dataclass(frozen=True)
class RowChange:
    """One row of a canned query that only one of the two versions gives.

    Attributes:
        query: its name. sign: `-` for the first version's row, `+` for the second's. row: the cells.
    """

    query: str
    sign: str
    row: tuple[Cell, ...]


def records(documents: list[Document]) -> Records:
    """The records of the documents, flat. An empty list says nothing, and N-Quads have none: it is left out."""
    owned = set(ontology.frame()["owned"])
    found: Records = {}
    for document in documents:
        for _, node in data.nodes(quads.arranged(document.content)):
            said = {key: value for key, value in node.items() if value != []}
            found[document.name, node["id"]] = {k: _ids(v) if k in owned else v for k, v in said.items()}
    return found


def _ids(value: Any) -> Any:
    return [each["id"] for each in value] if isinstance(value, list) else value["id"]


def diff(first: Records, second: Records) -> list[Change]:
    """What makes the second version out of the first, in order of document and record."""
    found = []
    for place in sorted(set(first) | set(second), key=lambda each: (each[0], short.natural(each[1]))):
        document, identity = place
        old, new = first.get(place), second.get(place)
        if old is None or new is None:
            kind, content = ("added", new) if old is None else ("removed", old)
            found.append(Change(kind, document, identity, (content or {})["type"], "", old, new))
            continue
        for key in sorted(set(old) | set(new), key=list(ontology.context()).index):
            if old.get(key) != new.get(key):
                found.append(Change("changed", document, identity, new["type"], key, old.get(key), new.get(key)))
    return found


def apply(changes: list[Change], to: Records) -> Records:
    """The records after the changes: `apply(diff(a, b), a) == b`.

    Raises:
        EvigraphError: a change starts from something else than these records hold.
    """
    made = {place: dict(record) for place, record in to.items()}
    for each in changes:
        place = each.document, each.record
        current = made.get(place) if not each.key else made.get(place, {}).get(each.key)
        if current != each.old:
            where = f"{each.document}: {each.record} {each.key}".rstrip()
            raise EvigraphError(f"{where} is not what the change starts from; make the difference again", each)
        if each.key:
            made[place] = {**made[place], each.key: each.new}
            if each.new is None:
                del made[place][each.key]
        elif each.new is None:
            del made[place]
        else:
            made[place] = dict(each.new)
    return made


def contents(found: Records) -> dict[str, dict[str, Any]]:
    """The documents' contents by name, made whole again from flat records."""
    owned = set(ontology.frame()["owned"])
    held = {
        (name, each)
        for (name, _), record in found.items()
        for key, value in record.items()
        if key in owned
        for each in (value if isinstance(value, list) else [value])
    }

    return {name: _whole(found, owned, name, identity) for name, identity in found if (name, identity) not in held}


def _whole(found: Records, owned: set[str], name: str, identity: str) -> dict[str, Any]:
    made = {}
    for key, value in found[name, identity].items():
        if key in owned:
            one = partial(_whole, found, owned, name)
            value = [one(each) for each in value] if isinstance(value, list) else one(value)
        made[key] = value
    return quads.arranged(made)


def answers(workspace: Workspace, first: State, second: State, late: list[str]) -> list[RowChange]:
    """The rows of every canned query, with its default arguments, that only one of the two states gives.

    `second` takes the store of `first`, so all of `first` is asked before, and kept. A query of the workspace's own
    that takes too long is left out, and named in `late`.
    """
    known = (query for query in queries.load_all(workspace) if query.folder in ANSWERS)
    asked = [query for query in known if not any(param.required for param in query.params)]  # it has no rows without
    first.fetch((query, {}) for query in asked)
    old = [(query, table) for query in asked if (table := first.in_time(query, late))]
    first.keep()
    pairs = [(table, other) for query, table in old if (other := second.in_time(query, late))]
    return [row for one, other in pairs for row in row_changes(other.name, one, other)]


def row_changes(name: str, first: Table, second: Table) -> list[RowChange]:
    """The rows that only one of two tables has."""
    if first.rows == second.rows:
        return []
    old, new = set(first.rows), set(second.rows)
    gone = [RowChange(name, "-", row) for row in first.rows if row not in new]
    return gone + [RowChange(name, "+", row) for row in second.rows if row not in old]


def row_lines(rows: list[RowChange], most: int | None = None) -> list[str]:
    """The rows of each query, one line each: `-` gone, `+` new, `~` a row of which some cells changed.

    With `most`, no more than that many lines of one query, and how many there are besides.
    """
    lines = []
    for query, group in itertools.groupby(rows, key=lambda each: each.query):
        told = _paired(list(group))
        lines += told[:most]
        if len(told) > len(told[:most]):
            lines.append(f"  {query}: {counted(len(told[most:]), 'row')} more; --format json shows them all")
    return lines


def _paired(rows: list[RowChange]) -> list[str]:
    """The lines of one query; a row that is gone and the new one most like it, of the same first cell, are one line."""
    new = [each.row for each in rows if each.sign == "+"]
    lines = []
    for gone in (each.row for each in rows if each.sign == "-"):
        alike = [(sum(a == b for a, b in zip(gone, row, strict=True)), row) for row in new if row[0] == gone[0]]
        count, best = max(alike, key=lambda pair: pair[0], default=(0, ()))
        if count and len(gone) > 1:
            new.remove(best)
            cells = [_cell(a) if a == b else f"{_cell(a)} → {_cell(b)}" for a, b in zip(gone, best, strict=True)]
            lines.append(f"~ {rows[0].query}: {' | '.join(cell for cell in cells if cell)}")
        else:
            lines.append(f"- {rows[0].query}: {_cells(gone)}")
    return lines + [f"+ {rows[0].query}: {_cells(row)}" for row in new]


def _cells(row: tuple[Cell, ...]) -> str:
    return " | ".join(text(cell) for cell in row if cell is not None)


def _cell(value: Cell) -> str:
    return "" if value is None else str(value)


def summary(changes: list[Change], rows: list[RowChange]) -> Table:
    """How many records of each type, and how many rows of each query, differ."""
    counted: dict[tuple[str, str], int] = {}
    for each in changes:
        counted[each.type, each.kind] = counted.get((each.type, each.kind), 0) + 1
    for row in rows:
        kind = "rows gone" if row.sign == "-" else "rows new"
        counted[row.query, kind] = counted.get((row.query, kind), 0) + 1
    return Table("summary", ("of", "what", "count"), [(of, what, count) for (of, what), count in counted.items()])


def as_text(changes: list[Change], rows: list[RowChange]) -> str:
    """One line a difference: records first, then the answers that follow from them."""
    lines = []
    for each in changes:
        sign = {"added": "+", "removed": "-", "changed": "~"}[each.kind]
        if each.key:
            lines.append(f"{sign} {each.record} {each.key}: {_shown(each.old)} → {_shown(each.new)}")
        else:
            content = each.new or each.old
            label = (
                content.get("statement") or content.get("label") or content.get("text") or content.get("printed") or ""
            )
            lines.append(f"{sign} {each.record} ({each.type}) {label}".rstrip())
    if rows:
        lines += ["", "Answers that differ:"]
    lines += row_lines(rows)
    return "".join(f"{line}\n" for line in lines) or "No difference.\n"


def _shown(value: Any) -> str:
    return "nothing" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def as_json(changes: list[Change], rows: list[RowChange]) -> str:
    """The same for a program; `from_json` reads the changes back."""
    whole = {"changes": [asdict(each) for each in changes], "answers": [asdict(each) for each in rows]}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def from_json(text: str) -> list[Change]:
    """The changes of a text that `as_json` made.

    Raises:
        EvigraphError: it is no such text.
    """
    try:
        return [Change(**each) for each in json.loads(text)["changes"]]
    except (ValueError, TypeError, KeyError) as error:
        raise EvigraphError(f"not a difference in JSON: {error}; make it with `evigraph diff --format json`") from None
