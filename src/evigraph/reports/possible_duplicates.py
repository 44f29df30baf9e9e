"""Pairs of records that may be of one publication, as a person compares them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from evigraph.errors import counted
from evigraph.queries import Table
from evigraph.reports import table_formats

QUERY = "possible-duplicates"
"""The canned query that finds them."""
DECIDED = "duplicates"
"""The canned query that has every judgement."""
LISTED = 100
"""As many letters of a list of authors, and as many words of a title, are shown at most."""


@dataclass(frozen=True)
class Side:
    """One record of a pair.

    Attributes:
        id: of the record, or of a study's report. title: as it says. about: authors, year and place in one line.
    """

    id: str
    title: str
    about: str


@dataclass(frozen=True)
class Pair:
    """Two records that may be one.

    Attributes:
        record, other: the two. basis: why they may be one. score: how much of them agrees, from 0 to 1, as it is shown.
    """

    record: Side
    other: Side
    basis: str
    score: str

    @property
    def commands(self) -> dict[str, str]:
        """What decides: each command with what it says."""
        both = f"{self.record.id} {self.other.id}"
        return {f"evigraph same {both}": "they are one", f"evigraph distinct {both}": "they are two"}


def pairs(table: Table) -> list[Pair]:
    """The pairs of the query's answer, in its order."""
    rows = [dict(zip(table.columns, map(table_formats.text, row), strict=True)) for row in table.rows]
    return [Pair(_side(row, "record", ""), _side(row, "other", "other_"), row["basis"], row["score"]) for row in rows]


def _side(row: dict[str, str], name: str, prefix: str) -> Side:
    told = {key: row[prefix + key].strip() for key in ("title", "authors", "year", "place")}
    who = told["authors"] if len(told["authors"]) <= LISTED else told["authors"][: LISTED - 2].rstrip() + " …"
    about = ". ".join(each for each in (f"{who} ({told['year']})" if told["year"] else who, told["place"]) if each)
    return Side(row[name], told["title"] or "(no title)", about or "(nothing else is known)")


def waiting(count: int) -> str:
    """How many pairs wait, in a sentence."""
    what = "1 pair of records waits" if count == 1 else f"{count} pairs of records wait"
    return f"{what} to be decided, and each is counted as two publications until then"


def merged(table: Table) -> Table:
    """The rows of `duplicates` whose records are one publication by now."""
    at = table.columns.index("verdict"), table.columns.index("duplicate_of")
    return replace(table, rows=[row for row in table.rows if row[at[0]] == "same" and row[at[1]]])


def merged_as_text(table: Table) -> str:
    """These rows for a terminal, each with the command that parts the two."""
    lines = [f"{counted(len(table.rows), 'record is', 'records are')} of the publication of another one."]
    for number, row in enumerate(table.rows, 1):
        told = dict(zip(table.columns, map(table_formats.text, row), strict=True))
        lines += ["", f"{number}. {told['title'] or '(no title)'}", f"   {told['basis']} (score {told['score']})"]
        lines += [f"   evigraph distinct {told['record']} {told['other']}   they are two"]
    return "\n".join(lines) + "\n"


def as_text(table: Table) -> str:
    """The pairs for a terminal, each with the commands that decide it."""
    found = pairs(table)
    if not found:
        return "No pair of records waits to be decided.\n"
    lines = [f"{waiting(len(found))}."]
    for number, pair in enumerate(found, 1):
        lines += ["", f"{number}. {pair.basis} (score {pair.score})"]
        for side in (pair.record, pair.other):
            lines += [f"   {side.id}", f"      {side.title}", f"      {side.about}"]
        width = max(map(len, pair.commands))
        lines += [f"   {command:{width}}   {meaning}" for command, meaning in pair.commands.items()]
    return "\n".join(lines) + "\n"
