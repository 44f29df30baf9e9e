"""Which records are joined into one publication."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evigraph.matching import bib_dedupe, duplicates, pairs
from evigraph.matching.duplicates import Match
from evigraph.matching.traits import Traits

BADGES = "Digital badges in nursing education: a survey of students"
TRAINING = "Digital badges for nurses in training: evidence from three hospitals"
TRAINEES = "Digital badges for nursing trainees: evidence from three hospitals"
CREDITS = "Micro-credentials and the labour market of tomorrow"


def item(identity: str, title: str = BADGES, **values: Any) -> dict[str, Any]:
    """A record with an id."""
    given = {"title": title, "firstAuthor": "Doe", "authors": "Doe, Jane", "year": 2020, **values}
    return {"id": identity, **{key: value for key, value in given.items() if value is not None}}


def joined(found: list[Match]) -> dict[str, str]:
    """What duplicates what."""
    return {match.record: match.other for match in found}


def groups(found: list[Match], items: list[dict[str, Any]]) -> set[frozenset[str]]:
    """The publications, as sets of ids."""
    made: dict[str, set[str]] = {each["id"]: {each["id"]} for each in items}
    for match in found:
        made[match.other].add(match.record)
        del made[match.record]
    return {frozenset(each) for each in made.values()}


@pytest.mark.parametrize("kind", ["doi", "pmid", "eric", "openalex"])
def test_an_identifier_is_enough(kind: str) -> None:
    """Case plays no part, and the score is 1."""
    known = item("report/x", **{kind: "10.1/AbC"})
    new = item("record/a/1", BADGES.partition(":")[0], firstAuthor=None, authors=None, **{kind: "10.1/aBc"})
    assert duplicates.matches([new], [known]) == [
        Match("record/a/1", "report/x", f"the same {kind}, 10.1/abc", 1.0, "report/x")
    ]


def test_likeness_is_told_with_its_score() -> None:
    """Without an identifier, the basis says what was alike."""
    new = item("b", BADGES.upper(), container="Comput Educ", volume="3", pages="1-9")
    (match,) = duplicates.matches([new], [item("a", container="Computers & Education", volume="3", pages="1-9")])
    assert (match.other, match.basis) == ("a", "alike in title, authors and place")
    assert 0.9 < match.score < 1


def test_what_bib_dedupe_finds_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It joins nothing, so that the publications are the same without it; its verdict is a question more."""
    first, second = (
        item(name, "Introduction", container=f"Badges in {place}", pages="1-9", kind="chapter")
        for name, place in (("a", "Schools"), ("b", "Firms"))
    )
    monkeypatch.setitem(sys.modules, "bib_dedupe", None)
    found = duplicates.resolved([first, second], [])
    assert (found.matches, found.doubts) == ([], [])
    monkeypatch.undo()
    pytest.importorskip("bib_dedupe", reason="it is an extra")
    found = duplicates.resolved([first, second], [])
    assert found.matches == []
    assert [(each.record, each.other) for each in found.doubts] == [("b", "a")]
    assert found.doubts[0].basis.startswith("bib-dedupe calls them one")


ALIKE_AND_OPEN = """
import json, sys
for name in ("bib_dedupe", "numpy", "pandas"):
    sys.modules[name] = None
from evigraph.matching import duplicates
print(len(duplicates.matches(json.loads(sys.argv[1]), [])))
"""


def test_matching_needs_no_extra() -> None:
    """What is left open, and what isn't, is decided without the libraries of the extra."""
    place = {"container": "Journal of Nursing Education", "volume": "12", "pages": "1003"}
    items = [item("a", TRAINING, **place), item("b", TRAINEES, **place), item("c", TRAINING.upper(), **place)]
    command = [sys.executable, "-c", ALIKE_AND_OPEN, json.dumps(items)]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "1\n"  # noqa: S603


def test_one_doi_of_a_whole_supplement() -> None:
    """Abstracts that share a DOI and a page stay apart."""
    values = {"doi": "10.1007/s00125-014-3355-0", "pages": "S354", "volume": "57"}
    first = "A DPP-4 inhibitor remarkably suppresses foam cell formation in peritoneal macrophages"
    second = "A DPP-4 inhibitor suppresses atherosclerotic lesions in the aorta of rabbits"
    items = [item("a", first, **values), item("b", second, authors="Roe, R", firstAuthor="Roe", **values)]
    assert duplicates.matches(items, []) == []


def test_a_pmid_in_the_field_of_another_database() -> None:
    """A number alone doesn't join what else differs."""
    items = [item("a", pmid="12345"), item("b", CREDITS, authors="Roe, R", firstAuthor="Roe", pmid="12345")]
    assert duplicates.matches(items, []) == []


def test_an_identifier_alone_finds_a_protocol() -> None:
    """A record without a title isn't told apart from a protocol, a notice or a preprint by what a title would say."""
    bare = {"title": None, "authors": None, "firstAuthor": None, "year": None}
    for title, place in (
        ("Badges at work: study protocol", {}),
        ("Correction: Badges at work", {}),
        (CREDITS, {"container": "medRxiv"}),
    ):
        (match,) = duplicates.matches([item("b", pmid="7", **bare)], [item("a", title, pmid="7", **place)])
        assert match.other == "a"
    items = [item("a", "Badges at work", pmid="7"), item("b", "Badges at work: protocol", pmid="7")]
    assert duplicates.matches(items, []) == []
    assert len(duplicates.matches([*items, item("c", pmid="7", **bare)], [])) == 1  # and it joins no two that differ


def test_a_chain_names_its_first() -> None:
    """Duplicates of duplicates name the first record of the publication, and the one they were compared with."""
    items = [item("a", doi="10.1/x", authors=None), item("b", doi="10.1/x", pmid="7"), item("c", None, pmid="7")]
    found = duplicates.matches(items, [])
    assert joined(found) == {"b": "a", "c": "a"}
    assert [match.compared for match in found] == ["a", "b"]


def test_no_chain_joins_what_is_apart() -> None:
    """A record without a number isn't the bridge between two parts."""
    title = "Learning with badges in secondary schools"
    items = [item("1", f"{title}: part 1", doi="10.1/a"), item("2", f"{title}: part 2", doi="10.1/b"), item("3", title)]
    assert {"1", "2"} not in groups(duplicates.matches(items, []), items)
    assert not any({"1", "2"} <= group for group in groups(duplicates.matches(items, []), items))


def test_what_was_found_distinct_stays_distinct() -> None:
    """A decision is never taken back by a later link."""
    apart = {"id": "m", "type": "Match", "sameness": "distinct", "comparedWith": "report/x", "basis": "read"}
    known = [item("report/x", doi="10.1/x"), item("record/a/1", doi="10.1/x", matches=[apart])]
    found = duplicates.resolved([item("record/b/1", doi="10.1/x")], known)
    assert len(found.matches) == 1  # it is like both, and joins one
    assert (found.bridges, found.doubts) == (
        [],
        [],
    )  # that the two are distinct has been decided, and isn't asked again


def test_a_record_like_two_publications_is_told() -> None:
    """It joins one, and whether it is the other a person decides."""
    known = [item("report/x", doi="10.1/x"), item("report/y", CREDITS, pmid="7")]
    new = item("record/b/1", doi="10.1/x", pmid="7", title=None, authors=None, firstAuthor=None)
    found = duplicates.resolved([new], known)
    assert len(found.matches) == len(found.bridges) == len(found.doubts) == 1
    assert {found.matches[0].other, found.doubts[0].other} == {"report/x", "report/y"}


def test_a_record_joins_two_publications_that_nobody_has_touched() -> None:
    """In one go the three would be one; so they are when the record comes later."""
    known = [item("report/x", doi="10.1/x"), item("record/a/1", None, pmid="7", authors=None, firstAuthor=None)]
    new = item("record/b/1", doi="10.1/x", pmid="7")
    found = duplicates.resolved([new], known, loose=["record/a/1"])
    assert joined(found.matches) == {"record/b/1": "report/x"}
    assert joined(found.merged) == {"record/a/1": "report/x"}
    assert found.doubts == []
    assert joined(duplicates.resolved([new], known, loose=["record/a/1", "report/x"]).merged) == {
        "record/a/1": "report/x"
    }
    decided = [item("report/x", doi="10.1/x"), {**known[1], "decisions": []}]
    assert duplicates.resolved([new], decided, loose=["report/x"]).merged == []  # a study, and something else decided


def test_the_report_stands_for_its_records() -> None:
    """A duplicate of a record that identifies a report duplicates the report."""
    known = [item("report/x", doi="10.1/x"), item("record/a/1", CREDITS, pmid="7", identifies="report/x")]
    assert joined(duplicates.matches([item("record/b/1", CREDITS, pmid="7")], known)) == {"record/b/1": "report/x"}


FAMILY = [
    item("1", doi="10.1/x", container="Comput Educ"),
    item("2", BADGES.upper(), volume="5", pages="10-19", container="Computers & Education"),
    item("3", BADGES.partition(":")[0], doi="10.1/X", pmid="11"),
    item("4", None, pmid="11", authors=None, firstAuthor=None),
    item("5", f"Erratum: {BADGES}", volume="6", pages="77"),
    item("6", CREDITS, volume="5", pages="10-19"),
    item("7", CREDITS.lower(), year=2021, volume="5", pages="10"),
    item("8", f"{CREDITS}: part 2", volume="5", pages="20-29"),
]
EXPECTED = {frozenset(each) for each in ("1234", "5", "67", "8")}


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5, 6, 7), (7, 6, 5, 4, 3, 2, 1, 0), (3, 1, 7, 2, 0, 6, 4, 5)])
def test_publications_are_found_in_any_order(order: tuple[int, ...]) -> None:
    """All at once."""
    items = [FAMILY[i] for i in order]
    assert groups(duplicates.matches(items, []), items) == EXPECTED


@settings(max_examples=40, deadline=None)
@given(st.permutations(FAMILY))
def test_order_plays_no_part(items: list[dict[str, Any]]) -> None:
    """Every permutation gives the same publications."""
    assert groups(duplicates.matches(items, []), items) == EXPECTED


def test_files_in_any_order() -> None:
    """Linked one after another, two records at a time, in every order: each pair finds what was there before."""
    parts = [FAMILY[:2], FAMILY[2:5], FAMILY[5:]]
    for order in permutations(parts):
        known: list[dict[str, Any]] = []
        for part in order:
            found = joined(duplicates.matches(part, known))
            known += [{**each, "duplicateOf": found[each["id"]]} if each["id"] in found else each for each in part]
        made: dict[str, set[str]] = {}
        for each in known:
            made.setdefault(each.get("duplicateOf", each["id"]), set()).add(each["id"])
        assert {frozenset(group) for group in made.values()} == EXPECTED


@pytest.mark.parametrize("title", ["Editorial", "A record without a year or code"])
def test_a_record_twice(title: str) -> None:
    """Nothing tells the two apart, whatever else isn't known."""
    values = {"year": None, "authors": None, "firstAuthor": None}
    assert joined(duplicates.matches([item("b", title, **values)], [item("a", title, **values)])) == {"b": "a"}


def test_a_number_that_too_many_share_identifies_nothing() -> None:
    """A placeholder in the field isn't compared a million times."""
    items = [item(str(i), f"{CREDITS} {i * 7919}", doi="10.1/none") for i in range(pairs.BLOCK_LIMIT + 10)]
    assert duplicates.matches(items, []) == []


def test_values_that_the_library_cannot_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pair that makes it fail is left open; the others are decided."""
    pytest.importorskip("bib_dedupe", reason="it is an extra")

    def failing(pairs: list[bib_dedupe.Pair]) -> list[bib_dedupe.Pair]:
        if any(first.item["id"] == "odd" for first, _ in pairs):
            raise ValueError
        return pairs

    monkeypatch.setattr(bib_dedupe, "_asked", failing)
    asked = [(Traits(item(name)), Traits(item("other"))) for name in ("a", "odd", "b")]
    assert [first.item["id"] for first, _ in bib_dedupe.duplicates(asked)] == ["a", "b"]


@pytest.mark.filterwarnings("ignore")
def test_titles_alone_do_not_make_the_library_fail() -> None:
    """Where no record has an author, one call is enough: it once took two a pair."""
    pytest.importorskip("bib_dedupe", reason="it is an extra")
    first, second = ({"id": name, "title": f"Kites of {name} and the wind"} for name in ("Kent", "Essex"))
    assert bib_dedupe._asked([(Traits(first), Traits(second))]) == []


def test_nothing_is_decided_without_records() -> None:
    """No record, no match, no library."""
    assert duplicates.matches([], [item("a")]) == []
    assert bib_dedupe.duplicates([]) == []
