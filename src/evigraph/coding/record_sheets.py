"""Which sheets of groups, results and appraisals a review's workbook has."""

from __future__ import annotations

from collections.abc import Iterator

from evigraph.coding.appraisal_cells import AppraisalSheet
from evigraph.coding.record_cells import GroupSheet, RecordSheet, ResultSheet
from evigraph.coding.workbook_cells import Shown


def sheets(shown: Shown) -> Iterator[RecordSheet]:
    """The sheets that a review needs.

    Groups and results where studies have some, or the codebook has outcomes or attributes for nothing else, and one for
    each tool of appraisal that judges studies or their results.
    """
    contents = list(shown.studies.values())
    told = any(each.get("groups") or each.get("results") for each in contents)
    if told or shown.has_outcomes() or _declared(shown):
        yield GroupSheet(shown)
        yield ResultSheet(shown)
    used = {appraisal["tool"] for content in contents for appraisal in content.get("appraisals", [])}
    tools = dict.fromkeys(str(each.get("inScheme", "")) for each in shown.book.codes("domains"))
    for tool in tools:
        if tool in used or not shown.of_syntheses(tool):
            yield AppraisalSheet(shown, tool.removeprefix("codebook/"))


def _declared(shown: Shown) -> bool:
    """Whether an attribute is declared for groups or results alone."""
    rules = (shown.vocabulary.get(key) for key in {*shown.of["groups"], *shown.of["results"]})
    return any(rule and set(rule.record.get("appliesTo", ["study"])) <= {"group", "result"} for rule in rules)
