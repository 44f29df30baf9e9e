"""A review in the formats that others read: its graph, its tables, its publications, its flow diagram.

>>> from evigraph import data, export
>>> from evigraph.paths import SHIPPED, find_workspace
>>> documents = data.read_documents(find_workspace(SHIPPED))
>>> export.export(documents, "ris").splitlines()[0]
'TY  - JOUR'
"""

from evigraph.export.formats import FORMATS, GRAPHS, export

__all__ = ["FORMATS", "GRAPHS", "export"]
