"""From cells, studies and places to the findings behind them."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from conftest import Copy, evigraph

from evigraph import queries
from evigraph.errors import UsageError
from evigraph.paths import Workspace, find_workspace
from evigraph.queries import build
from evigraph.reports import trace
from evigraph.store import EmbeddedStore


def rows(*arguments: str) -> list[dict[str, str]]:
    """The rows of a trace on the command line."""
    ran = evigraph("trace", *arguments, "--format", "json")
    assert (ran.returncode, ran.stderr) == (0, "")
    found: list[dict[str, str]] = json.loads(ran.stdout)
    return found


def test_a_cell_opens_to_its_findings() -> None:
    """A source cell of Table 3 to the findings of these sources, in text and table."""
    found = rows("table-3", "5", "sources")
    assert {row["study"] for row in found} == {"Mah (2016)", "Cheng et al. (2018)"}
    assert {row["locator"] for row in found} == {"RQ8 P1 S7", "Table 3 Student 5"}
    assert all(row["coding"].startswith("consensus, ") for row in found)


@pytest.mark.parametrize("seed", range(20))
def test_any_row_rests_on_its_own_sources(shipped: Workspace, store: EmbeddedStore, seed: int) -> None:
    """A row picked at random: the findings behind it cite what its source cell names, and nothing else."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    query = queries.load(shipped, chance.choice(["table-2", "table-3", "table-4", "table-5", "content-focus"]))
    table = queries.run(store, query)
    number = chance.randrange(1, len(table.rows) + 1)
    sources = str(table.rows[number - 1][-1]).split("; ")
    found = trace.trace(shipped, store, query.name, number, "", {})
    cited = {
        str(row[1]).replace(" & ", " and ").replace("(", "").replace(")", "").replace(",", "") for row in found.rows
    }
    assert cited == {source.replace("(", "").replace(")", "") for source in sources}


def test_a_count_opens_to_as_many_studies(shipped: Workspace, store: EmbeddedStore) -> None:
    """Distinct studies behind each row of the counts."""
    for name in ("stakeholder-counts", "content-focus"):
        table = queries.run(store, queries.load(shipped, name))
        for number, row in enumerate(table.rows, 1):
            found = trace.trace(shipped, store, name, number, "", {})
            assert len({each[0] for each in found.rows}) == row[table.columns.index("studies")]


def test_parameters_count(shipped: Workspace, store: EmbeddedStore) -> None:
    """A trace asks with the same arguments."""
    few = trace.trace(shipped, store, "stakeholder-counts", 3, "", {"basis": "drawbacks"})
    more = trace.trace(shipped, store, "stakeholder-counts", 3, "", {"basis": "benefits-and-drawbacks"})
    assert len(few.rows) < len(more.rows)


@pytest.mark.parametrize("name", ["reeves-2017", "study/reeves-2017", "Reeves et al. (2017)"])
def test_a_study_opens_to_everything_on_it(name: str) -> None:
    """By key, id or label."""
    found = rows(name)
    assert len([row for row in found if row["study"] == "Reeves et al. (2017)"]) >= 20


def test_a_place_opens_to_what_was_coded_there() -> None:
    """A sentence, a row, and the same by IRI."""
    found = rows("RQ8 P1 S4")
    assert {row["study"] for row in found} >= {"Hartnett (2021)", "Mah (2016)", "Shields and Chugh (2017)"}
    assert rows("Table 5 row 7")[0]["study"] == "Perea (2020)"
    assert rows("https://w3id.org/evigraph/micro-credentials/locator/RQ8-P1-S4") == found


def test_a_concept_opens_to_its_findings() -> None:
    """A benefit by its key."""
    assert {row["locator"] for row in rows("benefit/lab-equipment-costs")} >= {"Table 3 Institution 5", "RQ8 P1 S10"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing-of-that-name"], "no query, study, place or record is called"),
        (["table-3", "99"], "table-3 has rows 1 to 23, not 99"),
        (["table-3", "1", "colour"], "table-3 has no column `colour`; it has stakeholder, benefit, sources"),
        (["https://example.org/> ?s ?p ?o"], "no query, study, place or record is called"),
    ],
)
def test_what_is_not_there(arguments: list[str], message: str) -> None:
    """One line, with what there is."""
    ran = evigraph("trace", *arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert message in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_every_query_can_be_traced_or_says_why(shipped: Workspace, store: EmbeddedStore) -> None:
    """The first row of each."""
    for query in queries.load_all(shipped):
        if query.folder in {"tables", "figures", "answers", "counts"} and queries.run(store, query).rows:
            try:
                assert trace.trace(shipped, store, query.name, 1, "", {}).rows, query.name
            except UsageError as error:
                assert "rests on no record" in str(error), query.name  # noqa: PT017 - either is fine


def test_a_stated_count_of_the_flow_opens_to_its_step() -> None:
    """And one that is computed to the steps that it comes from, each with its place and count."""
    identified, duplicates = ("Conducting the Review P1 S2", 182), ("Conducting the Review P1 S3", 127)
    assert [(row["locator"], row["statement"]) for row in rows("flow", "1")] == [identified]
    assert {(row["locator"], row["statement"]) for row in rows("flow", "3")} == {identified, duplicates}
    assert {(row["locator"], row["statement"]) for row in rows("prisma-2020", "3")} == {identified, duplicates}
    assert [row["statement"] for row in rows("prisma-2020", "4")] == [21]


RIS = "".join(
    f"TY  - JOUR\nTI  - {title}\nAU  - Doe, J.\nPY  - 2024\nDO  - 10.5555/{number}\nER  - \n"
    for number, title in enumerate(
        ["Badges in the woods", "Seals of the plain", "Badges in the woods", "Sticker trees"]
    )
)


def test_every_box_opens_to_as_many_records_as_it_counts(copy: Copy, tmp_path: Path) -> None:
    """Once a search is linked: to its records, and to the studies and reports of a box of these."""
    (tmp_path / "new.ris").write_text(RIS.replace("5555/2", "5555/0"), "utf-8")
    assert evigraph("--workspace", str(copy.root), "link", str(tmp_path / "new.ris"), "--to-screen").returncode == 0
    store = build.open_store(copy.workspace)
    boxes = dict(queries.run(store, queries.load(copy.workspace, "prisma-2020")).rows)
    behind = queries.run(store, queries.load(copy.workspace, "prisma-2020-records"))
    assert Counter(str(row) for row, _ in behind.rows) == Counter(boxes)  # a box of nothing has no rows
    assert (boxes["database_results"], boxes["duplicates"], boxes["records_waiting"]) == (4, 1, 3)
    number = list(boxes).index("records_waiting") + 1
    found = trace.trace(copy.workspace, store, "prisma-2020", number, "", {})
    assert {row[5] for row in found.rows} == {"Badges in the woods", "Seals of the plain", "Sticker trees"}


@pytest.mark.checkout
def test_every_box_of_a_screened_map_opens() -> None:
    """The map of HPV self-sampling states no flow: each number is counted from the records of its log."""
    hpv = find_workspace(Path(__file__).parents[2] / "examples" / "hpv-map")
    store = build.open_store(hpv)
    for name in ("flow", "prisma-2020"):
        query = queries.load(hpv, name)
        behind = queries.run(store, queries.load(hpv, query.rests))
        assert Counter(str(row[0]) for row in behind.rows) == Counter(
            {row[0]: row[1] for row in queries.run(store, query).rows}
        )


def test_a_box_that_is_not_there() -> None:
    """Is told with the rows that are."""
    assert "flow has rows 1 to 5, not 9" in evigraph("trace", "flow", "9").stderr
