"""An extraction sheet as a guess looks at it: its headings, the cells below each, and what both look like."""

from __future__ import annotations

import re

from evigraph.ingest import decisions, recipes, records
from evigraph.ingest.extraction import Table, flat, folded, key
from evigraph.paths import SHIPPED

SURE = 0.8
"""The share of cells that have to fit a guess."""
BIBLIOGRAPHIC = (
    *("title", "authors", "firstAuthor", "year", "container", "volume", "issue", "pages", "doi", "pmid", "url"),
)
TELLING = ("title", "doi", "authors", "firstAuthor", "year")
"""The fields of a publication that tell studies apart, where no column of studies does."""
MINUS = "-\N{MINUS SIGN}"


class Look:
    """A table to be looked at.

    Attributes:
        table: the sheet. headings: each once, in order. cells: the filled cells below each. words: what people call
        each kind of column, as headings are compared. states: the words for what isn't known.
    """

    def __init__(self, table: Table) -> None:
        """Look at a table."""
        self.table = table
        self.headings = [each for each in dict.fromkeys(table.headings) if key(each)]
        fields = recipes.load(SHIPPED / "ingest" / "sheet.yaml").fields
        self.known = {name: {key(each) for each in flat(fields.get(name, []))} for name in BIBLIOGRAPHIC}
        rules = decisions.rules()
        self.words = {kind: {key(word) for word in words} for kind, words in rules["headings"].items()}
        self.states = {folded(word) for words in rules["states"].values() for word in words}
        self.cells = {
            heading: [text for _, cells in table.rows for text in cells.get(key(heading), [])]
            for heading in self.headings
        }

    def named(self, heading: str, kind: str) -> bool:
        """Whether a column is called as columns of that kind are."""
        return key(heading.rpartition(" | ")[2]) in self.words[kind]

    def values(self, heading: str) -> list[str]:
        """The cells that say something."""
        return [text for text in self.cells[heading] if folded(text) not in self.states]

    def numeric(self, heading: str) -> bool:
        """Whether its cells are numbers."""
        return numbers(self.values(heading))[0]

    def bibliographic(self, name: str, heading: str) -> bool:
        """Whether a column is that field of a publication, by its heading and its cells."""
        return key(heading.rpartition(" | ")[2]) in self.known[name] and self._looks(name, heading)

    def _looks(self, name: str, heading: str) -> bool:
        """Whether the cells are what the heading says: `Number` may be of an issue, or of participants."""
        if name == "container":
            return not self.cited(heading)
        if name not in ("year", "doi", "url", "issue", "volume", "pages"):
            return True
        cleaner = records.CLEANERS.get(name)
        values = self.values(heading)
        if cleaner is None:
            names = {folded(each) for each in self.headings}
            return {"volume", "issue", "pages"} <= names or "journal" in names
        return sum(cleaner(text) is not None for text in values) >= SURE * len(values) > 0

    def cited(self, heading: str) -> bool:
        """Whether its cells are names of studies, such as `Hooker et al. (2002)`."""
        values = self.values(heading)
        found = sum(bool(re.fullmatch(r"\D{2,80}[\s,(]\(?(1[89]|20)\d\d[a-z]?\)?", text)) for text in values)
        return found >= SURE * len(values) > 0

    def of_publication(self, heading: str) -> bool:
        """Whether a column tells publications apart by its heading."""
        return any(key(heading.rpartition(" | ")[2]) in self.known[name] for name in TELLING)

    def row_numbers(self) -> list[str]:
        """Columns that only number the rows, though called as if of studies: another one names a study on several."""
        named = [h for h in self.headings if self.named(h, "study") and self.cells[h]]
        rows = len(self.table.rows)
        once = [h for h in named if len(set(self.cells[h])) == rows > 1 and self.numeric(h)]
        others = [h for h in named if h not in once][:1]
        told = [*others, *(h for h in self.headings if self.of_publication(h))]
        studies = {self._row(cells, told) for _, cells in self.table.rows}
        return once if others and len(studies) < rows else []

    @staticmethod
    def _row(cells: dict[str, list[str]], headings: list[str]) -> tuple[str, ...]:
        return tuple(" ".join(cells.get(key(each), [])) for each in headings)

    def telling(self, used: list[str], taken: set[str], rows_only: list[str]) -> str:
        """A column that tells rows of a study apart which are alike in what is used, if there are such rows."""
        names = [h for h in self.headings if self.named(h, "study") and h not in rows_only][:1]
        who = names or [h for h in self.headings if self.of_publication(h)]
        rows: list[tuple[tuple[str, ...], dict[str, list[str]]]] = []
        above: tuple[str, ...] = ()
        for _, cells in self.table.rows:
            own = self._row(cells, who)
            above = own if any(own) else above
            rows.append((above + self._row(cells, used), cells))
        kinds = len({base for base, _ in rows})
        if kinds == len(rows):
            return ""
        free = [h for h in self.headings if self.cells[h] and h not in {*taken, *who} and not self.named(h, "notes")]
        free = [h for h in free if not self.of_publication(h)]
        told = {h: len({base + self._row(cells, [h]) for base, cells in rows}) for h in free}
        best = max(told.values(), default=kinds)
        fewest = [h for h in free if told[h] == best > kinds]
        return min(fewest, key=lambda h: (self.numeric(h), len(set(self.cells[h]))), default="")


def numbers(values: list[str]) -> tuple[bool, bool]:
    """Whether cells are numbers, and whether their decimals stand behind a comma."""
    before = rf"[<>=~]?\s*[+{MINUS}]?"
    dots = sum(bool(re.fullmatch(before + r"\d*(\d|\.\d+)([eE][-+]?\d+)?\s*%?", text)) for text in values)
    commas = sum(bool(re.fullmatch(before + r"\d+(,\d{1,2}|,\d{4,})?\s*%?", text)) for text in values)
    return bool(values) and max(dots, commas) >= SURE * len(values), commas > dots
