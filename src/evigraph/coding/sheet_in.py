"""What extraction sheets say, into the documents of studies: new studies, attributes and findings, and conflicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from evigraph.coding import appraisals, codebook, consensus, groups, results, schemes_in, study_rows
from evigraph.coding.cell_values import Resolver
from evigraph.coding.characteristics import Characteristics
from evigraph.coding.codebook import Book
from evigraph.coding.consensus import Agreed
from evigraph.coding.findings import COMPARED, Findings, plain
from evigraph.coding.study_names import Names, new_study
from evigraph.coding.study_reports import Reports
from evigraph.data import Document, quads
from evigraph.ingest import Batch, Extract
from evigraph.ingest.extraction import Columns
from evigraph.linking import Options, Plan, searches, study_drafts
from evigraph.matching.traits import folded

OWN = "characteristics"
"""The values of a record."""


@dataclass
class Outcome:
    """What extraction comes to.

    Attributes:
        studies: the documents of studies that are new or changed, by name. new: the labels of the new ones. notes: what
        a person should know: conflicts, disagreements, words that no code knows. cells: what each coder coded.
    """

    studies: dict[str, dict[str, Any]] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    cells: dict[str, list[tuple[str, str, str, str]]] = field(default_factory=dict)
    identified: dict[str, str] = field(default_factory=dict)


def apply(
    batch: Batch, book: Book, held: dict[str, dict[str, Any]], records: list[dict[str, Any]], options: Options
) -> Outcome:
    """What a batch's rows change in the documents held, by name; new codes, places and coders go into the book.

    `records` are those that were linked earlier and may be of a study that is new.
    """
    made = Outcome()
    names = Names({name: content for name, content in held.items() if name.startswith("studies/")})
    waiting = Names({each["id"]: {"reports": [each]} for each in records})
    origin = batch.format or "a sheet"
    codes = schemes_in.declare(book, batch.schemes, origin)
    made.notes += schemes_in.judge(book, batch.tools, origin)
    columns: Columns | None = batch.columns
    several = columns is not None and columns.reports == "several"
    seen: dict[str, None] = {}
    for found in study_rows.studies(batch.extracts, several):
        made.notes += [f"{batch.path.name} {note}" for note in found.notes]
        rows, values = found.rows, found.publications[0]
        name = names.find(rows[0], values, seen, columns.reports if columns else "one")
        if name is None and batch.records:
            made.notes.append(
                f"row {rows[0].line}: `{rows[0].label}` is coded, but is no study of the review; left out"
            )
            continue
        record = waiting.known[held_]["reports"][0] if name is None and (held_ := waiting.find(rows[0], values)) else {}
        values = {**{key: value for key, value in record.items() if key in study_drafts.REPORT_KEYS}, **values}
        if name is None and not found.notes and (held_title := names.title_of_another(rows[0], values)):
            made.notes.append(
                study_rows.two_titles(f"{batch.path.name} row {rows[0].line}", rows[0], held_title, values)
            )
        name = name or names.new(rows[0], values)
        seen[name] = None
        before = held.get(name) or made.studies.get(name)
        content = before or new_study(name, rows[0], values, batch, options.who, options.date)
        one = _Study(name.removeprefix("studies/"), content, batch, book, made, options.update, codes)
        one.report([values, *found.publications[1:]], several)
        one.identify(rows[0])
        one.code(rows, options.who, options.date)
        one.content = book.with_places(one.content)
        if quads.arranged(one.content) != (quads.arranged(before) if before else None):
            made.studies[name] = quads.arranged(one.content)
            names.known[name] = made.studies[name]
            names.index(name, made.studies[name])
            if before is None:
                made.new[name] = str(one.content["label"])
                if values and "title" not in values:
                    made.notes.append(f"{one.key}: has no title, so that its label stands for one")
                made.identified |= {record["id"]: f"report/{one.key}"} if record else {}
    return made


def link(made: Plan, documents: list[Document], options: Options) -> None:
    """Add to a plan what the extraction sheets among its batches say."""
    if not any(batch.extracts for batch in made.batches):
        return
    held = codebook.contents(documents, made.contents)
    book = Book(held)
    for batch in made.batches:
        if not batch.extracts:
            continue
        found = apply(batch, book, held, searches.waiting(held), options)
        held |= found.studies
        made.contents |= found.studies
        made.studies |= found.new
        made.notes += found.notes
        for record, report in found.identified.items():
            searches.identify(made, documents, record, report)
        for coder, cells in found.cells.items():
            made.cells.setdefault(codebook.slug(coder), []).extend(cells)
    made.contents |= book.changed


class _Study:
    """One study's document as it becomes."""

    def __init__(
        self,
        key: str,
        content: dict[str, Any],
        batch: Batch,
        book: Book,
        made: Outcome,
        update: bool,
        codes: dict[str, str],
    ) -> None:
        self.key = key
        self.content = dict(content)
        self._batch, self._book, self._made, self._update = batch, book, made, update
        self._columns: Columns = batch.columns
        self._declared = codes

    def _note(self, text: str) -> None:
        self._made.notes.append(f"{self.key}: {text}")

    def report(self, publications: list[dict[str, Any]], several: bool) -> None:
        """Fill in what the study's reports lack; what differs is a conflict."""
        found = Reports(self.key, self.content, self._conflict, self._note, self._update)
        for values in publications:
            found.take(values, several)
        self.content |= {"reports": found.held} if found.held else {}

    def identify(self, row: Extract) -> None:
        """Keep what the team itself calls the study, where neither its key nor its label nor its title says it."""
        titles = [each.get("title", "") for each in self.content.get("reports", [])]
        known = {folded(each) for each in (self.key, self.content["label"], *titles)}
        held = self.content.get("identifiers", [])
        if folded(row.identifier) not in {*known, *map(folded, held), ""}:
            if held and not any(":" in each for each in (*held, row.identifier)):
                self._note(
                    f"row {row.line} of {self._batch.path.name} calls it `{row.identifier}`, and it is `{held[0]}`"
                )
            self.content["identifiers"] = [*held, row.identifier]

    def _conflict(self, what: str, held: object, given: object) -> None:
        done = "changed, as --update says" if self._update else "kept as it is; --update takes the new one"
        self._note(f"{what} is `{held}` in the review and `{given}` in {self._batch.path.name}; {done}")

    def code(self, rows: list[Extract], who: str, date: str) -> None:
        """Attributes and findings, from the consensus or from what all coders say."""
        rows = groups.named(rows)
        resolver = Resolver(self._columns, self._book, self._batch.path.name, self._made.notes, self._declared)
        agreed = consensus.agreed(self.key, rows, resolver.attributes, resolver.finding)
        results.agree(agreed, self.key, rows, resolver.result)
        self._made.notes += agreed.notes
        for coder, cells in agreed.cells.items():
            self._made.cells.setdefault(coder, []).extend(cells)
        own, of_groups = groups.apart(agreed.attributes)
        several = self._characteristics(f"characteristic/{self.key}", list(self.content.get("characteristics", [])))
        for attribute, (values, place) in own.items():
            several.take(attribute, values, place)
        self.content |= {"characteristics": several.held} if several.held else {}
        if told := groups.told(self.key, rows, bool(self._columns.groups), self._made.notes):
            found = groups.Groups(self.key, self.content)
            found.take(told, of_groups, self._characteristics, self._conflict, self._update)
            self.content["groups"] = found.held
        if agreed.findings:
            self._findings(agreed, who, date)
        if self._columns.appraisals:
            self._appraisals(rows, agreed, who, date)
        if agreed.results:
            self._results(agreed, who, date)

    def _results(self, agreed: Agreed, who: str, date: str) -> None:
        found = results.Results(self.key, self.content)
        told = [(coders, self._placed(found.with_groups(result))) for coders, result in agreed.results]
        found.take(told, lambda coders: self._coding(coders, agreed, who, date), self._conflict, self._update)
        self.content |= {"groups": found.groups} if found.groups else {}
        self.content["results"] = found.held

    def _place(self, text: str) -> str:
        return self._book.place(self.key, text, self._of_review)

    def _placed(self, told: dict[str, Any]) -> dict[str, Any]:
        """A result with places by their ids; its own values stand where it does, unless they say otherwise."""
        own = [{**e, "locatedAt": self._place(e.get("locatedAt", told["locatedAt"]))} for e in told.get(OWN, [])]
        return {**told, "locatedAt": self._place(told["locatedAt"])} | ({OWN: own} if own else {})

    def _characteristics(self, stem: str, held: list[dict[str, Any]]) -> Characteristics:
        return Characteristics(stem, held, self._book, self._place, self._conflict, self._update)

    @property
    def _of_review(self) -> bool:
        return self._columns.place_in == "review"

    def _findings(self, agreed: Agreed, who: str, date: str) -> None:
        found = Findings(self.key, list(self.content.get("findings", [])))
        for coders, finding in agreed.findings:
            new = {**finding, "locatedAt": self._place(finding.get("locatedAt", ""))}
            if found.has(new):
                continue
            other = found.other(new)
            if other is None:
                found.add({**new, "coding": self._coding(coders, agreed, who, date)})
                continue
            for key in (key for key in COMPARED if plain(new.get(key)) != plain(other.get(key))):
                self._conflict(f"{key} of {other['id']}", plain(other.get(key)), plain(new.get(key)))
            if self._update:
                found.replace(other, {**new, "coding": self._coding(coders, agreed, who, date)})
        if found.held:
            self.content["findings"] = found.held

    def _appraisals(self, rows: list[Extract], agreed: Agreed, who: str, date: str) -> None:
        judge = appraisals.Judge(self._columns, self._book, self._batch.path, self._made.notes)
        found = judge.appraisals(self.key, rows)
        for coder, cells in judge.cells.items():
            self._made.cells.setdefault(coder, []).extend(cells)
        taking = appraisals.Taking(
            self.key,
            lambda coders: self._coding(coders, agreed, who, date),
            self._place,
            self._conflict,
            self._update,
        )
        if held := judge.taken(self.content.get("appraisals", []), found, taking):
            self.content["appraisals"] = held

    def _coding(self, coders: tuple[str, ...], agreed: Agreed, who: str, date: str) -> str:
        named = coders or ((who,) if who else (f"Coders of {self._batch.path.name}",))
        informed = [self._book.coding([coder], date) for coder in agreed.cells] if agreed.by_consensus else []
        return self._book.coding(named, date, informed)
