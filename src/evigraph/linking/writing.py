"""A plan as documents, and as the files that it writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evigraph import data
from evigraph.data import Document
from evigraph.linking.planning import Plan
from evigraph.paths import Workspace


def merged(workspace: Workspace, documents: list[Document], made: Plan) -> list[Document]:
    """The documents as they would be, checked.

    Raises:
        DataError: a document can't be taken as it would stand.
    """
    kept = [document for document in documents if document.name not in made.contents]
    new = [_document(workspace, name, each) for name, each in made.contents.items() if each is not None]
    found = sorted([*kept, *new], key=lambda document: document.name)
    data.check(found, new)
    return found


def _document(workspace: Workspace, name: str, content: dict[str, Any]) -> Document:
    path = file(workspace, name)
    return Document(path, name, content, digest=data.digest(path, _text(name, content) or b""))


def file(workspace: Workspace, name: str) -> Path:
    """The file of a document."""
    return workspace.review / f"{name}{'.json' if name.startswith('records/') else '.yaml'}"


def writes(workspace: Workspace, made: Plan) -> dict[Path, bytes | None]:
    """The files that the plan writes, with their content."""
    return {file(workspace, name): _text(name, each) for name, each in made.contents.items()}


def _text(name: str, content: dict[str, Any] | None) -> bytes | None:
    if content is None:
        return None
    return (data.dump_records(content) if name.startswith("records/") else data.dump(content)).encode()
