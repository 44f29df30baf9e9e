"""The shapes, held to pySHACL: whatever is wrong with a graph, both find the same."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from evigraph import ontology
from evigraph.checks import literals, shacl_core, shapes

XSD = literals.XSD
ODD = (
    '""',
    '"seven"',
    '"a \\"quoted\\" text"@en',
    f'"7"^^<{XSD}integer>',
    f'"-1"^^<{XSD}integer>',
    f'"seven"^^<{XSD}integer>',
    f'"1E2"^^<{XSD}double>',
    f'"NaN"^^<{XSD}double>',
    f'"-INF"^^<{XSD}double>',
    f'"2020-02-30"^^<{XSD}date>',
    f'"2020-02-29"^^<{XSD}date>',
    f'"yes"^^<{XSD}boolean>',
    f'"true"^^<{XSD}boolean>',
    "<https://example.org/nowhere>",
)


def oracle(nquads: str) -> set[tuple[str, str, str]]:
    """What pySHACL finds."""
    pyshacl = pytest.importorskip("pyshacl")
    import rdflib
    from rdflib import RDF, SH

    shapes_graph, mixed = rdflib.Graph(), rdflib.Graph()
    shapes_graph.parse(ontology.FOLDER / "shapes.ttl")
    for path in ontology.vocabularies():
        mixed.parse(path, format="turtle")
    mixed.parse(data=re.sub(r"(?m) <[^<>]*> \.$", " .", nquads), format="nt")
    _, report, _ = pyshacl.validate(mixed, shacl_graph=shapes_graph, inference="none")
    keys = {key.iri: key.name for key in ontology.keys().values()}
    return {
        (
            str(report.value(result, SH.focusNode)),
            keys.get(str(report.value(result, SH.resultPath) or ""), ""),
            str(report.value(result, SH.resultMessage)),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


def mutated(nquads: str, seed: int, times: int) -> str:
    """The graph with so many of its lines gone, doubled, or with another subject, predicate or value."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    lines = nquads.splitlines()
    parts = [line.split(" ", 2) for line in lines]
    for _ in range(times):
        at, other = chance.randrange(len(parts)), chance.randrange(len(parts))
        subject, predicate, rest = parts[at]
        value, graph = rest[: rest.rindex(" <")], rest[rest.rindex(" <") :]
        elsewhere = parts[other][2]
        change = chance.randrange(6)
        if change == 0:
            lines[at] = ""
        elif change == 1:
            lines.append(f"{subject} {predicate} {elsewhere[: elsewhere.rindex(' <')]}{graph}")
        elif change == 2:
            lines[at] = f"{subject} {predicate} {chance.choice(ODD)}{graph}"
        elif change == 3:
            lines[at] = f"{parts[other][0]} {predicate} {value}{graph}"
        elif change == 4:
            lines[at] = f"{subject} {parts[other][1]} {value}{graph}"
        else:
            lines.append(f"{subject} {predicate} {chance.choice(ODD)}{graph}")
    return "".join(f"{line}\n" for line in lines if line)


def small(nquads: str) -> str:
    """A part of the review that pySHACL is done with soon: what is said of every third study, and of all else once."""
    lines = nquads.splitlines(keepends=True)
    graphs = sorted({line.rsplit(" ", 2)[1] for line in lines if "/graph/studies/" in line.rsplit(" ", 2)[1]})
    gone = set(graphs) - set(graphs[::3])
    return "".join(line for line in lines if line.rsplit(" ", 2)[1] not in gone)


@pytest.mark.parametrize("seed", range(2))
def test_both_find_the_same_in_a_broken_graph(nquads: str, seed: int) -> None:
    """Six hundred changes: hundreds of violations, of most shapes."""
    broken = mutated(small(nquads), seed, 600)
    found = set(shapes.violations(broken))
    assert found == oracle(broken)
    assert len({message for _, _, message in found}) > 40


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(10, 14))
def test_both_find_the_same_in_the_whole(nquads: str, seed: int) -> None:
    """The same at the size of the review."""
    broken = mutated(nquads, seed, 3000)
    assert set(shapes.violations(broken)) == oracle(broken)


def test_the_shipped_review_holds(nquads: str) -> None:
    """Nothing is found where nothing is wrong."""
    assert not list(shapes.violations(nquads))


def every(shape: shacl_core.Shape) -> Iterator[shacl_core.Shape]:
    """A shape, and those that its values have to hold to."""
    yield shape
    for each in shape.properties:
        yield from every(each)


def test_each_shape_says_how_to_mend_it() -> None:
    """What can fail has a message, a sentence."""
    reader = shacl_core.Reader(shacl_core.Graph(shacl_core.triples((ontology.FOLDER / "shapes.ttl").read_bytes())))
    for shape in (each for top in reader.shapes() for each in every(top) if each.tests):
        assert shape.message.endswith("."), shape


@pytest.mark.parametrize(
    "said",
    [
        "sh:targetClass ex:A ; sh:closed true",
        "sh:targetClass ex:A ; sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:minCount 1 ]",
        "sh:targetNode ex:a ; sh:nodeKind sh:IRI",
        "sh:targetClass ex:A ; sh:property [ sh:path ex:p ; sh:datatype <http://www.w3.org/2001/XMLSchema#gMonth> ]",
    ],
)
def test_a_shape_that_says_more_is_refused(said: str) -> None:
    """Nothing that a shape says is passed over."""
    turtle = f"@prefix sh: <{shacl_core.SH}> . @prefix ex: <https://example.org/> . ex:S a sh:NodeShape ; {said} ."
    reader = shacl_core.Reader(shacl_core.Graph(shacl_core.triples(turtle.encode())))
    with pytest.raises(ValueError, match="isn't known here"):
        reader.shapes()
