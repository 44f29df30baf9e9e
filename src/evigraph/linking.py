"""New studies into a review: what linking files would change, and the documents that do it."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evigraph import data, graph, matching
from evigraph.data import Document
from evigraph.errors import DataError
from evigraph.ingest import Batch, Decision, Record
from evigraph.matching import Match
from evigraph.paths import Workspace

REPORT_KEYS = (
    *("title", "authors", "year", "container", "volume", "issue", "pages", "doi", "pmid", "eric", "openalex", "url"),
    *("publisher", "kind", "firstAuthor", "authorCount"),
)
"""The keys that a report has from its record."""


@dataclass
class Plan:
    """What linking would change.

    Attributes:
        contents: new and changed documents by name. batches: what was read, in order. matches: each duplicate with
        what it duplicates, by the record's id. ids: the records' ids, a list for each batch. studies: the new studies'
        labels by document name. reports: the report that each included new record identifies. notes: what else a
        person should know. cells: what each coder of an extraction sheet coded, by coder.
    """

    contents: dict[str, dict[str, Any]] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    matches: dict[str, Match] = field(default_factory=dict)
    ids: list[list[str]] = field(default_factory=list)
    studies: dict[str, str] = field(default_factory=dict)
    reports: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    cells: dict[str, list[tuple[str, str, str, str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """How files are linked.

    Attributes:
        who: who links them, or empty. label: what the search is called; the file's name if empty. screen: records
        without a decision wait for one, instead of becoming studies. update: what a sheet codes otherwise than the
        review goes before it. by: a recipe for the sheets. date: YYYY-MM-DD, of the linking.
    """

    who: str = ""
    label: str = ""
    screen: bool = False
    update: bool = False
    by: Path | None = None
    date: str = field(default_factory=lambda: datetime.datetime.now(datetime.UTC).date().isoformat())


def plan(documents: list[Document], batches: list[Batch], options: Options) -> Plan:
    """What linking the batches to the documents changes; nothing is written.

    Raises:
        DataError: a study document of a batch has an id that another content has already.
    """
    made = Plan(batches=list(batches))
    taken = {document.name for document in documents}
    reports = _reports(documents)
    known = [*reports, *_records(documents)]
    new: list[dict[str, Any]] = []
    searches: list[tuple[str, Batch]] = []
    for batch in batches:
        made.ids.append([])
        if batch.studies:
            _own_studies(made, batch, documents)
            continue
        if batch.tables or (batch.extracts and not batch.records):
            continue  # what is coded there is taken when the studies are known, see `extracting` and `recoding`
        slug = _free(f"{options.date}-{slugged(batch.path.stem)[:40]}", "records/", taken)
        searches.append((slug, batch))
        for position, record in enumerate(batch.records, 1):
            made.ids[-1].append(f"record/{slug}/{position}")
            new.append({**record.values, "id": made.ids[-1][-1]})
    made.matches = {match.record: match for match in matching.matches(new, known)}
    _studies(made, documents, taken, _decided(searches, options))
    for slug, batch in searches:
        made.contents[f"records/{slug}"] = _search(made, slug, batch, options)
    return made


def _reports(documents: Iterable[Document]) -> list[dict[str, Any]]:
    return [
        report
        for document in documents
        if document.name.startswith("studies/")
        for report in document.content.get("reports", [])
    ]


def _records(documents: Iterable[Document]) -> list[dict[str, Any]]:
    return [
        record
        for document in documents
        if document.name.startswith("records/")
        for record in document.content.get("records", [])
        if "duplicateOf" not in record
    ]


def slugged(text: str) -> str:
    """A text as a part of an id: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(each for each in plain if not unicodedata.combining(each))).strip("-")


def _free(slug: str, folder: str, taken: set[str]) -> str:
    """The slug, or with the first letter or number after it that no document of the folder has; it is taken then."""
    endings = ["", *(f"-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")]
    found = next((slug + each for each in endings if folder + slug + each not in taken), None)
    number = 27
    while found is None:
        found = f"{slug}-{number}" if f"{folder}{slug}-{number}" not in taken else None
        number += 1
    taken.add(folder + found)
    return found


def _decided(searches: list[tuple[str, Batch]], options: Options) -> dict[str, tuple[Record, str]]:
    """The records that are included, with what that rests on, by id; the rest wait for a decision, or are excluded."""
    found = {}
    for slug, batch in searches:
        for position, record in enumerate(batch.records, 1):
            if basis := _included(record, options):
                found[f"record/{slug}/{position}"] = record, basis
    return found


def _included(record: Record, options: Options) -> str:
    """What the inclusion of a record rests on, or nothing if it isn't included."""
    if not record.decisions:
        return "" if options.screen else f"Linked as a study{f' by {options.who}' if options.who else ''}."
    verdicts = verdict_of(record.decisions)
    who = ", ".join(dict.fromkeys(each.who for each in record.decisions if each.who))
    stage = "full text" if any(each.stage == "full-text" for each in record.decisions) else "title and abstract"
    return f"Included on {stage}{f' by {who}' if who else ''}." if verdicts == "include" else ""


def verdict_of(decisions: Iterable[Decision]) -> str:
    """What decisions come to: that of the last stage, and `maybe` where reviewers differ."""
    listed = list(decisions)
    last = [each for each in listed if each.stage == "full-text"] or listed
    said = {each.verdict for each in last}
    return said.pop() if len(said) == 1 else "maybe"


def _studies(made: Plan, documents: list[Document], taken: set[str], included: dict[str, tuple[Record, str]]) -> None:
    """A study for every included publication that is in no study yet."""
    held = {report["id"] for report in _reports(documents)}
    held |= {record["id"] for record in _records(documents) if "identifies" in record}
    earlier = {record["id"]: record for record in _records(documents)}
    for identity, (record, basis) in included.items():
        first = made.matches[identity].other if identity in made.matches else identity
        if first in held:
            continue
        values = earlier.get(first) or next((r.values for i, (r, _) in included.items() if i == first), record.values)
        if "title" not in values:
            made.notes.append(f"{identity} has no title, so that no study is made of it; it is kept as a record")
            continue
        held.add(first)
        key = _free(_key(values), "studies/", taken)
        made.contents[f"studies/{key}"] = study(key, values, basis)
        made.studies[f"studies/{key}"] = str(made.contents[f"studies/{key}"]["label"])
        if first in earlier:
            identify(made, documents, first, f"report/{key}")
        else:
            made.reports[first] = f"report/{key}"


def identify(made: Plan, documents: list[Document], record: str, report: str) -> None:
    """Let a record that was linked earlier name the report that it has now."""
    name = f"records/{record.split('/')[1]}"
    content = made.contents.get(name) or next(each.content for each in documents if each.name == name)
    rows = [{**each, "identifies": report} if each["id"] == record else each for each in content["records"]]
    made.contents[name] = {**content, "records": rows}


def waiting(contents: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The records, of documents by name, that are no study yet and duplicate none."""
    return [
        record
        for name, content in contents.items()
        if name.startswith("records/")
        for record in content["records"]
        if not {"duplicateOf", "identifies"} & set(record)
    ]


def _key(values: dict[str, Any]) -> str:
    name = slugged(str(values.get("firstAuthor") or ""))[:40].strip("-") or slugged(str(values["title"]))[:40].strip(
        "-"
    )
    return f"{name or 'study'}-{values.get('year', 'undated')}"


def study(key: str, values: dict[str, Any], basis: str) -> dict[str, Any]:
    """A study's document with one report, made of a record's values."""
    names = [name.partition(",")[0].strip() for name in str(values.get("authors", "")).split("; ") if name]
    first = str(values.get("firstAuthor") or "") or str(values["title"])[:60]
    count = int(values.get("authorCount", len(names) or 1))
    with_others = {1: first, 2: f"{first} and {names[1] if len(names) > 1 else 'another'}"}.get(
        count, f"{first} et al."
    )
    content = {
        "id": f"study/{key}",
        "type": "Study",
        "label": f"{with_others} ({values.get('year', 'n.d.')})",
        "reports": [
            {"id": f"report/{key}", "type": "Report", **{k: values[k] for k in REPORT_KEYS if k in values}},
        ],
        "inclusion": {"id": f"inclusion/{key}", "type": "Inclusion", "state": "stated", "basis": basis},
    }
    return graph.arranged(content)


def _search(made: Plan, slug: str, batch: Batch, options: Options) -> dict[str, Any]:
    """A search's document: the file, and every record that it holds."""
    rows = []
    for position, record in enumerate(batch.records, 1):
        identity = f"record/{slug}/{position}"
        row = {"id": identity, "type": "Record", "position": position, "line": record.line, **record.values}
        if match := made.matches.get(identity):
            row["duplicateOf"] = match.other
            row["matches"] = [_match(slug, position, match)]
        elif identity in made.reports:
            row["identifies"] = made.reports[identity]
        if decisions := _decisions(slug, position, record, options):
            row["decisions"] = decisions
        rows.append(graph.arranged(row))
    content = {
        **{"id": f"search/{slug}", "type": "Search", "label": options.label or batch.path.name, "date": options.date},
        **{"count": batch.present, "file": batch.path.name, "digest": batch.digest, "format": batch.format},
        **({"decidedBy": options.who} if options.who else {}),
        **({"rejected": [f"line {e.line}: {e.reason}" for e in batch.rejected]} if batch.rejected else {}),
    }
    return {**graph.arranged(content), "records": rows}


def _match(slug: str, position: int, match: Match) -> dict[str, Any]:
    return {
        **{"id": f"match/{slug}/{position}", "type": "Match", "comparedWith": match.other, "sameness": "same"},
        **{"basis": match.basis, "score": match.score if match.score % 1 else int(match.score)},
    }


def _decisions(slug: str, position: int, record: Record, options: Options) -> list[dict[str, Any]]:
    linked = Decision("include", "full-text", options.who, "Linked as a study.", options.date)
    given = record.decisions or (() if options.screen else (linked,))
    found = []
    for number, each in enumerate(given, 1):
        decision = {
            **{"id": f"decision/{slug}/{position}-{number}", "type": "ScreeningDecision", "verdict": each.verdict},
            **{"screeningStage": each.stage, "decidedBy": each.who, "basis": each.reason, "date": each.date},
        }
        found.append({key: value for key, value in decision.items() if value})
    return found


def _own_studies(made: Plan, batch: Batch, documents: list[Document]) -> None:
    """Study documents of ours: a new one is taken, the same one again is passed over, another one is an error."""
    held = {document.name: document.content for document in documents} | made.contents
    for place, content in enumerate(batch.studies, 1):
        name = f"studies/{str(content.get('id', '')).removeprefix('study/')}"
        if not re.fullmatch(r"studies/[a-z0-9][a-z0-9-]*", name) or not isinstance(content.get("label"), str):
            message = f"study {place}: the id is `study/` and small letters, digits and hyphens, and a label is needed"
            raise DataError(batch.path, 0, message)
        if name in held and graph.arranged(content) != graph.arranged(held[name]):
            message = f"{content['id']} is in the review already, and differs; rename it, or edit {name}.yaml"
            raise DataError(batch.path, 0, message)
        if name in held:
            made.notes.append(f"{content['id']} is in the review already, the same")
        else:
            made.contents[name] = graph.arranged(content)
            made.studies[name] = content["label"]


def merged(workspace: Workspace, documents: list[Document], made: Plan) -> list[Document]:
    """The documents as they would be, checked.

    Raises:
        DataError: a document can't be taken as it would stand.
    """
    kept = [document for document in documents if document.name not in made.contents]
    new = [Document(file(workspace, name), name, content) for name, content in made.contents.items()]
    found = sorted([*kept, *new], key=lambda document: document.name)
    data.check(found, new)
    return found


def file(workspace: Workspace, name: str) -> Path:
    """The file of a document."""
    return workspace.review / f"{name}{'.json' if name.startswith('records/') else '.yaml'}"


def writes(workspace: Workspace, made: Plan) -> dict[Path, bytes | None]:
    """The files that the plan writes, with their content."""
    return {
        file(workspace, name): (data.dump_records(each) if name.startswith("records/") else data.dump(each)).encode()
        for name, each in made.contents.items()
    }
