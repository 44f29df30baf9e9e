r"""Where quads live while they are asked: in memory (`embedded`), or on a server (`remote`).

`sandbox` is for the queries of strangers, `timed` for those of a workspace's own.

>>> from evigraph.store import EmbeddedStore, select
>>> store = EmbeddedStore()
>>> store.load("<https://example.org/a> <https://example.org/b> \"c\" .")
>>> [row[0].value for row in select(store, "SELECT ?o { ?s ?p ?o }").rows]
['c']
"""

from evigraph.store.embedded import IRI, EmbeddedStore, Literal, Row, Solutions, Store, Term, select

__all__ = [
    "IRI",
    "EmbeddedStore",
    "Literal",
    "Row",
    "Solutions",
    "Store",
    "Term",
    "remote",
    "sandbox",
    "select",
    "timed",
]
