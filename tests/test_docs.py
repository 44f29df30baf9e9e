"""The documents: their commands run, their links lead somewhere, and they leave nothing out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from conftest import evigraph

from evigraph import ontology, queries
from evigraph.paths import Workspace

ROOT = Path(__file__).parent.parent
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted(ROOT.glob("docs/**/*.md")),
]


def commands(path: Path) -> list[list[str]]:
    """The `evigraph` commands in the shell blocks of a document."""
    blocks = re.findall(r"```sh\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in re.findall(r"(?m)^evigraph (?:'[^']*'|[^\n'])*", block)]
    return [shlex.split(line, comments=True)[1:] for line in lines]


EXAMPLES = [(path.name, line) for path in DOCUMENTS for line in commands(path)]


@pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=[f"{name}: {' '.join(line)[:40]}" for name, line in EXAMPLES])
def test_an_example_runs(tmp_path: Path, name: str, line: list[str]) -> None:
    """Every command of the documents does what it says, without a word on stderr."""
    arguments = [str(tmp_path / token) if line[i - 1] == "-o" else token for i, token in enumerate(line)]
    ran = evigraph(*arguments)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_readme_has_examples() -> None:
    """The test above would pass if it found none."""
    assert len([line for name, line in EXAMPLES if name == "README.md"]) >= 4


@pytest.mark.checkout
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    """Every link to a file of the project."""
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_every_key_type_and_code_is_documented() -> None:
    """In the page on documents."""
    text = (ROOT / "docs" / "documents.md").read_text("utf-8")
    for name in [
        *ontology.keys(),
        *ontology.class_names(),
        *(c for key in ontology.frame()["codes"] for c in ontology.codes(key)),
    ]:
        assert f"`{name}`" in text, name


def test_every_query_name_in_the_documents_exists(shipped: Workspace) -> None:
    """No example names a query that is gone."""
    for path in DOCUMENTS:
        for name in re.findall(r"evigraph run ([a-z][a-z0-9-]+)", path.read_text("utf-8")):
            if "tabel" not in name:
                queries.load(shipped, name)


@pytest.mark.checkout
def test_the_decisions_are_listed() -> None:
    """Every record of a decision, in the index."""
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    for path in sorted((ROOT / "docs" / "adr").glob("*.md")):
        assert f"adr/{path.name}" in index


@pytest.mark.checkout
def test_the_agreement_is_what_the_command_prints() -> None:
    """The figures in the page come from the two codings."""
    import subprocess
    import sys

    files = [str(ROOT / "data" / "micro-credentials" / "codings" / f"coder-{coder}.csv") for coder in "ab"]
    command = [sys.executable, str(ROOT / "scripts" / "agreement"), *files]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own code
    page = (ROOT / "docs" / "agreement.md").read_text("utf-8")
    for line in printed.splitlines():
        assert line in page
