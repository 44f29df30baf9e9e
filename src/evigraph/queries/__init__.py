"""Canned queries: the one package that opens the `queries` folders."""

from evigraph.queries.files import (
    FOLDERS,
    Param,
    Query,
    file,
    load,
    load_all,
    load_fitting,
    parse,
    query_files,
    sparql,
    template,
    text,
)
from evigraph.queries.rows import Ask, Cell, Table, cell, run

__all__ = [
    "FOLDERS",
    "Ask",
    "Cell",
    "Param",
    "Query",
    "Table",
    "cell",
    "file",
    "load",
    "load_all",
    "load_fitting",
    "parse",
    "query_files",
    "run",
    "sparql",
    "template",
    "text",
]
