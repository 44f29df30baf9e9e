"""The documents of a review: the one module that opens the `data` folder."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evigraph import ontology
from evigraph.errors import DataError
from evigraph.paths import Workspace

if TYPE_CHECKING:
    from yaml import Node

Trail = tuple[str | int, ...]
"""The keys and indexes that lead from a document's root to a value."""


@dataclass
class Document:
    """One file of the review.

    Attributes:
        path: the file. name: its path below the review's folder without the suffix, such as `studies/mah-2016`.
        content: the root mapping. lines: the line of each value, counted from 1, by its trail.
    """

    path: Path
    name: str
    content: dict[str, Any]
    lines: dict[Trail, int] = field(repr=False, default_factory=dict)

    def error(self, trail: Trail, message: str, value: object = None) -> DataError:
        """An error at that value of this document."""
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return DataError(self.path, self.lines.get(trail, 1), message, value)


def document_files(workspace: Workspace) -> list[Path]:
    """The files that make the graph, sorted; what is under `printed/` is never among them.

    Raises:
        DataError: one of them is a pipe, a device or a folder, which can't be read as a document.
    """
    review = workspace.review
    found = sorted([*review.glob("*.yaml"), *review.glob("studies/*.yaml"), *review.glob("records/*.json")])
    for path in found:
        if not path.is_file():
            raise DataError(path, 0, "not a file; a document is one, so move this out of the review")
    return found


def read_document(path: Path, name: str) -> Document:
    """One document, with the line of every value.

    Raises:
        DataError: the file isn't UTF-8, isn't YAML, repeats a key, or its root isn't a mapping.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DataError(path, line, f"byte {error.start} is not UTF-8; save the file as UTF-8") from None
    if path.suffix == ".json":
        return _read_json(path, name, text)
    document = Document(path, name, {})
    from evigraph import yamltext  # importing yaml takes longer than asking a canned query

    try:
        root = yamltext.compose(text)
    except yamltext.YAMLError as error:
        raise DataError(path, yamltext.line(error), f"YAML: {yamltext.problem(error)}; mend the syntax there") from None
    if not isinstance(root, yamltext.MappingNode):
        raise DataError(path, 1, "the document is not a mapping; write `key: value` lines")
    document.content = _construct(document, root, ())
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


def dump_records(content: dict[str, Any]) -> str:
    """A search as JSON: its own keys on the first line, then one record a line."""
    head = json.dumps({**content, "records": []}, ensure_ascii=False)
    rows = ",\n".join(json.dumps(record, ensure_ascii=False) for record in content["records"])
    return f"{head.removesuffix('[]}')}[\n{rows}\n]}}\n"


def _construct(document: Document, node: Node, trail: Trail) -> Any:
    from evigraph import yamltext

    document.lines[trail] = node.start_mark.line + 1
    if isinstance(node, yamltext.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            document.lines[(*trail, key)] = key_node.start_mark.line + 1
            if key in found:
                raise document.error((*trail, key), f"key `{key}` stands twice; keep one", key)
            found[key] = _construct(document, value_node, (*trail, key))
            document.lines[(*trail, key)] = key_node.start_mark.line + 1
        return found
    if isinstance(node, yamltext.SequenceNode):
        return [_construct(document, item, (*trail, i)) for i, item in enumerate(node.value)]
    return yamltext.scalar(node)


def dump(content: dict[str, Any]) -> str:
    """A document's content as the YAML text that `read_document` reads back."""
    from evigraph import yamltext

    return yamltext.dump(content)


def read_documents(workspace: Workspace) -> list[Document]:
    """Every document of the workspace, read and checked against the vocabulary and each other.

    Raises:
        DataError: the first fault found, with file, line, key and mend.
    """
    review = workspace.review
    documents = [
        read_document(path, path.relative_to(review).with_suffix("").as_posix()) for path in document_files(workspace)
    ]
    check(documents, documents)
    return documents


def check(documents: list[Document], new: list[Document]) -> None:
    """Hold documents to the vocabulary and each other; only the new ones to the vocabulary.

    Raises:
        DataError: the first fault found, with file, line, key and mend.
    """
    for document in new:
        _check_mapping(document, document.content, ())
    _check_identities(documents)


def is_name(text: str) -> bool:
    """Whether a text can be a file's name here: letters, digits, hyphens and underscores, and not too many."""
    return re.fullmatch(r"[^\W_][\w-]{0,99}", text) is not None


def base(documents: list[Document]) -> str:
    """The base IRI of the review's instances, which `review.yaml` sets.

    Raises:
        DataError: `review.yaml` has no absolute `base`.
    """
    review = next((document for document in documents if document.name == "review"), None)
    if review is None:
        raise DataError(Path("review.yaml"), 0, "there is no such document; a review needs it for its base")
    found = review.content.get("base")
    if not isinstance(found, str) or not re.match(r"https?://[^\s<>\"{}|\\^`]+[/#]$", found):
        raise review.error(("base",), f"base `{found}` is not an absolute IRI that ends in / or #", found)
    return found


def nodes(content: dict[str, Any], trail: Trail = ()) -> Iterator[tuple[Trail, dict[str, Any]]]:
    """Every mapping of a document with its trail, the root first."""
    yield trail, content
    for key, value in content.items():
        for i, item in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(item, dict):
                yield from nodes(item, (*trail, key, i) if isinstance(value, list) else (*trail, key))


def _check_mapping(document: Document, mapping: dict[str, Any], trail: Trail) -> None:
    for key in ("id", "type"):
        if not isinstance(mapping.get(key), str):
            raise document.error(trail, f"`{key}` is missing here; give every record an `id` and a `type`", key)
    _check_name(document, (*trail, "type"), mapping["type"], ontology.class_names(), "type")
    if not re.fullmatch(r"[^\s<>\"{}|\\^`:]+", mapping["id"]):
        raise document.error((*trail, "id"), f"id `{mapping['id']}` can't be part of an IRI; use a-z, 0-9, - and /")
    known = ontology.keys()
    for name, value in mapping.items():
        if name in {"id", "type"}:
            continue
        if (entry := known.get(name)) is None:
            raise _unknown(document, (*trail, name), name, set(known), "key")
        _check_value(document, entry, value, (*trail, name))


def _check_name(document: Document, trail: Trail, value: str, allowed: set[str], what: str) -> None:
    if value not in allowed:
        raise _unknown(document, trail, value, allowed, what)


def _unknown(document: Document, trail: Trail, value: str, allowed: set[str], what: str) -> DataError:
    near = difflib.get_close_matches(value, sorted(allowed), 1)
    mend = f"did you mean `{near[0]}`?" if near else f"see docs/documents.md for the {what}s there are"
    return document.error(trail, f"unknown {what} `{value}`; {mend}", value)


def _check_value(document: Document, key: ontology.Key, value: Any, trail: Trail) -> None:
    if key.many:
        if not isinstance(value, list):
            raise document.error(trail, f"`{key.name}` is a list; write `- ` before each item", value)
        for i, item in enumerate(value):
            _check_item(document, key, item, (*trail, i))
    else:
        _check_item(document, key, value, trail)


def _check_item(document: Document, key: ontology.Key, item: Any, trail: Trail) -> None:
    owned = key.name in ontology.frame()["owned"]
    if owned and isinstance(item, dict):
        return _check_mapping(document, item, trail)
    if owned:
        raise document.error(trail, f"`{key.name}` holds a record with its own keys, not `{item}`", item)
    wanted: dict[str, tuple[type, ...]] = {"integer": (int,), "decimal": (int, float)}
    if not isinstance(item, wanted.get(key.kind, (str,))):
        noun = {"integer": "a whole number", "decimal": "a number"}.get(key.kind, "text (quote it)")
        shown = "a mapping" if isinstance(item, dict) else "a list" if isinstance(item, list) else f"`{item}`"
        raise document.error(trail, f"`{key.name}` is {noun}, not {shown}", item)
    if key.kind == "code":
        _check_name(document, trail, str(item), set(ontology.codes(key.name)), f"code of `{key.name}`")
    if key.kind == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", str(item)):
        raise document.error(trail, f"`{key.name}` is a date as YYYY-MM-DD, not `{item}`", item)
    return None


def _check_identities(documents: list[Document]) -> None:
    defined: dict[str, tuple[Document, Trail]] = {}
    for document in documents:
        for trail, node in nodes(document.content):
            identity = node["id"]
            if identity in defined and (trail or defined[identity][1] or identity != "review"):
                other, other_trail = defined[identity]
                where = f"{other.path.name}:{other.lines.get((*other_trail, 'id'), 1)}"
                raise document.error(
                    (*trail, "id"), f"id `{identity}` is already used at {where}; rename one", identity
                )
            defined[identity] = (document, trail)
    for document in documents:
        for trail, reference in references(document):
            if reference not in defined:
                near = difflib.get_close_matches(reference, list(defined), 1, 0.75)
                mend = f"did you mean `{near[0]}`?" if near else "add it or mend the reference"
                message = f"`{trail_key(trail)}` refers to `{reference}`, which no document defines; {mend}"
                raise document.error(trail, message)


def trail_key(trail: Trail) -> str:
    """The innermost key of a trail."""
    return next(str(step) for step in reversed(trail) if isinstance(step, str))


def references(document: Document) -> Iterator[tuple[Trail, str]]:
    """Every reference of a document to a node of the review, with its trail; absolute IRIs are no such references."""
    owned = set(ontology.frame()["owned"])
    for trail, node in nodes(document.content):
        for name, value in node.items():
            key = ontology.keys().get(name)
            if key is None or key.kind != "node" or name in owned:
                continue
            for i, item in enumerate(value if key.many else [value]):
                if not re.match(r"[a-z][a-z0-9+.-]*:", item):
                    yield ((*trail, name, i) if key.many else (*trail, name)), item
