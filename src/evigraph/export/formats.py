"""A review in the formats that others read: its graph, its tables, its publications, its flow diagram."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox

from evigraph import data, ontology
from evigraph.data import Document, direct, quads
from evigraph.errors import UsageError
from evigraph.export import bibliographies, description, flat_tables
from evigraph.export.front_matter import front_matter
from evigraph.files import statements
from evigraph.paths import SHIPPED, Workspace, find_workspace
from evigraph.reports import prisma, table_formats, workbook
from evigraph.store import EmbeddedStore

SYNTAXES = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
"""The RDF syntaxes by their names on the command line; TriG and N-Quads keep a named graph for each document."""

GRAPHS = (*SYNTAXES, "jsonld")
"""The formats that hold everything."""

FORMATS = (*GRAPHS, "csv", "xlsx", *bibliographies.FORMATS, "prisma")
"""Every format of an export, by its name on the command line."""


def export(
    documents: list[Document],
    syntax: str,
    everything: bool = False,
    raw: bool = False,
    workspace: Workspace | None = None,
    bare: bool = False,
) -> str | bytes:
    """The review in one format.

    - One of `GRAPHS`: the whole graph. Turtle, N-Triples and RDF/XML hold the union of the named graphs. JSON-LD is the
      documents themselves, framed by `ontology/context.jsonld`, which is written into the output so that nothing has to
      be fetched to read it. Besides the records there are graphs that say what they are (see `front_matter`), but for
      the queries where no workspace is given; with `bare` there are none.
    - `csv`: the findings, one a row, with what is known of their study. `raw` leaves out the guard against formulas.
    - `xlsx`: a workbook with a sheet for studies, findings, records, codes and the rest.
    - `ris`, `bibtex`, `csljson`: the reports of the included studies, or with `everything` of all studies.
    - `prisma`: the numbers of the flow as the R package PRISMA2020 takes them, by the queries of the workspace.

    Raises:
        UsageError: the format isn't one of `FORMATS`, or an option isn't for it.
    """
    if syntax not in FORMATS:
        raise UsageError(f"no export format `{syntax}`; choose one of {', '.join(FORMATS)}", syntax)
    if bare and syntax not in GRAPHS:
        raise UsageError(f"--bare is for {', '.join(GRAPHS)}; {syntax} holds records alone", syntax)
    if everything and syntax not in bibliographies.FORMATS:
        raise UsageError(f"--all is for {', '.join(bibliographies.FORMATS)}; {syntax} holds every study", syntax)
    if syntax == "csv":
        return table_formats.as_csv(flat_tables.findings(documents), raw=raw)
    if syntax == "prisma":
        store = EmbeddedStore()
        store.load(as_graph(documents, "nquads"))
        return table_formats.as_csv(prisma.diagram(workspace or find_workspace(SHIPPED), store), raw=raw)
    if raw:
        raise UsageError(f"--raw is for csv and prisma; {syntax} writes everything as it is", syntax)
    if syntax == "xlsx":
        return workbook.write(flat_tables.tables(documents))
    if syntax in bibliographies.FORMATS:
        return bibliographies.FORMATS[syntax](flat_tables.reports(documents, everything))
    return as_graph(documents, syntax) if bare else as_dump(documents, syntax, workspace)


def to_screen(documents: list[Document], syntax: str) -> str:
    """The records that wait for a decision, with their abstracts, for a screening tool.

    Raises:
        UsageError: the format is none of publications.
    """
    if syntax not in bibliographies.FORMATS:
        names = ", ".join(bibliographies.FORMATS)
        raise UsageError(f"--to-screen is for {names}; give one of them with --format", syntax)
    return bibliographies.FORMATS[syntax](flat_tables.to_screen(documents))


def as_dump(documents: list[Document], syntax: str, workspace: Workspace | None = None) -> str:
    """The documents' graph in one of `GRAPHS`, with the graphs that say what it is.

    Raises:
        QueryError: the header of a query of the workspace can't be read.
    """
    base = data.base(documents)
    nquads = quads.canonical(quads.to_quads(documents, base))
    review = next(document.content for document in documents if document.name == "review")
    front = front_matter(review, nquads, workspace) + direct.of_documents(documents, base)
    if syntax == "jsonld":
        return jsonld(documents, base, front)
    return _written("".join(f"{line}\n" for line in sorted(statements.lines(nquads + front))), syntax, base)


def as_graph(documents: list[Document], syntax: str) -> str:
    """The documents' graph in one of `GRAPHS`, and nothing else."""
    base = data.base(documents)
    if syntax == "jsonld":
        return jsonld(documents, base)
    return _written(quads.canonical(quads.to_quads(documents, base)), syntax, base)


def _written(nquads: str, syntax: str, base: str) -> str:
    if syntax == "nquads":
        return nquads
    if syntax == "ntriples":
        return "".join(
            f"{line} .\n" for line in sorted({line[: line.rindex(" <")] for line in statements.lines(nquads)})
        )
    return _serialized(nquads, SYNTAXES[syntax], base)


def _serialized(nquads: str, syntax: ox.RdfFormat, base: str) -> str:
    quads = list(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))
    statements = quads if syntax.supports_datasets else list(dict.fromkeys(quad.triple for quad in quads))
    prefixes = {**description.PREFIXES, **ontology.prefixes(), "": base}
    if syntax == ox.RdfFormat.RDF_XML:
        prefixes.pop("")
    return str(ox.serialize(statements, format=syntax, prefixes=prefixes) or b"", "utf-8")


def jsonld(documents: list[Document], base: str, front: str = "") -> str:
    """The documents as one JSON-LD text with the context inside; the graphs of `front`, N-Quads, stand after them."""
    context = {**ontology.context(), "@base": base}
    graphs = [*quads.to_jsonld(documents, base), *_expanded(front)]
    return json.dumps({"@context": context, "@graph": graphs}, ensure_ascii=False, indent=2) + "\n"


def _expanded(nquads: str) -> list[dict[str, Any]]:
    """Graphs as JSON-LD that needs no context: their words are no keys of documents."""
    found = ox.parse(nquads, format=ox.RdfFormat.N_QUADS)
    return list(json.loads(ox.serialize(found, format=ox.RdfFormat.JSON_LD) or b"[]"))
