"""What a person decides about pairs and records that wait, if they still do as that person saw them."""

from __future__ import annotations

from evigraph.data import Document, outcomes
from evigraph.errors import CheckFailedError, UsageError
from evigraph.files import cache
from evigraph.ingest import Decision
from evigraph.linking import Plan, Revision, sameness, screening, tied
from evigraph.linking.sameness import Reason
from evigraph.paths import Workspace
from evigraph.updating.changes import Outcome, change, of

SAME, DISTINCT = "same", "distinct"
VERDICTS = ("include", "exclude", "maybe")


def pair(workspace: Workspace, verdict: str, record: str, other: str, reason: Reason, dry_run: bool) -> Outcome:
    """Two records that may be one are so, or aren't.

    Raises:
        CheckFailedError: the pair doesn't wait any more. UsageError: there is no such record or verdict.
    """
    ways = {SAME: sameness.same, DISTINCT: sameness.distinct}
    if verdict not in ways:
        raise UsageError(f"say `{SAME}` or `{DISTINCT}`", verdict)

    def plan(documents: list[Document]) -> Plan:
        waiting = ((each["id"], match) for each in Revision(documents).records() for match in each.get("matches", []))
        asked = {(one, match["comparedWith"]) for one, match in waiting if match["sameness"] == "undecided"}
        if (record, other) not in asked:
            raise CheckFailedError(f"{record} and {other} don't wait any more; somebody decided about them", record)
        return of(ways[verdict](documents, record, other, reason))

    return change(workspace, _title(f"{verdict} {record} {other}", reason), plan, dry_run)


def seen(revision: Revision, record: str) -> str:
    """A digest of what was decided about a record, as a person sees it."""
    return cache.key("decisions", repr(revision.record(record).get("decisions", [])))


def conflict(
    workspace: Workspace, record: str, stage: str, verdict: str, saw: str, reason: Reason, dry_run: bool
) -> Outcome:
    """What reviewers of a record differ about is settled, as by `consensus`; `saw` is what `seen` gave before.

    Raises:
        CheckFailedError: something else was decided meanwhile. UsageError: there is no such record, stage or verdict.
    """
    if verdict not in VERDICTS or stage not in screening.STAGES:
        raise UsageError("say include, exclude or maybe, at one of the stages", verdict)
    basis = " ".join(filter(None, (reason.because, f"(settled by {reason.who})" if reason.who else "")))
    decision = Decision(verdict, stage, outcomes.CONSENSUS, basis, reason.date)

    def plan(documents: list[Document]) -> Plan:
        made = Revision(documents)
        if seen(made, record) != saw:
            raise CheckFailedError(f"something was decided about {record} meanwhile; look at it again", record)
        tied.decide(made, record, decision)
        return of(made)

    return change(workspace, _title(f"screen {record} {verdict}", reason), plan, dry_run)


def _title(what: str, reason: Reason) -> str:
    return f"{what} by {reason.who}"[:200] if reason.who else what[:200]
