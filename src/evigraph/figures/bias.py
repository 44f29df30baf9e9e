"""Risk of bias, quality and certainty: what was judged of each study, a domain a column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from evigraph.figures.canvas import Canvas
from evigraph.figures.frame import About, Figure
from evigraph.figures.marks import key
from evigraph.figures.refusals import refuse
from evigraph.figures.words import SLACK, counted, listed, plain, width, wrapped
from evigraph.queries import Table

NAME = "risk-of-bias"
LEAST = 20.0
"""The least room of a column."""
_LEVELS = {
    "low": (
        "low",
        "low risk",
        "low risk of bias",
        "yes",
        "met",
        "not serious",
        "undetected",
        "no or very minor concerns",
    ),
    "some": (
        "some concerns",
        "some",
        "moderate",
        "moderate risk",
        "minor concerns",
        "moderate concerns",
        "serious concern",
    ),
    "high": (
        "high",
        "high risk",
        "high risk of bias",
        "serious",
        "critical",
        "no",
        "not met",
        "serious concerns",
        "very serious",
        "extremely serious",
        "strongly suspected",
    ),
    "no-information": ("no information", "unclear", "unclear risk", "can't tell", "not reported", "not applicable"),
}
LEVELS = {word: level for level, words in _LEVELS.items() for word in words}
SIGNS = {"low": "+", "some": "–", "high": "!", "no-information": "?"}
CERTAINTY = {"high": 4, "moderate": 3, "low": 2, "very low": 1}
"""How many of four rings a word of certainty fills."""


@dataclass
class Row:
    """What was judged of one thing: its name, and judgement and row of the query by domain."""

    about: str
    said: dict[str, tuple[str, int]] = field(default_factory=dict)


def draw(appraisals: Table, about: About) -> Figure:
    """The figure of the rows of `appraisals`, which have to be of one tool.

    Raises:
        FigureError: nothing was judged, with several tools, or with one that isn't named.
    """
    rows = [dict(zip(appraisals.columns, row, strict=True)) for row in appraisals.rows]
    if not rows:
        raise refuse("nothing is appraised; docs/appraisals.md tells how")
    tools = sorted({plain(row["tool"] or "") for row in rows})
    if "" in tools:
        raise refuse("an appraisal names no tool, and a judgement means nothing without; name it")
    if len(tools) > 1:
        raise refuse(f"these appraisals are by {listed(tools)}; choose one with -p tool=…, by its key or name")
    domains: list[str] = []
    found: dict[tuple[str, ...], Row] = {}
    for place, row in enumerate(rows, 1):
        thing = tuple(plain(row[name] or "") for name in ("about", "outcome", "time"))
        name = ", ".join(part for part in thing if part)
        domain = plain(row["domain"])
        if domain not in domains:
            domains.append(domain)
        found.setdefault(thing, Row(name)).said[domain] = (plain(row["judgement"] or "not reported"), place)
    canvas = about.canvas()
    _draw(canvas, [*found.values()], domains, about)
    words = [judgement for each in found.values() for judgement, _ in each.said.values()]
    counts = {word: words.count(word) for word in dict.fromkeys(words)}
    table = Table(NAME, ("about", *domains), [
        (each.about, *(each.said.get(domain, ("not judged", 0))[0] for domain in domains)) for each in found.values()
    ])  # fmt: skip
    sentence = f"{tools[0]}: {counted(len(found), 'appraisal')}, {counted(len(domains), 'domain')}."
    gaps = any(len(each.said) < len(domains) for each in found.values())
    described = ", ".join(f"{n} {word}" for word, n in counts.items()) + "."
    notes = ("An empty place: not judged.",) if gaps else ()
    heading = f"What was judged with {tools[0]}"
    return Figure(NAME, heading, sentence, described, canvas, table, about.source("appraisals"), notes, about.wide)


def _is_certainty(domain: str) -> bool:
    return bool(re.search(r"certainty|confidence|quality", domain, re.IGNORECASE))


def _draw(canvas: Canvas, rows: list[Row], domains: list[str], about: About) -> None:
    label = canvas.wide * (0.26 if about.wide else 0.42)
    each = max(1, int((canvas.wide - label) // LEAST))
    slot = (canvas.wide - label) / min(each, len(domains))
    longest = max(width(word, 11.5, bold=True) for domain in domains for word in domain.split(" ")) * SLACK
    numbered = len(domains) > each or slot < max(longest + 4, 56)
    y = 0.0
    for first in range(0, len(domains), each):  # more domains than have room stand below
        y = _panel(canvas, y, rows, [*enumerate(domains)][first : first + each], (label, slot, numbered), about)
    y = _legend(canvas, y + 18, rows)
    if numbered:  # what the numbers mean stands under the figure
        _names(canvas, y, domains, 3 if about.wide else 1)


def _panel(
    canvas: Canvas,
    y: float,
    rows: list[Row],
    domains: list[tuple[int, str]],
    sizes: tuple[float, float, bool],
    about: About,
) -> float:
    """Every row with some of the domains; where it ends."""
    label, slot, numbered = sizes
    y = _heads(canvas, y, domains, label, slot, numbered)
    for row in rows:
        canvas.line(0, y, canvas.wide, y)
        lines = wrapped(row.about, label - 8, 12)
        tall = max(20.0, len(lines) * 15.0 + 5)
        for i, line in enumerate(lines):
            canvas.text(0, y + tall / 2 + 4.2 + (i - (len(lines) - 1) / 2) * 15, line, size=12)
        for i, (_, domain) in enumerate(domains):
            if domain in row.said:
                judgement, place = row.said[domain]
                title = f"{judgement}: {domain}, {row.about}"
                data = {"row": row.about, "column": domain, "class": judgement}
                with canvas.link(about.link("appraisals", place), title, **data):
                    mark(canvas, judgement, _is_certainty(domain), label + slot * (i + 0.5), y + tall / 2)
        y += tall
    canvas.line(0, y, canvas.wide, y)
    return y


def _names(canvas: Canvas, y: float, domains: list[str], beside: int) -> None:
    """What the numbers of the heads mean, read down the columns."""
    each, wide = -(-len(domains) // beside), canvas.wide / beside
    for start in range(0, len(domains), each):
        at = y
        for i, domain in enumerate(domains[start : start + each], start + 1):
            at = canvas.lines(start // each * wide, at + 6, f"{i} {domain}", wide - 10, "soft", 12) - 6


def _heads(
    canvas: Canvas, y: float, domains: list[tuple[int, str]], label: float, slot: float, numbered: bool
) -> float:
    """The names of the columns, or numbers where names have no room; where the first row begins."""
    heads = [[str(i + 1)] if numbered else wrapped(name, slot - 4, 11.5, bold=True) for i, name in domains]
    tall = max(map(len, heads))
    for i, lines in enumerate(heads):
        for j, line in enumerate(lines):
            at = y + 18.0 + (tall - len(lines) + j) * 15
            canvas.text(label + slot * (i + 0.5), at, line, size=11.5, bold=True, anchor="middle")
    return y + tall * 15 + 14.0


def mark(canvas: Canvas, judgement: str, certainty: bool, x: float, y: float, r: float = 8) -> None:
    """A judgement's sign: a circle with a sign in it, or as many rings of four as a certainty fills."""
    filled = CERTAINTY.get(judgement.casefold()) if certainty else None
    if filled is not None:
        small = min(3.2, r / 2.2)
        for i in range(4):
            role = f"certainty-{filled}" if i < filled else "certainty-0"
            canvas.circle(x + (i - 1.5) * small * 2.4, y, small, role)
        return
    level = LEVELS.get(judgement.casefold(), "no-information")
    canvas.circle(x, y, r, level)
    role = {"low": "on-mark", "high": "on-mark", "some": "on-light"}.get(level, "soft")
    canvas.text(x, y + r * 0.55, SIGNS[level], role, max(10.0, r * 1.6), bold=True, anchor="middle")


def _legend(canvas: Canvas, y: float, rows: list[Row]) -> float:
    """Each word that was used, with its sign, from good to bad."""
    used = {
        (judgement, _is_certainty(domain) and judgement.casefold() in CERTAINTY)
        for row in rows
        for domain, (judgement, _) in row.said.items()
    }
    order = [*SIGNS]

    def rank(each: tuple[str, bool]) -> tuple[bool, int, str]:
        word, certainty = each
        level = -CERTAINTY[word.casefold()] if certainty else order.index(LEVELS.get(word.casefold(), "no-information"))
        return certainty, level, word

    entries = []
    for word, certainty in sorted(used, key=rank):
        known = certainty or word.casefold() in LEVELS
        said = (
            (f"{word} (certainty, quality)" if certainty else word)
            if known
            else f"{word} (no level known for this word)"
        )

        def sample(x: float, at: float, word: str = word, certainty: bool = certainty) -> None:
            mark(canvas, word, certainty, x + 12, at, 7)

        entries.append((sample, said))
    return key(canvas, y, entries, sample=26)
