"""A preprint and the article that came of it, or two versions of one work: reports of one study, not two studies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from evigraph.data import quads
from evigraph.ingest.fields import ties
from evigraph.linking import study_drafts
from evigraph.matching import identifiers
from evigraph.matching.traits import Traits

if TYPE_CHECKING:
    from evigraph.linking.revisions import Revision

FARTHEST = 5
"""So many years a preprint and its article may be apart, where only their titles and authors tell."""


class Versions:
    """The reports of a review, to find the one of which a record is another version."""

    def __init__(self, revision: Revision) -> None:
        """Look at every study once."""
        self._revision = revision
        self._reports = {each["id"]: each for each in revision.reports()}
        self._by_id = {pair: name for name, each in self._reports.items() for pair in identifiers.of(each)}
        self._titles: dict[bool, dict[str, list[str]]] = {}
        self._tied: dict[tuple[str, str], list[str]] = {}
        self._distinct: dict[str, list[str]] = {}
        for row in revision.records():
            for pair in _tied(row):
                self._tied.setdefault(pair, []).append(row["id"])
            for match in row.get("matches", ()):
                if match["sameness"] == "distinct":
                    self._distinct.setdefault(row["id"], []).append(match["comparedWith"])
                    self._distinct.setdefault(match["comparedWith"], []).append(row["id"])

    def add(self, report: dict[str, Any]) -> None:
        """Know one more report."""
        self._reports[report["id"]] = report
        self._by_id |= dict.fromkeys(identifiers.of(report), report["id"])
        traits = Traits(report)
        if traits.preprint in self._titles:
            self._titles[traits.preprint].setdefault(traits.title, []).append(report["id"])

    def of(self, record: dict[str, Any]) -> str:
        """The report of which a record is a version, as a database says or as a preprint is; nothing if none is."""
        told = [self._by_id[pair] for pair in _tied(record) if pair in self._by_id]
        others = [each for pair in identifiers.of(record) for each in self._tied.get(pair, ()) if each != record["id"]]
        told += [each for each in map(self._revision.first, others) if each in self._reports]
        parted = {self._revision.first(each) for each in self._distinct.get(record["id"], ())}
        return next((each for each in (*told, self._alike(record)) if each not in parted), "")

    def _alike(self, record: dict[str, Any]) -> str:
        """The one report with the same title and first author of which just one is a preprint."""
        own = Traits(record)
        if own.generic or not own.author or own.notice or own.protocol:
            return ""
        other = not own.preprint
        if other not in self._titles:
            self._titles[other] = {}
            for each in map(Traits, self._reports.values()):
                if each.preprint is other:
                    self._titles[other].setdefault(each.title, []).append(each.item["id"])
        found = [each for each in self._titles[other].get(own.title, ()) if self._near(own, self._reports[each])]
        return found[0] if len(found) == 1 else ""

    def _near(self, own: Traits, report: dict[str, Any]) -> bool:
        other = Traits(report)
        apart = abs((own.year or other.year or 0) - (other.year or own.year or 0))
        return own.author == other.author and own.numbers == other.numbers and not other.notice and apart <= FARTHEST


def _tied(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "note" in row:
        yield from (pair for tie in ties.read(row["note"]) if tie.kind == ties.VERSION for pair in tie.ids)


def joined(revision: Revision, report: str, record: dict[str, Any]) -> dict[str, Any]:
    """Make a record one more report of the study of a report, and the record identify it; the new report."""
    name = revision.study_of(report)
    content = revision.content(name) or {}
    values = {key: record[key] for key in study_drafts.REPORT_KEYS if key in record}
    word = "preprint" if Traits(record).preprint else "version"
    taken = {each["id"] for each in content["reports"]}
    made = {"id": study_drafts.free(f"{report}-{word}", "", taken), "type": "Report", **values}
    revision.contents[name] = quads.arranged({**content, "reports": [*content["reports"], made]})
    revision.put_record({**record, "identifies": made["id"]})
    what = "a preprint of" if word == "preprint" else "a later or other version of"
    revision.notes.append(f"{record['id']} is {what} {report}: one more report of {content.get('label', name)}")
    return made
