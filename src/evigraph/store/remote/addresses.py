"""Where a remote store answers, takes updates and takes graphs, and who may: addresses and credentials."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from evigraph.errors import UsageError

USER, PASSWORD, TOKEN = "EVIGRAPH_STORE_USER", "EVIGRAPH_STORE_PASSWORD", "EVIGRAPH_STORE_TOKEN"
UPDATE, DATA, TIMEOUT = "EVIGRAPH_STORE_UPDATE", "EVIGRAPH_STORE_DATA", "EVIGRAPH_STORE_TIMEOUT"

NONE = "-"
"""In place of the address that takes graphs: there is none, so everything goes by updates."""


@dataclass(frozen=True)
class Endpoint:
    """The three addresses of a remote store, and the credentials for them.

    Attributes:
        query: where SPARQL queries go. update: where SPARQL updates go. data: where graphs are put (SPARQL 1.1 Graph
        Store Protocol), or empty to load by updates. user, password: for Basic or Digest, as the server asks.
        token: sent as `Authorization: Bearer`. seconds: how long one request may take as a whole.
    """

    query: str
    update: str
    data: str
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    seconds: float = 60


def endpoint(url: str, update: str = "", data: str = "", environment: Mapping[str, str] = os.environ) -> Endpoint:
    """The endpoint at a URL: what isn't given comes from the environment, else from what such servers do.

    Raises:
        UsageError: an address isn't http(s), holds credentials, or the time limit is no number.
    """
    query, update_default, data_default = _addresses(_checked(url))
    token = environment.get(TOKEN, "")
    user, password = environment.get(USER, ""), environment.get(PASSWORD, "")
    if bool(user) != bool(password):
        raise UsageError(f"set both {USER} and {PASSWORD}, or neither")
    if any(ord(sign) < 32 for sign in token + user + password):
        raise UsageError(f"{USER}, {PASSWORD} or {TOKEN} has a line break or another control sign; set it without")
    given_update, given_data = update or environment.get(UPDATE, ""), data or environment.get(DATA, "")
    for address in filter(None, (given_update, given_data.removeprefix(NONE))):
        _checked(address)
    return Endpoint(
        *(query, given_update or update_default, (given_data or data_default).removeprefix(NONE)),
        *(user, password, token),
        seconds=_seconds(environment.get(TIMEOUT, "60")),
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < 1e6:
        raise UsageError(f"{TIMEOUT}={text}: give a number of seconds, such as 60", text)
    return seconds


def is_url(name: str) -> bool:
    """Whether a name is an address rather than a folder."""
    return "://" in name


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError(f"{url} is no address; write http://HOST:PORT/PATH", url) from None
    if "@" in parts.netloc:
        raise UsageError(f"no credentials in an address; set {USER} and {PASSWORD} in the environment", parts.hostname)
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0 or not url.isprintable() or " " in url:
        raise UsageError(f"{url} is no address of a SPARQL endpoint; write http://HOST:PORT/PATH", url)
    if parts.fragment:
        raise UsageError(f"{url}: an address of an endpoint has no #{parts.fragment}; leave it out", url)
    return parts


def _addresses(parts: SplitResult) -> tuple[str, str, str]:
    """What servers do: GraphDB and RDF4J, Oxigraph, Fuseki, Virtuoso; else all three at one address."""
    root = f"{parts.scheme}://{parts.netloc}"
    path = parts.path.rstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    above, _, last = path.rpartition("/")
    if "/repositories/" in path:
        return f"{root}{path}{query}", f"{root}{path}/statements", f"{root}{path}/rdf-graphs/service"
    if path in {"", "/query"}:
        return f"{root}/query{query}", f"{root}/update", f"{root}/store"
    if path == "/sparql":
        return f"{root}{path}{query}", f"{root}/sparql-auth", f"{root}/sparql-graph-crud-auth"
    if last in {"query", "sparql"}:
        return f"{root}{path}{query}", f"{root}{above}/update", f"{root}{above}/data"
    return f"{root}{parts.path}{query}", f"{root}{parts.path}{query}", ""


def is_private(url: str) -> bool:
    """Whether what is sent there can't be read on the way: by TLS, or within this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
