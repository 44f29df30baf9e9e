"""Documents while they are changed: what a decision touches, and nothing else, is made anew."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from evigraph.data import Document, quads
from evigraph.errors import UsageError
from evigraph.linking import publications, study_drafts, versions

BARE = {"id", "type", "label", "reports", "inclusion"}
"""The keys of a study that nobody has coded yet."""


class Revision:
    """The documents of a review with changes that are not written yet.

    Attributes:
        contents: changed documents by name; None removes one. studies: labels of new studies by document name.
        notes: what else a person should know.
    """

    def __init__(self, documents: list[Document]) -> None:
        """Begin without a change."""
        self._held = {document.name: document.content for document in documents}
        self._taken = set(self._held)
        self._versions: versions.Versions | None = None
        self._places: dict[str, tuple[str, int]] | None = None
        self._members: dict[str, list[str]] | None = None
        self.contents: dict[str, dict[str, Any] | None] = {}
        self.studies: dict[str, str] = {}
        self.notes: list[str] = []

    def unchanged(self) -> Revision:
        """The same documents without the changes."""
        before = Revision([])
        before._held = self._held
        return before

    def content(self, name: str) -> dict[str, Any] | None:
        """A document as it would stand."""
        return self.contents[name] if name in self.contents else self._held.get(name)

    def names(self, folder: str) -> list[str]:
        """The documents of a folder as they would stand."""
        both = {**self._held, **self.contents}
        return sorted(name for name in both if name.startswith(folder) and self.content(name) is not None)

    def records(self) -> Iterator[dict[str, Any]]:
        """Every record."""
        for name in self.names("records/"):
            yield from (self.content(name) or {}).get("records", [])

    def reports(self) -> Iterator[dict[str, Any]]:
        """Every report of a study."""
        for name in self.names("studies/"):
            yield from (self.content(name) or {}).get("reports", [])

    def _places_of_records(self) -> dict[str, tuple[str, int]]:
        if self._places is None:
            self._places = {
                record["id"]: (name, i)
                for name in self.names("records/")
                for i, record in enumerate((self.content(name) or {}).get("records", []))
            }
        return self._places

    def record(self, identity: str) -> dict[str, Any]:
        """A record by its id.

        Raises:
            UsageError: there is none.
        """
        places = self._places_of_records()
        if identity not in places:
            near = difflib.get_close_matches(identity, list(places), 1, 0.75)
            mend = f"did you mean `{near[0]}`?" if near else "`evigraph run duplicates` and the files show the ids"
            raise UsageError(f"no record has the id `{identity}`; {mend}", identity)
        name, i = places[identity]
        found: dict[str, Any] = (self.content(name) or {})["records"][i]
        return found

    def put_record(self, record: dict[str, Any]) -> None:
        """Put a record in the place of the one of its id."""
        name, i = self._places_of_records()[record["id"]]
        content = self.content(name) or {}
        rows = list(content["records"])
        if any(rows[i].get(key) != record.get(key) for key in ("duplicateOf", "identifies")):
            self._members = None
        rows[i] = quads.arranged(record)
        self.contents[name] = {**content, "records": rows}

    def study_of(self, report: str) -> str:
        """The name of the document that holds a report, or nothing."""
        for name in self.names("studies/"):
            if any(each["id"] == report for each in (self.content(name) or {}).get("reports", [])):
                return name
        return ""

    def first(self, identity: str) -> str:
        """The record or report that stands for the publication of a record or report.

        Raises:
            UsageError: there is no such record or report.
        """
        if identity.startswith("report/"):
            if not self.study_of(identity):
                raise UsageError(f"no report has the id `{identity}`; a study's file shows its reports", identity)
            return identity
        record = self.record(identity)
        if "duplicateOf" in record:
            return self.first(record["duplicateOf"])
        return str(record.get("identifies", identity))

    def publications(self) -> dict[str, list[str]]:
        """The ids of all records of a publication, by the record or report that stands for it."""
        if self._members is None:
            leads = {r["id"]: r.get("duplicateOf") or r.get("identifies") or "" for r in self.records()}
            self._members = {}
            for identity in leads:
                first, steps = identity, 0
                while leads.get(first) and steps < len(leads):
                    first, steps = leads[first], steps + 1
                self._members.setdefault(first, []).append(identity)
        return self._members

    def best(self, publication: str) -> dict[str, Any]:
        """The best values of a publication by the keys of a report, of all records that are of it."""
        return publications.best(
            (str((self.content(self._places_of_records()[each][0]) or {}).get("kind", "")), self.record(each))
            for each in self.publications().get(publication, [])
        )

    def add_study(self, record: dict[str, Any], included: study_drafts.Included) -> None:
        """A study of the best of a publication's records, of which this one identifies the report then.

        A version of a report that is known joins its study instead.
        """
        values = self.best(record["id"])
        if "title" not in values:
            self.notes.append(f"{record['id']} has no title, so that no study is made of it; it is kept as a record")
            return
        self._versions = self._versions or versions.Versions(self)
        if of := self._versions.of({**record, **values}):
            self._versions.add(versions.joined(self, of, record))
            return
        key = study_drafts.free(study_drafts.key(values), "studies/", self._taken)
        content = study_drafts.study(key, values, included)
        self.contents[f"studies/{key}"] = content
        self.studies[f"studies/{key}"] = content["label"]
        self._versions.add(content["reports"][0])
        members = self.publications()
        self.put_record({**record, "identifies": f"report/{key}"})
        self._members = members  # all of them are counted again for each study otherwise
        members[f"report/{key}"] = members.pop(record["id"], [])

    def drop_report(self, report: str, record: str) -> None:
        """Take a report out of its study, and a study away that has no other and that nobody has coded.

        The record stands for the publication then: what duplicated the report, or was compared with it, names it.

        Raises:
            UsageError: the study would be left without a report, though it is coded.
        """
        name = self.study_of(report)
        content = self.content(name) or {}
        rest = [each for each in content.get("reports", []) if each["id"] != report]
        if not rest and not set(content) <= BARE:
            raise UsageError(
                f"{content['id']} has been coded; join it first: evigraph join STUDY {content['id']}", name
            )
        self.contents[name] = {**content, "reports": rest} if rest else None
        for row in list(self.records()):
            compared = [m["id"] for m in row.get("matches", []) if m["comparedWith"] == report]
            changed = {key: value for key, value in row.items() if (key, value) != ("identifies", report)}
            if changed.get("duplicateOf") == report:
                changed["duplicateOf"] = record
            if compared:
                pointed = ({**m, "comparedWith": record} if m["id"] in compared else m for m in row["matches"])
                changed["matches"] = list(pointed)
            if changed != row:
                self.put_record(changed)
