"""A review as flat tables: one row a study, a report, a finding, a record, a code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from evigraph import ontology
from evigraph.data import Document, included, short
from evigraph.data.short import natural
from evigraph.linking import screening
from evigraph.queries import Cell, Table

BIBLIOGRAPHIC = (
    *(
        "title",
        "authors",
        "year",
        "container",
        "volume",
        "issue",
        "pages",
        "doi",
        "pmid",
        "pmcid",
        "eric",
        "openalex",
        "url",
    ),
    *("publisher", "kind"),
)
"""The keys of a report that a row of its study has too."""

SHEETS = {
    "studies": ("Study",),
    "reports": ("Report",),
    "findings": ("Finding",),
    "characteristics": ("Characteristic",),
    "groups": ("Group",),
    "results": ("Result",),
    "quantities": ("Quantity",),
    "codes": ("Stakeholder", "Benefit", "Drawback", "ContentFocus"),
    "questions": ("Goal", "ResearchQuestion"),
    "searches": ("Search",),
    "records": ("Record",),
    "decisions": ("ScreeningDecision",),
    "flow": ("FlowStep",),
    "syntheses": ("Synthesis",),
    "appraisals": ("Appraisal",),
    "references": ("Reference",),
    "citations": ("Citation",),
    "discrepancies": ("Discrepancy",),
}
"""The tables of a review, each with the types whose records are its rows."""


@dataclass
class _Review:
    """Every record of a review: by id, and by type with the record that holds it."""

    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_type: dict[str, list[tuple[dict[str, Any], dict[str, Any] | None]]] = field(default_factory=dict)


def _read(documents: Iterable[Document]) -> _Review:
    found = _Review()

    def walk(node: dict[str, Any], holder: dict[str, Any] | None) -> None:
        found.nodes[node["id"]] = node
        found.by_type.setdefault(node["type"], []).append((node, holder))
        for key, value in node.items():
            if key == short.ANSWERS or key in short.BY_LANGUAGE:
                continue
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    walk(item, node)

    for document in sorted(documents, key=lambda each: natural(each.name)):
        walk(document.content, None)
    return found


def reports(documents: Iterable[Document], everything: bool = False) -> list[dict[str, Any]]:
    """The reports of the included studies, or of all studies, in the order of the studies' names."""
    studies = sorted((d for d in documents if d.content["type"] == "Study"), key=lambda each: natural(each.name))
    kept = (d.content for d in studies if everything or included(d.content))
    return [report for study in kept for report in study.get("reports", [])]


def to_screen(documents: Iterable[Document]) -> list[dict[str, Any]]:
    """The records that duplicate none, are no study yet, and that nobody excluded for good."""
    held = (record for each in documents if each.content["type"] == "Search" for record in each.content["records"])
    waiting = (record for record in held if not {"duplicateOf", "identifies"} & set(record))
    return [each for each in waiting if screening.verdict_of(screening.decisions_of(each)) != "exclude"]


def tables(documents: Iterable[Document]) -> list[Table]:
    """Every table of the review that has a row, and in any case those of studies and findings."""
    review = _read(documents)
    made = [_table(review, name) for name in SHEETS]
    return [table for table in made if table.rows or table.name in {"studies", "findings"}]


def findings(documents: Iterable[Document]) -> Table:
    """Every finding with its study: whether it is included, its first report, and then what the finding says.

    Its numbers have a column a kind and unit, such as `g` or `share (percent)`, its values one an attribute.
    """
    review = _read(documents)
    table = _spread(review, _table(review, "findings"), "quantities", "quantity", _numbers)
    table = _spread(review, table, "characteristics", "value", _values)
    at = table.columns.index("study")
    leading = {name: _study(review.nodes[name]) for name in {str(row[at]) for row in table.rows}}
    own = [i for i in range(len(table.columns)) if i != at]
    rows = [(row[at], *leading[str(row[at])].values(), *(row[i] for i in own)) for row in table.rows]
    taken = ("study", *_study({}))
    names = (f"finding {name}" if name in {"id", "type", *taken} else name for name in (table.columns[i] for i in own))
    return Table("findings", (*taken, *names), rows)


def _spread(
    review: _Review, table: Table, key: str, noun: str, cells: Callable[[_Review, dict[str, Any]], dict[str, Cell]]
) -> Table:
    """The table with a column for each name among those cells of its records, in place of how many there are."""
    if key not in table.columns:
        return table
    at = table.columns.index(key)
    identity = table.columns.index("id")
    found = [cells(review, review.nodes[str(row[identity])]) for row in table.rows]
    kinds = sorted({kind for each in found for kind in each}, key=natural)
    taken = set(table.columns)
    names = tuple(f"{noun} {kind}" if kind in taken else kind for kind in kinds)
    rows = [
        (*row[:at], *(each.get(kind) for kind in kinds), *row[at + 1 :])
        for row, each in zip(table.rows, found, strict=True)
    ]
    return Table(table.name, (*table.columns[:at], *names, *table.columns[at + 1 :]), rows)


def _numbers(_: _Review, finding: dict[str, Any]) -> dict[str, Cell]:
    """The numbers of a finding by kind and unit: one as a number, several or one with a sign as a text."""
    found: dict[str, list[Cell]] = {}
    for each in finding.get("quantities", []):
        unit = "" if each["unit"] == "number" else f" ({each['unit']})"
        sign = each.get("comparator", "=")
        found.setdefault(each["kind"] + unit, []).append(each["value"] if sign == "=" else f"{sign} {each['value']}")
    return {kind: each[0] if len(each) == 1 else "; ".join(map(str, each)) for kind, each in found.items()}


def _values(review: _Review, finding: dict[str, Any]) -> dict[str, Cell]:
    """The values of a finding by attribute, in their order: by their codes' labels, or why there is none."""
    found: dict[str, list[Cell]] = {}
    for each in sorted(finding.get("characteristics", []), key=lambda each: int(each.get("position", 0))):
        concept = _cell(review, "concept", each["concept"]) if "concept" in each else None
        value: Cell = concept or each.get("text") or each.get("value", each["state"].replace("-", " "))
        found.setdefault(each["attribute"], []).append(value)
    return {name: each[0] if len(each) == 1 else "; ".join(map(str, each)) for name, each in found.items()}


def _study(study: dict[str, Any]) -> dict[str, Cell]:
    """What a row says of a study: its label, whether it is included, and its first report."""
    first: dict[str, Any] = next(iter(study.get("reports", [])), {})
    verdict = "yes" if included(study) else "no"
    return {"label": study.get("label"), "included": verdict, **{name: first.get(name) for name in BIBLIOGRAPHIC}}


def _table(review: _Review, name: str) -> Table:
    found = (pair for type_ in SHEETS[name] for pair in review.by_type.get(type_, []))
    rows = [_row(review, name, node, holder) for node, holder in found]
    if name == "findings":
        rows.sort(key=lambda row: (natural(str(row["study"])), natural(str(row["id"]))))
    used = {key for row in rows for key in row}
    first = {"studies": ("id", *_study({})), "findings": ("id", "study", "type")}.get(name, ())
    order = dict.fromkeys([*first, *(key for key in _order() if key in used), *sorted(used)])
    return Table(name, tuple(order), [tuple(row.get(key) for key in order) for row in rows])


def _order() -> list[str]:
    """Keys as in the context, after the columns that say which row this is."""
    return ["id", "study", "search", "record", "of", "type", *ontology.keys()]


def _row(review: _Review, name: str, node: dict[str, Any], holder: dict[str, Any] | None) -> dict[str, Cell]:
    row: dict[str, Cell] = {"id": node["id"]}
    if len(SHEETS[name]) > 1:
        row["type"] = node["type"]
    if holder is not None and holder["type"] != "Review":
        row[{"Study": "study", "Search": "search", "Record": "record"}.get(holder["type"], "of")] = holder["id"]
    if name == "studies":
        row |= _study(node)
    for key, value in node.items():
        if key == short.ANSWERS:
            said = short.said(value)
            row[key] = _cell(review, key, list(said))
            for name in short.SAID:
                if any(name in each for each in said.values()):
                    row[name] = "; ".join(each.get(name, "") for each in said.values())
        elif key in short.BY_LANGUAGE:
            row |= {f"{key.removesuffix('In')} ({tag})": _cell(review, key, texts) for tag, texts in value.items()}
        elif isinstance(value, dict):
            row |= {f"{key} {inner}": _cell(review, inner, v) for inner, v in value.items() if inner not in _NAMES}
        elif isinstance(value, list) and value and isinstance(value[0], dict) and _elsewhere(value[0]):
            row[key] = len(value)
        elif key not in _NAMES:
            row[key] = _cell(review, key, value)
    return row


_NAMES = {"id", "type"}


def _elsewhere(node: dict[str, Any]) -> bool:
    """A record that has a table of its own; the row of its holder counts it."""
    return any(node["type"] in types for types in SHEETS.values())


def _cell(review: _Review, key: str, value: Any) -> Cell:
    """A value for a reader: numbers as numbers, ids as what they name, lists joined by `; `."""
    if isinstance(value, list):
        return "; ".join(str(_cell(review, key, item)) for item in value)
    if isinstance(value, dict):
        return _name(value)
    known = ontology.keys().get(key)
    if known and known.kind == "node" and isinstance(value, str):
        return _name(review.nodes[value]) if value in review.nodes else value
    return value if isinstance(value, int | float) else str(value)


def _name(node: dict[str, Any]) -> str:
    """What people call a record: a question by its number, everything else by its label or its text."""
    if node["type"] in SHEETS["questions"] and "notation" in node:
        return str(node["notation"])
    named = (node[key] for key in ("label", "printed", "text", "title", "statement", "value", "id") if key in node)
    return str(next(named))
