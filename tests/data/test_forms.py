"""The short form of documents, which files have, and the long one, which everything else works on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Copy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evigraph import data
from evigraph.data import Document, Vocabulary, forms, quads
from evigraph.errors import DataError
from evigraph.paths import SHIPPED, find_workspace

CODEBOOK: dict[str, Any] = {
    "id": "review",
    "type": "Review",
    "attributes": [
        {"id": "attribute/country", "type": "Attribute", "label": "Country", "as": "code"},
        {"id": "attribute/n", "type": "Attribute", "label": "Sample", "as": "number"},
        {"id": "attribute/blind", "type": "Attribute", "label": "Blinded", "as": "boolean"},
        {"id": "attribute/begun", "type": "Attribute", "label": "Begun", "as": "date"},
        {"id": "attribute/aim", "type": "Attribute", "label": "Aim", "as": "text"},
        {"id": "attribute/part", "type": "Attribute", "label": "Part", "as": "text", "ordered": "true"},
    ],
    "attributeValues": [
        {"id": "value/country/kenya", "type": "AttributeValue", "label": "Kenya", "inScheme": "codebook/country"},
        {
            "id": "value/country/uk",
            "type": "AttributeValue",
            "label": "United Kingdom",
            "altLabels": ["Great Britain"],
            "notation": "GB",
            "inScheme": "codebook/country",
        },
    ],
}
BOOK = Vocabulary([CODEBOOK])


def long(values: Any) -> list[dict[str, Any]]:
    """The long values of a study that has these."""
    content = {"id": "study/doe-2020", "values": values}
    made: list[dict[str, Any]] = forms.lengthened(content, BOOK)["characteristics"]
    return made


@pytest.mark.parametrize(
    ("said", "key", "meant"),
    [
        ({"country": "Kenya"}, "concept", "value/country/kenya"),
        ({"country": "great britain"}, "concept", "value/country/uk"),
        ({"country": "GB"}, "concept", "value/country/uk"),
        ({"country": "uk"}, "concept", "value/country/uk"),
        ({"country": "not-reported"}, "state", "not-reported"),
        ({"country": {"text": "Zanzibar"}}, "text", "Zanzibar"),
        ({"n": 779}, "value", 779),
        ({"blind": "false"}, "text", "false"),
        ({"begun": "2020-05"}, "text", "2020-05"),
        ({"begun": 2020}, "text", "2020"),
        ({"aim": "to learn"}, "text", "to learn"),
        ({"undeclared": 5}, "value", 5),
        ({"undeclared": "Kenya"}, "text", "Kenya"),
        ({"aim": {"value": "to learn", "state": "inferred", "basis": "the title"}}, "basis", "the title"),
        ({"aim": {"value": "to learn", "at": "RQ6 P1 S2"}}, "locatedAt", "locator/RQ6-P1-S2"),
        ({"aim": {"value": "to learn", "at": "report"}}, "locatedAt", "locator/Report-doe-2020"),
        ({"aim": {"value": "to learn", "at": "report p. 5"}}, "locatedAt", "locator/Report-doe-2020-p-5"),
        ({"at": "report", "aim": "to learn"}, "locatedAt", "locator/Report-doe-2020"),
    ],
)
def test_a_word_means_what_its_attribute_takes(said: dict[str, Any], key: str, meant: object) -> None:
    """A code is known by its label, another label, its notation or its key; numbers, dates and states as typed."""
    (found,) = long(said)
    assert found[key] == meant
    assert found["id"] == f"characteristic/doe-2020/{next(name for name in said if name != 'at')}-1"


def test_the_order_of_a_list_is_kept_where_it_counts() -> None:
    """Several values of an ordered attribute have positions, one has none, and neither have those of another."""
    assert [each.get("position") for each in long({"part": ["b", "a"], "country": ["Kenya", "uk"]})] == [
        1,
        2,
        None,
        None,
    ]
    assert "position" not in long({"part": "b"})[0]
    found = {"id": "finding/Table-2-row-1/doe-2020", "type": "Finding", "values": {"part": ["b", "a"]}}
    whole = forms.lengthened(found, BOOK)
    assert whole["characteristics"][1]["id"] == "characteristic/Table-2-row-1/doe-2020/part-2"
    assert forms.shortened(whole, BOOK) == found


def test_the_domains_of_a_tool_have_their_scales() -> None:
    """A judgement is written by the word of its scale, and its id is the appraisal's with the domain's key."""
    domain = {"id": "domain/rob2-overall", "attribute": "rob2-overall", "scale": "codebook/rob2-judgement"}
    low = {"id": "value/rob2-judgement/low", "label": "Low", "inScheme": "codebook/rob2-judgement"}
    book = Vocabulary([{"id": "review", "domains": [domain], "attributeValues": [low]}])
    values = {"rob2-overall": {"value": "Low", "note": "All domains are."}}
    appraisal = {"id": "appraisal/a/1", "tool": "codebook/rob2", "values": values}
    short = {"id": "study/a", "type": "Study", "appraisals": [{**appraisal, "type": "Appraisal"}]}
    made = forms.lengthened(short, book)
    (judged,) = made["appraisals"][0]["characteristics"]
    assert (judged["id"], judged["concept"]) == ("appraisal/a/1/overall", "value/rob2-judgement/low")
    assert forms.shortened(made, book) == short


def test_a_list_is_several_values() -> None:
    """Each has an id of its own, in the order in which they stand."""
    found = long({"country": ["Kenya", {"value": "uk", "note": "in part"}], "n": "not-applicable"})
    assert [(each["id"].rpartition("/")[2], each["state"]) for each in found] == [
        ("country-1", "stated"),
        ("country-2", "stated"),
        ("n-1", "not-applicable"),
    ]


def test_the_place_of_all_values_may_be_told_once() -> None:
    """`at` holds for those that tell no other; what isn't reported has no place."""
    found = long({"at": "report", "n": 3, "aim": {"value": "x", "at": "none"}, "country": "not-reported"})
    assert [each.get("locatedAt") for each in found] == ["locator/Report-doe-2020", None, None]


def test_what_a_key_says_may_be_left_out() -> None:
    """The type of a root follows from its file, and that of a record from its key."""
    content = {"id": "study/a", "findings": [{"id": "finding/a", "values": {"n": 1}}], "reports": [{"id": "report/a"}]}
    made = forms.lengthened(content, BOOK)
    assert (made["type"], made["findings"][0]["type"], made["reports"][0]["type"]) == ("Study", "Finding", "Report")
    assert made["findings"][0]["characteristics"][0]["id"] == "finding/a/n-1"


def test_the_coding_of_a_study_holds_for_its_findings() -> None:
    """But for those that have one of their own; and it comes back as it was."""
    short = {
        "id": "study/a",
        "type": "Study",
        "coding": "coding/first",
        "findings": [
            {"id": "finding/a/1", "type": "Finding"},
            {"id": "finding/a/2", "type": "Finding", "coding": "coding/x"},
        ],
    }
    long = forms.lengthened(short, Vocabulary())
    assert [each["coding"] for each in long["findings"]] == ["coding/first", "coding/x"]
    assert forms.shortened(long, Vocabulary()) == short
    alone = {"id": "study/a", "type": "Study", "coding": "coding/first"}
    assert forms.lengthened(alone, Vocabulary()) == alone


def test_whom_a_text_does_not_tell() -> None:
    """`concerns: not-reported` stands where the people would, and is kept as before."""
    short = {"id": "finding/a", "type": "Finding", "concerns": "not-reported", "informant": ["stakeholder/student"]}
    made = forms.lengthened(short, BOOK)
    assert (made["notReported"], "concerns" in made) == (["concerns"], False)
    assert forms.shortened(made, BOOK) == short
    both = {"id": "finding/a", "type": "Finding", "notReported": ["concerns", "informant"]}
    assert forms.shortened(both, BOOK)["informant"] == "not-reported"
    assert forms.lengthened(forms.shortened(both, BOOK), BOOK) == both


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            {"country": "Kenia"},
            r"`Kenia` is no code of `country`; did you mean `Kenya`\? A new code goes into codebook",
        ),
        ({"n": "many"}, r"`n` is a number, not `many`"),
        ({"aim": 5}, r"`aim` is text, not the number 5; write it in quotes"),
        ({"blind": "no"}, r"`blind` is true or false, not `no`"),
        ({"begun": "May"}, r"`begun` is a date as 2020"),
        ({"aim": None}, r"`aim` is empty; write `not-reported`"),
        ({"aim": [["a"]]}, r"a value of `aim` is one word, number or text"),
        ({"aim": {"value": "a", "plce": "p. 4"}}, r"unknown key `plce` of a value"),
        (["country"], r"`values` has a line `attribute: value`"),
    ],
)
def test_what_is_no_value(said: Any, message: str) -> None:
    """It is told with the mend."""
    with pytest.raises(ValueError, match=message):
        long(said)


def test_the_line_of_a_wrong_value(copy: Copy) -> None:
    """The error names the file and the line that holds the value."""
    study = copy.review / "studies" / "mah-2016.yaml"
    text = study.read_text("utf-8")
    values = "values:\n  aim: a\n  size: {value: 3, notte: x}\n"
    head, mark, tail = text.partition("values:\n") if "\nvalues:\n" in text else text.partition("findings:\n")
    study.write_text(head + values + (tail if mark == "values:\n" else mark + tail), "utf-8")
    with pytest.raises(DataError, match="unknown key `notte` of a value; did you mean `note`") as caught:
        data.read_documents(find_workspace(copy.root))
    assert "notte" in study.read_text("utf-8").splitlines()[caught.value.line - 1]


def held(documents: list[Document], folder: Path) -> None:
    """The law: long to short to long loses nothing, by way of a file."""
    vocabulary = data.vocabulary(documents)
    for document in documents:
        if document.path.suffix == ".yaml":
            path = folder / "again.yaml"
            path.write_text(data.dump(document.content, vocabulary), "utf-8")
            assert quads.arranged(data.read_document(path, document.name, vocabulary).content) == document.content


def test_every_shipped_document_is_held(tmp_path: Path, documents: list[Document]) -> None:
    """What is written is read back, of the shipped review."""
    held(documents, tmp_path)


@pytest.mark.checkout
def test_every_document_of_the_map_is_held(tmp_path: Path) -> None:
    """And of the evidence map."""
    held(data.read_documents(find_workspace(SHIPPED / "examples" / "hpv-map")), tmp_path)


WORDS = st.one_of(
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20),
    st.sampled_from(["Kenya", "not-reported", "none", "true", "no", "5", "2020-01-01", "~"]),
)
VALUES = st.fixed_dictionaries(
    {"attribute": st.sampled_from(["country", "n", "blind", "begun", "aim", "part", "other"])},
    optional={
        "state": st.sampled_from(["stated", "inferred", "not-reported", "not-applicable"]),
        "text": WORDS,
        "value": st.one_of(st.integers(-9, 9**9), st.floats(allow_nan=False, allow_infinity=False)),
        "concept": st.sampled_from(["value/country/kenya", "value/country/uk", "value/other/kenya"]),
        "basis": WORDS,
        "note": WORDS,
        "locatedAt": st.sampled_from(["locator/Report-a", "locator/Report-a-p-5", "locator/RQ1-P1", "locator/none"]),
        "coding": st.just("coding/x"),
        "unit": st.just("mg"),
        "position": st.integers(1, 3),
    },
)


@settings(max_examples=120, deadline=None)
@given(st.lists(VALUES, max_size=6), st.booleans())
@example([{"attribute": "part", "state": "stated"}] * 2, False)
def test_any_values_come_back(tmp_path_factory: pytest.TempPathFactory, values: list[Any], odd: bool) -> None:
    """Whatever a record's long values hold, also what the checks don't let pass, it is written and read back."""
    numbered = [
        {"id": f"characteristic/a/{each['attribute']}-{i + odd}", "type": "Characteristic", **each}
        for i, each in enumerate(values)
    ]
    content = quads.arranged({"id": "study/a", "type": "Study", **({"characteristics": numbered} if numbered else {})})
    path = tmp_path_factory.mktemp("law") / "a.yaml"
    path.write_text(data.dump(content, BOOK), "utf-8")
    assert quads.arranged(data.read_document(path, "studies/a", BOOK).content) == content


def test_a_vocabulary_tells_what_it_would_change() -> None:
    """A new code changes nothing; a code that is gone, or another `as`, changes what was written."""
    more = {"id": "value/country/peru", "type": "AttributeValue", "label": "Peru", "inScheme": "codebook/country"}
    grown = Vocabulary([CODEBOOK, {"id": "review", "attributeValues": [more]}])
    assert BOOK.disturbed(grown) == set()
    assert grown.disturbed(BOOK) == {"country"}
    assert BOOK.digest != grown.digest
    assert BOOK.disturbed(Vocabulary()) == {"country", "n", "blind", "begun", "aim", "part"}
