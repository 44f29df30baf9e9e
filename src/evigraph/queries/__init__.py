"""Canned queries: the one package that opens the `queries` folders.

Modules: `build` (the graph of a workspace, and answers from it), `answers` (one state of a review and what it answers),
`reach` (which queries a change can reach), `retracted` (a review without its retracted studies), `pivots` (rows as a
table of two sides).

>>> from evigraph import queries
>>> from evigraph.paths import SHIPPED, find_workspace
>>> queries.load(find_workspace(SHIPPED), "table-3").columns
('stakeholder', 'benefit', 'sources')
"""

from evigraph.queries.parameters import WITHOUT, Param
from evigraph.queries.pivots import pivot
from evigraph.queries.query_files import (
    FOLDERS,
    Query,
    file,
    load,
    load_all,
    own_files,
    parse,
    query_files,
    sparql,
    template,
    text,
)
from evigraph.queries.rows import Cell, Listed, Table, cell
from evigraph.queries.scoping import at_hand, scoped, with_prefixes
from evigraph.queries.tables import SECONDS, Ask, attributes, gathered, offered, require_given, run

__all__ = [
    "FOLDERS",
    "SECONDS",
    "WITHOUT",
    "Ask",
    "Cell",
    "Listed",
    "Param",
    "Query",
    "Table",
    "answers",
    "at_hand",
    "attributes",
    "build",
    "cell",
    "file",
    "gathered",
    "kept",
    "load",
    "load_all",
    "offered",
    "own_files",
    "parse",
    "pivot",
    "query_files",
    "recent",
    "require_given",
    "retracted",
    "run",
    "scoped",
    "sparql",
    "template",
    "text",
    "with_prefixes",
]
