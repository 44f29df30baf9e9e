"""Retractions, expressions of concern and corrections: they are about a report, and no studies of their own."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from evigraph.data import quads
from evigraph.errors import counted
from evigraph.ingest import Batch
from evigraph.ingest.fields.ties import NOTICES, RETRACTED
from evigraph.linking import study_drafts
from evigraph.linking.revisions import Revision
from evigraph.matching import identifiers
from evigraph.matching.duplicates import Match
from evigraph.matching.traits import Traits, folded

KINDS = {
    "retraction": r"retraction",
    "expression of concern": r"expression of concern",
    "correction": r"correction|corrigend(?:um|a)|errat(?:um|a)|addend(?:um|a)",
}
"""The kinds of notices, and the words of titles that tell them."""

LONGEST = 1000
"""So many characters of a title are looked at, since reading may take their square."""

_WORDS = "|".join(f"(?:{words})" for words in KINDS.values())
_WHOSE = r"(?:(?:author|publisher|editor)s?'?s? )?(?:(?:notice|statement|note) of )?"
_BEFORE = re.compile(
    rf"^\W*{_WHOSE}(?P<word>{_WORDS})\b(?: note| notice)?"
    r"(?P<mark>\s*[:.\])\u2013\u2014-]\W*(?:(?:to|of)\b)?|\s+(?:to|of|for|on)\b)\W*(?P<rest>.+)$",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"\b(?P<word>{_WORDS})\b", re.IGNORECASE)
_ENDED = re.compile(r"(?:\s+of\b[^()\[\]]*)?[)\]]?\W*", re.IGNORECASE)
_PLACE = re.compile(r"\s*(?:\[[^\[\]]*\d[^\[\]]*\]|\([^()]*\d[^()]*\))\W*$")
"""The place of the article after its title, as in `[J. Learn. 3 (2019) 11]`."""
_MARKED = re.compile(r"^\W*(?:retracted|withdrawn)(?: article| paper)?\s*[:\])\u2013\u2014-]", re.I)


def marked(batch: Batch) -> Batch:
    """The batch, with the kind of each record that its title calls retracted."""
    records = tuple(
        replace(each, values={**each.values, "kind": RETRACTED})
        if _MARKED.match(str(each.values.get("title"))) and each.values.get("kind") not in NOTICES
        else each
        for each in batch.records
    )
    return replace(batch, records=records) if records != tuple(batch.records) else batch


def told(values: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The kind of notice that a record is, and the titles, folded, that it may be about; nothing if it is none."""
    title = str(values.get("title") or "")[:LONGEST]
    before = _BEFORE.match(title)
    word, rest = (before["word"], before["rest"]) if before else _after(title)
    if not word:
        return "", ()
    kind = next(name for name, words in KINDS.items() if re.fullmatch(words, word.casefold()))
    return kind, tuple(dict.fromkeys(folded(each) for each in (rest, _PLACE.sub("", rest))))


def _after(title: str) -> tuple[str, str]:
    """The word of a title that ends in a notice's, as `X: erratum` or `X (Retraction of vol 3, 2019)`, and the rest."""
    for found in _NAMED.finditer(title):
        before = re.sub(r" an?$", "", title[: found.start()].rstrip())
        end = len(before)
        while end and not before[end - 1].isalnum():
            end -= 1
        if end and re.search(r"[:.(\[\u2013\u2014-]", before[end:]) and _ENDED.fullmatch(title, found.end()):
            return found["word"], before[:end]
    return "", ""


class Reports:
    """The reports of a review by their titles, to find what notices are about."""

    def __init__(self, revision: Revision) -> None:
        """Look at every study once."""
        self._titles: dict[str, list[tuple[str, str]]] = {}
        for name in revision.names("studies/"):
            for each in (revision.content(name) or {}).get("reports", []):
                if each.get("kind") not in KINDS:
                    self._titles.setdefault(Traits(each).title, []).append((name, each["id"]))

    def attach(self, revision: Revision, row: dict[str, Any], who: str) -> bool:
        """Make a record that is a notice about one report a report of that study as well; whether it was one.

        What is about a title that no report has, or several, is told, and stays what it is.
        """
        kind, titles = told(row)
        found = sorted({each for title in titles for each in self._titles.get(title, [])})
        if len(found) != 1:
            if found or plainly(row):
                why = (
                    counted(len(found), "report has", "reports have") + " the title"
                    if found
                    else "no report of the review has the title"
                )
                revision.notes.append(f"{row['id']} is a {kind}, but {why} that it is about")
            return False
        keep(revision, *found[0], row, kind, who)
        return True


def attach(revision: Revision, pending: list[tuple[str, study_drafts.Included | None]], who: str) -> None:
    """Attach records that may be notices by what their titles are about, each with what its inclusion rests on.

    What is plainly a notice is no study though nothing of the review has the title; what may be none becomes one.
    """
    reports = Reports(revision) if pending else None
    for identity, included in pending:
        row = revision.record(identity)
        if reports is None or "identifies" in row or reports.attach(revision, row, who) or not included:
            continue
        if plainly(row):
            withhold(revision, row, who)
        else:
            revision.add_study(row, included)


def keep(revision: Revision, name: str, report: str, row: dict[str, Any], kind: str, who: str) -> None:
    """Make a record the report of a notice about another report, of the same study.

    A report of which only its identifiers were known becomes whole by it.
    """
    content = revision.content(name) or {}
    held = content.get("reports", [])
    own = set(identifiers.of(row))
    known: dict[str, Any] = next((e for e in held if report in e.get("about", []) and own & set(identifiers.of(e))), {})
    identity = study_drafts.free(f"{report}-{study_drafts.slugged(kind)}", "", {each["id"] for each in held})
    values = {key: row[key] for key in study_drafts.REPORT_KEYS if key in row}
    notice = {"id": identity, "type": "Report", **known, **values, "kind": kind, "about": [report]}
    others = [each for each in held if each is not known]
    revision.contents[name] = quads.arranged({**content, "reports": [*others, {**notice, **_named(known)}]})
    decided = _decided(row, f"A {kind} of {report}, kept with its study", who)
    plain = {key: value for key, value in row.items() if key not in {"duplicateOf", "matches"}}
    revision.put_record({**plain, "identifies": notice["id"], **decided})
    tell(revision, row["id"], kind, report, content)


def _named(known: dict[str, Any]) -> dict[str, Any]:
    return {"id": known["id"]} if known else {}


def tell(revision: Revision, what: str, kind: str, report: str, study: dict[str, Any]) -> None:
    """A note on a notice."""
    revision.notes.append(f"! {what} is a {kind} of {report}, a report of {_label(study)}; {SEE}")


def withhold(revision: Revision, row: dict[str, Any], who: str) -> None:
    """Keep a notice about what the review doesn't hold as a record that is no study."""
    kind = str(row["kind"]) if row.get("kind") in KINDS else told(row)[0]
    decided = _decided(row, f"A {kind} of what the review doesn't hold", who, "exclude")
    revision.put_record({**row, **decided})
    revision.notes.append(
        f"{row['id']} is a {kind} of what the review doesn't hold; no study is made of it, and it is kept as a record"
    )


def plainly(row: dict[str, Any]) -> bool:
    """Whether a database, or a title that begins as only a notice does, says so.

    `Retraction of papers` may be a study of retractions.
    """
    if row.get("kind") in KINDS:
        return True
    found = _BEFORE.match(str(row.get("title") or "")[:LONGEST])
    return bool(found and re.search(r"[:\]]", found["mark"]))


def _decided(row: dict[str, Any], what: str, who: str, verdict: str = "include") -> dict[str, Any]:
    """The record's decisions: a link that would have made a study of it made this."""
    basis = f"{what}{f', by {who}' if who else ''}."
    made = [
        {**each, "basis": basis, "verdict": verdict} if _by_linking(each) else each for each in row.get("decisions", [])
    ]
    return {"decisions": made} if made else {}


def _by_linking(decision: dict[str, Any]) -> bool:
    basis = str(decision.get("basis", ""))
    return basis == "Linked as a study." or bool(re.match(r"A [a-z ]+ of what the review doesn't hold\b", basis))


SEE = "see evigraph run retracted"


def retracted(revision: Revision, batch: Batch, slug: str, matches: dict[str, Match]) -> list[str]:
    """A note on each report of the review that a record of the batch calls retracted."""
    notes = []
    for position, record in enumerate(batch.records, 1):
        identity = f"record/{slug}/{position}"
        if record.values.get("kind") == RETRACTED:
            report = revision.first(matches[identity].other if identity in matches else identity)
            if report.startswith("report/"):
                label = _label(revision.content(revision.study_of(report)) or {})
                notes.append(f"! {report}, a report of {label}, is retracted, as {batch.path.name} says; {SEE}")
    return notes


def _label(study: dict[str, Any]) -> str:
    state = (study.get("inclusion") or {}).get("state")
    return f"{study.get('label', 'a study')}{', which is included' if state in ('stated', 'inferred') else ''}"
