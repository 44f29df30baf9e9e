"""Remote stores: two real servers that hold other data too, and give the rows that the embedded store gives."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import servers
from conftest import evigraph, with_numbers

from evigraph import checks, data, export, queries
from evigraph import open as open_review
from evigraph.data import quads
from evigraph.errors import QueryError, StoreError
from evigraph.paths import SHIPPED, Workspace, find_workspace
from evigraph.queries import build
from evigraph.reports import trace
from evigraph.store import EmbeddedStore, Solutions, select
from evigraph.store.remote import publication as publishing
from evigraph.store.remote.addresses import PASSWORD, USER, Endpoint, endpoint
from evigraph.store.remote.protocol import put, update
from evigraph.store.remote.publication import Published, publish
from evigraph.store.remote.remote_store import RemoteStore

pytestmark = pytest.mark.thorough

ALL = queries.load_all(find_workspace(SHIPPED))
ASKED = [
    (query.name, dict(choice))
    for query in ALL
    for choice in itertools.product(*[[(p.name, v) for v in p.enumeration or (p.default,)] for p in query.params])
]
# Attributes have no default, and values of findings go another way to their study than those of studies.
ASKED += [("by-attribute", {"attribute": name}) for name in ("country", "design", "course")]
ASKED += [("crosstab", {"rows": "country", "columns": "setting", "zeros": zeros}) for zeros in ("no", "yes")]
ASKED += [("by-attribute", {"attribute": "design-type", "roll-up": "top"})]
ASKED += [("by-attribute", {"attribute": name}) for name in ("question", "stance", "concerns", "year", "measure")]
ASKED += [("crosstab", {"rows": "country", "columns": "setting", "filter": "effect", "is": "mixed"})]
ASKED += [("crosstab", {"rows": "country", "columns": "setting", "filter": "design-type", "is": "Survey"})]
ASKED += [("crosstab", {"rows": "question", "columns": "concerns", "unit": unit}) for unit in ("findings", "reports")]
ASKED += [("gap-map", {"rows": "question", "columns": "concerns"}), ("gap-map", {"rows": "year", "columns": "theme"})]
ASKED += [
    ("gap-map", {"rows": "benefit", "columns": "concerns"}),
    ("gap-map", {"rows": "country", "columns": "design"}),
]
ASKED += [("crosstab", {"rows": "course", "columns": "assessment"}), ("study-values", {"attribute": "course"})]
SELECT = "http://www.w3.org/ns/shacl#select"
SECRET = "not-dba"  # noqa: S105 - of a server that lives as long as the test
BASE = "https://w3id.org/evigraph/micro-credentials/"
FOREIGN = "https://example.org/foreign"
SMALL = "https://example.org/small/"


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """An Oxigraph server."""
    with servers.oxigraph(tmp_path_factory.mktemp("oxigraph")) as url:
        yield endpoint(url, environment={})


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """A Virtuoso server."""
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso"), SECRET) as url:
        yield endpoint(url, environment={USER: "dba", PASSWORD: SECRET})


ENGINES = pytest.mark.parametrize("engine", ["oxigraph", "virtuoso"])


@pytest.fixture
def at(request: pytest.FixtureRequest, engine: str) -> Endpoint:
    """The addresses of one engine."""
    found: Endpoint = request.getfixturevalue(engine)
    return found


_LOADED: dict[str, RemoteStore] = {}


@pytest.fixture
def nquads(shipped: Workspace) -> str:
    """All quads of the shipped review, with those that follow from others."""
    return build.nquads(shipped).decode()


@pytest.fixture
def remote(at: Endpoint, nquads: str) -> RemoteStore:
    """The shipped review on the engine, among the graphs of a fork with other IRIs and the same words."""
    if at.query not in _LOADED:
        triples = {triple for lines in publishing.graphs(nquads).values() for triple in lines}
        put(at, FOREIGN, sorted(triple.replace(BASE, f"{FOREIGN}/") for triple in triples)[:5000])
        _LOADED[at.query] = RemoteStore(at, BASE)
        publish(_LOADED[at.query], nquads)
    return _LOADED[at.query]


@ENGINES
@pytest.mark.parametrize(("name", "arguments"), ASKED, ids=[f"{n} {' '.join(a.values())}".strip() for n, a in ASKED])
def test_rows_are_those_of_the_embedded_store(
    shipped: Workspace, store: EmbeddedStore, remote: RemoteStore, name: str, arguments: dict[str, str]
) -> None:
    """Every canned query with every listed argument gives the same rows in the same order."""
    query = queries.load(shipped, name)
    assert queries.run(remote, query, arguments) == queries.run(store, query, arguments)


@ENGINES
def test_rows_without_retracted_studies_are_the_same_too(shipped: Workspace, at: Endpoint, nquads: str) -> None:
    """Asked of the graphs of all other documents, not of their union; each query once, and a trace."""
    base, report = "https://example.org/retracted/", "report/reeves-2017"
    notice, graph = f"<{base}notice>", f"<{base}graph/studies/reeves-2017>"
    evi = "https://w3id.org/evigraph/ns#"
    text = nquads.replace(BASE, base) + "".join(
        f"{line} {graph} .\n"
        for line in (
            f'{notice} <{evi}kind> "retraction"',
            f"{notice} <{evi}about> <{base}{report}>",
            f'{notice} <http://purl.org/dc/terms/title> "Retraction: it"',
        )
    )
    near, far = EmbeddedStore(), RemoteStore(at, base)
    near.load(text)
    publish(far, text)
    assert queries.retracted.studies(far) == {f"{base}study/reeves-2017": "Reeves et al. (2017)"}
    out = {"without-retracted": "yes"}
    changed = 0
    for name, given in ASKED:
        query = queries.load(shipped, name)
        if query.takes != query.params:
            rows = queries.run(near, query, given | out)
            assert queries.run(far, query, given | out) == rows, (name, given)
            changed += rows != queries.run(near, query, given)
    assert changed > 20
    assert trace.trace(shipped, far, "findings", 1, "", out) == trace.trace(shipped, near, "findings", 1, "", out)


@ENGINES
def test_the_dump_is_what_was_loaded(remote: RemoteStore, nquads: str) -> None:
    """Every term comes back as it was, and nothing of others with it; a double as the same number."""
    assert with_numbers(quads.canonical(remote.dump())) == with_numbers(nquads)


@ENGINES
def test_a_second_run_finds_everything_as_it_should_be(remote: RemoteStore, nquads: str) -> None:
    """What is there by its hash is not sent again."""
    assert publish(remote, nquads) == Published(0, len(publishing.graphs(nquads)), 0)


@ENGINES
def test_graphs_of_others_stay(remote: RemoteStore) -> None:
    """Loading touches no graph that isn't the review's."""
    assert len(remote.rows(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{FOREIGN}> {{ ?s ?p ?o }} }}")) == 5000


@ENGINES
def test_graph_patterns_see_the_documents_and_no_others(remote: RemoteStore, nquads: str) -> None:
    """GRAPH ranges over the review's documents."""
    answer = select(remote, "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
    assert {term.value for (term,) in answer.rows if term} == set(publishing.graphs(nquads))


@ENGINES
def test_what_says_what_the_documents_are_goes_beside_them(at: Endpoint, shipped: Workspace, nquads: str) -> None:
    """It is sent once and again when it changes, `GRAPH` finds it, and neither the union nor a comparison has it."""
    base = "https://example.org/beside/"
    moved, store = nquads.replace(BASE, base), RemoteStore(at, base)
    review = data.read_document(shipped.review / "review.yaml", "review").content | {"base": base}
    beside = publishing.graphs(export.front_matter(review, moved, shipped))
    publish(store, moved)
    before = select(store, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").rows
    assert publishing.accompany(store, beside) == 3
    assert publishing.accompany(store, beside) == 0
    assert select(store, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").rows == before
    assert publish(store, moved) == Published(0, len(publishing.graphs(moved)), 0)
    assert not publishing.differing(store, publishing.graphs(moved))
    words = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s <http://www.w3.org/ns/shacl#select> ?text } }"
    assert [row[0].value for row in select(store, words).rows if row[0]] == [f"{base}queries"]
    assert with_numbers(quads.canonical(store.dump())) == with_numbers(moved)
    text = select(store, f"SELECT ?t WHERE {{ GRAPH ?g {{ <{base}query/table-3> <{SELECT}> ?t }} }}").rows[0][0]
    table = queries.load(shipped, "table-3")
    assert text is not None
    assert queries.run(store, replace(table, text=text.value)) == queries.run(store, table)
    changed = {**beside, f"{base}description": beside[f"{base}description"][1:]}
    assert publishing.accompany(store, changed) == 1
    for name in (*publishing.graphs(moved), *beside, store.union, store.manifest):
        update(at, f"DROP SILENT GRAPH <{name}>")


@ENGINES
def test_other_forms(remote: RemoteStore) -> None:
    """ASK, CONSTRUCT and a dataset of the query's own."""
    assert remote.query(f"ASK {{ <{BASE}review> ?p ?o }}") is True
    made = remote.query(f"CONSTRUCT WHERE {{ <{BASE}review> a ?type }}")
    assert isinstance(made, str)
    assert made.startswith(f"<{BASE}review> ")
    foreign = "SELECT (COUNT(*) AS ?n) FROM <https://example.org/foreign> WHERE { ?s ?p ?o }"
    assert queries.cell(select(remote, foreign).rows[0][0]) == 5000


@ENGINES
def test_terms_come_back_as_they_were(at: Endpoint) -> None:
    """Language tags, datatypes, signs and lines survive the way there and back."""
    terms = [
        *(ox.Literal("é“\u2028\n\"\\'"), ox.Literal("Gruß", language="de"), ox.NamedNode(f"{SMALL}ü")),
        *(ox.Literal("x", datatype=ox.NamedNode(f"{SMALL}type")), ox.Literal(7), ox.Literal("\U0001d4b3")),
    ]
    place = ox.NamedNode(f"{SMALL}graph/terms")
    quads = [ox.Quad(ox.NamedNode(f"{SMALL}{n}"), ox.NamedNode(f"{SMALL}p"), t, place) for n, t in enumerate(terms)]
    held = RemoteStore(at, SMALL)
    held.apply(quads, [])
    assert [row[0] for row in select(held, "SELECT ?o WHERE { ?s ?p ?o } ORDER BY ?s").rows] == terms
    assert set(held.dump()) == set(quads)
    held.apply([], quads)
    assert select(held, "SELECT ?o WHERE { ?s ?p ?o }").rows == []


def small(**documents: str) -> str:
    """N-Quads of documents whose triples have one letter each."""
    lines = [
        f"<{SMALL}{letter}> <{SMALL}p> <{SMALL}o> <{SMALL}graph/{name}> .\n"
        for name, letters in documents.items()
        for letter in letters
    ]
    return "".join(sorted(lines))


def letters(store: RemoteStore) -> str:
    """The letters that queries see."""
    rows = select(store, "SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s").rows
    return "".join(term.value.removeprefix(SMALL) for (term,) in rows if term)


@pytest.fixture
def little(at: Endpoint) -> RemoteStore:
    """A review of two small documents."""
    publish(RemoteStore(at, SMALL), small(one="abc", two="cd"))
    return RemoteStore(at, SMALL)


@ENGINES
def test_only_what_differs_is_loaded(little: RemoteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed document replaces the old one; what another document says too stays in sight."""
    monkeypatch.setattr(publishing, "_rebuild_union", None)  # the swap itself keeps the union right
    assert publish(little, small(one="ax", two="cd")) == Published(1, 1, 0)
    assert letters(little) == "acdx"


@ENGINES
def test_a_document_that_is_gone_is_removed(little: RemoteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its triples, but for those that another document has."""
    monkeypatch.setattr(publishing, "_rebuild_union", None)
    assert publish(little, small(one="abc")) == Published(0, 1, 1)
    assert letters(little) == "abc"


@ENGINES
def test_without_a_graph_store_updates_load(little: RemoteStore) -> None:
    """Batches of INSERT DATA do the same."""
    bare = Endpoint(little.at.query, little.at.update, "", little.at.user, little.at.password)
    assert publish(RemoteStore(bare, SMALL), small(one="abc", three="efg")) == Published(1, 1, 1)
    assert letters(little) == "abcefg"


@ENGINES
def test_damage_by_others_is_mended(little: RemoteStore) -> None:
    """A graph that lost a triple, and a union that did, are found by their size."""
    update(little.at, f"DELETE DATA {{ GRAPH <{SMALL}graph/one> {{ <{SMALL}a> <{SMALL}p> <{SMALL}o> }} }}")
    update(little.at, f"DELETE DATA {{ GRAPH <{little.union}> {{ <{SMALL}d> <{SMALL}p> <{SMALL}o> }} }}")
    assert publish(little, small(one="abc", two="cd")) == Published(1, 1, 0)
    assert letters(little) == "abcd"


@ENGINES
def test_an_interrupted_run_goes_on(at: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a review is never answered; the next run loads only what is missing, and leaves no staging behind."""
    fresh = RemoteStore(at, "https://example.org/interrupted/")
    text = small(one="a", two="b", three="c").replace(SMALL, fresh.base)
    monkeypatch.setattr(publishing, "GROUP", 1)
    with monkeypatch.context() as broken:
        calls = itertools.count()
        broken.setattr(publishing.protocol, "put", lambda *a, **k: put(*a, **k) if next(calls) < 2 else 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish(fresh, text)
    with pytest.raises(StoreError, match="no whole review"):
        fresh.query("SELECT * WHERE { ?s ?p ?o }")
    assert publish(fresh, text) == Published(1, 2, 0)
    staged = f'FILTER(STRSTARTS(STR(?g), "{fresh.base}staging"))'
    assert fresh.rows(f"SELECT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {staged} }}") == []


@pytest.mark.parametrize("engine", ["oxigraph"])
def test_a_reader_never_sees_half_a_document(little: RemoteStore) -> None:
    """While documents are swapped, every answer is that of one state or the other."""
    seen, stop = set(), threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(letters(little))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(10):
            publish(little, small(one="uvwxyz", two="cd"))
            publish(little, small(one="abc", two="cd"))
    finally:
        stop.set()
        reader.join()
    assert {"cduvwxyz", "abcd"} >= seen
    assert seen


@ENGINES
def test_commands_print_the_same(remote: RemoteStore) -> None:
    """Commands with --store say what they say of the files."""
    environment = {USER: remote.at.user, PASSWORD: remote.at.password}
    for command in (["run", "table-3"], ["trace", "table-3", "3", "sources"], ["ask", "RQ6"], ["reproduce"]):
        there = evigraph(*command, "--store", remote.at.query, **environment)
        here = evigraph(*command)
        assert (there.returncode, there.stdout, there.stderr) == (here.returncode, here.stdout, here.stderr), command


PAGE = Path(__file__).parents[2] / "docs" / "remote-stores.md"
COMMANDS = re.findall(r"(?m)^\$ evigraph (.*)$", PAGE.read_text("utf-8"))


@pytest.mark.parametrize("engine", ["oxigraph"])
@pytest.mark.parametrize("command", list(dict.fromkeys(COMMANDS)))
def test_the_page_on_remote_stores_runs(remote: RemoteStore, command: str) -> None:
    """Every command of it, on another port."""
    ran = evigraph(*shlex.split(command.replace("http://127.0.0.1:7878", remote.at.query)))
    assert (ran.returncode, ran.stderr) == (0, "")


@ENGINES
def test_build_and_check_by_command(remote: RemoteStore, shipped: Workspace) -> None:
    """Check tells a document that the server holds otherwise; build brings it up."""
    environment = {USER: remote.at.user, PASSWORD: remote.at.password, "EVIGRAPH_STORE": remote.at.query}
    update(remote.at, remote.entry(f"{BASE}graph/studies/reeves-2017", "0"))
    checked = evigraph("check", **environment)
    assert checked.returncode == 1
    assert "reeves-2017.yaml:1: graph/studies/reeves-2017" in checked.stdout
    assert "1 violation;" in checked.stderr
    built = evigraph("build", **environment)
    assert "1 document loaded" in built.stdout
    assert checks.check(shipped, remote) == []


@ENGINES
def test_reviews_of_one_workspace_lie_side_by_side(at: Endpoint, tmp_path: Path) -> None:
    """Each is published, asked, brought up and checked alone; the graphs of the others stay."""
    environment = {USER: at.user, PASSWORD: at.password, "EVIGRAPH_STORE": at.query}
    root = str(tmp_path / "pets")
    for name in ("dogs", "cats"):
        assert evigraph("init", root, "--review", name, "--question", f"Do {name} help?").returncode == 0
    for name in ("dogs", "cats", "dogs"):
        built = evigraph("--workspace", root, "--review", name, "build", **environment)
        assert (built.returncode, built.stderr) == (0, "")
        assert "0 removed" in built.stdout
    for name in ("dogs", "cats"):
        checked = evigraph("--workspace", root, "--review", name, "check", **environment)
        assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
        asked = evigraph("--workspace", root, "--review", name, "run", "questions", "--format", "csv", **environment)
        assert f"Do {name} help?" in asked.stdout
        assert asked.stdout.count("help?") == 1


@ENGINES
def test_a_notebook_asks_it_too(remote: RemoteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """`evigraph.open` with its address, credentials from the environment."""
    for name, value in ((USER, remote.at.user), (PASSWORD, remote.at.password)):
        monkeypatch.setenv(name, value)
    there, here = open_review(remote.at.query), open_review()
    assert there.run("table-3") == here.run("table-3")
    assert list(there.trace("table-3", 3)) == list(here.trace("table-3", 3))
    assert there.check() == []


@ENGINES
def test_a_server_without_the_review_says_so(at: Endpoint) -> None:
    """An empty answer would be a lie."""
    with pytest.raises(StoreError, match=r"no whole review https://example\.org/none/; load it with `evigraph build"):
        RemoteStore(at, "https://example.org/none/").query("SELECT * WHERE { ?s ?p ?o }")


@ENGINES
def test_a_default_graph_that_holds_the_review_is_asked_as_it_stands(at: Endpoint) -> None:
    """What somebody else loaded, or another evigraph serves, needs no manifest."""
    base = "https://example.org/plain/"
    triple = f"<{base}review> a <{base}Review>"
    place = f"GRAPH <{base}graph/review> {{ {triple} }}" if "sparql-auth" in at.update else triple
    update(at, f"INSERT DATA {{ {place} }}")
    assert isinstance(RemoteStore(at, base).query("SELECT * WHERE { ?s ?p ?o } LIMIT 1"), Solutions)


@ENGINES
def test_a_wrong_query_is_one_line(remote: RemoteStore) -> None:
    """With what the server says of it."""
    with pytest.raises(QueryError, match=r"SPARQL, says http://127\.0\.0\.1.*; mend the query"):
        remote.query("SELECT * WHERE { ?s ?p }")


def test_a_wrong_password_is_one_line(virtuoso: Endpoint) -> None:
    """And names the variables to set, not what they hold."""
    wrong = Endpoint(virtuoso.query, virtuoso.update, virtuoso.data, "dba", "wrong-one")
    with pytest.raises(StoreError, match=f"answers 401; set {USER}") as caught:
        publish(RemoteStore(wrong, SMALL), small(new="n"))
    assert "wrong-one" not in str(caught.value)


@pytest.mark.parametrize("engine", ["virtuoso"])
def test_an_answer_that_the_server_cuts_short_is_an_error(remote: RemoteStore) -> None:
    """Virtuoso says so in a header alone."""
    with pytest.raises(StoreError, match="cuts answers at 20000 rows; raise its limit"):
        remote.rows("SELECT * WHERE { ?s ?p ?o } LIMIT 25000")


def test_build_without_a_store_is_as_before(shipped: Workspace) -> None:
    """The option changes nothing where it isn't given."""
    assert "EVIGRAPH_STORE" not in os.environ
    assert isinstance(build.open_store(shipped), EmbeddedStore)
