"""One attribute over several reviews: joined by a crosswalk or by like labels, and by nothing that isn't told."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import evigraph

from evigraph import checks, data, queries, updating
from evigraph.errors import DataError, EvigraphError, UsageError
from evigraph.linking import Options
from evigraph.paths import SHIPPED, find_workspace, find_workspaces
from evigraph.queries import build
from evigraph.reports.across import Answer, across
from evigraph.updating.new_review import Outline, create

HEAD = "#curie_map:\n#  wd: http://www.wikidata.org/entity/\n"
HEAD += "subject_id\tpredicate_id\tobject_id\tobject_label\tmapping_justification\n"
RECIPE = """label: a sheet
reader: sheet
fields: {{title: [Title]}}
columns:
  study: [Study]
  new-codes: add
  attributes:
    - {{attribute: {place}, column: Place, split: ';', as: code}}
    - {{attribute: size, column: N, as: number}}
    - {{attribute: school, column: School, as: text}}
"""
DOGS = """Study,Title,Place,N,School
Ash 2019,First,Kenya; Norway,120,Primary
Elm 2020,Second,Kenya,30,Upper secondary
Fir 2021,Third,NR,30,
Oak 2022,Fourth,n/a,,
Yew 2023,Fifth,,,
"""
CATS = """Study,Title,Place,N,School
Lynx 2019,Tenth,Kenia; Nairobi,120,primary
Puma 2020,Eleventh,Nairobi,,Primary.
Ocelot 2021,Twelfth,norway,,
"""
PLACES = {
    "Kenya = Kenia": "dogs:country/kenya\tskos:exactMatch\tcats:nation/kenia",
    "attributes": "cats:attribute/nation\tskos:exactMatch\tdogs:attribute/country",
    "Nairobi < Kenia": "cats:nation/nairobi\tskos:broadMatch\tcats:nation/kenia",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reviews, by sheets and recipes: one calls its countries `country`, the other `nation`."""
    folder = tmp_path_factory.mktemp("across")
    for name, sheet, place in (("dogs", DOGS, "country"), ("cats", CATS, "nation")):
        create(folder / "pets", name, Outline(name.title(), f"https://example.org/{name}/", kind="map"))
        (folder / f"{name}.yaml").write_text(RECIPE.format(place=place), "utf-8")
        (folder / f"{name}.csv").write_text(sheet, "utf-8")
        workspace = find_workspace(folder / "pets", review=name)
        updating.link(workspace, [folder / f"{name}.csv"], Options(by=folder / f"{name}.yaml"), dry_run=False)
        assert checks.check(workspace) == []
    return folder / "pets"


def asked(root: Path, attribute: str, *lines: str, same_labels: bool = False, roll_up: bool = False) -> Answer:
    """What `across` answers with a crosswalk of these lines."""
    path = root / "crosswalk.tsv"
    path.write_text(HEAD + "".join(f"{line}\t\tsemapv:ManualMappingCuration\n" for line in lines), "utf-8")
    reviews = {each.review.name: each for each in find_workspaces(root)}
    return across(reviews, attribute, [path] if lines else [], same_labels, roll_up)


def rows(answer: Answer) -> list[tuple[object, ...]]:
    """Value, review and studies."""
    return [row[:3] for row in answer.table.rows]


NONE = [("not reported", "dogs", 1), ("not applicable", "dogs", 1), ("not coded", "dogs", 1)]


def test_without_a_crosswalk_nothing_is_joined(made: Path) -> None:
    """Values that are called alike are told apart by their reviews, and a note says so."""
    answer = asked(made, "school")
    assert rows(answer) == [
        ("primary (cats)", "cats", 1),
        ("Primary. (cats)", "cats", 1),
        ("Primary (dogs)", "dogs", 1),
        ("Upper secondary", "dogs", 1),
        ("not coded", "cats", 1),
        ("not coded", "dogs", 3),
    ]
    assert all(row[3] is None for row in answer.table.rows)
    assert answer.notes == ["not joined, though called alike: primary; a crosswalk or --same-labels joins them"]


def test_like_labels_are_joined_when_it_is_said(made: Path) -> None:
    """A study counts once in each review, and every row tells what was joined."""
    answer = asked(made, "school", same_labels=True)
    assert rows(answer)[:3] == [("primary", "cats", 2), ("primary", "dogs", 1), ("Upper secondary", "dogs", 1)]
    assert "Primary = primary (like labels)" in str(answer.table.rows[1][3])
    assert answer.notes == []


def test_attributes_and_codes_are_joined_by_a_crosswalk(made: Path) -> None:
    """The value is called as the object is; each row names the line."""
    answer = asked(made, "country", *PLACES.values())
    assert rows(answer) == [
        *[("Kenia", "cats", 1), ("Kenia", "dogs", 2), ("Nairobi", "cats", 2)],
        *[("norway (cats)", "cats", 1), ("Norway (dogs)", "dogs", 1), *NONE],
    ]
    assert answer.table.rows[0][3] == answer.table.rows[1][3] == "Kenya = Kenia (skos:exactMatch, crosswalk.tsv:4)"
    assert rows(asked(made, "nation", *PLACES.values())) == rows(answer)


def test_narrower_values_are_rolled_up_when_it_is_said(made: Path) -> None:
    """A study with both counts once; a narrow match is a broad one the other way."""
    answer = asked(made, "country", *PLACES.values(), roll_up=True)
    assert rows(answer)[:2] == [("Kenia", "cats", 2), ("Kenia", "dogs", 2)]
    assert "Nairobi < Kenia (skos:broadMatch, crosswalk.tsv:6)" in str(answer.table.rows[0][3])
    narrow = "cats:nation/kenia\tskos:narrowMatch\tcats:nation/nairobi"
    lines = [PLACES["Kenya = Kenia"], PLACES["attributes"], narrow]
    assert rows(asked(made, "country", *lines, roll_up=True)) == rows(answer)
    assert rows(asked(made, "country", *lines)) == rows(asked(made, "country", *PLACES.values()))


def test_a_third_vocabulary_joins_both(made: Path) -> None:
    """By its label; the other words of SKOS join nothing."""
    hub = "skos:exactMatch\twd:Q114\tQ-Kenya\tsemapv:ManualMappingCuration\n"
    near = "dogs:country/norway\tskos:closeMatch\tcats:nation/norway\t\tsemapv:ManualMappingCuration\n"
    path = made / "hub.tsv"
    attributes = f"{PLACES['attributes']}\t\tsemapv:ManualMappingCuration\n"
    path.write_text(f"{HEAD}dogs:country/kenya\t{hub}cats:nation/kenia\t{hub}{near}{attributes}", "utf-8")
    answer = across({each.review.name: each for each in find_workspaces(made)}, "country", [path], False, False)
    named = [row for row in rows(answer) if "orway" in str(row[0]) or "Q-" in str(row[0])]
    assert named == [
        *[("norway (cats)", "cats", 1), ("Norway (dogs)", "dogs", 1)],
        *[("Q-Kenya", "cats", 1), ("Q-Kenya", "dogs", 2)],
    ]


def test_numbers_and_texts_are_joined_by_their_words(made: Path) -> None:
    """A value that is no code is named by its attribute and its own words."""
    line = "dogs:school/upper-secondary\tskos:exactMatch\tcats:school/primary"
    assert ("primary", "dogs", 1) in [
        (str(row[0]).split(" (")[0], *row[1:]) for row in rows(asked(made, "school", line))
    ]
    assert ("120", "cats", 1) in rows(asked(made, "size", same_labels=True))


def test_a_review_without_the_attribute_is_told(made: Path) -> None:
    """And where none has it, what there is."""
    answer = asked(made, "country")
    assert {row[1] for row in rows(answer)} == {"dogs"}
    assert answer.notes == ["cats has no attribute `country`, and no crosswalk maps one of its to it"]
    with pytest.raises(UsageError, match="no review here has an attribute `contry`; did you mean `country`"):
        asked(made, "contry")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("dogs:country/kenia\tskos:exactMatch\tcats:nation/kenia", "dogs has no `dogs:country/kenia`; did you mean"),
        ("dogs:attribute/land\tskos:exactMatch\tcats:attribute/nation", "dogs has no `dogs:attribute/land`"),
        ("dogs:kenya\tskos:exactMatch\tcats:nation/kenia", "dogs has no `dogs:kenya`; did you mean `country/kenya`"),
    ],
)
def test_what_is_not_there_is_told_with_its_line(made: Path, line: str, message: str) -> None:
    """A slip in an id would join nothing, and nobody would know."""
    with pytest.raises(DataError, match=f"crosswalk.tsv:5: {message}"):
        asked(made, "country", PLACES["attributes"], line)


def test_a_circle_is_told(made: Path) -> None:
    """Also one that goes through an exact match; without --roll-up it means nothing."""
    lines = [*PLACES.values(), "cats:nation/kenia\tskos:broadMatch\tcats:nation/nairobi"]
    with pytest.raises(EvigraphError, match="comes to be broader than itself"):
        asked(made, "country", *lines, roll_up=True)
    assert rows(asked(made, "country", *lines))


def test_the_command_and_the_check(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The crosswalk of the workspace is taken, pivoted where it is said, and looked through by check."""
    monkeypatch.chdir(made)
    path = made / data.crosswalks.FILE
    path.write_text(HEAD + "".join(f"{line}\t\tsemapv:x\n" for line in PLACES.values()), "utf-8")
    ran = evigraph("across", "country", "--roll-up", "--pivot", "--format", "csv")
    assert ran.stderr == "evigraph: not joined, though called alike: norway; a crosswalk or --same-labels joins them\n"
    assert ran.stdout.splitlines() == [
        *("value,cats,dogs", "Kenia,2,2", "norway (cats),1,", "Norway (dogs),,1"),
        *("not reported,,1", "not applicable,,1", "not coded,,1"),
    ]
    assert evigraph("check", "--review", "cats").returncode == 0
    path.write_text(HEAD + "x\n", "utf-8")
    ran = evigraph("check", "--review", "cats")
    assert ran.returncode == 1
    assert "crosswalk.tsv:4: 1 cells, and the table has 5 columns" in ran.stderr
    path.unlink()


@pytest.mark.checkout
@pytest.mark.parametrize("attribute", ["country", "design"])
def test_each_review_says_what_it_says_alone(attribute: str) -> None:
    """On two real reviews, the counts of each value and each state are those of `by-attribute`."""
    both = {"one": find_workspace(SHIPPED), "two": find_workspace(Path(__file__).parents[2] / "examples" / "hpv-map")}
    answer = across(both, attribute, [], False, False)
    for name, workspace in both.items():
        alone = queries.run(
            build.open_store(workspace), queries.load(workspace, "by-attribute"), {"attribute": attribute}
        )
        wanted = sorted((str(value), studies) for value, studies, _ in alone.rows if studies)
        found = [(str(value).removesuffix(f" ({name})"), n) for value, review, n in rows(answer) if review == name]
        assert sorted(found) == wanted
        assert len(wanted) > 1
