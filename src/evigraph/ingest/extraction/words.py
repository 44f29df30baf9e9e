"""The words of known exports: what their headings mean, by `ingest/shapes.yaml`, and what a cell of theirs says."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from evigraph.ingest import decisions, records
from evigraph.ingest.declared import Tool
from evigraph.ingest.extraction.mapping import folded
from evigraph.ingest.extraction.row import number_of
from evigraph.ingest.model import Judged, Measured, Raw, Said
from evigraph.ingest.recipes import Recipe
from evigraph.paths import SHIPPED

RATIOS = ("OR", "RR", "HR", "IRR")
"""Metrics of which the logarithm is taken, as metafor does."""


@cache
def rules() -> dict[str, Any]:
    """What `ingest/shapes.yaml` says."""
    from evigraph.files import yaml_text

    loaded: dict[str, Any] = yaml_text.load((SHIPPED / "ingest" / "shapes.yaml").read_text("utf-8"))
    return loaded


def bare(heading: str) -> str:
    """A heading in small letters, without punctuation."""
    return " ".join(re.sub(r"[\W_]+", " ", heading.casefold()).split())


def meaning(heading: str, table: dict[str, list[str]]) -> str:
    """What a heading means by a table of words, or nothing."""
    plain = bare(heading)
    return next((name for name, words in table.items() if isinstance(words, list) and plain in words), "")


def metric(text: str) -> str:
    """The metric that a word means, or the word in capitals where it is a short one."""
    return meaning(text, rules()["metrics"]) or (text.strip() if re.fullmatch(r"[A-Z]{2,6}", text.strip()) else "")


def said(text: str, heading: str) -> Said:
    """What a cell says: a value with its number, or one of the states."""
    state = next((name for name, words in decisions.rules()["states"].items() if folded(text) in words), "stated")
    return Said(text, heading, state, number_of(text))


def told(text: str, heading: str) -> tuple[Said, ...]:
    """What a cell says, if it isn't empty and no dash."""
    made = said(text, heading)
    return (made,) if text and made.state != "not-coded" else ()


def values(text: str, heading: str) -> tuple[Said, ...]:
    """The values in a cell, with semicolons between them."""
    return tuple(each for part in re.split(r"\s*;\s*", text) for each in told(part, heading))


def publication(cells: dict[str, str]) -> dict[str, Any]:
    """What a row tells of its report, by our keys; the row's cells by their headings."""
    fields: dict[str, Any] = {name: list(words) for name, words in rules()["publication"].items()}
    recipe = Recipe("shapes", "", "json", fields=fields)
    found = records.reader(recipe)(Raw(0, {bare(heading): text for heading, text in cells.items()}))
    return {key: value for key, value in found.values.items() if key in (*fields, "firstAuthor", "authorCount")}


def domain(heading: str) -> tuple[str, str, bool]:
    """The tool and the domain that a heading is about, and whether it is the support; nothing where it is none."""
    plain = bare(heading)
    found = [
        (len(word), tool, name)
        for tool, domains in rules()["tools"].items()
        for name, words in domains.items()
        for word in words
        if f" {word} " in f" {plain} "
    ]
    if not found:
        return "", "", False
    _, tool, name = max(found)
    support = any(plain.endswith(word) for word in rules()["support"])
    return tool, name, support


def tools_of(headings: Iterable[str]) -> set[str]:
    """The tools of which three domains or more stand in the headings: one alone may be about something else."""
    found = {domain(each)[:2] for each in headings} - {("", "")}
    counts = Counter(tool for tool, _ in found)
    return {tool for tool, count in counts.items() if count > 2}


def judged(tools: list[Tool], cells: dict[str, str], allowed: Container[str] = ("rob1", "rob2")) -> list[Judged]:
    """The appraisals of a row, one a tool that is allowed; `tools` numbers them, as the shape's columns do."""
    found: dict[str, dict[str, str]] = {}
    texts: dict[str, dict[str, str]] = {}
    for heading, text in cells.items():
        tool, name, support = domain(heading)
        if tool in allowed and text:
            several = (texts if support else found).setdefault(tool, {})
            if name in several and several[name] != text:
                also = texts.setdefault(tool, {})
                also[name] = parts((also.get(name, ""), f"{heading}: {text}"))
            several.setdefault(name, text)
    made = []
    for tool, domains in found.items():
        at = next((i for i, each in enumerate(tools) if each.key == tool), len(tools))
        if at == len(tools):
            tools.append(Tool(tool))
        both: dict[str, tuple[tuple[Said, ...], str]] = {
            f"{tool}-{name}": ((replace(said(text, name), number=None),), texts.get(tool, {}).get(name, ""))
            for name, text in domains.items()
        }
        made.append(Judged(at, both))
    return made


def logarithms(made: Measured, already: bool = False) -> Measured:
    """An effect with a ratio's estimate and limits by their logarithms, and the ratio named.

    With `already`, they are logarithms as they are told. A metric without an estimate stays in words.
    """
    kind = next((each.text for each in made.keys.get("metric", ())), "")
    if kind and ("estimate" not in made.numbers or made.numbers["estimate"].number is None):
        keys = {name: told for name, told in made.keys.items() if name != "metric"}
        return replace(made, keys=keys, note=parts((made.note, f"{kind} without an estimate")))
    names = ("estimate", "ci-low", "ci-high")
    numbers = {name: each.number for name, each in made.numbers.items() if name in names and each.number is not None}
    if already or kind not in RATIOS or not numbers or any(each <= 0 for each in numbers.values()):
        return made
    shown = ", ".join(f"{name} {each:g}" for name, each in numbers.items())
    logs = {name: round(math.log(each), 12) for name, each in numbers.items()}
    own = {name: replace(made.numbers[name], text=f"{each:g}", number=each) for name, each in logs.items()}
    note = "; ".join(filter(None, (made.note, f"{kind}: {shown}; here by their logarithms")))
    return replace(made, numbers={**made.numbers, **own}, note=note)


def parts(texts: Iterable[str], joint: str = "; ") -> str:
    """Texts one after the other, each once, without the empty ones."""
    return joint.join(dict.fromkeys(filter(None, texts)))
