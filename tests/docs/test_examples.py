"""The example reviews: made again from their sources, they are what is shipped, and they give what was printed."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evigraph import checks, data, queries, updating
from evigraph.files import yaml_text
from evigraph.linking import Options
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.reports import reproduction
from evigraph.store import EmbeddedStore, Solutions

pytestmark = pytest.mark.checkout

ROOT = Path(__file__).parents[2]
HPV = ROOT / "examples" / "hpv-map"
LINKED = "2026-11-26"
NOT_SHOWN = {"record_id", "title_short", "pmid", "doi", "year"}
"""The columns of the index that are no attributes of a study."""


@pytest.fixture(scope="module")
def hpv() -> Workspace:
    """The evidence map."""
    return find_workspace(HPV)


@pytest.fixture(scope="module")
def graph(hpv: Workspace) -> EmbeddedStore:
    """Its graph."""
    return build.open_store(hpv)


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a TSV."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def files(workspace: Workspace) -> dict[str, bytes]:
    """Every document by its path; what is printed is no document."""
    found = (path for path in workspace.review.rglob("*") if path.is_file() and path.parent.name != "printed")
    return {str(path.relative_to(workspace.review)): path.read_bytes() for path in found}


def begun(root: Path) -> Workspace:
    """The map before anything was linked: `link` adds to the codebook and the outline, and makes the other folders.

    The codebook declares the attributes from the start, since what they mean is nothing that a sheet tells.
    """
    shutil.copytree(HPV, root, ignore=shutil.ignore_patterns("studies", "records", "printed", ".evigraph"))
    workspace = find_workspace(root)
    empty: dict[str, Any] = {"id": "review", "type": "Review"}
    declared = yaml_text.load((workspace.review / "codebook.yaml").read_text("utf-8"))["attributes"]
    for name, held in (("codebook", {"codebooks": [], "attributes": declared}), ("outline", {"locators": []})):
        (workspace.review / f"{name}.yaml").write_text(data.dump(empty | held), "utf-8")
    return workspace


def test_the_sources_give_the_documents(hpv: Workspace, tmp_path: Path) -> None:
    """Three links by two recipes, and nothing else, make every file of the map."""
    workspace = begun(tmp_path / "again")
    sources = workspace.root / "sources"
    searches = [sources / "search-a.tsv", sources / "search-b.tsv"]
    found = updating.link(workspace, searches, Options(screen=True, date=LINKED), dry_run=False)
    assert [len(batch.records) for batch in found.plan.batches] == [473, 1660]
    assert len(found.plan.matches) == 417
    coded = updating.link(workspace, [sources / "study-index.tsv"], Options(date=LINKED), dry_run=False)
    assert (len(coded.plan.studies), coded.plan.notes) == (530, [])
    _, screened = updating.screen(workspace, [sources / "exclusion-log.tsv"], "", dry_run=False)
    assert (screened.found, screened.missing, screened.new) == (1186, 0, 1186)
    made, kept = files(workspace), files(hpv)
    assert made.keys() == kept.keys()
    assert [name for name in sorted(kept) if made[name] != kept[name]] == []


def test_every_cell_of_the_index_comes_back(graph: EmbeddedStore) -> None:
    """530 studies by 29 columns, from the graph alone; `unk` is a state, and a number is a number."""
    recipe = yaml_text.load((HPV / "ingest" / "study-index.yaml").read_text("utf-8"))
    columns = {each["attribute"]: each["column"] for each in recipe["columns"]["attributes"]}
    asked = """SELECT ?pmid ?doi ?year ?title ?attribute ?state ?label ?text ?value WHERE {
      ?study evi:report ?report ; evi:characteristic ?node . ?node evi:attribute ?attribute ; evi:state ?code .
      ?report evi:pmid ?pmid ; evi:year ?year ; dcterms:title ?title . OPTIONAL { ?report evi:doi ?doi }
      OPTIONAL { ?node evi:concept/skos:prefLabel ?label } OPTIONAL { ?node evi:text ?text }
      OPTIONAL { ?node evi:value ?value } BIND(STRAFTER(STR(?code), "#") AS ?state) }"""
    studies: dict[str, dict[str, str]] = {}
    for row in solutions(graph, asked):
        study = studies.setdefault(row["pmid"], {key: row.get(key, "") for key in ("pmid", "doi", "year", "title")})
        column = columns[row["attribute"]]
        assert column not in study, "an attribute has one value in this map"
        study[column] = next((row[key] for key in ("label", "text", "value") if key in row), row["state"])
    index = table(HPV / "sources" / "study-index.tsv")
    assert len(studies) == len(index) == 530
    assert set(index[0]) == {*columns.values(), *NOT_SHOWN}
    compared = 0
    for row in index:
        study = studies[row["pmid"]]
        told = {**study, "record_id": f"PMID_{study['pmid']}"}
        whole, short = " ".join(told["title"].split()), " ".join(row["title_short"].split())
        assert whole.startswith(short), row["record_id"]
        for column in set(row) - {"title_short"}:
            assert plain(told.get(column, "")) == plain(row[column]), (row["record_id"], column)
            compared += bool(row[column])
    assert compared + len(index) == 12_162  # every cell that is filled


def solutions(graph: EmbeddedStore, asked: str) -> list[dict[str, str]]:
    """The solutions of a query, what is bound by name."""
    prefixes = (
        "PREFIX evi: <https://w3id.org/evigraph/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "PREFIX dcterms: <http://purl.org/dc/terms/> "
    )
    found = graph.query(prefixes + asked)
    assert isinstance(found, Solutions)
    rows = (zip(found.variables, row, strict=True) for row in found.rows)
    return [{name: str(term.value) for name, term in row if term is not None} for row in rows]


def plain(cell: str) -> str:
    """A cell as it is compared: 2016.0 is 2016, and what the map writes for unknown is not reported."""
    if cell.casefold() == "unk":
        return "not-reported"
    return cell.removesuffix(".0") if cell.replace(".", "", 1).isdecimal() else " ".join(cell.split())


def test_what_the_map_prints_is_made_again(hpv: Workspace, graph: EmbeddedStore) -> None:
    """Its 1,080 counts, the 77 cells of its Table S3b, and its flow; what can't be had says why."""
    compared = {each.title: each for each in reproduction.compare_tables(hpv, graph)}
    assert {title: (each.cells, each.differences) for title, each in compared.items()} == {
        "Counts": (1080, ()),
        "Table S3b": (77, ()),
    }
    verdicts = [each.verdict for each in reproduction.stated_figures(hpv, graph)]
    assert (verdicts.count("reproduced"), verdicts.count("cannot be reproduced"), len(verdicts)) == (12, 3, 15)


def test_the_flow_adds_up(hpv: Workspace, graph: EmbeddedStore) -> None:
    """Each excluded record has the log's reason, and no two studies have one name."""
    reasons = queries.run(graph, queries.load(hpv, "exclusion-reasons")).rows
    logged = [row["reason_code"] for row in table(HPV / "sources" / "exclusion-log.tsv")]
    assert {str(reason): count for _, reason, count in reasons} == {each: logged.count(each) for each in set(logged)}
    boxes = dict(queries.run(graph, queries.load(hpv, "prisma-2020")).rows)
    assert boxes["records_screened"] == boxes["records_excluded"] + boxes["new_studies"] == 1716
    assert "records_waiting" not in boxes
    labels = [each.content["label"] for each in data.read_documents(hpv) if each.name.startswith("studies/")]
    assert len(set(labels)) == len(labels) == 530


@pytest.mark.thorough
def test_the_map_holds_to_its_shapes(hpv: Workspace) -> None:
    """Every shape and every check query, over 530 studies."""
    assert checks.check(hpv) == []


def test_the_commands_of_the_readme_run(tmp_path: Path) -> None:
    """As they are shown, from the project's folder; what they write to is a copy."""
    shutil.copytree(HPV, tmp_path / "examples" / "hpv-map")
    _, *blocks = (HPV / "README.md").read_text("utf-8").split("```sh\n")
    script = "".join(block.partition("```")[0] for block in blocks)
    assert script.count("evigraph ") >= 8
    places = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(  # noqa: S603 - the project's own documents
        ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607 - whichever bash there is
        cwd=tmp_path,
        env=os.environ | {"PATH": places},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
