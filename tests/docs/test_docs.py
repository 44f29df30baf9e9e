"""The documents: their commands run, their links lead somewhere, and they leave nothing out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from evigraph import __version__, ontology, queries
from evigraph.paths import Workspace
from evigraph.reports import agreement, table_formats
from evigraph.updating import new_review

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted(ROOT.glob("docs/**/*.md")),
]


def session(path: Path) -> str:
    """What a page tells its reader to do, as one script: save the files that it shows, and run its commands in turn.

    A file is a block after a line that ends in "as `name`:". Blocks that set the project itself up are left out.
    """
    steps = []
    pattern = r"(?:as `(?P<name>[^`]+)`:\n\n)?```(?P<language>\w*)\n(?P<text>.*?)^```"
    for found in re.finditer(pattern, path.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        if found["name"]:
            steps.append(f"cat > {shlex.quote(found['name'])} <<'END OF FILE'\n{found['text']}END OF FILE\n")
        elif found["language"] == "sh" and not re.search(r"(?m)^(?:make|source) ", found["text"]):
            steps.append(found["text"])
    return "\n".join(steps)


PAGES = [path for path in DOCUMENTS if "evigraph " in session(path)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_commands_of_a_page_run(tmp_path: Path, path: Path) -> None:
    """One after the other in an empty folder, each to its end, with no word on stderr but whose review answers."""
    places = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", "-euo", "pipefail", "-c", session(path)]
    ran = subprocess.run(  # noqa: S603 - the project's own documents
        command, cwd=tmp_path, env=os.environ | {"PATH": places}, capture_output=True, text=True
    )
    said = [line for line in ran.stderr.splitlines() if not line.startswith("No review here, so the review that comes")]
    assert (ran.returncode, said) == (0, [])


def test_the_readme_has_examples() -> None:
    """The test above would pass if it found none."""
    assert session(ROOT / "README.md").count("evigraph ") >= 4


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
    """No example names a query that is gone; those of a new review are its own."""
    new = new_review.own_queries(new_review.Outline("A review", "https://example.org/"))
    known = {*queries.query_files(shipped), *(name.rpartition("/")[2] for name in new)}
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        own = set(re.findall(r"as `queries/\w+/([a-z0-9-]+)\.rq`:", text))  # the page has its reader write these
        assert set(re.findall(r"evigraph run ([a-z][a-z0-9-]+)", text)) <= known | own, path


@pytest.mark.checkout
def test_the_version_is_named_alike() -> None:
    """In the citation, and as the latest heading of what changed, with a date."""
    citation, changes = ((ROOT / name).read_text("utf-8") for name in ("CITATION.cff", "CHANGELOG.md"))
    assert f"\nversion: {__version__}\n" in citation
    heading = next(line for line in changes.splitlines() if line.startswith("## "))
    assert re.fullmatch(rf"## \[{re.escape(__version__)}\] \u2013 \d{{4}}-\d\d-\d\d", heading)


@pytest.mark.checkout
def test_the_decisions_are_listed() -> None:
    """Every record of a decision, in the index."""
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    for path in sorted((ROOT / "docs" / "adr").glob("*.md")):
        assert f"adr/{path.name}" in index


@pytest.mark.checkout
def test_the_agreement_is_what_the_command_prints(shipped: Workspace) -> None:
    """The table in the page is made of the codings."""
    page = (ROOT / "docs" / "agreement.md").read_text("utf-8")
    assert table_formats.rendered(agreement.table(shipped), "md") in page
