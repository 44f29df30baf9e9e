"""One document: what a file of the review holds, and its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from evigraph import ontology
from evigraph.data import short
from evigraph.errors import DataError, EvigraphError
from evigraph.files import cache

Trail = tuple[str | int, ...]
"""The keys and indexes that lead from a document's root to a value."""


@dataclass
class Document:
    """One file of the review.

    Attributes:
        path: the file. name: its path below the review's folder without the suffix, such as `studies/mah-2016`.
        content: the root mapping. lines: the line of each value, counted from 1, by its trail.
        digest: of the file's bytes, see `digest`; empty where the document comes from no file. named: the ids that it
        defines, and those that it refers to, where they are known already. meaning: of what the codebook makes of its
        values, see `forms`; empty where it has none in short form.
    """

    path: Path
    name: str
    content: dict[str, Any]
    lines: Mapping[Trail, int] = field(repr=False, default_factory=dict)
    digest: str = field(repr=False, default="", compare=False)
    named: tuple[list[str], list[str]] | None = field(repr=False, default=None, compare=False)
    meaning: str = field(repr=False, default="", compare=False)

    def error(self, trail: Trail, message: str, value: object = None) -> DataError:
        """An error at that value of this document."""
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return DataError(self.path, self.lines.get(trail, 1), message, value)


class LaterLines(Mapping[Trail, int]):
    """The line of each value, read from the file when somebody asks for the first one; no lines if it can't be."""

    def __init__(self, read: Callable[[], Mapping[Trail, int]]) -> None:
        """Remember how to read them."""
        self._read = read

    @cached_property
    def _lines(self) -> Mapping[Trail, int]:
        try:
            return self._read()
        except (EvigraphError, OSError):
            return {}

    def __getitem__(self, trail: Trail) -> int:
        """The line of that value."""
        return self._lines[trail]

    def __iter__(self) -> Iterator[Trail]:
        """Every trail."""
        return iter(self._lines)

    def __len__(self) -> int:
        """How many values have a line."""
        return len(self._lines)


def digest(path: Path, content: bytes) -> str:
    """A SHA-256 of what a document is made from: its format, its bytes, the vocabulary, and evigraph itself."""
    return cache.key("document", ontology.fingerprint(), path.suffix, content)


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
        if key == short.ANSWERS or key in short.BY_LANGUAGE:
            continue
        for i, item in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(item, dict):
                yield from nodes(item, (*trail, key, i) if isinstance(value, list) else (*trail, key))


def included(study: dict[str, Any]) -> bool:
    """Whether a study is included in the review: so stated, or inferred."""
    return (study.get("inclusion") or {}).get("state") in {"stated", "inferred"}
