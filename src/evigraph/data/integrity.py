"""Documents held to the vocabulary, and to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from evigraph import ontology
from evigraph.data import short
from evigraph.data.documents import Document, Trail, nodes
from evigraph.data.values import number_mend
from evigraph.errors import DataError

FEW = 8
"""As many allowed words as fit into a line of an error."""
RENAMED = {
    "direction": "say `effect` for which way an outcome goes and a stance under `answers` for what is said to the "
    "question; `evigraph migrate` does it",
}
"""Keys of earlier versions, each with what to write now."""
RETIRED = ("MasteryFinding", "MotivationFinding")
"""Types of version 0.1 that were rows of one review's tables: today a Finding with values of attributes."""


def check(documents: list[Document], new: list[Document]) -> None:
    """Hold documents to the vocabulary and each other; only the new ones to the vocabulary.

    Raises:
        DataError: the first fault found, with file, line, key and mend.
    """
    check_alone(new)
    _check_identities(documents)


def check_alone(documents: list[Document]) -> None:
    """Hold documents to the vocabulary.

    Raises:
        DataError: the first fault found, with file, line, key and mend.
    """
    for document in documents:
        _check_mapping(document, document.content, ())


def _check_mapping(document: Document, mapping: dict[str, Any], trail: Trail) -> None:
    for key in ("id", "type"):
        if not isinstance(mapping.get(key), str):
            raise document.error(trail, f"`{key}` is missing here; give every record an `id` and a `type`", key)
    if mapping["type"] in RETIRED:
        mend = "make it a Finding, its cells its `characteristics`; `evigraph migrate` does it"
        raise document.error((*trail, "type"), f"`{mapping['type']}` is no type of a document: {mend}", mapping["type"])
    _check_name(document, (*trail, "type"), mapping["type"], ontology.class_names(), "type")
    if not re.fullmatch(r"[^\s<>\"{}|\\^`:]+", mapping["id"]):
        raise document.error((*trail, "id"), f"id `{mapping['id']}` can't be part of an IRI; use a-z, 0-9, - and /")
    known = ontology.keys()
    for name, value in mapping.items():
        if name in {"id", "type"}:
            continue
        if name in RENAMED or name in short.DERIVED:
            mend = RENAMED.get(name, "it follows from the rest; leave it out")
            raise document.error((*trail, name), f"`{name}` is no key of a document: {mend}", name)
        if (entry := known.get(name)) is None:
            raise _unknown(document, (*trail, name), name, set(known), "key")
        _check_value(document, entry, value, (*trail, name))


def _check_answers(document: Document, answers: dict[str, Any], trail: Trail) -> None:
    """What a mapping of answers says to each question."""
    for question, value in answers.items():
        at = (*trail, question)
        found = value if isinstance(value, dict) else {"stance": value}
        for name, text in found.items():
            if name not in short.SAID:
                raise _unknown(document, (*at, name), name, set(short.SAID), "key of an answer")
            _check_item(document, ontology.keys()[name], text, (*at, name) if found is value else at)


def _check_name(document: Document, trail: Trail, value: str, allowed: set[str], what: str) -> None:
    if value not in allowed:
        raise _unknown(document, trail, value, allowed, what)


def _unknown(document: Document, trail: Trail, value: str, allowed: set[str], what: str) -> DataError:
    import difflib  # only a fault needs it

    near = difflib.get_close_matches(value, sorted(allowed), 1)
    few = len(allowed) <= FEW
    told = f"it is one of {', '.join(sorted(allowed))}" if few else f"see docs/documents.md for the {what}s there are"
    mend = f"did you mean `{near[0]}`?" if near else told
    return document.error(trail, f"unknown {what} `{value}`; {mend}", value)


def _check_value(document: Document, key: ontology.Key, value: Any, trail: Trail) -> None:
    if key.name == short.ANSWERS and isinstance(value, dict):
        return _check_answers(document, value, trail)
    if key.kind == "languages":  # the reader made it, and holds it to its form
        return None
    if key.many:
        if not isinstance(value, list):
            mend = "write `question/…: supports`, or another stance" if key.name == short.ANSWERS else ""
            mend = mend or "write `- ` before each item"
            raise document.error(trail, f"`{key.name}` is a list; {mend}", value)
        for i, item in enumerate(value):
            _check_item(document, key, item, (*trail, i))
    else:
        _check_item(document, key, value, trail)
    return None


def _check_item(document: Document, key: ontology.Key, item: Any, trail: Trail) -> None:
    owned = key.name in ontology.frame()["owned"]
    if owned and isinstance(item, dict):
        return _check_mapping(document, item, trail)
    if owned:
        raise document.error(trail, f"`{key.name}` holds a record with its own keys, not `{item}`", item)
    wanted: dict[str, tuple[type, ...]] = {"integer": (int,), "decimal": (int, float)}
    if not isinstance(item, wanted.get(key.kind, (str,))):
        raise document.error(trail, _other_kind(key, item), item)
    if key.kind == "code":
        _check_name(document, trail, str(item), set(ontology.codes(key.name)), f"code of `{key.name}`")
    if key.name in ontology.frame()["words"]:
        _check_name(document, trail, str(item), set(ontology.frame()["words"][key.name]), f"word of `{key.name}`")
    if key.kind == "boolean" and item not in ("true", "false"):
        raise document.error(trail, f"`{key.name}` is true or false, not `{item}`", item)
    if key.kind == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", str(item)):
        raise document.error(trail, f"`{key.name}` is a date as YYYY-MM-DD, not `{item}`", item)
    return None


def _other_kind(key: ontology.Key, item: Any) -> str:
    """What to write instead of an item that isn't what its key takes."""
    if item is None:
        return f"`{key.name}` is empty; fill it in, or leave the line out"
    if isinstance(item, list):
        return f"`{key.name}` takes one value, not a list; keep one"
    noun = {"integer": "a whole number", "decimal": "a number"}.get(key.kind, "text (quote it)")
    if isinstance(item, dict):
        return f"`{key.name}` is {noun}, not a mapping"
    mend = number_mend(item) if key.kind in ("integer", "decimal") else ""
    return f"`{key.name}` is {noun}, not `{item}`{mend and '; ' + mend}"


def named(document: Document) -> tuple[list[str], list[str]]:
    """The ids that a document defines, and those that it refers to."""
    return [node["id"] for _, node in nodes(document.content)], [each for _, each in references(document)]


def _whole(documents: list[Document]) -> bool:
    """Whether every id is plainly used once and every reference defined; if not, a closer look tells."""
    lists = [document.named or named(document) for document in documents]
    ids = [identity for defined, _ in lists for identity in defined if identity != "review"]
    reviews = sum("review" in defined[1:] for defined, _ in lists)  # only roots may share this id
    known = {*ids, *(defined[0] for defined, _ in lists)}
    once = len(set(ids)) == len(ids) and not reviews
    return once and all(known.issuperset(referred) for _, referred in lists)


def _check_identities(documents: list[Document]) -> None:
    if _whole(documents):
        return
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
                import difflib  # only a fault needs it

                near = _called(documents, reference) or difflib.get_close_matches(reference, list(defined), 1, 0.75)
                mend = f"did you mean `{near[0]}`?" if near else "add it or mend the reference"
                if not near and re.search(r"\s", reference):
                    mend = "write the id of a record, or an IRI such as https://…"
                key = short.ANSWERS if short.ANSWERS in trail else trail_key(trail)
                message = f"`{key}` refers to `{reference}`, which no document defines; {mend}"
                raise document.error(trail, message)


def _called(documents: list[Document], name: str) -> list[str]:
    """The id of the one record that has a name as its label, its notation or the end of its id, if there is one."""
    plain = name.casefold()
    found = [
        str(node["id"])
        for document in documents
        for _, node in nodes(document.content)
        if plain in (str(node.get(key, "")).casefold() for key in ("label", "notation"))
        or str(node["id"]).rpartition("/")[2].casefold() == plain
    ]
    return found if len(found) == 1 else []


def trail_key(trail: Trail) -> str:
    """The innermost key of a trail."""
    return next(str(step) for step in reversed(trail) if isinstance(step, str))


def references(document: Document) -> Iterator[tuple[Trail, str]]:
    """Every reference of a document to a node of the review, with its trail; absolute IRIs are no such references."""
    owned = set(ontology.frame()["owned"])
    for trail, node in nodes(document.content):
        for name, value in node.items():
            key = ontology.keys().get(name)
            if name == short.ANSWERS:
                yield from (((*trail, name, at), question) for at, question in short.questions(value))
                continue
            if key is None or key.kind != "node" or name in owned:
                continue
            for i, item in enumerate(value if key.many else [value]):
                if not re.match(r"[a-z][a-z0-9+.-]*:", item):
                    yield ((*trail, name, i) if key.many else (*trail, name)), item
