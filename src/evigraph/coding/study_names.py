"""Which study a row is about, and what a new one is called."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from string import ascii_lowercase
from typing import Any

from evigraph.coding.codebook import slug
from evigraph.ingest import Batch, Extract
from evigraph.linking import study_drafts
from evigraph.matching import traits
from evigraph.matching.traits import folded


class Names:
    """Which study a row is about: by an identifier of a report, title and year, a title alone, or its key or label."""

    def __init__(self, known: dict[str, dict[str, Any]]) -> None:
        """Index the studies that are known."""
        self.known = known
        self._works: dict[tuple[str, ...], str] = {}
        self._titles: dict[str, set[str]] = {}
        self._named: dict[str, list[str]] = {}
        self._cited: dict[tuple[str, str], list[str]] = {}
        for name, content in sorted(known.items()):
            self._index(name, str(content.get("label", "")), content.get("reports", []))

    def _index(self, name: str, label: str, reports: list[dict[str, Any]]) -> None:
        for word in {folded(name.removeprefix("studies/")), folded(label)} - {""}:
            self._named.setdefault(word, []).append(name)
        for report in reports:
            for mark in (*traits.identifiers(report), *_titled(report)):
                self._works.setdefault(mark, name)
            if report.get("authors") and report.get("title", label) == label:
                self._cited.setdefault(_citation(report), []).append(name)
            if title := folded(report.get("title", "")):
                self._titles.setdefault(title, set()).add(name)

    def find(self, row: Extract, values: dict[str, Any], others: Collection[str] = ()) -> str | None:
        """The name of the study's document.

        A name alone doesn't tell where titles differ; what it is called doesn't, where another row's study (`others`)
        is called so too. Without any title, authors and year tell, of several alike the first that no other row has.
        """
        for mark in (*traits.identifiers(values), *_titled(values)):
            if mark in self._works:
                return self._works[mark]
        title = folded(values.get("title", ""))
        if "year" not in values and len(self._titles.get(title, ())) == 1:
            return next(iter(self._titles[title]))
        for word in (row.study, row.label):
            for found in self._named.get(folded(word), []):
                content = self.known[found]
                titles = [folded(each.get("title", "")) for each in content.get("reports", [])]
                titles = [each for each in titles if each != folded(content.get("label", ""))]
                barred = word != row.study and found in others
                if not barred and not (title and titles and title not in titles):
                    return found
        alike = self._cited.get(_citation(values), []) if not title else []
        return next((name for name in alike if name not in others), None)

    def new(self, row: Extract, values: dict[str, Any]) -> str:
        """A free name for a study."""
        stem = slug(
            f"{values.get('firstAuthor') or ''}-{values.get('year', '')}" if values.get("firstAuthor") else row.label
        )
        stem = stem[:60].strip("-") or "study"
        letters = ["", *(f"-{letter}" for letter in ascii_lowercase[1:])]
        endings = itertools.chain(letters, (f"-{number}" for number in itertools.count(27)))
        name = next(f"studies/{stem}{each}" for each in endings if f"studies/{stem}{each}" not in self.known)
        self.known[name] = {}
        self._index(name, row.label, [values])
        self._named.setdefault(folded(row.study), []).append(name)
        return name


def _titled(values: dict[str, Any]) -> list[tuple[str, ...]]:
    title = folded(values.get("title", ""))
    return [("title", title, str(values.get("year", "")))] if title else []


def _citation(report: dict[str, Any]) -> tuple[str, str]:
    return folded(report.get("authors", "")), str(report.get("year", ""))


def new_study(name: str, row: Extract, values: dict[str, Any], batch: Batch, who: str) -> dict[str, Any]:
    """A study's document, with a report where anything is known of one; without a title, the label stands for it."""
    key = name.removeprefix("studies/")
    basis = f"Extracted from {batch.path.name}{f' by {who}' if who else ''}."
    made = study_drafts.study(key, {**values, "title": values.get("title") or row.label}, basis)
    if str(values.get("authors", "")).endswith(" et al."):
        made["label"] = f"{values['firstAuthor']} et al. ({study_drafts.dated(key, values)})"
    elif not values.get("firstAuthor"):
        made["label"] = row.label
    if not values:
        return {each: value for each, value in made.items() if each != "reports"}
    if "title" not in values:
        made["reports"][0]["title"] = made["label"]
    return made
