"""Changes made in SPARQL, back into the files: graph by graph, checked as a whole, and written as one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from evigraph import checks, data, ontology
from evigraph.checks import Violation
from evigraph.data import Document, quads
from evigraph.errors import CheckFailedError, EvigraphError, LimitError
from evigraph.files import journal, statements
from evigraph.linking import Plan, plan_files
from evigraph.paths import Workspace
from evigraph.queries import build


class UnmappableError(LimitError):
    """A change that no document can hold."""


@dataclass(frozen=True)
class Saved:
    """What an update came to: the files that were written, and those that were removed, below the root."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


def save(workspace: Workspace, changed: str, fingerprint: str) -> Saved:
    """Write the documents whose graphs an update changed, if the review still holds with them.

    `changed` has each changed graph whole, as `isolation.evaluation.changed_graphs` gives it; `fingerprint` is that of
    the files that the update was made on.

    Raises:
        UnmappableError: a changed graph is no document's, or says what a document can't say.
        CheckFailedError: the files changed meanwhile, or the review would violate a check that it holds to now.
        DataError: a document would not be one.
    """
    with journal.locked(workspace.root):
        if build.fingerprint(workspace) != fingerprint:
            raise CheckFailedError("the files changed while the update was made; send it again")
        before = data.read_documents(workspace)
        base = data.base(before)
        known = {document.name: document for document in before}
        made: dict[str, Document | None] = {}
        for iri, lines in _graphs(changed).items():
            name = _name(iri, base)
            made[name] = _document(workspace, known.get(name), name, lines, base) if lines else None
        after = [d for d in before if d.name not in made] + [d for d in made.values() if d is not None]
        if not any(document.name == "review" for document in after):
            raise UnmappableError("the review itself would be gone; nothing was written")
        data.check(after, [d for d in made.values() if d is not None])
        _require_no_worse(workspace, before, after)
        plan = Plan(contents={name: document.content if document else None for name, document in made.items()})
        writes = {_path(workspace, known, name): text for name, text in plan_files.files(plan, before).items()}
        journal.commit(workspace.root, f"update {', '.join(sorted(made))[:200]}", writes)
    names = {path.relative_to(workspace.root).as_posix(): content for path, content in writes.items()}
    return Saved(
        tuple(sorted(name for name, content in names.items() if content is not None)),
        tuple(sorted(name for name, content in names.items() if content is None)),
    )


def _graphs(changed: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in statements.lines(changed):
        if line.startswith("# "):
            found[line[3:-1]] = []
        else:
            quad = next(iter(ox.parse(line, format=ox.RdfFormat.N_QUADS)))
            name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
            found.setdefault(name, []).append(f"{line}\n")
    return found


def _name(iri: str, base: str) -> str:
    start = quads.graph_iri(base, "")
    if not iri.startswith(start):
        where = f"<{iri}>" if iri else "the default graph"
        raise UnmappableError(f"{where} is no document of this review; write GRAPH <{start}studies/KEY> {{ … }}", iri)
    return iri.removeprefix(start)


def _document(workspace: Workspace, former: Document | None, name: str, lines: list[str], base: str) -> Document:
    if former is None and not (name.startswith("studies/") and data.is_name(name.removeprefix("studies/"))):
        raise UnmappableError(f"graph/{name} would be a new document; only studies/KEY can be made by an update", name)
    if former is not None:
        _require_no_comments(former)
    root = str(former.content["id"]) if former else name.replace("studies/", "study/", 1)
    text = "".join(lines)
    try:
        content = quads.to_document(text, base, root)
        path = former.path if former else workspace.review / f"{name}.yaml"
        made = Document(path, name, content)
        said = statements.lines(quads.canonical(quads.to_quads([made], base))) if content else []
        again = {f"{line}\n" for line in said}
    except (KeyError, TypeError, ValueError, EvigraphError) as error:
        raise UnmappableError(f"graph/{name} can't be written as a document: {error}", name) from None
    wanted, derived = set(lines), [f"> <{ontology.term(each)}> " for each in ("box", "prevailing")]
    wanted -= {line for line in wanted - again if any(each in line for each in derived)}  # of what it was before
    again -= {line for line in again - wanted if any(each in line for each in _follow())}  # nobody has to say them
    if again != wanted:
        odd = min(wanted ^ again)
        verb = "can't say" if odd in wanted else "would add"
        raise UnmappableError(f"a document {verb} this: {odd.strip()[:300]}; see the keys of documents", odd)
    return made


def _follow() -> list[str]:
    return [f"> <{ontology.term(each)}> " for each in ("declaredAs", "valueOf", "box", "prevailing")]


def _require_no_comments(document: Document) -> None:
    if document.path.suffix == ".yaml":
        for number, line in enumerate(document.path.read_text("utf-8").splitlines(), 1):
            if line.lstrip().startswith("# "):
                raise UnmappableError(f"{document.path.name}:{number} has a comment that would be lost; edit the file")


def _require_no_worse(workspace: Workspace, before: list[Document], after: list[Document]) -> None:
    found = checks.violations(workspace, after)
    if not found:
        return
    held = {_said(violation) for violation in checks.violations(workspace, before)}
    new = [violation for violation in found if _said(violation) not in held]
    if new:
        more = f" (and {len(new) - 1} more)" if len(new) > 1 else ""
        raise CheckFailedError(f"{_line(workspace, new[0])}{more}; nothing was written", new)


def _said(violation: Violation) -> tuple[str, str, str]:
    return violation.record, violation.key, violation.message


def _line(workspace: Workspace, violation: Violation) -> str:
    where = workspace.relative(violation.path).as_posix()
    return f"{where}: {violation.record} {violation.key}: {violation.message}"


def _path(workspace: Workspace, known: dict[str, Document], name: str) -> Path:
    return known[name].path if name in known else workspace.review / f"{name}.yaml"
