"""What a file's own fields say, as records by our keys: the candidates of a recipe, best first."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from evigraph.ingest import decisions
from evigraph.ingest.fields import name_parts, names, registrations, sources, ties, values
from evigraph.ingest.fields.names import Style
from evigraph.ingest.formats import json_records
from evigraph.ingest.model import Raw, Record, Rejected
from evigraph.ingest.recipes import Candidate, Recipe
from evigraph.ingest.tables import sheets

CLEANERS = values.CLEANERS
IDENTIFIERS = {"title", "doi", "pmid", "pmcid", "eric", "openalex", "url", "isbn", "identifiers"}
"""What a record has at least one of."""
_PEOPLE = ("authors", "firstAuthor", "editors")
NOT_KEPT = {"notes", "decision", "reason", "decidedBy", "decidedOn", "stage"}
_PUBMED = re.compile(r"(?i)pubmed|pmid|medline|\bnlm\b|\bdb=(?:cmedm|mnh|mdc)\b")
"""What names PubMed, in a value or as the database of a record."""
SAMPLE = 1000
"""Of how many records the style of names is learnt."""
LONGEST = 2**19
"""How many characters a value may have; 7,000 authors have a quarter of that."""

Look = Callable[[str], list[Any]]


@dataclass(frozen=True)
class _Fields:
    """The candidates for one key: names as the reader spells them, and whether two are the ends of a range."""

    names: tuple[str, ...]
    range: bool


@dataclass(frozen=True)
class _Plan:
    """A recipe made ready for many records."""

    recipe: Recipe
    fields: dict[str, list[_Fields]]
    bodies: frozenset[str]
    kinds: dict[str, str]
    named: frozenset[str]
    accessions: frozenset[str]
    databases: tuple[str, ...]
    sources: tuple[str, ...]


def read(recipe: Recipe, raws: list[Raw]) -> list[Record | Rejected]:
    """Each raw record by our keys, or why it can't be one."""
    plan = _planned(recipe)
    style = names.style(_samples(plan, raws), recipe.order)
    return [_record(plan, raw, style) for raw in raws]


def _samples(plan: _Plan, raws: list[Raw]) -> list[list[object]]:
    """The author fields of some records; those that can't be taken are told of later, when it is their turn."""
    found = []
    for raw in raws[:SAMPLE]:
        with contextlib.suppress(Exception):
            found += [] if raw.problem else [next(_written(_look(plan, raw), plan, "authors"), [])]
    return found


def reader(recipe: Recipe) -> Callable[[Raw], Record]:
    """What a recipe finds of one record after the other, be it enough for one or not."""
    plan = _planned(recipe)
    return lambda raw: _taken(plan, raw, names.style([], recipe.order))


def _planned(recipe: Recipe) -> _Plan:
    spell: Callable[[str], str] = {"sheet": sheets.heading, "tagged": str.upper}.get(recipe.reader, str)
    fields = {key: [_fields(each, spell) for each in candidates] for key, candidates in recipe.fields.items()}
    kinds = {name.casefold(): kind for name, kind in recipe.kinds.items()}
    bodies, named, accessions = (
        frozenset(map(spell, each)) for each in (recipe.bodies, recipe.named.get("pmid", ()), recipe.accessions)
    )
    databases, told = (tuple(map(spell, each)) for each in (recipe.databases, recipe.sources))
    return _Plan(recipe, fields, bodies, kinds, named, accessions, databases, told)


def _fields(candidate: Candidate, spell: Callable[[str], str]) -> _Fields:
    parts = candidate if isinstance(candidate, list) else candidate.split("+")
    return _Fields(tuple(spell(part) for part in parts), isinstance(candidate, list))


def _record(plan: _Plan, raw: Raw, style: Style) -> Record | Rejected:
    if raw.problem:
        return Rejected(raw.line, raw.problem)
    try:
        found = _taken(plan, raw, style)
    except Exception as error:
        return Rejected(raw.line, unreadable(error))
    if not IDENTIFIERS & found.values.keys():
        return Rejected(raw.line, "neither a title nor an identifier; add one, or remove the record")
    if long := next((key for key, value in found.values.items() if len(str(value)) > LONGEST), None):
        size = len(str(found.values[long]))
        return Rejected(raw.line, f"its {long} has {size} characters, more than {LONGEST}; shorten it")
    return found


def _taken(plan: _Plan, raw: Raw, style: Style) -> Record:
    look = _look(plan, raw)
    found = {
        key: value
        for key, candidates in plan.fields.items()
        if key not in _PEOPLE
        and (value := _first(_of_pubmed(plan, look) if key == "pmid" else look, candidates, key)) not in (None, "")
    }
    for source in (each for name in plan.sources for each in look(name)):
        told: dict[str, Any] = sources.parsed(source)
        if "year" in told:
            told["year"] = int(told["year"])
        whole = values.text(source) == found.get("container")
        found = told | found | ({"container": told["container"]} if whole and told else {})
    if note := ties.note(plan.recipe.ties, look):
        found["note"] = note
    if kind := _notice(plan, look) or ties.of(note) or found.get("kind"):
        found["kind"] = plan.kinds.get(kind.casefold(), kind.casefold())
    found |= _people(plan, look, style)
    if found.get("series") == found.get("container"):
        found.pop("series", None)  # a book has no other container
    if len(found.get("abstract", "")) > LONGEST:
        del found["abstract"]
    if numbers := registrations.of_abstract(found.get("abstract", "")):
        found["identifiers"] = sorted({*found.get("identifiers", []), *numbers})
    said, unknown = decisions.taken(found, raw.decided, plan.recipe.decision)
    return Record(raw.line, {key: value for key, value in found.items() if key not in NOT_KEPT}, said, unknown)


def _of_pubmed(plan: _Plan, look: Look) -> Look:
    """The values that may be of PubMed: a file's running numbers and those of other databases look just like them."""
    if not plan.named and not plan.accessions:
        return look
    elsewhere = [str(each) for name in plan.databases for each in look(name)]
    unnamed = plan.named | (plan.accessions if elsewhere and not _PUBMED.search(" ".join(elsewhere)) else set())
    return lambda name: [each for each in look(name) if name not in unnamed or _PUBMED.search(str(each))]


def _notice(plan: _Plan, look: Look) -> str:
    """What any of a record's kinds says of a notice: PubMed gives several, and this one stands after others."""
    named = (name for candidate in plan.fields.get("kind", []) for name in candidate.names)
    return ties.kind(value for name in (*named, *plan.recipe.ties.get("types", ())) for value in look(name))


def _people(plan: _Plan, look: Look, style: Style) -> dict[str, Any]:
    """The authors and editors; where only the first author is told, nobody knows how many there are."""
    editors = next((found for each in _written(look, plan, "editors") if (found := names.names(each, style))), [])
    made: dict[str, Any] = {"editors": "; ".join(editors)} if editors else {}
    people: list[str] = []
    told = ""
    for key in ("authors", "firstAuthor"):
        found = next((found for each in _written(look, plan, key) if (found := names.names(each, style))), [])
        people, told = (people, told) if people else (found, key)
    if people:
        made |= {"authors": "; ".join(people), "firstAuthor": names.family(people[0], style)}
        made |= {"authorCount": len(people)} if told == "authors" else {}
    bodies = [str(each) for each in (*people, *editors) if name_parts.looks_a_person(each)]
    return made | ({"groupAuthors": list(dict.fromkeys(bodies))} if bodies else {})


def unreadable(error: Exception) -> str:
    """Why a record is rejected whose values a converter can't take."""
    said = " ".join(str(error).split())[:80]
    why = f"{type(error).__name__}{f': {said}' if said else ''}"
    return f"a value that can't be read ({why}); mend it, or export it again"


def _look(plan: _Plan, raw: Raw) -> Look:
    """What finds the values of a field of this record by its name, an empty list where it has none."""
    if plan.recipe.reader == "json":
        return lambda name: _as_list(json_records.search(name, raw.fields))
    return lambda name: raw.fields.get(name, [])


def _as_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _values(look: Look, candidate: _Fields) -> list[Any]:
    if candidate.range:
        ends = [values.plain(next(iter(look(name)), "")) for name in candidate.names]
        start = ends[0]
        inside = [bool(re.search(r"[-\u2013]", end)) for end in ends]  # S3-1, or the whole range
        whole = start and ends[1] and start != ends[1] and (not inside[0] or inside[1])
        return [f"{start}{'--' if inside[0] else '-'}{ends[1]}" if whole else start] if start else []
    if len(candidate.names) == 1:
        return look(candidate.names[0])
    return [value for part in candidate.names for value in look(part)]


def _first(look: Look, candidates: Iterable[_Fields], key: str) -> Any:
    if key in ("notes", "identifiers"):
        told = " | ".join(str(each) for candidate in candidates for each in _values(look, candidate))
        return told if key == "notes" else registrations.found(told) or None
    if key == "abstract":  # a structured one has several parts
        every = ([values.plain(each) for each in _values(look, candidate)] for candidate in candidates)
        return " ".join(next((each for each in every if any(each)), []))
    clean = CLEANERS.get(key, values.text)
    for candidate in sorted(candidates, key=lambda each: each.range and not look(each.names[1])):  # whole ranges first
        for value in _values(look, candidate):
            if not isinstance(value, dict | list) and (cleaned := clean(value)) is not None:
                return cleaned
    return None


def _written(look: Look, plan: _Plan, key: str) -> Iterator[list[object]]:
    """The authors, or the first, as the file writes them, by each candidate that has any, best first.

    Of several fields joined by `+` the first must be there, for it lists the persons and the others add to it.
    """
    for candidate in plan.fields.get(key, []):
        found = {part: look(part) for part in candidate.names}
        if found[candidate.names[0]]:
            several = [
                (_name(value, part in plan.bodies), part) for part in _persons_first(found) for value in found[part]
            ]
            yield list(_unlike(several)) if len(found) > 1 else [name for name, _ in several]


def _persons_first(found: dict[str, list[Any]]) -> list[str]:
    """The fields in order; one of bodies (`A1  - IEEE`, as Web of Science has it) behind one of `Family, Given`."""
    persons = {part for part, names in found.items() if any("," in str(each) for each in names)}
    return sorted(found, key=lambda part: bool(persons) and part not in persons)


def _unlike(named: Iterable[tuple[object, str]]) -> Iterator[object]:
    """The names of several fields, without those that an earlier field has already."""
    before: dict[tuple[str, str], str] = {}
    for name, part in named:
        text = values.plain(name)
        who = names.family(text).casefold(), text.partition(",")[2].strip()[:1].casefold()
        if before.setdefault(who, part) == part:
            yield name


def _name(value: Any, body: bool) -> object:
    if isinstance(value, dict):
        return names.person(value)
    if isinstance(value, list):
        return " ".join(values.plain(each) for each in value)
    return names.Body(values.plain(value)) if body else value
