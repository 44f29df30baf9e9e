"""How fast remote stores are, as ratios to the embedded store in the same run: loading, and every canned query.

It starts an Oxigraph server and a Virtuoso of its own, where they are installed, and stops them. Run it by hand:
`.venv/bin/python bench/remote.py`. One query is asked once before it is measured, since Virtuoso compiles it then.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import servers

from evigraph import queries
from evigraph.paths import SHIPPED, find_workspace
from evigraph.queries import build
from evigraph.store import EmbeddedStore
from evigraph.store.remote.addresses import PASSWORD, USER, Endpoint, endpoint
from evigraph.store.remote.protocol import ask, put
from evigraph.store.remote.publication import graphs, publish
from evigraph.store.remote.remote_store import RemoteStore

ROUNDS = 5
BASE = "https://w3id.org/evigraph/micro-credentials/"


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(name: str, at: Endpoint) -> None:
    """Load the shipped review, ask every query, and compare ways to name the review's graphs."""
    workspace = find_workspace(SHIPPED)
    nquads = build.nquads(workspace).decode()
    embedded = EmbeddedStore()
    parsed = seconds(lambda: embedded.load(nquads))
    remote = RemoteStore(at, BASE)
    first, second = seconds(lambda: publish(remote, nquads)), seconds(lambda: publish(remote, nquads))
    print(f"{name}: load {first:.2f} s, {first / parsed:.0f} times the embedded; again, unchanged, {second:.2f} s")
    ratios = {}
    for query in queries.load_all(workspace):
        queries.run(remote, query)
        there = statistics.median(seconds(lambda query=query: queries.run(remote, query)) for _ in range(ROUNDS))  # type: ignore[misc]
        here = statistics.median(seconds(lambda query=query: queries.run(embedded, query)) for _ in range(ROUNDS))  # type: ignore[misc]
        ratios[query.name] = there / here, there
    ordered = sorted(ratios, key=lambda each: ratios[each][0])
    middle = statistics.median(ratio for ratio, _ in ratios.values())
    print(f"{name}: a query takes {middle:.1f} times the embedded in the median of {len(ratios)}")
    for each in (*ordered[:3], *ordered[-5:]):
        print(f"  {each:28} {ratios[each][0]:6.1f} times, {ratios[each][1] * 1000:7.1f} ms")
    datasets(name, at, sorted(graphs(nquads)), remote.union)


def datasets(name: str, at: Endpoint, documents: list[str], union: str) -> None:
    """The tables over one graph with everything against a list of the documents' graphs."""
    workspace = find_workspace(SHIPPED)
    tables = [queries.sparql(query) for query in queries.load_all(workspace) if query.folder == "tables"]
    made = {"one graph": [union], f"{len(documents)} graphs": documents}
    times = {}
    for label, named in made.items():
        dataset = [("default-graph-uri", graph) for graph in named]
        for text in tables:
            ask(at, text, dataset)
        times[label] = seconds(lambda dataset=dataset: [ask(at, text, dataset) for text in tables])  # type: ignore[misc]
    one, many = times.values()
    print(f"{name}: the tables over {' against '.join(reversed(made))}: {many / one:.1f} times as long")


def main() -> None:
    """Every server that is installed."""
    with tempfile.TemporaryDirectory(prefix="evigraph-bench-") as folder:
        for name in ("oxigraph", "virtuoso"):
            place = Path(folder) / name
            place.mkdir()
            with contextlib.ExitStack() as stack:
                if name == "oxigraph":
                    at = endpoint(stack.enter_context(servers.oxigraph(place)), environment={})
                else:
                    url = stack.enter_context(servers.virtuoso(place, "bench"))
                    at = endpoint(url, environment={USER: "dba", PASSWORD: "bench"})
                put(at, "https://example.org/other", [f"<urn:s{n}> <urn:p> <urn:o> ." for n in range(1000)])
                measure(name, at)


if __name__ == "__main__":
    main()
