"""What coders gave findings by the attributes that a codebook declares: columns of `codings/findings/<coder>.csv`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evigraph.data import code_words, judgements
from evigraph.data.documents import Document, base
from evigraph.data.vocabulary import is_shared
from evigraph.paths import Workspace

Values = frozenset[str]
"""The values of an attribute, codes by their ids and all else by its words; a state is its word."""


def violations(workspace: Workspace, documents: list[Document]) -> Iterator[tuple[str, str, str]]:
    """Where the consensus gives a finding values that none of its coders gave.

    Raises:
        DataError: a file of `codings/findings` isn't CSV in UTF-8 with a column `finding`.
    """
    given: dict[str, dict[str, list[str]]] = {}
    for _, _, _, (key,), fields in judgements.attributes_of_findings(workspace):
        for name, text in fields.items():
            given.setdefault(key, {}).setdefault(name, []).append(text)
    if not given:
        return
    codes = _codes(documents)
    for document in documents:
        for finding in document.content.get("findings", []):
            for name, texts in given.get(finding["id"].removeprefix("finding/"), {}).items():
                mine, every = _held(finding, name), [_coded(text, codes.get(name, {})) for text in texts]
                # What two gave may have been put together; nothing is what one of them gave, or none.
                if mine not in every and not (mine and mine.issubset(frozenset().union(*every))):
                    said = ", ".join(f"`{each or 'nothing'}`" for each in sorted(set(texts)))
                    told = "; ".join(sorted(each.rpartition("/")[2] for each in mine)) or "nothing"
                    message = f"{name} `{told}`, and the coders gave {said}; mend it, or a coding"
                    yield base(documents) + finding["id"], "characteristics", message


def _codes(documents: list[Document]) -> dict[str, dict[str, str]]:
    """The words that mean a code, by attribute."""
    shared = [each.content for each in documents if is_shared(each.name)]
    codes = [code for content in shared for code in content.get("attributeValues", [])]
    found = {}
    for content in shared:
        for rule in content.get("attributes", []):
            mine = [code for code in codes if code.get("inScheme") == rule.get("scheme")]
            found[str(rule.get("id", "")).removeprefix("attribute/")] = code_words.words(mine)
    return found


def _held(finding: dict[str, Any], name: str) -> Values:
    """The values of an attribute as the document has them."""
    return frozenset(
        str(each.get("concept") or code_words.word(each.get("text") or _number(each.get("value")) or each.get("state")))
        for each in finding.get("characteristics", [])
        if each.get("attribute") == name
    )


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else ""


def _coded(text: str, codes: dict[str, str]) -> Values:
    """The values of a cell."""
    words = (code_words.word(each) for each in text.split(";"))
    return frozenset(codes.get(each, each) for each in words if each)
