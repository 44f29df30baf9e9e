"""What each coder judged of findings that were there already: `codings/findings/<coder>.csv`, a row a finding."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from evigraph.data import short
from evigraph.data.documents import Document, base
from evigraph.errors import DataError
from evigraph.paths import Workspace, visible

FIELDS = ("stance", "effect", "modality", "concerns", "informant")
"""What is judged of a finding; a file has `finding` and those of these that its coder judged."""
NOT_REPORTED = "not-reported"

Fields = dict[str, str]
"""The value of each field; several are the keys of codes, sorted and separated by blanks. Nothing judged is empty."""


def read(workspace: Workspace) -> dict[str, dict[str, Fields]]:
    """What each coder gave, by coder and by the finding's id without `finding/`; none if there is no such folder.

    Raises:
        DataError: a file isn't CSV in UTF-8 with a column `finding` and some of `FIELDS`.
    """
    found: dict[str, dict[str, Fields]] = {}
    for path in visible(workspace.review, "codings/findings/*.csv"):
        try:
            with path.open(encoding="utf-8", newline="") as lines:
                rows = list(csv.DictReader(lines))
            names = [name for name in FIELDS if rows and name in rows[0]]
            found[path.stem] = {row["finding"]: {n: " ".join(sorted(row[n].split())) for n in names} for row in rows}
        except (OSError, KeyError, AttributeError, UnicodeDecodeError, csv.Error) as error:
            raise DataError(path, 0, f"not a coding: {error}; its columns are those of docs/documents.md") from None
    return found


def of_finding(finding: dict[str, Any]) -> Fields:
    """The same of a finding as its document has it."""

    def people(key: str) -> str:
        if key in finding.get("notReported", []):
            return NOT_REPORTED
        return " ".join(sorted(each.rpartition("/")[2] for each in finding.get(key, [])))

    stances = {each.get("stance", "") for each in short.said(finding.get("answers")).values()}
    return {
        "stance": " ".join(sorted(stances)),
        "effect": finding.get("effect", ""),
        "modality": finding.get("modality", ""),
        "concerns": people("concerns"),
        "informant": people("informant"),
    }


def violations(workspace: Workspace, documents: list[Document]) -> Iterator[tuple[str, str, str]]:
    """Where the consensus says of a finding what none of those who judged it said."""
    codings = read(workspace)
    findings = [f for document in documents for f in document.content.get("findings", [])] if codings else []
    for finding in findings:
        key = finding["id"].removeprefix("finding/")
        given = [rows[key] for rows in codings.values() if key in rows]
        mine = of_finding(finding)
        for name in FIELDS:
            said = {fields[name] for fields in given if name in fields}
            if said and mine[name] not in said:
                shown = ", ".join(f"`{each or 'nothing'}`" for each in sorted(said))
                key_of = "answers" if name == "stance" else name
                message = f"{name} `{mine[name] or 'nothing'}`, and the coders gave {shown}; mend it, or a coding"
                yield base(documents) + finding["id"], key_of, message
