"""What the tests share: the shipped review, and copies of it that may be spoilt."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evigraph import data, updating
from evigraph.data import Document, quads
from evigraph.linking import Options
from evigraph.paths import SHIPPED, Workspace, find_workspace
from evigraph.queries import build
from evigraph.store import EmbeddedStore


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder of the tests' own."""
    folder = tmp_path_factory.mktemp("cache")
    os.environ["XDG_CACHE_HOME"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def shipped() -> Workspace:
    """The review that ships with evigraph."""
    return find_workspace(SHIPPED)


@pytest.fixture(scope="session")
def shipped_site(tmp_path_factory: pytest.TempPathFactory, shipped: Workspace) -> Path:
    """Its website, to be looked at and not to be changed."""
    from evigraph.site import folder

    made = tmp_path_factory.mktemp("shipped") / "site"
    folder.build(shipped, made)
    return made


@pytest.fixture(scope="session")
def documents(shipped: Workspace) -> list[Document]:
    """Its documents."""
    return data.read_documents(shipped)


@pytest.fixture(scope="session")
def nquads(documents: list[Document]) -> str:
    """Its canonical N-Quads."""
    return quads.canonical(quads.to_quads(documents, data.base(documents)))


@pytest.fixture(scope="session")
def store(shipped: Workspace) -> EmbeddedStore:
    """A store with its graph."""
    return build.open_store(shipped)


class Copy:
    """A copy of the shipped review, to be spoilt."""

    def __init__(self, root: Path) -> None:
        """Copy the documents under `root`."""
        shutil.copytree(SHIPPED / "data", root / "data")
        self.root = root
        self.review = next(root.glob("data/*/review.yaml")).parent

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace a text that must be there, once."""
        path = self.review / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    @property
    def workspace(self) -> Workspace:
        """The copy as a workspace."""
        return find_workspace(self.root)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy of the shipped review."""
    return Copy(tmp_path / "workspace")


@pytest.fixture(scope="session")
def badges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small review as `init` and `link` make it, to be copied."""
    from badges import make

    return make(tmp_path_factory.mktemp("made") / "badges")


NOTICE = "No review here, so"
"""How the line begins that says that the shipped review answers."""


def evigraph(*arguments: str, stdin: str = "", notice: bool = False, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own.

    That the shipped review answers is said where tests of the installed wheel run, and not in the source tree; so the
    line is left out, if it isn't asked for.
    """
    code = "import sys; from evigraph.cli import main; sys.argv[0] = 'evigraph'; main()"
    command = [sys.executable, "-c", code, *arguments]
    ran = subprocess.run(  # noqa: S603 - our own code
        command, input=stdin, capture_output=True, text=True, encoding="utf-8", env={**os.environ, **env}, timeout=300
    )
    if not notice:
        ran.stderr = "".join(line for line in ran.stderr.splitlines(keepends=True) if not line.startswith(NOTICE))
    return ran


def link_sheet(workspace: Workspace, folder: Path, sheet: str, recipe: str, who: str) -> None:
    """Link an extraction sheet by its recipe, after writing both into a folder."""
    path, by = folder / f"{who}.csv", folder / "ours.yaml"
    path.write_text(sheet, "utf-8")
    by.write_text(recipe, "utf-8")
    updating.link(workspace, [path], Options(by=by, who=who, date="2024-05-01"), dry_run=False)


def codebook(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    """The lists of a review's codebook, whichever documents they stand in."""
    found: dict[str, list[dict[str, Any]]] = {}
    for document in data.read_documents(workspace):
        if document.name == "codebook" or document.name.startswith("codes/"):
            for key, value in document.content.items():
                found.setdefault(key, []).extend(value if isinstance(value, list) else [])
    return found


def with_numbers(nquads: str) -> list[str]:
    """Lines of N-Quads, sorted, with doubles as Python writes them: PyLD writes 1140 as 1.14E3, Virtuoso as 1140.0.

    Virtuoso writes true as 1, too.
    """
    nquads = nquads.replace(
        '"1"^^<http://www.w3.org/2001/XMLSchema#boolean>', '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    )
    nquads = nquads.replace(
        '"0"^^<http://www.w3.org/2001/XMLSchema#boolean>', '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    )
    double = r'"([^"]+)"(?=\^\^<http://www.w3.org/2001/XMLSchema#double>)'
    return sorted(re.sub(double, lambda found: f'"{float(found[1])}"', line) for line in nquads.splitlines())
