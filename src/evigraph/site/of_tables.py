"""The pages of named queries: their rows, and for every number the page that lists what it counts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from evigraph import queries
from evigraph.errors import EvigraphError
from evigraph.paths import Workspace
from evigraph.queries import Cell, Query, Table
from evigraph.reports import row_sources
from evigraph.site import words
from evigraph.site.addresses import Addresses, safe
from evigraph.site.records import Finding
from evigraph.site.shelf import Page, Shelf
from evigraph.site.things import Things
from evigraph.store import Store

SHOWN = ("tables", "figures", "counts")
"""The folders of queries that become pages; answers stand on the pages of their questions."""
APART = frozenset(
    {
        "attributes",
        "characteristics",
        "findings",
        "discrepancy-ids",
        "prisma-2020-records",
        "flow-records",
        "value-sources",
    }
)
"""Queries whose rows are lists of what other pages show one by one."""
UNKNOWN = frozenset({"not reported", "not applicable", "not coded"})
"""Rows of `by-attribute` that say why there is no value."""
MOST = 60
"""An attribute of more values than this is read study by study."""
LONGEST = 500
"""A table of more rows is offered as a file; its rows stand on the pages of what they are about."""


@dataclass(frozen=True)
class Answered:
    """A named query with its rows, and the records that each row rests on.

    Attributes:
        query, table: what was asked, and its rows. behind: the IRIs behind each row, none where nothing can be named.
        attribute: what `by-attribute` was asked about; empty for any other query. label, role: what the codebook calls
        it, and what it is for. alone: the pages of the single things
        that rows rest on, by the rows' numbers from 0.
    """

    query: Query
    table: Table
    behind: list[list[str]]
    attribute: str = ""
    label: str = ""
    role: str = ""
    alone: dict[int, str] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return safe(f"by-{self.attribute}" if self.attribute else self.query.name)

    @property
    def title(self) -> str:
        """Its name in words."""
        return self.label or words.heading(self.attribute or self.query.name)

    @property
    def known(self) -> list[tuple[Cell, ...]]:
        """The rows that hold a value, and don't say why there is none."""
        return [row for row in self.table.rows if str(row[0]) not in UNKNOWN]

    @property
    def address(self) -> str:
        """Where its page is."""
        return f"{'attribute' if self.attribute else 'table'}/{safe(self.attribute or self.query.name)}.html"

    @property
    def file(self) -> str:
        """Where its rows are as CSV."""
        return f"data/{self.slug}.csv"

    def evidence(self, row: int) -> str:
        """Where it says what a row counts, by the row's number from 0; empty if there is nothing to say.

        What rests on one thing leads to the page of that thing; a page that lists one would be a step more.
        """
        numbers = [
            cell for cell in self.table.rows[row] if isinstance(cell, int | float) and not isinstance(cell, bool)
        ]
        if not numbers or not self.behind[row]:
            return ""
        return self.alone.get(row) or f"evidence/{self.slug}-r{row + 1:02}.html"

    def lead(self, addresses: Addresses) -> Answered:
        """The same, with the pages of things that rows rest on alone."""
        single = {row: addresses.known(iris[0]) for row, iris in enumerate(self.behind) if len(iris) == 1}
        return replace(self, alone={row: address for row, address in single.items() if address})


def answered(workspace: Workspace, store: Store) -> list[Answered]:
    """Every query of the shown folders that has rows here and needs no argument, tables of the paper first."""
    found = []
    for query in queries.load_all(workspace):
        if query.folder not in SHOWN or query.name in APART or any(param.required for param in query.params):
            continue
        try:
            table = queries.run(store, query)
            if not table.rows:
                continue
            behind = row_sources.of_each_row(workspace, store, query, {}, table) if len(table.rows) <= LONGEST else []
        except EvigraphError:
            continue  # one that this review can't be asked; `run` says why
        found.append(Answered(query, table, behind or [[] for _ in table.rows]))
    return found


def by_attribute(workspace: Workspace, store: Store, things: Things) -> list[Answered]:
    """How many studies have each value, for every attribute that has few enough values to be looked through."""
    query, found = queries.load(workspace, "by-attribute"), []
    declared = {iri.rpartition("/")[2]: iri for iri in things.are("Attribute")}
    for name in queries.attributes(store):
        table = queries.run(store, query, {"attribute": name})
        if 1 < len(table.rows) <= MOST and all(len(str(row[0])) <= 60 for row in table.rows):
            behind = row_sources.of_each_row(workspace, store, query, {"attribute": name}, table)
            iri = declared.get(name, "")
            label = things.label(iri) if iri else ""
            found.append(Answered(query, table, behind, name, label, things.text(iri, "role")))
    return found


def page(each: Answered) -> Page:
    """The page of a query: its rows, with every number a link to what it counts."""
    rows = []
    for number, row in enumerate(each.table.rows[:LONGEST]):
        rows.append((row, each.evidence(number)))
    values = {
        "query": each.query,
        "columns": each.table.columns,
        "rows": rows,
        "more": len(each.table.rows) - len(rows),
        "text": each.query.text,
        "numeric": [
            any(isinstance(row[i], int | float) for row in each.table.rows) for i in range(len(each.table.columns))
        ],
    }
    return Page(each.address, "table.html", each.title, values, (("CSV", each.file),))


def evidence_pages(shelf: Shelf, each: Answered) -> list[Page]:
    """A page for each row that has a number: what it counts, all of it."""
    made = []
    for number, row in enumerate(each.table.rows):
        address = each.evidence(number)
        if address and number not in each.alone:
            named = [
                f"{words.heading(column)}: {cell}"
                for column, cell in zip(each.table.columns, row, strict=True)
                if cell is not None and cell != ""
            ]
            said = next((str(cell) for cell in row if isinstance(cell, str) and cell), f"Row {number + 1}")
            values = {"what": each.title, "table": each.address, "named": named}
            title = f"{said[:90]} {words.DASH} {each.title}"
            later = partial(_behind, shelf, each.behind[number])
            made.append(Page(address, "evidence.html", title, values, later=later))
    return made


def _behind(shelf: Shelf, iris: list[str]) -> dict[str, Any]:
    return {"kinds": by_kind(shelf, iris)}


def by_kind(shelf: Shelf, iris: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Records by what they are: studies, findings, or others, each with what its line shows."""
    evidence, things = shelf.evidence, shelf.evidence.things
    found: dict[str, list[dict[str, Any]]] = {"study": [], "finding": [], "record": []}
    for iri in iris:
        if iri in evidence.studies:
            found["study"].append({"iri": iri, "label": evidence.studies[iri].label, "of": "", "places": ""})
        elif iri in evidence.findings or iri in evidence.syntheses:
            each: Finding = evidence.findings.get(iri) or evidence.syntheses[iri]
            found["finding"].append(
                {"iri": iri, "label": each.statement, "of": each.study, "places": "; ".join(each.places)}
            )
        else:
            owner = next(iter([*things.names(iri, "valueOf"), *things.names(iri, "fromStudy")]), "")
            said = things.text(iri, "statement") or things.text(iri, "text") or things.label(iri)
            found["record"].append({"iri": iri, "label": said, "of": owner, "places": "; ".join(evidence.places(iri))})
    return {kind: lines for kind, lines in found.items() if lines}
