"""What a query's header says of how its answer adds up by study, held to what the whole review answers."""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evigraph import data, queries
from evigraph.data import Document, direct, integrity
from evigraph.errors import UsageError
from evigraph.paths import SHIPPED, Workspace, find_workspace
from evigraph.queries import additive, changed_studies, kept, rows
from evigraph.store import EmbeddedStore

ARGUMENTS: dict[str, list[dict[str, str]]] = {
    "answers": [{"question": "RQ2"}, {"question": "RQ7"}],
    "characteristics": [{"level": "any"}, {"attribute": "country"}],
    "study-values": [{"attribute": "country"}, {"attribute": "design"}],
    "crosstab": [
        {"rows": "country", "columns": "design"},
        {"rows": "effect", "columns": "stakeholder", "unit": "findings"},
        {"rows": "year", "columns": "question", "filter": "effect", "is": "positive"},
        {"rows": "benefit", "columns": "country", "roll-up": "top"},
    ],
    "gap-map": [{"rows": "country", "columns": "question"}, {"rows": "stakeholder", "columns": "effect"}],
    "stakeholder-counts": [{"basis": "all-findings"}, {"basis": "drawbacks"}],
    "publications-by-year": [{}],
}
"""Arguments beside the defaults."""


def _review(name: str, badges: Path) -> Workspace:
    examples = Path(__file__).parents[2] / "examples"
    return find_workspace({"shipped": SHIPPED, "hpv-map": examples / "hpv-map", "badges": badges}[name])


def _edited(study: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A study as somebody might leave it: one of its parts removed, or another value."""
    made = deepcopy(study)
    findings = made.get("findings") or []
    what = chance.choice(["finding", "effect", "year", "label", "value", "inclusion", "concerns"])
    if what == "finding" and findings:
        findings.pop(chance.randrange(len(findings)))
    elif what == "effect" and findings:
        chance.choice(findings)["effect"] = chance.choice(["positive", "negative", "mixed"])
    elif what == "concerns" and findings:
        chance.choice(findings).pop("concerns", None)
    elif what == "year" and made.get("reports"):
        made["reports"][0]["year"] = chance.randrange(1990, 2030)
    elif what == "label":
        made["label"] = f"{made['label']} {chance.randrange(9)}"
    elif what == "inclusion" and made.get("inclusion"):
        made["inclusion"]["state"] = chance.choice(["stated", "excluded"])
    elif made.get("characteristics"):
        made["characteristics"].pop(chance.randrange(len(made["characteristics"])))
    return made


def _changed(documents: list[Document], chance: random.Random) -> list[Document]:
    """The documents after a few studies were edited, left out, or both."""
    studies = [each for each in documents if each.name.startswith("studies/")]
    made = {each.name: each for each in documents}
    for study in chance.sample(studies, min(len(studies), chance.choice([1, 1, 2, 4]))):
        if chance.random() < 0.3:
            del made[study.name]
        else:
            made[study.name] = replace(study, content=_edited(study.content, chance), digest="", named=None)
    return list(made.values())


def _whole(workspace: Workspace, documents: list[Document]) -> EmbeddedStore:
    base = data.base(documents)
    store = EmbeddedStore()
    store.load("".join(kept.lines(workspace, documents, base, direct.roles(documents, base), whole=False)))
    return store


@pytest.mark.parametrize("name", [pytest.param("hpv-map", marks=pytest.mark.checkout), "badges"])
def test_every_header_holds_to_the_law(name: str, badges: Path) -> None:
    """On other reviews than the shipped one, once."""
    _hold(_review(name, badges), 1)


@pytest.mark.thorough
@pytest.mark.checkout
@pytest.mark.parametrize("name", ["shipped", "hpv-map", "badges"])
def test_every_header_holds_to_the_law_after_many_edits(name: str, badges: Path) -> None:
    """On reviews of several kinds, after a dozen edits."""
    _hold(_review(name, badges), 4)


def _hold(workspace: Workspace, rounds: int) -> None:
    """Both ways between two states of a review: the answer by parts is that of the whole, or there is none."""
    documents = data.read_documents(workspace)
    asked = [each for each in queries.load_all(workspace) if each.adds]
    chance = random.Random(workspace.review.name)  # noqa: S311 - the same edits each time
    told = missed = 0
    for _ in range(rounds):
        after = _changed(documents, chance)
        for one, other in ((documents, after), (after, documents)):
            between = _between(workspace, one, other)
            first, second = _whole(workspace, one), _whole(workspace, other)
            for query, arguments in [(each, given) for each in asked for given in [{}, *ARGUMENTS.get(each.name, [])]]:
                try:
                    before, right = (kept.whole(store, query, arguments) for store in (first, second))
                except UsageError:  # nobody has the attribute any more
                    continue
                made = between.answer(query, arguments, before)
                told, missed = told + (made is not None), missed + (made is None)
                if made is not None:
                    own = right.rows[: len(right.rows) - right.more]  # rows of gathered queries are asked of these
                    assert made.rows == own, (query.name, arguments)
                    assert made.solved == right.solved, (query.name, arguments)
    assert told > 40 * rounds
    assert missed < told / 20


def _between(workspace: Workspace, one: list[Document], other: list[Document]) -> changed_studies.ChangedStudies:
    base = data.base(one)
    roles = direct.roles(one, base)
    found = changed_studies.between(one, other, lambda some: kept.lines(workspace, some, base, roles, whole=False))
    assert found is not None
    return found


def test_a_change_of_what_studies_share_is_asked_of_the_whole(shipped: Workspace, documents: list[Document]) -> None:
    """Another codebook, or two studies of which one refers to the other."""
    book = next(each for each in documents if each.name == "codebook")
    after = [replace(each) if each is book else each for each in documents]
    assert changed_studies.between(documents, after, lambda _: []) is None
    one, other = [each for each in documents if each.name.startswith("studies/")][:2]
    (ids, refers), (other_ids, _) = integrity.named(one), integrity.named(other)
    tied = replace(one, named=(ids, [*refers, other_ids[0]]))
    for old, new in ((one, tied), (tied, one)):
        before, after = ([made if each is one else each for each in documents] for made in (old, new))
        assert changed_studies.between(before, after, lambda _: []) is None
    changed = [replace(each) if each is other else each for each in documents]
    assert changed_studies.between(documents, changed, lambda _: []) is not None
    alike = replace(one, content={**one.content, "label": other.content["label"]})
    changed = [alike if each is one else each for each in documents]
    assert changed_studies.between(documents, changed, lambda _: []) is None


def test_an_order_that_leaves_something_open_adds_nothing(store: EmbeddedStore, shipped: Workspace) -> None:
    """Two rows that could be exchanged, or an order by something that isn't told, and the whole is asked."""
    query = replace(queries.load(shipped, "attributes"), adds="rows")
    assert kept.whole(store, query).solved is not None
    for order in ("ORDER BY ?study", "ORDER BY (STR(?study)) ?attribute ?locator ?node", "ORDER BY ?nowhere"):
        text = query.text.replace("ORDER BY ?study ?attribute ?locator ?node", order)
        assert text != query.text
        assert kept.whole(store, replace(query, text=text)).solved is None


def test_what_is_not_there_cannot_be_taken_off() -> None:
    """A spoilt answer is noticed, and the whole is asked."""
    query = queries.load(find_workspace(SHIPPED), "attributes")
    how = rows.folding(query)
    names = (*query.columns, "node")
    row, other = (
        ("A", "country", "Kenya", "stated", None, "p. 1", "n1"),
        ("B", "country", "Kenya", "stated", None, "p. 1", "n2"),
    )
    before = queries.Table(query.name, query.columns, [row[:-1]], rows.Solved(names, [row]), how)
    nothing, one, two = (rows.Solved(names, each) for each in ([], [row], [other]))

    def made(old: rows.Solved, new: rows.Solved) -> list[tuple[queries.Cell, ...]] | None:
        found = additive.changed(query, before, old, new, lambda: nothing)
        return found and found.rows

    assert made(nothing, two) == [row[:-1], other[:-1]]
    assert made(one, two) == [other[:-1]]
    assert made(two, nothing) is None
