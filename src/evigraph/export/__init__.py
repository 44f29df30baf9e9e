"""A review in the formats that others read: its graph, its tables, its publications, its flow diagram.

Modules: `description` and `query_graph` (what a dump says of itself, and which questions it brings along).

>>> from evigraph import data, export
>>> from evigraph.paths import SHIPPED, find_workspace
>>> documents = data.read_documents(find_workspace(SHIPPED))
>>> export.export(documents, "ris").splitlines()[0]
'TY  - JOUR'
"""

from evigraph.export.formats import FORMATS, GRAPHS, export, to_screen
from evigraph.export.front_matter import GRAPHS as FRONT
from evigraph.export.front_matter import front_matter, verified

__all__ = [
    "FORMATS",
    "FRONT",
    "GRAPHS",
    "description",
    "export",
    "front_matter",
    "query_graph",
    "to_screen",
    "verified",
]
