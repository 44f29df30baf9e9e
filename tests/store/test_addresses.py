"""Addresses and credentials of remote stores."""

from __future__ import annotations

import pytest

from evigraph.errors import UsageError
from evigraph.store.remote.addresses import DATA, PASSWORD, TIMEOUT, TOKEN, UPDATE, USER, endpoint, is_private


@pytest.mark.parametrize(
    ("url", "query", "update", "data"),
    [
        ("http://h:7878", "http://h:7878/query", "http://h:7878/update", "http://h:7878/store"),
        ("http://h:7878/", "http://h:7878/query", "http://h:7878/update", "http://h:7878/store"),
        ("http://h:7878/query", "http://h:7878/query", "http://h:7878/update", "http://h:7878/store"),
        ("http://h/ds/sparql", "http://h/ds/sparql", "http://h/ds/update", "http://h/ds/data"),
        ("http://h/ds/query", "http://h/ds/query", "http://h/ds/update", "http://h/ds/data"),
        ("http://h/sparql", "http://h/sparql", "http://h/sparql-auth", "http://h/sparql-graph-crud-auth"),
        (
            "https://h/repositories/r",
            "https://h/repositories/r",
            "https://h/repositories/r/statements",
            "https://h/repositories/r/rdf-graphs/service",
        ),
        ("https://h/x/endpoint?key=1", "https://h/x/endpoint?key=1", "https://h/x/endpoint?key=1", ""),
    ],
)
def test_what_servers_do(url: str, query: str, update: str, data: str) -> None:
    """Oxigraph, Fuseki, Virtuoso, GraphDB, and one address for all."""
    found = endpoint(url, environment={})
    assert (found.query, found.update, found.data) == (query, update, data)


def test_what_is_given_wins_over_the_environment_and_that_over_what_servers_do() -> None:
    """In this order."""
    environment = {UPDATE: "http://e/update", DATA: "http://e/data"}
    assert endpoint("http://h/sparql", environment=environment).update == "http://e/update"
    assert endpoint("http://h/sparql", data="http://g/data", environment=environment).data == "http://g/data"
    assert endpoint("http://h/sparql", data="-", environment=environment).data == ""


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://user:secret@h/sparql", "no credentials in an address; set EVIGRAPH_STORE_USER"),
        ("http://secret@h/sparql", "no credentials in an address"),
        ("ftp://h/sparql", "is no address"),
        ("file:///etc/passwd", "is no address"),
        ("http:///sparql", "is no address"),
        ("http://h:x/sparql", "is no address"),
        ("http://h:99999/sparql", "is no address"),
        ("http://[h/sparql", "is no address"),
        ("http://h/a b", "is no address"),
        ("http://h/\nsparql", "is no address"),
        ("http://h/sparql#part", "leave it out"),
        ("", "is no address"),
    ],
)
def test_what_is_no_address(url: str, message: str) -> None:
    """Is told in one line that repeats no secret."""
    with pytest.raises(UsageError, match=message) as caught:
        endpoint(url, environment={})
    assert "secret" not in f"{caught.value} {caught.value.value}"


def test_a_wrong_address_for_updates() -> None:
    """Every address is looked at."""
    with pytest.raises(UsageError, match="no credentials"):
        endpoint("http://h/sparql", update="http://a:b@h/update", environment={})


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({USER: "u"}, "set both"),
        ({PASSWORD: "p"}, "set both"),
        ({TOKEN: "a\r\nHost: evil"}, "control sign"),
        ({TIMEOUT: "soon"}, "number of seconds"),
        ({TIMEOUT: "-1"}, "number of seconds"),
        ({TIMEOUT: "nan"}, "number of seconds"),
    ],
)
def test_a_wrong_environment(environment: dict[str, str], message: str) -> None:
    """Is told before anything is sent."""
    with pytest.raises(UsageError, match=message):
        endpoint("http://h/sparql", environment=environment)


def test_secrets_are_not_shown() -> None:
    """In no representation of the endpoint."""
    found = endpoint("http://h/sparql", environment={USER: "u", PASSWORD: "hidden-1", TOKEN: "hidden-2"})
    assert "hidden" not in repr(found)
    assert (found.password, found.token) == ("hidden-1", "hidden-2")


@pytest.mark.parametrize(
    ("url", "private"),
    [
        *(("https://h/", True), ("http://127.0.0.1:1/", True), ("http://[::1]:1/", True), ("http://localhost/", True)),
        *(("http://h/", False), ("http://127.0.0.1.h/", False), ("http://10.0.0.1/", False)),
    ],
)
def test_where_a_password_may_go(url: str, private: bool) -> None:
    """By TLS, or within this machine."""
    assert is_private(url) is private
