"""Several reasons for an exclusion in one cell: one is the main reason, and the others are a note beside it.

A report has one reason, so that the reasons of a box add up to it. A reason that the codebook has stays whole, whatever
stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from evigraph import data
from evigraph.data import Document
from evigraph.data.code_words import word, words
from evigraph.ingest import Batch, Decision

_MARK = re.compile(r"\s*[;|\n]\s*|\s*,\s*(?!\s)")
"""What may stand between two reasons."""
_SURE = re.compile(r"\s*[;|\n]\s*|,(?=[^\W\d])|(?<=\D),(?=\S)")
"""What stands between two reasons without a doubt: tools write `a,b`, and people who write a sentence `a, b`."""


def of_codebook(documents: Iterable[Document]) -> frozenset[str]:
    """Every word for a reason that the codebook has, as words are compared."""
    nodes = [node for each in documents if data.is_shared(each.name) for _, node in data.nodes(each.content)]
    attributes = [node for node in nodes if "decision" in node.get("appliesTo", ())]
    schemes = {each.get("scheme") or each["id"].replace("attribute/", "codebook/", 1) for each in attributes}
    return frozenset(words(node for node in nodes if schemes and node.get("inScheme") in schemes))


def parted(batches: Iterable[Batch], documents: Iterable[Document]) -> list[Batch]:
    """Batches whose decisions have one reason each.

    A comma parts two reasons where a tool writes it, without a blank, or where what stands before it is a reason by
    itself: of the codebook, or of another record of these files or of the review.
    """
    listed, held = list(batches), list(documents)
    if not any(_MARK.search(each.reason) for batch in listed for each in _decisions(batch)):
        return listed
    coded = of_codebook(held)
    said = [each.reason for batch in listed for each in _decisions(batch)]
    said += [row.get("basis", "") for each in held for hit in each.content.get("records", ()) for row in _rows(hit)]
    alone = {word(each) for each in said if each and not _MARK.search(each)}
    return [_batch(batch, coded, coded | alone) for batch in listed]


def main(text: str, coded: frozenset[str], known: frozenset[str] | set[str]) -> tuple[str, str]:
    """The main reason of a text, and the others as a note.

    >>> main("wrong toy,wrong year", frozenset(), set())
    ('wrong toy', 'Also: wrong year')
    >>> main("not in English, French or German", frozenset(), set())
    ('not in English, French or German', '')
    """
    parts: list[str] = []
    rest = text.strip()
    while rest:
        first, rest = _first(rest, coded, known)
        if first:
            parts.append(first)
    own = list({word(each): each for each in reversed(parts)}.values())[::-1]
    return (own[0], f"Also: {'; '.join(own[1:])}" if own[1:] else "") if own else (text, "")


def _first(text: str, coded: frozenset[str], known: frozenset[str] | set[str]) -> tuple[str, str]:
    """The first reason of a text, and what is left: the longest that the codebook has, else up to a sure mark."""
    marks = [*_MARK.finditer(text)]
    ends = [(len(text), len(text)), *((each.start(), each.end()) for each in reversed(marks))]
    for end, after in ends:
        if word(text[:end]) in coded:
            return text[:end].strip(), text[after:]
    for each in marks:
        if _SURE.match(text, each.start()) or word(text[: each.start()]) in known:
            return text[: each.start()].strip(), text[each.end() :]
    return text.strip(" ,;|\n"), ""


def _batch(batch: Batch, coded: frozenset[str], known: frozenset[str]) -> Batch:
    records = (
        replace(record, decisions=tuple(_one(each, coded, known) for each in record.decisions))
        for record in batch.records
    )
    return replace(batch, records=tuple(records))


def _one(decision: Decision, coded: frozenset[str], known: frozenset[str]) -> Decision:
    reason, note = main(decision.reason, coded, known) if decision.reason else ("", "")
    return replace(decision, reason=reason, note=note)


def _rows(record: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = record.get("decisions", [])
    return found


def _decisions(batch: Batch) -> Iterator[Decision]:
    yield from (each for record in batch.records for each in record.decisions)
