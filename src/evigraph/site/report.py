"""A report to hand on: answers, tables, figures, flow and changes as blocks, which the formats set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evigraph import data, queries
from evigraph.figures import FigureError, catalogue, frame
from evigraph.paths import Workspace
from evigraph.queries import Table
from evigraph.queries import build as graph
from evigraph.reports import table_formats
from evigraph.site import of_changes, of_tables, of_the_review, words
from evigraph.site.addresses import Addresses
from evigraph.site.blocks import Block, Heading, Items, Paragraph, Picture, Report, Rows
from evigraph.site.evidence import Evidence
from evigraph.site.shelf import Shelf, cited, outside
from evigraph.site.things import Things
from evigraph.store import Store

FIGURES = ("gap-map", "prisma", "by-year")
"""The figures of a report, as far as the review has the numbers for them."""
LONGEST = 400
"""A table of more rows is named, and left to `evigraph run`."""


def report(workspace: Workspace, since: str = "") -> Report:
    """The report of a review; with what is new `since` a version, if one is named.

    Raises:
        DataError: a document can't be taken as it stands. UsageError: there is no such version.
    """
    store = graph.open_store(workspace)
    review = data.read_document(workspace.review / "review.yaml", "review").content
    evidence = Evidence(Things(store, str(review.get("language") or "")))
    shelf = Shelf(review, evidence, Addresses(str(review["base"])))
    blocks: list[Block] = [*_front(shelf)]
    if since:
        blocks += _news(shelf, workspace, since)
    for iri in evidence.questions:
        blocks += _question(evidence, iri)
    blocks += _figures(workspace, store)
    blocks += _tables(workspace, store)
    blocks += _studies(evidence)
    dates = [evidence.things.text(iri, "prov:endedAtTime")[:10] for iri in evidence.things.are("Coding")]
    author = str(review.get("creator") or "")
    return Report(shelf.title, str(review.get("language") or "en"), max(dates, default=""), author, tuple(blocks))


def _front(shelf: Shelf) -> list[Block]:
    review, evidence = shelf.review, shelf.evidence
    stating = sum(any(not f.repeats for f in study.findings) for study in evidence.included)
    findings = sum(not f.repeats for study in evidence.included for f in study.findings)
    asked = of_the_review.asked(evidence)
    said = f"We read {words.counted(len(evidence.included), 'study')}{f' for {asked}' if asked else ''}."
    if findings:
        said += f" {stating:,} of them make {words.counted(findings, 'finding')}, each with its place in the text."
    made = [Heading(shelf.title, 1)]
    lines: list[Block] = [*made]
    if review.get("description"):
        lines.append(Paragraph(str(review["description"])))
    facts = [("Version", review.get("version")), ("Licence of the data", review.get("license"))]
    told = "; ".join(f"{name}: {value}" for name, value in facts if value)
    return [*lines, Paragraph(said), *([Paragraph(told + ".", True)] if told else [])]


def _news(shelf: Shelf, workspace: Workspace, since: str) -> list[Block]:
    found = of_changes.since(workspace, since)
    told = of_changes.said(found)
    lines: list[Block] = [Heading(f"What is new since {since}", 2), Paragraph(told[:1].upper() + told[1:] + ".")]
    moved = of_changes.moved(shelf, found)
    if moved:
        rows = tuple((shelf.evidence.notation(iri), str(was), str(now)) for iri, was, now in moved)
        lines.append(Rows(("Question", "Studies before", "Studies now"), rows, frozenset({1, 2})))
    new = [each for each in found.changes if each.kind == "added" and each.type in {"Study", "Finding"}]
    texts = tuple(str((each.new or {}).get("statement") or (each.new or {}).get("label")) for each in new)
    return [*lines, *([Items(texts)] if texts else [])]


def _question(evidence: Evidence, iri: str) -> list[Block]:
    line = of_the_review.question_line(evidence, iri)
    title = f"{line['notation']}: {line['text']}" if line["notation"] != line["text"] else str(line["text"])
    blocks: list[Block] = [Heading(title, 2)]
    counts: dict[str, set[str]] = {}
    rows: list[tuple[str, ...]] = []
    for each in evidence.counted(iri):
        study = evidence.studies[each.study]
        for said in each.said:
            if said.question == iri:
                counts.setdefault(said.stance, set()).add(study.iri)
                stance = words.of_stance(said.stance, str(line["asks"])) if said.stance else "not coded"
                effect = words.EFFECTS.get(each.effect, words.EFFECTS[""]).said if each.effect else ""
                condition = f" ({said.condition})" if said.condition else ""
                rows.append((study.label, stance, effect, each.statement + condition, "; ".join(each.places)))
    if not rows:
        coded = "Its studies are coded by their attributes."
        return [*blocks, Paragraph("No included study speaks to it." if evidence.findings else coded)]
    order = [word for word in words.STANCES if word in counts]
    asks, whole = str(line["asks"]), words.counted(len(evidence.included), "included study", "included studies")
    said_so = "; ".join(
        f"{words.of_stance(word, asks) if word else 'not coded'}: {len(counts[word])}" for word in order
    )
    blocks += [
        Paragraph(f"{line['studies']} of {whole} {'speaks' if line['studies'] == 1 else 'speak'} to it. {said_so}."),
        Paragraph("A study counts under each thing that it says. This counts studies, and weighs none of them.", True),
    ]
    own = [f for f in evidence.syntheses.values() if any(s.question == iri for s in f.said)]
    if own:
        blocks += [Paragraph("What the review concludes:"), Items(tuple(each.statement for each in own))]
    rank = {words.of_stance(word, str(line["asks"])): place for place, word in enumerate(words.STANCES)}
    rows.sort(key=lambda row: (rank.get(row[1], len(rank)), row[0].casefold()))
    return [*blocks, Rows(("Study", "Says", "Effect", "Finding", "Place"), tuple(rows))]


def _figures(workspace: Workspace, store: Store) -> list[Block]:
    def ask(name: str, given: dict[str, str]) -> Table:
        return queries.run(store, queries.load(workspace, name), given)

    made: list[Block] = []
    about = catalogue.about(workspace)
    for name in FIGURES:
        if name in catalogue.FIGURES:
            try:
                drawn = catalogue.figure(name, ask, about)
            except FigureError:
                continue
            made.append(Picture(frame.framed(drawn), f"{drawn.heading}. {drawn.description}"))
    return [Heading("Figures", 2), *made] if made else []


def _tables(workspace: Workspace, store: Store) -> list[Block]:
    blocks: list[Block] = []
    for each in of_tables.answered(workspace, store):
        if each.query.folder not in {"tables", "figures"} and each.query.name != "prisma-2020":
            continue
        blocks += [Heading(each.title, 3), Paragraph(each.query.summary, True)]
        if len(each.table.rows) > LONGEST:
            blocks.append(Paragraph(f"{len(each.table.rows):,} rows: evigraph run {each.query.name}", True))
        else:
            blocks.append(_rows(each.table))
    return [Heading("Tables", 2), *blocks] if blocks else []


def _rows(table: Table) -> Rows:
    numbers = {i for i in range(len(table.columns)) if any(isinstance(row[i], int | float) for row in table.rows)}
    cells = tuple(tuple(table_formats.text(cell) for cell in row) for row in table.rows)
    return Rows(tuple(words.heading(name) for name in table.columns), cells, frozenset(numbers))


def _studies(evidence: Evidence) -> list[Block]:
    items = []
    for study in evidence.included:
        known = [f"{cited(each)} {outside(each)[0]}".strip() for each in study.reports]
        items.append(f"{study.label}. {' '.join(known)}" if known else study.label)
    return [Heading("Included studies", 2), Items(tuple(items))] if items else []


def setter(syntax: str) -> Callable[[Report], bytes]:
    """Who sets a report as `html`, `docx` or `pdf`; a library is imported only then.

    Raises:
        MissingPartError: the extra `report` isn't installed.
    """
    from evigraph.site import report_docx, report_html, report_pdf

    made: dict[str, Any] = {"html": report_html.html, "docx": report_docx.docx, "pdf": report_pdf.pdf}
    found: Callable[[Report], bytes] = made[syntax]
    return found
