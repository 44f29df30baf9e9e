"""The PRISMA 2020 flow diagram in its four forms: new and updated reviews, with and without other methods."""

from __future__ import annotations

from evigraph.figures import prisma_boxes as boxes
from evigraph.figures import prisma_narrow, prisma_wide
from evigraph.figures.frame import About, Figure
from evigraph.figures.prisma_boxes import Flow
from evigraph.figures.prisma_sums import OTHERS, Fault, faults
from evigraph.figures.refusals import refuse
from evigraph.figures.words import counted
from evigraph.queries import Table

NAME = "prisma"


def draw(counts: Table, parts: Table, about: About) -> Figure:
    """The figure of the rows of `prisma-2020` and `prisma-2020-parts`.

    Raises:
        FigureError: nothing of the flow is known.
    """
    of = boxes.flow(counts, parts)
    if not of.counts:
        raise refuse("nothing of the flow of records is known; link a search, or state the flow in review.yaml")
    wrong = wrong_joints(of)
    canvas = about.canvas()
    (prisma_wide if about.wide else prisma_narrow).draw(canvas, of, {fault.below for fault in wrong}, about)
    heading = "How the studies were found" + (" (interim)" if of.waiting or of.undecided else "")
    sentence = f"PRISMA 2020 flow diagram of records, reports and studies. {_gist(of)}".strip()
    table = Table(NAME, counts.columns, list(counts.rows))
    return Figure(
        NAME, heading, sentence, _description(of), canvas, table,
        about.source("prisma-2020", "prisma-2020-parts"), tuple(_notes(of, wrong)), about.wide,
        tuple(fault.says for fault in wrong),
    )  # fmt: skip


def wrong_joints(of: Flow) -> list[Fault]:
    """Where the numbers of a flow don't add up."""
    return faults(of.counts, {row: sum(count for _, count in items) for row, items in of.parts.items()})


def _gist(of: Flow) -> str:
    found = [of.counts[row] for row in ("database_results", "register_results", *OTHERS) if row in of.counts]
    studies = of.counts.get("total_studies", of.counts.get("new_studies"))
    if not found or studies is None or of.updated:
        return f"{counted(studies, 'study', 'studies')} included." if studies is not None else ""
    return f"{counted(sum(found), 'record')} gave {counted(studies, 'study', 'studies')}."


def _description(of: Flow) -> str:
    """The numbers as a sentence, from the top down, with what isn't reported."""
    all_boxes = [box for box in drawn(of) if box is not None]
    said = [item.words.replace("\u00a0", " ") for box in all_boxes for item in box.items if item.row or box.gap]
    return "; ".join(said) + "."


def drawn(of: Flow) -> list[boxes.Box | None]:
    """Every box that the diagram has, from the top down."""
    found: list[boxes.Box | None] = [boxes.previous(of)] if of.updated else []
    found += [boxes.identified(of), boxes.removed(of), boxes.waiting(of, "records_waiting")]
    found += [
        boxes.one(of, "records_screened", "Records screened"),
        boxes.one(of, "records_excluded", "Records excluded"),
    ]
    for side, look in (("dbr", "box"), *((("other", "grey-box"),) if of.others else ())):
        found += [boxes.by_other_methods(of)] if side == "other" else []
        found += retrieval(of, side, look)
    return [*found, boxes.included(of), *([boxes.total(of)] if of.updated else [])]


def retrieval(of: Flow, side: str, look: str) -> list[boxes.Box | None]:
    """The boxes of reports of databases and registers (`dbr`), or of other methods (`other`)."""
    return [
        boxes.one(of, f"{side}_sought_reports", "Reports sought for retrieval", look),
        boxes.one(of, f"{side}_notretrieved_reports", "Reports not retrieved", look),
        boxes.waiting(of, f"{side}_waiting"),
        boxes.one(of, f"{side}_assessed", "Reports assessed for eligibility", look),
        boxes.excluded(of, side, look),
    ]


def _notes(of: Flow, wrong: list[Fault]) -> list[str]:
    notes = [f"≠ The numbers don't add up: {fault.says}." for fault in wrong]
    if "database_results" in of.counts and "database_specific_results" not in of.parts:
        notes.append("The databases are not told apart.")
    for side in ("dbr", "other"):
        row = f"{side}_excluded"
        told = sum(count for _, count in of.parts.get(row, []))
        if row in of.counts and told > of.counts[row]:
            notes.append(
                f"{told:,} reasons for {counted(of.counts[row], 'report')} excluded: a report may have several."
            )
        elif row in of.counts and told and told < of.counts[row]:
            left = counted(of.counts[row] - told, "report")
            notes.append(f"Of {of.counts[row]:,} reports excluded, the reason of {left} is not reported.")
    if of.waiting:
        notes.append(f"Interim: {counted(of.waiting, 'record')} not yet decided about.")
    if of.undecided:
        may = (
            "record that may be a duplicate counts on its own"
            if of.undecided == 1
            else ("records that may be duplicates count on their own")
        )
        notes.append(f"Interim: {of.undecided:,} {may} until that is decided.")
    return [*notes, "Form from: Page MJ, et al. BMJ 2021;372:n71 (CC BY 4.0)."]
