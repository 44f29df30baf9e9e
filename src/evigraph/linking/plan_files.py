"""A plan as documents, and as the files that it writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evigraph import data
from evigraph.data import Document
from evigraph.linking.plans import Plan
from evigraph.paths import Workspace

Files = dict[str, bytes | None]
"""What the files of new and changed documents hold, by the document's name; None removes one."""


def files(made: Plan) -> Files:
    """The plan's documents as their files will hold them; YAML is slow to write, so it is written once."""
    return {name: _text(name, each) for name, each in made.contents.items()}


def merged(workspace: Workspace, documents: list[Document], made: Plan, texts: Files) -> list[Document]:
    """The documents as they would be, checked.

    Raises:
        DataError: a document can't be taken as it would stand.
    """
    kept = [document for document in documents if document.name not in made.contents]
    new = []
    for name, content in made.contents.items():
        if content is not None:
            path = file(workspace, name)
            new.append(Document(path, name, content, digest=data.digest(path, texts[name] or b"")))
    found = sorted([*kept, *new], key=lambda document: document.name)
    data.check(found, new)
    return found


def file(workspace: Workspace, name: str) -> Path:
    """The file of a document."""
    return workspace.review / f"{name}{'.json' if name.startswith('records/') else '.yaml'}"


def _text(name: str, content: dict[str, Any] | None) -> bytes | None:
    if content is None:
        return None
    return (data.dump_records(content) if name.startswith("records/") else data.dump(content)).encode()
