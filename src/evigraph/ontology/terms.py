"""The terms that the vocabulary declares, and the files of the `ontology` folder."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from evigraph.errors import UnknownTermError
from evigraph.paths import SHIPPED

NAMESPACE = "https://w3id.org/evigraph/ns#"
FOLDER = SHIPPED / "ontology"

_SUBJECT = re.compile(r"^evi:([A-Za-z][\w-]*)\s+a\s+([^;.]+)", re.MULTILINE)


def vocabularies() -> list[Path]:
    """The files of the ontology: its core, and the module for reviews that reproduce a printed one."""
    return [FOLDER / "evigraph.ttl", FOLDER / "paper.ttl"]


@cache
def _turtle() -> str:
    return "\n".join(path.read_text("utf-8") for path in vocabularies())


@cache
def declared() -> dict[str, str]:
    """Every declared term of the evigraph namespace: local name to the types it is declared with."""
    return dict(_SUBJECT.findall(_turtle()))


@cache
def superclasses(name: str) -> tuple[str, ...]:
    """The named classes above a class of documents, as JSON-LD names them: `Finding`, `skos:Concept`."""
    block = re.search(rf"^evi:{re.escape(name)}\s+a\s+owl:Class\b.*?\.$", _turtle(), re.MULTILINE | re.DOTALL)
    direct = re.findall(r"rdfs:subClassOf ([a-z]+:[A-Za-z]+) ;", block.group()) if block else []
    found: dict[str, None] = {}
    for each in direct:
        found[each.removeprefix("evi:")] = None
        if each.startswith("evi:"):
            found |= dict.fromkeys(superclasses(each.removeprefix("evi:")))
    return tuple(found)


@cache
def told_of(local: str, whole: bool = False) -> frozenset[str]:
    """The classes that a property's domain names, or with `whole` its range; none where it names none."""
    said = rf"rdfs:{'range' if whole else 'domain'} (evi:\w+|\[.*?\]) [;.]"
    found: set[str] = set()
    for block in re.findall(rf"^evi:{re.escape(local)}\s.*?\.$", _turtle(), re.MULTILINE | re.DOTALL):
        for classes in re.findall(said, block, re.DOTALL):
            found.update(re.findall(r"evi:(\w+)", classes))
    return frozenset(found)


def term(local: str) -> str:
    """The IRI of a declared term.

    Raises:
        UnknownTermError: the ontology doesn't declare it.
    """
    if local not in declared():
        raise UnknownTermError(f"evi:{local} is not declared in the ontology; declare it or mend the name", local)
    return NAMESPACE + local


def require_declared(text: str, where: str) -> None:
    """Check every `evi:` name and every IRI of our namespace in a text.

    Raises:
        UnknownTermError: naming `where` and the first term that the ontology lacks.
    """
    pattern = rf"(?<![\w:])evi:([A-Za-z][\w-]*)|{re.escape(NAMESPACE)}([A-Za-z][\w-]*)"
    for match in re.finditer(pattern, text):
        local = match.group(1) or match.group(2)
        if local not in declared():
            raise UnknownTermError(f"{where}: evi:{local} is not declared in the ontology", local)


def files() -> list[Path]:
    """Every file of the ontology folder: the vocabularies, the shapes, the context and the alignments."""
    return sorted(path for path in FOLDER.rglob("*") if path.is_file())


@cache
def fingerprint() -> str:
    """A SHA-256 of every file of the ontology folder: what a document means changes with any of them."""
    digest = hashlib.sha256()
    for path in files():
        content = path.read_bytes()
        digest.update(f"\0{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
