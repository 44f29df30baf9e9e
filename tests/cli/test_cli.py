"""The command line as a process."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest
from conftest import Copy, evigraph

from evigraph import __version__, cli
from evigraph.export.formats import FORMATS as EXPORT_FORMATS
from evigraph.paths import SHIPPED, Workspace
from evigraph.queries import build
from evigraph.reports.table_formats import BINARY
from evigraph.reports.table_formats import FORMATS as ROW_FORMATS
from evigraph.store import EmbeddedStore, Literal, select


def test_the_version_imports_nothing_heavy() -> None:
    """`--version` starts none of the RDF libraries."""
    code = (
        "import sys; from evigraph.cli import main\n"
        "try: main(['--version'])\n"
        "finally: print(sorted({'rdflib', 'owlready2', 'pyoxigraph', 'pyshacl', 'pyld', 'yaml'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.splitlines() == [f"evigraph, version {__version__}", "[]"]


def test_formats_are_those_of_their_modules() -> None:
    """The command line lists them itself, so that help imports nothing."""
    assert (*ROW_FORMATS, *BINARY) == cli.ROW_FORMATS
    assert tuple(EXPORT_FORMATS) == cli.EXPORT_FORMATS


@pytest.mark.parametrize("name", sorted(cli.main.commands))
def test_every_command_shows_an_example(name: str) -> None:
    """Help fits 80 columns and has an example."""
    ran = evigraph(name, "--help")
    assert ran.returncode == 0
    assert f"evigraph {name}" in ran.stdout.split("Example", 1)[1]
    assert max(map(len, ran.stdout.splitlines())) <= 80


@pytest.mark.parametrize("syntax", ROW_FORMATS)
def test_every_format_of_rows(syntax: str) -> None:
    """Each holds the same cells."""
    ran = evigraph("run", "flow", "--format", syntax)
    assert (ran.returncode, ran.stderr) == (0, "")
    for cell in ("Records identified", "182", "127", "55", "21", "34"):
        assert cell in ran.stdout
    if syntax == "json":
        assert json.loads(ran.stdout)[0] == {"step": "Records identified", "count": 182}


@pytest.mark.parametrize(
    "command", ["run table-5", "run --list", "query SELECT(1AS?n){}", "trace table-3 3", "reproduce", "agreement"]
)
def test_rows_become_a_workbook(tmp_path: Path, command: str) -> None:
    """Wherever rows come out, whole and under the name that was given."""
    ran = evigraph(*command.split(), "--format", "xlsx", "-o", str(tmp_path / "rows.xlsx"))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert (tmp_path / "rows.xlsx").read_bytes().startswith(b"PK")


def test_a_workbook_is_never_written_to_a_terminal() -> None:
    """It is refused in one line, where a pipe takes it."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    code = "import sys; from evigraph.cli import main; main()"
    command = [sys.executable, "-c", code, "--workspace", str(SHIPPED), "run", "flow", "--format", "xlsx"]
    ran = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, check=False)  # noqa: S603 - our own code
    for each in (ours, theirs):
        os.close(each)
    assert ran.returncode == 2
    assert b"give -o FILE, or a pipe" in ran.stderr
    assert ran.stderr.count(b"\n") == 1


@pytest.mark.thorough
def test_tables_fit_a_terminal() -> None:
    """Every query, and the list of them, in 80 columns."""
    names = [row["name"] for row in json.loads(evigraph("run", "--list", "--format", "json").stdout)]
    assert "table-3" in names
    needed = {"by-attribute": ["-p", "attribute=design"], "crosstab": ["-p", "rows=country", "-p", "columns=design"]}
    needed["study-values"], needed["gap-map"] = needed["by-attribute"], needed["crosstab"]
    for arguments in (["--list"], *([name, *needed.get(name, [])] for name in names)):
        ran = evigraph("run", *arguments)
        assert ran.returncode == 0
        assert max(map(len, ran.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("run", 2, "which query? `evigraph run --list` shows all"),
        ("run tabel-3", 2, "no query is called `tabel-3`; did you mean `table-3`?"),
        ("run table-3 -p x", 2, "-p x: write it as name=value"),
        ("run table-3 -p x=1", 2, "table-3 has no parameter `x`; it takes: without-retracted"),
        ("run stakeholder-counts -p basis=x", 2, "basis=x: choose one of"),
        ("--workspace nowhere run table-3", 2, "nowhere: no data/*/review.yaml below it"),
        ("query SELECT", 2, "SPARQL: "),
        ("run flow --raw --format json", 2, "--raw is for csv and tsv"),
        ("query ASK{} --format xlsx", 2, "only the rows of a SELECT come out as xlsx"),
        ("query ASK{} --format csv", 2, "only the rows of a SELECT come out as csv"),
        ("query DESCRIBE<x:y> --format json", 2, "a graph comes out as N-Triples"),
        (f"query SELECT{'{' * 2000}{'}' * 2000}", 2, "brackets nest more than 64 deep"),
    ],
)
def test_a_mistake_is_one_line(arguments: str, code: int, message: str) -> None:
    """On stderr, with the mend, and never a traceback."""
    ran = evigraph(*arguments.split())
    assert (ran.returncode, ran.stdout) == (code, "")
    assert ran.stderr.count("\n") == 1
    assert message in ran.stderr


def test_a_query_comes_from_a_text_a_file_or_stdin(tmp_path: Path) -> None:
    """The three give the same."""
    sparql = "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a <https://w3id.org/evigraph/ns#Study> }"
    path = tmp_path / "q.rq"
    path.write_text(sparql, "utf-8")
    ways = [evigraph("query", sparql), evigraph("query", str(path)), evigraph("query", "-", stdin=sparql)]
    assert {ran.stdout for ran in ways} == {"n\n--\n37\n"}


G1, G2 = (f"https://w3id.org/evigraph/micro-credentials/graph/studies/{key}" for key in ("reeves-2017", "mah-2016"))


@pytest.mark.parametrize(
    ("dataset", "pattern", "studies"),
    [
        ("", "?s a evi:Study", 37),
        (f"FROM <{G1}>", "?s a evi:Study", 1),
        (f"FROM <{G1}> FROM <{G2}>", "?s a evi:Study", 2),
        (f"FROM g:reeves-2017 # FROM <{G2}>\n", "?s a evi:Study", 1),
        (f"FROM NAMED <{G1}>", "?s a evi:Study", 0),
        (f"FROM NAMED <{G1}>", "GRAPH ?g { ?s a evi:Study }", 1),
        (f"FROM <{G1}>", "GRAPH ?g { ?s a evi:Study }", 0),
        ("", "GRAPH ?g { ?s a evi:Study }", 37),
        ("", "?s a evi:Study FILTER('FROM <urn:x>' != '')", 37),
    ],
)
def test_the_dataset_of_a_query(store: EmbeddedStore, dataset: str, pattern: str, studies: int) -> None:
    """The graphs that FROM names, and no others; without it all of them."""
    prefixes = f"PREFIX evi: <https://w3id.org/evigraph/ns#> PREFIX g: <{G1.removesuffix('reeves-2017')}>"
    found = select(store, f"{prefixes} SELECT (COUNT(DISTINCT ?s) AS ?n) {dataset} WHERE {{ {pattern} }}")
    assert found.rows == [(Literal(studies),)]


@pytest.mark.parametrize("graph", ["file:///etc/passwd", "http://127.0.0.1:1/", "urn:none"])
def test_a_graph_that_is_not_here(graph: str) -> None:
    """It is never fetched, and a mistake in its name doesn't look like no rows."""
    ran = evigraph("query", f"ASK FROM <{graph}> {{ ?s ?p ?o }}")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"no graph <{graph}> is here" in ran.stderr


def test_ask_and_construct() -> None:
    """A truth, and N-Triples."""
    assert evigraph("query", "ASK { ?s ?p ?o }").stdout == "true\n"
    made = evigraph("query", "CONSTRUCT { ?s a <x:y> } WHERE { ?s a <https://w3id.org/evigraph/ns#Review> }").stdout
    assert made == (
        "<https://w3id.org/evigraph/micro-credentials/review> "
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:y> .\n"
    )


def test_any_folder_is_good(tmp_path: Path) -> None:
    """Outside a workspace the shipped review answers; inside one, its own."""
    code = "from evigraph.cli import main; main(['run', 'flow', '-f', 'csv'])"
    command = [sys.executable, "-c", code]
    outside = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True)  # noqa: S603
    assert "Records identified,182" in outside.stdout
    shutil.copytree(SHIPPED / "data", tmp_path / "data")
    review = next(tmp_path.glob("data/*/review.yaml"))
    review.write_text(review.read_text("utf-8").replace("count: 182", "count: 183"), "utf-8")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    inside = subprocess.run(command, capture_output=True, text=True, cwd=inner, check=True)  # noqa: S603
    assert "Records identified,183" in inside.stdout


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """It only costs time."""
    (tmp_path / "file").write_text("", "utf-8")
    ran = evigraph("run", "flow", XDG_CACHE_HOME=str(tmp_path / "file"))
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_spoilt_cache_is_made_again(tmp_path: Path) -> None:
    """Half a cached answer is no answer."""
    first = evigraph("run", "flow", XDG_CACHE_HOME=str(tmp_path))
    (kept,) = (tmp_path / "evigraph").glob("*.sqlite")
    for spoilt in (kept.read_bytes()[:5000], b"no database at all\n" * 500, b""):
        kept.write_bytes(spoilt)
        again = evigraph("run", "flow", XDG_CACHE_HOME=str(tmp_path))
        assert (again.stdout, again.stderr) == (first.stdout, "")
    with sqlite3.connect(kept) as database:
        database.execute("UPDATE kept SET value = substr(value, 1, 20)")
    database.close()
    assert evigraph("run", "flow", XDG_CACHE_HOME=str(tmp_path)).stdout == first.stdout


def test_a_changed_document_changes_the_answer(copy: Copy) -> None:
    """The cache goes by content, not by time."""
    first = evigraph("--workspace", str(copy.root), "run", "flow", "-f", "csv").stdout
    copy.replace("review.yaml", "count: 21", "count: 22")
    second = evigraph("--workspace", str(copy.root), "run", "flow", "-f", "csv").stdout
    assert (first.splitlines()[-1], second.splitlines()[-1]) == (
        "Studies included in review,34",
        "Studies included in review,33",
    )


def test_build_counts_quads(shipped: Workspace) -> None:
    """It tells how many quads it keeps, with those that follow from others."""
    count = len(build.nquads(shipped).splitlines())
    assert evigraph("build").stdout.startswith(f"{count} quads from ")


def test_commands_are_those_documented() -> None:
    """The group holds commands with one-line summaries."""
    for command in cli.main.commands.values():
        assert isinstance(command, click.Command)
        assert command.get_short_help_str(200).endswith(".")
