"""What extraction sheets say, into the documents of studies: new studies, attributes and findings, and conflicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evigraph import codebook, consensus, graph, linking, matching
from evigraph.codebook import LISTS, Book, slug
from evigraph.consensus import Agreed, Attributes, Values
from evigraph.data import Document
from evigraph.ingest import Batch
from evigraph.ingest.mapping import Attribute, Columns
from evigraph.ingest.model import Extract, Said, Statement
from evigraph.linking import Options, Plan
from evigraph.matching import folded

REPORT = ("doi", "pmid", "eric", "openalex", "year", "title")
"""The keys of a report that two sources have to agree on."""
SHOWN = 8
"""How many places of one kind are named."""


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
    grouped: dict[str, list[Extract]] = {}
    for extract in batch.extracts:
        grouped.setdefault(folded(extract.study), []).append(extract)
    for rows in grouped.values():
        values = {key: value for row in reversed(rows) for key, value in row.values.items()}
        name = names.find(rows[0], values)
        if name is None and batch.records:
            made.notes.append(
                f"row {rows[0].line}: `{rows[0].label}` is coded, but is no study of the review; left out"
            )
            continue
        record = waiting.known[found]["reports"][0] if name is None and (found := waiting.find(rows[0], values)) else {}
        values = {**{key: value for key, value in record.items() if key in linking.REPORT_KEYS}, **values}
        name = name or names.new(rows[0], values)
        before = held.get(name) or made.studies.get(name)
        content = before or new_study(name, rows[0], values, batch, options.who)
        one = _Study(name.removeprefix("studies/"), content, batch, book, made, options.update)
        one.report(values)
        one.code(rows, options.who, options.date)
        if graph.arranged(one.content) != (graph.arranged(before) if before else None):
            made.studies[name] = graph.arranged(one.content)
            names.known[name] = made.studies[name]
            if before is None:
                made.new[name] = str(one.content["label"])
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
        found = apply(batch, book, held, linking.waiting(held), options)
        held |= found.studies
        made.contents |= found.studies
        made.studies |= found.new
        made.notes += found.notes
        for record, report in found.identified.items():
            linking.identify(made, documents, record, report)
        for coder, cells in found.cells.items():
            made.cells.setdefault(codebook.slug(coder), []).extend(cells)
    made.contents |= book.changed


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
        return made if values.get("firstAuthor") else {**made, "label": row.label}
    return {
        "id": f"study/{key}",
        "type": "Study",
        "label": row.label,
        "inclusion": {"id": f"inclusion/{key}", "type": "Inclusion", "state": "stated", "basis": basis},
    }


class _Study:
    """One study's document as it becomes."""

    def __init__(
        self, key: str, content: dict[str, Any], batch: Batch, book: Book, made: Outcome, update: bool
    ) -> None:
        self.key = key
        self.content = dict(content)
        self._batch, self._book, self._made, self._update = batch, book, made, update
        self._columns: Columns = batch.columns

    def _note(self, text: str) -> None:
        self._made.notes.append(f"{self.key}: {text}")

    def report(self, values: dict[str, Any]) -> None:
        """Fill in what the study's only report lacks; what differs is a conflict."""
        reports = self.content.get("reports", [])
        if len(reports) != 1:
            if not reports and values.get("title"):
                self.content["reports"] = linking.study(self.key, values, "")["reports"]
            return
        report = dict(reports[0])
        for key, value in values.items():
            if key not in linking.REPORT_KEYS or report.get(key) == value:
                continue
            if key not in report:
                report[key] = value
            elif key in REPORT and folded(report[key]) != folded(value):
                if self._update:
                    report[key] = value
                self._conflict(f"{key} of the report", report[key] if not self._update else reports[0][key], value)
        self.content["reports"] = [report]

    def _conflict(self, what: str, held: object, given: object) -> None:
        done = "changed, as --update says" if self._update else "kept as it is; --update takes the new one"
        self._note(f"{what} is `{held}` in the review and `{given}` in {self._batch.path.name}; {done}")

    def code(self, rows: list[Extract], who: str, date: str) -> None:
        """Attributes and findings, from the consensus or from what all coders say."""
        resolver = Resolver(self._columns, self._book, self._batch.path.name, self._made.notes)
        agreed = consensus.agreed(self.key, rows, resolver.attributes, resolver.finding)
        self._made.notes += agreed.notes
        for coder, cells in agreed.cells.items():
            self._made.cells.setdefault(coder, []).extend(cells)
        for attribute, (values, place) in agreed.attributes.items():
            self._attribute(attribute, values, place)
        if agreed.findings:
            self._findings(agreed, who, date)

    def _attribute(self, attribute: str, values: Values, place: str) -> None:
        new = [self._characteristic(attribute, value, place) for value in values]
        held = [each for each in self.content.get("characteristics", []) if each["attribute"] == attribute]
        if {_shown(each) for each in held} == {_shown(each) for each in new}:
            return
        if held:
            texts = ["; ".join(sorted(self._text(each) for each in several)) for several in (held, new)]
            self._conflict(attribute, *texts)
            if not self._update:
                return
        others = [each for each in self.content.get("characteristics", []) if each["attribute"] != attribute]
        numbered = [
            {"id": f"characteristic/{self.key}/{attribute}-{i}", "type": "Characteristic", **each}
            for i, each in enumerate(new, 1)
        ]
        self.content["characteristics"] = [*others, *numbered]

    def _characteristic(self, name: str, value: dict[str, Any], place: str) -> dict[str, Any]:
        located = value["state"] in ("stated", "inferred")
        where = {"locatedAt": self._book.place(self.key, place, self._of_review)} if located else {}
        return {"attribute": name, **value, **where}

    @property
    def _of_review(self) -> bool:
        return self._columns.place_in == "review"

    def _text(self, each: dict[str, Any]) -> str:
        concept = self._book.label(each["concept"]) if "concept" in each else ""
        return str(each.get("text") or concept or each.get("value") or each["state"])

    def _findings(self, agreed: Agreed, who: str, date: str) -> None:
        held = list(self.content.get("findings", []))
        left = list(held)
        for coders, finding in agreed.findings:
            new = {**finding, "locatedAt": self._book.place(self.key, finding.get("locatedAt", ""), self._of_review)}
            same = next((each for each in left if _content(each) == _content(new)), None)
            if same is not None:
                left.remove(same)
                continue
            other = next((each for each in left if _slot(each) == _slot(new)), None)
            coding = self._coding(coders, agreed, who, date)
            if other is None:
                held.append(self._numbered({**new, "coding": coding}, held))
                continue
            left.remove(other)
            differing = [k for k in (*new, *other) if new.get(k) != other.get(k) and k in _COMPARED]
            for key in dict.fromkeys(differing):
                self._conflict(f"{key} of {other['id']}", _plain(other.get(key)), _plain(new.get(key)))
            if self._update:
                held[held.index(other)] = self._numbered({**other, **new, "coding": coding}, held, other["id"])
        if held:
            self.content["findings"] = held

    def _coding(self, coders: tuple[str, ...], agreed: Agreed, who: str, date: str) -> str:
        named = coders or ((who,) if who else (f"Coders of {self._batch.path.name}",))
        informed = [self._book.coding([coder], date) for coder in agreed.cells] if agreed.by_consensus else []
        return self._book.coding(named, date, informed)

    def _numbered(self, finding: dict[str, Any], held: list[dict[str, Any]], identity: str = "") -> dict[str, Any]:
        taken = {each["id"] for each in held}
        number = len(held) + 1
        while not identity:
            candidate = f"finding/{self.key}/{number}"
            identity = candidate if candidate not in taken else ""
            number += 1
        made = {"id": identity, "type": "Finding", **{k: v for k, v in finding.items() if k not in ("id", "type")}}
        if "quantities" in made:
            stem = "quantity/" + identity.removeprefix("finding/")
            seen: dict[str, int] = {}
            for each in made["quantities"]:
                seen[each["kind"]] = seen.get(each["kind"], 0) + 1
            made["quantities"] = list(_with_ids(made["quantities"], stem))
        return made


def _with_ids(quantities: list[dict[str, Any]], stem: str) -> Iterator[dict[str, Any]]:
    taken: set[str] = set()
    for each in quantities:
        identity = f"{stem}/{each['kind']}"
        while identity in taken:
            identity += "-2"
        taken.add(identity)
        yield {**each, "id": identity, "type": "Quantity"}


_COMPARED = (
    *("answers", "concerns", "direction", "benefit", "drawback", "focus", "concept", "statement", "quantities"),
    "locatedAt",
)


def _content(finding: dict[str, Any]) -> str:
    """What a finding says, whoever coded it."""
    return repr([_plain(finding.get(key)) for key in _COMPARED])


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(sorted(str(_plain(each)) for each in value))
    if isinstance(value, dict):
        return f"{value.get('kind')} {value.get('comparator', '')}{value.get('value')} {value.get('unit')}"
    return value


def _slot(finding: dict[str, Any]) -> tuple[str, ...]:
    """What makes two findings one, be they coded differently: the same words, or the same code at the same place."""
    code = str(finding.get("benefit") or finding.get("drawback") or finding.get("concept") or "")
    answers = str(_plain(finding.get("answers")))
    return answers, code, folded(finding.get("statement", "")) if not code else str(finding.get("locatedAt"))


def _shown(characteristic: dict[str, Any]) -> str:
    keys = ("state", "concept", "value", "text", "basis")
    return repr([characteristic.get(key) for key in keys])


class Resolver:
    """Turns the words of a sheet into what documents hold: codes, numbers, states; unknown words stay texts."""

    def __init__(self, columns: Columns, book: Book, origin: str, notes: list[str]) -> None:
        """Resolve by a recipe's columns; `origin` is the file, for new codes."""
        self._columns, self._book, self._origin, self._notes = columns, book, origin, notes

    def _unknown(self, row: Extract, said: Said) -> None:
        self._notes.append(f"row {row.line}, {said.column}: `{said.text}` is no code that is known; kept as text")

    def attributes(self, row: Extract) -> Attributes:
        """The values of each attribute of a row as characteristics have them, and the place."""
        made: Attributes = {}
        for number, (said, basis, place) in row.attributes.items():
            rule = self._columns.attributes[number]
            if found := list(self._values(row, rule, said, basis)):
                before, at = made.get(rule.name, ([], place))
                made[rule.name] = [*before, *(each for each in found if each not in before)], at or place
        return made

    def _values(self, row: Extract, rule: Attribute, said: tuple[Said, ...], basis: str) -> Iterator[dict[str, Any]]:
        stated = any(each.state in ("stated", "inferred") for each in said)
        for each in {repr(one): one for one in said}.values():
            concept = self._concept(row, rule, each) if each.text and rule.kind == "code" else None
            if each.state in ("not-reported", "not-applicable") and concept is None:
                if not stated:
                    yield {"state": each.state}
                continue
            state = "inferred" if each.state == "inferred" else "stated"
            value: dict[str, Any] = {"state": state}
            if state == "inferred":
                value["basis"] = basis or f"{self._origin}, row {row.line}: {each.text} (inferred)"
            if concept is not None:
                value["concept"] = concept
            elif each.number is not None:
                value["value"] = int(each.number) if each.number.is_integer() else each.number
            else:
                value["text"] = each.text
                if rule.kind == "number":
                    self._notes.append(f"row {row.line}, {each.column}: `{each.text}` is no number; kept as text")
            yield value

    def _concept(self, row: Extract, rule: Attribute, said: Said) -> str | None:
        if rule.codes and rule.codes != "attributeValues":
            found = self._book.find(rule.codes, said.text)
            own = False
        else:
            found, own = self._book.attribute_value(rule.name, said.text), True
        if found is not None or said.state not in ("stated", "inferred"):
            return found
        if self._columns.new_codes == "add" and said.column:
            name = "attributeValues" if own else rule.codes
            return self._book.add_code(name, said.text, self._origin, attribute=rule.name if own else "")
        if rule.codes or self._book.has_codes(rule.name):
            self._unknown(row, said)
        return None

    def finding(self, row: Extract, stated: Statement) -> dict[str, Any] | None:
        """A finding as a document has it, with the place as text and without ids; nothing where no question is told."""
        keys = stated.keys
        made: dict[str, Any] = {"answers": self._answers(row, keys.get("answers", ()))}
        if not made["answers"]:
            return None
        left: list[str] = []
        concerns = sorted(
            {c for each in keys.get("concerns", ()) if (c := self._code(row, "concerns", each, left, ()))}
        )
        if concerns:
            made["concerns"] = concerns
        for key in ("benefit", "drawback", "focus", "outcome"):
            for each in keys.get(key, ()):
                if code := self._code(row, key, each, left, concerns):
                    made["concept" if key == "outcome" else key] = code
        made["direction"] = self._direction(row, keys.get("direction", ()), made, left)
        made["statement"] = self._statement(keys, made)
        made["locatedAt"] = " ".join(each.text for each in keys.get("place", ()) if each.state == "stated")
        if amounts := list(self._quantities(row, stated, left)):
            made["quantities"] = amounts
        if left:
            made["note"] = "; ".join(left)
        return made

    def _answers(self, row: Extract, said: tuple[Said, ...]) -> list[str]:
        found = [self._book.find("questions", each.text) for each in said]
        for each, code in zip(said, found, strict=True):
            if code is None:
                self._notes.append(
                    f"row {row.line}, {each.column or 'answers'}: `{each.text}` is no question of the review"
                )
        only = self._book.questions()
        if not said and len(only) == 1:
            return [only[0]["id"]]
        answers = sorted({each for each in found if each is not None})
        if not answers:
            self._notes.append(f"row {row.line}: a finding tells no question; name one in `answers`; it isn't taken")
        return answers

    def _code(self, row: Extract, key: str, said: Said, left: list[str], concerns: Any) -> str | None:
        name, attribute = LISTS[key], "outcome" if key == "outcome" else ""
        found = self._book.attribute_value(attribute, said.text) if attribute else self._book.find(name, said.text)
        if found is not None or not said.text:
            return found
        if said.state in ("not-reported", "not-applicable"):
            left.append(f"{key}: {said.state}")
            return None
        if self._columns.new_codes == "add":
            return self._book.add_code(name, said.text, self._origin, concerns, attribute)
        self._unknown(row, said)
        left.append(f"{key}: {said.text}")
        return None

    def _direction(self, row: Extract, said: tuple[Said, ...], made: dict[str, Any], left: list[str]) -> str:
        """The direction; a benefit is positive and a drawback negative, so that one that is told otherwise is none."""
        needed = "positive" if "benefit" in made else "negative" if "drawback" in made else ""
        found = next((code for each in said if (code := self._book.direction(each.text))), None)
        unknown = [each for each in said if each.text and each.state in ("stated", "inferred")]
        if found is None and unknown:
            self._unknown(row, unknown[0])
            left.append(f"direction: {unknown[0].text}")
        direction = found or ("unclear" if unknown or not needed else needed)
        if needed and direction != needed:
            key = "benefit" if "benefit" in made else "drawback"
            label = self._book.label(made.pop(key))
            left.append(f"{key}: {label}")
            self._notes.append(
                f"row {row.line}: `{label}` is a {key}, which is {needed}, and its direction is {direction}; kept as "
                "text; map the column to `outcome`, or mend the direction"
            )
        return direction

    def _statement(self, keys: dict[str, tuple[Said, ...]], made: dict[str, Any]) -> str:
        said = "; ".join(each.text for each in keys.get("statement", ()) if each.text)
        about = [e.text for key in ("benefit", "drawback", "outcome", "focus") for e in keys.get(key, ()) if e.text]
        return said or f"{', '.join(about) or 'An effect'}: {made['direction']}."

    def _quantities(self, row: Extract, stated: Statement, left: list[str]) -> Iterator[dict[str, Any]]:
        for kind, said, unit in stated.quantities:
            if said.number is None:
                self._notes.append(f"row {row.line}, {said.column}: `{said.text}` is no number; kept as text")
                left.append(f"{kind}: {said.text}")
                continue
            mark = said.text.strip()[:1]
            comparator = {"<": "<", ">": ">", "~": "~", "≈": "~", "≤": "<", "≥": ">"}.get(mark, "=")
            number = int(said.number) if said.number.is_integer() else said.number
            percent = "percent" if said.text.rstrip().endswith("%") else (unit or "number")
            yield {"kind": kind, "value": number, "unit": percent, "comparator": comparator}
