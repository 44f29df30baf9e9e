"""Several reviews in one workspace: each is chosen by name, and none sees anything of another."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import evigraph

from evigraph import checks, data, queries
from evigraph import open as open_review
from evigraph.errors import EvigraphError, UsageError
from evigraph.files import journal, whole
from evigraph.ingest import recipes
from evigraph.paths import SHIPPED, Workspace, find_workspace, find_workspaces
from evigraph.queries import build
from evigraph.updating.new_review import Outline, create
from evigraph.web import mcp, openapi
from evigraph.web.live import Snapshot

RIS = """TY  - JOUR
AU  - {author}, Ann
PY  - 2021
TI  - {title}
DO  - 10.1000/{doi}
ER  -
"""


def outline(name: str, question: str = "What is known?") -> Outline:
    """A review that is told apart by its question."""
    return Outline(name.title(), f"https://example.org/{name}/", (question,))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with the reviews `dogs` and `cats`."""
    create(tmp_path / "pets", "dogs", outline("dogs", "Do dogs help?"))
    create(tmp_path / "pets", "cats", outline("cats", "Do cats purr?"))
    return tmp_path / "pets"


def run(root: Path, *arguments: str) -> str:
    """What a command that succeeds prints."""
    ran = evigraph("--workspace", str(root), *arguments)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def files(root: Path) -> dict[str, bytes]:
    """Every file of a workspace but its journal."""
    found = (path for path in root.rglob("*") if path.is_file() and journal.FOLDER not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def test_none_chosen_is_one_line_that_names_them(root: Path) -> None:
    """For every command that needs one."""
    for command in ("check", "run --list", "export", "undo", "build", "ask RQ1"):
        ran = evigraph("--workspace", str(root), *command.split())
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr == f"evigraph: {root} holds several reviews: cats, dogs; choose one with --review NAME\n"
    ran = evigraph("--workspace", str(root), "check", "--review", "cows")
    assert ran.stderr == f"evigraph: {root} holds no review `cows`; choose one of cats, dogs\n"
    ran = evigraph("--review", "cats", "--workspace", str(root), "check", "--review", "dogs")
    assert "--review cats and --review dogs: choose one" in ran.stderr


def test_a_review_is_chosen_before_or_after_the_command(root: Path) -> None:
    """By its folder's name."""
    before = run(root, "--review", "dogs", "run", "rq-1", "--format", "csv")
    assert before == run(root, "run", "rq-1", "--format", "csv", "--review", "dogs")
    assert "Do dogs help?" in run(root, "run", "--list", "--review", "dogs")


def test_who_stands_in_a_review_means_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And may say another one."""
    monkeypatch.chdir(root / "data" / "cats" / "studies")
    assert find_workspace().review == root / "data" / "cats"
    assert find_workspace(review="dogs").review == root / "data" / "dogs"
    assert find_workspace(root).review == root / "data" / "cats"


def test_a_reviews_own_folder_is_one(root: Path) -> None:
    """For those who give folders."""
    assert find_workspace(root / "data" / "dogs") == Workspace(root, root / "data" / "dogs")
    assert [each.review.name for each in find_workspaces(root)] == ["cats", "dogs"]
    assert [each.review.name for each in find_workspaces(root / "data" / "dogs")] == ["dogs"]
    assert open_review(root, review="cats").workspace.review.name == "cats"
    with pytest.raises(UsageError, match="no data"):
        find_workspaces(root / "queries")


def test_no_query_reaches_another_review(root: Path) -> None:
    """Not its listing, its completion, its pages, its API, its tools, its checks or its audit."""
    for name, folder in (("barks", "counts"), ("barking", "checks"), ("barked", "checks/audit")):
        own = root / "queries" / "dogs" / folder / f"{name}.rq"
        own.parent.mkdir(parents=True, exist_ok=True)
        text = 'SELECT ?record ?key ?message WHERE { ?record a evi:Review BIND("k" AS ?key) BIND("Bark" AS ?message) }'
        header = "#+ summary: Barks\n#+ columns: [record, key, message]\nPREFIX evi: <https://w3id.org/evigraph/ns#>\n"
        own.write_text(header + text, "utf-8")
    dogs, cats = (find_workspace(root, review=name) for name in ("dogs", "cats"))
    assert {"barks", "barking", "barked"} <= set(queries.query_files(dogs))
    assert not {name for name in queries.query_files(cats) if name.startswith("bark")}
    assert [v.message for v in checks.check(dogs)] == ["Bark"]
    assert checks.check(cats) == []
    seen = [
        run(root, "--review", "cats", "run", "--list"),
        str(mcp.Tools(cats).list_queries()),
        str(openapi.described(Snapshot(cats), writable=False)),
        run(root, "--review", "cats", "export", "--format", "nquads"),
    ]
    for text in seen:
        assert "ats" in text
        assert "ark" not in text.replace("mark", "")
        assert "dogs" not in text.casefold()
    complete = {"COMP_WORDS": f"evigraph --workspace {root} --review cats run ba", "COMP_CWORD": "6"}
    assert "barks" not in evigraph(_EVIGRAPH_COMPLETE="bash_complete", **complete).stdout
    other = {**complete, "COMP_WORDS": complete["COMP_WORDS"].replace("cats", "dogs")}
    assert "barks" in evigraph(_EVIGRAPH_COMPLETE="bash_complete", **other).stdout
    names = {"COMP_WORDS": f"evigraph --workspace {root} run rq-1 --review c", "COMP_CWORD": "6"}
    assert evigraph(_EVIGRAPH_COMPLETE="bash_complete", **names).stdout == "plain,cats\n"


def test_queries_of_a_workspace_are_of_every_review(root: Path) -> None:
    """Those outside of the reviews' folders; a review's own goes before one of the same name."""
    for path in ("tables/sounds.rq", "cats/tables/sounds.rq"):
        own = root / "queries" / path
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(f"#+ summary: {path}\n#+ columns: [s]\nSELECT ?s {{ ?s ?p ?o }}", "utf-8")
    found = {name: queries.load(find_workspace(root, review=name), "sounds").summary for name in ("cats", "dogs")}
    assert found == {"cats": "cats/tables/sounds.rq", "dogs": "tables/sounds.rq"}


def test_recipes_of_one_review(root: Path) -> None:
    """Those in a folder of its name go before those of the workspace."""
    for path in ("sheet.yaml", "cats/sheet.yaml", "cats/purrs.yaml"):
        own = root / "ingest" / path
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(f"label: {path}\nreader: sheet\n", "utf-8")
    of = {name: recipes.load_all(find_workspace(root, review=name)) for name in ("cats", "dogs")}
    assert next(each.label for each in of["cats"] if each.name == "sheet") == "cats/sheet.yaml"
    assert next(each.label for each in of["dogs"] if each.name == "sheet") == "sheet.yaml"
    assert {each.name for each in of["cats"]} - {each.name for each in of["dogs"]} == {"purrs"}


def test_a_second_review_is_a_change_of_its_own(tmp_path: Path) -> None:
    """It passes check, the first one stays as it was, and undo takes it back."""
    root = tmp_path / "pets"
    assert evigraph("init", str(root)).returncode == 0
    before = files(root)
    ran = evigraph("init", str(root), "--review", "cats", "--kind", "map")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "evigraph check --review cats" in ran.stdout
    for name in ("pets", "cats"):
        assert checks.check(find_workspace(root, review=name)) == []
        assert "https://example.org/" + name in run(root, "export", "--review", name, "--format", "nquads")
    assert before.items() <= files(root).items()
    assert run(root, "undo", "--review", "cats") == "Taken back: init cats (7 files)\n"
    assert files(root) == before
    assert run(root, "check").startswith("Every document holds")


def test_queries_of_the_first_stay_its_own(tmp_path: Path) -> None:
    """Where it has some outside of its folder, they go there when a second review comes."""
    review = create(tmp_path / "pets", "dogs", outline("dogs"))
    old = tmp_path / "pets" / "queries" / "counts" / "barks.rq"
    old.parent.mkdir()
    old.write_text("#+ summary: Barks\n#+ columns: [s]\nSELECT ?s { ?s ?p ?o }", "utf-8")
    create(tmp_path / "pets", "cats", outline("cats"))
    assert not old.exists()
    assert queries.query_files(Workspace(tmp_path / "pets", review))["barks"] == old.parents[1] / "dogs/counts/barks.rq"
    assert "barks" not in queries.query_files(find_workspace(tmp_path / "pets", review="cats"))


@pytest.mark.parametrize(
    ("name", "base", "message"),
    [
        ("dogs", "https://example.org/new/", "holds `dogs` already; name the new review by --review NAME"),
        ("cows", "https://example.org/cats/", "is that of the review cats already; give another with --base"),
        ("counts", "https://example.org/new/", "`counts` can't name a review; a kind of queries is called so"),
    ],
)
def test_a_review_that_has_no_room(root: Path, name: str, base: str, message: str) -> None:
    """One line, and nothing is written."""
    before = files(root)
    with pytest.raises(UsageError, match=message):
        create(root, name, Outline("New", base))
    assert files(root) == before


@pytest.mark.parametrize("at", range(8))
def test_a_review_is_added_whole_or_not_at_all(root: Path, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever of its files can't be written."""
    before, count, write = files(root), iter(range(100)), whole.write_whole

    def failing(path: Path, content: bytes, **how: object) -> None:
        if next(count) == at:
            raise EvigraphError(f"{path}: the disk is full; make room")
        write(path, content, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(journal, "write_whole", failing)
    with pytest.raises(EvigraphError, match="the disk is full"):
        create(root, "cows", Outline("Cows", "https://example.org/cows/", kind="map"))
    assert files(root) == before


def test_a_crash_while_a_review_is_added_is_mended(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next command carries it out to its end."""
    monkeypatch.setattr(journal, "_finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        create(root, "cows", Outline("Cows", "https://example.org/cows/"))
    assert not (root / "data" / "cows").exists()
    assert run(root, "check", "--review", "dogs").startswith("Every document holds")
    assert checks.check(find_workspace(root, review="cows")) == []


def test_changes_are_each_reviews_own(root: Path, tmp_path: Path) -> None:
    """A link into one changes nothing of the other, and undo takes back what was done to the chosen one."""
    for name, author in (("dogs", "Wolf"), ("cats", "Lynx")):
        path = tmp_path / f"{name}.ris"
        path.write_text(RIS.format(author=author, title=f"What {name} do all day at home", doi=name), "utf-8")
        before = files(root)
        run(root, "link", str(path), "--review", name)
        changed = {key for key, text in files(root).items() if before.get(key) != text}
        assert changed
        assert all(key.startswith(f"data/{name}/") for key in changed)
    assert "Wolf" in run(root, "export", "--review", "dogs")
    assert "Lynx" not in run(root, "export", "--review", "dogs")
    assert "Lynx (2021)" in run(root, "trace", "lynx-2021", "--review", "cats")
    assert run(root, "undo", "--review", "dogs").startswith("Taken back: link")
    assert [path.stem for path in (root / "data").glob("*/studies/*")] == ["lynx-2021"]
    ran = evigraph("--workspace", str(root), "--review", "dogs", "undo")
    assert "no change to take back" in ran.stderr
    assert run(root, "undo", "--review", "cats").startswith("Taken back: link")


def test_versions_of_one_review_are_compared(root: Path, tmp_path: Path) -> None:
    """The review of the same name in the other folder; no review is taken for another."""
    shutil.copytree(root, tmp_path / "later")
    path = tmp_path / "later" / "data" / "cats" / "review.yaml"
    path.write_text(path.read_text("utf-8").replace("title: Cats", "title: Big cats"), "utf-8")
    assert "Big cats" in run(root, "diff", str(tmp_path / "later"), "--review", "cats")
    assert "Big cats" not in run(root, "diff", str(tmp_path / "later"), "--review", "dogs")


def test_two_reviews_with_one_base_are_told(root: Path) -> None:
    """By check, and before one could put the other out of a store."""
    path = root / "data" / "cats" / "review.yaml"
    path.write_text(path.read_text("utf-8").replace("example.org/cats/", "example.org/dogs/"), "utf-8")
    cats = find_workspace(root, review="cats")
    assert [violation.message for violation in checks.check(cats)] == [
        "the review dogs has the same; their records would be one, so change it here"
    ]
    with pytest.raises(UsageError, match="the review dogs has the same base"):
        build.publish(cats, build.remote_store(cats, "http://localhost:1/sparql"), lambda *_: None)
    path.write_text("base: [", "utf-8")
    assert checks.check(find_workspace(root, review="dogs")) == []


def test_the_shipped_review_beside_another(tmp_path: Path) -> None:
    """It has its own queries in any workspace, and the other has none of them."""
    shutil.copytree(SHIPPED / "data", tmp_path / "both" / "data")
    create(tmp_path / "both", "cats", outline("cats"))
    shipped, cats = (find_workspace(tmp_path / "both", review=name) for name in ("micro-credentials", "cats"))
    assert "table-3" in queries.query_files(shipped)
    assert "table-3" not in queries.query_files(cats)
    assert len(data.read_documents(shipped)) > 30
    assert len(data.read_documents(cats)) == 6


def test_a_revision_without_the_review_is_told(tmp_path: Path) -> None:
    """Instead of comparing it with the one that was there."""
    root = tmp_path / "pets"
    create(root, "dogs", outline("dogs"))
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *command], check=True)  # noqa: S603 - our own command
    create(root, "cats", outline("cats"))
    ran = evigraph("--workspace", str(root), "diff", "HEAD", "--review", "cats")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "`HEAD` has no review `cats`" in ran.stderr
    assert run(root, "diff", "HEAD", "--review", "dogs", "--format", "json").startswith('{\n  "changes": []')


def test_the_chosen_review_is_served(root: Path) -> None:
    """Its name stands in the first line."""
    code = "import sys; from evigraph.cli import main; sys.argv[0] = 'evigraph'; main()"
    command = [sys.executable, "-uc", code, "--workspace", str(root), "serve", "--review", "cats", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own code
        try:
            assert server.stdout is not None
            assert server.stdout.readline().startswith("Serving cats at http://127.0.0.1:")
        finally:
            server.terminate()


def test_the_whole_path(tmp_path: Path) -> None:
    """Two reviews begun, studies linked into each, what they share and what each says, checked and exported."""
    root, recipe = tmp_path / "pets", tmp_path / "recipe.yaml"
    recipe.write_text(
        "label: a sheet\nreader: sheet\nfields: {title: [Title], doi: [DOI], authors: [Authors], year: [Year]}\n"
        "columns:\n  study: [Study]\n  new-codes: add\n  attributes:\n"
        "    - {attribute: country, column: Country, as: code}\n",
        "utf-8",
    )
    head = "Study,Title,Authors,Year,DOI,Country\n"
    both = "Ash 2019,Animals in classrooms,Ash Ann,2019,10.1000/both,{}\n"
    sheets = {
        "dogs": head + both.format("Czechia") + "Elm 2020,Dogs on wards,Elm Bo,2020,,Norway\n",
        "cats": head + both.format("Czech Republic") + "Puma 2021,Cats in offices,Puma Cy,2021,,Norway\n",
    }
    for name, sheet in sheets.items():
        (tmp_path / f"{name}.csv").write_text(sheet, "utf-8")
        assert evigraph("init", str(root), "--review", name, "--kind", "map").returncode == 0
    for name in sheets:
        run(root, "link", str(tmp_path / f"{name}.csv"), "--recipe", str(recipe), "--review", name)
    mapped = "cats:country/czech-republic\tskos:exactMatch\tdogs:country/czechia\tsemapv:ManualMappingCuration\n"
    columns = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    (root / "data" / "crosswalk.tsv").write_text(columns + mapped, "utf-8")
    assert run(root, "overlap", "--format", "csv").splitlines()[1:] == ["cats,dogs,1,4,3,33.3,very high"]
    shown = run(root, "across", "country", "--same-labels", "--pivot", "--format", "csv")
    assert shown.splitlines() == ["value,cats,dogs", "Czechia,1,1", "Norway,1,1"]
    for name, here, there in (("dogs", "Czechia", "Czech Republic"), ("cats", "Czech Republic", "Czechia")):
        assert run(root, "check", "--review", name).startswith("Every document holds")
        counted = run(root, "--review", name, "run", "by-attribute", "-p", "attribute=country", "--format", "csv")
        assert f"{here},1,50" in counted
        exported = run(root, "export", "--review", name)
        assert here in exported
        assert there not in counted + exported
        assert run(root, "undo", "--review", name).startswith("Taken back: link")
    ran = evigraph("--workspace", str(root), "across", "country")
    assert ran.stderr == "evigraph: no review here has an attribute `country`; no study is coded yet\n"
