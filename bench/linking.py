"""How long a link takes: one study into 34 and into 10,000, and as many records against a bare parse of their file.

Run it by hand: `python bench/linking.py [STUDIES]`. Ratios are of medians taken in one run.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from evigraph import ingest, updating
from evigraph.files import journal
from evigraph.linking.plans import Options
from evigraph.paths import SHIPPED, find_workspace

MANY = int(sys.argv[1]) if sys.argv[1:] else 10_000
ROUNDS = 3


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ris(path: Path, numbers: range) -> Path:
    """A RIS file of papers that are like no other."""
    lines = []
    for n in numbers:
        lines += ["TY  - JOUR", f"TI  - {words(n)} and their credentials", f"AU  - {words(n).split()[0]}, Jane"]
        lines += [f"PY  - {1990 + n % 35}"]
        lines += [f"JO  - Journal {n % 97}", f"VL  - {n % 60}", f"SP  - {n}", f"DO  - 10.5555/{n}", "ER  - ", ""]
    path.write_text("\n".join(lines), "utf-8")
    return path


def words(number: int) -> str:
    """Words that only this number has."""
    letters = "abcdefghij"
    return " ".join("".join(letters[int(digit)] * 2 for digit in str(number * k)) for k in (7919, 104729, 611953))


def review(folder: Path, studies: int) -> Path:
    """The shipped review, with studies linked into it until there are so many; nobody has coded these."""
    root = folder / str(studies)
    shutil.copytree(SHIPPED / "data", root / "data")
    known = len(list(root.glob("data/*/studies/*.yaml")))
    if studies > known:
        hits = ris(folder / "hits.ris", range(studies - known))
        updating.link(find_workspace(root), [hits], Options(), dry_run=False)
        shutil.rmtree(root / journal.FOLDER)
    return root


def link(root: Path, path: Path) -> float:
    """One link, taken back afterwards."""
    workspace = find_workspace(root)
    took = seconds(lambda: updating.link(workspace, [path], Options(), dry_run=False))
    with journal.locked(root):
        journal.undo(root)
    return took


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="evigraph-bench-") as name:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        one = ris(folder / "one.ris", range(900_000, 900_001))
        medians = {}
        for size in (34, MANY):
            root = review(folder, size)
            first = link(root, one)
            medians[size] = statistics.median(link(root, one) for _ in range(ROUNDS))
            print(f"one study into {size:6}: {medians[size]:.2f} s, with an empty cache {first:.2f} s", flush=True)
        print(f"ratio {MANY} : 34 = {medians[MANY] / medians[34]:.1f}")
        hits = ris(folder / "many.ris", range(MANY))
        parse = statistics.median(seconds(lambda: ingest.read(hits)) for _ in range(ROUNDS))
        whole = link(folder / "34", hits)
        print(
            f"{MANY} records linked: {whole:.1f} s, {MANY / whole:.0f} a second, {whole / parse:.1f} times a bare parse"
        )
