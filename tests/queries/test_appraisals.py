"""Appraisals of any review: told, pivoted as robvis draws them, and held to their tools."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import servers
from test_queries import Rdflib

from evigraph import checks, data, queries, updating
from evigraph.coding import packs
from evigraph.data import quads
from evigraph.files import yaml_text
from evigraph.paths import SHIPPED, Workspace, find_workspace
from evigraph.queries import build
from evigraph.reports import trace
from evigraph.store import EmbeddedStore
from evigraph.store.remote.addresses import PASSWORD, USER, endpoint
from evigraph.store.remote.publication import publish
from evigraph.store.remote.remote_store import RemoteStore
from evigraph.updating import new_review

SHIPPED_REVIEW = find_workspace(SHIPPED)
DOMAINS = ("randomisation", "deviations", "missing", "measurement", "selection", "overall")


def judged(holder: str, tool: str, scale: str, said: dict[str, str], **more: str) -> dict[str, Any]:
    """An appraisal with a judgement a domain; a judgement is the key of a code of the scale."""
    identity = f"appraisal/{holder}"
    nodes = [
        {
            "id": f"{identity}/{name}",
            "type": "Characteristic",
            "attribute": f"{tool}-{name}",
            "state": "stated",
            "concept": f"value/{tool}-{scale if name != 'certainty' else 'certainty'}/{code}",
        }
        for name, code in said.items()
    ]
    return {"id": identity, "type": "Appraisal", "tool": f"codebook/{tool}", "characteristics": nodes, **more}


def study(key: str, state: str, *appraisals: dict[str, Any]) -> dict[str, Any]:
    """A study with appraisals."""
    inclusion: dict[str, Any] = {"id": f"study/{key}/inclusion", "type": "Inclusion", "state": state}
    if state != "stated":
        inclusion["basis"] = "Not on the topic."
    report = {"id": f"report/{key}", "type": "Report", "title": key, "year": 2020, "authors": "A, B."}
    report |= {"firstAuthor": "A", "authorCount": 1}
    own = {"id": f"study/{key}", "type": "Study", "label": key.title(), "listing": "not-listed"}
    return {**own, "inclusion": inclusion, "reports": [report], "appraisals": list(appraisals)}


def rob2(holder: str, codes: str, **more: str) -> dict[str, Any]:
    """An appraisal with RoB 2: `l`, `s` and `h` are its codes, in the tool's order."""
    keys = {"l": "low", "s": "some-concerns", "h": "high"}
    said = {name: keys[code] for name, code in zip(DOMAINS, codes, strict=False)}
    return judged(holder, "rob2", "judgement", said, **more)


@pytest.fixture
def copy(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it, to be spoilt."""
    shutil.copytree(workspace.root, tmp_path / "w")
    return find_workspace(tmp_path / "w")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A review with RoB 2 and GRADE, of three studies of which one is excluded, and one conclusion."""
    root = tmp_path_factory.mktemp("own") / "w"
    outline = new_review.Outline("Notes", "https://example.org/w/", ("Do notes help?",))
    new_review.create(root, "w", outline)
    found = find_workspace(root)
    for key in ("rob2", "grade"):
        pack = packs.named(key)
        updating.change(found, "pack", lambda held, pack=pack: updating.of(packs.add(held, pack)), False)  # type: ignore[misc]
    changed(found, "codebook", lambda book: book.update(outcomes(book)))
    first = rob2("ash/1", "lslhlh", concept="value/outcome/recall", time="end of term")
    first["characteristics"][3] |= {"note": "Testers knew the groups.", "locatedAt": "locator/p6"}
    write(found, "studies/ash", study("ash", "stated", first, rob2("ash/2", "llllll", concept="value/outcome/speed")))
    elm = rob2("elm/1", "ssl", concept="value/outcome/recall", time="end of term")
    elm["characteristics"].append(
        {
            "id": "appraisal/elm/1/overall",
            "type": "Characteristic",
            "attribute": "rob2-overall",
            "state": "not-reported",
        }
    )
    write(found, "studies/elm", study("elm", "stated", elm))
    write(found, "studies/oak", study("oak", "not-applicable", rob2("oak/1", "hhhhhh")))
    locator = {"id": "locator/p6", "type": "Locator", "label": "Report ash p. 6", "section": "Report ash"}
    write(found, "outline", {"id": "review", "type": "Review", "locators": [locator]})
    certain = judged("notes", "grade", "concern", {"imprecision": "serious", "certainty": "low"})
    synthesis = {"id": "synthesis/notes", "type": "Synthesis", "statement": "Notes may help.", "appraisals": [certain]}
    synthesis["answers"] = {"question/rq-1": "supports"}
    write(found, "syntheses", {"id": "review", "type": "Review", "syntheses": [synthesis]})
    return found


def outcomes(book: dict[str, Any]) -> dict[str, Any]:
    """A codebook's lists with two outcomes."""
    codes = [
        {
            **{"id": f"value/outcome/{name.lower()}", "type": "AttributeValue", "label": name},
            **{"definition": "An outcome.", "position": i, "inScheme": "codebook/outcome"},
        }
        for i, name in enumerate(("Recall", "Speed"), 1)
    ]
    scheme = {"id": "codebook/outcome", "type": "Codebook", "label": "Outcome"}
    return {
        "attributeValues": [*book["attributeValues"], *codes],
        "codebooks": [*book["codebooks"], scheme],
    }


def write(workspace: Workspace, name: str, content: dict[str, Any]) -> None:
    """Write a document."""
    path = workspace.review / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml_text.dump(quads.arranged(content)), "utf-8")


def changed(workspace: Workspace, name: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a document."""
    content = data.read_document(workspace.review / f"{name}.yaml", name).content
    change(content)
    write(workspace, name, content)


def rows(workspace: Workspace, **arguments: str) -> queries.Table:
    """What `appraisals` answers."""
    return queries.run(build.open_store(workspace), queries.load(workspace, "appraisals"), arguments)


def violations(workspace: Workspace) -> list[str]:
    """What `check` finds."""
    return [str(each) for each in checks.check(workspace)]


def test_a_judgement_is_a_row(workspace: Workspace) -> None:
    """By tool and study, domains in the tool's order; what is excluded is left out; support has its place."""
    found = rows(workspace).rows
    assert found[:2] == [
        ("Notes may help.", "GRADE", None, None, "Imprecision", "Serious", None),
        ("Notes may help.", "GRADE", None, None, "Certainty", "Low", None),
    ]
    assert found[2][:5] == ("Ash", "RoB 2", "Recall", "end of term", "Randomisation process")
    assert found[5][5:] == ("High", "Testers knew the groups. (Report ash p. 6)")
    assert found[-1] == ("Elm", "RoB 2", "Recall", "end of term", "Overall", "not reported", None)
    assert len(found) == 2 + 6 + 6 + 4
    assert {row[1] for row in rows(workspace, tool="rob2").rows} == {"RoB 2"}
    assert violations(workspace) == []


def test_the_pivot_is_the_table_that_robvis_draws(workspace: Workspace) -> None:
    """A row an appraisal, a column a domain, overall last; what tells no row from another is no column."""
    table = queries.pivot(rows(workspace, tool="rob2"), queries.load(workspace, "appraisals"))
    assert table.columns[:4] == ("about", "outcome", "time", "Randomisation process")
    assert table.columns[-1] == "Overall"
    assert [row[:3] + row[3:6] + row[-1:] for row in table.rows] == [
        ("Ash", "Recall", "end of term", "Low", "Some concerns", "Low", "High"),
        ("Ash", "Speed", None, "Low", "Low", "Low", "Low"),
        ("Elm", "Recall", "end of term", "Some concerns", "Some concerns", "Low", "not reported"),
    ]
    ash = rows(workspace, tool="rob2")
    ash.rows[:] = [row for row in ash.rows if row[2] == "Recall"]
    assert queries.pivot(ash, queries.load(workspace, "appraisals")).columns[:2] == ("about", "Randomisation process")


def test_a_row_opens_to_its_study(workspace: Workspace) -> None:
    """With the domain and the judgement."""
    number = next(i for i, row in enumerate(rows(workspace).rows, 1) if row[5] == "High")
    found = trace.trace(workspace, build.open_store(workspace), "appraisals", number, "", {}).rows
    assert [(row[0], row[2], row[5]) for row in found] == [("Ash", "Report ash p. 6", "rob2-measurement: High")]


def test_documents_come_back_whole(workspace: Workspace) -> None:
    """Through quads and frames."""
    documents = data.read_documents(workspace)
    base = data.base(documents)
    texts = quads.texts(documents, base)
    for document in documents:
        if document.name.startswith(("studies/", "syntheses", "codebook")):
            back = quads.to_document(texts[document.name], base, document.content["id"])
            assert back == quads.arranged(document.content), document.name


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("ash", lambda a: a[0]["characteristics"][0].update(attribute="rob2-blinding"), "`rob2-blinding` is no domain"),
        (
            "ash",
            lambda a: a[0]["characteristics"][0].update(concept="value/grade-certainty/high"),
            "is judged by a code of “RoB 2: judgement”, and this is none",
        ),
        ("ash", lambda a: a[0].update(characteristics=[]), "judges nothing"),
        ("ash", lambda a: a[1].update(concept="value/outcome/recall", time="end of term"), "judges the same with the"),
        ("ash", lambda a: a[0]["characteristics"][1].update(attribute="rob2-randomisation"), "is judged twice"),
        ("elm", lambda a: a[0].pop("tool"), "An appraisal needs exactly one tool"),
        ("elm", lambda a: a[0].update(tool="codebook/rob9"), "refers to `codebook/rob9`"),
    ],
)
def test_what_does_not_hold_is_found(
    copy: Workspace, name: str, change: Callable[[list[dict[str, Any]]], object], message: str
) -> None:
    """In one line, and only that."""
    changed(copy, f"studies/{name}", lambda content: change(content["appraisals"]))
    try:
        found = violations(copy)
    except Exception as error:
        found = [str(error)]
    assert found
    assert all(message in each for each in found), found


def test_another_coding_may_judge_the_same(copy: Workspace) -> None:
    """Two coders' appraisals of one result are no contradiction."""
    changed(copy, "studies/elm", lambda content: content["appraisals"].append(again(content["appraisals"][0])))
    assert violations(copy) == []


def again(appraisal: dict[str, Any]) -> dict[str, Any]:
    """The same by another coding."""
    nodes = [{**each, "id": each["id"].replace("/1/", "/2/")} for each in appraisal["characteristics"]]
    return {**appraisal, "id": "appraisal/elm/2", "characteristics": nodes, "coding": "coding/first"}


ASKED: list[tuple[str, dict[str, str]]] = [
    ("appraisals", {}),
    ("appraisals", {"tool": "rob2"}),
    ("unused-codes", {}),
    ("appraisal-judgements", {}),
]


@pytest.fixture
def spoilt(copy: Workspace) -> str:
    """The graph of a copy with every fault that the check knows, as N-Quads."""

    def spoil(appraisals: list[dict[str, Any]]) -> None:
        appraisals[0]["characteristics"][0]["attribute"] = "rob2-blinding"
        appraisals[0]["characteristics"][1]["concept"] = "value/grade-certainty/high"
        appraisals[0]["characteristics"][2]["attribute"] = "rob2-overall"
        appraisals[1] |= {"concept": "value/outcome/recall", "time": "end of term", "characteristics": []}

    changed(copy, "studies/ash", lambda content: spoil(content["appraisals"]))
    documents = data.read_documents(copy)
    return quads.canonical(quads.to_quads(documents, data.base(documents)))


def test_another_engine_gives_the_same_rows(spoilt: str) -> None:
    """Of the query, of the codes that are unused, and of the check."""
    store = EmbeddedStore()
    store.load(spoilt)
    for name, arguments in ASKED:
        query = queries.load(SHIPPED_REVIEW, name)
        found = queries.run(store, query, arguments)
        assert found.rows, name
        assert queries.run(Rdflib(spoilt), query, arguments) == found, name  # type: ignore[arg-type]


@pytest.mark.thorough
def test_virtuoso_gives_the_same_rows(spoilt: str, tmp_path: Path) -> None:
    """Of the same."""
    store = EmbeddedStore()
    store.load(spoilt)
    secret = "not-dba"  # noqa: S105 - of a server that lives as long as the test
    folder = tmp_path / "virtuoso"
    folder.mkdir()
    with servers.virtuoso(folder, secret) as url:
        remote = RemoteStore(endpoint(url, environment={USER: "dba", PASSWORD: secret}), "https://example.org/w/")
        publish(remote, spoilt)
        for name, arguments in ASKED:
            query = queries.load(SHIPPED_REVIEW, name)
            assert queries.run(remote, query, arguments) == queries.run(store, query, arguments), name
