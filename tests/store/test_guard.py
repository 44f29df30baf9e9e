"""What a SPARQL text asks for, decided on its tokens."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evigraph.errors import EvigraphError, QueryError, RefusedError
from evigraph.paths import Workspace
from evigraph.queries import load_all
from evigraph.store import EmbeddedStore
from evigraph.store.sandbox import guard
from evigraph.store.sandbox.guard import TextLimits

CALLS = {
    "plain": "SELECT * { SERVICE <http://x.test/> { ?s ?p ?o } }",
    "lower case": "SELECT * { service silent <http://x.test/> { ?s ?p ?o } }",
    "after a comment that a carriage return ends": "SELECT * { # c\rSERVICE <http://x.test/> { ?s ?p ?o }\n}",
    "after an escaped number sign": "SELECT * { ?s <p:> ?o . ?s a:x\\# ?o . SERVICE <http://x.test/> {} }",
    "after an escaped quote in a name": "SELECT * { ?s a:x\\' ?o . SERVICE <http://x.test/> {} } #'",
    "after a long string that ends in quotes": 'SELECT * { ?s ?p """a"b""c\\"""" . SERVICE <http://x.test/> {} }',
    "after a string with an escaped quote": "SELECT * { ?s ?p 'a\\'b' . SERVICE <http://x.test/> {} #'\n }",
    "after a number": "SELECT * { ?s ?p 1SERVICE<http://x.test/>{} }",
    "with an escape in its address": "SELECT * { SERVICE <http://x.tes\\u0074/> { ?s ?p ?o } }",
    "relative": "BASE <http://x.test/> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "by a prefix": "PREFIX x: <http://x.test/> SELECT * { SERVICE x: { ?s ?p ?o } }",
    "inside": "SELECT * { { SELECT * { OPTIONAL { SERVICE <http://x.test/> { ?s ?p ?o } } } } }",
    "in an update": "DELETE { ?s ?p ?o } WHERE { SERVICE <http://x.test/> { ?s ?p ?o } }",
}
HIDDEN = [
    "SELECT * { \\u0053ERVICE <http://x.test/> { ?s ?p ?o } }",
    "SELECT * { SERVIC\\U00000045 <http://x.test/> { ?s ?p ?o } }",
    "PREFIX ex: <http://x.test/> SELECT * { SERVICEex:a { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://x.test/>{ ?s ?p ?o } }",
    "ASK { ?s ?p trueSERVICE<http://x.test/>{ ?s ?p ?o } }",
    'SELECT * { ?s ?p "\\u0022 . SERVICE <http://x.test/> { ?s ?p ?o } #" }',
]
INNOCENT = [
    'SELECT ?service { ?service <urn:service> "SERVICE <http://x.test/>" } # SERVICE <http://x.test/>',
    "SELECT * { ?s ?p '''LOAD <http://x.test/> ' '' ''' }",
    "PREFIX service: <http://x.test/> SELECT * { ?s service:SERVICE service:load ; service:x ?o }",
    "PREFIX service: <http://x.test/> SELECT * { GRAPH service:x { ?s ?p ?o } }",
    "SELECT * { FILTER(?a<3 && ?b>4) }",
    "SELECT * { ?s ?p \"x\"@en-service , '\\u0041' }",
    "SELECT $service WHERE { _:service ?load $service }",
]


@pytest.mark.parametrize("text", CALLS.values(), ids=CALLS)
def test_a_call_is_found(text: str) -> None:
    """However SERVICE is written, with its endpoint."""
    reading = guard.read(text)
    assert reading.services == ("http://x.test/",)
    with pytest.raises(RefusedError, match="not on this server's list"):
        guard.require_allowed(reading)
    guard.require_allowed(reading, frozenset({"http://x.test/"}))


@pytest.mark.parametrize("text", HIDDEN)
def test_a_hidden_call_is_refused(text: str) -> None:
    """Where the grammar reads one thing and an engine may read another."""
    with pytest.raises(RefusedError):
        guard.require_allowed(guard.read(text), frozenset({"http://x.test/"}))


@pytest.mark.parametrize("text", INNOCENT)
def test_words_are_no_calls(text: str) -> None:
    """The word in a string, a comment, a variable, a name or a tag isn't a call."""
    reading = guard.read(text)
    assert (reading.services, reading.loads) == ((), False)


def test_a_variable_endpoint_is_never_called() -> None:
    """Nobody can say where it leads."""
    with pytest.raises(RefusedError, match="with a variable"):
        guard.require_allowed(guard.read("SELECT * { SERVICE ?x { ?s ?p ?o } }"), frozenset({"http://x.test/"}))


def test_load_is_never_carried_out() -> None:
    """Whatever it is to load."""
    for text in ("LOAD <http://x.test/>", "load silent <file:///etc/passwd> INTO GRAPH <urn:g>"):
        with pytest.raises(RefusedError, match="LOAD"):
            guard.require_allowed(guard.read(text), frozenset({"http://x.test/"}))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "select"),
        ("# SELECT\nPREFIX ask: <urn:select> BASE <urn:x> ASK {}", "ask"),
        ("construct where { ?s ?p ?o }", "construct"),
        ("DESCRIBE <urn:x>", "describe"),
        ("INSERT DATA { <urn:a> <urn:b> 'SELECT' }", "insert"),
        ("WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "with"),
        ("CLEAR ALL", "clear"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_the_form(text: str, form: str) -> None:
    """The first word that says what the text is."""
    assert guard.read(text).form == form
    assert guard.read(text).is_update == (form in guard.UPDATE_FORMS)


def test_the_graphs_of_the_dataset() -> None:
    """FROM and USING, plain and NAMED, by IRI, by prefix and relative."""
    text = "PREFIX x: <urn:x:> BASE <http://b.test/> SELECT * FROM <urn:a> FROM NAMED x:b FROM <c> { ?s ?p ?o }"
    assert guard.read(text).graphs == ("urn:a", "urn:x:b", "http://b.test/c")
    assert guard.read("DELETE {} USING NAMED <urn:a> WHERE {}").graphs == ("urn:a",)


@pytest.mark.parametrize("brackets", ["()", "{}", "[]"])
def test_depth(brackets: str) -> None:
    """64 brackets inside brackets pass, 65 don't; closing too many opens no room."""
    opened, closed = brackets
    guard.read(opened * 64 + closed * 64)
    with pytest.raises(QueryError, match="64 deep"):
        guard.read(opened * 65)
    with pytest.raises(QueryError, match="64 deep"):
        guard.read(closed * 100 + opened * 65)


@pytest.mark.parametrize("operator", ["||", "&&", "+", "!", "/", "|", "^", "="])
def test_chains(operator: str) -> None:
    """200 operators in one chain pass, 201 don't."""
    guard.read(f"ASK {{ FILTER({f' {operator} ?a ' * 200}) }}")
    with pytest.raises(QueryError, match="200 operators"):
        guard.read(f"ASK {{ FILTER({f' {operator} ?a ' * 201}) }}")


@pytest.mark.parametrize("pattern", ["{} UNION ", "OPTIONAL {} ", "MINUS {} "])
def test_groups_are_chained_too(pattern: str) -> None:
    """UNION, OPTIONAL and MINUS nest in the engine, though not in the text."""
    with pytest.raises(QueryError, match="200 operators"):
        guard.read(f"ASK {{ {pattern * 201} {{}} }}")


def test_many_short_chains_are_fine() -> None:
    """A long query of small parts is no chain."""
    guard.read("SELECT * { " + "?a ?b ?c . FILTER(?a = ?c && ?a != 1) " * 300 + "}")


def test_our_own_texts_may_be_long() -> None:
    """What the operator asks is held only to what would end the process."""
    values = " ".join(f"<urn:{number}>" for number in range(20_000))
    assert guard.read_own(f"SELECT * {{ VALUES ?x {{ {values} }} }}").form == "select"
    for text in ("ASK { " + "{" * 70 + "}" * 70 + " }", "ASK { FILTER(1" + " + 1" * 3000 + ") }"):
        with pytest.raises(QueryError):
            guard.read_own(text)


@pytest.mark.parametrize(
    "text", ["ASK FROM <c> {}", "BASE <b/> ASK FROM <../c> {}", "BASE <urn:x> BASE <http://h/a/> ASK FROM <c> {}"]
)
def test_relative_graphs(text: str) -> None:
    """They begin at the base, which may itself be relative to the one given."""
    assert guard.read(text, base="http://h/a/").graphs == ("http://h/a/c",)


def test_length() -> None:
    """Bytes are counted, not characters."""
    guard.read("é" * 32_000, TextLimits(length=64_000))
    with pytest.raises(QueryError, match="64000 bytes"):
        guard.read("é" * 32_001, TextLimits(length=64_000))


def test_canned_queries_are_within_the_limits(shipped: Workspace) -> None:
    """Whoever sends one of ours as a free query gets an answer."""
    found = load_all(shipped)
    for query in found:
        reading = guard.read(query.text)
        assert (reading.form, reading.services, reading.graphs) == ("select", (), ()), query.name
    assert len(found) > 30


PIECES = st.sampled_from(
    [
        *(
            "SERVICE",
            "service",
            "LOAD",
            " ",
            "\n",
            "\r",
            "#",
            "<",
            ">",
            "<http://127.0.0.1:1/>",
            '"',
            "'",
            '"""',
            "'''",
            "\\",
        ),
        *(
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            "?x",
            "$y",
            "a:b",
            "ex:",
            ".",
            ";",
            ",",
            "^",
            "@en",
            "1",
            "1e5",
            "_:b",
            "\\u0053",
        ),
        *("SELECT * {", "PREFIX ex: <urn:x>", "FROM", "SILENT", "\ufeff", "é", "\ud800", "\x00", "-", "UNION", "&&"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
@example("a." * 30_000)
@example('"' + "\\a" * 30_000)
@example("'''" + "''" * 30_000)
@example("\\" * 60_000)
@example("\\uFFFFFFFF\\U00110000")
def test_any_text_is_read(text: str) -> None:
    """Any text gives a reading or one of our errors, and quickly."""
    try:
        reading = guard.read(text)
    except EvigraphError:
        return
    assert all(service is None or isinstance(service, str) for service in reading.services)


CALL = st.tuples(
    st.sampled_from(["SERVICE", "service", "SeRvIcE SILENT", "SERVICE#\n", "SERVICESILENT", "\\u0053ERVICE"]),
    st.sampled_from([" <http://127.0.0.1:1/>", "<http://127.0.0.1:1/>", " ex:a", "ex:a", " ?x", "?x", " ex:\\~a"]),
).map(lambda parts: f"{parts[0]}{parts[1]} {{ ?a ?b ?c }}")
BEFORE = st.sampled_from(
    [
        *(
            "",
            '?s ?p "\'" .',
            "?s ?p '\"' .",
            '?s ?p """a"b""" .',
            "?s ?p ex:x\\# .",
            "# <\n",
            "FILTER(1 < 2)",
            "?s ?p 1",
        ),
        *("?s ?p 'a\\\\' .", "?s ?p <http://a/'b> .", "{} UNION {}", "FILTER(?x<?y)", "?s ?p true", "OPTIONAL {}"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(BEFORE, max_size=3).map(" ".join), CALL)
def test_no_call_that_the_engine_would_make_passes(before: str, call: str) -> None:
    """If the engine reads a call in a text, so does the guard; port 1 is one that the engine refuses to call."""
    text = f"PREFIX ex: <http://127.0.0.1:1/> SELECT * {{ {before} {call} }}"
    try:
        guard.require_allowed(guard.read(text))
    except EvigraphError:
        return
    with pytest.raises(QueryError, match="error at"):  # it passes only if it is no query at all
        EmbeddedStore().query(text)
