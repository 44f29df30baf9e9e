"""Other formats to records and study documents: the one package that opens the `ingest` folder.

It tells a file's format by its content, takes it apart with a library, and turns its fields into our keys by the
recipe of that format. What a file holds is counted apart from what was read: nothing is lost without a word.

Inside: `formats` (texts of reference managers and databases), `tables` (CSV and workbooks), `fields` (single values),
`extraction` (sheets of coded studies), and `files`, which reads any of them.
"""

from evigraph.ingest.declared import Code, Scheme, Tool
from evigraph.ingest.files import read, view
from evigraph.ingest.model import Batch, Decision, Extract, Grouped, Judged, Measured, Record, Rejected, Said, Statement

__all__ = [
    "Batch",
    "Code",
    "Decision",
    "Extract",
    "Grouped",
    "Judged",
    "Measured",
    "Record",
    "Rejected",
    "Said",
    "Scheme",
    "Statement",
    "Tool",
    "decisions",
    "extraction",
    "fields",
    "prisma_csv",
    "read",
    "recipes",
    "records",
    "view",
]
