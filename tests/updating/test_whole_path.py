"""Every sample export on its whole way through the command: linked into a new review, checked, exported, taken back.

Each goes alone, and together with the next one, in both orders. What is asserted of each: no command fails, every
record of the file is in the review or named as rejected, the review holds, what goes out has as many publications as it
should, and `undo` leaves the folder as it was.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from evigraph.cli import main

pytestmark = pytest.mark.thorough

EXPORTS = Path(__file__).parents[1] / "exports"
FILES = sorted(path.name for path in EXPORTS.iterdir() if path.name != "expected.json")
PAIRS = list(zip(FILES, [*FILES[1:], FILES[0]], strict=True))
FORMATS = ("turtle", "nquads", "jsonld", "csv", "xlsx", "ris", "bibtex", "csljson", "prisma")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new review, to be copied."""
    root = tmp_path_factory.mktemp("whole") / "fresh"
    arguments = ["--title", "Badges", "--question", "Do badges motivate?", "--stakeholder", "Student"]
    assert said("init", root, *arguments, "--benefit", "Student: Motivation", "--who", "Ann Doe")
    return root


@pytest.fixture
def root(tmp_path: Path, fresh: Path) -> Iterator[Path]:
    """A copy of it."""
    shutil.copytree(fresh, tmp_path / "w")
    yield tmp_path / "w"
    shutil.rmtree(tmp_path / "w")


def said(*arguments: object) -> str:
    """What a command says; it ends well."""
    ran = CliRunner().invoke(main, [str(each) for each in arguments])
    assert ran.exit_code == 0, f"{arguments}: {ran.exception!r} {ran.output[-400:]}"
    return ran.stdout


def linked(root: Path, name: str) -> dict[str, Any]:
    """Link one export, and what became of its records."""
    found: dict[str, Any] = json.loads(said("--workspace", root, "link", EXPORTS / name, "--format", "json"))
    return found


def files(root: Path) -> dict[str, bytes]:
    """Everything in the workspace but its journal."""
    paths = [path for path in root.rglob("*") if path.is_file() and ".evigraph" not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def records(root: Path) -> list[dict[str, Any]]:
    """The records that the review holds."""
    return [each for path in root.glob("data/*/records/*.json") for each in json.loads(path.read_bytes())["records"]]


def studies(root: Path) -> list[Path]:
    """The documents of its studies."""
    return sorted(root.glob("data/*/studies/*.yaml"))


def exported(root: Path) -> dict[str, bytes]:
    """The review in every format."""
    made = {}
    for syntax in FORMATS:
        said("--workspace", root, "export", "--format", syntax, "-o", root.parent / "out")
        made[syntax] = (root.parent / "out").read_bytes()
    return made


def test_there_are_exports() -> None:
    """The tests below would pass if there were none."""
    assert len(FILES) > 100


@pytest.mark.parametrize("name", FILES)
def test_an_export_goes_the_whole_way(root: Path, name: str) -> None:
    """From the file into the review, out again in every format, and back."""
    before = files(root)
    (told,) = linked(root, name)["files"]
    assert told["present"] == told["parsed"] + len(told["rejected"]) > 0
    held = records(root)
    assert len(held) == told["parsed"] == len(told["records"])
    assert all({"identifies", "duplicateOf", "decisions"} & set(record) for record in held)
    assert len(studies(root)) == len({record["identifies"] for record in held if "identifies" in record})
    assert "holds to its shapes and checks" in said("--workspace", root, "check")
    out = exported(root)
    items = json.loads(out["csljson"])
    assert len(items) == len(studies(root))
    assert out["ris"].count(b"\nER  -") == out["bibtex"].count(b"\n@") + out["bibtex"].startswith(b"@") == len(items)
    assert all(item.get("title") or item.get("DOI") for item in items)
    flow = {row["data"]: row["n"] for row in csv.DictReader(io.StringIO(out["prisma"].decode()))}
    assert flow["database_results"] == str(told["present"])  # also what could not be read was identified
    said("--workspace", root, "undo")
    assert files(root) == before


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_two_exports_go_in_either_order(tmp_path: Path, root: Path, pair: tuple[str, str]) -> None:
    """As many records and as many studies, whichever comes first; and the review holds."""
    shutil.copytree(root, tmp_path / "other")
    other = tmp_path / "other"
    orders = {root: pair, other: pair[::-1]}
    read = [sum(linked(where, name)["files"][0]["parsed"] for name in order) for where, order in orders.items()]
    assert read[0] == read[1] == len(records(root)) == len(records(other))
    assert len(studies(root)) == len(studies(other))
    assert "holds to its shapes and checks" in said("--workspace", root, "check")
    assert "holds to its shapes and checks" in said("--workspace", other, "check")
