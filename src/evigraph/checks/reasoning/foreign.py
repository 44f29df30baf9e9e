"""A graph that isn't made from the documents: a file in any format of RDF."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from evigraph.errors import DataError


def nquads(path: Path) -> str:
    """The N-Quads of a file in RDF, whose format its name's ending tells: nq, nt, ttl, trig, rdf, jsonld.

    Nothing that the file names is fetched.

    Raises:
        DataError: it can't be read, its ending is none of these, or it isn't of that format.
    """
    syntax = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if syntax is None:
        raise DataError(path, 0, "no format of RDF is known by this ending; use nq, nt, ttl, trig, rdf or jsonld")
    try:
        return str(
            ox.serialize(ox.parse(path.read_bytes(), format=syntax), format=ox.RdfFormat.N_QUADS) or b"", "utf-8"
        )
    except OSError as error:
        raise DataError(path, 0, f"{error.strerror}; give a file that can be read") from None
    except (SyntaxError, ValueError) as error:
        raise DataError(path, int(getattr(error, "lineno", 0) or 0), f"{error}; mend the syntax there") from None
