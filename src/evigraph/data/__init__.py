"""The documents of a review: the one package that opens the `data` folder."""

from evigraph.data.checking import check, references, trail_key
from evigraph.data.documents import (
    Document,
    Trail,
    base,
    digest,
    dump,
    dump_records,
    is_name,
    nodes,
)
from evigraph.data.reading import document_files, read_document, read_documents

__all__ = [
    "Document",
    "Trail",
    "base",
    "check",
    "digest",
    "document_files",
    "dump",
    "dump_records",
    "is_name",
    "nodes",
    "read_document",
    "read_documents",
    "references",
    "trail_key",
]
