"""U+2028 and U+0085, which PDFs leave in texts, part no line of a graph: a review with them goes the whole way."""

from __future__ import annotations

import re

import pytest
from conftest import evigraph

from evigraph import data, export
from evigraph.checks import check
from evigraph.data import quads
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build

TITLE = "Badges\u2028and\u0085work"


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A new review with one study, whose report has such a title."""
    folder = tmp_path_factory.mktemp("separators")
    (folder / "one.ris").write_text("TY  - JOUR\nTI  - Badges\nAU  - Kim, A\nPY  - 2020\nER  - \n", "utf-8")
    assert evigraph("init", str(folder / "review")).returncode == 0
    linked = evigraph("--workspace", str(folder / "review"), "link", str(folder / "one.ris"))
    assert linked.returncode == 0, linked.stderr
    workspace = find_workspace(folder / "review")
    study = workspace.review / "studies" / "kim-2020.yaml"
    quoted = r'title: "Badges\u2028and\u0085work"'
    study.write_text(re.sub("title: .*", lambda _: quoted, study.read_text("utf-8")), "utf-8")
    return workspace


def test_it_is_checked_and_asked(review: Workspace) -> None:
    """Nothing is wrong with it, and its title comes back as it stands."""
    assert check(review) == []
    found = {cell for row in build.answer(review, "value-sources", {}).rows for cell in row}
    assert "kim-2020" in str(found)
    assert TITLE in build.nquads(review).decode()


@pytest.mark.parametrize("name", ["turtle", "trig", "nquads", "ntriples", "rdfxml", "jsonld", "ris"])
def test_it_is_exported(review: Workspace, name: str) -> None:
    """Every format holds it."""
    assert "Badges" in str(export.export(data.read_documents(review), name))


def test_it_comes_back(review: Workspace) -> None:
    """Document to graph to document."""
    documents = data.read_documents(review)
    base = data.base(documents)
    (study,) = (each for each in documents if each.name == "studies/kim-2020")
    text = quads.texts([study], base)[study.name]
    assert quads.to_document(text, base, "study/kim-2020") == study.content
