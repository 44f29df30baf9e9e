"""Sheets of coded studies: which column holds what, and what each row says about a study."""

from evigraph.ingest.extraction.coded_studies import AS_WRITTEN, MARK
from evigraph.ingest.extraction.headings import Table
from evigraph.ingest.extraction.mapping import Appraising, Attribute, Columns, Source, folded, key
from evigraph.ingest.extraction.sheet import flat

__all__ = ["AS_WRITTEN", "MARK", "Appraising", "Attribute", "Columns", "Source", "Table", "flat", "folded", "key"]
