"""The documents of a review: the one package that opens the `data` folder.

Modules: `quads` (documents to a graph and back), `versions` (where a version of a review comes from), `codings`,
`coded_fields` and `coded_attributes` (what each coder made of the text), `judgements` and `screeners` (what two of them
said of the same), `forms` (a file's short form and the long one that all others work on), `short` (what documents leave
out because it follows), `values` (those of attributes), `crosswalks` (what of one review is what of another),
`outcomes` (what became of a record).

>>> from evigraph import data
>>> from evigraph.paths import SHIPPED, find_workspace
>>> documents = data.read_documents(find_workspace(SHIPPED))
>>> data.base(documents)
'https://w3id.org/evigraph/micro-credentials/'
"""

from evigraph.data.documents import Document, Trail, base, digest, included, is_name, nodes
from evigraph.data.integrity import check, named, references, trail_key
from evigraph.data.kept_documents import read_documents, read_some
from evigraph.data.review_files import as_written, bases, content_of, document_files, read_document, twin
from evigraph.data.vocabulary import Attribute, Vocabulary, is_shared, vocabulary
from evigraph.data.written import dump, dump_records

__all__ = [
    "Attribute",
    "Document",
    "Trail",
    "Vocabulary",
    "as_written",
    "base",
    "bases",
    "check",
    "code_words",
    "coded_attributes",
    "coded_fields",
    "codings",
    "content_of",
    "crosswalks",
    "digest",
    "direct",
    "document_files",
    "dump",
    "dump_records",
    "file_digests",
    "forms",
    "included",
    "is_name",
    "is_shared",
    "judgements",
    "named",
    "nodes",
    "outcomes",
    "quads",
    "read_document",
    "read_documents",
    "read_some",
    "references",
    "screeners",
    "short",
    "trail_key",
    "twin",
    "values",
    "versions",
    "vocabulary",
]
