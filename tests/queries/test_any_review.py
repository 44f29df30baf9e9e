"""What every review can ask without SPARQL: its attributes counted and crossed, codes, conflicts, records."""

from __future__ import annotations

import json

import pytest
import rdflib
from conftest import evigraph

from evigraph import queries, updating
from evigraph.errors import UsageError
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import Table, build
from evigraph.reports import trace
from evigraph.store import Store
from evigraph.updating import new_review

RECIPE = """
label: a sheet
reader: sheet
fields: {title: [Title]}
columns:
  study: [Study]
  new-codes: add
  attributes:
    - {attribute: country, column: Country, split: ';', as: code}
    - {attribute: setting, column: Setting, as: code}
    - {attribute: sample-size, column: N, as: number}
  findings:
    - answers: RQ1
      concerns: {column: Whom}
      outcome: {column: Outcome}
      direction: {column: Effect}
      statement: {column: Result}
      place: {column: Page}
      quantities:
        - {kind: mean, value: {column: Mean}, unit: points}
"""
SHEET = """Study,Title,Country,Setting,N,Whom,Outcome,Effect,Result,Mean,Page
Ash 2019,First,Kenya; Norway,School,120,Teacher,Recall,+,They recalled more.,3.9,p. 1
Ash 2019,First,,,,Teacher,Recall,+,More recall.,4.9,p. 2
Ash 2019,First,,,,Teacher,Speed,-,They were slower.,3,p. 3
Elm 2020,Second,Kenya,Ward,NR,Student,Recall,+,Students recalled more.,1,p. 4
Fir 2021,Third,NR,School,30,Student,Speed,-,Slower.,,p. 5
Oak 2022,Fourth,n/a,Ward,,,,,,,
Yew 2023,Fifth,,School,,,,,,,
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A new review with the rows of a sheet, one study of it excluded, and a search."""
    root = tmp_path_factory.mktemp("own")
    outline = new_review.Outline(
        "Notes", "https://example.org/w/", ("Do notes help?",), (), ("Student", "Teacher", "Nurse")
    )
    new_review.create(root / "w", "w", outline)
    (root / "recipe.yaml").write_text(RECIPE, "utf-8")
    (root / "sheet.csv").write_text(SHEET, "utf-8")
    found = find_workspace(root / "w")
    updating.link(found, [root / "sheet.csv"], Options(by=root / "recipe.yaml"), dry_run=False)
    return found


@pytest.fixture(scope="module")
def graph(workspace: Workspace) -> Store:
    """A store with its graph."""
    return build.open_store(workspace)


def asked(workspace: Workspace, graph: Store, name: str, **arguments: str) -> list[tuple[object, ...]]:
    """The rows of a query."""
    return list(queries.run(graph, queries.load(workspace, name), arguments).rows)


def test_characteristics_are_a_row_a_value(workspace: Workspace, graph: Store) -> None:
    """With the state and the place; several values are several rows."""
    rows = asked(workspace, graph, "characteristics", attribute="country")
    assert [row[:4] for row in rows] == [
        ("Ash 2019", "country", "Kenya", "stated"),
        ("Ash 2019", "country", "Norway", "stated"),
        ("Elm 2020", "country", "Kenya", "stated"),
        ("Fir 2021", "country", None, "not-reported"),
        ("Oak 2022", "country", None, "not-applicable"),
    ]
    assert len(asked(workspace, graph, "characteristics")) == len(rows) + 5 + 3


def test_a_number_has_its_unit(workspace: Workspace) -> None:
    """And two places of one value are one row."""
    store = build.open_store(workspace)
    node = "https://example.org/w/characteristic/ash-2019/sample-size-1"
    term = "https://w3id.org/evigraph/ns#"
    store.load(f'<{node}> <{term}unit> "pupils" <https://example.org/g> .\n')  # type: ignore[attr-defined]
    rows = asked(workspace, store, "characteristics", attribute="sample-size")
    assert rows[0][2] == "120 pupils"


def test_the_denominator_is_visible(workspace: Workspace, graph: Store) -> None:
    """Values, and why the others have none: five studies, of which one has two countries."""
    assert asked(workspace, graph, "by-attribute", attribute="country") == [
        ("Kenya", 2, 40),
        ("Norway", 1, 20),
        ("not reported", 1, 20),
        ("not applicable", 1, 20),
        ("not coded", 1, 20),
    ]
    assert asked(workspace, graph, "by-attribute", attribute="setting")[:2] == [("School", 3, 60), ("Ward", 2, 40)]


def test_a_study_counts_in_each_cell_it_has_both_values_for(workspace: Workspace, graph: Store) -> None:
    """In the order of the codebook; cells of nobody only if they are asked for."""
    filled = [("Kenya", "School", 1), ("Kenya", "Ward", 1), ("Norway", "School", 1)]
    assert asked(workspace, graph, "crosstab", rows="country", columns="setting") == filled
    every = asked(workspace, graph, "crosstab", rows="country", columns="setting", zeros="yes")
    assert every == [*filled, ("Norway", "Ward", 0)]


def test_codes_that_nothing_has(workspace: Workspace, graph: Store) -> None:
    """A stakeholder that no finding concerns."""
    assert asked(workspace, graph, "unused-codes") == [("stakeholder", "Nurse")]


def test_one_number_twice_is_a_conflict(workspace: Workspace, graph: Store) -> None:
    """Of one outcome; another outcome's number is none."""
    places = "3.9 (Report ash-2019 p. 1); 4.9 (Report ash-2019 p. 2)"
    assert asked(workspace, graph, "conflicts") == [("Ash 2019", "Recall", "mean", "points", places)]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("characteristics", {}),
        ("by-attribute", {"attribute": "country"}),
        ("study-values", {"attribute": "country"}),
        ("crosstab", {"rows": "country", "columns": "setting"}),
        ("crosstab", {"rows": "setting", "columns": "country", "zeros": "yes"}),
        ("unused-codes", {}),
        ("conflicts", {}),
    ],
)
def test_rdflib_gives_the_same_rows(workspace: Workspace, graph: Store, name: str, arguments: dict[str, str]) -> None:
    """Another engine, on a review of one's own."""
    whole = rdflib.Dataset(default_union=True)
    whole.parse(data=build.nquads(workspace).decode(), format="nquads")
    query = queries.load(workspace, name)
    table = queries.run(graph, query, arguments)
    text = queries.sparql(query, arguments)
    theirs = [tuple(None if cell is None else cell.toPython() for cell in row) for row in whole.query(text)]
    assert len(theirs) >= len(table.rows) > 0
    if not query.fold:
        names = [str(each) for each in whole.query(text).vars or []]
        places = [names.index(column) for column in table.columns]
        assert [tuple(row[i] for i in places) for row in theirs] == [tuple(row) for row in table.rows]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("by-attribute", {"attribute": "country"}),
        ("by-attribute", {"attribute": "sample-size"}),
        ("crosstab", {"rows": "country", "columns": "setting", "zeros": "yes"}),
    ],
)
def test_every_count_opens_to_as_many_studies(
    workspace: Workspace, graph: Store, name: str, arguments: dict[str, str]
) -> None:
    """Studies with findings and without; a 0 says that no study is behind it."""
    table = queries.run(graph, queries.load(workspace, name), arguments)
    for number, row in enumerate(table.rows, 1):
        found = trace.trace(workspace, graph, name, number, "", arguments)
        count = row[table.columns.index("studies")]
        assert len({each[0] for each in found.rows if each[0]}) == count
        if count == 0:
            assert str(found.rows[0][5]).startswith(f"None of the studies of {name} has the ")


def test_an_empty_cell_names_both_values(workspace: Workspace, graph: Store) -> None:
    """No study was done on a ward in Norway."""
    arguments = {"rows": "country", "columns": "setting", "zeros": "yes"}
    assert trace.trace(workspace, graph, "crosstab", 4, "", arguments).rows == [
        ("", "", "", "", "", "None of the studies of crosstab has the row `Norway` and the column `Ward`.", "")
    ]
    asked = ("trace", "crosstab", "4", "-p", "rows=country", "-p", "columns=setting", "-p", "zeros=yes")
    ran = evigraph("--workspace", str(workspace.root), *asked, "--format", "json")
    assert [row["statement"][:4] for row in json.loads(ran.stdout)] == ["None"], ran.stderr


def test_a_characteristic_opens_to_its_place(workspace: Workspace, graph: Store) -> None:
    """The study, where it stands, and what it says."""
    found = trace.trace(workspace, graph, "characteristics", 1, "", {"attribute": "setting"}).rows
    assert [(row[0], row[5]) for row in found] == [("Ash 2019", "setting: School")]
    found = trace.trace(workspace, graph, "characteristics", 4, "", {"attribute": "country"}).rows
    assert [(row[0], row[5]) for row in found] == [("Fir 2021", "country: not reported")]


SAID = (
    "question, stance, effect, modality, concerns, stakeholder, informant, outcome, benefit, drawback, year, "
    "population, intervention, comparator, measure, design, theme, sampleSize"
)
"""What a side may be besides the attributes of this review."""


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        (
            "by-attribute",
            {"attribute": "contry"},
            f"attribute=contry: choose one of country, sample-size, setting, {SAID}",
        ),
        ("characteristics", {"attribute": "x"}, "attribute=x: choose one of country, sample-size, setting"),
        ("crosstab", {"rows": "country"}, f"crosstab needs -p columns=…, one of country, sample-size, setting, {SAID}"),
        ("by-attribute", {}, f"by-attribute needs -p attribute=…, one of country, sample-size, setting, {SAID}"),
    ],
)
def test_an_attribute_that_nobody_coded(
    workspace: Workspace, name: str, arguments: dict[str, str], message: str
) -> None:
    """It is refused in one line that names the known ones; so is one that is missing."""
    with pytest.raises(UsageError, match=message.replace("(", r"\(")):
        build.answer(workspace, name, arguments)
    pairs = [part for each in arguments.items() for part in ("-p", "=".join(each))]
    ran = evigraph("--workspace", str(workspace.root), "run", name, *pairs)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"evigraph: {message}\n")


def test_a_review_without_attributes(shipped: Workspace, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing to cross is said; what is about all attributes has no rows."""
    root = tmp_path_factory.mktemp("empty")
    new_review.create(root / "w", "w", new_review.Outline("New", "https://example.org/w/"))
    empty = find_workspace(root / "w")
    assert build.answer(empty, "characteristics", {}).rows == []
    assert build.answer(empty, "crosstab", {"rows": "country", "columns": "design"}).rows == []
    with pytest.raises(UsageError, match="none is coded yet"):
        build.answer(empty, "characteristics", {"attribute": "country"})
    with pytest.raises(UsageError, match="by-attribute needs -p attribute=…, one of question"):
        build.answer(empty, "by-attribute", {})
    of_studies = {"content-focus", "country", "design", "design-type", "methods", "sample", "setting"}
    assert of_studies < set(build.attributes(shipped))
    assert {"mastery-outcome", "measurement-tool"} < set(build.attributes(shipped)) - of_studies


def test_values_complete_in_the_shell(workspace: Workspace) -> None:
    """Names of queries, parameters, and the attributes that are coded."""

    def offered(line: str) -> list[str]:
        words = line.split(" ")
        ran = evigraph(_EVIGRAPH_COMPLETE="zsh_complete", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1))
        return [
            each for each in ran.stdout.split("\n") if each.startswith(words[-1]) and each not in {"", "plain", "_"}
        ]

    command = f"evigraph --workspace {workspace.root}"
    assert offered(f"{command} run cross") == ["crosstab"]
    assert offered(f"{command} run crosstab -p ")[:1] == ["rows="]
    assert offered(f"{command} run crosstab -p columns=s") == [
        *("columns=sample-size", "columns=setting", "columns=stance", "columns=stakeholder", "columns=sampleSize")
    ]
    assert offered(f"{command} run crosstab -p zeros=") == ["zeros=no", "zeros=yes"]
    assert offered(f"{command} trace by-attribute 1 -p attribute=c") == [
        *("attribute=country", "attribute=concerns", "attribute=comparator")
    ]
    assert offered(f"{command} run crosstab -p filter=eff") == ["filter=effect"]
    assert offered(f"{command} run nothing -p x=") == []


@pytest.mark.parametrize("syntax", ["csv", "tsv", "json", "md", "html", "latex", "table", "xlsx"])
def test_a_table_of_two_sides_comes_in_every_format(workspace: Workspace, syntax: str) -> None:
    """The second side's values are columns."""
    arguments = ["run", "crosstab", "-p", "rows=country", "-p", "columns=setting", "--pivot", "--format", syntax]
    target = workspace.root.parent / f"x.{syntax}"
    ran = evigraph("--workspace", str(workspace.root), *arguments, "-o", str(target))
    assert (ran.returncode, ran.stderr) == (0, "")
    if syntax == "csv":
        assert target.read_text("utf-8") == "row,School,Ward\nKenya,1,1\nNorway,1,\n"
    elif syntax == "json":
        assert json.loads(target.read_text("utf-8"))[1] == {"row": "Norway", "School": 1, "Ward": None}
    else:
        assert target.stat().st_size > 0


def test_studies_by_attributes(workspace: Workspace, graph: Store) -> None:
    """Several values are joined, and what has none says why."""
    query = queries.load(workspace, "characteristics")
    table = queries.pivot(queries.run(graph, query), query)
    assert isinstance(table, Table)
    assert table.columns == ("study", "country", "sample-size", "setting")
    assert table.rows == [
        ("Ash 2019", "Kenya; Norway", "120", "School"),
        ("Elm 2020", "Kenya", "not-reported", "Ward"),
        ("Fir 2021", "not-reported", "30", "School"),
        ("Oak 2022", "not-applicable", None, "Ward"),
        ("Yew 2023", None, None, "School"),
    ]
