"""A new review meets no word of the shipped one: in no list, page, tool, message or file that it gets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from evigraph import checks, data, ontology, queries
from evigraph.cli import main
from evigraph.export import formats
from evigraph.paths import SHIPPED, Workspace, find_workspace
from evigraph.queries import build
from evigraph.updating.new_review import Outline, create

WORDS = re.compile(
    r"micro-?\s?credential|badge|\bRQ[2-9]\b|\brq-[2-9]\b|\bgoal[ -][1-9]\b|\btable-[1-9]\b|\bTable [3-5]\b"
    r"|stakeholder-counts|content-focus|mastery|motivation|hartnett|reeves|hensiek|virkus|newby|carey",
    re.IGNORECASE,
)
"""Words of the shipped review: its subject, its questions, its tables, its attributes, its studies."""
KINDS = ("map", "effectiveness", "qualitative")


@pytest.fixture(scope="module", params=KINDS)
def workspace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A new review of that kind, with a question."""
    root = tmp_path_factory.mktemp("new") / "mine"
    create(root, "mine", Outline("Mine", "https://example.org/mine/", ("Does it work?",), kind=request.param))
    return find_workspace(root)


def words(text: str) -> set[str]:
    """The words of the shipped review in a text."""
    return {found.casefold() for found in WORDS.findall(text)}


def test_the_words_are_those_of_the_shipped_review(nquads: str) -> None:
    """They would be found where they are."""
    assert len(words(nquads)) > 12
    names = " ".join(each.name for each in (SHIPPED / "queries/micro-credentials").rglob("*.rq"))
    assert {"table-3", "rq-6", "content-focus", "stakeholder-counts"} <= words(names)


def test_its_lists_and_answers_have_none(workspace: Workspace) -> None:
    """What can be asked with all that is said of it, the answers, and the completion of names."""
    every = queries.load_all(workspace)
    assert len(every) > 30
    for query in every:
        header = "\n".join(line for line in query.text.splitlines() if line.startswith("#+"))
        assert not words(f"{query.name} {header} {query.columns}"), query.name
        if query.folder not in {"checks", "audit"}:
            assert not re.search(r"(?i)benefit|drawback", f"{query.summary} {query.columns}"), query.name
    rows = str(build.listing(workspace).rows)
    assert "crosstab" in rows
    assert not words(rows)
    complete = ShellComplete(main, {"obj": None}, "evigraph", "_EVIGRAPH_COMPLETE")
    offered = [each.value for each in complete.get_completions(["--workspace", str(workspace.root), "run"], "")]
    assert "crosstab" in offered
    assert not words(" ".join(offered))


def helps(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """What `--help` prints, of a command and those below it."""
    yield name, command.get_help(click.Context(command, info_name=name))
    for below, each in getattr(command, "commands", {}).items():
        yield from helps(each, f"{name} {below}")


def test_no_help_tells_of_it() -> None:
    """Examples are of anybody's review."""
    found = dict(helps(main, "evigraph"))
    assert len(found) > 20
    assert {name: words(text) for name, text in found.items() if words(text)} == {}
    weighing = [name for name, text in found.items() if re.search(r"(?i)benefit|drawback", text)]
    assert set(weighing) <= {"evigraph init"}


def test_what_it_exports_and_is_told_has_none(workspace: Workspace) -> None:
    """Its documents, its graph and its tables; and every message of a shape and of a check."""
    documents = data.read_documents(workspace)
    assert checks.check(workspace) == []
    for path in workspace.root.rglob("*"):
        if path.is_file() and ".evigraph" not in path.parts:
            assert not words(path.read_text("utf-8")), path
    assert not words(str(formats.export(documents, "csv")))
    # The vocabulary goes along, and its examples are from a review; nothing else is.
    lines = str(formats.export(documents, "nquads")).splitlines()
    assert not words("\n".join(line for line in lines if "core#example>" not in line))
    shapes = (ontology.FOLDER / "shapes.ttl").read_text("utf-8")
    messages = re.findall(r'sh:message "((?:[^"\\]|\\.)*)"', shapes)
    assert len(messages) > 100
    assert not words(" ".join(messages))
    texts = [query.text for query in queries.load_all(workspace) if query.folder in {"checks", "audit"}]
    assert len(texts) > 20
    assert not words(" ".join(texts))


def test_no_definition_of_the_vocabulary_has_any() -> None:
    """An example may be from a review, a definition is for all of them."""
    texts = "".join(path.read_text("utf-8") for path in ontology.FOLDER.glob("*.ttl"))
    told = re.findall(r'(?:skos:definition|rdfs:label) "((?:[^"\\]|\\.)*)"', texts)
    assert len(told) > 200
    assert words(" ".join(told)) == set()


def test_its_pages_have_none(workspace: Workspace) -> None:
    """The first page, every query's page, the sheet of its question, and the description for programs."""
    testing = pytest.importorskip("starlette.testclient", reason="needs the extra web")
    from evigraph.web.app import create as served
    from evigraph.web.server import Settings

    with testing.TestClient(served(workspace, Settings(follow=0)), base_url="http://localhost") as client:
        told = json.loads(client.get("/openapi.json").text)
        assert "/run/crosstab" in told["paths"]
        assert not words(json.dumps(told))
        for address in ("/", "/run/", "/ask/RQ1", *(f"/run/{name}" for name in queries.query_files(workspace))):
            text = client.get(address, headers={"Accept": "text/html"}).text
            assert not words(text), address


def test_an_assistant_hears_of_none(workspace: Workspace) -> None:
    """The tools' descriptions, the instructions, and the list of queries."""
    pytest.importorskip("mcp", reason="needs the extra mcp")
    from evigraph.web import mcp

    assert not words(mcp.INSTRUCTIONS)
    tools = [getattr(mcp.Tools, name) for name in dir(mcp.Tools) if not name.startswith("_")]
    assert len(tools) > 5
    assert not words(" ".join(str(tool.__doc__) for tool in tools))
    listed = mcp.Tools(workspace).list_queries()
    assert len(listed) > 30
    assert not words(json.dumps(listed))


def test_its_files_lie_apart(workspace: Workspace) -> None:
    """No query of another review's folder is among its own."""
    shipped = Path(SHIPPED / "queries" / "micro-credentials")
    assert not [path for path in queries.query_files(workspace).values() if shipped in path.parents]
