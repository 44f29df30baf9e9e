"""What a file declares before it codes with it: attributes with trees of codes, and tools of appraisal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evigraph.coding import packs
from evigraph.coding.codebook import LAST, Book, slug
from evigraph.coding.packs import Pack
from evigraph.data.code_words import word
from evigraph.ingest import Code, Scheme, Tool

JUDGEMENTS = ("Low", "Unclear", "High")
"""What a tool that a file declares judges with, where the file has no judgement."""


def declare(book: Book, schemes: Iterable[Scheme], origin: str) -> dict[str, str]:
    """The id of each code that a file declares, by its key there; those that the codebook lacks are added to it.

    A code that the codebook has by its label stays as it is, and one that another has replaced means that other. Each
    new one is a document, whose text doesn't depend on what else the review has, so that two branches can add the same.
    """
    made: dict[str, str] = {}
    for scheme in schemes:
        new: list[dict[str, Any]] = []
        taken = {each["id"] for each in book.codes("attributeValues")}
        codebook = f"codebook/{scheme.attribute}"
        for place, code in enumerate(scheme.codes, 1):
            known = book.attribute_value(scheme.attribute, code.label)
            if known is None:
                known = _free(f"value/{scheme.attribute}/{slug(code.label)[:60].strip('-') or 'code'}", taken)
                taken.add(known)
                new.append(_record(known, code, made.get(code.broader, ""), codebook, LAST + place, origin))
            made[code.key] = known
        book.add_records({"codebooks": [_codebook(scheme)], "attributeValues": new}, _document)
    return made


def _document(record: dict[str, Any]) -> str:
    """The document of a code, or of a codebook: `codes/place--kenya` and `codes/place`."""
    parts = record["id"].split("/", 1)[1].split("/")
    return f"codes/{'--'.join(parts)}"


def _record(identity: str, code: Code, broader: str, codebook: str, position: int, origin: str) -> dict[str, Any]:
    definition = code.definition or f"Taken from {origin}; say here what it means."
    made: dict[str, Any] = {"id": identity, "type": "AttributeValue", "label": code.label, "definition": definition}
    made |= {"broader": broader} if broader else {}
    made |= {} if code.selectable else {"selectable": "false"}
    made |= {"closeMatch": [code.same_as]} if code.same_as else {}
    return {**made, "position": position, "inScheme": codebook}


def _codebook(scheme: Scheme) -> dict[str, Any]:
    made = {"id": f"codebook/{scheme.attribute}", "type": "Codebook", "label": scheme.label}
    told = {"definition": scheme.definition, "note": scheme.note}
    return {**made, **{key: text for key, text in told.items() if text}}


def _free(identity: str, taken: set[str]) -> str:
    numbered = (f"{identity}-{n}" for n in range(2, len(taken) + 3))
    return next(each for each in (identity, *numbered) if each not in taken)


def judge(book: Book, tools: Iterable[Tool], origin: str) -> list[str]:
    """Add to the codebook what it lacks of the tools that a file judges with; what was added, to be told."""
    added = []
    for tool in tools:
        pack = _pack(tool, origin)
        if book.add_records(packs.records(pack), packs.document(pack)):
            added.append(f"{pack.label}: added to the codebook, since {origin} judges with it")
    return added


def _pack(tool: Tool, origin: str) -> Pack:
    if not tool.domains:
        return packs.named(tool.key)
    said = f"Taken from {origin}; say here what it means."
    words = {word(each): each for each in reversed(tool.words or JUDGEMENTS)}
    scale = [{"key": slug(each) or f"judgement-{n}", "label": each, "definition": said} for n, each in _numbered(words)]
    domains = [{"key": key, "label": label, "scale": "judgement", "definition": said} for key, label in tool.domains]
    return Pack(tool.key, tool.label, said, "", "", "study", {"judgement": scale}, domains)


def _numbered(words: dict[str, str]) -> list[tuple[int, str]]:
    return list(enumerate(reversed(words.values()), 1))
