"""A plan as documents, and as the files that it writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evigraph import data
from evigraph.data import Document, Vocabulary
from evigraph.linking.model import Plan
from evigraph.paths import Workspace

Files = dict[str, bytes | None]
"""What the files of new and changed documents hold, by the document's name; None removes one."""


def files(made: Plan, documents: list[Document]) -> Files:
    """The plan's documents as their files will hold them; YAML is slow to write, so it is written once.

    With them, those of whose values in short form the plan would make something else: they are written anew.
    """
    contents = {each.name: each.content for each in documents} | made.contents
    shared = [contents[name] for name in sorted(contents) if data.is_shared(name)]
    later = Vocabulary(content for content in shared if content is not None)
    disturbed = data.vocabulary(documents).disturbed(later) if any(map(data.is_shared, made.contents)) else set()
    others = [each for each in documents if each.meaning and each.name not in made.contents] if disturbed else []
    anew = {each.name: each.content for each in others if data.forms.attributes(each.content) & disturbed}
    texts = {name: _text(name, each, later) for name, each in made.contents.items()}
    paths = {each.name: each.path for each in documents}
    written = {name: _text(name, each, later) for name, each in anew.items()}
    return texts | {name: text for name, text in written.items() if text != data.content_of(paths[name])}


def merged(workspace: Workspace, documents: list[Document], made: Plan, texts: Files) -> list[Document]:
    """The documents as they would be, checked.

    Raises:
        DataError: a document can't be taken as it would stand.
    """
    kept = [document for document in documents if document.name not in texts]
    new = []
    for name, text in texts.items():
        if text is not None:
            path = file(workspace, name)
            content = made.contents.get(name) or next(each.content for each in documents if each.name == name)
            meaning = data.forms.meaning(content) if data.forms.attributes(content) else ""
            new.append(Document(path, name, content, digest=data.digest(path, text), meaning=meaning))
    found = sorted([*kept, *new], key=lambda document: document.name)
    data.check(found, new)
    return found


def file(workspace: Workspace, name: str) -> Path:
    """The file of a document."""
    return workspace.review / f"{name}{'.json' if name.startswith('records/') else '.yaml'}"


def _text(name: str, content: dict[str, Any] | None, vocabulary: Vocabulary) -> bytes | None:
    if content is None:
        return None
    return (data.dump_records(content) if name.startswith("records/") else data.dump(content, vocabulary)).encode()
