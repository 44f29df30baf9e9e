"""What databases tie to an article of the review: its notices by their identifiers, whichever of the two came first."""

from __future__ import annotations

from typing import Any

from evigraph.data import quads
from evigraph.ingest import Decision
from evigraph.ingest.fields import ties
from evigraph.ingest.fields.ties import Tie
from evigraph.linking import notices, screening, study_drafts
from evigraph.linking.revisions import Revision
from evigraph.matching import identifiers

_YEARS = range(1400, 2100)


def mark(revision: Revision) -> None:
    """Give the kind of a notice to each record that another one calls its notice, unless it is a study's already."""
    named = {
        pair: tie.kind
        for row in revision.records()
        if "note" in row
        for tie in ties.read(row["note"])
        if tie.way == "in"
        for pair in tie.ids
    }
    for row in list(revision.records()) if named else ():
        kind = next((named[pair] for pair in identifiers.of(row) if pair in named), "")
        if kind and row.get("kind") not in ties.NOTICES and not {"identifies", "duplicateOf"} & set(row):
            revision.put_record({**row, "kind": kind})


def decide(revision: Revision, record: str, decision: Decision) -> None:
    """One decision about one record, with what follows for the notices that are tied to it.

    Raises:
        UsageError: there is no such record.
    """
    screening.decide(revision, record, [decision], alone=True)
    settle(revision, {record}, decision.who)


def settle(revision: Revision, fresh: set[str], who: str) -> None:
    """Attach every notice to the article that it concerns, as far as the review has that as a report.

    What PubMed or Crossref says on the article makes a report of the notice though no record of it is there. `fresh`
    are the ids of the records at hand: on them alone there is a word where a notice is a study of its own already.
    """
    rows = [(row, list(ties.read(row["note"]))) for row in revision.records() if "note" in row]
    if told := [(row, one) for row, every in rows for one in every if one.kind in ties.NOTICES]:
        held = _Held(revision)
        for row, tie in told:
            here, there = revision.first(row["id"]), held.found(tie)
            notice, article = (here, there) if tie.way == "of" else (there, here)
            if article.startswith("report/") and notice != article:
                _attach(revision, held, article, notice, tie, who, row["id"] in fresh)


class _Held:
    """The publications of a review by their identifiers."""

    def __init__(self, revision: Revision) -> None:
        self._revision = revision
        self._found: dict[tuple[str, str], str] = {}
        self._records: dict[tuple[str, str], str] = {}
        for item in (*revision.reports(), *revision.records()):
            self.add(item)
        for item in revision.records():
            self._records |= {pair: item["id"] for pair in identifiers.of(item) if "title" in item}

    def add(self, item: dict[str, Any]) -> None:
        for pair in identifiers.of(item):
            self._found.setdefault(pair, item["id"])

    def record(self, tie: Tie) -> str:
        """A record with a title of what a tie names, or nothing."""
        return next((self._records[pair] for pair in tie.ids if pair in self._records), "")

    def found(self, tie: Tie) -> str:
        """The report or record that a tie names, or nothing."""
        identity = next((self._found[pair] for pair in tie.ids if pair in self._found), "")
        return self._revision.first(identity) if identity else ""


def _attach(revision: Revision, held: _Held, article: str, notice: str, tie: Tie, who: str, new: bool) -> None:
    """One notice to one article."""
    name = revision.study_of(article)
    content = revision.content(name) or {}
    mine = [each for each in content["reports"] if article in each.get("about", [])]
    whole = held.record(tie)
    if whole and any(each["id"] == notice and each.get("title") == tie.text for each in mine):
        notices.keep(revision, name, article, revision.record(whole), tie.kind, who)
    elif notice.startswith("report/"):
        _say_about(revision, name, article, notice, tie, new)
    elif notice:
        notices.keep(revision, name, article, revision.record(notice), tie.kind, who)
    elif not any(each.get("kind") == tie.kind and each.get("title") == tie.text for each in mine):
        made = _bare(content, article, tie)
        revision.contents[name] = quads.arranged({**content, "reports": [*content["reports"], made]})
        held.add(made)
        notices.tell(revision, made["id"], tie.kind, article, content)


def _say_about(revision: Revision, name: str, article: str, notice: str, tie: Tie, new: bool) -> None:
    """A notice that is a report already: in the same study it is said what it is about; of another study, a word."""
    content = revision.content(name) or {}
    own = next((each for each in content["reports"] if each["id"] == notice), None)
    if own is None and new:
        label = (revision.content(revision.study_of(notice)) or {}).get("id", notice)
        revision.notes.append(f"{notice} is a {tie.kind} of {article}; to keep both as one: evigraph join ID {label}")
    if own is None or own.get("about"):
        return
    changed = {**own, "kind": tie.kind, "about": [article]}
    reports = [changed if each is own else each for each in content["reports"]]
    revision.contents[name] = quads.arranged({**content, "reports": reports})


def _bare(content: dict[str, Any], article: str, tie: Tie) -> dict[str, Any]:
    """A report of a notice of which no more is known than what the article's record says."""
    taken = {each["id"] for each in content["reports"]}
    identity = study_drafts.free(f"{article}-{study_drafts.slugged(tie.kind)}", "", taken)
    year = ties.year(tie.text)
    known: dict[str, Any] = {**dict(tie.ids), **({"year": year} if year in _YEARS else {})}
    return {"id": identity, "type": "Report", "title": tie.text, **known, "kind": tie.kind, "about": [article]}
