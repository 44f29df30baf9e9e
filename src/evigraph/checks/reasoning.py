"""OWL reasoning over the ontology and the data: the one module that knows owlready2."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from evigraph import ontology
from evigraph.errors import CheckFailedError, MissingPartError


@dataclass(frozen=True)
class Verdict:
    """What a reasoner found.

    Attributes:
        triples: how many the reasoner was given. unsatisfiable: classes that can have no member.
    """

    triples: int
    unsatisfiable: tuple[str, ...]


def reason(nquads: str = "", annotations: bool = False) -> Verdict:
    """Ask HermiT, which owlready2 bundles, whether the ontology is consistent, with the data if given.

    Texts and numbers are left out of the data unless `annotations` is set: they can contradict nothing but their own
    datatypes, which SHACL checks, and cost the reasoner most of its time.

    Raises:
        MissingPartError: there is no Java. CheckFailedError: the ontology is inconsistent.
    """
    if shutil.which("java") is None:
        raise MissingPartError("reasoning needs Java, which isn't on the PATH; install a Java 11 or later runtime")
    data = nquads if annotations else re.sub(r'(?m)^.*".*\n', "", nquads)
    triples = {quad.triple for quad in ox.parse(data, format=ox.RdfFormat.N_QUADS)}
    triples |= {quad.triple for quad in _ontology()}
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "evigraph.nt"
        path.write_bytes(text)
        return Verdict(len(triples), tuple(_unsatisfiable(path)))


def _ontology() -> list[ox.Quad]:
    turtle = next(path for path in ontology.files() if path.name == "evigraph.ttl")
    return list(ox.parse(turtle.read_bytes(), format=ox.RdfFormat.TURTLE))


def _unsatisfiable(path: Path) -> list[str]:
    import owlready2

    world = owlready2.World()
    loaded = world.get_ontology(path.as_uri()).load()
    try:
        with loaded:
            owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        raise CheckFailedError("inconsistent, says HermiT: no world can satisfy these statements") from None
    except owlready2.OwlReadyJavaError as error:
        line = str(error).strip().splitlines()[-1]
        raise CheckFailedError(f"HermiT could not finish: {line}") from None
    return sorted(found.iri for found in world.inconsistent_classes() if found is not owlready2.Nothing)
