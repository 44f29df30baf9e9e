"""Which study a row is about, and what a new one is called."""

from __future__ import annotations

from typing import Any

from evigraph import linking, matching
from evigraph.codebook import slug
from evigraph.ingest import Batch
from evigraph.ingest.model import Extract
from evigraph.matching import folded


class Names:
    """Which study a row is about: by its key or label, an identifier of a report, or title and year."""

    def __init__(self, known: dict[str, dict[str, Any]]) -> None:
        """Index the studies that are known."""
        self.known = known
        self._found: dict[tuple[str, ...], str] = {}
        for name, content in known.items():
            self._index(name, str(content.get("label", "")), content.get("reports", []))

    def _index(self, name: str, label: str, reports: list[dict[str, Any]]) -> None:
        marks: list[tuple[str, ...]] = [
            ("name", name),
            ("name", folded(name.removeprefix("studies/"))),
            ("name", folded(label)),
        ]
        for report in reports:
            marks += [
                *matching.identifiers(report),
                ("title", folded(report.get("title", "")), str(report.get("year", ""))),
            ]
        for mark in marks:
            self._found.setdefault(mark, name)

    def find(self, row: Extract, values: dict[str, Any]) -> str | None:
        """The name of the study's document; a name alone doesn't tell, where identifiers or titles differ."""
        for mark in matching.identifiers(values):
            if mark in self._found:
                return self._found[mark]
        title = folded(values.get("title", ""))
        if title and (found := self._found.get(("title", title, str(values.get("year", ""))))):
            return found
        for word in (row.study, row.label):
            found = self._found.get(("name", folded(word)))
            titles = [folded(each.get("title", "")) for each in self.known.get(found or "", {}).get("reports", [])]
            if found and not (title and titles and title not in titles):
                return found
        return None

    def new(self, row: Extract, values: dict[str, Any]) -> str:
        """A free name for a study."""
        stem = slug(
            f"{values.get('firstAuthor') or ''}-{values.get('year', '')}" if values.get("firstAuthor") else row.label
        )
        stem = stem[:60].strip("-") or "study"
        endings = (
            "",
            *(f"-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"),
            *(f"-{i}" for i in range(27, 100_000)),
        )
        name = next(f"studies/{stem}{each}" for each in endings if ("name", f"studies/{stem}{each}") not in self._found)
        self._index(name, row.label, [{**values}] if values.get("title") else [])
        self._found.setdefault(("name", folded(row.study)), name)
        self.known[name] = {}
        return name


def new_study(name: str, row: Extract, values: dict[str, Any], batch: Batch, who: str) -> dict[str, Any]:
    """A study's document, with a report where there is a title."""
    key = name.removeprefix("studies/")
    basis = f"Extracted from {batch.path.name}{f' by {who}' if who else ''}."
    if values.get("title"):
        made = linking.study(key, values, basis)
        if str(values.get("authors", "")).endswith(" et al."):
            return {**made, "label": f"{values['firstAuthor']} et al. ({values.get('year', 'n.d.')})"}
        return made if values.get("firstAuthor") else {**made, "label": row.label}
    return {
        "id": f"study/{key}",
        "type": "Study",
        "label": row.label,
        "inclusion": {"id": f"inclusion/{key}", "type": "Inclusion", "state": "stated", "basis": basis},
    }
