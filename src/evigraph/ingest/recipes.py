"""Recipes: how the fields of a format become the keys of a record. They are the YAML files of `ingest/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from evigraph.errors import DataError
from evigraph.ingest import jsons, sheets, values
from evigraph.ingest.model import Decision, Raw, Record, Rejected
from evigraph.paths import SHIPPED, Workspace

Candidate = str | list[str]
"""A field's name; several joined by `+`; or a list of two, the ends of a range."""

CLEANERS: dict[str, Callable[[object], Any]] = {
    "title": values.title,
    "year": values.year,
    "doi": values.doi,
    "pmid": values.pmid,
    "eric": values.eric,
    "openalex": values.openalex,
    "url": values.url,
}
READERS = ("tagged", "bibtex", "json", "sheet")


@dataclass(frozen=True)
class Recipe:
    """How one format is read.

    Attributes:
        name: the file without its suffix. label: what people call the format. reader: one of `READERS`. syntax: of a
        tagged one. begins: a pattern that finds the beginning of a record in a text. when: a JMESPath expression that
        holds of a record in JSON. records: expressions that find the list of records. fields: for each key the
        candidates, best first. kinds: the format's kinds of publication in our words. columns: how an extraction
        sheet is coded, see `extraction`. priority: recipes for JSON are tried in this order.
    """

    name: str
    label: str
    reader: str
    syntax: str = ""
    begins: str = ""
    when: str = ""
    records: tuple[str, ...] = ("@",)
    fields: dict[str, list[Candidate]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    priority: int = 100


def load(path: Path) -> Recipe:
    """One recipe.

    Raises:
        DataError: it isn't one.
    """
    from evigraph import yamltext

    try:
        found = yamltext.load(path.read_text("utf-8"))
        known = set(Recipe.__dataclass_fields__) - {"name"}
        if unknown := set(found) - known:
            raise DataError(path, 0, f"unknown key `{min(unknown)}`; a recipe has {', '.join(sorted(known))}")
        recipe = Recipe(path.stem, **{**found, "records": tuple(found.get("records", ("@",)))})
    except OSError as error:
        raise DataError(path, 0, f"{error.strerror}; give a recipe, or draft one with evigraph recipe") from None
    except (yamltext.YAMLError, UnicodeDecodeError, TypeError) as error:
        raise DataError(path, 0, f"not a recipe: {' '.join(str(error).split())[:200]}; see docs/linking.md") from None
    if recipe.reader not in READERS:
        raise DataError(path, 0, f"reader `{recipe.reader}` is none of {', '.join(READERS)}", recipe.reader)
    return recipe


def load_all(workspace: Workspace | None = None) -> list[Recipe]:
    """Every recipe: the workspace's own before the shipped ones, by priority and name."""
    folders = workspace.folders("ingest") if workspace else [SHIPPED / "ingest"]
    files = {path.stem: path for folder in reversed(folders) for path in folder.glob("*.yaml")}
    found = [load(path) for name, path in sorted(files.items()) if name != "decisions"]
    return sorted(found, key=lambda recipe: (recipe.priority, recipe.name))


@cache
def decision_rules() -> dict[str, Any]:
    """How screening tools write decisions: `ingest/decisions.yaml`."""
    from evigraph import yamltext

    loaded: dict[str, Any] = yamltext.load((SHIPPED / "ingest" / "decisions.yaml").read_text("utf-8"))
    return loaded


def apply(recipe: Recipe, raw: Raw) -> Record | Rejected:
    """A record by our keys, or why it can't be one."""
    if raw.problem:
        return Rejected(raw.line, raw.problem)
    record = taken(recipe, raw)
    if not {"title", "doi", "pmid", "eric", "openalex", "url"} & set(record.values):
        return Rejected(raw.line, "neither a title nor an identifier; add one, or remove the record")
    return record


def taken(recipe: Recipe, raw: Raw) -> Record:
    """What a recipe finds of a record, be it enough for one or not."""
    look = _look(recipe, raw)
    found: dict[str, Any] = {}
    for key, candidates in recipe.fields.items():
        value = _authors(look, candidates) if key == "authors" else _first(look, candidates, key)
        if value not in (None, "", []):
            found[key] = value
    if "kind" in found:
        kinds = {name.casefold(): kind for name, kind in recipe.kinds.items()}
        found["kind"] = kinds.get(found["kind"].casefold(), found["kind"].casefold())
    if names := found.get("authors"):
        found |= {"authors": "; ".join(names), "firstAuthor": values.family(names[0]), "authorCount": len(names)}
    decisions = tuple(_decisions(look, recipe, found))
    kept = {
        k: v for k, v in found.items() if k not in {"notes", "decision", "reason", "decidedBy", "decidedOn", "stage"}
    }
    return Record(raw.line, kept, decisions)


def _look(recipe: Recipe, raw: Raw) -> Callable[[str], list[Any]]:
    """What finds the values of a field of this record by its name, an empty list where it has none."""
    if recipe.reader == "json":
        return lambda name: _as_list(jsons.search(name, raw.fields))
    if recipe.reader == "sheet":
        return lambda name: raw.fields.get(sheets.heading(name), [])
    return lambda name: raw.fields.get(name, [])


def _as_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _values(look: Callable[[str], list[Any]], candidate: Candidate) -> list[Any]:
    if isinstance(candidate, list):
        ends = [values.plain(next(iter(look(name)), "")) for name in candidate]
        start = ends[0]
        whole = start and ends[1] and start != ends[1] and not re.search(r"[-\u2013]", start)
        return [f"{start}-{ends[1]}" if whole else start] if start else []
    parts = candidate.split("+") if "+" in candidate else [candidate]
    return [value for part in parts for value in look(part)]


def _first(look: Callable[[str], list[Any]], candidates: Iterable[Candidate], key: str) -> Any:
    clean = CLEANERS.get(key, values.text)
    if key == "notes":
        return " | ".join(values.plain(each) for candidate in candidates for each in _values(look, candidate))
    for candidate in candidates:
        for value in _values(look, candidate):
            if not isinstance(value, dict | list) and (cleaned := clean(value)) is not None:
                return cleaned
    return None


def _authors(look: Callable[[str], list[Any]], candidates: Iterable[Candidate]) -> list[str]:
    for candidate in candidates:
        several = [values.person(each) if isinstance(each, dict) else each for each in _values(look, candidate)]
        if found := values.names([each for each in several if not isinstance(each, list)]):
            return found
    return []


def verdict(word: str) -> str | None:
    """`include`, `exclude` or `maybe`, as `ingest/decisions.yaml` reads a word; nothing for another word."""
    return _named(decision_rules()["verdicts"], word)


def _named(table: dict[str, list[str]], word: str) -> str | None:
    plain = word.strip().casefold().removesuffix(".0")
    return next((name for name, words in table.items() if plain in {each.casefold() for each in words}), None)


def _decisions(look: Callable[[str], list[Any]], recipe: Recipe, found: dict[str, Any]) -> Iterator[Decision]:
    rules = decision_rules()
    for word in [found["decision"]] if found.get("decision") else []:
        if said := verdict(word):
            stage = _named(rules["stages"], found.get("stage", "")) or "title-abstract"
            date = re.match(r"\d{4}-\d\d-\d\d", found.get("decidedOn", ""))
            reason = found.get("reason", "") if said == "exclude" else ""
            yield Decision(said, stage, found.get("decidedBy", ""), reason, date.group() if date else "")
    notes = found.get("notes", "")
    for rule in rules["notes"]:
        stage = rule.get("stage", "title-abstract")
        for part in re.findall(rule["within"], notes):
            for each in re.finditer(rule["each"], part):
                groups = each.groupdict()
                said = rule.get("verdict") or verdict(groups.get("verdict", ""))
                reason = groups.get("reason") or _reason(rule, notes)
                if said:
                    yield Decision(said, stage, groups.get("who", ""), reason.strip() if said == "exclude" else "")


def _reason(rule: dict[str, Any], notes: str) -> str:
    found = re.search(rule["reason"], notes) if "reason" in rule else None
    return found.group(1) if found else ""
