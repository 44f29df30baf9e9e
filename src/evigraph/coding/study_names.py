"""Which study a row is about, and what a new one is called."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Collection
from string import ascii_lowercase
from typing import Any

from evigraph.coding.codebook import slug
from evigraph.ingest import Batch, Extract
from evigraph.linking import study_drafts
from evigraph.matching import identifiers
from evigraph.matching.traits import folded

ALIKE = 0.85
"""So alike are two spellings of one title."""


class Names:
    """Which study a row is about: by an identifier of a report, the team's own id, a title, or its key or label."""

    def __init__(self, known: dict[str, dict[str, Any]]) -> None:
        """Index the studies that are known."""
        self.known = known
        self._works: dict[tuple[str, ...], str] = {}
        self._titles: dict[str, set[str]] = {}
        self._own: dict[str, list[str]] = {}
        self._named: dict[str, list[str]] = {}
        self._cited: dict[tuple[str, str], list[str]] = {}
        for name, content in sorted(known.items()):
            self.index(name, content)

    def index(self, name: str, content: dict[str, Any]) -> None:
        """Know a study's document by all that it tells."""
        label, reports = str(content.get("label", "")), content.get("reports", [])
        for identifier in content.get("identifiers", []):
            _put(self._own, folded(identifier), name)
        for word in {folded(name.removeprefix("studies/")), folded(label)} - {""}:
            _put(self._named, word, name)
        for report in reports:
            for mark in (*identifiers.of(report), *_titled(report)):
                self._works.setdefault(mark, name)
            if report.get("authors") and report.get("title", label) == label:
                _put(self._cited, _citation(report), name)
            if title := folded(report.get("title", "")):
                self._titles.setdefault(title, set()).add(name)

    def find(
        self, row: Extract, values: dict[str, Any], others: Collection[str] = (), reports: str = "one"
    ) -> str | None:
        """The name of the study's document.

        An id or a name alone doesn't tell where titles differ, unless `reports` of one study are `several`; what it is
        called doesn't, where another row's study (`others`) is called so too. A title tells without a year only where
        one study has it. Without any title, authors and year tell, of several alike the first that no other row has.
        """
        marks = [*identifiers.of(values), *_titled(values)]
        own = self._own_of(row)
        fitting = [name for name in self.named(row) if reports == "several" or self.fits(name, values)]
        for mark in marks:
            if (found := self._works.get(mark)) and (mark[0] != "title" or not fitting or found in fitting):
                return found
        if ids := [name for name in fitting if name in self._own.get(folded(row.identifier), ())]:
            return ids[0]
        title = folded(values.get("title", ""))
        found = self._works.get(("title", title, ""))
        if title and found:
            return found
        if "year" not in values and len(self._titles.get(title, ())) == 1:
            return next(iter(self._titles[title]))
        for name in fitting:
            if name in own or name not in others:
                return name
        alike = self._cited.get(_citation(values), []) if not title else []
        return next((name for name in alike if name not in others), None)

    def named(self, row: Extract) -> list[str]:
        """The studies that have the id of a row, or are called as it says, whatever their titles; best first."""
        return list(dict.fromkeys((*self._own_of(row), *self._named.get(folded(row.label), []))))

    def _own_of(self, row: Extract) -> list[str]:
        own = self._own.get(folded(row.identifier), []) if row.identifier else []
        return [*own, *self._named.get(folded(row.study), [])]

    def fits(self, name: str, values: dict[str, Any]) -> bool:
        """Whether a publication may be one of a study's, as far as titles tell."""
        content = self.known[name]
        titles = [each.get("title", "") for each in content.get("reports", [])]
        titles = [each for each in titles if folded(each) not in ("", folded(content.get("label", "")))]
        title = values.get("title", "")
        return not (title and titles) or any(alike(title, each) for each in titles)

    def title_of_another(self, row: Extract, values: dict[str, Any]) -> str:
        """The title of a study that has the id or the name of a row, and isn't that; or nothing."""
        named = next((name for name in self.named(row) if not self.fits(name, values)), "")
        return str(self.known[named]["reports"][0].get("title", "")) if named else ""

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
        self.index(name, {"label": row.label, "reports": [values]})
        for word in (row.study, row.identifier):
            _put(self._named if word == row.study else self._own, folded(word), name)
        return name


def _put(index: dict[Any, list[str]], key: Any, name: str) -> None:
    if key and name not in index.setdefault(key, []):
        index[key].append(name)


def alike(one: str, two: str) -> bool:
    """Whether two texts are spellings of one title: the same words but for slips and a subtitle that is left out."""
    short, long = sorted((folded(one), folded(two)), key=len)
    if short == long:
        return True
    if re.findall(r"\d+", short) != re.findall(r"\d+", long):
        return False
    begins = long.startswith(f"{short} ") and len(short.split()) > 2
    return begins or difflib.SequenceMatcher(None, short, long, autojunk=False).ratio() >= ALIKE


def _titled(values: dict[str, Any]) -> list[tuple[str, ...]]:
    title = folded(values.get("title", ""))
    return [("title", title, str(values.get("year", "")))] if title else []


def _citation(report: dict[str, Any]) -> tuple[str, str]:
    return folded(report.get("authors", "")), str(report.get("year", ""))


def _told_apart(label: str, key: str) -> str:
    """A label, with the letter or number of its key where another study is called so: `Alder (2009b)`."""
    found = re.fullmatch(r"(.+)-([b-z]|\d+)", key)
    if not found or found[1] != slug(label)[:60].strip("-"):
        return label
    dated = re.fullmatch(r"(.*\d{4})(\)?)", label)
    return f"{dated[1]}{found[2]}{dated[2]}" if dated and found[2].isalpha() else f"{label} ({found[2]})"


def new_study(name: str, row: Extract, values: dict[str, Any], batch: Batch, who: str, date: str) -> dict[str, Any]:
    """A study's document, with a report where anything is known of one; without a title, the label stands for it."""
    key = name.removeprefix("studies/")
    basis = f"Extracted from {batch.path.name}, row {row.line}{f', by {who}' if who else ''}."
    included = study_drafts.Included(basis, who, date)
    made = study_drafts.study(key, {**values, "title": values.get("title") or row.label}, included)
    called = getattr(batch.columns, "label", ())
    if called and (row.label != row.study or called == batch.columns.study):
        made["label"] = _told_apart(row.label, key)
    elif str(values.get("authors", "")).endswith(" et al."):
        made["label"] = f"{values['firstAuthor']} et al. ({study_drafts.dated(key, values)})"
    elif not values.get("firstAuthor"):
        made["label"] = _told_apart(row.label, key)
    if not values:
        return {each: value for each, value in made.items() if each != "reports"}
    if "title" not in values:
        made["reports"][0]["title"] = made["label"]
    return made
