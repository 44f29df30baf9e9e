"""OWL reasoning, where there is Java."""

from __future__ import annotations

import shutil

import pytest
from conftest import evigraph

from evigraph.checks import reasoning
from evigraph.errors import CheckFailedError, MissingPartError

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="no Java on the PATH")
NS = "https://w3id.org/evigraph/ns#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@needs_java
def test_the_ontology_is_consistent() -> None:
    """Alone, with no class that can have no member."""
    verdict = reasoning.reason()
    assert verdict.triples > 1000
    assert verdict.unsatisfiable == ()


@needs_java
def test_the_review_is_consistent_with_it(nquads: str) -> None:
    """The shipped data contradicts no axiom."""
    assert reasoning.reason(nquads).triples > 5000


@needs_java
@pytest.mark.parametrize(
    "mistake",
    [
        f"<x:f> {TYPE} <{NS}Finding> <x:g> .\n<x:f> {TYPE} <{NS}Study> <x:g> .\n",
        f"<x:f> <{NS}benefit> <x:b> <x:g> .\n<x:f> <{NS}drawback> <x:d> <x:g> .\n",
        f"<x:f> <{NS}effect> <{NS}positive> <x:g> .\n<x:f> <{NS}effect> <{NS}negative> <x:g> .\n",
        f"<x:f> <{NS}benefit> <x:b> <x:g> .\n<x:b> {TYPE} <{NS}Drawback> <x:g> .\n",
    ],
    ids=["study and finding", "benefit and drawback", "two effects", "benefit that is a drawback"],
)
def test_a_real_mistake_is_found(mistake: str) -> None:
    """The axioms are strong enough to notice."""
    with pytest.raises(CheckFailedError, match="inconsistent, says HermiT"):
        reasoning.reason(mistake)


def test_without_java_one_line_says_so(tmp_path: object) -> None:
    """The command explains what is missing."""
    ran = evigraph("reason", PATH=str(tmp_path))
    assert ran.returncode == 2
    assert ran.stderr == (
        "evigraph: reasoning needs Java, which isn't on the PATH; install a Java 11 or later runtime\n"
    )


def test_without_java_the_function_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an error of ours."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingPartError):
        reasoning.reason()
