"""How far coders agree: the two figures against what is published and what libraries say, and what they are made of."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Copy, evigraph

from evigraph import updating
from evigraph.errors import DataError
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.reports import agreement
from evigraph.updating.new_review import Outline, create

Row = dict[str, Any]

OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def rows(workspace: Workspace, **wanted: str) -> list[Row]:
    """The rows of the command that have these cells."""
    table = agreement.table(workspace)
    found = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return [row for row in found if all(row[key] == value for key, value in wanted.items())]


@pytest.fixture
def mine(tmp_path: Path) -> Workspace:
    """A new review with nothing in it."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/", benefits=("Ease", "Speed")))
    return find_workspace(tmp_path / "mine")


def test_kappa_is_that_of_the_textbook() -> None:
    """50 proposals that two readers accept or refuse: 0.7 observed, 0.5 by chance."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert agreement.kappa(pairs) == pytest.approx(0.4)


def test_alpha_is_that_of_its_author() -> None:
    """The three nominal examples of Krippendorff, Computing Krippendorff's Alpha-Reliability (2011)."""
    meg, owen = "0100000010", "1110010000"
    assert agreement.alpha(list(zip(meg, owen, strict=True))) == pytest.approx(0.095, abs=5e-4)
    ben, gerry = "aabbdcccedda", "babbbccceddd"
    assert agreement.alpha(list(zip(ben, gerry, strict=True))) == pytest.approx(0.692, abs=5e-4)
    units = [[each for each in unit if each != "."] for unit in zip(*(o.split() for o in OBSERVERS), strict=True)]
    assert agreement.alpha(units) == pytest.approx(0.743, abs=5e-4)


def random_pairs() -> list[list[tuple[str, str]]]:
    """Codings of one to sixty units by two coders who agree more or less; some have one value only."""
    chance = random.Random(5)  # noqa: S311 - no secret
    made = []
    for _ in range(60):
        codes, agreed = "abcdef"[: chance.randint(1, 6)], chance.random()
        ours = chance.choices(codes, k=chance.randint(1, 60))
        made.append([(one, one if chance.random() < agreed else chance.choice(codes)) for one in ours])
    return made


def test_alpha_is_that_of_the_library() -> None:
    """On random codings; where the library refuses, since there is one value only, ours is undefined."""
    krippendorff = pytest.importorskip("krippendorff")
    compared = 0
    for pairs in random_pairs():
        if len({code for pair in pairs for code in pair}) < 2:
            assert agreement.alpha(pairs) is None
            continue
        data = [[ord(pair[side]) for pair in pairs] for side in (0, 1)]
        theirs = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
        assert agreement.alpha(pairs) == pytest.approx(theirs)
        compared += 1
    assert compared > 40


def test_kappa_is_that_of_the_library() -> None:
    """The same with scikit-learn, where it is installed."""
    metrics = pytest.importorskip("sklearn.metrics")
    for pairs in random_pairs():
        ours = agreement.kappa(pairs)
        if ours is not None:
            assert ours == pytest.approx(metrics.cohen_kappa_score(*zip(*pairs, strict=True)))


@pytest.mark.parametrize("pairs", [[], [("a", "a")], [("a", "a")] * 9])
def test_one_value_alone_is_no_agreement_beyond_chance(pairs: list[tuple[str, str]]) -> None:
    """Neither figure is defined, and neither divides by nothing."""
    assert (agreement.kappa(pairs), agreement.alpha(pairs)) == (None, None)


def test_what_is_missing_counts_for_nothing() -> None:
    """Alpha leaves out units that one coder judged."""
    units = [["a", "a"], ["a", "b"], ["b", "b"]]
    assert agreement.alpha(units) == agreement.alpha([*units, ["a"], []])


def test_the_shipped_review_is_compared_by_field(shipped: Workspace) -> None:
    """Each kind of coding; those of findings that were there differ in 18 cells."""
    judged = rows(shipped, what="finding", among="all")
    assert [row["attribute"] for row in judged] == ["stance", "effect", "modality", "concerns", "informant"]
    assert {(row["coder_1"], row["coder_2"], row["both"]) for row in judged} == {("coder-d", "coder-e", 284)}
    assert sum(row["both"] - row["same"] for row in judged) == 18
    (concept,) = rows(shipped, what="free finding", attribute="concept", among="all")
    assert (concept["both"], concept["same"], concept["only_1"], concept["only_2"], concept["alpha"]) == (
        *(280, 266, 4, 0, 0.94),
    )
    (sample,) = rows(shipped, what="study", attribute="sample", among="all")
    assert (sample["coder_1"], sample["coder_2"], sample["both"], sample["same"]) == ("coder-b", "coder-c", 33, 25)


def test_what_is_told_leaves_out_what_is_not(copy: Copy) -> None:
    """Not reported is a value among all, and something that a coder doesn't have among what is told."""
    folder = copy.review / "codings" / "findings"
    for path in folder.iterdir():
        path.unlink()
    (folder / "x.csv").write_text("finding,concerns\nf/1,not-reported\nf/2,student\nf/3,student\nf/4,\n", "utf-8")
    (folder / "y.csv").write_text("finding,concerns\nf/1,not-reported\nf/2,student\nf/3,\nf/5,student\n", "utf-8")
    every, told = rows(copy.workspace, what="finding")
    counts = ("both", "same", "only_1", "only_2")
    assert [every[key] for key in counts] == [3, 2, 1, 1]
    assert [told[key] for key in counts] == [1, 1, 1, 1]
    assert (every["among"], told["among"], told["kappa"], told["alpha"]) == ("all", "told", "undefined", "undefined")
    assert every["kappa"] == 0.5  # 2 of 3 the same, 1 of 3 by chance


def test_attributes_of_findings_are_compared(mine: Workspace) -> None:
    """Those that the codebook declares, in any order of their values; no other column."""
    book = mine.review / "codebook.yaml"
    content = yaml.safe_load(book.read_text("utf-8"))
    theme = {"id": "attribute/theme", "type": "Attribute", "label": "Theme", "definition": "What of.", "as": "text"}
    content["attributes"] = [*content.get("attributes", []), theme | {"appliesTo": ["finding"], "multiple": True}]
    book.write_text(yaml.safe_dump(content), "utf-8")
    folder = mine.review / "codings" / "findings"
    folder.mkdir(parents=True)
    (folder / "ann.csv").write_text("finding,effect,theme,note\na,positive,Trust; Time,x\nb,none,,y\n", "utf-8")
    (folder / "ben.csv").write_text("finding,effect,theme,note\na,positive,Time;Trust,z\nb,none,Fear,y\n", "utf-8")
    found = agreement.table(mine).rows
    assert [row[:9] for row in found if row[1] == "theme"] == [
        ("finding", "theme", "all", "ann", "ben", 2, 1, 0, 0),
        ("finding", "theme", "told", "ann", "ben", 1, 1, 0, 1),
    ]
    assert {row[1] for row in found} == {"effect", "theme"}


def test_findings_of_one_place_are_matched_by_what_they_say(mine: Workspace) -> None:
    """The same ones first, then those of one concept, then in order; what is left is one coder's."""
    folder = mine.review / "codings"
    folder.mkdir()
    header = "locator,study,number,concept,quantities\n"
    (folder / "x.csv").write_text(header + "p1,s,1,ease,1\np1,s,2,ease,2\np1,s,3,,\np2,s,1,speed,\n", "utf-8")
    (folder / "y.csv").write_text(header + "p1,s,1,ease,2\np1,s,2,ease,3\np3,s,1,speed,\n", "utf-8")
    by_field = {row["attribute"]: row for row in rows(mine, what="free finding", among="all")}
    counts = ("both", "same", "only_1", "only_2")
    assert [by_field["findings at a place"][key] for key in counts] == [1, 0, 1, 1]
    assert [by_field["concept"][key] for key in counts] == [2, 2, 2, 1]
    assert [by_field["quantities"][key] for key in counts] == [2, 1, 2, 1]


SHEET = """study,title,year,coder,country,setting,benefit,quote
Doe 2020,Badges,2020,Ann,UK,school,Ease,It was easy.
Doe 2020,Badges,2020,Ann,UK,school,Speed,It was quick.
Doe 2020,Badges,2020,Bo,UK,NR,Ease,It went well.
Roe 2021,Tutors,2021,Ann,US,NR,Speed,Quick.
Roe 2021,Tutors,2021,Bo,UK,NR,Ease,Easy.
Poe 2022,Grades,2022,Ann,US,school,,
"""
RECIPE = """label: Ours
reader: sheet
fields: {title: [title], year: [year]}
columns:
  study: [study]
  reviewer: coder
  attributes:
    - {attribute: country, column: country}
    - {attribute: setting, column: setting}
  findings:
    - {benefit: {column: benefit}, statement: {column: quote}, when: {column: benefit}}
"""


def test_a_linked_sheet_of_two_coders_is_compared(mine: Workspace, tmp_path: Path) -> None:
    """By what `link` keeps of each: attributes of the studies, and findings in whichever order they were written."""
    (tmp_path / "sheet.csv").write_text(SHEET, "utf-8")
    (tmp_path / "ours.yaml").write_text(RECIPE, "utf-8")
    options = Options(date="2026-01-01", by=tmp_path / "ours.yaml")
    updating.link(mine, [tmp_path / "sheet.csv"], options, dry_run=False)
    counts = ("coder_1", "coder_2", "both", "same", "only_1", "only_2")
    found = {(row["what"], row["attribute"], row["among"]): [row[key] for key in counts] for row in rows(mine)}
    assert found == {
        ("study", "country", "all"): ["ann", "bo", 2, 1, 0, 0],
        ("study", "setting", "all"): ["ann", "bo", 2, 1, 0, 0],
        ("study", "setting", "told"): ["ann", "bo", 0, 0, 1, 0],
        ("free finding", "findings at a place", "all"): ["ann", "bo", 2, 1, 0, 0],
        ("free finding", "answers", "all"): ["ann", "bo", 2, 2, 1, 0],
        ("free finding", "effect", "all"): ["ann", "bo", 2, 2, 1, 0],
        ("free finding", "benefit", "all"): ["ann", "bo", 2, 1, 1, 0],
    }


def test_workbooks_are_compared_record_by_record(mine: Workspace) -> None:
    """What coders changed of studies, of findings by their ids, and new findings; their words aren't compared."""
    folder = mine.review / "codings" / "cells"
    folder.mkdir(parents=True)
    header = "study,record,key,value\n"
    free = "s,row 9,benefit,Ease\ns,row 9,locatedAt,p. 2\ns,row 5,benefit,Speed\ns,row 5,locatedAt,p. 3\n"
    ann = "s,study,country,UK (inferred: the address)\ns,study,setting,not reported\ns,s/1,effect,positive\n"
    (folder / "ann.csv").write_text(f"{header}{ann}s,s/1,statement,Good.\n{free}", "utf-8")
    (folder / "cy.csv").write_text(header + free.replace("p. 2", "p. 1").replace("p. 3", "p. 2"), "utf-8")
    bo = "s,study,country,UK\ns,study,setting,school\ns,s/1,effect,negative\n"
    (folder / "bo.csv").write_text(f"{header}{bo}s,s/1,statement,Bad.\ns,row 7,benefit,Ease\n", "utf-8")
    two = rows(mine, coder_1="ann", coder_2="bo")
    found = {(row["what"], row["attribute"], row["among"]): (row["both"], row["same"]) for row in two}
    assert found == {
        ("study", "country", "all"): (1, 1),
        ("study", "setting", "all"): (1, 0),
        ("study", "setting", "told"): (0, 0),
        ("finding", "effect", "all"): (1, 0),
    }
    (other,) = rows(mine, coder_1="ann", coder_2="cy", attribute="benefit")
    assert [other[key] for key in ("both", "same", "only_1", "only_2")] == [1, 0, 1, 1]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("attributes/x.csv", b"study,code\na,b\n", "no column `attribute`"),
        ("attributes/x.csv", b"", "no column `study`"),
        ("attributes/x.csv", b"study,attribute,code\na,b\n", "x.csv:2: a row of more or fewer cells"),
        ("cells/x.csv", b"study,record,key,value\na,b,c,d,e\n", "x.csv:2: a row of more or fewer cells"),
        ("cells/x.csv", b"\xff\xfe\xff", "not a coding"),
        ("x.csv", b"locator,study\na,b\n", "no column `concept`"),
        ("findings/x.csv", b"stance\nfor\n", "not a coding"),
    ],
)
def test_a_broken_coding_is_one_line(mine: Workspace, name: str, content: bytes, message: str) -> None:
    """With the file, and where it can be told the line."""
    path = mine.review / "codings" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"docs/documents\.md") as caught:
        agreement.table(mine)
    assert message in str(caught.value)


def test_the_command_gives_the_rows(copy: Copy, shipped: Workspace) -> None:
    """In a format of rows; a review that nobody coded twice has none, and is told so."""
    ran = evigraph("--workspace", str(copy.root), "agreement", "--format", "csv")
    assert (ran.returncode, ran.stderr) == (0, "")
    table = agreement.table(shipped)
    printed = list(csv.reader(io.StringIO(ran.stdout)))
    assert printed == [list(table.columns), *([str(cell) for cell in row] for row in table.rows)]
    for path in (copy.review / "codings").rglob("*.csv"):
        path.unlink()
    none = evigraph("--workspace", str(copy.root), "agreement", "--format", "csv")
    assert (none.returncode, none.stdout) == (0, ",".join(agreement.COLUMNS) + "\n")
    assert none.stderr.count("\n") == 1
    assert "No two coders judged the same yet" in none.stderr


def test_what_coders_differ_in_is_listed(shipped: Workspace) -> None:
    """As many rows of a field as the figures tell; each with the unit and both words."""
    found = agreement.differences(shipped)
    assert found.columns == ("what", "attribute", "of", "coder_1", "says_1", "coder_2", "says_2")
    counts: dict[tuple[object, ...], int] = {}
    for row in found.rows:
        assert row[4] != row[6]
        assert row[2]
        key = row[0], row[1], row[3], row[5]
        counts[key] = counts.get(key, 0) + 1
    for row in rows(shipped, among="all"):
        key = row["what"], row["attribute"], row["coder_1"], row["coder_2"]
        assert counts.get(key, 0) == row["both"] - row["same"] + row["only_1"] + row["only_2"], key


def test_the_command_lists_differences(mine: Workspace) -> None:
    """A finding that two coded otherwise, one that one of them left empty, and one that only one has."""
    folder = mine.review / "codings" / "attributes"
    folder.mkdir(parents=True)
    head = "study,attribute,code\n"
    (folder / "ann.csv").write_text(
        f"{head}study/a,design,Trial\nstudy/b,design,Survey\nstudy/c,design,Trial\n", "utf-8"
    )
    (folder / "ben.csv").write_text(f"{head}study/a,design,Trial\nstudy/b,design,Cohort\n", "utf-8")
    ran = evigraph("agreement", "--differences", "--format", "csv", "--workspace", str(mine.root))
    assert (ran.returncode, ran.stderr) == (0, "2 differences\n")
    assert ran.stdout.splitlines()[1:] == [
        "study,design,study/b,ann,Survey,ben,Cohort",
        "study,design,study/c,ann,Trial,ben,",
    ]
