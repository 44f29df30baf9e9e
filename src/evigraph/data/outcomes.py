"""What became of a record: which of its decisions hold, and the boxes of the PRISMA 2020 flow diagram that it passes.

The one place that says so. The graph has it beside the decisions, so that a box, its parts and its reasons are counts
of the same statements.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from evigraph.data.code_words import word

CONSENSUS = "consensus"
"""Who settles what others differ about."""
STAGES = ("title-abstract", "retrieval", "full-text")
OTHER = {"website": "website_results", "organisation": "organisation_results", "citation": "citations_results"}
"""The kinds of searches that are no databases and registers, and the boxes in which their records are identified."""
REGISTER = re.compile(
    r"(?i)\b(?:clinical\s?trials\.gov|ictrp|isrctn|anzctr|drks|chictr|ctri|jrct|eudract|euctr|pactr|prospero)\b"
    r"|\b(?:clinical )?(?:trials?|stud(?:y|ies)) regist(?:er|ry|ries)\b"
)
"""The names of registers of studies; the Cochrane register of controlled trials is a database."""
NO_REGISTER = re.compile(r"(?i)\bcochrane\b|\bcentral\b")


def prevailing(decisions: list[dict[str, Any]], stage: str) -> dict[str, Any] | None:
    """The decision that says what holds at a stage: its verdict, and of several exclusions the main reason.

    Where people differ, `consensus` says it; nobody does where there is none, or where it differs from itself.
    """
    made = [each for each in decisions if each.get("screeningStage") == stage]
    settled = [each for each in made if str(each.get("decidedBy", "")).strip().casefold() == CONSENSUS]
    said = settled or made
    verdicts = {each.get("verdict") for each in said}
    if len(verdicts) != 1:
        return None
    # An exclusion by consensus without a reason is for that of those who said the same.
    agreed = [each for each in (*said, *made) if each.get("verdict") in verdicts]
    named = [each for each in said if each.get("basis")] or [each for each in agreed if each.get("basis")]
    counts = Counter(word(each["basis"]) for each in named)
    return max(named, key=lambda each: counts[word(each["basis"])], default=said[0])


def derived(record: dict[str, Any], kind: str) -> dict[str, list[str]]:
    """What the graph says besides of a record of a search of that kind, by the keys `prevailing` and `boxes`."""
    holding = [prevailing(record.get("decisions", []), stage) for stage in STAGES]
    held = [each["id"] for each in holding if each and "id" in each]
    return {"boxes": list(_boxes(record, kind or "database")), **({"prevailing": held} if held else {})}


def _boxes(record: dict[str, Any], kind: str) -> Iterator[str]:
    """Every box that a record passes, the last one where it ends; each one that is no duplicate ends in one box."""
    other = kind in OTHER
    by = "other_" if other else "dbr_"
    yield identified(kind, record.get("foundIn", ""))
    if "duplicateOf" in record:
        yield "other_duplicates" if other else "duplicates"
        return
    decisions = record.get("decisions", [])
    first, sought, read = (_said(decisions, stage) for stage in STAGES)
    if not (first == "include" or sought or read or "identifies" in record):
        out = first == "exclude"
        if out and not other:
            yield "records_screened"
        yield f"{'other_' if other else ''}records_{'excluded' if out else 'waiting'}"
        return
    if not other:
        yield "records_screened"
    yield f"{by}sought_reports"
    if "identifies" in record:
        yield f"{by}assessed"
    elif read == "exclude":
        yield from (f"{by}assessed", f"{by}excluded")
    else:
        yield f"{by}notretrieved_reports" if not read and sought == "exclude" else f"{by}waiting"


def identified(kind: str, found_in: str = "") -> str:
    """The box in which records of a kind of search are identified, and those that name a database or register."""
    register = kind == "register" or (
        kind == "database" and bool(REGISTER.search(found_in)) and not NO_REGISTER.search(found_in)
    )
    return OTHER.get(kind) or ("register_results" if register else "database_results")


def _said(decisions: list[dict[str, Any]], stage: str) -> str:
    """The verdict that holds at a stage; `undecided` where people differ, and nothing where nobody said anything."""
    if not any(each.get("screeningStage") == stage for each in decisions):
        return ""
    held = prevailing(decisions, stage)
    return str(held.get("verdict", "")) if held else "undecided"
