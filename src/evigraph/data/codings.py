"""What each coder made of the text before the consensus: whole codings, and the cells that coders of sheets filled."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from evigraph import data
from evigraph.data.documents import Document
from evigraph.errors import DataError
from evigraph.paths import Workspace, visible

CODED = {"benefit": "concept", "quantities": "quantities"}
"""The keys of a finding that a coder fills in, with their names in a coding; the others are in `coded_fields`."""

CELL = ("study", "record", "key", "value")
"""The columns of `codings/cells/<coder>.csv`."""


@dataclass(frozen=True)
class Coded:
    """What one coder made of one finding, before the consensus.

    Attributes:
        locator, study: where it stands, and which study it is about. concept, quantities: keys and values, separated by
        blanks.
    """

    locator: str
    study: str
    concept: str
    quantities: str


def read(workspace: Workspace) -> dict[str, list[Coded]]:
    """The independent codings of the review by coder: every `codings/<coder>.csv`; none if there is no such folder.

    Raises:
        DataError: a file isn't CSV in UTF-8 with the columns of `Coded`.
    """
    found = {}
    for path in visible(workspace.review, "codings/*.csv"):
        try:
            with path.open(encoding="utf-8", newline="") as lines:
                found[path.stem] = [
                    Coded(**{field.name: row[field.name] for field in fields(Coded)}) for row in csv.DictReader(lines)
                ]
        except (KeyError, UnicodeDecodeError, csv.Error) as error:
            raise DataError(path, 0, f"not a coding: {error}; its columns are those of docs/documents.md") from None
    return found


def violations(workspace: Workspace, documents: list[Document]) -> Iterator[tuple[str, str, str]]:
    """Where the consensus has what no coder gave, or lacks what all of them gave."""
    codings = read(workspace)
    if not codings:
        return
    base = data.base(documents)
    mine = consensus(documents)
    others = _later(documents, set(codings), base)
    given = {coder: grouped((each.locator, each.study, each) for each in coding) for coder, coding in codings.items()}
    coded = {study for places in given.values() for _, study in places}
    for place in sorted(set(mine) | set.intersection(*map(set, given.values()))):
        locator, study = place
        theirs = [places[place] for places in given.values() if place in places]
        record = mine[place][0][0] if place in mine else f"{base}study/{study}"
        if place in mine and others & {iri for iri, _ in mine[place]}:
            continue
        if not theirs and study in coded:
            yield record, "locatedAt", f"no coder has a finding at {locator}; mend locatedAt, or add it to a coding"
        elif place not in mine:
            yield record, "findings", f"every coder has a finding at {locator}; restore it, or mend the codings"
        else:
            for key, name in CODED.items():
                values = sorted(getattr(each, name) for _, each in mine[place])
                if theirs and values not in [sorted(getattr(each, name) for each in group) for group in theirs]:
                    yield (
                        record,
                        key,
                        f"no coder gave `{', '.join(values)}` at {locator}; mend it, or add it to a coding",
                    )


def _later(documents: list[Document], coders: set[str], base: str) -> set[str]:
    """The findings, by IRI, of codings that none of these coders informed: somebody's own, or later ones."""
    nodes = [node for document in documents for node in document.content.get("codings", [])]
    independent = {f"coding/{name}" for name in coders}
    ours = {each["id"] for each in nodes if independent & set(each.get("informedBy", []))}
    findings = [finding for document in documents for finding in document.content.get("findings", [])]
    return {base + finding["id"] for finding in findings if ours and finding.get("coding") not in ours}


def grouped(entries: Iterable[tuple[str, str, Any]]) -> dict[tuple[str, str], list[Any]]:
    """Entries by locator and study."""
    found: dict[tuple[str, str], list[Any]] = {}
    for locator, study, entry in entries:
        found.setdefault((locator, study), []).append(entry)
    return found


def consensus(documents: list[Document]) -> dict[tuple[str, str], list[Any]]:
    """The findings of the documents as a coder would write them, each with its IRI, by locator and study."""
    base = data.base(documents)
    labels = {node["id"]: node.get("label", "") for d in documents for _, node in data.nodes(d.content)}
    rows = []
    for document in documents:
        study = document.name.removeprefix("studies/")
        for finding in document.content.get("findings", []):
            key = str(finding.get("benefit") or finding.get("drawback") or "")
            coded = Coded(
                labels.get(finding.get("locatedAt", ""), ""),
                study,
                last(key),
                " ".join(sorted(f"{quantity.get('value', 0):g}" for quantity in finding.get("quantities", []))),
            )
            rows.append((coded.locator, study, (base + finding["id"], coded)))
    return grouped(rows)


def cell_files(workspace: Workspace, cells: dict[str, list[tuple[str, str, str, str]]]) -> dict[Path, bytes]:
    """What each coder of an extraction sheet coded, as the files of `codings/cells/`; a study coded again is replaced.

    Raises:
        DataError: a file that is there isn't CSV in UTF-8.
    """
    found = {}
    for coder, rows in cells.items():
        path = workspace.review / "codings" / "cells" / f"{coder}.csv"
        studies = {row[0] for row in rows}
        kept = [row for row in _cells(path) if row and row[0] not in studies]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(CELL)
        whole: list[list[str]] = [*kept, *(list(row) for row in rows)]
        ordered = sorted(whole, key=lambda row: row[0])
        writer.writerows(ordered)
        found[path] = text.getvalue().encode()
    return found


def _cells(path: Path) -> list[list[str]]:
    try:
        text = path.read_text("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, 0, f"not a coding: {error}; restore it, or remove it") from None
    return list(csv.reader(io.StringIO(text)))[1:]


JUDGED = {"benefits": ("concept",), "drawbacks": ("concept",)} | {
    "stakeholders": ("stakeholders", "concerns", "informant"),
}
"""The columns of codings that hold keys of codes, by the list of the codebook that these are in."""


def recoded(workspace: Workspace, moved: list[tuple[str, str, str]]) -> dict[Path, bytes | None]:
    """The codings of findings that change where codes move: the list of each, its former and its new key.

    Raises:
        DataError: a coding isn't CSV in UTF-8.
    """
    return rewritten(workspace, ("codings/*.csv", "codings/findings/*.csv"), lambda rows: _moved(rows, moved))


def renamed(workspace: Workspace, attributes: dict[str, str]) -> dict[Path, bytes | None]:
    """The codings of values that change where attributes get other keys.

    Raises:
        DataError: a coding isn't CSV in UTF-8.
    """

    def change(rows: list[list[str]]) -> bool:
        heads = rows[0] if rows else []
        at = heads.index("attribute") if "attribute" in heads else len(heads)
        named = [row for row in rows[1:] if at < len(row) and row[at] in attributes]
        for row in named:
            row[at] = attributes[row[at]]
        return bool(named)

    return rewritten(workspace, ("codings/attributes/*.csv", "codings/cells/*.csv"), change)


def rewritten(
    workspace: Workspace, patterns: tuple[str, ...], change: Callable[[list[list[str]]], bool]
) -> dict[Path, bytes | None]:
    """The coders' files of those names in which `change` changes rows, as it says by what it returns.

    Raises:
        DataError: a coding isn't CSV in UTF-8.
    """
    found: dict[Path, bytes | None] = {}
    for path in visible(workspace.review, *patterns):
        try:
            with path.open(encoding="utf-8", newline="") as lines:
                rows = list(csv.reader(lines))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise DataError(path, 0, f"not a coding: {error}; restore it, or remove it") from None
        if change(rows):
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(rows)
            found[path] = text.getvalue().encode()
    return found


def _moved(rows: list[list[str]], moved: list[tuple[str, str, str]]) -> bool:
    """Put new keys for former ones in the rows of a coding; whether there were any."""
    changed = False
    for name, old, new in moved:
        columns = [i for i, heading in enumerate(rows[0] if rows else []) if heading in JUDGED.get(name, ())]
        for row in rows[1:]:
            for i in (each for each in columns if each < len(row) and old in row[each].split()):
                row[i] = " ".join(dict.fromkeys(new if key == old else key for key in row[i].split()))
                changed = True
    return changed


def last(identity: str) -> str:
    """The last part of an id: the key of a concept."""
    return identity.rsplit("/", 1)[-1]
