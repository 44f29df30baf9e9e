"""A workspace of version 0.1 made today's: its findings, its own queries and its claims, as one change."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evigraph import data
from evigraph.coding import declared
from evigraph.data import Document, quads
from evigraph.files import journal
from evigraph.linking import Plan, plan_files
from evigraph.paths import Workspace
from evigraph.updating import old_findings, old_queries
from evigraph.updating.old_findings import Findings
from evigraph.updating.old_queries import Rewritten


@dataclass
class Migrated:
    """What a migration did, or would do.

    Attributes:
        findings: what became of findings that had a direction. asks: the questions that say now what they ask.
        documents: the names of documents that change. texts: queries and claims that change, by their path below the
        workspace, with notes. requiring: queries among them that give no rows of findings without an effect.
        gone: queries that ask for terms which are no more, with these. written: the number of files written, or None if
        it was only tried.
    """

    findings: Findings
    asks: dict[str, str] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    requiring: tuple[str, ...] = ()
    gone: dict[str, tuple[str, ...]] = field(default_factory=dict)
    written: int | None = None


def migrate(workspace: Workspace, asks: tuple[str, ...], dry_run: bool) -> Migrated:
    """Make a workspace of 0.1 today's; with `dry_run` write nothing. One that is today's already stays as it is.

    `asks` tells what questions ask, each as `QUESTION=whether` or `QUESTION=what`.

    Raises:
        UsageError: `asks` can't be read. DataError: a document can't be taken as it stands, or would stand; nothing is
        written.
    """
    if dry_run:
        return _planned(workspace, asks)[0]
    with journal.locked(workspace.root):
        made, writes = _planned(workspace, asks)
        entry = journal.commit(workspace.root, "migrate", writes)
    made.written = len(entry.files)
    return made


def _planned(workspace: Workspace, asks: tuple[str, ...]) -> tuple[Migrated, dict[Path, bytes | None]]:
    """What a migration comes to, and the files that it writes."""
    documents = _unchecked(workspace)
    told = old_findings.told(documents, asks)
    texts = old_queries.own(workspace)
    counts = old_findings.begun(documents, told)
    made = Migrated(counts)
    dated = any(any(old_findings.old(each)) for each in documents) or any(map(old_queries.is_old, texts.values()))
    if not dated:
        return made, {}
    contents = _contents(documents, told, counts)
    writes = _files(workspace, documents, contents)
    found = [old_queries.rewritten(path, text) for path, text in texts.items()]
    changed: list[Rewritten] = [each for each in (*found, old_queries.claims(workspace)) if each]
    made.asks, made.documents = told, tuple(contents)
    made.texts = {workspace.relative(each.path).as_posix(): each.notes for each in changed}
    asking = {path: old_queries.gone(text) for path, text in texts.items()}
    made.gone = {workspace.relative(path).as_posix(): names for path, names in asking.items() if names}
    made.requiring = tuple(workspace.relative(each.path).as_posix() for each in changed if each.requires)
    return made, {**writes, **{each.path: each.text.encode() for each in changed}}


def _unchecked(workspace: Workspace) -> list[Document]:
    """Every document as it stands, though today's vocabulary has no `direction`."""
    files = [
        (path, path.relative_to(workspace.review).with_suffix("").as_posix()) for path in data.document_files(workspace)
    ]
    return [data.read_document(path, name) for path, name in files]


def _contents(documents: list[Document], told: dict[str, str], counts: Findings) -> dict[str, dict[str, Any]]:
    """The documents that change, by name."""
    found: dict[str, dict[str, Any]] = {}
    for each in documents:
        content = old_findings.asked(old_findings.migrated(each, counts) or each.content, told)
        if content != each.content:
            found[each.name] = content
    return found


def _files(
    workspace: Workspace, documents: list[Document], contents: dict[str, dict[str, Any]]
) -> dict[Path, bytes | None]:
    """The files of documents that change, once all of them hold to today's vocabulary and each other.

    Raises:
        DataError: the first fault, with its line in the file as it stands.
    """
    whole = [Document(e.path, e.name, contents.get(e.name, e.content), e.lines) for e in documents]
    data.check(whole, whole)
    plan = Plan(contents={name: quads.arranged(content) for name, content in contents.items()})
    declared.declare(plan, documents)
    return {plan_files.file(workspace, name): text for name, text in plan_files.files(plan, documents).items()}
