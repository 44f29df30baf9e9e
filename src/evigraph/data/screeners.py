"""What each reviewer decided about the same records, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from evigraph.data.documents import Document
from evigraph.data.judgements import Pair, Values
from evigraph.data.review_files import read_document
from evigraph.paths import Workspace, visible

SCREENING = "screening"
STAGES = {"title-abstract": "title and abstract", "retrieval": "retrieval", "full-text": "full text"}
CONSENSUS = "consensus"


def judged(workspace: Workspace) -> dict[str, Values]:
    """The verdict on each record by stage and reviewer; a duplicate is not screened, and a consensus is nobody's own.

    A decision that names nobody may be anybody's, and tells nothing of who agrees.

    Raises:
        DataError: a document of `records/` can't be read.
    """
    made: dict[str, Values] = {}
    spelled: dict[str, str] = {}
    for document in _searches(workspace):
        for record in document.content.get("records", []):
            for each in [] if "duplicateOf" in record else record.get("decisions", []):
                who = spelled.setdefault(each.get("decidedBy", "").casefold(), each.get("decidedBy", ""))
                if who and who.casefold() != CONSENSUS:
                    made.setdefault(each["screeningStage"], {}).setdefault(who, {})[record["id"],] = each["verdict"]
    return {stage: made[stage] for stage in STAGES if stage in made}


def _searches(workspace: Workspace) -> Iterator[Document]:
    for path in visible(workspace.review, "records/*.json"):
        yield read_document(path, f"records/{path.stem}")


def pairs(found: dict[str, Values]) -> Iterator[Pair]:
    """Each two reviewers who decided about one record at least at the same stage, and what each decided."""
    for stage, values in found.items():
        for two in combinations(sorted(values), 2):
            ours, theirs = (values[each] for each in two)
            if ours.keys() & theirs.keys():
                yield Pair.of(SCREENING, STAGES[stage], two, values)
