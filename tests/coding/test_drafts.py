"""Drafted recipes of sheets with numbers and judgements: a draft works as it is, and every number comes back."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import evigraph

from evigraph import checks, data, queries, updating
from evigraph.coding import number_words, recipe_draft
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating.new_review import Outline, create


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review of effects."""
    create(tmp_path / "mine", "mine", Outline("Mine", "https://example.org/mine/", kind="effectiveness"))
    return find_workspace(tmp_path / "mine")


def linked(workspace: Workspace, rows: list[str]) -> tuple[str, updating.Outcome]:
    """The draft for a sheet of those rows, and what linking it does."""
    sheet, by = workspace.root / "sheet.csv", workspace.root / "my.yaml"
    sheet.write_text("\n".join(rows) + "\n", "utf-8")
    by.write_text(recipe_draft.draft(workspace, sheet), "utf-8")
    made = updating.link(workspace, [sheet], Options(by=by, date="2024-05-01"), dry_run=False)
    return by.read_text("utf-8"), made


def column(workspace: Workspace, query: str, name: str) -> list[Any]:
    """One column of an answer."""
    table = queries.run(build.open_store(workspace), queries.load(workspace, query), {})
    return [row[table.columns.index(name)] for row in table.rows]


# Each sheet in the habits of some program, and for each of its columns the column of `effects` with the same numbers.
SHEETS: dict[str, tuple[list[str], dict[str, str]]] = {
    "metafor, with an outcome and a number for each row": (
        [
            "id,study,year,n1i,n2i,outcome,yi,vi,hrs",
            "1,Ash (A),1980,28,22,verbal,0.22,0.082,7",
            "1,Ash (A),1980,28,22,math,0,0.0825,7",
            "2,Ash (B),1980,39,40,verbal,.09,0.051,10",
        ],
        {"n1i": "n1i", "n2i": "n2i", "yi": "yi", "vi": "vi", "outcome": "outcome"},
    ),
    "metafor, with a standard error beside the variance": (
        [
            "study,author,year,weeks,setting,n1i,n2i,yi,sei,vi",
            "1,Oak et al.,1974,2,group,77,339,0.03,0.125,0.0156",
            "2,Elm & Fir,1968,21,group,60,198,-0.12,0.147,0.0216",
        ],
        {"n1i": "n1i", "n2i": "n2i", "yi": "yi", "vi": "vi", "sei": "sei"},
    ),
    "many effects of a study that only a number tells apart": (
        [
            "study,esid,id,yi,vi,deltype",
            "1,1,1,0.9066,0.074,general",
            "1,2,2,0.4295,0.0398,general",
            "2,1,3,0.4295,0.0398,overt",
        ],
        {"yi": "yi", "vi": "vi", "esid": "instrument"},
    ),
    "means in words": (
        [
            "Study,Year,Mean (intervention),SD (intervention),N (intervention),Mean (control),SD (control),N (control)",
            "Ash 2001,2001,12.5,3.1,40,11,3.3,41",
            "Elm 2002,2002,-1.25,0.5,20,-2,0.75,22",
        ],
        {
            "Mean (intervention)": "m1i",
            "SD (intervention)": "sd1i",
            "N (intervention)": "n1i",
            "Mean (control)": "m2i",
            "SD (control)": "sd2i",
            "N (control)": "n2i",
        },
    ),
    "RevMan's rows of an analysis": (
        [
            "Study,Experimental mean,Experimental SD,Experimental N,Control mean,Control SD,Control N,Mean difference,"
            "CI start,CI end",
            "Ash 2001,12.5,3.1,40,11,3.3,41,1.5,0.1,2.9",
            "Elm 2002,7,2,20,7,2.5,22,0,-1.4,1.4",
        ],
        {
            "Experimental mean": "m1i",
            "Experimental SD": "sd1i",
            "Experimental N": "n1i",
            "Control N": "n2i",
            "Mean difference": "yi",
            "CI start": "ci_lb",
            "CI end": "ci_ub",
        },
    ),
    "meta's short forms": (
        ["author,year,Ne,Me,Se,Nc,Mc,Sc", "Oak,1994a,17,14.4,11.1,18,27.4,17.3", "Oak,1994b,8,14.8,18.6,9,31.4,20.6"],
        {"Ne": "n1i", "Me": "m1i", "Se": "sd1i", "Nc": "n2i", "Mc": "m2i", "Sc": "sd2i"},
    ),
    "events and totals with the team's own words": (
        ["study,x.nrt,n.nrt,x.ctrl,n.ctrl,treatment", "Ash,53,378,42,377,gum", "Ash,17,100,11,99,patch"],
        {"x.nrt": "x1i", "n.nrt": "n1i", "x.ctrl": "x2i", "n.ctrl": "n2i", "treatment": "instrument"},
    ),
    "a ratio with its limits, and the logarithm of it": (
        ["author,year,Ne,Nc,HR,lowHR,uppHR", "Oak,1996,53,52,0.5532,0.2813,1.0878", "Elm,2001,341,597,0.9,0.79,1.07"],
        {"Ne": "n1i", "Nc": "n2i", "HR": "yi", "lowHR": "ci_lb", "uppHR": "ci_ub"},
    ),
    "correlations": (
        ["study,ni,ri,type", "1,123,0,j", "2,95,.06,p"],
        {"ni": "ni", "ri": "yi"},
    ),
    "effects in some rows, and counts in others": (
        ["author,year,outcome,time,or,lb,ub,ai,n1i,ci,n2i", "Oak,1990,falls,week 4,1.11,0.51,2.39,,,,",
         "Elm,1991,falls,week 4,,,,6,78,17,77"],
        {"or": "yi", "lb": "ci_lb", "ub": "ci_ub", "ai": "x1i", "n1i": "n1i", "ci": "x2i", "n2i": "n2i"},
    ),
    "effects in some rows, counts in others, and NA between them": (
        ["author,year,outcome,time,or,lb,ub,ai,n1i,ci,n2i", "Oak,1990,falls,week 4,1.11,0.51,2.39,NA,NA,NA,NA",
         "Elm,1991,falls,week 4,NA,NA,NA,6,78,17,77"],
        {"ai": "x1i", "n1i": "n1i", "ci": "x2i", "n2i": "n2i"},
    ),
    "how many were assigned, beside those who were counted": (
        ["author,year,nti,nci,outcome,time,ai,n1i,ci,n2i", "Oak,1990,78,77,falls,week 4,6,70,17,71",
         "Oak,1990,78,77,falls,week 8,9,66,20,65"],
        {"ai": "x1i", "n1i": "n1i", "ci": "x2i", "n2i": "n2i"},
    ),
    "what changed in each group": (
        ["study,treatment,scale,n,diff,se", "Oak (2005),Placebo,BDI,49,-0.214,0.0208",
         "Oak (2005),Therapy,BDI,36,-1.5529,0.0425", "Elm (1993),Wait list,BDI,20,-0.4032,0.0531"],
        {"treatment": "group1", "scale": "instrument", "n": "ni", "diff": "yi", "se": "sei"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_every_number_comes_back(name: str, workspace: Workspace) -> None:
    """By the draft as it is, through the graph, out of `effects`; check holds, and again changes nothing."""
    rows, wanted = SHEETS[name]
    _, made = linked(workspace, rows)
    assert made.written
    source = list(csv.DictReader(rows))
    for heading, answered in wanted.items():
        there = Counter(_plain(row[heading]) for row in source if row[heading] not in ("", "NA"))
        back = Counter(_plain(value) for value in column(workspace, "effects", answered) if value not in (None, ""))
        assert back == there, heading
    assert checks.check(workspace) == []
    assert not linked(workspace, rows)[1].written


def _plain(value: object) -> object:
    try:
        return float(str(value))
    except ValueError:
        return str(value)


def test_a_two_by_two_table(workspace: Workspace) -> None:
    """Who has the event and who hasn't makes how many there are; the comparison is there for who computes an effect."""
    text, _ = linked(workspace, ["trial,author,year,tpos,tneg,cpos,cneg", "1,Oak,1948,4,119,11,128"])
    assert "n: {sum: [tpos, tneg]}" in text
    table = queries.run(build.open_store(workspace), queries.load(workspace, "effects"), {})
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert [row[each] for each in ("group1", "x1i", "n1i", "group2", "x2i", "n2i")] == [
        "Treatment",
        4,
        123,
        "Control",
        11,
        139,
    ]
    assert checks.check(workspace) == []


def test_a_sum_needs_all_its_cells(workspace: Workspace) -> None:
    """Nobody can tell how many there are where one of two counts is missing."""
    linked(workspace, ["trial,author,year,tpos,tneg,cpos,cneg", "1,Oak,1948,4,119,11,128", "2,Elm,1949,6,,29,274"])
    study = data.read_document(workspace.review / "studies" / "elm-1949.yaml", "elm").content
    assert [each.get("n") for each in study["results"]] == [None, 303, None]


def test_a_row_a_group(workspace: Workspace) -> None:
    """Nothing is compared, and each group has its numbers."""
    text, _ = linked(
        workspace,
        ["id,study,trt,xi,ni", "1,Oak,none,75,731", "2,Oak,advice,363,714", "3,Elm,none,9,140", "4,Elm,advice,23,140"],
    )
    assert "- id # it numbers the rows" in text
    assert column(workspace, "effects", "study") == []
    found = [data.read_document(path, path.stem).content for path in sorted((workspace.review / "studies").glob("*"))]
    labels = {group["id"]: group["label"] for study in found for group in study["groups"]}
    told = [(labels[r["group"]], r["events"], r["n"]) for study in found for r in study["results"]]
    assert told == [("none", 9, 140), ("advice", 23, 140), ("none", 75, 731), ("advice", 363, 714)]


def test_events_of_two_groups_at_several_times(workspace: Workspace) -> None:
    """`e2i` is of those who were treated at time 2, and no second group; the size of a group stands once."""
    rows = ["study,nei,nci,e1i,c1i,e2i,c2i", "1,19,22,16,20,11,12", "2,34,35,22,23,18,13"]
    text, _ = linked(workspace, rows)
    assert "Group 2" not in text
    told = zip(*(column(workspace, "effects", each) for each in ("time", "x1i", "n1i", "x2i", "n2i")), strict=True)
    assert set(told) == {("Time 1", 16, 19, 20, 22), ("Time 2", 11, 19, 12, 22),
                         ("Time 1", 22, 34, 23, 35), ("Time 2", 18, 34, 13, 35)}  # fmt: skip


def test_an_effect_without_its_estimate_keeps_its_other_numbers(workspace: Workspace) -> None:
    """It is no effect then, check holds, and the note says what is missing."""
    linked(workspace, ["study,ni,ri,var1", "1,123,.2,a", "1,123,NA,b", "2,95,.06,a"])
    found = data.read_document(workspace.review / "studies" / "1.yaml", "1").content["results"]
    assert [(each.get("metric"), each["n"], each.get("note")) for each in found] == [
        ("COR", 123, None),
        (None, 123, "COR: no estimate"),
    ]
    assert checks.check(workspace) == []


def test_alphas_and_names_of_studies_in_a_column_of_sources(workspace: Workspace) -> None:
    """The number of items of a scale is no mean, and what is called `Ash et al. (2002)` is no journal."""
    text, _ = linked(
        workspace, ["study,source,ni,ai,mi", "1,Ash & Oak (2000),103,.93,20", "2,Elm et al. (2002),64,.91,18"]
    )
    assert "label: [source]" in text
    found = [data.read_document(path, path.stem).content for path in sorted((workspace.review / "studies").glob("*"))]
    assert [each["label"] for each in found] == ["Ash & Oak (2000)", "Elm et al. (2002)"]
    assert not any("results" in each for each in found)
    values = [{each["attribute"]: each["value"] for each in study["characteristics"]} for study in found]
    assert values == [{"ni": 103, "ai": 0.93, "mi": 20}, {"ni": 64, "ai": 0.91, "mi": 18}]


@pytest.mark.parametrize(
    ("heading", "number", "arm", "rest"),
    [
        ("Mean (intervention)", "mean", "1", ""),
        ("SD control", "sd", "2", ""),
        ("event.e", "events", "1", ""),
        ("n.c", "n", "2", ""),
        ("cneg", "non-events", "2", ""),
        ("Mean intervention post", "mean", "1", "post"),
        ("No_brain_n", "n", "", "no brain"),
        ("baseline_sd_arm2", "sd", "2", "baseline"),
        (".g_se", "se", "", "g"),
        ("Setting", "", "", ""),
    ],
)
def test_what_a_heading_says_of_a_group(heading: str, number: str, arm: str, rest: str) -> None:
    """Which number, of which group, and what else."""
    word = number_words.of_arm(heading)
    assert (word.number, word.arm, word.rest) == (number, arm, rest) if word else not number


def test_arms_that_are_numbered_with_a_baseline_and_an_effect(workspace: Workspace) -> None:
    """Decimal commas, rows with names of their own, signs for unclear and columns of NA: the draft works as it is."""
    heading = ["study", "condition_arm1", "condition_arm2", "instrument", "outcome_category", "mean_arm1", "sd_arm1"]
    heading += ["mean_arm2", "sd_arm2", "n_arm1", "n_arm2", "baseline_mean_arm1", "baseline_sd_arm1"]
    heading += [
        "baseline_mean_arm2",
        "baseline_sd_arm2",
        "time",
        "year",
        "vested_int",
        "d1",
        "d2",
        "d3",
        "d4",
        "d5",
        "rob",
    ]
    heading += ["event_arm1", ".event_arm1", ".id", ".g", ".g_se"]
    judged = "Low;Low;Low;High;Low;High"
    rows = [
        f"Oak, 2015;Talk;wl;A;Calm;6,2;1,05;7,4;0,9;63;34;7,2;0,4;7,8;0,1;post;2015;1;{judged};NA;NA;o_1;1,28;0,23",
        f"Oak, 2015;Walk;wl;A;Calm;6,5;1,15;7,4;0,9;67;34;7,4;0,4;7,8;0,1;post;2015;1;{judged};NA;NA;o_2;0,97;0,22",
        f"Elm, 2014;Talk;wl;B;Sleep;12,1;2,1;15,6;1,9;8;9;15,2;2,9;15,8;2,5;post;2014;?;{judged};NA;NA;e_1;1,14;0,52",
        f"Fir, 2013;Talk;wl;B;Sleep;12,9;2,4;14,6;1,7;24;19;15,5;2,2;15,9;2,1;post;2013;0;{judged};NA;NA;f_1;0,8;0,3",
    ]
    text, _ = linked(workspace, [";".join(heading), *rows])
    assert "overall: {column: rob}" in text
    assert "effect:" not in text  # `vested_int` is no direction
    assert "'.id' # it names the rows" in text
    table = queries.run(build.open_store(workspace), queries.load(workspace, "effects"), {})
    told = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert sorted((e["yi"], e["sei"], e["group1"], e["n1i"], e["m1i"], e["m2i"]) for e in told) == [
        (0.8, 0.3, "Talk", 24, 12.9, 14.6),
        (0.97, 0.22, "Walk", 67, 6.5, 7.4),
        (1.14, 0.52, "Talk", 8, 12.1, 15.6),
        (1.28, 0.23, "Talk", 63, 6.2, 7.4),
    ]
    study = data.read_document(workspace.review / "studies" / "elm-2014.yaml", "elm").content
    assert [each["mean"] for each in study["results"] if each["time"] == "Baseline"] == [15.2, 15.8]
    assert checks.check(workspace) == []


def test_numbers_that_are_none_of_an_effect(workspace: Workspace) -> None:
    """A column of a survey is no limit, no mean and no group, whatever its name recalls."""
    rows = [
        "Study,Year,High school,Total cost,Total time,Weeks,N,Group size",
        "Oak,2001,0.3,120,4,8,40,12",
        "Elm,2002,0.4,90,5,9,41,13",
    ]
    text, _ = linked(workspace, rows)
    assert "results:" not in text
    assert checks.check(workspace) == []


ROB2 = [
    "Study,D1,D2,D3,D4,D5,Overall,Weight",
    "Study 1,Low,Low,Low,Low,Low,Low,33.3",
    "Study 2,Low,Some concerns,Low,Low,Low,Some concerns,33.3",
    "Study 3,High,Low,Some concerns,No information,Low,High,33.3",
]
ROBINS = ["Study,D1,D2,D3,D4,D5,D6,D7,Overall", "Oak,Low,Moderate,Serious,Low,Low,No information,Low,Serious"]
ROB1 = [
    "Study,Random sequence generation (selection bias),Support,Allocation concealment,"
    "Support for allocation concealment,Selective reporting",
    "Oak 2001,Low risk,Drawn by computer,Unclear risk,Not told,+",
    "Elm 2002,High risk,By weekday,Low risk,Envelopes,-",
]


@pytest.mark.parametrize(
    ("rows", "tool", "judgements"),
    [
        (ROB2, "RoB 2", {"Low": 12, "Some concerns": 3, "High": 2, "not reported": 1}),
        (ROBINS, "ROBINS-I", {"Low": 4, "Moderate": 1, "Serious": 2, "No information": 1}),
        (ROB1, "RoB 1", {"Low": 3, "Unclear": 1, "High": 2}),
    ],
)
def test_judgements_are_told_by_their_layout(
    workspace: Workspace, rows: list[str], tool: str, judgements: dict[str, int]
) -> None:
    """Numbered as robvis has them, or by the names of domains; the tool comes into the codebook with the first link."""
    _, made = linked(workspace, rows)
    assert made.plan.notes[0] == f"{tool}: its domains and scales come into the codebook"
    assert set(column(workspace, "appraisals", "tool")) == {tool}
    assert Counter(column(workspace, "appraisals", "judgement")) == judgements
    assert checks.check(workspace) == []
    assert not linked(workspace, rows)[1].written


def test_the_support_stands_with_its_judgement(workspace: Workspace) -> None:
    """Behind the judgement, or with the name of the domain; weights of a figure are left out."""
    text, _ = linked(workspace, ROB1)
    assert "support: {column: Support}" in text
    supported = zip(*(column(workspace, "appraisals", name) for name in ("domain", "support")), strict=True)
    assert sorted(f"{domain}: {support}" for domain, support in supported if support) == [
        "Allocation concealment: Envelopes",
        "Allocation concealment: Not told",
        "Random sequence generation: By weekday",
        "Random sequence generation: Drawn by computer",
    ]
    assert "Weight # the weight of a study in a figure" in linked(workspace, ROB2)[0]


def test_the_commands(workspace: Workspace) -> None:
    """Recipe, link, check, effects and appraisals, as somebody types them."""
    sheet, by = workspace.root / "both.csv", workspace.root / "both.yaml"
    head, *rows = ROB2
    cells = [f"{row},{n},0.{n},0.0{n}" for n, row in enumerate(rows, 1)]
    sheet.write_text("\n".join([f"{head},ni,yi,vi", *cells]) + "\n", "utf-8")
    for command in (["recipe", str(sheet), "-o", str(by)], ["link", str(sheet), "--recipe", str(by)], ["check"]):
        done = evigraph("--workspace", str(workspace.root), *command)
        assert done.returncode == 0, done.stderr
    effects = evigraph("--workspace", str(workspace.root), "run", "effects", "--format", "csv")
    assert effects.stdout.count("\n") == 4
    pivot = evigraph("--workspace", str(workspace.root), "run", "appraisals", "--pivot", "--format", "csv")
    assert pivot.stdout.splitlines()[1].startswith("Study 1,Low,Low,Low,Low,Low,Low")
