"""HermiT, the OWL 2 DL reasoner that owlready2 brings along, run on Java: the one module that knows owlready2."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from evigraph.errors import CheckFailedError, MissingPartError

# The quick compiler alone: most of what is asked is over within a second, in which the thorough one never pays.
JAVA = ("java", "-Xmx2000M", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
MAIN = "org.semanticweb.HermiT.cli.CommandLine"
INCONSISTENT = "Inconsistent ontology"


def first_inconsistent(texts: Iterable[bytes]) -> int | None:
    """The index of the first of these ontologies, each as N-Triples, that is inconsistent; none if all are consistent.

    Java starts once for all of them, which costs most of a second; an ontology of ours costs a twentieth of that more.

    Raises:
        MissingPartError: there is no Java. CheckFailedError: HermiT can't finish.
    """
    asked = list(texts)
    said = _run(asked, "-k")
    judged = said.count(" is satisfiable.")
    if INCONSISTENT not in said and judged < len(asked):
        raise CheckFailedError(f"HermiT judged {judged} of {len(asked)} graphs: {said.strip()[-300:]}")
    return judged if INCONSISTENT in said else None


def unsatisfiable(text: bytes) -> list[str] | None:
    """The IRIs of the classes of an ontology, as N-Triples, that can have no member; none if it is inconsistent itself.

    Raises:
        MissingPartError: there is no Java. CheckFailedError: HermiT can't finish.
    """
    said = _run([text], "-k", "-U", "-N")
    found = re.findall(r"(?m)^\t<?([^<>\s]+)>?$", said)
    return (
        None if INCONSISTENT in said else sorted({iri for iri in found if not iri.endswith(("#Nothing", ":Nothing"))})
    )


def memberships(text: bytes) -> list[tuple[str, str]] | None:
    """Every member and class that follow from an ontology, as N-Triples, sorted; none if it is inconsistent.

    Raises:
        MissingPartError: there is no Java. CheckFailedError: HermiT can't finish.
    """
    said = _run([text], "-c", "-I")
    if INCONSISTENT in said:
        return None
    above: dict[str, set[str]] = {}
    direct: list[tuple[str, str]] = []
    for kind, inside in re.findall(r"(?m)^(\w+)\( ((?:<[^>]+>\s*)+) \)$", said):
        iris = re.findall(r"<([^>]+)>", inside)
        if kind == "SubClassOf":
            above.setdefault(iris[0], set()).add(iris[1])
        elif kind == "EquivalentClasses":
            for each in iris:
                above.setdefault(each, set()).update(iris)
        elif kind == "Type":
            direct.append((iris[0], iris[1]))

    @cache
    def closed(name: str) -> frozenset[str]:
        seen, open_ = {name}, [name]
        while open_:
            new = above.get(open_.pop(), set()) - seen
            seen |= new
            open_ += new
        return frozenset(seen)

    return sorted({(member, each) for member, name in direct for each in closed(name)})


def _run(texts: list[bytes], *actions: str) -> str:
    if shutil.which(JAVA[0]) is None:
        raise MissingPartError("reasoning needs Java, which isn't on the PATH; install a Java 11 or later runtime")
    home = Path(str(files("owlready2"))) / "hermit"  # without importing it, which takes a while
    places = os.pathsep.join([str(home), str(home / "HermiT.jar")])  # what owlready2 changed of HermiT comes first
    with tempfile.TemporaryDirectory(prefix="evigraph-") as folder:
        paths = [Path(folder) / f"{i}.nt" for i in range(len(texts))]
        for file, text in zip(paths, texts, strict=True):
            file.write_bytes(text)
        command = [*JAVA, "-cp", places, MAIN, *actions, *(file.as_uri() for file in paths)]
        ran = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no shell, and files of our own
    said = ran.stdout.decode("utf-8", "replace")
    errors = ran.stderr.decode("utf-8", "replace")
    if (ran.returncode or "hermit --help" in said + errors) and INCONSISTENT not in errors:
        lines = errors.strip().splitlines() or [f"exit code {ran.returncode}"]
        raise CheckFailedError(f"HermiT could not finish: {lines[0][:300]}")
    return said + errors
