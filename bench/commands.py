"""What commands take, as whole processes, on generated reviews of coded studies: absolute figures beside their growth.

Run it by hand: `python bench/commands.py 34 1000 10000`. Of each command the processor time (user and system), the time
that passes and the peak of memory, beside `git status` and a bare Python on the same files.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import reviews

RIS = "TY  - JOUR\nAU  - Newman, Ann\nTI  - A wholly new study of warnings\nPY  - 2024\nDO  - 10.5555/new.1\nER  - \n"
BARE = "import sys; from evigraph.cli import main; sys.argv[0] = 'evigraph'; main()"


class Cost(NamedTuple):
    """What a process took: seconds of processor, seconds that passed, and megabytes at most."""

    cpu: float
    wall: float
    peak: float


def cost(arguments: list[str], folder: Path) -> Cost:
    """Run a process to its end."""
    start = time.perf_counter()
    child = subprocess.Popen(arguments, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    _, _, used = os.wait4(child.pid, 0)
    child.returncode = 0
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / 1000)


def measured(studies: int, folder: Path) -> dict[str, Cost]:
    """The costs of every command on a review of so many studies."""
    reviews.write(folder, studies)
    changed = folder / "data" / "generated" / "studies" / "author-7.yaml"
    (folder / "one.ris").write_text(RIS, "utf-8")
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    for step in (["init", "-q"], ["add", "data"], ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"]):
        cost(["git", *step], folder)
    time.sleep(2.1)  # a file that was written just now is read again

    def run(*words: str) -> Cost:
        return cost([sys.executable, "-c", BARE, *words], folder)

    def after(number: int, *words: str) -> Cost:
        text = changed.read_text("utf-8")
        changed.write_text(text.replace("year: ", f"year: {number}", 1), "utf-8")
        found = run(*words)
        changed.write_text(text, "utf-8")
        run("run", "directions")
        return found

    found = {"python -c pass": cost([sys.executable, "-c", "pass"], folder)}
    found["run directions, cold"] = run("run", "directions")
    found["run directions, warm"] = min(run("run", "directions") for _ in range(3))
    found["run directions, one file changed"] = after(1, "run", "directions")
    found["check, cold"] = run("check")
    found["check, repeated"] = min(run("check") for _ in range(3))
    found["check, one file changed"] = after(2, "check")
    found["trace directions 1 studies"] = run("trace", "directions", "1", "studies")
    found["ask RQ1, first"] = run("ask", "RQ1")
    found["ask RQ1, repeated"] = run("ask", "RQ1")
    found["link one record, first"] = run("link", "one.ris", "--dry-run")
    found["link one record, again"] = run("link", "one.ris", "--dry-run")
    changed.write_text(changed.read_text("utf-8") + "# one more\n", "utf-8")
    found["git status, one file changed"] = min(cost(["git", "status", "--short"], folder) for _ in range(3))
    return found


def main(sizes: list[int]) -> None:
    """Measure at each size, and print a table in Markdown."""
    every = {}
    for studies in sizes:
        with tempfile.TemporaryDirectory() as folder:
            every[studies] = measured(studies, Path(folder))
    print("| whole process |", " | ".join(f"{studies:,} studies" for studies in sizes), "| growth |")
    print("|---|", "---|" * (len(sizes) + 1), sep="")
    for what in every[sizes[0]]:
        costs = [every[studies][what] for studies in sizes]
        cells = [f"{each.cpu:.2f} s · {each.wall:.2f} s · {each.peak:,.0f} MB" for each in costs]
        print(f"| {what} |", " | ".join(cells), f"| {costs[-1].cpu / max(costs[0].cpu, 0.01):.1f} |")


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [34, 1000])
