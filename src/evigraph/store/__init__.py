"""Where quads live while they are asked: in memory (`embedded`) or on a server (`remote`)."""

from evigraph.store.embedded import (
    IRI,
    EmbeddedStore,
    Literal,
    Row,
    Solutions,
    Store,
    Term,
    select,
)

__all__ = ["IRI", "EmbeddedStore", "Literal", "Row", "Solutions", "Store", "Term", "select"]
