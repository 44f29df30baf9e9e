"""Files into documents."""

from __future__ import annotations

import contextlib
import json
import os
import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evigraph import ontology
from evigraph.data import forms, languages, short
from evigraph.data.documents import Document, Trail, digest
from evigraph.data.values import VALUES
from evigraph.data.vocabulary import Vocabulary
from evigraph.errors import DataError
from evigraph.paths import Workspace, reviews, visible

if TYPE_CHECKING:
    from yaml import Node


SHARED = ("*.yaml", "codes/*.yaml", "codings/*.yaml")
"""Where the documents are that studies refer to."""


_MARK = re.compile(r"(?m)^<{7} (.*)$")
"""Where a merge of two versions of a file didn't know which holds."""


PLACES = (("", ".yaml"), ("codes", ".yaml"), ("codings", ".yaml"), ("records", ".json"), ("studies", ".yaml"))
"""The folders of a review whose files are documents, and how the names of these end."""


def document_files(workspace: Workspace) -> list[Path]:
    """The files that make the graph, sorted; hidden ones, and what is under `printed/`, are never among them.

    Raises:
        DataError: one of them is a folder, a pipe, a device or a link to nothing, or its name isn't UTF-8.
    """
    return [Path(entry.path) for _, entry in document_entries(workspace)]


def document_entries(workspace: Workspace) -> list[tuple[str, os.DirEntry[str]]]:
    """Their paths below the review's folder, with what the file system says of each.

    Raises:
        DataError: as above.
    """
    found = []
    for folder, suffix in PLACES:
        for entry in _entries(workspace.review / folder):
            if entry.name.endswith(suffix) and not entry.name.startswith("."):
                _require_file(entry)
                found.append((f"{folder}/{entry.name}" if folder else entry.name, entry))
    return sorted(found, key=lambda each: each[0].replace("/", "\0"))  # as paths are sorted


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return list(entries)
    return []


def _require_file(entry: os.DirEntry[str]) -> None:
    path = Path(entry.path) if not entry.is_file() or not entry.name.isascii() else None
    if path is None:
        return
    if not entry.is_file():
        if entry.is_symlink() and not path.exists():
            raise DataError(path, 0, "a link to a file that isn't there; bring that back, or remove the link")
        raise DataError(path, 0, "not a file; a document is one, so move this out of the review")
    if path.name != path.name.encode("utf-8", "replace").decode("utf-8", "replace"):
        raise DataError(path.parent, 0, f"a name that isn't UTF-8: {os.fsencode(path.name)!r}; rename that file")


def content_of(path: Path) -> bytes:
    """The bytes of a document.

    Raises:
        DataError: it can't be read, or went away.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(path, 0, f"{error.strerror}; make it a file that can be read") from None


def read_document(path: Path, name: str, vocabulary: Vocabulary | None = None) -> Document:
    """One document in long form, with the line of every value.

    The vocabulary is what values in short form are read by; without one, it is that of the review the file lies in.

    Raises:
        DataError: the file isn't UTF-8, isn't YAML, repeats a key, its root isn't a mapping, or a value isn't what its
            attribute takes.
    """
    found = parsed(path, name, content_of(path))
    if vocabulary is None:
        vocabulary = _beside(found) if forms.is_short(found.content) else Vocabulary()
    return lengthened(found, vocabulary)


def _beside(document: Document) -> Vocabulary:
    """The vocabulary of the review that a document's file lies in."""
    folders = (document.path.parent, document.path.parent.parent)
    folder = next((each for each in folders if (each / "review.yaml").is_file()), None)
    files = visible(folder, *SHARED) if folder else []
    return Vocabulary(parsed(path, path.stem, content_of(path)).content for path in files)


def as_written(path: Path) -> dict[str, Any]:
    """What a document holds as its file has it, its values in short form.

    Raises:
        DataError: it can't be read.
    """
    return parsed(path, path.stem, content_of(path)).content


def lengthened(document: Document, vocabulary: Vocabulary) -> Document:
    """A document as it was parsed, in long form.

    Raises:
        DataError: a value isn't what its attribute takes.
    """
    is_short = forms.is_short(document.content)
    lines = document.lines if isinstance(document.lines, dict) else None
    made = forms.lengthened(document.content, vocabulary, document.error, lines)
    return replace(document, content=made, meaning=forms.meaning(made) if is_short else "")


def parsed(path: Path, name: str, content: bytes) -> Document:
    """A document as its file has it.

    Raises:
        DataError: it isn't UTF-8, isn't YAML, holds a conflict of a merge, repeats a key, or its root isn't a mapping.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(path, line, f"byte {error.start} is not UTF-8; save the file as UTF-8") from None
    if found := _MARK.search(text):
        _, _, other = text[found.end() :].partition("\n>>>>>>>")
        whose = f"`{found[1].strip()}` and `{other.partition(chr(10))[0].strip()}`" if other else "two versions"
        line = text.count("\n", 0, found.start()) + 1
        mend = "keep what holds and remove the lines that begin with <<<<<<<, ======= and >>>>>>>"
        raise DataError(path, line, f"a merge of {whose} left its conflict here; {mend}")
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
            if key in short.BY_LANGUAGE and VALUES not in trail:
                plain = key.removesuffix("In")
                raise document.error((*trail, key), f"`{key}` is no key of a document; write `{plain}: {{en: …}}`", key)
            if found[key] is None and VALUES not in trail and _takes_records(key):
                found[key] = []
            if key in languages.TAGGED and VALUES not in trail and not isinstance(found[key], str):
                languages.part(found, key, partial(document.error, (*trail, key)))
            lines[(*trail, key)] = key_node.start_mark.line + 1
        return found
    if isinstance(node, yaml_text.SequenceNode):
        return [_construct(document, lines, item, (*trail, i)) for i, item in enumerate(node.value)]
    return yaml_text.scalar(node)


def _takes_records(key: str) -> bool:
    """Whether a key holds a list of records, of which there are none where nothing stands behind it."""
    return key in ontology.owned() and ontology.keys()[key].many


def bases(root: Path) -> dict[str, str]:
    """What the IRIs of each review of a workspace begin with, by its name; one that can't be read has none."""
    found = {}
    for review in reviews(root):
        with contextlib.suppress(DataError):
            found[review.name] = str(read_document(review / "review.yaml", "review").content.get("base"))
    return found


def twin(workspace: Workspace) -> str:
    """The name of another review of the workspace with the same base, or nothing; their records would be one."""
    if not workspace.others:
        return ""
    known = bases(workspace.root)
    mine = known.get(workspace.review.name)
    return next((name for name, base in known.items() if base == mine and name != workspace.review.name), "")
