"""Rounds: searches and the screening of what they found, closed before the next searches are linked."""

from __future__ import annotations

from evigraph.data import outcomes, quads
from evigraph.data.code_words import word
from evigraph.errors import UsageError, counted
from evigraph.ingest import Batch
from evigraph.linking import study_drafts
from evigraph.linking.revisions import Revision

DOCUMENT = "rounds"
"""The name of the document that lists the closed rounds of a review."""


def close(revision: Revision, name: str, date: str) -> Revision:
    """Close the open round: every search that belongs to none belongs to this one.

    What is linked afterwards is of the next round, for which the studies of this one are those of the previous version.

    Raises:
        UsageError: there is such a round, no search is open, or a record still waits.
    """
    name = " ".join(name.split())
    held = revision.content(DOCUMENT) or {"id": "review", "type": "Review", "rounds": []}
    key = f"round/{study_drafts.slugged(name)}"
    if key == "round/":
        raise UsageError(f"a round can't be called `{name}`; give it a name with a letter or a digit", name)
    if key in {each["id"] for each in held["rounds"]}:
        raise UsageError(f"a round `{name}` is closed already; give this one another name", name)
    searches = [each for each in revision.names("records/") if "round" not in (revision.content(each) or {})]
    if not searches:
        raise UsageError("no search is open, so that there is no round to close; link a search first", name)
    _require_decided(revision, searches)
    place = 1 + max((each["position"] for each in held["rounds"]), default=0)
    closed = {"id": key, "type": "Round", "label": name, "position": place, "date": date}
    revision.contents[DOCUMENT] = quads.arranged({**held, "rounds": [*held["rounds"], closed]})
    for each in searches:
        content = revision.content(each) or {}
        head = quads.arranged({k: v for k, v in content.items() if k != "records"} | {"round": key})
        revision.contents[each] = {**head, "records": content["records"]}
    revision.notes.append(f"the round {name} is closed, with {len(searches)} searches; the next link begins another")
    return revision


def _require_decided(revision: Revision, searches: list[str]) -> None:
    waiting = [
        record["id"]
        for name in searches
        for content in [revision.content(name) or {}]
        for record in content["records"]
        if outcomes.derived(record, content.get("kind", ""))["boxes"][-1].endswith("waiting")
    ]
    if waiting:
        mend = "decide about them first: `evigraph export --to-screen` lists them"
        many = counted(len(waiting), "record of the round waits", "records of the round wait")
        raise UsageError(f"{many} for a decision, such as {waiting[0]}; {mend}")


def names_sources(batch: Batch, label: str) -> bool:
    """Whether a file's own tags say where its records were found, and not the label that a person gave the search.

    A label says it of a file that names one source alone.
    """
    named = {word(record.values.get("foundIn", "")) for record in batch.records}
    return len(named) > 1 or not label
