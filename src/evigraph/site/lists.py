"""Lists that one can search, narrow and sort: studies and findings, with their facets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from evigraph.site import words
from evigraph.site.evidence import Evidence
from evigraph.site.records import Finding, Study
from evigraph.site.shelf import Page, Shelf

LISTS = "evigraphLists"
"""The name under which pages find the rows of lists; `assets/lists.js` knows it."""
FIRST = 100
"""So many rows stand on a list's first page; the rest on pages that follow, and all of them in its script."""
FACETS = 12
"""At most so many attributes of studies become facets: those that the most studies have."""
WIDEST = 60
"""An attribute with more different values than this is no facet, for nobody would look through them."""


@dataclass(frozen=True)
class Row:
    """A row of a list: the page it leads to, its cells, and its values by facet."""

    address: str
    cells: tuple[str, ...]
    facets: dict[str, tuple[str, ...]]


def studies(shelf: Shelf) -> list[Page]:
    """The list of studies."""
    evidence = shelf.evidence
    facets = ["Question", "Year", *_attributes(evidence), "In the review"]
    rows = []
    for study in evidence.studies.values():
        asked = {
            evidence.notation(s.question)
            for f in study.findings
            if not f.repeats
            for s in f.said
            if s.stance != "not-addressed"
        }
        values: dict[str, tuple[str, ...]] = {
            "Question": tuple(evidence.notation(q) for q in evidence.questions if evidence.notation(q) in asked),
            "Year": (study.year or "not known",),
            "In the review": ("included" if study.included else "only cited",),
        }
        for name in facets[2:-1]:
            held = study.values.get(name, [])
            said = tuple(dict.fromkeys(v.text or words.STATES.get(v.state, v.state) for v in held))
            values[name] = said or ("not coded",)
        title = next((r.title for r in study.reports if r.title), "")
        count = str(sum(not f.repeats for f in study.findings))
        cells = (study.label, title, study.year or "", *([count] if evidence.findings else []))
        rows.append(Row(shelf.addresses.give(study.iri), cells, values))
    columns = (("Study", ""), ("Title", "long"), ("Year", "number"), ("Findings", "number"))[
        : 4 if evidence.findings else 3
    ]
    return _pages(shelf, "studies", "Studies", "study", columns, rows, facets)


def findings(shelf: Shelf) -> list[Page]:
    """The list of findings; those that only repeat another are told as such."""
    evidence = shelf.evidence
    facets = ["Question", "Says", "Effect", "Concerns", "About", "How firmly", "Study"]
    rows = []
    for each in evidence.findings.values():
        rows.append(_finding(shelf, each, evidence.studies.get(each.study)))
    columns = (("Finding", "long"), ("Study", ""), ("Question", ""), ("Says", ""), ("Effect", ""))
    rows.sort(key=lambda row: (row.cells[1].casefold(), row.cells[2], row.cells[0]))
    return _pages(shelf, "findings", "Findings", "finding", columns, rows, facets)


def _finding(shelf: Shelf, each: Finding, study: Study | None) -> Row:
    evidence = shelf.evidence
    asked = tuple(evidence.notation(s.question) for s in each.said)
    stances = tuple(dict.fromkeys(words.STANCES.get(s.stance, words.STANCES[""]).said for s in each.said))
    effect = words.EFFECTS.get(each.effect, words.EFFECTS[""]).said
    concerns = tuple(evidence.things.label(iri) for iri in each.concerns)
    lacking = "not reported" if "concerns" in each.unreported else "not coded"
    label = study.label if study else ""
    facets = {
        "Question": asked or ("none",),
        "Says": stances or ("not coded",),
        "Effect": (effect,),
        "Concerns": concerns or (lacking,),
        "About": tuple(evidence.things.label(iri) for iri in each.about) or ("none",),
        "How firmly": (words.MODALITIES.get(each.modality, each.modality) or "not coded",),
        "Study": (label,),
    }
    cells = (each.statement, label, ", ".join(asked), ", ".join(stances), effect)
    return Row(shelf.addresses.give(each.iri), cells, facets)


def _attributes(evidence: Evidence) -> list[str]:
    """The attributes of studies that are worth a facet: few different values, known of many studies."""
    values: dict[str, set[str]] = {}
    known: dict[str, int] = {}
    for study in evidence.included:
        for name, held in study.values.items():
            values.setdefault(name, set()).update(v.text for v in held if v.text)
            known[name] = known.get(name, 0) + 1
    worth = [name for name in values if 1 < len(values[name]) <= WIDEST and all(len(v) <= 60 for v in values[name])]
    return sorted(sorted(worth, key=lambda name: -known[name])[:FACETS])


def _pages(
    shelf: Shelf,
    slug: str,
    title: str,
    noun: str,
    columns: tuple[tuple[str, str], ...],
    rows: list[Row],
    facets: list[str],
) -> list[Page]:
    """The pages of a list: the first with the facets, and those that follow for whoever has no script."""
    parts = [rows[start : start + FIRST] for start in range(0, len(rows), FIRST)] or [[]]
    names = [f"{slug}.html", *(f"{slug}-{number}.html" for number in range(2, len(parts) + 1))]
    used = [name for name in facets if len({value for row in rows for value in row.facets[name]}) > 1]
    made = []
    for number, part in enumerate(parts):
        values: dict[str, Any] = {
            "slug": slug,
            "noun": noun,
            "columns": columns,
            "rows": part,
            "total": len(rows),
            "number": number + 1,
            "names": names,
            "facets": used,
        }
        made.append(Page(names[number], "list.html", title, values, (("CSV", f"data/{slug}.csv"),)))
    return made


def script(slug: str, pages: list[Page]) -> str:
    """The rows of a list as a script that the page loads, since a page opened from a folder may fetch nothing else."""
    facets = pages[0].values["facets"]
    rows = [
        [row.address, list(row.cells), [list(row.facets[name]) for name in facets]]
        for page in pages
        for row in page.values["rows"]
    ]
    told = {"facets": facets, "columns": [list(column) for column in pages[0].values["columns"]], "rows": rows}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c")
    return f"globalThis.{LISTS}=globalThis.{LISTS}||{{}};globalThis.{LISTS}[{json.dumps(slug)}]={text};\n"
