"""Whether two records are of one publication, pair by pair."""

from __future__ import annotations

from typing import Any

import pytest

from evigraph.matching import likeness
from evigraph.matching.traits import Traits

PAPER = {
    "title": "Digital badges in nursing education: a survey of 200 students",
    "authors": "García-López, Ana; Müller, Jörg; Smith, John",
    "firstAuthor": "García-López",
    "year": 2019,
    "container": "Computers & Education",
    "volume": "57",
    "issue": "3",
    "pages": "123-129",
}


def pair(**changes: Any) -> tuple[Traits, Traits]:
    """The paper, and the paper with other values; None leaves one out."""
    other = {key: value for key, value in {**PAPER, **changes}.items() if value is not None}
    if "authors" in changes and "firstAuthor" not in changes:
        other["firstAuthor"] = str(changes["authors"] or "").partition(",")[0]
    return Traits(PAPER), Traits(other)


SAME: list[dict[str, Any]] = [
    {},
    {"title": "DIGITAL BADGES IN NURSING EDUCATION: A SURVEY OF 200 STUDENTS."},
    {"title": "Digital badges in nursing education - a survey of 200 students"},
    {"title": "Digital badges in nursing education"},
    {"title": "Digital Badges in Nursing Eduction: A Survey of 200 Students"},
    {"title": "RETRACTED: Digital badges in nursing education: a survey of 200 students"},
    {"title": "Digital badges in nursing education: a survey of 200 students. [Erratum appears in Comput Educ 2020]"},
    {"container": "Comput Educ", "authors": "Garcia-Lopez A; Muller J; Smith J", "firstAuthor": "Garcia-Lopez"},
    {"container": "COMPUTERS AND EDUCATION"},
    {"container": "Computers & Educ…", "issue": None},
    {"pages": "123-9"},
    {"pages": "p123-129", "volume": "v57", "issue": "n3"},
    {"pages": "132-129"},
    {"pages": "Suppl-9"},
    {"title": "Medical progress: Digital badges for nurses, with a survey of 200 students"},
    {"title": f"{PAPER['title']}. [Review] [45 refs]"},
    {"title": f"[{PAPER['title']}]. [Spanish]"},
    {"title": f"{PAPER['title']} (Provisional abstract)"},
    {"title": "Digital badges in nusing education: a survey of 200 students", "pages": None},
    {"pages": None, "volume": None, "issue": None},
    {"authors": None, "firstAuthor": None},
    {"authors": "Ana García-López; Jörg Müller; John Smith", "firstAuthor": "García-López"},
    {"year": 2018},
    {"year": None, "issue": None},
    {"container": None, "issue": None},
]
"""What tools change about one paper."""


@pytest.mark.parametrize("changes", SAME, ids=repr)
def test_the_same_paper(changes: dict[str, Any]) -> None:
    """It is the same, whatever the tool changed, in either order."""
    for first, second in (pair(**changes), pair(**changes)[::-1]):
        assert likeness.apart(first, second) == ""
        assert likeness.same(first, second)
        assert 0.6 < likeness.score(first, second) <= 0.99


APART: list[tuple[str, dict[str, Any]]] = [
    ("one is a notice about the other", {"title": f"Erratum: {PAPER['title']}"}),
    ("one is a notice about the other", {"title": f"Correction to: {PAPER['title']}"}),
    ("one is a notice about the other", {"title": f"Corrigendum to “{PAPER['title']}”"}),
    ("one is a notice about the other", {"title": f"Retraction notice to {PAPER['title']}"}),
    ("one is a notice about the other", {"title": f"{PAPER['title']} (vol 57, pg 123, 2019)"}),
    ("one is a notice about the other", {"title": f"Comment on {PAPER['title']}"}),
    ("one is a notice about the other", {"title": f"Reply to: {PAPER['title']}"}),
    ("one is a protocol", {"title": "Digital badges in nursing education: study protocol", "pages": "7-9"}),
    ("their titles have different numbers", {"title": f"{PAPER['title']}: part 2"}),
    ("their titles have different numbers", {"title": f"{PAPER['title']}. II"}),
    ("their titles have different numbers", {"title": "Digital badges in nursing education: a survey of 300 students"}),
    ("one is a preprint", {"container": "medRxiv", "volume": None, "issue": None, "pages": None}),
    ("one is a preprint", {"doi": "10.48550/arXiv.1901.00001", "container": None}),
    ("one is a preprint", {"kind": "preprint", "container": None}),
    ("their years differ", {"year": 2015, "volume": "53"}),
    ("they stand in different places", {"container": "Proceedings of the Learning Conference", "pages": "900-905"}),
    (
        "their authors and their titles differ",
        {"title": "Digital badges in law: a survey of 200 judges", "authors": "Kim, Lee"},
    ),
]
"""What looks like the paper and isn't it, with the reason."""


@pytest.mark.parametrize(("reason", "changes"), APART, ids=lambda value: str(value)[:50])
def test_another_publication(reason: str, changes: dict[str, Any]) -> None:
    """It stays apart, in either order, and the reason says why."""
    first, second = pair(**changes)
    assert likeness.apart(first, second) == likeness.apart(second, first) == reason


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Digital badges in nursing education: a survey of 200 teachers", "pages": "123", "issue": None},
        {"title": "Digital badges in nursing education: a survey of 200 teachers", "authors": "García-López, Ana"},
        {"title": "Open badges in schools", "pages": "7-9"},
        {"volume": "58", "issue": None},
        {"pages": "7-9", "issue": None, "authors": "García-López, Ana"},
        {"container": "Proceedings of the Learning Conference", "pages": None},
        {"authors": "Kim, Lee", "volume": None, "pages": None},
    ],
    ids=repr,
)
def test_an_open_case(changes: dict[str, Any]) -> None:
    """What contradicts is not called the same."""
    first, second = pair(**changes)
    assert not likeness.same(first, second)


def test_a_letter_more_or_less() -> None:
    """A slip in a short word is one, and men and women are two studies all the same."""
    place = {key: value for key, value in PAPER.items() if key != "pages"}
    first, *others = (
        Traits({**place, "title": f"Badges and the {words} training in hospitals"})
        for words in ("health of women is", "health of women s", "health of omen is", "health of men is")
    )
    assert [likeness.same(first, other) for other in others] == [True, True, False]


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [
        ("121-8", "121", "128"),
        ("121\u2013128, 130", "121", "128"),
        ("S109-S112", "109", "112"),
        ("100A-101A", "100", "101"),
        ("t-71", "", ""),
        ("Suppl-12", "", ""),
        ("1-13", "", ""),
        ("945", "945", ""),
    ],
)
def test_pages(pages: str, first: str, last: str) -> None:
    """Of a range both ends are known, however it is shortened; of what lost its beginning, nothing is."""
    traits = Traits({"pages": pages})
    assert (traits.page, traits.last) == (first, last)


def test_an_editorial_of_one_issue() -> None:
    """Without pages it is told by volume, issue and all names; two volumes have two."""
    first = Traits({**PAPER, "title": "Editorial"})
    unpaged = {**PAPER, "title": "Editorial.", "pages": "", "container": "Comput Educ"}
    assert likeness.same(first, Traits(unpaged))
    assert likeness.same(first, Traits({**unpaged, "issue": ""}))  # an editor alone may have one in each issue
    for changes in ({"issue": "4"}, {"volume": "58"}, {"authors": "García-López, Ana"}, {"year": 2018}):
        assert not likeness.same(first, Traits({**unpaged, **changes}))


PLACES = [
    ({"title": "Insignias digitales en la enseñanza de enfermería"}, True),  # a translated title
    ({"title": "Insignias digitales en la enseñanza de enfermería", "issue": "4"}, False),  # each issue begins anew
    ({"title": "Insignias digitales en la enseñanza de enfermería", "issue": "1113"}, True),  # a number of a database
    ({"title": "Insignias digitales en la enseñanza de enfermería", "pages": "123"}, False),  # abstracts of one page
    ({"title": "Insignias digitales en la enseñanza de enfermería", "volume": None}, True),
    ({"title": "Insignias digitales en la enseñanza de enfermería", "container": None}, True),
    ({"title": "Insignias digitales", "container": None, "authors": "García-López, Ana"}, False),
    ({"title": PAPER["title"].replace("students", "teachers")}, True),  # worded anew: no two papers fill seven pages
    ({"pages": "7-9"}, True),
    ({"pages": "7-9", "issue": None}, True),
    ({"pages": "7-9", "authors": "García-López, Ana"}, False),
    ({"container": "Informática y educación", "pages": None}, True),
    ({"container": "Informática y educación", "pages": "7-9"}, False),
    ({"container": "Informática y educación", "pages": None, "issue": None}, False),
]


@pytest.mark.parametrize(("changes", "expected"), PLACES, ids=repr)
def test_what_stands_in_one_place(changes: dict[str, Any], expected: bool) -> None:
    """The same authors in the same place have one paper there, though its title or its pages are told otherwise."""
    for a, b in (pair(**changes), pair(**changes)[::-1]):
        assert (likeness.near(a, b) and not likeness.apart(a, b) and likeness.same(a, b)) is expected


@pytest.mark.parametrize("title", ["Editorial", "Book reviews", "Annual report"])
def test_a_title_that_others_have_too(title: str) -> None:
    """The place decides; where each issue counts its pages anew, the issue does."""
    paper = {**PAPER, "title": title, "authors": "García-López, Ana", "doi": "10.1/1"}
    first = Traits(paper)
    assert likeness.same(first, Traits(paper))
    for changes in ({"pages": "7-9"}, {"pages": "", "issue": ""}, {"volume": "58"}, {"issue": "4"}):
        assert not likeness.same(first, Traits({**paper, **changes}))
    assert likeness.apart(first, Traits({**paper, "issue": "4", "doi": "10.1/2"})) == "each has a DOI of its own"


def test_two_studies_of_one_author_and_year() -> None:
    """Different titles, however alike, stay two."""
    first, second = pair(title="Digital badges in nursing education: interviews with teachers", pages="123")
    assert not likeness.same(first, second)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (
            "Proc Natl Acad Sci U S A",
            "Proceedings of the National Academy of Sciences of the United States of America",
            1,
        ),
        ("JAMA", "Journal of the American Medical Association", 1),
        ("Lancet (London, England)", "The Lancet", 1),
        ("Br. J. Educ. Technol.", "British Journal of Educational Technology", 1),
        ("Z Padagog", "Zeitschrift für Pädagogik", 1),
        ("Computers & Education", "Computers in Human Behavior", 0),
        ("Journal of Clinical Oncology", "Journal of Clinical Nursing", 0),
        ("medRxiv", "The Lancet", 0),
        ("Amcis 2017 Proceedings", "Americas Conference on Information Systems", None),
        ("Proc IEEE", "International Conference on Information Systems", 0),
        ("ICIS: Transforming Society", "International Conference on Information Systems", 1),
        ("BMJ : British medical journal", "Journal of British Medicine", 0),
        ("", "The Lancet", None),
    ],
)
def test_journals(one: str, two: str, expected: int | None) -> None:
    """Whole or abbreviated, a journal is one."""
    found = likeness.journal(Traits({"container": one}), Traits({"container": two}))
    assert found == (None if expected is None else bool(expected))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "Badges chapter", "pages": "11-20"}, False),  # a chapter with the DOI of its book
        ({"title": "A DPP-4 inhibitor suppresses atherosclerosis in rabbits", "authors": "Hirano, T"}, False),
        ({"title": None}, True),
        ({"title": None, "authors": "Hirano, T"}, False),  # a number of another database in the field
        ({"title": "Insignias digitales en la enseñanza de enfermería"}, True),  # a translated title
        ({"title": f"Erratum: {PAPER['title']}"}, False),
        ({"title": f"Editorial: {PAPER['title']}"}, True),
    ],
    ids=repr,
)
def test_what_shares_an_identifier(changes: dict[str, Any], expected: bool) -> None:
    """A shared DOI counts only where nothing contradicts it."""
    first, second = pair(**changes)
    assert likeness.related(first, second) is expected
    assert likeness.related(second, first) is expected


@pytest.mark.parametrize(
    ("one", "two", "year", "apart"),
    [
        ("10.1002/14651858.CD002273.pub2", "10.1002/14651858.cd002273.pub3", 2005, ""),
        ("10.1002/14651858.CD002273", "10.1002/14651858.CD002273.pub2", 2005, ""),
        ("10.1002/14651858.CD002273.pub2", "10.1002/14651858.CD002273.pub3", 2011, "their years differ"),
        ("10.1002/14651858.CD002273.pub2", "10.1002/14651858.CD002274.pub3", 2005, "each has a DOI of its own"),
    ],
)
def test_the_versions_of_a_cochrane_review(one: str, two: str, year: int, apart: str) -> None:
    """Within a year they are one review; a later update is another publication."""
    item = {"title": "Air versus oxygen for resuscitation of infants at birth", "authors": "Tan, A", "issue": "3"}
    first = Traits({**item, "pages": "CD002273", "year": 2004, "doi": one})
    second = Traits({**item, "pages": "CD002273", "year": year, "doi": two, "issue": "2"})
    assert likeness.apart(first, second) == apart
    if not apart:
        assert likeness.same(first, second)


def test_a_preprint_with_the_doi_of_its_article() -> None:
    """The same DOI makes them one publication."""
    item = {**PAPER, "doi": "10.1/x"}
    assert likeness.apart(Traits(item), Traits({**item, "container": "medRxiv", "doi": "10.1/X"})) == ""


def test_titles_in_another_script() -> None:
    """They are compared like others."""
    first = Traits({"title": "微证书在高等教育中的应用研究", "authors": "王伟", "year": 2020})
    second = Traits({"title": "微证书在高等教育中的应用研究。", "authors": "王伟", "year": 2020})
    other = Traits({"title": "数字徽章与学习动机的关系研究", "authors": "王伟", "year": 2020})
    assert likeness.same(first, second)
    assert not likeness.same(first, other)
