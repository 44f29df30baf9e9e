"""How a figure is got: counted, derived from what is recorded, or typed from the text and only handed back."""

from __future__ import annotations

import re

from evigraph.queries import Cell, Query, Table
from evigraph.reports import table_formats
from evigraph.reports.claims import Claim

ASKED = "stated-counts"
"""The query that tells which counts of the flow are typed."""

_TRIVIAL = {"at least": 1.0, "more than": 0.0}


def of(claim: Claim, query: Query, rows: list[tuple[Cell, ...]], stated_counts: Table) -> str:
    """The basis of a claim's figure, from its query and from the rows that it rests on.

    Whether there is a row at all at the claim's own place proves no more than that somebody typed one: transcribed.
    Else rows are counted. Two measures against each other, and several numbers made one, are derived. A single cell is
    what its column is, but for a count of the flow that the review states. A claim's own `basis` goes before all this.
    """
    if claim.basis:
        return claim.basis
    if claim.against:
        return "derived"
    how, _, column = claim.measure.partition(" ")
    if how in {"rows", "distinct"}:
        trivial = claim.value is not None and claim.value <= _TRIVIAL.get(claim.expectation, -1)
        here = all(claim.locator in map(table_formats.text, row) for row in rows)
        return "transcribed" if trivial and here and rows else "counted"
    if how in {"first", "sum"} and len(rows) > 1:
        return "derived"
    return _of_flow(rows, query.columns.index(column), stated_counts) or of_column(query.text, column)


def _of_flow(rows: list[tuple[Cell, ...]], at: int, stated_counts: Table) -> str:
    """The basis of a count of the stated flow: typed, or computed from typed ones; empty where it is no such count."""
    for row in rows:
        for step, box, count, *_ in stated_counts.rows:
            if step in row or (box and box in row):
                return "transcribed" if row[at] == count else "derived"
    return ""


def of_column(sparql: str, column: str) -> str:
    """The basis of the cells of a column, from the expressions that make it; a term of the graph as it is, is typed."""
    text = re.sub(r"(?m)^\s*#.*$|\s#[^>\n]*$", "", sparql)
    found, seen, names = set(), set(), [column]
    while names:
        name = names.pop()
        if name not in seen:
            seen.add(name)
            for made in _expressions(text, name):
                found.add(_kind(made))
                if not re.search(r"(?i)\bCOUNT\s*\(", made):
                    names += re.findall(r"[?$](\w+)", made)
    return next((kind for kind in ("derived", "counted") if kind in found), "transcribed")


def _kind(expression: str) -> str:
    without = re.sub(r"(?i)COUNT\s*\([^()]*\)", " counted ", expression)
    without = re.sub(r'"[^"\n]*"', '""', without)
    if re.search(r"(?i)\b(AVG|MIN|MAX)\s*\(|[\w)]\s*[-+*/]\s*[\w?(]", without):
        return "derived"
    return "counted" if " counted " in without else ""


def _expressions(text: str, name: str) -> list[str]:
    """What stands before `AS ?name`, back to the bracket that opens it."""
    found = []
    for hit in re.finditer(rf"(?i)\bAS\s+[?$]{name}\b", text):
        depth, start = 1, hit.start()
        while start and depth:
            start -= 1
            depth += {")": 1, "(": -1}.get(text[start], 0)
        found.append(text[start + 1 : hit.start()])
    return found
