"""How fast evigraph is, as ratios taken in one run: a whole process against a bare Python, and queries in process.

Run it with `make bench`. The budgets are those that the project sets itself; the machine and its load cancel out of a
ratio, but not wholly, so a ratio is the median of many runs that alternate.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from evigraph import data, queries
from evigraph.data import quads
from evigraph.paths import SHIPPED, find_workspace
from evigraph.queries import build
from evigraph.store import EmbeddedStore

ROUNDS = 21
START = "import sys; sys.argv[0] = 'evigraph'; from evigraph.cli import main; main()"


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def process(*arguments: str) -> float:
    """How long a Python process takes, in seconds."""
    command = [sys.executable, *arguments]
    return seconds(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))  # noqa: S603 - our own code


def processes() -> None:
    """Whole processes against a bare interpreter."""
    process("-c", START, "run", "table-3")  # fills the cache
    runs: dict[str, list[float]] = {"bare": [], "--version": [], "run table-3": []}
    for _ in range(ROUNDS):
        runs["bare"].append(process("-c", "pass"))
        runs["--version"].append(process("-c", START, "--version"))
        runs["run table-3"].append(process("-c", START, "run", "table-3"))
    bare = statistics.median(runs.pop("bare"))
    for name, times in runs.items():
        print(f"evigraph {name:12} {statistics.median(times) / bare:5.1f} times python -c pass   (budget 8 times)")
    cold = []
    for _ in range(5):
        with tempfile.TemporaryDirectory(prefix="evigraph-bench-") as folder:
            os.environ["XDG_CACHE_HOME"] = folder
            cold.append(process("-c", START, "run", "table-3"))
    print(f"  with an empty cache {statistics.median(cold) / bare:5.1f} times   (reads and checks every document)")


def in_process() -> None:
    """Every canned table in a store that is loaded already."""
    workspace = find_workspace(SHIPPED)
    store = build.open_store(workspace)
    named = [query for query in queries.load_all(workspace) if query.folder == "tables"]
    for query in named:
        times = sorted(seconds(lambda query=query: queries.run(store, query)) for _ in range(300))  # type: ignore[misc]
        print(f"{query.name:10} median {times[150] * 1000:5.2f} ms, p99 {times[297] * 1000:5.2f} ms   (budget 2 ms)")


def ingest() -> None:
    """Documents to quads against the ceiling, the bulk load of the same quads."""
    documents = data.read_documents(find_workspace(SHIPPED))
    base = data.base(documents)
    text = quads.canonical(quads.to_quads(documents, base))
    expand = min(seconds(lambda: quads.to_quads(documents, base)) for _ in range(7))
    load = min(seconds(lambda: EmbeddedStore().load(text)) for _ in range(7))
    count = text.count("\n")
    print(f"expansion of {count} quads takes {expand / load:.1f} times their load ({count / load / 1000:.0f}k quads/s)")


if __name__ == "__main__":
    print(f"evigraph from {Path(build.__file__).parent}, median of {ROUNDS}")
    processes()
    in_process()
    ingest()
