"""Mistakes of a person who writes a review's YAML by hand: each is found, and the message says where and what to do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from evigraph import checks, data
from evigraph.errors import EvigraphError
from evigraph.files import yaml_text
from evigraph.paths import SHIPPED, Workspace, find_workspace
from evigraph.updating import new_review

Mistake = dict[str, str]
"""In which `file` what is `right`, what is `wrong` in its place, and what is `said` of it."""
HELD = yaml.safe_load(Path(__file__).with_name("mistakes_by_hand.yaml").read_text("utf-8"))
FILES: dict[str, str] = HELD["files"]
READING: dict[str, Mistake] = HELD["reading"]
CHECKING: dict[str, Mistake] = HELD["checking"]
BOOK = "codebook.yaml"
CODES = {
    "country": ("Kenya", "Norway"),
    "outcome": ("Fluency", "Spelling", "Silent reading"),
    "setting": ("School", "Village school", "Ward", "Clinic", "Night school"),
}
ATTRIBUTES = {
    "sample-size": "number",
    "started": "date",
    "grade": "text",
    "blinded": "boolean",
    **dict.fromkeys(CODES, "code"),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A review as `init` makes it, with codes, two studies, a conclusion and a search in the short form of the docs."""
    root = tmp_path_factory.mktemp("by-hand") / "w"
    asked = ("Does it help?", "What hinders it?")
    new_review.create(
        root, "w", new_review.Outline("Reading", "https://example.org/w/", asked, stakeholders=("Pupil",))
    )
    found = find_workspace(root)
    book = data.read_document(found.review / BOOK, "codebook").content
    for scheme, labels in CODES.items():
        if not any(each["id"] == f"codebook/{scheme}" for each in book["codebooks"]):
            book["codebooks"].append({"id": f"codebook/{scheme}", "type": "Codebook", "label": scheme})
        for i, label in enumerate(labels, 1):
            key = label.lower().replace(" ", "-")
            code = {"id": f"value/{scheme}/{key}", "label": label, "definition": f"{label}, as told.", "position": i}
            book.setdefault("attributeValues", []).append({**code, "inScheme": f"codebook/{scheme}"})
    book["attributeValues"][-4]["broader"] = "value/setting/school"
    book["attributes"] = [
        {"id": f"attribute/{key}", "label": key, "definition": f"The {key}.", "as": kind, "appliesTo": ["study"]}
        | ({"role": "country"} if key == "country" else {})
        | ({"role": "sampleSize", "unit": "person"} if key == "sample-size" else {})
        for key, kind in ATTRIBUTES.items()
    ]
    for name, text in {**FILES, BOOK: yaml_text.dump(book)}.items():
        (found.review / name).parent.mkdir(exist_ok=True)
        (found.review / name).write_text(text, "utf-8")
    return found


def spoilt(sound: Workspace, root: Path, mistakes: list[Mistake]) -> Workspace:
    """A copy of a review with mistakes in its files."""
    shutil.copytree(sound.root, root, ignore=shutil.ignore_patterns(".evigraph"))
    found = find_workspace(root)
    for each in mistakes:
        path = found.review / each["file"]
        text = path.read_text("utf-8")
        assert each["right"] in text, each
        path.write_text(text.replace(each["right"], each["wrong"], 1), "utf-8")
    return found


def in_the_way(one: Mistake, other: Mistake) -> bool:
    """Whether a mistake changes what the other is made from."""
    return one["right"] in other["right"] or one["right"] in other["wrong"]


@pytest.fixture(scope="module")
def told(sound: Workspace, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What check says of each mistake; those that don't stand in one another's way are made in one copy."""
    batches: list[list[str]] = []
    for name, own in CHECKING.items():
        for batch in batches:
            others = [CHECKING[each] for each in batch if CHECKING[each]["file"] == own["file"]]
            if not any(in_the_way(own, each) or in_the_way(each, own) for each in others):
                batch.append(name)
                break
        else:
            batches.append([name])
    found = {}
    for i, batch in enumerate(batches):
        made = spoilt(sound, tmp_path_factory.mktemp("batch") / str(i), [CHECKING[each] for each in batch])
        said = [str(each) for each in checks.check(made)]
        found |= dict.fromkeys(batch, said)
    return found


def test_the_sound_review_holds(sound: Workspace) -> None:
    """Nothing is said against it."""
    assert [str(each) for each in checks.check(sound)] == []


@pytest.mark.parametrize("mistake", READING)
def test_a_mistake_stops_reading(mistake: str, sound: Workspace, tmp_path: Path) -> None:
    """The error names the file, the line and the mend."""
    made = spoilt(sound, tmp_path / "w", [READING[mistake]])
    with pytest.raises(EvigraphError) as error:
        data.read_documents(made)
    assert re.search(rf"{re.escape(READING[mistake]['file'])}:\d+: ", str(error.value))
    assert re.search(READING[mistake]["said"], str(error.value))


@pytest.mark.parametrize("mistake", CHECKING)
def test_a_mistake_is_found(mistake: str, told: dict[str, list[str]]) -> None:
    """A violation names the file, the line, the record and the mend."""
    said = CHECKING[mistake]["said"]
    found = [each for each in told[mistake] if re.search(said, each)]
    assert found, told[mistake]
    assert all(re.search(r"\.(yaml|json):\d+: \S+", each) for each in found)


SHIPPED_MISTAKES = [
    (
        "studies/perea-2020.yaml",
        "authority/country/USA",
        "authority/country/AMERICA",
        "EU authority table|is no country",
    ),
    ("studies/perea-2020.yaml", "effect: positive", "effect: positive\n    mean: 3", "`mean` is a key of a Result"),
    ("studies/hartnett-2021.yaml", "year: 2021", "year: 2091", "has yet to come"),
    ("review.yaml", "notation: RQ2\n", "notation: RQ1\n", "has the notation RQ1 too"),
]


def test_mistakes_in_the_shipped_review(tmp_path: Path) -> None:
    """The same is found in a copy of the review that evigraph comes with."""
    shutil.copytree(SHIPPED / "data", tmp_path / "w" / "data")
    shutil.copytree(SHIPPED / "queries", tmp_path / "w" / "queries")
    found = find_workspace(tmp_path / "w")
    for name, old, new, _ in SHIPPED_MISTAKES:
        text = (found.review / name).read_text("utf-8")
        assert old in text, (name, old)
        (found.review / name).write_text(text.replace(old, new, 1), "utf-8")
    said = "\n".join(map(str, checks.check(found)))
    for _, _, _, expected in SHIPPED_MISTAKES:
        assert re.search(expected, said), expected
