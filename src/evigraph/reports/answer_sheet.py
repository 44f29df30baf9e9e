"""The answer sheet of a question: what the graph holds on it, and nothing else."""

from __future__ import annotations

import html
import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from evigraph import queries
from evigraph.errors import UsageError
from evigraph.paths import Workspace
from evigraph.queries import Cell, Table
from evigraph.reports import table_formats
from evigraph.store import Store

STANCES = ("supports", "conditional", "mixed", "against", "context", "not-addressed", "")
EFFECTS = ("positive", "negative", "mixed", "none", "unclear", "")
UNSAID = "not coded"
Ask = Callable[[str], Table]
"""Who answers a canned query of that name, with its default arguments."""


@dataclass(frozen=True)
class Sheet:
    """Everything the graph holds on one question.

    Attributes:
        notation: `RQ6` or `Goal 1`. question: its text. parts: titled tables, in reading order.
        notes: what a part counts or means, by its title.
    """

    notation: str
    question: str
    parts: dict[str, Table]
    notes: dict[str, str]


def sheet(workspace: Workspace, store: Store, name: str) -> Sheet:
    """The sheet of a question or goal, asked of a store; see `of`.

    Raises:
        UsageError: the review has no such question.
    """
    return of(lambda each: queries.run(store, queries.load(workspace, each)), name)


def of(ask: Ask, name: str) -> Sheet:
    """The sheet of a question or goal, named `RQ6`, `rq-6`, `Goal 1` or `goal-1`; `ask` answers canned queries by name.

    Raises:
        UsageError: the review has no such question.
    """
    asked = ask("questions").rows
    wanted = _plain(name)
    match = next(((str(n), str(text)) for n, text in asked if _plain(str(n)) == wanted), None)
    if match is None:
        raise UsageError(f"no question is called `{name}`; there are {', '.join(str(n) for n, _ in asked)}", name)
    notation, text = match
    table = ask("findings")
    rows: list[dict[str, Cell]] = [{k: v or "" for k, v in zip(table.columns, row, strict=True)} for row in table.rows]
    rows = [row for row in rows if row["question"] == notation]
    flagged = _retracted(ask, {row["study"] for row in rows})
    parts = {
        **({"Retracted": flagged} if flagged.rows else {}),
        "What the review concludes": _concluded(ask, notation),
        "Studies by stance": _by(rows, "stance", STANCES),
        "Studies by effect": _by(rows, "effect", EFFECTS),
        "Studies by stakeholder": _by_stakeholder(rows),
        "Statements": _statements(rows),
        "Opposite directions": _opposed(ask, rows),
        "Discrepancies": _discrepancies(ask, notation, rows),
    }
    notes = {
        "Retracted": "Studies below of which a report was retracted; `--without-retracted` leaves them out.",
        "What the review concludes": "In the words of its coders; `evigraph trace` opens each of its places.",
        "Studies by stance": f"What studies say to the question as it is put. Unit: distinct studies, of "
        f"{len({r['study'] for r in rows})} with a finding on it.",
        "Studies by effect": "Which way an outcome goes for whom it concerns, where an effect is told.",
        "Studies by stakeholder": "Unit: distinct studies; a study counts under each stance that it takes.",
        "Opposite directions": "Studies with a positive and a negative finding on one thing for one stakeholder, and "
        "how they differ. Findings that name no outcome, benefit or drawback are compared with each other.",
        "Discrepancies": "Where the paper disagrees with itself in this section or its tables.",
    }
    return Sheet(notation, text, parts, notes)


def _concluded(ask: Ask, notation: str) -> Table:
    """What the review itself says to the question."""
    table = ask("syntheses")
    place = {name: i for i, name in enumerate(table.columns)}
    columns = ("stance", "condition", "statement", "limitations", "places")
    rows = [tuple(row[place[name]] for name in columns) for row in table.rows if row[place["question"]] == notation]
    return Table("syntheses", columns, rows)


def _retracted(ask: Ask, studies: set[Cell]) -> Table:
    """Which of the studies were retracted, and why that is known."""
    table = ask("retracted")
    rows = [(row[0], *row[2:5]) for row in table.rows if row[0] in studies and row[2] in queries.retracted.MEANT]
    return Table("retracted", ("study", "what", "notice", "date"), rows)


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace(" ", "")


def _counted(rows: list[dict[str, Cell]]) -> int:
    return len({row["study"] for row in rows})


def _by(rows: list[dict[str, Cell]], key: str, words: tuple[str, ...]) -> Table:
    """How many studies and findings say each word; an effect that isn't told is no row, a stance that isn't is one."""
    groups = {word: [row for row in rows if row[key] == word] for word in words}
    shown = {word or UNSAID: group for word, group in groups.items() if group and (word or key == "stance")}
    return Table(f"{key}s", (key, "studies", "findings"), [(w, _counted(g), len(g)) for w, g in shown.items()])


def _by_stakeholder(rows: list[dict[str, Cell]]) -> Table:
    names = dict.fromkeys(who for row in rows for who in str(row["stakeholders"]).split(", ") if who)
    used = [s for s in STANCES if any(row["stance"] == s for row in rows)]
    cells: list[tuple[Cell, ...]] = []
    for who in names:
        mine = [row for row in rows if who in str(row["stakeholders"]).split(", ")]
        cells.append((who, *(_counted([row for row in mine if row["stance"] == s]) for s in used), _counted(mine)))
    return Table("stakeholders", ("stakeholder", *(each or UNSAID for each in used), "studies"), cells)


def _statements(rows: list[dict[str, Cell]]) -> Table:
    ordered = sorted(rows, key=lambda row: (STANCES.index(str(row["stance"])), EFFECTS.index(str(row["effect"]))))
    columns = ("stance", "effect", "statement", "study", "cited", "locator")
    return Table("statements", columns, [tuple(row[name] for name in columns) for row in ordered])


def _opposed(ask: Ask, rows: list[dict[str, Cell]]) -> Table:
    contraries = {row[1]: row[0] for row in ask("contraries").rows}
    known: dict[str, str] = {}
    columns = ("stakeholder", "about", "effect", "study", "what is known of it")
    cells: list[tuple[Cell, ...]] = []
    for who in dict.fromkeys(who for row in rows for who in str(row["stakeholders"]).split(", ") if who):
        mine = [row for row in rows if who in str(row["stakeholders"]).split(", ")]
        for about in dict.fromkeys(_about(row, contraries) for row in mine):
            # A finding that names no outcome may be about any, and is set against those that don't either.
            theirs = [row for row in mine if _about(row, contraries) == about]
            sides = {effect: _studies(theirs, effect) for effect in ("positive", "negative")}
            if all(sides.values()):
                known = known or _known(ask("attributes").rows)
                for effect, studies in sides.items():
                    cells += [(who, about, effect, study, known.get(study, "not reported")) for study in studies]
    return Table("opposites", columns, cells)


def _about(row: dict[str, Cell], contraries: dict[Cell, Cell]) -> Cell:
    """What a finding is about: its outcome or benefit, or the benefit that its drawback denies."""
    return contraries.get(row["concept"], row["concept"])


def _studies(rows: list[dict[str, Cell]], effect: str) -> list[str]:
    return list(dict.fromkeys(str(row["study"]) for row in rows if row["effect"] == effect))


def _known(rows: list[tuple[Cell, ...]]) -> dict[str, str]:
    """What is known of each study, in a line."""
    found: dict[str, dict[str, None]] = {}
    for study, attribute, value, *_ in rows:
        if value and attribute in {"design", "sample", "country"}:
            found.setdefault(str(study), {})[f"{attribute}: {value}"] = None
    return {study: "; ".join(told) for study, told in found.items()}


def _discrepancies(ask: Ask, notation: str, findings: list[dict[str, Cell]]) -> Table:
    """Those at a place of the section, or of a table that answers the same question."""
    places = [str(row["locator"]) for row in findings]
    tables = {" ".join(place.split(" ")[:2]) for place in places if place.startswith("Table ")}
    table = ask("discrepancies")
    columns = ("origin", "severity", "sentence", "places")
    sections = (f"{notation} ", *tables)
    place = {name: i for i, name in enumerate(table.columns)}
    rows = [r for r in table.rows if any(p.startswith(sections) for p in str(r[place["places"]]).split("; "))]
    return Table("discrepancies", columns, [tuple(row[place[name]] for name in columns) for row in rows])


def as_text(each: Sheet, width: int = 80) -> str:
    """For a terminal, so many columns wide."""
    lines = [*textwrap.wrap(f"{each.notation}: {each.question}", width), ""]
    for title, table in each.parts.items():
        lines += [title, "=" * len(title)]
        lines += textwrap.wrap(each.notes.get(title, ""), min(width, 100))
        lines += ["", table_formats.as_table(table, width).rstrip() if table.rows else "none", ""]
    return "\n".join(lines).rstrip() + "\n"


def as_markdown(each: Sheet) -> str:
    """For a manuscript in Markdown."""
    text = f"# {each.notation}: {each.question}\n"
    for title, table in each.parts.items():
        note = f"{each.notes[title]}\n\n" if title in each.notes else ""
        text += f"\n## {title}\n\n{note}{table_formats.as_markdown(table) if table.rows else 'none' + chr(10)}"
    return text


def as_html(each: Sheet) -> str:
    """For a manuscript in HTML: a section, to be put into a page."""
    text = f"<section>\n<h1>{html.escape(each.notation)}: {html.escape(each.question)}</h1>\n"
    for title, table in each.parts.items():
        note = f"<p>{html.escape(each.notes[title])}</p>\n" if title in each.notes else ""
        body = table_formats.as_html(table) if table.rows else "<p>none</p>\n"
        text += f"<h2>{html.escape(title)}</h2>\n{note}{body}"
    return text + "</section>\n"


def as_json(each: Sheet) -> str:
    """For a program."""
    parts = {title: json.loads(table_formats.as_json(table)) for title, table in each.parts.items()}
    whole = {"notation": each.notation, "question": each.question, "parts": parts}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


FORMATS = {"table": as_text, "md": as_markdown, "html": as_html, "json": as_json}
