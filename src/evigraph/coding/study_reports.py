"""What sheets tell of a study's publications, into its reports: what lacks is added, what differs is a conflict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evigraph.coding.study_names import alike
from evigraph.linking import study_drafts
from evigraph.matching import identifiers
from evigraph.matching.traits import folded

COMPARED = (*identifiers.KINDS, "year", "title")
"""The keys of a report that two sources have to agree on."""


class Reports:
    """The reports of one study as they become.

    Attributes:
        held: the reports.
    """

    def __init__(
        self,
        key: str,
        content: dict[str, Any],
        conflict: Callable[[str, object, object], None],
        note: Callable[[str], None],
        update: bool,
    ) -> None:
        """Take those of a study's document; `conflict` and `note` tell a person."""
        self.held: list[dict[str, Any]] = list(content.get("reports", []))
        self._key, self._label = key, content["label"]
        self._conflict, self._note, self._update = conflict, note, update

    def take(self, values: dict[str, Any], several: bool) -> None:
        """Take what is told of one publication; where a study has `several`, it may be another report."""
        if not self.held:
            self.held = (
                study_drafts.study(self._key, values, study_drafts.Included())["reports"] if values.get("title") else []
            )
            return
        at = next((i for i, each in enumerate(self.held) if self._same(each, values)), None)
        if at is None and len(self.held) == 1 and not (several and values.get("title")):
            at = 0
        if at is not None:
            self.held[at] = self._filled(self.held[at], values)
        elif several and values.get("title"):
            self._add(values)
        elif values.get("title"):
            self._note(
                f"has {len(self.held)} reports, and none is “{values['title']}”; it isn't added, which"
                " `reports: several` below `columns` of the recipe would do"
            )

    def _same(self, report: dict[str, Any], values: dict[str, Any]) -> bool:
        if set(identifiers.of(report)) & set(identifiers.of(values)):
            return True
        title = values.get("title")
        return bool(title) and (report.get("title") == self._label or alike(str(title), str(report.get("title", ""))))

    def _add(self, values: dict[str, Any]) -> None:
        taken = {each["id"] for each in self.held}
        stem = f"report/{self._key}"
        identity = next(f"{stem}-{n}" for n in range(2, len(taken) + 3) if f"{stem}-{n}" not in taken)
        own = {key: values[key] for key in study_drafts.REPORT_KEYS if key in values}
        self.held.append({"id": identity, "type": "Report", **own})

    def _filled(self, held: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        report = dict(held)
        for key, value in values.items():
            if key not in study_drafts.REPORT_KEYS or report.get(key) == value:
                continue
            if key not in report or (key == "title" and report[key] == self._label):
                report[key] = value
            elif key in COMPARED and folded(report[key]) != folded(value):
                before = report[key]
                if self._update:
                    report[key] = value
                self._conflict(f"{key} of the report", before, value)
        return report
