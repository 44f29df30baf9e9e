"""Files into documents; what was read and checked once is taken from the cache by its content."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evigraph.data import integrity, languages, short
from evigraph.data.documents import Document, LaterLines, Trail, digest, nodes
from evigraph.errors import DataError
from evigraph.files import cache
from evigraph.paths import Workspace, visible

if TYPE_CHECKING:
    from yaml import Node


def document_files(workspace: Workspace) -> list[Path]:
    """The files that make the graph, sorted; hidden ones, and what is under `printed/`, are never among them.

    Raises:
        DataError: one of them is a folder, a pipe, a device or a link to nothing, or its name isn't UTF-8.
    """
    found = visible(workspace.review, "*.yaml", "studies/*.yaml", "records/*.json")
    for path in found:
        if not path.is_file():
            if path.is_symlink() and not path.exists():
                raise DataError(path, 0, "a link to a file that isn't there; bring that back, or remove the link")
            raise DataError(path, 0, "not a file; a document is one, so move this out of the review")
        if path.name != path.name.encode("utf-8", "replace").decode("utf-8", "replace"):
            raise DataError(path.parent, 0, f"a name that isn't UTF-8: {os.fsencode(path.name)!r}; rename that file")
    return found


def content_of(path: Path) -> bytes:
    """The bytes of a document.

    Raises:
        DataError: it can't be read, or went away.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(path, 0, f"{error.strerror}; make it a file that can be read") from None


def read_document(path: Path, name: str) -> Document:
    """One document, with the line of every value.

    Raises:
        DataError: the file isn't UTF-8, isn't YAML, repeats a key, or its root isn't a mapping.
    """
    return _parsed(path, name, content_of(path))


def _parsed(path: Path, name: str, content: bytes) -> Document:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(path, line, f"byte {error.start} is not UTF-8; save the file as UTF-8") from None
    made = _read_json(path, name, text) if path.suffix == ".json" else _read_yaml(path, name, text)
    made.digest = digest(path, content)
    return made


def _read_yaml(path: Path, name: str, text: str) -> Document:
    lines: dict[Trail, int] = {}
    document = Document(path, name, {}, lines)
    from evigraph.files import yaml_text  # importing yaml takes longer than asking a canned query

    try:
        root = yaml_text.compose(text)
        if not isinstance(root, yaml_text.MappingNode):
            raise DataError(path, 1, "the document is not a mapping; write `key: value` lines")
        document.content = _construct(document, lines, root, ())
    except yaml_text.YAMLError as error:
        problem = yaml_text.problem(error)
        raise DataError(path, yaml_text.line(error), f"YAML: {problem}; mend the syntax there") from None
    except RecursionError:
        raise DataError(path, 1, "YAML: nested too deeply; flatten it") from None
    return document


def _read_json(path: Path, name: str, text: str) -> Document:
    """A document in JSON, which holds records by the thousand; YAML would take ten times as long."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError(f"a key of `{found.get('id', 'a mapping')}` stands twice; keep one")
        return found

    try:
        content = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise DataError(path, getattr(error, "lineno", 1), f"JSON: {error}; mend the syntax there") from None
    if not isinstance(content, dict):
        raise DataError(path, 1, "the document is not a mapping; write an object")
    # One record a line, as `dump_records` writes them: that tells the line of each without a slower parser.
    lines: dict[Trail, int] = {(): 1}
    for i, _ in enumerate(content["records"] if isinstance(content.get("records"), list) else []):
        lines["records", i] = i + 2
    return Document(path, name, content, lines)


def _construct(document: Document, lines: dict[Trail, int], node: Node, trail: Trail) -> Any:
    from evigraph.files import yaml_text

    lines[trail] = node.start_mark.line + 1
    if isinstance(node, yaml_text.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            lines[(*trail, key)] = key_node.start_mark.line + 1
            if key in found:
                raise document.error((*trail, key), f"key `{key}` stands twice; keep one", key)
            found[key] = _construct(document, lines, value_node, (*trail, key))
            if key in short.BY_LANGUAGE:
                plain = key.removesuffix("In")
                raise document.error((*trail, key), f"`{key}` is no key of a document; write `{plain}: {{en: …}}`", key)
            if key in languages.TAGGED and not isinstance(found[key], str):
                languages.part(found, key, partial(document.error, (*trail, key)))
            lines[(*trail, key)] = key_node.start_mark.line + 1
        return found
    if isinstance(node, yaml_text.SequenceNode):
        return [_construct(document, lines, item, (*trail, i)) for i, item in enumerate(node.value)]
    return yaml_text.scalar(node)


def read_documents(workspace: Workspace, cache_of: Workspace | None = None) -> list[Document]:
    """Every document of the workspace, read and checked against the vocabulary and each other.

    `cache_of` is another workspace whose cache serves: that of which this one is a copy that won't stay.

    Raises:
        DataError: the first fault found, with file, line, key and mend.
    """
    review = workspace.review
    files = [(path, path.relative_to(review).with_suffix("").as_posix()) for path in document_files(workspace)]
    contents = [content_of(path) for path, _ in files]
    digests = [digest(path, content) for (path, _), content in zip(files, contents, strict=True)]
    kept = cache.values(cache_of or workspace, "documents", digests)
    documents, new = [], []
    for place, content, known in zip(files, contents, digests, strict=True):
        document = _kept(*place, known, kept.get(known))
        if document is None:
            document = _parsed(*place, content)
            new.append(document)
        documents.append(document)
    integrity.check(documents, new)
    made = {document.digest: _text(document) for document in new}
    cache.remember(cache_of or workspace, "documents", made, None if cache_of else digests)
    _prefer([d for d in documents if d.name == "review" or 'In": {' in (kept.get(d.digest) or made.get(d.digest, ""))])
    return documents


def _prefer(documents: list[Document]) -> None:
    """Let the plain texts be those in the review's language, where it states one and they have it."""
    review = next((each.content for each in documents if each.name == "review"), {})
    language = str(review.get("language", "")).lower()
    for document in documents if language else ():
        changed = False
        for _, record in nodes(document.content):
            for key, tagged in languages.TAGGED.items():
                text = record.get(tagged, {}).get(language)
                if isinstance(text, str) and text != record[key]:
                    record[key], changed = text, True
        if changed:  # what is kept of the document under its digest has another plain text
            document.digest = cache.key("language", document.digest, language)


def _text(document: Document) -> str:
    """What is kept of a document that was checked; JSON gives back every value as it was."""
    return json.dumps([document.content, *(document.named or integrity.named(document))])


def _kept(path: Path, name: str, known: str, text: str | None) -> Document | None:
    """A document as it was kept: it holds to the vocabulary, for it was checked before."""
    try:
        content, ids, references = json.loads(text or "")
    except (ValueError, TypeError):
        return None
    lines = LaterLines(lambda: read_document(path, name).lines)
    return Document(path, name, content, lines, known, (ids, references))
