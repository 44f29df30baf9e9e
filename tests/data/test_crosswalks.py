"""Crosswalks: SSSOM tables are read, and what is wrong in one is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from evigraph.data import crosswalks
from evigraph.errors import DataError

BASES = {"dogs": "https://example.org/dogs/", "cats": "https://example.org/cats/"}
HEAD = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
HAND = "semapv:ManualMappingCuration"
SSSOM = f"""#mapping_set_id: https://example.org/crosswalk
#license: https://creativecommons.org/licenses/by/4.0/
#curie_map:
#  wd: http://www.wikidata.org/entity/
#  dogs: https://example.org/elsewhere/
subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tobject_label\tmapping_justification\tcomment
dogs:country/kenya\tKenya\tskos:exactMatch\t\twd:Q114\tKenya\t{HAND}\t"said" twice
dogs:country/niger\tNiger\tskos:exactMatch\tNot\tcats:country/nigeria\tNigeria\t{HAND}\t

https://example.org/cats/country/kenia\t\tskos:broadMatch\t\twd:Q15\tAfrica\t{HAND}\tx
"""


def written(folder: Path, text: str) -> Path:
    """A crosswalk with that text."""
    path = folder / "crosswalk.tsv"
    path.write_text(text, "utf-8")
    return path


def test_a_table_in_sssom_is_read(tmp_path: Path) -> None:
    """Prefixes are the file's, SSSOM's and the reviews' names; what is negated says nothing."""
    found = crosswalks.read(written(tmp_path, SSSOM), BASES)
    assert [(each.line, each.subject, each.predicate, each.object, each.labels) for each in found] == [
        (
            7,
            "https://example.org/dogs/country/kenya",
            crosswalks.EXACT,
            "http://www.wikidata.org/entity/Q114",
            ("Kenya",) * 2,
        ),
        (
            10,
            "https://example.org/cats/country/kenia",
            crosswalks.BROAD,
            "http://www.wikidata.org/entity/Q15",
            ("", "Africa"),
        ),
    ]
    assert found[0].how == "skos:exactMatch, crosswalk.tsv:7"
    assert found[0].justification == HAND


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ":1: no column `subject_id`; SSSOM needs subject_id, predicate_id, object_id, mapping_justification"),
        (HEAD.replace("\t", ","), ":1: no column `subject_id`"),
        (HEAD.replace("mapping_justification", "why"), ":1: no column `mapping_justification`"),
        (f"{HEAD}\ndogs:a\tskos:exactMatch\tcats:b\n", ":2: 3 cells, and the table has 4 columns; mend the tabs"),
        (f"{HEAD}\ndogs:a\tskos:exactMatch\t\t{HAND}\n", ":2: `object_id` is empty"),
        (f"{HEAD}\ndogs:a\tskos:exactMatch\tcats:b\t\n", ":2: `mapping_justification` is empty"),
        (f"{HEAD}\ndogs:a\tskos:exactMatch\tcows:b\t{HAND}\n", ":2: `cows:b`: write it as prefix:id"),
        (f"{HEAD}\nkenya\tskos:exactMatch\tcats:b\t{HAND}\n", "the prefix is a review here (cats, dogs) or one of"),
        (f"{HEAD}\ndogs:a\tskos:exactmatch\tcats:b\t{HAND}\n", "did you mean skos:exactMatch?"),
        (f"#curie_map: [\n{HEAD}\n", ":1: the lines with # are no YAML with a `curie_map`"),
        (f"#curie_map: 7\n{HEAD}\n", ":1: the lines with # are no YAML with a `curie_map`"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    """In one line that says how to mend it."""
    with pytest.raises(DataError) as caught:
        crosswalks.read(written(tmp_path, text), BASES)
    assert message in str(caught.value)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    """A workbook, say, or nothing at all."""
    path = written(tmp_path, "")
    path.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(DataError, match="not UTF-8; make it a table in SSSOM"):
        crosswalks.read(path, BASES)
    with pytest.raises(DataError, match="No such file"):
        crosswalks.read(tmp_path / "none.tsv", BASES)
