"""What stands in the cells of a map: one class for each study, and why a cell is empty."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from evigraph.figures.marks import EFFECTS, STANCES
from evigraph.figures.palette import CLASSES
from evigraph.figures.refusals import refuse
from evigraph.figures.words import plain
from evigraph.queries import Table

NO_STUDY, NOT_ASKED, NOT_CODED = "no study", "not asked", "not coded"
"""Why a cell is empty."""
MOST_SQUARES = 24
"""With a cell of more, a map has bars for squares."""


@dataclass(frozen=True)
class Side:
    """A row or a column: its key, its label, and what it is called in short where it has a name for that."""

    key: str
    label: str
    short: str = ""

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return self.short or self.label


@dataclass
class Cell:
    """A cell: the class of each study by its key, the row of the query that is its first, and why it is empty."""

    classes: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    place: int = 0
    state: str = ""

    @property
    def total(self) -> int:
        """How many studies are in it."""
        return len(self.classes)

    def counts(self) -> list[tuple[str, int]]:
        """How many studies are of each class, in the order in which squares stand."""
        found = Counter(self.classes.values())
        return [(kind, found[kind]) for kind in (*CLASSES, "study") if found[kind]]

    def squares(self) -> list[tuple[str, str, str]]:
        """Class, key and label of each study, in the order in which squares stand."""
        order = [*CLASSES, "study"]
        found = [(kind, study, self.labels[study]) for study, kind in self.classes.items()]
        return sorted(found, key=lambda each: (order.index(each[0]), each[2], each[1]))


@dataclass
class Map:
    """A map: its sides, its cells, and what its directions are (`stance`, `effect` or nothing)."""

    rows: list[Side]
    columns: list[Side]
    cells: dict[tuple[str, str], Cell]
    kind: str
    studies: set[str]

    def cell(self, row: Side, column: Side) -> Cell:
        """A cell, empty if no study is in it."""
        return self.cells.get((row.key, column.key)) or Cell(state=NO_STUDY)

    def of(self, row: Side | None = None, column: Side | None = None) -> int:
        """How many studies a row or a column has, each once."""
        return len({
            study
            for (in_row, in_column), cell in self.cells.items()
            for study in cell.classes
            if (row is None or in_row == row.key) and (column is None or in_column == column.key)
        })  # fmt: skip

    def most(self) -> int:
        """How many studies the fullest cell has."""
        return max((cell.total for cell in self.cells.values()), default=0)

    def scale(self) -> int:
        """Where a cell has more squares than can be counted, how many make the longest bar; else 0, for squares."""
        return self.most() if self.most() > MOST_SQUARES else 0

    def classes(self) -> list[str]:
        """The classes that it has, in order."""
        found = {kind for cell in self.cells.values() for kind in cell.classes.values()}
        return [kind for kind in (*CLASSES, "study") if kind in found]

    def states(self) -> list[str]:
        """Why its empty cells are empty."""
        found = {self.cell(row, column).state for row in self.rows for column in self.columns}
        return [state for state in (NO_STUDY, NOT_ASKED, NOT_CODED) if state in found]

    def turned(self) -> Map:
        """The same with rows as columns."""
        cells = {(column, row): cell for (row, column), cell in self.cells.items()}
        return Map(self.columns, self.rows, cells, self.kind, self.studies)


def read(table: Table, kind: str, within: str = "any") -> Map:
    """The map of the rows of `gap-map`; `kind` is `stance` or `effect`, `within` how one study's findings make a class.

    `any`: a study that says both is *says both*. `share:0.7`: it is so unless that share points one way.
    """
    share = _share(within)
    rows: dict[str, Side] = {}
    columns: dict[str, Side] = {}
    said: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    cells: dict[tuple[str, str], Cell] = {}
    names = {name: i for i, name in enumerate(table.columns)}
    classes = STANCES if kind == "stance" else EFFECTS
    directed = any(row[names["direction"]] for row in table.rows)
    for place, row in enumerate(table.rows, 1):
        key, label, other, other_label, study, study_label, direction = (
            plain("" if row[names[name]] is None else row[names[name]])
            for name in ("row", "row_label", "column", "column_label", "study", "study_label", "direction")
        )
        rows.setdefault(key, Side(key, label))
        columns.setdefault(other, Side(other, other_label))
        cell = cells.setdefault((key, other), Cell(place=place))
        cell.labels[study] = study_label
        word = classes.get(direction.replace(" ", "-"), "unclear") if directed else "study"
        said[key, other][study].append(word)
    for at, studies in said.items():
        cells[at].classes = {study: combined(words, share) for study, words in studies.items()}
    studies_in = {study for cell in cells.values() for study in cell.classes}
    order = merged([[column for row, column in said if row == key] for key in rows])
    return Map([*rows.values()], [columns[name] for name in order], cells, kind if directed else "", studies_in)


def merged(lists: list[list[str]]) -> list[str]:
    """One order of names out of lists that each have some of them in it."""
    order: list[str] = []
    for names in lists:
        for i, name in enumerate(names):
            if name not in order:
                after = next((order.index(later) for later in names[i + 1 :] if later in order), len(order))
                order.insert(after, name)
    return order


def _share(within: str) -> float:
    how, _, share = within.partition(":")
    if how == "any" and not share:
        return 0.0
    try:
        found = float(share)
    except ValueError:
        found = 0.0
    if how != "share" or not 0.5 < found <= 1:
        raise refuse(f"within-study={within} is neither `any` nor a share such as `share:0.7`, above a half")
    return found


def combined(words: list[str], share: float = 0.0) -> str:
    """The class of a study from those of its findings in one cell."""
    pointing = [word for word in words if word in {"positive", "mixed", "negative"}]
    if not pointing:
        return min(words, key=[*CLASSES, "study"].index)
    for way in ("positive", "negative"):
        if all(word == way for word in pointing) or (share and pointing.count(way) / len(pointing) >= share):
            return way
    return "mixed"
