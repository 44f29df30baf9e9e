"""Attributes renamed and merged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import evigraph

from evigraph import checks, data
from evigraph.errors import UsageError
from evigraph.files import yaml_text
from evigraph.linking.sameness import Reason
from evigraph.paths import Workspace, find_workspace
from evigraph.updating import recoding_attributes
from evigraph.updating.new_review import Outline, create

ANN = Reason("One word for both.", "Ann", "2026-03-02")
CODES = {"setting": ("School", "Ward"), "place": ("Ward", "Field")}
STUDY = """\
id: study/{key}
label: {key}
inclusion: {{id: inclusion/{key}, state: stated, verdict: include}}
reports: [{{id: report/{key}, title: {key}, year: 2019}}]
values: {{at: report, setting: {setting}, place: {place}}}
locators: [{{id: locator/Report-{key}, label: Report {key}, section: Report {key}}}]
"""


@pytest.fixture
def mine(tmp_path: Path) -> Workspace:
    """A review with two attributes that mean one thing, and a recipe, a query and a coder's file that name one."""
    create(tmp_path / "w", "w", Outline("Reading", "https://example.org/w/", ("Does it help?",)))
    found = find_workspace(tmp_path / "w")
    book = data.read_document(found.review / "codebook.yaml", "codebook").content
    book |= {"attributes": [], "attributeValues": []}
    book["codebooks"] = [*book.get("codebooks", []), *({"id": f"codebook/{key}", "label": key} for key in CODES)]
    for key, labels in CODES.items():
        record = {
            "id": f"attribute/{key}",
            "label": key,
            "definition": f"The {key}.",
            "as": "code",
            "appliesTo": ["study"],
        }
        book["attributes"].append(record)
        for i, label in enumerate(labels, 1):
            code = {"id": f"value/{key}/{label.lower()}", "label": label, "definition": label, "position": i}
            book["attributeValues"].append({**code, "inScheme": f"codebook/{key}"})
    (found.review / "codebook.yaml").write_text(yaml_text.dump(book), "utf-8")
    values = {"a": ("School", "not-reported"), "b": ("Ward", "Ward"), "c": ("Ward", "Field")}
    for key, (setting, place) in values.items():
        text = STUDY.format(key=key, setting=setting, place=place)
        (found.review / "studies" / f"{key}.yaml").parent.mkdir(exist_ok=True)
        (found.review / "studies" / f"{key}.yaml").write_text(text, "utf-8")
    (found.root / "recipe.yaml").write_text("attributes: [{attribute: setting, column: x}]\n", "utf-8")
    (found.review / "codings" / "attributes").mkdir(parents=True)
    coded = "study,attribute,code\na,setting,school\na,place,not-reported\n"
    (found.review / "codings" / "attributes" / "ann.csv").write_text(coded, "utf-8")
    assert checks.check(found) == []
    return found


def values(workspace: Workspace) -> dict[str, Any]:
    """The values of each study, as its file has them, without their places."""
    studies = ((each, data.as_written(workspace.review / "studies" / f"{each}.yaml")) for each in "abc")

    def plain(said: Any) -> Any:
        return said["value"] if isinstance(said, dict) else said

    return {key: {k: plain(v) for k, v in study["values"].items() if k != "at"} for key, study in studies}


def test_an_attribute_is_renamed(mine: Workspace) -> None:
    """Its values, its list of codes and coders' files follow; a recipe that names it is named; the old key is read."""
    before = mine.review.joinpath("studies/a.yaml").read_text("utf-8")
    outcome = recoding_attributes.recode(mine, "rename", ("attribute/setting", "Where it was"), ANN, dry_run=False)
    assert any("recipe.yaml:1 names `setting`" in each for each in outcome.plan.notes)
    assert values(mine)["a"] == {"where-it-was": "School", "place": "not-reported"}
    book = data.as_written(mine.review / "codebook.yaml")
    record = next(each for each in book["attributes"] if each["id"] == "attribute/where-it-was")
    assert (record["label"], record["altLabels"]) == ("Where it was", ["setting"])
    assert record["changeNote"] == ["2026-03-02, Ann: renamed from setting; 3 values; One word for both"]
    assert "codebook/where-it-was" in {each["id"] for each in book["codebooks"]}
    assert (mine.review / "codings/attributes/ann.csv").read_text("utf-8").splitlines()[1] == "a,where-it-was,school"
    assert checks.check(mine) == []
    (mine.review / "studies/a.yaml").write_text(before, "utf-8")  # a colleague still writes the former key
    assert checks.check(mine) == []
    ids = {
        each["attribute"] for each in data.read_document(mine.review / "studies/a.yaml", "a").content["characteristics"]
    }
    assert ids == {"where-it-was", "place"}


def test_two_attributes_are_merged(mine: Workspace) -> None:
    """Codes of one name are one, a value said twice stands once, and what isn't reported gives way to what is."""
    shown = recoding_attributes.recode(mine, "merge", ("attribute/setting", "attribute/place"), ANN, dry_run=True)
    assert shown.plan.notes
    assert values(mine)["a"]["setting"] == "School"  # nothing is written
    recoding_attributes.recode(mine, "merge", ("attribute/setting", "attribute/place"), ANN, dry_run=False)
    assert values(mine) == {"a": {"place": "School"}, "b": {"place": "Ward"}, "c": {"place": ["Field", "Ward"]}}
    book = data.as_written(mine.review / "codebook.yaml")
    (record,) = (each for each in book["attributes"] if each["id"] in ("attribute/place", "attribute/setting"))
    assert (record["altLabels"], record["multiple"]) == (["setting"], "true")
    gone = next(each for each in book["attributeValues"] if each["id"] == "value/setting/ward")
    assert gone["replacedBy"] == ["value/place/ward"]
    assert checks.check(mine) == []
    evigraph("--workspace", str(mine.root), "undo")
    assert values(mine)["c"] == {"setting": "Ward", "place": "Field"}


@pytest.mark.parametrize(
    ("kind", "names", "said"),
    [
        ("rename", ("attribute/setting", "attribute/place"), "is an attribute already; to put them together"),
        ("rename", ("attribute/seting", "Place of care"), "no attribute has the id `attribute/seting`"),
        ("rename", ("attribute/setting", "attribute/No key"), "is no key of an attribute"),
        ("merge", ("attribute/setting", "attribute/setting"), "name two attributes"),
        ("split", ("attribute/setting", "A", "B"), "is renamed, OLD and NEW, or merged"),
    ],
)
def test_what_cant_be_is_told(mine: Workspace, kind: str, names: tuple[str, ...], said: str) -> None:
    """And nothing is written."""
    with pytest.raises(UsageError) as error:
        recoding_attributes.recode(mine, kind, names, ANN, dry_run=False)
    assert said in str(error.value)


def test_the_command_tells_attributes_by_their_id(mine: Workspace) -> None:
    """As it tells codes by theirs."""
    ran = evigraph("--workspace", str(mine.root), "recode", "attribute/setting", "attribute/where", "--dry-run")
    assert "attribute/where: renamed from setting; 3 values" in ran.stdout
