"""One attribute over several reviews, joined by a crosswalk or by like labels; nothing is joined without being told."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from evigraph import data, queries
from evigraph.data import crosswalks, included
from evigraph.data.crosswalks import Mapping
from evigraph.errors import DataError, UsageError
from evigraph.matching import folded
from evigraph.paths import Workspace
from evigraph.queries import Cell, Table, build
from evigraph.reports.joins import Joins
from evigraph.store import Store, select

STATES = ("not reported", "not applicable", "not coded")
"""Why a study has no value, most telling first."""
LABELS = "SELECT ?thing ?label { ?thing <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }"


@dataclass
class Reviewed:
    """What one review says of the attribute.

    Attributes:
        name: the review's. base: what its IRIs begin with. store: its graph. attributes: all by name. count: of its
        included studies. asked: its attributes that are meant. labels: of its codes by id, `base` and what follows it.
        studies: those that have a value, by the value's id. values: the labels of values by id. states: why the other
        studies have none.
    """

    name: str
    base: str
    store: Store
    attributes: tuple[str, ...]
    count: int
    asked: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    studies: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    values: dict[str, str] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)

    def plain(self, iri: str) -> str:
        """An IRI of a code without the folder of all codes, so that it is made of attribute and code."""
        return self.base + iri.removeprefix(self.base).removeprefix("value/")


@dataclass(frozen=True)
class Answer:
    """The rows, and what a person should know besides.

    Attributes:
        table: value, review, studies, and what was joined by what. notes: which reviews lack the attribute, and which
        values were not joined though they are called alike.
    """

    table: Table
    notes: list[str]


def across(
    reviews: dict[str, Workspace], attribute: str, files: Iterable[Path], same_labels: bool, roll_up: bool
) -> Answer:
    """The values of an attribute in each review, and how many included studies have each.

    Raises:
        UsageError: no review has the attribute. DataError: a crosswalk names what isn't there, or a document is wrong.
    """
    found = [_opened(name, workspace) for name, workspace in reviews.items()]
    bases = {each.name: each.base for each in found}
    mappings = [mapping for path in files for mapping in crosswalks.read(path, bases)]
    lacking = _asked(found, attribute, mappings, roll_up)
    for each, workspace in zip(found, reviews.values(), strict=True):
        _valued(each, workspace)
    _require_known(found, mappings)
    names = {key: label for each in found for key, label in (each.labels | each.values).items()}
    joins = Joins([_plain(found, mapping) for mapping in mappings], names, roll_up)
    if same_labels:
        _join_alike(found, joins)
    notes = [f"{name} has no attribute `{attribute}`, and no crosswalk maps one of its to it" for name in lacking]
    rows, alike = _rows(found, joins, names | _told(mappings, names))
    if alike:
        notes.append(f"not joined, though called alike: {', '.join(alike)}; a crosswalk or --same-labels joins them")
    return Answer(Table("across", ("value", "review", "studies", "joined"), rows), notes)


def _opened(name: str, workspace: Workspace) -> Reviewed:
    documents = data.read_documents(workspace)
    studies = [each.content for each in documents if each.name.startswith("studies/")]
    store = build.open_store(workspace)
    base = data.base(documents)
    return Reviewed(name, base, store, queries.attributes(store), sum(map(included, studies)))


def _asked(found: list[Reviewed], attribute: str, mappings: list[Mapping], roll_up: bool) -> list[str]:
    """Note which attributes of each review are meant; the names of those that have none are given back."""
    joins = Joins(mappings, {}, roll_up)
    held = {f"{each.base}attribute/{name}": (each, name) for each in found for name in each.attributes}
    meant = {top for iri, (_, name) in held.items() if name == attribute for top in joins.tops(iri)}
    for iri, (each, name) in held.items():
        if meant.intersection(joins.tops(iri)):
            each.asked.append(name)
    if not meant:
        known = sorted({name for _, name in held.values()})
        near = difflib.get_close_matches(attribute, known, 1)
        there = f"there are {', '.join(known)}" if known else "no study is coded yet"
        mend = f"did you mean `{near[0]}`?" if near else there
        raise UsageError(f"no review here has an attribute `{attribute}`; {mend}", attribute)
    return [each.name for each in found if not each.asked]


def _valued(each: Reviewed, workspace: Workspace) -> None:
    """Read the values of a review's studies; a text that is no code goes by the attribute and its own words."""
    query = queries.load(workspace, "study-values")
    without: dict[str, set[str]] = defaultdict(set)
    every: set[str] = set()
    for name in each.asked:
        for study, value, state, code in queries.run(each.store, query, {"attribute": name}).rows:
            if value is None or state not in ("stated", "inferred"):
                without[str(study)].add(str(state).replace("-", " "))
                continue
            key = each.plain(str(code)) if code else f"{each.base}{name}/{folded(value).replace(' ', '-')}"
            if each.values.get(key, value) != str(value):
                key += f"/{value}"  # the same words in other letters
            each.values.setdefault(key, str(value))
            each.studies[key].add(str(study))
            every.add(str(study))
    labels = select(each.store, LABELS).rows
    each.labels = {each.plain(str(queries.cell(thing))): str(queries.cell(label)) for thing, label in labels}
    if each.asked:
        lacking = [next((s for s in STATES if s in said), STATES[-1]) for k, said in without.items() if k not in every]
        each.states = {state: lacking.count(state) for state in STATES[:2]}
        each.states[STATES[-1]] = each.count - len(every) - sum(each.states.values())


def _require_known(found: list[Reviewed], mappings: list[Mapping]) -> None:
    """What a crosswalk says of a review must be there.

    Raises:
        DataError: an attribute or a code isn't.
    """
    for mapping in mappings:
        for iri, name in zip((mapping.subject, mapping.object), mapping.names, strict=True):
            each = _of(found, iri)
            if each is None:
                continue
            key = each.plain(iri).removeprefix(each.base)
            folder, _, rest = key.partition("/")
            if folder == "attribute":
                known, there = list(each.attributes), rest in each.attributes
            else:
                known = [one.removeprefix(each.base) for one in (each.labels | each.values)]
                there = key in known or (folder in each.attributes and folder not in each.asked)
            if not there:
                near = _near(rest if folder == "attribute" else key, known)
                mend = f"did you mean `{near[0]}`?" if near else "its codebook and `across` show what there is"
                raise DataError(mapping.path, mapping.line, f"{each.name} has no `{name}`; {mend}", name)


def _near(name: str, known: list[str]) -> list[str]:
    """The id that was meant, perhaps without its attribute, if one is like it."""
    tails = {each.rpartition("/")[2]: each for each in known}
    tail = difflib.get_close_matches(name.rpartition("/")[2], list(tails), 1)
    return difflib.get_close_matches(name, known, 1) or [tails[each] for each in tail]


def _of(found: list[Reviewed], iri: str) -> Reviewed | None:
    """The review that an IRI is of."""
    ours = [each for each in found if iri.startswith(each.base)]
    return max(ours, key=lambda each: len(each.base), default=None)


def _plain(found: list[Reviewed], mapping: Mapping) -> Mapping:
    ends = [each.plain(iri) if (each := _of(found, iri)) else iri for iri in (mapping.subject, mapping.object)]
    return replace(mapping, subject=ends[0], object=ends[1])


def _told(mappings: list[Mapping], names: dict[str, str]) -> dict[str, str]:
    """What a crosswalk calls things that are in no review."""
    told = {}
    for mapping in mappings:
        for iri, label, name in zip((mapping.subject, mapping.object), mapping.labels, mapping.names, strict=True):
            if iri not in names and (label or iri not in told):
                told[iri] = label or name
    return told


def _join_alike(found: list[Reviewed], joins: Joins) -> None:
    """Join values that are called alike, but for case, accents and signs."""
    first: dict[str, tuple[str, str]] = {}
    for each in found:
        for key, label in each.values.items():
            other, called = first.setdefault(folded(label), (key, label))
            if joins.root(other) != joins.root(key):
                joins.join(key, other)
                for one in (key, other):
                    joins.told[one].append(f"{label} = {called} (like labels)")


def _rows(found: list[Reviewed], joins: Joins, names: dict[str, str]) -> tuple[list[tuple[Cell, ...]], list[str]]:
    """The rows, and the labels of values that were not joined though they are called alike."""
    studies: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    told: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for each in found:
        for key, those in each.studies.items():
            for top in joins.tops(key):
                studies[top][each.name] |= those
                told[top, each.name] |= dict.fromkeys(joins.told.get(key, []))
    called: dict[str, list[str]] = defaultdict(list)
    for top in studies:
        called[folded(names[top])].append(top)
    alike = [names[tops[0]] for tops in called.values() if len(tops) > 1]
    rows: list[tuple[Cell, ...]] = []
    for _, tops in sorted(called.items()):
        for top in tops:
            shown = names[top] if len(tops) == 1 else f"{names[top]} ({', '.join(studies[top])})"
            for review, those in studies[top].items():
                rows.append((shown, review, len(those), "; ".join(told[top, review]) or None))
    for state in STATES:
        rows += [(state, each.name, each.states[state], None) for each in found if each.states.get(state)]
    return rows, sorted(alike)
