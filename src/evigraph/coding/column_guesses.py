"""What each column of an extraction sheet may be, guessed from its heading, its cells and the codebook."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from evigraph.coding import joint_guesses
from evigraph.coding.cell_separators import separated
from evigraph.coding.codebook import Book, slug
from evigraph.coding.recipe_text import Draft, quoted, sentences
from evigraph.coding.sheet_look import BIBLIOGRAPHIC, SURE, Look, numbers
from evigraph.ingest import decisions
from evigraph.ingest.extraction import Table, folded, key

CODED = 0.5
"""The share of different values that have to be codes, for a column to be one of codes."""
LISTS = {"stakeholders": "concerns", "benefits": "benefit", "drawbacks": "drawback", "contentFocuses": "focus"}
DECIMAL = {"0.0", "1.0"}
"""What a column of weights has; its neighbours have 0.5 too."""
ABSTRACTS = ("abstract", "zusammenfassung", "résumé", "resumen")


class Guesser:
    """Looks at one column after the other."""

    def __init__(self, table: Table, book: Book) -> None:
        """Begin with a table and the codes that the review has."""
        self._table, self._book, self._made = table, book, Draft()
        self._look = Look(table)
        self._headings, self._cells = self._look.headings, self._look.cells
        rules = decisions.rules()
        self._consensus = set(rules["consensus"])
        self._marks = {folded(word): name for name, words in rules["marks"].items() for word in words}
        self._taken = joint_guesses.told(self._look, book, self._made)

    def run(self) -> Draft:
        """Guess every column, the surest kinds first."""
        steps: tuple[Callable[[str], bool], ...] = (
            self._claimed,
            self._empty,
            self._study,
            self._reviewer,
            self._bibliographic,
            self._noted,
            self._place,
            self._question,
            self._statement,
            self._outcome,
            self._stance,
            self._effect,
            self._said,
            self._marked,
            self._coded,
            self._number,
        )
        for heading in self._headings:
            if not any(step(heading) for step in steps):
                self._attribute(heading, "text")
        self._made.by = joint_guesses.by_suffixed_years(self._look, self._made)
        self._made.settle()
        self._made.take_quantities(self._table, self._headings)
        return self._made

    def _claimed(self, heading: str) -> bool:
        return heading in self._taken or heading in self._made.ignore

    def _empty(self, heading: str) -> bool:
        cells = set(map(folded, self._cells[heading]))
        if not cells:
            self._made.ignore[heading] = "no cell is filled"
        elif cells <= {"na", "n/a"}:
            self._made.ignore[heading] = "every cell is NA"
        return heading in self._made.ignore

    def _study(self, heading: str) -> bool:
        cited = bool(self._made.study) and key(heading) in self._look.known["container"] and self._look.cited(heading)
        if not (cited or self._look.named(heading, "study")) or self._made.label:
            return False
        if not self._made.study:
            self._made.study = heading
        elif len(set(self._cells[heading])) > len(set(self._cells[self._made.study])):
            self._made.ignore[heading] = "it names the rows, not the studies"
        else:
            self._made.label = heading
        return True

    def _reviewer(self, heading: str) -> bool:
        found = self._look.named(heading, "reviewer") and not self._made.reviewer
        if found:
            self._made.reviewer = heading
            names = dict.fromkeys(self._cells[heading])
            self._made.consensus = [name for name in names if self._consensus & set(re.findall(r"\w+", folded(name)))]
        return found

    def _bibliographic(self, heading: str) -> bool:
        for name in BIBLIOGRAPHIC:
            if name not in self._made.fields and self._look.bibliographic(name, heading):
                self._made.fields[name] = heading
                return True
        return False

    def _noted(self, heading: str) -> bool:
        if self._look.named(heading, "notes"):
            self._made.ignore[heading] = "notes"
        elif key(heading) in ABSTRACTS:
            self._made.ignore[heading] = "it belongs to its publisher"
        return heading in self._made.ignore

    def _finding(self, name: str, heading: str, why: str, *more: str) -> bool:
        if name in self._made.finding:
            return False
        self._made.finding[name] = ([f"column: {quoted(heading)}", *more], why)
        return True

    def _place(self, heading: str) -> bool:
        return self._look.named(heading, "place") and self._finding("place", heading, "where it stands in the report")

    def _question(self, heading: str) -> bool:
        values = self._look.values(heading)
        split, known = separated(values, lambda text: self._book.find("questions", text) is not None)
        if values and (known >= SURE or (self._look.named(heading, "answers") and known > 0)):
            return self._finding("answers", heading, "its cells are questions of the review", *split)
        return False

    def _statement(self, heading: str) -> bool:
        return self._look.named(heading, "statement") and self._finding(
            "statement", heading, "what was found, in words"
        )

    def _outcome(self, heading: str) -> bool:
        if not self._look.named(heading, "outcome"):
            return False
        for name in ("benefits", "drawbacks"):
            split, known = separated(self._look.values(heading), self._knows(name))
            if known >= CODED:
                return self._finding(LISTS[name], heading, f"its cells are {name} of the codebook", *split)
        return self._finding("outcome", heading, "what was measured")

    def _stance(self, heading: str) -> bool:
        """Its cells are stances, which the heading has to say: a column of yes and no may be about anything."""
        known = [self._book.said("stance", text) for text in self._cells[heading]]
        sure = self._look.named(heading, "stance") and sum(each is not None for each in known) >= CODED * len(known) > 0
        return sure and self._finding("stance", heading, "what is said to the question")

    def _said(self, heading: str) -> bool:
        for name, why in (("condition", "what has to hold"), ("modality", "how firmly it is said")):
            if self._look.named(heading, name):
                return self._finding(name, heading, why)
        return False

    def _effect(self, heading: str) -> bool:
        values = self._cells[heading]
        known = [self._book.said("effect", text) for text in values]
        share = sum(each is not None for each in known) / max(len(values), 1)
        words = {folded(text) for text in values}
        marks = words - {"?"} <= set(self._marks)  # 0 and 1 are marks before they are effects
        sure = share >= SURE and len(set(known) - {None}) > 1 and not marks
        if sure or (self._look.named(heading, "effect") and share >= CODED):
            return self._finding("effect", heading, "which way the effect goes")
        return False

    def _marked(self, heading: str) -> bool:
        marks = [self._marks.get(folded(text)) for text in self._look.values(heading)]
        if not marks or None in marks or "yes" not in marks or set(self._look.values(heading)) >= DECIMAL:
            return False
        group, _, item = heading.rpartition(" | ")
        for name, finding in LISTS.items():
            code = self._book.find(name, item)
            if code is not None:
                told = (["one-hot:"], f"marks under headings that are {name}")
                hot, _ = self._made.finding.setdefault(finding, told)
                if hot[0] == "one-hot:":
                    hot.append(f"  {quoted(heading)}: {quoted(self._book.label(code))}")
                    return True
        words = set(map(folded, self._cells[heading]))
        hot = ["one-hot:", f"  {quoted(heading)}: {quoted(item)}"]
        if group:
            self._made.attributes.append(
                (slug(group) or "group", ["one-hot:", f"  {quoted(heading)}: {quoted(item)}"], "")
            )
        elif words <= {"0", "1"} or words & {"x", "✓", "✔"}:
            self._made.attributes.append(("marked", ["one-hot:", f"  {quoted(heading)}: {quoted(item)}"], ""))
        else:
            self._attribute(heading, "text")
        return True

    def _knows(self, name: str) -> Callable[[str], bool]:
        return lambda text: self._book.find(name, text) is not None

    def _coded(self, heading: str) -> bool:
        values = self._look.values(heading)
        for name, finding in LISTS.items():
            split, known = separated(values, self._knows(name))
            if known >= CODED and self._finding(finding, heading, f"its cells are {name} of the codebook", *split):
                return True
        return False

    def _number(self, heading: str) -> bool:
        numeric, comma = numbers(self._look.values(heading))
        if not numeric:
            return False
        if comma:
            self._made.decimal = ","
        self._attribute(heading, "number")
        return True

    def _attribute(self, heading: str, kind: str) -> None:
        name = slug(heading)[:60].strip("-") or f"column-{self._table.headings.index(heading) + 1}"
        if any(name == known for known, _, _ in self._made.attributes):
            name = f"{name}-{self._table.headings.index(heading) + 1}"
        values = self._look.values(heading)
        split, why = [], "numbers" if kind == "number" else "text"
        if kind == "text":
            mark = next((m for m in (";", "|") if sum(m in t for t in values) > 0.1 * len(values)), "")
            mark = "" if sentences(values, mark) else mark
            known, share = separated(values, lambda text: self._book.attribute_value(name, text) is not None)
            split = known if share >= CODED else [f"split: {quoted(mark)}"] if mark else []
            distinct = Counter(folded(each) for each in values)
            many = f"{len(distinct)} different values" if len(distinct) > 1 else "always the same"
            why = "codes of the codebook" if share >= CODED else many
        source = [f"column: {quoted(heading)}", *split, *(["as: number"] if kind == "number" else [])]
        self._made.attributes.append((name, source, why))
