"""Values held to the attributes that the codebook declares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Copy

from evigraph import checks
from evigraph.checks import declared_values
from evigraph.data import Document, Vocabulary, forms
from evigraph.files import yaml_text
from evigraph.paths import SHIPPED

BOOK: dict[str, Any] = {
    "id": "review",
    "type": "Review",
    "base": "https://example.org/r/",
    "attributes": [
        {"id": "attribute/country", "as": "code", "appliesTo": ["study"], "required": "true", "role": "country"},
        {"id": "attribute/setting", "as": "code", "appliesTo": ["study", "group"], "multiple": "true"},
        {"id": "attribute/n", "as": "number", "appliesTo": ["study"]},
        {"id": "attribute/aim", "as": "text", "appliesTo": ["study"]},
        {"id": "attribute/blind", "as": "boolean", "appliesTo": ["study"]},
        {"id": "attribute/begun", "as": "date", "appliesTo": ["study"]},
        {"id": "attribute/harm", "as": "text", "appliesTo": ["finding"]},
    ],
    "attributeValues": [
        {"id": "value/country/kenya", "label": "Kenya", "inScheme": "codebook/country"},
        {"id": "value/country/peru", "label": "Peru", "inScheme": "codebook/country"},
        {"id": "value/setting/school", "label": "School", "inScheme": "codebook/setting"},
        {"id": "value/setting/ward", "label": "Ward", "inScheme": "codebook/setting"},
    ],
}


def found(values: dict[str, Any], book: dict[str, Any] = BOOK, **more: Any) -> list[str]:
    """What is said of a study with these values."""
    content = {"id": "study/a", "values": values, **more}
    study = Document(Path("a.yaml"), "studies/a", forms.lengthened(content, Vocabulary([book])))
    return [
        ": ".join(row) for row in declared_values.violations([Document(Path("review.yaml"), "review", book), study])
    ]


RIGHT = {
    "country": "Kenya", "setting": ["School", "ward"], "n": 12, "aim": "to learn", "blind": "true", "begun": "2020-05",
}  # fmt: skip


def test_what_is_right_is_not_named() -> None:
    """Whatever an attribute takes, also words where there is no code or number, and codes of other vocabularies."""
    assert found(RIGHT) == []
    assert found({**RIGHT, "n": {"text": "a dozen"}, "setting": {"text": "a ship"}, "aim": "not-reported"}) == []
    assert found({**RIGHT, "country": {"concept": "http://example.org/country/KEN", "text": "Kenya"}}) == []
    assert found({**RIGHT, "setting": [{"value": "Ward", "at": "RQ1"}, {"value": "Ward", "at": "RQ2"}]}) == []


def test_a_record_without_values_is_not_coded() -> None:
    """What nobody has coded lacks nothing; the first value is what makes the others required."""
    assert found({}) == []
    assert found({"n": 3}) == [
        "https://example.org/r/study/a: values: `country` is required and isn't there; code it, or write "
        "`country: not-reported`"
    ]


def test_where_nothing_is_declared_nothing_is_held() -> None:
    """An older codebook has no attributes."""
    assert found({"contry": "Kenya"}, {**BOOK, "attributes": []}) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"contry": "Kenya"}, "the codebook declares no attribute `contry`; did you mean `country`?"),
        ({"weather": "fine"}, "the codebook declares no attribute `weather`; declare it under `attributes`"),
        (
            {"setting": {"concept": "value/country/peru"}},
            "`value/country/peru` is no code of `setting`; its codes",
        ),
        ({"setting": {"concept": "value/setting/wrd"}}, "is no code of `setting`; did you mean `value/setting/ward`?"),
        ({"setting": {"text": "Ward"}}, "`Ward` is a code of `setting`, and stands here as text"),
        ({"country": {"text": "Kenia"}}, "`Kenia` is no country of the codebook; did you mean `Kenya`?"),
        ({"aim": {"number": 5}}, "`aim` is declared as text, and this is a number"),
        ({"aim": {"concept": "value/setting/ward"}}, "`aim` is declared as text, and this is a code"),
        ({"n": {"text": "12"}}, "`n` is declared as number, and `12` is a text; write it without quotes"),
        ({"blind": {"text": "yes"}}, "`blind` is true or false, not `yes`"),
        ({"begun": {"text": "May"}}, "`begun` is a date as 2020, 2020-05 or 2020-05-31, not `May`"),
        ({"country": ["Kenya", "Peru"]}, "`country` has 2 values, and takes one; remove one, or declare it"),
        ({"country": ["Kenya", "not-reported"]}, "`country` is not-reported and has a value as well; keep one"),
        ({"harm": "none"}, "`harm` is told of a finding, and not of a study"),
    ],
)
def test_what_is_wrong_is_named_once_with_its_mend(wrong: dict[str, Any], said: str) -> None:
    """Each wrong value alone, whichever form it was written in."""
    (one,) = found({**RIGHT, **wrong})
    assert said in one


def test_other_records_are_held_as_well() -> None:
    """A group takes what is told of groups."""
    groups = [{"id": "group/a/1", "values": {"setting": "Ward", "n": 3}}]
    (one,) = found(RIGHT, groups=groups)
    assert one.startswith("https://example.org/r/group/a/1/n-1: attribute: `n` is told of a study, and not of a group")


def test_check_names_the_line(copy: Copy) -> None:
    """Of the value, in the file as it was written; and a code that is there twice but for capitals."""
    copy.replace("studies/mah-2016.yaml", "  country: not-reported\n", "  contry: not-reported\n")
    twin = (
        "  - id: value/design-type/a-survey\n    type: AttributeValue\n    label: SURVEY\n    definition: The same.\n"
    )
    twin += "    inScheme: codebook/design-type\nattributes:\n"
    copy.replace("codebook.yaml", "attributes:\n", twin)
    rows = checks.check(copy.workspace)
    lines = (copy.review / "studies" / "mah-2016.yaml").read_text("utf-8").splitlines()
    named = {row.message.partition(";")[0]: lines[row.line - 1] for row in rows if row.path.name == "mah-2016.yaml"}
    assert named == {
        "the codebook declares no attribute `contry`": "  contry: not-reported",
        "`country` is required and isn't there": "values:",
    }
    assert ("value/design-type/a-survey", "label") in {(row.record, row.key) for row in rows}


DOCUMENTED: dict[str, Any] = {
    **BOOK,
    "attributes": [
        {"id": "attribute/country", "as": "code", "appliesTo": ["study"], "required": "true"},
        {"id": "attribute/sample-size", "as": "number", "appliesTo": ["study"]},
        {"id": "attribute/grade", "as": "text", "appliesTo": ["study"]},
    ],
}


@pytest.mark.checkout
def test_the_page_says_what_is_said() -> None:
    """Each row of the table of mistakes in the page on documents, but for places, which other documents tell."""
    page = (SHIPPED / "docs" / "documents.md").read_text("utf-8")
    table = page.partition("| written | said |\n|---|---|\n")[2].partition("\n\n")[0].splitlines()
    assert len(table) == 12
    for row in table[:-1]:
        written, said = (cell.strip().strip("`").strip() for cell in row.strip("|").rsplit(" | ", 1))
        line = written.partition("`")[0]
        if line.startswith("{"):
            line = f"country: {line}"
        elif line.startswith("other values"):
            line = "grade: a"
        values = yaml_text.load(line)
        try:
            told = found({**({} if "other" in written else {"country": "Kenya"}), **values}, DOCUMENTED)
        except ValueError as error:
            told = [str(error)]
        assert any(said.partition(" …")[0] in each for each in told), (written, said, told)
