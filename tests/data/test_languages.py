"""A text in several languages is one text for who doesn't ask, and all of them for who does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Copy
from hypothesis import given, settings
from hypothesis import strategies as st

from evigraph import data, queries
from evigraph.data import code_words, languages, quads
from evigraph.errors import DataError
from evigraph.export import flat_tables
from evigraph.files import yaml_text
from evigraph.queries import build
from evigraph.reports import differences
from evigraph.store import EmbeddedStore, select

BASE = "https://example.org/r/"
RDFS_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
WORDS = st.text("abcä 王-", min_size=1, max_size=6).filter(str.strip)
TAGS = st.sampled_from(["en", "de", "pt-br", "zh-hans", languages.NONE])
TEXTS = WORDS | st.dictionaries(TAGS, WORDS, min_size=1, max_size=4)


def _plain(text: Any) -> str:
    """The plain text among a code's other labels: a list has each once."""
    return text.get(languages.NONE, str(text)) if isinstance(text, dict) else text


def read(folder: Path, content: dict[str, Any]) -> data.Document:
    """A document as its file is read."""
    path = folder / "review.yaml"
    path.write_text(yaml_text.dump(content), "utf-8")
    return data.read_document(path, "review")


def document(**said: Any) -> dict[str, Any]:
    """A review with one code that has these texts."""
    code = {"id": "stakeholder/student", "type": "Stakeholder", **said}
    return {"id": "review", "type": "Review", "base": BASE, "stakeholders": [code]}


@settings(deadline=None)
@given(label=TEXTS, definition=TEXTS, others=st.lists(TEXTS, max_size=3, unique_by=_plain), title=TEXTS)
def test_document_to_graph_to_document(
    tmp_path_factory: pytest.TempPathFactory, label: Any, definition: Any, others: list[Any], title: Any
) -> None:
    """And to its file and back: nothing is lost, in whatever languages the texts are."""
    folder = tmp_path_factory.mktemp("law")
    whole = document(label=label, definition=definition, **({"altLabels": others} if others else {}))
    found = read(folder, whole | {"title": title})
    graph = quads.canonical(quads.to_quads([found], BASE))
    back = quads.to_document(graph, BASE, "review")
    assert back == quads.arranged(found.content)
    written = data.Document(found.path, "review", back)
    assert quads.canonical(quads.to_quads([written], BASE)) == graph
    again = read(folder, yaml_text.load(data.dump(found.content)))
    assert quads.arranged(again.content) == quads.arranged(found.content)


@settings(deadline=None)
@given(label=st.dictionaries(TAGS, WORDS, min_size=1, max_size=4))
def test_there_is_one_plain_text(tmp_path_factory: pytest.TempPathFactory, label: dict[str, str]) -> None:
    """However many languages: so no query that prints a label doubles its rows."""
    found = read(tmp_path_factory.mktemp("one"), document(label=label))
    store = EmbeddedStore()
    store.load(quads.canonical(quads.to_quads([found], BASE)))
    rows = select(store, "SELECT ?l { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }").rows
    assert [str(row[0]) for row in rows] == [f'"{label.get(languages.NONE, next(iter(label.values())))}"']
    tagged = {row[0].language or languages.NONE: row[0].value for row in _labels(store)}  # type: ignore[union-attr]
    assert tagged == label


def _labels(store: EmbeddedStore) -> list[Any]:
    return select(store, f"SELECT ?l {{ ?s {RDFS_LABEL} ?l }}").rows


def test_value_and_lang(tmp_path: Path) -> None:
    """The long form means the short one, and tags are the same in any case."""
    long = read(tmp_path, document(label={"value": "Student", "lang": "en-GB"}))
    assert long.content == read(tmp_path, document(label={"en-gb": "Student"})).content
    assert read(tmp_path, document(label={"value": "Student"})).content["stakeholders"][0]["label"] == "Student"


def test_an_attribute_may_be_called_like_a_text(tmp_path: Path) -> None:
    """Under `values` a key is an attribute, and its mapping says what it is, not in which languages."""
    study = {"id": "study/a", "type": "Study", "label": "A (2020)"}
    path = tmp_path / "a.yaml"
    path.write_text(yaml_text.dump(study | {"values": {"title": {"text": "Teacher", "note": "of Table 1"}}}), "utf-8")
    found = data.read_document(path, "studies/a").content["characteristics"]
    assert [(each["attribute"], each["text"], each["note"]) for each in found] == [("title", "Teacher", "of Table 1")]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"label": {"english language": "Student"}}, "`english language` is no language; write a tag such as en"),
        ({"label": {"en": ["Student"]}}, "the text in `en` is no text; quote it"),
        ({"label": {"en": 2020}}, "the text in `en` is no text; quote it"),
        ({"label": {"en": "Student", "EN": "Learner"}}, "a language stands twice"),
        ({"label": {}}, "a language stands twice, or none"),
        ({"labelIn": {"en": "Student"}}, "`labelIn` is no key of a document; write `label: {en: …}`"),
        ({"notation": {"en": "S"}}, "`notation` is text (quote it), not a mapping"),
    ],
)
def test_a_mistake_is_told_in_a_line(copy: Copy, said: dict[str, Any], words: str) -> None:
    """With its file, its line and what to write."""
    path = copy.review / "codebook.yaml"
    content = yaml_text.load(path.read_text("utf-8"))
    content["stakeholders"][0] |= said
    path.write_text(yaml_text.dump(content), "utf-8")
    with pytest.raises(DataError) as caught:
        data.read_documents(copy.workspace)
    assert words in str(caught.value)
    assert caught.value.line > 1


def test_the_answers_of_a_review_in_two_languages(copy: Copy) -> None:
    """They are those of the review in one, whose language is which; and the other with a word in `review.yaml`."""
    copy.replace("codebook.yaml", "label: Student\n", "label: {de: Studierende, en: Student}\n")
    named = {"Student", "Studierende"}
    names = [query.name for query in queries.load_all(copy.workspace) if query.folder in {"tables", "counts"}]

    def said() -> dict[str, list[Any]]:
        store = build.open_store(copy.workspace)
        return {name: queries.run(store, queries.load(copy.workspace, name)).rows for name in names}

    english = said()
    cells = {cell for rows in english.values() for row in rows for cell in row}
    assert named & cells == {"Student"}
    copy.replace("review.yaml", "language: en\n", "language: de\n")
    german = said()
    cells = {cell for rows in german.values() for row in rows for cell in row}
    assert named & cells == {"Studierende"}
    assert {name: len(rows) for name, rows in german.items()} == {name: len(rows) for name, rows in english.items()}
    copy.replace("review.yaml", "language: de\n", "language: en\n")
    assert said() == english
    copy.replace("codebook.yaml", "label: {de: Studierende, en: Student}\n", "label: Student\n")
    assert said() == english


def test_what_reads_labels_reads_one(copy: Copy) -> None:
    """A workbook has a column for each language more; a sheet may name a code in any; `diff` sees a change in one."""
    before = data.read_documents(copy.workspace)
    copy.replace("codebook.yaml", "label: Student\n", "label: {en: Student, de: Studierende}\n")
    documents = data.read_documents(copy.workspace)
    tables = {table.name: table for table in flat_tables.tables(documents)}
    codes = tables["codes"]
    row = next(row for row in codes.rows if row[codes.columns.index("label")] == "Student")
    assert row[codes.columns.index("label (de)")] == "Studierende"
    changes = differences.diff(differences.records(before), differences.records(documents))
    assert [(change.record, change.key) for change in changes] == [("stakeholder/student", "labelIn")]
    item = next(i for d in documents for _, i in data.nodes(d.content) if i["id"] == "stakeholder/student")
    assert "Studierende" in set(code_words._others(item))


def test_a_label_that_is_changed_later_stays(tmp_path: Path) -> None:
    """`recode` gives a code another plain label, which no language knows yet."""
    found = read(tmp_path, document(label={"en": "Student", "de": "Studierende"}))
    found.content["stakeholders"][0]["label"] = "Learner"
    again = read(tmp_path, yaml_text.load(data.dump(found.content)))
    assert again.content["stakeholders"][0]["label"] == "Learner"
    assert again.content["stakeholders"][0]["labelIn"] == {
        languages.NONE: "Learner",
        "en": "Student",
        "de": "Studierende",
    }
