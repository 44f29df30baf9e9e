"""Spoil the shipped review in hundreds of ways: `reproduce` or `check` notices, and names what was changed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pyoxigraph as ox
import pytest
from conftest import Copy, evigraph

from evigraph import data
from evigraph.checks import validation_report
from evigraph.data import Document, coded_fields, codings, quads
from evigraph.paths import Workspace
from evigraph.reports import reproduction
from evigraph.store import EmbeddedStore

pytestmark = pytest.mark.thorough

EACH = 40
"""How many mutations of each kind; the seed is fixed, so that the same ones are made every time."""

EFFECTS = ["positive", "negative", "mixed", "none", "unclear"]
Mutation = tuple[Document, str, Callable[[], None], Callable[[], None]]


def records(documents: list[Document], *types: str) -> list[tuple[Document, dict[str, Any]]]:
    """The records of those types, each with its document."""
    return [(d, node) for d in documents for _, node in data.nodes(d.content) if node["type"] in types]


def setting(document: Document, node: dict[str, Any], key: str, value: object) -> Mutation:
    """A change of one key that can be undone."""
    if key not in node:
        return document, node["id"], lambda: node.update({key: value}), lambda: node.__delitem__(key)
    old = node[key]
    return document, node["id"], lambda: node.update({key: value}), lambda: node.update({key: old})


def cells(documents: list[Document], chance: random.Random) -> Iterator[Mutation]:
    """A cell of a table changed: a part of a list, a value of a finding, a row's label."""
    parts = [(d, n, "text") for d, n in records(documents, "CellPart")]
    findings = [(d, n) for d, n in records(documents, "Finding") if "characteristics" in n]
    parts += [(d, value, "text") for d, n in findings for value in n["characteristics"]]
    parts += [
        (d, n, "label") for d, n in records(documents, "Benefit", "Drawback") if "id" in n and "lack-of" not in n["id"]
    ]
    for document, node, key in chance.sample(parts, EACH):
        yield setting(document, node, key, node[key] + " changed")


def years(documents: list[Document], chance: random.Random) -> Iterator[Mutation]:
    """A year of a citation or of a reference changed."""
    found = [(d, n, "printedYear") for d, n in records(documents, "Citation")]
    found += [(d, n, "year") for d, n in records(documents, "Report", "Reference") if "year" in n]
    for document, node, key in chance.sample(found, EACH):
        yield setting(document, node, key, node[key] + chance.choice([-1, 1, 2]))


def effects(documents: list[Document], chance: random.Random) -> Iterator[Mutation]:
    """An effect of a finding changed."""
    for document, node in chance.sample(records(documents, "Finding"), EACH):
        other = chance.choice([each for each in EFFECTS if each != node.get("effect")])
        yield setting(document, node, "effect", other)


def locators(documents: list[Document], chance: random.Random) -> Iterator[Mutation]:
    """A locator of a finding or of a citation changed to another one."""
    places = [n["id"] for _, n in records(documents, "Locator") if "sentence" in n or "row" in n]
    found = records(documents, "Finding", "Citation")
    for document, node in chance.sample(found, EACH):
        yield setting(document, node, "locatedAt", chance.choice([p for p in places if p != node["locatedAt"]]))


def deletions(documents: list[Document], chance: random.Random) -> Iterator[Mutation]:
    """A finding deleted."""
    studies = [d for d in documents if d.content.get("findings")]
    pairs = [(d, i) for d in studies for i in range(len(d.content["findings"]))]
    for document, i in chance.sample(pairs, EACH):
        whole = document.content["findings"]
        kept = [finding for n, finding in enumerate(whole) if n != i]
        yield (
            document,
            whole[i]["id"],
            lambda d=document, k=kept: d.content.update(findings=k),  # type: ignore[misc]
            lambda d=document, w=whole: d.content.update(findings=w),  # type: ignore[misc]
        )


def counts(documents: list[Document], chance: random.Random) -> Iterator[Mutation]:
    """A count of the flow or a number of a finding changed."""
    found = [(d, n, "count") for d, n in records(documents, "FlowStep") if "count" in n]
    found += [(d, n, "value") for d, n in records(documents, "Quantity")]
    for document, node, key in chance.sample(found, min(EACH, len(found))):
        yield setting(document, node, key, node[key] + 3)


class Subject:
    """The shipped review in a store, in which one document at a time is changed."""

    def __init__(self, workspace: Workspace, documents: list[Document]) -> None:
        """Load it."""
        self.workspace = workspace
        self.documents = documents
        self.base = data.base(documents)
        self.store = EmbeddedStore()
        self.store.load(quads.canonical(quads.to_quads(documents, self.base)))

    def swap(self, document: Document, change: Callable[[], None]) -> None:
        """Make the change in the document and in the store."""
        before = set(quads.to_quads([document], self.base))
        change()
        after = set(quads.to_quads([document], self.base))
        self.store.apply(after - before, before - after)

    def noticed(self) -> list[str]:
        """What `reproduce` and `check` say, but for SHACL, which none of these changes needs."""
        tables = reproduction.compare_tables(self.workspace, self.store)
        found = reproduction.failures(tables, reproduction.stated_figures(self.workspace, self.store))
        found += [
            f"{record} {key}: {message}"
            for record, key, message in validation_report.query_violations(self.workspace, self.store)
        ]
        for told in (codings, coded_fields):
            found += [f"{r} {k}: {m}" for r, k, m in told.violations(self.workspace, self.documents)]
        return found


@pytest.fixture(scope="module")
def subject(shipped: Workspace) -> Subject:
    """A fresh reading, since it is changed."""
    return Subject(shipped, data.read_documents(shipped))


KINDS = [cells, years, effects, locators, deletions, counts]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_mutations_are_noticed(subject: Subject, kind: Callable[..., Iterator[Mutation]], record_property: Any) -> None:
    """Every one of them, and the unspoilt review gives no word."""
    assert subject.noticed() == []
    tally: Counter[bool] = Counter()
    missed = []
    for document, identity, change, undo in list(kind(subject.documents, random.Random(7))):  # noqa: S311 - no secret
        subject.swap(document, change)
        found = subject.noticed()
        subject.swap(document, undo)
        tally[bool(found)] += 1
        if not found:
            missed.append(identity)
    record_property("share caught", tally[True] / tally.total())
    print(f"{kind.__name__}: {tally[True]} of {tally.total()} noticed")
    assert missed == []
    assert subject.noticed() == []


def test_the_commands_exit_with_one(copy: Copy) -> None:
    """The same through the command line."""
    copy.replace("studies/hartnett-2021.yaml", "effect: positive", "effect: negative")
    ran = evigraph("--workspace", str(copy.root), "check")
    assert ran.returncode == 1
    assert "hartnett-2021" in ran.stdout
    copy.replace("studies/hartnett-2021.yaml", "60% indicated", "61% indicated")
    ran = evigraph("--workspace", str(copy.root), "reproduce")
    assert ran.returncode == 1
    assert "Table 5 row 10, increasing" in ran.stderr


def test_quads_of_one_document_are_its_own(subject: Subject) -> None:
    """Swapping a document and swapping it back leaves the store as it was."""
    before = {str(quad) for quad in subject.store.dump()}
    document, _, change, undo = next(years(subject.documents, random.Random(1)))  # noqa: S311 - no secret
    subject.swap(document, change)
    assert {str(quad) for quad in subject.store.dump()} != before
    subject.swap(document, undo)
    assert {str(quad) for quad in subject.store.dump()} == before
    assert all(isinstance(quad, ox.Quad) for quad in subject.store.dump())
