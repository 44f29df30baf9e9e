"""Records that wait to be screened leave with their abstracts, and come back with decisions."""

from __future__ import annotations

from pathlib import Path

import pytest

import evigraph
from evigraph import data, export, ingest, updating
from evigraph.errors import UsageError
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.updating import new_review

FILE = "".join(
    f"TY  - JOUR\nAU  - Fern, {name}\nTI  - On {name}\nPY  - 2020\nDO  - 10.5555/{name}\nAB  - All of\n{name}.\n"
    "ER  - \n\n"
    for name in ("ferns", "moss", "sedges")
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new review."""
    new_review.create(tmp_path / "mine", "mine", new_review.Outline("Ferns", "https://example.org/mine/"))
    (tmp_path / "in.ris").write_text(FILE, "utf-8")
    return find_workspace(tmp_path / "mine")


def test_abstracts_stay_with_what_is_screened(workspace: Workspace, tmp_path: Path) -> None:
    """They go out again as they came, without what was excluded, and who links studies keeps none."""
    updating.link(workspace, [tmp_path / "in.ris"], Options(screen=True), dry_run=False)
    (tmp_path / "out.csv").write_text("DOI,Decision\n10.5555/moss,exclude\n", "utf-8")
    updating.screen(workspace, [tmp_path / "out.csv"], "title-abstract", dry_run=False)
    for syntax in ("ris", "bibtex", "csljson"):
        (tmp_path / "back").write_text(export.to_screen(data.read_documents(workspace), syntax), "utf-8")
        found = [each.values for each in ingest.read(tmp_path / "back").records]
        assert [each["title"] for each in found] == ["On ferns", "On sedges"]
        assert [each["abstract"] for each in found] == ["All of ferns.", "All of sedges."]
    with pytest.raises(UsageError, match="--to-screen is for ris"):
        export.to_screen(data.read_documents(workspace), "turtle")


def test_studies_have_no_abstract(workspace: Workspace, tmp_path: Path) -> None:
    """It belongs to its publisher."""
    updating.link(workspace, [tmp_path / "in.ris"], Options(), dry_run=False)
    assert not [d for d in data.read_documents(workspace) if "abstract" in str(d.content)]


def test_a_review_in_python_links_exports_and_differs(workspace: Workspace, tmp_path: Path) -> None:
    """As the commands of that name; a link is only tried unless it is to be written."""
    review = evigraph.open(workspace.root)
    (tmp_path / "before.nq").write_bytes(b"")
    review.export("nquads", tmp_path / "before.nq")
    assert len(review.link(tmp_path / "in.ris")["studies"]) == 3
    assert "TI  - " not in str(review.export("ris"))
    review.link(tmp_path / "in.ris", write=True, who="Ann")
    assert str(review.export("ris")).count("TI  - ") == 3
    assert {each["kind"] for each in review.diff(tmp_path / "before.nq")["changes"]} == {"added"}
    assert review.query("SELECT (1 = 2 AS ?no) {}")[0].no is False
