"""Which columns of a sheet judge with a tool of appraisal, guessed from headings, the words of cells and the packs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from evigraph.coding import packs
from evigraph.coding.codebook import Book
from evigraph.coding.recipe_text import Rule, quoted
from evigraph.data import code_words
from evigraph.data.code_words import word
from evigraph.ingest.extraction import folded

FITS = 0.8
"""The share of the cells of a column that have to be codes of the tool's scale."""
NUMBERED = re.compile(r"(?:d|domain|bias|item|criterion)\s*(\d+)\b.*")
"""A heading that counts the domains, as robvis's tables do."""
FRAME = re.compile(r"\b(risk of bias|rob|bias due to|bias in|bias arising from|bias from|bias|judge?ment|domain|the)\b")
"""Words around the name of a domain."""
SIGNS = {
    "+": "low",
    "\N{MINUS SIGN}": "high",
    "-": "high",
    "x": "high",
    "?": "some-concerns unclear",
    "!": "some-concerns unclear",
}
"""What signs in a table of judgements mean, by the keys of codes."""


@dataclass
class Tool:
    """A tool as a sheet may show it: its domains by key with their names, which one is overall, its scales' words."""

    key: str
    by_result: bool
    names: dict[str, set[str]] = field(default_factory=dict)
    overall: str = ""
    words: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Found:
    """A tool with the heading of each domain that a sheet has."""

    tool: Tool
    headings: dict[str, str]


def tools(book: Book) -> Iterator[Tool]:
    """The tools that come with evigraph, and those of the review's own codebook."""
    shipped = {pack.key: pack for pack in packs.every()}
    records = {key: packs.records(pack) for key, pack in shipped.items()}
    own = {each["inScheme"].removeprefix("codebook/") for each in book.codes("domains")} - set(shipped)
    mine = {name: book.codes(name) for name in packs.LISTS}
    for key in (*shipped, *sorted(own)):
        lists = records.get(key, mine)
        made = Tool(key, key not in shipped or shipped[key].unit == "result")
        for each in lists["domains"]:
            if each.get("inScheme") == f"codebook/{key}":
                name = each["attribute"].removeprefix(f"{key}-")
                labels = (each["label"], *each.get("altLabels", []), name)
                made.names[name] = {_plain(text) for text in labels} - {""}
                codes = [code for code in lists["attributeValues"] if code.get("inScheme") == each["scale"]]
                made.words[name] = code_words.scale_words(codes)
                made.overall = name if each.get("kind") == "overall" else made.overall
        yield made


def guess(cells: dict[str, list[str]], book: Book) -> Found | None:
    """The tool that most columns judge with, if there is one that at least two do."""
    best: Found | None = None
    for tool in tools(book):
        found = _named(tool, cells)
        counted = _counted(tool, cells)
        found = counted if len(counted) > len(found) else found
        if len(found) > 1 and (best is None or len(found) > len(best.headings)):
            best = Found(tool, found)
    return best


def _named(tool: Tool, cells: dict[str, list[str]]) -> dict[str, str]:
    """The headings that are called as a domain is, whose cells are codes of it."""
    made: dict[str, str] = {}
    for heading, texts in cells.items():
        plain = _plain(heading.rpartition(" | ")[2])
        name = next((name for name, names in tool.names.items() if plain in names), "")
        if name and name not in made and _fits(tool.words[name], texts):
            made[name] = heading
    return made


WHOLE = ("overall", "rob", "risk of bias", "overall rob", "overall risk of bias")
"""What the judgement on the whole is called beside columns that count the domains."""


def _counted(tool: Tool, cells: dict[str, list[str]]) -> dict[str, str]:
    """The headings that count the tool's domains, if there are as many, with that of the judgement on the whole."""
    domains = [name for name in tool.names if name != tool.overall]
    numbered = {int(m.group(1)): h for h in cells if (m := NUMBERED.fullmatch(" ".join(word(h).split()))) is not None}
    if sorted(numbered) != list(range(1, len(domains) + 1)):
        return {}
    made = {name: numbered[i] for i, name in enumerate(domains, 1)}
    whole = next((h for h in cells if _plain(h) in WHOLE or word(h) in WHOLE), "")
    made |= {tool.overall: whole} if tool.overall and whole else {}
    return made if all(_fits(tool.words[name], cells[h]) for name, h in made.items()) else {}


def _fits(words: dict[str, str], texts: list[str]) -> bool:
    known = [text for text in texts if code_words.code_of(words, text)[0] or _sign(words, text)]
    return len(known) >= FITS * len(texts)


def _sign(words: dict[str, str], text: str) -> str:
    """The word of a scale that a sign means."""
    keys = SIGNS.get(text.strip().casefold(), "").split()
    ids = {each.rpartition("/")[2]: each for each in words.values()}
    return next((word for each in keys if each in ids for word, code in words.items() if code == ids[each]), "")


def _plain(text: str) -> str:
    """The name of a domain, without the words around it and what stands in parentheses."""
    bare = word(re.sub(r"\([^)]*\)", " ", text)).replace(":", " ")
    return " ".join(FRAME.sub(" ", bare).split())


def rule(found: Found, headings: list[str], cells: dict[str, list[str]], support: set[str], about: dict[str, str]) -> (
    tuple[Rule, set[str]]
):  # fmt: skip
    """The appraisal as a recipe has it, and the headings that it takes; `support` are the words for such columns."""
    taken = set(found.headings.values())
    lines = []
    for name, heading in found.headings.items():
        parts = [f"column: {quoted(heading)}"]
        after = headings[headings.index(heading) + 1 :][:1]
        own = [h for h in (*after, *headings) if h not in taken and _supports(h, heading, h in after, support)]
        if own:
            parts.append(f"support: {{column: {quoted(own[0])}}}")
            taken.add(own[0])
        if signs := _signs(found.tool.words[name], cells[heading]):
            parts.append(f"values: {{{', '.join(signs)}}}")
        lines.append(f"{name}: {{{', '.join(parts)}}}")
    known = {key: text for key, text in about.items() if key in ("outcome", "time")} if found.tool.by_result else {}
    why = "its domains stand in columns; `evigraph pack` shows them"
    return Rule({"tool": found.tool.key, **known, "judgements": "\n".join(lines)}, why), taken


def _supports(heading: str, domain: str, follows: bool, support: set[str]) -> bool:
    """Whether a column says why: it is called so and stands behind its domain, or names the domain as well."""
    said = folded(re.sub(r"\(\d+\)$", "", heading))
    if follows and (said in support or any(re.search(rf"\b{re.escape(each)}\b", said) for each in support)):
        return True
    return said != folded(domain) and folded(domain) in said and any(each in said.split() for each in support)


def _signs(words: dict[str, str], texts: Iterable[str]) -> Iterator[str] | list[str]:
    """The words of the scale that signs in the cells stand for, as a recipe has them."""
    seen = dict.fromkeys(text.strip() for text in texts)
    return [f"{quoted(text)}: {quoted(found.capitalize())}" for text in seen if (found := _sign(words, text))
            and not code_words.code_of(words, text)[0]]  # fmt: skip
