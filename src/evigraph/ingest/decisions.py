"""Screening decisions that come with records, in columns or in notes, by the rules of `ingest/decisions.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from evigraph.ingest.model import Decision
from evigraph.paths import SHIPPED


@cache
def rules() -> dict[str, Any]:
    """How screening tools write decisions: `ingest/decisions.yaml`."""
    from evigraph.files import yaml_text

    loaded: dict[str, Any] = yaml_text.load((SHIPPED / "ingest" / "decisions.yaml").read_text("utf-8"))
    return loaded


def verdict(word: str) -> str | None:
    """`include`, `exclude` or `maybe`, as `ingest/decisions.yaml` reads a word; nothing for another word."""
    return _named(rules()["verdicts"], word)


def found_in(values: dict[str, Any]) -> Iterator[Decision]:
    """The decisions that the values of a record hold, from a column first and then from its notes."""
    if said := verdict(values.get("decision", "")):
        stage = _named(rules()["stages"], values.get("stage", "")) or "title-abstract"
        date = re.match(r"\d{4}-\d\d-\d\d", values.get("decidedOn", ""))
        reason = values.get("reason", "") if said == "exclude" else ""
        yield Decision(said, stage, values.get("decidedBy", ""), reason, date.group() if date else "")
    notes = values.get("notes", "")
    for rule in rules()["notes"]:
        for part in re.findall(rule["within"], notes):
            yield from _in_note(rule, part, notes)


def _in_note(rule: dict[str, Any], part: str, notes: str) -> Iterator[Decision]:
    for each in re.finditer(rule["each"], part):
        groups = each.groupdict()
        if said := rule.get("verdict") or verdict(groups.get("verdict", "")):
            reason = groups.get("reason") or _reason(rule, notes)
            stage = rule.get("stage", "title-abstract")
            yield Decision(said, stage, groups.get("who", ""), reason.strip() if said == "exclude" else "")


def _named(table: dict[str, list[str]], word: str) -> str | None:
    plain = _folded(word).removesuffix(".0")
    return next((name for name, words in table.items() if plain in map(_folded, words)), None)


def _folded(word: str) -> str:
    """A word as they are compared: `title_abstract`, `Title/abstract` and `title abstract` are one."""
    return re.sub(r"[\s_/-]+", " ", word).strip().casefold()


def _reason(rule: dict[str, Any], notes: str) -> str:
    found = re.search(rule["reason"], notes) if "reason" in rule else None
    return found.group(1) if found else ""
