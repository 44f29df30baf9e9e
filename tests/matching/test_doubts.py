"""Which pairs are one publication, which a person has to decide about, and which are two."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from evigraph.matching import duplicates
from evigraph.matching.registrations import of_entry
from evigraph.matching.traits import Traits
from evigraph.matching.verdicts import judged
from evigraph.matching.wording import other_words

Item = dict[str, Any]
SCHOOLS = "Sticker albums and the attendance of pupils in primary schools"


def record(title: str = SCHOOLS, **values: Any) -> Item:
    """A record by Marta Quill and Ole Brandt in a journal of 2017, unless it says otherwise."""
    given = {"authors": "Quill, Marta; Brandt, Ole", "year": 2017, "container": "Journal of Sticker Studies", **values}
    first = str(given.get("authors") or "").partition(",")[0]
    return {key: value for key, value in {"title": title, "firstAuthor": first, **given}.items() if value}


def verdict(one: Item, other: Item) -> str:
    """What is found about two records, in whichever order they come."""
    found = {_told(a, b) for a, b in ((one, other), (other, one))}
    assert len(found) == 1
    return found.pop()


def _told(one: Item, other: Item) -> str:
    made = duplicates.resolved([{**one, "id": "1"}, {**other, "id": "2"}], [])
    return "same" if made.matches else "undecided" if made.doubts else "two"


CHAPTER = {"container": "Handbook of Stickers", "kind": "chapter"}
DECIDED: list[tuple[str, Item, Item, str]] = [
    (
        "a preface without a place",
        record("Preface", **CHAPTER),
        record("Preface", **CHAPTER, publisher="X"),
        "undecided",
    ),
    (
        "chapters of one book",
        record("Introduction", **CHAPTER, pages="1-9"),
        record("Introduction", **CHAPTER, pages="101-112"),
        "two",
    ),
    (
        "one chapter",
        record("Introduction", **CHAPTER, pages="1-9"),
        record("INTRODUCTION.", **CHAPTER, pages="1-9"),
        "same",
    ),
    ("two books", record("Introduction", **CHAPTER), record("Introduction", container="Atlas of Album Making"), "two"),
    (
        "the DOI of the book",
        record("Introduction", **CHAPTER, pages="1-9", doi="10.5555/b"),
        record("Introduction", **CHAPTER, pages="101-112", doi="10.5555/b"),
        "undecided",
    ),
    (
        "other chapters of the book",
        record("Introduction", **CHAPTER, pages="1-9", doi="10.5555/b"),
        record("The price of glue", **CHAPTER, authors="Fenn, Ida", pages="10-20", doi="10.5555/b"),
        "two",
    ),
    (
        "an editor's words of each issue",
        record("From the editor's desk: welcome", authors="Quill, Marta", volume="4", issue="1"),
        record("From the editor's desk: welcome", authors="Quill, Marta", volume="4", issue="2"),
        "two",
    ),
    (
        "editor's remarks, named after the journal",
        record("Remarks from the Journal of Sticker Studies editor", volume="4"),
        record("Remarks from the Journal of Sticker Studies editor", volume="4", issue="2"),
        "same",
    ),
    (
        "abstracts of a supplement",
        record("Glue under stress", volume="9", pages="S12", doi="10.5555/s"),
        record(
            "Albums and reading speed",
            authors="Brandt, Ole; Quill, Marta",
            volume="9",
            pages="S12-S13",
            doi="10.5555/s",
        ),
        "undecided",
    ),
    (
        "abstracts of other pages",
        record("Glue under stress", volume="9", pages="S12", doi="10.5555/s"),
        record("Albums and reading speed", authors="Fenn, Ida", volume="9", pages="S88", doi="10.5555/s"),
        "two",
    ),
    ("another level", record(), record(SCHOOLS.replace("primary", "secondary")), "undecided"),
    ("another population", record(), record(SCHOOLS.replace("pupils", "teachers")), "undecided"),
    ("another time", record(f"{SCHOOLS} after 6 months"), record(f"{SCHOOLS} after 12 months"), "undecided"),
    (
        "the opposite",
        record("Hypertension and album making in older people"),
        record("Hypotension and album making in older people"),
        "undecided",
    ),
    (
        "inpatients",
        record("Sticker albums for inpatients of a clinic"),
        record("Sticker albums for outpatients of a clinic"),
        "undecided",
    ),
    (
        "a word more",
        record("Sticker albums and attendance in schools"),
        record("Sticker albums and attendance in primary schools"),
        "undecided",
    ),
    (
        "another level in another place",
        record(volume="1", pages="3-9"),
        record(SCHOOLS.replace("primary", "secondary"), volume="1", pages="10-19"),
        "two",
    ),
    (
        "another level with its own DOI",
        record(doi="10.5555/1"),
        record(SCHOOLS.replace("primary", "secondary"), doi="10.5555/2"),
        "two",
    ),
    (
        "abstracts of one page, one word apart",
        record("Albums in girls", volume="9", pages="S1-S2"),
        record("Albums in boys", volume="9", pages="S1-S2"),
        "two",
    ),
    (
        "one title in two places",
        record(volume="3", pages="20-31"),
        record(container="Proceedings of the Glue Society", volume="8", pages="7-9"),
        "undecided",
    ),
    ("a slip", record(volume="3"), record(SCHOOLS.replace("attendance", "attendence"), volume="3"), "same"),
    (
        "a translated title",
        record(volume="3", pages="20-31"),
        record(
            "Álbumes de pegatinas y asistencia escolar", container="Revista de Pegatinas", volume="3", pages="20-31"
        ),
        "same",
    ),
    (
        "a translated title on one page",
        record(volume="3", pages="20"),
        record("Álbumes de pegatinas y asistencia escolar", volume="3", pages="20"),
        "undecided",
    ),
    (
        "a correction",
        record(volume="3", pages="20-31"),
        record(f"Correction to: {SCHOOLS}", volume="3", pages="40"),
        "two",
    ),
    (
        "authors left out",
        record(volume="3", issue="1"),
        record(authors="Fenn, Ida", volume="3", issue="1"),
        "undecided",
    ),
]


@pytest.mark.parametrize(
    ("one", "other", "expected"), [each[1:] for each in DECIDED], ids=[each[0] for each in DECIDED]
)
def test_three_verdicts(one: Item, other: Item, expected: str) -> None:
    """The same, to be decided, or two."""
    assert verdict(one, other) == expected


REGISTERED = {"container": "", "authors": "Clinic of Stickers"}


def test_registrations() -> None:
    """The number tells an entry of a register, wherever it stands; of two numbers with one title a person decides."""
    title = "Sticker albums for late readers"
    one = record(title, **REGISTERED, url="https://clinicaltrials.gov/study/NCT90000001")
    copy = record("Albums", authors="NCT90000001", container="https://clinicaltrials.gov/show/NCT90000001", year=2009)
    named = record(title, **REGISTERED, identifiers=["nct:NCT90000001"])
    second = record(title, **REGISTERED, url="https://clinicaltrials.gov/study/NCT90000002")
    article = record(
        title, identifiers=["nct:NCT90000001"], volume="2", pages="1-9", url="https://x.example/NCT90000001"
    )
    assert verdict(one, copy) == verdict(one, named) == verdict(copy, named) == "same"
    assert verdict(one, second) == "undecided"
    assert verdict(one, article) == verdict(copy, article) == "two"
    assert of_entry(article) == frozenset()


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://www.isrctn.com/ISRCTN12345678", "isrctn12345678"),
        ("https://www.crd.york.ac.uk/prospero/display_record.php?ID=CRD42020123456", "crd42020123456"),
        ("https://trialsearch.who.int/Trial2.aspx?TrialID=EUCTR2008-001234-56-NL", "200800123456"),
        ("https://www.clinicaltrialsregister.eu/ctr-search/trial/2008-001234-56/NL", "200800123456"),
        ("https://www.drks.de/search/en/trial/DRKS00012345", "drks00012345"),
        ("https://www.anzctr.org.au/ACTRN12612000123456.aspx", "actrn12612000123456"),
        ("http://www.chictr.org.cn/showproj.aspx?proj=ChiCTR-TRC-12001234", "chictrtrc12001234"),
        ("https://example.org/NCT90000001", ""),
    ],
)
def test_numbers_of_registers(url: str, number: str) -> None:
    """As each register writes them; an address elsewhere makes no entry of a record."""
    assert of_entry({"title": "Albums", "url": url}) == ({number} if number else frozenset())


def test_a_score_of_one_rests_on_more_than_a_number() -> None:
    """An identifier, and a title or a first author that is like the other's."""
    place = {"volume": "3", "pages": "20-31", "doi": "10.5555/1"}
    retitled = record("Álbumes y asistencia", **place)
    bare = {"doi": "10.5555/1", "year": 2017}
    scores = [found.score for other in (retitled, bare) if (found := judged(Traits(record(**place)), Traits(other)))]
    assert scores == [1.0, 0.95]


def test_letters_however_they_are_composed() -> None:
    """A letter and its accent are one sign or two."""
    names = {"authors": "Quíll, Márta; Brändt, Øle", "volume": "3"}
    one = record("Álbumes, niños y glúe: ¿qué cambia en la enseñanza?", **names)
    other = {key: unicodedata.normalize("NFD", each) if isinstance(each, str) else each for key, each in one.items()}
    assert other != one
    assert verdict(one, other) == "same"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Long-term albums", "Longterm albums", ([], [])),
        ("The β-blocker album of the year", "The -blocker album of the year", ([], [])),
        ("Albums of rats in spring", "Albums of cats in spring", (["rats"], ["cats"])),
        ("Arthritis of album makers", "Arthrosis of album makers", (["arthritis"], ["arthrosis"])),
        ("Graduate album makers", "Undergraduate album makers", (["graduate"], ["undergraduate"])),
        ("Album makers in three towns", "Album makers in three towns: a trial", ([], [])),
        ("Albums B6 and glue", "Albums B12 and glue", (["b6"], ["b12"])),
    ],
)
def test_words_that_mean_something_else(one: str, other: str, expected: tuple[list[str], list[str]]) -> None:
    """They are told from slips and from what a tool changes."""
    assert other_words(Traits({"title": one}), Traits({"title": other})) == expected


def test_a_pair_is_asked_about_once() -> None:
    """A later record of one of the two asks nothing, before and after it is decided."""
    first, second = (
        {**record(title), "id": f"record/a/{n}"}
        for n, title in enumerate((SCHOOLS, SCHOOLS.replace("primary", "secondary")))
    )
    (doubt,) = duplicates.resolved([first, second], []).doubts
    assert (doubt.record, doubt.other) == ("record/a/1", "record/a/0")
    later = {**record(SCHOOLS.replace("primary", "secondary")), "id": "record/b/1"}
    for sameness in ("undecided", "distinct"):
        match = {"id": "m", "type": "Match", "comparedWith": "record/a/0", "sameness": sameness, "basis": "read"}
        found = duplicates.resolved([later], [first, {**second, "matches": [match]}])
        assert [each.other for each in found.matches] == ["record/a/1"]
        assert found.doubts == []


def test_few_are_asked_about_one_record() -> None:
    """Of many that share the DOI of a book, the most alike."""
    chapters = [
        {**record("Introduction", **CHAPTER, doi="10.5555/b", pages=f"{n}01-{n}09"), "id": str(n)} for n in range(1, 9)
    ]
    found = duplicates.resolved(chapters, [])
    assert found.matches == []
    asked = [each.record for each in found.doubts] + [each.other for each in found.doubts]
    assert max(asked.count(each["id"]) for each in chapters) <= duplicates.ASKED
    assert set(asked) == {each["id"] for each in chapters}
